//! Where two histories differ.
//!
//! In: the events that were recorded, and those that happened now. Out: the first event that differs, side by side. The times do not
//! count, nor does the order of what branches and iterations do side by side.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;
use terminal_size::{Width, terminal_size};

/// The width of a column whose lines are short.
const COLUMN: usize = 40;

/// The least width of a column: narrower ones cannot be read.
const NARROWEST: usize = 12;

/// Two events that should be the same. One of them may be missing.
#[derive(Debug, PartialEq)]
pub(crate) struct Difference {
    /// How many events agree.
    pub(super) agree: usize,
    recorded: Option<Value>,
    now: Option<Value>,
}

impl Difference {
    /// The two events side by side.
    pub(super) fn to_json(&self) -> Value {
        json!({ "recorded": self.recorded, "now": self.now })
    }
}

/// The first difference, if there is one.
pub(crate) fn first(recorded: &[Value], now: &[Value]) -> Option<Difference> {
    let recorded: Vec<Value> = recorded.iter().map(comparable).collect();
    let now: Vec<Value> = now.iter().map(comparable).collect();
    if recorded.iter().any(is_concurrent) {
        first_of_lines(&recorded, &now)
    } else {
        first_in_order(&recorded, &now)
    }
}

fn first_in_order(recorded: &[Value], now: &[Value]) -> Option<Difference> {
    let agree = recorded.iter().zip(now).take_while(|(recorded, now)| recorded == now).count();
    let (recorded, now) = (recorded.get(agree).cloned(), now.get(agree).cloned());
    (recorded.is_some() || now.is_some()).then_some(Difference { agree, recorded, now })
}

/// Each event has to have its equal somewhere: numbers depend on who comes first.
fn first_of_lines(recorded: &[Value], now: &[Value]) -> Option<Difference> {
    let mut left: Vec<Value> = now.iter().map(without_numbers).collect();
    for (agree, event) in recorded.iter().map(without_numbers).enumerate() {
        match left.iter().position(|other| *other == event) {
            Some(place) => drop(left.remove(place)),
            None => {
                let like = left.iter().position(|other| is_like(&event, other)).or(if left.is_empty() {
                    None
                } else {
                    Some(0)
                });
                return Some(Difference {
                    agree,
                    now: like.map(|place| left.remove(place)),
                    recorded: Some(event),
                });
            }
        }
    }
    left.into_iter().next().map(|event| Difference {
        agree: recorded.len(),
        recorded: None,
        now: Some(event),
    })
}

/// Whether two events have the same type, and name the same state.
fn is_like(event: &Value, other: &Value) -> bool {
    let about = |event: &Value| {
        let name = event.as_object()?.values().find_map(|details| details.get("name").cloned());
        Some((event.get("type")?.clone(), name))
    };
    about(event) == about(other)
}

fn is_concurrent(event: &Value) -> bool {
    matches!(event.get("type").and_then(Value::as_str), Some("ParallelStateStarted" | "MapStateStarted"))
}

fn without_numbers(event: &Value) -> Value {
    let mut event = event.clone();
    if let Value::Object(fields) = &mut event {
        fields.remove("id");
        fields.remove("previousEventId");
    }
    event
}

/// An event without what differs from run to run, and with its payloads as JSON instead of text.
fn comparable(event: &Value) -> Value {
    const PAYLOADS: &[&str] = &["input", "output", "parameters", "cause"];
    const LEFT_OUT: &[&str] =
        &["timestamp", "__type", "mapRunArn", "inputDetails", "outputDetails", "assignedVariablesDetails"];
    let Value::Object(fields) = event else { return event.clone() };
    let mut kept = Map::new();
    for (name, value) in fields {
        let value = match value.as_str().filter(|_| PAYLOADS.contains(&name.as_str())) {
            Some(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
            None if name.ends_with("EventDetails") => comparable(value),
            None => value.clone(),
        };
        if !LEFT_OUT.contains(&name.as_str()) {
            kept.insert(name.clone(), value);
        }
    }
    Value::Object(kept)
}

/// The same value with its keys in the order of the alphabet, so that lines that are equal stand side by side.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(sorted).collect(),
        Value::Object(fields) => {
            let fields: BTreeMap<&String, Value> =
                fields.iter().map(|(name, value)| (name, sorted(value))).collect();
            Value::Object(fields.into_iter().map(|(name, value)| (name.clone(), value)).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} events agree, then they differ", self.agree)?;
        let text = |event: &Option<Value>| match event {
            None => String::from("(no event)"),
            Some(event) => format!("{:#}", sorted(event)),
        };
        let (recorded, now) = (text(&self.recorded), text(&self.now));
        let widest = widest(columns());
        let width = recorded.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        let width = width.clamp(COLUMN.min(widest), widest);
        writeln!(f, "\n  {:width$} | now", "recorded")?;
        for (recorded, now) in beside(recorded.lines(), now.lines()) {
            // What is too long goes on in the next line, on both sides.
            for (recorded, now) in beside(folded(recorded, width).into_iter(), folded(now, width).into_iter())
            {
                let mark = if recorded == now { ' ' } else { '!' };
                writeln!(f, "{mark} {recorded:width$} | {now}")?;
            }
        }
        Ok(())
    }
}

