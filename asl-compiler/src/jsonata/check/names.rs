//! Functions and variables that nothing has the name of.

use super::{Check, Finding, FindingKind};
use crate::jsonata::functions::{self, Dialect};
use crate::jsonata::is_stand_in;
use crate::jsonata::tree::{Expression, ExpressionKind, Operator, StepKind};
use crate::source::Span;
use crate::suggest::closest;

impl Check<'_> {
    pub(super) fn check_names(&mut self, expression: &Expression) {
        if let ExpressionKind::Call(call) = &expression.kind {
            self.check_called(&call.procedure);
        } else if let ExpressionKind::Partial(partial) = &expression.kind {
            self.check_called(&partial.procedure);
        } else if let ExpressionKind::Apply(sides) = &expression.kind {
            let [_, function] = sides.as_ref();
            // A call there is looked at as a call.
            self.check_called(function);
        } else if let ExpressionKind::Variable(name) = &expression.kind {
            self.check_variable(name, expression.span);
        }
    }

    /// `($x = 1; $x)`: what is compared before the end of a block was to be bound.
    pub(super) fn check_bound(&mut self, expression: &Expression) {
        let ExpressionKind::Block(block) = &expression.kind else { return };
        let Some((_, before)) = block.expressions.split_last() else { return };
        for line in before {
            let ExpressionKind::Binary(binary) = &line.kind else { continue };
            let [Expression { kind: ExpressionKind::Variable(name), .. }, _] = &*binary.sides else {
                continue;
            };
            if binary.operator != Operator::Equal || self.is_known(name) {
                continue;
            }
            let message = format!("`=` compares, and binds nothing to `${name}`");
            let finding = Finding::warning(binary.operator_span, FindingKind::WrongOperand, message);
            self.findings.push(finding.into_error().help(format!("write `${name} := ..`")));
        }
    }

    /// Whether something has the name of a variable.
    fn is_known(&self, name: &str) -> bool {
        let is_states = self.dialect == Dialect::States && name == "states";
        is_states || self.may_be_called(name) || (self.outside)(name)
    }

    /// Whether a name may be that of a function. Variables from outside hold data, which are not functions.
    fn may_be_called(&self, name: &str) -> bool {
        matches!(name, "" | "$")
            || is_stand_in(name)
            || self.bound.contains(name)
            || functions::find(name, self.dialect).is_some()
    }

    fn check_variable(&mut self, name: &str, span: Span) {
        let reported = self.findings.iter().any(|finding| finding.span == span);
        if reported || self.is_known(name) {
            return;
        }
        let finding = Finding::warning(
            span,
            FindingKind::UndefinedVariable,
            format!("variable `${name}` is bound nowhere"),
        );
        let names = self.bound.iter().copied().chain(functions::all(self.dialect).map(|known| known.name));
        let near = closest(name, names).map(|near| format!("did you mean `${near}`?"));
        self.findings.push(Finding { help: near, ..finding });
    }

    /// A whole expression that is a function and no call of it: `{% $uuid %}`. A variable of the same name comes first.
    pub(super) fn check_not_called(&mut self, expression: &Expression) {
        let is_one = matches!(
            expression.kind,
            ExpressionKind::Lambda(_)
                | ExpressionKind::Regex(_)
                | ExpressionKind::Transform(_)
                | ExpressionKind::Partial(_)
        );
        let is_built_in = |side: &Expression| {
            matches!(&side.kind, ExpressionKind::Variable(name)
                if functions::find(name, self.dialect).is_some() && !self.bound.contains(name.as_str()))
        };
        // Two functions make a third.
        let is_one = is_one
            || matches!(&expression.kind, ExpressionKind::Apply(sides) if sides.iter().all(is_built_in));
        if is_one && expression.predicates.is_empty() && expression.group.is_none() {
            let message = "the expression returns a function, not a value".to_owned();
            let finding =
                Finding::warning(expression.span, FindingKind::WrongArguments, message).into_error();
            self.findings.push(finding.help("call it, or write what it is to give"));
        }
        let ExpressionKind::Variable(name) = &expression.kind else { return };
        let is_function = !name.is_empty() && functions::find(name, self.dialect).is_some();
        if is_function && !self.bound.contains(name.as_str()) && !(self.outside)(name) {
            let message = format!("`${name}` is a function, and no value");
            let finding =
                Finding::warning(expression.span, FindingKind::WrongArguments, message).into_error();
            self.findings.push(finding.help(format!("did you mean `${name}()`?")));
        }
    }

    fn check_called(&mut self, procedure: &Expression) {
        if let ExpressionKind::Variable(name) = &procedure.kind {
            self.check_function(name, procedure.span);
        } else if let ExpressionKind::Path(path) = &procedure.kind
            && let [step] = path.steps.as_slice()
            && let StepKind::Expression(Expression { kind: ExpressionKind::Name(name), .. }) = &step.kind
        {
            self.findings.extend(self.called_field(name, procedure.span));
        }
    }

    fn check_function(&mut self, name: &str, span: Span) {
        if self.may_be_called(name) {
            return;
        }
        // AWS takes any name, and fails with T1006 when it is called.
        let error = |message| Finding::error(span, FindingKind::UnknownFunction, "T1006", message);
        if name == "eval" {
            let message = "`$eval` does not exist here: expressions are compiled before they run".to_owned();
            self.findings.push(error(message));
            return;
        }
        let finding = error(format!("there is no function `${name}`"));
        let names = self.bound.iter().copied().chain(functions::all(self.dialect).map(|known| known.name));
        let help = match foreign(name) {
            Some(instead) => Some(instead.to_owned()),
            None => closest(name, names).map(|near| format!("did you mean `${near}`?")),
        };
        // Elsewhere than in a state somebody may bind it when the expression is evaluated.
        let is_doubtful = self.dialect == Dialect::Plain && help.is_none();
        let finding = if is_doubtful { Finding { code: None, ..finding.into_warning() } } else { finding };
        self.findings.push(Finding { help, ..finding });
    }

    /// Data hold no functions: `uppercase(text)`, `text.toUpperCase()`. What an expression makes can hold some, as `$match.next()` does, so
    /// that nothing is said of names that no language has for its own functions.
    fn called_field(&self, name: &str, span: Span) -> Option<Finding> {
        let (code, help) = match functions::find(name, self.dialect) {
            Some(_) => ("T1005", format!("did you mean `${name}`?")),
            None => ("T1006", foreign(name)?.to_owned()),
        };
        let message = format!("`{name}` is a field, not a function");
        Some(Finding::error(span, FindingKind::UnknownFunction, code, message).help(help))
    }
}

