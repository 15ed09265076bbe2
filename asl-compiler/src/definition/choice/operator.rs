//! The comparison operators of choice rules.

use crate::code::Code;
use crate::definition::Reader;
use crate::definition::fields::{Fields, paths};
use crate::definition::wait::parse_timestamp;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::{Kind, Member, Text, Value};
use crate::path::Path;
use crate::vocabulary::{Number, Property, Relation, Timestamp};

/// A comparison operator with its operand.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// `StringEquals`, `StringLessThanPath`, ...
    String(Relation, Operand<Text>),
    /// `NumericEquals`, `NumericLessThanPath`, ...
    Numeric(Relation, Operand<Number>),
    /// `BooleanEquals` and `BooleanEqualsPath`
    Boolean(Operand<bool>),
    /// `TimestampEquals`, `TimestampLessThanPath`, ...
    Timestamp(Relation, Operand<Timestamp>),
    /// `StringMatches`: the literal texts between the wildcards.
    StringMatches(Vec<String>),
    /// `IsNull`, `IsPresent`, ...
    Is(Property, bool),
}

/// The right-hand side of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand<T> {
    /// A value in the definition.
    Constant(T),
    /// The `...Path` form.
    Path(Path),
}

#[derive(Clone, Copy)]
enum Operator {
    String(Relation),
    Numeric(Relation),
    Boolean,
    Timestamp(Relation),
    StringMatches,
    Is(Property),
}

const OPERATORS: &[(&str, &str, Operator)] = &{
    use Operator::{Boolean, Is, Numeric, String, StringMatches, Timestamp};
    use Relation::{Equals, GreaterThan, GreaterThanEquals, LessThan, LessThanEquals};
    [
        ("StringEquals", "StringEqualsPath", String(Equals)),
        ("StringLessThan", "StringLessThanPath", String(LessThan)),
        ("StringGreaterThan", "StringGreaterThanPath", String(GreaterThan)),
        ("StringLessThanEquals", "StringLessThanEqualsPath", String(LessThanEquals)),
        ("StringGreaterThanEquals", "StringGreaterThanEqualsPath", String(GreaterThanEquals)),
        ("StringMatches", "", StringMatches),
        ("NumericEquals", "NumericEqualsPath", Numeric(Equals)),
        ("NumericLessThan", "NumericLessThanPath", Numeric(LessThan)),
        ("NumericGreaterThan", "NumericGreaterThanPath", Numeric(GreaterThan)),
        ("NumericLessThanEquals", "NumericLessThanEqualsPath", Numeric(LessThanEquals)),
        ("NumericGreaterThanEquals", "NumericGreaterThanEqualsPath", Numeric(GreaterThanEquals)),
        ("BooleanEquals", "BooleanEqualsPath", Boolean),
        ("TimestampEquals", "TimestampEqualsPath", Timestamp(Equals)),
        ("TimestampLessThan", "TimestampLessThanPath", Timestamp(LessThan)),
        ("TimestampGreaterThan", "TimestampGreaterThanPath", Timestamp(GreaterThan)),
        ("TimestampLessThanEquals", "TimestampLessThanEqualsPath", Timestamp(LessThanEquals)),
        ("TimestampGreaterThanEquals", "TimestampGreaterThanEqualsPath", Timestamp(GreaterThanEquals)),
        ("IsNull", "", Is(Property::Null)),
        ("IsPresent", "", Is(Property::Present)),
        ("IsNumeric", "", Is(Property::Numeric)),
        ("IsString", "", Is(Property::String)),
        ("IsBoolean", "", Is(Property::Boolean)),
        ("IsTimestamp", "", Is(Property::Timestamp)),
    ]
};

/// The names of all operators.
pub(crate) fn names() -> impl Iterator<Item = &'static str> + Clone {
    OPERATORS.iter().flat_map(|(name, path_name, _)| [*name, *path_name]).filter(|name| !name.is_empty())
}

/// Whether a field is an operator.
pub(in crate::definition) fn is_operator(name: &str) -> bool {
    names().any(|operator| operator == name)
}

