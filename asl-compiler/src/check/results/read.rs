//! What fields read from data of which something is known: paths, templates, selections, conditions.

use super::is_followed;
use super::known::{Known, Missing};
use crate::definition::{Comparison, Condition, Member, Output, ResultPath, Selection, Template};
use crate::intrinsic::Call;
use crate::ir::Property;
use crate::path::Path;

/// A path that must lead nowhere.
#[derive(Debug)]
pub(super) struct Miss<'d> {
    pub(super) path: &'d Path,
    pub(super) missing: Missing,
}

/// Collects the paths that lead nowhere.
#[derive(Debug, Default)]
pub(super) struct Reads<'d> {
    pub(super) misses: Vec<Miss<'d>>,
}

impl<'d> Reads<'d> {
    /// A path; what is known about the value there.
    pub(super) fn path(&mut self, path: &'d Path, known: &Known) -> Known {
        if !is_followed(path) {
            return Known::default();
        }
        if let Some(missing) = known.missing(&path.steps) {
            self.misses.push(Miss { path, missing });
        }
        known.below(&path.steps)
    }

    /// `InputPath` or `OutputPath`.
    pub(super) fn selection(&mut self, selection: &'d Selection, known: &Known) -> Known {
        match selection {
            Selection::Whole => known.clone(),
            Selection::Nothing => Known::default(),
            Selection::Path(path) => self.path(path, known),
        }
    }

    /// `OutputPath` or `Output`; of what expressions give nothing is known.
    pub(super) fn output(&mut self, output: &'d Output, known: &Known) -> Known {
        match output {
            Output::Selection(selection) => self.selection(selection, known),
            Output::Template(_) => Known::default(),
        }
    }

    /// A template, if there is one; without it the data stays as it is.
    pub(super) fn template(&mut self, template: Option<&'d Template>, known: &Known) -> Known {
        template.map_or_else(|| known.clone(), |template| self.built(template, known))
    }

    /// What is known about what a template builds.
    fn built(&mut self, template: &'d Template, known: &Known) -> Known {
        match template {
            Template::Path { path, .. } => self.path(path, known),
            Template::Intrinsic { call, .. } => {
                self.call(call, known);
                Known::default()
            }
            Template::Object(_, members) => {
                let mut built = Known::default();
                for member in members {
                    let value = self.built(&member.value, known);
                    built.add(&[member.name().to_owned()], value);
                }
                built
            }
            Template::Array(_, elements) => {
                for element in elements {
                    self.built(element, known);
                }
                Known::default()
            }
            Template::Constant(_) | Template::Expression(_) | Template::Invalid(_) => Known::default(),
        }
    }

    /// A call of an intrinsic function, of whose value nothing is known.
    pub(super) fn call(&mut self, call: &'d Call, known: &Known) {
        let mut paths = Vec::new();
        call.paths(&mut paths);
        for path in paths {
            self.path(path, known);
        }
    }

    /// `Assign`; nothing is known about variables.
    pub(super) fn assign(&mut self, variables: &'d [Member], known: &Known) {
        for variable in variables {
            self.built(&variable.value, known);
        }
    }

    /// A condition; its value where that is known.
    pub(super) fn condition(&mut self, condition: &'d Condition, known: &Known) -> Option<bool> {
        match condition {
            Condition::Expression(_) => None,
            Condition::Constant(constant) => Some(*constant),
            Condition::And(all) => self.until(false, all, known),
            Condition::Or(any) => self.until(true, any, known),
            Condition::Not(inner) => self.condition(inner, known).map(|holds| !holds),
            Condition::Test { variable, comparison: Comparison::Is(Property::Present, wanted) } => {
                let missing = is_followed(variable) && known.missing(&variable.steps).is_some();
                missing.then_some(!wanted)
            }
            Condition::Test { variable, comparison } => {
                self.path(variable, known);
                if let Some(operand) = comparison.operand_path() {
                    self.path(operand, known);
                }
                None
            }
        }
    }

    /// Conditions in order, up to the first that must have the value `decisive`.
    fn until(&mut self, decisive: bool, conditions: &'d [Condition], known: &Known) -> Option<bool> {
        let mut all_known = true;
        for condition in conditions {
            match self.condition(condition, known) {
                Some(value) if value == decisive => return Some(decisive),
                Some(_) => {}
                None => all_known = false,
            }
        }
        all_known.then_some(!decisive)
    }
}

/// What is known after a result was put where `ResultPath` says.
pub(super) fn place(path: &ResultPath, raw: &Known, result: Known) -> Known {
    match path {
        ResultPath::Replace => result,
        ResultPath::Discard => raw.clone(),
        ResultPath::At(path) => raw.clone().with(&path.steps, result),
    }
}
