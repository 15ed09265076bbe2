//! `asl explain`: shows the page about a kind of problem. The pages are part of the program.

use crate::answer::{Answers, Format, Outcome};
use crate::options::parse_code;
use asl_compiler::code::Code;
use clap::Args;
use serde_json::{Value, json};

/// Explain a kind of problem, with a wrong and a right example
///
/// Exit code: 0 if there is such a code, 2 if not.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl explain\n\
\x20 asl explain unknown-state")]
pub(crate) struct Arguments {
    /// The code of the problem, such as `unknown-state`; without it all codes are listed
    #[arg(value_parser = parse_code)]
    code: Option<Code>,

    /// For whom the page is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.format
    }

    /// Prints the page of a code, or the list of codes.
    fn answer(&self) -> Result<Outcome, String> {
        let Some(code) = self.code else {
            self.format.print(list, || Code::ALL.iter().map(|code| about(*code)).collect());
            return Ok(Outcome::Fine);
        };
        let page = page(code).ok_or_else(|| format!("there is no page about `{code}`"))?;
        let with_page = || json!({ "code": code.as_str(), "summary": code.summary(), "page": page });
        self.format.print(|| page.to_owned(), with_page);
        Ok(Outcome::Fine)
    }
}

fn about(code: Code) -> Value {
    json!({ "code": code.as_str(), "summary": code.summary() })
}

fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or_default();
    Code::ALL.iter().map(|code| format!("{:width$}  {}\n", code.as_str(), code.summary())).collect()
}

/// The page about a code.
pub(crate) fn page(code: Code) -> Option<&'static str> {
    PAGES.iter().find(|(name, _)| *name == code.as_str()).map(|(_, page)| *page)
}

macro_rules! pages {
    ($($name:literal)*) => {
        /// The pages under `docs/diagnostics/`.
        const PAGES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../diagnostics/", $name, ".md"))),)*];
    };
}

pages! {
    "invalid-utf8"
    "invalid-json"
    "invalid-yaml"
    "ambiguous-yaml"
    "not-a-definition"
    "duplicate-key"
    "number-out-of-range"
    "nested-too-deeply"
    "file-too-large"
    "too-many-parts"
    "too-many-states"
    "wrong-type"
    "invalid-value"
    "missing-field"
    "unknown-field"
    "null-field"
    "exclusive-fields"
    "unknown-state-type"
    "unresolved-placeholder"
    "context-as-data"
    "expression-as-text"
    "text-as-filter"
    "path-as-text"
    "payload-too-large"
    "polling-without-wait"
    "wait-without-timeout"
    "endless-retry"
    "invalid-state-name"
    "duplicate-state-name"
    "duplicate-label"
    "unknown-state"
    "transition-out-of-scope"
    "unreachable-state"
    "no-terminal-state"
    "next-and-end"
    "invalid-path"
    "invalid-reference-path"
    "unknown-context-field"
    "invalid-intrinsic"
    "unknown-intrinsic"
    "template-key-clash"
    "negative-index"
    "index-list"
    "slice-step"
    "double-quotes-in-path"
    "name-cut-short"
    "ignored-in-brackets"
    "path-function"
    "names-inside-path"
    "index-after-descent"
    "ignored-in-filter"
    "not-equal-to-missing"
    "null-in-filter"
    "pattern-missing"
    "invalid-jsonata"
    "unknown-function"
    "wrong-arguments"
    "wrong-operand"
    "no-context"
    "unknown-states-field"
    "invalid-variable-name"
    "duplicate-variable"
    "unknown-variable"
    "variable-never-assigned"
    "variable-possibly-undefined"
    "path-not-in-data"
    "undefined-reference"
    "invalid-schema"
    "items-may-be-one"
    "items-not-an-array"
    "result-path-into-non-object"
    "comparison-never-holds"
    "rule-never-reached"
    "unknown-error-name"
    "misplaced-states-all"
    "invalid-timestamp"
    "invalid-pattern"
    "choice-not-exhaustive"
    "needs-distributed-map"
    "duplicate-csv-header"
    "invalid-resource"
    "invalid-parameter"
    "unknown-action"
    "unknown-parameter"
    "unknown-value"
    "error-not-caught"
    "duplicate-error-name"
    "error-never-raised"
    "missing-task-token"
    "path-not-in-result"
    "credentials-ignored"
    "aws-needs-connection"
    "aws-needs-standard"
    "aws-needs-https"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        for code in Code::ALL {
            assert!(
                page(*code).is_some(),
                "docs/diagnostics/{code}.md is missing, or not in the list of pages"
            );
        }
        for (name, _) in PAGES {
            assert!(Code::ALL.iter().any(|code| code.as_str() == *name), "`{name}` is not a code any more");
        }
    }

    #[test]
    fn every_page_has_its_parts() {
        for (name, page) in PAGES {
            assert!(page.starts_with(&format!("# `{name}`\n")), "{name}: the title");
            for part in ["\n## Wrong\n", "\n## Why\n", "\n## Right\n"] {
                assert!(page.contains(part), "{name}: {part:?}");
            }
        }
    }
}
