//! Texts in other alphabets: base 64, and percent signs as in addresses of the web.

use crate::pictures::fault;
use crate::{Arguments, Data, Evaluation, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

super::builtins! {
    BASE64ENCODE = base64_encode;
    BASE64DECODE = base64_decode;
    ENCODE_URL_COMPONENT = encode_url_component;
    ENCODE_URL = encode_url;
    DECODE_URL_COMPONENT = decode_url_component;
    DECODE_URL = decode_url;
}

/// What `encodeURIComponent` of ECMAScript leaves as it is, besides letters and digits.
const UNRESERVED: &str = "-_.!~*'()";

/// What `encodeURI` leaves as it is beyond that.
const RESERVED: &str = ";/?:@&=+$,#";

/// The reference implementation encodes the lower byte of each UTF-16 unit.
#[expect(clippy::cast_possible_truncation, reason = "the doc comment says so")]
fn base64_encode(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    if text.is_ascii() {
        return Ok(Data::text(STANDARD.encode(text)));
    }
    let bytes: Vec<u8> = text.encode_utf16().map(|unit| unit as u8).collect();
    Ok(Data::text(STANDARD.encode(bytes)))
}

/// Each byte becomes a character. What is not a digit is skipped, and the text ends at the first `=`.
fn base64_decode(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    let (mut bits, mut count) = (0_u32, 0);
    let mut decoded = String::with_capacity(text.len() / 4 * 3);
    for digit in text.bytes().take_while(|byte| *byte != b'=').filter_map(base64_digit) {
        bits = bits << 6 | digit;
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.extend(char::from_u32(bits >> count & 255));
        }
    }
    Ok(Data::text(decoded))
}

/// The value of a digit; the digits for addresses count too.
fn base64_digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

fn encode_url_component(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(arguments.text(0).map_or(Data::Nothing, |text| encoded(text, "")))
}

fn encode_url(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(arguments.text(0).map_or(Data::Nothing, |text| encoded(text, RESERVED)))
}

fn encoded(text: &str, kept: &str) -> Data {
    let mut url = String::with_capacity(text.len());
    for byte in text.bytes() {
        let character = char::from(byte);
        if byte.is_ascii_alphanumeric() || UNRESERVED.contains(character) || kept.contains(character) {
            url.push(character);
        } else {
            // Writing to a string cannot fail.
            let _ = write!(url, "%{byte:02X}");
        }
    }
    Data::text(url)
}

fn decode_url_component(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    decode(arguments, "", "decodeUrlComponent")
}

fn decode_url(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    decode(arguments, RESERVED, "decodeUrl")
}

fn decode(arguments: Arguments<'_>, kept: &str, function: &str) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    decoded(text, kept)
        .map(Data::text)
        .ok_or_else(|| fault("D3140", &format!("Malformed URL passed to ${function}(): "), text, ""))
}

/// The text without percent signs; nothing if they do not make UTF-8. What encodes one of `kept` stays.
fn decoded(text: &str, kept: &str) -> Option<String> {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escaped)) = rest.split_once('%') {
        decoded.push_str(plain);
        let first = escape(escaped)?;
        let length = match first {
            0..0x80 => 1,
            0xc2..0xe0 => 2,
            0xe0..0xf0 => 3,
            0xf0..0xf5 => 4,
            _ => return None,
        };
        // Each byte takes three characters, of which the first percent sign is gone.
        let (digits, after) = escaped.split_at_checked(3 * length - 1)?;
        let bytes = std::iter::once(Some(first)).chain(digits.split('%').skip(1).map(escape));
        let bytes = bytes.collect::<Option<Vec<u8>>>().filter(|bytes| bytes.len() == length)?;
        let character = std::str::from_utf8(&bytes).ok()?;
        if kept.contains(character) {
            decoded.push('%');
            decoded.push_str(digits);
        } else {
            decoded.push_str(character);
        }
        rest = after;
    }
    decoded.push_str(rest);
    Some(decoded)
}

/// The byte of two hexadecimal digits.
fn escape(text: &str) -> Option<u8> {
    let (digits, _) = text.split_at_checked(2)?;
    let is_number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_number.then(|| u8::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_utf_8() {
        assert_eq!(decoded("a%20%C3%A9%F0%9F%98%80", "").as_deref(), Some("a é😀"));
        assert_eq!(decoded("%2F%20", RESERVED).as_deref(), Some("%2F "));
        for wrong in ["%", "%2", "%zz", "%C3", "%C3x%A9", "%80", "%ED%A0%80", "%+1"] {
            assert_eq!(decoded(wrong, ""), None, "{wrong}");
        }
    }
}
