//! The result of a DynamoDB task, or the error that an answer means.
//!
//! In: what the service sent. Out: its fields in PascalCase with `SdkHttpMetadata` and `SdkResponseMetadata`, or an error named
//! as AWS names it. The answer's own text is read, because the SDK's maps lose the order of the attributes.

use crate::integrations::metadata::{http_metadata, response_metadata};
use asl_engine::error::TaskError;
use asl_value::{Object, Value};
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::config::interceptors::AfterDeserializationInterceptorContextRef;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::{BoxError, ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

/// Header names as AWS shows them; the SDK returns them in lower case.
const SPELLINGS: &[&str] =
    &["Server", "Date", "Content-Type", "Content-Length", "Connection", "x-amzn-RequestId", "x-amz-crc32"];

/// The exceptions that the service's model names; any other code is generic. Those without `Exception` at their end get it.
const MODELED: &[&str] = &[
    "ConditionalCheckFailedException",
    "InternalServerError",
    "ItemCollectionSizeLimitExceededException",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ResourceNotFoundException",
    "ThrottlingException",
    "TransactionConflictException",
];

tokio::task_local! {
    /// Where the answer is left of the request that is sent.
    static CAPTURE: Capture;
}

/// The last answer of one request.
#[derive(Clone, Debug, Default)]
pub(super) struct Capture(Arc<Mutex<Option<Answer>>>);

/// Keeps answers where their requests ask for that. A client has it once: what is added to one request makes the SDK configure itself anew.
#[derive(Debug)]
pub(super) struct Keeper;

#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Value,
}

impl Intercept for Keeper {
    fn name(&self) -> &'static str {
        "asl-runtime answer"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Ok(capture) = CAPTURE.try_with(Capture::clone) else { return Ok(()) };
        let response = context.response();
        let body = std::str::from_utf8(response.body().bytes().unwrap_or_default())?;
        let answer = Answer {
            status: response.status().as_u16(),
            headers: response
                .headers()
                .iter()
                .map(|(name, value)| (spelling(name), value.to_owned()))
                .collect(),
            // An error may have any body; only a success must be JSON, which the SDK has checked.
            body: Value::from_json(body).unwrap_or_default(),
        };
        *capture.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        Ok(())
    }
}

impl Capture {
    /// Sends a request whose answer is kept.
    pub(super) async fn of<F: Future>(&self, request: F) -> F::Output {
        CAPTURE.scope(self.clone(), request).await
    }

    /// The result of the request that was just answered.
    pub(super) fn result(&self) -> Result<Value, TaskError> {
        let answer = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let answer = answer.ok_or_else(|| client_error("the service sent no answer"))?;
        let mut fields: Vec<(&str, &Value)> =
            answer.body.as_object().map(|body| body.iter().collect()).unwrap_or_default();
        fields.sort_by_key(|(name, _)| *name);
        let mut result: Object = fields.into_iter().map(|(name, value)| (name, value.clone())).collect();
        result.insert("SdkHttpMetadata", http_metadata(&answer.headers, answer.status));
        result.insert("SdkResponseMetadata", response_metadata(&answer.headers));
        Ok(result.into())
    }
}

fn spelling(name: &str) -> String {
    let known = SPELLINGS.iter().find(|known| known.eq_ignore_ascii_case(name));
    known.map_or_else(|| name.to_owned(), |known| (*known).to_owned())
}

/// The error of a request that failed.
pub(super) fn failure<E>(error: &SdkError<E, HttpResponse>) -> TaskError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let Some(response) = error.raw_response() else { return client_error(&innermost(error)) };
    let Some(metadata) = error.as_service_error().map(ProvideErrorMetadata::meta) else {
        return client_error(&innermost(error));
    };
    let code = metadata.code().unwrap_or("UnknownError");
    let name = match MODELED.contains(&code) {
        true if code.ends_with("Exception") => format!("DynamoDB.{code}"),
        true => format!("DynamoDB.{code}Exception"),
        false => "DynamoDB.AmazonDynamoDBException".to_owned(),
    };
    let cause = format!(
        "{} (Service: AmazonDynamoDBv2; Status Code: {}; Error Code: {code}; Request ID: {}; Proxy: null)",
        metadata.message().unwrap_or("null"),
        response.status().as_u16(),
        metadata.request_id().unwrap_or("null"),
    );
    TaskError::new(name, cause)
}

/// The request did not reach the service, or its answer did not come back.
pub(super) fn client_error(reason: &str) -> TaskError {
    TaskError::new("DynamoDB.SdkClientException", format!("Unable to execute HTTP request: {reason}"))
}

fn innermost(error: &dyn Error) -> String {
    let mut reason = error;
    while let Some(source) = reason.source() {
        // It is the error around this one that says which time is over.
        if source.to_string() == "timed out" {
            break;
        }
        reason = source;
    }
    reason.to_string()
}
