//! The DynamoDB tasks against a real DynamoDB server on this machine.

#![cfg(feature = "dynamodb")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use asl_runtime::integrations::dynamodb::DynamoDb;
use asl_runtime::{Integration, Invocation, TaskError, Value};
use serde_json::json;

/// A client of such a server as [`serve`] starts.
async fn server() -> DynamoDb {
    DynamoDb::with_endpoint(&serve().await, "us-east-1", "test", "hunter2")
}

/// The address of a server with one table, `TabelaResultados`, whose key is `Id`; it runs until the test's runtime ends.
async fn serve() -> String {
    let database = dynoxide::Database::memory().unwrap();
    let table = json!({
        "TableName": "TabelaResultados",
        "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
    });
    let table = serde_json::from_value(table).unwrap();
    database.create_table(table).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(dynoxide::server::serve_with_shutdown(listener, database, std::future::pending()));
    url
}

fn resource(action: &str) -> &'static str {
    match action {
        "getItem" => "arn:aws:states:::dynamodb:getItem",
        "putItem" => "arn:aws:states:::dynamodb:putItem",
        "updateItem" => "arn:aws:states:::dynamodb:updateItem",
        _ => "arn:aws:states:::dynamodb:deleteItem",
    }
}

async fn invoke(
    dynamodb: &DynamoDb,
    action: &str,
    parameters: serde_json::Value,
) -> Result<Value, TaskError> {
    dynamodb.invoke(Invocation::new(resource(action), parameters)).await
}

async fn put(dynamodb: &DynamoDb, item: serde_json::Value) -> Result<Value, TaskError> {
    invoke(dynamodb, "putItem", json!({"TableName": "TabelaResultados", "Item": item})).await
}

async fn get(dynamodb: &DynamoDb, id: &str) -> Value {
    let parameters = json!({"TableName": "TabelaResultados", "Key": {"Id": {"S": id}}});
    invoke(dynamodb, "getItem", parameters).await.unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().collect()
}

fn parts(error: &TaskError) -> (&str, &str) {
    (error.error(), error.cause().unwrap())
}

#[tokio::test]
async fn a_put_answers_with_metadata_only() {
    let dynamodb = server().await;
    let result = put(&dynamodb, json!({"Id": {"S": "7"}, "Nome": {"S": "Ana"}})).await.unwrap();
    assert_eq!(keys(&result), ["SdkHttpMetadata", "SdkResponseMetadata"]);
    let http = result.get("SdkHttpMetadata").unwrap();
    assert_eq!(keys(http), ["AllHttpHeaders", "HttpHeaders", "HttpStatusCode"]);
    assert_eq!(http.get("HttpStatusCode"), Some(&Value::from(200)));
    let request_id = result.get("SdkResponseMetadata").unwrap().get("RequestId").unwrap();
    let headers = http.get("HttpHeaders").unwrap();
    assert_eq!(headers.get("x-amzn-RequestId"), Some(request_id));
    assert_eq!(headers.get("Content-Type"), Some(&"application/x-amz-json-1.0".into()));
    let all = http.get("AllHttpHeaders").unwrap();
    assert_eq!(keys(all), keys(headers));
    assert_eq!(all.get("Content-Length"), Some(&Value::from(vec![Value::from("2")])));
}

#[tokio::test]
async fn every_data_type_comes_back_as_it_was_put() {
    let dynamodb = server().await;
    let item = json!({
        "B": {"B": "b2zDoQ=="},
        "BOOL": {"BOOL": true},
        "BS": {"BS": ["YQ==", "Yg=="]},
        "Id": {"S": "7"},
        "L": {"L": [{"S": "a"}, {"N": "1"}, {"L": []}]},
        "M": {"M": {"Nome": {"S": "Ana"}}},
        "N": {"N": "1.5"},
        "NS": {"NS": ["1", "2"]},
        "NULL": {"NULL": true},
        "SS": {"SS": ["a", "b"]},
    });
    put(&dynamodb, item.clone()).await.unwrap();
    let result = get(&dynamodb, "7").await;
    assert_eq!(keys(&result), ["Item", "SdkHttpMetadata", "SdkResponseMetadata"]);
    assert_eq!(result.get("Item"), Some(&Value::from(item)));
}

