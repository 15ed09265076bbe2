//! `ToleratedFailurePercentage`.

use super::parse_number_path;
use crate::definition::Reader;
use crate::definition::fields::Fields;
use crate::path::Path;

/// A part of a hundred.
#[derive(Clone, Debug, PartialEq)]
pub enum Percentage {
    /// Given in the definition: from 0 to 100, with a fraction if need be.
    Constant(f64),
    /// Found in the input.
    Path(Path),
}

pub(super) fn parse_percentage(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Percentage> {
    const NAME: &str = "ToleratedFailurePercentage";
    const PATH_NAME: &str = "ToleratedFailurePercentagePath";
    fields.exclusive(&[NAME, PATH_NAME], reader);
    let constant = fields.number(NAME, 0.0..=100.0, reader).map(Percentage::Constant);
    let path = parse_number_path(fields, PATH_NAME, reader).map(Percentage::Path);
    constant.or(path)
}
