//! Does the work of all cases on data of one size, one after the other, and prints their names. `cargo xtask growth` runs it for two sizes, and
//! lets `callgrind` count the instructions of each call of `measured`.

#![allow(clippy::print_stdout, reason = "the names are what it is run for")]

mod data;
mod expressions;
mod intrinsics;
mod readers;

use data::Data;
use std::process::ExitCode;

/// Some work on data.
type Work = dyn Fn(&Data) -> Result<(), String>;

/// Some work: its name, and how it is done.
struct Case {
    name: String,
    work: Box<Work>,
}

impl Case {
    fn new(name: impl Into<String>, work: impl Fn(&Data) -> Result<(), String> + 'static) -> Self {
        Self { name: name.into(), work: Box::new(work) }
    }
}

/// What is counted: its name is known to `cargo xtask growth`.
#[inline(never)]
fn measured(case: &Case, data: &Data) -> Result<(), String> {
    (case.work)(data)
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let size = arguments.next().and_then(|size| size.parse().ok()).unwrap_or(100);
    let filter = arguments.next().unwrap_or_default();
    let data = Data::new(size);
    let cases = intrinsics::cases().into_iter().chain(expressions::cases()).chain(readers::cases());
    for case in cases.filter(|case| case.name.contains(&filter)) {
        println!("{}", case.name);
        if let Err(error) = measured(&case, &data) {
            println!("failed: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names in `pub use` of a file, in lower case and with capitals in place of `_`.
    fn exported(text: &str) -> Vec<String> {
        let uses = text.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next());
        let names = uses.flat_map(|names| names.split("::").last().unwrap_or_default().split(','));
        names
            .map(|name| name.trim_matches([' ', '\n', '{', '}']).to_lowercase())
            .filter(|name| !name.is_empty())
            .map(|name| {
                let mut words = name.split('_');
                let first = words.next().unwrap_or_default().to_owned();
                words.fold(first, |all, word| {
                    let (start, rest) = word.split_at(1);
                    all + &start.to_uppercase() + rest
                })
            })
            .collect()
    }

    fn missing(names: Vec<String>, start: &str, cases: &[Case]) -> Vec<String> {
        let is_there =
            |name: &String| cases.iter().any(|case| case.name.contains(&format!("{start}{name}(")));
        names.into_iter().filter(|name| !is_there(name)).collect()
    }

    #[test]
    fn every_function_is_measured() {
        let functions = asl_jsonata::functions::ALL.iter().map(|builtin| builtin.name.to_owned());
        // It does nothing but fail.
        let functions = functions.filter(|name| name != "error").collect();
        assert_eq!(missing(functions, "$", &expressions::cases()), [""; 0]);
        let intrinsics = exported(include_str!("../../../asl-engine/src/generated/intrinsic.rs"));
        assert_eq!(intrinsics.len(), 18, "{intrinsics:?}");
        assert_eq!(missing(intrinsics, "", &intrinsics::cases()), [""; 0]);
    }

    #[test]
    fn all_cases_work() {
        let data = Data::new(20);
        for case in intrinsics::cases().into_iter().chain(expressions::cases()).chain(readers::cases()) {
            assert_eq!(measured(&case, &data), Ok(()), "{}", case.name);
        }
    }
}
