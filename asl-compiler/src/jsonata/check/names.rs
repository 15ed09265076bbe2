//! Functions and variables that nothing has the name of.

use super::{Check, Finding, FindingKind};
use crate::jsonata::functions::{self, Dialect};
use crate::jsonata::tree::{Expression, Kind, StepKind};
use crate::source::Span;
use crate::suggest::closest;

impl Check<'_> {
    pub(super) fn check_names(&mut self, expression: &Expression) {
        if let Kind::Call(call) = &expression.kind {
            self.check_called(&call.procedure);
        } else if let Kind::Partial(partial) = &expression.kind {
            self.check_called(&partial.procedure);
        } else if let Kind::Apply(sides) = &expression.kind {
            let [_, function] = sides.as_ref();
            // A call there is looked at as a call.
            self.check_called(function);
        } else if let Kind::Variable(name) = &expression.kind {
            self.check_variable(name, expression.span);
        }
    }

    /// Whether something has the name of a variable.
    fn is_known(&self, name: &str) -> bool {
        let is_states = self.dialect == Dialect::States && name == "states";
        is_states || self.may_be_called(name) || (self.outside)(name)
    }

    /// Whether a name may be that of a function. Variables from outside hold data, which are no functions.
    fn may_be_called(&self, name: &str) -> bool {
        matches!(name, "" | "$") || self.bound.contains(name) || functions::find(name, self.dialect).is_some()
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

    fn check_called(&mut self, procedure: &Expression) {
        if let Kind::Variable(name) = &procedure.kind {
            self.check_function(name, procedure.span);
        } else if let Kind::Path(path) = &procedure.kind
            && let [step] = path.steps.as_slice()
            && let StepKind::Expression(Expression { kind: Kind::Name(name), .. }) = &step.kind
        {
            self.findings.extend(self.called_field(name, procedure.span));
        }
    }

    fn check_function(&mut self, name: &str, span: Span) {
        if self.may_be_called(name) {
            return;
        }
        if name == "eval" {
            let message = "`$eval` does not exist here: expressions are compiled before they run".to_owned();
            // AWS takes it, and fails with T1006 when it is called.
            self.findings.push(Finding::warning(span, FindingKind::UnknownFunction, message));
            return;
        }
        let message = format!("there is no function `${name}`");
        let names = self.bound.iter().copied().chain(functions::all(self.dialect).map(|known| known.name));
        self.findings.push(match closest(name, names) {
            Some(near) => Finding::error(span, FindingKind::UnknownFunction, "T1006", message)
                .help(format!("did you mean `${near}`?")),
            None => Finding::warning(span, FindingKind::UnknownFunction, message),
        });
    }

    /// Data hold no functions.
    fn called_field(&self, name: &str, span: Span) -> Option<Finding> {
        functions::find(name, self.dialect)?;
        let message = format!("`{name}` is a field, and a field is no function");
        let finding = Finding::error(span, FindingKind::UnknownFunction, "T1005", message);
        Some(finding.help(format!("did you mean `${name}`?")))
    }
}
