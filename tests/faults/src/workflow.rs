//! Definitions with the places of everything in them.
//!
//! In: text. Out: the machines, states and strings in it. Knows nothing of what is right.

use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json::{self, Kind, Member, Text, Value};
use asl_compiler::outline::{BRANCHES, Machine, PROCESSORS, State};
use asl_compiler::source::{SourceFile, Span};

/// The fields that hold what is written as it is, or for people only.
const NO_TEMPLATES: [&str; 2] = ["Comment", "Result"];

/// A definition.
#[derive(Debug)]
pub struct Workflow {
    source: SourceFile,
    value: Value,
}

/// A machine: the whole, a branch or the processor of a Map.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MachineAt<'a> {
    pub(crate) value: &'a Value,
    pub(crate) is_top: bool,
    machine: Machine<'a>,
}

/// A state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StateAt<'a> {
    pub(crate) name: &'a Text,
    pub(crate) value: &'a Value,
    pub(crate) machine: MachineAt<'a>,
    pub(crate) is_jsonata: bool,
    state: State<'a>,
}

/// A string of a state, with the key of the member or of the array that it is in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StringAt<'a> {
    /// The field of the state that it is in.
    pub(crate) field: &'a str,
    pub(crate) key: &'a str,
    pub(crate) text: &'a Text,
}

impl Workflow {
    /// Reads a definition in JSON.
    #[must_use]
    pub fn read(name: &str, text: &str) -> Option<Self> {
        let source = SourceFile::new(name, text);
        let mut problems = Diagnostics::default();
        let value = json::parse(&source, &mut problems)?;
        value.get("States").is_some().then_some(Self { source, value })
    }

    /// The definition as it is.
    #[must_use]
    pub const fn source(&self) -> &SourceFile {
        &self.source
    }

    pub(crate) fn line(&self, offset: usize) -> usize {
        self.source.line(offset)
    }

    pub(crate) fn slice(&self, span: Span) -> &str {
        self.source.slice(span)
    }

    /// The machine and all in it.
    pub(crate) fn machines(&self) -> Vec<MachineAt<'_>> {
        let top = MachineAt { value: &self.value, is_top: true, machine: Machine::of(&self.value) };
        let mut machines = vec![top];
        let mut at = 0;
        while let Some(machine) = machines.get(at).copied() {
            for state in machine.states() {
                machines.extend(state.machines());
            }
            at += 1;
        }
        machines
    }

    /// All states, those of branches too.
    pub(crate) fn states(&self) -> Vec<StateAt<'_>> {
        self.machines().iter().flat_map(MachineAt::states).collect()
    }

    /// All states of a type.
    pub(crate) fn states_of(&self, state_type: &str) -> Vec<StateAt<'_>> {
        self.states().into_iter().filter(|state| state.text("Type") == Some(state_type)).collect()
    }
}

impl<'a> MachineAt<'a> {
    /// Its own states.
    pub(crate) fn states(&self) -> Vec<StateAt<'a>> {
        let states = self.machine.states().map(|state| StateAt {
            name: state.key,
            value: state.value,
            machine: *self,
            is_jsonata: state.is_jsonata,
            state,
        });
        states.collect()
    }
}

impl<'a> StateAt<'a> {
    pub(crate) fn get(&self, field: &str) -> Option<&'a Value> {
        self.value.get(field)
    }

    pub(crate) fn text(&self, field: &str) -> Option<&'a str> {
        self.get(field).and_then(Value::as_str)
    }

    pub(crate) fn members(&self) -> &'a [Member] {
        self.value.as_object().unwrap_or_default()
    }

    /// The machines right in it.
    pub(crate) fn machines(&self) -> Vec<MachineAt<'a>> {
        let machines = self.state.machines();
        machines.map(|machine| MachineAt { value: machine.value, is_top: false, machine }).collect()
    }

    /// The elements of an array field.
    pub(crate) fn elements(&self, field: &str) -> &'a [Value] {
        self.get(field).and_then(Value::as_array).unwrap_or_default()
    }

    /// The choice rules of a Choice, those within others too.
    pub(crate) fn choice_rules(&self) -> Vec<&'a Value> {
        let mut rules: Vec<&Value> = self.elements("Choices").iter().collect();
        let mut at = 0;
        while let Some(rule) = rules.get(at).copied() {
            for nested in ["And", "Or"] {
                rules.extend(rule.get(nested).and_then(Value::as_array).unwrap_or_default());
            }
            rules.extend(rule.get("Not"));
            at += 1;
        }
        rules
    }

    /// Its retriers and catchers.
    pub(crate) fn handlers(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.elements("Retry").iter().chain(self.elements("Catch"))
    }

    /// The strings in it that can be paths, calls or expressions, without those of machines in it.
    pub(crate) fn strings(&self) -> Vec<StringAt<'a>> {
        let mut strings = Vec::new();
        let read =
            |name: &str| !NO_TEMPLATES.contains(&name) && name != BRANCHES && !PROCESSORS.contains(&name);
        for member in self.members().iter().filter(|member| read(member.name())) {
            collect(member.name(), member.name(), &member.value, &mut strings);
        }
        strings
    }
}

fn collect<'a>(field: &'a str, key: &'a str, value: &'a Value, strings: &mut Vec<StringAt<'a>>) {
    match &value.kind {
        Kind::String(text) => strings.push(StringAt { field, key, text }),
        Kind::Array(elements) => {
            elements.iter().for_each(|element| collect(field, key, element, strings));
        }
        Kind::Object(members) => {
            members.iter().for_each(|member| collect(field, member.name(), &member.value, strings));
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
    }
}

impl StringAt<'_> {
    /// Whether it is a path or a call in a state with JSON paths.
    pub(crate) fn is_path(&self) -> bool {
        self.key.ends_with(".$")
            || (self.key.ends_with("Path") && self.text.value.starts_with('$'))
            || self.key == "Variable"
    }

    /// Whether it is a JSONata expression in a state with JSONata.
    pub(crate) fn is_expression(&self) -> bool {
        self.text.value.starts_with("{%") && self.text.value.ends_with("%}")
    }
}
