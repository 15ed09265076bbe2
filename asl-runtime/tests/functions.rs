//! Lambda functions that are commands of this machine, or behind URLs.

#![cfg(all(feature = "lambda", unix))]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "the tests of other integrations use the rest")]
#[path = "support/http_server.rs"]
mod http_server;

use asl_runtime::integrations::Endpoints;
use asl_runtime::integrations::lambda::{Function, Lambda};
use asl_runtime::{Integration, Invocation, TaskError, Value};
use http_server::{Server, answer, ok};
use std::path::{Path, PathBuf};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";
const INVOKE: &str = "arn:aws:states:::lambda:invoke";

/// A folder of a test, with a script in it that is not executable.
fn script(test: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("functions").join(test);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("charge.sh"), text).unwrap();
    folder
}

/// The function `Charge` by this script.
fn charge(test: &str, text: &str) -> Lambda {
    let function = Function::parse("./charge.sh", &script(test, text)).unwrap();
    Lambda::from_env_with(&Endpoints::default()).function("Charge", function)
}

async fn call(lambda: &Lambda, resource: &'static str, parameters: &str) -> Result<Value, TaskError> {
    lambda.invoke(Invocation::new(resource, Value::from_json(parameters).unwrap())).await
}

#[tokio::test]
async fn a_command_gets_the_payload_and_gives_the_result() {
    let lambda =
        charge("result", "printf '{\"name\":\"%s\",\"got\":' \"$AWS_LAMBDA_FUNCTION_NAME\"; cat; echo '}'");
    let result = call(&lambda, FUNCTION, r#"{"amount": 5}"#).await.unwrap();
    assert_eq!(result.to_string(), r#"{"name":"Charge","got":{"amount":5}}"#);
    let invoked = r#"{"FunctionName": "123456789012:function:Charge:live", "Payload": [1]}"#;
    let result = call(&lambda, INVOKE, invoked).await.unwrap();
    assert_eq!(result.get("Payload").unwrap().to_string(), r#"{"name":"Charge","got":[1]}"#);
    assert_eq!(result.get("StatusCode"), Some(&Value::from(200)));
    assert_eq!(result.get("ExecutedVersion"), Some(&Value::from("$LATEST")));
}

#[tokio::test]
async fn a_command_that_says_nothing_gives_null() {
    assert_eq!(call(&charge("nothing", "exit 0"), FUNCTION, "{}").await, Ok(Value::Null));
}

#[tokio::test]
async fn what_a_command_raises_is_the_error_of_the_task() {
    let raised = r#"{"errorType":"CardDeclined","errorMessage":"expired"}"#;
    let error =
        call(&charge("raised", &format!("echo '{raised}'; exit 1")), FUNCTION, "{}").await.unwrap_err();
    assert_eq!((error.error(), error.cause()), ("CardDeclined", Some(raised)));

    let error = call(&charge("exits", "echo no; exit 3"), FUNCTION, "{}").await.unwrap_err();
    assert_eq!(error.error(), "Runtime.ExitError");
    assert!(
        error.cause().unwrap().ends_with("Error: Runtime exited with error: exit status 3\"}"),
        "{error:?}"
    );

    let error = call(&charge("no json", "echo no"), FUNCTION, "{}").await.unwrap_err();
    assert_eq!(error.error(), "Runtime.MarshalError");
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_read() {
    let endless = call(&charge("endless", "yes"), FUNCTION, "{}").await.unwrap_err();
    assert_eq!(endless.error(), "Lambda.SdkClientException");
    assert!(endless.cause().unwrap().ends_with("the answer is too large"));
}

#[tokio::test]
async fn an_event_is_not_waited_for() {
    let folder = script("event", "cat > got.part; mv got.part got.json");
    let _ = std::fs::remove_file(folder.join("got.json"));
    let function = Function::parse("./charge.sh", &folder).unwrap();
    let lambda = Lambda::from_env_with(&Endpoints::default()).function("Charge", function);
    let parameters = r#"{"FunctionName": "Charge", "InvocationType": "Event", "Payload": {"a": 1}}"#;
    let result = call(&lambda, INVOKE, parameters).await.unwrap();
    assert_eq!((result.get("StatusCode"), result.get("Payload")), (Some(&Value::from(202)), None));
    while !folder.join("got.json").is_file() {
        tokio::task::yield_now().await;
    }
    assert_eq!(std::fs::read_to_string(folder.join("got.json")).unwrap(), r#"{"a":1}"#);
}

#[tokio::test]
async fn a_url_is_called_without_a_signature() {
    let raised = r#"{"errorType":"CardDeclined","errorMessage":"expired"}"#;
    let failed = answer("200 OK", "X-Amz-Function-Error: Unhandled\r\n", raised);
    let server = Server::answering([ok("application/json", r#"{"receipt": 7}"#), failed]).await;
    let function = Function::parse(&server.url("/charge"), Path::new("")).unwrap();
    let lambda = Lambda::from_env_with(&Endpoints::default()).function("Charge", function);
    assert_eq!(call(&lambda, FUNCTION, r#"{"a": 1}"#).await.unwrap().to_string(), r#"{"receipt":7}"#);
    assert_eq!(call(&lambda, FUNCTION, "{}").await.unwrap_err().error(), "CardDeclined");
    let [request, _] = &server.requests()[..] else { panic!("two requests") };
    assert_eq!((request.target(), request.body.as_str()), ("POST /charge", r#"{"a":1}"#));
    assert!(request.header("Authorization").is_empty());
}

#[tokio::test]
async fn what_is_said_of_a_version_comes_first() {
    let folder = script("versions", "echo 1");
    let all = Function::parse("./charge.sh", &folder).unwrap();
    let live = Function::parse("echo 2", &folder).unwrap();
    for functions in [[("Charge", &all), ("Charge:live", &live)], [("Charge:live", &live), ("Charge", &all)]]
    {
        let lambda = functions
            .into_iter()
            .fold(Lambda::from_env_with(&Endpoints::default()), |lambda, (name, function)| {
                lambda.function(name, function.clone())
            });
        assert_eq!(call(&lambda, FUNCTION, "{}").await, Ok(Value::from(1)));
        let qualified = r#"{"FunctionName": "Charge", "Qualifier": "live"}"#;
        assert_eq!(call(&lambda, INVOKE, qualified).await.unwrap().get("Payload"), Some(&Value::from(2)));
    }
}
