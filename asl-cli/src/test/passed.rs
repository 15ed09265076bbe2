//! Which suites need not run again while files are watched.
//!
//! In: suites, and what came of them. Out: those that have passed as they are now, by all that decides about them: the test file with what it
//! names, the definition, and how that is compiled. Nothing is read.

use super::execute::{Results, Tested};
use super::suite::Suite;
use crate::options::CompileArguments;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// The suites that have passed.
#[derive(Debug, Default)]
pub(super) struct Passed(HashSet<u64>);

impl Passed {
    /// Takes out the suites that have passed as they are; how many these are.
    pub(super) fn take_out(&self, suites: &mut Vec<Suite>, compile: &CompileArguments) -> usize {
        let before = suites.len();
        suites.retain(|suite| !print_of(suite, compile).is_some_and(|print| self.0.contains(&print)));
        before - suites.len()
    }

    /// Adds those that have passed now.
    pub(super) fn add(&mut self, suites: &[Suite], results: &Results, compile: &CompileArguments) {
        let passed = suites
            .iter()
            .zip(results)
            .filter(|(suite, results)| !suite.has_errors() && results.iter().all(Tested::passed));
        self.0.extend(passed.filter_map(|(suite, _)| print_of(suite, compile)));
    }
}

/// What a suite depends on; nothing where how it is compiled cannot be read.
fn print_of(suite: &Suite, compile: &CompileArguments) -> Option<u64> {
    let options = compile.options_of(suite.definition.path()).ok()?;
    let mut hasher = DefaultHasher::new();
    for text in
        [suite.file.name(), suite.file.text(), suite.definition.title().as_ref(), suite.definition.text()]
    {
        text.hash(&mut hasher);
    }
    format!("{options:?} {:?}", suite.substitutions).hash(&mut hasher);
    // With the files that they name in the place of their names.
    suite.cases.iter().for_each(|case| case.content.to_string().hash(&mut hasher));
    Some(hasher.finish())
}
