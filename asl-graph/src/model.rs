//! A definition as a graph: states, and what leads from one to the other.
//!
//! In: the JSON of a definition in either query language, whether or not it is valid. Out: a [`Graph`] for every scope. It reads what it can
//! and leaves out what makes no sense, so that a picture comes of an unfinished definition too.

use crate::condition;
use asl_compiler::json::Value;
use std::collections::BTreeMap;

/// The states of one scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// In the order of the text.
    pub states: Vec<State>,
    /// In the order of the text.
    pub edges: Vec<Edge>,
    /// The index of the first state.
    pub start_at: Option<usize>,
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// What it does, in a few words: `lambda: invoke`, `60 s`.
    pub detail: String,
    /// The longest text about it: its comment, or its resource.
    pub about: String,
    /// How many retriers it has.
    pub retriers: usize,
    /// Its branches, or the processor of its items.
    pub inner: Vec<Graph>,
    /// How many states are within it and not shown.
    pub folded: usize,
    /// Counts from 0 within the machine.
    pub number: usize,
}

impl State {
    /// The same without what is within it.
    pub(crate) fn alone(&self) -> Self {
        let Self { name, kind, detail, about, retriers, inner: _, folded, number } = self;
        Self {
            name: name.clone(),
            kind: kind.clone(),
            detail: detail.clone(),
            about: about.clone(),
            retriers: *retriers,
            inner: Vec::new(),
            folded: *folded,
            number: *number,
        }
    }
}

/// What a state is drawn as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A Task, with the service that it asks.
    Task(String),
    /// A Pass state.
    Pass,
    /// A Choice state.
    Choice,
    /// A Wait state.
    Wait,
    /// A Succeed state.
    Succeed,
    /// A Fail state.
    Fail,
    /// A Parallel state.
    Parallel,
    /// A Map state.
    Map,
    /// Of a type that there is not.
    Unknown,
}

/// A way from one state to another, or to the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The index of the state that is left.
    pub from: usize,
    /// The index of the state that follows; none is the end of the scope.
    pub to: Option<usize>,
    /// When it is taken.
    pub label: String,
    /// Why it is taken.
    pub reason: Reason,
    /// Counts from 0 within the machine.
    pub number: usize,
}

/// Why a way is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `Next` or `End`
    Next,
    /// A choice rule, or `Default`.
    Choice,
    /// A catcher.
    Catch,
}

/// Deeper scopes are not drawn; no machine is nested that deep.
const DEPTH: usize = 32;

/// The graph of a definition, or of a branch.
#[must_use]
pub fn read(scope: &Value) -> Graph {
    let mut graph = read_scope(scope, 0);
    graph.count_up(&mut (0, 0));
    graph
}

impl Graph {
    /// How many states are shown, those within others too.
    #[must_use]
    pub fn len(&self) -> usize {
        let inner = self.states.iter().flat_map(|state| &state.inner);
        self.states.len() + inner.map(Self::len).sum::<usize>()
    }

    /// Whether there is no state.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// The same with what is within states left out, but where these are open.
    #[must_use]
    pub fn folded(mut self, is_open: &dyn Fn(&str) -> bool) -> Self {
        for state in &mut self.states {
            let inner = std::mem::take(&mut state.inner);
            if is_open(&state.name) {
                state.inner = inner.into_iter().map(|graph| graph.folded(is_open)).collect();
            } else {
                state.folded += inner.iter().map(Self::len).sum::<usize>();
            }
        }
        self
    }

    /// Gives states and transitions their numbers, which stay the same when some are folded.
    fn count_up(&mut self, next: &mut (usize, usize)) {
        for edge in &mut self.edges {
            edge.number = next.1;
            next.1 += 1;
        }
        for state in &mut self.states {
            state.number = next.0;
            next.0 += 1;
            state.inner.iter_mut().for_each(|graph| graph.count_up(next));
        }
    }
}

fn read_scope(scope: &Value, depth: usize) -> Graph {
    let members = scope.get("States").and_then(Value::as_object).unwrap_or_default();
    let ids: BTreeMap<&str, usize> =
        members.iter().enumerate().map(|(index, member)| (member.name(), index)).collect();
    let start_at = scope.get("StartAt").and_then(Value::as_str).and_then(|name| ids.get(name).copied());
    let states = members.iter().map(|member| read_state(member.name(), &member.value, depth)).collect();
    let mut edges = Vec::new();
    for (from, member) in members.iter().enumerate() {
        add_edges(from, &member.value, &ids, &mut edges);
    }
    Graph { states, edges, start_at }
}

fn read_state(name: &str, state: &Value, depth: usize) -> State {
    let text = |field: &str| state.get(field).and_then(Value::as_str);
    let kind = match text("Type") {
        Some("Task") => Kind::Task(service(text("Resource").unwrap_or_default())),
        Some("Pass") => Kind::Pass,
        Some("Choice") => Kind::Choice,
        Some("Wait") => Kind::Wait,
        Some("Succeed") => Kind::Succeed,
        Some("Fail") => Kind::Fail,
        Some("Parallel") => Kind::Parallel,
        Some("Map") => Kind::Map,
        _ => Kind::Unknown,
    };
    let inner = if depth < DEPTH { inner(state, &kind, depth) } else { Vec::new() };
    State {
        name: name.to_owned(),
        detail: detail(state, &kind),
        about: text("Comment").or_else(|| text("Resource")).unwrap_or_default().to_owned(),
        retriers: state.get("Retry").and_then(Value::as_array).map_or(0, <[Value]>::len),
        kind,
        inner,
        folded: 0,
        number: 0,
    }
}

