//! Long lists in pages, and the tokens that lead from one to the next.

use super::Request;
use crate::protocol::error::ApiError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

/// How many entries a page has by default.
const DEFAULT: u64 = 100;

/// A page that is asked for.
#[derive(Debug)]
pub(super) struct Page<'s> {
    /// So many entries at most.
    pub(super) count: usize,
    /// The key of the last entry of the page before.
    pub(super) after: Option<String>,
    /// What is listed. A token of another list is none of this.
    scope: &'s str,
}

impl<'s> Page<'s> {
    /// The page that a request asks for.
    pub(super) fn read(request: &Request, scope: &'s str) -> Result<Self, ApiError> {
        let count = request.number("maxResults").filter(|count| *count > 0).unwrap_or(DEFAULT);
        let after = match request.text("nextToken") {
            None => None,
            Some(token) => {
                Some(key(token, scope).ok_or_else(|| ApiError::about("InvalidToken", "Invalid token"))?)
            }
        };
        Ok(Self { count: usize::try_from(count).unwrap_or(usize::MAX), after, scope })
    }

    /// The key of the last entry as a number.
    pub(super) fn after_number(&self) -> Option<u64> {
        self.after.as_ref()?.parse().ok()
    }

    /// The answer with this page of entries in the order of their keys.
    pub(super) fn of(&self, name: &str, entries: impl IntoIterator<Item = (String, Value)>) -> Value {
        let after = self.after.as_deref();
        let left =
            entries.into_iter().skip_while(|(key, _)| after.is_some_and(|after| key.as_str() <= after));
        self.answer(name, left.take(self.count.saturating_add(1)).collect())
    }

    /// The answer with entries that come after the page before: as many as the page has, and one more if there is one.
    pub(super) fn answer(&self, name: &str, mut entries: Vec<(String, Value)>) -> Value {
        let has_more = entries.len() > self.count;
        entries.truncate(self.count);
        let last = entries.last().filter(|_| has_more).map(|(key, _)| token(key, self.scope));
        let mut answer = Map::new();
        answer.insert(name.to_owned(), entries.into_iter().map(|(_, entry)| entry).collect());
        answer.extend(last.map(|token| ("nextToken".to_owned(), token.into())));
        answer.into()
    }
}

fn token(key: &str, scope: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{scope}\n{key}"))
}

fn key(token: &str, scope: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    Some(text.strip_prefix(scope)?.strip_prefix('\n')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn request(value: Value) -> Request {
        let Value::Object(members) = value else { panic!("an object") };
        Request::new(members)
    }

    #[test]
    fn pages_follow_each_other() {
        let entries = || (1..=5).map(|number| (number.to_string(), json!(number)));
        let first =
            Page::read(&request(json!({ "maxResults": 2 })), "Numbers").unwrap().of("numbers", entries());
        assert_eq!(first["numbers"], json!([1, 2]));
        let next = request(json!({ "maxResults": 3, "nextToken": first["nextToken"] }));
        assert_eq!(
            Page::read(&next, "Numbers").unwrap().of("numbers", entries()),
            json!({ "numbers": [3, 4, 5] })
        );
        assert_eq!(Page::read(&next, "Others").unwrap_err().message, "Invalid Token: 'Invalid token'");
    }
}
