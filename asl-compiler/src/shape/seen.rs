//! What the templates of a task give, for what is known where its state is entered.

use super::flow::Facts;
use super::read::Reads;
use super::{Shape, Solution};
use crate::definition::{Task, Template};
use crate::vocabulary::StateId;

/// What the parameters of a task are made of.
#[derive(Debug)]
pub(crate) struct Seen {
    data: Shape,
    facts: Facts,
}

impl Seen {
    /// What a template yields.
    pub(crate) fn shape(&self, template: &Template) -> Shape {
        Reads::default().built(template, &self.data, &self.facts)
    }
}

impl Solution {
    /// What the parameters of a task see.
    pub(crate) fn seen(&self, id: StateId, task: &Task) -> Seen {
        let facts = self.entry(id).cloned().unwrap_or_else(|| Facts::at_start(&Shape::UNKNOWN));
        let data = Reads::default().selection(&task.input, &facts.data, &facts);
        Seen { data, facts }
    }
}
