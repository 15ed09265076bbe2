//! Variables that are not read: a text that is the name of a variable of the machine, or has one in it, where a name is only text.

use super::{as_text, expressions};
use crate::check::Checker;
use crate::code::Code;
use crate::definition::{Expression, PlainText, QueryLanguage};
use crate::diagnostic::Diagnostic;
use crate::jsonata::tree::{self, ExpressionKind};
use std::collections::HashSet;

/// What is wrong with a text, if it is `$name` or a part of that variable, or has such a part in it.
pub(super) fn fault(
    found: PlainText<'_>,
    variables: &HashSet<&str>,
    language: QueryLanguage,
) -> Option<Diagnostic> {
    let text = found.text.value.trim();
    if variables.is_empty() || !text.contains('$') {
        return None;
    }
    let Some(read) = expressions::without_brackets(text).find(|text| is_part_of(text, variables)) else {
        let part = part_inside(text, |name, _| variables.contains(name))?;
        return Some(inside(found, part));
    };
    let diagnostic = as_text(found);
    Some(match language {
        QueryLanguage::JsonPath => diagnostic
            .label("a variable is read only in a field whose name ends in `.$`")
            .help(format!("write `\"{}.$\": \"{read}\"`", found.key)),
        QueryLanguage::Jsonata => diagnostic
            .label("an expression is written between `{%` and `%}`")
            .help(format!("write `{{% {read} %}}`")),
    })
}

fn inside(found: PlainText<'_>, part: &str) -> Diagnostic {
    let message = format!("`{part}` in the text of `{}` is not what it leads to", found.key);
    Diagnostic::new(Code::PathAsText, found.text.span, message).label("nothing is looked up inside of a text")
}

/// Texts in expressions that were meant to hold the value of something: `'order $states.input.id'`.
pub(super) fn check_expressions(expressions: &[&Expression], checker: &mut Checker<'_>) {
    for expression in expressions {
        let has_texts = expression.text.contains(['\'', '"']);
        if let Some(tree) = expression.tree.as_deref().filter(|_| has_texts) {
            check_texts(expression, tree, checker);
        }
    }
}

fn check_texts(expression: &Expression, tree: &tree::Expression, checker: &mut Checker<'_>) {
    const FIELDS: [&str; 4] = ["input.", "result.", "context.", "errorOutput."];
    if let ExpressionKind::String(text) = &tree.kind
        // An expression in a text is one of another machine.
        && !text.contains("{%")
        && let Some(part) = part_inside(text, |name, rest| {
            checker.variables.contains(name)
                || (name == "states" && FIELDS.iter().any(|field| rest.starts_with(field)))
        })
    {
        let message = format!("`{part}` in a text is not what it leads to");
        let diagnostic = Diagnostic::new(Code::PathAsText, expression.place(tree.span), message)
            .label("nothing is looked up inside of a text")
            .help(format!("join the parts: `'..' & {part}`"));
        checker.report_accepted(diagnostic);
    }
    tree.children().into_iter().for_each(|child| check_texts(expression, child, checker));
}

/// `$name.field` in a text, where `is_read` takes the name and what is behind the dot.
fn part_inside(text: &str, is_read: impl Fn(&str, &str) -> bool) -> Option<&str> {
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices('$').find_map(|(at, _)| {
        let (before, rest) = (text.get(..at)?, text.get(at + 1..)?);
        let is_start = !before.ends_with(|c: char| is_of_name(c) || "${'\"`\\".contains(c));
        let (name, steps) = rest.split_once('.').filter(|(name, _)| !name.is_empty() && is_start)?;
        let is_field = steps.starts_with(char::is_alphabetic) && name.chars().all(is_of_name);
        if !is_field || !is_read(name, steps) {
            return None;
        }
        let is_step = |c: char| is_of_name(c) || ".[]".contains(c);
        let length = steps.find(|c| !is_step(c)).unwrap_or(steps.len());
        Some(text.get(at..at + 2 + name.len() + length)?.trim_end_matches('.'))
    })
}

/// Whether a text is a variable and steps into it, and nothing else.
fn is_part_of(text: &str, variables: &HashSet<&str>) -> bool {
    let Some(rest) = text.strip_prefix('$') else { return false };
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
    let (name, steps) = rest.split_at(rest.find(|c| !is_of_name(c)).unwrap_or(rest.len()));
    let is_step = |c: char| is_of_name(c) || ".[]".contains(c);
    variables.contains(name) && steps.chars().all(is_step) && !steps.ends_with('.')
}
