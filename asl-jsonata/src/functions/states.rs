//! Functions that Step Functions adds to JSONata, and `$random`, which it extends.

use crate::pictures::fault;
use crate::random::uuid as random_uuid;
use crate::{Arguments, Collector, Data, Evaluation, Failure, Result, View};
use asl_value::Value;
use sha2::Digest;

super::builtins! {
    RANDOM = random;
    PARTITION = partition;
    RANGE = range;
    HASH = hash;
    UUID = uuid;
    PARSE = parse;
}

/// The longest range, which is that of the range operator.
const MAX_RANGE: u32 = 10_000_000;

/// A number in 0..1. With a seed it is the first that Java's generator returns for its whole part, as on AWS (measured there).
#[expect(clippy::cast_possible_truncation, reason = "casts saturate")]
fn random(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let seeded = |seed: f64| of_java(seed as i64);
    Ok(Data::number(arguments.number(0).map_or_else(|| evaluation.random(), seeded)))
}

/// The array in parts of a size, the last of which may be smaller. A size of zero yields nothing (measured on AWS).
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts saturate")]
fn partition(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let (array, Some(size)) = (arguments.get(0), arguments.number(1).map(f64::trunc)) else {
        return Ok(Data::Nothing);
    };
    if size < 0.0 {
        return Err(Failure::new("D3137", String::from("Second argument must be zero or greater")));
    }
    if array.is_nothing() || size < 1.0 {
        return Ok(Data::Nothing);
    }
    let elements: Vec<View<'_>> = array.elements().collect();
    let mut parts = Collector::new();
    for part in elements.chunks(size as usize) {
        evaluation.step()?;
        let mut own = Collector::with_capacity(part.len());
        part.iter().for_each(|element| own.push_view(*element));
        parts.push(own.into_array());
    }
    Ok(parts.into_array())
}

/// The numbers from a first to a last one, both included. A step of zero yields nothing (measured on AWS).
fn range(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let whole = |index: usize| arguments.number(index).map(f64::trunc);
    let (Some(first), Some(last), Some(step)) = (whole(0), whole(1), whole(2)) else {
        return Ok(Data::Nothing);
    };
    if step == 0.0 || ![first, last, step].into_iter().all(f64::is_finite) {
        return Ok(Data::Nothing);
    }
    let count = ((last - first) / step).floor() + 1.0;
    if count > f64::from(evaluation.limits().range.unwrap_or(MAX_RANGE)) {
        return Err(Failure::out_of_memory());
    }
    let mut numbers = Collector::new();
    let mut number = first;
    while if step > 0.0 { number <= last } else { number >= last } {
        evaluation.step()?;
        numbers.push(Data::number(number));
        number += step;
    }
    Ok(numbers.into_sequence())
}

/// The digest of a text in hexadecimal digits.
fn hash(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let (Some(text), Some(algorithm)) = (arguments.text(0), arguments.text(1)) else {
        return Ok(Data::Nothing);
    };
    let digest = match algorithm {
        "MD5" => md5::Md5::digest(text).to_vec(),
        "SHA-1" => sha1::Sha1::digest(text).to_vec(),
        "SHA-256" => sha2::Sha256::digest(text).to_vec(),
        "SHA-384" => sha2::Sha384::digest(text).to_vec(),
        "SHA-512" => sha2::Sha512::digest(text).to_vec(),
        _ => {
            let wanted = "one of MD5, SHA-1, SHA-256, SHA-384, SHA-512";
            let message = format!("The last argument of function $hash must be {wanted}");
            return Err(Failure::new("D3137", message));
        }
    };
    let half = |half: u8| char::from_digit(u32::from(half), 16);
    let digits: String =
        digest.iter().flat_map(|byte| [half(byte >> 4), half(byte & 15)]).flatten().collect();
    Ok(Data::text(digits))
}

fn uuid(evaluation: &Evaluation<'_>, _: Arguments<'_>) -> Result<Data> {
    Ok(Data::text(random_uuid(|| evaluation.random())))
}

/// The value of a JSON text.
fn parse(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    let value =
        Value::from_json(text).map_err(|_| fault("D3137", "Invalid JSON passed to $parse(): ", text, ""))?;
    // JSON has a negative zero, JSONata's numbers print none.
    let is_zero = value.as_number().is_some_and(|number| number.as_f64() == 0.0);
    Ok(if is_zero { Data::number(0.0) } else { Data::Value(value) })
}

/// The first number of `java.util.Random` with a seed, by its documentation.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
fn of_java(seed: i64) -> f64 {
    const FACTOR: u64 = 0x5_deec_e66d;
    const BITS: u64 = (1 << 48) - 1;
    let mut state = (seed.cast_unsigned() ^ FACTOR) & BITS;
    let mut next = |bits: u32| {
        state = state.wrapping_mul(FACTOR).wrapping_add(0xb) & BITS;
        state >> (48 - bits)
    };
    let (high, low) = (next(26), next(27));
    ((high << 27) + low) as f64 / (1_u64 << 53) as f64
}
