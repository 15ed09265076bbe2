//! Reads the models: JSON, one folder a service, one folder in it a version of the API.

use super::java;
use flate2::read::GzDecoder;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

/// The model of a service.
#[derive(Debug)]
pub(crate) struct Model {
    /// The name of the service for people, without blanks: `DynamoDb`.
    pub(super) prefix: String,
    pub(crate) operations: BTreeMap<String, Operation>,
    /// The operations with a stream of events, which no task can call.
    pub(super) streams: Vec<String>,
    pub(crate) shapes: Map<String, Value>,
    /// How the service is spoken to.
    pub(super) metadata: Map<String, Value>,
    /// The rules by which the service is found, where it has some.
    pub(super) rules: Option<Value>,
    /// The partitions of AWS, which these ask about.
    pub(super) partitions: Rc<Value>,
}

/// An operation with the names of its shapes.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) input: Option<String>,
    pub(crate) output: Option<String>,
    pub(super) errors: Vec<String>,
    /// The whole of it, for what is of interest only where it is sent.
    pub(super) model: Value,
}

/// The version of the package.
pub(crate) fn version(botocore: &Path) -> Result<String, Box<dyn Error>> {
    let text = fs::read_to_string(botocore.join("__init__.py"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("__version__ = "));
    let version = line.ok_or("`__init__.py` has no `__version__`")?;
    Ok(format!("botocore {}", version.trim_matches(['\'', '"'])))
}

/// The newest model of every service by the name that it has in Step Functions.
pub(crate) fn read_all(botocore: &Path) -> Result<BTreeMap<String, Model>, Box<dyn Error>> {
    let mut models = BTreeMap::new();
    let partitions = Rc::new(read_beside(&botocore.join("data"), "partitions")?.unwrap_or_default());
    for folder in folders(&botocore.join("data"))? {
        let Some(file) = newest(&folder)? else { continue };
        let model = read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let model = Model { partitions: Rc::clone(&partitions), ..model };
        // Two folders can hold one service; the first name is the one that is kept up.
        models.entry(model.prefix.to_lowercase()).or_insert(model);
    }
    Ok(models)
}

/// The newest model of the service in this folder.
pub(crate) fn read_one(botocore: &Path, folder: &str) -> Result<Model, Box<dyn Error>> {
    let folder = botocore.join("data").join(folder);
    let file = newest(&folder)?.ok_or_else(|| format!("{}: no model", folder.display()))?;
    read(&file)
}

/// The model of the newest version of an API.
fn newest(service: &Path) -> Result<Option<std::path::PathBuf>, Box<dyn Error>> {
    let versions = folders(service)?;
    Ok(versions.iter().rev().find_map(|version| {
        ["service-2.json.gz", "service-2.json"].iter().map(|name| version.join(name)).find(|f| f.is_file())
    }))
}

fn folders(folder: &Path) -> Result<Vec<std::path::PathBuf>, Box<dyn Error>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A file of this name, packed or not, if there is one.
fn read_beside(folder: &Path, name: &str) -> Result<Option<Value>, Box<dyn Error>> {
    let files = [".json.gz", ".json"].map(|ending| folder.join(format!("{name}{ending}")));
    files.iter().find(|file| file.is_file()).map(|file| read_json(file)).transpose()
}

fn read_json(file: &Path) -> Result<Value, Box<dyn Error>> {
    let mut bytes = Vec::new();
    if file.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(File::open(file)?).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.read_to_end(&mut bytes)?;
    }
    Ok(serde_json::from_slice(&bytes)?)
}

fn read(file: &Path) -> Result<Model, Box<dyn Error>> {
    let json = read_json(file)?;
    let rules = read_beside(file.parent().unwrap_or(file), "endpoint-rule-set-1")?;
    let id = json.pointer("/metadata/serviceId").and_then(Value::as_str).ok_or("no `serviceId`")?;
    let shapes = json.get("shapes").and_then(Value::as_object).cloned().ok_or("no `shapes`")?;
    let operations = json.get("operations").and_then(Value::as_object).ok_or("no `operations`")?;
    let all = operations.iter().map(|(name, operation)| (name.clone(), read_operation(operation)));
    let (streams, operations): (BTreeMap<_, _>, BTreeMap<_, _>) =
        all.partition(|(_, operation)| operation.streams_events(&shapes));
    let metadata = json.get("metadata").and_then(Value::as_object).cloned().unwrap_or_default();
    Ok(Model {
        prefix: java::service_name(id),
        operations,
        streams: streams.into_keys().collect(),
        shapes,
        metadata,
        rules,
        partitions: Rc::default(),
    })
}

fn read_operation(operation: &Value) -> Operation {
    let shape = |value: &Value| value.get("shape").and_then(Value::as_str).map(str::to_owned);
    let errors = operation.get("errors").and_then(Value::as_array);
    Operation {
        input: operation.get("input").and_then(shape),
        output: operation.get("output").and_then(shape),
        errors: errors.into_iter().flatten().filter_map(shape).collect(),
        model: operation.clone(),
    }
}

impl Model {
    /// A text of its metadata.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.metadata.get(name)?.as_str()
    }
}

impl Operation {
    /// The method of its request.
    pub(crate) fn method(&self) -> &str {
        self.model.pointer("/http/method").and_then(Value::as_str).unwrap_or("POST")
    }

    /// Whether it sends or answers with a stream of events, which no task of a state machine can.
    fn streams_events(&self, shapes: &Map<String, Value>) -> bool {
        let is_stream = |member: &Value| {
            let shape = member.get("shape").and_then(Value::as_str).and_then(|name| shapes.get(name));
            is_set(member, "eventstream") || shape.is_some_and(|shape| is_set(shape, "eventstream"))
        };
        let structures = self.input.iter().chain(&self.output).filter_map(|name| shapes.get(name));
        structures
            .filter_map(|shape| shape.get("members").and_then(Value::as_object))
            .any(|members| members.values().any(is_stream))
    }
}

/// Whether a trait of a shape or member is true.
pub(super) fn is_set(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool) == Some(true)
}
