//! JSONata expressions: strings of a JSONata state that start with `{%` and end with `%}`.
//!
//! In: a string. Out: an [`Expression`], parsed. Never knows which variables there are.

mod states;

use super::part::Part;
use super::{Found, Names, Reader, Reported};
use crate::checked;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::jsonata::{self, Fault, Finding, FindingKind};
use crate::placeholder;
use crate::source::Span;
use std::sync::Arc;

/// A JSONata expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Its place: that of the whole string.
    pub span: Span,
    /// The field that it is the value of, as AWS names it: `Output/order/total`, `Choices[1]/Condition`.
    pub field: String,
    /// The expression itself, without the signs and blanks around it.
    pub text: String,
    /// The whole string, in which the expression starts at `start`.
    string: Text,
    start: usize,
    /// Its structure; absent if a fault in it was reported.
    pub tree: Option<Arc<jsonata::Expression>>,
    /// Placeholders are parts of it, of which nothing is known: its structure has variables in their place.
    is_open: bool,
}

impl Expression {
    /// The place in the source of a place in the expression.
    #[must_use]
    pub fn place(&self, span: Span) -> Span {
        self.string.span_of(self.start + span.start..self.start + span.end)
    }

    /// What was found in it, for people.
    pub(crate) fn diagnostic(&self, finding: &Finding) -> Option<Diagnostic> {
        let (code, label) = match finding.kind {
            FindingKind::UnknownFunction => (Code::UnknownFunction, "no such function"),
            FindingKind::WrongArguments => (Code::WrongArguments, ""),
            FindingKind::WrongOperand => (Code::WrongOperand, ""),
            FindingKind::NoContext => (Code::NoContext, ""),
            FindingKind::NeverHolds => (Code::ComparisonNeverHolds, ""),
            FindingKind::TextAsFilter => (Code::TextAsFilter, "every item is chosen, or the value itself"),
            // Where a variable is, or could have been, is known elsewhere.
            FindingKind::UndefinedVariable => return None,
        };
        let mut diagnostic =
            Diagnostic::new(code, self.place(finding.span), finding.message.clone()).label(label);
        diagnostic.severity = finding.severity;
        diagnostic.help.extend(finding.help.clone());
        Some(diagnostic)
    }
}

impl Part for Expression {
    type Checked = checked::Expression;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        found.expressions.push(self);
    }

    fn checked(&self, _: &mut Names<'_>) -> Result<checked::Expression, Reported> {
        Ok(checked::Expression {
            function: String::new(),
            field: self.field.clone(),
            text: self.text.clone(),
            tree: self.tree.clone().filter(|_| !self.is_open).ok_or(Reported)?,
        })
    }
}

/// The signs that an expression is between.
const OPENING: &str = "{%";
const CLOSING: &str = "%}";

/// Whether a string of a JSONata state is an expression.
pub(super) fn is_expression(text: &Text) -> bool {
    between(&text.value).is_some()
}

fn between(text: &str) -> Option<&str> {
    text.strip_prefix(OPENING)?.strip_suffix(CLOSING)
}

/// The expression in a string that is one; it is the value of the field at hand.
pub(super) fn parse(string: &Text, reader: &mut Reader<'_>) -> Expression {
    let inner = between(&string.value).unwrap_or_default();
    let start = OPENING.len() + (inner.len() - inner.trim_start().len());
    let text = inner.trim().to_owned();
    let mut expression = Expression {
        span: string.span,
        field: reader.field.clone(),
        text,
        string: string.clone(),
        start,
        tree: None,
        is_open: false,
    };
    let tree = jsonata::parse(&expression.text).or_else(|fault| {
        let tree = with_placeholders(&expression.text).and_then(|text| jsonata::parse(&text).ok());
        expression.is_open = tree.is_some();
        let diagnostic = invalid(&expression, &fault);
        if expression.is_open {
            reader.aside(|reader| reader.report(diagnostic));
        } else {
            reader.report(diagnostic);
        }
        tree.ok_or(Reported)
    });
    if let Ok(tree) = tree {
        states::check(&tree, &expression, reader);
        expression.tree = Some(Arc::new(tree));
    }
    expression
}

