//! What is written in a definition, for tools that need nothing of it to be right: its machines, states, and what leads to them.
//!
//! In: a JSON value. Out: views of it. It takes what is there, leaves out what makes no sense, and says nothing about what is wrong.

use crate::json::{Member, Text, Value};
pub use asl_language::state_type::StateType;

/// The field of a state that holds its machines, if there are several.
pub const BRANCHES: &str = "Branches";

/// The fields of a state that hold its machine, if there is one: the name that it has now, and the one that it had.
pub const PROCESSORS: [&str; 2] = ["ItemProcessor", "Iterator"];

/// The machines that are right in a state.
pub(crate) fn machines_in<'v>(state: &'v Value) -> impl Iterator<Item = &'v Value> + use<'v> {
    state.as_object().unwrap_or_default().iter().flat_map(|member| {
        if member.name() == BRANCHES {
            member.value.as_array().unwrap_or_default()
        } else if PROCESSORS.contains(&member.name()) {
            std::slice::from_ref(&member.value)
        } else {
            &[]
        }
    })
}

/// All that leads from a state to another.
#[must_use]
pub fn links(state: &Value) -> Vec<Link<'_>> {
    let elements = |field| state.get(field).and_then(Value::as_array).unwrap_or_default().iter().enumerate();
    let own = [link(state, "Next", LinkedBy::Next), link(state, "Default", LinkedBy::Default)];
    let rules = elements("Choices").map(|(number, rule)| link(rule, "Next", LinkedBy::Rule(number)));
    let catchers =
        elements("Catch").map(|(number, catcher)| link(catcher, "Next", LinkedBy::Catcher(number)));
    own.into_iter().chain(rules).chain(catchers).flatten().collect()
}

fn link<'v>(value: &'v Value, field: &str, by: LinkedBy) -> Option<Link<'v>> {
    Some(Link { by, to: value.get(field)?.as_text()? })
}

/// A machine: the whole, a branch, or the processor of the items of a Map.
///
/// ```
/// use asl_compiler::outline::Machine;
/// use asl_compiler::{Options, read, source::SourceFile};
///
/// let text = r#"{ "States": { "Fork": { "Type": "Parallel", "Branches": [{ "States": { "A": { "Next": "B" } } }] } } }"#;
/// let definition = read(&SourceFile::new("machine.json", text), &Options::default()).unwrap();
/// let names: Vec<_> = Machine::of(&definition).all_states().iter().map(|state| state.name()).collect();
/// assert_eq!(names, ["Fork", "A"]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Machine<'v> {
    /// What is written.
    pub value: &'v Value,
    /// Its query language, as far as it says it or the machine around it does.
    pub is_jsonata: bool,
}

/// A state.
#[derive(Clone, Copy, Debug)]
pub struct State<'v> {
    /// Its name, with its place.
    pub key: &'v Text,
    /// What is written.
    pub value: &'v Value,
    /// Its query language: its own, or that of the machine.
    pub is_jsonata: bool,
    /// The query language of the machine, which is that of machines in it.
    machine_is_jsonata: bool,
}

/// A name of a state, where it leads to that.
#[derive(Clone, Copy, Debug)]
pub struct Link<'v> {
    /// What leads there.
    pub by: LinkedBy,
    /// The name, with its place.
    pub to: &'v Text,
}

/// What leads to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkedBy {
    /// `Next` of a state.
    Next,
    /// `Default` of a Choice state.
    Default,
    /// `Next` of the choice rule with this number.
    Rule(usize),
    /// `Next` of the catcher with this number.
    Catcher(usize),
}

impl<'v> Machine<'v> {
    /// The machine that a definition is.
    #[must_use]
    pub fn of(definition: &'v Value) -> Self {
        Self { value: definition, is_jsonata: language(definition).unwrap_or(false) }
    }

    /// `StartAt`
    #[must_use]
    pub fn start_at(&self) -> Option<&'v Text> {
        self.value.get("StartAt")?.as_text()
    }

    /// Its own states, in the order of the text.
    pub fn states(&self) -> impl Iterator<Item = State<'v>> + use<'v> {
        let machine_is_jsonata = self.is_jsonata;
        let members = self.value.get("States").and_then(Value::as_object).unwrap_or_default();
        members.iter().map(move |member| State {
            key: &member.key,
            value: &member.value,
            is_jsonata: language(&member.value).unwrap_or(machine_is_jsonata),
            machine_is_jsonata,
        })
    }

    /// All states in it, in the order of the text, an inner state after the one that holds it.
    #[must_use]
    pub fn all_states(&self) -> Vec<State<'v>> {
        let mut all = Vec::new();
        self.collect(&mut all);
        all
    }

    /// The nesting of JSON is limited where it is read.
    fn collect(&self, all: &mut Vec<State<'v>>) {
        for state in self.states() {
            all.push(state);
            state.machines().for_each(|machine| machine.collect(all));
        }
    }

    /// The state of a name, in whatever machine, those further out first.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<State<'v>> {
        let own = self.states().find(|state| state.name() == name);
        own.or_else(|| self.states().flat_map(|state| state.machines()).find_map(|inner| inner.find(name)))
    }
}

