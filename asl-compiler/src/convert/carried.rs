//! Data that states only carry along, for others that come later.
//!
//! In: what each state reads, and what it does with the data on each way out, noted while states are converted ([`Flow`]). Out: which fields of the data
//! are variables where a state is entered ([`Plan`]). The data of JSONPath is then that input with these fields in it, wherever it is needed whole.

mod plan;
mod spread;

pub(super) use plan::{Entry, Plan};

use crate::json::{Member, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What states read and pass on.
#[derive(Debug, Default)]
pub(super) struct Flow {
    /// By their names, which are unique in a definition.
    pub(super) states: BTreeMap<String, Noted>,
    pub(super) scopes: Vec<Scope>,
}

/// The states of a machine, a branch or an item processor.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) kind: ScopeKind,
    /// The number of the one around it.
    pub(super) parent: Option<usize>,
    /// The state that it starts at.
    pub(super) start: String,
}

/// Whose states they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScopeKind {
    Machine,
    Branch,
    Processor {
        /// What an iteration gets is not the item, but made of it.
        is_selected: bool,
    },
}

/// What one state does.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// The number of its scope.
    pub(super) scope: usize,
    /// It is not converted here, so that its data has to be as it is in JSONPath.
    pub(super) is_opaque: bool,
    /// The fields of its data that it reads.
    pub(super) reads: BTreeSet<String>,
    /// It needs all of its data at once.
    pub(super) reads_whole: bool,
    pub(super) exits: Vec<Exit>,
}

/// A way out of a state, or into the states inside of it.
#[derive(Clone, Debug)]
pub(super) struct Exit {
    /// The next state. Without one, the output is that of the machine, the branch or the iteration.
    pub(super) to: Option<String>,
    /// What comes out is the data of the state with this change.
    pub(super) change: Change,
    pub(super) kind: ExitKind,
}

/// What passes data on, if nothing is said about the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExitKind {
    /// The input is the output.
    OfInput,
    /// Something else is, such as the result.
    OfResult,
    /// It leads into the states inside.
    Call,
}

/// What becomes of the data of a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It stays as it is.
    Kept,
    /// A field has a new value.
    Set(String),
    /// Something inside of a field has a new value.
    Within(String),
    /// Another object takes its place, in which these fields are copies of those with the same name.
    Copied(BTreeSet<String>),
    /// Something else takes its place.
    Replaced,
}

/// The variables that a definition has already, in whatever states.
pub(super) fn assigned(definition: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut open = vec![definition];
    while let Some(value) = open.pop() {
        for member in value.as_object().unwrap_or_default() {
            if member.name() == "Assign" {
                let names_here = member.value.as_object().unwrap_or_default().iter().map(Member::name);
                names.extend(names_here.map(|name| name.strip_suffix(".$").unwrap_or(name).to_owned()));
            }
            open.push(&member.value);
        }
        open.extend(value.as_array().unwrap_or_default());
    }
    names
}

impl Flow {
    /// Whether a scope is another one or inside of it.
    pub(super) fn is_within(&self, scope: usize, outer: usize) -> bool {
        let parent = |scope: &usize| self.scopes.get(*scope).and_then(|scope| scope.parent);
        std::iter::successors(Some(scope), parent).any(|scope| scope == outer)
    }

    /// All ways to another state, each with the name of the state that it comes from.
    fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        self.states.iter().flat_map(|(from, noted)| {
            noted.exits.iter().filter_map(move |exit| Some(Edge { from, exit, to: exit.to.as_deref()? }))
        })
    }
}

/// A way from one state to another.
#[derive(Clone, Copy, Debug)]
struct Edge<'f> {
    from: &'f str,
    exit: &'f Exit,
    to: &'f str,
}
