use super::toy::{Dice, Toy};
use super::world::start;
use crate::execution::{ChildEnd, EffectId, Execution, Items, Outcome, Want};
use crate::map_run::item::Item;
use crate::turn::Pace;
use asl_language::limits::RUNNING_WEIGHT;
use asl_value::Value;

/// The numbers of the children that start, and the effect of the Map Run.
fn children(execution: &mut Execution) -> (Vec<u64>, Option<EffectId>) {
    let now = execution.now;
    while execution.run(now, &Pace::Endless).is_more() {}
    let (mut started, mut reads) = (Vec::new(), None);
    for want in execution.wants() {
        match want {
            Want::Child(child) => started.push(child.index),
            Want::Read { effect } => reads = Some(effect),
            _ => {}
        }
    }
    (started, reads)
}

fn ended(execution: &mut Execution, effect: &EffectId, index: u64) {
    let now = execution.now;
    let end = ChildEnd { index, result: Ok(Value::Null), stop_date: now, written: Ok(0) };
    assert!(execution.answer(effect, Outcome::ChildEnded(Box::new(end)), now));
}

/// How many children run at first, and how many start when the first one has ended.
fn running(value: &Value, is_restored: bool) -> (usize, usize) {
    let mut execution = Execution::start(Toy::reading(), start(&mut Dice::new(1)));
    let (_, effect) = children(&mut execution);
    let effect = effect.unwrap();
    let item = Item { key: None, value: value.clone(), source: "s3".into() };
    let items = Items { items: vec![item; 40], is_end: false };
    let now = execution.now;
    assert!(execution.answer(&effect, Outcome::Items(Ok(items)), now));
    let (first, _) = children(&mut execution);
    if is_restored {
        execution = Execution::restore(execution.program(), &execution.snapshot()).unwrap();
    }
    ended(&mut execution, &effect, 0);
    (first.len(), children(&mut execution).0.len())
}

#[test]
fn as_many_children_run_as_their_items_are_small() {
    let quarter = usize::try_from(RUNNING_WEIGHT / 4).unwrap();
    for is_restored in [false, true] {
        assert_eq!(running(&Value::from("small"), is_restored), (40, 0));
        assert_eq!(running(&vec![Value::Null; quarter].into(), is_restored), (4, 1));
        assert_eq!(running(&vec![Value::Null; 5 * quarter].into(), is_restored), (1, 1));
    }
}
