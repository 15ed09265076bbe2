//! Data of a size: as many elements, fields or words as are asked for.

use asl_runtime::{Object, Value};
use std::collections::BTreeMap;

/// Data of a size.
pub(crate) struct Data {
    /// Its size.
    pub(crate) size: usize,
    /// An object of all kinds of data, which expressions are evaluated on.
    pub(crate) all: Value,
}

impl Data {
    pub(crate) fn new(size: usize) -> Self {
        let list = |element: &dyn Fn(usize) -> Value| (0..size).map(element).collect::<Vec<_>>();
        let item = |number: usize| {
            object([
                ("key", format!("key {number}").into()),
                ("number", count(number)),
                ("part", object([("tens", count(number / 10))])),
            ])
        };
        let fields: BTreeMap<_, _> =
            (0..size).map(|number| (format!("key {number}"), count(number))).collect();
        let all = object([
            ("size", count(size)),
            ("numbers", list(&count).into()),
            ("texts", list(&|number| format!("text {number}").into()).into()),
            ("digits", list(&|number| number.to_string().into()).into()),
            ("items", list(&item).into()),
            ("arrays", list(&|number| vec![count(number)].into()).into()),
            ("object", fields.into_iter().collect::<Object>().into()),
            ("words", "ab ".repeat(size).into()),
            ("letters", "a".repeat(size).into()),
            ("signs", (0..size).filter_map(sign).collect::<String>().into()),
            ("escapes", "%C3%A9".repeat(size).into()),
            ("picture", format!("{}0", "#".repeat(size)).into()),
            ("date", "[Y]-".repeat(size).into()),
            ("years", "1999-".repeat(size).into()),
            ("template", "{} ".repeat(size).into()),
        ]);
        Self { size, all }
    }

    /// A part of the data.
    pub(crate) fn get(&self, name: &str) -> &Value {
        self.all.get(name).unwrap_or(&Value::Null)
    }
}

fn count(number: usize) -> Value {
    Value::from(u64::try_from(number).unwrap_or_default())
}

fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    fields.into_iter().collect::<Object>().into()
}

/// Characters that differ from each other.
fn sign(number: usize) -> Option<char> {
    char::from_u32(u32::try_from(number).ok()? + 0x4e00)
}