#[tokio::test]
async fn an_item_that_is_not_found_is_absent() {
    let dynamodb = server().await;
    assert_eq!(keys(&get(&dynamodb, "7").await), ["SdkHttpMetadata", "SdkResponseMetadata"]);
}

#[tokio::test]
async fn an_item_is_updated_and_deleted() {
    let dynamodb = server().await;
    put(&dynamodb, json!({"Id": {"S": "7"}, "Visits": {"N": "1"}})).await.unwrap();
    let update = json!({
        "TableName": "TabelaResultados",
        "Key": {"Id": {"S": "7"}},
        "UpdateExpression": "ADD #visits :one",
        "ConditionExpression": "attribute_exists(Id)",
        "ExpressionAttributeNames": {"#visits": "Visits"},
        "ExpressionAttributeValues": {":one": {"N": "1"}},
        "ReturnConsumedCapacity": "TOTAL",
        "ReturnValues": "UPDATED_NEW",
    });
    let result = invoke(&dynamodb, "updateItem", update).await.unwrap();
    assert_eq!(keys(&result), ["Attributes", "ConsumedCapacity", "SdkHttpMetadata", "SdkResponseMetadata"]);
    assert_eq!(result.get("Attributes"), Some(&json!({"Visits": {"N": "2"}}).into()));
    assert!(result.get("ConsumedCapacity").unwrap().get("CapacityUnits").is_some());
    let delete =
        json!({"TableName": "TabelaResultados", "Key": {"Id": {"S": "7"}}, "ReturnValues": "ALL_OLD"});
    let result = invoke(&dynamodb, "deleteItem", delete).await.unwrap();
    assert_eq!(result.get("Attributes"), Some(&json!({"Id": {"S": "7"}, "Visits": {"N": "2"}}).into()));
    assert!(get(&dynamodb, "7").await.get("Item").is_none());
}

#[tokio::test]
async fn the_parameters_of_the_older_api_are_served() {
    let dynamodb = server().await;
    let parameters = json!({
        "TableName": "TabelaResultados",
        "Key": {"Id": {"S": "7"}},
        "AttributeUpdates": {"Nome": {"Action": "PUT", "Value": {"S": "Ana"}}},
        "Expected": {"Nome": {"Exists": "false"}},
    });
    invoke(&dynamodb, "updateItem", parameters).await.unwrap();
    let parameters = json!({
        "TableName": "TabelaResultados",
        "Key": {"Id": {"S": "7"}},
        "AttributesToGet": ["Nome"],
        "ConsistentRead": true,
    });
    let result = invoke(&dynamodb, "getItem", parameters).await.unwrap();
    assert_eq!(result.get("Item"), Some(&json!({"Nome": {"S": "Ana"}}).into()));
}

#[tokio::test]
async fn a_condition_that_fails_has_its_own_error() {
    let dynamodb = server().await;
    put(&dynamodb, json!({"Id": {"S": "7"}})).await.unwrap();
    let parameters = json!({
        "TableName": "TabelaResultados",
        "Item": {"Id": {"S": "7"}},
        "ConditionExpression": "attribute_not_exists(Id)",
    });
    let error = invoke(&dynamodb, "putItem", parameters).await.unwrap_err();
    let (name, cause) = parts(&error);
    assert_eq!(name, "DynamoDB.ConditionalCheckFailedException");
    let start = "The conditional request failed (Service: AmazonDynamoDBv2; Status Code: 400; Error Code: \
                 ConditionalCheckFailedException; Request ID: ";
    assert!(
        cause.starts_with(start) && cause.ends_with("; Proxy: null)") && !cause.contains("null;"),
        "{cause}"
    );
}

