//! Reads the items of a distributed Map one by one (`ItemReader`).
//!
//! In: the settings and a store of objects. Out: items, each made when it is asked for: of a file one piece is held at a time, and the text of
//! an item that is not complete.

use super::bounds::{MANIFEST_BYTES, too_long};
use super::csv::Rows;
use super::error::MapRunError;
use super::json::Document;
use super::json_lines::Lines;
use super::listing::{self, Listed};
use super::manifest;
use super::packing::Unpacked;
use super::parquet;
use super::store::{ObjectLocation, ObjectStore};
use asl_engine::map_run::item::{Found, Item};
use asl_engine::map_run::{InputType, ItemReader, ItemSource, ManifestType};
use asl_value::{Text, Value};
use std::collections::VecDeque;

/// Reads items from objects.
pub(crate) struct Reader<'s> {
    store: &'s dyn ObjectStore,
    settings: ItemReader,
    /// How many items may still be read.
    left: u64,
    objects: Ahead,
    /// The object that is being read.
    open: Option<Open<'s>>,
    /// Under which names the columns of the objects are, where a manifest says so.
    columns: Option<Vec<Text>>,
}

/// The objects that come next.
enum Ahead {
    /// The `ItemReader` has not been looked at.
    Unknown,
    These(VecDeque<ObjectLocation>),
    Listed(Listed),
}

/// An object that is being read.
struct Open<'s> {
    file: File<'s>,
    source: Text,
}

/// How it is read: from its start to its end, or in ranges.
enum File<'s> {
    Stream(Stream),
    Parquet(Box<parquet::Rows<'s>>),
}

/// A file that is read from its start to its end.
struct Stream {
    body: Unpacked,
    parser: Parser,
    /// The piece that is being read, and how far it has been read.
    piece: Vec<u8>,
    at: usize,
}

enum Parser {
    Csv(Box<Rows>),
    Json(Box<Document>),
    JsonLines(Lines),
}

impl<'s> Reader<'s> {
    pub(crate) fn new(store: &'s dyn ObjectStore, settings: ItemReader) -> Self {
        let left = settings
            .max_items
            .and_then(|most| u64::try_from(most).ok())
            .filter(|most| *most > 0)
            .unwrap_or(u64::MAX);
        Self { store, settings, left, objects: Ahead::Unknown, open: None, columns: None }
    }

    pub(crate) async fn next(&mut self) -> Result<Option<Item>, MapRunError> {
        if self.left == 0 {
            return Ok(None);
        }
        if matches!(self.objects, Ahead::Unknown) {
            self.objects = self.find().await?;
        }
        let item = self.next_found().await?;
        self.left -= 1;
        Ok(item)
    }

    async fn next_found(&mut self) -> Result<Option<Item>, MapRunError> {
        loop {
            if let Some(open) = &mut self.open {
                if let Some(item) = open.next().await? {
                    return Ok(Some(item));
                }
                self.open = None;
            }
            let object = match &mut self.objects {
                Ahead::Unknown => None,
                Ahead::These(objects) => objects.pop_front(),
                Ahead::Listed(listed) => match listed.next().await? {
                    Some(object) if !self.settings.load_and_flatten => return Ok(Some(listed.item(&object))),
                    object => object.map(|object| listed.location(&object)),
                },
            };
            let Some(object) = object else { return Ok(None) };
            let source = listing::source(&object);
            let file = match self.parser()? {
                Some(parser) => File::Stream(Stream::open(self.store, &object, parser).await?),
                None => File::Parquet(Box::new(parquet::Rows::open(self.store, object).await?)),
            };
            self.open = Some(Open { file, source });
        }
    }

    /// Finds out which objects hold the items.
    async fn find(&mut self) -> Result<Ahead, MapRunError> {
        if self.settings.max_items.is_some_and(|most| most < 0) {
            return Err(MapRunError::NegativeMaxItems);
        }
        let parameters = &self.settings.parameters;
        match (self.settings.resource, self.settings.manifest_type) {
            (ItemSource::ListObjects, _) => {
                let bucket = required(parameters, "Bucket")?;
                let prefix = parameters.get("Prefix").and_then(Value::as_str).unwrap_or_default();
                let listing = self.store.list(&bucket, prefix).await?;
                Ok(Ahead::Listed(Listed::new(bucket, listing)))
            }
            (ItemSource::GetObject, None) => Ok(Ahead::These([location(parameters)?].into())),
            (ItemSource::GetObject, Some(ManifestType::S3Inventory)) => {
                let manifest = whole(self.store, location(parameters)?).await?;
                let inventory = manifest::inventory(&manifest)?;
                self.columns = Some(inventory.columns);
                self.settings.input_type = Some(InputType::Csv);
                Ok(Ahead::These(inventory.files))
            }
            (ItemSource::GetObject, Some(ManifestType::AthenaData)) => {
                Ok(Ahead::These(manifest::athena(&whole(self.store, location(parameters)?).await?)?))
            }
        }
    }

