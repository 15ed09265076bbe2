//! The front of the compiler as one step: text in, the lowered machine and all diagnostics out.
//!
//! A stage that has reported errors is still followed by the next as far as its result allows, so that one mistake
//! hides no other; only lowering waits for a definition without errors.

use crate::check::check as check_rules;
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::options::{HttpResult, Options};
use crate::read::read_definition;
use crate::shape::Shape;
use crate::source::{SourceFile, Span};
use crate::unresolved::Placeholders;
use crate::vocabulary::MachineType;
use crate::{definition, ir, lower, proof, resolve, shape};
use std::borrow::Cow;

/// What the front of the compiler found out about a definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The machine; there if there are no errors, and no placeholder without a value where something else than a text has to be.
    pub(crate) machine: Option<ir::Machine>,
    /// Errors and warnings in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// The definition as JSON, where it is not the whole text of its file.
    pub(crate) written: Option<String>,
    /// The states as far as they could be read, where there are errors.
    pub(crate) stub: Option<ir::Machine>,
    /// What is known about the output of the machine, if it can end well.
    pub(crate) output: Option<Shape>,
}

impl Analysis {
    /// Whether a machine came of the definition: there are no errors, and no placeholder without a value where something else than a text
    /// has to be.
    #[must_use]
    pub const fn has_machine(&self) -> bool {
        self.machine.is_some()
    }
}

/// Checks a definition and lowers it. Nothing is reported about placeholders that still have no value: [`compile`](crate::compile) needs
/// them, and something else may put them in.
///
/// ```
/// use asl_compiler::{Options, check, source::SourceFile};
///
/// let source = SourceFile::new("hello.asl.json", r#"{ "StartAt": "Hi", "States": { "Hi": { "Type": "Succeed" } } }"#);
/// let analysis = check(&source, &Options::default());
/// assert!(analysis.diagnostics.is_empty());
/// assert!(analysis.has_machine());
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
    let Found { machine, written, stub, output } = run(source, options, &mut diagnostics).unwrap_or_default();
    let mut diagnostics = diagnostics.into_sorted();
    diagnostics.retain(|found| found.severity == Severity::Error || !options.allow.contains(&found.code));
    diagnostics.retain(|found| !found.code.is_on_request() || options.warn.contains(&found.code));
    Analysis { machine, diagnostics, written, stub, output }
}

/// What was found out besides diagnostics.
#[derive(Default)]
struct Found {
    machine: Option<ir::Machine>,
    written: Option<String>,
    stub: Option<ir::Machine>,
    output: Option<Shape>,
}

fn run(source: &SourceFile, options: &Options, diagnostics: &mut Diagnostics) -> Option<Found> {
    let read = read_definition(source, options, diagnostics)?;
    let options = match read.machine_type {
        Some(MachineType::Express) => {
            Cow::Owned(Options { machine_type: MachineType::Express, ..options.clone() })
        }
        Some(MachineType::Standard) | None => Cow::Borrowed(options),
    };
    let mut found = options.diagnostics();
    let definition =
        definition::parse(&read.value, &mut found).filter(|definition| !definition.is_too_large());
    let mut output = None;
    let machine = definition.as_ref().map(|definition| {
        let machine = resolve::resolve(definition, options.profile, &mut found);
        let solution = (!options.ignore_data).then(|| solve(&machine, &options, found.faults()));
        check_rules(&machine, &options, solution.as_ref(), &mut found);
        if let Some(solution) = &solution {
            shape::report(&machine, solution, options.file_name_for_help.as_deref(), &mut found);
            output = solution.end().cloned();
        }
        machine
    });
    let found =
        Placeholders::of(&read.value).settle(found.into_sorted(), options.file_name_for_help.is_some());
    found.into_iter().for_each(|found| diagnostics.push(found));
    let machine = machine?;
    let Ok(checked) = proof::prove(&machine, diagnostics) else {
        return Some(Found { stub: Some(lower::stub(Some(&machine), source)), ..Found::default() });
    };
    let settings = ir::Settings {
        unwrap_response_body: options.http_result == HttpResult::Body,
        tell_rules: options.tell_rules,
        tell_stages: options.tell_stages,
    };
    let machine = lower::lower(checked, source, settings);
    Some(Found {
        machine: Some(machine),
        written: read.is_part.then(|| read.value.to_string()),
        stub: None,
        output,
    })
}

/// Follows the data through the machine; of states with faults in them it is not known what they were to do.
fn solve(machine: &resolve::Machine<'_>, options: &Options, faults: Vec<Span>) -> shape::Solution {
    let http_body = options.http_result == HttpResult::Body;
    shape::solve(machine, &shape::Settings { http_body, input: options.input.clone(), faults })
}
