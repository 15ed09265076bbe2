//! `ItemBatcher`: how many items an iteration gets.

use super::parse_number;
use crate::checked;
use crate::code::Code;
use crate::definition::fields::Fields;
use crate::definition::{At, Found, Names, Part, Reader, Reported, Seconds, Template};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use asl_language::limits::AWS_PAYLOAD_BYTES;

/// `ItemBatcher`
#[derive(Clone, Debug, PartialEq)]
pub struct ItemBatcher {
    /// The place of the field's name.
    pub span: Span,
    /// `MaxItemsPerBatch` or `MaxItemsPerBatchPath`; zero means no limit.
    pub max_items_per_batch: Option<Seconds>,
    /// `MaxInputBytesPerBatch` or `MaxInputBytesPerBatchPath`; zero means no limit.
    pub max_input_bytes_per_batch: Option<Seconds>,
    /// `BatchInput`
    pub batch_input: Option<Template>,
}

impl Part for ItemBatcher {
    type Checked = checked::ItemBatcher;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        let Self { span: _, max_items_per_batch, max_input_bytes_per_batch, batch_input } = self;
        max_items_per_batch.find(found);
        max_input_bytes_per_batch.find(found);
        batch_input.find(found);
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::ItemBatcher, Reported> {
        Ok(checked::ItemBatcher {
            max_items: self.max_items_per_batch.checked(names)?,
            max_input_bytes: self.max_input_bytes_per_batch.checked(names)?,
            batch_input: self.batch_input.checked(names)?,
        })
    }
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
        max_items_per_batch: reader
            .aside(|reader| parse_number(&mut inner, "MaxItemsPerBatch", 0..=u64::MAX, reader)),
        max_input_bytes_per_batch: reader
            .aside(|reader| parse_number(&mut inner, "MaxInputBytesPerBatch", 0..=bytes, reader)),
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
    warn_of_nothing(&batcher, reader);
    Some(batcher)
}

/// AWS takes batches of nothing, which cannot be meant.
fn warn_of_nothing(batcher: &ItemBatcher, reader: &mut Reader<'_>) {
    let limits = [
        ("MaxItemsPerBatch", &batcher.max_items_per_batch),
        ("MaxInputBytesPerBatch", &batcher.max_input_bytes_per_batch),
    ];
    for (name, limit) in limits {
        if let Some(Seconds::Constant(At { value: 0, span })) = limit {
            let message = format!("`{name}` is 0");
            let mut diagnostic =
                Diagnostic::new(Code::InvalidValue, *span, message).label("expected 1 or more");
            diagnostic.severity = Severity::Warning;
            reader.report(diagnostic);
        }
    }
}
