//! The distributed Map: what a state asks for when each of its items, or each batch of them, is an execution of its own.
//!
//! In: the settings that generated code gives, and a store of objects. Out: items one by one, batches, and result files. Items
//! stream: nothing in here holds more of them than one chunk of a file gives. It never runs an execution; that is the
//! [driver](crate::driver)'s part.

pub(crate) mod batcher;
mod csv;
mod gzip;
pub(crate) mod item;
mod json;
mod json_lines;
mod listing;
mod manifest;
pub(crate) mod names;
mod progress;
pub(crate) mod reader;
mod settings;
pub(crate) mod store;
pub(crate) mod tolerance;
pub(crate) mod writer;

pub use progress::{Counts, MapRunProgress};
pub use settings::{
    ExecutionType, InputType, ItemBatcher, ItemReader, ItemSource, ManifestType, MapRunSettings,
    ResultWriter, WriterTransformation,
};
pub use tolerance::Tolerance;

use crate::error::Error;
use crate::value::{Text, Value};
use asl_language::errors;

/// What a distributed Map state asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRun<S> {
    /// The first state of the processor.
    pub processor: S,
    /// The items: an array or an object; `None` where the `ItemReader` of the settings reads them.
    pub items: Option<Value>,
    /// The effective input of the Map state, which the `ItemSelector` sees.
    pub input: Value,
    /// How many child executions run at once; `None` is as many as the driver sees fit.
    pub max_concurrency: Option<usize>,
    /// The rest, or why it could not be evaluated: AWS tells that the Map has started before it looks at these fields.
    pub settings: Result<MapRunSettings, Error>,
}

impl<S> MapRun<S> {
    /// The number of items, as far as it is known before they are read.
    pub(crate) fn length(&self) -> usize {
        match &self.items {
            Some(Value::Array(items)) => items.len(),
            Some(Value::Object(fields)) => fields.len(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => 0,
        }
    }

    /// The same for another type of states.
    pub(crate) fn with_state<T>(self, state: impl FnOnce(S) -> T) -> MapRun<T> {
        let Self { processor, items, input, max_concurrency, settings } = self;
        MapRun { processor: state(processor), items, input, max_concurrency, settings }
    }
}

/// `States.ItemReaderFailed`, which can be caught; its cause has no prefix.
#[cold]
pub(crate) fn item_reader_failed(cause: impl Into<String>) -> Error {
    Error::catchable(Text::new_static(errors::ITEM_READER_FAILED), Some(cause.into()))
}

/// `States.ResultWriterFailed`, which can be caught; its cause has no prefix.
#[cold]
pub(crate) fn result_writer_failed(cause: impl Into<String>) -> Error {
    Error::catchable(Text::new_static(errors::RESULT_WRITER_FAILED), Some(cause.into()))
}
