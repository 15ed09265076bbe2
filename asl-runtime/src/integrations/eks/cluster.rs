//! Asking the API of a cluster.
//!
//! In: where a cluster is, and a request. Out: its answer. The connections to a cluster are kept with the authority that certifies it, so that
//! none is used for a cluster that another one certifies.

use super::token;
use crate::integrations::http::answer::{Answer, BodyError};
use crate::integrations::http::response::{self, Content};
use crate::integrations::request_error::RequestError;
use crate::integrations::signed::{Message, Server, Service};
use crate::integrations::timeouts::Timeouts;
use asl_engine::error::TaskError;
use asl_language::{errors, limits};
use asl_value::{Text, Value};
use hyper::{HeaderMap, Method, StatusCode};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Of how many authorities connections are kept.
const KEPT: usize = 16;

/// How large an answer may be that is not a result.
const ANSWER_LIMIT: usize = 16 * 1024 * 1024;

/// Where a cluster is.
#[derive(Clone, Debug)]
pub(super) struct ClusterPlace {
    pub(super) name: String,
    /// `https://` with host and port.
    pub(super) address: String,
    /// The certificates of its authority.
    pub(super) authority: Vec<u8>,
    /// Nothing where it is that of the program.
    pub(super) region: Option<String>,
}

/// What a cluster is asked.
pub(super) struct Request {
    pub(super) method: Method,
    /// With the query.
    pub(super) path: String,
    /// What the body is, and the body.
    pub(super) body: Option<(&'static str, String)>,
}

/// An answer whose body has not been read.
pub(super) struct Answered {
    answer: Answer,
    method: Method,
}

/// The connections to clusters.
#[derive(Default)]
pub(super) struct Clusters(Mutex<Vec<(Vec<u8>, Arc<Server>)>>);

impl ClusterPlace {
    /// The cause names the cluster only: path and query may hold what does not belong in a history.
    pub(super) fn failed(&self, reason: impl fmt::Display) -> TaskError {
        TaskError::new("EKS.SdkClientException", format!("{}: {reason}", self.address))
    }
}

impl Request {
    pub(super) const fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: None }
    }
}

impl Clusters {
    /// Sends a request with a token for the cluster.
    pub(super) async fn ask(
        &self,
        service: &Service,
        place: &ClusterPlace,
        request: Request,
        timeouts: Timeouts,
    ) -> Result<Answered, TaskError> {
        let failed = |reason: RequestError| place.failed(reason);
        let server = self.server(place).map_err(failed)?;
        let token = format!("Bearer {}", token::of(service, place).await.map_err(failed)?);
        let mut headers = vec![("accept", "application/json"), ("authorization", token.as_str())];
        headers.extend(request.body.as_ref().map(|(kind, _)| ("content-type", *kind)));
        let message = Message {
            address: format!("{}{}", place.address, request.path),
            method: request.method.clone(),
            headers: &headers,
            body: request.body.map(|(_, body)| body.into_bytes()).unwrap_or_default(),
            signature: None,
            timeouts,
        };
        let answer = server.send(message).await.map_err(failed)?;
        Ok(Answered { answer, method: request.method })
    }

    fn server(&self, place: &ClusterPlace) -> Result<Arc<Server>, RequestError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, server)) = kept.iter().find(|(authority, _)| *authority == place.authority) {
            return Ok(server.clone());
        }
        let server = Server::certified_by(&place.authority).map(Arc::new).map_err(|reason| {
            RequestError::Tls(format!("the certificate authority cannot be used: {reason}"))
        })?;
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((place.authority.clone(), server.clone()));
        Ok(server)
    }
}

impl fmt::Debug for Clusters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clusters").finish_non_exhaustive()
    }
}

impl Answered {
    /// The result of a task.
    pub(super) async fn result(self, place: &ClusterPlace, resource: &str) -> Result<Value, TaskError> {
        let method = self.method.clone();
        let too_large = || {
            TaskError::new(
                Text::new_static(errors::DATA_LIMIT_EXCEEDED),
                format!(
                    "The state/task '{resource}' returned a result with a size exceeding the maximum number of bytes service limit."
                ),
            )
        };
        let (status, headers, body) = self.read(place, limits::AWS_PAYLOAD_BYTES, too_large).await?;
        if !body.is_empty() {
            response::check_encoding(&headers)?;
        }
        let content = response::content(&method, status, &headers).unwrap_or(Content::TEXT);
        Ok(response::result(status, &headers, content, &body))
    }

    /// The text of an answer that is not a result.
    pub(super) async fn text(self, place: &ClusterPlace) -> Result<String, TaskError> {
        let too_large = || place.failed("the answer is too large");
        let (_, _, body) = self.read(place, ANSWER_LIMIT, too_large).await?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    /// The same, which must be JSON.
    pub(super) async fn json(self, place: &ClusterPlace) -> Result<Value, TaskError> {
        Value::from_json(&self.text(place).await?).map_err(|_| place.failed("the answer is not JSON"))
    }

    /// The whole answer, or the error that its status means.
    async fn read(
        mut self,
        place: &ClusterPlace,
        limit: usize,
        too_large: impl Fn() -> TaskError,
    ) -> Result<(StatusCode, HeaderMap, Vec<u8>), TaskError> {
        let (status, headers) = (self.answer.status(), self.answer.headers().clone());
        let body = self.answer.read_body(limit).await.map_err(|error| match error {
            BodyError::TooLarge => too_large(),
            BodyError::Broken(reason) => place.failed(reason),
        })?;
        if status.is_success() { Ok((status, headers, body)) } else { Err(refused(status, &body)) }
    }
}

/// `EKS.404`, with what the cluster says as the cause.
fn refused(status: StatusCode, body: &[u8]) -> TaskError {
    let result = response::result(status, &HeaderMap::new(), Content::JSON, body);
    let mut fields = result.as_object().cloned().unwrap_or_default();
    fields.remove("Headers");
    TaskError::new(format!("EKS.{}", status.as_u16()), Value::from(fields).to_string())
}
