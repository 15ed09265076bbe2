//! Input and mocks as they are written into a form.
//!
//! In: mocks by state, a test file (`docs/testing.md`), or a mock configuration of Step Functions Local. Out: one case, as the runtime reads it. No file is
//! read that they name.

use crate::definition::written;
use asl_compiler::outline::{self, Machine};
use asl_compiler::suggest::closest;
use asl_runtime::test::MockConfig;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;

/// What a machine is run with.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Script<'s> {
    /// Takes the place of the case's own.
    pub(crate) input: Option<&'s str>,
    pub(crate) mocks: &'s str,
    /// The name of the case, which goes without saying if there is only one.
    pub(crate) case: Option<&'s str>,
}

/// Why there is no case to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ScriptError {
    Definition,
    InputNotJson(String),
    MocksNotJson(String),
    NotAnObject,
    /// A mock is for a state of another type than Task.
    NoTask {
        state: String,
        kind: String,
    },
    UnknownState {
        state: String,
        like: Option<String>,
    },
    /// What is wrong with a mock configuration.
    Config(String),
    NotOfThisMachine,
    CaseNotAnObject,
    /// A field that names a file.
    NamesAFile(&'static str),
    /// There are several cases, and none was named.
    Several {
        count: usize,
        names: String,
    },
    UnknownCase {
        wanted: String,
        names: String,
    },
    NoCase,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Definition => f.write_str("the definition is not JSON"),
            Self::InputNotJson(why) => write!(f, "the input is not JSON: {why}"),
            Self::MocksNotJson(why) => write!(f, "the mocks are not JSON: {why}"),
            Self::NotAnObject => {
                f.write_str("the mocks are not an object: expected the names of states with their answers")
            }
            Self::NoTask { state, kind } => {
                write!(f, "the mocks name the state `{state}`, which has no task: it is a {kind} state")
            }
            Self::UnknownState { state, like } => {
                write!(f, "the mocks name a state `{state}`, which does not exist")?;
                like.as_ref().map_or(Ok(()), |like| write!(f, "; did you mean `{like}`?"))
            }
            Self::Config(why) => f.write_str(why),
            Self::NotOfThisMachine => {
                f.write_str("the mock configuration has no test case for the states of this machine")
            }
            Self::CaseNotAnObject => f.write_str("a case of the test file is not an object"),
            Self::NamesAFile(field) => write!(
                f,
                "a case has the field `{field}`: here no file is read, so write what is in it instead"
            ),
            Self::Several { count, names } => write!(f, "there are {count} cases: name one of {names}"),
            Self::UnknownCase { wanted, names } => {
                write!(f, "there is no case `{wanted}`; there is {names}")
            }
            Self::NoCase => f.write_str("there is no case in the test file"),
        }
    }
}

/// The states of a machine by their names: their types, and whether the task is a Lambda function.
type States = BTreeMap<String, (String, bool)>;

impl Script<'_> {
    /// The case for a machine: `{"input": .., "mocks": ..}`.
    pub(super) fn case(&self, definition: &str) -> Result<Value, ScriptError> {
        let definition = written(definition).ok_or(ScriptError::Definition)?;
        let states = states_of(&Machine::of(&definition));
        let mut case = pick(cases(self.mocks, &states)?, self.case)?;
        if let Some(input) = self.input {
            let input: Value =
                serde_json::from_str(input).map_err(|error| ScriptError::InputNotJson(error.to_string()))?;
            case.insert("input".to_owned(), input);
        }
        for state in case.get("mocks").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name)
        {
            known(state, &states)?;
        }
        Ok(Value::Object(case))
    }
}

/// What has to be known of the states to read mocks.
fn states_of(machine: &Machine<'_>) -> States {
    let known = |state: outline::State<'_>| {
        let text = |field: &str| state.text(field).unwrap_or_default();
        (state.name().to_owned(), (text("Type").to_owned(), MockConfig::is_function(text("Resource"))))
    };
    machine.all_states().into_iter().map(known).collect()
}

