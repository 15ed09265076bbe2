//! The fields of the context object, and where each can be read.
//!
//! In: the segments after `$$`. Out: the deepest field known and the steps after it. Never looks at the state's data.

use super::resolved::{PathPlace, StepAt};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::suggest::closest;
use crate::vocabulary::{ContextField, Step};

/// What holds a field, the field, and what it holds.
struct Row(ContextField, ContextField, Holds);

impl Row {
    fn name(&self) -> &'static str {
        self.1.names().last().copied().unwrap_or_default()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Holds {
    Fields,
    Anything,
    Text,
    Number,
}

const FIELDS: &[Row] = &{
    use ContextField as F;
    use Holds::{Anything, Fields, Number, Text};
    [
        Row(F::Whole, F::Execution, Fields),
        Row(F::Whole, F::Map, Fields),
        Row(F::Whole, F::State, Fields),
        Row(F::Whole, F::StateMachine, Fields),
        Row(F::Whole, F::Task, Fields),
        Row(F::Execution, F::ExecutionId, Text),
        Row(F::Execution, F::ExecutionInput, Anything),
        Row(F::Execution, F::ExecutionName, Text),
        Row(F::Execution, F::ExecutionRedriveCount, Number),
        Row(F::Execution, F::ExecutionRedriveTime, Text),
        Row(F::Execution, F::ExecutionRoleArn, Text),
        Row(F::Execution, F::ExecutionStartTime, Text),
        Row(F::Map, F::MapItem, Fields),
        Row(F::MapItem, F::MapItemIndex, Number),
        Row(F::MapItem, F::MapItemKey, Text),
        Row(F::MapItem, F::MapItemSource, Text),
        Row(F::MapItem, F::MapItemValue, Anything),
        Row(F::State, F::StateEnteredTime, Text),
        Row(F::State, F::StateName, Text),
        Row(F::State, F::StateRetryCount, Number),
        Row(F::StateMachine, F::StateMachineId, Text),
        Row(F::StateMachine, F::StateMachineName, Text),
        Row(F::Task, F::TaskToken, Text),
    ]
};

/// The paths to all fields, as they are written: `$$.Execution.Id`.
#[cfg(feature = "inspect")]
pub(crate) fn paths() -> Vec<String> {
    FIELDS.iter().map(|row| format!("{}.{}", path_to(row.0), row.name())).collect()
}

#[cfg(feature = "inspect")]
fn path_to(field: ContextField) -> String {
    match FIELDS.iter().find(|row| row.1 == field) {
        Some(row) => format!("{}.{}", path_to(row.0), row.name()),
        None => "$$".to_owned(),
    }
}

/// The number of the first of `names`, the way down from the context object, that is not there in this place, and where it is.
pub(crate) fn misplaced_name<'n>(
    names: impl IntoIterator<Item = &'n str>,
    place: PathPlace,
) -> Option<(usize, &'static str)> {
    let mut field = ContextField::Whole;
    for (number, name) in names.into_iter().enumerate() {
        field = FIELDS.iter().find(|row| row.0 == field && row.name() == name)?.1;
        if let Err(reason) = check_place(field, place) {
            return Some((number, reason));
        }
    }
    None
}

/// The number of the first of `names`, the way down from the context object, that does not exist, and what was probably meant: a field or
/// the way to one further inside.
pub(crate) fn unknown_name<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<(usize, Option<String>)> {
    let mut field = ContextField::Whole;
    for (number, name) in names.into_iter().enumerate() {
        let Some(row) = FIELDS.iter().find(|row| row.0 == field && row.name() == name) else {
            return Some((number, meant(field, name)));
        };
        if row.2 == Holds::Anything {
            return None;
        }
        field = row.1;
    }
    None
}

/// Walks down from `$$` as far as the object is known. A field that is not a misspelt one is looked for when the machine runs, if it is
/// allowed: AWS may have it by now. It is `doubt`ed.
pub(super) fn resolve(
    text: &str,
    steps: Vec<StepAt>,
    place: PathPlace,
    doubt: &mut Option<Diagnostic>,
) -> Result<(ContextField, Vec<StepAt>), Diagnostic> {
    let mut field = ContextField::Whole;
    let mut holds = Holds::Fields;
    let mut walked = String::from("$$");
    let mut rest = steps.into_iter();
    while holds != Holds::Anything {
        let Some(step) = rest.next() else { break };
        let Some(row) = row(field, &step) else {
            let unknown = unknown(field, holds, &walked, &step);
            let is_name = holds == Holds::Fields && matches!(step.step, Step::Name(_));
            if !is_name || !unknown.help.is_empty() {
                return Err(unknown);
            }
            // AWS creates the state machine, whatever the name is.
            *doubt = Some(unknown);
            return Ok((field, std::iter::once(step).chain(rest).collect()));
        };
        field = row.1;
        holds = row.2;
        walked = format!("{walked}.{}", row.name());
        check_place(field, place).map_err(|reason| misplaced(text, &walked, step.span, reason))?;
    }
    Ok((field, rest.collect()))
}

fn row(parent: ContextField, step: &StepAt) -> Option<&'static Row> {
    let Step::Name(name) = &step.step else { return None };
    FIELDS.iter().find(|row| row.0 == parent && row.name() == name)
}

