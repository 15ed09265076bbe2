//! From where a browser asks. A page elsewhere can make the name of its own host lead to this machine (DNS rebinding), and then ask whatever it likes;
//! but it cannot change the name that the browser sends. So only names are good that nobody else can have.

use axum::http::HeaderMap;
use std::net::IpAddr;

/// Whether a name is this server's: an address, `localhost`, or one that the server was told.
pub(crate) fn is_own(name: &str, names: &[String]) -> bool {
    let is_local =
        name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost");
    let is_known = || names.iter().any(|known| known.eq_ignore_ascii_case(name));
    is_local || name.parse::<IpAddr>().is_ok() || is_known()
}

/// `127.0.0.1` of `127.0.0.1:8083`, `::1` of `[::1]:8083`.
pub(crate) fn without_port(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    }
}

/// Whether a request comes from no page at all, as those of SDKs do, or from one of a name that is this server's.
pub(super) fn is_good(headers: &HeaderMap, names: &[String]) -> bool {
    let Some(origin) = headers.get("origin") else { return true };
    let host = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    host.is_some_and(|host| is_own(without_port(host), names))
}
