//! Shapes: what parameters and results look like. A [`Shape`] is a place in the table or in what is written by hand, and costs nothing
//! until it is asked.

use super::bounds::{self, Bounds};
use super::bytes::Bytes;
use super::names;
use super::table::Table;
use super::written::{self, Written};

/// The types below this number have no parts.
const FIRST_SHAPE: usize = 8;

/// What is known about a parameter or result.
#[derive(Clone, Copy, Debug)]
pub struct Shape(ShapeSource);

#[derive(Clone, Copy, Debug)]
enum ShapeSource {
    /// A type in the table.
    Table { service: ServicePlace, type_: usize, style: Style },
    /// One that is written in this crate.
    Written(&'static Written),
}

/// A table and where in it the block of a service is.
type ServicePlace = (&'static Table, usize);

/// How members are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// As tasks of `aws-sdk` call them.
    Sdk,
    /// As the API calls them.
    Api,
}

/// The kind of a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeKind {
    /// Any JSON, or nothing is known.
    Any,
    /// A string.
    String,
    /// A string of which values are known; AWS may have more by now.
    Enum,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// A moment: a string, or in results of jobs a number of milliseconds.
    Timestamp,
    /// Bytes; a task may give any JSON for them, and gets a string or JSON.
    Blob,
    /// An array.
    List,
    /// An object with any keys.
    Map,
    /// An object with certain keys.
    Structure,
    /// An object with exactly one of certain keys.
    Union,
}

/// A member of a structure.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Whether it must be given. Results say nothing with it: a member can always be absent.
    pub required: bool,
    /// What it holds.
    pub shape: Shape,
}

impl Shape {
    /// Nothing is known.
    pub const ANY: Self = Self::written(&Written::Any);

    pub(super) const fn of_table(service: ServicePlace, type_: usize) -> Self {
        Self(ShapeSource::Table { service, type_, style: Style::Sdk })
    }

    pub(super) const fn written(written: &'static Written) -> Self {
        Self(ShapeSource::Written(written))
    }

    /// Its number among the shapes of its service.
    pub(super) const fn table_number(&self) -> Option<usize> {
        match self.0 {
            ShapeSource::Table { type_, .. } => type_.checked_sub(FIRST_SHAPE),
            ShapeSource::Written(_) => None,
        }
    }

    /// With members as the API calls them.
    pub(super) const fn with_style(self, style: Style) -> Self {
        match self.0 {
            ShapeSource::Table { service, type_, .. } => Self(ShapeSource::Table { service, type_, style }),
            ShapeSource::Written(_) => self,
        }
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> ShapeKind {
        match self.0 {
            ShapeSource::Table { service, type_, .. } => table_kind(service, type_).unwrap_or(ShapeKind::Any),
            ShapeSource::Written(written) => match written.resolve() {
                Some(shape) => shape.kind(),
                None => written.kind(),
            },
        }
    }

    /// The members of a structure or union, the required ones first.
    #[must_use]
    pub fn members(&self) -> Vec<Member> {
        match self.0 {
            ShapeSource::Table { service, type_, style } => {
                table_members(service, type_, style).unwrap_or_default()
            }
            ShapeSource::Written(written) => written::members(written),
        }
    }

    /// The member of that name.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<Member> {
        self.members().into_iter().find(|member| member.name == name)
    }

    /// What a list holds, or the values of a map.
    #[must_use]
    pub fn element(&self) -> Option<Self> {
        match self.0 {
            ShapeSource::Table { service, type_, style } => {
                let (kind, mut parts) = table_shape(service, type_)?;
                let is_list = matches!(kind, ShapeKind::List | ShapeKind::Map);
                is_list.then_some(Self(ShapeSource::Table { service, type_: parts.number()?, style }))
            }
            ShapeSource::Written(written) => match written.resolve() {
                Some(shape) => shape.element(),
                None => written.element().map(Self::written),
            },
        }
    }

