//! Stage 6: a checked machine to [`ir`].
//!
//! In: a [`CheckedMachine`]. Out: an [`ir::Machine`], in which every state and every expression has its Rust names. Cannot fail, and reports nothing.

mod cases;

use crate::checked::Expressions;
use crate::definition;
use crate::identifiers::Identifiers;
use crate::ir::{self, Settings};
use crate::proof::CheckedMachine;
use crate::resolve::Machine;
use crate::source::SourceFile;

/// Lowers a machine.
#[must_use]
pub(crate) fn lower(machine: CheckedMachine<'_>, source: &SourceFile, settings: Settings) -> ir::Machine {
    let mut identifiers = Identifiers::default();
    let states = machine.states.into_iter();
    let mut states: Vec<_> =
        states.map(|(state, work)| named(state, source, &mut identifiers, work)).collect();
    for state in &mut states {
        if let ir::Work::Choice(choice) = &mut state.work {
            cases::find(&mut choice.rules);
        }
        name_expressions(state, &mut identifiers);
    }
    ir::Machine {
        comment: machine.comment.map(str::to_owned),
        start_at: machine.start_at,
        timeout_seconds: machine.timeout_seconds,
        settings,
        states,
    }
}

/// A machine that has the states of another, as far as their names could be read, and does nothing: it takes the place of one whose
/// definition has errors.
pub(crate) fn stub(machine: Option<&Machine<'_>>, source: &SourceFile) -> ir::Machine {
    let mut identifiers = Identifiers::default();
    let states = machine.map_or(&[][..], |machine| &machine.states);
    let mut states: Vec<_> =
        states.iter().map(|state| named(state.definition, source, &mut identifiers, nothing())).collect();
    if states.is_empty() {
        let (variant, function) = identifiers.assign("stub");
        let name = variant.clone();
        let (work, expressions) = (nothing(), Vec::new());
        states.push(ir::State { name, variant, function, line: 0, comment: None, work, expressions });
    }
    ir::Machine {
        comment: None,
        start_at: ir::StateId(0),
        timeout_seconds: None,
        settings: Settings::default(),
        states,
    }
}

const fn nothing() -> ir::Work {
    let output = ir::Output::Selection(ir::Selection::Whole);
    ir::Work::Succeed(ir::Succeed { input: ir::Selection::Whole, output })
}

fn named(
    state: &definition::State,
    source: &SourceFile,
    identifiers: &mut Identifiers,
    work: ir::Work,
) -> ir::State {
    let (variant, function) = identifiers.assign(&state.name.value);
    ir::State {
        name: state.name.value.clone(),
        variant,
        function,
        line: source.line(state.name.span.start),
        comment: state.comment.clone(),
        work,
        expressions: Vec::new(),
    }
}

/// Names the functions of expressions, after all states have theirs.
fn name_expressions(state: &mut ir::State, identifiers: &mut Identifiers) {
    let ir::State { function, work, expressions, .. } = state;
    work.each_expression(&mut |expression| {
        expression.function = identifiers.assign(&format!("{function} {}", expression.field)).1;
        expressions.push(expression.clone());
    });
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
