//! Base64 and hashes.

use asl_value::Value;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest;
use std::borrow::Cow;

/// The longest text that can be encoded, decoded or hashed, in characters.
const LIMIT: usize = 10_000;

fn limited(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| text.chars().count() <= LIMIT)
}

/// `States.Base64Encode`
#[must_use]
pub fn base64_encode(text: &Value) -> Option<Value> {
    Some(STANDARD.encode(limited(text)?).into())
}

/// `States.Base64Decode`
#[must_use]
pub fn base64_decode(text: &Value) -> Option<Value> {
    let bytes = STANDARD.decode(limited(text)?).ok()?;
    Some(String::from_utf8_lossy(&bytes).as_ref().into())
}

/// `States.Hash`: of the text, or of the JSON of anything else, in hexadecimal digits.
#[must_use]
pub fn hash(value: &Value, algorithm: &Value) -> Option<Value> {
    let text = value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed);
    let text = text.as_ref();
    if text.chars().count() > LIMIT {
        return None;
    }
    let digest = match algorithm.as_str()? {
        "MD5" => md5::Md5::digest(text).to_vec(),
        "SHA-1" => sha1::Sha1::digest(text).to_vec(),
        "SHA-256" => sha2::Sha256::digest(text).to_vec(),
        "SHA-384" => sha2::Sha384::digest(text).to_vec(),
        "SHA-512" => sha2::Sha512::digest(text).to_vec(),
        _ => return None,
    };
    let half = |half: u8| char::from_digit(u32::from(half), 16);
    let digits = digest.iter().flat_map(|byte| [half(byte >> 4), half(byte & 15)]);
    let mut text = String::with_capacity(2 * digest.len());
    text.extend(digits.flatten());
    Some(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_goes_there_and_back() {
        let encoded = base64_encode(&"Data é".into()).unwrap();
        assert_eq!(encoded, "RGF0YSDDqQ==".into());
        assert_eq!(base64_decode(&encoded), Some("Data é".into()));
        assert_eq!(base64_decode(&"*".into()), None);
        assert_eq!(base64_encode(&"x".repeat(LIMIT + 1).into()), None);
    }

    #[test]
    fn hashes_are_those_of_the_text_or_its_json() {
        let hash = |value: Value, algorithm: &str| {
            hash(&value, &algorithm.into()).map(|value| value.as_str().unwrap().to_owned())
        };
        assert_eq!(
            hash("input data".into(), "SHA-1"),
            Some("aaff4a450a104cd177d28d18d74485e8cae074b7".into())
        );
        assert_eq!(hash("input data".into(), "MD5"), Some("812f45842bc6d66ee14572ce20db8e86".into()));
        assert_eq!(hash(Value::from(1), "SHA-256"), hash("1".into(), "SHA-256"));
        for (algorithm, digest) in [
            ("SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "SHA-384",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            ),
            (
                "SHA-512",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            ),
        ] {
            assert_eq!(hash("abc".into(), algorithm).as_deref(), Some(digest), "{algorithm}");
        }
        assert_eq!(hash("x".into(), "CRC"), None);
    }
}
