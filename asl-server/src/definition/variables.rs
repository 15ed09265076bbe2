//! Which variables states use.
//!
//! In: a definition. Out: `variableReferences` of the API: the names of the variables by the names of the states that read them.

use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::ir::Root;
use asl_compiler::json::Value;
use asl_compiler::{definition, jsonata, resolve};
use serde_json::Map;
use std::collections::BTreeSet;

/// The variables that each state reads; states that read none are not there.
pub(super) fn references(value: &Value) -> Map<String, serde_json::Value> {
    let mut unheard = Diagnostics::default();
    let Some(definition) = definition::parse(value, &mut unheard) else { return Map::new() };
    let machine = resolve::resolve(&definition, &mut unheard);
    let read = machine.states.iter().filter_map(|state| {
        let variables = variables(state.definition);
        let names = || variables.iter().map(|name| serde_json::Value::from(name.as_str())).collect();
        (!variables.is_empty()).then(|| (state.definition.name.value.clone(), names()))
    });
    read.collect()
}

fn variables(state: &definition::State) -> BTreeSet<String> {
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
