use super::*;
use crate::error::TaskError;
use crate::execution::{EffectId, Items, Outcome, Timer};
use crate::map_run::MapRunLimits;
use asl_value::{Array, Object, Text, Value};
use std::collections::BTreeMap;

fn value(json: &str) -> Value {
    Value::from_json(json).unwrap()
}

#[track_caller]
fn comes_back(value: &Value) -> Value {
    let bytes = to_bytes(value);
    let back: Value = from_bytes(&bytes).unwrap();
    assert_eq!(back.to_string(), value.to_string());
    assert_eq!(back.size(), value.size());
    assert_eq!(to_bytes(&back), bytes, "the same bytes again");
    back
}

#[test]
fn values_come_back_as_they_were() {
    for json in [
        "null",
        "true",
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "1.0",
        "-0.0",
        "1e300",
        r#""""#,
        r#""twenty-three bytes long""#,
        r#""more than twenty-three bytes long""#,
        "[]",
        "{}",
        "[[],{}]",
        r#"{"z":1,"a":[1,2.5,"three",{"z":null}],"a key of more than twenty-three bytes":{}}"#,
    ] {
        comes_back(&value(json));
    }
    let large: Object = (0_i64..1000).map(|number| (format!("key {number}"), number)).collect();
    assert_eq!(comes_back(&large.into()).get("key 999"), Some(&Value::from(999)));
}

