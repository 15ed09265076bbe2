//! The results of a Map Run: collected as the result of the state, or written to a store (`ResultWriter`).
//!
//! In: child executions that have ended. Out: the result of the Map state, and files. What is written does not stay in memory.

use super::store::{ObjectLocation, ObjectStore};
use asl_engine::context::ExecutionContext;
use asl_engine::error::{ExecutionError, Status};
use asl_engine::generated::template::object;
use asl_engine::map_run::{ResultWriter, WriterTransformation};
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use std::mem;

/// The size from which on a result file is written, and another one begun.
const FILE_BYTES: usize = 8 * 1024 * 1024;

/// A child execution that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Counts from 0 in the order in which the executions were started.
    pub(crate) index: usize,
    /// The number of items that it had.
    pub(crate) items: u64,
    pub(crate) execution: ExecutionContext,
    pub(crate) result: Result<Value, ExecutionError>,
    pub(crate) stop_date: Timestamp,
}

impl Ended {
    pub(crate) fn status(&self) -> Status {
        self.result.as_ref().map_or_else(ExecutionError::status, |_| Status::Succeeded)
    }

    /// All that is known about it, as AWS describes it in result files.
    fn record(&self) -> Value {
        let Self { execution, result, .. } = self;
        let included = || object([("Included", true.into())]);
        let mut fields = Object::new();
        if let Err(error) = result {
            fields.extend(error.cause().map(|cause| ("Cause", cause)));
            fields.extend(error.error().map(|name| ("Error", name)));
        }
        fields.insert("ExecutionArn", execution.id.clone());
        fields.insert("Input", execution.input.to_string());
        fields.insert("InputDetails", included());
        fields.insert("Name", execution.name.clone());
        if let Ok(output) = result {
            fields.insert("Output", output.to_string());
            fields.insert("OutputDetails", included());
        }
        fields.insert("RedriveCount", 0);
        if result.is_ok() {
            fields.insert("RedriveStatus", "NOT_REDRIVABLE");
            fields.insert("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven");
        } else {
            fields.insert("RedriveStatus", "REDRIVABLE");
        }
        fields.insert("StartDate", execution.start_time.to_string());
        fields.insert("StateMachineArn", execution.state_machine_id.clone());
        fields.insert("Status", self.status().as_str());
        fields.insert("StopDate", self.stop_date.to_string());
        fields.into()
    }
}

/// Where results go.
pub(crate) enum Results<'s> {
    Collected(Collected),
    Exported(Box<Exported<'s>>),
}

impl<'s> Results<'s> {
    /// Results by the settings. `map_run` is the last part of the ARN of the Map Run.
    pub(crate) fn new(
        settings: Option<ResultWriter>,
        store: Option<&'s dyn ObjectStore>,
        map_run: &str,
    ) -> Result<Self, String> {
        let (transformation, parameters, json_lines) = match settings {
            None => (WriterTransformation::Compact, None, false),
            Some(writer) => (writer.transformation, writer.parameters, writer.json_lines),
        };
        let Some(parameters) = parameters else {
            return Ok(Self::Collected(Collected { transformation, results: Vec::new() }));
        };
        let store = store.ok_or("The host has no store of objects: add a bucket to it.")?;
        let Some(bucket) = parameters.get("Bucket").and_then(Value::as_str) else {
            return Err(String::from("The field 'Bucket' of the Parameters must be a STRING"));
        };
        let prefix =
            parameters.get("Prefix").and_then(Value::as_str).unwrap_or_default().trim_end_matches('/');
        let folder = if prefix.is_empty() { map_run.to_owned() } else { format!("{prefix}/{map_run}") };
        Ok(Self::Exported(Box::new(Exported {
            store,
            bucket: bucket.into(),
            folder,
            transformation,
            json_lines,
            succeeded: Files::new("SUCCEEDED"),
            failed: Files::new("FAILED"),
        })))
    }

    /// Takes a result; gives how many results have been written so far.
    pub(crate) async fn put(&mut self, ended: &Ended) -> Result<u64, String> {
        match self {
            Self::Collected(collected) => {
                collected.put(ended);
                Ok(0)
            }
            Self::Exported(exported) => exported.put(ended).await,
        }
    }

    /// The result of the Map state.
    pub(crate) async fn finish(self, map_run_arn: &Text) -> Result<Value, String> {
        match self {
            Self::Collected(collected) => Ok(collected.finish()),
            Self::Exported(exported) => exported.finish(map_run_arn).await,
        }
    }
}

/// Results that become the result of the state, in the order of the items. An execution that failed and is tolerated has none.
pub(crate) struct Collected {
    transformation: WriterTransformation,
    results: Vec<Option<Value>>,
}

