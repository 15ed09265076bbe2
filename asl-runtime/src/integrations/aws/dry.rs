//! Requests without sending them, and answers that were never sent: for comparing this client with others.

use super::{Aws, Call, answer};
use crate::integrations::places::Variant;
use crate::integrations::signed::Service;
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

/// A client of AWS that sends nothing.
#[derive(Clone, Debug)]
pub struct Client(Aws);

impl Client {
    /// In a Region, with addresses that have FIPS, IPv6, or both.
    #[must_use]
    pub fn new(region: &str, [fips, dual]: [bool; 2]) -> Self {
        Self(Aws::new(Service::on_aws(region, Variant { fips, dual })))
    }

    /// The request of an `aws-sdk` task.
    ///
    /// # Errors
    /// As the task fails with these parameters.
    pub fn request(&self, action: &'static Action, parameters: &Value) -> Result<Prepared, TaskError> {
        self.0.prepare(Call { action, is_sdk: true }, parameters, &Text::from("token"), None)
    }
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
    answer::read(Call { action, is_sdk: true }, status, &headers, body)
}
