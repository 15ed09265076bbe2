//! What a state reads and assigns, whatever its type.

use super::{
    After, Catcher, Choice, ChoiceRule, Comparison, Condition, Expression, Fail, FailText, Items, Map,
    Member, Operand, Output, Parallel, Pass, Percentage, Seconds, Selection, State, Succeed, Task, Template,
    Transition, Until, Wait, Work,
};
use crate::intrinsic::Call;
use crate::json::{Kind, Text, Value};
use crate::path::Path;
use crate::source::Span;
use crate::vocabulary::Property;
use asl_language::limits::VALUE_DEPTH;

/// A variable that a state assigns.
#[derive(Clone, Copy, Debug)]
pub struct Assigned<'d> {
    /// The variable and its value.
    pub variable: &'d Member,
    /// The state that follows where it is assigned.
    pub next: Option<&'d Text>,
}

/// A text in a template that is taken as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlainText<'d> {
    /// The key of the member that it is, or in which it is.
    pub(crate) key: &'d str,
    /// The text.
    pub(crate) text: &'d Text,
    /// It is an element of an array.
    pub(crate) in_array: bool,
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
        self.found().paths
    }

    /// The JSONata expressions of the state.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        self.found().expressions
    }

    /// All that it reads, and what stands where something could be read.
    pub(crate) fn found(&self) -> Found<'_> {
        let mut found = Found::default();
        match &self.work {
            Work::Pass(pass) => found.pass(pass),
            Work::Task(task) => found.task(task),
            Work::Choice(choice) => found.choice(choice),
            Work::Wait(wait) => found.wait(wait),
            Work::Succeed(Succeed { input, output }) => found.input_and_output(input, output),
            Work::Fail(fail) => found.fail(fail),
            Work::Parallel(parallel) => found.parallel(parallel),
            Work::Map(map) => found.map(map),
            Work::Unknown(_) => {}
        }
        found
    }
}

impl Template {
    /// The paths in it.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        self.found().paths
    }

    /// The JSONata expressions in it.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        self.found().expressions
    }

    fn found(&self) -> Found<'_> {
        let mut found = Found::default();
        found.template(Some(self));
        found
    }
}

/// What is in the fields of a state, or in a template.
#[derive(Debug, Default)]
pub(crate) struct Found<'d> {
    paths: Vec<&'d Path>,
    expressions: Vec<&'d Expression>,
    /// The plain texts among the members of templates.
    pub(crate) texts: Vec<PlainText<'d>>,
    /// The members of templates whose keys end in `.$` and say nothing by it, as in JSONata.
    pub(crate) dollar_members: Vec<&'d Member>,
    /// The calls of intrinsic functions, without those in their arguments.
    pub(crate) calls: Vec<&'d Call>,
    /// What is nested deeper than data may be: of each value the first array or object that is too many.
    pub(crate) too_deep: Vec<Span>,
    /// The key of the member at hand.
    key: &'d str,
    in_array: bool,
    /// In how many arrays and objects of a value it is.
    depth: u32,
    /// The value at hand is nested too deeply, which is said once.
    is_too_deep: bool,
}

impl<'d> Found<'d> {
    fn input_and_output(&mut self, input: &'d Selection, output: &'d Output) {
        self.selection(input);
        match output {
            Output::Selection(selection) => self.selection(selection),
            Output::Template(template) => self.template(Some(template)),
        }
    }

    fn selection(&mut self, selection: &'d Selection) {
        match selection {
            Selection::Whole | Selection::Nothing => {}
            Selection::Path(path) => self.paths.push(path),
        }
    }

    fn template(&mut self, template: Option<&'d Template>) {
        match template {
            Some(Template::Path { path, .. }) => self.paths.push(path),
            Some(Template::Intrinsic { call, .. }) => self.call(call),
            Some(Template::Object(span, members)) => self.within(*span, |found| found.members(members)),
            Some(Template::Array(span, elements)) => self.within(*span, |found| {
                let outer = std::mem::replace(&mut found.in_array, true);
                elements.iter().for_each(|element| found.template(Some(element)));
                found.in_array = outer;
            }),
            Some(Template::Expression(expression)) => self.expressions.push(expression),
            Some(Template::Constant(value)) => {
                let (key, in_array) = (self.key, self.in_array);
                self.texts.extend(value.as_text().map(|text| PlainText { key, text, in_array }));
            }
            Some(Template::Invalid(_)) | None => {}
        }
    }

