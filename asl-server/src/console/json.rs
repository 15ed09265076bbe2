//! JSON as a tree that folds.
//!
//! In: JSON, of whatever size. Out: nested `details`; what is long is cut, and says so. Only text goes in, so that nothing in it becomes markup.

use super::story::cut;
use super::words;
use maud::{Markup, html};
use serde::de::IgnoredAny;
use serde_json::Value;

/// So many items of a list are shown, and so many characters of a text.
const ITEMS: usize = 100;
const CHARACTERS: usize = 2_000;
/// So deep is a tree open, and so deep is it at all.
const OPEN: usize = 2;
const DEEP: usize = 24;
/// What is shorter is written in one line.
const SHORT: usize = 64;
/// So many values of one tree are shown.
const VALUES: usize = 1_000;

/// A value as a tree.
pub(crate) fn tree(value: &Value) -> Markup {
    let mut left = VALUES;
    html! { div.json { (branch(None, value, 0, false, &mut left)) } }
}

/// A text that holds JSON, as a tree; any other as it is.
pub(crate) fn text(text: &str) -> Markup {
    match serde_json::from_str(text) {
        Ok(value) => tree(&value),
        Err(_) => html! { div.json { span.s { (visible(&cut(text, CHARACTERS))) } } },
    }
}

fn branch(name: Option<&str>, value: &Value, depth: usize, comma: bool, left: &mut usize) -> Markup {
    *left = left.saturating_sub(1);
    let key = html! { @if let Some(name) = name { span.k { (quoted(name)) } span.p { ": " } } };
    let after = html! { @if comma { span.p { "," } } };
    let is_short = |value: &Value| value.to_string().len() <= SHORT;
    match value {
        Value::Array(items) if depth > 0 && items.len() > 8 && items.iter().all(is_plain) => {
            html! { span.ln { (key) (flat(value)) (after) } }
        }
        Value::Array(items)
            if !items.is_empty() && depth < DEEP && !(depth > 0 && is_flat(value) && is_short(value)) =>
        {
            let summary = format!(" {} ]", words::count(items.len() as u64, "item"));
            let shown = items.iter().map(|item| (None, item));
            fold(&key, &after, ("[", "]"), &summary, shown, depth, left)
        }
        Value::Object(members)
            if !members.is_empty() && depth < DEEP && !(depth > 0 && is_flat(value) && is_short(value)) =>
        {
            let summary = format!(" {} }}", words::count(members.len() as u64, "field"));
            let shown = members.iter().map(|(name, value)| (Some(name.as_str()), value));
            fold(&key, &after, ("{", "}"), &summary, shown, depth, left)
        }
        Value::String(text) => leaf(&key, &after, text),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            html! { span.ln { (key) (flat(other)) (after) } }
        }
    }
}

/// Whether it is a number or a word, of which many can be in a line.
fn is_plain(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(_) | Value::Number(_))
}

