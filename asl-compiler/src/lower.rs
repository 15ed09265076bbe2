//! Stage 5: a resolved machine without errors to [`ir`].
//!
//! In: a [`resolve::Machine`](crate::resolve::Machine). Out: an [`ir::Machine`], in which nothing is left open: defaults are filled in, constants are folded,
//! every state has its Rust names. Reports nothing: what cannot be lowered was reported by an earlier stage, and then there is no machine.

mod choice;
mod map;
mod template;
mod work;

use crate::identifiers::Identifiers;
use crate::ir;
use crate::resolve::{Machine, State};
use crate::source::SourceFile;

/// What the machine is compiled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// The result of `http:invoke` is replaced by its `ResponseBody`.
    pub unwrap_response_body: bool,
    /// Choice states tell which rule they take.
    pub tell_rules: bool,
    /// States tell what their data is after each of their fields.
    pub tell_stages: bool,
}

/// Lowers a machine; nothing if an earlier stage has reported an error.
#[must_use]
pub(crate) fn lower(machine: &Machine<'_>, source: &SourceFile, settings: Settings) -> Option<ir::Machine> {
    let mut identifiers = Identifiers::default();
    let mut states = Vec::new();
    for state in &machine.states {
        let work = work::lower(state, &work::Lowering { machine, settings })?;
        states.push(named(state, source, &mut identifiers, work));
    }
    name_expressions(&mut states, &mut identifiers);
    Some(ir::Machine {
        comment: machine.definition.comment.clone(),
        start_at: machine.start(crate::resolve::ScopeId(0))?,
        timeout_seconds: machine.definition.timeout_seconds,
        tells_stages: settings.tell_stages,
        states,
    })
}

/// A machine that has the states of another, as far as their names could be read, and does nothing: it takes the place of one whose
/// definition has errors.
pub(crate) fn stub(machine: Option<&Machine<'_>>, source: &SourceFile) -> ir::Machine {
    let mut identifiers = Identifiers::default();
    let states = machine.map_or(&[][..], |machine| &machine.states);
    let mut states: Vec<_> =
        states.iter().map(|state| named(state, source, &mut identifiers, nothing())).collect();
    if states.is_empty() {
        let (variant, function) = identifiers.assign("stub");
        let name = variant.clone();
        states.push(ir::State { name, variant, function, line: 0, comment: None, work: nothing() });
    }
    ir::Machine {
        comment: None,
        start_at: ir::StateId(0),
        timeout_seconds: None,
        tells_stages: false,
        states,
    }
}

const fn nothing() -> ir::Work {
    let output = ir::Output::Selection(ir::Selection::Whole);
    ir::Work::Succeed(ir::Succeed { input: ir::Selection::Whole, output })
}

fn named(state: &State<'_>, source: &SourceFile, identifiers: &mut Identifiers, work: ir::Work) -> ir::State {
    let name = &state.definition.name;
    let (variant, function) = identifiers.assign(&name.value);
    ir::State {
        name: name.value.clone(),
        variant,
        function,
        line: source.line(name.span.start),
        comment: state.definition.comment.clone(),
        work,
    }
}

/// Names the functions of expressions, after all states have theirs.
fn name_expressions(states: &mut [ir::State], identifiers: &mut Identifiers) {
    for state in states {
        for expression in state.work.expressions_mut() {
            expression.function = identifiers.assign(&format!("{} {}", state.function, expression.field)).1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ir::{Constant, Machine, StateId, Template, Transition, Work};
    use crate::source::SourceFile;
    use crate::{Options, check};

    fn lowered(text: &str) -> Machine {
        let analysis = check(&SourceFile::new("machine.asl.json", text), &Options::default());
        assert_eq!(analysis.diagnostics, []);
        analysis.machine.unwrap()
    }

    #[test]
    fn inner_states_follow_the_state_that_holds_them() {
        let machine = lowered(
            r#"{ "StartAt": "Fork", "States": {
                "Last": { "Type": "Succeed" },
                "Fork": { "Type": "Parallel", "Next": "Last", "Branches": [
                    { "StartAt": "B", "States": { "A": { "Type": "Succeed" }, "B": { "Type": "Pass", "Next": "A" } } },
                    { "StartAt": "C", "States": { "C": { "Type": "Succeed" } } } ] } } }"#,
        );
        let names: Vec<_> = machine.states.iter().map(|state| (state.name.as_str(), state.line)).collect();
        assert_eq!(names, [("Last", 2), ("Fork", 3), ("A", 4), ("B", 4), ("C", 5)]);
        assert_eq!(machine.start_at, StateId(1));
        let Work::Parallel(fork) = &machine.states[1].work else { panic!("a Parallel state") };
        assert_eq!(fork.branches, [StateId(3), StateId(4)]);
        assert_eq!(fork.after.transition, Transition::Next(StateId(0)));
    }

    #[test]
    fn parts_of_a_template_that_look_nothing_up_are_constants() {
        let machine = lowered(
            r#"{ "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true,
                "Parameters": { "all": [1, { "a": null }], "one": ["x", { "b.$": "$.b" }] } } } }"#,
        );
        let Work::Pass(pass) = &machine.states[0].work else { panic!("a Pass state") };
        let Some(Template::Object(members)) = &pass.parameters else { panic!("an object") };
        assert!(matches!(&members[0], (name, Template::Constant(Constant::Array(_))) if name == "all"));
        let Template::Array(elements) = &members[1].1 else { panic!("an array") };
        assert_eq!(elements[0], Template::Constant(Constant::String("x".to_owned())));
        let Template::Object(inner) = &elements[1] else { panic!("an object") };
        assert!(matches!(&inner[0], (name, Template::Path { field, .. }) if name == "b" && field == "b.$"));
    }

    #[test]
    fn a_result_of_null_counts_as_absent() {
        let machine = lowered(
            r#"{ "StartAt": "P", "States": { "P": { "Type": "Pass", "Result": null, "End": true } } }"#,
        );
        let Work::Pass(pass) = &machine.states[0].work else { panic!("a Pass state") };
        assert_eq!(pass.result, None);
    }
}
