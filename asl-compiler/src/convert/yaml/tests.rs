//! YAML that is changed.

use crate::convert::{Manner, Refusal, to_jsonata};
use crate::options::Options;
use crate::source::SourceFile;

fn converted(text: &str) -> Result<String, Refusal> {
    let manner = Manner { approximately: false, variables: true };
    to_jsonata(&SourceFile::new("t.asl.yaml", text), &Options::default(), manner)
        .map(|conversion| conversion.text)
}

#[test]
fn comments_order_and_quotes_stay() {
    let text = converted(include_str!("tests/order.asl.yaml")).expect("a definition");
    insta::assert_snapshot!(text);
    // A second time there is nothing to do.
    assert_eq!(converted(&text).expect("a definition"), text);
}

#[test]
fn places_are_those_of_the_text() {
    let source = SourceFile::new("t.asl.yaml", include_str!("tests/order.asl.yaml"));
    let conversion = to_jsonata(&source, &Options::default(), Manner::default()).expect("a definition");
    let remarks = conversion.remarks.iter().map(|remark| {
        let place = source.position(remark.span.start);
        format!("{}:{} {} {}\n", place.line, place.column, source.slice(remark.span), remark.message)
    });
    insta::assert_snapshot!(remarks.collect::<String>());
}

#[test]
fn what_several_states_share_is_changed_once_or_not_at_all() {
    let shared = |fields: &str| {
        format!(
            "StartAt: A\nStates:\n  A: {{ Type: Pass, Parameters: &p {{ id.$: $.id }}, Next: B }}\n  B: {{ Type: Pass, {fields}Parameters: *p, End: true }}\n"
        )
    };
    let text = converted(&shared("")).expect("both become the same");
    assert!(text.contains("Output: &p { id: ") && text.contains("Output: *p"), "{text}");
    let found = converted(&shared("InputPath: $.id, "));
    assert!(matches!(found, Err(Refusal::Shared)), "{found:?}");
}

/// A state becomes another one, in each of two ways to write it.
#[track_caller]
fn becomes(before: &str, after: &str) {
    let machine = |language: &str, state: &str| format!("{language}StartAt: A\nStates:\n  A: {state}\n");
    let text = converted(&machine("", before)).expect("a definition");
    assert_eq!(text, machine("QueryLanguage: JSONata\n", after));
}

#[test]
fn members_that_go_take_one_comma_each() {
    // The last ones, the first ones, those in between, and all but one.
    becomes("{ Type: Succeed, InputPath: $, OutputPath: $ }", "{ Type: Succeed }");
    becomes("{ InputPath: $, OutputPath: $, Type: Succeed }", "{ Type: Succeed }");
    becomes("{ InputPath: $, Type: Succeed, OutputPath: $ }", "{ Type: Succeed }");
    becomes(
        "{ Type: Wait, InputPath: $, OutputPath: $, Seconds: 5, End: true }",
        "{ Type: Wait, Seconds: 5, End: true }",
    );
    becomes(
        "{ Type: Wait, Seconds: 5, End: true, InputPath: $, OutputPath: $ }",
        "{ Type: Wait, Seconds: 5, End: true }",
    );
    becomes(
        "{\n    Type: Succeed,\n    InputPath: $,\n    OutputPath: $,\n  }",
        "{\n    Type: Succeed,\n  }",
    );
    becomes(
        "\n    InputPath: $ # all\n    OutputPath: $\n    Type: Succeed",
        "\n    # all\n    Type: Succeed",
    );
}

#[test]
fn what_no_part_can_be_changed_in_is_written_anew() {
    // A member of two lines is none that another can take the place of.
    let before = "StartAt: A\nStates:\n  # first\n  A:\n    Type: Pass # kept\n    ? OutputPath\n    : $.a\n    End: true\n";
    insta::assert_snapshot!(converted(before).expect("a definition"));
}
