use super::*;
use crate::integrations::places::Variant;
use crate::integrations::signed::Service;
use asl_engine::generated::action::{Checksum, Protocol, Shape, Type, WirePart};
use asl_value::Text;
use http_server::{Server, ok};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

#[expect(dead_code, reason = "other tests use the rest")]
#[path = "../../../../tests/support/http_server.rs"]
mod http_server;

const DATABASE: WirePart = WirePart::new("DatabaseName", "DatabaseName", Type::String);

/// An action of Timestream, which is on this machine.
fn action(port: u16) -> &'static Action {
    Box::leak(Box::new(Action {
        protocol: Protocol::Json10,
        prefix: "TimestreamWrite",
        endpoint: "ingest.timestream",
        signing: "timestream",
        target: "Timestream_20181101",
        version: "",
        namespace: "",
        hosts: Box::leak(format!("p::localhost:{port}").into_boxed_str()),
        operation: "DescribeDatabase",
        method: "POST",
        path: "/",
        host_prefix: "",
        root: "",
        checksum: Checksum::None,
        errors: &[],
        codes: &[],
        input: Type::Shape(0),
        output: Type::Any,
        shapes: &[Shape::Structure(&[DATABASE])],
        form: None,
    }))
}

#[tokio::test]
async fn the_service_is_asked_once_where_it_is_asked() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(certified.signing_key.serialize_der().into());
    let config =
        ServerConfig::builder_with_provider(tokio_rustls::rustls::crypto::ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certified.cert.der().clone()], key)
            .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let said = |body: &str| ok("application/x-amz-json-1.0", body);
    let cell = Server::answering_over_tls(acceptor.clone(), &[&said("{}"), &said("{}")]).await;
    let address = format!("localhost:{}", cell.address.port());
    let answer = said(&format!(r#"{{"Endpoints":[{{"Address":"{address}","CachePeriodInMinutes":1440}}]}}"#));
    let front = Server::answering_over_tls(acceptor, &[&answer]).await;
    let service = Service::on_aws("us-east-1", Variant::default(), ["id", "secret"]);
    let aws = Aws::new(service.trusting(certified.cert.pem()));
    let call = ActionCall { action: action(front.address.port()), is_sdk: true };
    let parameters = Value::from_json(r#"{"DatabaseName":"weather"}"#).unwrap();
    for _ in 0..2 {
        aws.call(call, &parameters, &Text::from("token")).await.unwrap();
    }
    let question = front.request();
    assert_eq!(question.header("X-Amz-Target"), ["Timestream_20181101.DescribeEndpoints"]);
    assert!(question.header("Authorization").concat().contains("/us-east-1/timestream/aws4_request"));
    let requests = cell.requests();
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(request.header("X-Amz-Target"), ["Timestream_20181101.DescribeDatabase"]);
        assert_eq!(request.header("Host"), [address.as_str()]);
        assert_eq!(request.body, r#"{"DatabaseName":"weather"}"#);
    }
}

#[test]
fn only_a_host_is_taken_from_an_answer() {
    let answer =
        |address: &str| format!(r#"{{"Endpoints":[{{"Address":"{address}","CachePeriodInMinutes":1440}}]}}"#);
    let host = "query-cell1.timestream.us-east-1.amazonaws.com";
    assert_eq!(endpoint(&answer(host)), Some((host.to_owned(), Duration::from_secs(86_400))));
    for address in ["", "a/b", "user@host", "a:b", "a:", "a..b", "a:1/"] {
        assert_eq!(endpoint(&answer(address)), None, "{address}");
    }
    assert_eq!(endpoint(r#"{"Endpoints":[]}"#), None);
}
