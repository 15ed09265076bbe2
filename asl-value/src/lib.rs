//! JSON in flight: values that are cheap to clone.
//!
//! In: JSON text, and anything that `serde` serializes. Out: the same, as a [`Value`] in between.
//!
//! Objects and arrays are shared and copied on write, one level at a time, so passing a document from state to state costs
//! the same whatever its size. Keys keep their order, and whole numbers are exact from -2^63 to 2^64 - 1.
//!
//! ```
//! # use asl_value as asl_runtime;
//! use asl_runtime::Value;
//!
//! let order = Value::from_json(r#"{"id": "A-1", "lines": [{"price": 20}]}"#)?;
//! let mut changed = order.as_object().cloned().unwrap_or_default();
//! changed.insert("paid", true);
//! // The copy has one more field, and shares the lines with the original.
//! assert_eq!(Value::from(changed).to_string(), r#"{"id":"A-1","lines":[{"price":20}],"paid":true}"#);
//! assert_eq!(order.to_string(), r#"{"id":"A-1","lines":[{"price":20}]}"#);
//! # Ok::<(), asl_runtime::JsonError>(())
//! ```

mod array;
mod convert;
mod from_serialize;
mod handover;
mod length;
mod memory;
mod number;
mod object;
mod seen;
mod size;
mod to_deserialize;

pub use array::Array;
pub use convert::{IntoValue, JsonError};
pub use number::Number;
#[doc(hidden)]
pub use object::Fields;
pub use object::Object;
#[doc(hidden)]
pub use seen::{Hashing, Seen};
#[doc(hidden)]
pub use size::Size;
/// A string, cheap to clone: short ones are stored in place, constants are borrowed, the rest is shared.
pub use smol_str::SmolStr as Text;

use std::fmt;

/// A JSON value. A clone takes a few nanoseconds, whatever the size of the value.
///
/// ```
/// # use asl_value as asl_runtime;
/// use asl_runtime::Value;
///
/// let order = Value::from_json(r#"{"id": 7, "items": ["a", "b"]}"#)?;
/// assert_eq!(order.get("id"), Some(&Value::from(7)));
/// assert_eq!(order.to_string(), r#"{"id":7,"items":["a","b"]}"#);
/// # Ok::<(), asl_runtime::JsonError>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(Text),
    /// An array, shared.
    Array(Array),
    /// An object, shared.
    Object(Object),
}

impl Value {
    /// The empty object.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// assert_eq!(Value::empty_object().to_string(), "{}");
    /// ```
    #[must_use]
    pub fn empty_object() -> Self {
        Self::Object(Object::new())
    }

    /// The value of a field, if this is an object that has it.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// let order = Value::from_json(r#"{"customer": {"name": "Ana"}}"#)?;
    /// let name = order.get("customer").and_then(|customer| customer.get("name"));
    /// assert_eq!(name.and_then(Value::as_str), Some("Ana"));
    /// assert_eq!(order.get("total"), None);
    /// # Ok::<(), asl_runtime::JsonError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    /// An element, if this is an array that is long enough.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// let tags = Value::from_json(r#"["new", "gift"]"#)?;
    /// assert_eq!(tags.at(1), Some(&Value::from("gift")));
    /// assert_eq!(tags.at(2), None);
    /// # Ok::<(), asl_runtime::JsonError>(())
    /// ```
    #[must_use]
    pub fn at(&self, index: usize) -> Option<&Self> {
        self.as_array()?.get(index)
    }

    /// The Boolean, if this is one.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// assert_eq!(Value::from(true).as_bool(), Some(true));
    /// assert_eq!(Value::from("true").as_bool(), None);
    /// ```
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The number, if this is one.
    #[must_use]
    #[inline]
    pub const fn as_number(&self) -> Option<Number> {
        if let Self::Number(value) = self { Some(*value) } else { None }
    }

