//! Choice rules as people say them: `$.total > 100 and not $.paid`.

use asl_compiler::json::{Kind, Number, Value};

/// Rules nested deeper than this are cut, because they could not be read.
const DEPTH: usize = 8;

/// A rule, or a condition in one.
pub(crate) fn text(rule: &Value) -> String {
    if let Some(condition) = rule.get("Condition") {
        return literal(condition);
    }
    joined(rule, 0)
}

fn joined(rule: &Value, depth: usize) -> String {
    if depth > DEPTH {
        return String::from("...");
    }
    for (field, word) in [("And", " and "), ("Or", " or ")] {
        if let Some(rules) = rule.get(field).and_then(Value::as_array) {
            let parts: Vec<_> = rules.iter().map(|rule| within(rule, depth)).collect();
            return parts.join(word);
        }
    }
    if let Some(rule) = rule.get("Not") {
        return format!("not {}", within(rule, depth));
    }
    comparison(rule)
}

/// An expression without what tells that it is one, or a path as it is.
pub(crate) fn bare(text: &str) -> String {
    match text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}")) {
        Some(expression) => expression.split_whitespace().collect::<Vec<_>>().join(" "),
        None => text.to_owned(),
    }
}

/// A rule in a rule, in brackets if it is made of several.
fn within(rule: &Value, depth: usize) -> String {
    let text = joined(rule, depth + 1);
    if rule.get("And").is_some() || rule.get("Or").is_some() { format!("({text})") } else { text }
}

fn comparison(rule: &Value) -> String {
    let variable = rule.get("Variable").and_then(Value::as_str).unwrap_or("?");
    let members = rule.as_object().unwrap_or_default();
    let is_operator = |name: &str| OF_KINDS.iter().any(|kind| name.starts_with(kind));
    let Some(operator) = members.iter().find(|member| is_operator(member.name())) else {
        return variable.to_owned();
    };
    let name = operator.name();
    let value = &operator.value;
    if let Some(property) = name.strip_prefix("Is") {
        let is = if value.as_bool() == Some(false) { "is not" } else { "is" };
        return format!("{variable} {is} {}", property.to_lowercase());
    }
    format!("{variable} {} {}", sign(name), literal(value))
}

const OF_KINDS: [&str; 5] = ["String", "Numeric", "Boolean", "Timestamp", "Is"];

fn sign(operator: &str) -> &'static str {
    let operator = operator.strip_suffix("Path").unwrap_or(operator);
    let endings = [
        ("LessThanEquals", "\u{2264}"),
        ("GreaterThanEquals", "\u{2265}"),
        ("LessThan", "<"),
        ("GreaterThan", ">"),
        ("Matches", "like"),
    ];
    endings.iter().find(|(ending, _)| operator.ends_with(ending)).map_or("=", |(_, sign)| sign)
}

/// A value in a few words.
pub(crate) fn literal(value: &Value) -> String {
    match &value.kind {
        Kind::Null => String::from("null"),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(Number::Int(number)) => number.to_string(),
        Kind::Number(Number::Uint(number)) => number.to_string(),
        Kind::Number(Number::Float(number)) => number.to_string(),
        Kind::String(text) => {
            let text = text.value.as_str();
            let is_computed = text.starts_with('$') || text.starts_with("{%");
            if is_computed { bare(text) } else { format!("\u{201c}{text}\u{201d}") }
        }
        Kind::Array(_) => String::from("[...]"),
        Kind::Object(_) => String::from("{...}"),
    }
}
