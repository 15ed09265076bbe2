//! Definite paths: the ones that lead to one value, and what of the full grammar can be compiled today.
//!
//! In: a [`Path`] and where it stands. Out: a [`Definite`]. This is the one place that refuses the rest; when more can be
//! compiled, it is this function that changes.

use super::{Path, Root, Selector, context};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir;
use crate::source::Span;

/// A path that leads to one value.
#[derive(Clone, Debug, PartialEq)]
pub struct Definite {
    /// The whole string, with its quotes.
    pub span: Span,
    /// The path as written.
    pub text: String,
    /// Where it starts.
    pub root: ir::Root,
    /// The way down from there.
    pub steps: Vec<StepAt>,
}

/// A step with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepAt {
    /// Its place, with its dot or brackets.
    pub span: Span,
    /// The step.
    pub step: ir::Step,
}

/// Where a path stands, as far as that decides which fields of the context object it can read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// In the `ItemSelector` of a Map or in one of its iterations.
    pub in_map: bool,
    /// In a Task, Parallel or Map state.
    pub retries: bool,
    /// In a Task that waits for a task token.
    pub callback: bool,
}

impl Definite {
    /// The path without its places.
    #[must_use]
    pub fn lower(&self) -> ir::Path {
        ir::Path { text: self.text.clone(), root: self.root, steps: self.ir_steps() }
    }

    /// The steps without their places.
    #[must_use]
    pub fn ir_steps(&self) -> Vec<ir::Step> {
        self.steps.iter().map(|step| step.step.clone()).collect()
    }
}

/// The path, if it leads to one value and can be compiled; reports each part that cannot.
pub fn definite(path: Path, place: Place, diagnostics: &mut Diagnostics) -> Option<Definite> {
    if let Root::Variable { span, name } = &path.root {
        diagnostics.push(not_yet(*span, "variables are", &format!("`${name}` is a variable")));
        return None;
    }
    let mut steps = Vec::new();
    for segment in &path.segments {
        if let Some(what) = segment.selector.indefinite() {
            diagnostics.push(not_yet(
                segment.span,
                &format!("{what} in a path is"),
                "can lead to many values",
            ));
            return None;
        }
        steps.push(StepAt { span: segment.span, step: step(&segment.selector)? });
    }
    let (root, steps) = match path.root {
        Root::Context => match context::resolve(&path.text, steps, place) {
            Ok((field, steps)) => (ir::Root::Context(field), steps),
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                return None;
            }
        },
        Root::Data | Root::Variable { .. } => (ir::Root::Data, steps),
    };
    Some(Definite { span: path.span, text: path.text, root, steps })
}

fn step(selector: &Selector) -> Option<ir::Step> {
    match selector {
        Selector::Name(name) => Some(ir::Step::Name(name.clone())),
        Selector::Index(index) => Some(ir::Step::Index(*index)),
        Selector::Names(_)
        | Selector::Indexes(_)
        | Selector::Slice { .. }
        | Selector::Wildcard
        | Selector::Descendants
        | Selector::Filter(_) => None,
    }
}

fn not_yet(span: Span, what: &str, label: &str) -> Diagnostic {
    Diagnostic::new(Code::NotSupportedYet, span, format!("{what} not supported yet")).label(label)
}
