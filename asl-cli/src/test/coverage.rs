//! What tests have used of definitions.
//!
//! In: the parts of definitions, and what the program says about its executions. Out: a count for each part.

use super::definition::{Key, PartKind, TestedPart};
use super::execute::{Results, Tested};
use super::suite::Suite;
use asl_compiler::source::SourceFile;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt;

/// A definition and how often its parts were used.
#[derive(Debug)]
pub(crate) struct Covered<'a> {
    pub(crate) definition: &'a SourceFile,
    pub(crate) parts: Vec<(&'a TestedPart, u64)>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) used: usize,
    pub(crate) all: usize,
}

impl Share {
    /// Whether it is so many percent; of nothing, all is used.
    pub(crate) const fn is_at_least(self, percent: u8) -> bool {
        self.used * 100 >= self.all * (percent as usize)
    }

    /// In tenths of a percent, rounded down, so that only all is 100 %.
    const fn permille(self) -> usize {
        match (self.used * 1000).checked_div(self.all) {
            Some(permille) => permille,
            None => 1000,
        }
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let permille = self.permille();
        write!(f, "{} of {}, {}.{} %", self.used, self.all, permille / 10, permille % 10)
    }
}

/// Counts for each definition, those of several test files together.
pub(super) fn count<'a>(suites: &'a [Suite], results: &Results) -> Vec<Covered<'a>> {
    let mut covered: Vec<Covered<'a>> = Vec::new();
    for (suite, tested) in suites.iter().zip(results) {
        let (definition, title) = (&suite.definition, suite.definition.title());
        let is_this = |covered: &Covered<'_>| covered.definition.title() == title;
        let place = covered.iter().position(is_this).unwrap_or_else(|| {
            let parts = suite.outline.parts.iter().map(|part| (part, 0)).collect();
            covered.push(Covered { definition, parts });
            covered.len() - 1
        });
        for (part, count) in covered.get_mut(place).into_iter().flat_map(|covered| &mut covered.parts) {
            *count += tested.iter().map(|tested| uses(part, tested)).sum::<u64>();
        }
    }
    covered
}

/// What is used of all definitions.
pub(super) fn total(covered: &[Covered<'_>]) -> Share {
    let parts = covered.iter().flat_map(|covered| &covered.parts);
    parts.fold(Share::default(), |share, (_, count)| share.with(*count))
}

impl Share {
    const fn with(self, count: u64) -> Self {
        Self { used: self.used + (count > 0) as usize, all: self.all + 1 }
    }
}

impl Covered<'_> {
    /// What is used of a kind.
    pub(crate) fn share(&self, kind: PartKind) -> Share {
        let parts = self.parts.iter().filter(|(part, _)| part.kind == kind);
        parts.fold(Share::default(), |share, (_, count)| share.with(*count))
    }

    /// The parts that were not used, in the order of the text. Of a state that was never entered, nothing was.
    pub(crate) fn unused(&self) -> Vec<&TestedPart> {
        let unused = || self.parts.iter().filter(|(_, count)| *count == 0).map(|(part, _)| *part);
        let never_entered: BTreeSet<_> =
            unused().filter(|part| part.kind == PartKind::State).map(|part| part.state.as_str()).collect();
        let says_more =
            |part: &&TestedPart| part.kind == PartKind::State || !never_entered.contains(part.state.as_str());
        let mut unused: Vec<_> = unused().filter(says_more).collect();
        unused.sort_by_key(|part| part.line);
        unused
    }

    /// The same as JSON.
    pub(crate) fn to_json(&self) -> Value {
        let mut kinds = Map::new();
        for kind in PartKind::ALL {
            let Share { used, all } = self.share(kind);
            kinds.insert(kind.name().to_owned(), json!({ "used": used, "all": all }));
        }
        let parts = self.parts.iter().map(|(part, count)| {
            json!({
                "kind": part.kind.name(),
                "state": part.state,
                "text": part.text,
                "to": part.to,
                "line": part.line,
                "count": count,
            })
        });
        let mut covered =
            json!({ "file": self.definition.name(), "totals": kinds, "parts": parts.collect::<Value>() });
        if let (Some(machine), Some(covered)) = (self.definition.machine(), covered.as_object_mut()) {
            covered.insert("machine".to_owned(), machine.into());
        }
        covered
    }
}

/// How often an execution has used a part.
fn uses(part: &TestedPart, tested: &Tested) -> u64 {
    let Some(coverage) = tested.field("coverage") else { return 0 };
    let rows = coverage.get(part.kind.name()).and_then(Value::as_array).into_iter().flatten();
    let rows = rows.filter_map(Value::as_array).filter(|row| row.first() == Some(&json!(part.state)));
    let key = match &part.key {
        Key::Only => None,
        Key::To(state) => Some(json!(state)),
        Key::Number(number) => Some(json!(number)),
        Key::Default => Some(Value::Null),
    };
    let mut rows = rows.filter(|row| key.is_none() || row.get(1) == key.as_ref());
    rows.next().and_then(|row| row.last()?.as_u64()).unwrap_or_default()
}
