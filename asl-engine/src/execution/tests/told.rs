//! What observers receive is what they need, and has the same numbers whatever that is.

use super::toy::{Dice, Toy};
use super::world::start;
use crate::error::TaskError;
use crate::execution::{Execution, Outcome, Want};
use crate::history::{EventDetails, Needs, Told};
use crate::turn::Pace;
use asl_value::Value;

fn told(tells: Option<Needs>, result: &Result<Value, TaskError>) -> (Vec<Told>, u64) {
    let mut start = start(&mut Dice::new(1));
    start.tells = tells;
    let now = start.context.start_time;
    let mut execution = Execution::start(Toy::wide(3), start);
    let mut told = Vec::new();
    while !execution.has_ended() {
        while execution.run(now, &Pace::Endless).is_more() {}
        told.extend(execution.told());
        for want in execution.wants() {
            if let Want::Perform(perform) = want {
                execution.answer(&perform.effect, Outcome::Ended(result.clone()), now);
            }
        }
    }
    (told, execution.events())
}

#[test]
fn what_no_observer_needs_is_not_told() {
    let result = Ok(Value::from("result"));
    let (all, events) = told(Some(Needs::ALL), &result);
    let (few, of_few) = told(Some(Needs::EVENTS), &result);
    let (none, of_none) = told(None, &result);
    assert_eq!((events, events), (of_few, of_none));
    assert_eq!(none, []);
    let without = |told: &Told| match told.clone() {
        Told::Event(mut event) => {
            event.details = event.details.without_data();
            Some(Told::Event(event))
        }
        _ => None,
    };
    assert_ne!(all, few);
    let events: Vec<_> = all.iter().filter_map(Told::as_event).cloned().collect();
    assert_eq!(all.iter().cloned().filter_map(Told::into_event).collect::<Vec<_>>(), events);
    assert!(events.len() > 10);
    assert_eq!(all.iter().filter_map(without).collect::<Vec<_>>(), few);
    let has_result = |told: &Told| matches!(told, Told::Event(event) if matches!(&event.details, EventDetails::TaskSucceeded { output, .. } if *output == Value::from("result")));
    assert_eq!(all.iter().filter(|told| has_result(told)).count(), 3);
    assert_eq!(few.iter().filter(|told| has_result(told)).count(), 0);
}

#[test]
fn what_goes_well_is_told_where_it_is_needed() {
    let (none, events) = told(Some(Needs::FAILURES), &Ok(Value::from("result")));
    assert_eq!(none, []);
    assert_eq!(events, told(None, &Ok(Value::from("result"))).1);
    let failed = Err(TaskError::new("Refused", "no"));
    let (all, events) = told(Some(Needs::EVENTS), &failed);
    let (failures, of_failures) = told(Some(Needs::FAILURES), &failed);
    assert_eq!(events, of_failures);
    let is_failure = |told: &&Told| matches!(told, Told::Event(event) if event.details.is_failure());
    assert_eq!(all.iter().filter(is_failure).cloned().collect::<Vec<_>>(), failures);
    assert!(failures.len() > 1 && failures.len() < all.len(), "{failures:?}");
}
