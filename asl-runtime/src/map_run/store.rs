//! Stores of objects: where an `ItemReader` reads and a `ResultWriter` writes.
//!
//! A store is S3 or takes its place: objects in buckets, under keys. Objects are read and listed piece by piece.

mod folders;
mod objects;

pub use folders::Folders;
pub use objects::Objects;

use crate::integration::BoxFuture;
use asl_language::timestamp::Timestamp;
use asl_value::Text;
use std::fmt;

/// A store of objects in buckets.
pub trait ObjectStore: fmt::Debug + Send + Sync + 'static {
    /// Opens an object for reading.
    fn open<'a>(
        &'a self,
        object: &'a ObjectLocation,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>>;

    /// Lists the objects of a bucket whose keys start with a prefix, in the order of the bytes of their keys.
    fn list<'a>(
        &'a self,
        bucket: &'a str,
        prefix: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectListing>, StoreError>>;

    /// Writes a whole object.
    fn put<'a>(&'a self, object: &'a ObjectLocation, body: Vec<u8>) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// An object that is being read.
pub trait ObjectBody: Send {
    /// The next piece, of whatever size but not empty; `None` at the end.
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>>;
}

/// A list of objects that is being read.
pub trait ObjectListing: Send {
    /// The next page, not empty; `None` at the end.
    fn page(&mut self) -> BoxFuture<'_, Result<Option<Vec<ObjectSummary>>, StoreError>>;
}

/// Which object.
///
/// ```
/// use asl_runtime::ObjectLocation;
///
/// let location = ObjectLocation::new("shop", "2026/items.json");
/// assert_eq!((&*location.bucket, &*location.key), ("shop", "2026/items.json"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ObjectLocation {
    /// The bucket.
    pub bucket: Text,
    /// The key.
    pub key: Text,
    /// Which version of the object; `None` is the latest.
    pub version_id: Option<Text>,
}

impl ObjectLocation {
    /// The latest version of an object.
    pub fn new(bucket: impl Into<Text>, key: impl Into<Text>) -> Self {
        Self { bucket: bucket.into(), key: key.into(), version_id: None }
    }
}

/// What a list says about an object.
///
/// ```
/// use asl_runtime::{ObjectSummary, Timestamp};
///
/// let summary = ObjectSummary::new("items.json", 18, Timestamp::new(1_700_000_000, 0), "etag");
/// assert_eq!((&*summary.key, summary.size), ("items.json", 18));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectSummary {
    /// The key.
    pub key: Text,
    /// The size in bytes.
    pub size: u64,
    /// When it was written.
    pub last_modified: Timestamp,
    /// The entity tag, with its quotes.
    pub etag: Text,
}

impl ObjectSummary {
    /// What a list says about an object; `etag` is without quotes.
    pub fn new(key: impl Into<Text>, size: u64, last_modified: Timestamp, etag: &str) -> Self {
        Self { key: key.into(), size, last_modified, etag: format!("\"{etag}\"").into() }
    }
}

/// Why a store cannot do what it is asked for.
///
/// ```
/// use asl_runtime::StoreError;
///
/// let error = StoreError::new("AccessDenied", "the bucket is private");
/// assert_eq!(error.code(), "AccessDenied");
/// assert!(StoreError::no_such_bucket("shop").to_string().contains("shop"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    code: Text,
    message: String,
}

impl StoreError {
    /// An error with a code of S3's (`NoSuchKey`) and a text for people.
    pub fn new(code: impl Into<Text>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into() }
    }

    /// There is no such bucket.
    #[must_use]
    pub fn no_such_bucket(bucket: &str) -> Self {
        Self::new("NoSuchBucket", format!("The specified bucket does not exist: {bucket}"))
    }

    /// There is no such object.
    ///
    /// ```
    /// use asl_runtime::{ObjectLocation, StoreError};
    ///
    /// let error = StoreError::no_such_key(&ObjectLocation::new("shop", "items.json"));
    /// assert_eq!(error.code(), "NoSuchKey");
    /// ```
    #[must_use]
    pub fn no_such_key(object: &ObjectLocation) -> Self {
        Self::new(
            "NoSuchKey",
            format!("The specified key does not exist: s3://{}/{}", object.bucket, object.key),
        )
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for StoreError {}
