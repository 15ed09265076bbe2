//! Clusters of EKS: what their API is asked, whom is trusted, and what each answer means.

#![cfg(feature = "eks")]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[expect(dead_code, reason = "the tests of other integrations use the rest")]
#[path = "support/http_server.rs"]
mod http_server;
#[expect(dead_code, reason = "the tests of other integrations use the rest")]
#[path = "support/signature.rs"]
mod signature;

use asl_runtime::integrations::eks::Eks;
use asl_runtime::{EventDetails, InMemory, Integration, Invocation, Recorded, TaskError, Value, asl_machine};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http_server::{Server, answer, ok};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

asl_machine!("machines/kubernetes_job.asl.json");

const CALL: &str = "arn:aws:states:::eks:call";
const RUN: &str = "arn:aws:states:::eks:runJob";
const SECRET: &str = "very secret";

/// A cluster with a certificate of its own.
struct Cluster {
    server: Server,
    authority: String,
}

impl Cluster {
    async fn answering(answers: &[String]) -> Self {
        let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::Pkcs8(certified.signing_key.serialize_der().into());
        let provider = tokio_rustls::rustls::crypto::ring::default_provider().into();
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certified.cert.der().clone()], key)
            .unwrap();
        let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
        let server =
            Server::answering_over_tls(tokio_rustls::TlsAcceptor::from(Arc::new(config)), &answers).await;
        Self { server, authority: STANDARD.encode(certified.cert.pem()) }
    }

    /// Parameters with the place of this cluster.
    fn at(&self, mut parameters: Json) -> Value {
        let place = json!({
            "ClusterName": "blue",
            "CertificateAuthority": self.authority,
            "Endpoint": self.server.url(""),
        });
        for (name, value) in place.as_object().unwrap() {
            parameters.as_object_mut().unwrap().entry(name).or_insert_with(|| value.clone());
        }
        Value::from_json(&parameters.to_string()).unwrap()
    }

    async fn ask(&self, resource: &str, parameters: Json) -> Result<Value, TaskError> {
        let eks = eks();
        assert!(eks.serves(resource));
        eks.invoke(Invocation::new(resource, self.at(parameters))).await
    }

    fn targets(&self) -> Vec<String> {
        self.server.requests().iter().map(|request| request.target().to_owned()).collect()
    }
}

fn eks() -> Eks {
    Eks::elsewhere("eu-west-1", "AKIDEXAMPLE", SECRET).poll_jobs(Duration::ZERO, Duration::ZERO)
}

fn said(body: &Json) -> String {
    ok("application/json", &body.to_string())
}

#[test]
fn other_actions_of_eks_are_those_of_the_api() {
    for resource in ["arn:aws:states:::eks:createCluster.sync", "arn:aws:states:::aws-sdk:eks:listClusters"] {
        assert!(!eks().serves(resource));
    }
    for resource in
        [CALL, "arn:aws-cn:states:::eks:call.waitForTaskToken", "arn:aws:states:::eks:runJob.sync"]
    {
        assert!(eks().serves(resource));
    }
}

#[tokio::test]
async fn the_api_of_a_cluster_is_called() {
    let cluster = Cluster::answering(&[said(&json!({"kind": "PodList", "items": [1]}))]).await;
    let result = cluster
        .ask(
            CALL,
            json!({
                "Method": "GET",
                "Path": "/api/v1/namespaces/default/pods",
                "QueryParameters": {"labelSelector": ["job-name=a b", "x"]},
            }),
        )
        .await
        .unwrap();
    let body = result.get("ResponseBody").unwrap().to_string();
    assert_eq!(json_of(Some(&body)), json!({"kind": "PodList", "items": [1]}));
    assert_eq!(result.get("StatusCode"), Some(&Value::from(200)));
    assert_eq!(result.get("StatusText"), Some(&Value::from("OK")));
    let request = cluster.server.request();
    let target = "GET /api/v1/namespaces/default/pods?labelSelector=job-name%3Da%20b&labelSelector=x";
    assert_eq!(request.target(), target);
    assert_eq!(request.header("Accept"), ["application/json"]);
    assert_eq!(request.header("Content-Type"), [""; 0]);
    assert!(!request.head.contains(SECRET));
}

