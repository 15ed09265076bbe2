//! The table of services: which there are, their actions, and the shapes of these. `docs/services.md` describes the format.

use super::bytes::{Bytes, Pool};
use super::names;
use super::shape::Shape;
use crate::suggest::closest;
use std::collections::BTreeSet;

/// What the file begins with; the last byte is the version of the format.
const MAGIC: &[u8] = b"ASLSVC\x00\x06";

/// A table of services. It is not read as a whole: every question reads what it needs.
#[derive(Debug)]
pub struct Table {
    source: &'static str,
    streams: &'static str,
    words: Pool,
    names: Pool,
    index: Pool,
    blocks: &'static [u8],
}

impl Table {
    /// The table in these bytes, if they are one.
    #[must_use]
    pub fn read(bytes: &'static [u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        if bytes.take(MAGIC.len())? != MAGIC {
            return None;
        }
        let source = std::str::from_utf8(bytes.section()?).ok()?;
        let streams = std::str::from_utf8(bytes.section()?).ok()?;
        let words = Pool::read(bytes.section()?)?;
        let names = Pool::read(bytes.section()?)?;
        let index = Pool::read(bytes.section()?)?;
        Some(Self { source, streams, words, names, index, blocks: bytes.0 })
    }

    /// Where the facts come from: `botocore 1.44.5`.
    #[must_use]
    pub const fn source(&self) -> &'static str {
        self.source
    }

    /// Whether an action, which is none of its service here, sends or answers with a stream of events.
    #[must_use]
    pub fn streams(&self, service: &str, action: &str) -> bool {
        let actions = self.streams.split(' ').filter_map(|name| name.split_once(':'));
        actions
            .filter(|(of, _)| *of == service)
            .any(|(_, operation)| names::uncapitalized(operation) == action)
    }

    /// All services by the alphabet.
    pub fn services(&'static self) -> impl Iterator<Item = Service> {
        (0..self.index.len()).filter_map(|number| self.service_at(number))
    }

    /// The service that has that name in Step Functions: `dynamodb`, `cloudwatchlogs`, `sfn`.
    #[must_use]
    pub fn service(&'static self, name: &str) -> Option<Service> {
        let number = search(self.index.len(), name, |number| Some(self.entry(number)?.0))?;
        self.service_at(number)
    }

    /// What the names of the errors of its services begin with.
    pub(super) fn error_prefixes(&self) -> impl Iterator<Item = &'static str> {
        (0..self.index.len()).filter_map(|number| Some(self.entry(number)?.1))
    }

    /// The name of the service that was probably meant.
    #[must_use]
    pub(crate) fn closest_service(&self, name: &str) -> Option<&'static str> {
        closest(name, (0..self.index.len()).filter_map(|number| Some(self.entry(number)?.0)))
    }

    /// Name, prefix of the errors, and the place of the block.
    fn entry(&self, number: usize) -> Option<(&'static str, &'static str, usize)> {
        let mut entry = self.index.get(number)?;
        let block = entry.fixed(4)?;
        let length = entry.number()?;
        let name = std::str::from_utf8(entry.take(length)?).ok()?;
        Some((name, std::str::from_utf8(entry.0).ok()?, block))
    }

    fn service_at(&'static self, number: usize) -> Option<Service> {
        let (name, prefix, block) = self.entry(number)?;
        let mut bytes = Bytes(self.blocks.get(block..)?);
        let operations = Pool::read(bytes.section()?)?;
        bytes.section()?;
        let errors = Pool::read(bytes.section()?)?;
        Some(Service { table: self, block, name, prefix, operations, errors })
    }

    /// The bytes of a shape of the service whose block is there.
    pub(super) fn shape(&self, block: usize, number: usize) -> Option<Bytes> {
        let mut bytes = Bytes(self.blocks.get(block..)?);
        bytes.section()?;
        Pool::read(bytes.section()?)?.get(number)
    }

    /// What is known of the values of the service whose block is there, by shape.
    pub(super) fn bounds(&self, block: usize) -> Option<Pool> {
        let mut bytes = Bytes(self.blocks.get(block..)?);
        for _ in 0..6 {
            bytes.section()?;
        }
        Pool::read(bytes.section()?)
    }

    /// The values of an enumeration of the service whose block is there.
    pub(super) fn values(&self, block: usize, shape: usize) -> Option<Vec<String>> {
        let mut parts = self.shape(block, shape)?;
        parts.fixed(1)?;
        Some(std::iter::from_fn(|| self.name(parts.number()?)).collect())
    }

    /// The name of that number.
    pub(super) fn name(&self, number: usize) -> Option<String> {
        self.text(self.names.get(number)?)
    }

    /// A text that is written as words.
    pub(super) fn text(&self, mut words: Bytes) -> Option<String> {
        // Most names are not longer than this.
        let mut text = String::with_capacity(32);
        while !words.0.is_empty() {
            text += std::str::from_utf8(self.words.get(words.number()?)?.0).ok()?;
        }
        Some(text)
    }
}

