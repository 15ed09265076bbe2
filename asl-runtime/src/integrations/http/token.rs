//! OAuth tokens: asked for once, kept until they expire or are refused.
//!
//! In: client credentials. Out: a bearer token. One request at a time asks for a token, the others wait for it. No error shows
//! what was sent or what was answered.

use super::answer::Answer;
use super::connection::{OAuth, TokenMethod, reveal};
use super::encoding::encode_pairs;
use super::transport::Transport;
use crate::integrations::request_error::RequestError;
use asl_value::Value;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const TOKEN_LIMIT: usize = 65_536;

/// The token of one connection.
#[derive(Default)]
pub(super) struct TokenCache(Mutex<Option<Token>>);

struct Token {
    text: String,
    expires: Option<Instant>,
}

impl TokenCache {
    /// A token that has not expired, other than the one that was `refused`.
    pub(super) async fn token(
        &self,
        oauth: &OAuth,
        endpoint: &str,
        transport: &Transport,
        refused: Option<&str>,
    ) -> Result<String, RequestError> {
        let mut cached = self.0.lock().await;
        let usable =
            cached.as_ref().filter(|token| token.is_current() && refused != Some(token.text.as_str()));
        if let Some(token) = usable {
            return Ok(token.text.clone());
        }
        let token = request_token(oauth, endpoint, transport).await?;
        let text = token.text.clone();
        *cached = Some(token);
        Ok(text)
    }
}

impl Token {
    fn is_current(&self) -> bool {
        self.expires.is_none_or(|expires| Instant::now() < expires)
    }

    fn parse(answer: &Value) -> Option<Self> {
        let text = answer.get("access_token")?.as_str()?.to_owned();
        let seconds =
            answer.get("expires_in").and_then(Value::as_i64).and_then(|seconds| u64::try_from(seconds).ok());
        let expires = seconds.and_then(|seconds| Instant::now().checked_add(lifetime(seconds)));
        Some(Self { text, expires })
    }
}

/// A tenth of the time, at most a minute, is left for the request that uses the token.
fn lifetime(seconds: u64) -> Duration {
    let whole = Duration::from_secs(seconds);
    whole.saturating_sub((whole / 10).min(Duration::from_secs(60)))
}

async fn request_token(oauth: &OAuth, endpoint: &str, transport: &Transport) -> Result<Token, RequestError> {
    let request = token_request(oauth, endpoint).await?;
    let answer = transport
        .send(request)
        .await
        .map_err(|reason| no_token(format!("the token endpoint cannot be reached: {reason}")))?;
    let status = answer.status();
    if !status.is_success() {
        return Err(no_token(format!("the token endpoint answered {}", status.as_u16())));
    }
    read_token(answer).await.ok_or_else(|| no_token("the token endpoint gave no access token"))
}

fn no_token(why: impl Into<String>) -> RequestError {
    RequestError::NoToken(why.into())
}

async fn token_request(oauth: &OAuth, endpoint: &str) -> Result<Request, RequestError> {
    let parameters = reveal(&oauth.parameters).await?;
    let secret = oauth.client_secret.reveal().await?;
    let credentials = [("client_secret", secret.as_str()), ("client_id", &oauth.client_id)];
    let form = encode_pairs(
        std::iter::once(("grant_type", "client_credentials"))
            .chain(parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())))
            .chain(credentials),
    );
    let mut address: Url = endpoint.parse().map_err(|_| RequestError::NotAUrl("the token endpoint"))?;
    let query = reveal(&oauth.query).await?;
    let query = encode_pairs(query.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let (method, in_query, in_body) = match oauth.method {
        TokenMethod::Get => (Method::GET, join([address.query().unwrap_or_default(), &query, &form]), None),
        TokenMethod::Post | TokenMethod::Put => {
            let method = if oauth.method == TokenMethod::Put { Method::PUT } else { Method::POST };
            (method, join([address.query().unwrap_or_default(), &query]), Some(form))
        }
    };
    address.set_query(Some(in_query.as_str()).filter(|query| !query.is_empty()));
    let mut request = Request::new(method, address);
    *request.body_mut() = in_body.map(Into::into);
    let headers = request.headers_mut();
    for (name, value) in reveal(&oauth.headers).await? {
        let unsendable =
            || RequestError::Unsendable(format!("the header {name} of the token request cannot be sent"));
        let mut value = HeaderValue::from_str(&value).map_err(|_| unsendable())?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable())?, value);
    }
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.entry(CONTENT_TYPE).or_insert(form);
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
    Ok(request)
}

/// The parts of a query that there are.
fn join<const N: usize>(parts: [&str; N]) -> String {
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("&")
}

async fn read_token(mut answer: Answer) -> Option<Token> {
    let body = answer.read_body(TOKEN_LIMIT).await.ok()?;
    Token::parse(&Value::from_json(std::str::from_utf8(&body).ok()?).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_for_less_than_its_time() {
        assert_eq!(lifetime(3600), Duration::from_secs(3540));
        assert_eq!(lifetime(10), Duration::from_secs(9));
        assert_eq!(lifetime(0), Duration::ZERO);
    }
}