impl Collected {
    fn put(&mut self, ended: &Ended) {
        let result = match self.transformation {
            WriterTransformation::None => Some(ended.record()),
            WriterTransformation::Compact | WriterTransformation::Flatten => {
                ended.result.as_ref().ok().cloned()
            }
        };
        if self.results.len() <= ended.index {
            self.results.resize(ended.index + 1, None);
        }
        if let Some(place) = self.results.get_mut(ended.index) {
            *place = result;
        }
    }

    fn finish(self) -> Value {
        let results = self.results.into_iter().flatten();
        match self.transformation {
            WriterTransformation::None | WriterTransformation::Compact => results.collect::<Vec<_>>().into(),
            WriterTransformation::Flatten => results.flat_map(flattened).collect::<Vec<_>>().into(),
        }
    }
}

/// The elements of an array, or the value itself.
fn flattened(value: Value) -> Vec<Value> {
    match value {
        Value::Array(elements) => elements.to_vec(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => vec![value],
    }
}

/// Results that are written to a store.
pub(crate) struct Exported<'s> {
    store: &'s dyn ObjectStore,
    bucket: Text,
    /// What the keys of all files start with.
    folder: String,
    transformation: WriterTransformation,
    json_lines: bool,
    succeeded: Files,
    failed: Files,
}

/// The files of results of one kind.
struct Files {
    kind: &'static str,
    /// What is still to be written.
    text: Vec<u8>,
    /// The number of executions in it.
    held: u64,
    /// The number of executions in all.
    taken: u64,
    /// The keys and sizes of the files that have been written.
    written: Vec<Value>,
}

impl Files {
    const fn new(kind: &'static str) -> Self {
        Self { kind, text: Vec::new(), held: 0, taken: 0, written: Vec::new() }
    }

    fn add(&mut self, values: &[Value], json_lines: bool) {
        self.held += 1;
        self.taken += 1;
        for value in values {
            if !json_lines {
                self.text.push(if self.text.is_empty() { b'[' } else { b',' });
            }
            self.text.extend_from_slice(value.to_string().as_bytes());
            if json_lines {
                self.text.push(b'\n');
            }
        }
    }

    const fn written(&self) -> u64 {
        self.taken - self.held
    }
}

impl Exported<'_> {
    async fn put(&mut self, ended: &Ended) -> Result<u64, String> {
        let json_lines = self.json_lines;
        let values = match (&ended.result, self.transformation) {
            (Err(_), _) | (_, WriterTransformation::None) => vec![ended.record()],
            (Ok(output), WriterTransformation::Compact) => vec![output.clone()],
            (Ok(output), WriterTransformation::Flatten) => flattened(output.clone()),
        };
        let files = if ended.result.is_ok() { &mut self.succeeded } else { &mut self.failed };
        files.add(&values, json_lines);
        if files.text.len() >= FILE_BYTES {
            self.write(ended.result.is_ok()).await?;
        }
        Ok(self.succeeded.written() + self.failed.written())
    }

    /// Writes a file of the results that are held.
    async fn write(&mut self, succeeded: bool) -> Result<(), String> {
        let extension = if self.json_lines { "jsonl" } else { "json" };
        let files = if succeeded { &mut self.succeeded } else { &mut self.failed };
        if files.held == 0 {
            return Ok(());
        }
        let mut text = mem::take(&mut files.text);
        if !self.json_lines {
            text.extend_from_slice(if text.is_empty() { b"[]" } else { b"]" });
        }
        let key = format!("{}/{}_{}.{extension}", self.folder, files.kind, files.written.len());
        let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let object_location = ObjectLocation::new(self.bucket.clone(), key.as_str());
        self.store.put(&object_location, text).await.map_err(|error| error.to_string())?;
        files.held = 0;
        files.written.push(object([("Key", key.into()), ("Size", size.into())]));
        Ok(())
    }

    /// Writes what is left, and the manifest that names all files.
    async fn finish(mut self, map_run_arn: &Text) -> Result<Value, String> {
        self.write(true).await?;
        self.write(false).await?;
        let key = format!("{}/manifest.json", self.folder);
        let files = object([
            ("FAILED", self.failed.written.into()),
            ("PENDING", Vec::new().into()),
            ("SUCCEEDED", self.succeeded.written.into()),
        ]);
        let manifest = object([
            ("DestinationBucket", self.bucket.clone().into()),
            ("MapRunArn", map_run_arn.clone().into()),
            ("ResultFiles", files),
        ]);
        let location = ObjectLocation::new(self.bucket.clone(), key.as_str());
        self.store
            .put(&location, manifest.to_string().into_bytes())
            .await
            .map_err(|error| error.to_string())?;
        let details = object([("Bucket", self.bucket.into()), ("Key", key.into())]);
        Ok(object([("MapRunArn", map_run_arn.clone().into()), ("ResultWriterDetails", details)]))
    }
}