fn is_flat(value: &Value) -> bool {
    let is_leaf = |value: &Value| !matches!(value, Value::Array(_) | Value::Object(_));
    match value {
        Value::Array(items) => items.iter().all(is_leaf),
        Value::Object(members) => members.values().all(is_leaf),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

fn fold<'v>(
    key: &Markup,
    after: &Markup,
    (opens, closes): (&str, &str),
    summary: &str,
    members: impl ExactSizeIterator<Item = (Option<&'v str>, &'v Value)>,
    depth: usize,
    left: &mut usize,
) -> Markup {
    let count = members.len();
    let shown = members
        .take(ITEMS.min(*left))
        .enumerate()
        .map(|(place, (name, value))| branch(name, value, depth + 1, place + 1 < count, left));
    let shown: Vec<_> = shown.collect();
    let hidden = count - shown.len();
    html! {
        details open[depth < OPEN] {
            summary { (key) span.p { (opens) } span.cl { (summary) } }
            div.ind {
                @for member in &shown { (member) }
                @if hidden > 0 { span.ln.dim { "… " (words::number(hidden as u64)) " more: download the history to see all" } }
            }
            span.ln { span.p { (closes) } (after) }
        }
    }
}

/// A text; one that holds an object or a list is shown as that.
fn leaf(key: &Markup, after: &Markup, text: &str) -> Markup {
    let inner = Some(text.trim_start())
        .filter(|text| text.starts_with(['{', '[']))
        .and_then(|_| serde_json::from_str(text).ok());
    let is_cut = text.chars().nth(CHARACTERS).is_some();
    html! {
        span.ln { (key) span.s.long[text.len() > SHORT] { (quoted(&cut(text, CHARACTERS))) } (after)
            @if is_cut { span.tag { (words::size(text.len())) ", cut" } }
        }
        @if let Some(inner) = inner.filter(|_| text.len() < CHARACTERS) {
            details.inside { summary { span.tag { "JSON in the text" } } (tree(&inner)) }
        }
    }
}

/// A value in one line.
fn flat(value: &Value) -> Markup {
    match value {
        Value::Null | Value::Bool(_) => html! { span.l { (value) } },
        Value::Number(number) => html! { span.n { (number) } },
        Value::String(text) => html! { span.s { (quoted(&cut(text, CHARACTERS))) } },
        Value::Array(items) => html! {
            span.p { "[" }
            @for (place, item) in items.iter().take(ITEMS).enumerate() { @if place > 0 { ", " } (flat(item)) }
            @if items.len() > ITEMS { span.dim { ", … " (words::number((items.len() - ITEMS) as u64)) " more" } }
            span.p { "]" }
        },
        Value::Object(members) => html! {
            span.p { "{" }
            @for (place, (name, value)) in members.iter().take(ITEMS).enumerate() {
                @if place > 0 { ", " }
                span.k { (quoted(name)) } span.p { ": " } (flat(value))
            }
            span.p { "}" }
        },
    }
}

/// JSON with its lines broken; any other text as it is. Only spaces are changed: numbers of any length and members that are there twice stay.
pub(crate) fn pretty(text: &str) -> String {
    if serde_json::from_str::<IgnoredAny>(text).is_err() {
        return text.to_owned();
    }
    let mut broken = String::with_capacity(text.len());
    let (mut depth, mut in_text) = (0_usize, false);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if in_text || !c.is_ascii_whitespace() {
            if !in_text && matches!(c, '}' | ']') {
                depth = depth.saturating_sub(1);
                new_line(&mut broken, depth);
            }
            broken.push(c);
        }
        match c {
            '"' => in_text = !in_text,
            '\\' => broken.extend(rest.next()),
            _ if in_text => {}
            '{' | '[' => {
                while rest.next_if(char::is_ascii_whitespace).is_some() {}
                match rest.next_if(|c| matches!(c, '}' | ']')) {
                    Some(end) => broken.push(end),
                    None => {
                        depth += 1;
                        new_line(&mut broken, depth);
                    }
                }
            }
            ',' => new_line(&mut broken, depth),
            ':' => broken.push(' '),
            _ => {}
        }
    }
    broken
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

/// A text as JSON has it, with what would change the direction of writing or hide in it written out.
fn quoted(text: &str) -> String {
    visible(&Value::from(text).to_string())
}

/// A text in which nothing is hidden: control characters and marks that turn the direction of writing are written out.
pub(crate) fn visible(text: &str) -> String {
    let is_hidden = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(
                c,
                '\u{61c}'
                    | '\u{200b}'..='\u{200f}'
                    | '\u{2028}'..='\u{202e}'
                    | '\u{2066}'..='\u{2069}'
                    | '\u{feff}'
            )
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            shown.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A sentence in which code is between backticks.
pub(crate) fn prose(text: &str) -> Markup {
    let text = visible(text);
    html! {
        @for (place, part) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_in_data_becomes_markup_or_turns_the_writing() {
        let shown =
            tree(&json!({ "<b>": "</script><img src=x onerror=alert(1)>", "turn": "a\u{202e}b\u{1b}[31m" }))
                .into_string();
        assert!(!shown.contains("<b>") && !shown.contains("<img") && !shown.contains("</script"), "{shown}");
        assert!(
            shown.contains("&lt;/script&gt;") && shown.contains("\\u202e") && !shown.contains('\u{1b}'),
            "{shown}"
        );
    }

    #[test]
    fn what_is_long_is_cut_and_says_so() {
        let long = json!({ "text": "x".repeat(262_144), "list": vec![json!({ "a": "b" }); 10_000], "numbers": vec![1; 300] });
        let shown = tree(&long).into_string();
        assert!(shown.len() < 32_768, "{}", shown.len());
        assert!(
            shown.contains("256.0 KiB, cut") && shown.contains("9,900 more") && shown.contains("200 more"),
            "{shown}"
        );
    }

    #[test]
    fn lines_are_broken_and_nothing_else_is_changed() {
        let broken = pretty(
            " {\"a\":[1,{ } ,[\n] ],\r\n\"a\" : \"x, {\\\"y\\\": \\\\\",\"n\":123456789012345678901234567890}\n",
        );
        let lines = [
            "{",
            "  \"a\": [",
            "    1,",
            "    {},",
            "    []",
            "  ],",
            r#"  "a": "x, {\"y\": \\","#,
            "  \"n\": 123456789012345678901234567890",
            "}",
        ];
        assert_eq!(broken.lines().collect::<Vec<_>>(), lines);
        assert_eq!(pretty(&broken), broken);
        assert_eq!(pretty("{\"a\":1,}"), "{\"a\":1,}");
    }

    #[test]
    fn json_is_found_in_texts() {
        let shown = tree(&json!({ "cause": "{\"Error\": \"E\"}" })).into_string();
        assert!(
            shown.contains("JSON in the text")
                && shown.contains("<span class=\"k\">&quot;Error&quot;</span>"),
            "{shown}"
        );
    }
}
