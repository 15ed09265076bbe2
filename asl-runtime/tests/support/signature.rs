//! Checks a signature as a service does: from the request that came over the wire, and the secret key (AWS, "Signature Version 4 signing process").

use super::http_server::Request;
use sha2::{Digest, Sha256};
use std::fmt::Write;

const BLOCK: usize = 64;

/// Fails unless the request is signed with this secret key, for the path and query that came.
pub(crate) fn check(request: &Request, secret_access_key: &str) {
    let authorization = request.header("authorization").concat();
    let part = |name: &str| {
        let rest = authorization.split_once(name).unwrap().1;
        rest.split(", ").next().unwrap()
    };
    let scope: Vec<&str> = part("Credential=").split('/').skip(1).collect();
    let time = request.header("x-amz-date").concat();
    let canonical = canonical(request, part("SignedHeaders="), scope[2] == "s3");
    assert_eq!(part("Signature="), signed(&canonical, &time, &scope, secret_access_key), "{}", request.head);
}

/// Fails unless an address has a signature in its query, of a GET with these headers.
#[allow(dead_code, reason = "only some services know addresses with signatures")]
pub(crate) fn check_address(address: &str, headers: &[(&str, &str)], secret_access_key: &str) {
    let (place, query) = address.strip_prefix("https://").unwrap().split_once('?').unwrap();
    let (host, path) = place.split_at(place.find('/').unwrap());
    let (query, signature) = query.split_once("&X-Amz-Signature=").unwrap();
    let mut pairs: Vec<&str> = query.split('&').collect();
    let part =
        |name: &str| pairs.iter().find_map(|pair| pair.strip_prefix(name)).unwrap().replace("%2F", "/");
    let (credential, time) = (part("X-Amz-Credential="), part("X-Amz-Date="));
    let scope: Vec<&str> = credential.split('/').skip(1).collect();
    pairs.sort_unstable();
    let mut headers = headers.to_vec();
    headers.push(("host", host));
    headers.sort_unstable();
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let nothing = hex(&Sha256::digest(""));
    let canonical = format!("GET\n{path}\n{}\n{lines}\n{}\n{nothing}", pairs.join("&"), names.join(";"));
    assert_eq!(signature, signed(&canonical, &time, &scope, secret_access_key), "{address}");
}

/// The signature of a canonical request.
fn signed(canonical: &str, time: &str, scope: &[&str], secret_access_key: &str) -> String {
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{}\n{}", scope.join("/"), hex(&Sha256::digest(canonical)));
    let first = format!("AWS4{secret_access_key}").into_bytes();
    let key = scope.iter().fold(first, |key, part| hmac(&key, part.as_bytes()));
    hex(&hmac(&key, text.as_bytes()))
}

fn canonical(request: &Request, signed_headers: &str, is_s3: bool) -> String {
    let (method, target) = request.target().split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = if is_s3 { path.to_owned() } else { normalized(path) };
    let mut pairs: Vec<String> =
        query.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect();
    for pair in pairs.iter_mut().filter(|pair| !pair.contains('=')) {
        pair.push('=');
    }
    pairs.sort();
    let headers: String = signed_headers
        .split(';')
        .map(|name| format!("{name}:{}\n", request.header(name).join(",").trim()))
        .collect();
    let body = match request.header("x-amz-content-sha256").first() {
        Some(hash) => (*hash).to_owned(),
        None => hex(&Sha256::digest(&request.body)),
    };
    format!("{method}\n{path}\n{}\n{headers}\n{signed_headers}\n{body}", pairs.join("&"))
}

/// Services other than S3 resolve dots and slashes, and encode the path once more.
fn normalized(path: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." { parts.pop().map_or((), drop) } else { parts.push(part.replace('%', "%25")) }
    }
    let slash = if path.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    format!("/{}{slash}", parts.join("/"))
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0; BLOCK];
    let key = if key.len() > BLOCK { Sha256::digest(key).to_vec() } else { key.to_vec() };
    block[..key.len()].copy_from_slice(&key);
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}
