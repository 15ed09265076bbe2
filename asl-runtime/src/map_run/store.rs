//! Stores of objects: where an `ItemReader` reads and a `ResultWriter` writes.
//!
//! A store is S3 or takes its place: objects in buckets, under keys. Objects are read and listed piece by piece.

mod folders;
mod objects;
pub(crate) mod parts;

pub use folders::Folders;
pub use objects::Objects;

use crate::integration::BoxFuture;
use asl_language::timestamp::Timestamp;
use asl_value::Text;
use std::fmt;
use std::ops::Range;

/// A store of objects in buckets.
pub trait ObjectStore: fmt::Debug + Send + Sync + 'static {
    /// Opens an object for reading.
    fn open<'a>(
        &'a self,
        object: &'a ObjectLocation,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>>;

    /// Opens a part of an object: the bytes of a range, as far as there are so many.
    ///
    /// Unless a store does better, it reads the object up to there.
    fn open_range<'a>(
        &'a self,
        object: &'a ObjectLocation,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        Box::pin(async move {
            let body = self.open(object).await?;
            Ok(Box::new(parts::RangeBody::new(body, &range)) as Box<dyn ObjectBody>)
        })
    }

    /// Reads the last bytes of an object, at most so many.
    ///
    /// Unless a store does better, it reads the whole object.
    fn read_end<'a>(
        &'a self,
        object: &'a ObjectLocation,
        length: usize,
    ) -> BoxFuture<'a, Result<ObjectEnd, StoreError>> {
        Box::pin(async move { parts::end(self.open(object).await?, length).await })
    }

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

/// The end of an object.
///
/// ```
/// use asl_runtime::ObjectEnd;
///
/// let end = ObjectEnd::new(b"PAR1", 4096).etag("\"v1\"");
/// assert_eq!((end.bytes.len(), end.size), (4, 4096));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectEnd {
    /// The last bytes.
    pub bytes: Vec<u8>,
    /// The size of the whole object.
    pub size: u64,
    /// The entity tag, with its quotes, where the store has one.
    pub etag: Option<Text>,
}

impl ObjectEnd {
    /// The last bytes of an object of a size.
    pub fn new(bytes: impl Into<Vec<u8>>, size: u64) -> Self {
        Self { bytes: bytes.into(), size, etag: None }
    }

    /// The same with an entity tag, with its quotes.
    #[must_use]
    pub fn etag(mut self, etag: impl Into<Text>) -> Self {
        self.etag = Some(etag.into());
        self
    }
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
    /// The entity tag of the content that is meant, with its quotes: a part of anything else is an error in stores that know entity tags.
    /// `None` is whatever is there.
    pub etag: Option<Text>,
}

impl ObjectLocation {
    /// The latest version of an object.
    pub fn new(bucket: impl Into<Text>, key: impl Into<Text>) -> Self {
        Self { bucket: bucket.into(), key: key.into(), version_id: None, etag: None }
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
    ///
    /// ```
    /// use asl_runtime::StoreError;
    ///
    /// assert_eq!(StoreError::no_such_bucket("shop").code(), "NoSuchBucket");
    /// ```
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
