//! The settings of distributed Map states that are one of several words (AWS, "Using Map state in Distributed mode").

/// `ExecutionType`: the type of the child executions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionType {
    /// `STANDARD`
    Standard,
    /// `EXPRESS`: ended after five minutes.
    Express,
}

/// `Resource` of an `ItemReader`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemSource {
    /// `arn:aws:states:::s3:getObject`
    GetObject,
    /// `arn:aws:states:::s3:listObjectsV2`
    ListObjects,
}

/// `InputType`: what is in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputType {
    /// `CSV`
    Csv,
    /// `JSON`
    Json,
    /// `JSONL`
    JsonLines,
    /// `PARQUET`
    Parquet,
}

/// `ManifestType`: the object lists other objects, and what is in those are the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManifestType {
    /// `S3_INVENTORY`
    S3Inventory,
    /// `ATHENA_DATA`
    AthenaData,
}

/// `Transformation` of a `WriterConfig`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriterTransformation {
    /// `NONE`: outputs with all that is known about their executions.
    None,
    /// `COMPACT`: the outputs.
    Compact,
    /// `FLATTEN`: the elements of the outputs that are arrays, and the other outputs.
    Flatten,
}
