//! What `apigateway:invoke` allows (AWS, "Create API Gateway REST APIs with Step Functions").

use crate::http::is_among;

const FORBIDDEN: &[&str] = &[
    "authorization",
    "connection",
    "content-md5",
    "expect",
    "host",
    "max-forwards",
    "proxy-authenticate",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "www-authenticate",
];
const FORBIDDEN_PREFIXES: &[&str] = &["x-forwarded", "x-amz"];

/// Whether a task that calls an API may not set this header; the case of its letters does not matter. Others are forbidden than in
/// [`http:invoke`](crate::http::is_forbidden_header).
///
/// ```
/// use asl_language::api_gateway::is_forbidden_header;
///
/// assert!(is_forbidden_header("Authorization"));
/// assert!(is_forbidden_header("X-Amzn-RequestId"));
/// assert!(!is_forbidden_header("Cache-Control"));
/// ```
#[must_use]
pub fn is_forbidden_header(name: &str) -> bool {
    is_among(name, FORBIDDEN, FORBIDDEN_PREFIXES)
}
