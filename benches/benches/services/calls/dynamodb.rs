//! DynamoDB.

use super::{Call, Whose, with};
use crate::{Outcome, machines};
use asl_runtime::integrations::dynamodb::DynamoDb;
use asl_runtime::{InMemory, Value};
use aws_sdk_dynamodb::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Config, ConfigBag, Credentials, Intercept, Region, RuntimeComponents,
};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::RequestId;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::{Client, config};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use serde_json::{Map, Value as Json, json};
use std::cell::RefCell;
use std::time::Duration;

pub(super) fn call(whose: Whose, url: &str) -> Outcome<Call> {
    let document = json!({ "order": "A-1001", "lines": 2 });
    Ok(match whose {
        Whose::Ours => {
            let host =
                InMemory::new().integration(DynamoDb::with_endpoint(url, "us-east-1", "key", "secret"));
            with((host, Value::from(document)), |(host, input)| ours(host, input))
        }
        Whose::ByHand => {
            let client = Client::from_conf(configuration(url).build());
            with((client, document), |(client, document)| by_hand(client, document))
        }
        Whose::InFull => {
            let (connect, read) = (Duration::from_secs(10), Duration::from_secs(70));
            let timeouts = TimeoutConfig::builder().connect_timeout(connect).read_timeout(read);
            let timeouts = timeouts.operation_attempt_timeout(connect + read).build();
            let configuration = configuration(url).timeout_config(timeouts).interceptor(Keeper);
            let client = Client::from_conf(configuration.build());
            with((client, document), |(client, document)| in_full(client, document))
        }
    })
}

async fn ours(host: &InMemory, input: &Value) -> Outcome<Option<i64>> {
    let output = machines::store::run(host, input.clone()).await?;
    Ok(output.get("lines").and_then(Value::as_i64))
}

fn configuration(url: &str) -> config::Builder {
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring));
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http.build_https())
        .endpoint_url(url)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "bench"))
        .retry_config(RetryConfig::disabled())
}

async fn by_hand(client: &Client, document: &Json) -> Outcome<Option<i64>> {
    let order = document["order"].as_str().ok_or("no order")?.to_owned();
    client
        .put_item()
        .table_name("orders")
        .item("id", AttributeValue::S(order))
        .item("lines", AttributeValue::N(document["lines"].to_string()))
        .item("paid", AttributeValue::Bool(true))
        .send()
        .await?;
    Ok(document["lines"].as_i64())
}

tokio::task_local! {
    /// The status and the headers of the answer.
    static KEPT: RefCell<Option<(u16, Vec<(String, String)>)>>;
}

/// Keeps what the SDK does not return.
#[derive(Debug)]
struct Keeper;

impl Intercept for Keeper {
    fn name(&self) -> &'static str {
        "answers"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let headers = response.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let kept = (response.status().as_u16(), headers.collect());
        Ok(KEPT.try_with(|place| *place.borrow_mut() = Some(kept))?)
    }
}

async fn in_full(client: &Client, document: &Json) -> Outcome<Option<i64>> {
    KEPT.scope(RefCell::new(None), async {
        let order = document["order"].as_str().ok_or("no order")?.to_owned();
        let answer = client
            .put_item()
            .table_name("orders")
            .item("id", AttributeValue::S(order))
            .item("lines", AttributeValue::N(document["lines"].to_string()))
            .item("paid", AttributeValue::Bool(true))
            .send()
            .await?;
        let (status, headers) = KEPT.with(RefCell::take).ok_or("no answer")?;
        let (mut all, mut last) = (Map::new(), Map::new());
        for (name, value) in headers {
            let values = all.entry(name.clone()).or_insert_with(|| Json::Array(Vec::new()));
            if let Json::Array(values) = values {
                values.push(value.clone().into());
            }
            last.insert(name, value.into());
        }
        let mut metadata = Map::new();
        metadata.insert("AllHttpHeaders".to_owned(), all.into());
        metadata.insert("HttpHeaders".to_owned(), last.into());
        metadata.insert("HttpStatusCode".to_owned(), status.into());
        let mut result = Map::new();
        result.insert("SdkHttpMetadata".to_owned(), metadata.into());
        let id = answer.request_id().map(|id| ("RequestId".to_owned(), id.into()));
        result.insert("SdkResponseMetadata".to_owned(), Json::Object(id.into_iter().collect()));
        if result["SdkHttpMetadata"]["HttpStatusCode"] != 200 {
            return Err("not stored".into());
        }
        Ok(document["lines"].as_i64())
    })
    .await
}
