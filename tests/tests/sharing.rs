//! Data is passed on, not copied: what no state changes stays where it is in memory, however many states, branches and iterations
//! it goes through.

use asl_runtime::{InMemory, Object, Value, VirtualClock, asl_machine};

asl_machine!("by_hand/hundred_passes.asl.json");
asl_machine!("by_hand/fan_out.asl.json");

/// So many that the output would be larger than an execution may hold, if its parts were not shared.
const ITEMS: usize = 10_000;

/// Two megabytes in many small pieces.
fn document() -> Value {
    let rows = (0..20_000_i64).map(|number| {
        let fields = [("number", Value::from(number)), ("text", Value::from(format!("{number:0>80}")))];
        Value::from(fields.into_iter().collect::<Object>())
    });
    [("rows", rows.collect::<Vec<_>>())].into_iter().collect::<Object>().into()
}

/// Where the rows of a document are.
fn place(document: &Value) -> Option<*const Value> {
    Some(document.get("rows")?.as_array()?.as_ptr())
}

#[tokio::test]
async fn a_hundred_states_copy_nothing() {
    let (host, document) = (InMemory::with_clock(VirtualClock::default()), document());
    assert!(document.to_string().len() > 2_000_000);
    let output = hundred_passes::run(&host, document.clone()).await.unwrap();
    assert_eq!(output.get("step"), Some(&99.into()));
    assert_eq!(document.get("step"), None, "the input is as it was");
    assert!(place(&output).is_some());
    assert_eq!(place(&output), place(&document));
}

#[tokio::test]
async fn branches_and_iterations_share_one_document() {
    let (host, document) = (InMemory::with_clock(VirtualClock::default()), document());
    let items = Value::from(vec![Value::Null; ITEMS]);
    let input: Object = [("document", document.clone()), ("items", items)].into_iter().collect();
    let output = fan_out::run(&host, input).await.unwrap();
    let outputs = output.as_array().unwrap();
    assert_eq!(outputs.len(), ITEMS);
    for output in outputs.iter() {
        assert_eq!(output.get("marked"), Some(&true.into()));
        assert_eq!(output.get("document").and_then(place), place(&document));
    }
}
