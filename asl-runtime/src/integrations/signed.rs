//! Requests to AWS services, signed with Signature Version 4 and sent once.
//!
//! In: method, address, headers and body. Out: the answer. No error names a secret.

mod keyring;

use super::http::transport::{Answer, Transport};
use aws_config::BehaviorVersion;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use keyring::Keyring;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, Request};
use std::fmt;
use std::time::SystemTime;

const NO_REGION: &str = "no AWS Region is set: set `AWS_REGION`, or `region` in the profile";

/// A service of AWS, or a server that has its API.
pub(super) struct Service {
    pub(super) endpoint: String,
    /// Whether that is the address of a server other than AWS.
    pub(super) elsewhere: bool,
    /// Empty where none is set.
    pub(super) region: String,
    credentials: Keyring,
    transport: Result<Transport, String>,
}

impl Service {
    /// Region, credentials and endpoint as every AWS SDK finds them.
    pub(super) async fn from_env(name: &'static str) -> Self {
        let client = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let config = aws_config::defaults(BehaviorVersion::latest()).http_client(client).load().await;
        let own_endpoint = std::env::var(format!("AWS_ENDPOINT_URL_{}", name.to_uppercase())).ok();
        let endpoint = own_endpoint.as_deref().or_else(|| config.endpoint_url());
        // A server other than AWS does not mind which Region it is.
        let usual = if endpoint.is_some() { "us-east-1" } else { "" };
        let region = config.region().map_or(usual, |region| region.as_ref());
        Self {
            elsewhere: endpoint.is_some(),
            endpoint: endpoint.map_or_else(|| format!("https://{name}.{region}.amazonaws.com"), trimmed),
            region: region.to_owned(),
            credentials: Keyring::new(config.credentials_provider()),
            transport: Transport::new(&[]),
        }
    }

    /// A server other than AWS.
    pub(super) fn with_endpoint(
        url: &str,
        region: &str,
        access_key_id: &str,
        secret_access_key: &str,
    ) -> Self {
        let credentials = Credentials::new(access_key_id, secret_access_key, None, None, "asl-runtime");
        Self {
            endpoint: trimmed(url),
            elsewhere: true,
            region: region.to_owned(),
            credentials: Keyring::new(Some(SharedCredentialsProvider::new(credentials))),
            transport: Transport::new(&[]),
        }
    }

    /// Signs a request for whom the signature says, if there is one, and sends it.
    pub(super) async fn send_to(
        &self,
        address: &str,
        method: Method,
        headers: &[(&str, &str)],
        body: Vec<u8>,
        signature: impl Into<Option<Signature<'_>>>,
    ) -> Result<Answer, String> {
        let signed = match signature.into() {
            None => Vec::new(),
            Some(signature) => self.sign(address, &method, headers, &body, signature).await?,
        };
        let url = address.parse().map_err(|_| "the endpoint is no valid URL".to_owned())?;
        let mut request = Request::new(method, url);
        let signed = signed.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in headers.iter().copied().chain(signed) {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(text)?;
            let mut value = HeaderValue::from_str(value).map_err(text)?;
            value.set_sensitive(true);
            request.headers_mut().insert(name, value);
        }
        *request.body_mut() = Some(body.into());
        self.transport.as_ref().map_err(Clone::clone)?.send(request).await
    }

    /// The headers of a signature.
    async fn sign(
        &self,
        address: &str,
        method: &Method,
        headers: &[(&str, &str)],
        body: &[u8],
        signature: Signature<'_>,
    ) -> Result<Vec<(String, String)>, String> {
        if signature.region.is_empty() {
            return Err(NO_REGION.to_owned());
        }
        let identity = self.credentials.current().await?.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(signature.region)
            .name(signature.service)
            .time(SystemTime::now())
            .settings(signature.settings())
            .build()
            .map_err(text)?
            .into();
        let signable = SignableRequest::new(
            method.as_str(),
            address,
            headers.iter().copied(),
            SignableBody::Bytes(body),
        );
        let (instructions, _) = sign(signable.map_err(text)?, &parameters).map_err(text)?.into_parts();
        Ok(instructions.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

/// For whom a request is signed.
#[derive(Clone, Copy)]
pub(super) struct Signature<'a> {
    pub(super) service: &'a str,
    pub(super) region: &'a str,
}

impl Signature<'_> {
    /// S3 signs the path as it is sent, and wants the checksum of the body.
    fn settings(self) -> SigningSettings {
        let mut settings = SigningSettings::default();
        if self.service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        }
        settings
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

fn trimmed(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

fn text(error: impl fmt::Display) -> String {
    error.to_string()
}
