//! How what is known flows through a Map state: its items, its batches, and the array of its results.

use super::flow::{Facts, Flow};
use super::kind::{Range, Wanted};
use super::read::Finding;
use super::{Array, Field, Object, Origin, Shape, Source};
use crate::definition::{
    InputType, ItemBatcher, ItemReader, Items, Map, Percentage, Seconds, Selection, Template,
};
use crate::source::Span;
use crate::vocabulary::{self, ItemSource, StateId, WriterTransformation};

pub(super) fn flow<'d>(flow: &mut Flow<'_, 'd>, map: &'d Map) {
    // Every field is named, so that a new one that nothing follows the data through does not compile.
    let Map {
        input,
        items,
        item_reader,
        item_selector,
        catchers,
        after,
        // Where they pass on data, it is that of their templates, and of the numbers.
        item_batcher: _,
        result_writer: _,
        max_concurrency: _,
        tolerates: _,
        tolerated_failure_count: _,
        tolerated_failure_percentage: _,
        label: _,
        execution_type: _,
        mode: _,
        processor: _,
        retriers: _,
    } = map;
    let entry = flow.entry;
    let effective = flow.reads.selection(input, &entry.data, entry);
    let mut count = None;
    let item = match item_reader {
        Some(reader) => read_item(reader),
        None => {
            let items = match items {
                Items::Path(path) => flow.reads.path(path, &effective, entry),
                // A text in the place of the items is reported where it is.
                Items::Template(Template::Constant(value)) if value.as_str().is_some() => Shape::UNKNOWN,
                Items::Template(template) => flow.reads.built(template, &effective, entry),
                Items::Whole | Items::Input => effective.clone(),
            };
            count = counted(map, &items);
            item_of(flow, map, &items)
        }
    };
    for template in map.templates() {
        flow.reads.built(template, &effective, entry);
    }
    numbers(flow, map);
    let inner = Facts { item: item.clone(), ..entry.clone() };
    let selected = match item_selector {
        Some(selector) => flow.reads.template(Some(selector), &effective, &inner),
        None => item.clone(),
    };
    if !item.is_never() {
        start(flow, map, selected, inner, &effective);
    }
    flow.catch(catchers);
    let output = flow.place.state.inner.first().and_then(|scope| flow.place.outputs.get(scope.0)?.clone());
    let result = result(map, output, count, flow.place.id);
    flow.after(after, &result);
}

/// How many iterations, items and failures there may be.
fn numbers<'d>(flow: &mut Flow<'_, 'd>, map: &'d Map) {
    let counts = map.max_concurrency.iter().chain(&map.tolerated_failure_count);
    let items = map.item_reader.iter().filter_map(|reader| reader.config.max_items.as_ref());
    let batcher = map.item_batcher.as_ref();
    let limits = batcher
        .into_iter()
        .flat_map(|batcher| batcher.max_items_per_batch.iter().chain(&batcher.max_input_bytes_per_batch));
    let all = counts.chain(items).map(|number| (number, Range::COUNT));
    let all = all.chain(limits.map(|number| (number, Range::LIMIT)));
    // Paths see the effective input, of which it is not recorded when it is read.
    let is_whole = matches!(map.input, Selection::Whole);
    for (number, range) in all.filter(|(number, _)| is_whole || matches!(number, Seconds::Expression(_))) {
        flow.number(number, range, range.whole().or_text());
    }
    let (entry, wanted) = (flow.entry, Wanted::Number(Range::PERCENTAGE));
    match &map.tolerated_failure_percentage {
        Some(Percentage::Expression(expression)) => flow.reads.field(expression, wanted, entry),
        Some(Percentage::Path(path)) if is_whole => {
            let wanted = Wanted::Number(Range::PERCENTAGE.or_text());
            flow.reads.field_path(path, wanted, &entry.data, entry);
        }
        Some(Percentage::Path(_) | Percentage::Constant(_)) | None => {}
    }
}

/// What each item is; reports items that cannot be mapped over.
fn item_of<'d>(flow: &mut Flow<'_, 'd>, map: &'d Map, items: &Shape) -> Shape {
    let Some(kinds) = items.kinds() else { return Shape::UNKNOWN };
    let distributed = map.is_distributed();
    if let Some(array) = &kinds.array {
        // How an object is mapped over is not recorded in every detail.
        let only_array = kinds.object.is_none() || !distributed;
        return if only_array { array.element() } else { Shape::UNKNOWN };
    }
    if items.is_never() || (distributed && kinds.object.is_some()) {
        return Shape::UNKNOWN;
    }
    let path = items_place(&map.items);
    flow.reads.found(Finding::NoItems { path, items: items.clone(), distributed });
    Shape::UNKNOWN
}

