//! What definitions become.

mod carried;
mod fields;

use super::{Manner, Refusal, Weight, to_jsonata};
use crate::options::Options;
use crate::source::SourceFile;

/// The converted text, and the weights of its remarks.
fn converted(definition: &str, approximately: bool) -> (String, Vec<Weight>) {
    in_manner(definition, Manner { approximately, ..Manner::default() })
}

fn in_manner(definition: &str, manner: Manner) -> (String, Vec<Weight>) {
    let source = SourceFile::new("t.asl.json", definition);
    let conversion = to_jsonata(&source, &Options::default(), manner).expect("a conversion");
    let again = to_jsonata(
        &SourceFile::new("t.asl.json", conversion.text.as_str()),
        &Options::default(),
        Manner::default(),
    );
    assert_eq!(
        again.expect("what comes out has no errors").text,
        conversion.text,
        "it changes nothing a second time"
    );
    (conversion.text, conversion.remarks.into_iter().map(|remark| remark.weight).collect())
}

fn state(fields: &str) -> String {
    format!(r#"{{ "StartAt": "A", "States": {{ "A": {{ {fields} }} }} }}"#)
}

/// A state becomes another one.
#[track_caller]
fn becomes(before: &str, after: &str) {
    let (text, _) = converted(&state(before), false);
    let expected = state(after).replacen("{ ", r#"{ "QueryLanguage": "JSONata", "#, 1);
    assert_eq!(text, expected);
}

#[test]
fn data_goes_the_same_way() {
    becomes(
        r#""Type": "Pass", "Parameters": { "a.$": "$.x.y", "b": [1, { "c.$": "$$.Execution.Name" }] }, "End": true"#,
        r#""Type": "Pass", "Output": { "a": "{% $states.input.x.y %}", "b": [1, { "c": "{% $states.context.Execution.Name %}" }] }, "End": true"#,
    );
    becomes(
        r#""Type": "Pass", "Result": { "a": "{% b %}" }, "ResultPath": "$.to.there", "End": true"#,
        r#""Type": "Pass", "Output": "{% $merge([$states.input, {'to': $merge([$states.input.to, {'there': {'a': '{% b %}'}}])}]) %}", "End": true"#,
    );
    becomes(
        r#""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:F", "InputPath": "$.order", "ResultSelector": { "id.$": "$.body.id" }, "ResultPath": "$.charge", "OutputPath": "$.charge", "End": true"#,
        r#""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:F", "Arguments": "{% $states.input.order %}", "Output": { "id": "{% $states.result.body.id %}" }, "End": true"#,
    );
}

#[test]
fn names_that_are_no_words_are_quoted() {
    becomes(
        r#""Type": "Pass", "OutputPath": "$['a b'].and[0]", "End": true"#,
        r#""Type": "Pass", "Output": "{% $states.input.`a b`.`and`[0] %}", "End": true"#,
    );
}

#[test]
fn functions_come_to_the_same_for_all_that_they_take() {
    becomes(
        r#""Type": "Pass", "Parameters": { "n.$": "States.MathAdd($.n, 1)", "a.$": "States.Array($.x, 'it''s', 2)" }, "End": true"#.replace("''", "\\\\'").as_str(),
        r#""Type": "Pass", "Output": { "n": "{% $floor($states.input.n + 0.5) + 1 %}", "a": ["{% $states.input.x %}", "{% \"it's\" %}", "{% 2 %}"] }, "End": true"#,
    );
}

#[test]
fn what_would_come_to_something_else_is_asked_for() {
    let before = state(
        r#""Type": "Pass", "Parameters": { "t.$": "States.Format('{}: {}', $$.Execution.Name, $.x)" }, "End": true"#,
    );
    assert_eq!(converted(&before, false), (before.clone(), vec![Weight::Value]));
    let (after, weights) = converted(&before, true);
    assert!(after.contains("{% $states.context.Execution.Name & ': ' & $states.input.x %}"), "{after}");
    assert_eq!(weights, [Weight::Value]);
}

#[test]
fn states_of_both_languages_go_together() {
    let before = r#"{
  "StartAt": "Kept",
  "States": {
    "Kept": {
      "Type": "Pass",
      "ResultPath": "$.a[0]",
      "Next": "Changed"
    },
    "Changed": {
      "Type": "Wait",
      "Comment": "${Why}",
      "SecondsPath": "$.n",
      "End": true
    }
  }
}
"#;
    let after = before
        .replace("\"Wait\",\n", "\"Wait\",\n      \"QueryLanguage\": \"JSONata\",\n")
        .replace(r#""SecondsPath": "$.n""#, r#""Seconds": "{% $number($states.input.n) %}""#);
    assert_eq!(converted(before, true), (after, vec![Weight::Impossible]));
}

#[test]
fn rules_become_conditions() {
    let (text, weights) = converted(
        r#"{ "StartAt": "A", "States": { "A": { "Type": "Choice", "Choices": [
            { "And": [{ "Variable": "$.n", "IsPresent": true }, { "Comment": "why", "Variable": "$.n", "NumericLessThan": 3 }], "Next": "B" },
            { "Not": { "Variable": "$.s", "StringMatches": "a*.b" }, "Next": "B" },
            { "Variable": "$.s", "StringEqualsPath": "$.t", "Next": "B" }
        ], "Default": "B" }, "B": { "Type": "Succeed" } } }"#,
        false,
    );
    for condition in [
        r#"{ "Condition": "{% $exists($states.input.n) and /* why */ $type($states.input.n) = 'number' and $states.input.n < 3 %}", "Next": "B" }"#,
        r#"{ "Condition": "{% $not($type($states.input.s) = 'string' and $contains($states.input.s, /^a[\\s\\S]*\\.b$/)) %}", "Next": "B" }"#,
        r#"{ "Condition": "{% $type($states.input.s) = 'string' and $states.input.s = $states.input.t %}", "Next": "B" }"#,
    ] {
        assert!(text.contains(condition), "{text}");
    }
    assert!(weights.iter().all(|weight| *weight == Weight::Failure));
}

#[test]
fn what_is_in_a_template_stays_there() {
    let definition = r#"{ "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } }"#;
    let template = format!(
        r#"{{ "Resources": {{ "M": {{ "Type": "AWS::Serverless::StateMachine", "Properties": {{ "Definition": {definition} }} }} }} }}"#
    );
    let source = SourceFile::new("template.json", template);
    let refusal = to_jsonata(&source, &Options::default(), Manner::default()).expect_err("no conversion");
    assert!(matches!(refusal, Refusal::InTemplate), "{refusal:?}");
}