impl<'v> State<'v> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'v str {
        &self.key.value
    }

    /// A field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&'v Value> {
        self.value.get(field)
    }

    /// A field that is a string.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&'v str> {
        self.get(field)?.as_str()
    }

    /// The elements of a field that is an array.
    #[must_use]
    pub fn elements(&self, field: &str) -> &'v [Value] {
        self.get(field).and_then(Value::as_array).unwrap_or_default()
    }

    /// Its fields.
    #[must_use]
    pub fn members(&self) -> &'v [Member] {
        self.value.as_object().unwrap_or_default()
    }

    /// Its type, if it is one.
    #[must_use]
    pub fn state_type(&self) -> Option<StateType> {
        StateType::from_name(self.text("Type")?)
    }

    /// The machines right in it: its branches, or the processor of its items.
    pub fn machines(&self) -> impl Iterator<Item = Machine<'v>> + use<'v> {
        let is_jsonata = self.machine_is_jsonata;
        machines_in(self.value).map(move |value| Machine { value, is_jsonata })
    }

    /// The processor of its items.
    #[must_use]
    pub fn processor(&self) -> Option<Machine<'v>> {
        let value = PROCESSORS.iter().find_map(|field| self.get(field))?;
        Some(Machine { value, is_jsonata: self.machine_is_jsonata })
    }

    /// Whether each of its items is an execution.
    #[must_use]
    pub fn is_distributed(&self) -> bool {
        let mode = self.processor().and_then(|processor| processor.value.get("ProcessorConfig")?.get("Mode"));
        mode.and_then(Value::as_str) == Some("DISTRIBUTED")
    }

    /// What it reads items from, and what it writes results to, if it does: each with its `Resource`.
    pub fn stores(&self) -> impl Iterator<Item = (Store, &'v Value)> + use<'v> {
        let state = self.value;
        [Store::ItemReader, Store::ResultWriter]
            .into_iter()
            .filter_map(move |store| Some((store, state.get(store.field())?)))
    }

    /// The `Resource` of the state, and those of its stores.
    pub fn resources(&self) -> impl Iterator<Item = &'v str> + use<'v> {
        let asked = std::iter::once(self.value).chain(self.stores().map(|(_, store)| store));
        asked.filter_map(|asked| asked.get("Resource")?.as_str())
    }

    /// All that leads from it to another state.
    #[must_use]
    pub fn links(&self) -> Vec<Link<'v>> {
        links(self.value)
    }

    /// The names of the variables that it assigns, as they are written: with `.$` where the value is a path.
    #[must_use]
    pub fn assigned(&self) -> Vec<&'v Text> {
        let parts = [self.value].into_iter().chain(self.elements("Choices")).chain(self.elements("Catch"));
        let assigned = parts.filter_map(|part| part.get("Assign")?.as_object()).flatten();
        assigned.map(|member| &member.key).collect()
    }
}

/// A part of a Map that reads or writes elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// `ItemReader`
    ItemReader,
    /// `ResultWriter`
    ResultWriter,
}

impl Store {
    /// The field that it is.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::ItemReader => "ItemReader",
            Self::ResultWriter => "ResultWriter",
        }
    }
}

/// Whether a machine or state says that it has JSONata, or that it has paths.
fn language(value: &Value) -> Option<bool> {
    value.get("QueryLanguage")?.as_str().map(|language| language == "JSONata")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::read::read;
    use crate::source::SourceFile;

    fn value(text: &str) -> Value {
        read(&SourceFile::new("t.json", text), &Options::default()).expect("JSON")
    }

    #[test]
    fn what_is_there_is_found() {
        let definition = value(
            r#"{ "QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": { "Type": "Choice", "Choices": [{ "Next": "B", "Assign": { "x": 1 } }], "Default": "C" },
                "B": { "Type": "Map", "QueryLanguage": "JSONPath", "ItemReader": { "Resource": "r" },
                       "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED" }, "States": { "D": {} } },
                       "Catch": [{}, { "Next": "C" }] },
                "C": { "Type": "Odd", "Resource": 1, "Branches": [3, { "States": { "E": null } }] } } }"#,
        );
        let machine = Machine::of(&definition);
        assert_eq!(machine.start_at().map(|text| text.value.as_str()), Some("A"));
        let all = machine.all_states();
        assert_eq!(all.iter().map(State::name).collect::<Vec<_>>(), ["A", "B", "D", "C", "E"]);
        assert_eq!(
            all.iter().map(|state| state.is_jsonata).collect::<Vec<_>>(),
            [true, false, true, true, true]
        );
        let links: Vec<_> =
            all.iter().flat_map(State::links).map(|link| (link.by, link.to.value.as_str())).collect();
        assert_eq!(links, [(LinkedBy::Default, "C"), (LinkedBy::Rule(0), "B"), (LinkedBy::Catcher(1), "C")]);
        assert_eq!(all[0].assigned().len(), 1);
        assert!(all[1].is_distributed() && !all[0].is_distributed());
        assert_eq!(all[1].resources().collect::<Vec<_>>(), ["r"]);
        assert_eq!(all[3].state_type(), None);
        assert_eq!(machine.find("E").map(|state| state.name()), Some("E"));
        assert!(machine.find("F").is_none());
    }

    #[test]
    fn nothing_has_to_be_there() {
        for text in ["{}", "[]", "1", r#"{"States": []}"#, r#"{"States": {"A": [], "B": {"Branches": {}}}}"#]
        {
            let definition = value(text);
            for state in Machine::of(&definition).all_states() {
                assert!(state.links().is_empty() && state.machines().next().is_none(), "{text}");
            }
        }
    }
}
