//! The top level of a definition, and what branches and item processors share with it: `StartAt` and `States`.

use super::fields::Fields;
use super::state::{State, parse_state};
use super::{Found, Names, Part, Reader, Reported, SUGGESTIONS, StateType};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{Kind, Text, Value};
use crate::path::PathPlace;
use crate::source::Span;
use crate::vocabulary::StateId;
use asl_language::limits;

/// More states than this are not compiled: the Rust compiler would take minutes.
pub(super) const STATE_LIMIT: usize = 10_000;

/// A definition.
#[derive(Clone, Debug, PartialEq)]
pub struct StateMachine {
    /// `Comment`
    pub comment: Option<String>,
    /// `TimeoutSeconds`
    pub timeout_seconds: Option<u64>,
    /// `StartAt` and `States`
    pub scope: Scope,
    /// The number of states, those of branches and item processors included.
    pub state_count: usize,
}

impl StateMachine {
    /// Whether it has more states than can be compiled, which was reported.
    #[must_use]
    pub const fn is_too_large(&self) -> bool {
        self.state_count > STATE_LIMIT
    }
}

/// States that can lead to each other: those of the machine, of a branch, or of an item processor.
#[derive(Clone, Debug, PartialEq)]
pub struct Scope {
    /// What it is, for messages: "the state machine", "branch 1 of state `X`".
    pub owner: String,
    /// Where messages about the whole of it point.
    pub span: Span,
    /// `StartAt`
    pub start_at: Option<Text>,
    /// `States`, in the order of the text.
    pub states: Vec<State>,
}

impl Part for Scope {
    type Checked = StateId;

    // What its states read is theirs.
    fn find<'d>(&'d self, _: &mut Found<'d>) {}

    fn checked(&self, names: &mut Names<'_>) -> Result<StateId, Reported> {
        names.starts.next().flatten().ok_or(Reported)
    }
}

/// Reads a definition.
pub(crate) fn parse(value: &Value, diagnostics: &mut Diagnostics) -> Option<StateMachine> {
    let mut reader = Reader {
        diagnostics,
        jsonata: false,
        machine_jsonata: false,
        place: PathPlace::default(),
        field: String::new(),
        states: 0,
        suggestions: SUGGESTIONS,
    };
    let reader = &mut reader;
    let start = Span::new(value.span.start, value.span.start.saturating_add(1));
    let mut fields = Fields::new(value, "the state machine", start, reader)?;
    fields.leave_out_nulls(&|name| ["TimeoutSeconds", "Version"].contains(&name), reader);
    let comment = fields.comment(reader);
    fields.one_of("Version", &["1.0"], reader);
    reader.machine_jsonata = query_language(&mut fields, reader) == Some(true);
    reader.jsonata = reader.machine_jsonata;
    let timeout_seconds =
        fields.whole("TimeoutSeconds", 1..=limits::MAX_SECONDS, reader).map(|seconds| seconds.value);
    let scope = parse_scope(&mut fields, reader);
    fields.finish(&["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"], reader);
    if reader.states > STATE_LIMIT {
        let message = format!(
            "the machine has {} states, more than the {STATE_LIMIT} that can be compiled",
            reader.states
        );
        reader.report(Diagnostic::new(Code::TooManyStates, start, message));
    }
    Some(StateMachine { comment, timeout_seconds, scope, state_count: reader.states })
}

/// `QueryLanguage`: whether it is JSONata, if it is given.
pub(super) fn query_language(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<bool> {
    fields.leave_out_nulls(&|name| name == "QueryLanguage", reader);
    let languages = ["JSONPath", "JSONata"];
    if fields.is_open("QueryLanguage") {
        // Whatever it will be, the other fields are of the language that they say.
        reader.aside(|reader| fields.one_of("QueryLanguage", &languages, reader));
        return fields.told_language();
    }
    let language = fields.one_of("QueryLanguage", &languages, reader)?;
    Some(language.value == "JSONata")
}

/// `StartAt` and `States`
pub(super) fn parse_scope(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Scope {
    let start_at = fields.required_text("StartAt", reader).cloned();
    let states = fields.required("States", reader);
    let owner = fields.owner().to_owned();
    let mut scope = Scope { owner, span: fields.span(), start_at, states: Vec::new() };
    let Some(states) = states else { return scope };
    let Kind::Object(members) = &states.kind else {
        fields.wrong_type::<()>("States", states, "an object", reader);
        return scope;
    };
    if members.is_empty() {
        let message = format!("`States` of {} is empty", scope.owner);
        reader.report(
            Diagnostic::new(Code::InvalidValue, states.span, message).label("expected at least one state"),
        );
    }
    reader.states = reader.states.saturating_add(members.len());
    scope.states = members.iter().map(|member| parse_state(member, reader)).collect();
    scope
}

/// The names of the state types, for messages.
pub(super) fn state_type_names() -> impl Iterator<Item = &'static str> {
    StateType::ALL.iter().map(|state_type| state_type.name())
}
