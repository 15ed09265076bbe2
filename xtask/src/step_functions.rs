//! Writes the shapes of the API of Step Functions, for the server that speaks it.
//!
//! In: the folder of the Python package botocore, which carries AWS's models under the Apache licence. Out: one JSON file with what the server
//! looks at: members, which of them are required, lengths, ranges, patterns and values. No documentation is taken over.

use crate::services::model;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What is taken over of a shape as it is.
const FACTS: &[&str] = &["type", "required", "min", "max", "pattern", "enum", "sensitive"];

/// Values in the order in which AWS names them in its errors, where that is known from a recorded answer and is not the model's.
const VALUES: &[(&str, &[&str])] =
    &[("ExecutionStatus", &["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"])];

/// Writes the file, and says what is in it.
pub(crate) fn generate(botocore: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let (model, source) = (model::read_one(botocore, "stepfunctions")?, model::version(botocore)?);
    let mut reached = BTreeSet::new();
    let mut actions = Map::new();
    for (name, operation) in &model.operations {
        let shapes = [&operation.input, &operation.output];
        shapes.into_iter().flatten().for_each(|shape| reach(&model.shapes, shape, &mut reached));
        actions.insert(name.clone(), json!([operation.input, operation.output]));
    }
    let lines = |entries: &mut dyn Iterator<Item = (&String, Value)>| {
        let lines: Vec<_> = entries.map(|(name, value)| format!("{}: {value}", json!(name))).collect();
        lines.join(",\n")
    };
    let mut text = format!("{{\"source\": {},\n\"actions\": {{\n", json!(source));
    text += &lines(&mut actions.iter().map(|(name, action)| (name, action.clone())));
    text += "},\n\"shapes\": {\n";
    text += &lines(&mut reached.iter().filter_map(|name| Some((name, facts(name, model.shapes.get(name)?)))));
    let _ = writeln!(text, "}}}}");
    fs::write(out, text)?;
    Ok(format!("{} actions, {} shapes", actions.len(), reached.len()))
}

/// The shapes that one consists of.
fn parts(shape: &Value) -> impl Iterator<Item = (&str, &str)> {
    let members = shape.get("members").and_then(Value::as_object).into_iter().flatten();
    let members = members.map(|(name, member)| (name.as_str(), member));
    let others = ["member", "key", "value"].into_iter().filter_map(|part| Some((part, shape.get(part)?)));
    members.chain(others).filter_map(|(name, part)| Some((name, part.get("shape")?.as_str()?)))
}

fn reach(shapes: &Map<String, Value>, name: &str, reached: &mut BTreeSet<String>) {
    if !reached.insert(name.to_owned()) {
        return;
    }
    for (_, part) in shapes.get(name).into_iter().flat_map(parts) {
        reach(shapes, part, reached);
    }
}

fn facts(name: &str, shape: &Value) -> Value {
    let mut facts: Map<String, Value> =
        FACTS.iter().filter_map(|fact| Some(((*fact).to_owned(), shape.get(fact)?.clone()))).collect();
    if let Some((_, values)) = VALUES.iter().find(|(known, _)| *known == name) {
        facts.insert("enum".to_owned(), json!(values));
    }
    let parts: Map<String, Value> =
        parts(shape).map(|(part, shape)| (part.to_owned(), json!(shape))).collect();
    if shape.get("members").is_some() {
        facts.insert("members".to_owned(), parts.into());
    } else {
        facts.extend(parts);
    }
    facts.into()
}
