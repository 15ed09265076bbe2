//! The text of a definition with its lines numbered, and under each line what the compiler has to say of it.

use crate::console::frame::icon;
use crate::console::json::{prose, visible};
use crate::console::story::cut;
use crate::console::words;
use crate::control::StateMachine;
use crate::control::machines::{MachineType, Settings};
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::fixes::{Fix, fixes};
use asl_compiler::source::SourceFile;
use maud::{Markup, html};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many lines are shown.
const LINES: usize = 4_000;

/// A definition with what was found in it.
#[derive(Debug)]
pub(crate) struct Checked {
    source: SourceFile,
    options: asl_compiler::Options,
    pub(crate) found: Vec<Diagnostic>,
}

impl Checked {
    /// Checks a definition as the server does when a machine is made of it, and says all that the compiler sees besides.
    pub(crate) fn of(definition: &str, r#type: MachineType) -> Self {
        let source = SourceFile::new("definition.asl.json", definition);
        let options = asl_compiler::Options { ignore_data: false, ..crate::definition::options(r#type) };
        let found = asl_compiler::check(&source, &options).diagnostics;
        Self { source, options, found }
    }

    pub(crate) fn errors(&self) -> usize {
        self.found.iter().filter(|found| found.severity == Severity::Error).count()
    }

    /// The first of them, in the order of the text.
    pub(crate) fn first_error(&self) -> Option<&Diagnostic> {
        self.found.iter().find(|found| found.severity == Severity::Error)
    }

    pub(crate) fn warnings(&self) -> usize {
        self.found.len() - self.errors()
    }

    /// The change that mends a problem, if there is only one that does.
    fn fix(&self, problem: &Diagnostic) -> Option<Fix> {
        let mut fixes = fixes(&self.source, &self.options, &self.found, problem);
        fixes.pop().filter(|_| fixes.is_empty())
    }

    /// The text after a problem is mended, by its place among those that were found.
    pub(crate) fn mended(&self, number: usize) -> Option<String> {
        let Fix { span, text, .. } = self.fix(self.found.get(number)?)?;
        let (before, after) = (self.source.text().get(..span.start)?, self.source.text().get(span.end..)?);
        Some(format!("{before}{text}{after}"))
    }

    /// A change as a script makes it: from where to where in units of UTF-16, and what is there then.
    fn edit(&self, fix: &Fix) -> Option<String> {
        let units = |end: usize| Some(self.source.text().get(..end)?.encode_utf16().count());
        Some(serde_json::json!([units(fix.span.start)?, units(fix.span.end)?, fix.text]).to_string())
    }

    pub(crate) fn line_of(&self, found: &Diagnostic) -> usize {
        self.source.line(found.span.start)
    }
}

/// How many warnings machines have, each checked once as long as its definition stays the same.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Mutex<HashMap<String, (Arc<Settings>, usize)>>);

/// So many machines are known before they are forgotten: those that were deleted go with them.
const KNOWN: usize = 1_000;

impl Warnings {
    pub(crate) fn of(&self, machine: &StateMachine) -> usize {
        let settings = &machine.revision.settings;
        if let Some((known, warnings)) = self.known().get(&machine.name)
            && Arc::ptr_eq(known, settings)
        {
            return *warnings;
        }
        let warnings = Checked::of(&settings.definition, machine.r#type).warnings();
        let mut known = self.known();
        if known.len() >= KNOWN {
            known.clear();
        }
        known.insert(machine.name.clone(), (Arc::clone(settings), warnings));
        warnings
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, (Arc<Settings>, usize)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The class and the symbol of a problem.
const fn shown(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("bad", "bad"),
        Severity::Warning => ("warn", "warn"),
    }
}

/// The text, with problems under their lines.
pub(crate) fn source(checked: &Checked) -> Markup {
    let of_line = |line: usize| checked.found.iter().filter(move |found| checked.line_of(found) == line);
    html! {
        div.src tabindex="0" role="region" aria-label="Definition, scrollable" {
            @for (place, text) in checked.source.text().lines().take(LINES).enumerate() {
                @let line = place + 1;
                @let worst = of_line(line).map(|found| found.severity).min();
                div class={ "l " @if let Some(worst) = worst { (shown(worst).0) } } id={ "L" (line) } {
                    span.g aria-hidden="true" { @if worst.is_some() { "●" } }
                    span.no { (line) }
                    span { (coloured(text)) }
                }
                @for found in of_line(line) {
                    div class={ "diag " (shown(found.severity).0) } {
                        p.m { (prose(&found.message)) }
                        @if !found.label.is_empty() { p { (prose(&found.label)) } }
                        @for help in &found.help { p { (prose(help)) } }
                        p.dim { code { "asl explain " (found.code.as_str()) } }
                    }
                }
            }
        }
    }
}

/// A line of JSON with its names, texts and numbers in colours.
pub(crate) fn coloured(line: &str) -> Markup {
    let line = visible(line);
    let mut rest = line.as_str();
    let mut parts = Vec::new();
    while let Some(at) = rest.find('"') {
        let (before, from) = rest.split_at(at);
        let length = closing(from);
        let (text, after) = from.split_at(length);
        let class = match (after.trim_start().starts_with(':'), text.contains("{%")) {
            (true, _) => "k",
            (false, true) => "x",
            (false, false) => "s",
        };
        parts.push(html! { (before) span class=(class) { (text) } });
        rest = after;
    }
    html! { @for part in &parts { (part) } (rest) }
}

/// The length of a text in quotation marks, with these.
fn closing(from: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in from.char_indices().skip(1) {
        match c {
            '"' if !is_escaped => return at + 1,
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    from.len()
}

/// So many problems are offered to be mended: each is tried by checking the text again.
const FIXED: usize = 12;

/// The problems as a list, each with the line that it is at, and a button where one change mends it.
pub(crate) fn problems(checked: &Checked) -> Markup {
    html! {
        ul.problems {
            @for (number, found) in checked.found.iter().enumerate() {
                @let line = checked.line_of(found);
                @let fix = (number < FIXED).then(|| checked.fix(found)).flatten();
                li {
                    span class=(shown(found.severity).0) { (icon(shown(found.severity).1)) }
                    div {
                        b { (prose(&found.message)) }
                        p.soft {
                            (prose(&found.label))
                            @for help in &found.help { br; (prose(help)) }
                        }
                        p.dim { code { "asl explain " (found.code.as_str()) } }
                        @if let Some(fix) = &fix {
                            button.btn.sm name="fix" value=(number) formnovalidate data-edit=[checked.edit(fix)] { "Fix: " (visible(&cut(&fix.word, 80))) }
                        }
                    }
                    a.nowrap href={ "#L" (line) } data-jump=(line) { "line " (line) }
                }
            }
        }
    }
}

/// How many problems there are.
pub(crate) fn counts(checked: &Checked) -> Markup {
    let (errors, warnings) = (checked.errors(), checked.warnings());
    html! {
        @if errors > 0 { span.tag.bad { (icon("bad")) (words::count(errors as u64, "error")) } }
        @if warnings > 0 { span.tag.warn { (icon("warn")) (words::count(warnings as u64, "warning")) } }
        @if errors + warnings == 0 { span.tag.ok { (icon("ok")) "no problems" } }
    }
}
