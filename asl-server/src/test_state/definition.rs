//! The state that is tested, and the machine that it is compiled in.
//!
//! In: a definition of one state, or of a machine that has it. Out: code, and what the answer depends on beside it. A state alone is put into a
//! machine in which all that it leads to is there.

use super::{Refusal, request::Request};
use crate::definition::{invalid_definition, written};
use asl_compiler::json::Value as Written;
use asl_compiler::outline::{Machine, links};
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
        let value = written(&request.definition);
        let (name, text) = match &request.state_name {
            Some(name) => (name.as_str(), request.definition.clone()),
            None => (STATE_NAME, around(&request.definition, value.as_ref(), &request.variables)),
        };
        let machine = value.as_ref().map(Machine::of);
        let found = match &request.state_name {
            Some(name) => {
                let found = machine.and_then(|machine| machine.find(name)).map(|state| state.value);
                Some(found.ok_or_else(|| Refusal::validation("State not found in definition"))?)
            }
            None => value.as_ref(),
        };
        let code = compiled(&text, options)?;
        // What was compiled is an object with a known type.
        let fields: Map<String, Value> =
            found.and_then(|found| serde_json::from_str(&found.to_string()).ok()).unwrap_or_default();
        let state_type = fields.get("Type").and_then(Value::as_str).and_then(StateType::from_name);
        let state_type =
            state_type.ok_or_else(|| Refusal::definition("Invalid State Machine Definition: ''"))?;
        let language = [found, value.as_ref()].into_iter().flatten();
        let language = language.into_iter().find_map(|value| value.get("QueryLanguage")?.as_str());
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
fn around(state: &str, value: Option<&Written>, variables: &Object) -> String {
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
    let targets = value.map(links).unwrap_or_default().into_iter().map(|link| link.to.value.as_str());
    let targets: BTreeSet<&str> = targets.filter(|name| *name != STATE_NAME).collect();
    states
        .extend(targets.into_iter().map(|name| format!("{}: {}", json!(name), json!({ "Type": "Succeed" }))));
    format!("{{\"StartAt\": {}, \"States\": {{{}}}}}", json!(start), states.join(", "))
}
