//! The results of a Map Run that are written to a store (`ResultWriter`).
//!
//! In: child executions that have ended. Out: files, and the result of the Map state, which says where they are. What is written does not stay in memory.

use super::error::MapRunError;
use super::store::{ObjectLocation, ObjectStore};
use asl_engine::ChildEnd;
use asl_engine::context::ExecutionContext;
use asl_engine::generated::template::object;
use asl_engine::map_run::results::{flattened, record};
use asl_engine::map_run::{ResultWriter, WriterTransformation};
use asl_value::{Text, Value};
use std::mem;

/// The size from which on a result file is written, and another one begun.
const FILE_BYTES: usize = 8 * 1024 * 1024;

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

impl<'s> Exported<'s> {
    /// Results by the settings. `map_run` is the last part of the ARN of the Map Run.
    pub(crate) fn new(
        writer: ResultWriter,
        store: Option<&'s dyn ObjectStore>,
        map_run: &str,
    ) -> Result<Self, MapRunError> {
        let ResultWriter { parameters, transformation, json_lines } = writer;
        let parameters = parameters.unwrap_or_default();
        let store = store.ok_or(MapRunError::NoStore)?;
        let Some(bucket) = parameters.get("Bucket").and_then(Value::as_str) else {
            return Err(MapRunError::NotAString("Bucket"));
        };
        let prefix =
            parameters.get("Prefix").and_then(Value::as_str).unwrap_or_default().trim_end_matches('/');
        let folder = if prefix.is_empty() { map_run.to_owned() } else { format!("{prefix}/{map_run}") };
        Ok(Self {
            store,
            bucket: bucket.into(),
            folder,
            transformation,
            json_lines,
            succeeded: Files::new("SUCCEEDED"),
            failed: Files::new("FAILED"),
        })
    }

    /// Takes a result; returns how many results have been written so far.
    pub(crate) async fn put(
        &mut self,
        child: &ExecutionContext,
        ended: &ChildEnd,
    ) -> Result<u64, MapRunError> {
        let json_lines = self.json_lines;
        let values = match (&ended.result, self.transformation) {
            (Err(_), _) | (_, WriterTransformation::None) => vec![record(child, ended)],
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
    async fn write(&mut self, succeeded: bool) -> Result<(), MapRunError> {
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
        self.store.put(&object_location, text).await?;
        files.held = 0;
        files.written.push(object([("Key", key.into()), ("Size", size.into())]));
        Ok(())
    }

    /// Writes what is left, and the manifest that names all files.
    pub(crate) async fn finish(mut self, map_run_arn: &Text) -> Result<Value, MapRunError> {
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
        self.store.put(&location, manifest.to_string().into_bytes()).await?;
        let details = object([("Bucket", self.bucket.into()), ("Key", key.into())]);
        Ok(object([("MapRunArn", map_run_arn.clone().into()), ("ResultWriterDetails", details)]))
    }
}
