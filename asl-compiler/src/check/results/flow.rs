//! How knowledge flows through a state of each type.

use super::known::Known;
use super::read::{Miss, Reads, place};
use crate::check::resource::is_http_invoke;
use crate::definition::{
    After, Catcher, Choice, Fail, FailText, Items, Map, Output, Parallel, Pass, Seconds, Task, Transition,
    Until, Wait, Work,
};
use crate::ir::StateId;
use crate::json::Text;
use crate::path::Path;
use crate::resolve::{Machine, State};

/// What comes out of a state.
pub(super) struct Step<'d> {
    /// The states that can follow, with what is known at their entry.
    pub(super) edges: Vec<(StateId, Known)>,
    /// The paths that must lead nowhere.
    pub(super) misses: Vec<Miss<'d>>,
}

/// Lets what is known at the entry flow through a state.
pub(super) fn step<'d>(machine: &Machine<'d>, id: StateId, state: &State<'d>, entry: &Known) -> Step<'d> {
    let mut flow = Flow { machine, id, state, entry, reads: Reads::default(), edges: Vec::new() };
    match &state.definition.work {
        Work::Pass(pass) => flow.pass(pass),
        Work::Task(task) => flow.task(task),
        Work::Choice(choice) => flow.choice(choice),
        Work::Wait(wait) => flow.wait(wait),
        Work::Succeed(succeed) => {
            let effective = flow.reads.selection(&succeed.input, entry);
            flow.reads.output(&succeed.output, &effective);
        }
        Work::Fail(fail) => flow.fail(fail),
        Work::Parallel(parallel) => flow.parallel(parallel),
        Work::Map(map) => flow.map(map),
        Work::Unknown(names) => names.iter().for_each(|name| flow.lead(Some(name), Known::default())),
    }
    Step { edges: flow.edges, misses: flow.reads.misses }
}

struct Flow<'a, 'd> {
    machine: &'a Machine<'d>,
    id: StateId,
    state: &'a State<'d>,
    entry: &'a Known,
    reads: Reads<'d>,
    edges: Vec<(StateId, Known)>,
}

