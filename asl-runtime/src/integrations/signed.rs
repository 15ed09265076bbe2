//! Requests to AWS services, signed with Signature Version 4 and sent once.
//!
//! In: method, address, headers and body. Out: the answer. What is sent is what was signed, byte by byte. No error names a secret.

#![cfg_attr(
    not(feature = "clients"),
    allow(dead_code, unused_imports, reason = "each client uses a part of it")
)]

mod keyring;
mod transport;

use super::environment::{self, Endpoints, endpoint_variables, is_one_of, trimmed};
use super::http::answer::Answer;
use super::http::tls::tls_config_of;
use super::places::Variant;
use super::places::usual_host;
use super::request_error::RequestError;
use super::timeouts;
use super::timeouts::Timeouts;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sigv4::http_request::SignatureLocation;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningInstructions,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use hyper::Method;
use hyper::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use keyring::Keyring;
use std::fmt;
use std::time::Duration;
use std::time::SystemTime;
use transport::{Outgoing, Transport};

/// Services of AWS, or a server that has their APIs.
pub(super) struct Service {
    /// The address of a server other than AWS, for all services.
    endpoint: Option<String>,
    /// Whether the environment may name servers for single services.
    from_env: bool,
    /// Servers that come before all others.
    endpoints: Endpoints,
    /// Empty where none is set.
    pub(super) region: String,
    /// Which addresses of AWS are asked.
    pub(super) variant: Variant,
    credentials: Keyring,
    transport: Result<Transport, RequestError>,
    /// Those that the environment sets.
    timeouts: Result<Timeouts, RequestError>,
}

/// A request, and for whom it is signed.
pub(super) struct Message<'a> {
    /// With path and query.
    pub(super) address: String,
    pub(super) method: Method,
    /// Each name once. The length is counted, never told.
    pub(super) headers: &'a [(&'a str, &'a str)],
    pub(super) body: Vec<u8>,
    /// It is sent without a signature where there is none.
    pub(super) signature: Option<Signature<'a>>,
    pub(super) timeouts: Timeouts,
}

impl Service {
    /// Region, credentials and endpoint as every AWS SDK finds them.
    pub(super) async fn from_env(endpoints: &Endpoints) -> Self {
        let config = environment::load(endpoints).await;
        Self {
            endpoints: endpoints.clone(),
            endpoint: config.endpoint_url().map(trimmed),
            from_env: true,
            region: config.region().map(ToString::to_string).unwrap_or_default(),
            variant: Variant {
                fips: config.use_fips().unwrap_or_default(),
                dual: config.use_dual_stack().unwrap_or_default(),
            },
            credentials: Keyring::new(config.credentials_provider()),
            transport: Transport::new(),
            timeouts: Timeouts::from_env(),
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
            endpoint: Some(trimmed(url)),
            from_env: false,
            endpoints: Endpoints::default(),
            region: region.to_owned(),
            variant: Variant::default(),
            credentials: Keyring::new(Some(SharedCredentialsProvider::new(credentials))),
            transport: Transport::new(),
            timeouts: Ok(Timeouts::default()),
        }
    }

    /// AWS itself, with the identifier of a key and its secret.
    pub(super) fn on_aws(region: &str, variant: Variant, [id, secret]: [&str; 2]) -> Self {
        Self { endpoint: None, variant, ..Self::with_endpoint("", region, id, secret) }
    }

    /// The same that trusts a certificate besides.
    #[cfg(test)]
    pub(super) fn trusting(self, pem: String) -> Self {
        let transport = super::http::tls::tls_config(&[pem]).map(Transport::over);
        Self { transport, ..self }
    }

    /// Sends requests that are not signed, to any address.
    pub(super) fn unsigned() -> Self {
        Self { timeouts: Timeouts::from_env(), ..Self::with_endpoint("", "", "", "") }
    }

    /// The address of the server other than AWS, without a path, that has the API of a service with one of these names.
    pub(super) fn elsewhere(&self, names: &[&str]) -> Option<String> {
        let of_environment =
            || endpoint_variables().find(|(name, _)| self.from_env && is_one_of(name, names));
        let own = self.endpoints.of(names).map(str::to_owned);
        own.or_else(|| of_environment().map(|(_, url)| trimmed(&url)))
            .or_else(|| self.endpoints.of_all().map(str::to_owned))
            .or_else(|| self.endpoint.clone())
    }

    /// The address of a service, without a path.
    pub(super) fn address(&self, name: &str) -> String {
        self.elsewhere(&[name])
            .unwrap_or_else(|| format!("https://{}", usual_host(name, &self.region, self.variant)))
    }

