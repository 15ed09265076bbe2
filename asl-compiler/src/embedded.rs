//! Stage 1a: definitions inside of the files that deploy them.
//!
//! In: the value of a file. Out: the state machines that it holds or names, if it is a template: one of CloudFormation or SAM (also as the CDK
//! writes it), a configuration of the Serverless Framework, a plan of Terraform, or what AWS says about a machine. A definition keeps its
//! places in the template, also where it is text inside of a string. Never reads a file: [`definitions`] gets that from its caller.

mod cloud_formation;
mod description;
mod doors;
mod places;
mod serverless;
mod terraform;

pub use doors::{ChoiceError, Definition, Missing, choose, definitions, may_be_template};
pub(crate) use places::parse_text;
#[cfg(feature = "inspect")]
pub(crate) use places::place;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::{Member, Text, Value};
use crate::source::{EmbeddedMachine, SourceFile, Span};
use crate::substitute::Substitution;
use crate::vocabulary::MachineType;
use std::any::Any;

/// A file that holds or names state machines.
#[derive(Debug)]
pub(crate) struct Template<'v> {
    /// What it is, for messages.
    what: &'static str,
    /// The key by which that is seen.
    mark: Span,
    pub(crate) machines: Vec<Embedded<'v>>,
}

/// A state machine of a template.
#[derive(Debug)]
pub(crate) struct Embedded<'v> {
    pub(crate) name: String,
    pub(crate) content: Content<'v>,
    pub(crate) machine_type: Option<MachineType>,
    /// What the template puts in place of placeholders.
    pub(crate) substitutions: Vec<Substitution>,
    /// Where the template speaks of the definition.
    pub(crate) place: Span,
}

/// Where a definition is.
#[derive(Debug)]
pub(crate) enum Content<'v> {
    /// In the template, as a part of it.
    Value(&'v Value),
    /// In the template, as text.
    Text(Text),
    /// In another file; the path is from the folder of the template.
    File(String),
    /// Where only a deployment finds it: the end of a sentence about the definition.
    Elsewhere(String),
}

/// Which state machine of a template a source file is read as.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// Its name in the template.
    pub(crate) name: String,
    pub(crate) machine_type: Option<MachineType>,
    /// What the template puts in place of placeholders.
    pub(crate) substitutions: Vec<Substitution>,
    /// What of the file is the definition; none if the file is a definition that the template names.
    pub(crate) part: Option<InFile>,
}

impl Origin {
    /// That of a source file that was chosen from a template.
    pub(crate) fn of(source: &SourceFile) -> Option<&Self> {
        source.embedded()?.as_any().downcast_ref()
    }
}

impl EmbeddedMachine for Origin {
    fn name(&self) -> &str {
        &self.name
    }

    fn machine_type(&self) -> Option<MachineType> {
        self.machine_type
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The part of a template that is a definition.
#[derive(Clone, Debug)]
pub(crate) struct InFile {
    pub(crate) written: Written,
    /// What is wrong with it as a part of its file.
    pub(crate) problems: Vec<Diagnostic>,
}

/// How a template holds a definition.
#[derive(Clone, Debug)]
pub(crate) enum Written {
    Value(Value),
    Text(Text),
}

/// The kinds of templates.
const KINDS: [fn(&Value) -> Option<Template<'_>>; 4] =
    [cloud_formation::find, serverless::find, terraform::find, description::find];

impl<'v> Template<'v> {
    /// The template that the value of a file is.
    pub(crate) fn of(root: &'v Value) -> Option<Self> {
        if root.member("StartAt").is_some() || root.member("States").is_some() {
            return None;
        }
        KINDS.iter().find_map(|find| find(root))
    }

    /// The only machine.
    pub(crate) fn only(&self) -> Option<&Embedded<'v>> {
        if let [machine] = self.machines.as_slice() { Some(machine) } else { None }
    }

    /// What is to be said where a definition is needed, and the template does not hold the one that is meant. `in_macro` where it is
    /// `asl_machine!` that chooses.
    pub(crate) fn refuse(&self, in_macro: bool) -> Diagnostic {
        let message = format!("this is {}, not a definition", self.what);
        let diagnostic = Diagnostic::new(Code::NotADefinition, self.mark, message)
            .label("expected a state machine, an object with `StartAt` and `States`");
        let diagnostic = self.machines.iter().take(5).fold(diagnostic, |diagnostic, machine| {
            diagnostic.related(machine.place, machine.content.describe(&machine.name))
        });
        diagnostic.help(match self.machines.iter().find(|machine| machine.content.is_here()) {
            Some(machine) if self.machines.len() > 1 && in_macro => {
                format!(
                    "choose one of its state machines: `machine = \"{}\"` in `asl_machine!`",
                    machine.name
                )
            }
            Some(machine) if self.machines.len() > 1 => {
                format!("choose one of its state machines: `--machine {}`", machine.name)
            }
            _ => String::from(
                "compile the definition itself: a separate file, which the template names in `DefinitionUri`",
            ),
        })
    }
}

impl Content<'_> {
    /// Whether it is in the template itself.
    pub(crate) const fn is_here(&self) -> bool {
        matches!(self, Self::Value(_) | Self::Text(_))
    }

    /// Where the definition of a machine of this name is.
    pub(crate) fn describe(&self, name: &str) -> String {
        match self {
            Self::Value(_) | Self::Text(_) => format!("the definition of `{name}` is in here"),
            Self::File(path) => format!("the definition of `{name}` is the file `{path}`"),
            Self::Elsewhere(place) => format!("the definition of `{name}` {place}"),
        }
    }
}

impl Embedded<'_> {
    /// The machine for a source file: the template that has it, whose problems were `found`, or the file that it names.
    pub(crate) fn origin(&self, found: &[Diagnostic]) -> Origin {
        let (written, span) = match &self.content {
            Content::Value(value) => (Some(Written::Value((*value).clone())), value.span),
            Content::Text(text) => (Some(Written::Text(text.clone())), text.span),
            Content::File(_) | Content::Elsewhere(_) => (None, Span::default()),
        };
        // What is wrong elsewhere in a template is not for a compiler of definitions to say.
        let is_inside = |found: &&Diagnostic| span.start <= found.span.start && found.span.end <= span.end;
        let part = written
            .map(|written| InFile { written, problems: found.iter().filter(is_inside).cloned().collect() });
        Origin {
            name: self.name.clone(),
            machine_type: self.machine_type,
            substitutions: self.substitutions.clone(),
            part,
        }
    }
}

/// The first of the members of these names.
fn first_member<'v>(value: &'v Value, names: &[&str]) -> Option<&'v Member> {
    names.iter().find_map(|name| value.member(name))
}

/// `STANDARD` or `EXPRESS`, in whatever letters.
fn machine_type(value: Option<&Value>) -> Option<MachineType> {
    match value?.as_str()? {
        name if name.eq_ignore_ascii_case("express") => Some(MachineType::Express),
        name if name.eq_ignore_ascii_case("standard") => Some(MachineType::Standard),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
