//! Payload templates: `Parameters`, `ResultSelector`, `ItemSelector`, and `Assign`, which is written like one; in JSONata `Arguments`
//! and `Output` as well.
//!
//! In: a JSON value. Out: a [`Template`], in which every path, intrinsic function and JSONata expression is parsed. A part in which nothing is
//! looked up becomes one constant where it is checked.

use super::fields::NEEDS_JSONATA;
use super::part::Part;
use super::{Expression, Found, Names, PlainText, Reader, Reported, expression};
use crate::checked;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::intrinsic::{self, WrittenCall, is_intrinsic};
use crate::json::{self, Kind, Text, Value};
use crate::path::{Path, Written};
use crate::source::Span;
use std::collections::HashMap;

/// A payload template.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    /// Anything but an object or array: taken as it is.
    Constant(Value),
    /// The value of a field whose name ends in `.$`.
    Path {
        /// The name of the field, with its `.$`.
        field: String,
        /// What it looks up.
        path: Path,
    },
    /// The value of a field whose name ends in `.$` that calls a function.
    Intrinsic {
        /// The name of the field, with its `.$`.
        field: String,
        /// The call as written.
        text: Text,
        /// The call.
        call: WrittenCall,
    },
    /// A string of a JSONata state that is an expression.
    Expression(Expression),
    /// An object.
    Object(Span, Vec<Member>),
    /// An array.
    Array(Span, Vec<Template>),
    /// What could not be read; it was reported.
    Invalid(Span),
}

/// A member of a template object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key as written.
    pub key: Text,
    /// Whether the `.$` at the end of the key says that the value is looked up. In JSONata it says nothing.
    pub is_dynamic: bool,
    /// The value.
    pub value: Template,
}

impl Member {
    /// The key without the `.$` of a value that is looked up.
    #[must_use]
    pub fn name(&self) -> &str {
        let key = &self.key.value;
        if self.is_dynamic { key.strip_suffix(".$").unwrap_or(key) } else { key }
    }
}

impl Template {
    /// The place of the whole.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Constant(value) => value.span,
            Self::Path { path, .. } => path.span,
            Self::Intrinsic { text, .. } => text.span,
            Self::Expression(expression) => expression.span,
            Self::Object(span, _) | Self::Array(span, _) | Self::Invalid(span) => *span,
        }
    }

    /// Whether a part of it could not be read.
    #[must_use]
    pub fn has_invalid(&self) -> bool {
        match self {
            Self::Constant(_) | Self::Path { .. } | Self::Intrinsic { .. } => false,
            Self::Object(_, members) => members.iter().any(|member| member.value.has_invalid()),
            Self::Array(_, elements) => elements.iter().any(Self::has_invalid),
            Self::Expression(expression) => expression.tree.is_none(),
            Self::Invalid(_) => true,
        }
    }

    /// The member of that name, with or without `.$`.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        let Self::Object(_, members) = self else { return None };
        members.iter().find(|member| member.name() == name)
    }
}

impl Part for Template {
    type Checked = checked::Template;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        match self {
            Self::Path { path, .. } => path.find(found),
            Self::Intrinsic { call, .. } => found.call(call),
            Self::Object(span, members) => found.within(*span, |found| members.find(found)),
            Self::Array(span, elements) => found.within(*span, |found| {
                let outer = std::mem::replace(&mut found.in_array, true);
                elements.find(found);
                found.in_array = outer;
            }),
            Self::Expression(expression) => expression.find(found),
            Self::Constant(value) => {
                if let Some(text) = value.as_text() {
                    let (key, in_array, for_others) = (found.key, found.in_array, found.is_for_others(text));
                    found.texts.push(PlainText { key, for_others, text, in_array });
                }
            }
            Self::Invalid(_) => {}
        }
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Template, Reported> {
        Ok(match self {
            Self::Constant(value) => checked::Template::Constant(value.checked(names)?),
            Self::Path { field, path } => {
                checked::Template::Path { field: field.clone(), path: path.lower() }
            }
            Self::Intrinsic { field, text, call } => checked::Template::Intrinsic {
                field: field.clone(),
                text: text.value.clone(),
                call: call.lower(),
            },
            Self::Expression(expression) => checked::Template::Expression(expression.checked(names)?),
            Self::Object(_, members) => checked::Template::object(members.checked(names)?),
            Self::Array(_, elements) => checked::Template::array(elements.checked(names)?),
            Self::Invalid(_) => return Err(Reported),
        })
    }
}

impl Part for Member {
    type Checked = (String, checked::Template);

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        let outer = (found.key, found.in_array);
        found.around.push(found.key);
        if !self.is_dynamic && self.key.value.ends_with(".$") {
            found.dollar_members.push(self);
        }
        (found.key, found.in_array) = (&self.key.value, false);
        self.value.find(found);
        (found.key, found.in_array) = outer;
        found.around.pop();
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<Self::Checked, Reported> {
        Ok((self.name().to_owned(), self.value.checked(names)?))
    }
}

