//! For the front ends: which definitions a file contains.
//!
//! In: a source file, and a way to read the files that a template names. Out: source files, each of which is read as one definition.

use super::{Content, Embedded, Template, cloud_formation, description, serverless, terraform};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::read_template;
use crate::source::SourceFile;
use crate::suggest::closest;
use std::collections::HashMap;
use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

/// A definition that a file is, holds or names.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The name of the state machine in its template; none if the file is not a template.
    pub name: Option<String>,
    /// What it is read from.
    pub source: Result<SourceFile, Missing>,
}

/// Why the definition of a state machine is not at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Only a deployment finds or makes it.
    Elsewhere(String),
    /// The file that the template names cannot be read.
    Unread(String),
}

impl Missing {
    /// The reason as a sentence.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Elsewhere(reason) | Self::Unread(reason) => reason,
        }
    }
}

/// The definitions of a file: those of a template in its order, and else the file itself. `read` gets paths that start at the folder of the
/// template.
///
/// ```
/// use asl_compiler::embedded::definitions;
/// use asl_compiler::source::SourceFile;
///
/// let template = "Resources:
///   Order:
///     Type: AWS::Serverless::StateMachine
///     Properties:
///       Definition: { StartAt: Done, States: { Done: { Type: Succeed } } }
/// ";
/// let found = definitions(&SourceFile::new("template.yaml", template), &mut |path| Err(path.to_owned()));
/// assert_eq!(found[0].name.as_deref(), Some("Order"));
/// assert!(asl_compiler::check(found[0].source.as_ref().unwrap(), &Default::default()).has_machine());
/// ```
pub fn definitions(
    source: &SourceFile,
    read: &mut dyn FnMut(&str) -> Result<SourceFile, String>,
) -> Vec<Definition> {
    let mut found = Diagnostics::default();
    let root = read_template(source, &mut found);
    let template = root.as_ref().and_then(Template::of).filter(|template| !template.machines.is_empty());
    let Some(template) = template else {
        return vec![Definition { name: None, source: Ok(source.clone()) }];
    };
    let found = found.into_sorted();
    // What several machines name is read once.
    let mut files: HashMap<String, Result<SourceFile, String>> = HashMap::new();
    let mut read = |path: &str| files.entry(path.to_owned()).or_insert_with(|| read(path)).clone();
    let machines = template.machines.iter();
    machines.map(|machine| definition(source, machine, &found, &mut read)).collect()
}

fn definition(
    source: &SourceFile,
    machine: &Embedded<'_>,
    found: &[Diagnostic],
    read: &mut dyn FnMut(&str) -> Result<SourceFile, String>,
) -> Definition {
    let source = match &machine.content {
        Content::Value(_) | Content::Text(_) => Ok(source.clone()),
        Content::Elsewhere(_) => Err(Missing::Elsewhere(machine.content.describe(&machine.name))),
        Content::File(path) => read(path).map_err(Missing::Unread),
    };
    let source = source.map(|source| source.of_machine(Arc::new(machine.origin(found))));
    Definition { name: Some(machine.name.clone()), source }
}

/// Whether a text can be that of a template with state machines at all, seen without reading it.
#[must_use]
pub fn may_be_template(text: &str) -> bool {
    let others = [serverless::MARK, terraform::TYPE, description::MARK];
    cloud_formation::TYPES.iter().chain(&others).any(|mark| text.contains(mark))
}

/// The definition of a file that is wanted: that of the state machine of this name, or the only one. `option` is how another is chosen.
///
/// # Errors
/// Says which state machines there are where the choice is needed or does not fit, or why the definition is not at hand.
pub fn choose(
    source: &SourceFile,
    machine: Option<&str>,
    option: &str,
    read: &mut dyn FnMut(&str) -> Result<SourceFile, String>,
) -> Result<SourceFile, ChoiceError> {
    let mut found = Diagnostics::default();
    // What cannot be read at all is for the compiler to say.
    let Some(root) = read_template(source, &mut found) else { return Ok(source.clone()) };
    let template = Template::of(&root);
    let machines = template.as_ref().map_or(&[][..], |template| template.machines.as_slice());
    let file = source.name();
    let wanted = match (machine, machines) {
        (None, []) => return Ok(source.clone()),
        (None, [only]) => only,
        (Some(_), []) => {
            return Err(ChoiceError::NoTemplate { file: file.to_owned() });
        }
        (None, _) => {
            let (file, option) = (file.to_owned(), option.to_owned());
            return Err(ChoiceError::Several { file, option, machines: names(machines) });
        }
        (Some(name), machines) => machines.iter().find(|machine| machine.name == name).ok_or_else(|| {
            let (file, name) = (file.to_owned(), name.to_owned());
            ChoiceError::Unknown { file, name, machines: names(machines) }
        })?,
    };
    definition(source, wanted, &found.into_sorted(), read).source.map_err(ChoiceError::Missing)
}

fn names(machines: &[Embedded<'_>]) -> Vec<String> {
    machines.iter().map(|machine| machine.name.clone()).collect()
}

/// Why it is not known which definition of a file is meant, or it is not at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChoiceError {
    /// The file is not a template with state machines, and one was named.
    NoTemplate {
        /// The file.
        file: String,
    },
    /// There are several, and none was named.
    Several {
        /// The file.
        file: String,
        /// How one is chosen.
        option: String,
        /// Their names.
        machines: Vec<String>,
    },
    /// There is none of that name.
    Unknown {
        /// The file.
        file: String,
        /// The name.
        name: String,
        /// The names that there are.
        machines: Vec<String>,
    },
    /// The definition is not at hand.
    Missing(Missing),
}

impl Display for ChoiceError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let list = |machines: &[String]| {
            machines.iter().map(|machine| format!("`{machine}`")).collect::<Vec<_>>().join(", ")
        };
        match self {
            Self::NoTemplate { file } => {
                write!(
                    formatter,
                    "`{file}` is not a template with state machines: there is nothing to choose"
                )
            }
            Self::Several { file, option, machines } => {
                let names = list(machines);
                write!(
                    formatter,
                    "`{file}` has several state machines: choose one with `{option}` from {names}"
                )
            }
            Self::Unknown { file, name, machines } => {
                write!(formatter, "there is no state machine `{name}` in `{file}`; ")?;
                match closest(name, machines.iter().map(String::as_str)) {
                    Some(like) => write!(formatter, "did you mean `{like}`?"),
                    None => write!(formatter, "it has {}", list(machines)),
                }
            }
            Self::Missing(missing) => formatter.write_str(missing.reason()),
        }
    }
}

impl Error for ChoiceError {}
