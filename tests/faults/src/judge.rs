//! Whether the compiler finds a fault, and at the right line.

use crate::{Fault, Workflow};
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::source::SourceFile;
use asl_compiler::{Options, check};
use std::collections::{BTreeMap, HashSet};

/// What the compiler says about a definition before there is a fault in it.
#[derive(Debug)]
pub struct Judge {
    name: String,
    options: Options,
    /// What it says anyway, which finds no fault.
    known: HashSet<String>,
}

/// How many faults there were, and which of them were not found.
#[derive(Debug, Default)]
pub struct Score {
    /// For each kind: how many there were, and those not found, each with the lines and what was said instead.
    pub kinds: BTreeMap<&'static str, (usize, Vec<String>)>,
}

impl Judge {
    /// Checks a definition as it is.
    #[must_use]
    pub fn new(workflow: &Workflow, options: Options) -> Self {
        let known =
            check(workflow.source(), &options).diagnostics.into_iter().map(|found| found.message).collect();
        Self { name: workflow.source().name().to_owned(), options, known }
    }

    /// None if the fault is found where it is; otherwise what is said instead.
    #[must_use]
    pub fn miss(&self, fault: &Fault) -> Option<String> {
        let source = SourceFile::new(self.name.clone(), fault.text.clone());
        let found = check(&source, &self.options).diagnostics;
        let counts = |found: &&Diagnostic| !fault.is_certain || found.severity == Severity::Error;
        let new = found.iter().filter(|found| !self.known.contains(&found.message)).filter(counts);
        let said: Vec<_> = new
            .map(|found| (source.line(found.span.start), format!("{} [{}]", found.message, found.code)))
            .collect();
        if said.iter().any(|(line, _)| fault.lines.contains(line)) {
            return None;
        }
        let said: Vec<_> = said.into_iter().map(|(line, text)| format!("      {line}: {text}")).collect();
        Some(said.join("\n"))
    }
}

impl Score {
    /// Counts a fault.
    pub fn count(&mut self, judge: &Judge, fault: &Fault) {
        let (all, misses) = self.kinds.entry(fault.kind).or_default();
        *all += 1;
        if let Some(said) = judge.miss(fault) {
            misses.push(format!("{}:{} {}\n{said}", judge.name, fault.lines.start(), fault.what));
        }
    }

    /// How many faults there were.
    #[must_use]
    pub fn all(&self) -> usize {
        self.kinds.values().map(|(all, _)| all).sum()
    }

    /// How many of them were not found.
    #[must_use]
    pub fn missed(&self) -> usize {
        self.kinds.values().map(|(_, misses)| misses.len()).sum()
    }

    /// Whether fewer than so many per cent were found.
    #[must_use]
    pub fn is_below(&self, percent: usize) -> bool {
        (self.all() - self.missed()) * 100 < self.all() * percent
    }

    /// The kinds of which fewer than so many per cent were found.
    pub fn weak(&self, percent: usize) -> impl Iterator<Item = &'static str> {
        let found = move |all: usize, misses: &[String]| (all - misses.len()) * 100 < all * percent;
        self.kinds.iter().filter(move |(_, (all, misses))| found(*all, misses)).map(|(kind, _)| *kind)
    }

    /// A line for each kind, and below it some of what was not found.
    #[must_use]
    pub fn show(&self, examples: usize) -> String {
        let mut lines = vec![format!("{} faults, {} not found", self.all(), self.missed())];
        for (kind, (all, misses)) in &self.kinds {
            lines.push(format!("{kind:34} {:5} of {all:5}", all - misses.len()));
            lines.extend(misses.iter().take(examples).map(|miss| format!("    {miss}")));
        }
        lines.join("\n")
    }
}
