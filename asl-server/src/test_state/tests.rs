use super::*;
use asl_engine::trial::{AfterError, MapLimits};
use asl_language::timestamp::Timestamp;
use serde_json::{Value as Json, json};

fn setting() -> Setting {
    Setting {
        now: Timestamp::new(1_700_000_000, 0),
        chance: 7,
        region: "eu-central-1".to_owned(),
        account: "123456789012".to_owned(),
    }
}

fn read(request: &Json) -> Result<Test, Refusal> {
    Test::read(request, &setting(), &Options::default())
}

/// A request for a state with these members beside.
fn request(state: &Json, more: Json) -> Json {
    let mut request = json!({ "definition": state.to_string() });
    if let (Some(request), Json::Object(more)) = (request.as_object_mut(), more) {
        request.extend(more);
    }
    request
}

fn refused(state: &Json, more: Json) -> String {
    read(&request(state, more)).unwrap_err().to_string()
}

fn task(resource: &str) -> Json {
    json!({ "Type": "Task", "Resource": resource, "End": true })
}

fn mocked(result: &str) -> Json {
    json!({ "mock": { "result": result } })
}

fn branch(name: &str) -> Json {
    json!({ "StartAt": name, "States": { name: { "Type": "Pass", "End": true } } })
}

const INVOKE: &str = "arn:aws:states:::lambda:invoke";

#[test]
fn what_cannot_be_tested_without_a_mock_is_refused() {
    let pass = json!({ "Type": "Pass", "End": true });
    let parallel = json!({ "Type": "Parallel", "Branches": [branch("A"), branch("B")], "End": true });
    let no_map = "InvalidDefinition: TestState API does not support Map or Parallel states. \
                  Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]";
    let no_count = "ValidationException: TestState does not support MapIterationFailureCount when a mock is not specified.";
    let no_role = "ValidationException: RoleArn must be specified when testing a Task state";
    let counted = json!({ "stateConfiguration": { "mapIterationFailureCount": 0 } });
    assert_eq!(refused(&parallel, json!({})), no_map);
    assert_eq!(refused(&parallel, counted.clone()), no_count);
    assert_eq!(refused(&pass, counted), no_count);
    assert_eq!(refused(&task(INVOKE), json!({})), no_role);
    assert!(read(&request(&pass, json!({}))).is_ok());
    let role = json!({ "roleArn": "arn:aws:iam::123456789012:role/r" });
    for waits in [
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "arn:aws:states:us-east-1:123456789012:activity:A",
    ] {
        assert!(refused(&task(waits), role.clone()).starts_with("InvalidDefinition: "), "{waits}");
    }
}

#[test]
fn a_mock_fits_the_state() {
    let parallel = json!({ "Type": "Parallel", "Branches": [branch("A"), branch("B")], "End": true });
    let map = json!({ "Type": "Map", "ItemProcessor": branch("A"), "End": true });
    let mut written = map.clone();
    written["ItemProcessor"]["ProcessorConfig"] =
        json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" });
    written["ResultWriter"] = json!({ "Resource": "arn:aws:states:::s3:putObject", "Parameters": { "Bucket": "b", "Prefix": "p" } });
    let too_many =
        json!({ "mock": { "result": "[1,2]" }, "stateConfiguration": { "mapIterationFailureCount": 3 } });
    let both = json!({ "mock": { "result": "1", "errorOutput": { "error": "E" } } });
    for (state, more, text) in [
        (&parallel, mocked("{}"), "Mocked result must be an array."),
        (
            &parallel,
            mocked("[1]"),
            "Mocked result must contain the same number of items as number of Parallel branches.",
        ),
        (&map, mocked("{}"), "Mocked result must be an array."),
        (&written, mocked("[]"), "Mocked result must be a JSON object."),
        (
            &map,
            too_many,
            "Map iteration failure count must be less than or equal to the number of Map iterations",
        ),
        (&task(INVOKE), mocked("no JSON"), "Mocked result must be valid JSON"),
        (
            &task(INVOKE),
            both,
            "A test mock should have only one of the following fields: [result, errorOutput].",
        ),
        (
            &json!({ "Type": "Wait", "Seconds": 1, "End": true }),
            mocked("1"),
            "State type 'Wait' is not supported when a mock is specified",
        ),
    ] {
        assert_eq!(refused(state, more), format!("ValidationException: {text}"));
    }
    assert!(read(&request(&written, mocked("{}"))).is_ok());
    assert!(read(&request(&map, mocked("[1,2]"))).is_ok());
}

