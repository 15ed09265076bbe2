//! What states do: each type's definition to its [`ir`] form.

use super::{Settings, choice, map, template};
use crate::definition::{
    self, After, Catcher, FailText, Output, ResultPath, Retrier, Seconds, Selection, Template, Transition,
    Until, Work,
};
use crate::ir::{self, StateId};
use crate::json::Text;
use crate::resolve::{Machine, ScopeId, State};
use asl_language::resource::is_http_invoke;

/// What lowering a state needs to know beside it.
pub(super) struct Lowering<'a> {
    pub(super) machine: &'a Machine<'a>,
    pub(super) settings: Settings,
}

/// `IntervalSeconds`, `MaxAttempts` and `BackoffRate` of a retrier that gives none.
const DEFAULT_RETRY: (u64, u64, f64) = (1, 3, 2.0);

pub(super) fn lower(state: &State<'_>, lowering: &Lowering<'_>) -> Option<ir::Work> {
    Some(match &state.definition.work {
        Work::Pass(pass) => ir::Work::Pass(lowering.pass(pass, state.scope)?),
        Work::Task(task) => ir::Work::Task(lowering.task(task, state.scope)?),
        Work::Choice(choice) => ir::Work::Choice(choice::lower(choice, state.scope, lowering)?),
        Work::Wait(wait) => ir::Work::Wait(lowering.wait(wait, state.scope)?),
        Work::Succeed(succeed) => ir::Work::Succeed(ir::Succeed {
            input: lower_selection(&succeed.input),
            output: lower_output(&succeed.output)?,
        }),
        Work::Fail(fail) => ir::Work::Fail(ir::Fail {
            error: map::optional(fail.error.as_ref(), text)?,
            cause: map::optional(fail.cause.as_ref(), text)?,
        }),
        Work::Parallel(parallel) => ir::Work::Parallel(lowering.parallel(parallel, state)?),
        Work::Map(map) => ir::Work::Map(lowering.map(map, state)?),
        Work::Unknown(_) => return None,
    })
}

impl Lowering<'_> {
    pub(super) fn target(&self, scope: ScopeId, name: &Text) -> Option<StateId> {
        self.machine.target(scope, &name.value)
    }

    fn transition(&self, transition: &Transition, scope: ScopeId) -> Option<ir::Transition> {
        match transition {
            Transition::Next(name) => self.target(scope, name).map(ir::Transition::Next),
            Transition::End => Some(ir::Transition::End),
            Transition::Missing => None,
        }
    }

    fn pass(&self, pass: &definition::Pass, scope: ScopeId) -> Option<ir::Pass> {
        let definition::Pass { input, parameters, result, result_path, assign, output, transition } = pass;
        let result = result.as_ref().map(template::constant);
        Some(ir::Pass {
            input: lower_selection(input),
            parameters: lower_parameters(parameters.as_ref())?,
            result: result.filter(|result| *result != ir::Constant::Null),
            result_path: lower_result_path(result_path),
            assign: template::assign(assign)?,
            output: lower_output(output)?,
            transition: self.transition(transition, scope)?,
        })
    }

    fn task(&self, task: &definition::Task, scope: ScopeId) -> Option<ir::Task> {
        let definition::Task {
            resource,
            input,
            parameters,
            credentials,
            timeout,
            heartbeat,
            after,
            retriers,
            catchers,
        } = task;
        let resource = resource.as_ref()?.value.clone();
        Some(ir::Task {
            gives_token: definition::gives_token(&resource),
            input: lower_selection(input),
            parameters: lower_parameters(parameters.as_ref())?,
            credentials: lower_parameters(credentials.as_ref().map(|credentials| &credentials.value))?,
            timeout: optional_seconds(timeout.as_ref())?,
            heartbeat: optional_seconds(heartbeat.as_ref())?,
            unwrap_response_body: self.settings.unwrap_response_body && is_http_invoke(&resource),
            after: self.after(after, scope)?,
            retriers: retriers.iter().map(retrier).collect(),
            catchers: self.catchers(catchers, scope)?,
            resource,
        })
    }

    fn wait(&self, wait: &definition::Wait, scope: ScopeId) -> Option<ir::Wait> {
        let definition::Wait { input, until, assign, output, transition } = wait;
        let until = match until.as_ref()? {
            Until::Seconds(seconds) => ir::Until::Seconds(*seconds),
            Until::SecondsExpression(expression) => {
                ir::Until::SecondsExpression(template::expression(expression)?)
            }
            Until::SecondsPath(path) => ir::Until::SecondsPath(path.lower()),
            Until::Timestamp(timestamp) => ir::Until::Timestamp(*timestamp),
            Until::TimestampExpression(expression) => {
                ir::Until::TimestampExpression(template::expression(expression)?)
            }
            Until::TimestampPath(path) => ir::Until::TimestampPath(path.lower()),
        };
        Some(ir::Wait {
            input: lower_selection(input),
            until,
            assign: template::assign(assign)?,
            output: lower_output(output)?,
            transition: self.transition(transition, scope)?,
        })
    }

    fn parallel(&self, parallel: &definition::Parallel, state: &State<'_>) -> Option<ir::Parallel> {
        // Which states its branches are was resolved.
        let definition::Parallel { input, parameters, branches: _, after, retriers, catchers } = parallel;
        Some(ir::Parallel {
            input: lower_selection(input),
            parameters: lower_parameters(parameters.as_ref())?,
            branches: state.inner.iter().map(|branch| self.machine.start(*branch)).collect::<Option<_>>()?,
            after: self.after(after, state.scope)?,
            retriers: retriers.iter().map(retrier).collect(),
            catchers: self.catchers(catchers, state.scope)?,
        })
    }

    fn map(&self, map: &definition::Map, state: &State<'_>) -> Option<ir::Map> {
        let definition::Map {
            input,
            items,
            item_selector,
            max_concurrency,
            tolerated_failure_count,
            tolerated_failure_percentage,
            after,
            retriers,
            catchers,
            // Which states its processor has was resolved.
            processor: _,
            // Only a distributed Map has these.
            item_reader: _,
            item_batcher: _,
            result_writer: _,
            label: _,
            execution_type: _,
            mode_is_distributed: _,
            tolerates: _,
        } = map;
        Some(ir::Map {
            input: lower_selection(input),
            items: map::items(items.as_ref(), state.definition.query_language)?,
            item_selector: lower_parameters(item_selector.as_ref())?,
            max_concurrency: optional_seconds(max_concurrency.as_ref())?,
            tolerated_failure_count: optional_seconds(tolerated_failure_count.as_ref())?,
            tolerated_failure_percentage: map::optional(
                tolerated_failure_percentage.as_ref(),
                map::percentage,
            )?,
            distributed: map::distributed(map)?.map(Box::new),
            processor: self.machine.start(*state.inner.first()?)?,
            after: self.after(after, state.scope)?,
            retriers: retriers.iter().map(retrier).collect(),
            catchers: self.catchers(catchers, state.scope)?,
        })
    }

    fn after(&self, after: &After, scope: ScopeId) -> Option<ir::After> {
        let After { assign, result_selector, result_path, output, transition } = after;
        Some(ir::After {
            assign: template::assign(assign)?,
            result_selector: lower_parameters(result_selector.as_ref())?,
            result_path: lower_result_path(result_path),
            output: lower_output(output)?,
            transition: self.transition(transition, scope)?,
        })
    }

    fn catchers(&self, catchers: &[Catcher], scope: ScopeId) -> Option<Vec<ir::Catcher>> {
        let lower = |catcher: &Catcher| {
            Some(ir::Catcher {
                error_equals: names(&catcher.error_equals),
                assign: template::assign(&catcher.assign)?,
                result_path: lower_result_path(&catcher.result_path),
                output: lower_parameters(catcher.output.as_ref())?,
                next: self.target(scope, catcher.next.as_ref()?)?,
            })
        };
        catchers.iter().map(lower).collect()
    }
}

