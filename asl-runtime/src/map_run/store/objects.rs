//! Objects in memory, for tests and replays.

use super::{ObjectBody, ObjectEnd, ObjectListing, ObjectLocation, ObjectStore, ObjectSummary, StoreError};
use crate::integration::BoxFuture;
use asl_engine::map_run::names::etag;
use asl_language::timestamp::Timestamp;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Bound, Range};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The number of objects in a page, as with S3.
const PAGE: usize = 1000;

/// A store in memory. A clone is the same store.
///
/// ```
/// use asl_runtime::Objects;
///
/// let store = Objects::new();
/// store.insert("orders", "2024/01.csv", "id,amount\n1,7\n");
/// assert_eq!(store.get("orders", "2024/01.csv"), Some(b"id,amount\n1,7\n".to_vec()));
/// ```
#[derive(Clone, Default)]
pub struct Objects(Arc<Mutex<Buckets>>);

type Buckets = BTreeMap<String, BTreeMap<String, Arc<[u8]>>>;

impl Objects {
    /// A store without buckets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an empty bucket, unless there is one of that name.
    ///
    /// ```
    /// use asl_runtime::Objects;
    ///
    /// let objects = Objects::new();
    /// objects.create_bucket("results");
    /// assert!(objects.keys("results").is_empty());
    /// ```
    pub fn create_bucket(&self, bucket: impl Into<String>) {
        self.lock().entry(bucket.into()).or_default();
    }

    /// Adds or replaces an object, and its bucket if there is none.
    ///
    /// ```
    /// use asl_runtime::Objects;
    ///
    /// let objects = Objects::new();
    /// objects.insert("shop", "a.txt", "hello");
    /// assert_eq!(objects.get("shop", "a.txt").as_deref(), Some(b"hello".as_slice()));
    /// ```
    pub fn insert(&self, bucket: impl Into<String>, key: impl Into<String>, body: impl Into<Vec<u8>>) {
        self.lock().entry(bucket.into()).or_default().insert(key.into(), body.into().into());
    }

    /// The content of an object.
    ///
    /// ```
    /// use asl_runtime::Objects;
    ///
    /// assert_eq!(Objects::new().get("shop", "items.json"), None);
    /// ```
    #[must_use]
    pub fn get(&self, bucket: &str, key: &str) -> Option<Vec<u8>> {
        self.lock().get(bucket)?.get(key).map(|body| body.to_vec())
    }

    /// The keys of the objects in a bucket.
    ///
    /// ```
    /// use asl_runtime::Objects;
    ///
    /// let objects = Objects::new();
    /// objects.insert("shop", "b.txt", "");
    /// objects.insert("shop", "a.txt", "");
    /// assert_eq!(objects.keys("shop"), ["a.txt", "b.txt"]);
    /// ```
    #[must_use]
    pub fn keys(&self, bucket: &str) -> Vec<String> {
        self.lock().get(bucket).into_iter().flat_map(BTreeMap::keys).cloned().collect()
    }

    fn body(&self, object: &ObjectLocation) -> Result<Arc<[u8]>, StoreError> {
        let buckets = self.lock();
        let bucket =
            buckets.get(&*object.bucket).ok_or_else(|| StoreError::no_such_bucket(&object.bucket))?;
        bucket.get(&*object.key).cloned().ok_or_else(|| StoreError::no_such_key(object))
    }

    fn lock(&self) -> MutexGuard<'_, Buckets> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ObjectStore for Objects {
    fn open<'a>(
        &'a self,
        object: &'a ObjectLocation,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        Box::pin(async move { Ok(Box::new(Whole(Some(self.body(object)?.to_vec()))) as Box<dyn ObjectBody>) })
    }

    fn open_range<'a>(
        &'a self,
        object: &'a ObjectLocation,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        Box::pin(async move {
            let body = self.body(object)?;
            let place = |place| usize::try_from(place).unwrap_or(usize::MAX).min(body.len());
            let part = body.get(place(range.start)..place(range.end)).unwrap_or_default().to_vec();
            Ok(Box::new(Whole(Some(part))) as Box<dyn ObjectBody>)
        })
    }

    fn read_end<'a>(
        &'a self,
        object: &'a ObjectLocation,
        length: usize,
    ) -> BoxFuture<'a, Result<ObjectEnd, StoreError>> {
        Box::pin(async move {
            let body = self.body(object)?;
            let end = body.get(body.len().saturating_sub(length)..).unwrap_or_default();
            Ok(ObjectEnd::new(end, body.len() as u64))
        })
    }

    fn list<'a>(
        &'a self,
        bucket: &'a str,
        prefix: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectListing>, StoreError>> {
        Box::pin(async move {
            if !self.lock().contains_key(bucket) {
                return Err(StoreError::no_such_bucket(bucket));
            }
            let (store, bucket, prefix) = (self.clone(), bucket.to_owned(), prefix.to_owned());
            Ok(Box::new(Listing { store, bucket, prefix, after: None }) as Box<dyn ObjectListing>)
        })
    }

    fn put<'a>(&'a self, object: &'a ObjectLocation, body: Vec<u8>) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let mut buckets = self.lock();
            let bucket =
                buckets.get_mut(&*object.bucket).ok_or_else(|| StoreError::no_such_bucket(&object.bucket))?;
            bucket.insert(object.key.to_string(), body.into());
            Ok(())
        })
    }
}

/// An object, or a part of one, as one piece.
struct Whole(Option<Vec<u8>>);

impl ObjectBody for Whole {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        let chunk = self.0.take().filter(|body| !body.is_empty());
        Box::pin(async { Ok(chunk) })
    }
}

struct Listing {
    store: Objects,
    bucket: String,
    prefix: String,
    after: Option<String>,
}

impl Listing {
    fn next(&mut self) -> Option<Vec<ObjectSummary>> {
        let buckets = self.store.lock();
        let start = self.after.as_deref().map_or(Bound::Included(self.prefix.as_str()), Bound::Excluded);
        let page: Vec<_> = buckets
            .get(&self.bucket)?
            .range::<str, _>((start, Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(&self.prefix))
            .take(PAGE)
            .map(|(key, body)| summary(key, body))
            .collect();
        self.after = page.last().map(|last| last.key.to_string());
        (!page.is_empty()).then_some(page)
    }
}

impl ObjectListing for Listing {
    fn page(&mut self) -> BoxFuture<'_, Result<Option<Vec<ObjectSummary>>, StoreError>> {
        let page = self.next();
        Box::pin(async { Ok(page) })
    }
}

fn summary(key: &str, body: &[u8]) -> ObjectSummary {
    let size = u64::try_from(body.len()).unwrap_or(u64::MAX);
    ObjectSummary::new(key, size, Timestamp::new(0, 0), &etag(body))
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.lock().iter().map(|(bucket, objects)| (bucket, objects.len()))).finish()
    }
}
