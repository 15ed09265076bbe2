//! Bodies in CBOR (Smithy, "Smithy RPC v2 CBOR protocol").
//!
//! In: members of a request; out: bytes. And from the bytes of an answer JSON as services that speak JSON write it: bytes in base64, moments in
//! seconds.

use super::{ActionCall, scalar};
use asl_engine::generated::action::{Shape, Type, WirePart};
use asl_value::{Number, Object, Text, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ciborium::value::{Integer, Value as Item};

/// The type of such bodies.
pub(super) const TYPE: &str = "application/cbor";

/// How deep an answer may be nested.
const DEEPEST: usize = 100;

/// The tag of a moment in seconds.
const MOMENT: u64 = 1;

/// The body of a request.
pub(super) fn write(call: ActionCall, members: &[(&'static WirePart, Value)]) -> Vec<u8> {
    let members = members.iter().map(|(part, value)| (part.wire.into(), item(call, part, value)));
    let mut bytes = Vec::new();
    // Writing to memory does not fail.
    let _ = ciborium::into_writer(&Item::Map(members.collect()), &mut bytes);
    bytes
}

/// A value with the names of the API. What is of another type than the service wants is left to the service to refuse.
fn item(call: ActionCall, part: &'static WirePart, value: &Value) -> Item {
    match (part.type_, value) {
        (Type::Blob, value) if !value.is_null() => Item::Bytes(scalar::bytes(value)),
        (Type::Timestamp, value) => scalar::timestamp(value)
            .map_or_else(|| plain(value), |moment| Item::Tag(MOMENT, plain(&scalar::seconds(moment)).into())),
        (Type::String, value) if !value.is_null() => Item::Text(scalar::plain(value)),
        (Type::Number, Value::Number(number)) => Item::Float(number.as_f64()),
        (Type::Boolean, Value::String(text)) => text.parse().map_or_else(|_| plain(value), Item::Bool),
        (Type::Shape(_), value) => parts(call, part, value),
        (Type::Any | Type::Integer | Type::Number | Type::Boolean | Type::Blob | Type::String, value) => {
            plain(value)
        }
    }
}

fn parts(call: ActionCall, part: &WirePart, value: &Value) -> Item {
    match (call.shape(part.type_), value) {
        (Some(Shape::Structure(members)), Value::Object(fields)) => {
            let given = fields.iter().filter(|(_, value)| !value.is_null());
            let named = given.map(|(key, value)| match members.iter().find(|member| member.name == key) {
                Some(member) => (member.wire.into(), item(call, member, value)),
                None => (key.into(), plain(value)),
            });
            Item::Map(named.collect())
        }
        (Some(Shape::List(element)), Value::Array(items)) => {
            Item::Array(items.iter().map(|value| item(call, element, value)).collect())
        }
        (Some(Shape::Map(_, element)), Value::Object(fields)) => {
            Item::Map(fields.iter().map(|(key, value)| (key.into(), item(call, element, value))).collect())
        }
        _ => plain(value),
    }
}

/// JSON as it is.
fn plain(value: &Value) -> Item {
    match value {
        Value::Null => Item::Null,
        Value::Bool(value) => Item::Bool(*value),
        Value::Number(number) => number.as_i64().map_or_else(|| Item::Float(number.as_f64()), Item::from),
        Value::String(text) => Item::Text(text.to_string()),
        Value::Array(items) => Item::Array(items.iter().map(plain).collect()),
        Value::Object(fields) => {
            Item::Map(fields.iter().map(|(key, value)| (key.into(), plain(value))).collect())
        }
    }
}

/// What is in the body of an answer.
pub(super) fn read(bytes: &[u8]) -> Result<Value, String> {
    let item: Item = ciborium::de::from_reader_with_recursion_limit(bytes, DEEPEST)
        .map_err(|error| format!("it is not CBOR: {error}"))?;
    json(item)
}

fn json(item: Item) -> Result<Value, String> {
    Ok(match item {
        Item::Null => Value::Null,
        Item::Bool(value) => Value::Bool(value),
        Item::Integer(number) => whole(number),
        // As services that speak JSON write them.
        Item::Float(number) if number.is_nan() => "NaN".into(),
        Item::Float(number) => match Number::from_f64(number) {
            Some(number) => Value::Number(number),
            None => if number > 0.0 { "Infinity" } else { "-Infinity" }.into(),
        },
        Item::Text(text) => text.into(),
        Item::Bytes(bytes) => STANDARD.encode(bytes).into(),
        Item::Tag(_, item) => json(*item)?,
        Item::Array(items) => items.into_iter().map(json).collect::<Result<Vec<_>, _>>()?.into(),
        Item::Map(pairs) => {
            let pairs = pairs.into_iter().map(|(key, value)| {
                let key = key.into_text().map_err(|_| "it has a key that is not a text".to_owned())?;
                Ok::<_, String>((Text::from(key), json(value)?))
            });
            pairs.collect::<Result<Object, _>>()?.into()
        }
        _ => return Err("it has something that JSON does not have".to_owned()),
    })
}

fn whole(number: Integer) -> Value {
    let number = i128::from(number);
    if let Ok(number) = i64::try_from(number) {
        return number.into();
    }
    if let Ok(number) = u64::try_from(number) {
        return Value::Number(Number::from(number));
    }
    #[allow(clippy::cast_precision_loss, reason = "numbers beyond 64 bits are not exact in JSON either")]
    Number::from_f64(number as f64).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_becomes_json() {
        let item = Item::Map(vec![
            ("text".into(), "é".into()),
            ("bytes".into(), Item::Bytes(b"ab".to_vec())),
            ("moment".into(), Item::Tag(MOMENT, Item::Float(1.5).into())),
            ("numbers".into(), Item::Array(vec![Item::from(-3), Item::from(u64::MAX), Item::Float(0.25)])),
            (
                "none".into(),
                Item::Array(vec![Item::Float(f64::NAN), Item::Float(f64::NEG_INFINITY), Item::Null]),
            ),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&item, &mut bytes).unwrap();
        let expected = r#"{"text":"é","bytes":"YWI=","moment":1.5,"numbers":[-3,18446744073709551615,0.25],"none":["NaN","-Infinity",null]}"#;
        assert_eq!(read(&bytes).unwrap(), Value::from_json(expected).unwrap());
    }

    #[test]
    fn what_is_not_cbor_is_an_error() {
        let deep = [vec![0x81; 100_000], vec![0]].concat();
        for bytes in [
            &b"{}"[..],
            &[0xff],
            &[0xa1, 0x01, 0x02],
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &deep,
        ] {
            assert!(read(bytes).is_err(), "{:?}", bytes.get(..4));
        }
    }
}
