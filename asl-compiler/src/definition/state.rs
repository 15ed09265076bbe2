//! A state: what all types share, and the way to the parser of its type.

use super::fields::{Fields, words};
use super::state_machine::{query_language, state_type_names};
use super::{
    Choice, Fail, Map, Parallel, Pass, Reader, Retrier, Scope, StateType, Succeed, Task, Transition, Wait,
    choice, fail, map, parallel, pass, succeed, task, wait,
};
use crate::code::Code;
use crate::definition::retry::Catcher;
use crate::diagnostic::Diagnostic;
use crate::json::{Kind, Member, Text, Value};
use crate::source::Span;
use crate::suggest::closest;
use asl_language::limits::STATE_NAME_CHARACTERS;

/// A state.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Its name.
    pub name: Text,
    /// Its place, with its name.
    pub span: Span,
    /// `Comment`
    pub comment: Option<String>,
    /// `QueryLanguage`, or that of the machine.
    pub query_language: QueryLanguage,
    /// What it does.
    pub work: Work,
}

/// The language that a state transforms data with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryLanguage {
    /// `JSONPath`
    JsonPath,
    /// `JSONata`
    Jsonata,
}

impl QueryLanguage {
    /// The field that holds what a task is asked: `Parameters` or `Arguments`.
    #[must_use]
    pub const fn parameters(self) -> &'static str {
        match self {
            Self::JsonPath => "Parameters",
            Self::Jsonata => "Arguments",
        }
    }
}

/// What a state does, by its `Type`.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// `"Type": "Pass"`
    Pass(Box<Pass>),
    /// `"Type": "Task"`
    Task(Box<Task>),
    /// `"Type": "Choice"`
    Choice(Choice),
    /// `"Type": "Wait"`
    Wait(Box<Wait>),
    /// `"Type": "Succeed"`
    Succeed(Succeed),
    /// `"Type": "Fail"`
    Fail(Fail),
    /// `"Type": "Parallel"`
    Parallel(Box<Parallel>),
    /// `"Type": "Map"`
    Map(Box<Map>),
    /// The type is missing or unknown, which was reported. These are the names that its `Next` and `Default` fields give,
    /// so that the states behind it do not count as unreachable.
    Unknown(Vec<Text>),
}

impl State {
    /// `Next` or `End`, for the types that have them.
    #[must_use]
    pub const fn transition(&self) -> Option<&Transition> {
        match &self.work {
            Work::Pass(pass) => Some(&pass.transition),
            Work::Task(task) => Some(&task.after.transition),
            Work::Wait(wait) => Some(&wait.transition),
            Work::Parallel(parallel) => Some(&parallel.after.transition),
            Work::Map(map) => Some(&map.after.transition),
            Work::Choice(_) | Work::Succeed(_) | Work::Fail(_) | Work::Unknown(_) => None,
        }
    }

    /// `Retry`; empty for types that have none.
    #[must_use]
    pub fn retriers(&self) -> &[Retrier] {
        match &self.work {
            Work::Task(task) => &task.retriers,
            Work::Parallel(parallel) => &parallel.retriers,
            Work::Map(map) => &map.retriers,
            Work::Pass(_)
            | Work::Wait(_)
            | Work::Choice(_)
            | Work::Succeed(_)
            | Work::Fail(_)
            | Work::Unknown(_) => &[],
        }
    }

    /// `Catch`; empty for types that have none.
    #[must_use]
    pub fn catchers(&self) -> &[Catcher] {
        match &self.work {
            Work::Task(task) => &task.catchers,
            Work::Parallel(parallel) => &parallel.catchers,
            Work::Map(map) => &map.catchers,
            Work::Pass(_)
            | Work::Wait(_)
            | Work::Choice(_)
            | Work::Succeed(_)
            | Work::Fail(_)
            | Work::Unknown(_) => &[],
        }
    }

    /// The scopes inside: branches, or the item processor.
    #[must_use]
    pub fn scopes(&self) -> &[Scope] {
        match &self.work {
            Work::Parallel(parallel) => &parallel.branches,
            Work::Map(map) => map.processor.as_slice(),
            Work::Pass(_)
            | Work::Task(_)
            | Work::Wait(_)
            | Work::Choice(_)
            | Work::Succeed(_)
            | Work::Fail(_)
            | Work::Unknown(_) => &[],
        }
    }
}

