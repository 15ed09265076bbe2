//! The columns of a file as a tree: what becomes of them in JSON.

use super::cell::Meaning;
use super::footer::Element;
use super::{damaged, unsupported};
use crate::map_run::error::MapRunError;
use asl_value::Text;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// How deep columns may be nested. Data is not nested deeper than 127 levels.
const DEPTH: usize = 100;

/// The numbers of repetitions.
const OPTIONAL: i64 = 1;
const REPEATED: i64 = 2;

/// The numbers of types, converted and logical ones.
const CONVERTED_MAP: i64 = 1;
const CONVERTED_MAP_KEY_VALUE: i64 = 2;
const CONVERTED_LIST: i64 = 3;
const LOGICAL_MAP: i16 = 2;
const LOGICAL_LIST: i16 = 3;

#[derive(Debug)]
pub(super) struct Schema {
    /// What a row is.
    pub(super) fields: Vec<SchemaNode>,
    pub(super) leaves: Vec<Arc<Leaf>>,
}

/// A column of values.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) physical: Physical,
    pub(super) meaning: Meaning,
    /// The level of definition of a value that is there.
    pub(super) defined: u16,
    /// How many repeated columns it is in.
    pub(super) repeated: u16,
}

/// How values are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Physical {
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    Fixed(usize),
}

#[derive(Debug)]
pub(super) struct SchemaNode {
    pub(super) name: Text,
    /// The level of definition from which on it is there.
    pub(super) defined: u16,
    /// The level of repetition at which another of it begins, if there may be several.
    pub(super) repeated: Option<u16>,
    /// Which leaves are in it, one at least.
    pub(super) leaves: Range<usize>,
    pub(super) kind: NodeKind,
}

#[derive(Debug)]
pub(super) enum NodeKind {
    /// A value.
    Leaf,
    /// An object. Whether its names differ from each other comes second.
    Struct(Vec<SchemaNode>, bool),
    /// What its only child is: an array of lists, and an element in it.
    Only(Box<SchemaNode>),
    /// An object of the keys and values of its only child, which is repeated.
    Map(Box<SchemaNode>),
}

/// What is known on the way down.
#[derive(Clone, Copy, Default)]
struct Levels {
    defined: u16,
    repeated: u16,
}

struct Builder<'e> {
    elements: std::slice::Iter<'e, Element>,
    leaves: Vec<Arc<Leaf>>,
}

impl Schema {
    pub(super) fn new(elements: &[Element]) -> Result<Self, MapRunError> {
        let mut builder = Builder { elements: elements.iter(), leaves: Vec::new() };
        let root = builder.elements.next().ok_or_else(|| damaged("it has no columns"))?;
        let fields = builder.children(root, Levels::default(), 0)?;
        Ok(Self { fields, leaves: builder.leaves })
    }

    /// Whether the names of the columns differ from each other.
    pub(super) fn is_distinct(fields: &[SchemaNode]) -> bool {
        let mut names = HashSet::new();
        fields.iter().all(|field| names.insert(&field.name))
    }
}

impl Builder<'_> {
    fn children(
        &mut self,
        element: &Element,
        levels: Levels,
        depth: usize,
    ) -> Result<Vec<SchemaNode>, MapRunError> {
        if depth > DEPTH {
            return Err(unsupported("its columns are nested too deeply"));
        }
        let mut children = Vec::new();
        for _ in 0..element.children.max(0) {
            let child = self.elements.next().ok_or_else(|| damaged("a column is missing"))?;
            children.push(self.node(child, levels, depth + 1)?);
        }
        if children.is_empty() { Err(damaged("a group has no columns")) } else { Ok(children) }
    }

    fn node(
        &mut self,
        element: &Element,
        mut levels: Levels,
        depth: usize,
    ) -> Result<SchemaNode, MapRunError> {
        let is_repeated = element.repetition == REPEATED;
        levels.defined += u16::from(is_repeated || element.repetition == OPTIONAL);
        levels.repeated += u16::from(is_repeated);
        let start = self.leaves.len();
        let kind = match element.physical {
            Some(physical) if element.children <= 0 => {
                let physical = self::physical(physical, element.length)?;
                let meaning = Meaning::new(physical, element)?;
                let Levels { defined, repeated } = levels;
                self.leaves.push(Arc::new(Leaf { physical, meaning, defined, repeated }));
                NodeKind::Leaf
            }
            _ => group(element, self.children(element, levels, depth)?),
        };
        Ok(SchemaNode {
            name: element.name.clone(),
            defined: levels.defined,
            repeated: is_repeated.then_some(levels.repeated),
            leaves: start..self.leaves.len(),
            kind,
        })
    }
}

fn group(element: &Element, mut children: Vec<SchemaNode>) -> NodeKind {
    let logical = element.logical.map(|logical| logical.number);
    let is_list = logical == Some(LOGICAL_LIST) || element.converted == Some(CONVERTED_LIST);
    let is_map = logical == Some(LOGICAL_MAP)
        || matches!(element.converted, Some(CONVERTED_MAP | CONVERTED_MAP_KEY_VALUE));
    let only = match children.as_mut_slice() {
        [only] if only.repeated.is_some() && (is_list || is_map) => only,
        _ => return structure(children),
    };
    let is_entry = matches!(&only.kind, NodeKind::Struct(fields, _) if fields.len() <= 2 && fields.iter().all(|field| field.repeated.is_none()));
    if is_map && !is_entry {
        return structure(children);
    }
    if is_list {
        unwrap_element(element, only);
    }
    let only = children.pop().map(Box::new);
    match only {
        Some(only) if is_list => NodeKind::Only(only),
        Some(only) => NodeKind::Map(only),
        None => NodeKind::Struct(Vec::new(), true),
    }
}

/// In the list of today, the elements are what is in the repeated group. In those of old, they are the group itself, unless it has a field
/// alone and no name that tells it.
fn unwrap_element(list: &Element, repeated: &mut SchemaNode) {
    let is_element = &*repeated.name == "array" || *repeated.name == format!("{}_tuple", list.name);
    if let NodeKind::Struct(fields, _) = &mut repeated.kind
        && fields.len() == 1
        && fields.iter().all(|field| field.repeated.is_none())
        && !is_element
        && let Some(element) = fields.pop()
    {
        repeated.kind = NodeKind::Only(Box::new(element));
    }
}

fn structure(fields: Vec<SchemaNode>) -> NodeKind {
    let is_distinct = Schema::is_distinct(&fields);
    NodeKind::Struct(fields, is_distinct)
}

fn physical(number: i64, length: i64) -> Result<Physical, MapRunError> {
    Ok(match number {
        0 => Physical::Boolean,
        1 => Physical::Int32,
        2 => Physical::Int64,
        3 => Physical::Int96,
        4 => Physical::Float,
        5 => Physical::Double,
        6 => Physical::Bytes,
        7 => match usize::try_from(length) {
            Ok(length @ 1..) => Physical::Fixed(length),
            _ => return Err(damaged("values of a column have no length")),
        },
        _ => return Err(unsupported("a column is of an unknown type")),
    })
}

impl Physical {
    /// How many bytes each value has, if all have the same number.
    pub(super) const fn length(self) -> Option<usize> {
        Some(match self {
            Self::Int32 | Self::Float => 4,
            Self::Int64 | Self::Double => 8,
            Self::Int96 => 12,
            Self::Fixed(length) => length,
            Self::Boolean | Self::Bytes => return None,
        })
    }
}
