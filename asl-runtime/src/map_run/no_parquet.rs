//! The reader of Parquet files in a program without the feature `parquet`: it says which feature is missing.

use super::error::MapRunError;
use super::store::{ObjectLocation, ObjectStore};
use asl_value::Value;
use std::convert::Infallible;
use std::marker::PhantomData;

/// There are none.
pub(super) struct Rows<'s> {
    never: Infallible,
    store: PhantomData<&'s dyn ObjectStore>,
}

impl<'s> Rows<'s> {
    #[expect(clippy::unused_async, reason = "it reads the footer with the feature")]
    pub(super) async fn open(_: &'s dyn ObjectStore, _: ObjectLocation) -> Result<Self, MapRunError> {
        Err(MapRunError::NeedsFeature { what: "The InputType PARQUET", feature: "parquet" })
    }

    #[expect(clippy::unused_async, reason = "it reads a page with the feature")]
    pub(super) async fn next(&mut self) -> Result<Option<Value>, MapRunError> {
        let _: PhantomData<_> = self.store;
        match self.never {}
    }
}