#[tokio::test]
async fn the_token_is_a_signed_address_of_sts() {
    let cluster = Cluster::answering(&[said(&json!({}))]).await;
    cluster.ask(CALL, json!({"Method": "GET", "Path": "/version"})).await.unwrap();
    let authorization = cluster.server.request().header("Authorization").concat();
    let token = authorization.strip_prefix("Bearer k8s-aws-v1.").unwrap();
    let address = String::from_utf8(URL_SAFE_NO_PAD.decode(token).unwrap()).unwrap();
    let start = "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-";
    assert!(address.starts_with(start), "{address}");
    for part in ["X-Amz-Expires=60", "X-Amz-SignedHeaders=host%3Bx-k8s-aws-id", "Credential=AKIDEXAMPLE%2F"] {
        assert!(address.contains(part), "{part}: {address}");
    }
    signature::check_address(&address, &[("x-k8s-aws-id", "blue")], SECRET);
}

#[tokio::test]
async fn a_body_is_json_or_the_text_that_it_is_written_in() {
    let answers = vec![said(&json!({})); 4];
    let cluster = Cluster::answering(&answers).await;
    let path = "/api/v1/namespaces/default/pods/a";
    for (method, body) in [
        ("POST", json!({"kind": "Pod"})),
        ("PUT", json!("kind: Pod")),
        ("PATCH", json!({"metadata": {"labels": {"a": null}}})),
        ("PATCH", json!([{"op": "remove", "path": "/a"}])),
    ] {
        let parameters = json!({"Method": method, "Path": path, "RequestBody": body});
        cluster.ask(CALL, parameters).await.unwrap();
    }
    let sent: Vec<_> = cluster
        .server
        .requests()
        .iter()
        .map(|request| (request.header("Content-Type").concat(), request.body.clone()))
        .collect();
    let sent: Vec<_> = sent.iter().map(|(kind, body)| (kind.as_str(), body.as_str())).collect();
    assert_eq!(
        sent,
        [
            ("application/json", r#"{"kind":"Pod"}"#),
            ("application/json", "kind: Pod"),
            ("application/merge-patch+json", r#"{"metadata":{"labels":{"a":null}}}"#),
            ("application/json-patch+json", r#"[{"op":"remove","path":"/a"}]"#),
        ]
    );
}

/// As AWS documents it.
#[tokio::test]
async fn a_status_that_is_no_success_is_an_error_with_what_the_cluster_says() {
    let body = r#"{"kind":"Status","message":"Unauthorized","code":401}"#;
    let cluster = Cluster::answering(&[
        answer("401 Unauthorized", "Content-Type: application/json\r\n", body),
        answer("503 Service Unavailable", "", "not ready"),
    ])
    .await;
    let error = cluster.ask(CALL, json!({"Method": "GET", "Path": "/api"})).await.unwrap_err();
    let said: Json = serde_json::from_str(body).unwrap();
    let cause = json!({"ResponseBody": said, "StatusCode": 401, "StatusText": "Unauthorized"});
    assert_eq!((error.error(), json_of(error.cause())), ("EKS.401", cause));
    let error = cluster.ask(CALL, json!({"Method": "GET", "Path": "/api"})).await.unwrap_err();
    let cause = r#"{"ResponseBody":"not ready","StatusCode":503,"StatusText":"Service Unavailable"}"#;
    assert_eq!((error.error(), error.cause()), ("EKS.503", Some(cause)));
}

fn json_of(text: Option<&str>) -> Json {
    serde_json::from_str(text.unwrap()).unwrap()
}

#[tokio::test]
async fn only_the_authority_of_the_parameters_is_trusted() {
    let (cluster, other) = (Cluster::answering(&[]).await, Cluster::answering(&[]).await);
    let parameters = json!({"Method": "GET", "Path": "/api", "CertificateAuthority": other.authority});
    let error = cluster.ask(CALL, parameters).await.unwrap_err();
    let cause = format!("https://localhost:{}: invalid peer certificate: ", cluster.server.address.port());
    assert_eq!(error.error(), "EKS.SdkClientException");
    assert!(error.cause().unwrap().starts_with(&cause), "{error}");
    assert!(cluster.server.requests().is_empty());
    let parameters = json!({"Method": "GET", "Path": "/api", "CertificateAuthority": STANDARD.encode("no")});
    let error = cluster.ask(CALL, parameters).await.unwrap_err();
    assert!(
        error
            .cause()
            .unwrap()
            .ends_with("the certificate authority cannot be used: there is no certificate in it")
    );
}

#[tokio::test]
async fn parameters_that_cannot_be_used_are_all_told() {
    let cluster = Cluster::answering(&[]).await;
    let reasons = async |resource: &str, parameters: Json| {
        let error = cluster.ask(resource, parameters).await.unwrap_err();
        assert_eq!(error.error(), "States.Runtime");
        let (_, reasons) = error.cause().unwrap().split_once("start the Task: [").unwrap();
        reasons.to_owned()
    };
    let parameters = json!({
        "ClusterName": "a b", "CertificateAuthority": "?", "Endpoint": "http://localhost", "Method": "OPTIONS",
        "Path": "/api/../x", "QueryParameters": {"a": "b"}, "Body": 1,
    });
    assert_eq!(
        reasons(CALL, parameters).await,
        "The field \"Body\" is not supported by Step Functions, The value of the field 'ClusterName' has an invalid format, \
         The value of the field 'CertificateAuthority' has an invalid format, The value of the field 'Endpoint' has an invalid format, \
         The field 'Method' should have one of these values: [GET, POST, PUT, DELETE, HEAD, PATCH], \
         The value of the field 'Path' cannot have a part that is empty, '.' or '..', \
         The value of the field 'QueryParameters' has an invalid format]"
    );
    let parameters = json!({"Namespace": "a/b", "LogOptions": {"RetrieveLogs": 1, "Tail": 2}});
    assert_eq!(
        reasons(RUN, parameters).await,
        "The field 'Job' is required but was missing, The field \"Tail\" is not supported by Step Functions, \
         The value for the field 'RetrieveLogs' must be a BOOLEAN, The value of the field 'Namespace' cannot have a '/']"
    );
    assert!(cluster.server.requests().is_empty());
}

/// A job with a condition.
fn job(condition: Option<&str>) -> Json {
    let conditions = condition
        .map(|kind| json!([{"type": "Suspended", "status": "False"}, {"type": kind, "status": "True"}]));
    json!({"kind": "Job", "metadata": {"name": "pi"}, "status": {"conditions": conditions}})
}

#[tokio::test]
async fn a_job_is_started() {
    let created = answer("201 Created", "Content-Type: application/json\r\n", &job(None).to_string());
    let cluster = Cluster::answering(&[created]).await;
    let parameters = json!({"Job": {"metadata": {"name": "pi"}}, "LogOptions": {"RetrieveLogs": true}});
    let result = cluster.ask(RUN, parameters).await.unwrap();
    assert_eq!(result.get("StatusText"), Some(&Value::from("Created")));
    let request = cluster.server.request();
    assert_eq!(request.target(), "POST /apis/batch/v1/namespaces/default/jobs");
    assert_eq!(json_of(Some(&request.body)), json!({"metadata": {"name": "pi"}}));
}

async fn run(
    cluster: &Cluster,
    logs: Json,
) -> (Result<Value, asl_runtime::ExecutionError>, Recorded<InMemory>) {
    let host = Recorded::new(InMemory::new().integration(eks()));
    let input = cluster.at(json!({"LogOptions": logs})).to_string();
    (kubernetes_job::run_json(&host, &input).await, host)
}

#[tokio::test]
async fn a_job_is_asked_about_until_it_has_ended_and_then_for_its_logs() {
    let cluster = Cluster::answering(&[
        said(&job(None)),
        said(&job(None)),
        answer("503 Service Unavailable", "", ""),
        said(&job(Some("Complete"))),
        said(&json!({"items": [{"metadata": {"name": "pi-x1"}, "spec": {"containers": [{"name": "pi"}, {"name": "side"}, {"name": "gone"}]}}]})),
        ok("text/plain", "{\"pi\": 3.14}\n"),
        ok("text/plain", "two\nlines\n"),
        answer("404 Not Found", "", "no log"),
    ])
    .await;
    let (output, host) =
        run(&cluster, json!({"RetrieveLogs": true, "LogParameters": {"tailLines": ["6"]}})).await;
    let output = output.unwrap();
    assert_eq!(
        output.get("status"),
        Value::from_json(&job(Some("Complete")).to_string()).unwrap().get("status")
    );
    assert_eq!(
        output.get("logs").unwrap().to_string(),
        r#"{"pods":{"pi-x1":{"containers":{"pi":{"log":{"pi":3.14}},"side":{"log":"two\nlines\n"},"gone":{"error":"EKS.404","cause":"{\"ResponseBody\":\"no log\",\"StatusCode\":404,\"StatusText\":\"Not Found\"}"}}}}}"#
    );
    let jobs = "/apis/batch/v1/namespaces/shop/jobs";
    let log =
        |container| format!("GET /api/v1/namespaces/shop/pods/pi-x1/log?tailLines=6&container={container}");
    let looked = format!("GET {jobs}/pi");
    assert_eq!(
        cluster.targets(),
        [
            format!("POST {jobs}"),
            looked.clone(),
            looked.clone(),
            looked,
            "GET /api/v1/namespaces/shop/pods?labelSelector=job-name%3Dpi".to_owned(),
            log("pi"),
            log("side"),
            log("gone"),
        ]
    );
    let events = host.history().take(&host.history().executions()[0]);
    let submitted = events.iter().find_map(|event| {
        let EventDetails::TaskSubmitted { output, .. } = &event.details else { return None };
        output.get("ResponseBody")?.get("metadata")?.get("name").cloned()
    });
    assert_eq!(submitted, Some("pi".into()));
}

#[tokio::test]
async fn logs_may_stay_texts() {
    let pod = json!({"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c"}]}});
    let cluster = Cluster::answering(&[
        said(&job(Some("Complete"))),
        said(&job(Some("Complete"))),
        said(&json!({"items": [pod]})),
        ok("text/plain", "12345678901234567890"),
    ])
    .await;
    let (output, _) = run(&cluster, json!({"RetrieveLogs": true, "RawLogs": true})).await;
    let logs = r#"{"pods":{"p":{"containers":{"c":{"log":"12345678901234567890"}}}}}"#;
    assert_eq!(output.unwrap().get("logs").unwrap().to_string(), logs);
}

