//! Variables that are not read: a text that is the name of a variable of the machine, where a name is only text.

use super::{as_error, as_text, expressions};
use crate::definition::{PlainText, QueryLanguage};
use crate::diagnostic::Diagnostic;
use std::collections::HashSet;

/// What is wrong with a text, if it is `$name`, or a part of that variable.
pub(super) fn fault(
    found: PlainText<'_>,
    variables: &HashSet<&str>,
    language: QueryLanguage,
) -> Option<Diagnostic> {
    let text = found.text.value.trim();
    if variables.is_empty() || !text.contains('$') {
        return None;
    }
    let read = expressions::without_brackets(text).find(|text| is_part_of(text, variables))?;
    // A word with a dollar sign may be meant as it is written; in JSONata it is a variable wherever it stands.
    let is_certain = language == QueryLanguage::Jsonata || read.contains(['.', '[']);
    let diagnostic = as_text(found);
    let diagnostic = if is_certain { as_error(diagnostic) } else { diagnostic };
    Some(match language {
        QueryLanguage::JsonPath => diagnostic
            .label("a variable is read only in a field whose name ends in `.$`")
            .help(format!("write `\"{}.$\": \"{read}\"`", found.key)),
        QueryLanguage::Jsonata => diagnostic
            .label("an expression is written between `{%` and `%}`")
            .help(format!("write `{{% {read} %}}`")),
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
