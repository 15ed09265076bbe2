//! Conditions of choice rules: what is known where they hold, and where they do not.

use super::Shape;
use super::flow::Facts;
use super::jsonata::with_present;
use super::kind::Wanted;
use super::narrow::compared;
use super::read::{Finding, Reads};
use crate::definition::{Comparison, Condition, Operand};
use crate::path::Path;
use crate::source::Span;
use crate::vocabulary::{Number, Property, Root, Step};
use std::collections::HashSet;

/// What is known after a condition; nothing for an answer that is impossible.
#[derive(Clone, Debug, Default)]
pub(super) struct Decided {
    pub(super) holds: Option<Facts>,
    pub(super) fails: Option<Facts>,
}

impl Decided {
    fn either(facts: &Facts) -> Self {
        Self { holds: Some(facts.clone()), fails: Some(facts.clone()) }
    }
}

impl<'d> Reads<'d> {
    /// Decides a condition for what is known before it.
    pub(super) fn condition(&mut self, condition: &'d Condition, facts: &Facts) -> Decided {
        match condition {
            Condition::Expression(expression) => {
                let never_holds = self.decided(expression, Wanted::Boolean, facts);
                let after = |is| Some(with_present(expression, is, facts));
                Decided { holds: after(true).filter(|_| !never_holds), fails: after(false) }
            }
            Condition::Constant(true) => Decided { holds: Some(facts.clone()), fails: None },
            Condition::Constant(false) => Decided { holds: None, fails: Some(facts.clone()) },
            Condition::And(all) => self.all(all, facts),
            Condition::Or(any) => self.any(any, facts),
            Condition::Not(inner) => {
                let Decided { holds, fails } = self.condition(inner, facts);
                Decided { holds: fails, fails: holds }
            }
            Condition::Test { variable, comparison: Comparison::Is(Property::Present, wanted), .. } => {
                self.presence(variable, facts);
                presence(variable, *wanted, facts)
            }
            Condition::Test { variable, operator, comparison } => {
                self.test(variable, *operator, comparison, facts)
            }
        }
    }

    fn all(&mut self, conditions: &'d [Condition], facts: &Facts) -> Decided {
        let mut decided = Decided { holds: Some(facts.clone()), fails: None };
        for condition in conditions {
            let Some(before) = decided.holds else { break };
            let next = self.condition(condition, &before);
            decided = Decided { holds: next.holds, fails: join(decided.fails, next.fails) };
        }
        decided
    }

    fn any(&mut self, conditions: &'d [Condition], facts: &Facts) -> Decided {
        let known = self.findings.len();
        let mut decided = Decided { holds: None, fails: Some(facts.clone()) };
        for condition in conditions {
            let Some(before) = decided.fails else { break };
            let next = self.condition(condition, &before);
            decided = Decided { holds: join(decided.holds, next.holds), fails: next.fails };
        }
        if self.findings.len() > known {
            let variables = tested_again(conditions);
            for finding in self.findings.iter_mut().skip(known) {
                if let Finding::NeverHolds { variable, is_alternative, .. } = finding {
                    *is_alternative = variables.contains(variable.text.as_str());
                }
            }
        }
        decided
    }

    fn test(
        &mut self,
        variable: &'d Path,
        operator: Span,
        comparison: &'d Comparison,
        facts: &Facts,
    ) -> Decided {
        let value = self.path(variable, &facts.data, facts);
        let operand = comparison.operand_path().map(|path| self.path(path, &facts.data, facts));
        if !variable.selectors.is_empty() || value.is_never() {
            return Decided::either(facts);
        }
        let narrow = |holds| {
            let narrow = |value: &Shape| compared(value, comparison, operand.as_ref(), holds);
            // Without a place to write it to, only the answer counts.
            if narrow(&value).is_never() {
                return None;
            }
            let narrowed = place(variable).and_then(|place| place.with_present(facts, &narrow));
            Some(narrowed.unwrap_or_else(|| facts.clone()))
        };
        let decided = Decided { holds: narrow(true), fails: narrow(false) };
        if decided.holds.is_none() && !matches!(comparison, Comparison::Is(..)) {
            let is_alternative = false;
            self.found(Finding::NeverHolds {
                variable,
                operator,
                comparison,
                value,
                operand,
                is_alternative,
            });
        }
        decided
    }
}

/// The variables that are compared with the same word of several types: `200` and `"200"`.
fn tested_again(conditions: &[Condition]) -> HashSet<&str> {
    let mut once = HashSet::new();
    let tested = conditions.iter().filter_map(|condition| match condition {
        Condition::Test { variable, comparison, .. } => Some((variable.text.as_str(), written(comparison)?)),
        Condition::And(_)
        | Condition::Or(_)
        | Condition::Not(_)
        | Condition::Expression(_)
        | Condition::Constant(_) => None,
    });
    let again = tested.filter(|test| !once.insert(test.clone()));
    again.map(|(variable, _)| variable).collect()
}

/// What a variable is compared with, without its type.
fn written(comparison: &Comparison) -> Option<String> {
    match comparison {
        Comparison::String(_, Operand::Constant(text)) => Some(text.value.clone()),
        Comparison::Numeric(_, Operand::Constant(Number::Int(number))) => Some(number.to_string()),
        Comparison::Numeric(_, Operand::Constant(Number::Float(number))) => Some(number.to_string()),
        Comparison::Boolean(Operand::Constant(is)) => Some(is.to_string()),
        Comparison::String(..)
        | Comparison::Numeric(..)
        | Comparison::Boolean(_)
        | Comparison::Timestamp(..)
        | Comparison::StringMatches(_)
        | Comparison::Is(..) => None,
    }
}

fn presence(variable: &Path, wanted: bool, facts: &Facts) -> Decided {
    let Some(place) = place(variable).filter(|_| variable.selectors.is_empty()) else {
        return Decided::either(facts);
    };
    let present = place.with_present(facts, &Shape::clone);
    let absent = place.with_absent(facts);
    if wanted { Decided { holds: present, fails: absent } } else { Decided { holds: absent, fails: present } }
}

/// What is known on either of two ways.
pub(super) fn join(one: Option<Facts>, other: Option<Facts>) -> Option<Facts> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.join(&other)),
        (one, other) => one.or(other),
    }
}

/// A place in the data or in the variables.
struct DataPlace {
    in_variables: bool,
    steps: Vec<Step>,
}

fn place(path: &Path) -> Option<DataPlace> {
    let steps = path.ir_steps();
    match &path.root {
        Root::Data => Some(DataPlace { in_variables: false, steps }),
        Root::Variable(name) => {
            let steps = std::iter::once(Step::Name(name.clone())).chain(steps).collect();
            Some(DataPlace { in_variables: true, steps })
        }
        Root::Context(_) => None,
    }
}

impl DataPlace {
    fn with_present(&self, facts: &Facts, narrow: &dyn Fn(&Shape) -> Shape) -> Option<Facts> {
        self.changed(facts, |shape| shape.with_present(&self.steps, narrow))
    }

    fn with_absent(&self, facts: &Facts) -> Option<Facts> {
        self.changed(facts, |shape| shape.with_absent(&self.steps))
    }

    fn changed(&self, facts: &Facts, change: impl Fn(&Shape) -> Option<Shape>) -> Option<Facts> {
        let mut changed = facts.clone();
        let shape = if self.in_variables { &mut changed.variables } else { &mut changed.data };
        *shape = change(shape)?;
        Some(changed)
    }
}