    /// What is known of the values of a member.
    #[must_use]
    pub fn member_bounds(&self, name: &str) -> Bounds {
        match self.0 {
            ShapeSource::Table { .. } => {
                let number = self.members().iter().position(|member| member.name == name);
                number.and_then(|number| self.part_bounds(number)).unwrap_or_default()
            }
            ShapeSource::Written(written) => {
                written::bounded(written, name).map(|shape| shape.member_bounds(name)).unwrap_or_default()
            }
        }
    }

    /// The same for the elements of a list, or the values of a map.
    #[must_use]
    pub fn element_bounds(&self) -> Bounds {
        match self.0 {
            ShapeSource::Table { .. } => self.part_bounds(0).unwrap_or_default(),
            ShapeSource::Written(written) => {
                written.resolve().map(|shape| shape.element_bounds()).unwrap_or_default()
            }
        }
    }

    /// The values of which a text is one that a result has as its member of that number.
    #[must_use]
    pub(crate) fn values_of_member(&self, number: usize, name: &str) -> Vec<String> {
        self.bounds_of_member(number, name).values
    }

    /// The bounds of its member of that number.
    #[must_use]
    pub(crate) fn bounds_of_member(&self, number: usize, name: &str) -> Bounds {
        match self.0 {
            ShapeSource::Table { .. } => self.part_bounds(number).unwrap_or_default(),
            ShapeSource::Written(_) => self.member_bounds(name),
        }
    }

    fn part_bounds(&self, part: usize) -> Option<Bounds> {
        let ShapeSource::Table { service: (table, block), .. } = self.0 else { return None };
        bounds::of_part(table, block, self.table_number()?, part)
    }

    /// The known values of an enumeration.
    #[must_use]
    pub fn values(&self) -> Vec<String> {
        match self.0 {
            ShapeSource::Table { service, type_, .. } => {
                let Some((ShapeKind::Enum, mut parts)) = table_shape(service, type_) else {
                    return Vec::new();
                };
                std::iter::from_fn(|| service.0.name(parts.number()?)).collect()
            }
            ShapeSource::Written(written) => written.values(),
        }
    }
}

/// The kind of a type with parts, and the bytes of its parts.
fn table_shape((table, block): ServicePlace, type_: usize) -> Option<(ShapeKind, Bytes)> {
    let mut bytes = table.shape(block, type_.checked_sub(FIRST_SHAPE)?)?;
    let kind = match bytes.fixed(1)? {
        0 => ShapeKind::Structure,
        1 => ShapeKind::Union,
        2 => ShapeKind::List,
        3 => ShapeKind::Map,
        4 => ShapeKind::Enum,
        _ => return None,
    };
    Some((kind, bytes))
}

fn table_kind(service: ServicePlace, type_: usize) -> Option<ShapeKind> {
    match type_ {
        0 => Some(ShapeKind::Any),
        1 => Some(ShapeKind::String),
        2 => Some(ShapeKind::Integer),
        3 => Some(ShapeKind::Number),
        4 => Some(ShapeKind::Boolean),
        5 => Some(ShapeKind::Timestamp),
        6 => Some(ShapeKind::Blob),
        // A structure without members.
        7 => Some(ShapeKind::Structure),
        _ => table_shape(service, type_).map(|(kind, _)| kind),
    }
}

fn table_members(service: ServicePlace, type_: usize, style: Style) -> Option<Vec<Member>> {
    let (ShapeKind::Structure | ShapeKind::Union, mut bytes) = table_shape(service, type_)? else {
        return None;
    };
    let required = bytes.number()?;
    let mut members = Vec::new();
    while !bytes.0.is_empty() {
        let (name, type_) = (bytes.number()?, bytes.number()?);
        let name = service.0.name(name)?;
        let name = match style {
            Style::Sdk => names::sdk_member(name),
            Style::Api => name,
        };
        let shape = Shape(ShapeSource::Table { service, type_, style });
        members.push(Member { name, required: members.len() < required, shape });
    }
    Some(members)
}
