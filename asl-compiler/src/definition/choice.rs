//! The Choice state and its rules.

mod condition;
mod operator;

pub(super) use self::operator::is_operator;
use super::fields::{Fields, paths};
use super::part::{Part, parts};
use super::{
    Expression, Found, Member, Names, Output, Reader, Reported, Selection, Stage, StateName, Template,
    Written, assign,
};
use crate::checked;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::{self, Kind, Value};
use crate::path::Path;
use crate::source::Span;
#[cfg(feature = "inspect")]
pub(crate) use operator::names as operators;
pub(crate) use operator::{Comparison, Operand};

/// A Choice state.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<S: Stage = Written> {
    /// `InputPath`
    pub input: S::Of<Selection>,
    /// `OutputPath`, or `Output`, which in JSONata counts where `Default` is taken.
    pub output: S::Of<Output>,
    /// `Choices`, in order.
    pub rules: Vec<S::Of<ChoiceRule>>,
    /// `Assign` of the state, which counts where `Default` is taken.
    pub assign: Vec<S::Of<Member>>,
    /// `Default`
    pub default: Option<S::Of<StateName>>,
}

parts!(Choice { input, rules, assign, output, default });

/// How many comparisons a rule may have, those inside of `And`, `Or` and `Not` all together.
const TESTS_LIMIT: usize = 1000;

/// A top-level choice rule.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceRule {
    /// What has to hold; absent if that was reported.
    pub condition: Option<Condition>,
    /// What is looked up all the same where only the operand was reported.
    pub variable: Option<Path>,
    /// `Assign`
    pub assign: Vec<Member>,
    /// `Output`
    pub output: Option<Template>,
    /// `Next`; absent if that was reported.
    pub next: Option<StateName>,
}

/// A Boolean expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `Condition`, an expression.
    Expression(Expression),
    /// `Condition`, `true` or `false`.
    Constant(bool),
    /// `And`
    And(Vec<Condition>),
    /// `Or`
    Or(Vec<Condition>),
    /// `Not`
    Not(Box<Condition>),
    /// A comparison of the value at `Variable`.
    Test {
        /// `Variable`
        variable: Box<Path>,
        /// The name of the operator.
        operator: Span,
        /// The operator with its operand.
        comparison: Comparison,
    },
}

impl Condition {
    /// How many comparisons are in it.
    fn tests(&self) -> usize {
        match self {
            Self::Expression(_) | Self::Constant(_) | Self::Test { .. } => 1,
            Self::And(conditions) | Self::Or(conditions) => conditions.iter().map(Self::tests).sum(),
            Self::Not(condition) => condition.tests(),
        }
    }
}

impl Part for ChoiceRule {
    type Checked = checked::Rule;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        let Self { condition, variable: _, assign, output, next: _ } = self;
        condition.find(found);
        assign.find(found);
        output.find(found);
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Rule, Reported> {
        Ok(checked::Rule {
            condition: self.condition.as_ref().ok_or(Reported)?.checked(names)?,
            assign: self.assign.checked(names)?,
            output: self.output.checked(names)?,
            next: self.next.as_ref().ok_or(Reported)?.checked(names)?,
        })
    }
}

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Choice {
    let owner = fields.owner().to_owned();
    let rules = fields.filled_array("Choices", reader).unwrap_or_default().iter().enumerate();
    let rules = rules.filter_map(|(index, rule)| {
        let owner = format!("choice rule {} of {owner}", index + 1);
        reader.at("Choices", |reader| reader.at_index(index, |reader| parse_rule(rule, owner, reader)))
    });
    let rules = rules.collect();
    Choice {
        input: fields.selection("InputPath", reader),
        output: fields.output(reader),
        rules,
        assign: assign::parse(fields, reader),
        default: fields.text("Default", reader).map(StateName::from),
    }
}

