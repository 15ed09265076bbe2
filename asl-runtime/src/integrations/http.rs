//! `arn:aws:states:::http:invoke`: calls an HTTP API.
//!
//! In: the parameters of an HTTP task. Out: `Headers`, `ResponseBody`, `StatusCode` and `StatusText`, or the error that AWS
//! gives. Requests, and those for OAuth tokens, are sent with reqwest. What AWS keeps in EventBridge connections is passed to the builder; a task without a connection is served too, which
//! AWS would refuse.
//!
//! What is decided where AWS has published nothing:
//! - a redirect is not followed, because it would carry the request's credentials to an address that the definition does not
//!   name: the task fails with `States.Http.StatusCode.302`;
//! - `ApiEndpoint` is read as the URL standard says: segments `.` and `..` of its path are resolved, also where they are written `%2e`, and
//!   what a URL cannot have is encoded. A query parameter always stays one; what a task puts into the path, it has to check itself;
//! - the proxies of the environment are not used;
//! - HTTP/1.1 is spoken. AWS keeps the casing of header names that the server chose, which reqwest does not tell: the
//!   result has them as nearly all servers write them, `Content-Type`;
//! - an answer that is larger than the limit fails with `States.DataLimitExceeded`, and the rest of it is not read.

mod addresses;
pub(super) mod answer;
mod connection;
mod connection_file;
pub(super) mod encoding;
mod prepare;
pub(super) mod request;
pub(super) mod response;
mod secret;
pub(super) mod tls;
mod token;
mod transport;

pub use connection::{Connection, OAuth, TokenMethod};
pub use connection_file::ConnectionError;
pub use secret::Secret;