#[tokio::test]
async fn a_job_that_fails_fails_its_task() {
    let cluster = Cluster::answering(&[said(&job(None)), said(&job(Some("Failed")))]).await;
    let (output, _) = run(&cluster, json!({})).await;
    let error = output.unwrap_err();
    assert_eq!(error.error(), Some("States.TaskFailed"));
    assert_eq!(json_of(error.cause()), job(Some("Failed")));
    assert_eq!(cluster.targets().len(), 2);
}

#[tokio::test]
async fn a_job_that_nothing_waits_for_is_deleted() {
    let cluster = Cluster::answering(&[said(&job(None)), String::new(), said(&json!({}))]).await;
    let eks = eks();
    let parameters = cluster.at(json!({"Job": "kind: Job"}));
    let asked = eks.invoke(Invocation::new("arn:aws:states:::eks:runJob.sync", parameters));
    let looked = async {
        while cluster.targets().len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    // What has been asked is not waited for any longer.
    tokio::select! {
        _ = asked => panic!("the job has not ended"),
        () = looked => {}
    }
    while cluster.targets().len() < 3 {
        tokio::task::yield_now().await;
    }
    let deleted = "DELETE /apis/batch/v1/namespaces/default/jobs/pi?propagationPolicy=Background";
    assert_eq!(cluster.targets()[2], deleted);
}