fn parse_rule(value: &Value, owner: String, reader: &mut Reader<'_>) -> Option<ChoiceRule> {
    let mut fields = Fields::new(value, owner, opening(value), reader)?;
    fields.comment(reader);
    let next = parse_next(&mut fields, reader);
    let assign = assign::parse(&mut fields, reader);
    let mut variable = None;
    let (condition, output, known) = if reader.jsonata {
        let is_other = fields.of_other_language(&condition_fields(), reader);
        let condition = reader.aside(|reader| parse_jsonata_condition(&mut fields, is_other, reader));
        let output = fields.template("Output", reader);
        (condition, output, vec!["Assign", "Comment", "Condition", "Next", "Output"])
    } else {
        // Without its condition, a rule may or may not be taken.
        let condition = reader.aside(|reader| parse_condition(&mut fields, reader));
        if condition.is_none() {
            variable = parse_variable(&mut fields, reader);
        }
        check_size(condition.as_ref(), &fields, reader);
        fields.of_other_language(&["Output", "Condition"], reader);
        let known = ["Assign", "Comment", "Next"].into_iter().chain(condition_fields());
        (condition, None, known.collect())
    };
    fields.finish(&known, reader);
    Some(ChoiceRule { condition, variable, assign, output, next })
}

/// The `Variable` of a comparison with something that was reported, unless it asks whether there is such a value.
fn parse_variable(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Path> {
    let operators = fields.members_where(is_operator);
    let [operator] = operators.as_slice() else { return None };
    let text = fields.text("Variable", reader).filter(|_| operator.key.value != "IsPresent")?;
    paths::path("Variable", text, reader)
}

/// `Next`, which every rule has; `End` is a field of other states.
fn parse_next(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<StateName> {
    let Some(member) = fields.member("End") else {
        return fields.required_text("Next", reader).map(StateName::from);
    };
    let message = format!("{} cannot end the execution", fields.owner());
    reader.report(
        Diagnostic::new(Code::UnknownField, member.key.span, message)
            .label("a choice rule has only `Next`")
            .help("let `Next` lead to a Succeed state"),
    );
    fields.text("Next", reader).map(StateName::from)
}

/// What is joined to one condition becomes one expression of Rust.
fn check_size(condition: Option<&Condition>, fields: &Fields<'_>, reader: &mut Reader<'_>) {
    let tests = condition.map_or(0, Condition::tests);
    if tests > TESTS_LIMIT {
        let message = format!("{} has {tests} comparisons, more than {TESTS_LIMIT}", fields.owner());
        reader.report(
            Diagnostic::new(Code::TooManyParts, fields.span(), message)
                .help("pass an array of what is wanted, and look in it with `States.ArrayContains` or a JSONata expression"),
        );
    }
}

/// `Condition`: an expression, or `true` or `false`. `is_other` where there is a condition of JSONPath, which was reported.
fn parse_jsonata_condition(
    fields: &mut Fields<'_>,
    is_other: bool,
    reader: &mut Reader<'_>,
) -> Option<Condition> {
    if let Some(expression) = fields.expression("Condition", reader) {
        return Some(Condition::Expression(expression));
    }
    let value = if is_other { fields.value("Condition") } else { fields.required("Condition", reader) }?;
    match value.as_bool() {
        Some(constant) => Some(Condition::Constant(constant)),
        None => fields.wrong_type("Condition", value, "an expression, `true` or `false`", reader),
    }
}

/// A rule inside of `And`, `Or` or `Not`.
fn parse_nested(value: &Value, owner: &str, reader: &mut Reader<'_>) -> Option<Condition> {
    let mut fields = Fields::new(value, owner, opening(value), reader)?;
    fields.comment(reader);
    let condition = parse_condition(&mut fields, reader);
    if let Some(member) = fields.member("Next") {
        let message = format!("{owner} is inside of another rule and cannot have `Next`");
        let diagnostic = Diagnostic::new(Code::UnknownField, member.key.span, message);
        reader.report(diagnostic.label("only the outermost rule leads to a state"));
    }
    let mut known = condition_fields();
    known.push("Comment");
    fields.finish(&known, reader);
    condition
}

fn parse_condition(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Condition> {
    let combinators = fields.members_where(|name| ["And", "Or", "Not"].contains(&name));
    let operators = fields.members_where(is_operator);
    let variable = fields.has("Variable");
    let mut present = combinators.iter().chain(&operators);
    let (Some(first), second) = (present.next(), present.next()) else {
        // A misspelt operator is reported as such, and so is what was meant to be one.
        let is_other = |name: &str| !NO_COMPARISONS.contains(&name);
        let has_other = variable && fields.has_where(is_other);
        if !fields.has("Condition") && !has_other && !fields.has_misspelt(operators_and_combinators()) {
            report_no_comparison(fields, variable, reader);
        }
        fields.member("Variable");
        return None;
    };
    if let Some(second) = second {
        report_exclusive(fields, first, second, reader);
        fields.member("Variable");
        return None;
    }
    if combinators.is_empty() {
        parse_test(fields, first, reader)
    } else {
        parse_combinator(fields, first, reader)
    }
}

/// The fields of rules that compare nothing.
const NO_COMPARISONS: [&str; 6] = ["Assign", "Comment", "Condition", "Next", "Output", "Variable"];

fn report_no_comparison(fields: &Fields<'_>, variable: bool, reader: &mut Reader<'_>) {
    let (message, label) = if variable {
        (
            format!("{} compares its `Variable` with nothing", fields.owner()),
            "expected an operator, such as `StringEquals`",
        )
    } else {
        (
            format!("{} has no condition", fields.owner()),
            "expected `Variable` with an operator, or `And`, `Or`, `Not`",
        )
    };
    reader.report(Diagnostic::new(Code::MissingField, fields.span(), message).label(label));
}

fn parse_test(
    fields: &mut Fields<'_>,
    operator: &json::Member,
    reader: &mut Reader<'_>,
) -> Option<Condition> {
    let variable = fields.required_text("Variable", reader);
    let variable = variable.and_then(|text| paths::path("Variable", text, reader));
    let comparison = operator::parse(operator, fields, reader);
    let operator = operator.key.span;
    Some(Condition::Test { variable: Box::new(variable?), operator, comparison: comparison? })
}

fn parse_combinator(
    fields: &mut Fields<'_>,
    member: &json::Member,
    reader: &mut Reader<'_>,
) -> Option<Condition> {
    if let Some(variable) = fields.member("Variable") {
        report_exclusive(fields, member, variable, reader);
    }
    let owner = fields.owner().to_owned();
    let name = member.key.value.as_str();
    if name == "Not" {
        let is_rule = matches!(member.value.kind, Kind::Object(_));
        let owner = if is_rule { owner } else { format!("`Not` of {owner}") };
        return parse_nested(&member.value, &owner, reader)
            .map(|condition| Condition::Not(Box::new(condition)));
    }
    let Kind::Array(values) = &member.value.kind else {
        return fields.wrong_type(name, &member.value, "an array of rules", reader);
    };
    if values.is_empty() {
        let message = format!("`{name}` of {owner} is empty");
        let diagnostic = Diagnostic::new(Code::InvalidValue, member.value.span, message);
        reader.report(diagnostic.label("expected at least one rule"));
        return None;
    }
    // All of them are read before the first that is at fault counts, so that every fault is reported.
    let conditions: Vec<_> = values.iter().map(|value| parse_nested(value, &owner, reader)).collect();
    let conditions: Vec<_> = conditions.into_iter().collect::<Option<_>>()?;
    Some(if name == "And" { Condition::And(conditions) } else { Condition::Or(conditions) })
}

fn report_exclusive(
    fields: &Fields<'_>,
    first: &json::Member,
    second: &json::Member,
    reader: &mut Reader<'_>,
) {
    let (first, second) = if first.key.span < second.key.span { (first, second) } else { (second, first) };
    let message = format!("{} has both `{}` and `{}`", fields.owner(), first.key.value, second.key.value);
    reader.report(
        Diagnostic::new(Code::ExclusiveFields, second.key.span, message)
            .label("a rule has one comparison, or one of `And`, `Or` and `Not`")
            .related(first.key.span, "the other is here"),
    );
}

fn operators_and_combinators() -> impl Iterator<Item = &'static str> + Clone {
    operator::names().chain(["And", "Not", "Or"])
}

fn condition_fields() -> Vec<&'static str> {
    operators_and_combinators().chain(["Variable"]).collect()
}

const fn opening(value: &Value) -> Span {
    Span::new(value.span.start, value.span.start.saturating_add(1))
}
