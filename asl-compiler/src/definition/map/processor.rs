//! `ItemProcessor` with its `ProcessorConfig`.

use crate::definition::fields::Fields;
use crate::definition::state_machine::parse_scope;
use crate::definition::{At, Reader, Scope};
use crate::json::Value;
use crate::path::PathPlace;
use crate::source::Span;
use crate::vocabulary::{ExecutionType, MapMode};

/// What `ItemProcessor` says.
#[derive(Debug, Default)]
pub(super) struct Processor {
    pub(super) mode: MapMode,
    pub(super) execution_type: Option<At<ExecutionType>>,
    /// Absent if it was reported.
    pub(super) scope: Option<Scope>,
}

/// `is_distributed` where other fields of the state make it a distributed Map.
pub(super) fn parse_processor(
    fields: &mut Fields<'_>,
    is_distributed: bool,
    reader: &mut Reader<'_>,
) -> Processor {
    let is_old = fields.has("Iterator") && !fields.has("ItemProcessor");
    let name = if is_old { "Iterator" } else { "ItemProcessor" };
    let Some(value) = fields.required(name, reader) else { return Processor::default() };
    // Beside the other it was reported.
    fields.member("Iterator");
    let owner = format!("the item processor of {}", fields.owner());
    let start = Span::new(value.span.start, value.span.start.saturating_add(1));
    let Some(mut inner) = Fields::new(value, owner, start, reader) else { return Processor::default() };
    inner.comment(reader);
    let config = inner.value("ProcessorConfig");
    let mut processor = config.map(|config| parse_config(config, fields.owner(), reader)).unwrap_or_default();
    let distributed = is_distributed || processor.mode == MapMode::Distributed;
    let change = |place: &mut PathPlace| {
        // The iterations of a distributed Map are separate executions: nothing around them is in their context object.
        *place = PathPlace { in_map: !distributed, ..PathPlace::default() };
    };
    processor.scope = Some(reader.within(change, |reader| parse_scope(&mut inner, reader)));
    inner.finish(&["Comment", "ProcessorConfig", "StartAt", "States"], reader);
    processor
}

fn parse_config(config: &Value, owner: &str, reader: &mut Reader<'_>) -> Processor {
    let owner = format!("`ProcessorConfig` of {owner}");
    let Some(mut fields) = reader.aside(|reader| Fields::new(config, owner, config.span, reader)) else {
        return Processor { mode: MapMode::Open, ..Processor::default() };
    };
    let has_mode = fields.has("Mode");
    let modes = &["INLINE", "DISTRIBUTED"];
    let mode = reader.aside(|reader| fields.one_of("Mode", modes, reader)).map(|at| at.value);
    if mode == Some("DISTRIBUTED") && !fields.has("ExecutionType") {
        fields.report_missing("ExecutionType", reader);
    }
    let types = &[("STANDARD", ExecutionType::Standard), ("EXPRESS", ExecutionType::Express)];
    let execution_type = reader.aside(|reader| fields.choice_of("ExecutionType", types, reader));
    fields.finish(&["ExecutionType", "Mode"], reader);
    let mode = match mode {
        Some("DISTRIBUTED") => MapMode::Distributed,
        Some(_) => MapMode::Inline,
        None if has_mode => MapMode::Open,
        None => MapMode::Inline,
    };
    Processor { mode, execution_type, scope: None }
}
