//! `[definitions]` of `asl.toml`: how definitions are compiled.
//!
//! In: the table. Out: what it says, or the place that makes no sense. Paths are relative to the folder of the file. What the words mean is
//! the compiler's.

use crate::TestFolders;
use crate::words::meant;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::DeValue;

/// The name of the table.
pub const TABLE: &str = "definitions";

/// What can be said about definitions.
pub const KEYS: [&str; 8] =
    ["profile", "http_result", "machine_type", "allow", "warn", "input", "tests", "substitutions"];

/// How definitions are compiled; what is not said is left to options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definitions {
    /// `profile`: where the machines have to be accepted.
    pub profile: Option<String>,
    /// `http_result`: what an `http:invoke` task results in.
    pub http_result: Option<String>,
    /// `machine_type`: the kind of workflow on AWS.
    pub machine_type: Option<String>,
    /// `allow`: the codes that are switched off.
    pub allow: Vec<String>,
    /// `warn`: the codes that are switched on.
    pub warn: Vec<String>,
    /// `input`: the JSON Schema of the input of executions.
    pub input: Option<PathBuf>,
    /// `tests`: where test files are that are not beside their definitions.
    pub tests: Option<TestFolders>,
    /// `substitutions`: what to put in place of `${Name}`.
    pub substitutions: BTreeMap<String, Given>,
}

/// What to put in place of a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// A text, whatever it looks like.
    Text(String),
    /// A number or a boolean, as JSON.
    Value(String),
}

/// A place in the file, and what makes no sense there.
pub type Fault = (Range<usize>, String);

/// Reads the table of a file in `folder`.
///
/// # Errors
/// It makes no sense at some place.
pub fn read(table: &Spanned<DeValue<'_>>, folder: &Path) -> Result<Definitions, Fault> {
    let Some(entries) = table.get_ref().as_table() else {
        return Err((table.span(), format!("`{TABLE}` has to be a table")));
    };
    let mut found = Definitions::default();
    for (key, value) in entries {
        match key.get_ref().as_ref() {
            "profile" => found.profile = Some(one_of(value, &["local", "aws"])?),
            "http_result" => found.http_result = Some(one_of(value, &["envelope", "body"])?),
            "machine_type" => found.machine_type = Some(one_of(value, &["standard", "express"])?),
            "allow" => found.allow = texts(value)?,
            "warn" => found.warn = texts(value)?,
            "input" => found.input = Some(folder.join(text(value)?)),
            "tests" => found.tests = Some(TestFolders::new(folder, &texts(value)?)),
            "substitutions" => found.substitutions = substitutions(value)?,
            name => {
                let meant = meant(name, &KEYS);
                return Err((key.span(), format!("`{TABLE}` has no `{name}`; {meant}")));
            }
        }
    }
    Ok(found)
}

fn text(value: &Spanned<DeValue<'_>>) -> Result<String, Fault> {
    let found = value.get_ref().as_str().map(str::to_owned);
    found.ok_or_else(|| (value.span(), "expected a text".to_owned()))
}

fn texts(value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, Fault> {
    let Some(values) = value.get_ref().as_array() else {
        return Err((value.span(), "expected a list of texts".to_owned()));
    };
    values.iter().map(text).collect()
}

fn one_of(value: &Spanned<DeValue<'_>>, words: &[&str]) -> Result<String, Fault> {
    let found = text(value)?;
    if words.contains(&found.as_str()) {
        return Ok(found);
    }
    let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    Err((value.span(), format!("expected {}, not `{found}`", words.join(" or "))))
}

fn substitutions(value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<String, Given>, Fault> {
    let Some(entries) = value.get_ref().as_table() else {
        return Err((value.span(), "expected a table of names and values".to_owned()));
    };
    let one = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let name: &std::borrow::Cow<'_, str> = key.get_ref();
        let given = match value.get_ref() {
            DeValue::String(text) => Given::Text(text.clone().into_owned()),
            DeValue::Integer(number) => Given::Value(number.to_string()),
            DeValue::Float(number) => Given::Value(number.to_string()),
            DeValue::Boolean(value) => Given::Value(value.to_string()),
            DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                return Err((value.span(), "expected a text, a number, `true` or `false`".to_owned()));
            }
        };
        Ok((name.clone().into_owned(), given))
    };
    entries.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileError, table};

    fn parse(text: &str, file: &str) -> Result<Definitions, String> {
        let file = Path::new(file);
        let table = table(text, file).map_err(|error| error.to_string())?;
        let (_, value) = table.iter().next().ok_or("nothing")?;
        read(value, crate::folder(file))
            .map_err(|(place, what)| FileError::at(text, file, place.start, what).to_string())
    }

    #[test]
    fn definitions_are_read() {
        let text = "[definitions]\nprofile = \"aws\"\nallow = [\"null-field\"]\ninput = \"in.json\"\nsubstitutions = { Wait = 5, Account = \"123456789012\" }\n";
        let found = parse(text, "flows/asl.toml").unwrap();
        assert_eq!(found.profile.as_deref(), Some("aws"));
        assert_eq!(found.allow, ["null-field"]);
        assert_eq!(found.input, Some(PathBuf::from("flows/in.json")));
        let given: Vec<_> = found.substitutions.into_iter().collect();
        let account = ("Account".to_owned(), Given::Text("123456789012".to_owned()));
        assert_eq!(given, [account, ("Wait".to_owned(), Given::Value("5".to_owned()))]);
    }

    #[test]
    fn what_makes_no_sense_is_said_with_its_line() {
        for (line, fault) in [
            ("profile = \"asw\"", "expected `local` or `aws`, not `asw`"),
            ("allow = \"a\"", "expected a list of texts"),
            ("profil = 1", "`definitions` has no `profil`; did you mean `profile`?"),
            ("schema = \"a\"", "`definitions` has no `schema`; did you mean `input`?"),
            (
                "colour = 1",
                "`definitions` has no `colour`; there are `profile`, `http_result`, `machine_type`, `allow`, `warn`, `input`, `tests`, `substitutions`",
            ),
            ("substitutions = { A = [] }", "expected a text, a number, `true` or `false`"),
        ] {
            let text = format!("[definitions]\n{line}\n");
            assert_eq!(parse(&text, "asl.toml").unwrap_err(), format!("asl.toml:2: {fault}"));
        }
    }
}
