//! What happened in an execution, as the pages tell it: which states it was in, when, how often each was tried, and what came of it.
//!
//! In: one [`Moment`] after the other, as they happen. Out: [`Visit`]s, each in the one that it is inside of, and a [`Line`] for each event. No data is
//! kept, so that a story of 1,000 events takes about 100 KiB.

mod iterations;
mod moment;
mod visit;

pub(crate) use iterations::Iteration;
pub(crate) use moment::cut;
pub(crate) use visit::{Attempt, Progress, Visit};

use asl_graph::{Iterations, Summary};
use asl_runtime::{Counts, Event};
use moment::Moment;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use visit::Slots;

/// An event of a story.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) id: u64,
    pub(crate) previous: u64,
    pub(crate) time: i64,
    pub(crate) kind: Arc<str>,
    /// The stay in a state that it belongs to.
    pub(crate) visit: Option<usize>,
    /// The branch or iteration that begins with it, or is in it.
    slot: Option<u64>,
    /// An error, or what is asked.
    pub(crate) note: Option<Arc<str>>,
}

impl Line {
    /// Whether it tells of an error.
    pub(crate) fn is_bad(&self) -> bool {
        self.kind.ends_with("Failed") || self.kind.ends_with("TimedOut")
    }
}

/// How an execution ended.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    pub(crate) state: Progress,
    pub(crate) error: Option<Arc<str>>,
    pub(crate) cause: Option<Arc<str>>,
    /// The stay in the state that ended it.
    pub(crate) visit: Option<usize>,
}

/// What happened in an execution.
#[derive(Clone, Debug, Default)]
pub(crate) struct Story {
    pub(crate) visits: Vec<Visit>,
    pub(crate) lines: Vec<Line>,
    pub(crate) ending: Option<Ending>,
    /// When it was redriven, each time.
    pub(crate) redriven: Vec<i64>,
    /// What happened in each state, all stays together: what pictures show.
    pub(crate) summary: Summary,
    /// Stays that have not ended.
    open: BTreeSet<usize>,
    /// Names that come again and again are there once.
    names: BTreeSet<Arc<str>>,
}

impl Story {
    /// When it began.
    pub(crate) fn began(&self) -> i64 {
        self.lines.first().map_or(0, |line| line.time)
    }

    /// When it ended, or the moment of the newest event.
    pub(crate) fn latest(&self) -> i64 {
        self.lines.last().map_or(0, |line| line.time)
    }

    /// The number of the newest event.
    pub(crate) fn last(&self) -> u64 {
        self.lines.last().map_or(0, |line| line.id)
    }

    pub(crate) fn visit(&self, number: usize) -> Option<&Visit> {
        self.visits.get(number)
    }

    /// The stay in a state that is shown where only the state was chosen: the first that went wrong, or the last.
    pub(crate) fn stay_in(&self, name: &str) -> Option<usize> {
        let in_it = || self.visits.iter().enumerate().filter(|(_, visit)| &*visit.name == name);
        let worst = in_it().find(|(_, visit)| visit.state.is_bad());
        worst.or_else(|| in_it().next_back()).map(|(number, _)| number)
    }

    /// The innermost stay in which the error began that another one failed with.
    pub(crate) fn deepest(&self, from: usize) -> usize {
        let mut at = from;
        while let Some(inner) = self.failed_in(at) {
            at = inner;
        }
        at
    }

    /// The stay in a scope because of which that failed: of a Map that tolerates failures the last one, and of a Parallel the first.
    fn failed_in(&self, scope: usize) -> Option<usize> {
        let of = self.visits.get(scope).filter(|visit| visit.is_scope())?;
        let inside = self.visits.iter().enumerate().skip(scope + 1);
        let failed = inside.filter(|(_, visit)| visit.parent == Some(scope) && visit.state.is_bad());
        let found = match &*of.kind {
            "Map" => failed.max_by_key(|(_, visit)| visit.left),
            _ => failed.min_by_key(|(_, visit)| visit.left),
        };
        found.map(|(number, _)| number)
    }

    /// How often a state was tried again.
    pub(crate) fn retries(&self) -> usize {
        self.visits.iter().filter(|visit| !visit.is_scope()).map(Visit::retries).sum()
    }

    /// The stays that have not ended, from the first on.
    pub(crate) fn open(&self) -> impl DoubleEndedIterator<Item = (usize, &Visit)> {
        self.open.iter().filter_map(|number| Some((*number, self.visits.get(*number)?)))
    }

    /// The event with a number.
    pub(crate) fn line(&self, id: u64) -> Option<&Line> {
        let place = self.lines.binary_search_by_key(&id, |line| line.id).ok()?;
        self.lines.get(place)
    }

    /// Goes on with the next event of an execution here.
    pub(crate) fn hear(&mut self, event: &Event) {
        self.summary.event(event);
        self.tell(Moment::of(event));
    }

