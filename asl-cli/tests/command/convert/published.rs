//! Published workflows run in both languages: with inputs and answers of tasks that are made of the paths and the comparisons in their definitions.

use super::{APPROXIMATE, EXACT, asl, converted, corpus, files, folder, with_variables, write};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// So many inputs for each workflow.
const INPUTS: usize = 4;

#[test]
#[expect(clippy::print_stderr, reason = "who reads the log should see what was tried")]
fn published_workflows_come_to_the_same() {
    let Some(published) = corpus("ASL_WORKFLOWS", "workflows") else {
        return eprintln!(
            "skipped: there are no published workflows; `ASL_WORKFLOWS` names a folder of them"
        );
    };
    let folder = folder(module_path!(), "published_workflows_come_to_the_same");
    let definitions = files(&published);
    let definitions =
        definitions.iter().filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let mut variables = 0;
    for (number, path) in definitions.enumerate() {
        let text = filled(&fs::read_to_string(path).expect("a text"));
        let (Ok(definition), Some(exact)) = (serde_json::from_str::<Value>(&text), converted(&text, EXACT))
        else {
            continue;
        };
        // What is drawn by chance is other in each language.
        if ["States.UUID", "States.MathRandom"].iter().any(|name| text.contains(name)) {
            continue;
        }
        let cases = cases(&definition).to_string();
        let put = |folder_of: &str, text: &str| {
            write(&folder, &format!("{folder_of}/{number}.asl.json"), text);
            write(&folder, &format!("{folder_of}/{number}.test.json"), &cases);
        };
        let text_of = |found: Option<super::Conversion>| found.map(|found| found.text);
        put("before", &text);
        put("exact", &exact.text);
        if let Some(text) = text_of(with_variables(&text, EXACT)) {
            put("variables", &text);
        }
        if let (Some(plain), Some(text)) =
            (text_of(converted(&text, APPROXIMATE)), text_of(with_variables(&text, APPROXIMATE)))
        {
            variables += 1;
            put("approximate", &plain);
            put("approximate_variables", &text);
        }
    }
    let names = ["before", "exact", "variables", "approximate", "approximate_variables"];
    let [before, exact, carried, approximate, approximate_variables] = names.map(|name| ran(&folder, name));
    for (from, after) in [(&before, &exact), (&before, &carried), (&approximate, &approximate_variables)] {
        // One that fails in JSONPath may go on in JSONata.
        let succeeded = |case| before.get(case).is_some_and(|end| end["status"] == "SUCCEEDED");
        let differences: Vec<_> = after
            .iter()
            .filter(|(case, end)| succeeded(case) && from.get(*case) != Some(*end))
            .map(|(case, end)| (case, from.get(case), end))
            .collect();
        assert!(differences.is_empty(), "{differences:#?}");
    }
    let succeeded = |ran: &Ran| ran.values().filter(|end| end["status"] == "SUCCEEDED").count();
    let (all, of) = (succeeded(&before), before.len());
    eprintln!(
        "{all} of {of} executions of {} workflows succeed, and agree; {variables} workflows have variables, and {} of their executions succeed",
        of / INPUTS,
        succeeded(&approximate_variables),
    );
    assert!(all * 4 >= of, "{all} of {of} succeed");
}

/// How executions ended, by file and case.
pub(super) type Ran = BTreeMap<(String, String), Value>;

/// Runs all tests of a folder.
pub(super) fn ran(folder: &Path, name: &str) -> Ran {
    let folder = folder.join(name);
    let output = asl(&folder, &["test", ".", "--format", "json", "--time-limit", "60"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    });
    let tests = report["tests"].as_array().expect("a list").iter();
    let text = |test: &Value, name: &str| test[name].as_str().expect("a text").to_owned();
    tests
        .map(|test| {
            let end = if test["status"] == "SUCCEEDED" {
                json!({ "status": "SUCCEEDED", "output": test["output"], "sent": test["sent"] })
            } else {
                json!({ "status": test["status"] })
            };
            ((text(test, "file").trim_start_matches("./").to_owned(), text(test, "name")), end)
        })
        .collect()
}

/// A definition with something in the place of its placeholders.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        let is_resource = before.trim_end_matches('"').trim_end().ends_with("\"Resource\":");
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        if is_resource && after.starts_with('"') {
            filled.push_str("arn:aws:lambda:us-east-1:123456789012:function:");
        }
        filled.push_str(&name);
        rest = after;
    }
    filled + rest
}

