//! Who may ask: requests that are signed with a known key (Signature Version 4).
//!
//! In: a request, and the keys of the server. Out: nothing, or why it is refused, under the names that AWS uses. No text shows a secret, nor how far a
//! signature was right.

use super::error::ApiError;
use asl_runtime::Timestamp;
use axum::http::{HeaderMap, Method, Uri};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::time::Duration;

/// How far the clock of a client may be off.
const SKEW: Duration = Duration::from_secs(5 * 60);

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SERVICE: &str = "states";
const SCOPE_END: &str = "aws4_request";

/// Access keys, with their secrets.
#[derive(Clone, Default)]
pub struct Keys(BTreeMap<String, String>);

impl Keys {
    /// Adds a key.
    #[must_use]
    pub fn with(mut self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.0.insert(id.into(), secret.into());
        self
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Lets a request pass that is signed with one of the keys.
    pub(super) fn check(&self, request: &Signed<'_>, now: Timestamp) -> Result<(), ApiError> {
        let header = request.headers.get("authorization").map(|header| header.to_str().unwrap_or_default());
        let Some(header) = header.filter(|header| !header.is_empty()) else {
            return Err(refused(
                "MissingAuthenticationTokenException",
                "Request is missing Authentication Token",
            ));
        };
        let claim = Claim::read(header, request.headers)?;
        let secret = self.0.get(claim.key).ok_or_else(|| {
            let text = "The security token included in the request is invalid.";
            refused("UnrecognizedClientException", text)
        })?;
        claim.check_time(now)?;
        let mismatch = || {
            let text = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and \
                        signing method. Consult the service documentation for details.";
            refused("InvalidSignatureException", text)
        };
        let signature = unhex(claim.signature).ok_or_else(mismatch)?;
        let text = claim.text_to_sign(request).ok_or_else(mismatch)?;
        let key = claim
            .scope()
            .into_iter()
            .fold(format!("AWS4{secret}").into_bytes(), |key, part| sign(&key, part));
        // It takes as long whatever is different.
        hmac(&key, &text).verify_slice(&signature).map_err(|_| mismatch())
    }

    /// Whether a page may be seen: by HTTP's basic authentication with one of the keys.
    pub(crate) fn lets_see(&self, headers: &HeaderMap) -> bool {
        let given =
            headers.get("authorization").and_then(|header| header.to_str().ok()?.strip_prefix("Basic "));
        let given = given.and_then(|text| STANDARD.decode(text).ok());
        given.is_some_and(|given| {
            let same = |(id, secret): (&String, &String)| {
                // Compared by what cannot be guessed letter by letter.
                hmac(&given, "page").verify_slice(&sign(format!("{id}:{secret}").as_bytes(), "page")).is_ok()
            };
            self.0.iter().any(same)
        })
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

/// A request as it came.
pub(super) struct Signed<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// What an `Authorization` header says.
struct Claim<'a> {
    key: &'a str,
    date: &'a str,
    region: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
    /// `X-Amz-Date`
    time: &'a str,
}

impl<'a> Claim<'a> {
    fn read(header: &'a str, headers: &'a HeaderMap) -> Result<Self, ApiError> {
        let incomplete = |text: &str| refused("IncompleteSignatureException", text);
        let Some(parts) = header.strip_prefix(ALGORITHM).filter(|rest| rest.starts_with(' ')) else {
            return Err(incomplete("Unsupported AWS 'algorithm'"));
        };
        let part = |name: &str| {
            let mut parts = parts.split(',').map(str::trim);
            parts
                .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
                .ok_or_else(|| incomplete(&format!("Authorization header requires '{name}' parameter.")))
        };
        let (credential, signed_headers, signature) =
            (part("Credential")?, part("SignedHeaders")?, part("Signature")?);
        let time = headers.get("x-amz-date").and_then(|time| time.to_str().ok());
        let time = time.ok_or_else(|| {
            incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
        })?;
        // The id of a key may have slashes, the rest may not.
        let mut scope = credential.rsplitn(5, '/');
        let (end, service, region, date, key) =
            (scope.next(), scope.next(), scope.next(), scope.next(), scope.next());
        let (Some(end), Some(service), Some(region), Some(date), Some(key)) =
            (end, service, region, date, key)
        else {
            return Err(incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term",
            ));
        };
        if service != SERVICE || end != SCOPE_END {
            let text = format!("Credential should be scoped to correct service: '{SERVICE}'.");
            return Err(refused("InvalidSignatureException", &text));
        }
        Ok(Self { key, date, region, signed_headers, signature, time })
    }

    fn check_time(&self, now: Timestamp) -> Result<(), ApiError> {
        let invalid = |text: String| refused("InvalidSignatureException", &text);
        let Some(time) = time_of(self.time) else {
            return Err(invalid("Date must be in ISO-8601 'basic format'.".to_owned()));
        };
        if !self.time.starts_with(self.date) {
            return Err(invalid(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP"
                    .to_owned(),
            ));
        }
        if now.since(time) > SKEW {
            return Err(invalid(format!("Signature expired: {} is earlier than 5 minutes ago", self.time)));
        }
        if time.since(now) > SKEW {
            return Err(invalid(format!(
                "Signature not yet current: {} is later than 5 minutes from now",
                self.time
            )));
        }
        Ok(())
    }

    /// What keys are made of, in this order.
    const fn scope(&self) -> [&'a str; 4] {
        [self.date, self.region, SERVICE, SCOPE_END]
    }

    /// What was signed, if all was that has to be.
    fn text_to_sign(&self, request: &Signed<'_>) -> Option<String> {
        let names: Vec<_> = self.signed_headers.split(';').collect();
        let has_to_be = |name: &str| name == "host" || name.starts_with("x-amz-");
        let unsigned =
            request.headers.keys().any(|name| has_to_be(name.as_str()) && !names.contains(&name.as_str()));
        if unsigned || !names.contains(&"host") {
            return None;
        }
        let mut canonical = format!("{}\n{}\n{}\n", request.method, request.uri.path(), query(request.uri));
        for name in &names {
            let values = request.headers.get_all(*name).iter().map(|value| value.to_str().ok().map(trimmed));
            let values = values.collect::<Option<Vec<_>>>().filter(|values| !values.is_empty())?;
            let _ = writeln!(canonical, "{name}:{}", values.join(","));
        }
        let _ = write!(canonical, "\n{}\n{}", self.signed_headers, hash(request.body));
        let scope = self.scope().join("/");
        Some(format!("{ALGORITHM}\n{}\n{scope}\n{}", self.time, hash(canonical.as_bytes())))
    }
}

fn refused(kind: &'static str, text: &str) -> ApiError {
    ApiError::forbidden(kind, text)
}

/// The parameters of a query in their order.
fn query(uri: &Uri) -> String {
    let mut parameters: Vec<_> =
        uri.query().unwrap_or_default().split('&').filter(|part| !part.is_empty()).collect();
    parameters.sort_unstable();
    parameters.join("&")
}

/// Without spaces around it, and with one where there are several.
fn trimmed(value: &str) -> String {
    value.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn hmac(key: &[u8], text: &str) -> Hmac<Sha256> {
    // A key of any length will do, so that there is always one.
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default()));
    hmac.update(text.as_bytes());
    hmac
}

