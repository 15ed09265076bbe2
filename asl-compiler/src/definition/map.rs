//! The Map state.

mod batcher;
mod item_reader;
mod processor;
mod tolerance;
mod writer;

pub(crate) use batcher::ItemBatcher;
pub(crate) use item_reader::{InputType, ItemReader};
pub(crate) use tolerance::Percentage;
pub(crate) use writer::ResultWriter;

use super::fields::Fields;
use super::part::{Part, parts};
use super::retry::{parse_catchers, parse_retriers};
use super::transition::parse_after;
use super::{
    After, At, Catcher, Checked, Found, Names, Reader, Reported, Retrier, Scope, Seconds, Selection, Stage,
    Template, Written, template,
};
use crate::checked;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::path::Path;
use crate::vocabulary::{ExecutionType, MapMode, Root};
use processor::parse_processor;
use std::ops::RangeInclusive;

/// A Map state.
#[derive(Clone, Debug, PartialEq)]
pub struct Map<S: Stage = Written> {
    /// `InputPath`
    pub input: S::Of<Selection>,
    /// `ItemsPath` or `Items`
    pub items: S::Of<Items>,
    /// `ItemReader`
    pub item_reader: Option<S::Of<ItemReader>>,
    /// `ItemSelector`, or `Parameters`, its old name.
    pub item_selector: Option<S::Of<Template>>,
    /// `ItemBatcher`
    pub item_batcher: Option<S::Of<ItemBatcher>>,
    /// `MaxConcurrency` or `MaxConcurrencyPath`
    pub max_concurrency: Option<S::Of<Seconds>>,
    /// Some iterations may fail, whether it could be read how many or not.
    pub tolerates: bool,
    /// `ToleratedFailureCount` or `ToleratedFailureCountPath`
    pub tolerated_failure_count: Option<S::Of<Seconds>>,
    /// `ToleratedFailurePercentage` or `ToleratedFailurePercentagePath`
    pub tolerated_failure_percentage: Option<S::Of<Percentage>>,
    /// `Label`
    pub label: Option<S::Of<Text>>,
    /// `ResultWriter`
    pub result_writer: Option<S::Of<ResultWriter>>,
    /// `ExecutionType` of `ProcessorConfig`, with its place.
    pub execution_type: Option<S::Of<At<ExecutionType>>>,
    /// `Mode` of `ProcessorConfig`
    pub mode: MapMode,
    /// `ItemProcessor`, or `Iterator`, its old name; absent if that was reported.
    pub processor: S::Sure<Scope>,
    /// What is done with the array of results.
    pub after: S::Of<After>,
    /// `Retry`
    pub retriers: Vec<S::Of<Retrier>>,
    /// `Catch`
    pub catchers: Vec<S::Of<Catcher>>,
}

parts!(Map [processor] {
    input,
    items,
    item_selector,
    max_concurrency,
    tolerates,
    tolerated_failure_count,
    tolerated_failure_percentage,
    label,
    execution_type,
    mode,
    item_reader,
    item_batcher,
    result_writer,
    after,
    retriers,
    catchers,
});

/// Where the items are.
#[derive(Clone, Debug, PartialEq)]
pub enum Items {
    /// They are the effective input: the default of `ItemsPath`, which beside an `ItemReader` is not even looked at.
    Whole,
    /// `ItemsPath`
    Path(Path),
    /// They are the state's input: the default of `Items`.
    Input,
    /// `Items`
    Template(Template),
}

impl Part for Items {
    type Checked = checked::Items;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        match self {
            Self::Whole | Self::Input => {}
            Self::Path(path) => path.find(found),
            Self::Template(template) => template.find(found),
        }
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Items, Reported> {
        Ok(match self {
            Self::Whole => checked::Items::Whole,
            Self::Path(path) if path.is_whole() => checked::Items::Whole,
            Self::Path(path) => checked::Items::Path(path.lower()),
            Self::Input => checked::Items::Input,
            Self::Template(template) => checked::Items::Template(template.checked(names)?),
        })
    }
}

impl<S: Stage> Map<S> {
    /// Whether the iterations are separate executions: by the mode, or because the items or results are those of a
    /// distributed Map.
    #[must_use]
    pub const fn is_distributed(&self) -> bool {
        matches!(self.mode, MapMode::Distributed)
            || self.item_reader.is_some()
            || self.item_batcher.is_some()
            || self.result_writer.is_some()
    }
}

impl Map<Checked> {
    /// Whether the definition says how many items may fail.
    #[must_use]
    pub(crate) const fn tolerates_failures(&self) -> bool {
        self.tolerated_failure_count.is_some() || self.tolerated_failure_percentage.is_some()
    }
}

impl Map {
    /// The templates that make what its store is asked for and what each batch gets; they see the effective input.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &Template> {
        let read = self.item_reader.as_ref().and_then(|reader| reader.parameters.as_ref());
        let batch = self.item_batcher.as_ref().and_then(|batcher| batcher.batch_input.as_ref());
        let written = self.result_writer.as_ref().and_then(|writer| writer.parameters.as_ref());
        [read, batch, written].into_iter().flatten()
    }
}

/// The fields that only a distributed Map can do anything with.
const OF_DISTRIBUTED: [&str; 3] = ["ItemReader", "ItemBatcher", "ResultWriter"];

