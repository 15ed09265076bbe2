//! Connections: how a request is authorized, and what is added to it.
//!
//! In: what EventBridge keeps in a connection on AWS. Out: headers, query and body parameters with their secrets revealed, for
//! one request. An OAuth token is had elsewhere (`token`).

use super::secret::Secret;
use crate::integrations::request_error::RequestError;

/// An EventBridge connection: the credentials of an API, kept outside of the definition.
///
/// ```
/// use asl_runtime::integrations::http::{Connection, Secret};
///
/// let connection = Connection::api_key("X-Api-Key", Secret::from_env("API_KEY")).header("X-Tenant", "blue");
/// ```
#[derive(Clone, Debug)]
pub struct Connection {
    pub(super) authorization: Authorization,
    headers: Vec<(String, Secret)>,
    query: Vec<(String, Secret)>,
    body: Vec<(String, Secret)>,
}

#[derive(Clone, Debug)]
pub(super) enum Authorization {
    ApiKey { header: String, value: Secret },
    Basic { user: String, password: Secret },
    OAuth(OAuth),
}

/// The OAuth client credentials of a connection, and where they are exchanged for a token.
///
/// ```
/// use asl_runtime::integrations::http::{Connection, OAuth, Secret};
///
/// let oauth = OAuth::client_credentials("https://login.example.com/token", "shop", Secret::from_env("SHOP_SECRET"))
///     .scope("orders:write")
///     .parameter("audience", "orders");
/// let connection = Connection::oauth(oauth);
/// ```
#[derive(Clone, Debug)]
pub struct OAuth {
    pub(super) token_endpoint: String,
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
    pub(super) method: TokenMethod,
    pub(super) parameters: Vec<(String, Secret)>,
    pub(super) headers: Vec<(String, Secret)>,
    pub(super) query: Vec<(String, Secret)>,
}

/// How a token is asked for.
///
/// ```
/// use asl_runtime::integrations::http::{OAuth, TokenMethod};
///
/// let oauth = OAuth::client_credentials("https://login.example.com/token", "shop", "secret");
/// let oauth = oauth.method(TokenMethod::Get).query_parameter("tenant", "blue");
/// assert_eq!(TokenMethod::default(), TokenMethod::Post);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenMethod {
    /// With the parameters in the query.
    Get,
    /// With the parameters in the body.
    #[default]
    Post,
    /// The same as `Post`.
    Put,
}

impl OAuth {
    /// Client credentials for a token endpoint.
    pub fn client_credentials(
        token_endpoint: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<Secret>,
    ) -> Self {
        Self {
            token_endpoint: token_endpoint.into(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            method: TokenMethod::default(),
            parameters: Vec::new(),
            headers: Vec::new(),
            query: Vec::new(),
        }
    }

    /// The scope that is asked for.
    #[must_use]
    pub fn scope(self, scope: impl Into<Secret>) -> Self {
        self.parameter("scope", scope)
    }

    /// A further parameter of the token request, such as `audience`.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// How the token is asked for; by `POST` if not set.
    #[must_use]
    pub const fn method(mut self, method: TokenMethod) -> Self {
        self.method = method;
        self
    }

    /// A header of the token request.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// A parameter in the query of the token request.
    #[must_use]
    pub fn query_parameter(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }
}

impl Connection {
    /// A key in a header.
    pub fn api_key(header: impl Into<String>, value: impl Into<Secret>) -> Self {
        Self::new(Authorization::ApiKey { header: header.into(), value: value.into() })
    }

    /// User and password, as HTTP's basic authentication.
    ///
    /// ```
    /// use asl_runtime::integrations::http::{Connection, Secret};
    ///
    /// let connection = Connection::basic("shop", Secret::from_file("/run/secrets/shop"));
    /// ```
    pub fn basic(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::new(Authorization::Basic { user: user.into(), password: password.into() })
    }

    /// A bearer token that is asked for when it is needed, and kept until it expires or is refused.
    #[must_use]
    pub const fn oauth(oauth: OAuth) -> Self {
        Self::new(Authorization::OAuth(oauth))
    }

    const fn new(authorization: Authorization) -> Self {
        Self { authorization, headers: Vec::new(), query: Vec::new(), body: Vec::new() }
    }

    /// A header of every request; takes the place of the task's header of the same name, in the same case.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// A query parameter of every request; takes the place of the task's.
    ///
    /// ```
    /// use asl_runtime::integrations::http::Connection;
    ///
    /// let connection = Connection::api_key("X-Api-Key", "key").query_parameter("version", "2");
    /// ```
    #[must_use]
    pub fn query_parameter(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// A field of the body of every request; takes the place of the task's. The task's body must then be an object.
    ///
    /// ```
    /// use asl_runtime::integrations::http::Connection;
    ///
    /// let connection = Connection::api_key("X-Api-Key", "key").body_parameter("tenant", "blue");
    /// ```
    #[must_use]
    pub fn body_parameter(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.body.push((name.into(), value.into()));
        self
    }

    /// What is added to a request, the authorization header aside.
    pub(super) async fn additions(&self) -> Result<Additions, RequestError> {
        Ok(Additions {
            headers: reveal(&self.headers).await?,
            query: reveal(&self.query).await?,
            body: reveal(&self.body).await?,
        })
    }
}

/// What a connection adds to a request. Holds secrets, so it has no `Debug`.
#[derive(Clone, Default)]
pub(super) struct Additions {
    pub(super) headers: Vec<(String, String)>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Vec<(String, String)>,
}

impl Additions {
    pub(super) fn with_token(&self, token: &str) -> Self {
        let mut with_token = self.clone();
        with_token.headers.push(("Authorization".to_owned(), format!("Bearer {token}")));
        with_token
    }
}

pub(super) async fn reveal(parameters: &[(String, Secret)]) -> Result<Vec<(String, String)>, RequestError> {
    let mut revealed = Vec::with_capacity(parameters.len());
    for (name, value) in parameters {
        revealed.push((name.clone(), value.reveal().await?));
    }
    Ok(revealed)
}