#[test]
fn what_is_equal_is_written_once_and_shares_memory_afterwards() {
    let document = value(&format!(r#"{{"text":"{}","list":[[1,2,3]]}}"#, "x".repeat(100_000)));
    let copy = value(&document.to_string());
    let lanes: Array =
        (0..10_000).map(|lane| if lane % 2 == 0 { document.clone() } else { copy.clone() }).collect();
    let bytes = to_bytes(&Value::Array(lanes));
    assert!(bytes.len() < 100_000 + 10_000 * 3, "{}", bytes.len());
    let back: Array = from_bytes(&bytes).unwrap();
    let address = |lane: usize| back[lane].as_object().unwrap().address();
    assert_eq!((address(0), address(0)), (address(1), address(9_999)));
    assert_eq!(back[77], document);
    let text = |lane: usize| back[lane].get("text").unwrap().as_str().unwrap().as_ptr();
    assert_eq!(text(3), text(4));
}

#[test]
fn sharing_is_no_part_of_the_content() {
    let inner = value(r#"{"a":[1,{"b":"a text of more than twenty-three bytes"}]}"#);
    let shared = Value::Array([inner.clone(), inner.clone()].into_iter().collect());
    let apart = Value::Array([inner.clone(), value(&inner.to_string())].into_iter().collect());
    assert_eq!(to_bytes(&shared), to_bytes(&apart));
    assert_eq!(comes_back(&shared), apart);
}

#[test]
fn a_value_of_values_of_itself_takes_no_time() {
    let mut value = value(r#"["x"]"#);
    for _ in 0..100 {
        value = Value::Array([value.clone(), value].into_iter().collect());
    }
    let bytes = to_bytes(&value);
    assert!(bytes.len() < 1000);
    let back: Value = from_bytes(&bytes).unwrap();
    assert_eq!((back.size(), to_bytes(&back)), (value.size(), bytes));
}

#[test]
fn sizes_that_are_upper_bounds_stay() {
    let mut object = Object::new();
    object.insert("a", value("[[[[1]]]]"));
    object.insert("a", 1);
    assert_eq!(object.size().depth, 5);
    comes_back(&object.into());
    let mut array: Array = [value("[[1]]")].into_iter().collect();
    array.set(0, 1);
    comes_back(&array.into());
}

#[test]
fn depth_ends() {
    let nested = |depth| (0..depth).fold(Value::Null, |value, _| Value::Array([value].into_iter().collect()));
    comes_back(&nested(DEPTH));
    let error = from_bytes::<Value>(&to_bytes(&nested(DEPTH + 1))).unwrap_err();
    assert!(error.to_string().starts_with("a value is nested more than 1016 levels deep"), "{error}");
}

#[test]
fn outcomes_come_back_as_they_were() {
    let effect: EffectId = "2.0/1.3/4#1".parse().unwrap();
    assert_eq!(from_bytes::<EffectId>(&to_bytes(&effect)), Ok(effect));
    for outcome in [
        Outcome::Ended(Ok(value(r#"{"a":1}"#))),
        Outcome::Ended(Err(TaskError::new("A", "b"))),
        Outcome::Ended(Err(TaskError::runtime("c"))),
        Outcome::Heartbeat,
        Outcome::Started { worker_name: Some(Text::new("a name of more than twenty-three bytes")) },
        Outcome::Fired(Timer::Retry),
        Outcome::Items(Ok(Items::default())),
        Outcome::Finished(Ok(None)),
        Outcome::Limited(MapRunLimits { max_concurrency: Some(7), ..MapRunLimits::default() }),
        Outcome::Stopped { error: None, cause: Some("cause".into()) },
    ] {
        assert_eq!(from_bytes::<Outcome>(&to_bytes(&outcome)), Ok(outcome));
    }
}

#[test]
fn faults_are_named() {
    for (bytes, message) in [
        (&[][..], "the bytes end too early (byte 0)"),
        (&[0], "the bytes end too early (byte 1)"),
        (&[0, 0, 0], "there are bytes after the end (byte 2)"),
        (&[200, 1], "there are not as many bytes as a length of 200 needs (byte 2)"),
        (&[0xff; 11], "a number is too large (byte 10)"),
        (&[0, 99], "`Value` has no variant 99 (byte 2)"),
        (&[0, 8, 0], "there is no part 0 before this place (byte 3)"),
        (&[1, 9, 0, 0], "`part` has no variant 9 (byte 2)"),
        (&[1, 1, 1, 8, 0], "there is no part 0 before this place (byte 5)"),
        (&[0, 5, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f], "a number is infinite or none (byte 10)"),
        (&[0, 17, 0xff], "a text is not in UTF-8 (byte 3)"),
        (&[1, 2, 2, 1, b'a', 0, 1, b'a', 0, 8, 0], "an object has a key twice (byte 9)"),
    ] {
        assert_eq!(from_bytes::<Value>(bytes).unwrap_err().to_string(), message);
    }
    assert_eq!(from_bytes::<Text>(&[1, 1, 1, 0, 24]).unwrap_err().to_string(), "a part is not text (byte 5)");
}

#[test]
fn no_bytes_bring_it_down() {
    let document =
        value(r#"{"a":[1,2.5,"three",{"z":null}],"a key of more than twenty-three bytes":[{},[]]}"#);
    let bytes = to_bytes(&Outcome::Ended(Ok(document)));
    let chance = crate::random::Random::new(7);
    let below = move |limit: usize| (chance.number() * limit as f64) as usize;
    for _ in 0..20_000 {
        let mut damaged = bytes.clone();
        for _ in 0..=below(3) {
            let at = below(damaged.len());
            match below(3) {
                0 => damaged[at] = u8::try_from(below(256)).unwrap(),
                1 => damaged.truncate(at.max(1)),
                _ => damaged.insert(at, u8::try_from(below(256)).unwrap()),
            }
        }
        if let Ok(outcome) = from_bytes::<Outcome>(&damaged) {
            assert_eq!(from_bytes::<Outcome>(&to_bytes(&outcome)), Ok(outcome));
        }
    }
}

/// Another order would be other bytes of the same map.
#[test]
fn a_map_has_its_keys_in_order_and_once() {
    let read = |entries: &[(u64, u64)]| from_bytes::<BTreeMap<u64, u64>>(&to_bytes(&entries.to_vec())).ok();
    assert_eq!(read(&[(1, 2), (2, 1)]), Some([(1, 2), (2, 1)].into()));
    assert_eq!((read(&[(2, 1), (1, 2)]), read(&[(1, 2), (1, 3)])), (None, None));
}