fn check_place(field: ContextField, place: PathPlace) -> Result<(), &'static str> {
    let (present, otherwise) = if field == ContextField::Map {
        (place.in_map, "only the `ItemSelector` of a Map and the iterations of an inline Map have `Map`")
    } else if [ContextField::MapItemKey, ContextField::MapItemSource].contains(&field) {
        (place.in_distributed_map, "only the `ItemSelector` of a distributed Map has it")
    } else if field == ContextField::Task {
        (place.callback, "only a Task whose `Resource` ends in `.waitForTaskToken` has a token")
    } else if field == ContextField::StateRetryCount {
        (place.retries, "only Task, Parallel and Map states have `RetryCount`")
    } else {
        return Ok(());
    };
    if present { Ok(()) } else { Err(otherwise) }
}

fn misplaced(text: &str, walked: &str, span: Span, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownContextField, span, format!("`{text}` does not exist here: {reason}"))
        .label(format!("`{walked}` does not exist here"))
}

fn unknown(parent: ContextField, holds: Holds, walked: &str, step: &StepAt) -> Diagnostic {
    let shown = match &step.step {
        Step::Name(name) => format!("{walked}.{name}"),
        Step::Index(index) => format!("{walked}[{index}]"),
        Step::FromEnd(offset) => format!("{walked}[(@.length{offset})]"),
    };
    let name = if let Step::Name(name) = &step.step { name.as_str() } else { "" };
    let names: Vec<_> = FIELDS.iter().filter(|row| row.0 == parent).map(|row| row.name()).collect();
    let label = match holds {
        Holds::Text => format!("`{walked}` is a string"),
        Holds::Number => format!("`{walked}` is a number"),
        Holds::Fields | Holds::Anything if names.len() == 1 => {
            format!("`{walked}` has only the field {}", list(&names))
        }
        Holds::Fields | Holds::Anything => format!("`{walked}` has the fields {}", list(&names)),
    };
    let diagnostic =
        Diagnostic::new(Code::UnknownContextField, step.span, format!("the context object has no `{shown}`"))
            .label(label);
    match meant(parent, name) {
        Some(name) => diagnostic.help(format!("did you mean `{walked}.{name}`?")),
        None => diagnostic,
    }
}

/// What was probably meant by a name that `parent` does not have: a field of a similar name, the way to one further inside, or the field
/// that holds what AWS calls so elsewhere.
fn meant(parent: ContextField, name: &str) -> Option<String> {
    let fields = || FIELDS.iter().filter(move |row| row.0 == parent).map(Row::name);
    closest(name, fields())
        .map(str::to_owned)
        .or_else(|| further_inside(parent, name))
        .or_else(|| {
            fields()
                .find(|known| shortens(name, known) || prolongs(name, known) || begins_alike(name, known))
                .map(str::to_owned)
        })
        .or_else(|| of_arn(parent, name))
        .or_else(|| says_holder(parent, name))
}

/// `Value` and `ItemValue` for `Item.Value`.
fn further_inside(parent: ContextField, name: &str) -> Option<String> {
    let ways = FIELDS.iter().filter(|row| row.0 == parent).flat_map(|row| {
        FIELDS.iter().filter(|inner| inner.0 == row.1).map(|inner| (row.name(), inner.name()))
    });
    let is_meant = |(outer, inner): &(&str, &str)| {
        inner.eq_ignore_ascii_case(name) || format!("{outer}{inner}").eq_ignore_ascii_case(name)
    };
    let mut meant = ways.filter(is_meant);
    let (outer, inner) = meant.next()?;
    // Executions and states have names as well.
    meant.next().is_none().then(|| format!("{outer}.{inner}"))
}

/// `Exec` for `Execution`.
fn shortens(name: &str, known: &str) -> bool {
    name.len() > 2 && known.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// `TaskToken` for `Token`.
fn prolongs(name: &str, known: &str) -> bool {
    known.len() > 3 && name.to_ascii_lowercase().ends_with(&known.to_ascii_lowercase())
}

/// `Started` for `StartTime`, `RetryAttempt` for `RetryCount`.
fn begins_alike(name: &str, known: &str) -> bool {
    const LEAST: usize = 5;
    name.get(..LEAST).zip(known.get(..LEAST)).is_some_and(|(start, other)| start.eq_ignore_ascii_case(other))
}

/// The API calls an ARN what is an `Id` here.
fn of_arn(parent: ContextField, name: &str) -> Option<String> {
    let has_arn = [ContextField::Execution, ContextField::StateMachine].contains(&parent);
    (has_arn && name.to_ascii_lowercase().ends_with("arn")).then(|| "Id".to_owned())
}

/// `ExecutionId` for `Id` of `Execution`.
fn says_holder(parent: ContextField, name: &str) -> Option<String> {
    let holder = FIELDS.iter().find(|row| row.1 == parent)?.name();
    let rest = name.get(holder.len()..).filter(|_| name.starts_with(holder))?;
    FIELDS.iter().find(|row| row.0 == parent && row.name() == rest).map(|row| row.name().to_owned())
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
