//! What a state reads and assigns, whatever its type.

use super::{
    After, Catcher, Choice, Comparison, Condition, Fail, FailText, Map, Member, Operand, Parallel,
    Percentage, Seconds, Selection, State, Task, Template, Transition, Until, Work,
};
use crate::ir::Property;
use crate::json::Text;
use crate::path::Path;

/// A variable that a state assigns.
#[derive(Clone, Copy, Debug)]
pub struct Assigned<'d> {
    /// The variable and its value.
    pub variable: &'d Member,
    /// The state that follows where it is assigned.
    pub next: Option<&'d Text>,
}

impl State {
    /// The variables that the state, its choice rules and its catchers assign.
    #[must_use]
    pub fn assigned(&self) -> Vec<Assigned<'_>> {
        let next = match self.transition() {
            Some(Transition::Next(next)) => Some(next),
            Some(Transition::End | Transition::Missing) | None => None,
        };
        let mut found = Vec::new();
        let mut add = |variables, next| {
            let variables: &[Member] = variables;
            found.extend(variables.iter().map(|variable| Assigned { variable, next }));
        };
        match &self.work {
            Work::Pass(pass) => add(&pass.assign, next),
            Work::Wait(wait) => add(&wait.assign, next),
            Work::Task(task) => add(&task.after.assign, next),
            Work::Parallel(parallel) => add(&parallel.after.assign, next),
            Work::Map(map) => add(&map.after.assign, next),
            Work::Choice(choice) => {
                choice.rules.iter().for_each(|rule| add(&rule.assign, rule.next.as_ref()));
                add(&choice.assign, choice.default.as_ref());
            }
            Work::Succeed(_) | Work::Fail(_) | Work::Unknown(_) => {}
        }
        self.catchers().iter().for_each(|catcher| add(&catcher.assign, catcher.next.as_ref()));
        found
    }

    /// The paths that must lead somewhere when the state runs. The `Variable` of `IsPresent` need not.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        let mut found = Found::default();
        match &self.work {
            Work::Pass(pass) => {
                found.selections(&pass.input, &pass.output);
                found.template(pass.parameters.as_ref());
                found.members(&pass.assign);
            }
            Work::Task(task) => found.task(task),
            Work::Choice(choice) => found.choice(choice),
            Work::Wait(wait) => {
                found.selections(&wait.input, &wait.output);
                if let Some(Until::SecondsPath(path) | Until::TimestampPath(path)) = &wait.until {
                    found.0.push(path);
                }
                found.members(&wait.assign);
            }
            Work::Succeed(succeed) => found.selections(&succeed.input, &succeed.output),
            Work::Fail(fail) => found.fail(fail),
            Work::Parallel(parallel) => found.parallel(parallel),
            Work::Map(map) => found.map(map),
            Work::Unknown(_) => {}
        }
        found.0
    }
}

impl Template {
    /// The paths in it.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        let mut found = Found::default();
        found.template(Some(self));
        found.0
    }
}

#[derive(Default)]
struct Found<'d>(Vec<&'d Path>);

impl<'d> Found<'d> {
    fn selections(&mut self, input: &'d Selection, output: &'d Selection) {
        for selection in [input, output] {
            match selection {
                Selection::Whole | Selection::Nothing => {}
                Selection::Path(path) => self.0.push(path),
            }
        }
    }

    fn template(&mut self, template: Option<&'d Template>) {
        match template {
            Some(Template::Path { path, .. }) => self.0.push(path),
            Some(Template::Intrinsic { call, .. }) => call.paths(&mut self.0),
            Some(Template::Object(_, members)) => self.members(members),
            Some(Template::Array(_, elements)) => {
                elements.iter().for_each(|element| self.template(Some(element)));
            }
            Some(Template::Constant(_) | Template::Invalid(_)) | None => {}
        }
    }

    fn members(&mut self, members: &'d [Member]) {
        members.iter().for_each(|member| self.template(Some(&member.value)));
    }

    fn seconds(&mut self, seconds: Option<&'d Seconds>) {
        match seconds {
            Some(Seconds::Path(path)) => self.0.push(path),
            Some(Seconds::Constant(_)) | None => {}
        }
    }

    fn task(&mut self, task: &'d Task) {
        self.selections(&task.input, &task.after.output);
        self.template(task.parameters.as_ref());
        self.template(task.credentials.as_ref().map(|credentials| &credentials.value));
        self.seconds(task.timeout.as_ref());
        self.seconds(task.heartbeat.as_ref());
        self.after(&task.after, &task.catchers);
    }

    fn parallel(&mut self, parallel: &'d Parallel) {
        self.selections(&parallel.input, &parallel.after.output);
        self.template(parallel.parameters.as_ref());
        self.after(&parallel.after, &parallel.catchers);
    }

    fn map(&mut self, map: &'d Map) {
        self.selections(&map.input, &map.after.output);
        // An `ItemsPath` beside an `ItemReader` is not even looked at.
        self.0.extend(map.items.iter().filter(|_| map.item_reader.is_none()));
        self.template(map.item_selector.as_ref());
        self.seconds(map.max_concurrency.as_ref());
        self.seconds(map.tolerated_failure_count.as_ref());
        if let Some(Percentage::Path(path)) = &map.tolerated_failure_percentage {
            self.0.push(path);
        }
        if let Some(reader) = &map.item_reader {
            self.seconds(reader.config.max_items.as_ref());
        }
        if let Some(batcher) = &map.item_batcher {
            self.seconds(batcher.max_items_per_batch.as_ref());
            self.seconds(batcher.max_input_bytes_per_batch.as_ref());
        }
        map.templates().for_each(|template| self.template(Some(template)));
        self.after(&map.after, &map.catchers);
    }

    fn after(&mut self, after: &'d After, catchers: &'d [Catcher]) {
        self.template(after.result_selector.as_ref());
        self.members(&after.assign);
        catchers.iter().for_each(|catcher| self.members(&catcher.assign));
    }

    fn fail(&mut self, fail: &'d Fail) {
        for text in fail.error.iter().chain(&fail.cause) {
            match text {
                FailText::Constant(_) => {}
                FailText::Path(path) => self.0.push(path),
                FailText::Intrinsic { call, .. } => call.paths(&mut self.0),
            }
        }
    }

    fn choice(&mut self, choice: &'d Choice) {
        self.selections(&choice.input, &choice.output);
        for rule in &choice.rules {
            rule.condition.iter().for_each(|condition| self.condition(condition));
            self.members(&rule.assign);
        }
        self.members(&choice.assign);
    }

    fn condition(&mut self, condition: &'d Condition) {
        match condition {
            Condition::And(all) => all.iter().for_each(|condition| self.condition(condition)),
            Condition::Or(any) => any.iter().for_each(|condition| self.condition(condition)),
            Condition::Not(inner) => self.condition(inner),
            Condition::Test { comparison: Comparison::Is(Property::Present, _), .. } => {}
            Condition::Test { variable, comparison } => {
                self.0.push(variable);
                self.0.extend(comparison.operand_path());
            }
        }
    }
}

impl Comparison {
    /// The path of the `...Path` form.
    #[must_use]
    pub const fn operand_path(&self) -> Option<&Path> {
        match self {
            Self::String(_, Operand::Path(path))
            | Self::Numeric(_, Operand::Path(path))
            | Self::Boolean(Operand::Path(path))
            | Self::Timestamp(_, Operand::Path(path)) => Some(path),
            Self::String(..)
            | Self::Numeric(..)
            | Self::Boolean(_)
            | Self::Timestamp(..)
            | Self::StringMatches(_)
            | Self::Is(..) => None,
        }
    }
}
