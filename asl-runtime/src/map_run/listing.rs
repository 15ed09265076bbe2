//! Lists of objects as items (`arn:aws:states:::s3:listObjectsV2`).

use super::store::{ObjectListing, ObjectLocation, ObjectSummary, StoreError};
use asl_engine::generated::template::object;
use asl_engine::map_run::item::Item;
use asl_value::{Text, Value};
use std::vec;

/// The objects of a bucket, page by page.
pub(super) struct Listed {
    bucket: Text,
    listing: Box<dyn ObjectListing>,
    page: vec::IntoIter<ObjectSummary>,
}

impl Listed {
    pub(super) fn new(bucket: Text, listing: Box<dyn ObjectListing>) -> Self {
        Self { bucket, listing, page: Vec::new().into_iter() }
    }

    pub(super) async fn next(&mut self) -> Result<Option<ObjectSummary>, StoreError> {
        loop {
            if let Some(summary) = self.page.next() {
                return Ok(Some(summary));
            }
            let Some(page) = self.listing.page().await? else { return Ok(None) };
            self.page = page.into_iter();
        }
    }

    pub(super) fn location(&self, summary: &ObjectSummary) -> ObjectLocation {
        ObjectLocation::new(self.bucket.clone(), summary.key.clone())
    }

    /// What an object is as an item (recorded from AWS).
    pub(super) fn item(&self, summary: &ObjectSummary) -> Item {
        let value = object([
            ("Etag", summary.etag.clone().into()),
            ("LastModified", seconds(summary).into()),
            ("Key", summary.key.clone().into()),
            ("Size", summary.size.into()),
            ("StorageClass", Value::String(Text::new_static("STANDARD"))),
        ]);
        Item { key: None, value, source: format!("S3://{}", self.bucket).into() }
    }
}

/// Seconds since 1970, as a number with a point.
#[expect(clippy::cast_precision_loss, reason = "2^53 seconds are enough")]
fn seconds(summary: &ObjectSummary) -> f64 {
    summary.last_modified.seconds() as f64
}

/// `$$.Map.Item.Source` of what is in an object.
pub(super) fn source(object: &ObjectLocation) -> Text {
    format!("S3://{}/{}", object.bucket, object.key).into()
}
