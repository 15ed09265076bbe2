//! Rows: what the columns have for one is put together.
//!
//! In: the values of each column, with how much of the way to each is there, and what is repeated in it. Out: an object.

use super::column::Cell;
use super::damaged;
use super::schema::{NodeKind, Schema, SchemaNode};
use crate::map_run::bounds::{ITEM_VALUES, too_many_values};
use crate::map_run::error::MapRunError;
use asl_value::{Array, Object, Text, Value};
use std::ops::Range;

/// Puts a row together.
pub(super) fn assemble(schema: &Schema, cells: &mut [Vec<Cell>]) -> Result<Value, MapRunError> {
    // From behind, so that the next one is the last.
    cells.iter_mut().for_each(|cells| cells.reverse());
    let mut row = Row { cells, values: 0 };
    let value = row.object(&schema.fields, Schema::is_distinct(&schema.fields))?;
    let is_complete = row.cells.iter().all(Vec::is_empty);
    if is_complete { Ok(value) } else { Err(inconsistent()) }
}

struct Row<'c> {
    cells: &'c mut [Vec<Cell>],
    /// How many values have been made.
    values: usize,
}

impl Row<'_> {
    fn object(&mut self, fields: &[SchemaNode], is_distinct: bool) -> Result<Value, MapRunError> {
        let mut made = Vec::with_capacity(fields.len());
        for field in fields {
            made.push((field.name.clone(), self.value(field)?));
        }
        let object = if is_distinct { Object::from_distinct(made) } else { made.into_iter().collect() };
        Ok(Value::Object(object))
    }

    /// What a node is in this row: an array if it is repeated.
    fn value(&mut self, node: &SchemaNode) -> Result<Value, MapRunError> {
        if node.repeated.is_none() {
            return self.one(node);
        }
        let mut elements = Vec::new();
        self.each(node, |row| {
            elements.push(row.one(node)?);
            Ok(())
        })?;
        Ok(Value::Array(Array::from(elements)))
    }

    /// Does something for each of a node that is repeated.
    fn each(
        &mut self,
        node: &SchemaNode,
        mut work: impl FnMut(&mut Self) -> Result<(), MapRunError>,
    ) -> Result<(), MapRunError> {
        if self.peek(node)?.definition < node.defined {
            return self.pass(&node.leaves);
        }
        loop {
            work(self)?;
            let next = self.cells.get(node.leaves.start).and_then(|cells| cells.last());
            if next.is_none_or(|next| Some(next.repetition) != node.repeated) {
                return Ok(());
            }
        }
    }

    /// One of a node.
    fn one(&mut self, node: &SchemaNode) -> Result<Value, MapRunError> {
        self.values += 1;
        if self.values > ITEM_VALUES {
            return Err(too_many_values("A row of the Parquet file"));
        }
        match &node.kind {
            NodeKind::Leaf => self.take(node.leaves.start).map(|cell| cell.value),
            _ if self.peek(node)?.definition < node.defined => self.pass(&node.leaves).map(|()| Value::Null),
            NodeKind::Struct(fields, is_distinct) => self.object(fields, *is_distinct),
            NodeKind::Only(child) => self.value(child),
            NodeKind::Map(entries) => self.map(entries),
        }
    }

    fn map(&mut self, entries: &SchemaNode) -> Result<Value, MapRunError> {
        let fields = match &entries.kind {
            NodeKind::Struct(fields, _) => fields.as_slice(),
            NodeKind::Leaf | NodeKind::Only(_) | NodeKind::Map(_) => &[],
        };
        let mut object = Object::new();
        self.each(entries, |row| {
            let mut made = fields.iter().map(|field| row.value(field));
            let key = made.next().transpose()?.unwrap_or_default();
            let value = made.next().transpose()?.unwrap_or_default();
            let key = key.as_str().map_or_else(|| Text::from(key.to_string()), Text::from);
            object.insert(key, value);
            Ok(())
        })?;
        Ok(Value::Object(object))
    }

    /// The next cell of a node, which its first column has.
    fn peek(&self, node: &SchemaNode) -> Result<&Cell, MapRunError> {
        self.cells.get(node.leaves.start).and_then(|cells| cells.last()).ok_or_else(inconsistent)
    }

    fn take(&mut self, leaf: usize) -> Result<Cell, MapRunError> {
        self.cells.get_mut(leaf).and_then(Vec::pop).ok_or_else(inconsistent)
    }

    /// What is not there is so in all columns.
    fn pass(&mut self, leaves: &Range<usize>) -> Result<(), MapRunError> {
        leaves.clone().try_for_each(|leaf| self.take(leaf).map(drop))
    }
}

#[cold]
fn inconsistent() -> MapRunError {
    damaged("the columns of a row do not fit together")
}