fn sign(key: &[u8], text: &str) -> Vec<u8> {
    hmac(key, text).finalize().into_bytes().to_vec()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<_>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    let bytes = digits.chunks_exact(2).filter_map(|pair| Some(pair.first()? << 4 | pair.get(1)?));
    Some(bytes.collect())
}

/// `20150830T123600Z`
fn time_of(text: &str) -> Option<Timestamp> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let is_digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(date, 8) || !is_digits(time, 6) {
        return None;
    }
    let (year, month, day) = (date.get(..4)?, date.get(4..6)?, date.get(6..)?);
    let (hour, minute, second) = (time.get(..2)?, time.get(2..4)?, time.get(4..)?);
    Timestamp::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "AKIDEXAMPLE";
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const TIME: &str = "20150830T123600Z";
    const BODY: &[u8] = b"{}";

    /// Signs as a client does that knows this secret.
    fn headers(secret: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("host", "127.0.0.1:8083".parse().unwrap());
        headers.insert("x-amz-date", TIME.parse().unwrap());
        headers.insert("x-amz-target", "AWSStepFunctions.ListActivities".parse().unwrap());
        let names = "host;x-amz-date;x-amz-target";
        let canonical = format!(
            "POST\n/\n\nhost:127.0.0.1:8083\nx-amz-date:{TIME}\nx-amz-target:AWSStepFunctions.ListActivities\n\n{names}\n{}",
            hash(BODY)
        );
        let text = format!(
            "{ALGORITHM}\n{TIME}\n20150830/us-east-1/states/aws4_request\n{}",
            hash(canonical.as_bytes())
        );
        let key = ["20150830", "us-east-1", "states", "aws4_request"]
            .into_iter()
            .fold(format!("AWS4{secret}").into_bytes(), |key, part| sign(&key, part));
        let signature = sign(&key, &text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let header = format!(
            "{ALGORITHM} Credential={ID}/20150830/us-east-1/states/aws4_request, SignedHeaders={names}, Signature={signature}"
        );
        headers.insert("authorization", header.parse().unwrap());
        headers
    }

    fn check(headers: &HeaderMap, body: &[u8], time: &str) -> Result<(), String> {
        let signed = Signed { method: &Method::POST, uri: &Uri::from_static("/"), headers, body };
        let keys = Keys::default().with(ID, SECRET);
        keys.check(&signed, time_of(time).unwrap()).map_err(|error| error.kind.into_owned())
    }

    #[test]
    fn a_signature_of_a_known_key_is_right_for_five_minutes() {
        let headers = headers(SECRET);
        for time in ["20150830T123600Z", "20150830T124100Z", "20150830T123100Z"] {
            assert_eq!(check(&headers, BODY, time), Ok(()), "{time}");
        }
        for time in ["20150830T124101Z", "20150830T123059Z"] {
            assert_eq!(check(&headers, BODY, time), Err("InvalidSignatureException".to_owned()), "{time}");
        }
    }

    #[test]
    fn what_is_not_as_it_was_signed_is_refused() {
        let invalid = Err("InvalidSignatureException".to_owned());
        assert_eq!(check(&headers("other"), BODY, TIME), invalid);
        assert_eq!(check(&headers(SECRET), b"{ }", TIME), invalid);
        let mut changed = headers(SECRET);
        changed.insert("x-amz-target", "AWSStepFunctions.DeleteActivity".parse().unwrap());
        assert_eq!(check(&changed, BODY, TIME), invalid);
        let mut added = headers(SECRET);
        added.insert("x-amz-security-token", "t".parse().unwrap());
        assert_eq!(check(&added, BODY, TIME), invalid);
    }

    #[test]
    fn what_is_missing_has_its_own_name() {
        let mut without = headers(SECRET);
        without.remove("authorization");
        assert_eq!(check(&without, BODY, TIME), Err("MissingAuthenticationTokenException".to_owned()));
        let full = headers(SECRET).get("authorization").unwrap().to_str().unwrap().to_owned();
        for (from, to, kind) in [
            ("Credential=", "Credentials=", "IncompleteSignatureException"),
            (ALGORITHM, "Bearer", "IncompleteSignatureException"),
            ("AKIDEXAMPLE/", "", "IncompleteSignatureException"),
            ("AKIDEXAMPLE/", "AKIDOTHER/", "UnrecognizedClientException"),
            ("/states/", "/sqs/", "InvalidSignatureException"),
            ("host;", "", "InvalidSignatureException"),
            ("Signature=", "Signature=é", "InvalidSignatureException"),
        ] {
            let mut headers = headers(SECRET);
            headers.insert(
                "authorization",
                axum::http::HeaderValue::from_bytes(full.replacen(from, to, 1).as_bytes()).unwrap(),
            );
            let found = check(&headers, BODY, TIME);
            // A header that is not ASCII is none.
            let kind = if to.is_ascii() { kind } else { "MissingAuthenticationTokenException" };
            assert_eq!(found, Err(kind.to_owned()), "{to}");
        }
    }

    #[test]
    fn pages_are_seen_with_a_key() {
        let keys = Keys::default().with(ID, SECRET);
        let with = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("authorization", format!("Basic {}", STANDARD.encode(text)).parse().unwrap());
            keys.lets_see(&headers)
        };
        assert!(with(&format!("{ID}:{SECRET}")));
        assert!(!with(ID) && !with(&format!("{ID}:{SECRET}x")) && !keys.lets_see(&HeaderMap::new()));
        assert!(!format!("{keys:?}").contains(SECRET));
    }
}
