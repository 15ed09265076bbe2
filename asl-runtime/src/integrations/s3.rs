//! Objects in S3, for the `ItemReader` and the `ResultWriter` of distributed Map states.
//!
//! Buckets are part of the path of requests. Objects are read as they come, whole or a range of them, listings page by page.

use super::address::{Fault, encoded, name, object_key};
use super::environment::Endpoints;
use super::http::answer::{Answer, BodyError};
use super::request_error::RequestError;
use super::signed::{Message, Service, Signature};
use super::timeouts::{self, Timeouts};
use crate::integration::BoxFuture;
use crate::map_run::store::parts::{self, RangeBody};
use crate::{ObjectBody, ObjectEnd, ObjectListing, ObjectLocation, ObjectStore, ObjectSummary, StoreError};
use asl_language::timestamp::Timestamp;
use hyper::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use roxmltree::{Document, Node};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// How large the text of an error, or of one page of a listing, may be.
const TEXT_LIMIT: usize = 16 * 1024 * 1024;

/// A store of objects in S3, or on a server that has its API. A clone is the same store.
///
/// ```no_run
/// # async fn host() {
/// use asl_runtime::InMemory;
/// use asl_runtime::integrations::s3::S3;
///
/// // Distributed Maps read their items from buckets, and write their results to them.
/// let host = InMemory::new().object_store(S3::from_env().await);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct S3 {
    service: Arc<Service>,
    timeouts: Timeouts,
}

impl S3 {
    /// Region, credentials and endpoint as every AWS SDK finds them (`AWS_REGION`, `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, the
    /// profile, the machine's role).
    pub async fn from_env() -> Self {
        Self::from_env_with(&Endpoints::default()).await
    }

    /// The same with servers that come before those which the environment names.
    pub async fn from_env_with(endpoints: &Endpoints) -> Self {
        Self::new(Service::from_env(endpoints).await)
    }

    /// A server other than AWS.
    ///
    /// ```
    /// use asl_runtime::integrations::s3::S3;
    /// use std::time::Duration;
    ///
    /// let store = S3::with_endpoint("http://127.0.0.1:9000", "us-east-1", "minio", "minio123")
    ///     .connect_timeout(Duration::from_secs(1));
    /// ```
    #[must_use]
    pub fn with_endpoint(url: &str, region: &str, access_key_id: &str, secret_access_key: &str) -> Self {
        Self::new(Service::with_endpoint(url, region, access_key_id, secret_access_key))
    }

    fn new(service: Service) -> Self {
        Self { service: Arc::new(service), timeouts: Timeouts::default() }
    }

    /// How long it may take to connect; 10 seconds if not set, here or by `ASL_CONNECT_TIMEOUT`.
    #[must_use]
    pub const fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.connect = Some(timeout);
        self
    }

    /// How long S3 may be silent before and within its answer; 70 seconds if not set, here or by `ASL_READ_TIMEOUT`.
    #[must_use]
    pub const fn read_timeout(mut self, timeout: Duration) -> Self {
        self.timeouts.read = Some(timeout);
        self
    }

    async fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Answer, StoreError> {
        self.send_with(method, path, &[], body).await
    }

    /// Asks for a range of the bytes of an object.
    async fn get(&self, object: &ObjectLocation, range: &str) -> Result<Answer, StoreError> {
        let etag = object.etag.as_deref().map(|etag| ("if-match", etag));
        let headers: Vec<_> = [("range", range)].into_iter().chain(etag).collect();
        self.send_with(Method::GET, &path_of(object)?, &headers, Vec::new()).await
    }

    async fn send_with(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, StoreError> {
        let message = Message {
            address: format!("{}{path}", self.service.address("s3")),
            method,
            headers,
            body,
            signature: Some(Signature { service: "s3", region: &self.service.region }),
            timeouts: self.service.timeouts(self.timeouts, timeouts::READ).map_err(unreachable_service)?,
        };
        let mut answer = self.service.send(message).await.map_err(unreachable_service)?;
        if answer.status().is_success() { Ok(answer) } else { Err(refusal(&mut answer).await) }
    }
}

