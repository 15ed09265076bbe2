//! Strings: their text, length, parts and case. Lengths and places count code points.

use crate::{Arguments, Data, Evaluation, Failure, Result, View, text};

super::builtins! {
    STRING = string;
    LENGTH = length;
    SUBSTRING = substring;
    SUBSTRING_BEFORE = substring_before;
    SUBSTRING_AFTER = substring_after;
    LOWERCASE = lowercase;
    UPPERCASE = uppercase;
    TRIM = trim;
    PAD = pad;
    JOIN = join;
}

/// The longest padding where no limit is set.
const MAX_PADDING: usize = 1 << 28;

fn string(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let argument = arguments.get(0);
    if argument.is_nothing() || argument.as_str().is_some() {
        return Ok(argument.to_data());
    }
    let mut written = String::new();
    if arguments.boolean(1) == Some(true) {
        text::append_indented(argument, &mut written)?;
    } else {
        text::append_text(argument, &mut written)?;
    }
    Ok(Data::text(written))
}

#[expect(clippy::cast_precision_loss, reason = "no text is that long")]
fn length(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(arguments.text(0).map(|text| count(text) as f64).into())
}

/// The number of code points.
pub(super) fn count(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

#[expect(clippy::cast_precision_loss, reason = "no text is that long")]
fn substring(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    let length = count(text) as f64;
    // A start that is left out is the first character.
    let start = arguments.number(1).filter(|start| length + start >= 0.0).unwrap_or(0.0);
    let end = match arguments.number(2) {
        None => length,
        Some(wanted) if wanted <= 0.0 => return Ok(Data::text("")),
        Some(wanted) if start >= 0.0 => start + wanted,
        Some(wanted) => length + start + wanted,
    };
    let (start, end) = (place(start, length), place(end, length));
    if start == 0 && end >= count(text) {
        return Ok(arguments.get(0).to_data());
    }
    Ok(Data::text(characters(text, start, end)))
}

/// A place in a text of a length; negative ones are counted from the end.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is clamped")]
fn place(place: f64, length: f64) -> usize {
    let place = place.trunc();
    (if place < 0.0 { length + place } else { place }).clamp(0.0, length) as usize
}

/// The characters between two places.
fn characters(text: &str, start: usize, end: usize) -> &str {
    if text.is_ascii() {
        return text.get(start..end.max(start)).unwrap_or_default();
    }
    let after = |text: &str, count: usize| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    let rest = text.get(after(text, start)..).unwrap_or_default();
    rest.get(..after(rest, end.saturating_sub(start))).unwrap_or_default()
}

fn substring_before(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let before = split_once(arguments).map(|(before, _)| Data::text(before));
    Ok(before.unwrap_or_else(|| arguments.get(0).to_data()))
}

fn substring_after(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let after = split_once(arguments).map(|(_, after)| Data::text(after));
    Ok(after.unwrap_or_else(|| arguments.get(0).to_data()))
}

fn split_once(arguments: Arguments<'_>) -> Option<(&str, &str)> {
    arguments.text(0)?.split_once(arguments.text(1)?)
}

fn lowercase(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(changed(arguments, str::to_lowercase))
}

fn uppercase(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(changed(arguments, str::to_uppercase))
}

fn changed(arguments: Arguments<'_>, change: fn(&str) -> String) -> Data {
    arguments.text(0).map_or(Data::Nothing, |text| Data::text(change(text)))
}

/// Makes one blank of each run of white space, and takes them from both ends.
fn trim(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    let mut words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    let mut trimmed = String::with_capacity(text.len());
    trimmed.push_str(words.next().unwrap_or_default());
    for word in words {
        trimmed.push(' ');
        trimmed.push_str(word);
    }
    Ok(if trimmed == text { arguments.get(0).to_data() } else { Data::text(trimmed) })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "casts saturate, and no text is that long"
)]
fn pad(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let (Some(text), Some(width)) = (arguments.text(0), arguments.number(1)) else {
        return Ok(arguments.get(0).to_data());
    };
    let missing = (width.abs() - count(text) as f64).max(0.0);
    if missing == 0.0 {
        return Ok(arguments.get(0).to_data());
    }
    if missing.fract() > 0.0 {
        return Err(Failure::bound("Invalid array length"));
    }
    let missing = missing as usize;
    if missing > evaluation.limits().padding.unwrap_or(MAX_PADDING) {
        return Err(Failure::out_of_memory());
    }
    let filler = arguments.text(2).filter(|filler| !filler.is_empty()).unwrap_or(" ");
    let padding = filler.chars().cycle().take(missing);
    let mut padded = String::with_capacity(text.len() + missing);
    if width > 0.0 {
        padded.push_str(text);
        padded.extend(padding);
    } else {
        padded.extend(padding);
        padded.push_str(text);
    }
    Ok(Data::text(padded))
}

fn join(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(elements) = arguments.elements(0) else { return Ok(Data::Nothing) };
    let separator = arguments.text(1).unwrap_or_default();
    let size =
        elements.clone().filter_map(View::as_str).map(|text| text.len() + separator.len()).sum::<usize>();
    evaluation.text(size)?;
    let mut joined = String::with_capacity(size);
    for (index, element) in elements.enumerate() {
        evaluation.step()?;
        joined.push_str(if index == 0 { "" } else { separator });
        joined.push_str(element.as_str().unwrap_or_default());
    }
    Ok(Data::text(joined))
}
