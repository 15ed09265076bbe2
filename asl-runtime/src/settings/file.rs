//! `asl.toml`.
//!
//! In: its text. Out: settings, or the line that makes no sense. Paths are relative to the folder of the file.

use super::{Setting, Settings};
use asl_project::{FileError, TABLE};
use std::ops::Range;
use std::path::Path;
use toml::de::DeValue;

/// Reads the text of a file.
pub(super) fn parse(text: &str, path: &Path) -> Result<Settings, FileError> {
    let folder = asl_project::folder(path);
    let mut settings = Settings::default();
    let fault = |place: Range<usize>, what: &str| FileError::at(text, path, place.start, what);
    for (table, value) in &asl_project::table(text, path)? {
        let name = table.get_ref().as_ref();
        if name == TABLE {
            settings.definitions =
                asl_project::read(value, folder).map_err(|(place, what)| fault(place, &what))?;
            continue;
        }
        let setting = Setting::ALL.into_iter().find(|setting| setting.table() == name);
        let Some(setting) = setting else {
            if asl_project::KEYS.contains(&name) {
                return Err(fault(table.span(), &format!("`{name}` belongs below `[{TABLE}]`")));
            }
            let known: Vec<_> = Setting::ALL.map(Setting::table).into_iter().chain([TABLE]).collect();
            let meant = asl_project::meant(name, &known);
            return Err(fault(table.span(), &format!("there is no setting `{name}`; {meant}")));
        };
        let Some(entries) = value.get_ref().as_table() else {
            return Err(fault(value.span(), &format!("`{name}` has to be a table")));
        };
        for (key, value) in entries {
            let DeValue::String(text) = value.get_ref() else {
                return Err(fault(value.span(), &format!("`{}` has to be a text", key.get_ref())));
            };
            settings.insert(setting, key.get_ref(), text, folder);
        }
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_said_with_its_line() {
        for (text, fault) in [
            ("\n[functions]\nCharge = 1\n", "asl.toml:3: `Charge` has to be a text"),
            ("functions = \"a\"", "asl.toml:1: `functions` has to be a table"),
            ("[function]\n", "asl.toml:1: there is no setting `function`; did you mean `functions`?"),
            ("profile = \"aws\"", "asl.toml:1: `profile` belongs below `[definitions]`"),
            (
                "[tables]\n",
                "asl.toml:1: there is no setting `tables`; there are `connections`, `endpoints`, `functions`, `buckets`, `definitions`",
            ),
        ] {
            assert_eq!(parse(text, Path::new("asl.toml")).unwrap_err().to_string(), fault);
        }
        let fault = parse("[buckets]\na = \n", Path::new("asl.toml")).unwrap_err();
        assert!(fault.to_string().starts_with("asl.toml:2: "));
    }
}
