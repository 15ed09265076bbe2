//! The Map state.

use super::fields::{Fields, not_supported_yet};
use super::retry::{parse_catchers, parse_retriers};
use super::state_machine::parse_scope;
use super::task::parse_seconds;
use super::transition::parse_after;
use super::{After, Catcher, Reader, Retrier, Scope, Seconds, Selection, Template, template};
use crate::json::Value;
use crate::path::Path;
use crate::source::Span;

/// A Map state.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// `InputPath`
    pub input: Selection,
    /// `ItemsPath`
    pub items: Option<Path>,
    /// `ItemSelector`, or `Parameters`, its old name.
    pub item_selector: Option<Template>,
    /// `MaxConcurrency` or `MaxConcurrencyPath`
    pub max_concurrency: Option<Seconds>,
    /// `ItemProcessor`, or `Iterator`, its old name; absent if that was reported.
    pub processor: Option<Scope>,
    /// What is done with the array of results.
    pub after: After,
    /// `Retry`
    pub retriers: Vec<Retrier>,
    /// `Catch`
    pub catchers: Vec<Catcher>,
}

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Map {
    fields.exclusive(&["ItemProcessor", "Iterator"], reader);
    fields.exclusive(&["ItemSelector", "Parameters"], reader);
    reader.within(
        |place| place.retries = true,
        |reader| Map {
            input: fields.selection("InputPath", reader),
            items: fields.reference_path("ItemsPath", reader),
            item_selector: parse_item_selector(fields, reader),
            max_concurrency: parse_seconds(
                fields,
                ("MaxConcurrency", "MaxConcurrencyPath"),
                0..=u64::MAX,
                reader,
            ),
            processor: parse_processor(fields, reader),
            after: parse_after(fields, reader),
            retriers: parse_retriers(fields, reader),
            catchers: parse_catchers(fields, reader),
        },
    )
}

fn parse_item_selector(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Template> {
    let selector = fields.value("ItemSelector");
    let value = selector.or_else(|| fields.value("Parameters"))?;
    Some(reader.within(|place| place.in_map = true, |reader| template::parse(value, reader)))
}

fn parse_processor(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Scope> {
    let name = if fields.has("Iterator") { "Iterator" } else { "ItemProcessor" };
    let processor = fields.required(name, reader)?;
    let owner = format!("the item processor of {}", fields.owner());
    let start = Span::new(processor.span.start, processor.span.start.saturating_add(1));
    let mut inner = Fields::new(processor, owner, start, reader)?;
    inner.comment(reader);
    if let Some(config) = inner.value("ProcessorConfig") {
        parse_config(config, fields.owner(), reader);
    }
    let change = |place: &mut crate::path::Place| {
        place.in_map = true;
        place.retries = false;
    };
    let scope = reader.within(change, |reader| parse_scope(&mut inner, reader));
    inner.finish(&["Comment", "ProcessorConfig", "StartAt", "States"], reader);
    Some(scope)
}

fn parse_config(config: &Value, owner: &str, reader: &mut Reader<'_>) {
    let owner = format!("`ProcessorConfig` of {owner}");
    let Some(mut fields) = Fields::new(config, owner, config.span, reader) else { return };
    let mode = fields.one_of("Mode", &["INLINE", "DISTRIBUTED"], reader);
    match mode {
        Some(mode) if mode.value == "DISTRIBUTED" => {
            reader.report(not_supported_yet(
                mode.span,
                "DISTRIBUTED",
                "only inline Map states are compiled for now",
            ));
        }
        _ => {}
    }
    fields.one_of("ExecutionType", &["STANDARD", "EXPRESS"], reader);
    fields.finish(&["ExecutionType", "Mode"], reader);
}
