//! Addresses that were read before: a task calls the same one again and again, and reading it costs as much as all else of its request.
//!
//! In: an `ApiEndpoint`. Out: what is sent to, or nothing where it is no address.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use reqwest::Url;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What an `ApiEndpoint` may hold as it is; the rest is percent-encoded before it is parsed.
const NOT_IN_A_URL: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'{').add(b'}').add(b'\\');

/// So many are kept: those of a program's tasks, unless they have data in them.
const KEPT: usize = 64;
/// Longer texts are not kept.
const LONGEST: usize = 1024;

/// An address without its fragment.
pub(super) struct Address {
    pub(super) text: String,
    pub(super) url: Url,
}

/// Some of the addresses that were read last.
#[derive(Default)]
pub(super) struct Addresses(Mutex<HashMap<String, Arc<Address>>>);

impl Addresses {
    /// Reads an `ApiEndpoint`.
    pub(super) fn read(&self, endpoint: &str) -> Option<Arc<Address>> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(endpoint) {
            return Some(Arc::clone(known));
        }
        let address = Arc::new(parse(endpoint)?);
        if endpoint.len() <= LONGEST {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= KEPT
                && let Some(any) = kept.keys().next().cloned()
            {
                kept.remove(&any);
            }
            kept.insert(endpoint.to_owned(), Arc::clone(&address));
        }
        Some(address)
    }
}

fn parse(endpoint: &str) -> Option<Address> {
    let without_fragment = endpoint.split_once('#').map_or(endpoint, |(before, _)| before);
    let text = utf8_percent_encode(without_fragment, NOT_IN_A_URL).to_string();
    let url = text.parse::<Url>().ok().filter(|url| {
        // A user and password in the address would end up in errors and logs.
        matches!(url.scheme(), "http" | "https")
            && names_host(&text, url.scheme())
            && url.username().is_empty()
            && url.password().is_none()
    })?;
    Some(Address { text, url })
}

/// Whether the host is where it is expected: the URL standard also finds one in `http:host` and `http:///host`.
fn names_host(endpoint: &str, scheme: &str) -> bool {
    let rest = endpoint.get(scheme.len()..).and_then(|rest| rest.strip_prefix("://"));
    rest.is_some_and(|rest| !rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_once_and_few_are_kept() {
        let addresses = Addresses::default();
        let first = addresses.read("http://h/a b#c").unwrap();
        assert_eq!((first.text.as_str(), first.url.path()), ("http://h/a%20b", "/a%20b"));
        assert!(Arc::ptr_eq(&first, &addresses.read("http://h/a b#c").unwrap()));
        for number in 0..=KEPT {
            assert!(addresses.read(&format!("http://h/{number}")).is_some());
        }
        assert!(addresses.0.lock().unwrap().len() <= KEPT);
        for fault in ["http:h", "http:///h", "ftp://h", "http://user@h", "h"] {
            assert!(addresses.read(fault).is_none(), "{fault}");
        }
    }
}