/// The value of the field `name`.
pub(super) fn parse(name: &str, value: &Value, reader: &mut Reader<'_>) -> Template {
    // What could not be read of a template is anything; the rest of it is known.
    reader.aside(|reader| reader.at(name, |reader| parse_value(value, reader)))
}

fn parse_value(value: &Value, reader: &mut Reader<'_>) -> Template {
    match &value.kind {
        Kind::Object(members) => Template::Object(value.span, parse_members(members, reader)),
        Kind::Array(values) => Template::Array(value.span, parse_elements(values, reader)),
        Kind::String(text) if reader.jsonata && expression::is_expression(text) => {
            Template::Expression(expression::parse(text, reader))
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Template::Constant(value.clone()),
    }
}

fn parse_elements(values: &[Value], reader: &mut Reader<'_>) -> Vec<Template> {
    let elements = values.iter().enumerate();
    elements.map(|(index, value)| reader.at_index(index, |reader| parse_value(value, reader))).collect()
}

/// The members of an object.
pub(super) fn parse_members(members: &[json::Member], reader: &mut Reader<'_>) -> Vec<Member> {
    if !reader.jsonata {
        report_clashes(members, reader);
    }
    members.iter().map(|member| parse_member(member, reader)).collect()
}

fn parse_member(member: &json::Member, reader: &mut Reader<'_>) -> Member {
    let key = member.key.clone();
    let is_dynamic = !reader.jsonata && key.value.ends_with(".$");
    let value = if !is_dynamic {
        parse(&key.value, &member.value, reader)
    } else if let Kind::String(text) = &member.value.kind {
        parse_dynamic(&key, text, reader)
    } else {
        let found = member.value.type_name();
        let message = format!("the value of `{}` must be a path, not {found}", key.value);
        let diagnostic = Diagnostic::new(Code::InvalidPath, member.value.span, message);
        let name = key.value.trim_end_matches(".$");
        let diagnostic = diagnostic.label("expected a string with a path");
        reader.report(match list_of_paths(&member.value) {
            Some(paths) => diagnostic.help(format!("write `\"{}\": \"States.Array({paths})\"`", key.value)),
            None => diagnostic.help(format!("to pass the value as it is, name the field `{name}`")),
        });
        Template::Invalid(member.value.span)
    };
    Member { key, is_dynamic, value }
}

/// The paths that are the elements of an array, if there is nothing else in it.
fn list_of_paths(value: &Value) -> Option<String> {
    let Kind::Array(elements) = &value.kind else { return None };
    let paths = elements.iter().map(|element| element.as_str().filter(|text| text.starts_with('$')));
    let paths: Vec<_> = paths.collect::<Option<_>>()?;
    (!paths.is_empty()).then(|| paths.join(", "))
}

fn parse_dynamic(key: &Text, text: &Text, reader: &mut Reader<'_>) -> Template {
    if is_intrinsic(text) {
        let field = key.value.clone();
        return match intrinsic::parse(text, reader.place, reader.diagnostics) {
            Some(call) => Template::Intrinsic { field, text: text.clone(), call },
            None => Template::Invalid(text.span),
        };
    }
    if !text.value.starts_with('$') {
        let message = format!("the value of `{}` must be a path or an intrinsic function", key.value);
        let name = key.value.trim_end_matches(".$");
        let help = if text.value.starts_with("{%") {
            format!("for JSONata, name the field `{name}`, and {NEEDS_JSONATA}")
        } else {
            format!("to pass the text as it is, name the field `{name}`")
        };
        reader.report(
            Diagnostic::new(Code::InvalidPath, text.span, message)
                .label("expected a path, which starts with `$`, or a function, which starts with `States.`")
                .help(help),
        );
        return Template::Invalid(text.span);
    }
    let path = Written::parse(text, reader.diagnostics)
        .and_then(|path| path.resolve(reader.place, reader.diagnostics));
    match path {
        Some(path) => Template::Path { field: key.value.clone(), path },
        None => Template::Invalid(text.span),
    }
}

fn report_clashes(members: &[json::Member], reader: &mut Reader<'_>) {
    if !members.iter().any(|member| member.key.value.ends_with(".$")) {
        return;
    }
    let constants: HashMap<_, _> =
        members.iter().map(|member| (member.key.value.as_str(), member.key.span)).collect();
    for dynamic in members {
        let Some(name) = dynamic.key.value.strip_suffix(".$") else { continue };
        let Some(&constant) = constants.get(name) else { continue };
        let (first, second) = (constant.min(dynamic.key.span), constant.max(dynamic.key.span));
        let message = format!("the template has `{name}` twice: as `{name}` and as `{name}.$`");
        reader.report(
            Diagnostic::new(Code::TemplateKeyClash, second, message)
                .label(format!("`{name}` is given for the second time"))
                .related(first, "first given here"),
        );
    }
}
