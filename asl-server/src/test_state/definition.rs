//! The state that is tested, and the machine that it is compiled in.
//!
//! In: a definition of one state, or of a machine that has it. Out: code, and what the answer depends on beside it. A state alone is put into a
//! machine in which all that it leads to is there.

use super::{Refusal, request::Request};
use crate::definition::invalid_definition;
use crate::definition::value::value;
use asl_compiler::source::SourceFile;
use asl_compiler::{MachineType, Module, Options, compile};
use asl_language::state_type::StateType;
use asl_value::Object;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The name of a state that was given none; in a context object, that of any (recorded from AWS).
pub(super) const STATE_NAME: &str = "StateName";

/// The state that sets the variables of a test before a state that was given alone.
const VARIABLES_STATE: &str = "Variables of the test";

/// A machine as code.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MachineCode {
    /// The name of its module, which is one for a worker.
    pub name: String,
    /// The code of the module.
    pub code: String,
}

#[derive(Debug)]
pub(super) struct Definition {
    pub(super) code: MachineCode,
    pub(super) state: State,
}

/// What is known of the state.
#[derive(Debug)]
pub(super) struct State {
    pub(super) name: String,
    pub(super) state_type: StateType,
    pub(super) is_jsonata: bool,
    fields: Map<String, Value>,
}

impl State {
    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// `Resource`
    pub(super) fn resource(&self) -> &str {
        self.fields.get("Resource").and_then(Value::as_str).unwrap_or_default()
    }

    /// The number of `Branches`.
    pub(super) fn branches(&self) -> usize {
        self.fields.get("Branches").and_then(Value::as_array).map_or(0, Vec::len)
    }
}

impl Definition {
    pub(super) fn read(request: &Request, options: &Options) -> Result<Self, Refusal> {
        let value = value(&request.definition).unwrap_or_default();
        let (name, text) = match &request.state_name {
            Some(name) => (name.as_str(), request.definition.clone()),
            None => (STATE_NAME, around(&request.definition, &value, &request.variables)),
        };
        let found = match &request.state_name {
            Some(name) => {
                find(&value, name).ok_or_else(|| Refusal::validation("State not found in definition"))?
            }
            None => &value,
        };
        let code = compiled(&text, options)?;
        // What was compiled is an object with a known type.
        let fields = found.as_object().cloned().unwrap_or_default();
        let state_type = fields.get("Type").and_then(Value::as_str).and_then(StateType::from_name);
        let state_type =
            state_type.ok_or_else(|| Refusal::definition("Invalid State Machine Definition: ''"))?;
        let language = [found, &value].into_iter().find_map(|value| value.get("QueryLanguage")?.as_str());
        let is_jsonata = language == Some("JSONata");
        Ok(Self { code, state: State { name: name.to_owned(), state_type, is_jsonata, fields } })
    }
}

fn compiled(text: &str, options: &Options) -> Result<MachineCode, Refusal> {
    let options = Options {
        machine_type: MachineType::Standard,
        ignore_data: true,
        tell_stages: true,
        ..options.clone()
    };
    let source = SourceFile::new("machine.asl.json", text);
    let module = Module::of_file(source.name()).for_worker();
    let compilation = compile(&source, &options, &module);
    match compilation.tokens {
        Some(tokens) => Ok(MachineCode { name: module.name, code: tokens.to_string() }),
        None => Err(Refusal::definition(invalid_definition(&source, &options, &compilation.diagnostics))),
    }
}

/// A machine around a state: it begins with its variables, and all states that it leads to are ends.
fn around(state: &str, value: &Value, variables: &Object) -> String {
    let mut states = vec![format!("{}: {state}", json!(STATE_NAME))];
    let start = if variables.is_empty() {
        STATE_NAME
    } else {
        let assign: Map<String, Value> =
            variables.keys().map(|name| (name.to_owned(), Value::Null)).collect();
        let first = json!({ "Type": "Pass", "Assign": assign, "Next": STATE_NAME });
        states.push(format!("{}: {first}", json!(VARIABLES_STATE)));
        VARIABLES_STATE
    };
    let targets: BTreeSet<&str> = targets(value).into_iter().filter(|name| *name != STATE_NAME).collect();
    states
        .extend(targets.into_iter().map(|name| format!("{}: {}", json!(name), json!({ "Type": "Succeed" }))));
    format!("{{\"StartAt\": {}, \"States\": {{{}}}}}", json!(start), states.join(", "))
}

/// The states that a state leads to.
fn targets(state: &Value) -> Vec<&str> {
    let own = ["Next", "Default"].into_iter().filter_map(|field| state.get(field));
    let lists = ["Catch", "Choices"].into_iter().filter_map(|field| state.get(field)?.as_array());
    let listed = lists.flatten().filter_map(|element| element.get("Next"));
    own.chain(listed).filter_map(Value::as_str).collect()
}

/// The state of that name, at any depth.
fn find<'v>(scope: &'v Value, name: &str) -> Option<&'v Value> {
    let states = scope.get("States")?.as_object()?;
    states.get(name).or_else(|| {
        states.values().find_map(|state| {
            let branches = state.get("Branches").and_then(Value::as_array).into_iter().flatten();
            let processors = ["ItemProcessor", "Iterator"].into_iter().filter_map(|field| state.get(field));
            branches.chain(processors).find_map(|scope| find(scope, name))
        })
    })
}