impl ObjectStore for S3 {
    fn open<'a>(
        &'a self,
        object: &'a ObjectLocation,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        Box::pin(async move {
            let answer = self.send(Method::GET, &path_of(object)?, Vec::new()).await?;
            Ok(Box::new(Body(answer)) as Box<dyn ObjectBody>)
        })
    }

    fn open_range<'a>(
        &'a self,
        object: &'a ObjectLocation,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        Box::pin(async move {
            let Some(last) = range.end.checked_sub(1).filter(|last| *last >= range.start) else {
                return Ok(Box::new(Nothing) as Box<dyn ObjectBody>);
            };
            let answer = self.get(object, &format!("bytes={}-{last}", range.start)).await?;
            Ok(match answer.status() {
                StatusCode::PARTIAL_CONTENT => Box::new(Body(answer)) as Box<dyn ObjectBody>,
                // A server that knows no ranges.
                _ => Box::new(RangeBody::new(Box::new(Body(answer)), &range)),
            })
        })
    }

    fn read_end<'a>(
        &'a self,
        object: &'a ObjectLocation,
        length: usize,
    ) -> BoxFuture<'a, Result<ObjectEnd, StoreError>> {
        Box::pin(async move {
            let answer = match self.get(object, &format!("bytes=-{length}")).await {
                // There is nothing in it.
                Err(error) if error.code() == "InvalidRange" => return Ok(ObjectEnd::new([], 0)),
                answer => answer?,
            };
            let etag = header(&answer, "etag").map(Into::into);
            let size = match answer.status() {
                StatusCode::PARTIAL_CONTENT => Some(size_of(&answer)?),
                _ => None,
            };
            let mut end = parts::end(Box::new(Body(answer)), length).await?;
            end.etag = etag;
            end.size = size.unwrap_or(end.size);
            Ok(end)
        })
    }

    fn list<'a>(
        &'a self,
        bucket: &'a str,
        prefix: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectListing>, StoreError>> {
        Box::pin(async move {
            let start = format!(
                "/{}?list-type=2&encoding-type=url&prefix={}",
                name(bucket).map_err(invalid_bucket)?,
                encoded(prefix)
            );
            let mut listing = Listing { store: self.clone(), next: Some(start.clone()), start, ahead: None };
            // A bucket that does not exist is reported now, not with the first page.
            listing.ahead = listing.fetch().await?;
            Ok(Box::new(listing) as Box<dyn ObjectListing>)
        })
    }

    fn put<'a>(&'a self, object: &'a ObjectLocation, body: Vec<u8>) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.send(Method::PUT, &path_of(object)?, body).await.map(drop) })
    }
}

fn path_of(object: &ObjectLocation) -> Result<String, StoreError> {
    let bucket = name(&object.bucket).map_err(invalid_bucket)?;
    let key = object_key(&object.key)
        .map_err(|fault| StoreError::new("InvalidArgument", format!("The key {fault}")))?;
    Ok(match &object.version_id {
        None => format!("/{bucket}/{key}"),
        Some(version) => format!("/{bucket}/{key}?versionId={}", encoded(version)),
    })
}

fn invalid_bucket(fault: Fault) -> StoreError {
    StoreError::new("InvalidBucketName", format!("The name of the bucket {fault}"))
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers().get(name)?.to_str().ok()
}

/// The size of an object of which a part was read: `bytes 0-9/200`.
fn size_of(answer: &Answer) -> Result<u64, StoreError> {
    let range = header(answer, "content-range").and_then(|range| range.rsplit_once('/'));
    range
        .and_then(|(_, size)| size.parse().ok())
        .ok_or_else(|| unreadable("a range without the size of its object"))
}

struct Body(Answer);

/// A range without bytes.
struct Nothing;

impl ObjectBody for Nothing {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async { Ok(None) })
    }
}

impl ObjectBody for Body {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async move { self.0.chunk().await.map_err(unreachable_service) })
    }
}

struct Listing {
    store: S3,
    start: String,
    /// The path of the page after the one that is ahead.
    next: Option<String>,
    ahead: Option<Vec<ObjectSummary>>,
}

impl Listing {
    /// The next page that is not empty.
    async fn fetch(&mut self) -> Result<Option<Vec<ObjectSummary>>, StoreError> {
        while let Some(path) = self.next.take() {
            let mut answer = self.store.send(Method::GET, &path, Vec::new()).await?;
            let text = text_of(&mut answer).await?;
            let (objects, token) = read_page(&text)?;
            self.next = token.map(|token| format!("{}&continuation-token={}", self.start, encoded(&token)));
            if !objects.is_empty() {
                return Ok(Some(objects));
            }
        }
        Ok(None)
    }
}

