//! Paths whose context fields are known.
//!
//! In: a [`Written`] path and where it is. Out: a [`Path`]. Never looks at the state's data.

use super::{Root, Written, context};
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::vocabulary::{self, Selector};

/// A path.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The place of the whole; a string with its quotes.
    pub span: Span,
    /// The path as written.
    pub text: String,
    /// Where it starts.
    pub root: vocabulary::Root,
    /// The place of where it starts.
    pub root_span: Span,
    /// The steps from there, up to the first part that is not a step.
    pub steps: Vec<StepAt>,
    /// The rest. A reference path has none.
    pub selectors: Vec<Selector>,
}

/// A step with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepAt {
    /// Its place, with its dot or brackets.
    pub span: Span,
    /// The step.
    pub step: vocabulary::Step,
}

/// Where a path is, as far as that decides which fields of the context object it can read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PathPlace {
    /// In the `ItemSelector` of a Map, or in an iteration of an inline Map.
    pub in_map: bool,
    /// In the `ItemSelector` of a distributed Map.
    pub in_distributed_map: bool,
    /// In a Task, Parallel or Map state.
    pub retries: bool,
    /// In a Task that waits for a task token.
    pub callback: bool,
    /// In an expression that sees the result of its state.
    pub result: bool,
    /// In an expression of a catcher.
    pub error_output: bool,
}

impl Path {
    /// Whether it is `$`: all of the data.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.root == vocabulary::Root::Data && self.steps.is_empty() && self.selectors.is_empty()
    }

    /// Whether it leads to one value, and not to any number of them.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        self.selectors.iter().all(Selector::is_definite)
    }

    /// The path without its places.
    #[must_use]
    pub fn lower(&self) -> vocabulary::Path {
        vocabulary::Path {
            text: self.text.clone(),
            root: self.root.clone(),
            steps: self.ir_steps(),
            selectors: self.selectors.clone(),
        }
    }

    /// The steps without their places.
    #[must_use]
    pub fn ir_steps(&self) -> Vec<vocabulary::Step> {
        self.steps.iter().map(|step| step.step.clone()).collect()
    }
}

pub(super) fn resolve(
    path: Written,
    place: PathPlace,
    doubt: &mut Option<Diagnostic>,
) -> Result<Path, Diagnostic> {
    let mut steps = Vec::new();
    let mut segments = path.segments.into_iter();
    let mut selectors = Vec::new();
    for segment in segments.by_ref() {
        match step(segment.selector) {
            Ok(step) => steps.push(StepAt { span: segment.span, step }),
            Err(selector) => {
                selectors.push(selector);
                break;
            }
        }
    }
    selectors.extend(segments.map(|segment| segment.selector));
    let (root, steps) = match path.root {
        Root::Data => (vocabulary::Root::Data, steps),
        Root::Variable(name) => (vocabulary::Root::Variable(name), steps),
        Root::Context => {
            let (field, steps) = context::resolve(&path.text, steps, place, doubt)?;
            (vocabulary::Root::Context(field), steps)
        }
    };
    Ok(Path { span: path.span, text: path.text, root, root_span: path.root_span, steps, selectors })
}

/// The steps that parts of a path start with, and the rest.
pub(super) fn split(selectors: Vec<Selector>) -> (Vec<vocabulary::Step>, Vec<Selector>) {
    let (mut steps, mut rest) = (Vec::new(), Vec::new());
    for selector in selectors {
        match step(selector) {
            Ok(step) if rest.is_empty() => steps.push(step),
            Ok(step) => rest.push(step.into()),
            Err(selector) => rest.push(selector),
        }
    }
    (steps, rest)
}

fn step(selector: Selector) -> Result<vocabulary::Step, Selector> {
    match selector {
        Selector::Name(name) => Ok(vocabulary::Step::Name(name)),
        Selector::Index(index) => Ok(vocabulary::Step::Index(index)),
        Selector::FromEnd(offset) => Ok(vocabulary::Step::FromEnd(offset)),
        selector @ (Selector::Names(_)
        | Selector::Indexes(_)
        | Selector::Slice { .. }
        | Selector::Wildcard
        | Selector::Descendants
        | Selector::Filter(_)) => Err(selector),
    }
}
