//! Folders that stand for buckets.

use super::{ObjectBody, ObjectListing, ObjectLocation, ObjectStore, ObjectSummary, StoreError};
use crate::integration::BoxFuture;
use asl_engine::map_run::names::etag;
use asl_language::timestamp::Timestamp;
use asl_value::Text;
use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

/// How much of a file is read at once.
const CHUNK: usize = 256 * 1024;
/// The number of objects in a page, as with S3.
const PAGE: usize = 1000;

/// A store whose buckets are folders: the key of an object is the path of a file, with `/` between its parts.
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

    /// The file of an object. A key that leads out of the folder is the key of nothing.
    fn file(&self, object: &ObjectLocation) -> Result<PathBuf, StoreError> {
        let folder = self.folder(&object.bucket)?;
        let path = Path::new(&*object.key);
        let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || object.key.is_empty() || object.key.ends_with('/') {
            return Err(StoreError::no_such_key(object));
        }
        Ok(folder.join(path))
    }
}

impl ObjectStore for Folders {
    fn open<'a>(
        &'a self,
        object: &'a ObjectLocation,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectBody>, StoreError>> {
        Box::pin(async move {
            let path = self.file(object)?;
            let opened = blocking(move || {
                let file = File::open(path)?;
                if file.metadata()?.is_dir() { Err(io::ErrorKind::NotFound.into()) } else { Ok(file) }
            });
            match opened.await {
                Ok(file) => Ok(Box::new(Body::At(file)) as Box<dyn ObjectBody>),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::no_such_key(object)),
                Err(error) => Err(io_error(&error)),
            }
        })
    }

    fn list<'a>(
        &'a self,
        bucket: &'a str,
        prefix: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn ObjectListing>, StoreError>> {
        Box::pin(async move {
            let root = Entry { path: self.folder(bucket)?.to_owned(), key: String::new(), is_folder: true };
            Ok(Box::new(Listing { prefix: prefix.to_owned(), ahead: vec![root] }) as Box<dyn ObjectListing>)
        })
    }

    fn put<'a>(&'a self, object: &'a ObjectLocation, body: Vec<u8>) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let path = self.file(object)?;
            let written = blocking(move || {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::write(path, body)
            });
            written.await.map_err(|error| io_error(&error))
        })
    }
}

/// Does work with files where it blocks nobody.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

fn io_error(error: &io::Error) -> StoreError {
    StoreError::new("InternalError", error.to_string())
}

/// A file that is being read.
enum Body {
    At(File),
    /// A read is under way, or was given up: where the file stands is not known.
    Lost,
    Ended,
}

impl ObjectBody for Body {
    fn chunk(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, StoreError>> {
        Box::pin(async move {
            let mut file = match std::mem::replace(self, Self::Lost) {
                Self::At(file) => file,
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
                let most = u64::try_from(CHUNK).unwrap_or(u64::MAX);
                Read::by_ref(&mut file).take(most).read_to_end(&mut chunk)?;
                Ok((file, chunk))
            });
            let (file, chunk) = read.await.map_err(|error| io_error(&error))?;
            *self = if chunk.is_empty() { Self::Ended } else { Self::At(file) };
            Ok((!chunk.is_empty()).then_some(chunk))
        })
    }
}

/// Files and folders that are still to be listed, the next one last.
struct Listing {
    prefix: String,
    ahead: Vec<Entry>,
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
            let (prefix, mut ahead) = (self.prefix.clone(), std::mem::take(&mut self.ahead));
            let walked = blocking(move || {
                let page = walk(&prefix, &mut ahead)?;
                Ok((page, ahead))
            });
            let (page, ahead) = walked.await.map_err(|error| io_error(&error))?;
            self.ahead = ahead;
            Ok((!page.is_empty()).then_some(page))
        })
    }
}

/// Goes on with a list up to a full page.
fn walk(prefix: &str, ahead: &mut Vec<Entry>) -> io::Result<Vec<ObjectSummary>> {
    let mut page = Vec::new();
    while page.len() < PAGE {
        let Some(entry) = ahead.pop() else { break };
        if entry.is_folder {
            let mut entries = entries(&entry, prefix)?;
            // The slash of a folder counts in the order of keys.
            entries.sort_by(|a, b| b.key.cmp(&a.key));
            ahead.append(&mut entries);
        } else if let Ok(metadata) = fs::metadata(&entry.path) {
            page.push(summary(&entry.key, &metadata));
        }
    }
    Ok(page)
}

/// What is in a folder and may have the prefix. A folder that does not exist is empty.
fn entries(folder: &Entry, prefix: &str) -> io::Result<Vec<Entry>> {
    let read = match fs::read_dir(&folder.path) {
        Ok(read) => read,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut entries = Vec::new();
    for entry in read {
        let path = entry?.path();
        let is_folder = path.is_dir();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        let key = format!("{}{name}{}", folder.key, if is_folder { "/" } else { "" });
        if key.starts_with(prefix) || is_folder && prefix.starts_with(&key) {
            entries.push(Entry { path, key, is_folder });
        }
    }
    Ok(entries)
}

/// The entity tag stands for size and time, because hashing the content would mean to read it.
fn summary(key: &str, metadata: &Metadata) -> ObjectSummary {
    let since =
        metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let last_modified =
        Timestamp::new(i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos());
    let etag = etag(format!("{} {}", metadata.len(), since.as_nanos()).as_bytes());
    ObjectSummary::new(Text::from(key), metadata.len(), last_modified, &etag)
}
