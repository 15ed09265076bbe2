//! Paths, and the filters in them.

use super::ContextField;

/// A path.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The path as written, for error texts.
    pub text: String,
    /// Where it starts.
    pub root: Root,
    /// The steps from there, up to the first part that is not a step.
    pub steps: Vec<Step>,
    /// The rest. Where a part of it can lead to any number of values, the value of the path is the array of all that it leads to.
    pub selectors: Vec<Selector>,
}

impl Path {
    /// Whether it leads to one value, and not to any number of them.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        self.selectors.iter().all(Selector::is_definite)
    }
}

/// Where a path starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`: the data the field sees.
    Data,
    /// `$$`: a field of the context object. [`Path::steps`] holds what comes after the deepest field known.
    Context(ContextField),
    /// `$name`: a variable, by its name without the `$`.
    Variable(String),
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name` or `['name']`
    Name(String),
    /// `[0]`. No array has a negative one.
    Index(i64),
    /// `[(@.length-1)]`: what is added to the length of the array.
    FromEnd(i64),
}

/// One part of a path. It is applied to each of the values that the parts before it led to.
#[derive(Clone, Debug, PartialEq)]
pub enum Selector {
    /// `.name` or `['name']`
    Name(String),
    /// `['a','b']`: an object of those fields that are there.
    Names(Vec<String>),
    /// `[0]`. No array has a negative one.
    Index(i64),
    /// `[(@.length-1)]`: what is added to the length of the array.
    FromEnd(i64),
    /// `[0,2]`
    Indexes(Vec<i64>),
    /// `[1:]`, `[:3]`, `[1:3]`; at least one of the two is there.
    Slice {
        /// The first index. Without an end, a negative one counts from the end.
        start: Option<i64>,
        /// The index after the last. Without a start, a negative one counts from the end.
        end: Option<i64>,
    },
    /// `.*` or `[*]`: all elements, or the values of all fields.
    Wildcard,
    /// The second dot of `..`: the value itself and everything in it, at every depth, as far as the part after it can be applied.
    Descendants,
    /// `[?(...)]`: the elements for which it holds; an object is tested itself.
    Filter(Filter),
}

impl Selector {
    /// Whether it leads to one value.
    #[must_use]
    pub const fn is_definite(&self) -> bool {
        match self {
            Self::Name(_) | Self::Names(_) | Self::Index(_) | Self::FromEnd(_) => true,
            Self::Indexes(_) | Self::Slice { .. } | Self::Wildcard | Self::Descendants | Self::Filter(_) => {
                false
            }
        }
    }
}

impl From<Step> for Selector {
    fn from(step: Step) -> Self {
        match step {
            Step::Name(name) => Self::Name(name),
            Step::Index(index) => Self::Index(index),
            Step::FromEnd(offset) => Self::FromEnd(offset),
        }
    }
}

/// The condition of a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// It holds where all conditions of any of these hold. They are in the order in which they are tested.
    pub any: Vec<Vec<FilterCondition>>,
}

/// One condition of a filter.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterCondition {
    /// A path alone.
    Exists {
        /// The path; it starts at the value that is tested, whatever is written.
        path: FilterPath,
        /// Whether it has to lead to something other than null, or must not.
        wanted: bool,
    },
    /// A comparison.
    Compare {
        /// The left-hand side.
        left: FilterOperand,
        /// How they are compared.
        relation: FilterRelation,
        /// The right-hand side.
        right: FilterOperand,
    },
}

/// How the sides of a filter's comparison are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterRelation {
    /// `==`
    Equals,
    /// `!=`
    NotEquals,
    /// `<`
    LessThan,
    /// `<=`
    LessThanEquals,
    /// `>`
    GreaterThan,
    /// `>=`
    GreaterThanEquals,
    /// `=~`
    Matches,
}

/// A side of a filter's comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum FilterOperand {
    /// A literal. It has no type.
    Text(String),
    /// A regular expression.
    Pattern(FilterPattern),
    /// A path.
    Path(FilterPath),
}

/// A regular expression that a whole text has to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterPattern {
    /// What is between the slashes.
    pub source: String,
    /// There is an `i` after them.
    pub ignore_case: bool,
}

/// A path in a filter, to one value.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterPath {
    /// It starts at `$`, where the whole path starts, and not at `@`, the value that is tested.
    pub from_data: bool,
    /// The steps from there, up to the first part that is not a step.
    pub steps: Vec<Step>,
    /// The rest, which is none in almost every path.
    pub selectors: Vec<Selector>,
}