/// The fields that let iterations fail.
const TOLERATING: [&str; 4] = [
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
];

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Map {
    fields.exclusive(&["ItemProcessor", "Iterator"], reader);
    fields.exclusive(&["ItemSelector", "Parameters"], reader);
    let has_fields = OF_DISTRIBUTED.iter().any(|name| fields.has(name));
    reader.within(
        |place| place.retries = true,
        |reader| {
            let processor = parse_processor(fields, has_fields, reader);
            let distributed = has_fields || processor.mode == MapMode::Distributed;
            Map {
                input: fields.selection("InputPath", reader),
                items: parse_items(fields, reader),
                item_reader: item_reader::parse(fields, reader),
                item_selector: parse_item_selector(fields, distributed, reader),
                item_batcher: batcher::parse(fields, reader),
                max_concurrency: reader
                    .aside(|reader| parse_number(fields, "MaxConcurrency", 0..=u64::MAX, reader)),
                tolerates: TOLERATING.iter().any(|name| fields.has(name)),
                tolerated_failure_count: reader
                    .aside(|reader| parse_number(fields, "ToleratedFailureCount", 0..=u64::MAX, reader)),
                tolerated_failure_percentage: reader
                    .aside(|reader| tolerance::parse_percentage(fields, reader)),
                label: parse_label(fields, reader),
                result_writer: writer::parse(fields, reader),
                execution_type: processor.execution_type,
                mode: processor.mode,
                processor: processor.scope,
                after: parse_after(fields, reader),
                retriers: parse_retriers(fields, reader),
                catchers: parse_catchers(fields, reader),
            }
        },
    )
}

fn parse_items(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Items {
    let items = match fields.template("Items", reader) {
        Some(items) => Some(Items::Template(items)),
        None => fields.reference_path("ItemsPath", reader).map(Items::Path),
    };
    let is_read = fields.has("ItemReader");
    items.filter(|_| !is_read).unwrap_or(if reader.jsonata { Items::Input } else { Items::Whole })
}

fn parse_item_selector(
    fields: &mut Fields<'_>,
    distributed: bool,
    reader: &mut Reader<'_>,
) -> Option<Template> {
    let (name, value) = match fields.value("ItemSelector") {
        Some(value) => {
            // It was reported beside the other.
            fields.member("Parameters");
            ("ItemSelector", value)
        }
        None => ("Parameters", fields.value("Parameters")?),
    };
    let change = |place: &mut crate::path::PathPlace| {
        place.in_map = true;
        place.in_distributed_map = distributed;
    };
    Some(reader.within(change, |reader| template::parse(name, value, reader)))
}

/// The most characters of a `Label`.
const LABEL_CHARACTERS: usize = 40;

fn parse_label(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Text> {
    let label = fields.text("Label", reader)?;
    let name = &label.value;
    let characters = name.chars().count();
    let wrong =
        name.chars().find(|c| c.is_whitespace() || c.is_control() || r#"?*<>{}[]:;,\|^~$#%&`""#.contains(*c));
    let message = match wrong {
        // It is not known what will be in the place of a placeholder.
        Some(_) if name.contains("${") => return Some(label.clone()),
        Some(c) => format!("`Label` of {} cannot have {c:?} in it", fields.owner()),
        None if characters == 0 => format!("`Label` of {} is empty", fields.owner()),
        None if characters > LABEL_CHARACTERS => {
            format!("`Label` of {} has {characters} characters", fields.owner())
        }
        None => return Some(label.clone()),
    };
    let diagnostic = Diagnostic::new(Code::InvalidValue, label.span, message);
    reader.report(diagnostic.label(format!(
        "expected 1 to {LABEL_CHARACTERS} characters, without white space and `{}`",
        r#"?*<>{}[]:;,\|^~$#%&`""#
    )));
    None
}

/// A whole number, or in JSONPath the field `...Path` that leads to one.
fn parse_number(
    fields: &mut Fields<'_>,
    name: &'static str,
    range: RangeInclusive<u64>,
    reader: &mut Reader<'_>,
) -> Option<Seconds> {
    let path_name = format!("{name}Path");
    fields.exclusive(&[name, &path_name], reader);
    if reader.jsonata {
        fields.of_other_language(&[&path_name], reader);
    }
    if let Some(expression) = fields.expression(name, reader) {
        return Some(Seconds::Expression(expression));
    }
    let constant = fields.whole(name, range, reader).map(Seconds::Constant);
    let path = parse_number_path(fields, &path_name, reader).map(Seconds::Path);
    constant.or(path)
}

/// A path to a number: a reference path, and on AWS none into the context object.
fn parse_number_path(fields: &mut Fields<'_>, name: &str, reader: &mut Reader<'_>) -> Option<Path> {
    // A field that JSONata does not have is left to be reported.
    if reader.jsonata {
        return None;
    }
    let path = fields.reference_path(name, reader)?;
    if let Root::Context(_) = path.root {
        let message = format!("`{name}` of {} cannot lead into the context object", fields.owner());
        let diagnostic = Diagnostic::new(Code::InvalidReferencePath, path.span, message);
        reader.report(diagnostic.label("expected a path into the data, or a variable"));
        return None;
    }
    Some(path)
}
