//! The distributed Map: what a state asks for when each of its items, or each batch of them, is a separate execution.
//!
//! In: the settings that generated code passes. Out: what items, batches and child executions are, and when too many have failed. It
//! reads and writes nothing, and never runs an execution.

#[doc(hidden)]
pub mod batcher;
#[doc(hidden)]
pub mod item;
#[doc(hidden)]
pub mod names;
mod progress;
#[doc(hidden)]
pub mod results;
mod settings;
mod tolerance;

pub use progress::{Counts, MapRunLimits, MapRunProgress};
pub use settings::{
    ExecutionType, InputType, ItemBatcher, ItemReader, ItemSource, ManifestType, MapRunSettings,
    ResultWriter, WriterTransformation,
};
pub use tolerance::Tolerance;

use crate::codec::record;
use crate::error::Error;
use crate::program::StateId;
use asl_language::errors;
use asl_value::{Text, Value};

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

record!(MapRun<StateId> { processor, items, input, max_concurrency, settings });

impl<S> MapRun<S> {
    /// The number of items, as far as it is known before they are read.
    #[doc(hidden)]
    pub fn length(&self) -> usize {
        match &self.items {
            Some(Value::Array(items)) => items.len(),
            Some(Value::Object(fields)) => fields.len(),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) | None => 0,
        }
    }

    /// The same with the first state of the processor in another type.
    pub(crate) fn with_state<T>(self, processor: T) -> MapRun<T> {
        let Self { processor: _, items, input, max_concurrency, settings } = self;
        MapRun { processor, items, input, max_concurrency, settings }
    }
}

/// `States.ItemReaderFailed`, which can be caught; its cause has no prefix.
#[doc(hidden)]
#[cold]
pub fn item_reader_failed(cause: impl Into<String>) -> Error {
    Error::catchable(Text::new_static(errors::ITEM_READER_FAILED), Some(cause.into()))
}

/// `States.ResultWriterFailed`, which can be caught; its cause has no prefix.
#[doc(hidden)]
#[cold]
pub fn result_writer_failed(cause: impl Into<String>) -> Error {
    Error::catchable(Text::new_static(errors::RESULT_WRITER_FAILED), Some(cause.into()))
}
