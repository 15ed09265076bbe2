//! Answers as JSON, so that a journal of them can be text that people read: an answer a line.
//!
//! An [`EffectId`] is its text, a [`Timer`] is its name, and an [`Outcome`] is one of these:
//!
//! ```text
//! {"Ended": {"Ok": result}}                {"Ended": {"Err": {"Error": "..", "Cause": "..", "Fatal": true}}}
//! {"Submitted": answer}
//! "Heartbeat"
//! {"Signalled": as Ended}
//! "Accepted"
//! {"Started": {"WorkerName": ".."}}
//! {"Fired": "Wait"}                        Wait, Retry, Timeout, Heartbeat
//! {"Items": {"Ok": {"Items": [{"Key": "..", "Value": item, "Source": ".."}], "IsEnd": true}}}     {"Items": {"Err": as Ended}}
//! {"ChildEnded": {"Index": 0, "Result": {"Ok": output}, "StopDate": "..", "Written": {"Ok": 1}}}
//! {"ChildEnded": {"Result": {"Err": {"Status": "FAILED", "Error": "..", "Cause": ".."}}, "Written": {"Err": as Ended}, ..}}
//! {"Finished": {"Ok": {"Result": result}}}     {"Finished": {"Ok": {}}}     {"Finished": {"Err": as Ended}}
//! {"Limited": {"MaxConcurrency": 7, "ToleratedFailureCount": 0, "ToleratedFailurePercentage": 5.0}}
//! {"Stopped": {"Error": "..", "Cause": ".."}}
//! "Redriven"
//! ```
//!
//! What is missing has no field; `Fatal` has one where it is true. A value that is nested so deep that a reader of JSON could refuse it
//! together with what is around it is text in a field of the same name with `Text` behind it: `OkText`. Formats that are not for
//! people get the bytes of the codec.

use super::{ChildEnd, EffectId, Items, Outcome, Timer};
use crate::codec::{from_bytes, to_bytes};
use crate::error::{ExecutionError, Status, TaskError};
use crate::map_run::MapRunLimits;
use crate::map_run::item::Item;
use asl_language::limits::VALUE_DEPTH;
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use serde_core::de::{self, Deserialize, Deserializer, Visitor};
use serde_core::ser::{self, Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

/// Values that are deeper than this are written as text.
const DEPTH: u32 = 100;

impl Timer {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Wait, Self::Retry, Self::Timeout, Self::Heartbeat];

    /// What it is called.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::engine::Timer;
    ///
    /// assert!(Timer::ALL.iter().all(|timer| timer.name().parse() == Ok(*timer)));
    /// # }
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wait => "Wait",
            Self::Retry => "Retry",
            Self::Timeout => "Timeout",
            Self::Heartbeat => "Heartbeat",
        }
    }
}

impl fmt::Display for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text is not a name of a timer.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::Timer;
///
/// let error = "Alarm".parse::<Timer>().unwrap_err();
/// assert_eq!(error.to_string(), "a timer is `Wait`, `Retry`, `Timeout` or `Heartbeat`");
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTimer(());

impl fmt::Display for InvalidTimer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a timer is `Wait`, `Retry`, `Timeout` or `Heartbeat`")
    }
}

impl std::error::Error for InvalidTimer {}

impl FromStr for Timer {
    type Err = InvalidTimer;

    fn from_str(text: &str) -> Result<Self, InvalidTimer> {
        Self::ALL.iter().copied().find(|timer| timer.name() == text).ok_or(InvalidTimer(()))
    }
}

impl Serialize for Timer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Timer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData, "the name of a timer"))
    }
}

impl Serialize for EffectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EffectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData, "the name of an effect, as `2.0/1.3/4#1`"))
    }
}

/// Reads what is written as text.
struct TextVisitor<T>(PhantomData<T>, &'static str);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.1)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_bytes(&to_bytes(self));
        }
        let mut writer = Writer { is_too_deep: false };
        let value = writer.outcome(self);
        if writer.is_too_deep {
            let message =
                format_args!("a value that is nested more than {VALUE_DEPTH} levels deep is not written");
            return Err(ser::Error::custom(message));
        }
        value.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Outcome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let value = Value::deserialize(deserializer)?;
            return read_outcome(&value).map_err(de::Error::custom);
        }
        deserializer.deserialize_byte_buf(BytesVisitor)
    }
}

