//! Values without parts: as text in headers, addresses, forms and XML, and back.

use asl_engine::generated::action::{Format, Protocol, Type, WirePart, WirePlace};
use asl_language::timestamp::Timestamp;
use asl_value::{Number, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// A value where text is wanted: a string as it is, anything else as JSON.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The bytes that a task sends: its JSON, as Step Functions sends it.
pub(super) fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// A value as the text that the service wants.
pub(super) fn text(part: &WirePart, value: &Value, protocol: Protocol) -> String {
    match part.type_ {
        _ if part.is_json => STANDARD.encode(plain(value)),
        Type::Timestamp => {
            timestamp(value).map_or_else(|| plain(value), |moment| written(part, moment, protocol))
        }
        Type::Blob => STANDARD.encode(bytes(value)),
        Type::Any | Type::String | Type::Integer | Type::Number | Type::Boolean | Type::Shape(_) => {
            plain(value)
        }
    }
}

/// How a timestamp is written there.
pub(super) fn format_of(part: &WirePart, protocol: Protocol) -> Format {
    match (part.format, part.place) {
        (Format::Usual, WirePlace::Header | WirePlace::Headers) => Format::Http,
        (Format::Usual, WirePlace::Query | WirePlace::Path) => Format::Iso,
        (Format::Usual, _) => match protocol {
            Protocol::Json10 | Protocol::Json11 | Protocol::RestJson | Protocol::Cbor => Format::Unix,
            Protocol::RestXml | Protocol::Query | Protocol::Ec2 => Format::Iso,
        },
        (format, _) => format,
    }
}

fn written(part: &WirePart, moment: Timestamp, protocol: Protocol) -> String {
    match format_of(part, protocol) {
        Format::Unix => seconds(moment).to_string(),
        Format::Http => http_date(moment),
        Format::Iso | Format::Usual => iso(moment),
    }
}

/// The moment that a task sends.
pub(super) fn timestamp(value: &Value) -> Option<Timestamp> {
    value.as_str().and_then(Timestamp::parse)
}

/// Seconds since 1970.
pub(super) fn seconds(moment: Timestamp) -> Value {
    if moment.nanoseconds() == 0 {
        return moment.seconds().into();
    }
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of any date fit")]
    Number::from_f64(moment.milliseconds() as f64 / 1000.0).map_or(Value::Null, Value::Number)
}

/// As `Instant` of Java prints it: a fraction only where there is one.
pub(super) fn iso(moment: Timestamp) -> String {
    let text = moment.to_string();
    text.strip_suffix(".000Z").map_or(text.clone(), |whole| format!("{whole}Z"))
}

/// `Wed, 21 Oct 2015 07:28:00 GMT`
fn http_date(moment: Timestamp) -> String {
    let text = moment.to_string();
    let mut parts = text.split(['-', 'T', '.']);
    let (year, month, day, time) = (parts.next(), parts.next(), parts.next(), parts.next());
    let month = month
        .and_then(|month| month.parse::<usize>().ok())
        .and_then(|month| MONTHS.get(month.checked_sub(1)?));
    let weekday = usize::try_from(moment.seconds().div_euclid(86_400).rem_euclid(7)).unwrap_or_default();
    format!(
        "{}, {} {} {} {} GMT",
        DAYS.get(weekday).unwrap_or(&""),
        day.unwrap_or_default(),
        month.unwrap_or(&""),
        year.unwrap_or_default(),
        time.unwrap_or_default()
    )
}

fn parse_http_date(text: &str) -> Option<Timestamp> {
    let mut parts = text.split_once(", ")?.1.split(' ');
    let (day, month, year, time) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    Timestamp::parse(&format!("{year}-{month:02}-{day:0>2}T{time}Z"))
}

/// A moment that a service returns: `aws-sdk` tasks get it as text, others in milliseconds.
pub(super) fn moment(value: &Value, is_sdk: bool) -> Value {
    let moment = match value {
        Value::Number(number) =>
        {
            #[allow(clippy::cast_possible_truncation, reason = "a date that far away is none")]
            Some(Timestamp::from_milliseconds((number.as_f64() * 1000.0).round() as i64))
        }
        Value::String(text) => Timestamp::parse(text).or_else(|| parse_http_date(text)),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    match moment {
        None => value.clone(),
        Some(moment) if is_sdk => iso(moment).into(),
        Some(moment) => moment.milliseconds().into(),
    }
}

/// Text of a header or of an element as what it represents.
pub(super) fn read(part: &WirePart, text: &str, is_sdk: bool) -> Value {
    let number = || Value::from_json(text.trim()).ok().filter(|value| value.as_number().is_some());
    match part.type_ {
        _ if part.is_json => decoded(text),
        Type::Integer | Type::Number => number().unwrap_or_else(|| text.into()),
        Type::Boolean => text.trim().parse::<bool>().map_or_else(|_| text.into(), Value::Bool),
        Type::Timestamp => moment(&number().unwrap_or_else(|| text.trim().into()), is_sdk),
        Type::Blob => decoded(text),
        Type::Any | Type::String | Type::Shape(_) => text.into(),
    }
}

/// Bytes that a service returns as base64, as text.
pub(super) fn decoded(text: &str) -> Value {
    match STANDARD.decode(text) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned().into(),
        Err(_) => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_three_ways() {
        let moment = Timestamp::parse("2015-10-21T07:28:00Z").unwrap();
        assert_eq!(http_date(moment), "Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(parse_http_date("Wed, 21 Oct 2015 07:28:00 GMT"), Some(moment));
        assert_eq!(iso(moment), "2015-10-21T07:28:00Z");
        assert_eq!(seconds(moment).to_string(), "1445412480");
        assert_eq!(super::moment(&Value::from(1_445_412_480), true).as_str(), Some("2015-10-21T07:28:00Z"));
    }
}
