//! Sending a request of an HTTP task: sockets and TLS, by reqwest.
//!
//! In: a complete request. Out: the answer. Sends a request once; never follows a redirect, never asks a proxy.

use super::answer::{Answer, innermost};
use super::tls::tls_config;
use crate::integrations::request_error::RequestError;
use reqwest::{Client, Request, redirect, retry};
use std::time::Duration;

/// Servers close connections that are idle for longer; one that is about to close is better not used again.
const IDLE: Duration = Duration::from_secs(15);

/// Opens connections and keeps them for the next request.
pub(super) struct Transport(Client);

impl Transport {
    /// A transport that trusts the certificates of the system and those given.
    pub(super) fn new(root_certificates: &[String]) -> Result<Self, RequestError> {
        Client::builder()
            .tls_backend_preconfigured(tls_config(root_certificates)?)
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .referer(false)
            .http1_only()
            .http1_title_case_headers()
            .tcp_nodelay(true)
            .pool_idle_timeout(IDLE)
            .build()
            .map(Self)
            .map_err(|error| innermost(&error))
    }

    /// Sends a request. The error is the innermost reason, without the address.
    pub(super) async fn send(&self, request: Request) -> Result<Answer, RequestError> {
        let response = self.0.execute(request).await.map_err(|error| innermost(&error))?;
        // All that a task does has one limit.
        Ok(Answer::new(response, None))
    }
}