#[tokio::test]
async fn a_missing_table_has_its_own_error_and_validation_is_generic() {
    let dynamodb = server().await;
    let key = json!({"TableName": "Nenhuma", "Key": {"Id": {"S": "7"}}});
    let error = invoke(&dynamodb, "getItem", key).await.unwrap_err();
    assert_eq!(error.error(), "DynamoDB.ResourceNotFoundException");
    for item in [json!({"Nome": {"S": "Ana"}}), json!({"Id": {"S": "7"}, "N": {"N": "no number"}})] {
        let error = put(&dynamodb, item).await.unwrap_err();
        let (name, cause) = parts(&error);
        assert_eq!(name, "DynamoDB.AmazonDynamoDBException");
        assert!(
            cause.contains("; Status Code: 400; Error Code: ValidationException; Request ID: "),
            "{cause}"
        );
    }
    // What is missing beside the table's name is told by the service.
    let error = invoke(&dynamodb, "putItem", json!({"TableName": "TabelaResultados"})).await.unwrap_err();
    assert_eq!(error.error(), "DynamoDB.AmazonDynamoDBException");
}

#[tokio::test]
async fn parameters_of_the_wrong_kind_are_told_in_the_words_of_aws() {
    let dynamodb = server().await;
    let table = "TabelaResultados";
    for (parameters, reasons) in [
        (json!({"Item": {}}), "The field 'TableName' is required but was missing"),
        (
            json!({"Item": {"Id": {"S": 7}}, "TableName": table}),
            "The value for the field 'S' must be a STRING",
        ),
        (
            json!({"Item": {"A": {"N": 7}, "B": {"B": "*"}, "C": {"L": [{"BOOL": 1}]}}, "TableName": table}),
            "The value for the field 'N' must be a STRING, The value of the field 'B' has an invalid format, \
             The value for the field 'BOOL' must be a BOOLEAN",
        ),
        (
            json!({"Item": {"Id": "7"}, "Key": {}, "TableName": table}),
            "The field \"Key\" is not supported by Step Functions, The value for the field 'Id' must be a STRUCTURE",
        ),
        (
            json!({"Item": {"Id": {"N": "7", "S": "7"}}, "TableName": table}),
            "The value for the field 'Id' must have exactly one of these fields: [S, N, B, SS, NS, BS, M, L, NULL, BOOL]",
        ),
    ] {
        let error = invoke(&dynamodb, "putItem", parameters.clone()).await.unwrap_err();
        let printed = Value::from(parameters);
        let cause = format!("The Parameters '{printed}' could not be used to start the Task: [{reasons}]");
        assert_eq!(parts(&error), ("States.Runtime", cause.as_str()));
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_client_error_without_secrets() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}");
    let dynamodb = DynamoDb::with_endpoint(&url, "us-east-1", "test", "hunter2");
    let error = put(&dynamodb, json!({"Id": {"S": "7"}})).await.unwrap_err();
    let (name, cause) = parts(&error);
    assert_eq!(name, "DynamoDB.SdkClientException");
    assert!(cause.starts_with("Unable to execute HTTP request: Connection refused"), "{cause}");
    assert!(!format!("{dynamodb:?} {error:?}").contains("hunter2"));
}

/// The environment of a process cannot be changed safely, so the test runs itself again in another one.
#[tokio::test]
async fn the_environment_names_server_region_and_credentials() {
    if std::env::var_os("ASL_TEST_CHILD").is_some() {
        put(&DynamoDb::from_env().await, json!({"Id": {"S": "7"}})).await.unwrap();
        return;
    }
    let url = serve().await;
    for variable in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"] {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child
            .args(["--exact", "the_environment_names_server_region_and_credentials"])
            .env_clear()
            .envs([("ASL_TEST_CHILD", "1"), ("AWS_REGION", "sa-east-1"), (variable, &url)])
            .envs([("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")]);
        let output = tokio::task::spawn_blocking(move || child.output()).await.unwrap().unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && printed.contains("1 passed"), "{variable}: {printed}");
    }
}

#[test]
fn the_four_operations_are_served_in_every_partition_and_nothing_else() {
    let dynamodb = DynamoDb::with_endpoint("http://127.0.0.1:1", "us-east-1", "test", "test");
    for action in ["getItem", "putItem", "updateItem", "deleteItem"] {
        assert!(dynamodb.serves(resource(action)));
        assert!(dynamodb.serves(&format!("arn:aws-cn:states:::dynamodb:{action}")));
    }
    for resource in ["arn:aws:states:::dynamodb:query", "arn:aws:states:::aws-sdk:dynamodb:putItem"] {
        assert!(!dynamodb.serves(resource));
    }
}
