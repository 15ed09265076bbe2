//! Distributed Maps from their items to their results.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing has failed")]

use asl_runtime::{
    Event, EventDetails, ExecutionContext, InMemory, MapRunProgress, ObjectLocation, ObjectStore, Objects,
    Observer, Recorded, TaskError, Value, VirtualClock, asl_machine,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

asl_machine!("map_run/rows.asl.json");
asl_machine!("map_run/orders.asl.json");
asl_machine!("map_run/batches.asl.json");
asl_machine!("map_run/export.asl.json");
asl_machine!("map_run/compact.asl.json");
asl_machine!("map_run/list.asl.json");
asl_machine!("map_run/inventory.asl.json");
asl_machine!("map_run/athena.asl.json");
asl_machine!("map_run/nested.asl.json");
asl_machine!("map_run/express.asl.json");
#[cfg(feature = "parquet")]
asl_machine!("map_run/columns.asl.json");

const SHIP: &str = "arn:aws:lambda:us-east-1:123456789012:function:ship";

fn json(text: &str) -> Value {
    Value::from_json(text).unwrap()
}

/// A host on its own clock, with a store in which these objects are.
fn host(objects: &[(&str, &str, &str)]) -> (InMemory, Objects) {
    let store = Objects::new();
    for (bucket, key, text) in objects {
        store.insert(*bucket, *key, *text);
    }
    store.create_bucket("results");
    (InMemory::with_clock(VirtualClock::default()).object_store(store.clone()).seed(1), store)
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

const ROWS: &str = "id,name\n1,\"a, b\"\n2\n";

#[tokio::test]
async fn each_row_is_an_execution_and_the_result_is_the_array_of_outputs() {
    let (host, _) = host(&[("data", "in/rows.csv", ROWS)]);
    let output = rows::run(&host, json(r#"{"key":"in/rows.csv","most":0}"#)).await.unwrap();
    let expected = r#"[
        {"item":{"row":{"id":"1","name":"a, b"},"number":0,"source":"S3://data/in/rows.csv","key":"in/rows.csv"},"machine":"rows/Rows"},
        {"item":{"row":{"id":"2","name":""},"number":1,"source":"S3://data/in/rows.csv","key":"in/rows.csv"},"machine":"rows/Rows"}
    ]"#;
    assert_eq!(output, json(expected));
}

#[tokio::test]
async fn no_more_items_are_read_than_max_items_says() {
    let (host, _) = host(&[("data", "rows.csv", ROWS)]);
    let output = rows::run(&host, json(r#"{"key":"rows.csv","most":"1"}"#)).await.unwrap();
    assert_eq!(output.as_array().map(|items| items.len()), Some(1));
}

#[tokio::test]
async fn items_that_cannot_be_read_are_an_error_that_can_be_caught() {
    let (host, _) = host(&[("data", "twice.csv", "a,a\n1,2\n")]);
    let refused = |cause: &str| json(&format!(r#"{{"Error":"States.ItemReaderFailed","Cause":"{cause}"}}"#));
    let output = rows::run(&host, json(r#"{"key":"twice.csv","most":0}"#)).await.unwrap();
    assert_eq!(output, refused("CSV headers cannot contain duplicates."));
    let output = rows::run(&host, json(r#"{"key":"twice.csv","most":-1}"#)).await.unwrap();
    assert_eq!(output, refused("field MaxItems must be positive"));
    let output = rows::run(&host, json(r#"{"key":"none.csv","most":0}"#)).await.unwrap();
    assert_eq!(output, refused("The specified key does not exist: s3://data/none.csv (NoSuchKey)"));
}

/// The events of the only execution that a label does not name, each with its number and the one that led to it.
fn parent_events<H: asl_runtime::Host>(host: &Recorded<H>) -> Vec<String> {
    let executions = host.history().executions();
    let is_parent = |events: &[Event]| {
        events.iter().any(|event| {
            matches!(
                event.details,
                EventDetails::StateEntered { state_type: asl_runtime::StateType::Map, .. }
            )
        })
    };
    let mut events = executions
        .iter()
        .map(|execution| host.history().events(execution))
        .filter(|events| is_parent(events));
    let events = events.next().unwrap();
    events
        .iter()
        .map(|event| {
            let json = event.to_json();
            format!(
                "{} {} {}",
                event.id,
                event.previous_event_id,
                json.get("type").and_then(Value::as_str).unwrap()
            )
        })
        .collect()
}

#[tokio::test]
async fn the_history_has_the_map_run_and_each_child_its_own() {
    let (host, _) = host(&[("data", "rows.csv", ROWS)]);
    let host = Recorded::new(host);
    rows::run(&host, json(r#"{"key":"rows.csv","most":0}"#)).await.unwrap();
    assert_eq!(host.history().executions().len(), 3);
    let expected = [
        "1 0 ExecutionStarted",
        "2 0 MapStateEntered",
        "3 2 MapStateStarted",
        "4 3 MapRunStarted",
        "5 4 MapRunSucceeded",
        "6 5 MapStateSucceeded",
        "7 4 MapStateExited",
        "8 7 ExecutionSucceeded",
    ];
    assert_eq!(parent_events(&host), expected);
}

#[tokio::test]
async fn a_path_that_fails_fails_after_the_map_has_started_and_is_fatal() {
    let (host, _) = host(&[("data", "rows.csv", ROWS)]);
    let host = Recorded::new(host);
    let error = rows::run(&host, json(r#"{"key":"rows.csv","most":1.5}"#)).await.unwrap_err();
    let cause = "An error occurred while executing the state 'EachRow' (entered at the event id #2). The MaxItemsPath field refers to \
                 value \"1.5\" which is not a valid integer: $.most";
    assert_eq!((error.error(), error.cause()), (Some("States.Runtime"), Some(cause)));
    let expected =
        ["1 0 ExecutionStarted", "2 0 MapStateEntered", "3 2 MapStateStarted", "4 3 ExecutionFailed"];
    assert_eq!(parent_events(&host), expected);
}

#[tokio::test]
async fn a_map_run_that_fails_is_told_before_the_state() {
    let (host, _) = host(&[("data", "rows.csv", "a,a\n")]);
    let host = Recorded::new(host);
    rows::run(&host, json(r#"{"key":"rows.csv","most":0}"#)).await.unwrap();
    let events = parent_events(&host);
    assert_eq!(events[4..7], ["5 4 MapRunFailed", "6 5 MapStateFailed", "7 6 MapStateExited"]);
}

/// A host that ships orders, but not those that are negative, and the largest number of them that was under way at once. Shipping takes a
/// second of a clock that moves on only when all that may begin has begun.
fn shipping() -> (InMemory, Arc<AtomicUsize>) {
    let clock = VirtualClock::default();
    let host = InMemory::with_clock(clock.clone());
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let seen = most.clone();
    let ship = move |order: Value| {
        let (running, most, clock) = (running.clone(), most.clone(), clock.clone());
        async move {
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            clock.sleep(Duration::from_secs(1)).await;
            running.fetch_sub(1, Ordering::SeqCst);
            if order.as_i64().is_some_and(|number| number < 0) {
                Err(TaskError::named("Lost"))
            } else {
                Ok(order)
            }
        }
    };
    (host.resource(SHIP, ship), seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_many_run_at_once_as_allowed_and_results_keep_the_order_of_the_items() {
    let (host, most) = shipping();
    let numbers: Vec<Value> = (0..50).map(Value::from).collect();
    let input: Value =
        asl_runtime::Object::from_iter([("orders", Value::from(numbers.clone())), ("tolerated", 0.into())])
            .into();
    assert_eq!(orders::run(&host, input).await.unwrap(), Value::from(numbers));
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn failures_are_tolerated_up_to_the_count_and_have_no_result() {
    let (host, _) = shipping();
    let output = orders::run(&host, json(r#"{"orders":[1,-2,3,-4,5],"tolerated":"2"}"#)).await.unwrap();
    assert_eq!(output, json("[1,3,5]"));
    let output = orders::run(&host, json(r#"{"orders":[1,-2,3,-4,5],"tolerated":1}"#)).await.unwrap();
    let cause = "The specified tolerated failure threshold was exceeded";
    assert_eq!(
        output,
        json(&format!(r#"{{"Error":"States.ExceedToleratedFailureThreshold","Cause":"{cause}"}}"#))
    );
}

#[tokio::test]
async fn other_executions_are_stopped_when_too_many_have_failed() {
    let host = InMemory::new().resource(SHIP, |order: Value| async move {
        match order.as_i64() {
            Some(0) => Err(TaskError::named("Lost")),
            _ => std::future::pending::<Result<Value, TaskError>>().await,
        }
    });
    let host = Recorded::new(host);
    orders::run(&host, json(r#"{"orders":[1,2,0,3,4],"tolerated":0}"#)).await.unwrap();
    let history = host.history();
    let ends: Vec<_> = history
        .executions()
        .iter()
        .filter_map(|name| history.events(name).pop())
        .map(|event| event.details)
        .collect();
    assert_eq!(ends.iter().filter(|end| matches!(end, EventDetails::ExecutionAborted { .. })).count(), 2);
    assert_eq!(ends.len(), 4, "two orders were not begun");
}

#[tokio::test]
async fn stopping_the_execution_stops_its_children() {
    let (host, begun) = (InMemory::new(), Arc::new(AtomicUsize::new(0)));
    let count = begun.clone();
    let host = Recorded::new(host.resource(SHIP, move |_: Value| {
        count.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<Result<Value, TaskError>>()
    }));
    let mut execution = orders::start(&host, json(r#"{"orders":[1,2,3,4],"tolerated":0}"#));
    while begun.load(Ordering::SeqCst) < 3 {
        tokio::task::yield_now().await;
    }
    execution.stop(Some("Enough"), None);
    assert_eq!(execution.await.unwrap_err().error(), Some("Enough"));
    let history = host.history();
    let aborted = || {
        let last = history.executions().into_iter().filter_map(|name| history.events(&name).pop());
        last.filter(|event| matches!(event.details, EventDetails::ExecutionAborted { .. })).count()
    };
    while aborted() < 4 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_panic_in_a_child_is_its_failure() {
    let host = InMemory::new().resource(SHIP, |order: Value| async move {
        assert!(order != Value::from(2), "no such order");
        Ok(order)
    });
    let output = orders::run(&host, json(r#"{"orders":[1,2,3],"tolerated":1}"#)).await.unwrap();
    assert_eq!(output, json("[1,3]"));
}

#[tokio::test]
async fn an_express_execution_ends_after_five_minutes() {
    let (host, _) = host(&[]);
    let output = express::run(&host, json("[299,301]")).await.unwrap();
    let field = |index: usize, field: &str| {
        output.at(index).unwrap().get(field).and_then(Value::as_str).map(str::to_owned)
    };
    assert_eq!(
        (field(0, "Status").as_deref(), field(0, "Output").as_deref()),
        (Some("SUCCEEDED"), Some("299"))
    );
    assert_eq!((field(1, "Status").as_deref(), field(1, "Output")), (Some("TIMED_OUT"), None));
    assert_eq!(field(1, "StopDate").as_deref(), Some("2024-01-01T00:05:00.000Z"));
}

#[tokio::test]
async fn an_object_has_its_fields_as_items() {
    let (host, _) = shipping();
    let output = orders::run(&host, json(r#"{"orders":{"a":1,"b":[2]},"tolerated":0}"#)).await.unwrap();
    assert_eq!(output, json(r#"[{"Key":"a","Value":1},{"Key":"b","Value":[2]}]"#));
}

#[tokio::test]
async fn nothing_to_do_is_done_at_once_and_other_items_are_refused() {
    let (host, _) = shipping();
    assert_eq!(orders::run(&host, json(r#"{"orders":[],"tolerated":0}"#)).await.unwrap(), json("[]"));
    let error = orders::run(&host, json(r#"{"orders":7,"tolerated":0}"#)).await.unwrap_err();
    assert!(error.cause().unwrap().ends_with("Reference path \"$.orders\" must point to array."), "{error}");
}

#[tokio::test]
async fn batches_wait_together_and_a_clock_of_its_own_takes_no_time() {
    let (host, _) = host(&[]);
    let output = batches::run(&host, json(r#"{"name":"x","items":[1,2,3]}"#)).await.unwrap();
    let expected = r#"[
        {"BatchInput":{"for":"x"},"Items":[{"value":1},{"value":2}]},
        {"BatchInput":{"for":"x"},"Items":[{"value":3}]}
    ]"#;
    assert_eq!(output, json(expected));
}

#[tokio::test]
async fn results_are_written_with_a_manifest() {
    let (host, store) = host(&[]);
    store.insert("data", "rows.json.gz", gzip(r#"{"other":[9],"data":{"rows":[{"n":1},{"n":2},{"n":3}]}}"#));
    let output = export::run(&host, json(r#"{"prefix":"jobs/1"}"#)).await.unwrap();
    let arn = output.get("MapRunArn").and_then(Value::as_str).unwrap();
    let (prefix, id) = arn.rsplit_once(':').unwrap();
    assert_eq!(prefix, "arn:aws:states:local:000000000000:mapRun:export/Export");
    let details = format!(r#"{{"Bucket":"results","Key":"jobs/1/{id}/manifest.json"}}"#);
    assert_eq!(output.get("ResultWriterDetails"), Some(&json(&details)));
    let read = |name: &str| {
        json(&String::from_utf8(store.get("results", &format!("jobs/1/{id}/{name}")).unwrap()).unwrap())
    };
    let manifest = read("manifest.json");
    assert_eq!(manifest.get("DestinationBucket"), Some(&"results".into()));
    assert_eq!(manifest.get("ResultFiles").and_then(|files| files.get("PENDING")), Some(&json("[]")));
    let succeeded = read("SUCCEEDED_0.json");
    assert_eq!(succeeded.as_array().map(|records| records.len()), Some(2));
    let first = succeeded.at(0).unwrap();
    assert_eq!((first.get("Input"), first.get("Output")), (Some(&r#"{"n":1}"#.into()), Some(&"1".into())));
    assert_eq!(
        first.get("StateMachineArn"),
        Some(&"arn:aws:states:local:000000000000:stateMachine:export/Export".into())
    );
    let failed = read("FAILED_0.json");
    let failed = failed.at(0).unwrap();
    let fields = ["Error", "Cause", "Status", "Input"]
        .map(|field| failed.get(field).and_then(Value::as_str).unwrap().to_owned());
    assert_eq!(fields, ["Even", "two is even", "FAILED", r#"{"n":2}"#]);
}

#[tokio::test]
async fn results_that_cannot_be_written_are_an_error() {
    let store = Objects::new();
    store.insert("data", "rows.json.gz", r#"{"data":{"rows":[{"n":1}]}}"#);
    let host = InMemory::new().object_store(store);
    let error = export::run(&host, json(r#"{"prefix":"x"}"#)).await.unwrap_err();
    assert_eq!(error.error(), Some("States.ResultWriterFailed"));
    assert_eq!(error.cause(), Some("The specified bucket does not exist: results (NoSuchBucket)"));
}

#[tokio::test]
async fn listed_objects_are_opened_and_results_are_flattened() {
    let objects = [
        ("data", "in/1.jsonl", "[1,2]\n{\"a\":3}\n"),
        ("data", "in/2.jsonl", "4"),
        ("data", "out/3.jsonl", "5"),
    ];
    let (host, store) = host(&objects);
    let output = compact::run(&host, ()).await.unwrap();
    let key = output
        .get("ResultWriterDetails")
        .and_then(|details| details.get("Key"))
        .and_then(Value::as_str)
        .unwrap();
    let file = store.get("results", &key.replace("manifest.json", "SUCCEEDED_0.jsonl")).unwrap();
    let mut lines: Vec<_> = std::str::from_utf8(&file).unwrap().lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["1", "2", "4", r#"{"a":3}"#]);
}

#[tokio::test]
async fn listed_objects_are_items_page_by_page() {
    let (host, store) = host(&[]);
    for number in 0..1500 {
        store.insert("many", format!("{number:04}"), "12");
    }
    let output = list::run(&host, json(r#"{"bucket":"many"}"#)).await.unwrap();
    assert_eq!(output.as_array().map(|items| items.len()), Some(1500));
    let expected = r#"{"object":{"Etag":"\"c20ad4d76fe97759aa27a0c99bff6710\"","LastModified":0.0,"Key":"1499","Size":2,
        "StorageClass":"STANDARD"},"source":"S3://many"}"#;
    assert_eq!(output.at(1499), Some(&json(expected)));
}

#[tokio::test]
async fn rows_of_an_inventory_are_items() {
    let manifest = r#"{"sourceBucket":"data","destinationBucket":"arn:aws:s3:::lists","fileFormat":"CSV","fileSchema":"Bucket, Key",
        "files":[{"key":"1.csv.gz"},{"key":"2.csv"}]}"#;
    let (host, store) = host(&[("lists", "manifest.json", manifest), ("lists", "2.csv", "\"data\",\"c\"\n")]);
    store.insert("lists", "1.csv.gz", gzip("\"data\",\"a\"\n\"data\",\"b\"\n"));
    let output = inventory::run(&host, ()).await.unwrap();
    assert_eq!(
        output,
        json(r#"[{"Bucket":"data","Key":"a"},{"Bucket":"data","Key":"b"},{"Bucket":"data","Key":"c"}]"#)
    );
}

#[tokio::test]
async fn objects_that_an_athena_manifest_names_are_opened() {
    let manifest = "s3://out/a.csv\ns3://out/b.csv\n";
    let (host, _) = host(&[
        ("lists", "q-manifest.csv", manifest),
        ("out", "a.csv", "1|x\n2|y\n"),
        ("out", "b.csv", "3|z\n"),
    ]);
    assert_eq!(athena::run(&host, ()).await.unwrap(), json(r#"[{"id":"1"},{"id":"2"},{"id":"3"}]"#));
}

#[tokio::test]
async fn a_map_in_a_map_belongs_to_the_same_machine() {
    let (host, _) = host(&[]);
    let output = nested::run(&host, json(r#"[{"a":1,"b":2}]"#)).await.unwrap();
    let machine = "arn:aws:states:local:000000000000:stateMachine:nested/In";
    let expected = format!(
        r#"[[{{"in":{{"value":1,"key":"a"}},"machine":"{machine}"}},{{"in":{{"value":2,"key":"b"}},"machine":"{machine}"}}]]"#
    );
    assert_eq!(output, json(&expected));
}

/// Keeps what it hears about Map Runs.
#[derive(Clone, Default)]
struct Watcher(Arc<Mutex<Vec<MapRunProgress>>>);

impl Observer for Watcher {
    fn event(&self, _execution: &ExecutionContext, _event: &Event) {}

    fn map_run(&self, _execution: &ExecutionContext, progress: &MapRunProgress) {
        self.0.lock().unwrap().push(progress.clone());
    }
}

#[tokio::test]
async fn progress_is_told() {
    let watcher = Watcher::default();
    let (host, _) = host(&[]);
    let host = Recorded::new(host.observe(watcher.clone()));
    batches::start(&host, json(r#"{"name":"x","items":[1,2,3]}"#)).await.unwrap();
    let told = watcher.0.lock().unwrap();
    let last = told.last().unwrap();
    assert_eq!(
        (last.items.succeeded, last.items.total(), last.executions.succeeded, last.all_read),
        (3, 3, 2, true)
    );
    assert!(told.iter().any(|progress| progress.items.running == 3 && progress.executions.running == 2));
}

#[tokio::test]
async fn a_folder_stands_for_a_bucket() {
    let folder = std::env::temp_dir().join(format!("asl-bucket-{}", std::process::id()));
    let host = InMemory::new().bucket("data", &folder);
    let store = asl_runtime::Folders::new().bucket("data", &folder);
    for key in ["b/1.txt", "b-1.txt", "b.txt", "a.txt", "c/d/e.txt"] {
        store.put(&ObjectLocation::new("data", key), key.as_bytes().to_vec()).await.unwrap();
    }
    for key in ["../x", "/etc/passwd", "a/../../x", "", "b/"] {
        let outside = store.open(&ObjectLocation::new("data", key)).await.err().unwrap();
        assert_eq!(outside.code(), "NoSuchKey", "{key}");
    }
    let output = list::run(&host, json(r#"{"bucket":"data"}"#)).await.unwrap();
    let keys = output
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item.get("object").unwrap().get("Key").unwrap().to_string());
    assert_eq!(
        keys.collect::<Vec<_>>(),
        [r#""a.txt""#, r#""b-1.txt""#, r#""b.txt""#, r#""b/1.txt""#, r#""c/d/e.txt""#]
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[cfg(feature = "parquet")]
#[tokio::test]
async fn rows_of_a_parquet_file_are_items_up_to_max_items() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/map_run/parquet");
    let host = InMemory::with_clock(VirtualClock::default()).bucket("data", folder);
    let items = std::fs::read_to_string(format!("{folder}/many.jsonl")).unwrap();
    let expected: Vec<Value> = items.lines().take(250).map(json).collect();
    let output = columns::run(&host, json(r#"{"key":"many_row_groups.parquet","most":250}"#)).await.unwrap();
    assert_eq!(output, expected.into());
    let error = columns::run(&host, json(r#"{"key":"make.py","most":1}"#)).await.unwrap_err();
    assert_eq!(error.error(), Some("States.ItemReaderFailed"));
    assert_eq!(error.cause(), Some("The file is not a Parquet file: it does not end with `PAR1`."));
}
