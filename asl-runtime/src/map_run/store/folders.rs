//! Folders that are used as buckets.

mod place;

use super::{ObjectBody, ObjectEnd, ObjectListing, ObjectLocation, ObjectStore, ObjectSummary, StoreError};
use crate::integration::BoxFuture;
use asl_engine::map_run::names::etag;
use asl_language::timestamp::Timestamp;
use asl_value::Text;
use place::ObjectPlace;
use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

/// How much of a file is read at once.
const CHUNK: usize = 256 * 1024;
/// The number of objects in a page, as with S3.
const PAGE: usize = 1000;

/// A store whose buckets are folders: the key of an object is the path of a file, with `/` between its parts.
///
/// Nothing outside of the folders is read or written: a symbolic link may lead to a file in its folder, and any other is refused. Pipes and
/// devices are not objects.
///
/// Files are read and written on threads of tokio's for such work, so it has to be used within a tokio runtime.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    buckets: BTreeMap<String, PathBuf>,
}

impl Folders {
    /// A store without buckets.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a bucket: a folder, which need not exist before something is written to it.
    ///
    /// ```
    /// use asl_runtime::{Folders, InMemory};
    ///
    /// let folders = Folders::new().bucket("shop", "data/shop").bucket("results", "data/results");
    /// let host = InMemory::new().object_store(folders);
    /// ```
    #[must_use]
    pub fn bucket(mut self, name: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        self.insert(name, folder);
        self
    }

    pub(crate) fn insert(&mut self, name: impl Into<String>, folder: impl Into<PathBuf>) {
        self.buckets.insert(name.into(), folder.into());
    }

    fn folder(&self, bucket: &str) -> Result<&Path, StoreError> {
        self.buckets.get(bucket).map(PathBuf::as_path).ok_or_else(|| StoreError::no_such_bucket(bucket))
    }

    /// Does something with the file of an object that is there.
    async fn in_file<T: Send + 'static>(
        &self,
        object: &ObjectLocation,
        work: impl FnOnce(File) -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let etag = object.etag.clone();
        let done = self.at(object, move |path, place| match place {
            ObjectPlace::File(_) => {
                let file = File::open(path).map_err(io_error)?;
                if let Some(etag) = etag
                    && tag(&file.metadata().map_err(io_error)?) != *etag
                {
                    return Err(StoreError::new(
                        "PreconditionFailed",
                        "The file has changed while it was read",
                    ));
                }
                work(file).map(Some).map_err(io_error)
            }
            ObjectPlace::Folder | ObjectPlace::Nothing | ObjectPlace::Refused(_) | ObjectPlace::Other(_) => {
                Ok(None)
            }
        });
        done.await?.ok_or_else(|| StoreError::no_such_key(object))
    }

    /// Does something with the file of an object, or with its path where there is none. A key that leads out of the folder is the key of
    /// nothing.
    async fn at<T: Send + 'static>(
        &self,
        object: &ObjectLocation,
        work: impl FnOnce(&Path, ObjectPlace) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let folder = self.folder(&object.bucket)?.to_owned();
        let object = object.clone();
        blocking(move || {
            let path = place::path(&object.key).ok_or_else(|| StoreError::no_such_key(&object))?;
            let found = place::find(&folder, path).map_err(io_error)?;
            if let ObjectPlace::Refused(reason) | ObjectPlace::Other(reason) = found {
                return Err(refused(&object.bucket, &object.key, reason));
            }
            work(&folder.join(path), found)
        })
        .await
    }
}

impl ObjectStore for Folders {
    fn open<'a>(
        &'a self,
        object: &'a ObjectLocation,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        Box::pin(async move {
            let file = self.in_file(object, Ok).await?;
            Ok(Box::new(Body::At(file, u64::MAX)) as Box<dyn ObjectBody>)
        })
    }

    fn open_range<'a>(
        &'a self,
        object: &'a ObjectLocation,
        range: Range<u64>,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        Box::pin(async move {
            let Range { start, end } = range;
            let opened = self.in_file(object, move |mut file| {
                file.seek(SeekFrom::Start(start))?;
                Ok(file)
            });
            Ok(Box::new(Body::At(opened.await?, end.saturating_sub(start))) as Box<dyn ObjectBody>)
        })
    }

    fn read_end<'a>(
        &'a self,
        object: &'a ObjectLocation,
        length: usize,
    ) -> BoxFuture<'a, Result<ObjectEnd, StoreError>> {
        Box::pin(async move {
            let read = self.in_file(object, move |mut file| {
                let metadata = file.metadata()?;
                let (size, length) = (metadata.len(), u64::try_from(length).unwrap_or(u64::MAX));
                file.seek(SeekFrom::Start(size.saturating_sub(length)))?;
                let mut bytes = Vec::new();
                file.take(length).read_to_end(&mut bytes)?;
                Ok(ObjectEnd::new(bytes, size).etag(tag(&metadata)))
            });
            read.await
        })
    }

    fn list<'a>(
        &'a self,
        bucket: &'a str,
        prefix: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectListing>, StoreError>> {
        Box::pin(async move {
            let folder = self.folder(bucket)?.to_owned();
            let root = Entry { path: folder.clone(), key: String::new(), is_folder: true };
            let listed = Listed { bucket: bucket.to_owned(), folder, prefix: prefix.to_owned() };
            Ok(Box::new(Listing { listed, ahead: vec![root] }) as Box<dyn ObjectListing>)
        })
    }

    fn put<'a>(&'a self, object: &'a ObjectLocation, body: Vec<u8>) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let written = self.at(object, |path, _| {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder).map_err(io_error)?;
                }
                fs::write(path, body).map_err(io_error)
            });
            written.await
        })
    }
}

