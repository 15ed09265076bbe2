//! Sending a request: sockets, TLS, limits of time and size.
//!
//! In: a complete request. Out: the head of the answer, and its body up to a limit. Never follows a redirect, never asks a
//! proxy, never checks less than the whole certificate of a server.

use reqwest::header::HeaderMap;
use reqwest::{Client, Request, Response, StatusCode, redirect};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// Servers close connections that are idle for longer; one that is about to close is better not used again.
const IDLE: Duration = Duration::from_secs(15);

/// Opens connections and keeps them for the next request.
pub(in crate::integrations) struct Transport(Client);

/// An answer whose body has not been read.
pub(in crate::integrations) struct Answer(Response);

/// Why there is no body.
pub(in crate::integrations) enum BodyError {
    TooLarge,
    Broken(String),
}

impl Transport {
    /// A transport that trusts the certificates of the system and those given.
    pub(in crate::integrations) fn new(root_certificates: &[String]) -> Result<Self, String> {
        Client::builder()
            .tls_backend_preconfigured(tls_config(root_certificates)?)
            .redirect(redirect::Policy::none())
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
    pub(in crate::integrations) async fn send(&self, request: Request) -> Result<Answer, String> {
        self.0.execute(request).await.map(Answer).map_err(|error| innermost(&error))
    }
}

impl Answer {
    pub(in crate::integrations) fn status(&self) -> StatusCode {
        self.0.status()
    }

    pub(in crate::integrations) fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The next piece of the body, not empty; nothing at its end.
    #[cfg(feature = "s3")]
    pub(in crate::integrations) async fn chunk(&mut self) -> Result<Option<Vec<u8>>, String> {
        loop {
            match self.0.chunk().await.map_err(|error| innermost(&error))? {
                Some(chunk) if chunk.is_empty() => {}
                chunk => return Ok(chunk.map(|chunk| chunk.to_vec())),
            }
        }
    }

    /// Reads the body, and stops where it gets larger than the limit.
    pub(in crate::integrations) async fn read_body(&mut self, limit: usize) -> Result<Vec<u8>, BodyError> {
        let mut read = Vec::new();
        if self.0.content_length().is_some_and(|length| length > limit as u64) {
            return Err(BodyError::TooLarge);
        }
        while let Some(chunk) = self.0.chunk().await.map_err(|error| BodyError::Broken(innermost(&error)))? {
            if read.len() + chunk.len() > limit {
                return Err(BodyError::TooLarge);
            }
            read.extend_from_slice(&chunk);
        }
        Ok(read)
    }
}

fn tls_config(root_certificates: &[String]) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    // A system without certificates is no error: requests without TLS need none, and others are then refused.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for pem in root_certificates {
        let mut certificates = CertificateDer::pem_slice_iter(pem.as_bytes()).peekable();
        if certificates.peek().is_none() {
            return Err("A root certificate of the HTTP integration holds no certificate.".to_owned());
        }
        for certificate in certificates {
            let added = certificate
                .map_err(|error| error.to_string())
                .and_then(|certificate| roots.add(certificate).map_err(|error| error.to_string()));
            added.map_err(|error| {
                format!("A root certificate of the HTTP integration cannot be used: {error}")
            })?;
        }
    }
    // The provider is given here, so that no other part of the program is made to use it.
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|config| config.with_root_certificates(roots).with_no_client_auth())
        .map_err(|error| format!("TLS cannot be set up: {error}"))
}

fn innermost(error: &dyn Error) -> String {
    let mut reason = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    reason.to_string()
}