/// Pairs of two lists, as many as the longer one has.
fn beside<T: Default>(
    left: impl Iterator<Item = T>,
    right: impl Iterator<Item = T>,
) -> impl Iterator<Item = (T, T)> {
    let (mut left, mut right) = (left, right);
    std::iter::from_fn(move || match (left.next(), right.next()) {
        (None, None) => None,
        (left, right) => Some((left.unwrap_or_default(), right.unwrap_or_default())),
    })
}

/// How wide the terminal is; what is not for one has the width that people like to read.
fn columns() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let found = || terminal_size().map(|(Width(columns), _)| usize::from(columns));
    said.or_else(found).unwrap_or(160)
}

/// How wide one of two columns may be in a terminal.
fn widest(columns: usize) -> usize {
    (columns.saturating_sub(5) / 2).max(NARROWEST)
}

/// The parts of a line that are not wider.
fn folded(line: &str, width: usize) -> Vec<String> {
    let letters: Vec<char> = line.chars().collect();
    letters.chunks(width.max(1)).map(|part| part.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entered(id: u64, name: &str, input: &Value) -> Value {
        json!({ "id": id, "previousEventId": id - 1, "timestamp": id, "type": "PassStateEntered",
            "stateEnteredEventDetails": { "name": name, "input": input.to_string(), "inputDetails": { "truncated": false } } })
    }

    #[test]
    fn times_and_the_spelling_of_payloads_do_not_count() {
        let mut other = entered(2, "A", &json!({ "a": 1 }));
        other["timestamp"] = json!("2024-01-01T00:00:00Z");
        other["stateEnteredEventDetails"]["input"] = json!("{ \"a\": 1 }");
        assert_eq!(first(&[entered(2, "A", &json!({ "a": 1 }))], &[other]), None);
    }

    #[test]
    fn the_first_difference_is_shown_side_by_side() {
        let recorded = [entered(2, "A", &json!({})), entered(3, "B", &json!(1))];
        let now = [entered(2, "A", &json!({})), entered(3, "B", &json!(2))];
        let difference = first(&recorded, &now).unwrap().to_string();
        assert!(difference.starts_with("1 events agree"), "{difference}");
        assert!(difference.lines().any(|line| line.starts_with('!')
            && line.contains("\"input\": 1")
            && line.contains("\"input\": 2")));
        let missing = first(&recorded, &now[..1]).unwrap().to_string();
        assert!(missing.contains("(no event)"), "{missing}");
    }

    #[test]
    fn long_lines_go_on_in_the_next() {
        let value = |letter: &str| [entered(2, "A", &json!(letter.repeat(300)))];
        let difference = first(&value("a"), &value("b")).unwrap().to_string();
        let widest = difference.lines().map(|line| line.chars().count()).max();
        assert!(widest.is_some_and(|widest| widest <= columns()), "{difference}");
        assert_eq!(folded("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(folded("", 4), Vec::<String>::new());
        // What follows a line that only one side has to fold is beside its like.
        let short = first(&[entered(2, "A", &json!("a".repeat(300)))], &[entered(2, "A", &json!("b"))]);
        let text = short.unwrap().to_string();
        assert!(
            text.lines().any(|line| line.starts_with(' ') && line.matches("\"name\": \"A\"").count() == 2),
            "{text}"
        );
    }

    #[test]
    fn two_columns_fit_into_any_terminal_that_can_be_read() {
        for columns in 29..200 {
            assert!(2 * widest(columns) + 5 <= columns, "{columns}");
        }
    }

    #[test]
    fn the_order_of_branches_does_not_count() {
        let start = json!({ "id": 1, "previousEventId": 0, "type": "ParallelStateStarted" });
        let (a, b) = (|id| entered(id, "A", &json!({})), |id| entered(id, "B", &json!({})));
        assert_eq!(first(&[start.clone(), a(2), b(3)], &[start.clone(), b(2), a(3)]), None);
        let difference = first(&[start.clone(), a(2)], &[start, b(3)]).unwrap();
        assert_eq!(difference.agree, 1);
    }
}
