//! The Parallel state.

use super::fields::Fields;
use super::part::parts;
use super::retry::{parse_catchers, parse_retriers};
use super::state_machine::parse_scope;
use super::transition::parse_after;
use super::{After, Catcher, Reader, Retrier, Scope, Selection, Stage, Template, Written};
use crate::json::Value;

/// A Parallel state.
#[derive(Clone, Debug, PartialEq)]
pub struct Parallel<S: Stage = Written> {
    /// `InputPath`
    pub input: S::Of<Selection>,
    /// `Parameters` or `Arguments`
    pub parameters: Option<S::Of<Template>>,
    /// `Branches`
    pub branches: Vec<S::Of<Scope>>,
    /// What is done with the array of results.
    pub after: S::Of<After>,
    /// `Retry`
    pub retriers: Vec<S::Of<Retrier>>,
    /// `Catch`
    pub catchers: Vec<S::Of<Catcher>>,
}

parts!(Parallel { input, parameters, branches, after, retriers, catchers });

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Parallel {
    reader.within(
        |place| place.retries = true,
        |reader| {
            let branches = fields.filled_array("Branches", reader).unwrap_or_default();
            let owner = fields.owner().to_owned();
            let branches = branches.iter().zip(1..);
            Parallel {
                input: fields.selection("InputPath", reader),
                parameters: fields.parameters(reader),
                branches: branches
                    .filter_map(|(branch, number)| {
                        parse_branch(branch, format!("branch {number} of {owner}"), reader)
                    })
                    .collect(),
                after: parse_after(fields, reader),
                retriers: parse_retriers(fields, reader),
                catchers: parse_catchers(fields, reader),
            }
        },
    )
}

fn parse_branch(branch: &Value, owner: String, reader: &mut Reader<'_>) -> Option<Scope> {
    let start = crate::source::Span::new(branch.span.start, branch.span.start.saturating_add(1));
    let mut fields = Fields::new(branch, owner, start, reader)?;
    fields.comment(reader);
    let scope = reader.within(|place| place.retries = false, |reader| parse_scope(&mut fields, reader));
    fields.finish(&["Comment", "StartAt", "States"], reader);
    Some(scope)
}
