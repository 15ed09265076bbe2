//! What entries of a journal say, in the form of Protocol Buffers.

use crate::answer;
use asl_runtime::{ExecutionError, Value};

/// What an execution was started with.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Input {
    pub(super) headers: Vec<(String, String)>,
    pub(super) text: String,
}

pub(super) fn input(entry: &[u8]) -> Input {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut input = Input::default();
    for (place, field) in fields(entry) {
        match place {
            1 => input.headers.push((
                first(field, 1).map(text).unwrap_or_default(),
                first(field, 2).map(text).unwrap_or_default(),
            )),
            14 => input.text = first(field, 1).map(text).unwrap_or_default(),
            _ => {}
        }
    }
    input
}

/// The output that an execution ended with.
pub(super) fn output(entry: &[u8]) -> Option<Value> {
    Value::from_json(str::from_utf8(first(first(entry, 14)?, 1)?).ok()?).ok()
}

/// How an execution failed, by what Restate says of its invocation: `[500] {"status":"FAILED",..}`.
pub(super) fn failure(said: &str) -> ExecutionError {
    let message = said.find('{').and_then(|place| said.get(place..));
    message
        .and_then(answer::failure)
        // It was killed, or an error of Restate itself.
        .unwrap_or_else(|| ExecutionError::aborted(None, Some(said.to_owned())))
}

fn first(message: &[u8], place: u64) -> Option<&[u8]> {
    fields(message).find_map(|(known, field)| (known == place).then_some(field))
}

/// The fields of a message that are texts, bytes or messages, with their places.
fn fields(mut message: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    std::iter::from_fn(move || {
        loop {
            let key = number(&mut message)?;
            let length = match key & 7 {
                0 => {
                    number(&mut message)?;
                    continue;
                }
                1 => 8,
                2 => usize::try_from(number(&mut message)?).ok()?,
                5 => 4,
                _ => return None,
            };
            let (field, rest) = message.split_at_checked(length)?;
            message = rest;
            if key & 7 == 2 {
                return Some((key >> 3, field));
            }
        }
    })
}

fn number(message: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = message.split_first()?;
        *message = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_has_headers_and_a_text() {
        // As a server has written it.
        let entry = b"\x0a\x06\x0a\x01a\x12\x01b\x58\x01\x72\x04\x0a\x02{}";
        let headers = vec![(String::from("a"), String::from("b"))];
        assert_eq!(input(entry), Input { headers, text: String::from("{}") });
        assert_eq!(output(entry), Some(Value::from_json("{}").unwrap()));
        for damaged in 0..entry.len() {
            let _ = (input(&entry[..damaged]), output(&entry[..damaged]));
        }
        assert_eq!(output(&[0xff; 40]), None);
    }

    #[test]
    fn a_failure_is_that_of_the_execution_or_of_restate() {
        let failed = failure(r#"[500] {"status":"FAILED","error":"No","cause":"none"}"#);
        assert_eq!((failed.error(), failed.cause()), (Some("No"), Some("none")));
        let killed = failure("[409] killed");
        assert_eq!((killed.status().as_str(), killed.cause()), ("ABORTED", Some("[409] killed")));
    }
}