impl ObjectListing for Listing {
    fn page(&mut self) -> BoxFuture<'_, Result<Option<Vec<ObjectSummary>>, StoreError>> {
        Box::pin(async move {
            match self.ahead.take() {
                Some(page) => Ok(Some(page)),
                None => self.fetch().await,
            }
        })
    }
}

/// The objects of a page of a listing, and the token of the page after it.
fn read_page(text: &str) -> Result<(Vec<ObjectSummary>, Option<String>), StoreError> {
    let document = Document::parse(text).map_err(|error| unreadable(&error.to_string()))?;
    let root = document.root_element();
    let contents = root.children().filter(|node| node.has_tag_name_local("Contents"));
    let objects = contents
        .map(|node| read_summary(node).ok_or_else(|| unreadable("an object without a key or a size")));
    let token = child(root, "NextContinuationToken").map(str::to_owned);
    Ok((objects.collect::<Result<_, _>>()?, token))
}

fn read_summary(node: Node<'_, '_>) -> Option<ObjectSummary> {
    let key = percent_decode_str(&child(node, "Key")?.replace('+', " ")).decode_utf8_lossy().into_owned();
    let size = child(node, "Size")?.parse().ok()?;
    let last_modified = child(node, "LastModified").and_then(Timestamp::parse).unwrap_or_default();
    Some(ObjectSummary::new(
        key,
        size,
        last_modified,
        child(node, "ETag").unwrap_or_default().trim_matches('"'),
    ))
}

trait LocalName {
    /// Whether it is an element of this name, in whatever namespace.
    fn has_tag_name_local(&self, name: &str) -> bool;
}

impl LocalName for Node<'_, '_> {
    fn has_tag_name_local(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

fn child<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children().find(|node| node.has_tag_name_local(name))?.text()
}

async fn text_of(answer: &mut Answer) -> Result<String, StoreError> {
    let body = answer.read_body(TEXT_LIMIT).await.map_err(|error| match error {
        BodyError::TooLarge => unreadable("it is too large"),
        BodyError::Broken(reason) => unreachable_service(reason),
    })?;
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// The error that an answer outside of 2xx means.
async fn refusal(answer: &mut Answer) -> StoreError {
    let status = answer.status();
    let text = text_of(answer).await.unwrap_or_default();
    let document = Document::parse(&text).ok();
    let error = document.as_ref().map(Document::root_element);
    let named = |name| error.and_then(|error| child(error, name)).map(str::to_owned);
    let code = named("Code").unwrap_or_else(|| format!("{}", status.as_u16()));
    let message = named("Message").or_else(|| status.canonical_reason().map(str::to_owned));
    StoreError::new(code, message.unwrap_or_default())
}

fn unreachable_service(reason: RequestError) -> StoreError {
    StoreError::new("SdkClientException", format!("Unable to execute HTTP request: {reason}"))
}

fn unreadable(reason: &str) -> StoreError {
    StoreError::new("InternalError", format!("The answer of S3 cannot be read: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_objects_and_the_token_of_the_next() {
        let text = r#"<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
            <IsTruncated>true</IsTruncated><NextContinuationToken>t/1=</NextContinuationToken>
            <Contents><Key>a%20b/%C3%A9+c.csv</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified>
            <ETag>&quot;e1&quot;</ETag><Size>12</Size></Contents></ListBucketResult>"#;
        let (objects, token) = read_page(text).unwrap();
        assert_eq!(token.as_deref(), Some("t/1="));
        assert_eq!(
            objects,
            [ObjectSummary::new("a b/é c.csv", 12, Timestamp::parse("2024-01-01T00:00:00Z").unwrap(), "e1")]
        );
        assert_eq!(read_page("<x").unwrap_err().code(), "InternalError");
    }

    #[test]
    fn keys_are_encoded_part_by_part() {
        let mut object = ObjectLocation::new("bucket", "a b/c+d.csv");
        assert_eq!(path_of(&object).unwrap(), "/bucket/a%20b/c%2Bd.csv");
        object.version_id = Some("v=1".into());
        assert_eq!(path_of(&object).unwrap(), "/bucket/a%20b/c%2Bd.csv?versionId=v%3D1");
    }
}