fn inner(state: &Value, kind: &Kind, depth: usize) -> Vec<Graph> {
    match kind {
        Kind::Parallel => {
            let branches = state.get("Branches").and_then(Value::as_array).unwrap_or_default();
            branches.iter().map(|branch| read_scope(branch, depth + 1)).collect()
        }
        Kind::Map => {
            let processor = state.get("ItemProcessor").or_else(|| state.get("Iterator"));
            processor.map(|processor| read_scope(processor, depth + 1)).into_iter().collect()
        }
        Kind::Task(_)
        | Kind::Pass
        | Kind::Choice
        | Kind::Wait
        | Kind::Succeed
        | Kind::Fail
        | Kind::Unknown => Vec::new(),
    }
}

/// The service that a task asks: `lambda`, `aws-sdk:s3`, `activity`, or nothing where only a placeholder is known.
fn service(resource: &str) -> String {
    if let Some((_, rest)) = resource.split_once(":states:::") {
        let mut parts = rest.split(':');
        return match (parts.next(), parts.next()) {
            (Some("aws-sdk"), Some(service)) => service.to_owned(),
            (Some(service), _) => service.to_owned(),
            (None, _) => String::new(),
        };
    }
    if resource.contains(":activity:") {
        return String::from("activity");
    }
    let is_function = resource.contains(":lambda:") || resource.starts_with("${");
    String::from(if is_function { "lambda" } else { "" })
}

fn detail(state: &Value, kind: &Kind) -> String {
    match kind {
        Kind::Task(_) => task_detail(state.get("Resource").and_then(Value::as_str).unwrap_or_default()),
        Kind::Wait => wait_detail(state),
        Kind::Fail => state.get("Error").and_then(Value::as_str).unwrap_or("Fail").to_owned(),
        Kind::Map => map_detail(state),
        Kind::Parallel => String::from("Parallel"),
        Kind::Pass => String::from("Pass"),
        Kind::Choice => String::from("Choice"),
        Kind::Succeed => String::from("Succeed"),
        Kind::Unknown => state.get("Type").and_then(Value::as_str).unwrap_or("no type").to_owned(),
    }
}

fn task_detail(resource: &str) -> String {
    if let Some((_, rest)) = resource.split_once(":states:::") {
        let rest = rest.strip_prefix("aws-sdk:").unwrap_or(rest);
        let (rest, pattern) = match rest.split_once('.') {
            Some((rest, "waitForTaskToken")) => (rest, ", waits for its token"),
            Some((rest, _)) => (rest, ", waits for the job"),
            None => (rest, ""),
        };
        return format!("{}{pattern}", rest.replacen(':', ": ", 1));
    }
    let last = resource.rsplit(':').next().unwrap_or(resource);
    match resource {
        resource if resource.contains(":activity:") => format!("activity: {last}"),
        resource if resource.contains(":function:") => match resource.split_once(":function:") {
            Some((_, function)) => format!("lambda: {function}"),
            None => last.to_owned(),
        },
        resource => resource.to_owned(),
    }
}

fn wait_detail(state: &Value) -> String {
    let text = |field: &str| state.get(field).map(condition::literal);
    if let Some(seconds) = text("Seconds") {
        return format!("{seconds} s");
    }
    if let Some(time) = text("Timestamp") {
        return format!("until {time}");
    }
    if let Some(path) = text("SecondsPath") {
        return format!("{path} s");
    }
    text("TimestampPath").map_or_else(|| String::from("Wait"), |path| format!("until {path}"))
}

fn map_detail(state: &Value) -> String {
    let processor = state.get("ItemProcessor").and_then(|value| value.get("ProcessorConfig"));
    let mode = processor.and_then(|value| value.get("Mode")).and_then(Value::as_str);
    let kind = if mode == Some("DISTRIBUTED") { "Distributed Map" } else { "Map" };
    let items = state.get("ItemsPath").or_else(|| state.get("Items")).and_then(Value::as_str);
    items.map_or_else(|| kind.to_owned(), |items| format!("{kind} of {}", condition::bare(items)))
}

fn add_edges(from: usize, state: &Value, ids: &BTreeMap<&str, usize>, edges: &mut Vec<Edge>) {
    let mut add = |to: Option<&Value>, label: String, reason| {
        let to = to.and_then(Value::as_str).and_then(|name| ids.get(name).copied());
        if to.is_some() {
            edges.push(Edge { from, to, label, reason, number: 0 });
        }
    };
    for rule in state.get("Choices").and_then(Value::as_array).unwrap_or_default() {
        add(rule.get("Next"), condition::text(rule), Reason::Choice);
    }
    add(state.get("Default"), String::from("otherwise"), Reason::Choice);
    add(state.get("Next"), String::new(), Reason::Next);
    for catcher in state.get("Catch").and_then(Value::as_array).unwrap_or_default() {
        let errors = catcher.get("ErrorEquals").and_then(Value::as_array).unwrap_or_default();
        let names: Vec<_> = errors.iter().filter_map(Value::as_str).map(short_error).collect();
        add(catcher.get("Next"), names.join(", "), Reason::Catch);
    }
    if state.get("End").and_then(Value::as_bool) == Some(true) {
        edges.push(Edge { from, to: None, label: String::new(), reason: Reason::Next, number: 0 });
    }
}

fn short_error(name: &str) -> &str {
    match name {
        "States.ALL" => "any error",
        name => name.strip_prefix("States.").unwrap_or(name),
    }
}
