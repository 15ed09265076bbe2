//! In a state an expression has no data of its own: fields, `$` and `$$` at the top mean nothing there.

use super::names::is_function_somewhere;
use super::{Finding, FindingKind};
use crate::diagnostic::Severity;
use crate::jsonata::tree::{Expression, ExpressionKind, FunctionCall, Path, Stage, StepKind};

/// Reports what AWS refuses at creation.
pub(super) fn check(expression: &Expression, findings: &mut Vec<Finding>) {
    visit(expression, Context::None, findings);
}

/// What the context of an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    /// Nothing.
    None,
    /// Nothing, in a function, where AWS refuses names (recorded), and `$` perhaps.
    Function,
    /// An item of something.
    Item,
}

fn visit(expression: &Expression, context: Context, findings: &mut Vec<Finding>) {
    if let ExpressionKind::Variable(name) = &expression.kind {
        findings.extend(check_variable(name, expression, context));
    }
    if let ExpressionKind::Path(path) = &expression.kind {
        visit_path(path, context, findings);
    } else if let ExpressionKind::Name(name) = &expression.kind {
        let instead = match name.as_str() {
            "states" => "`$states`".to_owned(),
            "input" | "result" | "errorOutput" | "context" => format!("`$states.{name}`"),
            name => format!("`$states.input.{name}`"),
        };
        findings.extend(refuse(expression, context, name, &instead).map(Finding::into_error));
    } else if let ExpressionKind::Call(call) = &expression.kind
        && called_field(call)
    {
        visit_all(call.arguments.iter(), context, findings);
    } else {
        let inner = inside(expression, context);
        visit_all(of_kind(expression), inner, findings);
    }
    visit_all(expression.predicates.iter(), Context::Item, findings);
    let pairs = expression.group.iter().flat_map(|group| &group.pairs);
    visit_all(pairs.flat_map(|pair| [&pair.key, &pair.value]), Context::Item, findings);
}

/// Whether a call is of a field that was already reported as not a function.
fn called_field(call: &FunctionCall) -> bool {
    let is_reported =
        |kind: &ExpressionKind| matches!(kind, ExpressionKind::Name(name) if is_function_somewhere(name));
    is_reported(&call.procedure.kind)
        || matches!(&call.procedure.kind, ExpressionKind::Path(path)
            if matches!(path.steps.as_slice(), [step]
                if matches!(&step.kind, StepKind::Expression(name) if is_reported(&name.kind))))
}

/// The context of what is directly in an expression.
fn inside(expression: &Expression, context: Context) -> Context {
    let is_function = matches!(expression.kind, ExpressionKind::Lambda(_));
    if matches!(expression.kind, ExpressionKind::Transform(_)) {
        Context::Item
    } else if is_function && context == Context::None {
        Context::Function
    } else {
        context
    }
}

/// The expressions in one without its filters and its grouping.
fn of_kind(expression: &Expression) -> impl Iterator<Item = &Expression> {
    let after = expression.predicates.len()
        + expression.group.iter().map(|group| 2 * group.pairs.len()).sum::<usize>();
    let children = expression.children();
    let inside = children.len().saturating_sub(after);
    children.into_iter().take(inside)
}

fn visit_all<'e>(
    expressions: impl Iterator<Item = &'e Expression>,
    context: Context,
    findings: &mut Vec<Finding>,
) {
    expressions.for_each(|expression| visit(expression, context, findings));
}

fn visit_path(path: &Path, context: Context, findings: &mut Vec<Finding>) {
    let mut context = context;
    for step in &path.steps {
        match &step.kind {
            StepKind::Expression(expression) => visit(expression, context, findings),
            StepKind::Sort(terms) => {
                visit_all(terms.iter().map(|term| &term.expression), Context::Item, findings)
            }
        }
        context = Context::Item;
        let filters = step.stages.iter().filter_map(|stage| match stage {
            Stage::Filter(filter) => Some(filter),
            Stage::Index(_) => None,
        });
        visit_all(filters, context, findings);
    }
}

fn check_variable(name: &str, expression: &Expression, context: Context) -> Option<Finding> {
    match name {
        "$" => {
            let message =
                "reference to `$$` is not supported: an expression in a state has no data of its own";
            let finding = Finding {
                code: None,
                ..Finding::error(expression.span, FindingKind::NoContext, "", message.to_owned())
            };
            Some(finding.help("the input of the state is `$states.input`"))
        }
        "" => refuse(expression, context, "$", "`$states.input`"),
        _ => None,
    }
}

fn refuse(expression: &Expression, context: Context, found: &str, instead: &str) -> Option<Finding> {
    let severity = match context {
        Context::None => Severity::Error,
        Context::Function => Severity::Warning,
        Context::Item => return None,
    };
    let message = format!("`{found}` means nothing here: an expression in a state has no data of its own");
    let help = Some(format!("did you mean {instead}?"));
    Some(Finding { span: expression.span, kind: FindingKind::NoContext, code: None, message, help, severity })
}