struct BytesVisitor;

impl Visitor<'_> for BytesVisitor {
    type Value = Outcome;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of an outcome")
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Outcome, E> {
        from_bytes(bytes).map_err(E::custom)
    }
}

/// Makes objects of what is written.
struct Writer {
    is_too_deep: bool,
}

fn object<const N: usize>(fields: [(&'static str, Option<Value>); N]) -> Value {
    fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect::<Object>().into()
}

impl Writer {
    fn outcome(&mut self, outcome: &Outcome) -> Value {
        let (name, inner) = match outcome {
            Outcome::Ended(result) => ("Ended", self.result(result)),
            Outcome::Submitted(answer) => return self.named("Submitted", answer),
            Outcome::Heartbeat => return "Heartbeat".into(),
            Outcome::Signalled(result) => ("Signalled", self.result(result)),
            Outcome::Accepted => return "Accepted".into(),
            Outcome::Started { worker_name } => {
                ("Started", object([("WorkerName", worker_name.clone().map(Value::from))]))
            }
            Outcome::Fired(timer) => ("Fired", timer.name().into()),
            Outcome::Items(Ok(items)) => ("Items", object([("Ok", Some(self.items(items)))])),
            Outcome::Items(Err(error)) => ("Items", failed(error)),
            Outcome::ChildEnded(end) => ("ChildEnded", self.child(end)),
            Outcome::Finished(Ok(result)) => {
                let result = result.as_ref().map(|result| self.named("Result", result));
                ("Finished", object([("Ok", Some(result.unwrap_or_else(Value::empty_object)))]))
            }
            Outcome::Finished(Err(error)) => ("Finished", failed(error)),
            Outcome::Limited(limits) => ("Limited", limited(*limits)),
            Outcome::Stopped { error, cause } => {
                let (error, cause) = (error.clone().map(Value::from), cause.as_deref().map(Value::from));
                ("Stopped", object([("Error", error), ("Cause", cause)]))
            }
            Outcome::Redriven => return "Redriven".into(),
        };
        object([(name, Some(inner))])
    }

    /// An object with a value in a field, as text if it is deep.
    fn named(&mut self, name: &'static str, value: &Value) -> Value {
        let mut fields = Object::new();
        self.put(&mut fields, name, value);
        fields.into()
    }

    fn put(&mut self, fields: &mut Object, name: &'static str, value: &Value) {
        if value.depth() <= DEPTH {
            fields.insert(name, value.clone());
        } else if value.depth() <= VALUE_DEPTH {
            fields.insert(format!("{name}Text"), value.to_string());
        } else {
            self.is_too_deep = true;
        }
    }

    fn result(&mut self, result: &Result<Value, TaskError>) -> Value {
        match result {
            Ok(value) => self.named("Ok", value),
            Err(error) => failed(error),
        }
    }

    fn items(&mut self, items: &Items) -> Value {
        let each = items.items.iter().map(|item| {
            let mut fields = Object::new();
            fields.extend(item.key.clone().map(|key| ("Key", key)));
            self.put(&mut fields, "Value", &item.value);
            fields.insert("Source", item.source.clone());
            fields.into()
        });
        let each: Vec<Value> = each.collect();
        object([("Items", Some(each.into())), ("IsEnd", Some(items.is_end.into()))])
    }

    fn child(&mut self, end: &ChildEnd) -> Value {
        let result = match &end.result {
            Ok(output) => self.named("Ok", output),
            Err(error) => {
                let error = object([
                    ("Status", Some(error.status().as_str().into())),
                    ("Error", error.error().map(Value::from)),
                    ("Cause", error.cause().map(Value::from)),
                ]);
                object([("Err", Some(error))])
            }
        };
        let written = match &end.written {
            Ok(written) => object([("Ok", Some((*written).into()))]),
            Err(error) => failed(error),
        };
        object([
            ("Index", Some(end.index.into())),
            ("Result", Some(result)),
            ("StopDate", Some(moment(end.stop_date))),
            ("Written", Some(written)),
        ])
    }
}

fn failed(error: &TaskError) -> Value {
    let error = object([
        ("Error", Some(error.error().into())),
        ("Cause", error.cause().map(Value::from)),
        ("Fatal", error.is_fatal().then_some(true.into())),
    ]);
    object([("Err", Some(error))])
}

/// A moment to the nanosecond: as a text, or as its numbers where it is of a year that has no text.
fn moment(moment: Timestamp) -> Value {
    let text = moment.to_string();
    let text = match (moment.nanoseconds() % 1_000_000, text.split_once('.')) {
        (0, _) | (_, None) => text,
        (_, Some((seconds, _))) => format!("{seconds}.{:09}Z", moment.nanoseconds()),
    };
    if Timestamp::parse(&text) == Some(moment) {
        return text.into();
    }
    vec![Value::from(moment.seconds()), Value::from(moment.nanoseconds())].into()
}

type Read<T> = Result<T, String>;

/// The fields of an object, by their names in messages.
#[derive(Clone, Copy)]
struct Fields<'v> {
    name: &'static str,
    fields: &'v Object,
}

impl<'v> Fields<'v> {
    fn of(name: &'static str, value: &'v Value) -> Read<Self> {
        let fields = value.as_object().ok_or_else(|| format!("`{name}` is not an object"))?;
        Ok(Self { name, fields })
    }

    fn missing(self, field: &str, what: &str) -> String {
        format!("`{}` has no field `{field}` that is {what}", self.name)
    }

    fn needs(self, field: &'static str, what: &str) -> Read<&'v Value> {
        self.fields.get(field).ok_or_else(|| self.missing(field, what))
    }

    /// A value that may be written as text.
    fn value(self, field: &'static str) -> Read<Option<Value>> {
        if let Some(value) = self.fields.get(field) {
            return Ok(Some(value.clone()));
        }
        let Some(text) = self.fields.get(&format!("{field}Text")) else { return Ok(None) };
        let text = text.as_str().ok_or_else(|| self.missing(field, "a text"))?;
        Value::from_json(text).map(Some).map_err(|error| format!("`{field}Text`: {error}"))
    }

    fn text(self, field: &'static str) -> Read<Option<Text>> {
        match self.fields.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.missing(field, "a text")),
        }
    }

    fn number(self, field: &'static str) -> Read<u64> {
        let value = self.needs(field, "a whole number")?;
        number(value).ok_or_else(|| self.missing(field, "a whole number"))
    }

    /// What is in `Ok`, or the error in `Err`.
    fn result<T, E>(
        self,
        ok: impl FnOnce(Self) -> Read<Option<T>>,
        error: impl FnOnce(Fields<'v>) -> Read<E>,
    ) -> Read<Result<T, E>> {
        if let Some(value) = ok(self)? {
            return Ok(Ok(value));
        }
        let value =
            self.fields.get("Err").ok_or_else(|| format!("`{}` has neither `Ok` nor `Err`", self.name))?;
        Fields::of("Err", value).and_then(error).map(Err)
    }
}

fn limited(limits: MapRunLimits) -> Value {
    let MapRunLimits { max_concurrency, tolerated_failure_count, tolerated_failure_percentage } = limits;
    object([
        ("MaxConcurrency", max_concurrency.map(Value::from)),
        ("ToleratedFailureCount", tolerated_failure_count.map(Value::from)),
        ("ToleratedFailurePercentage", tolerated_failure_percentage.map(Value::from)),
    ])
}

fn read_limits(fields: Fields<'_>) -> MapRunLimits {
    let whole = |field| fields.fields.get(field).and_then(number);
    let percentage = fields.fields.get("ToleratedFailurePercentage").and_then(Value::as_number);
    MapRunLimits {
        max_concurrency: whole("MaxConcurrency"),
        tolerated_failure_count: whole("ToleratedFailureCount"),
        tolerated_failure_percentage: percentage.map(|number| number.as_f64()),
    }
}

fn number(value: &Value) -> Option<u64> {
    let number = value.as_number()?;
    number.as_large().or_else(|| number.as_i64().and_then(|number| u64::try_from(number).ok()))
}

fn read_outcome(value: &Value) -> Read<Outcome> {
    match value.as_str() {
        Some("Heartbeat") => return Ok(Outcome::Heartbeat),
        Some("Redriven") => return Ok(Outcome::Redriven),
        Some("Accepted") => return Ok(Outcome::Accepted),
        Some(other) => return Err(format!("`{}` is not an outcome", short(other))),
        None => {}
    }
    let Fields { fields, .. } = Fields::of("outcome", value)?;
    let Some((name, inner)) = fields.iter().next().filter(|_| fields.len() == 1) else {
        return Err("an outcome has one field".into());
    };
    Ok(match name {
        "Ended" => Outcome::Ended(read_result(Fields::of("Ended", inner)?)?),
        "Signalled" => Outcome::Signalled(read_result(Fields::of("Signalled", inner)?)?),
        "Submitted" | "SubmittedText" => {
            let answer = Fields { name: "outcome", fields }.value("Submitted")?;
            Outcome::Submitted(answer.unwrap_or_default())
        }
        "Started" => Outcome::Started { worker_name: Fields::of("Started", inner)?.text("WorkerName")? },
        "Fired" => {
            let timer = inner.as_str().unwrap_or_default().parse();
            Outcome::Fired(timer.map_err(|error: InvalidTimer| error.to_string())?)
        }
        "Items" => Outcome::Items(
            Fields::of("Items", inner)?
                .result(|fields| fields.fields.get("Ok").map(read_items).transpose(), read_error)?,
        ),
        "ChildEnded" => Outcome::ChildEnded(Box::new(read_child(Fields::of("ChildEnded", inner)?)?)),
        "Finished" => Outcome::Finished(Fields::of("Finished", inner)?.result(
            |fields| fields.fields.get("Ok").map(|ok| Fields::of("Ok", ok)?.value("Result")).transpose(),
            read_error,
        )?),
        "Limited" => Outcome::Limited(read_limits(Fields::of("Limited", inner)?)),
        "Stopped" => {
            let fields = Fields::of("Stopped", inner)?;
            Outcome::Stopped { error: fields.text("Error")?, cause: fields.text("Cause")?.map(String::from) }
        }
        other => return Err(format!("`{}` is not an outcome", short(other))),
    })
}

fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

fn read_result(fields: Fields<'_>) -> Read<Result<Value, TaskError>> {
    fields.result(|fields| fields.value("Ok"), read_error)
}

fn read_error(fields: Fields<'_>) -> Read<TaskError> {
    let error = fields.text("Error")?.ok_or_else(|| fields.missing("Error", "a text"))?;
    let is_fatal = fields.fields.get("Fatal").and_then(Value::as_bool).unwrap_or(false);
    Ok(TaskError::from_parts(error, fields.text("Cause")?.map(String::from), is_fatal))
}

fn read_items(value: &Value) -> Read<Items> {
    let fields = Fields::of("Items", value)?;
    let items =
        fields.needs("Items", "an array")?.as_array().ok_or_else(|| fields.missing("Items", "an array"))?;
    let item = |item: &Value| {
        let fields = Fields::of("Items", item)?;
        let value = fields.value("Value")?.ok_or_else(|| fields.missing("Value", "a value"))?;
        Ok(Item { key: fields.text("Key")?, value, source: fields.text("Source")?.unwrap_or_default() })
    };
    let is_end = fields.needs("IsEnd", "true or false")?.as_bool();
    Ok(Items {
        items: items.iter().map(item).collect::<Read<_>>()?,
        is_end: is_end.ok_or_else(|| fields.missing("IsEnd", "true or false"))?,
    })
}

fn read_child(fields: Fields<'_>) -> Read<ChildEnd> {
    let result = Fields::of("Result", fields.needs("Result", "an object")?)?;
    let written = Fields::of("Written", fields.needs("Written", "an object")?)?;
    let stop_date = read_moment(fields.needs("StopDate", "a timestamp")?);
    Ok(ChildEnd {
        index: fields.number("Index")?,
        result: result.result(|fields| fields.value("Ok"), read_execution_error)?,
        stop_date: stop_date.ok_or_else(|| fields.missing("StopDate", "a timestamp"))?,
        written: written
            .result(|fields| fields.fields.get("Ok").map(|_| fields.number("Ok")).transpose(), read_error)?,
    })
}

fn read_execution_error(fields: Fields<'_>) -> Read<ExecutionError> {
    let name = fields.text("Status")?.unwrap_or_default();
    let status = [Status::Failed, Status::TimedOut, Status::Aborted]
        .into_iter()
        .find(|status| name == status.as_str());
    let status = status.ok_or_else(|| fields.missing("Status", "`FAILED`, `TIMED_OUT` or `ABORTED`"))?;
    Ok(ExecutionError::from_parts(status, fields.text("Error")?, fields.text("Cause")?.map(String::from)))
}

fn read_moment(value: &Value) -> Option<Timestamp> {
    if let Some(text) = value.as_str() {
        return Timestamp::parse(text);
    }
    let nanoseconds = value.at(1).and_then(number).and_then(|number| u32::try_from(number).ok());
    Some(Timestamp::new(value.at(0)?.as_i64()?, nanoseconds?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_written(outcome: &Outcome, json: &str) {
        assert_eq!(serde_json::to_string(outcome).unwrap(), json);
        assert_eq!(&serde_json::from_str::<Outcome>(json).unwrap(), outcome);
    }

    fn value(json: &str) -> Value {
        Value::from_json(json).unwrap()
    }

    #[test]
    fn outcomes_are_written_as_documented() {
        is_written(&Outcome::Ended(Ok(value(r#"{"a":[1.0]}"#))), r#"{"Ended":{"Ok":{"a":[1.0]}}}"#);
        is_written(&Outcome::Ended(Ok(Value::Null)), r#"{"Ended":{"Ok":null}}"#);
        let error = TaskError::new("A", "b");
        is_written(&Outcome::Ended(Err(error.clone())), r#"{"Ended":{"Err":{"Error":"A","Cause":"b"}}}"#);
        let fatal = r#"{"Signalled":{"Err":{"Error":"States.Runtime","Cause":"c","Fatal":true}}}"#;
        is_written(&Outcome::Signalled(Err(TaskError::runtime("c"))), fatal);
        is_written(&Outcome::Submitted(7.into()), r#"{"Submitted":7}"#);
        is_written(&Outcome::Heartbeat, r#""Heartbeat""#);
        is_written(&Outcome::Redriven, r#""Redriven""#);
        is_written(&Outcome::Accepted, r#""Accepted""#);
        is_written(&Outcome::Started { worker_name: None }, r#"{"Started":{}}"#);
        is_written(&Outcome::Started { worker_name: Some("w".into()) }, r#"{"Started":{"WorkerName":"w"}}"#);
        is_written(&Outcome::Fired(Timer::Heartbeat), r#"{"Fired":"Heartbeat"}"#);
        let items = [(Some(Text::new("k")), 1), (None, 2)];
        let item = |(key, value)| Item { key, value: Value::from(value), source: "s".into() };
        let items = Items { items: items.map(item).into(), is_end: true };
        is_written(
            &Outcome::Items(Ok(items)),
            r#"{"Items":{"Ok":{"Items":[{"Key":"k","Value":1,"Source":"s"},{"Value":2,"Source":"s"}],"IsEnd":true}}}"#,
        );
        is_written(&Outcome::Items(Err(error.clone())), r#"{"Items":{"Err":{"Error":"A","Cause":"b"}}}"#);
        is_written(&Outcome::Finished(Ok(None)), r#"{"Finished":{"Ok":{}}}"#);
        is_written(&Outcome::Finished(Ok(Some(Value::Null))), r#"{"Finished":{"Ok":{"Result":null}}}"#);
        is_written(&Outcome::Finished(Err(error)), r#"{"Finished":{"Err":{"Error":"A","Cause":"b"}}}"#);
        is_written(&Outcome::Stopped { error: None, cause: None }, r#"{"Stopped":{}}"#);
        let cause = Some("c".to_owned());
        is_written(
            &Outcome::Stopped { error: Some("E".into()), cause },
            r#"{"Stopped":{"Error":"E","Cause":"c"}}"#,
        );
    }

    #[test]
    fn ends_of_children_are_written_to_the_nanosecond() {
        let end = |result, seconds, written| {
            Outcome::ChildEnded(Box::new(ChildEnd {
                index: 3,
                result,
                stop_date: Timestamp::new(seconds, 5),
                written,
            }))
        };
        is_written(
            &end(Ok(1.into()), 0, Ok(4)),
            r#"{"ChildEnded":{"Index":3,"Result":{"Ok":1},"StopDate":"1970-01-01T00:00:00.000000005Z","Written":{"Ok":4}}}"#,
        );
        is_written(
            &end(Err(ExecutionError::timed_out()), i64::MIN, Err(TaskError::named("A"))),
            r#"{"ChildEnded":{"Index":3,"Result":{"Err":{"Status":"TIMED_OUT","Error":"States.Timeout"}},"StopDate":[-9223372036854775808,5],"Written":{"Err":{"Error":"A"}}}}"#,
        );
    }

    #[test]
    fn deep_values_are_texts() {
        let nested = |depth| (0..depth).fold(Value::Null, |value, _| vec![value].into());
        for depth in [DEPTH, DEPTH + 1, VALUE_DEPTH] {
            let item = Item { key: None, value: nested(depth), source: "s".into() };
            for outcome in [
                Outcome::Ended(Ok(nested(depth))),
                Outcome::Submitted(nested(depth)),
                Outcome::Finished(Ok(Some(nested(depth)))),
                Outcome::Items(Ok(Items { items: vec![item], is_end: false })),
            ] {
                let text = serde_json::to_string(&outcome).unwrap();
                assert_eq!(serde_json::from_str::<Outcome>(&text).unwrap(), outcome);
                assert_eq!(text.contains("Text\":"), depth > DEPTH);
            }
        }
        let error = serde_json::to_string(&Outcome::Submitted(nested(VALUE_DEPTH + 1))).unwrap_err();
        assert_eq!(error.to_string(), "a value that is nested more than 127 levels deep is not written");
    }

    #[test]
    fn what_is_no_outcome_is_named() {
        for (json, message) in [
            ("1", "`outcome` is not an object"),
            (r#""Ended""#, "`Ended` is not an outcome"),
            ("{}", "an outcome has one field"),
            (r#"{"Over":1}"#, "`Over` is not an outcome"),
            (r#"{"Ended":{}}"#, "`Ended` has neither `Ok` nor `Err`"),
            (r#"{"Ended":{"Err":{}}}"#, "`Err` has no field `Error` that is a text"),
            (r#"{"Fired":"Never"}"#, "a timer is `Wait`, `Retry`, `Timeout` or `Heartbeat`"),
            (r#"{"Items":{"Ok":{"Items":[1]}}}"#, "`Items` has no field `IsEnd` that is true or false"),
            (r#"{"ChildEnded":{"Index":-1}}"#, "`ChildEnded` has no field `Result` that is an object"),
        ] {
            assert_eq!(serde_json::from_str::<Outcome>(json).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn effects_and_timers_are_texts() {
        let effect: EffectId = "2.0/1.3/4#1".parse().unwrap();
        assert_eq!(serde_json::to_string(&effect).unwrap(), r#""2.0/1.3/4#1""#);
        assert_eq!(serde_json::from_str::<EffectId>(r#""2.0/1.3/4#1""#).unwrap(), effect);
        assert!(serde_json::from_str::<EffectId>(r#""4""#).is_err());
        for timer in Timer::ALL {
            let text = serde_json::to_string(timer).unwrap();
            assert_eq!(text, format!("\"{timer}\""));
            assert_eq!(serde_json::from_str::<Timer>(&text).unwrap(), *timer);
        }
    }
}
