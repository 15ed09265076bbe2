//! Which variables states read.

use crate::diagnostic::Diagnostics;
use crate::json::Value;
use crate::vocabulary::Profile;
use crate::vocabulary::Root;
use crate::{definition, jsonata, resolve};
use std::collections::BTreeSet;

/// For each state of a definition, in whichever machine, the variables that it reads, whether or not all of it is right. States that read none are
/// not there.
#[must_use]
pub fn variables(definition: &Value) -> Vec<(String, BTreeSet<String>)> {
    let mut unheard = Diagnostics::default();
    let Some(definition) = definition::parse(definition, &mut unheard) else { return Vec::new() };
    let machine = resolve::resolve(&definition, Profile::default(), &mut unheard);
    let states =
        machine.states.iter().map(|state| (state.definition.name.value.clone(), read_by(state.definition)));
    states.filter(|(_, variables)| !variables.is_empty()).collect()
}

fn read_by(state: &definition::State) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in state.paths() {
        if let Root::Variable(name) = &path.root {
            found.insert(name.clone());
        }
    }
    for tree in state.expressions().into_iter().filter_map(|expression| expression.tree.as_ref()) {
        let references = jsonata::references(tree).into_iter().filter(jsonata::Reference::is_assigned);
        found.extend(references.map(|reference| reference.name));
    }
    found
}
