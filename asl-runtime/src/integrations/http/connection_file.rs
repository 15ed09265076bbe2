//! A connection as `aws events create-connection --cli-input-json` takes it.
//!
//! In: JSON. Out: a connection, or the place in the JSON that makes no sense. No text says what a value is: it may be a secret. A value is a text, or
//! `{"Env": "NAME"}` or `{"File": "path"}`, so that secrets need not be in the file.

use super::connection::{Connection, OAuth, TokenMethod};
use super::secret::Secret;
use asl_value::{Object, Value};
use std::fmt::{Display, Formatter};
use std::path::Path;

type Read<T> = Result<T, ConnectionError>;

/// A place that makes no sense in the file of a connection. It says none of its values.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectionError {
    /// It is not JSON.
    NotJson,
    /// A place does not have what has to be there.
    Expected {
        /// The place: names with dots between them; empty for the whole.
        place: String,
        /// What has to be there.
        what: &'static str,
    },
    /// A name that is not a field of a connection.
    UnknownField(String),
}

impl Display for ConnectionError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotJson => formatter.write_str("it is not JSON"),
            Self::Expected { place, what } if place.is_empty() => write!(formatter, "it has to be {what}"),
            Self::Expected { place, what } => write!(formatter, "`{place}` has to be {what}"),
            Self::UnknownField(place) => write!(formatter, "`{place}` is not a field of a connection"),
        }
    }
}

impl std::error::Error for ConnectionError {}

/// What has a name and a value.
type Pairs = Vec<(String, Secret)>;

impl Connection {
    /// Reads what `CreateConnection` of EventBridge takes: `AuthorizationType` and `AuthParameters`. Where a value is a text, it may also be
    /// `{"Env": "NAME"}` or `{"File": "path"}`; such a path is relative to `folder`.
    ///
    /// # Errors
    /// It is not such JSON; the text says which place is not, and none of its values.
    pub fn from_json(text: &str, folder: &Path) -> Result<Self, ConnectionError> {
        let value = Value::from_json(text).map_err(|_| ConnectionError::NotJson)?;
        let root = Fields { value: &value, place: String::new(), folder };
        root.only(&[
            "Name",
            "Description",
            "AuthorizationType",
            "AuthParameters",
            "InvocationConnectivityParameters",
        ])?;
        let parameters = root.fields("AuthParameters")?;
        parameters.only(&[
            "ApiKeyAuthParameters",
            "BasicAuthParameters",
            "OAuthParameters",
            "InvocationHttpParameters",
            "ConnectivityParameters",
        ])?;
        let mut connection = match root.text("AuthorizationType")? {
            "API_KEY" => api_key(&parameters.fields("ApiKeyAuthParameters")?)?,
            "BASIC" => basic(&parameters.fields("BasicAuthParameters")?)?,
            "OAUTH_CLIENT_CREDENTIALS" => Self::oauth(oauth(&parameters.fields("OAuthParameters")?)?),
            _ => {
                return Err(
                    root.wrong("AuthorizationType", "`API_KEY`, `BASIC` or `OAUTH_CLIENT_CREDENTIALS`")
                );
            }
        };
        if let Some(added) = parameters.optional("InvocationHttpParameters")? {
            let Http { headers, query, body } = http(&added)?;
            for (name, value) in headers {
                connection = connection.header(name, value);
            }
            for (name, value) in query {
                connection = connection.query_parameter(name, value);
            }
            for (name, value) in body {
                connection = connection.body_parameter(name, value);
            }
        }
        Ok(connection)
    }
}

fn api_key(fields: &Fields<'_>) -> Read<Connection> {
    fields.only(&["ApiKeyName", "ApiKeyValue"])?;
    Ok(Connection::api_key(fields.text("ApiKeyName")?, fields.secret("ApiKeyValue")?))
}

fn basic(fields: &Fields<'_>) -> Read<Connection> {
    fields.only(&["Username", "Password"])?;
    Ok(Connection::basic(fields.text("Username")?, fields.secret("Password")?))
}

fn oauth(fields: &Fields<'_>) -> Read<OAuth> {
    fields.only(&["AuthorizationEndpoint", "ClientParameters", "HttpMethod", "OAuthHttpParameters"])?;
    let client = fields.fields("ClientParameters")?;
    client.only(&["ClientID", "ClientSecret"])?;
    let mut oauth = OAuth::client_credentials(
        fields.text("AuthorizationEndpoint")?,
        client.text("ClientID")?,
        client.secret("ClientSecret")?,
    )
    .method(match fields.text("HttpMethod")? {
        "GET" => TokenMethod::Get,
        "POST" => TokenMethod::Post,
        "PUT" => TokenMethod::Put,
        _ => return Err(fields.wrong("HttpMethod", "`GET`, `POST` or `PUT`")),
    });
    if let Some(added) = fields.optional("OAuthHttpParameters")? {
        let Http { headers, query, body } = http(&added)?;
        for (name, value) in headers {
            oauth = oauth.header(name, value);
        }
        for (name, value) in query {
            oauth = oauth.query_parameter(name, value);
        }
        for (name, value) in body {
            oauth = oauth.parameter(name, value);
        }
    }
    Ok(oauth)
}

/// `ConnectionHttpParameters`
struct Http {
    headers: Pairs,
    query: Pairs,
    body: Pairs,
}

