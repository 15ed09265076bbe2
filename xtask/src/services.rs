//! `cargo xtask services`: from the models of AWS services to the table that the compiler carries.
//!
//! In: the folder of the Python package botocore. Out: one file, the same bytes for the same models. Its format is described in
//! `docs/services.md` and read by `asl_compiler::services`.

mod bounds;
mod hosts;
mod java;
pub(crate) mod model;
mod patterns;
mod pool;
mod rules;
mod shapes;
mod strings;
mod table;
mod wire;

use std::error::Error;
use std::fs;
use std::path::Path;

/// Reads the models, writes the table, and says what is in it.
pub(crate) fn generate(botocore: &Path, out: &Path) -> Result<String, Box<dyn Error>> {
    let table = table::write(&model::read_all(botocore)?, &model::version(botocore)?)?;
    fs::write(out, &table.bytes)?;
    Ok(format!("{} services, {} actions, {} bytes", table.services, table.actions, table.bytes.len()))
}

#[cfg(test)]
mod tests;