/// Where the items are said, and in which words, if they are.
fn items_place(items: &Items) -> Option<(Span, &str)> {
    match items {
        Items::Whole | Items::Input => None,
        Items::Path(path) => Some((path.span, &path.text)),
        Items::Template(Template::Expression(expression)) => Some((expression.span, &expression.text)),
        Items::Template(template) => Some((template.span(), "Items")),
    }
}

/// What each item is that a distributed Map reads.
fn read_item(reader: &ItemReader) -> Shape {
    let source = Source { origin: Origin::Item, span: Some(reader.span) };
    let rows = || Shape::object(Object::map(Shape::string()).from(source));
    match (reader.source, reader.config.input_type, reader.config.load_and_flatten) {
        (Some(ItemSource::GetObject), Some(InputType::Items(vocabulary::InputType::Csv)), _)
            if reader.config.manifest_type.is_none() =>
        {
            rows_with(reader, source)
        }
        (Some(ItemSource::ListObjects), _, None) => Shape::object(listed().from(source)),
        (Some(ItemSource::ListObjects), Some(InputType::Items(vocabulary::InputType::Csv)), Some(_)) => {
            rows()
        }
        _ => Shape::UNKNOWN,
    }
}

/// The rows of a CSV file, with the columns that `CSVHeaders` names.
fn rows_with(reader: &ItemReader, source: Source) -> Shape {
    let object = match &reader.config.csv_headers {
        Some(headers) => {
            Object::closed(headers.iter().map(|header| (header.value.as_str(), Shape::string())))
        }
        None => Object::map(Shape::string()),
    };
    Shape::object(object.from(source))
}

/// An object of a bucket, as `s3:listObjectsV2` lists it.
fn listed() -> Object {
    let mut object = Object::closed([("Key", Shape::string()), ("Size", Shape::number())]);
    let optional = [
        ("ChecksumAlgorithm", Shape::UNKNOWN),
        ("ChecksumType", Shape::string()),
        ("Etag", Shape::string()),
        ("ETag", Shape::string()),
        ("LastModified", Shape::UNKNOWN),
        ("Owner", Shape::object(Object::open())),
        ("RestoreStatus", Shape::object(Object::open())),
        ("StorageClass", Shape::string()),
    ];
    for (name, shape) in optional {
        object.fields.insert(name.into(), Field { shape, required: false });
    }
    object
}

fn start(flow: &mut Flow<'_, '_>, map: &Map, selected: Shape, inner: Facts, effective: &Shape) {
    let data = match &map.item_batcher {
        Some(batcher) => batch(flow, batcher, selected, effective),
        None => selected,
    };
    if map.is_distributed() {
        // Each iteration is a separate execution.
        flow.start(&Facts::at_start(&data));
    } else {
        flow.start(&inner.with(data));
    }
}

fn batch(flow: &mut Flow<'_, '_>, batcher: &ItemBatcher, item: Shape, effective: &Shape) -> Shape {
    let mut object = Object::closed([("Items", Shape::array_of(item))]);
    if let Some(input) = &batcher.batch_input {
        object = object.with("BatchInput", constant_of(flow, input, effective));
    }
    Shape::object(object.from(Source { origin: Origin::Item, span: Some(batcher.span) }))
}

/// What a template builds, once more: what it reads was looked at before.
fn constant_of(flow: &Flow<'_, '_>, template: &Template, effective: &Shape) -> Shape {
    super::read::Reads::default().built(template, effective, flow.entry)
}

/// How many iterations there are, where each item of a known array is one.
fn counted(map: &Map, items: &Shape) -> Option<usize> {
    /// Of more results than this it is not kept how many they are.
    const MOST: usize = 16;
    let kinds = items.kinds().filter(|_| map.item_batcher.is_none())?;
    match &kinds.array {
        Some(Array::Tuple(elements)) if elements.len() <= MOST && kinds.is_only_array() => {
            Some(elements.len())
        }
        _ => None,
    }
}

/// The result of the state, where the iterations give `output` if they end at all; of `count` iterations if that is known.
fn result(map: &Map, output: Option<Shape>, count: Option<usize>, id: StateId) -> Shape {
    let output = if map.tolerates { Shape::UNKNOWN } else { output.unwrap_or_else(Shape::never) };
    let Some(writer) = &map.result_writer else {
        return match count.filter(|_| !map.tolerates) {
            Some(count) => Shape::array(Array::Tuple(vec![output; count])),
            None => Shape::array_of(output),
        };
    };
    if writer.parameters.is_some() {
        let details = Object::closed([("Bucket", Shape::string()), ("Key", Shape::string())]);
        let fields = [("MapRunArn", Shape::string()), ("ResultWriterDetails", Shape::object(details))];
        let source = Source { origin: Origin::Result(id), span: Some(writer.span) };
        return Shape::object(Object::closed(fields).from(source));
    }
    match writer.config.transformation {
        None | Some(WriterTransformation::Compact) => Shape::array_of(output),
        Some(_) => Shape::UNKNOWN,
    }
}
