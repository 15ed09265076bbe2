//! Why the items of a distributed Map cannot be read, or its results cannot be written.

use super::bounds::ITEM_VALUES;
use super::store::StoreError;
use std::fmt;

/// What keeps a Map Run from its items or from writing results. As a text it is the cause of `States.ItemReaderFailed` or
/// `States.ResultWriterFailed`, in the words of AWS where those are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MapRunError {
    /// The host has no store.
    NoStore,
    /// The store cannot do it.
    Store(StoreError),
    /// The children that ended before cannot be read.
    Children(String),
    NegativeMaxItems,
    NoInputType,
    /// A field of the parameters is something else, or missing.
    NotAString(&'static str),
    /// The program was built without a feature.
    #[cfg(not(feature = "parquet"))]
    NeedsFeature {
        what: &'static str,
        feature: &'static str,
    },
    /// More bytes than may be held at once.
    TooLong {
        what: String,
        bytes: usize,
    },
    /// More values than may be held at once.
    TooManyValues {
        what: String,
    },
    NotJson {
        what: String,
        why: String,
    },
    NotJsonBefore {
        byte: u64,
        why: String,
    },
    UnexpectedByte(u64),
    EndsEarly,
    /// What the pointer leads to is neither an array nor an object; the text was recorded from AWS.
    NotIterable,
    PointerLeadsNowhere(String),
    DuplicateHeaders,
    /// A field of a manifest is something else, or missing.
    ManifestField {
        field: &'static str,
        kind: &'static str,
    },
    InventoryFormat(String),
    /// A file of an inventory has no key.
    NamelessFile,
    /// A line of a manifest of Athena.
    NotAnS3Uri(String),
    /// Packed bytes cannot be unpacked.
    Packed {
        format: &'static str,
        why: String,
    },
    #[cfg(feature = "parquet")]
    NotParquet(&'static str),
    #[cfg(feature = "parquet")]
    DamagedParquet(String),
    #[cfg(feature = "parquet")]
    UnsupportedParquet(String),
}

impl MapRunError {
    #[cold]
    pub(super) fn not_json(what: &str, error: &serde_json::Error) -> Self {
        Self::NotJson { what: what.to_owned(), why: error.to_string() }
    }
}

impl From<StoreError> for MapRunError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The cause of an error of the language.
impl From<MapRunError> for String {
    fn from(error: MapRunError) -> Self {
        error.to_string()
    }
}

impl fmt::Display for MapRunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoStore => f.write_str("The host has no store of objects: add a bucket to it."),
            Self::Store(error) => error.fmt(f),
            Self::Children(why) => f.write_str(why),
            Self::NegativeMaxItems => f.write_str("field MaxItems must be positive"),
            Self::NoInputType => f.write_str("The ItemReader says no InputType."),
            Self::NotAString(field) => write!(f, "The field '{field}' of the Parameters must be a STRING"),
            #[cfg(not(feature = "parquet"))]
            Self::NeedsFeature { what, feature } => {
                write!(f, "{what} needs the feature `{feature}` of asl-runtime.")
            }
            Self::TooLong { what, bytes } => write!(f, "{what} is longer than {bytes} bytes."),
            Self::TooManyValues { what } => write!(f, "{what} has more than {ITEM_VALUES} values."),
            Self::NotJson { what, why } => write!(f, "{what} is not JSON: {why}"),
            Self::NotJsonBefore { byte, why } => write!(f, "The file is not JSON before byte {byte}: {why}"),
            Self::UnexpectedByte(byte) => {
                write!(f, "The file is not JSON: unexpected character at byte {byte}")
            }
            Self::EndsEarly => f.write_str("The JSON file ends before its items do."),
            Self::NotIterable => f.write_str("Attempting to map over non-iterable node."),
            Self::PointerLeadsNowhere(pointer) => {
                write!(f, "The ItemsPointer '{pointer}' leads nowhere in the file.")
            }
            Self::DuplicateHeaders => f.write_str("CSV headers cannot contain duplicates."),
            Self::ManifestField { field, kind } => {
                write!(f, "The manifest has no field '{field}' that is {kind}")
            }
            Self::InventoryFormat(format) => {
                write!(f, "The fileFormat '{format}' of the inventory is not supported here.")
            }
            Self::NamelessFile => f.write_str("A file of the manifest has no field 'key' that is a STRING"),
            Self::NotAnS3Uri(line) => write!(f, "The line '{line}' of the manifest is not an S3 URI."),
            Self::Packed { format, why } => write!(f, "The {format} file cannot be unpacked: {why}"),
            #[cfg(feature = "parquet")]
            Self::NotParquet(why) => write!(f, "The file is not a Parquet file: {why}."),
            #[cfg(feature = "parquet")]
            Self::DamagedParquet(why) => write!(f, "The Parquet file is damaged: {why}."),
            #[cfg(feature = "parquet")]
            Self::UnsupportedParquet(why) => write!(f, "The Parquet file cannot be read here: {why}."),
        }
    }
}
