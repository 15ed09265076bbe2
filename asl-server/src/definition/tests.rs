use super::*;
use serde_json::json;

fn said(definition: &str, r#type: MachineType) -> Vec<(&'static str, String, String)> {
    let errors =
        check(definition, r#type).problems.into_iter().filter(|problem| problem.severity == Severity::Error);
    errors.map(|problem| (problem.code, problem.message, problem.location)).collect()
}

fn one(definition: &str) -> String {
    let said = said(definition, MachineType::Standard);
    assert_eq!(said.len(), 1, "{said:?}");
    said.into_iter().map(|(code, message, location)| format!("{code}: {message} at {location}")).collect()
}

#[test]
fn all_missing_fields_of_an_object_are_one_problem() {
    assert_eq!(one("{}"), "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /");
    let task = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f"}, "Credentials": {"Other": 1}, "End": true}}}"#;
    assert_eq!(
        one(task),
        "SCHEMA_VALIDATION_FAILED: The field 'RoleArn' is required but was missing at /States/A/Credentials"
    );
}

#[test]
fn what_is_written_is_named_as_aws_names_it() {
    let state = |state: &str| format!(r#"{{"StartAt": "A", "States": {{"A": {state}}}}}"#);
    for (written, expected) in [
        (
            r#"{"Type": "Pass", "TimeoutSeconds": 5, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/A",
        ),
        (
            r#"{"Type": "Pass", "QueryLanguage": 1, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: Expected value of type [STRING] at /States/A/QueryLanguage",
        ),
        (
            r#"{"Type": "Wait", "Timestamp": "x", "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/A/Timestamp",
        ),
        (
            r#"{"Type": "Pass", "Parameters": {"a.$": "States.Nothing("}, "End": true}"#,
            "SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters",
        ),
        (
            r#"{"Type": "Pass", "Next": "B"}"#,
            "MISSING_END_STATE: Workflow has no terminal state at / and more",
        ),
    ] {
        let all = said(&state(written), MachineType::Standard);
        let first = all
            .first()
            .map(|(code, message, location)| format!("{code}: {message} at {location}"))
            .unwrap_or_default();
        let more = if all.len() > 1 { " and more" } else { "" };
        assert_eq!(first + more, expected);
    }
}

#[test]
fn express_machines_wait_for_no_token_and_no_job() {
    let definition = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "q", "MessageBody": {"t.$": "$$.Task.Token"}}, "End": true}}}"#;
    let expected = (
        "SCHEMA_VALIDATION_FAILED",
        "Express state machine does not support '.waitForTaskToken' service integration ".to_owned(),
        "/States/A/Resource".to_owned(),
    );
    assert_eq!(said(definition, MachineType::Express), [expected]);
}

#[test]
fn a_text_that_is_no_json_is_shown() {
    let [(code, message, location)] =
        <[_; 1]>::try_from(said("not a definition", MachineType::Standard)).unwrap();
    assert_eq!(code, "INVALID_JSON_DESCRIPTION");
    assert_eq!(location, "[Source: (String)\"not a definition\"; line: 1, column: 4]");
    assert!(message.starts_with("Unrecognized token 'not': was expecting"), "{message}");
}

#[test]
fn variables_are_told_by_the_states_that_read_them() {
    let definition = json!({ "StartAt": "A", "States": {
        "A": { "Type": "Pass", "Assign": { "b": 1, "c": 2 }, "Next": "B" },
        "B": { "Type": "Pass", "InputPath": "$c", "Parameters": { "x.$": "States.Format('{}', $b)" }, "Next": "C" },
        "C": { "Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $b + $count([1]) %}", "End": true },
    }});
    let references = accept(&definition.to_string(), MachineType::Standard).unwrap();
    assert_eq!(serde_json::Value::from(references), json!({ "B": ["b", "c"], "C": ["b"] }));
}
