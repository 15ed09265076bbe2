//! The context of a trace goes with the requests of `http:invoke`.

#![cfg(feature = "opentelemetry")]

#[path = "support/http_server.rs"]
#[expect(dead_code, reason = "other tests ask it more")]
mod http_server;

use asl_runtime::integrations::http::HttpInvoke;
use asl_runtime::{Integration, Invocation};
use http_server::{Server, ok};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use serde_json::json;
use tracing::Instrument;
use tracing_subscriber::prelude::*;

#[tokio::test]
async fn a_request_carries_the_trace_unless_the_task_says_otherwise() {
    opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    let provider = SdkTracerProvider::builder().build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let server =
        Server::answering([ok("text/plain", "x"), ok("text/plain", "x"), ok("text/plain", "x")]).await;
    let invoke = async |headers: serde_json::Value| {
        let parameters = json!({ "ApiEndpoint": server.url("/"), "Method": "GET", "Headers": headers });
        let task = Invocation::new("arn:aws:states:::http:invoke", parameters);
        HttpInvoke::new().invoke(task).await.unwrap();
    };
    invoke(json!({})).await;
    invoke(json!({})).instrument(tracing::info_span!("task")).await;
    invoke(json!({ "Traceparent": "mine" })).instrument(tracing::info_span!("task")).await;
    let requests = server.requests();
    let sent: Vec<_> = requests.iter().map(|request| request.header("traceparent")).collect();
    assert!(sent[0].is_empty(), "{sent:?}");
    assert_eq!(sent[1].len(), 1, "{sent:?}");
    assert!(
        sent[1][0].starts_with("00-") && !sent[1][0].contains("00000000000000000000000000000000"),
        "{sent:?}"
    );
    assert_eq!(sent[2], ["mine"]);
}
