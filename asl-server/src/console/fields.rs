//! What a browser sends beside a path: the fields of a query or of a form.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;

/// Fields by their names; a name may come again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Fields in the form of a query. Browsers send every end of a line as two characters, which are one again.
    pub(crate) fn read(text: &[u8]) -> Self {
        let fields = form_urlencoded::parse(text).into_owned();
        Self(fields.map(|(name, value)| (name, value.replace("\r\n", "\n"))).collect())
    }

    /// A field, if it is there and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// A field that is a number.
    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.get(name)?.trim().parse().ok()
    }

    /// The same fields as a query, but for one: without it, or with another value.
    pub(crate) fn with(&self, name: &str, value: Option<&str>) -> String {
        self.changed(&[(name, value)])
    }

    /// The same fields as a query, but for these.
    pub(crate) fn changed(&self, changes: &[(&str, Option<&str>)]) -> String {
        let is_changed = |name: &str| changes.iter().any(|(changed, _)| *changed == name);
        let others = self.0.iter().filter(|(name, value)| !is_changed(name) && !value.is_empty());
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(others);
        query.extend_pairs(changes.iter().filter_map(|(name, value)| Some((name, (*value)?))));
        format!("?{}", query.finish())
    }
}

impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::read(parts.uri.query().unwrap_or_default().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::Fields;

    #[test]
    fn a_field_takes_the_place_of_the_same_one() {
        let fields = Fields::read(b"status=FAILED&page=3&q=a%26b+c&empty=");
        assert_eq!(fields.get("q"), Some("a&b c"));
        assert_eq!(Fields::read(b"text=%7B%0D%0A%7D").get("text"), Some("{\n}"));
        assert_eq!((fields.get("empty"), fields.number::<u64>("page")), (None, Some(3)));
        assert_eq!(fields.with("page", None), "?status=FAILED&q=a%26b+c");
        assert_eq!(fields.with("status", Some("é")), "?page=3&q=a%26b+c&status=%C3%A9");
    }
}
