//! Moments in time.

use crate::pictures::date;
use crate::{Arguments, Data, Evaluation, Result};

super::builtins! {
    NOW = now;
    MILLIS = millis;
    FROM_MILLIS = from_millis;
    TO_MILLIS = to_millis;
}

/// How many steps the reading of a date may take.
const STEPS: u64 = 1_000_000;

#[expect(clippy::cast_precision_loss, reason = "a date is well within 2^53 milliseconds")]
fn now(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    show(evaluation.now_millis() as f64, arguments.text(0), arguments.text(1))
}

#[expect(clippy::cast_precision_loss, reason = "a date is well within 2^53 milliseconds")]
fn millis(evaluation: &Evaluation<'_>, _: Arguments<'_>) -> Result<Data> {
    Ok(Data::number(evaluation.now_millis() as f64))
}

fn from_millis(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(millis) = arguments.number(0) else { return Ok(Data::Nothing) };
    show(millis, arguments.text(1), arguments.text(2))
}

fn show(millis: f64, picture: Option<&str>, timezone: Option<&str>) -> Result<Data> {
    Ok(date::format(millis, picture, timezone)?.map_or(Data::Nothing, Data::text))
}

fn to_millis(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    Ok(date::parse(text, arguments.text(1), evaluation.now_millis(), &mut { STEPS })?.into())
}