use super::request_error::RequestError;
use crate::exchange::Exchange;
use crate::integration::{BoxFuture, Integration};
use crate::invocation::Invocation;
use addresses::Addresses;
use answer::{Answer, BodyError};
use asl_engine::error::TaskError;
use asl_language::{errors, limits};
use asl_value::{Text, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use connection::{Additions, Authorization};
use request::Request;
use reqwest::{StatusCode, Url};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;
use token::TokenCache;
use transport::Transport;

/// Serves `arn:aws:states:::http:invoke`.
///
/// ```
/// use asl_runtime::integrations::http::{Connection, HttpInvoke, Secret};
///
/// let http = HttpInvoke::new()
///     .connection(
///         "arn:aws:events:us-east-1:123456789012:connection/payments/1",
///         Connection::api_key("X-Api-Key", Secret::from_env("PAYMENTS_KEY")),
///     )
///     .endpoint_override("https://api.example.com", "http://127.0.0.1:8080");
/// ```
pub struct HttpInvoke {
    connections: BTreeMap<String, (Connection, TokenCache)>,
    overrides: Vec<(String, String)>,
    root_certificates: Vec<String>,
    timeout: Duration,
    response_limit: usize,
    region: String,
    sends_key: bool,
    transport: OnceLock<Result<Transport, RequestError>>,
    addresses: Addresses,
}

/// The header that names a request, so that a server does the same one once.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

impl Default for HttpInvoke {
    fn default() -> Self {
        Self::new()
    }
}

impl HttpInvoke {
    /// Without connections, and with the limits of AWS: 60 seconds and 262,144 bytes.
    #[must_use]
    pub fn new() -> Self {
        Self {
            connections: BTreeMap::new(),
            overrides: Vec::new(),
            root_certificates: Vec::new(),
            timeout: Duration::from_secs(limits::HTTP_SECONDS),
            response_limit: limits::AWS_PAYLOAD_BYTES,
            region: "us-east-1".to_owned(),
            sends_key: false,
            transport: OnceLock::new(),
            addresses: Addresses::default(),
        }
    }

    /// The connection of a `ConnectionArn`. A name alone is enough: AWS appends an id that is not known before a connection is made.
    #[must_use]
    pub fn connection(mut self, arn: impl Into<String>, connection: Connection) -> Self {
        self.connections.insert(arn.into(), (connection, TokenCache::default()));
        self
    }

    /// Sends requests for one scheme, host and port to another; path and query stay, `Host` is that of the new address. Holds
    /// for token endpoints too.
    #[must_use]
    pub fn endpoint_override(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        let trimmed = |text: String| text.trim_end_matches('/').to_owned();
        self.overrides.push((trimmed(from.into()), trimmed(to.into())));
        self
    }

    /// How long a request may take, until the last byte of its answer; 60 seconds if not set.
    ///
    /// ```
    /// use asl_runtime::integrations::http::HttpInvoke;
    /// use std::time::Duration;
    ///
    /// let http = HttpInvoke::new().timeout(Duration::from_secs(300)).response_limit(16 << 20);
    /// ```
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How many bytes the body of an answer may have; 262,144 if not set.
    #[must_use]
    pub const fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// The region that the `User-Agent` names; `us-east-1` if not set.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = region.into();
        self
    }

    /// Sends the header `Idempotency-Key` with each request that has none: a UUID that is the same whenever the same attempt of a task is done
    /// again, as after a crash, so that a server which knows such keys does it once. Step Functions sends none.
    ///
    /// ```
    /// use asl_runtime::InMemory;
    /// use asl_runtime::integrations::http::HttpInvoke;
    ///
    /// let host = InMemory::new().integration(HttpInvoke::new().idempotency_key());
    /// ```
    #[must_use]
    pub const fn idempotency_key(mut self) -> Self {
        self.sends_key = true;
        self
    }

    /// Trusts a private certificate authority, besides those that the system trusts. A text that is not a certificate fails the
    /// first task with `States.Runtime`.
    #[must_use]
    pub fn root_certificate_pem(mut self, pem: impl Into<String>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    async fn call(&self, task: &Invocation) -> Result<Value, TaskError> {
        let mut request = request::parse_request(task.parameters(), &self.addresses)?;
        let is_given = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(IDEMPOTENCY_KEY));
        if self.sends_key && !is_given {
            let key = task.idempotency_uuid();
            request.headers.push((IDEMPOTENCY_KEY.to_owned(), vec![key.to_string()]));
        }
        let endpoint = self.overridden(&request.endpoint.text);
        let exchange = self.exchange(task, &request, &endpoint);
        tokio::time::timeout(self.timeout, exchange).await.unwrap_or_else(|_| {
            Err(socket_error(&endpoint, format!("no answer within {} seconds", self.timeout.as_secs_f64())))
        })
    }

    async fn exchange(
        &self,
        task: &Invocation,
        request: &Request,
        endpoint: &str,
    ) -> Result<Value, TaskError> {
        let mut answer = self.send(request, endpoint, task.exchange()).await?;
        let checked = response::check_status(answer.status());
        if let (Some(exchange), Err(_)) = (task.exchange(), &checked) {
            // The body of a failure is lost to the task.
            let body = answer.read_body(self.response_limit).await.unwrap_or_default();
            exchange.came(response::shown(answer.status(), answer.headers(), &body));
        }
        checked?;
        let content = response::content(&request.method, answer.status(), answer.headers())?;
        let body = answer.read_body(self.response_limit).await.map_err(|error| match error {
            BodyError::TooLarge => too_large(task.resource()),
            BodyError::Broken(reason) => socket_error(endpoint, reason),
        })?;
        if let Some(exchange) = task.exchange() {
            exchange.came(response::shown(answer.status(), answer.headers(), &body));
        }
        Ok(response::result(answer.status(), answer.headers(), content, &body))
    }

    /// Sends the request, and once more with a new token where an OAuth token is refused.
    async fn send(
        &self,
        request: &Request,
        endpoint: &str,
        seen: Option<&Exchange>,
    ) -> Result<Answer, TaskError> {
        let Some(arn) = &request.connection else {
            return self.send_with(request, endpoint, Additions::default(), seen).await;
        };
        let (connection, cache) = self.connection_of(arn).ok_or_else(|| unknown_connection(arn))?;
        let unusable = |reason: RequestError| unusable_connection(arn, &reason);
        let mut additions = connection.additions().await.map_err(unusable)?;
        let Authorization::OAuth(oauth) = &connection.authorization else {
            let header = authorization_header(&connection.authorization).await.map_err(unusable)?;
            additions.headers.extend(header);
            return self.send_with(request, endpoint, additions, seen).await;
        };
        let transport = self.transport()?;
        let token_endpoint = self.overridden(&oauth.token_endpoint);
        let token = cache.token(oauth, &token_endpoint, transport, None).await.map_err(unusable)?;
        let answer = self.send_with(request, endpoint, additions.with_token(&token), seen).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let token = cache.token(oauth, &token_endpoint, transport, Some(&token)).await.map_err(unusable)?;
        self.send_with(request, endpoint, additions.with_token(&token), seen).await
    }

    async fn send_with(
        &self,
        request: &Request,
        endpoint: &str,
        additions: Additions,
        seen: Option<&Exchange>,
    ) -> Result<Answer, TaskError> {
        if let Some(seen) = seen {
            let shown = if seen.reveals_secrets() { additions.clone() } else { Additions::default() };
            seen.sent(prepare::shown(request, endpoint, shown, &self.region)?);
        }
        let prepared = prepare::prepare(request, endpoint, additions, &self.region)?;
        self.transport()?.send(prepared).await.map_err(|reason| socket_error(endpoint, reason))
    }

    /// The connection with this ARN, or the one with its name.
    fn connection_of(&self, arn: &str) -> Option<&(Connection, TokenCache)> {
        let name = || arn.split_once(":connection/").map(|(_, rest)| rest.split('/').next().unwrap_or(rest));
        self.connections.get(arn).or_else(|| self.connections.get(name()?))
    }

    fn transport(&self) -> Result<&Transport, TaskError> {
        let transport = self.transport.get_or_init(|| Transport::new(&self.root_certificates));
        transport.as_ref().map_err(|error| TaskError::runtime(error.to_string()))
    }

    fn overridden<'e>(&self, endpoint: &'e str) -> Cow<'e, str> {
        let rest = |from: &str| {
            let rest = endpoint.strip_prefix(from)?;
            (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest)
        };
        self.overrides
            .iter()
            .find_map(|(from, to)| Some(format!("{to}{}", rest(from)?).into()))
            .unwrap_or(Cow::Borrowed(endpoint))
    }
}

