//! Pictures: strings that say how numbers and dates look (XPath and XQuery Functions and Operators 3.1, sections 4.6, 4.7 and 9.8).
//!
//! In: a picture, and a value or a text. Out: the other. Where the reference implementation leaves the specification, it is followed.

pub(crate) mod date;
mod date_parser;
mod date_picture;
mod grouping;
pub(crate) mod integer;
pub(crate) mod number;
mod number_picture;
mod words;

use crate::failure::{Failure, Result};

/// The longest picture, in bytes: what is done with one takes time in proportion to the square of its length.
const MAX_LENGTH: usize = 10_000;

fn check_length(picture: &str) -> Result<()> {
    if picture.len() > MAX_LENGTH { Err(Failure::out_of_memory()) } else { Ok(()) }
}

/// A failure whose text ends in, or contains, a text as JSON.
#[cold]
pub(super) fn fault(code: &'static str, before: &str, text: &str, after: &str) -> Failure {
    Failure::new(code, format!("{before}{}{after}", asl_value::Value::from(text)))
}
