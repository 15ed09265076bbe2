//! Requests without sending them, and answers that were never sent: for comparing this client with others.

use super::{ActionCall, Aws, answer, customs};
use crate::integrations::places::Variant;
use crate::integrations::signed::{Message, Service, Signature};
use crate::integrations::timeouts::Timeouts;
use asl_engine::error::TaskError;
use asl_engine::generated::action::Action;
use asl_value::{Text, Value};
use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};

/// A request as it would be signed.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// With path and query.
    pub address: String,
    /// Each name once.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The Region for which it is signed.
    pub region: String,
}

/// The key that signatures are made with, and its secret.
pub const KEY: [&str; 2] = ["id", "key"];

/// A client of AWS that sends nothing.
#[derive(Clone, Debug)]
pub struct Client(Aws);

impl Client {
    /// In a Region, with addresses that have FIPS, IPv6, or both.
    #[must_use]
    pub fn new(region: &str, [fips, dual]: [bool; 2]) -> Self {
        Self(Aws::new(Service::on_aws(region, Variant { fips, dual }, KEY)))
    }

    /// The request of an `aws-sdk` task.
    ///
    /// # Errors
    /// As the task fails with these parameters.
    pub fn request(&self, action: &'static Action, parameters: &Value) -> Result<Prepared, TaskError> {
        self.0.prepare(ActionCall { action, is_sdk: true }, parameters, &Text::from("token"), None)
    }

    /// The headers of a signature with [`KEY`]; none where the request is not signed.
    ///
    /// # Errors
    /// It cannot be signed.
    pub async fn signature(
        &self,
        action: &'static Action,
        request: &Prepared,
    ) -> Result<Vec<(String, String)>, TaskError> {
        let service = signing(action);
        if service.is_empty() {
            return Ok(Vec::new());
        }
        let headers: Vec<_> =
            request.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let message = Message {
            address: request.address.clone(),
            method: action.method.parse().map_err(|_| TaskError::runtime("the method is not one of HTTP"))?,
            headers: &headers,
            body: request.body.clone(),
            signature: None,
            timeouts: Timeouts::default(),
        };
        let signed = self.0.service.sign(&message, Signature { service, region: &request.region }).await;
        signed.map_err(|error| TaskError::runtime(error.to_string()))
    }
}

/// The service that requests are signed for; empty where they are not.
#[must_use]
pub fn signing(action: &'static Action) -> &'static str {
    customs::signing(ActionCall { action, is_sdk: true })
}

/// What an `aws-sdk` task makes of an answer.
///
/// # Errors
/// As the task fails with it.
pub fn result(
    action: &'static Action,
    status: u16,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<Value, TaskError> {
    let headers: HeaderMap = headers
        .iter()
        .filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
        })
        .collect();
    answer::read(ActionCall { action, is_sdk: true }, status, &headers, body)
}
