//! What `http:invoke` allows (AWS, "Call HTTPS APIs in Step Functions workflows").

/// The methods of an HTTP task.
pub const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"];

/// The fields of the parameters of an HTTP task.
pub const PARAMETERS: &[&str] = &[
    "ApiEndpoint",
    "Authentication",
    "Headers",
    "InvocationConfig",
    "Method",
    "QueryParameters",
    "RequestBody",
    "Transform",
];

/// The values of `Transform.RequestBodyEncoding`.
pub const BODY_ENCODINGS: &[&str] = &["NONE", "URL_ENCODED"];

/// The values of `Transform.RequestEncodingOptions.ArrayFormat`.
pub const ARRAY_FORMATS: &[&str] = &["INDICES", "REPEAT", "COMMAS", "BRACKETS"];

/// The fields of the result of an HTTP task.
pub const RESULT_FIELDS: &[&str] = &["Headers", "ResponseBody", "StatusCode", "StatusText"];

const FORBIDDEN: &[&str] = &[
    "a-im",
    "accept-charset",
    "accept-datetime",
    "accept-encoding",
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-md5",
    "date",
    "expect",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "origin",
    "pragma",
    "proxy-authorization",
    "referer",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "warning",
];
const FORBIDDEN_PREFIXES: &[&str] = &["x-forwarded-", "x-amz-", "x-amzn-"];

/// Whether an HTTP task may not set this header; the case of its letters does not matter.
///
/// ```
/// assert!(asl_language::http::is_forbidden_header("Authorization"));
/// assert!(asl_language::http::is_forbidden_header("X-Amz-Date"));
/// assert!(!asl_language::http::is_forbidden_header("Accept"));
/// ```
#[must_use]
pub fn is_forbidden_header(name: &str) -> bool {
    is_among(name, FORBIDDEN, FORBIDDEN_PREFIXES)
}

/// Whether a header is one of these, or begins like one of those, in whatever case.
pub(crate) fn is_among(name: &str, names: &[&str], prefixes: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    names.contains(&name.as_str()) || prefixes.iter().any(|prefix| name.starts_with(prefix))
}