pub(super) fn parse_state(member: &Member, reader: &mut Reader<'_>) -> State {
    let (name, span) = (member.key.clone(), member.span());
    check_name(&name, reader);
    let Some(mut fields) = Fields::new(&member.value, format!("state `{}`", name.value), name.span, reader)
    else {
        let query_language = language(reader.machine_jsonata);
        return State { name, span, comment: None, query_language, work: Work::Unknown(Vec::new()) };
    };
    let comment = fields.comment(reader);
    let state_type = state_type(&mut fields, reader);
    let outer = (reader.jsonata, std::mem::take(&mut reader.field));
    reader.jsonata = state_language(&mut fields, reader);
    let query_language = language(reader.jsonata);
    let work = match state_type {
        Some(state_type) => {
            fields.of_state(state_type, reader);
            let work = parse_work(state_type, &mut fields, reader);
            fields.finish_state(state_type, reader);
            work
        }
        None => Work::Unknown(targets(&member.value)),
    };
    (reader.jsonata, reader.field) = outer;
    State { name, span, comment, query_language, work }
}

const fn language(jsonata: bool) -> QueryLanguage {
    if jsonata { QueryLanguage::Jsonata } else { QueryLanguage::JsonPath }
}

fn parse_work(state_type: StateType, fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Work {
    match state_type {
        StateType::Pass => Work::Pass(Box::new(pass::parse(fields, reader))),
        StateType::Task => Work::Task(Box::new(task::parse(fields, reader))),
        StateType::Choice => Work::Choice(choice::parse(fields, reader)),
        StateType::Wait => Work::Wait(Box::new(wait::parse(fields, reader))),
        StateType::Succeed => Work::Succeed(succeed::parse(fields, reader)),
        StateType::Fail => Work::Fail(fail::parse(fields, reader)),
        StateType::Parallel => Work::Parallel(Box::new(parallel::parse(fields, reader))),
        StateType::Map => Work::Map(Box::new(map::parse(fields, reader))),
    }
}

fn check_name(name: &Text, reader: &mut Reader<'_>) {
    let characters = name.value.chars().count();
    let message = match characters {
        0 => "a state has an empty name".to_owned(),
        1..=STATE_NAME_CHARACTERS => return,
        _ => format!("the name of a state has {characters} characters"),
    };
    let diagnostic = Diagnostic::new(Code::InvalidStateName, name.span, message);
    reader.report(diagnostic.label(format!("expected 1 to {STATE_NAME_CHARACTERS} characters")));
}

fn state_type(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<StateType> {
    let text = match fields.misspelt("Type", reader) {
        Some(value) => value.as_text()?,
        None => fields.required_text("Type", reader)?,
    };
    let found = StateType::from_name(&text.value);
    let near = closest(&text.value, state_type_names());
    // A word that begins alike has only a typo; `Nap` may be anything.
    let slip = near.filter(|name| {
        name.get(..1).is_some_and(|first| first.eq_ignore_ascii_case(text.value.get(..1).unwrap_or_default()))
    });
    if found.is_none() {
        let message = format!("there is no state type `{}`", text.value);
        let names = state_type_names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let diagnostic = Diagnostic::new(Code::UnknownStateType, text.span, message)
            .label(format!("expected one of {names}"));
        let diagnostic = match words::state_type(&text.value).or(near) {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
            None => diagnostic,
        };
        // What has only a typo is read as what was meant, so that nothing is left open.
        match slip {
            Some(_) => reader.aside(|reader| reader.report(diagnostic)),
            None => reader.report(diagnostic),
        }
    }
    found.or_else(|| slip.and_then(StateType::from_name))
}

/// The query language of a state: its own, or the machine's. A surrounding Map or Parallel does not count.
fn state_language(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> bool {
    let span = fields.span_of("QueryLanguage").unwrap_or_else(|| fields.span());
    let Some(jsonata) = query_language(fields, reader) else { return reader.machine_jsonata };
    if reader.machine_jsonata && !jsonata {
        let message = format!("the query language of {} cannot be JSONPath", fields.owner());
        reader.report(
            Diagnostic::new(Code::InvalidValue, span, message)
                .label("the query language of the whole machine is JSONata"),
        );
    }
    jsonata
}

/// Every name in a `Next` or `Default` anywhere in a state of unknown type.
fn targets(value: &Value) -> Vec<Text> {
    let mut found = Vec::new();
    collect_targets(value, &mut found);
    found
}

fn collect_targets(value: &Value, found: &mut Vec<Text>) {
    match &value.kind {
        Kind::Object(members) => {
            for member in members {
                if let Kind::String(text) = &member.value.kind
                    && ["Next", "Default"].contains(&member.key.value.as_str())
                {
                    found.push(text.clone());
                }
                collect_targets(&member.value, found);
            }
        }
        Kind::Array(values) => values.iter().for_each(|value| collect_targets(value, found)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}