    /// The whole number, if this is one and fits.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// assert_eq!(Value::from(60).as_i64(), Some(60));
    /// assert_eq!(Value::from(2.0).as_i64(), Some(2));
    /// assert_eq!(Value::from(2.5).as_i64(), None);
    /// assert_eq!(Value::from("60").as_i64(), None);
    /// ```
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The number as floating point, rounded if need be, if this is a number.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// assert_eq!(Value::from(2.5).as_f64(), Some(2.5));
    /// assert_eq!(Value::from(60).as_f64(), Some(60.0));
    /// assert_eq!(Value::Null.as_f64(), None);
    /// ```
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::as_f64)
    }

    /// The text, if this is a string.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// assert_eq!(Value::from("Ana").as_str(), Some("Ana"));
    /// assert_eq!(Value::from(7).as_str(), None);
    /// ```
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(value) = self { Some(value) } else { None }
    }

    /// The array, if this is one.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// let prices = Value::from_json("[20, 40]")?;
    /// let total: i64 = prices.as_array().into_iter().flat_map(|prices| prices.iter()).filter_map(Value::as_i64).sum();
    /// assert_eq!(total, 60);
    /// # Ok::<(), asl_runtime::JsonError>(())
    /// ```
    #[must_use]
    #[inline]
    pub const fn as_array(&self) -> Option<&Array> {
        if let Self::Array(value) = self { Some(value) } else { None }
    }

    /// The object, if this is one.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// let stock = Value::from_json(r#"{"pears": 0, "apples": 3}"#)?;
    /// let names: Vec<&str> = stock.as_object().into_iter().flat_map(|stock| stock.keys()).collect();
    /// assert_eq!(names, ["pears", "apples"]);
    /// # Ok::<(), asl_runtime::JsonError>(())
    /// ```
    #[must_use]
    #[inline]
    pub const fn as_object(&self) -> Option<&Object> {
        if let Self::Object(value) = self { Some(value) } else { None }
    }

    /// Whether this is `null`.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// assert!(Value::from(None::<i64>).is_null());
    /// assert!(!Value::empty_object().is_null());
    /// ```
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// How deep objects and arrays are nested in this value, as an upper bound: 0 for a scalar, 1 for `[]`.
    ///
    /// ```
    /// # use asl_value as asl_runtime;
    /// use asl_runtime::Value;
    ///
    /// assert_eq!(Value::from_json("[[1], {}]")?.depth(), 2);
    /// # Ok::<(), asl_runtime::JsonError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn depth(&self) -> u32 {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => 0,
            Self::Array(array) => array.size().depth,
            Self::Object(object) => object.size().depth,
        }
    }

    /// How large it is.
    #[doc(hidden)]
    #[must_use]
    #[inline]
    pub fn size(&self) -> Size {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => Size::SCALAR,
            Self::String(text) => Size::of_text(text),
            Self::Array(array) => array.size(),
            Self::Object(object) => object.size(),
        }
    }
}

/// Prints compact JSON.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// Prints JSON, indented with `{:#?}`.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text =
            if f.alternate() { serde_json::to_string_pretty(self) } else { serde_json::to_string(self) };
        f.write_str(&text.map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_takes_three_words() {
        assert_eq!(size_of::<Value>(), 24);
    }

    #[test]
    fn a_clone_shares_until_it_is_written() {
        let original = Value::from_json(r#"{"a": {"deep": [1, 2]}, "b": 1}"#).unwrap();
        let mut copy = original.as_object().unwrap().clone();
        copy.insert("b", 2);
        assert_eq!(original.get("b"), Some(&Value::from(1)));
        assert_eq!(copy.get("b"), Some(&Value::from(2)));
        assert_eq!(original.get("a"), copy.get("a"));
    }

    #[test]
    fn keys_keep_their_order_and_whole_numbers_are_exact() {
        let text = r#"{"z":18446744073709551615,"a":-9223372036854775808,"m":0.1,"b":[],"c":{}}"#;
        let value = Value::from_json(text).unwrap();
        assert_eq!((value.to_string(), format!("{value:?}")), (text.to_owned(), text.to_owned()));
        assert_eq!(format!("{:#?}", Value::from(vec![Value::from(1)])), "[\n  1\n]");
    }

    #[test]
    fn depth_counts_the_deepest_nesting() {
        for (text, depth) in [("1", 0), ("[]", 1), (r#"{"a":[{"b":1}],"c":{}}"#, 3)] {
            assert_eq!(Value::from_json(text).unwrap().depth(), depth, "{text}");
        }
    }
}