    /// A value that is taken as it is.
    fn constant(&mut self, value: &Value) {
        match &value.kind {
            Kind::Array(elements) => {
                self.within(value.span, |found| elements.iter().for_each(|element| found.constant(element)));
            }
            Kind::Object(members) => self.within(value.span, |found| {
                members.iter().for_each(|member| found.constant(&member.value));
            }),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }

    /// The parts of an array or object.
    fn within(&mut self, span: Span, parts: impl FnOnce(&mut Self)) {
        if self.depth == 0 {
            self.is_too_deep = false;
        }
        if self.depth == VALUE_DEPTH && !self.is_too_deep {
            self.is_too_deep = true;
            self.too_deep.push(Span::new(span.start, span.start + 1));
        }
        self.depth += 1;
        parts(self);
        self.depth -= 1;
    }

    fn call(&mut self, call: &'d Call) {
        call.paths(&mut self.paths);
        self.calls.push(call);
    }

    fn members(&mut self, members: &'d [Member]) {
        for member in members {
            let outer = (self.key, self.in_array);
            if !member.is_dynamic && member.key.value.ends_with(".$") {
                self.dollar_members.push(member);
            }
            (self.key, self.in_array) = (&member.key.value, false);
            self.template(Some(&member.value));
            (self.key, self.in_array) = outer;
        }
    }

    fn seconds(&mut self, seconds: Option<&'d Seconds>) {
        match seconds {
            Some(Seconds::Path(path)) => self.paths.push(path),
            Some(Seconds::Expression(expression)) => self.expressions.push(expression),
            Some(Seconds::Constant(_)) | None => {}
        }
    }

    fn until(&mut self, until: Option<&'d Until>) {
        match until {
            Some(Until::SecondsPath(path) | Until::TimestampPath(path)) => self.paths.push(path),
            Some(Until::SecondsExpression(expression) | Until::TimestampExpression(expression)) => {
                self.expressions.push(expression);
            }
            Some(Until::Seconds(_) | Until::Timestamp(_)) | None => {}
        }
    }

    // Every field is named, so that a new one that nothing looks at does not compile.

    fn pass(&mut self, pass: &'d Pass) {
        let Pass { input, parameters, result, result_path: _, assign, output, transition: _ } = pass;
        self.input_and_output(input, output);
        self.template(parameters.as_ref());
        result.iter().for_each(|result| self.constant(result));
        self.members(assign);
    }

    fn wait(&mut self, wait: &'d Wait) {
        let Wait { input, until, assign, output, transition: _ } = wait;
        self.input_and_output(input, output);
        self.until(until.as_ref());
        self.members(assign);
    }

    fn task(&mut self, task: &'d Task) {
        let Task {
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
        self.input_and_output(input, &after.output);
        self.template(parameters.as_ref());
        self.template(credentials.as_ref().map(|credentials| &credentials.value));
        self.seconds(timeout.as_ref());
        self.seconds(heartbeat.as_ref());
        self.after(after, catchers);
    }

    fn parallel(&mut self, parallel: &'d Parallel) {
        let Parallel { input, parameters, branches: _, after, retriers: _, catchers } = parallel;
        self.input_and_output(input, &after.output);
        self.template(parameters.as_ref());
        self.after(after, catchers);
    }

    fn map(&mut self, map: &'d Map) {
        let Map {
            input,
            items,
            item_reader,
            item_selector,
            item_batcher,
            max_concurrency,
            tolerates: _,
            tolerated_failure_count,
            tolerated_failure_percentage,
            label: _,
            // Its templates are among those of the Map.
            result_writer: _,
            execution_type: _,
            mode_is_distributed: _,
            processor: _,
            after,
            retriers: _,
            catchers,
        } = map;
        self.input_and_output(input, &after.output);
        // An `ItemsPath` beside an `ItemReader` is not even looked at.
        match items.as_ref().filter(|_| item_reader.is_none()) {
            Some(Items::Path(path)) => self.paths.push(path),
            Some(Items::Template(template)) => self.template(Some(template)),
            None => {}
        }
        self.template(item_selector.as_ref());
        self.seconds(max_concurrency.as_ref());
        self.seconds(tolerated_failure_count.as_ref());
        match tolerated_failure_percentage {
            Some(Percentage::Path(path)) => self.paths.push(path),
            Some(Percentage::Expression(expression)) => self.expressions.push(expression),
            Some(Percentage::Constant(_)) | None => {}
        }
        if let Some(reader) = item_reader {
            self.seconds(reader.config.max_items.as_ref());
        }
        if let Some(batcher) = item_batcher {
            self.seconds(batcher.max_items_per_batch.as_ref());
            self.seconds(batcher.max_input_bytes_per_batch.as_ref());
        }
        map.templates().for_each(|template| self.template(Some(template)));
        self.after(after, catchers);
    }

    fn after(&mut self, after: &'d After, catchers: &'d [Catcher]) {
        self.template(after.result_selector.as_ref());
        self.members(&after.assign);
        for Catcher { error_equals: _, error_equals_span: _, assign, result_path: _, output, next: _ } in
            catchers
        {
            self.members(assign);
            self.template(output.as_ref());
        }
    }

    fn fail(&mut self, Fail { error, cause }: &'d Fail) {
        for text in error.iter().chain(cause) {
            match text {
                FailText::Constant(_) => {}
                FailText::Expression(expression) => self.expressions.push(expression),
                FailText::Path(path) => self.paths.push(path),
                FailText::Intrinsic { call, .. } => self.call(call),
            }
        }
    }

    fn choice(&mut self, choice: &'d Choice) {
        let Choice { input, output, rules, assign, default: _ } = choice;
        self.input_and_output(input, output);
        for ChoiceRule { condition, variable: _, assign, output, next: _ } in rules {
            condition.iter().for_each(|condition| self.condition(condition));
            self.members(assign);
            self.template(output.as_ref());
        }
        self.members(assign);
    }

    fn condition(&mut self, condition: &'d Condition) {
        match condition {
            Condition::Expression(expression) => self.expressions.push(expression),
            Condition::Constant(_) => {}
            Condition::And(all) => all.iter().for_each(|condition| self.condition(condition)),
            Condition::Or(any) => any.iter().for_each(|condition| self.condition(condition)),
            Condition::Not(inner) => self.condition(inner),
            Condition::Test { comparison: Comparison::Is(Property::Present, _), .. } => {}
            Condition::Test { variable, comparison } => {
                self.paths.push(variable);
                self.paths.extend(comparison.operand_path());
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
