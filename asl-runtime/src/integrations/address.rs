//! Texts of tasks in addresses: parts of paths, queries, and parts of host names.
//!
//! In: any text. Out: the text, encoded so that it stays the part that it is; or what is wrong with it. A part that is empty, `.` or `..`
//! would make the address that of another resource, so it is refused.

#![cfg_attr(
    not(feature = "clients"),
    allow(dead_code, unused_imports, reason = "each client uses a part of it")
)]

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// The same where slashes stay.
const RESERVED_IN_PATHS: &AsciiSet = &RESERVED.remove(b'/');

/// How long a part of a host name may be.
const LONGEST_LABEL: usize = 63;

const EMPTY: &str = "cannot be empty";
const DOTS: &str = "cannot be '.' or '..'";
const SLASH: &str = "cannot have a '/'";
const PARTS: &str = "cannot have a part that is empty, '.' or '..'";

/// What is wrong with a text: it follows the name of its field.
pub(super) type Fault = &'static str;

/// One part of a path: its slashes are encoded.
pub(super) fn segment(text: &str) -> Result<String, Fault> {
    match text {
        "" => Err(EMPTY),
        "." | ".." => Err(DOTS),
        text => Ok(encoded(text)),
    }
}

/// One part of a path that never has slashes: the name of a bucket or a stage. Servers may decode a slash before they look where it ends.
pub(super) fn name(text: &str) -> Result<String, Fault> {
    if text.contains('/') { Err(SLASH) } else { segment(text) }
}

/// Parts of a path, with slashes between them. A slash in front counts for nothing; one at the end stays.
pub(super) fn segments(text: &str) -> Result<String, Fault> {
    let text = text.trim_start_matches('/');
    let parts = text.strip_suffix('/').unwrap_or(text);
    if text.is_empty() {
        return Err(EMPTY);
    }
    if parts.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(PARTS);
    }
    Ok(utf8_percent_encode(text, RESERVED_IN_PATHS).to_string())
}

/// The key of an object in S3. Its slashes and dots are letters like others, and S3 takes them as they are.
pub(super) fn object_key(text: &str) -> Result<String, Fault> {
    if text.is_empty() { Err(EMPTY) } else { Ok(utf8_percent_encode(text, RESERVED_IN_PATHS).to_string()) }
}

/// A name or a value in a query.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Whether a text is one part of a host name: letters, digits, and hyphens between them.
pub(super) fn is_host_label(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=LONGEST_LABEL).contains(&text.len())
        && text.chars().all(inside)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_path_stays_one_part() {
        assert_eq!(segment("a/../b?c#d%2e").as_deref(), Ok("a%2F..%2Fb%3Fc%23d%252e"));
        assert_eq!(segment("...").as_deref(), Ok("..."));
        assert_eq!(segment(""), Err(EMPTY));
        for dots in [".", ".."] {
            assert_eq!(segment(dots), Err(DOTS));
        }
    }

    #[test]
    fn a_name_has_no_slashes() {
        assert_eq!(name("a.b%2f").as_deref(), Ok("a.b%252f"));
        assert_eq!(name("a/b"), Err(SLASH));
        assert_eq!(name(".."), Err(DOTS));
    }

    #[test]
    fn parts_of_a_path_lead_nowhere_else() {
        assert_eq!(segments("//a/b c/d%2e?e#f/").as_deref(), Ok("a/b%20c/d%252e%3Fe%23f/"));
        for nothing in ["", "/", "//"] {
            assert_eq!(segments(nothing), Err(EMPTY), "{nothing}");
        }
        for elsewhere in ["..", "../a", "a/..", "a/./b", "a//b", "a//", "/.", "./"] {
            assert_eq!(segments(elsewhere), Err(PARTS), "{elsewhere}");
        }
    }

    #[test]
    fn a_key_is_sent_with_its_dots() {
        assert_eq!(object_key("../a/./b//c?d#e%2e").as_deref(), Ok("../a/./b//c%3Fd%23e%252e"));
        assert_eq!(object_key(""), Err(EMPTY));
    }

    #[test]
    fn a_part_of_a_host_name_has_letters_digits_and_hyphens() {
        let longest = "a".repeat(LONGEST_LABEL);
        for label in ["123456789012", "a-b", "g1", longest.as_str()] {
            assert!(is_host_label(label), "{label}");
        }
        for text in ["", "a.b", "-a", "a-", "a/b", "a@b", "a:1", "é", "a b", "a\r\nb", &format!("{longest}a")]
        {
            assert!(!is_host_label(text), "{text}");
        }
    }
}
