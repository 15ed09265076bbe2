//! `ResultWriter`: what becomes of the results of the iterations.

use crate::checked;
use crate::code::Code;
use crate::definition::fields::Fields;
use crate::definition::{Found, Names, Part, Reader, Reported, Template};
use crate::diagnostic::Diagnostic;
use crate::json::{Text, Value};
use crate::source::Span;
use crate::suggest::closest;
use crate::vocabulary::WriterTransformation;

/// `ResultWriter`
#[derive(Clone, Debug, PartialEq)]
pub struct ResultWriter {
    /// The place of the field's name.
    pub span: Span,
    /// `Parameters` or `Arguments`; there if and only if there is a `Resource`, unless one of the two was reported.
    pub parameters: Option<Template>,
    /// `WriterConfig`
    pub config: WriterConfig,
}

/// `WriterConfig`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriterConfig {
    /// `Transformation`
    pub transformation: Option<WriterTransformation>,
    /// `"OutputType": "JSONL"`
    pub json_lines: bool,
}

impl Part for ResultWriter {
    type Checked = checked::ResultWriter;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        self.parameters.find(found);
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::ResultWriter, Reported> {
        let WriterConfig { transformation, json_lines } = self.config;
        let default = match self.parameters {
            Some(_) => WriterTransformation::None,
            None => WriterTransformation::Compact,
        };
        Ok(checked::ResultWriter {
            parameters: self.parameters.checked(names)?,
            transformation: transformation.unwrap_or(default),
            json_lines,
        })
    }
}

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<ResultWriter> {
    let member = fields.member("ResultWriter")?;
    let owner = format!("`ResultWriter` of {}", fields.owner());
    let mut inner = Fields::new(&member.value, owner.as_str(), member.key.span, reader)?;
    inner.comment(reader);
    let has_parameters = inner.has("Parameters") || inner.has("Arguments");
    let has_resource = inner.has("Resource");
    if !has_resource && (has_parameters || !inner.has("WriterConfig")) {
        inner.report_missing("Resource", reader);
    }
    if let Some(resource) = inner.text("Resource", reader) {
        reader.aside(|reader| parse_store("ResultWriter", resource, &[("s3:putObject", ())], reader));
    }
    let config = inner.value("WriterConfig");
    let writer = ResultWriter {
        span: member.key.span,
        parameters: reader.at("ResultWriter", |reader| inner.inner_parameters(has_resource, reader)),
        config: config.and_then(|config| parse_config(config, &owner, reader)).unwrap_or_default(),
    };
    inner.finish(&["Arguments", "Comment", "Parameters", "Resource", "WriterConfig"], reader);
    Some(writer)
}

/// What reads objects from the store, or writes some to it: `arn:aws:states:::s3:getObject`.
pub(super) fn parse_store<T: Copy>(
    field: &str,
    resource: &Text,
    actions: &[(&'static str, T)],
    reader: &mut Reader<'_>,
) -> Option<T> {
    // A partition can be a placeholder, which has colons of its own.
    let action = resource.value.strip_prefix("arn:").and_then(|rest| rest.split_once(":states:::"));
    let action = action.map_or(resource.value.as_str(), |(_, action)| action);
    if let Some((_, found)) = actions.iter().find(|(name, _)| *name == action) {
        return Some(*found);
    }
    let list = actions.iter().map(|(name, _)| format!("`arn:aws:states:::{name}`")).collect::<Vec<_>>();
    let message = format!("`{}` cannot be the resource of `{field}`", resource.value);
    let diagnostic = Diagnostic::new(Code::InvalidResource, resource.span, message);
    let diagnostic = diagnostic.label(format!("expected {}", list.join(" or ")));
    reader.report(
        match closest(action, actions.iter().map(|(name, _)| *name)).filter(|_| actions.len() > 1) {
            Some(name) => diagnostic.help(format!("did you mean `arn:aws:states:::{name}`?")),
            None => diagnostic,
        },
    );
    None
}

fn parse_config(value: &Value, owner: &str, reader: &mut Reader<'_>) -> Option<WriterConfig> {
    let mut fields = Fields::new(value, format!("`WriterConfig` of {owner}"), value.span, reader)?;
    let transformations = &[
        ("NONE", WriterTransformation::None),
        ("COMPACT", WriterTransformation::Compact),
        ("FLATTEN", WriterTransformation::Flatten),
    ];
    let output_type = reader.aside(|reader| fields.one_of("OutputType", &["JSON", "JSONL"], reader));
    let config = WriterConfig {
        transformation: fields.choice_of("Transformation", transformations, reader).map(|at| at.value),
        json_lines: output_type.is_some_and(|at| at.value == "JSONL"),
    };
    fields.finish(&["OutputType", "Transformation"], reader);
    Some(config)
}