    /// A distributed Map has come further; no event tells that.
    pub(crate) fn map_run(&mut self, arn: &str, items: &Counts) {
        let Some(visit) = self.visits.iter_mut().rev().find(|visit| visit.map_run.as_deref() == Some(arn))
        else {
            return;
        };
        let [succeeded, failed, aborted] = [items.succeeded, items.failed + items.timed_out, items.aborted];
        let begun = succeeded + failed + aborted + items.running;
        visit.slots = Slots { begun, succeeded, failed, aborted };
        visit.length = Some(items.total());
        let iterations = Iterations { items: items.total(), begun, succeeded, failed };
        self.summary.children(&visit.name, iterations);
    }

    /// The story that a history tells in the form of `GetExecutionHistory`, if it is one.
    pub(crate) fn read(history: &Value) -> Option<Self> {
        let events = history.get("events").unwrap_or(history).as_array()?;
        let mut moments: Vec<_> = events.iter().filter_map(Moment::read).collect();
        moments.sort_by_key(|moment| moment.id);
        let mut story = Self { summary: Summary::read(history)?, ..Self::default() };
        moments.into_iter().for_each(|moment| story.tell(moment));
        Some(story).filter(|story| !story.lines.is_empty())
    }

    /// Goes on with the next event. One that is known already is passed over.
    fn tell(&mut self, moment: Moment) {
        if moment.id <= self.last() && !self.lines.is_empty() {
            return;
        }
        let kind = self.name(&moment.kind);
        let (visit, slot) = self.place(&moment);
        self.note(&moment, visit);
        let note =
            moment.error.or(moment.about).map(|note| self.name(note.trim_start_matches("arn:aws:states:::")));
        self.lines.push(Line {
            id: moment.id,
            previous: moment.previous,
            time: moment.time,
            kind,
            visit,
            slot,
            note,
        });
    }

    fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.names.insert(Arc::clone(&name));
        name
    }

    /// The stay that an event belongs to, and the branch or iteration that begins with it.
    fn place(&mut self, moment: &Moment) -> (Option<usize>, Option<u64>) {
        let before = self.line(moment.previous).cloned();
        let at = before.as_ref().and_then(|line| line.visit);
        let kind = moment.kind.as_str();
        if let Some(state) = kind.strip_suffix("StateEntered") {
            return (Some(self.enter(moment, state, before)), None);
        }
        if kind.starts_with("MapIteration") {
            let of = self.around(at, |visit| moment.name.as_deref() == Some(&*visit.name));
            return (of, moment.number);
        }
        if let Some(state) = kind.strip_suffix("StateAborted") {
            return (self.aborted(at, state), None);
        }
        let holder = ["ParallelState", "MapState"].into_iter().find(|holder| kind.starts_with(holder));
        if let Some(holder) = holder
            && !kind.ends_with("Exited")
            && !kind.ends_with("Aborted")
        {
            let has_left = before.is_some_and(|line| line.kind.ends_with("Exited"));
            let from = if has_left { at.and_then(|at| self.visits.get(at)?.parent) } else { at };
            let of = holder.trim_end_matches("State");
            return (self.around(from, |visit| &*visit.kind == of), None);
        }
        if kind == "EvaluationFailed" || kind.ends_with("StateExited") {
            let named = |visit: &Visit| moment.name.as_deref() == Some(&*visit.name);
            let entered =
                || self.open.iter().rev().copied().find(|open| self.visits.get(*open).is_some_and(named));
            return (self.around(at, named).or_else(entered), None);
        }
        (at, before.and_then(|line| line.slot))
    }

    /// The stay that was stopped. The event follows that of the failure, whichever branch that was in; stays are told of from the first on.
    fn aborted(&self, at: Option<usize>, kind: &str) -> Option<usize> {
        let is_it = |number: &usize| {
            self.open.contains(number) && self.visits.get(*number).is_some_and(|visit| &*visit.kind == kind)
        };
        at.filter(is_it).or_else(|| self.open.iter().copied().find(is_it))
    }

    /// The innermost stay around one that fits, or itself.
    fn around(&self, from: Option<usize>, fits: impl Fn(&Visit) -> bool) -> Option<usize> {
        let mut at = from;
        while let Some(number) = at {
            let visit = self.visits.get(number)?;
            if fits(visit) {
                return Some(number);
            }
            at = visit.parent;
        }
        None
    }

    fn enter(&mut self, moment: &Moment, kind: &str, before: Option<Line>) -> usize {
        let at = before.as_ref().and_then(|line| line.visit);
        let (parent, slot) = match before {
            Some(line) if &*line.kind == "MapIterationStarted" => (at, line.slot.unwrap_or_default()),
            Some(line) if &*line.kind == "ParallelStateStarted" => (at, self.next_branch(at)),
            // A redrive goes on where it was.
            Some(line) if &*line.kind == "MapRunRedriven" => (at, 0),
            _ => at.and_then(|at| self.visits.get(at)).map_or((None, 0), |visit| (visit.parent, visit.slot)),
        };
        let (name, kind) = (self.name(moment.name.as_deref().unwrap_or_default()), self.name(kind));
        self.visits.push(Visit {
            name,
            kind,
            parent,
            slot,
            entered: moment.time,
            entry: moment.id,
            ..Visit::default()
        });
        let number = self.visits.len() - 1;
        self.open.insert(number);
        number
    }

    fn next_branch(&mut self, of: Option<usize>) -> u64 {
        let Some(visit) = of.and_then(|of| self.visits.get_mut(of)) else { return 0 };
        visit.slots.begun += 1;
        visit.slots.begun - 1
    }

    /// What an event says of the stay that it belongs to.
    fn note(&mut self, moment: &Moment, at: Option<usize>) {
        let (time, id, kind) = (moment.time, moment.id, moment.kind.as_str());
        if kind.starts_with("Execution") {
            return self.note_execution(moment, at);
        }
        let (error, cause) = (moment.error.as_deref(), moment.cause.as_deref().map(Arc::from));
        let error = error.map(|error| self.name(error));
        let about = moment.about.as_deref().map(|about| self.name(about));
        let Some(number) = at else { return };
        let Some(visit) = self.visits.get_mut(number) else { return };
        match kind {
            "FailStateEntered" => visit.state = Progress::Failed,
            "MapStateStarted" | "ParallelStateStarted" => {
                visit.length = moment.number.or(visit.length);
                visit.slots = Slots::default();
                visit.begin(time, id);
            }
            "MapRunStarted" | "MapRunRedriven" => visit.map_run = about,
            "MapRunSucceeded" => {}
            "MapIterationStarted" => visit.slots.begun += 1,
            "MapIterationSucceeded" => visit.slots.succeeded += 1,
            "MapIterationFailed" => visit.slots.failed += 1,
            "MapIterationAborted" => visit.slots.aborted += 1,
            _ if kind.ends_with("StateEntered") => {}
            _ if kind.ends_with("StateExited") => {
                let caught = visit.state == Progress::Retrying;
                visit.exit = Some(id);
                visit.end(time, if caught { Progress::Caught } else { Progress::Succeeded });
                self.open.remove(&number);
            }
            _ if kind.ends_with("Aborted") => {
                // One that had failed before was not stopped by others.
                let has_failed = visit.state == Progress::Retrying;
                visit.end(time, if has_failed { Progress::Failed } else { Progress::Aborted });
                self.open.remove(&number);
            }
            _ if kind.ends_with("Scheduled") => {
                visit.resource = about.or_else(|| visit.resource.take());
                visit.begin(time, id);
            }
            _ if kind.ends_with("Submitted") => {
                if let Some(attempt) = visit.attempts.last_mut() {
                    attempt.submitted = Some(id);
                }
            }
            _ if kind.ends_with("Succeeded") => visit.succeed(time, id),
            _ if kind.ends_with("Failed") || kind.ends_with("TimedOut") => visit.fail(time, id, error, cause),
            _ => {}
        }
        match kind {
            "MapIterationFailed" | "MapIterationAborted" => self.give_up(Some(number), moment.number, time),
            "ParallelStateFailed" | "MapStateFailed" => self.give_up(Some(number), None, time),
            _ => {}
        }
    }

    fn note_execution(&mut self, moment: &Moment, at: Option<usize>) {
        let state = match moment.kind.as_str() {
            "ExecutionSucceeded" => Progress::Succeeded,
            "ExecutionFailed" => Progress::Failed,
            "ExecutionTimedOut" => Progress::TimedOut,
            "ExecutionAborted" => Progress::Aborted,
            "ExecutionRedriven" => {
                self.redriven.push(moment.time);
                self.ending = None;
                return;
            }
            _ => return,
        };
        self.ending = Some(Ending {
            state,
            error: moment.error.as_deref().map(Arc::from),
            cause: moment.cause.as_deref().map(Arc::from),
            visit: at,
        });
        if state.is_bad() {
            let around: Vec<_> = std::iter::successors(at, |at| self.visits.get(*at)?.parent).collect();
            for number in around {
                self.close(number, moment.time, Progress::Failed);
            }
        }
        self.give_up(None, None, moment.time);
    }

    /// Nothing goes on inside of a stay: what was failing has failed, and all else was stopped.
    fn give_up(&mut self, holder: Option<usize>, slot: Option<u64>, time: i64) {
        let inside = |number: usize| {
            let Some(holder) = holder else { return true };
            let mut at = number;
            while let Some(visit) = self.visits.get(at) {
                match visit.parent {
                    Some(parent) if parent == holder => return slot.is_none_or(|slot| visit.slot == slot),
                    Some(parent) => at = parent,
                    None => return false,
                }
            }
            false
        };
        let inside: Vec<_> = self.open.iter().copied().filter(|number| inside(*number)).collect();
        for number in inside {
            let has_failed = self
                .visits
                .get(number)
                .is_some_and(|visit| visit.state.is_bad() || visit.state == Progress::Retrying);
            self.close(number, time, if has_failed { Progress::Failed } else { Progress::Aborted });
        }
    }

    fn close(&mut self, number: usize, time: i64, state: Progress) {
        if self.open.remove(&number)
            && let Some(visit) = self.visits.get_mut(number)
        {
            // One that was stopped by itself stays so.
            let state = if visit.state == Progress::Aborted { Progress::Aborted } else { state };
            let left = visit.left.unwrap_or(time);
            visit.end(left, state);
        }
    }
}

#[cfg(test)]
mod tests;
