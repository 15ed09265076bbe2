//! `$states`: which of its fields an expression can read where it is.

use super::Expression;
use crate::code::Code;
use crate::definition::Reader;
use crate::diagnostic::Diagnostic;
use crate::jsonata::tree::{ExpressionKind, StepKind, Yields};
use crate::jsonata::{self, presence, references};
use crate::path::{PathPlace, misplaced_context_name, unknown_context_name};
use crate::source::Span;
use crate::suggest::closest;

const FIELDS: [&str; 4] = ["input", "context", "result", "errorOutput"];

/// Reports fields of `$states` that do not exist.
pub(super) fn check(tree: &jsonata::Expression, expression: &Expression, reader: &mut Reader<'_>) {
    let mut needed = Vec::new();
    collect_needed(tree, &mut needed);
    for reference in references(tree).iter().filter(|reference| reference.name == "states") {
        let Some(field) = reference.fields.first() else { continue };
        let span = expression.place(Span::new(reference.span.start, field.span.end));
        if let Some(diagnostic) = fault(&field.name, reader.place, span) {
            // What there never is, is nothing to AWS. What it says of the result in a catcher is not recorded.
            let in_catcher = field.name == "result" && reader.place.error_output;
            if FIELDS.contains(&field.name.as_str()) && !in_catcher {
                reader.report(diagnostic);
            } else {
                reader.diagnostics.push_accepted(diagnostic);
            }
        }
        let misplaced = || misplaced_context(&reference.fields, expression, reader.place);
        if let Some(diagnostic) = context_fault(&reference.fields, expression).or_else(misplaced) {
            // What is not there is nothing, with which an expression can do something that asks about it.
            let is_misspelt = !diagnostic.help.is_empty();
            let is_used = || needed.contains(&reference.span) || !presence::asked(tree).contains("states");
            let diagnostic = if is_misspelt || is_used() { diagnostic } else { diagnostic.into_warning() };
            reader.diagnostics.push_accepted(diagnostic);
        }
    }
}

/// The variables without which the whole expression is nothing: it is what they lead to, or calculates with that.
fn collect_needed(tree: &jsonata::Expression, found: &mut Vec<Span>) {
    if tree.group.is_some() || tree.keep_array {
        return;
    }
    if let ExpressionKind::Variable(_) = &tree.kind {
        found.push(tree.span);
    } else if let ExpressionKind::Path(path) = &tree.kind {
        if let Some(StepKind::Expression(first)) = path.steps.first().map(|step| &step.kind) {
            collect_needed(first, found);
        }
    } else if let ExpressionKind::Negate(value) = &tree.kind {
        collect_needed(value, found);
    } else if let ExpressionKind::Binary(binary) = &tree.kind {
        if matches!(binary.operator.yields(), Yields::Number) {
            binary.sides.iter().for_each(|side| collect_needed(side, found));
        }
    } else if let ExpressionKind::Block(block) = &tree.kind
        && let Some(last) = block.expressions.last()
    {
        collect_needed(last, found);
    }
}

/// A field of the context object that does not exist.
fn context_fault(fields: &[jsonata::Field], expression: &Expression) -> Option<Diagnostic> {
    let (context, names) = fields.split_first().filter(|(first, _)| first.name == "context")?;
    let (number, meant) = unknown_context_name(names.iter().map(|field| field.name.as_str()))?;
    let walked = names
        .iter()
        .take(number)
        .fold(format!("$states.{}", context.name), |walked, field| walked + "." + &field.name);
    let wrong = names.get(number)?;
    let message = format!("the context object has no `{walked}.{}`", wrong.name);
    let diagnostic = Diagnostic::new(Code::UnknownContextField, expression.place(wrong.span), message)
        .label(format!("`{walked}` has no such field"));
    Some(match meant {
        Some(name) => diagnostic.help(format!("did you mean `{walked}.{name}`?")),
        None => diagnostic,
    })
}

/// A field of the context object that is not there in this place.
fn misplaced_context(
    fields: &[jsonata::Field],
    expression: &Expression,
    place: PathPlace,
) -> Option<Diagnostic> {
    let (_, names) = fields.split_first().filter(|(first, _)| first.name == "context")?;
    let (number, reason) = misplaced_context_name(names.iter().map(|field| field.name.as_str()), place)?;
    let wrong = names.get(number)?;
    let walked: String = fields.iter().take(number + 2).map(|field| format!(".{}", field.name)).collect();
    let message = format!("`$states{walked}` does not exist here: {reason}");
    let diagnostic = Diagnostic::new(Code::UnknownContextField, expression.place(wrong.span), message);
    Some(diagnostic.label("undefined here"))
}

/// Why a field cannot be read.
fn fault(name: &str, place: PathPlace, span: Span) -> Option<Diagnostic> {
    let message = format!("`$states.{name}` does not exist");
    let here = |label: &str| {
        Some(Diagnostic::new(Code::UnknownStatesField, span, format!("{message} here")).label(label))
    };
    match name {
        "input" | "context" => None,
        "result" if place.result => None,
        "errorOutput" if place.error_output => None,
        "result" => here("only `Assign` and `Output` of a Task, Parallel or Map state see its result"),
        "errorOutput" => here("only `Assign` and `Output` of a catcher see the Error Output"),
        _ => {
            let diagnostic = Diagnostic::new(Code::UnknownStatesField, span, message)
                .label("`$states` has the fields `input`, `context`, `result` and `errorOutput`");
            let is_error = name.to_lowercase().contains("err");
            let meant = closest(name, FIELDS).or_else(|| is_error.then_some("errorOutput"));
            let diagnostic = match meant {
                Some(name) => diagnostic.help(format!("did you mean `$states.{name}`?")),
                None => diagnostic,
            };
            Some(diagnostic)
        }
    }
}