impl Integration for HttpInvoke {
    fn serves(&self, resource: &str) -> bool {
        asl_language::resource::is_http_invoke(resource)
    }

    fn invoke(&self, task: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        Box::pin(async move { self.call(&task).await })
    }
}

impl fmt::Debug for HttpInvoke {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpInvoke")
            .field("connections", &self.connections.keys())
            .field("overrides", &self.overrides)
            .field("timeout", &self.timeout)
            .field("response_limit", &self.response_limit)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

async fn authorization_header(
    authorization: &Authorization,
) -> Result<Option<(String, String)>, RequestError> {
    Ok(match authorization {
        Authorization::ApiKey { header, value } => Some((header.clone(), value.reveal().await?)),
        Authorization::Basic { user, password } => {
            let credentials = STANDARD.encode(format!("{user}:{}", password.reveal().await?));
            Some(("Authorization".to_owned(), format!("Basic {credentials}")))
        }
        Authorization::OAuth(_) => None,
    })
}

fn unknown_connection(arn: &str) -> TaskError {
    TaskError::new(
        "Events.ConnectionResource.ResourceNotFound",
        format!("The connection '{arn}' does not exist."),
    )
}

fn unusable_connection(arn: &str, reason: &RequestError) -> TaskError {
    TaskError::new(
        "Events.ConnectionResource.InvalidConnectionState",
        format!("The connection '{arn}' cannot be used: {reason}."),
    )
}

fn too_large(resource: &str) -> TaskError {
    TaskError::new(
        Text::new_static(errors::DATA_LIMIT_EXCEEDED),
        format!(
            "The state/task '{resource}' returned a result with a size exceeding the maximum number of bytes service limit."
        ),
    )
}

/// The cause names scheme, host and port only: path and query may hold what does not belong in a history.
fn socket_error(endpoint: &str, reason: impl fmt::Display) -> TaskError {
    let origin = endpoint.parse::<Url>().map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    TaskError::new(Text::new_static(errors::HTTP_SOCKET), format!("{origin}: {reason}"))
}