    /// The timeouts of a request: those that are set, those of the environment, or the usual ones, with this one for silence.
    pub(super) fn timeouts(&self, set: Timeouts, usual_read: Duration) -> Result<Timeouts, RequestError> {
        let usual = Timeouts { connect: Some(timeouts::CONNECT), read: Some(usual_read) };
        Ok(set.or(self.timeouts.clone()?).or(usual))
    }

    /// Signs a request for whom the signature says, if there is one, and sends it.
    pub(super) async fn send(&self, mut message: Message<'_>) -> Result<Answer, RequestError> {
        let counted = |(name, _): &&(&str, &str)| !name.eq_ignore_ascii_case(CONTENT_LENGTH.as_str());
        let headers: Vec<_> = message.headers.iter().filter(counted).copied().collect();
        message.headers = &headers;
        let signed = match message.signature {
            None => Vec::new(),
            Some(signature) => self.sign(&message, signature).await?,
        };
        let timeouts = message.timeouts;
        let request = outgoing(message, &signed)?;
        self.transport.as_ref().map_err(Clone::clone)?.send(request, timeouts).await
    }

    /// An address of a GET with a signature in it: anyone who has it can send the request with these headers for that long.
    pub(super) async fn presigned(
        &self,
        address: &str,
        headers: &[(&str, &str)],
        signature: Signature<'_>,
        lifetime: Duration,
    ) -> Result<String, RequestError> {
        let mut settings = signature.settings();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(lifetime);
        let signable =
            SignableRequest::new("GET", address, headers.iter().copied(), SignableBody::Bytes(&[]));
        let signed = self.signed(signable.map_err(unsendable)?, signature, settings).await?;
        let parameters = signed.params().iter().map(|(name, value)| (*name, value.as_ref()));
        Ok(format!("{address}&{}", super::http::encoding::encode_pairs(parameters)))
    }

    /// The headers of a signature.
    pub(super) async fn sign(
        &self,
        message: &Message<'_>,
        signature: Signature<'_>,
    ) -> Result<Vec<(String, String)>, RequestError> {
        let signable = SignableRequest::new(
            message.method.as_str(),
            message.address.as_str(),
            message.headers.iter().copied(),
            SignableBody::Bytes(&message.body),
        );
        let signed = self.signed(signable.map_err(unsendable)?, signature, signature.settings()).await?;
        Ok(signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// What a signature adds to a request.
    async fn signed(
        &self,
        request: SignableRequest<'_>,
        signature: Signature<'_>,
        settings: SigningSettings,
    ) -> Result<SigningInstructions, RequestError> {
        if signature.region.is_empty() {
            return Err(RequestError::NoRegion);
        }
        let identity = self.credentials.current().await?.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(signature.region)
            .name(signature.service)
            .time(SystemTime::now())
            .settings(settings)
            .build()
            .map_err(unsendable)?
            .into();
        Ok(sign(request, &parameters).map_err(unsendable)?.into_parts().0)
    }
}

/// A server that is known by its own certificate authority, and whose requests are not signed.
pub(super) struct Server(Transport);

impl Server {
    /// One whose certificate is of these authorities.
    pub(super) fn certified_by(pem: &[u8]) -> Result<Self, RequestError> {
        tls_config_of(pem).map(Transport::over).map(Self)
    }

    /// Sends a request as it is.
    pub(super) async fn send(&self, message: Message<'_>) -> Result<Answer, RequestError> {
        let timeouts = message.timeouts;
        self.0.send(outgoing(message, &[])?, timeouts).await
    }
}

/// A request with its headers, and those of its signature.
fn outgoing(message: Message<'_>, signed: &[(String, String)]) -> Result<Outgoing, RequestError> {
    let mut request = Outgoing::new(message.body.into());
    *request.method_mut() = message.method;
    *request.uri_mut() = message.address.parse().map_err(|_| RequestError::NotAUrl("the endpoint"))?;
    let signed = signed.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in message.headers.iter().copied().chain(signed) {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(unsendable)?;
        let mut value = HeaderValue::from_str(value).map_err(unsendable)?;
        value.set_sensitive(true);
        request.headers_mut().insert(name, value);
    }
    Ok(request)
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
        if matches!(self.service, "s3" | "s3express" | "s3-object-lambda") {
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

fn unsendable(error: impl fmt::Display) -> RequestError {
    RequestError::Unsendable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_named_is_asked_for_everything() {
        let service = Service::with_endpoint("http://127.0.0.1:4566/", "", "id", "hunter2");
        assert_eq!(service.elsewhere(&["sqs"]).as_deref(), Some("http://127.0.0.1:4566"));
        assert!(!format!("{service:?}").contains("hunter2"));
    }
}