/// The text with a variable in the place of each placeholder, as long as that, if it has any.
fn with_placeholders(text: &str) -> Option<String> {
    let mut given = String::new();
    let mut end = 0;
    for place in placeholder::all(text) {
        given.push_str(text.get(end..place.start)?);
        given.push('$');
        given.push_str(jsonata::STAND_IN);
        // `${a}`, the shortest, is as long as the sign and the stand-in.
        let left = place.len().checked_sub('$'.len_utf8() + jsonata::STAND_IN.len())?;
        given.push_str(&"_".repeat(left));
        end = place.end;
    }
    given.push_str(text.get(end..)?);
    (end > 0).then_some(given)
}

/// A fault at its place in the string.
fn invalid(expression: &Expression, fault: &Fault) -> Diagnostic {
    let code = fault.kind();
    let what = if code == Code::TooManyParts { "cannot be compiled" } else { "is not JSONata" };
    let message = format!("the expression of `{}` {what}", expression.field);
    let mut reason = fault.message.chars();
    let first = reason.next().map(|letter| letter.to_ascii_lowercase());
    let reason: String = first.into_iter().chain(reason).collect();
    let diagnostic = Diagnostic::new(code, expression.place(fault.span), message).label(reason);
    let (text, at) = (expression.text.as_str(), fault.span.start);
    match foreign_operator(text, at).or_else(|| foreign_word(text, at)) {
        Some((written, right)) => diagnostic.help(format!("write {right} in place of `{written}`")),
        None => diagnostic,
    }
}

/// The operator of another language that a place is in or next to, with what JSONata has instead.
fn foreign_operator(text: &str, at: usize) -> Option<(&str, &'static str)> {
    const OPERATORS: [(&str, &str); 10] = [
        ("!==", "`!=`"),
        ("===", "`=`"),
        ("==", "`=`"),
        ("&&", "`and`"),
        ("||", "`or`"),
        // Newer versions of JSONata than that of AWS have both.
        ("??", "a condition, `$exists(a) ? a : b`,"),
        ("?:", "a condition, `a ? a : b`,"),
        ("=>", "a function, `function($x) { .. }`,"),
        ("**", "a call, `$power(a, b)`,"),
        ("+=", "a new variable, `$b := $a + 1`,"),
    ];
    OPERATORS.into_iter().find(|(written, _)| {
        let starts = at.saturating_sub(written.len())..=at;
        starts.into_iter().any(|start| text.get(start..).is_some_and(|rest| rest.starts_with(written)))
    })
}

/// The word of another language that a place is at or behind, with what JSONata has instead.
fn foreign_word(text: &str, at: usize) -> Option<(&str, &'static str)> {
    const WORDS: [(&str, &str); 13] = [
        ("and", "`and`"),
        ("or", "`or`"),
        ("in", "`in`"),
        ("not", "a call, `$not(a)`,"),
        ("if", "a condition, `a ? b : c`,"),
        ("then", "a condition, `a ? b : c`,"),
        ("else", "a condition, `a ? b : c`,"),
        ("is", "`=`"),
        ("like", "a call, `$contains(a, b)`,"),
        ("let", "a block, `($a := 1; $a + 1)`,"),
        ("var", "a block, `($a := 1; $a + 1)`,"),
        ("const", "a block, `($a := 1; $a + 1)`,"),
        ("return", "the value alone"),
    ];
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let (before, rest) = text.split_at_checked(at)?;
    if rest.starts_with('!') {
        return Some(("!", "a call, `$not(a)`,"));
    }
    let here = rest.split(|c| !is_letter(c)).next();
    let left = before.trim_end();
    let start = left.trim_end_matches(is_letter);
    let last = left.get(start.len()..).filter(|_| !start.ends_with(['$', '.', '`']));
    [here, last].into_iter().flatten().find_map(|word| {
        let (own, right) = WORDS.into_iter().find(|(own, _)| word.eq_ignore_ascii_case(own))?;
        // JSONata has some of them, in small letters.
        (right.trim_matches('`') != word && (word == own || word.chars().all(char::is_uppercase)))
            .then_some((word, right))
    })
}