impl<'d> Flow<'_, 'd> {
    fn lead(&mut self, name: Option<&Text>, known: Known) {
        if let Some(name) = name
            && let Some(next) = self.machine.target(self.state.scope, &name.value)
        {
            self.edges.push((next, known));
        }
    }

    fn follow(&mut self, transition: &Transition, known: Known) {
        match transition {
            Transition::Next(name) => self.lead(Some(name), known),
            Transition::End | Transition::Missing => {}
        }
    }

    fn pass(&mut self, pass: &'d Pass) {
        let effective = self.reads.selection(&pass.input, self.entry);
        let parameters = self.reads.template(pass.parameters.as_ref(), &effective);
        let result = if pass.result.is_some() { Known::default() } else { parameters };
        self.reads.assign(&pass.assign, &result);
        let placed = place(&pass.result_path, self.entry, result);
        let output = self.reads.output(&pass.output, &placed);
        self.follow(&pass.transition, output);
    }

    fn task(&mut self, task: &'d Task) {
        let effective = self.reads.selection(&task.input, self.entry);
        self.reads.template(task.parameters.as_ref(), &effective);
        // Which data these paths see is recorded only where nothing comes before them.
        if matches!(task.input, crate::definition::Selection::Whole) {
            for seconds in task.timeout.iter().chain(&task.heartbeat) {
                self.seconds(seconds);
            }
        }
        let is_http = task.resource.as_ref().is_some_and(|resource| is_http_invoke(&resource.value));
        let result = if is_http { Known::http_result(self.id) } else { Known::default() };
        self.after(&task.after, &result);
        self.catch(&task.catchers);
    }

    fn seconds(&mut self, seconds: &'d Seconds) {
        match seconds {
            Seconds::Constant(_) | Seconds::Expression(_) => {}
            Seconds::Path(path) => self.read(path, &self.entry.clone()),
        }
    }

    fn read(&mut self, path: &'d Path, known: &Known) {
        self.reads.path(path, known);
    }

    fn after(&mut self, after: &'d After, result: &Known) {
        self.reads.assign(&after.assign, result);
        let selected = self.reads.template(after.result_selector.as_ref(), result);
        let placed = place(&after.result_path, self.entry, selected);
        let output = self.reads.output(&after.output, &placed);
        self.follow(&after.transition, output);
    }

    fn catch(&mut self, catchers: &'d [Catcher]) {
        for catcher in catchers {
            self.reads.assign(&catcher.assign, &Known::default());
            let known = match catcher.output {
                Some(_) => Known::default(),
                None => place(&catcher.result_path, self.entry, Known::default()),
            };
            self.lead(catcher.next.as_ref(), known);
        }
    }

    fn choice(&mut self, choice: &'d Choice) {
        let effective = self.reads.selection(&choice.input, self.entry);
        // In JSONata the `Output` of the state counts only where no rule holds.
        let passed = match &choice.output {
            Output::Selection(selection) => self.reads.selection(selection, &effective),
            Output::Template(_) => effective.clone(),
        };
        for rule in &choice.rules {
            let holds =
                rule.condition.as_ref().and_then(|condition| self.reads.condition(condition, &effective));
            if holds != Some(false) {
                self.reads.assign(&rule.assign, &effective);
                let known = if rule.output.is_some() { Known::default() } else { passed.clone() };
                self.lead(rule.next.as_ref(), known);
            }
            if holds == Some(true) {
                return;
            }
        }
        if choice.default.is_some() {
            self.reads.assign(&choice.assign, &effective);
        }
        let output = self.reads.output(&choice.output, &effective);
        self.lead(choice.default.as_ref(), output);
    }

    fn wait(&mut self, wait: &'d Wait) {
        let effective = self.reads.selection(&wait.input, self.entry);
        if let Some(Until::SecondsPath(path) | Until::TimestampPath(path)) = &wait.until {
            self.read(path, &effective);
        }
        self.reads.assign(&wait.assign, &effective);
        let output = self.reads.output(&wait.output, &effective);
        self.follow(&wait.transition, output);
    }

    fn fail(&mut self, fail: &'d Fail) {
        for text in fail.error.iter().chain(&fail.cause) {
            match text {
                FailText::Constant(_) | FailText::Expression(_) => {}
                FailText::Path(path) => self.read(path, &self.entry.clone()),
                FailText::Intrinsic { call, .. } => self.reads.call(call, self.entry),
            }
        }
    }

    fn parallel(&mut self, parallel: &'d Parallel) {
        let effective = self.reads.selection(&parallel.input, self.entry);
        let input = self.reads.template(parallel.parameters.as_ref(), &effective);
        self.start(&input);
        self.after(&parallel.after, &Known::default());
        self.catch(&parallel.catchers);
    }

    fn map(&mut self, map: &'d Map) {
        let effective = self.reads.selection(&map.input, self.entry);
        // An `ItemsPath` beside an `ItemReader` is not even looked at.
        if let Some(Items::Path(items)) = map.items.as_ref().filter(|_| map.item_reader.is_none()) {
            self.read(items, &effective);
        }
        let item = match &map.item_selector {
            Some(selector) => self.reads.template(Some(selector), &effective),
            None => Known::default(),
        };
        for template in map.templates() {
            self.reads.template(Some(template), &effective);
        }
        self.start(&if map.item_batcher.is_some() { Known::default() } else { item });
        self.after(&map.after, &Known::default());
        self.catch(&map.catchers);
    }

    /// Starts the scopes in the state.
    fn start(&mut self, known: &Known) {
        let starts: Vec<_> = self.state.inner.iter().filter_map(|scope| self.machine.start(*scope)).collect();
        self.edges.extend(starts.into_iter().map(|start| (start, known.clone())));
    }
}
