//! Finds the step whose context each `%` means.
//!
//! A `%` starts at level 1: it means the context of the nearest step before it. A `%` in front of it, or in the place of that step,
//! raises the level; a name or a wildcard lowers it. The step at which it gets to 0 binds its context under the label of the `%`.

use super::part::{PathPart, own};
use crate::jsonata::Fault;
use crate::jsonata::tree::{Expression, ExpressionKind, Label, Path, PathStep, StepKind};
use crate::source::Span;

/// All `%` of an expression; the label of each is its index until they are [labelled](Ancestry::label).
#[derive(Debug, Default)]
pub(super) struct Ancestry {
    slots: Vec<Slot>,
}

#[derive(Debug)]
struct Slot {
    span: Span,
    level: i64,
    label: Label,
}

impl Ancestry {
    /// Notes a `%`.
    pub(super) fn add(&mut self, span: Span) -> Label {
        let label = Label(self.slots.len());
        self.slots.push(Slot { span, level: 1, label });
        label
    }

    fn slot(&mut self, label: Label) -> Option<&mut Slot> {
        self.slots.get_mut(label.0)
    }

    fn level(&self, label: Label) -> i64 {
        self.slots.get(label.0).map_or(0, |slot| slot.level)
    }

    fn raise(&mut self, label: Label, by: i64) {
        self.slot(label).into_iter().for_each(|slot| slot.level += by);
    }

    fn fault(&self, label: Label) -> Fault {
        let span = self.slots.get(label.0).map_or(Span::default(), |slot| slot.span);
        Fault::new(
            "S0217",
            span,
            "The object representing the 'parent' cannot be derived from this expression",
        )
    }

    /// A whole expression has nothing around it where a `%` could lead.
    pub(super) fn check_resolved(&self, part: &PathPart) -> Result<(), Fault> {
        let sought = part.sought().next();
        sought.map_or(Ok(()), |label| Err(self.fault(label)))
    }

    /// Resolves the `%` in a filter of a step.
    pub(super) fn resolve_filter(&mut self, step: &mut PathStep, filter: &PathPart) -> Result<(), Fault> {
        for &label in &filter.seeking {
            if self.level(label) == 1 {
                self.seek(step, label)?;
            } else {
                self.raise(label, -1);
            }
        }
        Ok(())
    }

    /// Resolves the `%` in the last step of a path at the steps before it; what is left is sought by the path.
    pub(super) fn resolve_path(&mut self, part: &mut PathPart) -> Result<(), Fault> {
        let sought = part.last_seeking.clone();
        let Some(path) = part.path_mut() else { return Ok(()) };
        let Some((last, before)) = path.steps.split_last_mut() else { return Ok(()) };
        let own = match &last.kind {
            StepKind::Expression(expression) => own(expression),
            StepKind::Sort(_) => None,
        };
        let mut left = Vec::new();
        for label in sought.into_iter().chain(own) {
            self.seek_in_steps(before, label)?;
            left.extend((self.level(label) > 0).then_some(label));
        }
        part.seeking.extend(left);
        Ok(())
    }

    /// Goes back over the steps. Of those in a row that bind a focus, all have the context of the first.
    fn seek_in_steps(&mut self, steps: &mut [PathStep], label: Label) -> Result<(), Fault> {
        let mut steps = steps.iter_mut().rev().peekable();
        while self.level(label) > 0 {
            let Some(mut step) = steps.next() else { break };
            while step.focus.is_some()
                && let Some(before) = steps.next_if(|before| before.focus.is_some())
            {
                step = before;
            }
            self.seek(step, label)?;
        }
        Ok(())
    }

    fn seek(&mut self, step: &mut PathStep, label: Label) -> Result<(), Fault> {
        let StepKind::Expression(expression) = &mut step.kind else { return Err(self.fault(label)) };
        if matches!(expression.kind, ExpressionKind::Name(_) | ExpressionKind::Wildcard) {
            self.raise(label, -1);
            if self.level(label) == 0 {
                self.bind(step, label);
            }
            return Ok(());
        }
        step.tuple |=
            matches!(&expression.kind, ExpressionKind::Block(block) if !block.expressions.is_empty());
        self.seek_in_value(expression, label)
    }

    /// Several `%` that mean the same share a label.
    fn bind(&mut self, step: &mut PathStep, label: Label) {
        let shared = step.ancestor.and_then(|bound| self.slots.get(bound.0)).map(|slot| slot.label);
        if let (Some(shared), Some(slot)) = (shared, self.slot(label)) {
            slot.label = shared;
        }
        step.ancestor = Some(label);
        step.tuple = true;
    }

    /// Goes into the value of a block.
    fn seek_in_value(&mut self, expression: &mut Expression, label: Label) -> Result<(), Fault> {
        if let ExpressionKind::Path(path) = &mut expression.kind {
            return self.seek_in_path(path, label);
        }
        if let ExpressionKind::Block(block) = &mut expression.kind {
            let last = block.expressions.last_mut();
            return last.map_or(Ok(()), |last| self.seek_in_value(last, label));
        }
        let is_parent = matches!(expression.kind, ExpressionKind::Parent(_));
        // A wildcard binds nothing there, because only steps bind.
        if !is_parent && !matches!(expression.kind, ExpressionKind::Wildcard) {
            return Err(self.fault(label));
        }
        self.raise(label, if is_parent { 1 } else { -1 });
        Ok(())
    }

    fn seek_in_path(&mut self, path: &mut Path, label: Label) -> Result<(), Fault> {
        path.tuple = true;
        let Some((last, before)) = path.steps.split_last_mut() else { return Ok(()) };
        self.seek(last, label)?;
        for step in before.iter_mut().rev() {
            if self.level(label) <= 0 {
                break;
            }
            self.seek(step, label)?;
        }
        Ok(())
    }

    /// Gives every `%`, and every step that binds for one, its final label.
    pub(super) fn label(&self, expression: &mut Expression) {
        if self.slots.iter().enumerate().all(|(index, slot)| slot.label.0 == index) {
            return;
        }
        let relabel = |label: &mut Label| {
            if let Some(slot) = self.slots.get(label.0) {
                *label = slot.label;
            }
        };
        if let ExpressionKind::Parent(label) = &mut expression.kind {
            relabel(label);
        }
        if let ExpressionKind::Path(path) = &mut expression.kind {
            path.steps.iter_mut().filter_map(|step| step.ancestor.as_mut()).for_each(relabel);
        }
        for child in expression.children_mut() {
            self.label(child);
        }
    }
}
