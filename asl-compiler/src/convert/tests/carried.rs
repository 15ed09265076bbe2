//! What is only carried along goes into variables.

use crate::convert::{Manner, to_jsonata};
use crate::options::Options;
use crate::source::SourceFile;

/// What a definition becomes, with the names of the variables.
fn with_variables(definition: &str) -> String {
    let manner = Manner { variables: true, approximately: false };
    let of = |text: &str| to_jsonata(&SourceFile::new("t.asl.json", text), &Options::default(), manner);
    let conversion = of(definition).expect("a conversion");
    let again = of(&conversion.text).expect("what comes out has no errors");
    assert_eq!(again.text, conversion.text, "it changes nothing a second time");
    format!("{:?}\n{}", conversion.variables, conversion.text)
}

#[test]
fn results_for_later_are_variables() {
    insta::assert_snapshot!(with_variables(include_str!("carried/polling.asl.json")));
}

#[test]
fn states_inside_see_the_variables_around_them() {
    insta::assert_snapshot!(with_variables(include_str!("carried/inside.asl.json")));
}

#[test]
fn what_is_needed_whole_is_put_together_again() {
    insta::assert_snapshot!(with_variables(include_str!("carried/joins.asl.json")));
}

#[test]
fn without_the_option_nothing_is_a_variable() {
    let text = include_str!("carried/polling.asl.json");
    let source = SourceFile::new("t.asl.json", text);
    let conversion = to_jsonata(&source, &Options::default(), Manner::default()).expect("a conversion");
    assert!(conversion.variables.is_empty() && !conversion.text.contains("Assign"), "{}", conversion.text);
}