/// A state that can be mocked.
fn known(name: &str, states: &States) -> Result<(), ScriptError> {
    match states.get(name) {
        Some((kind, _)) if kind == "Task" => Ok(()),
        Some((kind, _)) => Err(ScriptError::NoTask { state: name.to_owned(), kind: kind.clone() }),
        None => {
            let like = closest(name, states.keys().map(String::as_str)).map(str::to_owned);
            Err(ScriptError::UnknownState { state: name.to_owned(), like })
        }
    }
}

type Cases = Vec<(String, Map<String, Value>)>;

/// All cases with their names.
fn cases(text: &str, states: &States) -> Result<Cases, ScriptError> {
    if text.trim().is_empty() {
        return Ok(vec![(String::new(), Map::new())]);
    }
    let content: Value =
        serde_json::from_str(text).map_err(|error| ScriptError::MocksNotJson(error.to_string()))?;
    let Some(fields) = content.as_object() else {
        return Err(ScriptError::NotAnObject);
    };
    // A state may have the name of a field.
    let has = |field: &str| fields.contains_key(field) && !states.contains_key(field);
    if has("StateMachines") {
        of_config(text, states)
    } else if has("cases") || has("mocks") {
        of_file(fields)
    } else {
        Ok(vec![(String::new(), Map::from_iter([("mocks".to_owned(), content)]))])
    }
}

/// The cases of a mock configuration whose states this machine has.
fn of_config(text: &str, states: &States) -> Result<Cases, ScriptError> {
    let config =
        MockConfig::from_json("the mocks", text).map_err(|error| ScriptError::Config(error.to_string()))?;
    let is_function = |name: &str| states.get(name).is_some_and(|(_, is_function)| *is_function);
    let mut cases = Cases::new();
    for (machine, name, mocked) in config.test_cases() {
        let is_for_it =
            mocked.as_object().is_some_and(|mocked| mocked.keys().all(|name| states.contains_key(name)));
        if is_for_it {
            let mocks = config.mocks_of(mocked, is_function);
            let mocks = mocks.map_err(|error| ScriptError::Config(error.to_string()))?;
            cases.push((format!("{machine}: {name}"), Map::from_iter([("mocks".to_owned(), mocks.into())])));
        }
    }
    if cases.is_empty() {
        return Err(ScriptError::NotOfThisMachine);
    }
    Ok(cases)
}

/// What in a case names a file, or what is in one.
const OF_FILES: [&str; 2] = ["inputFile", "testCase"];

/// The cases of a test file; without any, its mocks are one.
fn of_file(fields: &Map<String, Value>) -> Result<Cases, ScriptError> {
    let shared = fields.get("mocks").and_then(Value::as_object).cloned().unwrap_or_default();
    let Some(cases) = fields.get("cases").and_then(Value::as_array) else {
        return Ok(vec![(String::new(), Map::from_iter([("mocks".to_owned(), shared.into())]))]);
    };
    let read = |(place, case): (usize, &Value)| {
        let mut case = case.as_object().cloned().ok_or(ScriptError::CaseNotAnObject)?;
        if let Some(field) = OF_FILES.iter().find(|field| case.contains_key(**field)) {
            return Err(ScriptError::NamesAFile(field));
        }
        let mut mocks = shared.clone();
        mocks.extend(case.get("mocks").and_then(Value::as_object).cloned().unwrap_or_default());
        case.insert("mocks".to_owned(), json!(mocks));
        let name = case.get("name").and_then(Value::as_str);
        let name = name.map_or_else(|| format!("case {}", place + 1), str::to_owned);
        Ok((name, case))
    };
    cases.iter().enumerate().map(read).collect()
}

/// So many names of cases are told.
const NAMES: usize = 20;

