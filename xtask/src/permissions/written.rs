//! Writes the table as text, so that what a new version of the sources changes can be read in a diff.

use super::Names;
use super::reference::{Action, Reference, Service};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The sources, the prefixes and names that differ, the parameters that name roles, and a section for each prefix of IAM.
pub(super) fn table(
    source: &str,
    prefixes: &BTreeMap<String, String>,
    names: &Names,
    roles: &BTreeMap<&str, BTreeSet<&str>>,
    reference: &Reference,
) -> String {
    let mut text = format!("{source}\n[prefixes]\n");
    for (service, prefix) in prefixes.iter().filter(|(service, prefix)| service != prefix) {
        let _ = writeln!(text, "{service} {prefix}");
    }
    text.push_str("[names]\n");
    for ((service, action), of_iam) in names {
        let _ = writeln!(text, "{service}:{action} {}", of_iam.join(" "));
    }
    text.push_str("[roles]\n");
    for (service, parameters) in roles.iter().filter(|(_, parameters)| !parameters.is_empty()) {
        let parameters: Vec<_> = parameters.iter().copied().collect();
        let _ = writeln!(text, "{service} {}", parameters.join(" "));
    }
    for (prefix, service) in &reference.services {
        let _ = writeln!(text, "[{prefix}]");
        section(&mut text, service);
    }
    text
}

/// The forms of ARNs, and the actions, those with the same types together.
fn section(text: &mut String, service: &Service) {
    for (name, arn) in &service.types {
        let _ = writeln!(text, "{name} {arn}");
    }
    let mut groups: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for action in service.actions.values() {
        groups.entry(head(action)).or_default().push(&action.name);
    }
    for (head, actions) in groups {
        let _ = writeln!(text, ">{head}\n{}", actions.join(" "));
    }
}

/// `table* index`: the types of an action, the required ones with a star.
fn head(action: &Action) -> String {
    let types =
        action.types.iter().map(|(name, required)| format!("{name}{}", if *required { "*" } else { "" }));
    types.collect::<Vec<_>>().join(" ")
}
