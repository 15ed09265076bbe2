//! What an expression asks about variables: whether they have a value.
//!
//! In: the [tree](super::tree). Out: names. Never knows which variables there are.

use super::tree::{Binary, Expression, ExpressionKind, Operator, StepKind, Yields};
use std::collections::BTreeSet;

/// Functions that are there to look what is there.
const ASKING: [&str; 4] = ["exists", "boolean", "not", "type"];

/// Functions that take what they get as it is, and nothing for nothing.
const TAKING: [&str; 3] = ["count", "append", "merge"];

/// Whether a function of that name does not mind being given nothing.
pub(crate) fn takes_nothing(function: &str) -> bool {
    ASKING.contains(&function) || TAKING.contains(&function)
}

/// The variables that the expression asks about somewhere: in conditions, in comparisons for equality, and in functions that take what
/// is nothing.
pub(crate) fn asked(expression: &Expression) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    collect(expression, false, Questions { through: true, taking: true }, &mut found);
    found
}

/// The variables that the expression asks about themselves, and not about what is calculated with them: `$exists($page)` asks about
/// `$page`, and `$page > 5 and $more` does not. `or_takes` is whether functions that take nothing ask about what they are given.
pub(crate) fn asked_itself(expression: &Expression, or_takes: bool) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    collect(expression, false, Questions { through: false, taking: or_takes }, &mut found);
    found
}

/// What counts as a question.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Questions {
    /// What is about a value that is calculated with.
    through: bool,
    /// Giving a value to a function that takes nothing.
    taking: bool,
}

fn collect<'e>(expression: &'e Expression, asks: bool, questions: Questions, found: &mut BTreeSet<&'e str>) {
    if asks {
        found.extend(name(expression));
    }
    let condition = if let ExpressionKind::Condition(condition) = &expression.kind {
        Some(&*condition.condition)
    } else {
        None
    };
    let goes_on = questions.through || !calculates(&expression.kind);
    let asks = (asks && goes_on) || asks_itself(&expression.kind, questions);
    for child in expression.children() {
        let is_condition = condition.is_some_and(|condition| std::ptr::eq(condition, child));
        collect(child, asks || is_condition, questions, found);
    }
}

/// The variables that are compared for equality, and not asked about in any other way: where nothing has assigned one of them, the answer is
/// known before the question.
pub(crate) fn compared(expression: &Expression) -> BTreeSet<&str> {
    let (mut compared, mut asked) = (BTreeSet::new(), BTreeSet::new());
    collect_compared(expression, &mut compared, &mut asked);
    &compared - &asked
}

fn collect_compared<'e>(
    expression: &'e Expression,
    compared: &mut BTreeSet<&'e str>,
    asked: &mut BTreeSet<&'e str>,
) {
    let kind = &expression.kind;
    let is_equality = matches!(kind, ExpressionKind::Binary(binary)
        if matches!(binary.operator, Operator::Equal | Operator::NotEqual | Operator::In));
    if let ExpressionKind::Condition(condition) = kind {
        asked.extend(name(&condition.condition));
    }
    let asks = asks_itself(kind, Questions { through: true, taking: true });
    for child in expression.children() {
        match name(child) {
            Some(name) if is_equality => compared.extend([name]),
            Some(name) if asks => asked.extend([name]),
            _ => collect_compared(child, compared, asked),
        }
    }
}

fn asks_itself(kind: &ExpressionKind, questions: Questions) -> bool {
    if let ExpressionKind::Binary(binary) = kind {
        return matches!(
            binary.operator,
            Operator::Equal | Operator::NotEqual | Operator::In | Operator::And | Operator::Or
        );
    }
    let ExpressionKind::Call(call) = kind else { return false };
    name(&call.procedure)
        .is_some_and(|name| ASKING.contains(&name) || (questions.taking && TAKING.contains(&name)))
}

fn calculates(kind: &ExpressionKind) -> bool {
    let ExpressionKind::Binary(binary) = kind else { return false };
    binary.operator.is_order() || !matches!(binary.operator.yields(), Yields::Boolean)
}

fn name(expression: &Expression) -> Option<&str> {
    if let ExpressionKind::Variable(name) = &expression.kind { Some(name) } else { None }
}

/// Whether the answer to a question may differ from one time to the next: it reads something, or calls a function.
pub(crate) fn depends_on_data(question: &Expression) -> bool {
    let reads = matches!(
        question.kind,
        ExpressionKind::Variable(_)
            | ExpressionKind::Name(_)
            | ExpressionKind::Wildcard
            | ExpressionKind::Descendants
            | ExpressionKind::Parent(_)
    );
    reads || question.children().into_iter().any(depends_on_data)
}

/// The variables that certainly have a value where the expression is `true`, or where it is `false`.
pub(crate) fn present(expression: &Expression, is: bool) -> BTreeSet<&str> {
    if let ExpressionKind::Block(block) = &expression.kind
        && let [only] = block.expressions.as_slice()
    {
        return present(only, is);
    }
    if let ExpressionKind::Call(call) = &expression.kind {
        return match (name(&call.procedure), call.arguments.as_slice()) {
            (Some("not"), [argument]) => present(argument, !is),
            (Some("exists" | "boolean"), [argument]) if is => start(argument).into_iter().collect(),
            _ => BTreeSet::new(),
        };
    }
    if let ExpressionKind::Binary(binary) = &expression.kind {
        return present_in(binary, is);
    }
    start(expression).into_iter().collect()
}

fn present_in(binary: &Binary, is: bool) -> BTreeSet<&str> {
    let [left, right] = &*binary.sides;
    if binary.operator.is_order() {
        // It is not even false with a side that is nothing.
        return start(left).into_iter().chain(start(right)).collect();
    }
    match (binary.operator, is) {
        (Operator::And, true) | (Operator::Or, false) => &present(left, is) | &present(right, is),
        (Operator::And, false) | (Operator::Or, true) => &present(left, is) & &present(right, is),
        // With a side that is nothing none of these holds.
        (Operator::Equal | Operator::NotEqual | Operator::In, true) => {
            start(left).into_iter().chain(start(right)).collect()
        }
        _ => BTreeSet::new(),
    }
}

/// The variable that an expression is, or is a part of.
fn start(expression: &Expression) -> Option<&str> {
    if let ExpressionKind::Path(path) = &expression.kind
        && let StepKind::Expression(first) = &path.steps.first()?.kind
    {
        return start(first);
    }
    name(expression)
}
