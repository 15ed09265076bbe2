//! `asl.toml`.
//!
//! In: its text. Out: settings, or the line that makes no sense. Paths are relative to the folder of the file.

use super::{Setting, Settings, definitions};
use std::ops::Range;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// Reads the text of a file.
pub(super) fn parse(text: &str, path: &Path) -> Result<Settings, String> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut settings = Settings::default();
    let fault =
        |place: Range<usize>, what: &str| format!("{}:{}: {what}", path.display(), line(text, place.start));
    let root =
        DeTable::parse(text).map_err(|error| fault(error.span().unwrap_or_default(), error.message()))?;
    for (table, value) in root.get_ref() {
        let name = table.get_ref().as_ref();
        if name == definitions::TABLE {
            settings.definitions =
                definitions::read(value, folder).map_err(|(place, what)| fault(place, &what))?;
            continue;
        }
        let setting = Setting::ALL.into_iter().find(|setting| setting.table() == name);
        let Some(setting) = setting else {
            let known = Setting::ALL.map(Setting::table).into_iter().chain([definitions::TABLE]);
            let known = known.map(|table| format!("`{table}`")).collect::<Vec<_>>().join(", ");
            return Err(fault(table.span(), &format!("there is no setting `{name}`; there are {known}")));
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

/// The number of the line with this byte.
fn line(text: &str, place: usize) -> usize {
    text.bytes().take(place).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_said_with_its_line() {
        for (text, fault) in [
            ("\n[functions]\nCharge = 1\n", "asl.toml:3: `Charge` has to be a text"),
            ("functions = \"a\"", "asl.toml:1: `functions` has to be a table"),
            (
                "[function]\n",
                "asl.toml:1: there is no setting `function`; there are `connections`, `endpoints`, `functions`, `buckets`, `definitions`",
            ),
        ] {
            assert_eq!(parse(text, Path::new("asl.toml")).unwrap_err(), fault);
        }
        assert!(parse("[buckets]\na = \n", Path::new("asl.toml")).unwrap_err().starts_with("asl.toml:2: "));
    }
}