#[test]
fn a_mocked_result_is_what_the_api_gives() {
    let faults = |mode: &str, resource: &str, result: &str| {
        let mock = json!({ "mock": { "result": result, "fieldValidationMode": mode } });
        read(&request(&task(resource), mock)).err().map(|refusal| refusal.message.into_owned())
    };
    let fault = |text: &str| Some(format!("Mock result schema validation error: {text}"));
    let start = "arn:aws:states:::states:startExecution";
    let get_object = "arn:aws:states:::aws-sdk:s3:getObject";
    let encrypt = "arn:aws:states:::aws-sdk:kms:encrypt";
    let events = "arn:aws:states:::events:putEvents";
    let get_function = "arn:aws:states:::aws-sdk:lambda:getFunction";
    for (resource, result, text) in [
        (start, r#"{"ExecutionArn":7}"#, "Field 'ExecutionArn' must be a string"),
        (get_object, r#"{"ContentLength":"1"}"#, "Field 'ContentLength' must be a number"),
        (get_object, r#"{"StorageClass":"Papyrus"}"#, "Field 'StorageClass' is not an expected value"),
        (encrypt, r#"{"CiphertextBlob":""}"#, "Field 'CiphertextBlob' is smaller than the minimum length"),
        (events, r#"{"Entries":{}}"#, "Field 'Entries' must be an array"),
        (events, r#"{"Entries":[{"EventId":"a"},{"EventId":[]}]}"#, "Field 'EventId' must be a string"),
        (
            get_function,
            r#"{"Configuration":{"MemorySize":1}}"#,
            "Field 'MemorySize' is less than the minimum value",
        ),
    ] {
        assert_eq!(faults("PRESENT", resource, result), fault(text), "{resource}");
        assert_eq!(faults("NONE", resource, result), None, "{resource}");
    }
    assert_eq!(faults("STRICT", start, "{}"), fault("Required field 'ExecutionArn' is missing"));
    assert_eq!(faults("PRESENT", start, "{}"), None);
    let execution = r#"{"ExecutionArn":"a","StartDate":"2025-01-01T00:00:00Z","Other":1}"#;
    assert_eq!(faults("STRICT", start, execution), None);
    assert_eq!(faults("STRICT", "arn:aws:lambda:us-east-1:123456789012:function:F", "7"), None);
}

#[test]
fn a_context_object_has_the_fields_of_one() {
    let check = |resource: &str, context: Json| {
        let more = json!({ "context": context.to_string(), "mock": { "errorOutput": { "error": "E" } } });
        read(&request(&task(resource), more)).err().map(|refusal| refusal.message.into_owned())
    };
    let fault = |text: &str| Some(format!("Invalid Context object provided: {text}"));
    assert_eq!(check(INVOKE, json!({ "Execution": {}, "State": {}, "StateMachine": {} })), None);
    assert_eq!(check(INVOKE, json!({ "Execution": { "Id": 1 } })), fault("Execution.Id must be a string"));
    assert_eq!(check(INVOKE, json!({ "Execution": { "x": 1 } })), fault("Field 'x' is not allowed"));
    assert_eq!(check(INVOKE, json!({ "Pokedex": {} })), fault("Field 'Pokedex' is not allowed"));
    let map = "'Map' field is not supported when mocking a Context object";
    assert_eq!(check(INVOKE, json!({ "Map": {} })), fault(map));
    let task = json!({ "Task": { "Token": "t" } });
    assert!(
        check(INVOKE, task.clone()).is_some_and(|text| text.contains("contains 'Task' when state is not"))
    );
    assert_eq!(check("arn:aws:states:::sqs:sendMessage.waitForTaskToken", task), None);
}

#[test]
fn without_a_context_object_there_is_that_of_an_express_execution() {
    let test = read(&request(&json!({ "Type": "Succeed" }), json!({ "input": "[1]" }))).unwrap();
    let context: Json = serde_json::from_str(&test.trial().context.to_string()).unwrap();
    let (execution, machine) = (&context["Execution"], &context["StateMachine"]);
    let name = |value: &Json| value["Name"].as_str().unwrap().to_owned();
    let (machine_name, execution_name) = (name(machine), name(execution));
    let arn = |kind: &str| format!("arn:aws:states:eu-central-1:123456789012:{kind}:{machine_name}");
    assert_eq!(execution["Id"], format!("{}:{execution_name}", arn("express")));
    assert_eq!(machine["Id"], arn("stateMachine"));
    assert_eq!((&execution["Input"], &execution["RoleArn"]), (&json!([1]), &Json::Null));
    assert_eq!(context["State"], json!({ "Name": "StateName", "EnteredTime": "2023-11-14T22:13:20.000Z" }));
}

#[test]
fn a_state_is_found_at_any_depth_and_nowhere_else() {
    let inner = json!({ "Type": "Map", "ItemProcessor": branch("Inner"), "End": true });
    let machine = json!({ "StartAt": "A", "States": { "A": inner } });
    let named = |name: &str| read(&request(&machine, json!({ "stateName": name })));
    assert_eq!(named("Inner").unwrap().trial().state, "Inner");
    assert_eq!(named("B").unwrap_err(), Refusal::validation("State not found in definition"));
}

#[test]
fn what_is_wrong_with_a_definition_has_its_place() {
    for (state, text) in [
        (
            json!({ "Type": "Parallel", "Branches": [], "End": true }),
            "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches",
        ),
        (
            json!({ "Type": "Nap", "End": true }),
            "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: \
             [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] at /States/StateName/Type",
        ),
    ] {
        assert_eq!(
            refused(&state, json!({})),
            format!("InvalidDefinition: Invalid State Machine Definition: '{text}'")
        );
    }
}

#[test]
fn nothing_in_a_request_is_believed() {
    for text in ["", "[]", "null", "{", "7", "{\"Type\": {}}", "{\"States\": 1}", "{\"Type\": \"Task\"}"] {
        for name in [None, Some("A")] {
            let wrong = json!({ "definition": text, "stateName": name, "variables": text, "input": text });
            assert!(read(&wrong).is_err(), "{text} {name:?}");
            assert!(read(&json!({ "definition": text, "stateName": name })).is_err(), "{text} {name:?}");
        }
    }
    assert!(read(&json!([])).is_err());
    assert!(read(&json!({ "definition": "{}", "mock": { "fieldValidationMode": "LAX" } })).is_err());
}

#[test]
fn the_answer_says_as_much_as_is_asked() {
    let end = |then| TrialEnd::Failed { error: TaskError::new("E", "why").into(), retrier: Some(1), then };
    let tried =
        |end| Tried { stages: Vec::new(), limits: MapLimits::default(), variables: Default::default(), end };
    let test = |level: &str| {
        let more = json!({ "inspectionLevel": level, "mock": { "errorOutput": { "error": "E" } } });
        read(&request(&task(INVOKE), more)).unwrap()
    };
    let again = tried(end(AfterError::Retries { seconds: 2.5 }));
    let short = json!({ "status": "RETRIABLE", "error": "E", "cause": "why" });
    assert_eq!(test("INFO").answer(&again, None), short);
    let mut long = short;
    let details = json!({ "retryIndex": 1, "retryBackoffIntervalSeconds": 2 });
    long["inspectionData"] = json!({ "input": "{}", "errorDetails": details });
    assert_eq!(test("TRACE").answer(&again, None), long);
    let caught = AfterError::Catches { catcher: 0, output: Value::from(1), next: Some("B".into()) };
    let answer = test("INFO").answer(&tried(end(caught)), None);
    assert_eq!(
        (&answer["status"], &answer["output"], &answer["nextState"]),
        (&json!("CAUGHT_ERROR"), &json!("1"), &json!("B"))
    );
}
