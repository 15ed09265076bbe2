//! The checksum of its body that a service demands, or that a task asks for.
//!
//! In: an action, the headers of a request and its body. Out: more headers.

use super::ActionCall;
use asl_engine::generated::action::Checksum;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Crc;
use md5::{Digest, Md5};
use sha1::Sha1;
use sha2::Sha256;

/// The name of an algorithm that a task chooses.
const CHOICE: &str = "x-amz-sdk-checksum-algorithm";

/// The headers that lack; a checksum that a task sends is left as it is.
pub(super) fn headers(
    call: ActionCall,
    given: &[(String, String)],
    body: &[u8],
) -> Result<Vec<(String, String)>, String> {
    let is_checksum = |name: &str| name.starts_with("x-amz-checksum-") || name == "content-md5";
    if given.iter().any(|(name, _)| is_checksum(&name.to_ascii_lowercase()) && !name.ends_with("-mode")) {
        return Ok(Vec::new());
    }
    let chosen = given.iter().find(|(name, _)| name.eq_ignore_ascii_case(CHOICE));
    if let Some((_, algorithm)) = chosen {
        let name = format!("x-amz-checksum-{}", algorithm.to_ascii_lowercase());
        return Ok(vec![(name, of(algorithm, body)?)]);
    }
    Ok(match call.action.checksum {
        Checksum::None => Vec::new(),
        Checksum::Crc32 => vec![
            (CHOICE.to_owned(), "CRC32".to_owned()),
            ("x-amz-checksum-crc32".to_owned(), of("CRC32", body)?),
        ],
        Checksum::Md5 => vec![("content-md5".to_owned(), STANDARD.encode(Md5::digest(body)))],
    })
}

fn of(algorithm: &str, body: &[u8]) -> Result<String, String> {
    match algorithm {
        "CRC32" => {
            let mut crc = Crc::new();
            crc.update(body);
            Ok(STANDARD.encode(crc.sum().to_be_bytes()))
        }
        "SHA1" => Ok(STANDARD.encode(Sha1::digest(body))),
        "SHA256" => Ok(STANDARD.encode(Sha256::digest(body))),
        _ => Err(format!("checksums by the algorithm {algorithm} are not made; CRC32, SHA1 and SHA256 are")),
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn checksums_are_those_of_their_algorithms() {
        for (algorithm, checksum) in [
            ("CRC32", "y/Q5Jg=="),
            ("SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE="),
            ("SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        ] {
            assert_eq!(of(algorithm, b"123456789").as_deref(), Ok(checksum));
        }
        assert!(of("CRC64NVME", b"").is_err());
    }
}
