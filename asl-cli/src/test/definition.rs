//! What there is to cover in a definition.
//!
//! In: the text of a definition as a value. Out: its states with their types, and its parts: states, transitions, rules, retriers and
//! catchers, each with its line. Never says what is wrong with it: the compiler does.

use asl_compiler::json::Value;
use asl_compiler::outline::{self, Machine};
use asl_compiler::source::{SourceFile, Span};
use asl_runtime::test::MockConfig;

/// A state, in whatever scope.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) name: String,
    pub(crate) state_type: String,
    /// The ARN of the resource is that of a Lambda function.
    pub(crate) is_function: bool,
}

/// Something that a test can use.
#[derive(Clone, Debug)]
pub(crate) struct TestedPart {
    pub(crate) kind: PartKind,
    pub(crate) state: String,
    pub(crate) line: usize,
    /// What tells it from others of its kind in its state.
    pub(crate) key: Key,
    /// What a person sees, beside the name of the state.
    pub(crate) text: String,
    /// The state that it leads to.
    pub(crate) to: Option<String>,
}

/// The kinds of parts, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PartKind {
    State,
    Transition,
    Rule,
    Retrier,
    Catcher,
}

impl PartKind {
    pub(crate) const ALL: [Self; 5] =
        [Self::State, Self::Transition, Self::Rule, Self::Retrier, Self::Catcher];

    /// As headings and JSON name them.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::State => "states",
            Self::Transition => "transitions",
            Self::Rule => "rules",
            Self::Retrier => "retriers",
            Self::Catcher => "catchers",
        }
    }
}

/// What tells a part from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// There is one in a state.
    Only,
    /// To this state.
    To(String),
    /// The place in its list.
    Number(usize),
    /// The `Default` of a Choice state.
    Default,
}

/// A definition, taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outline {
    pub(crate) states: Vec<State>,
    pub(crate) parts: Vec<TestedPart>,
}

impl Outline {
    /// Takes a definition apart.
    pub(crate) fn new(source: &SourceFile, definition: &Value) -> Self {
        let mut outline = Self::default();
        for state in Machine::of(definition).all_states() {
            outline.state(source, &state);
        }
        outline
    }

    fn state(&mut self, source: &SourceFile, state: &outline::State<'_>) {
        let (name, resource) = (state.name(), state.text("Resource").unwrap_or_default());
        let state_type = state.text("Type").unwrap_or_default();
        let is_function = MockConfig::is_function(resource);
        self.states.push(State { name: name.to_owned(), state_type: state_type.to_owned(), is_function });
        let mut part = |kind, span: Span, key, text: String, to: Option<String>| {
            let line = source.line(span.start);
            self.parts.push(TestedPart { kind, state: name.to_owned(), line, key, text, to });
        };
        part(PartKind::State, state.key.span, Key::Only, String::new(), None);
        let target = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if let Some(next) = state.get("Next") {
            let to = target(next);
            part(PartKind::Transition, next.span, Key::To(to.clone()), format!("to `{to}`"), Some(to));
        }
        for (number, rule) in state.elements("Choices").iter().enumerate() {
            let next = rule.get("Next").map(target).unwrap_or_default();
            let text = format!("rule {} to `{next}`", number + 1);
            part(PartKind::Rule, rule.span, Key::Number(number), text, Some(next));
        }
        if let Some(default) = state.get("Default") {
            let to = target(default);
            part(PartKind::Rule, default.span, Key::Default, format!("`Default` to `{to}`"), Some(to));
        }
        for (number, retrier) in state.elements("Retry").iter().enumerate() {
            let text = format!("retrier {} of {}", number + 1, errors(retrier));
            part(PartKind::Retrier, retrier.span, Key::Number(number), text, None);
        }
        for (number, catcher) in state.elements("Catch").iter().enumerate() {
            let next = catcher.get("Next").map(target).unwrap_or_default();
            let text = format!("catcher {} of {} to `{next}`", number + 1, errors(catcher));
            part(PartKind::Catcher, catcher.span, Key::Number(number), text, Some(next));
        }
    }
}

/// `A, B`
fn errors(value: &Value) -> String {
    let names = value.get("ErrorEquals").and_then(Value::as_array).unwrap_or_default();
    names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}
