//! The states of a definition, in whatever scope they are.

use serde_json::Value;

/// Scopes deeper than that are not looked into: no definition that compiles has them.
const DEEP: usize = 200;

/// All states with their names, each before those inside of it.
pub(crate) fn states(definition: &Value) -> Vec<(&str, &Value)> {
    let mut found = Vec::new();
    within(definition, 0, &mut found);
    found
}

/// The state with a name, which is unique in a machine.
pub(crate) fn state<'d>(definition: &'d Value, name: &str) -> Option<&'d Value> {
    states(definition).into_iter().find(|(known, _)| *known == name).map(|(_, state)| state)
}

fn within<'d>(scope: &'d Value, depth: usize, found: &mut Vec<(&'d str, &'d Value)>) {
    for (name, state) in scope.get("States").and_then(Value::as_object).into_iter().flatten() {
        found.push((name, state));
        if depth < DEEP {
            let branches = state.get("Branches").and_then(Value::as_array).into_iter().flatten();
            let inner = branches.chain(state.get("ItemProcessor")).chain(state.get("Iterator"));
            inner.into_iter().for_each(|inner| within(inner, depth + 1, found));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn states_of_branches_and_iterations_are_among_them() {
        let inner = |name: &str| json!({ "StartAt": name, "States": { name: { "Type": "Succeed" } } });
        let definition = json!({ "States": {
            "All": { "Type": "Parallel", "Branches": [inner("One"), inner("Two")] },
            "Each": { "Type": "Map", "ItemProcessor": inner("Item") },
            "Old": { "Type": "Map", "Iterator": inner("Before") } } });
        let names: Vec<_> = states(&definition).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["All", "One", "Two", "Each", "Item", "Old", "Before"]);
        assert_eq!(state(&definition, "Two"), Some(&json!({ "Type": "Succeed" })));
        assert_eq!(state(&definition, "Three"), None);
    }
}
