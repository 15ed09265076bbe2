//! What no model says: the parameters and results that Step Functions has of its own, and how those of optimised integrations differ from
//! the API behind them.

use super::shape::{Member, Shape, ShapeKind, Style};
use super::table;

/// A shape that is written in this crate.
#[derive(Debug)]
pub(super) enum Written {
    /// Any JSON, or nothing is known.
    Any,
    String,
    Integer,
    Timestamp,
    Boolean,
    Enum(&'static [&'static str]),
    List(&'static Written),
    Map(&'static Written),
    Structure(&'static [Field]),
    /// What an action of the API takes, with these fields instead of those of the same name.
    Input(Api, &'static [Field]),
    /// The same with the names of `aws-sdk`.
    SdkInput(Api, &'static [Field]),
    /// What an action of the API yields, with these fields instead of those of the same name.
    Output(Api, &'static [Field]),
    /// A part of what an action yields; `[]` is an element of a list.
    Part(Api, &'static [&'static str]),
}

/// An action by service and name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Api(pub(super) &'static str, pub(super) &'static str);

/// A member of a written structure.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) shape: Written,
}

/// A member that must be given.
pub(super) const fn required(name: &'static str, shape: Written) -> Field {
    Field { name, required: true, shape }
}

/// A member that can be left out.
pub(super) const fn optional(name: &'static str, shape: Written) -> Field {
    Field { name, required: false, shape }
}

impl Api {
    pub(super) fn action(self) -> Option<table::Action> {
        super::table()?.service(self.0)?.action(self.1)
    }

    fn input(self) -> Option<Shape> {
        Some(self.action()?.input().with_style(Style::Api))
    }

    fn output(self) -> Option<Shape> {
        Some(self.action()?.output().with_style(Style::Api))
    }
}

impl Written {
    /// The shape in the table that it is a name for.
    pub(super) fn resolve(&self) -> Option<Shape> {
        let Self::Part(api, path) = self else { return None };
        path.iter().try_fold(api.output()?, |shape, step| match *step {
            "[]" => shape.element(),
            name => Some(shape.member(name)?.shape),
        })
    }

    /// The kind of what is not a name for another shape.
    pub(super) const fn kind(&self) -> ShapeKind {
        match self {
            // A part that is not there is unknown.
            Self::Any | Self::Part(..) => ShapeKind::Any,
            Self::String => ShapeKind::String,
            Self::Integer => ShapeKind::Integer,
            Self::Timestamp => ShapeKind::Timestamp,
            Self::Boolean => ShapeKind::Boolean,
            Self::Enum(_) => ShapeKind::Enum,
            Self::List(_) => ShapeKind::List,
            Self::Map(_) => ShapeKind::Map,
            Self::Structure(_) | Self::Input(..) | Self::SdkInput(..) | Self::Output(..) => {
                ShapeKind::Structure
            }
        }
    }

    /// What a list or map holds.
    pub(super) const fn element(&self) -> Option<&'static Self> {
        match self {
            Self::List(element) | Self::Map(element) => Some(element),
            Self::Any
            | Self::String
            | Self::Integer
            | Self::Timestamp
            | Self::Boolean
            | Self::Enum(_)
            | Self::Structure(_)
            | Self::Input(..)
            | Self::SdkInput(..)
            | Self::Output(..)
            | Self::Part(..) => None,
        }
    }

    /// The values of an enumeration.
    pub(super) fn values(&self) -> Vec<String> {
        match (self, self.resolve()) {
            (Self::Enum(values), _) => values.iter().map(|value| (*value).to_owned()).collect(),
            (_, Some(shape)) => shape.values(),
            (_, None) => Vec::new(),
        }
    }
}

/// What an action of `aws-sdk` takes beside what its model says, because the SDK for Java has names of its own for it.
pub(super) fn sdk_input(service: &str, action: &str) -> Option<Shape> {
    match (service, action) {
        ("s3", "copyObject") => Some(Shape::written(&COPY_OBJECT)),
        ("s3", "uploadPartCopy") => Some(Shape::written(&UPLOAD_PART_COPY)),
        _ => None,
    }
}

const COPY_OBJECT: Written = Written::SdkInput(Api("s3", "copyObject"), COPY_FIELDS);
const UPLOAD_PART_COPY: Written = Written::SdkInput(Api("s3", "uploadPartCopy"), COPY_FIELDS);

/// Source and destination are given in one of two ways.
const COPY_FIELDS: &[Field] = &[
    optional("Bucket", Written::String),
    optional("CopySource", Written::String),
    optional("DestinationBucket", Written::String),
    optional("DestinationKey", Written::String),
    optional("Key", Written::String),
    optional("SourceBucket", Written::String),
    optional("SourceKey", Written::String),
    optional("SourceVersionId", Written::String),
];

/// The members of a structure.
pub(super) fn members(written: &'static Written) -> Vec<Member> {
    if let Written::Structure(fields) = written {
        return fields.iter().map(member).collect();
    }
    match based(written) {
        Some((shape, fields)) => merged(shape, fields),
        None => written.resolve().map(|shape| shape.members()).unwrap_or_default(),
    }
}

/// The shape in the table that this one is made of, and the members that are written for it beside those.
fn based(written: &'static Written) -> Option<(Option<Shape>, &'static [Field])> {
    match written {
        Written::Output(api, fields) => Some((api.output(), fields)),
        Written::Input(api, fields) => Some((api.input(), fields)),
        Written::SdkInput(api, fields) => Some((api.action().map(|action| action.input()), fields)),
        Written::Any
        | Written::String
        | Written::Integer
        | Written::Timestamp
        | Written::Boolean
        | Written::Enum(_)
        | Written::List(_)
        | Written::Map(_)
        | Written::Structure(_)
        | Written::Part(..) => None,
    }
}

/// The shape in the table that has the member of that name, if this one is written for it.
pub(super) fn bounded(written: &'static Written, name: &str) -> Option<Shape> {
    let Some((shape, fields)) = based(written) else { return written.resolve() };
    if fields.iter().any(|field| field.name == name) { None } else { shape }
}

fn member(field: &'static Field) -> Member {
    Member { name: field.name.to_owned(), required: field.required, shape: Shape::written(&field.shape) }
}

fn merged(shape: Option<Shape>, fields: &'static [Field]) -> Vec<Member> {
    let mut members = shape.map(|shape| shape.members()).unwrap_or_default();
    members.retain(|member| fields.iter().all(|field| field.name != member.name));
    members.extend(fields.iter().map(member));
    members.sort_by_key(|member| !member.required);
    members
}
