//! Links between events as AWS made them in earlier years.
//!
//! In: the events of an execution, linked as AWS links them now. Out: the same with the links that they had when an execution was
//! recorded, so that an old recording can be compared with what happens now. Only replays want that.

use asl_engine::history::{Event, EventDetails};
use asl_language::timestamp::Timestamp;

/// Until then, the exit of a distributed Map followed the end of its Map Run; since then it follows its start (recorded 2023 to 2025).
const MAP_EXITED: Timestamp = Timestamp::from_milliseconds(1_730_419_200_000);

/// Until then, a failed evaluation on entering a state followed what the entry follows; since then it follows the entry (recorded 2024,
/// measured 2026).
const EVALUATION_FAILED: Timestamp = Timestamp::from_milliseconds(1_733_011_200_000);

/// Links the events of an execution as AWS linked those that were recorded at a moment.
pub(super) fn as_of(recorded: Timestamp, events: &mut [Event]) {
    let places: Vec<u64> = events.iter().map(|event| earlier_link(recorded, event, events)).collect();
    for (event, previous) in events.iter_mut().zip(places) {
        event.previous_event_id = previous;
    }
}

/// What an event followed at a moment.
fn earlier_link(recorded: Timestamp, event: &Event, events: &[Event]) -> u64 {
    let follows = event.previous_event_id;
    let Some(previous) = events.iter().find(|other| other.id == follows) else { return follows };
    match (&event.details, &previous.details) {
        (EventDetails::EvaluationFailed { .. }, EventDetails::StateEntered { .. })
            if recorded < EVALUATION_FAILED =>
        {
            previous.previous_event_id
        }
        (EventDetails::StateExited { .. }, EventDetails::MapRunStarted { .. }) if recorded < MAP_EXITED => {
            let end = events.iter().find(|other| {
                other.previous_event_id == previous.id
                    && matches!(other.details, EventDetails::MapRunSucceeded)
            });
            end.map_or(follows, |end| end.id)
        }
        _ => follows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_engine::machine::StateType;
    use asl_value::{Text, Value};

    fn links(recorded: &str, details: [EventDetails; 3], follows: [u64; 3]) -> Vec<u64> {
        let mut events: Vec<Event> = (1..)
            .zip(details)
            .zip(follows)
            .map(|((id, details), follows)| Event::new(id + 9, follows, Timestamp::default(), details))
            .collect();
        as_of(Timestamp::parse(recorded).unwrap(), &mut events);
        events.iter().map(|event| event.previous_event_id).collect()
    }

    #[test]
    fn a_failed_evaluation_followed_what_its_state_follows() {
        let details = || {
            let name = Text::new_static("A");
            let (input, state_type) = (Value::Null, StateType::Pass);
            [
                EventDetails::MapRunSucceeded,
                EventDetails::StateEntered { state_type, name: name.clone(), input },
                EventDetails::EvaluationFailed {
                    error: name.clone(),
                    cause: None,
                    location: None,
                    state: name,
                },
            ]
        };
        assert_eq!(links("2024-11-21T00:00:00Z", details(), [9, 10, 11]), [9, 10, 10]);
        assert_eq!(links("2024-12-27T00:00:00Z", details(), [9, 10, 11]), [9, 10, 11]);
    }

    #[test]
    fn the_exit_of_a_map_followed_the_end_of_its_run() {
        let details = || {
            let (name, output, assigned) = (Text::new_static("A"), Value::Null, None);
            [
                EventDetails::MapRunStarted { map_run_arn: Text::new_static("arn") },
                EventDetails::MapRunSucceeded,
                EventDetails::StateExited { state_type: StateType::Map, name, output, assigned },
            ]
        };
        assert_eq!(links("2024-06-19T00:00:00Z", details(), [9, 10, 10]), [9, 10, 11]);
        assert_eq!(links("2024-11-14T00:00:00Z", details(), [9, 10, 10]), [9, 10, 10]);
    }
}