/// The outer `Option` is whether it could be lowered, the inner whether there is one.
#[expect(clippy::option_option, reason = "an absent template and one that cannot be lowered are two things")]
pub(super) fn lower_parameters(template: Option<&Template>) -> Option<Option<ir::Template>> {
    match template {
        Some(template) => template::lower(template).map(Some),
        None => Some(None),
    }
}

fn retrier(retrier: &Retrier) -> ir::Retrier {
    let (interval, attempts, backoff_rate) = DEFAULT_RETRY;
    ir::Retrier {
        error_equals: names(&retrier.error_equals),
        interval_seconds: narrow(retrier.interval_seconds.map_or(interval, |at| at.value)),
        max_attempts: narrow(retrier.max_attempts.map_or(attempts, |at| at.value)),
        backoff_rate: retrier.backoff_rate.unwrap_or(backoff_rate),
        max_delay_seconds: retrier.max_delay_seconds.map(|at| narrow(at.value)),
        full_jitter: retrier.full_jitter,
    }
}

/// The definition stage has seen to it that the numbers of a retrier have at most eight digits.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn names(texts: &[Text]) -> Vec<String> {
    texts.iter().map(|text| text.value.clone()).collect()
}

/// The outer `Option` is whether it could be lowered, the inner whether there is one.
#[expect(clippy::option_option, reason = "an absent number and one that cannot be lowered are two things")]
pub(super) fn optional_seconds(seconds: Option<&Seconds>) -> Option<Option<ir::Seconds>> {
    map::optional(seconds, |seconds| {
        Some(match seconds {
            Seconds::Constant(at) => ir::Seconds::Constant(at.value),
            Seconds::Expression(expression) => ir::Seconds::Expression(template::expression(expression)?),
            Seconds::Path(path) => ir::Seconds::Path(path.lower()),
        })
    })
}

fn text(text: &FailText) -> Option<ir::Text> {
    Some(match text {
        FailText::Constant(text) => ir::Text::Constant(text.value.clone()),
        FailText::Expression(expression) => ir::Text::Expression(template::expression(expression)?),
        FailText::Path(path) => ir::Text::Path(path.lower()),
        FailText::Intrinsic { text, call } => ir::Text::Intrinsic { text: text.clone(), call: call.lower() },
    })
}

pub(super) fn lower_output(output: &Output) -> Option<ir::Output> {
    Some(match output {
        Output::Selection(selected) => ir::Output::Selection(lower_selection(selected)),
        Output::Template(template) => ir::Output::Template(template::lower(template)?),
    })
}

pub(super) fn lower_selection(selection: &Selection) -> ir::Selection {
    match selection {
        Selection::Whole => ir::Selection::Whole,
        Selection::Nothing => ir::Selection::Nothing,
        Selection::Path(path) => ir::Selection::Path(path.lower()),
    }
}

fn lower_result_path(path: &ResultPath) -> ir::ResultPath {
    match path {
        ResultPath::Replace => ir::ResultPath::Replace,
        ResultPath::Discard => ir::ResultPath::Discard,
        ResultPath::At(path) => ir::ResultPath::At { text: path.text.clone(), steps: path.ir_steps() },
    }
}
