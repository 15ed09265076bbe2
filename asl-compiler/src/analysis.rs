//! The front of the compiler as one step: text in, the lowered machine and all diagnostics out.
//!
//! A stage that has reported errors is still followed by the next as far as its result allows, so that one mistake
//! hides no other; only lowering waits for a definition without errors.

use crate::check::check as check_rules;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::placeholder::Placeholders;
use crate::read::read_definition;
use crate::shape::Shape;
use crate::source::SourceFile;
use crate::substitute::Substitution;
use crate::{definition, ir, lower, resolve};
use std::borrow::Cow;

/// What a definition is checked for and compiled with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// The file as the user names it in `asl_machine!`, for help texts; nothing if the definition is not compiled by that.
    pub file_name_for_help: Option<String>,
    /// Where the machine has to be accepted.
    pub profile: Profile,
    /// How the machine is executed on AWS.
    pub machine_type: MachineType,
    /// What the result of `http:invoke` is.
    pub http_result: HttpResult,
    /// Suppressed warnings. The only errors that can be suppressed are unknown names of AWS.
    pub allow: Vec<Code>,
    /// Requested warnings, of those that are reported only [on request](Code::is_on_request).
    pub warn: Vec<Code>,
    /// What to put in place of the placeholders of the definition.
    pub substitutions: Vec<Substitution>,
    /// What is known about the data does not count: a definition that AWS accepts, and that must fail when it runs, is compiled.
    pub ignore_data: bool,
    /// Choice states tell which rule they take, for reports of what tests have covered.
    pub tell_rules: bool,
    /// States tell what their data is after each of their fields, for tests of single states.
    pub tell_stages: bool,
    /// What the input of an execution is, as [`schema::read`](crate::shape::schema::read) finds it in a JSON Schema.
    pub input: Shape,
}

/// Where a machine has to be accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// In a program of its own: what only AWS refuses is a warning.
    #[default]
    Local,
    /// On AWS as well: what AWS refuses is an error.
    Aws,
}

/// How a machine is executed on AWS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MachineType {
    /// For up to a year, each step exactly once.
    #[default]
    Standard,
    /// For up to five minutes, without what takes longer: jobs, callbacks, activities and distributed Map states.
    Express,
}

/// What the result of `http:invoke` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HttpResult {
    /// As on AWS: an object of `Headers`, `ResponseBody`, `StatusCode` and `StatusText`.
    #[default]
    Envelope,
    /// The body of the response alone.
    Body,
}

/// What the front of the compiler found out about a definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The machine; there if there are no errors, and no placeholder without a value where something else than a text has to be.
    pub machine: Option<ir::Machine>,
    /// Errors and warnings in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The definition as JSON, where it is not the whole text of its file.
    pub(crate) written: Option<String>,
    /// The states as far as they could be read, where there are errors.
    pub(crate) stub: Option<ir::Machine>,
}

/// Checks a definition and lowers it. Nothing is reported about placeholders that still have no value: [`compile`](crate::compile) needs
/// them, and somebody else may put them in.
///
/// ```
/// use asl_compiler::{Options, check, source::SourceFile};
///
/// let source = SourceFile::new("hello.asl.json", r#"{ "StartAt": "Hi", "States": { "Hi": { "Type": "Succeed" } } }"#);
/// let analysis = check(&source, &Options::default());
/// assert!(analysis.diagnostics.is_empty());
/// assert_eq!(analysis.machine.unwrap().states.len(), 1);
/// ```
#[must_use]
pub fn check(source: &SourceFile, options: &Options) -> Analysis {
    let mut analysis = analyse(source, options);
    analysis.diagnostics.retain(|found| found.code != Code::UnresolvedPlaceholder);
    analysis
}

/// The same as [`check`], with an error for each placeholder that needs a value.
pub(crate) fn analyse(source: &SourceFile, options: &Options) -> Analysis {
    let mut diagnostics = Diagnostics::default();
    let Found { machine, written, stub } = run(source, options, &mut diagnostics).unwrap_or_default();
    let mut diagnostics = diagnostics.into_sorted();
    diagnostics.retain(|found| found.severity == Severity::Error || !options.allow.contains(&found.code));
    diagnostics.retain(|found| !found.code.is_on_request() || options.warn.contains(&found.code));
    Analysis { machine, diagnostics, written, stub }
}

/// Does something with the resolved machine, if the text is that of a definition; the diagnostics are those so far.
pub(crate) fn with_machine<T>(
    source: &SourceFile,
    options: &Options,
    work: impl FnOnce(&resolve::Machine<'_>, &Diagnostics) -> T,
) -> Option<T> {
    let mut diagnostics = Diagnostics::default();
    let read = read_definition(source, options, &mut diagnostics)?;
    let definition = definition::parse(&read.value, &mut diagnostics)?;
    if definition.is_too_large() {
        return None;
    }
    let machine = resolve::resolve(&definition, &mut diagnostics);
    Some(work(&machine, &diagnostics))
}

/// What was found out besides diagnostics.
#[derive(Default)]
struct Found {
    machine: Option<ir::Machine>,
    written: Option<String>,
    stub: Option<ir::Machine>,
}

fn run(source: &SourceFile, options: &Options, diagnostics: &mut Diagnostics) -> Option<Found> {
    let read = read_definition(source, options, diagnostics)?;
    let options = match read.machine_type {
        Some(MachineType::Express) => {
            Cow::Owned(Options { machine_type: MachineType::Express, ..options.clone() })
        }
        Some(MachineType::Standard) | None => Cow::Borrowed(options),
    };
    let mut found = Diagnostics::of(&options);
    let definition =
        definition::parse(&read.value, &mut found).filter(|definition| !definition.is_too_large());
    let machine = definition.as_ref().map(|definition| {
        let machine = resolve::resolve(definition, &mut found);
        check_rules(&machine, &options, &mut found);
        machine
    });
    let found =
        Placeholders::of(&read.value).settle(found.into_sorted(), options.file_name_for_help.is_some());
    found.into_iter().for_each(|found| diagnostics.push(found));
    let machine = machine?;
    if diagnostics.has_errors() {
        return Some(Found { stub: Some(lower::stub(Some(&machine), source)), ..Found::default() });
    }
    let settings = lower::Settings {
        unwrap_response_body: options.http_result == HttpResult::Body,
        tell_rules: options.tell_rules,
        tell_stages: options.tell_stages,
    };
    let machine = lower::lower(&machine, source, settings);
    Some(Found { machine, written: read.is_part.then(|| read.value.to_string()), stub: None })
}
