//! A definition as a graph: states, and what leads from one to the other.
//!
//! In: the JSON of a definition in either query language, whether or not it is valid. Out: a [`Graph`] for every scope. It reads what it can
//! and leaves out what makes no sense, so that a picture comes of an unfinished definition too.

use crate::condition;
use asl_compiler::json::Value;
use asl_compiler::outline::{self, LinkedBy, Machine, StateType};
use asl_language::resource::{Pattern, Resource, split_suffix};
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
    pub kind: StateKind,
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
pub enum StateKind {
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
    let mut graph = read_machine(Machine::of(scope), 0);
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

    /// Assigns states and transitions their numbers, which stay the same when some are folded.
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

fn read_machine(machine: Machine<'_>, depth: usize) -> Graph {
    let written: Vec<_> = machine.states().collect();
    let ids: BTreeMap<&str, usize> =
        written.iter().enumerate().map(|(index, state)| (state.name(), index)).collect();
    let start_at = machine.start_at().and_then(|name| ids.get(name.value.as_str()).copied());
    let states = written.iter().map(|state| read_state(state, depth)).collect();
    let mut edges = Vec::new();
    for (from, state) in written.iter().enumerate() {
        add_edges(from, state, &ids, &mut edges);
    }
    Graph { states, edges, start_at }
}

fn read_state(state: &outline::State<'_>, depth: usize) -> State {
    let kind = match state.state_type() {
        Some(StateType::Task) => StateKind::Task(service(state.text("Resource").unwrap_or_default())),
        Some(StateType::Pass) => StateKind::Pass,
        Some(StateType::Choice) => StateKind::Choice,
        Some(StateType::Wait) => StateKind::Wait,
        Some(StateType::Succeed) => StateKind::Succeed,
        Some(StateType::Fail) => StateKind::Fail,
        Some(StateType::Parallel) => StateKind::Parallel,
        Some(StateType::Map) => StateKind::Map,
        None => StateKind::Unknown,
    };
    let has_machines = depth < DEPTH && matches!(kind, StateKind::Parallel | StateKind::Map);
    let machines = state.machines().filter(|_| has_machines);
    State {
        name: state.name().to_owned(),
        detail: detail(state, &kind),
        about: state.text("Comment").or_else(|| state.text("Resource")).unwrap_or_default().to_owned(),
        retriers: state.elements("Retry").len(),
        kind,
        inner: machines.map(|machine| read_machine(machine, depth + 1)).collect(),
        folded: 0,
        number: 0,
    }
}

/// The service that a task asks: `lambda`, `s3`, `activity`, or nothing where that is not known.
fn service(resource: &str) -> String {
    String::from(match Resource::parse(resource) {
        Resource::Service { service, .. } => service.split_once(':').map_or(service, |(_sdk, name)| name),
        Resource::Activity => "activity",
        Resource::Lambda => "lambda",
        Resource::Other if resource.starts_with("${") => "lambda",
        Resource::Other => "",
    })
}

fn detail(state: &outline::State<'_>, kind: &StateKind) -> String {
    match kind {
        StateKind::Task(_) => task_detail(state.text("Resource").unwrap_or_default()),
        StateKind::Wait => wait_detail(state),
        StateKind::Fail => state.text("Error").unwrap_or("Fail").to_owned(),
        StateKind::Map => map_detail(state),
        StateKind::Parallel => String::from("Parallel"),
        StateKind::Pass => String::from("Pass"),
        StateKind::Choice => String::from("Choice"),
        StateKind::Succeed => String::from("Succeed"),
        StateKind::Unknown => state.text("Type").unwrap_or("no type").to_owned(),
    }
}

fn task_detail(resource: &str) -> String {
    let last = resource.rsplit(':').next().unwrap_or(resource);
    match Resource::parse(resource) {
        Resource::Service { service, action, pattern } => {
            let service = service.split_once(':').map_or(service, |(_sdk, name)| name);
            let waits = match pattern {
                Pattern::RequestResponse => "",
                Pattern::Sync => ", waits for the job",
                Pattern::WaitForTaskToken => ", waits for its token",
            };
            format!("{service}: {}{waits}", split_suffix(action).0)
        }
        Resource::Activity => format!("activity: {last}"),
        Resource::Lambda => match resource.split_once(":function:") {
            Some((_, function)) => format!("lambda: {function}"),
            None => resource.to_owned(),
        },
        Resource::Other => resource.to_owned(),
    }
}

fn wait_detail(state: &outline::State<'_>) -> String {
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

fn map_detail(state: &outline::State<'_>) -> String {
    let kind = if state.is_distributed() { "Distributed Map" } else { "Map" };
    let items = state.text("ItemsPath").or_else(|| state.text("Items"));
    items.map_or_else(|| kind.to_owned(), |items| format!("{kind} of {}", condition::bare(items)))
}

fn add_edges(from: usize, state: &outline::State<'_>, ids: &BTreeMap<&str, usize>, edges: &mut Vec<Edge>) {
    let mut links = state.links();
    links.sort_by_key(|link| order(link.by));
    for link in links {
        let Some(to) = ids.get(link.to.value.as_str()).copied() else { continue };
        let (label, reason) = match link.by {
            LinkedBy::Rule(number) => (
                state.elements("Choices").get(number).map(condition::text).unwrap_or_default(),
                Reason::Choice,
            ),
            LinkedBy::Default => (String::from("otherwise"), Reason::Choice),
            LinkedBy::Next => (String::new(), Reason::Next),
            LinkedBy::Catcher(number) => {
                (state.elements("Catch").get(number).map(errors).unwrap_or_default(), Reason::Catch)
            }
        };
        edges.push(Edge { from, to: Some(to), label, reason, number: 0 });
    }
    if state.get("End").and_then(Value::as_bool) == Some(true) {
        edges.push(Edge { from, to: None, label: String::new(), reason: Reason::Next, number: 0 });
    }
}

/// The order in which what leads on is tried, and drawn.
const fn order(by: LinkedBy) -> (usize, usize) {
    match by {
        LinkedBy::Rule(number) => (0, number),
        LinkedBy::Default => (1, 0),
        LinkedBy::Next => (2, 0),
        LinkedBy::Catcher(number) => (3, number),
    }
}

/// The names of the errors of a catcher.
fn errors(catcher: &Value) -> String {
    let errors = catcher.get("ErrorEquals").and_then(Value::as_array).unwrap_or_default();
    errors.iter().filter_map(Value::as_str).map(short_error).collect::<Vec<_>>().join(", ")
}

fn short_error(name: &str) -> &str {
    match name {
        "States.ALL" => "any error",
        name => name.strip_prefix("States.").unwrap_or(name),
    }
}
