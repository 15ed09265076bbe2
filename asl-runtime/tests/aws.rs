//! Actions of AWS against a real server on this machine: `ministack` from PyPI. Where that is not installed, nothing is tested.

#![cfg(feature = "aws")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use asl_runtime::integrations::aws::Aws;
use asl_runtime::{InMemory, Value, asl_machine};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

asl_machine!("aws/messages.asl.json");
asl_machine!("aws/objects.asl.json");
asl_machine!("aws/records.asl.json");
asl_machine!("aws/executions.asl.json");
asl_machine!("aws/failures.asl.json");
asl_machine!("aws/callback.asl.json");
asl_machine!("aws/worker.asl.json");

/// A server that ends with the test.
struct Server {
    process: Child,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Says why nothing was tested, past the test harness, which hides what a test that passes prints.
fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

fn serve() -> Option<Server> {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let started = Command::new("ministack")
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(process) = started else {
        skipped("the command `ministack` is not installed (`pip install ministack`)");
        return None;
    };
    let mut server = Server { process, url: format!("http://127.0.0.1:{port}") };
    // However long it takes to start, unless it has ended.
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert_eq!(server.process.try_wait().unwrap(), None, "the server has ended");
        std::thread::sleep(Duration::from_millis(50));
    }
    Some(server)
}

fn host(server: &Server) -> InMemory {
    InMemory::new().integration(Aws::with_endpoint(&server.url, "us-east-1", "test", "hunter2"))
}

fn at(value: &Value, pointer: &str) -> serde_json::Value {
    serde_json::Value::from(value.clone()).pointer(pointer).cloned().unwrap_or_default()
}

#[tokio::test]
async fn results_have_the_names_of_step_functions() {
    let Some(server) = serve() else { return };
    let host = host(&server);

    // JSON and query.
    let output = messages::run_json(&host, "{}").await.unwrap();
    assert_eq!(at(&output, "/Received/Messages/0/Body"), r#"{"order":7}"#);
    assert_eq!(at(&output, "/Received/Messages/0/Md5OfBody"), at(&output, "/Sent/MD5OfMessageBody"));
    assert_eq!(at(&output, "/Sent/SdkHttpMetadata/HttpStatusCode"), 200);
    assert!(at(&output, "/Published/SdkResponseMetadata/RequestId").is_string());
    assert_eq!(at(&output, "/Topics/Topics/0/TopicArn"), at(&output, "/Topic/TopicArn"));
    assert!(at(&output, "/Topics/SdkHttpMetadata").is_null());
    assert_eq!(at(&output, "/Event/FailedEntryCount"), 0);

    // REST with XML.
    let output = objects::run_json(&host, "{}").await.unwrap();
    assert_eq!(at(&output, "/Get/Body"), r#"{"n":1}"#);
    assert_eq!(at(&output, "/Get/Metadata/owner"), "me");
    assert_eq!(at(&output, "/Tags/TagSet/0/Value"), "<v>");
    assert_eq!(at(&output, "/List/Contents/0/Key"), "a b/c+d.json");
    assert_eq!(at(&output, "/List/KeyCount"), 1);

    // JSON with names of its own, EC2, and REST with JSON.
    let output = records::run_json(&host, "{}").await.unwrap();
    assert_eq!(at(&output, "/Value/SecretString"), r#"{"code":"1234"}"#);
    assert_eq!(at(&output, "/Read/Parameter/Value"), "x");
    assert_eq!(at(&output, "/Found/Item/List/L/1/Nul"), true);
    assert_eq!(at(&output, "/Caller/Account"), "000000000000");
    assert!(at(&output, "/Vpcs/Vpcs/0/VpcId").is_string());
    assert_eq!(at(&output, "/Functions/Functions"), serde_json::json!([]));
}

#[tokio::test]
async fn executions_on_aws_are_started_and_waited_for() {
    let Some(server) = serve() else { return };
    let output = executions::run_json(&host(&server), "{}").await.unwrap();
    assert!(at(&output, "/Started/ExecutionArn").is_string());
    assert!(at(&output, "/Started/StartDate").is_i64());
    assert_eq!(at(&output, "/Ended/Output/n"), 2);
    assert_eq!(at(&output, "/Ended/Status"), "SUCCEEDED");
}

#[tokio::test]
async fn errors_have_the_names_of_step_functions() {
    let Some(server) = serve() else { return };
    let output = failures::run_json(&host(&server), "{}").await.unwrap();
    let name = |branch| at(&output, &format!("/{branch}/Error"));
    let expected = [
        "S3.NoSuchBucketException",
        "SNS.NotFoundException",
        "SQS.QueueDoesNotExistException",
        "DynamoDb.ResourceNotFoundException",
        "SecretsManager.ResourceNotFoundException",
        "StepFunctions.StateMachineDoesNotExistException",
    ];
    assert_eq!((0..6).map(name).collect::<Vec<_>>(), expected);
    let cause = at(&output, "/2/Cause");
    let cause = cause.as_str().unwrap();
    let code = "Status Code: 400; Error Code: AWS.SimpleQueueService.NonExistentQueue; Request ID: ";
    assert!(cause.contains(&format!("(Service: AmazonSQS; {code}")), "{cause}");
    assert!(!output.to_string().contains("hunter2"));
}

#[tokio::test]
async fn a_service_that_is_not_there_is_a_client_error() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let aws = Aws::with_endpoint(&format!("http://127.0.0.1:{port}"), "us-east-1", "test", "hunter2");
    let error = messages::run_json(&InMemory::new().integration(aws), "{}").await.unwrap_err();
    assert_eq!(error.error(), Some("Sqs.SdkClientException"));
    assert!(error.cause().unwrap().starts_with("Unable to execute HTTP request: "), "{error}");
}

/// The token in the next message of the queue.
async fn token(host: &InMemory, url: &str) -> String {
    loop {
        let input =
            Value::from_serialize(&serde_json::json!({"QueueUrl": format!("{url}/000000000000/approvals")}));
        let Ok(body) = worker::run(host, input.unwrap()).await else { continue };
        let body: serde_json::Value = serde_json::from_str(body.as_str().unwrap()).unwrap();
        if let Some(token) = ["token", "Token"].iter().find_map(|name| body.get(name)?.as_str()) {
            return token.to_owned();
        }
    }
}

#[tokio::test]
async fn a_worker_behind_a_queue_answers_for_the_token() {
    let Some(server) = serve() else { return };
    let host = host(&server);
    let worker = async {
        let first = token(&host, &server.url).await;
        host.callbacks().send_task_heartbeat(&first).unwrap();
        host.callbacks()
            .send_task_failure(&first, asl_runtime::TaskError::new("Refused", "not now"))
            .unwrap();
        let second = token(&host, &server.url).await;
        assert_ne!(first, second);
        host.callbacks().send_task_success(&second, Value::from("yes")).unwrap();
        assert!(host.callbacks().send_task_success(&first, Value::Null).is_err());
    };
    let (output, ()) = futures_util::join!(callback::run_json(&host, "{}"), worker);
    let output = output.unwrap();
    assert_eq!(at(&output, "/Refused"), serde_json::json!({"Error": "Refused", "Cause": "not now"}));
    assert_eq!(at(&output, "/Again"), "yes");
}
