//! One case of a folder: a definition, an input, and what was recorded.
//!
//! In: a JSON file. Out: the text of the definition, and what the [execution](super::execute) needs. Recordings have names that
//! change from run to run masked; those whose value is known are put back.

use asl_language::files;
use serde_json::{Map, Value, json};
use std::path::Path;

/// A case.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) definition: String,
    fields: Map<String, Value>,
}

impl Case {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let text = files::text(path, files::FileKind::Data)?;
        let Ok(Value::Object(fields)) = serde_json::from_str(&text) else {
            return Err(format!("`{}` is not a JSON object", path.display()));
        };
        let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
        let definition = text("definition_text").or_else(|| Some(format!("{:#}", fields.get("definition")?)));
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        Ok(Self {
            id: text("id").unwrap_or_else(|| stem.into_owned()),
            kind: text("kind").unwrap_or_else(|| String::from("history")),
            definition: definition.ok_or_else(|| format!("`{}` has no definition", path.display()))?,
            fields,
        })
    }

    /// Whether there is anything to run: a definition alone is only compiled.
    pub(crate) fn is_run(&self) -> bool {
        !matches!(self.kind.as_str(), "validation" | "test_state")
    }

    /// Whether the machine is executed as an Express workflow.
    pub(crate) fn is_express(&self) -> bool {
        self.fields.get("machine_type").and_then(Value::as_str) == Some("EXPRESS")
    }

    /// The recorded status.
    pub(crate) fn status(&self) -> Option<&str> {
        self.fields.get("status").and_then(Value::as_str)
    }

    /// What the execution needs.
    pub(crate) fn request(&self) -> Value {
        let field = |name: &str| self.fields.get(name).cloned().unwrap_or_default();
        let mut history = field("history");
        if !history.is_array() {
            // Not what happened, but it may name who the execution was.
            history = json!([field("recorded")]);
        }
        unmask(&mut history, &self.masks());
        let input = self.fields.get("input").cloned().unwrap_or_else(|| json!({}));
        json!({
            "input": input,
            "history": history,
            "recorded": self.fields.get("source").and_then(|source| source.get("last_validated_date")),
            "objects": self.objects(),
            "express": self.is_express(),
            "synchronous": self.kind == "sync",
        })
    }

    /// What was put into S3 before the execution.
    fn objects(&self) -> Vec<Value> {
        let setup = self.fields.get("setup").and_then(Value::as_array).into_iter().flatten();
        let puts = setup.filter(|step| step.get("call").and_then(Value::as_str) == Some("s3:PutObject"));
        puts.filter_map(|step| {
            let part = |name: &str| step.get("params")?.get(name);
            Some(json!({ "bucket": part("Bucket")?, "key": part("Key")?, "body": part("Body")? }))
        })
        .collect()
    }

    /// Masks and what is behind them, the longest first, because one may be part of another.
    fn masks(&self) -> Vec<(&str, &str)> {
        let masks = self.fields.get("mask").and_then(Value::as_array).into_iter().flatten();
        let mut masks: Vec<_> = masks
            .filter_map(|mask| Some((mask.get("token")?.as_str()?, mask.get("value")?.as_str()?)))
            .collect();
        masks.sort_by_key(|(token, _)| std::cmp::Reverse(token.len()));
        masks
    }
}

fn unmask(value: &mut Value, masks: &[(&str, &str)]) {
    match value {
        Value::String(text) => {
            for (token, replacement) in masks {
                if text.contains(token) {
                    *text = text.replace(token, replacement);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| unmask(element, masks)),
        Value::Object(fields) => fields.values_mut().for_each(|field| unmask(field, masks)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