/// The test file of a definition.
fn cases(definition: &Value) -> Value {
    let mut data = Tree::default();
    data.read(definition);
    let mut tasks = Vec::new();
    all_tasks(definition, &mut tasks);
    let cases: Vec<_> = (0..INPUTS)
        .map(|seed| {
            let mocks = tasks.iter().map(|(name, task)| ((*name).to_owned(), answers(task, &data, seed)));
            json!({
                "name": format!("{seed}"),
                "input": data.value(seed),
                "mocks": mocks.collect::<Map<_, _>>(),
                "limits": true,
            })
        })
        .collect();
    json!({ "cases": cases })
}

/// What a task answers: in one of the cases an error first.
fn answers(task: &Value, data: &Tree, seed: usize) -> Value {
    let result = |seed| {
        let mut result = data.value(seed);
        let path = task["ResultPath"].as_str().and_then(|path| path.strip_prefix("$."));
        if let Some(inner) = path.and_then(|name| data.children.get(name)) {
            merge(&mut result, inner.value(seed));
        }
        json!({ "result": result })
    };
    let mut answers: Vec<_> = (seed..seed + 4).map(result).collect();
    if seed + 1 == INPUTS {
        answers.insert(0, json!({ "error": "States.TaskFailed", "cause": "no answer" }));
    }
    answers.into()
}

fn merge(value: &mut Value, other: Value) {
    if let (Some(value), Value::Object(other)) = (value.as_object_mut(), other) {
        value.extend(other);
    }
}

fn all_tasks<'v>(value: &'v Value, found: &mut Vec<(&'v str, &'v Value)>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if member["Type"] == "Task" {
                    found.push((name, member));
                }
                all_tasks(member, found);
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| all_tasks(element, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What all paths of a definition lead to.
#[derive(Debug, Default)]
struct Tree {
    children: BTreeMap<String, Tree>,
    is_array: bool,
    /// What it is compared with.
    values: Vec<Value>,
}

impl Tree {
    fn read(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(variable) = members.get("Variable").and_then(Value::as_str) {
                    let constants = members.iter().filter(|(name, _)| !name.starts_with("Is"));
                    let constants = constants.filter(|(name, _)| {
                        name.contains("Equals") || name.contains("Than") || *name == "StringMatches"
                    });
                    for (_, constant) in constants.filter(|(name, _)| !name.ends_with("Path")) {
                        self.at(variable).values.extend(around(constant));
                    }
                }
                for (name, member) in members {
                    if let Some(path) = member.as_str().filter(|text| text.starts_with("$.")) {
                        match name.as_str() {
                            "ItemsPath" => self.at(path).is_array = true,
                            "SecondsPath"
                            | "TimeoutSecondsPath"
                            | "HeartbeatSecondsPath"
                            | "MaxConcurrencyPath" => {
                                self.at(path).values.push(1.into());
                            }
                            _ => {}
                        }
                    }
                    self.read(member);
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.read(element)),
            Value::String(text) => {
                for (at, _) in text.match_indices("$.") {
                    self.at(text.get(at..).unwrap_or_default());
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// What a path leads to, as far as its names go.
    fn at(&mut self, path: &str) -> &mut Self {
        let end = path.find(|c: char| !(c.is_alphanumeric() || "$._-[*]".contains(c))).unwrap_or(path.len());
        let path = path.get(..end).unwrap_or_default();
        let mut tree = self;
        for part in path.trim_start_matches('$').split('.').filter(|part| !part.is_empty()) {
            let (name, index) =
                part.split_once('[').map_or((part, None), |(name, index)| (name, Some(index)));
            tree = tree.children.entry(name.to_owned()).or_default();
            tree.is_array |= index.is_some();
        }
        tree
    }

    fn value(&self, seed: usize) -> Value {
        let one = |seed: usize| {
            if self.children.is_empty() {
                let constant = self.values.get(seed.checked_rem(self.values.len()).unwrap_or_default());
                return constant.cloned().unwrap_or_else(|| match seed % 4 {
                    1 => json!(7),
                    3 => json!({ "inner": seed }),
                    _ => json!(format!("v{seed}")),
                });
            }
            let members = self.children.iter().map(|(name, child)| (name.clone(), child.value(seed)));
            members.collect::<Map<_, _>>().into()
        };
        if self.is_array { json!([one(seed), one(seed + 1)]) } else { one(seed) }
    }
}

/// A constant, and something else of its type.
fn around(constant: &Value) -> Vec<Value> {
    match constant {
        Value::Number(number) => vec![constant.clone(), json!(number.as_f64().unwrap_or_default() + 1.0)],
        Value::String(text) => vec![text.replace('*', "x").into(), "other".into()],
        Value::Bool(value) => vec![constant.clone(), (!value).into()],
        Value::Null | Value::Array(_) | Value::Object(_) => vec![constant.clone()],
    }
}
