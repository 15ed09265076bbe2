//! How what is known flows through a state of each type.

use super::kind::{Range, Wanted};
use super::read::{Finding, Reads, Scope};
use super::{Array, Field, Object, Origin, Shape, Source, map};
use crate::definition::{
    After, Catcher, Choice, ChoiceRule, Fail, FailText, Output, Parallel, Pass, ResultPath, Seconds,
    Selection, StateName, Succeed, Task, Transition, Until, Wait, Work,
};
use crate::json::Text;
use crate::resolve::{Machine, ScopeId, State, targets};
use crate::source::Span;
use crate::vocabulary::StateId;

/// What is known where a state is entered.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Facts {
    /// The data.
    pub(super) data: Shape,
    /// The variables: an object with a field for each that may have been assigned.
    pub(super) variables: Shape,
    /// `$$.Map.Item.Value`
    pub(super) item: Shape,
    /// `$$.Execution.Input`
    pub(super) execution: Shape,
}

impl Facts {
    /// What is known where an execution starts.
    pub(super) fn at_start(input: &Shape) -> Self {
        Self {
            data: input.clone(),
            variables: Shape::object(Object::default()),
            item: Shape::UNKNOWN,
            execution: input.clone(),
        }
    }

    /// Nothing is known.
    pub(super) const fn unknown() -> Self {
        Self {
            data: Shape::UNKNOWN,
            variables: Shape::UNKNOWN,
            item: Shape::UNKNOWN,
            execution: Shape::UNKNOWN,
        }
    }

    /// The same with other data.
    pub(super) fn with(&self, data: Shape) -> Self {
        Self { data, ..self.clone() }
    }

    pub(super) fn join(&self, other: &Self) -> Self {
        self.combine(other, Shape::join)
    }

    pub(super) fn widen(&self, other: &Self) -> Self {
        self.combine(other, Shape::widen)
    }

    fn combine(&self, other: &Self, combine: impl Fn(&Shape, &Shape) -> Shape) -> Self {
        Self {
            data: combine(&self.data, &other.data),
            variables: combine(&self.variables, &other.variables),
            item: combine(&self.item, &other.item),
            execution: combine(&self.execution, &other.execution),
        }
    }
}

/// Where a state leads.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edge {
    /// To a state; the place that says so.
    State(StateId, Span),
    /// Out of its scope.
    End(ScopeId),
}

/// What comes out of a state.
#[derive(Debug, Default)]
pub(super) struct Outflow<'d> {
    /// Where it leads, with what is known there.
    pub(super) edges: Vec<(Edge, Facts)>,
    /// What cannot work.
    pub(super) findings: Vec<Finding<'d>>,
}

/// What does not change while the data is followed through a state.
#[derive(Clone, Copy)]
pub(super) struct AtState<'a, 'd> {
    pub(super) machine: &'a Machine<'d>,
    pub(super) id: StateId,
    pub(super) state: &'a State<'d>,
    /// What its task yields, if it is one.
    pub(super) result: &'a Shape,
    /// For each scope what comes out of it, if it is known to end.
    pub(super) outputs: &'a [Option<Shape>],
}

/// Lets what is known at the entry flow through a state.
pub(super) fn step<'d>(place: AtState<'_, 'd>, entry: &Facts) -> Outflow<'d> {
    let mut flow = Flow { place, entry, reads: Reads::default(), edges: Vec::new() };
    match &place.state.definition.work {
        Work::Pass(pass) => flow.pass(pass),
        Work::Task(task) => flow.task(task),
        Work::Choice(choice) => flow.choice(choice),
        Work::Wait(wait) => flow.wait(wait),
        Work::Succeed(succeed) => flow.succeed(succeed),
        Work::Fail(fail) => flow.fail(fail),
        Work::Parallel(parallel) => flow.parallel(parallel),
        Work::Map(map) => map::flow(&mut flow, map),
        // Following nothing would report all that comes after it as unreachable or missing, though only this state is wrong.
        Work::Unknown(_) => return anything(place.machine, place.state),
    }
    Outflow { edges: flow.edges, findings: flow.reads.findings }
}