/// The number of a text in a sorted list.
fn search<T: AsRef<str>>(count: usize, wanted: &str, at: impl Fn(usize) -> Option<T>) -> Option<usize> {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        match at(middle)?.as_ref().cmp(wanted) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// A service of AWS.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    table: &'static Table,
    /// Where its block begins.
    block: usize,
    name: &'static str,
    prefix: &'static str,
    operations: Pool,
    errors: Pool,
}

impl Service {
    /// The name in `arn:aws:states:::aws-sdk:NAME:action`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What the names of its errors begin with: `DynamoDb`.
    #[must_use]
    pub const fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// The action of that name: `putItem`.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<Action> {
        let is_it = |number: &usize| {
            self.operation_name(*number).is_some_and(|operation| names::uncapitalized(&operation) == name)
        };
        let number = search(self.operations.len(), &names::capitalized(name), |at| self.operation_name(at))
            .filter(is_it)
            // Only a name that begins with several capital letters is not found where it is expected.
            .or_else(|| (0..self.operations.len()).find(is_it))?;
        self.action_at(number)
    }

    /// All its actions by the alphabet.
    pub fn actions(self) -> impl Iterator<Item = Action> {
        (0..self.operations.len()).filter_map(move |number| self.action_at(number))
    }

    /// The name of the action that was probably meant.
    #[must_use]
    pub(crate) fn closest_action(&self, name: &str) -> Option<String> {
        let names: Vec<_> = self.actions().map(|action| action.name()).collect();
        closest(name, names.iter().map(String::as_str)).map(str::to_owned)
    }

    /// The errors of all its actions, without the prefix.
    pub(super) fn errors(&self) -> Vec<String> {
        let mut numbers = BTreeSet::new();
        for mut set in (0..self.errors.len()).filter_map(|number| self.errors.get(number)) {
            numbers.extend(std::iter::from_fn(|| set.number()));
        }
        let mut names: Vec<_> = numbers.into_iter().filter_map(|number| self.table.name(number)).collect();
        names.sort();
        names
    }

    fn operation_name(&self, number: usize) -> Option<String> {
        self.operation(number).map(|operation| operation.name)
    }

    fn operation(&self, number: usize) -> Option<Action> {
        let mut entry = self.operations.get(number)?;
        let (input, output, errors) = (entry.number()?, entry.number()?, entry.number()?);
        Some(Action { service: *self, number, name: self.table.text(entry)?, input, output, errors })
    }

    fn action_at(&self, number: usize) -> Option<Action> {
        self.operation(number)
    }

    /// The sections about how it is spoken to, how its operations are asked for, and how parts of its shapes are sent.
    pub(super) fn wire_sections(&self) -> Option<[Bytes; 3]> {
        let mut bytes = Bytes(self.table.blocks.get(self.block..)?);
        for _ in 0..3 {
            bytes.section()?;
        }
        Some([Bytes(bytes.section()?), Bytes(bytes.section()?), Bytes(bytes.section()?)])
    }

    /// The place of the service.
    pub(super) const fn place(&self) -> (&'static Table, usize) {
        (self.table, self.block)
    }
}

/// An action of a service.
#[derive(Clone, Debug)]
pub struct Action {
    service: Service,
    number: usize,
    name: String,
    input: usize,
    output: usize,
    errors: usize,
}

impl Action {
    /// The name in `arn:aws:states:::aws-sdk:service:NAME`.
    #[must_use]
    pub fn name(&self) -> String {
        names::uncapitalized(&self.name)
    }

    /// The name of the operation in the API.
    pub(super) fn operation(&self) -> &str {
        &self.name
    }

    /// Its number in the service.
    pub(super) const fn number(&self) -> usize {
        self.number
    }

    /// The service that has it.
    #[must_use]
    pub const fn service(&self) -> Service {
        self.service
    }

    /// What it takes, with the names that members have in `aws-sdk` tasks.
    #[must_use]
    pub const fn input(&self) -> Shape {
        Shape::of_table(self.service.place(), self.input)
    }

    /// What it yields, with the names that members have in `aws-sdk` tasks.
    #[must_use]
    pub const fn output(&self) -> Shape {
        Shape::of_table(self.service.place(), self.output)
    }

    /// The errors that the service declares for it, without the prefix of the service: `ConditionalCheckFailedException`. Every action
    /// can also fail with errors that no service declares.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        let mut names = Vec::new();
        let Some(mut entry) = self.service.errors.get(self.errors) else { return names };
        while let Some(number) = entry.number() {
            names.extend(self.service.table.name(number));
        }
        names
    }
}
