//! What services want of requests that their models do not say, as the AWS SDKs do it by hand.
//!
//! In: an action and a request. Out: more headers, or a value as its service takes it.

use super::ActionCall;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The version of the API of Glacier.
const GLACIER: &str = "2012-06-01";

/// What Glacier takes the checksums of, and puts them together.
const GLACIER_PIECE: usize = 1024 * 1024;

/// The prefixes of identifiers of Route 53, which it returns and does not take.
const ROUTE_53: [&str; 3] = ["/hostedzone/", "/change/", "/delegationset/"];

/// Headers that a service wants of every request.
pub(super) fn headers(call: ActionCall, body: &[u8]) -> Vec<(String, String)> {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    match call.action.endpoint {
        // Without it the service answers in an older form.
        "apigateway" if call.action.signing == "apigateway" && call.action.prefix == "ApiGateway" => {
            vec![header("accept", "application/json")]
        }
        "glacier" => {
            let mut headers = vec![header("x-amz-glacier-version", GLACIER)];
            if matches!(call.action.operation, "UploadArchive" | "UploadMultipartPart") {
                headers.push(header("x-amz-content-sha256", &hex(&Sha256::digest(body))));
                headers.push(header("x-amz-sha256-tree-hash", &tree_hash(body)));
            }
            headers
        }
        _ => Vec::new(),
    }
}

/// For whom a request is signed: a few operations of S3 are those of services with other names.
pub(super) fn signing(call: ActionCall) -> &'static str {
    match (call.action.signing, call.action.operation) {
        (
            "s3",
            "DeleteAccessPointScope"
            | "GetAccessPointScope"
            | "ListAccessPointsForDirectoryBuckets"
            | "ListDirectoryBuckets"
            | "PutAccessPointScope",
        ) => "s3express",
        ("s3", "WriteGetObjectResponse") => "s3-object-lambda",
        (signing, _) => signing,
    }
}

/// A part of a path as the service takes it.
pub(super) fn label(call: ActionCall, text: &str) -> &str {
    if call.action.endpoint != "route53" {
        return text;
    }
    ROUTE_53.iter().find_map(|prefix| text.strip_prefix(prefix)).unwrap_or(text)
}

/// The checksum of the checksums of pairs, up to one (Glacier Developer Guide, Computing Checksums).
fn tree_hash(body: &[u8]) -> String {
    let mut level: Vec<Vec<u8>> =
        body.chunks(GLACIER_PIECE).map(|piece| Sha256::digest(piece).to_vec()).collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [one, other] => Sha256::digest([one.as_slice(), other].concat()).to_vec(),
                alone => alone.concat(),
            })
            .collect();
    }
    hex(&level.pop().unwrap_or_else(|| Sha256::digest(body).to_vec()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::{GLACIER_PIECE, hex, tree_hash};
    use sha2::{Digest, Sha256};

    #[test]
    fn pieces_are_summed_up_in_pairs() {
        assert_eq!(tree_hash(b"abc"), hex(&Sha256::digest(b"abc")));
        let body = vec![7; GLACIER_PIECE * 2 + 1];
        let of = |bytes: &[u8]| Sha256::digest(bytes).to_vec();
        let piece = of(&body[..GLACIER_PIECE]);
        let pair = of(&[piece.clone(), piece].concat());
        assert_eq!(tree_hash(&body), hex(&of(&[pair, of(&[7])].concat())));
    }
}
