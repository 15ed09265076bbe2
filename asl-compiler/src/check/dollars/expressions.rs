//! JSONata that is never evaluated: a part of a text, a text of a JSONPath state, or the value of a field that ends in `.$`.
//!
//! In: a text of a template that is taken as it is. Out: what was probably meant. AWS takes such texts when a machine is made, and an
//! execution goes on with them.

use crate::check::parameters::constant_text;
use crate::code::Code;
use crate::definition::{NEEDS_JSONATA, PlainText, QueryLanguage, Template};
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::Text;
use crate::jsonata::tree::{Expression, ExpressionKind};
use crate::jsonata::{self, Dialect, functions};

const OPENING: &str = "{%";
const CLOSING: &str = "%}";
const AROUND: &str = "an expression starts with `{%` and ends with `%}`, with nothing around them";

/// What is wrong with a text, if it holds an expression.
pub(super) fn fault(found: PlainText<'_>, language: QueryLanguage) -> Option<Diagnostic> {
    let text = found.text.value.trim();
    let is_whole = text.starts_with("{%") && text.ends_with("%}");
    let (label, help) = match language {
        QueryLanguage::JsonPath => {
            let expression = inside(text)?;
            let is_meant = is_of_states(expression) || (is_whole && is_calculated(expression));
            if !is_meant {
                return None;
            }
            ("the query language of the state is JSONPath", Some(NEEDS_JSONATA.to_owned()))
        }
        QueryLanguage::Jsonata if is_whole => (AROUND, Some(format!("write `{text}`"))),
        QueryLanguage::Jsonata if text.starts_with("$states.") => {
            let expression = text.trim_end_matches("%}").trim();
            ("an expression is written between `{%` and `%}`", Some(format!("write `{{% {expression} %}}`")))
        }
        QueryLanguage::Jsonata if !text.contains(OPENING) && !text.contains(CLOSING) => {
            let expression = without_signs(text)?;
            (AROUND, Some(format!("write `{{% {expression} %}}`")))
        }
        QueryLanguage::Jsonata => {
            let expression =
                inside(text).or_else(|| text.strip_prefix(OPENING)).or_else(|| text.strip_suffix(CLOSING))?;
            let help = inside(text).map(|_| format!("write `{{% {} %}}`", joined(text, expression)));
            (AROUND, help)
        }
    };
    let shown = inside(text).or_else(|| without_signs(text)).unwrap_or(text);
    let is_marked = text.contains(OPENING) || text.contains(CLOSING) || shown.contains("$states.");
    let is_certain = is_whole || (is_marked && is_of_states(shown));
    let message = format!(
        "`{}` is a literal text: the expression in it is not evaluated",
        shortened(&found.text.value)
    );
    let mut diagnostic = Diagnostic::new(Code::ExpressionAsText, found.text.span, message).label(label);
    diagnostic.help.extend(help);
    if !is_certain {
        diagnostic.severity = Severity::Warning;
    }
    Some(diagnostic)
}

/// What other languages have around expressions.
const BRACKETS: [(&str, &str); 8] = [
    ("{{", "}}"),
    ("<%", "%>"),
    ("{ %", "% }"),
    ("%{", "}%"),
    ("%{", "}"),
    ("#{", "}"),
    ("{$", "$}"),
    ("{", "}"),
];

/// The expression that a text without the signs of one is: it reads something of `$states`, or calls a function.
fn without_signs(text: &str) -> Option<&str> {
    without_brackets(text).find(|text| {
        (text.contains("$states.") || (text.starts_with('$') && text.ends_with(')')))
            && jsonata::parse(text).is_ok_and(|tree| text.contains("$states.") || calls_function(&tree))
    })
}

/// What a text may be with the signs of another language taken for those of an expression.
pub(super) fn without_brackets(text: &str) -> impl Iterator<Item = &str> {
    let inner = |(open, close): &(&str, &str)| text.strip_prefix(*open)?.strip_suffix(*close);
    let bracketed = BRACKETS.iter().filter_map(inner).collect::<Vec<_>>();
    let text = text.strip_prefix('=').unwrap_or(text);
    bracketed.into_iter().chain([text]).map(str::trim)
}

/// `$uuid()`
fn calls_function(tree: &Expression) -> bool {
    let ExpressionKind::Call(call) = &tree.kind else { return false };
    matches!(&call.procedure.kind, ExpressionKind::Variable(name) if functions::find(name, Dialect::States).is_some())
}

/// A key that ends in `.$`, which says nothing in JSONata.
pub(super) fn dollar_key(key: &Text, value: &Template) -> Diagnostic {
    let name = key.value.trim_end_matches(".$");
    let message = format!("`{}` is a name like any other in JSONata", key.value);
    let diagnostic = Diagnostic::new(Code::ExpressionAsText, key.span, message)
        .label("nothing is looked up because of its end");
    let path = constant_text(value).and_then(|text| text.value.strip_prefix("$."));
    diagnostic.help(match (value, path) {
        (Template::Expression(_), _) => format!("did you mean `{name}`?"),
        (_, Some(path)) => format!("write `\"{name}\": \"{{% $states.input.{path} %}}\"`"),
        _ => format!("write `\"{name}\": \"{{% .. %}}\"`"),
    })
}

/// What is between the signs of an expression.
fn inside(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("{%")?;
    rest.split_once("%}").map(|(inside, _)| inside.trim())
}

/// Whether it is an expression that a state may have: other languages have the same signs.
fn is_of_states(expression: &str) -> bool {
    let expression = expression.trim_start_matches("{%").trim_end_matches("%}");
    // One of the signs may be half there.
    let inner = expression.trim_end_matches(['%', '}']).trim_start_matches(['{', '%']);
    expression.contains('$') && [expression, inner].iter().any(|text| jsonata::parse(text.trim()).is_ok())
}

/// Whether it is an expression that reads nothing: `4.5`, `'a' & 'b'`. A name is a tag of other languages.
fn is_calculated(expression: &str) -> bool {
    jsonata::parse(expression)
        .is_ok_and(|tree| !matches!(tree.kind, ExpressionKind::Name(_) | ExpressionKind::Path(_)))
}

/// The whole text as an expression that joins its parts.
fn joined(text: &str, expression: &str) -> String {
    let (before, rest) = text.split_once("{%").unwrap_or_default();
    let after = rest.split_once("%}").map_or("", |(_, after)| after);
    let part = |part: &str| (!part.is_empty()).then(|| format!("'{part}'"));
    let parts: Vec<_> = part(before).into_iter().chain([expression.to_owned()]).chain(part(after)).collect();
    parts.join(" & ")
}

/// The start of a text that is long.
fn shortened(text: &str) -> String {
    const LENGTH: usize = 60;
    let mut shown: String = text.chars().take(LENGTH).collect();
    if shown.len() < text.len() {
        shown.push_str("..");
    }
    shown
}
