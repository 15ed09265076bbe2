//! What pages say about the code is there.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing has failed")]

use asl_language::jsonata::{self, Dialect};
use asl_runtime::integrations::Client;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// All files of a folder with an ending, and of the folders in it.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            files(&path, found);
        } else if name.ends_with(".rs") || name.ends_with(".asl.json") {
            found.push(path);
        }
    }
}

/// The names of all tests: functions, and fixtures.
fn tests() -> BTreeSet<String> {
    let mut paths = Vec::new();
    files(Path::new(ROOT), &mut paths);
    let mut names = BTreeSet::new();
    for path in paths {
        if let Some(fixture) = path.to_string_lossy().strip_suffix(".asl.json") {
            names.extend(fixture.rsplit('/').next().map(str::to_owned));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[test") || line.starts_with("#[tokio::test") {
                is_test = true;
            } else if let Some(name) = line.split("fn ").nth(1).filter(|_| is_test && !line.starts_with("#["))
            {
                names.extend(name.split('(').next().map(str::to_owned));
                is_test = false;
            }
        }
    }
    names
}

/// The rows of the tables of a page, as cells.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// What is in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The value of a constant that is written as a number, a product or a duration.
fn constant(text: &str, name: &str) -> Option<u64> {
    let (_, declared) = text.split_once(&format!("const {name}: "))?;
    let (_, value) = declared.split_once(" = ")?;
    let (value, _) = value.split_once(';')?;
    let value =
        value.strip_prefix("Duration::from_secs(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(value);
    let number = |text: &str| text.trim().replace('_', "").parse::<u64>().ok();
    match value.split_once("<<") {
        Some((left, right)) => Some(number(left)? << number(right)?),
        None => value.split('*').map(number).product(),
    }
}

/// The numbers in a text, in bytes and seconds where they have a unit.
fn numbers(text: &str) -> Vec<u64> {
    let words: Vec<&str> =
        text.split(|letter: char| letter.is_whitespace() || "();".contains(letter)).collect();
    let numbers = words.iter().enumerate().filter_map(|(place, word)| {
        let number: u64 = word.trim_end_matches(',').replace(',', "").parse().ok()?;
        Some(match words.get(place + 1).map(|unit| unit.trim_end_matches(',')) {
            Some("GiB") => number << 30,
            Some("MiB") => number << 20,
            Some("KiB") => number << 10,
            Some("minutes") => number * 60,
            _ => number,
        })
    });
    numbers.collect()
}

#[test]
fn docs_name_what_exists() {
    let page = fs::read_to_string(Path::new(ROOT).join("docs/threat-model.md")).unwrap();
    let tests = tests();
    let (mut limits, mut compared, mut wrong) = (0, 0, Vec::new());
    for row in rows(&page) {
        let [_, number, place, named] = row.as_slice() else { continue };
        let numbers = numbers(number);
        for part in place.split(", `").filter(|part| part.contains(" in ")) {
            let (name, path) = part.split_once(" in ").unwrap();
            let (name, path) = (name.trim_matches('`'), path.trim_matches('`'));
            let text = fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_default();
            limits += 1;
            if !text.contains(name) {
                wrong.push(format!("`{name}` is not in {path}"));
            }
            if let Some(value) = constant(&text, name).filter(|_| !numbers.is_empty()) {
                compared += 1;
                if !numbers.contains(&value) {
                    wrong.push(format!("`{name}` is {value}, and the page says {number}"));
                }
            }
        }
        if named.is_empty() {
            wrong.push(format!("no test holds {place}"));
        }
        wrong.extend(
            quoted(named)
                .into_iter()
                .filter(|name| !tests.contains(*name))
                .map(|name| format!("no test `{name}`")),
        );
    }
    // Beside the tables, a name of several words is that of a test.
    let prose = page.lines().filter(|line| !line.starts_with('|')).flat_map(quoted);
    let named = prose.filter(|name| {
        name.contains('_') && name.chars().all(|letter| letter == '_' || letter.is_ascii_lowercase())
    });
    wrong.extend(named.filter(|name| !tests.contains(*name)).map(|name| format!("no test `{name}`")));
    assert!(limits > 25 && compared > 25, "{limits} limits, {compared} of them numbers");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn docs_name_every_function_of_jsonata() {
    let page = fs::read_to_string(Path::new(ROOT).join("docs/functions.md")).unwrap();
    let (_, page) = page.split_once("## JSONata").unwrap();
    let named: BTreeSet<_> = quoted(page)
        .into_iter()
        .filter_map(|text| text.strip_prefix('$'))
        .map(|call| call.split('(').next().unwrap_or_default())
        .filter(|name| *name != "eval")
        .collect();
    let all = jsonata::all(Dialect::States);
    assert_eq!(named, all.map(|function| function.name).collect());
    let rows: BTreeSet<_> =
        rows(page).iter().filter_map(|row| row.first()).flat_map(|cell| quoted(cell)).collect();
    for function in jsonata::all(Dialect::States).filter(|function| function.is_of_states()) {
        let start = format!("${}(", function.name);
        assert!(rows.iter().any(|row| row.starts_with(&start)), "{start}..) is in no table");
    }
}

/// `UPDATE=1 cargo test -p asl-tests --test docs` writes it anew.
#[test]
fn the_book_has_the_clients_of_the_runtime() {
    const HEAD: &str = "| feature of `asl-runtime` | what it serves | added by |\n| --- | --- | --- |\n";
    let path = Path::new(ROOT).join("docs/rust.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, after) = page.split_once(HEAD).unwrap();
    let (_, after) = after.split_once("\n\n").unwrap();
    let mut table = String::from(HEAD);
    for client in Client::ALL {
        let names: String = client.names().iter().map(|name| format!(", `{name}`")).collect();
        table += &format!("| `{}`{names} | {} | `{}` |\n", client.feature(), client.about(), client.setup());
    }
    let expected = format!("{before}{table}\n{after}");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &expected).unwrap();
        return;
    }
    assert_eq!(page, expected);
}

/// `UPDATE=1 cargo test -p asl-tests --test docs` writes it anew.
#[test]
fn the_schema_of_test_files_is_that_of_their_table() {
    let path = Path::new(ROOT).join("docs/testing.schema.json");
    let schema = asl_language::test_file::schema();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &schema).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), schema);
}
