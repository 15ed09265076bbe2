//! The intrinsic functions.

use crate::Case;
use crate::data::Data;
use asl_engine::generated::intrinsic as functions;
use asl_runtime::Value;

/// A function by its name in Rust, on arguments that are parts of the data.
macro_rules! intrinsics {
    ($($name:literal: $data:ident => $call:expr;)*) => {
        vec![$(Case::new(concat!("intrinsic: ", $name), |$data: &Data| {
            let result: Option<Value> = $call;
            result.map(drop).ok_or_else(|| "it has no value".to_owned())
        })),*]
    };
}

pub(crate) fn cases() -> Vec<Case> {
    intrinsics! {
        "array(numbers)": data => functions::array(&elements(data.get("numbers")));
        "arrayPartition(numbers)": data => functions::array_partition(data.get("numbers"), &Value::from(3));
        "arrayContains(items)": data => functions::array_contains(data.get("items"), data.get("words"));
        "arrayRange(size)": data => functions::array_range(&Value::from(1), &limited(data, 1000), &Value::from(1));
        "arrayGetItem(items)": data => functions::array_get_item(data.get("items"), &Value::from(3));
        "arrayLength(items)": data => functions::array_length(data.get("items"));
        "arrayUnique(numbers)": data => functions::array_unique(data.get("numbers"));
        "arrayUnique(texts)": data => functions::array_unique(data.get("texts"));
        "arrayUnique(items)": data => functions::array_unique(data.get("items"));
        "arrayUnique(arrays)": data => functions::array_unique(data.get("arrays"));
        "base64Encode(letters)": data => functions::base64_encode(data.get("letters"));
        "base64Decode(letters)": data => functions::base64_decode(data.get("letters"));
        "hash(words)": data => functions::hash(data.get("letters"), &Value::from("SHA-256"));
        "jsonMerge(object)": data => functions::json_merge(data.get("object"), data.get("object"), &Value::from(false));
        "jsonToString(items)": data => functions::json_to_string(data.get("items"));
        "stringToJson(items)": data => functions::string_to_json(&data.get("items").to_string().into());
        "mathRandom(size)": data => functions::math_random(&Value::from(1), data.get("size"), None, || 0.5);
        "mathAdd(size)": data => functions::math_add(data.get("size"), data.get("size"));
        "stringSplit(words)": data => functions::string_split(data.get("words"), &Value::from(" "));
        "stringSplit(signs)": data => functions::string_split(data.get("signs"), data.get("signs"));
        "format(template)": data => functions::format(data.get("template"), &elements(data.get("numbers")));
        "uuid()": _data => functions::uuid(|| 0.5);
    }
}

fn elements(array: &Value) -> Vec<&Value> {
    array.as_array().map(|array| array.iter().collect()).unwrap_or_default()
}

fn limited(data: &Data, most: usize) -> Value {
    u64::try_from(data.size.min(most)).unwrap_or_default().into()
}
