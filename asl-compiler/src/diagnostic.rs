//! What the compiler has to say: problems with a code, a place, a label and help.
//!
//! In: every stage adds to one [`Diagnostics`]. Out: read by [`render`](crate::render) and by the doors. Never prints.

use crate::code::Code;
use crate::source::Span;
use std::collections::BTreeSet;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// It fails at run time, or AWS refuses it: nothing is generated.
    Error,
    /// It may be meant that way.
    Warning,
}

/// One problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Which kind of fault, in kebab-case; its page is `docs/diagnostics/<code>.md`.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One line in the user's words: lower case, no final period.
    pub message: String,
    /// The place that is at fault.
    pub span: Span,
    /// What was expected at that place; may be empty.
    pub label: String,
    /// Other places that matter, each with what it has to do with the fault.
    pub related: Vec<(Span, String)>,
    /// What to do about it, one line each.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error or a warning, as the code says by default.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            help: Vec::new(),
        }
    }

    /// The same as an error.
    #[must_use]
    pub(crate) fn into_error(self) -> Self {
        Self { severity: Severity::Error, ..self }
    }

    /// The same as a warning.
    #[must_use]
    pub(crate) fn into_warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// Says what was expected at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Points at another place that matters.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }
}

/// All problems found so far.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// The numbers of those that are about something else than the data.
    aside: BTreeSet<usize>,
    /// What is added is about something else than the data.
    is_aside: bool,
    /// What AWS accepts is only warned of.
    takes_accepted: bool,
    /// The errors that the user has switched off.
    allowed: Vec<Code>,
}

impl Diagnostics {
    /// Adds one, unless it is an error that the user has switched off.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if self.allowed.contains(&diagnostic.code) {
            return;
        }
        if self.is_aside {
            self.aside.insert(self.list.len());
        }
        self.list.push(diagnostic);
    }

    /// None yet. `takes_accepted` where what AWS accepts is only warned of; `allowed` are errors that the user has switched off.
    pub(crate) fn new(takes_accepted: bool, allowed: Vec<Code>) -> Self {
        Self { takes_accepted, allowed, ..Self::default() }
    }

    /// Adds one about what AWS takes when a machine is made, but can never do what was meant: an error, and a warning
    /// under the profile of AWS and where what AWS accepts is compiled.
    pub(crate) fn push_accepted(&mut self, mut diagnostic: Diagnostic) {
        if self.takes_accepted {
            diagnostic.severity = Severity::Warning;
        }
        self.push(diagnostic);
    }

    /// Says whether what is added from now on is about a field that decides nothing about the data; returns what held before.
    pub(crate) const fn set_aside(&mut self, is_aside: bool) -> bool {
        std::mem::replace(&mut self.is_aside, is_aside)
    }

    /// Whether a stage may not be followed by the next.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// The places of the errors that leave it open what happens to the data there.
    pub(crate) fn faults(&self) -> Vec<Span> {
        let about_data = self.list.iter().enumerate().filter(|(number, _)| !self.aside.contains(number));
        let faults =
            about_data.filter(|(_, found)| found.severity == Severity::Error && found.code.is_about_field());
        faults.map(|(_, found)| found.span).collect()
    }

    /// All of them in the order of the text, without repetitions.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
        self.list.dedup();
        self.list
    }
}
