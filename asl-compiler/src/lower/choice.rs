//! Choice rules.

mod cases;

use super::template;
use super::work::{Lowering, lower_output, lower_parameters, lower_selection};
use crate::definition::{Choice, Comparison, Condition, Operand};
use crate::ir;
use crate::json::Text;
use crate::resolve::ScopeId;

pub(super) fn lower(choice: &Choice, scope: ScopeId, lowering: &Lowering<'_>) -> Option<ir::Choice> {
    let rules = choice.rules.iter().map(|rule| {
        Some(ir::Rule {
            condition: condition(rule.condition.as_ref()?)?,
            assign: template::assign(&rule.assign)?,
            output: lower_parameters(rule.output.as_ref())?,
            next: lowering.target(scope, rule.next.as_ref()?)?,
        })
    });
    let mut rules = rules.collect::<Option<Vec<_>>>()?;
    cases::find(&mut rules);
    Some(ir::Choice {
        input: lower_selection(&choice.input),
        output: lower_output(&choice.output)?,
        rules,
        assign: template::assign(&choice.assign)?,
        default: match &choice.default {
            Some(name) => Some(lowering.target(scope, name)?),
            None => None,
        },
        tells_rule: lowering.settings.tell_rules,
    })
}

fn condition(written: &Condition) -> Option<ir::Condition> {
    Some(match written {
        Condition::Expression(expression) => ir::Condition::Expression(template::expression(expression)?),
        Condition::Constant(constant) => ir::Condition::Constant(*constant),
        Condition::And(all) => ir::Condition::And(all.iter().map(condition).collect::<Option<_>>()?),
        Condition::Or(any) => ir::Condition::Or(any.iter().map(condition).collect::<Option<_>>()?),
        Condition::Not(inner) => ir::Condition::Not(Box::new(condition(inner)?)),
        Condition::Test { variable, comparison } => {
            ir::Condition::Test { variable: variable.lower(), test: test(comparison) }
        }
    })
}

fn test(comparison: &Comparison) -> ir::Test {
    match comparison {
        Comparison::String(relation, value) => ir::Test::String(*relation, text_operand(value)),
        Comparison::Numeric(relation, value) => ir::Test::Numeric(*relation, operand(value)),
        Comparison::Boolean(value) => ir::Test::Boolean(operand(value)),
        Comparison::Timestamp(relation, value) => ir::Test::Timestamp(*relation, operand(value)),
        Comparison::StringMatches(parts) => ir::Test::StringMatches(parts.clone()),
        Comparison::Is(property, wanted) => ir::Test::Is(*property, *wanted),
    }
}

fn text_operand(operand: &Operand<Text>) -> ir::Operand<String> {
    match operand {
        Operand::Constant(text) => ir::Operand::Constant(text.value.clone()),
        Operand::Path(path) => ir::Operand::Path(path.lower()),
    }
}

fn operand<T: Clone>(operand: &Operand<T>) -> ir::Operand<T> {
    match operand {
        Operand::Constant(constant) => ir::Operand::Constant(constant.clone()),
        Operand::Path(path) => ir::Operand::Path(path.lower()),
    }
}
