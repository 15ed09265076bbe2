//! Machines, versions, aliases and tags.

use crate::support::{GREET, PAUSE, ask, create, refused, server};
use serde_json::json;

#[tokio::test]
async fn making_a_machine_again_makes_the_same_one() {
    let server = server();
    let arn = create(&server, "Greet", GREET).await;
    assert_eq!(create(&server, "Greet", GREET).await, arn);
    let request = json!({ "name": "Greet", "definition": PAUSE, "roleArn": "arn:aws:iam::0:role/r" });
    let (kind, message) = refused(&server, "CreateStateMachine", request).await;
    assert_eq!(
        (kind.as_str(), message),
        ("StateMachineAlreadyExists", format!("State Machine Already Exists: '{arn}'"))
    );
}

#[tokio::test]
async fn a_definition_with_errors_is_refused_in_the_words_of_aws() {
    let request =
        json!({ "name": "M", "definition": r#"{"StartAt": "A"}"#, "roleArn": "arn:aws:iam::0:role/r" });
    let (kind, message) = refused(&server(), "CreateStateMachine", request).await;
    let expected = "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'";
    assert_eq!((kind.as_str(), message.as_str()), ("InvalidDefinition", expected));
}

#[tokio::test]
async fn versions_count_on_and_are_made_of_what_has_changed() {
    let server = server();
    let arn = create(&server, "M", GREET).await;
    let publish = json!({ "stateMachineArn": arn });
    for _ in 0..2 {
        let published = ask(&server, "PublishStateMachineVersion", publish.clone()).await;
        assert_eq!(published["stateMachineVersionArn"], format!("{arn}:1"));
    }
    let update = json!({ "stateMachineArn": arn, "definition": PAUSE, "publish": true });
    let updated = ask(&server, "UpdateStateMachine", update.clone()).await;
    assert_eq!(updated["stateMachineVersionArn"], format!("{arn}:2"));
    // The same again changes nothing.
    let again = ask(&server, "UpdateStateMachine", update).await;
    assert_eq!(
        (&again["revisionId"], &again["stateMachineVersionArn"]),
        (&updated["revisionId"], &updated["stateMachineVersionArn"])
    );
    ask(&server, "DeleteStateMachineVersion", json!({ "stateMachineVersionArn": format!("{arn}:2") })).await;
    let published = ask(&server, "PublishStateMachineVersion", publish.clone()).await;
    assert_eq!(published["stateMachineVersionArn"], format!("{arn}:3"));
    let listed =
        ask(&server, "ListStateMachineVersions", json!({ "stateMachineArn": arn, "maxResults": 1 })).await;
    assert_eq!(listed["stateMachineVersions"][0]["stateMachineVersionArn"], format!("{arn}:3"));
    let next = json!({ "stateMachineArn": arn, "nextToken": listed["nextToken"] });
    let rest = ask(&server, "ListStateMachineVersions", next).await;
    assert_eq!(rest["stateMachineVersions"].as_array().map(Vec::len), Some(1));
    let old = ask(&server, "DescribeStateMachine", json!({ "stateMachineArn": format!("{arn}:1") })).await;
    assert_eq!(old["definition"], GREET);
}

#[tokio::test]
async fn an_alias_holds_the_versions_that_it_leads_to() {
    let server = server();
    let arn = create(&server, "M", GREET).await;
    ask(&server, "PublishStateMachineVersion", json!({ "stateMachineArn": arn })).await;
    let version = format!("{arn}:1");
    let routing = json!([{ "stateMachineVersionArn": version, "weight": 100 }]);
    let alias =
        ask(&server, "CreateStateMachineAlias", json!({ "name": "live", "routingConfiguration": routing }))
            .await;
    assert_eq!(alias["stateMachineAliasArn"], format!("{arn}:live"));
    let (kind, _) =
        refused(&server, "DeleteStateMachineVersion", json!({ "stateMachineVersionArn": version })).await;
    assert_eq!(kind, "ConflictException");
    let half = json!([{ "stateMachineVersionArn": version, "weight": 50 }]);
    let (kind, _) =
        refused(&server, "CreateStateMachineAlias", json!({ "name": "half", "routingConfiguration": half }))
            .await;
    assert_eq!(kind, "ValidationException");
    let started = ask(
        &server,
        "StartExecution",
        json!({ "stateMachineArn": format!("{arn}:live"), "input": r#"{"name": "Ana"}"# }),
    )
    .await;
    let described =
        ask(&server, "DescribeExecution", json!({ "executionArn": started["executionArn"] })).await;
    assert_eq!(
        (&described["stateMachineAliasArn"], &described["stateMachineVersionArn"]),
        (&json!(format!("{arn}:live")), &json!(version))
    );
}

#[tokio::test]
async fn tags_are_kept_once_for_each_key() {
    let server = server();
    let arn = create(&server, "M", GREET).await;
    let tags =
        json!([{ "key": "a", "value": "1" }, { "key": "b", "value": "2" }, { "key": "a", "value": "3" }]);
    ask(&server, "TagResource", json!({ "resourceArn": arn, "tags": tags })).await;
    let listed = ask(&server, "ListTagsForResource", json!({ "resourceArn": arn })).await;
    assert_eq!(listed["tags"], json!([{ "key": "a", "value": "3" }, { "key": "b", "value": "2" }]));
    ask(&server, "UntagResource", json!({ "resourceArn": arn, "tagKeys": ["a", "c"] })).await;
    let listed = ask(&server, "ListTagsForResource", json!({ "resourceArn": arn })).await;
    assert_eq!(listed["tags"], json!([{ "key": "b", "value": "2" }]));
}

#[tokio::test]
async fn logs_need_one_place() {
    let logging = json!({ "level": "ALL" });
    let request = json!({ "name": "M", "definition": GREET, "roleArn": "arn:aws:iam::0:role/r", "loggingConfiguration": logging });
    let (kind, message) = refused(&server(), "CreateStateMachine", request).await;
    assert_eq!(kind, "InvalidLoggingConfiguration");
    assert_eq!(message, "Invalid Logging Configuration: Must specify exactly one Log Destination.");
}
