//! `State` as a value: names, order, serde.

use crate::order::{Machine, State};
use asl_runtime::{State as _, StateMachine, StateType};
use std::collections::HashSet;

const NAMES: [&str; 11] = [
    "Prepare",
    "Charge Card",
    "Large?",
    "Cool Down",
    "Pack",
    "Wrap",
    "Tell",
    "Tell Customer",
    "Tell Depot",
    "Done",
    "Refuse",
];

#[test]
fn all_states_are_listed_in_the_order_of_the_text() {
    let names: Vec<_> = State::ALL.iter().map(|state| state.name()).collect();
    assert_eq!(names, NAMES);
    assert!(State::ALL.iter().zip(0..).all(|(state, id)| state.id() == id));
    assert_eq!(State::ALL.iter().copied().collect::<HashSet<_>>().len(), NAMES.len());
}

#[test]
fn a_state_is_printed_written_and_read_by_its_name() {
    assert_eq!(State::ChargeCard.to_string(), "Charge Card");
    assert_eq!(format!("{:?}", State::ChargeCard), "ChargeCard");
    for state in State::ALL {
        let text = serde_json::to_string(state).unwrap();
        assert_eq!(text, format!("{:?}", state.name()));
        assert_eq!(serde_json::from_str::<State>(&text).unwrap(), *state);
        assert_eq!(State::from_name(state.name()), Some(*state));
    }
}

#[test]
fn a_name_of_no_state_is_refused() {
    assert_eq!(State::from_name("charge card"), None);
    let error = serde_json::from_str::<State>("\"Charge Crad\"").unwrap_err();
    assert!(error.to_string().starts_with("there is no state `Charge Crad`"), "{error}");
    assert!(serde_json::from_str::<State>("7").is_err());
}

#[test]
fn a_state_knows_what_the_definition_says() {
    let info = State::ChargeCard.info();
    assert_eq!((info.name, info.state_type), ("Charge Card", StateType::Task));
    assert_eq!(info.retry.iter().map(|retrier| retrier.error_equals).collect::<Vec<_>>(), [["Busy"]]);
    assert_eq!(info.catch.iter().map(|catcher| catcher.error_equals).collect::<Vec<_>>(), [["CardDeclined"]]);
    assert_eq!(State::Large.info().state_type.to_string(), "Choice");
    assert_eq!((Machine::NAME, Machine::TIMEOUT), ("order", None));
}