/// Whether a name is that of a function here or in another language.
pub(super) fn is_function_somewhere(name: &str) -> bool {
    functions::find(name, Dialect::States).is_some() || foreign(name).is_some()
}

/// What JSONata has for a function that other languages have, as help.
fn foreign(name: &str) -> Option<&'static str> {
    Some(match name {
        "upper" | "toUpper" | "toUpperCase" | "ucase" => "did you mean `$uppercase`?",
        "lower" | "toLower" | "toLowerCase" | "lcase" => "did you mean `$lowercase`?",
        "len" | "strlen" => "did you mean `$length`?",
        "size" => "the number of items is `$count`, that of characters `$length`",
        "concat" => "strings are joined with `&`, arrays with `$append`",
        "includes" => "did you mean `$contains`? Whether an item is in an array says `item in array`",
        "slice" | "substr" => "did you mean `$substring`?",
        "toString" | "str" | "stringify" | "toJson" | "toJSON" | "jsonStringify" => "did you mean `$string`?",
        "toNumber" | "parseInt" | "parseFloat" | "int" | "float" => "did you mean `$number`?",
        "parseJson" | "parseJSON" | "jsonParse" | "fromJson" | "json" => "did you mean `$parse`?",
        "avg" | "mean" => "did you mean `$average`?",
        "ceiling" => "did you mean `$ceil`?",
        "date" | "currentTime" | "timestamp" => "did you mean `$now`, or `$millis` for a number?",
        "values" => "the values of an object are `object.*`",
        "entries" => "did you mean `$each`?",
        "flatten" => "nested arrays are flattened by `array.*`, or `array.$`",
        "first" | "head" => "the first item is `array[0]`",
        "last" => "the last item is `array[-1]`",
        "isEmpty" => "did you mean `$count(array) = 0`?",
        "has" | "isDefined" | "isPresent" => "did you mean `$exists`?",
        "coalesce" | "default" | "ifNull" => "a default is `$exists(a) ? a : b`",
        "if" | "iif" => "a condition is `condition ? a : b`",
        "foreach" | "forEach" => "did you mean `$map`, or `$each` for the fields of an object?",
        "md5" | "sha256" => "did you mean `$hash`?",
        "uuid4" | "guid" => "did you mean `$uuid`?",
        _ => return None,
    })
}
