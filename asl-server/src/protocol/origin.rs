//! From where a browser asks. A page elsewhere can make the name of its own host lead to this machine (DNS rebinding), and then ask whatever it likes;
//! but it cannot change the name that the browser sends. So only names that no one else can have are good.

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

/// Whether a request comes from no page at all, as those of SDKs do, or from one of a name that is this server's. Pages of other machines have addresses
/// too: an address is this server's if it is the one that was asked, or one that leads nowhere but to this machine.
pub(super) fn is_good(headers: &HeaderMap, names: &[String]) -> bool {
    let Some(origin) = headers.get("origin") else { return true };
    let host = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    let Some(name) = host.map(without_port) else { return false };
    match address(name) {
        Some(of_page) => of_page.is_loopback() || asked(headers) == Some(of_page),
        None => is_own(name, names),
    }
}

/// The address by which the server was asked.
fn asked(headers: &HeaderMap) -> Option<IpAddr> {
    address(without_port(headers.get("host")?.to_str().ok()?))
}

fn address(name: &str) -> Option<IpAddr> {
    name.parse().ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_server_ask() {
        for (origin, host, good) in [
            ("http://203.0.113.5", "127.0.0.1:8083", false),
            ("http://203.0.113.5", "localhost:8083", false),
            ("http://203.0.113.5", "203.0.113.5:8083", true),
            ("http://[2001:db8::1]:3000", "[2001:db8::1]:8083", true),
            ("http://[2001:db8::1]", "[2001:db8::2]:8083", false),
            ("http://127.0.0.1:3000", "203.0.113.5", true),
            ("http://[::1]:3000", "localhost", true),
            ("http://localhost:3000", "127.0.0.1:8083", true),
            ("http://flows.example", "127.0.0.1:8083", true),
            ("http://elsewhere.example", "elsewhere.example", false),
            ("null", "127.0.0.1:8083", false),
        ] {
            let headers = [("origin", origin), ("host", host)];
            let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            let is_good = is_good(&HeaderMap::from_iter(headers), &["flows.example".to_owned()]);
            assert_eq!(is_good, good, "{origin} {host}");
        }
        assert!(is_good(&HeaderMap::new(), &[]));
    }
}
