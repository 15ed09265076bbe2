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
            input: selection(&succeed.input),
            output: output(&succeed.output)?,
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
        let result =
            pass.result.as_ref().map(template::constant).filter(|result| *result != ir::Constant::Null);
        Some(ir::Pass {
            input: selection(&pass.input),
            parameters: parameters(pass.parameters.as_ref())?,
            result,
            result_path: result_path(&pass.result_path),
            assign: template::assign(&pass.assign)?,
            output: output(&pass.output)?,
            transition: self.transition(&pass.transition, scope)?,
        })
    }

    fn task(&self, task: &definition::Task, scope: ScopeId) -> Option<ir::Task> {
        let resource = task.resource.as_ref()?.value.clone();
        Some(ir::Task {
            gives_token: definition::gives_token(&resource),
            input: selection(&task.input),
            parameters: parameters(task.parameters.as_ref())?,
            credentials: parameters(task.credentials.as_ref().map(|credentials| &credentials.value))?,
            timeout: optional_seconds(task.timeout.as_ref())?,
            heartbeat: optional_seconds(task.heartbeat.as_ref())?,
            unwrap_response_body: self.settings.unwrap_response_body && is_http_invoke(&resource),
            after: self.after(&task.after, scope)?,
            retriers: task.retriers.iter().map(retrier).collect(),
            catchers: self.catchers(&task.catchers, scope)?,
            resource,
        })
    }

    fn wait(&self, wait: &definition::Wait, scope: ScopeId) -> Option<ir::Wait> {
        let until = match wait.until.as_ref()? {
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
            input: selection(&wait.input),
            until,
            assign: template::assign(&wait.assign)?,
            output: output(&wait.output)?,
            transition: self.transition(&wait.transition, scope)?,
        })
    }

    fn parallel(&self, parallel: &definition::Parallel, state: &State<'_>) -> Option<ir::Parallel> {
        Some(ir::Parallel {
            input: selection(&parallel.input),
            parameters: parameters(parallel.parameters.as_ref())?,
            branches: state.inner.iter().map(|branch| self.machine.start(*branch)).collect::<Option<_>>()?,
            after: self.after(&parallel.after, state.scope)?,
            retriers: parallel.retriers.iter().map(retrier).collect(),
            catchers: self.catchers(&parallel.catchers, state.scope)?,
        })
    }

    fn map(&self, map: &definition::Map, state: &State<'_>) -> Option<ir::Map> {
        Some(ir::Map {
            input: selection(&map.input),
            items: map::items(map.items.as_ref(), state.definition.query_language)?,
            item_selector: parameters(map.item_selector.as_ref())?,
            max_concurrency: optional_seconds(map.max_concurrency.as_ref())?,
            tolerated_failure_count: optional_seconds(map.tolerated_failure_count.as_ref())?,
            tolerated_failure_percentage: map::optional(
                map.tolerated_failure_percentage.as_ref(),
                map::percentage,
            )?,
            distributed: map::distributed(map)?.map(Box::new),
            processor: self.machine.start(*state.inner.first()?)?,
            after: self.after(&map.after, state.scope)?,
            retriers: map.retriers.iter().map(retrier).collect(),
            catchers: self.catchers(&map.catchers, state.scope)?,
        })
    }

    fn after(&self, after: &After, scope: ScopeId) -> Option<ir::After> {
        Some(ir::After {
            assign: template::assign(&after.assign)?,
            result_selector: parameters(after.result_selector.as_ref())?,
            result_path: result_path(&after.result_path),
            output: output(&after.output)?,
            transition: self.transition(&after.transition, scope)?,
        })
    }

    fn catchers(&self, catchers: &[Catcher], scope: ScopeId) -> Option<Vec<ir::Catcher>> {
        let lower = |catcher: &Catcher| {
            Some(ir::Catcher {
                error_equals: names(&catcher.error_equals),
                assign: template::assign(&catcher.assign)?,
                result_path: result_path(&catcher.result_path),
                output: parameters(catcher.output.as_ref())?,
                next: self.target(scope, catcher.next.as_ref()?)?,
            })
        };
        catchers.iter().map(lower).collect()
    }
}

/// The outer `Option` is whether it could be lowered, the inner whether there is one.
#[expect(clippy::option_option, reason = "an absent template and one that cannot be lowered are two things")]
pub(super) fn parameters(template: Option<&Template>) -> Option<Option<ir::Template>> {
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

pub(super) fn output(output: &Output) -> Option<ir::Output> {
    Some(match output {
        Output::Selection(selected) => ir::Output::Selection(selection(selected)),
        Output::Template(template) => ir::Output::Template(template::lower(template)?),
    })
}

pub(super) fn selection(selection: &Selection) -> ir::Selection {
    match selection {
        Selection::Whole => ir::Selection::Whole,
        Selection::Nothing => ir::Selection::Nothing,
        Selection::Path(path) => ir::Selection::Path(path.lower()),
    }
}

fn result_path(path: &ResultPath) -> ir::ResultPath {
    match path {
        ResultPath::Replace => ir::ResultPath::Replace,
        ResultPath::Discard => ir::ResultPath::Discard,
        ResultPath::At(path) => ir::ResultPath::At { text: path.text.clone(), steps: path.ir_steps() },
    }
}