/// Does work with files where it blocks nothing else.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io_error(io::Error::other(error))))
}

#[expect(clippy::needless_pass_by_value, reason = "what is done with the error of a result")]
fn io_error(error: io::Error) -> StoreError {
    StoreError::new("InternalError", error.to_string())
}

/// What is there is not served.
fn refused(bucket: &str, key: &str, reason: &str) -> StoreError {
    StoreError::new("AccessDenied", format!("Access Denied: s3://{bucket}/{key} {reason}"))
}

/// A file that is being read.
enum Body {
    /// The file, and how much of it may still be read.
    At(File, u64),
    /// A read is under way, or was abandoned: the position in the file is not known.
    Lost,
    Ended,
}

impl ObjectBody for Body {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async move {
            let (mut file, left) = match std::mem::replace(self, Self::Lost) {
                Self::At(file, left) => (file, left),
                Self::Lost => {
                    return Err(StoreError::new(
                        "InternalError",
                        "an earlier read of the object did not come to its end",
                    ));
                }
                Self::Ended => {
                    *self = Self::Ended;
                    return Ok(None);
                }
            };
            let read = blocking(move || {
                let mut chunk = Vec::with_capacity(CHUNK);
                let most = u64::try_from(CHUNK).unwrap_or(u64::MAX).min(left);
                Read::by_ref(&mut file).take(most).read_to_end(&mut chunk).map_err(io_error)?;
                Ok((file, chunk))
            });
            let (file, chunk) = read.await?;
            let left = left.saturating_sub(chunk.len() as u64);
            *self = if chunk.is_empty() { Self::Ended } else { Self::At(file, left) };
            Ok((!chunk.is_empty()).then_some(chunk))
        })
    }
}

/// Files and folders that are still to be listed, the next one last.
struct Listing {
    listed: Listed,
    ahead: Vec<Entry>,
}

/// What is listed.
#[derive(Clone)]
struct Listed {
    bucket: String,
    folder: PathBuf,
    prefix: String,
}

struct Entry {
    path: PathBuf,
    /// The key of a file; what the keys in a folder start with, the `/` included.
    key: String,
    is_folder: bool,
}

impl ObjectListing for Listing {
    fn page(&mut self) -> BoxFuture<'_, Result<Option<Vec<ObjectSummary>>, StoreError>> {
        Box::pin(async move {
            let (listed, mut ahead) = (self.listed.clone(), std::mem::take(&mut self.ahead));
            let walked = blocking(move || {
                let page = walk(&listed, &mut ahead)?;
                Ok((page, ahead))
            });
            let (page, ahead) = walked.await?;
            self.ahead = ahead;
            Ok((!page.is_empty()).then_some(page))
        })
    }
}

/// Goes on with a list up to a full page.
fn walk(listed: &Listed, ahead: &mut Vec<Entry>) -> Result<Vec<ObjectSummary>, StoreError> {
    let mut page = Vec::new();
    while page.len() < PAGE {
        let Some(entry) = ahead.pop() else { break };
        if entry.is_folder {
            let mut entries = entries(listed, &entry).map_err(io_error)?;
            // The slash of a folder counts in the order of keys.
            entries.sort_by(|a, b| b.key.cmp(&a.key));
            ahead.append(&mut entries);
            continue;
        }
        // It may have gone in the meantime.
        let Ok(metadata) = fs::symlink_metadata(&entry.path) else { continue };
        match place::look(&listed.folder, &entry.path, metadata).map_err(io_error)? {
            ObjectPlace::File(metadata) if entry.key.starts_with(&listed.prefix) => {
                page.push(summary(&entry.key, &metadata));
            }
            ObjectPlace::Refused(reason) => return Err(refused(&listed.bucket, &entry.key, reason)),
            ObjectPlace::File(_) | ObjectPlace::Folder | ObjectPlace::Nothing | ObjectPlace::Other(_) => {}
        }
    }
    Ok(page)
}

/// What is in a folder and may have the prefix. A folder that does not exist is empty.
fn entries(listed: &Listed, folder: &Entry) -> io::Result<Vec<Entry>> {
    let read = match fs::read_dir(&folder.path) {
        Ok(read) => read,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let prefix = listed.prefix.as_str();
    let mut entries = Vec::new();
    for entry in read {
        let entry = entry?;
        let (path, type_) = (entry.path(), entry.file_type()?);
        let is_folder = type_.is_dir();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let key = format!("{}{name}{}", folder.key, if is_folder { "/" } else { "" });
        // A link in place of a folder in which the prefix is has to be refused.
        let leads_there = is_folder && prefix.starts_with(&key)
            || type_.is_symlink() && prefix.strip_prefix(&key).is_some_and(|rest| rest.starts_with('/'));
        if leads_there || key.starts_with(prefix) {
            entries.push(Entry { path, key, is_folder });
        }
    }
    Ok(entries)
}

fn summary(key: &str, metadata: &Metadata) -> ObjectSummary {
    let since = modified(metadata);
    let last_modified =
        Timestamp::new(i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos());
    ObjectSummary { key: Text::from(key), size: metadata.len(), last_modified, etag: tag(metadata).into() }
}

/// The entity tag represents size and time, because hashing the content would mean to read it.
fn tag(metadata: &Metadata) -> String {
    let etag = etag(format!("{} {}", metadata.len(), modified(metadata).as_nanos()).as_bytes());
    format!("\"{etag}\"")
}

fn modified(metadata: &Metadata) -> Duration {
    metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default()
}
