//! The rules by which AWS says where a service is: the rule sets of the models, evaluated for a Region and nothing else.
//!
//! In: a rule set, the partitions of AWS, and parameters. Out: the address, and for which Region requests are signed; nothing where the rules
//! have none for these parameters. Functions about ARNs, buckets and URLs have nothing to say without these.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The values that are known to rules.
type Scope = BTreeMap<String, Value>;

/// Where requests are sent to, and for which Region they are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) url: String,
    pub(super) signing_region: Option<String>,
}

/// A rule set with the partitions that it asks about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'m> {
    pub(super) set: &'m Value,
    pub(super) partitions: &'m Value,
}

/// What a rule that holds leads to; a rule set that has no address ends with one that is none.
type Outcome = Option<Option<Endpoint>>;

impl Rules<'_> {
    /// The address with these parameters, beside which those with defaults have these.
    pub(super) fn endpoint(&self, parameters: &[(&str, Value)]) -> Option<Endpoint> {
        let mut scope = Scope::new();
        for (name, parameter) in self.set.get("parameters").and_then(Value::as_object).into_iter().flatten() {
            if let Some(default) = parameter.get("default") {
                scope.insert(name.clone(), default.clone());
            }
        }
        scope.extend(parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        self.first(self.set, &scope)?
    }

    fn first(&self, of: &Value, scope: &Scope) -> Outcome {
        let rules = of.get("rules").and_then(Value::as_array).into_iter().flatten();
        rules.into_iter().find_map(|rule| self.rule(rule, scope))
    }

    fn rule(&self, rule: &Value, scope: &Scope) -> Outcome {
        let mut scope = scope.clone();
        for condition in rule.get("conditions").and_then(Value::as_array).into_iter().flatten() {
            let value = self.call(condition, &scope).filter(|value| *value != Value::Bool(false))?;
            if let Some(name) = condition.get("assign").and_then(Value::as_str) {
                scope.insert(name.to_owned(), value);
            }
        }
        match rule.get("type").and_then(Value::as_str) {
            Some("endpoint") => Some(self.address(rule.get("endpoint")?, &scope)),
            Some("tree") => self.first(rule, &scope),
            _ => Some(None),
        }
    }

    fn address(&self, endpoint: &Value, scope: &Scope) -> Option<Endpoint> {
        let url = self.value(endpoint.get("url")?, scope)?.as_str()?.to_owned();
        let scheme = endpoint.pointer("/properties/authSchemes/0/signingRegion");
        let signing_region = scheme.and_then(|region| self.value(region, scope)?.as_str().map(str::to_owned));
        Some(Endpoint { url, signing_region })
    }

    /// What a function yields; nothing where it yields nothing, or is about what is not there.
    fn call(&self, function: &Value, scope: &Scope) -> Option<Value> {
        let name = function.get("fn")?.as_str()?;
        let arguments = function.get("argv")?.as_array()?;
        let argument = |number: usize| self.value(arguments.get(number)?, scope);
        let same = || Some(Value::Bool(argument(0)? == argument(1)?));
        match name {
            "isSet" => Some(Value::Bool(argument(0).is_some())),
            "not" => Some(Value::Bool(argument(0).is_none_or(|value| value == Value::Bool(false)))),
            "booleanEquals" | "stringEquals" => same(),
            "aws.partition" => self.partition(argument(0)?.as_str()?),
            "getAttr" => attribute(&argument(0)?, argument(1)?.as_str()?),
            "coalesce" => (0..arguments.len()).find_map(argument),
            "isValidHostLabel" => {
                let text = argument(0)?;
                let is_one = |c: char| c.is_ascii_alphanumeric() || c == '-';
                Some(Value::Bool(
                    text.as_str().is_some_and(|text| !text.is_empty() && text.chars().all(is_one)),
                ))
            }
            _ => None,
        }
    }

    fn value(&self, value: &Value, scope: &Scope) -> Option<Value> {
        match value {
            Value::Object(object) if object.contains_key("fn") => self.call(value, scope),
            Value::Object(object) => scope.get(object.get("ref")?.as_str()?).cloned(),
            Value::String(text) => filled(text, scope).map(Value::String),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => Some(value.clone()),
        }
    }

    fn partition(&self, region: &str) -> Option<Value> {
        partition(self.partitions, region).cloned()
    }
}

/// What the partition of a Region is like.
fn partition<'p>(partitions: &'p Value, region: &str) -> Option<&'p Value> {
    let all = partitions.get("partitions")?.as_array()?;
    let has =
        |partition: &&Value| partition.get("regions").is_some_and(|regions| regions.get(region).is_some());
    all.iter().find(has)?.get("outputs")
}

/// `name` or `name#member`, in braces.
fn filled(text: &str, scope: &Scope) -> Option<String> {
    let mut found = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}')?;
        let value = match name.split_once('#') {
            Some((name, member)) => attribute(scope.get(name)?, member)?,
            None => scope.get(name)?.clone(),
        };
        found += before;
        found += value.as_str()?;
        rest = behind;
    }
    Some(found + rest)
}

fn attribute(value: &Value, path: &str) -> Option<Value> {
    path.split('.').try_fold(value, |value, name| value.get(name)).cloned()
}

/// The Regions of each partition, without those that stand for all.
pub(super) fn regions(partitions: &Value) -> Vec<(String, String)> {
    let all = partitions.get("partitions").and_then(Value::as_array).into_iter().flatten();
    let of = |partition: &Value| {
        let id = partition.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let regions = partition.get("regions").and_then(Value::as_object).map(Map::keys);
        let regions = regions.into_iter().flatten().filter(|region| !region.ends_with("-global"));
        regions.map(move |region| (id.clone(), region.clone())).collect::<Vec<_>>()
    };
    all.flat_map(of).collect()
}

/// A text of the partition of a Region: `dnsSuffix`, `dualStackDnsSuffix`, `implicitGlobalRegion`.
pub(super) fn of_partition(partitions: &Value, region: &str, name: &str) -> String {
    let text = partition(partitions, region).and_then(|outputs| outputs.get(name)).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}