fn pick(cases: Cases, wanted: Option<&str>) -> Result<Map<String, Value>, ScriptError> {
    let names: Vec<_> = cases.iter().take(NAMES).map(|(name, _)| format!("`{name}`")).collect();
    let names = names.join(", ");
    let count = cases.len();
    let is_wanted = |name: &str| {
        wanted
            .is_none_or(|wanted| name == wanted || name.ends_with(&format!(": {wanted}")) || name.is_empty())
    };
    let mut fitting = cases.into_iter().filter(|(name, _)| is_wanted(name));
    match (fitting.next(), fitting.next(), wanted) {
        (Some((_, case)), None, _) | (Some((_, case)), Some(_), Some(_)) => Ok(case),
        (Some(_), Some(_), None) => Err(ScriptError::Several { count, names }),
        (None, _, Some(wanted)) => Err(ScriptError::UnknownCase { wanted: wanted.to_owned(), names }),
        (None, _, None) => Err(ScriptError::NoCase),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = r#"{ "StartAt": "Charge", "States": {
        "Charge": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:0:function:f", "Next": "All" },
        "All": { "Type": "Map", "ItemProcessor": { "StartAt": "Ship", "States": {
            "Ship": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true } } }, "End": true } } }"#;

    fn case(script: &Script<'_>) -> Result<Value, String> {
        script.case(ORDER).map_err(|error| error.to_string())
    }

    #[test]
    fn mocks_are_those_of_states_of_a_test_file_or_of_a_configuration() {
        let mocks = json!({ "Charge": { "result": 1 }, "Ship": { "error": "Lost" } });
        let by_state = Script { mocks: &mocks.to_string(), ..Script::default() };
        assert_eq!(case(&by_state).unwrap(), json!({ "mocks": mocks }));

        let file = json!({ "mocks": { "Ship": { "result": 2 } }, "cases": [
            { "name": "one", "input": 7, "mocks": { "Charge": { "result": 1 } } }, { "name": "other" } ] });
        let file = file.to_string();
        let script = Script { mocks: &file, case: Some("one"), ..Script::default() };
        let read = case(&script).unwrap();
        assert_eq!(read["mocks"], json!({ "Ship": { "result": 2 }, "Charge": { "result": 1 } }));
        assert_eq!(read["input"], 7);
        assert_eq!(case(&Script { input: Some("8"), ..script }).unwrap()["input"], 8);
        let why = case(&Script { case: None, ..script }).unwrap_err();
        assert_eq!(why, "there are 2 cases: name one of `one`, `other`");
        let why = case(&Script { case: Some("none"), ..script }).unwrap_err();
        assert_eq!(why, "there is no case `none`; there is `one`, `other`");

        let config = json!({
            "StateMachines": { "order": { "TestCases": { "Paid": { "Charge": "Paid" } } },
                "another": { "TestCases": { "Paid": { "Elsewhere": "Paid" } } } },
            "MockedResponses": { "Paid": { "0": { "Return": { "StatusCode": 200, "Payload": 5 } } } } });
        let config = config.to_string();
        let script = Script { mocks: &config, ..Script::default() };
        // Of a function, the payload is the result.
        assert_eq!(case(&script).unwrap()["mocks"]["Charge"], json!({ "0": { "result": 5 } }));
    }

    #[test]
    fn what_makes_no_sense_is_said() {
        let why = |mocks: &str| case(&Script { mocks, ..Script::default() }).unwrap_err();
        assert_eq!(
            why(r#"{ "Chrage": {} }"#),
            "the mocks name a state `Chrage`, which does not exist; did you mean `Charge`?"
        );
        assert_eq!(
            why(r#"{ "All": {} }"#),
            "the mocks name the state `All`, which has no task: it is a Map state"
        );
        assert!(why("[]").starts_with("the mocks are not an object"));
        assert!(why("{").starts_with("the mocks are not JSON"));
        assert!(why(r#"{ "cases": [{ "inputFile": "../secret" }] }"#).contains("no file is read"));
        assert_eq!(why(r#"{ "cases": [] }"#), "there is no case in the test file");
        let script = Script { input: Some("{"), ..Script::default() };
        assert!(case(&script).unwrap_err().starts_with("the input is not JSON"));
    }
}
