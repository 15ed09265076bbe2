//! Writes the table.

use super::bounds;
use super::java;
use super::model::{Model, Operation};
use super::patterns;
use super::pool::{pool, put_fixed, put_number};
use super::shapes::{Shape, Shapes, Type};
use super::strings::{Counter, Strings};
use super::wire;
use std::collections::BTreeMap;

/// What the file begins with; the number is the version of the format.
const MAGIC: &[u8; 8] = b"ASLSVC\x00\x06";

/// So many entries share an offset where nothing else is said.
const GROUP: usize = 12;

/// The numbers below this are types without parts.
const FIRST_SHAPE: usize = 8;

/// The table and what is in it.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) bytes: Vec<u8>,
    pub(super) services: usize,
    pub(super) actions: usize,
}

/// The table of all models: the head, words, names, the index of services, and a block for each service.
pub(super) fn write(models: &BTreeMap<String, Model>, source: &str) -> Result<Table, String> {
    let services: Vec<_> = models
        .iter()
        .map(|(name, model)| (name, model, Shapes::of(model, patterns::are_kept(name))))
        .collect();
    let strings = strings(&services);
    let mut index = Vec::new();
    let mut blocks = Vec::new();
    for (name, model, shapes) in &services {
        let mut entry = Vec::new();
        put_fixed(&mut entry, blocks.len(), 4)?;
        put_number(&mut entry, name.len());
        entry.extend_from_slice(name.as_bytes());
        entry.extend_from_slice(model.prefix.as_bytes());
        index.push(entry);
        blocks.extend(block(model, shapes, &strings)?);
    }
    let (words, names) = strings.pools()?;
    let mut bytes = MAGIC.to_vec();
    let source = source.as_bytes();
    let streams = streams(models);
    for section in [source, streams.as_bytes(), &words, &names, &pool(&index, GROUP)?] {
        put_fixed(&mut bytes, section.len(), 4)?;
        bytes.extend_from_slice(section);
    }
    bytes.extend(blocks);
    let actions = models.values().map(|model| model.operations.len()).sum();
    Ok(Table { bytes, services: services.len(), actions })
}

/// The actions with streams of events, with a blank behind each.
fn streams(models: &BTreeMap<String, Model>) -> String {
    let of = |(name, model): (&String, &Model)| -> String {
        model.streams.iter().map(|operation| format!("{name}:{operation} ")).collect()
    };
    models.iter().map(of).collect()
}

fn strings(services: &[(&String, &Model, Shapes)]) -> Strings {
    let mut names = Counter::default();
    for (_, model, shapes) in services {
        for shape in &shapes.shapes {
            match shape {
                Shape::Structure { required, optional, .. } => {
                    required.iter().chain(optional).for_each(|member| names.count(&member.name));
                }
                Shape::Enum(values) => values.iter().for_each(|value| names.count(value)),
                Shape::List(..) | Shape::Map(..) => {}
            }
        }
        bounds::names(shapes).for_each(|number| names.count(number));
        wire::names(model, shapes).iter().for_each(|name| names.count(name));
        for set in error_sets(model).keys() {
            set.iter().for_each(|error| names.count(error));
        }
    }
    let operations = services.iter().flat_map(|(_, model, _)| model.operations.keys().cloned());
    let sent = services.iter().flat_map(|(_, model, shapes)| wire::texts(model, shapes));
    let texts: Vec<String> = operations.chain(sent).collect();
    Strings::new(&names, texts.iter().map(String::as_str))
}

/// The exceptions of an operation, by the names that they have in a state machine.
fn errors(operation: &Operation) -> Vec<String> {
    let mut names: Vec<_> = operation.errors.iter().map(|error| java::exception_name(error)).collect();
    names.sort();
    names.dedup();
    names
}

/// Every set of exceptions once, with its number.
fn error_sets(model: &Model) -> BTreeMap<Vec<String>, usize> {
    let mut sets: BTreeMap<_, _> =
        model.operations.values().map(|operation| (errors(operation), 0)).collect();
    for (number, (_, place)) in sets.iter_mut().enumerate() {
        *place = number;
    }
    sets
}

/// The block of a service: its operations by name, its shapes, and its sets of exceptions.
fn block(model: &Model, shapes: &Shapes, strings: &Strings) -> Result<Vec<u8>, String> {
    let sets = error_sets(model);
    let mut operations = Vec::new();
    for (name, operation) in &model.operations {
        let mut entry = Vec::new();
        put_number(&mut entry, number_of(shapes.type_of(operation.input.as_ref())));
        put_number(&mut entry, number_of(shapes.type_of(operation.output.as_ref())));
        put_number(&mut entry, sets.get(&errors(operation)).copied().unwrap_or_default());
        entry.extend(strings.text(name));
        operations.push(entry);
    }
    let written: Result<Vec<_>, String> =
        shapes.shapes.iter().map(|shape| shape_entry(shape, strings)).collect();
    let mut errors = Vec::new();
    for set in sets.keys() {
        let mut entry = Vec::new();
        for error in set {
            put_number(&mut entry, strings.name(error)?);
        }
        errors.push(entry);
    }
    let mut block = Vec::new();
    let [service, requests, sent] = wire::sections(model, shapes, strings)?;
    let pools = [pool(&operations, GROUP)?, pool(&written?, GROUP)?, pool(&errors, GROUP)?];
    let bounds = bounds::section(shapes, strings)?;
    for section in pools.into_iter().chain([service, requests, sent, bounds]) {
        put_fixed(&mut block, section.len(), 4)?;
        block.extend(section);
    }
    Ok(block)
}

/// A shape: its kind (0 structure, 1 union, 2 list, 3 map, 4 enumeration), and its parts.
fn shape_entry(shape: &Shape, strings: &Strings) -> Result<Vec<u8>, String> {
    let mut entry = Vec::new();
    match shape {
        Shape::Structure { union, required, optional } => {
            entry.push(u8::from(*union));
            put_number(&mut entry, required.len());
            for member in required.iter().chain(optional) {
                put_number(&mut entry, strings.name(&member.name)?);
                put_number(&mut entry, number_of(member.type_));
            }
        }
        Shape::List(element, ..) => {
            entry.push(2);
            put_number(&mut entry, number_of(*element));
        }
        Shape::Map(value, ..) => {
            entry.push(3);
            put_number(&mut entry, number_of(*value));
        }
        Shape::Enum(values) => {
            entry.push(4);
            for value in values {
                put_number(&mut entry, strings.name(value)?);
            }
        }
    }
    Ok(entry)
}

fn number_of(type_: Type) -> usize {
    match type_ {
        Type::Plain(plain) => plain as usize,
        Type::Shape(number) => FIRST_SHAPE + number,
    }
}