fn http(fields: &Fields<'_>) -> Read<Http> {
    fields.only(&["HeaderParameters", "QueryStringParameters", "BodyParameters"])?;
    Ok(Http {
        headers: fields.pairs("HeaderParameters")?,
        query: fields.pairs("QueryStringParameters")?,
        body: fields.pairs("BodyParameters")?,
    })
}

/// An object of the file, and where it is.
struct Fields<'a> {
    value: &'a Value,
    place: String,
    folder: &'a Path,
}

impl<'a> Fields<'a> {
    fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    fn wrong(&self, name: &str, what: &'static str) -> ConnectionError {
        ConnectionError::Expected { place: self.place_of(name), what }
    }

    fn object(&self) -> Read<&'a Object> {
        let place = &self.place;
        self.value
            .as_object()
            .ok_or_else(|| ConnectionError::Expected { place: place.clone(), what: "an object" })
    }

    /// A name with a typo would be a parameter that is never sent.
    fn only(&self, known: &[&str]) -> Read<()> {
        match self.object()?.keys().find(|name| !known.contains(name)) {
            Some(name) => Err(ConnectionError::UnknownField(self.place_of(name))),
            None => Ok(()),
        }
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.value.get(name)
    }

    fn inner(&self, name: &str, value: &'a Value) -> Self {
        Self { value, place: self.place_of(name), folder: self.folder }
    }

    fn optional(&self, name: &str) -> Read<Option<Self>> {
        let inner = self.get(name).map(|value| self.inner(name, value));
        inner.map(|inner| inner.object().map(|_| inner)).transpose()
    }

    fn fields(&self, name: &str) -> Read<Self> {
        self.optional(name)?.ok_or_else(|| self.wrong(name, "an object"))
    }

    fn text(&self, name: &str) -> Read<&'a str> {
        self.get(name).and_then(Value::as_str).ok_or_else(|| self.wrong(name, "a text"))
    }

    fn secret(&self, name: &str) -> Read<Secret> {
        let expected = "a text, `{\"Env\": \"NAME\"}` or `{\"File\": \"path\"}`";
        let value = self.get(name).ok_or_else(|| self.wrong(name, expected))?;
        let single =
            value.as_object().filter(|fields| fields.len() == 1).and_then(|fields| fields.iter().next());
        match (value.as_str(), single) {
            (Some(text), _) => Ok(Secret::new(text)),
            (None, Some(("Env", Value::String(variable)))) => Ok(Secret::from_env(variable.as_str())),
            (None, Some(("File", Value::String(path)))) => {
                Ok(Secret::from_file(self.folder.join(path.as_str())))
            }
            _ => Err(self.wrong(name, expected)),
        }
    }

    /// A list of `{"Key": .., "Value": .., "IsValueSecret": ..}`.
    fn pairs(&self, name: &str) -> Read<Pairs> {
        let Some(list) = self.get(name) else { return Ok(Vec::new()) };
        let list = list.as_array().ok_or_else(|| self.wrong(name, "an array"))?;
        let pairs = list.iter().enumerate().map(|(number, value)| {
            let pair = self.inner(&format!("{name}[{number}]"), value);
            pair.only(&["Key", "Value", "IsValueSecret"])?;
            Ok((pair.text("Key")?.to_owned(), pair.secret("Value")?))
        });
        pairs.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Read<Connection> {
        Connection::from_json(text, Path::new("/secrets"))
    }

    #[test]
    fn each_kind_of_a_connection_is_read() {
        for parameters in [
            r#""API_KEY", "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "hunter2"}}"#,
            r#""BASIC", "AuthParameters": {"BasicAuthParameters": {"Username": "u", "Password": {"Env": "PASSWORD"}},
                "InvocationHttpParameters": {"BodyParameters": [{"Key": "a", "Value": "hunter2", "IsValueSecret": true}]}}"#,
            r#""OAUTH_CLIENT_CREDENTIALS", "AuthParameters": {"OAuthParameters": {"AuthorizationEndpoint": "http://a", "HttpMethod": "POST",
                "ClientParameters": {"ClientID": "c", "ClientSecret": {"File": "secret"}}}}"#,
        ] {
            let connection =
                read(&format!(r#"{{"Name": "payments", "AuthorizationType": {parameters}}}"#)).unwrap();
            assert!(!format!("{connection:?}").contains("hunter2"));
        }
    }

    #[test]
    fn what_makes_no_sense_is_said_without_its_value() {
        for (text, fault) in [
            ("hunter2", "it is not JSON"),
            ("[]", "it has to be an object"),
            (r#"{"AuthorizationType": "API_KEY"}"#, "`AuthParameters` has to be an object"),
            (
                r#"{"AuthorizationType": "API_KEY", "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "a", "ApiKeyValu": "hunter2"}}}"#,
                "`AuthParameters.ApiKeyAuthParameters.ApiKeyValu` is not a field of a connection",
            ),
            (
                r#"{"AuthorizationType": "API_KEY", "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "a", "ApiKeyValue": ["hunter2"]}}}"#,
                "`AuthParameters.ApiKeyAuthParameters.ApiKeyValue` has to be a text, `{\"Env\": \"NAME\"}` or `{\"File\": \"path\"}`",
            ),
            (
                r#"{"AuthorizationType": "NONE", "AuthParameters": {}}"#,
                "`AuthorizationType` has to be `API_KEY`, `BASIC` or `OAUTH_CLIENT_CREDENTIALS`",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), fault);
        }
    }
}
