//! Payload templates: `Parameters`, `ResultSelector`, `ItemSelector`.
//!
//! In: a JSON value. Out: a [`Template`], in which every `"field.$": "path"` is parsed. Never folds constants: that is
//! done when the template is lowered.

use super::Reader;
use super::fields::paths::is_intrinsic;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::{self, Kind, Text, Value};
use crate::path::{Definite, Path, definite};
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
        path: Definite,
    },
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
    /// The value.
    pub value: Template,
}

impl Member {
    /// The key without its `.$`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.key.value.strip_suffix(".$").unwrap_or(&self.key.value)
    }

    /// Whether the value is looked up.
    #[must_use]
    pub fn is_dynamic(&self) -> bool {
        self.key.value.ends_with(".$")
    }
}

impl Template {
    /// The place of the whole.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Constant(value) => value.span,
            Self::Path { path, .. } => path.span,
            Self::Object(span, _) | Self::Array(span, _) | Self::Invalid(span) => *span,
        }
    }

    /// The member of that name, with or without `.$`.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        let Self::Object(_, members) = self else { return None };
        members.iter().find(|member| member.name() == name)
    }
}

pub(super) fn parse(value: &Value, reader: &mut Reader<'_>) -> Template {
    match &value.kind {
        Kind::Object(members) => {
            report_clashes(members, reader);
            let members = members.iter().map(|member| parse_member(member, reader)).collect();
            Template::Object(value.span, members)
        }
        Kind::Array(values) => {
            Template::Array(value.span, values.iter().map(|value| parse(value, reader)).collect())
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Template::Constant(value.clone()),
    }
}

fn parse_member(member: &json::Member, reader: &mut Reader<'_>) -> Member {
    let key = member.key.clone();
    let value = if !key.value.ends_with(".$") {
        parse(&member.value, reader)
    } else if let Kind::String(text) = &member.value.kind {
        parse_dynamic(&key, text, reader)
    } else {
        let found = member.value.type_name();
        let message = format!("the value of `{}` must be a path, not {found}", key.value);
        let diagnostic = Diagnostic::new(Code::InvalidPath, member.value.span, message);
        let name = key.value.trim_end_matches(".$");
        reader.report(
            diagnostic
                .label("expected a string with a path")
                .help(format!("to give the value as it is, name the field `{name}`")),
        );
        Template::Invalid(member.value.span)
    };
    Member { key, value }
}

fn parse_dynamic(key: &Text, text: &Text, reader: &mut Reader<'_>) -> Template {
    if is_intrinsic(text) {
        let name = text.value.split('(').next().unwrap_or_default();
        let message = format!("the intrinsic function `{name}` is not supported yet");
        reader.report(Diagnostic::new(Code::NotSupportedYet, text.span, message).label("expected a path"));
        return Template::Invalid(text.span);
    }
    if !text.value.starts_with('$') {
        let message = format!("the value of `{}` must be a path or an intrinsic function", key.value);
        let name = key.value.trim_end_matches(".$");
        reader.report(
            Diagnostic::new(Code::InvalidPath, text.span, message)
                .label("expected a path, which starts with `$`")
                .help(format!("to give the text as it is, name the field `{name}`")),
        );
        return Template::Invalid(text.span);
    }
    let path = Path::parse(text, reader.diagnostics)
        .and_then(|path| definite(path, reader.place, reader.diagnostics));
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
        let message = format!("the template gives `{name}` twice: as `{name}` and as `{name}.$`");
        reader.report(
            Diagnostic::new(Code::TemplateKeyClash, second, message)
                .label(format!("`{name}` is given for the second time"))
                .related(first, "first given here"),
        );
    }
}