/// What comes out of a state that is not known in full: anything, wherever it may lead.
pub(super) fn anything<'d>(machine: &Machine<'d>, state: &State<'d>) -> Outflow<'d> {
    let facts = Facts::unknown();
    let next = targets(state.definition);
    let lead = |scope, name: &Text| Some(Edge::State(machine.target(scope, &name.value)?, name.span));
    let next = next.iter().filter_map(|target| lead(state.scope, target.name));
    // Scopes within it are looked at too: their mistakes are not those of the state around them.
    let inner = state.inner.iter().filter_map(|scope| lead(*scope, machine.start_at(*scope)?));
    let edges = next.chain(inner).chain([Edge::End(state.scope)]);
    Outflow { edges: edges.map(|edge| (edge, facts.clone())).collect(), findings: Vec::new() }
}

pub(super) struct Flow<'a, 'd> {
    pub(super) place: AtState<'a, 'd>,
    pub(super) entry: &'a Facts,
    pub(super) reads: Reads<'d>,
    edges: Vec<(Edge, Facts)>,
}

impl<'d> Flow<'_, 'd> {
    fn lead(&mut self, name: Option<&StateName>, facts: Facts) {
        if let Some(name) = name
            && let Some(next) = self.place.machine.target(self.place.state.scope, &name.value)
        {
            self.edges.push((Edge::State(next, name.span), facts));
        }
    }

    fn follow(&mut self, transition: &Transition, facts: Facts) {
        match transition {
            Transition::Next(name) => self.lead(Some(name), facts),
            Transition::End => self.edges.push((Edge::End(self.place.state.scope), facts)),
            Transition::Missing => {
                // A missing transition is an error by itself; with the real data, the scope would have an output that the corrected
                // machine may not have.
                self.edges.push((Edge::End(self.place.state.scope), facts.with(Shape::UNKNOWN)));
            }
        }
    }

    /// The data after a result was put where `ResultPath` says.
    fn put(&mut self, path: &'d ResultPath, result: Shape) -> Shape {
        let raw = &self.entry.data;
        match path {
            ResultPath::Replace => result,
            ResultPath::Discard => raw.clone(),
            ResultPath::At(path) => match raw.put(&path.ir_steps(), &result) {
                Some(written) => written,
                // Nothing comes here, and what made that so was reported already.
                None if raw.is_never() => Shape::UNKNOWN,
                None => {
                    self.reads.found(Finding::NoObject { path, data: raw.clone() });
                    Shape::UNKNOWN
                }
            },
        }
    }

    // Every field is named, so that a new one that nothing follows the data through does not compile.

    fn pass(&mut self, pass: &'d Pass) {
        let Pass { input, parameters, result, result_path, assign, output, transition } = pass;
        let entry = self.entry;
        let effective = self.reads.selection(input, &entry.data, entry);
        let parameters = self.reads.template(parameters.as_ref(), &effective, entry);
        // A `Result` of null counts as absent.
        let result = result.as_ref().filter(|result| !result.is_null());
        let result = result.map_or(parameters, Shape::of_value);
        let variables = self.reads.assign(assign, &result, entry);
        let written = self.put(result_path, result);
        let output = self.reads.output(output, &written, entry);
        self.follow(transition, Facts { variables, ..entry.with(output) });
    }

    fn task(&mut self, task: &'d Task) {
        let Task {
            // What it yields was looked up before.
            resource: _,
            input,
            parameters,
            credentials,
            timeout,
            heartbeat,
            after,
            retriers: _,
            catchers,
        } = task;
        let entry = self.entry;
        let effective = self.reads.selection(input, &entry.data, entry);
        self.reads.template(parameters.as_ref(), &effective, entry);
        // What is sent leaves the machine: only its paths are of interest, and what comes back is known from the services.
        if let Some(credentials) = credentials {
            self.reads.built(&credentials.value, &effective, entry);
        }
        // Which data these paths see is recorded only where nothing comes before them.
        if matches!(input, Selection::Whole) {
            for seconds in timeout.iter().chain(heartbeat) {
                self.number(seconds, Range::TIMEOUT, Range::TIMEOUT);
            }
        }
        self.after(after, self.place.result);
        self.catch(catchers);
    }

    /// A number, which an expression computes or a path leads to.
    pub(super) fn number(&mut self, number: &'d Seconds, computed: Range, found: Range) {
        match number {
            Seconds::Constant(_) => {}
            Seconds::Expression(expression) => {
                self.reads.field(expression, Wanted::Number(computed), self.entry);
            }
            Seconds::Path(path) => {
                self.reads.field_path(path, Wanted::Number(found), &self.entry.data, self.entry);
            }
        }
    }

    pub(super) fn after(&mut self, after: &'d After, result: &Shape) {
        let After { assign, result_selector, result_path, output, transition } = after;
        let entry = self.entry;
        // In JSONata, `$states.result` exists only in the fields after the work.
        self.reads.scope = Scope { result: Some(result.clone()), ..Scope::default() };
        // AWS evaluates `Assign` on the raw result and before `ResultSelector`, and all its values from the variables of before.
        let variables = self.reads.assign(assign, result, entry);
        let selected = self.reads.template(result_selector.as_ref(), result, entry);
        let written = self.put(result_path, selected);
        let output = self.reads.output(output, &written, entry);
        self.reads.scope = Scope::default();
        self.follow(transition, Facts { variables, ..entry.with(output) });
    }

    pub(super) fn catch(&mut self, catchers: &'d [Catcher]) {
        for catcher in catchers {
            let Catcher { error_equals: _, error_equals_span, assign, result_path, output, next } = catcher;
            let error = error_output(*error_equals_span);
            self.reads.scope = Scope { error_output: Some(error.clone()), ..Scope::default() };
            let variables = self.reads.assign(assign, &error, self.entry);
            let written = match output {
                Some(output) => self.reads.built(output, &error, self.entry),
                None => self.put(result_path, error),
            };
            self.reads.scope = Scope::default();
            self.lead(next.as_ref(), Facts { variables, ..self.entry.with(written) });
        }
    }

    fn choice(&mut self, choice: &'d Choice) {
        let Choice { input, output, rules, assign, default } = choice;
        let effective = self.reads.selection(input, &self.entry.data, self.entry);
        let mut facts = Some(self.entry.with(effective));
        for (rule, number) in rules.iter().zip(0..) {
            // A rule that always holds lets nothing through to the next ones, of which the first was reported then.
            let Some(before) = facts else { return };
            let Some(condition) = &rule.condition else {
                if let Some(variable) = &rule.variable {
                    self.reads.path(variable, &before.data, &before);
                }
                self.choose(rule, output, &before);
                facts = Some(before);
                continue;
            };
            let decided = self.reads.condition(condition, &before);
            if let Some(holds) = decided.holds {
                // Only the first of the rules that are never reached: the others have the same cause.
                if decided.fails.is_none() && number + 1 < rules.len() {
                    self.reads.found(Finding::NeverReached { choice, rule: number + 1, behind: number });
                }
                self.choose(rule, output, &holds);
            }
            facts = decided.fails;
        }
        let Some(facts) = facts else { return };
        // Some data fails every rule, so the state can fail with `States.NoChoiceMatched`; nothing goes on from here.
        if default.is_none() {
            self.reads.found(Finding::NotExhaustive);
            return;
        }
        let variables = self.reads.assign(assign, &facts.data, &facts);
        let output = self.reads.output(output, &facts.data, &facts);
        self.lead(default.as_ref(), Facts { variables, ..facts.with(output) });
    }

    /// Leaves a Choice by a rule.
    fn choose(&mut self, rule: &'d ChoiceRule, of_state: &'d Output, facts: &Facts) {
        // What it asks for was followed before.
        let ChoiceRule { condition: _, variable: _, assign, output, next } = rule;
        let variables = self.reads.assign(assign, &facts.data, facts);
        let output = match (output, of_state) {
            (Some(output), _) => self.reads.built(output, &facts.data, facts),
            // In JSONata the `Output` of the state counts only where no rule holds.
            (None, Output::Template(_)) => facts.data.clone(),
            (None, Output::Selection(_)) => self.reads.output(of_state, &facts.data, facts),
        };
        self.lead(next.as_ref(), Facts { variables, ..facts.with(output) });
    }

    fn wait(&mut self, wait: &'d Wait) {
        let Wait { input, until, assign, output, transition } = wait;
        let entry = self.entry;
        let effective = self.reads.selection(input, &entry.data, entry);
        match until {
            Some(Until::SecondsPath(path)) => {
                let wanted = Wanted::Number(Range::COUNT.whole().or_text());
                self.reads.field_path(path, wanted, &effective, entry);
            }
            Some(Until::TimestampPath(path)) => {
                self.reads.field_path(path, Wanted::Timestamp, &effective, entry);
            }
            Some(Until::SecondsExpression(expression)) => {
                self.reads.field(expression, Wanted::Number(Range::COUNT.whole()), entry);
            }
            Some(Until::TimestampExpression(expression)) => {
                self.reads.field(expression, Wanted::Timestamp, entry);
            }
            Some(Until::Seconds(_) | Until::Timestamp(_)) | None => {}
        }
        let variables = self.reads.assign(assign, &effective, entry);
        let output = self.reads.output(output, &effective, entry);
        self.follow(transition, Facts { variables, ..entry.with(output) });
    }

    fn succeed(&mut self, Succeed { input, output }: &'d Succeed) {
        let effective = self.reads.selection(input, &self.entry.data, self.entry);
        let output = self.reads.output(output, &effective, self.entry);
        self.follow(&Transition::End, self.entry.with(output));
    }

    fn fail(&mut self, Fail { error, cause }: &'d Fail) {
        for text in error.iter().chain(cause) {
            match text {
                FailText::Constant(_) => {}
                FailText::Expression(expression) => {
                    self.reads.field(expression, Wanted::String, self.entry);
                }
                FailText::Path(path) => {
                    self.reads.field_path(path, Wanted::String, &self.entry.data, self.entry);
                }
                FailText::Intrinsic { call, .. } => {
                    self.reads.call(call, &self.entry.data, self.entry);
                }
            }
        }
    }

    fn parallel(&mut self, parallel: &'d Parallel) {
        let Parallel { input, parameters, branches: _, after, retriers: _, catchers } = parallel;
        let effective = self.reads.selection(input, &self.entry.data, self.entry);
        let input = self.reads.template(parameters.as_ref(), &effective, self.entry);
        self.start(&self.entry.with(input));
        self.catch(catchers);
        // A branch that never ends well lets nothing come after it.
        let scopes = self.place.state.inner.iter();
        let outputs: Option<Vec<_>> = scopes.map(|scope| self.place.outputs.get(scope.0)?.clone()).collect();
        if let Some(outputs) = outputs {
            self.after(after, &Shape::array(Array::Tuple(outputs)));
        }
    }

    /// Starts the scopes in the state.
    pub(super) fn start(&mut self, facts: &Facts) {
        for scope in &self.place.state.inner {
            if let Some(name) = self.place.machine.start_at(*scope)
                && let Some(start) = self.place.machine.start(*scope)
            {
                self.edges.push((Edge::State(start, name.span), facts.clone()));
            }
        }
    }
}

/// What a catcher gets; the place of its `ErrorEquals`.
fn error_output(error_equals: Span) -> Shape {
    let mut object = Object::closed([("Error", Shape::string())]);
    object.fields.insert("Cause".into(), Field { shape: Shape::string(), required: false });
    let source = Source { origin: Origin::ErrorOutput, span: Some(error_equals) };
    Shape::object(object.from(source))
}
