//! The conditions of filters in paths.
//!
//! In: a filter. Out: a condition of JSONata, if each of its comparisons has one that holds for the same elements.

use super::code::{Binds, Code, step, text};
use crate::vocabulary::{Filter, FilterCondition, FilterOperand, FilterPath, FilterRelation, Step};

/// The filter as a predicate.
pub(super) fn condition(filter: &Filter) -> Option<Code> {
    let any = filter.any.iter().map(|all| {
        let all = all.iter().map(one).collect::<Option<Vec<_>>>()?;
        Some(Code::joined(&all, "and", Binds::And))
    });
    Some(Code::joined(&any.collect::<Option<Vec<_>>>()?, "or", Binds::Or))
}

fn one(condition: &FilterCondition) -> Option<Code> {
    match condition {
        FilterCondition::Exists { path, wanted: true } => {
            let path = field(path)?;
            // Without the first, what is missing is not null either.
            let exists = Code::call("$exists", std::slice::from_ref(&path));
            Some(Code::joined(&[exists, Code::compared(&path, "!=", &Code::atom("null"))], "and", Binds::And))
        }
        FilterCondition::Exists { .. } => None,
        FilterCondition::Compare {
            left: FilterOperand::Path(path),
            relation,
            right: FilterOperand::Text(literal),
        } => compared(&field(path)?, *relation, literal),
        FilterCondition::Compare { .. } => None,
    }
}

/// A literal has no type: it is compared with a number as a number, and with a text as a text.
fn compared(path: &Code, relation: FilterRelation, literal: &str) -> Option<Code> {
    let number = literal.parse::<f64>().ok().filter(|number| number.is_finite());
    let is_word = ["true", "false", "null"].contains(&literal);
    let operator = match relation {
        FilterRelation::Equals => "=",
        FilterRelation::LessThan => "<",
        FilterRelation::LessThanEquals => "<=",
        FilterRelation::GreaterThan => ">",
        FilterRelation::GreaterThanEquals => ">=",
        FilterRelation::NotEquals | FilterRelation::Matches => return None,
    };
    match (number, operator) {
        (None, "=") if is_word => None,
        (None, "=") => Some(Code::compared(path, "=", &text(literal))),
        (Some(_), "=") => {
            let texts = Code::compared(path, "=", &text(literal));
            Some(Code::joined(&[Code::compared(path, "=", &Code::atom(literal)), texts], "or", Binds::Or))
        }
        (Some(_), operator) => {
            let is_number =
                Code::compared(&Code::call("$type", std::slice::from_ref(path)), "=", &text("number"));
            Some(Code::joined(
                &[is_number, Code::compared(path, operator, &Code::atom(literal))],
                "and",
                Binds::And,
            ))
        }
        (None, _) => None,
    }
}

/// A path of names from the element.
fn field(path: &FilterPath) -> Option<Code> {
    if path.from_data || !path.selectors.is_empty() || path.steps.is_empty() {
        return None;
    }
    let names = path.steps.iter().map(|part| match part {
        Step::Name(name) => step(name),
        Step::Index(_) | Step::FromEnd(_) => None,
    });
    let names: String = names.collect::<Option<Vec<_>>>()?.concat();
    Some(Code::atom(names.trim_start_matches('.')))
}