    /// Reads what is in an object, if it is read from its start to its end.
    fn parser(&self) -> Result<Option<Parser>, MapRunError> {
        let headers = self.columns.as_ref().or(self.settings.csv_headers.as_ref());
        Ok(match self.settings.input_type {
            Some(InputType::Csv) => {
                let rows = Rows::new(self.settings.csv_delimiter, headers.map(Vec::as_slice))?;
                Some(Parser::Csv(Box::new(rows)))
            }
            Some(InputType::Json) => {
                Some(Parser::Json(Box::new(Document::new(self.settings.items_pointer.clone()))))
            }
            Some(InputType::JsonLines) => Some(Parser::JsonLines(Lines::default())),
            Some(InputType::Parquet) => None,
            None => return Err(MapRunError::NoInputType),
        })
    }
}

async fn body(store: &dyn ObjectStore, object: &ObjectLocation) -> Result<Unpacked, MapRunError> {
    store.open(object).await.map(Unpacked::new).map_err(MapRunError::from)
}

/// A manifest, which is small compared to what it lists.
async fn whole(store: &dyn ObjectStore, object: ObjectLocation) -> Result<Vec<u8>, MapRunError> {
    let mut body = body(store, &object).await?;
    let mut whole = Vec::new();
    while let Some(mut chunk) = body.chunk().await? {
        if whole.len() + chunk.len() > MANIFEST_BYTES {
            return Err(too_long("The manifest", MANIFEST_BYTES));
        }
        whole.append(&mut chunk);
    }
    Ok(whole)
}

impl Open<'_> {
    async fn next(&mut self) -> Result<Option<Item>, MapRunError> {
        let found = match &mut self.file {
            File::Stream(stream) => stream.next().await?,
            File::Parquet(rows) => rows.next().await?.map(Found::from),
        };
        Ok(found.map(|Found { key, value }| Item { key, value, source: self.source.clone() }))
    }
}

impl Stream {
    async fn open(
        store: &dyn ObjectStore,
        object: &ObjectLocation,
        parser: Parser,
    ) -> Result<Self, MapRunError> {
        Ok(Self { body: body(store, object).await?, parser, piece: Vec::new(), at: 0 })
    }

    async fn next(&mut self) -> Result<Option<Found>, MapRunError> {
        loop {
            let mut rest = self.piece.get(self.at..).unwrap_or_default();
            let found = self.parser.read(&mut rest)?;
            self.at = self.piece.len() - rest.len();
            if found.is_some() {
                return Ok(found);
            }
            match self.body.chunk().await? {
                Some(piece) => (self.piece, self.at) = (piece, 0),
                None => return self.parser.end(),
            }
        }
    }
}

impl Parser {
    /// The next item of the bytes, of which what follows it is left.
    fn read(&mut self, bytes: &mut &[u8]) -> Result<Option<Found>, MapRunError> {
        match self {
            Self::Csv(rows) => rows.read(bytes),
            Self::Json(document) => document.read(bytes),
            Self::JsonLines(lines) => lines.read(bytes),
        }
    }

    /// The item that the end of a file completes. There is none when the end is reached again.
    fn end(&mut self) -> Result<Option<Found>, MapRunError> {
        match self {
            Self::Csv(rows) => rows.end(),
            Self::Json(document) => document.end().map(|()| None),
            Self::JsonLines(lines) => lines.end(),
        }
    }
}

fn required(parameters: &Value, field: &'static str) -> Result<Text, MapRunError> {
    match parameters.get(field) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
        Some(_) | None => Err(MapRunError::NotAString(field)),
    }
}

fn location(parameters: &Value) -> Result<ObjectLocation, MapRunError> {
    let mut object = ObjectLocation::new(required(parameters, "Bucket")?, required(parameters, "Key")?);
    object.version_id = parameters.get("VersionId").and_then(Value::as_str).map(Text::from);
    Ok(object)
}
