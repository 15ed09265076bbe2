//! Manifests: objects that list other objects (`ManifestType`).

use super::bounds::value;
use super::error::MapRunError;
use super::store::ObjectLocation;
use asl_value::{Text, Value};
use std::collections::VecDeque;

/// An S3 inventory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inventory {
    /// The files of the inventory; each of their rows is an item.
    pub(super) files: VecDeque<ObjectLocation>,
    /// The names of the columns of those files.
    pub(super) columns: Vec<Text>,
}

/// Reads the `manifest.json` of an S3 inventory.
pub(super) fn inventory(manifest: &[u8]) -> Result<Inventory, MapRunError> {
    let manifest = value(manifest, "The manifest", |error| MapRunError::not_json("The manifest", error))?;
    let text = |field: &'static str| {
        manifest
            .get(field)
            .and_then(Value::as_str)
            .ok_or(MapRunError::ManifestField { field, kind: "a STRING" })
    };
    if text("fileFormat")? != "CSV" {
        return Err(MapRunError::InventoryFormat(text("fileFormat")?.to_owned()));
    }
    let destination = text("destinationBucket")?;
    let bucket = Text::from(destination.strip_prefix("arn:aws:s3:::").unwrap_or(destination));
    let columns = text("fileSchema")?.split(',').map(|column| Text::from(column.trim())).collect();
    let files = manifest
        .get("files")
        .and_then(Value::as_array)
        .ok_or(MapRunError::ManifestField { field: "files", kind: "an ARRAY" })?;
    let files = files.iter().map(|file| {
        let key = file.get("key").and_then(Value::as_str).ok_or(MapRunError::NamelessFile)?;
        Ok(ObjectLocation::new(bucket.clone(), key))
    });
    Ok(Inventory { files: files.collect::<Result<_, MapRunError>>()?, columns })
}

/// Reads the manifest of an Athena query: one `s3://bucket/key` a line.
pub(super) fn athena(manifest: &[u8]) -> Result<VecDeque<ObjectLocation>, MapRunError> {
    let lines = String::from_utf8_lossy(manifest);
    let lines = lines.lines().map(|line| line.trim().trim_matches('"')).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let object = line.strip_prefix("s3://").and_then(|line| line.split_once('/'));
            let (bucket, key) = object.ok_or_else(|| MapRunError::NotAnS3Uri(line.to_owned()))?;
            Ok(ObjectLocation::new(bucket, key))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inventory_names_its_files_and_columns() {
        let manifest = br#"{"sourceBucket":"data","destinationBucket":"arn:aws:s3:::lists","fileFormat":"CSV",
            "fileSchema":"Bucket, Key, Size","files":[{"key":"inv/1.csv.gz","size":7},{"key":"inv/2.csv.gz"}]}"#;
        let inventory = inventory(manifest).unwrap();
        assert_eq!(inventory.columns, ["Bucket", "Key", "Size"]);
        assert_eq!(
            inventory.files,
            [ObjectLocation::new("lists", "inv/1.csv.gz"), ObjectLocation::new("lists", "inv/2.csv.gz")]
        );
    }

    #[test]
    fn an_inventory_in_another_format_is_refused() {
        let manifest = br#"{"destinationBucket":"b","fileFormat":"Parquet","fileSchema":"","files":[]}"#;
        assert_eq!(
            inventory(manifest).unwrap_err().to_string(),
            "The fileFormat 'Parquet' of the inventory is not supported here."
        );
        assert_eq!(
            inventory(b"{}").unwrap_err().to_string(),
            "The manifest has no field 'fileFormat' that is a STRING"
        );
    }

    #[test]
    fn an_athena_manifest_has_one_object_a_line() {
        let objects = athena(b"s3://results/a/1.csv\r\n\n\"s3://results/a/2.csv\"\n").unwrap();
        assert_eq!(
            objects,
            [ObjectLocation::new("results", "a/1.csv"), ObjectLocation::new("results", "a/2.csv")]
        );
        assert_eq!(athena(b"x"), Err(MapRunError::NotAnS3Uri(String::from("x"))));
    }
}
