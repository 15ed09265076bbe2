//! `ItemBatcher`: how many items an iteration gets.

use super::parse_number;
use crate::definition::fields::Fields;
use crate::definition::{Reader, Seconds, Template};
use crate::source::Span;
use asl_language::limits::AWS_PAYLOAD_BYTES;

/// `ItemBatcher`
#[derive(Clone, Debug, PartialEq)]
pub struct ItemBatcher {
    /// The place of the field's name.
    pub span: Span,
    /// `MaxItemsPerBatch` or `MaxItemsPerBatchPath`; zero is no limit.
    pub max_items_per_batch: Option<Seconds>,
    /// `MaxInputBytesPerBatch` or `MaxInputBytesPerBatchPath`; zero is no limit.
    pub max_input_bytes_per_batch: Option<Seconds>,
    /// `BatchInput`
    pub batch_input: Option<Template>,
}

const LIMITS: [&str; 4] =
    ["MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"];

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<ItemBatcher> {
    let member = fields.member("ItemBatcher")?;
    let owner = format!("`ItemBatcher` of {}", fields.owner());
    let mut inner = Fields::new(&member.value, owner, member.key.span, reader)?;
    inner.comment(reader);
    if !LIMITS.iter().any(|name| inner.has(name)) {
        inner.report_missing("MaxItemsPerBatch` or `MaxInputBytesPerBatch", reader);
    }
    let bytes = u64::try_from(AWS_PAYLOAD_BYTES).unwrap_or(u64::MAX);
    let batcher = reader.at("ItemBatcher", |reader| ItemBatcher {
        span: member.key.span,
        max_items_per_batch: parse_number(&mut inner, "MaxItemsPerBatch", 0..=u64::MAX, reader),
        max_input_bytes_per_batch: parse_number(&mut inner, "MaxInputBytesPerBatch", 0..=bytes, reader),
        batch_input: inner.template("BatchInput", reader),
    });
    let known = [
        "BatchInput",
        "Comment",
        "MaxInputBytesPerBatch",
        "MaxInputBytesPerBatchPath",
        "MaxItemsPerBatch",
        "MaxItemsPerBatchPath",
    ];
    inner.finish(&known, reader);
    Some(batcher)
}