/// Reads the operand of an operator.
pub(super) fn parse(member: &Member, fields: &Fields<'_>, reader: &mut Reader<'_>) -> Option<Comparison> {
    let name = member.key.value.as_str();
    let (_, path_name, operator) =
        OPERATORS.iter().find(|(plain, path, _)| name == *plain || name == *path)?;
    let site = Site { name, is_path: name == *path_name, value: &member.value, fields };
    match operator {
        Operator::String(relation) => Some(Comparison::String(*relation, site.operand(string, reader)?)),
        Operator::Numeric(relation) => Some(Comparison::Numeric(*relation, site.operand(number, reader)?)),
        Operator::Boolean => Some(Comparison::Boolean(site.operand(boolean, reader)?)),
        Operator::Timestamp(relation) => {
            Some(Comparison::Timestamp(*relation, site.operand(timestamp, reader)?))
        }
        Operator::StringMatches => {
            Some(Comparison::StringMatches(pattern(site.text("a string", reader)?, reader)?))
        }
        Operator::Is(property) => Some(Comparison::Is(*property, boolean(&site, reader)?)),
    }
}

/// An operator in the text.
struct Site<'a> {
    name: &'a str,
    is_path: bool,
    value: &'a Value,
    fields: &'a Fields<'a>,
}

impl<'a> Site<'a> {
    fn operand<T>(
        &self,
        constant: impl FnOnce(&Self, &mut Reader<'_>) -> Option<T>,
        reader: &mut Reader<'_>,
    ) -> Option<Operand<T>> {
        if self.is_path {
            let text = self.text("a path", reader)?;
            return paths::reference(self.name, text, reader).map(Operand::Path);
        }
        constant(self, reader).map(Operand::Constant)
    }

    fn text(&self, wanted: &str, reader: &mut Reader<'_>) -> Option<&'a Text> {
        let Kind::String(text) = &self.value.kind else {
            return self.fields.wrong_type(self.name, self.value, wanted, reader);
        };
        Some(text)
    }
}

fn string(site: &Site<'_>, reader: &mut Reader<'_>) -> Option<Text> {
    site.text("a string", reader).cloned()
}

fn number(site: &Site<'_>, reader: &mut Reader<'_>) -> Option<Number> {
    let Kind::Number(number) = site.value.kind else {
        return site.fields.wrong_type(site.name, site.value, "a number", reader);
    };
    Some(number)
}

fn boolean(site: &Site<'_>, reader: &mut Reader<'_>) -> Option<bool> {
    let Kind::Bool(boolean) = site.value.kind else {
        return site.fields.wrong_type(site.name, site.value, "`true` or `false`", reader);
    };
    Some(boolean)
}

fn timestamp(site: &Site<'_>, reader: &mut Reader<'_>) -> Option<Timestamp> {
    let text = site.text("a timestamp", reader)?;
    parse_timestamp(site.name, text, reader)
}

/// The texts between the wildcards. `\*` is a star and `\\` a backslash; before anything else a backslash represents itself.
fn pattern(text: &Text, reader: &mut Reader<'_>) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut characters = text.value.chars();
    while let Some(c) = characters.next() {
        match c {
            '*' => parts.push(std::mem::take(&mut part)),
            '\\' => match characters.next() {
                Some(escaped @ ('*' | '\\')) => part.push(escaped),
                Some(other) => part.extend(['\\', other]),
                None => {
                    let end = text.value.len();
                    let span = text.span_of(end.saturating_sub(1)..end);
                    let message = "the pattern of `StringMatches` ends in the middle of an escape";
                    let diagnostic = Diagnostic::new(Code::InvalidPattern, span, message);
                    reader.report(
                        diagnostic
                            .label("expected `*` or a backslash after this backslash")
                            .help("a backslash itself is written `\\\\\\\\` in JSON"),
                    );
                    return None;
                }
            },
            c => part.push(c),
        }
    }
    parts.push(part);
    if let Some(label) = of_another_language(&text.value) {
        let message = format!("`{}` is not a pattern of `StringMatches`", text.value);
        let mut diagnostic = Diagnostic::new(Code::InvalidPattern, text.span, message)
            .label(label)
            .help("`*` matches any text, and every other character matches itself");
        diagnostic.severity = Severity::Warning;
        reader.report(diagnostic);
    }
    Some(parts)
}

/// What looks like a regular expression, or like a pattern of SQL.
fn of_another_language(pattern: &str) -> Option<&'static str> {
    let has = |parts: &[&str]| parts.iter().any(|part| pattern.contains(part));
    let is_anchored = pattern.starts_with('^') || pattern.ends_with('$') || pattern.starts_with(".*");
    let is_class = pattern.contains('[') && has(&["]+", "]*", "]{"]);
    let is_choice = pattern.contains('(') && pattern.contains('|') && pattern.contains(')');
    if is_anchored || is_class || is_choice || has(&["\\d", "\\w", "\\s", ".+"]) {
        return Some("regular expressions are taken letter by letter here");
    }
    let is_like = !pattern.contains('*') && (pattern.starts_with('%') || pattern.ends_with('%'));
    is_like.then_some("`%` matches itself here")
}
