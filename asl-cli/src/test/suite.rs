//! Definitions and the cases for them.
//!
//! In: arguments. Out: suites, in the order of the arguments. A definition is found by the name of its test file and the other way round;
//! a test file may also name its definition.

use super::Arguments;
use super::definition::Outline;
use super::{file, mock_config};
use crate::answer::has_errors;
use crate::embedded::choose;
use crate::find::named;
use crate::input::json as json_of;
use crate::options::CompileArguments;
use crate::read::read;
use asl_compiler::diagnostic::{Diagnostic, Diagnostics};
use asl_compiler::json::Value;
use asl_compiler::source::SourceFile;
use asl_compiler::suggest::closest;
use asl_compiler::{Options, Substitution};
use asl_runtime::test::MockConfig;
use serde_json::json;
use std::path::{Path, PathBuf};

/// How names of test files end.
const TESTS: &[&str] = &[".test.json", ".test.yaml", ".test.yml"];

/// How names of definitions end, the surest first.
const DEFINITIONS: &[&str] = &[".asl.json", ".asl.yaml", ".asl.yml", ".json", ".yaml", ".yml"];

/// A definition with the cases of one test file.
#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) definition: SourceFile,
    pub(crate) outline: Outline,
    /// Where the cases are from.
    pub(crate) file: SourceFile,
    pub(crate) cases: Vec<Case>,
    /// What its definition has in place of placeholders, by the file.
    pub(crate) substitutions: Vec<Substitution>,
    /// Those of the file.
    pub(crate) problems: Vec<Diagnostic>,
    /// Those of the definition, if it has errors.
    pub(crate) refused: Vec<Diagnostic>,
    /// The number of the machine in the program, once it is compiled.
    pub(crate) machine: Option<usize>,
}

/// A case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) line: usize,
    /// As the runtime reads it.
    pub(crate) content: serde_json::Value,
    /// Nothing is expected: it passes unless the execution fails with a fault of its own.
    pub(crate) any_end: bool,
}

/// Finds the suites that the arguments stand for.
pub(super) fn find(arguments: &Arguments) -> Result<Vec<Suite>, String> {
    if let Some(config) = &arguments.mock_config {
        return Ok(vec![mock_config_suite(arguments, config, &arguments.compile.options()?)?]);
    }
    let mut suites = Vec::new();
    for argument in &arguments.files {
        for test in test_files(argument)? {
            let options = arguments.compile.options_of(&test)?;
            suites.push(read_suite(&test, arguments.machine.name(), &options)?);
        }
    }
    Ok(suites)
}

/// What is in the test files beside a definition.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// How many files there are.
    pub(crate) files: usize,
    pub(crate) cases: Vec<Case>,
    /// One of the files has errors.
    pub(crate) has_errors: bool,
}

/// All cases of the test files beside a definition.
pub(crate) fn cases_beside(definition: &Path, compile: &CompileArguments) -> Result<Beside, String> {
    let tests = stem(definition, DEFINITIONS).map(|stem| tests_of(&stem));
    let mut found = Beside::default();
    for test in tests.unwrap_or_default() {
        let suite = read_suite(&test, None, &compile.options_of(&test)?)?;
        found.files += 1;
        found.has_errors |= has_errors(&suite.problems);
        found.cases.extend(suite.cases);
    }
    Ok(found)
}

/// The test cases of a mock configuration, for the definition that is given.
fn mock_config_suite(arguments: &Arguments, config: &str, options: &Options) -> Result<Suite, String> {
    let [file] = arguments.files.as_slice() else {
        return Err(String::from("a mock configuration needs one definition"));
    };
    if file.is_dir() {
        return Err(String::from("a mock configuration needs a definition, and not a folder"));
    }
    let input = match &arguments.input {
        None => json!({}),
        Some(input) => json_of(input)?,
    };
    mock_config::suite(arguments.machine.read(file)?, config, arguments.test_case.as_deref(), &input, options)
}

/// A case of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) file: &'a str,
    /// Its name, which goes without saying if there is only one.
    pub(crate) case: Option<&'a str>,
}

/// A case, or what is wrong with the file that should hold it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) file: SourceFile,
    pub(crate) problems: Vec<Diagnostic>,
    pub(crate) content: serde_json::Value,
}

/// Finds a case for a definition in a test file or a mock configuration. A test file with mocks and no cases is a case itself.
pub(crate) fn case_of(
    wanted: Wanted<'_>,
    definition: SourceFile,
    options: &Options,
) -> Result<Found, String> {
    let source = read(wanted.file)?;
    if source.text().trim().is_empty() {
        return Err(format!(
            "`{}` is empty, and should have mocks: {{ \"mocks\": {{ \"STATE\": {{ \"result\": {{}} }} }} }}",
            wanted.file
        ));
    }
    let mut diagnostics = Diagnostics::default();
    let content = asl_compiler::read_value(&source, &mut diagnostics);
    let suite = match content {
        Some(content) if mock_config::is_one(&content) => {
            mock_config::suite(definition, wanted.file, wanted.case, &json!({}), options)?
        }
        content => {
            let mut suite = Suite::new(definition, source, options);
            if let Some(content) = content {
                file::read_cases(&mut suite, &content, Path::new(wanted.file), &mut diagnostics)?;
            }
            suite.problems = diagnostics.into_sorted();
            suite
        }
    };
    let content = if has_errors(&suite.problems) { json!({}) } else { pick(&suite, wanted)? };
    Ok(Found { file: suite.file, problems: suite.problems, content })
}

/// A file with mocks for executions of a server.
#[derive(Debug)]
pub(crate) enum MockFile {
    Config(MockConfig),
    Tests(Box<Suite>),
}

impl MockFile {
    /// Reads a mock configuration of Step Functions Local, or a test file.
    pub(crate) fn read(path: &Path, options: &Options) -> Result<Self, String> {
        let source = read(path)?;
        let mut diagnostics = Diagnostics::default();
        let content = asl_compiler::read_value(&source, &mut diagnostics);
        if content.as_ref().is_some_and(mock_config::is_one) {
            return mock_config::read(path).map(Self::Config);
        }
        let definition = definition_of(path, content.as_ref())?;
        let mut suite = Suite::new(read(definition)?, source, options);
        if let Some(content) = content {
            file::read_cases(&mut suite, &content, path, &mut diagnostics)?;
        }
        suite.problems = diagnostics.into_sorted();
        Ok(Self::Tests(Box::new(suite)))
    }
}

fn pick(suite: &Suite, wanted: Wanted<'_>) -> Result<serde_json::Value, String> {
    let is_wanted = |case: &&Case| {
        wanted.case.is_none_or(|name| case.name == name || case.name.ends_with(&format!(": {name}")))
    };
    let mut fitting = suite.cases.iter().filter(is_wanted);
    match (fitting.next(), fitting.next()) {
        (Some(case), None) => Ok(case.content.clone()),
        (Some(case), Some(_)) if wanted.case.is_some() => Ok(case.content.clone()),
        (first, _) => {
            let file = wanted.file;
            let names: Vec<_> = suite.cases.iter().map(|case| format!("`{}`", case.name)).collect();
            let names = names.join(", ");
            Err(match (first, wanted.case) {
                (None, Some(name)) => {
                    match closest(name, suite.cases.iter().map(|case| case.name.as_str())) {
                        Some(like) => {
                            format!("there is no case `{name}` in `{file}`; did you mean `{like}`?")
                        }
                        None => format!("there is no case `{name}` in `{file}`; it has {names}"),
                    }
                }
                _ => format!("there is more than one case in `{file}`: choose with `--case` from {names}"),
            })
        }
    }
}

impl Suite {
    /// Whether the file or its definition cannot be used as it is.
    pub(super) fn has_errors(&self) -> bool {
        has_errors(&self.problems) || has_errors(&self.refused)
    }

    /// A suite without cases for a definition.
    pub(super) fn new(definition: SourceFile, file: SourceFile, options: &Options) -> Self {
        let outline = asl_compiler::read(&definition, options)
            .map(|value| Outline::new(&definition, &value))
            .unwrap_or_default();
        Self {
            definition,
            outline,
            file,
            cases: Vec::new(),
            substitutions: Vec::new(),
            problems: Vec::new(),
            refused: Vec::new(),
            machine: None,
        }
    }
}

fn test_files(path: &Path) -> Result<Vec<PathBuf>, String> {
    let argument = path.display();
    if path.is_dir() {
        let mut found = named(path, TESTS);
        let whole = |path: &Path| std::path::absolute(path).unwrap_or_default();
        // Those of the whole project are in its folder already.
        let is_in = |folder: &Path| whole(folder).starts_with(whole(path));
        for folder in elsewhere(path).iter().filter(|folder| folder.is_dir() && !is_in(folder)) {
            found.all.extend(named(folder, TESTS).all);
        }
        found.all.retain(|path| stem(path, TESTS).is_some());
        if let Some(reason) = found.unread.into_iter().next() {
            return Err(reason);
        }
        if found.all.is_empty() {
            return Err(format!(
                "there is no test file in the folder `{argument}`, such as `order.test.json`"
            ));
        }
        // The folder that one is in goes without saying.
        let bare = |path: PathBuf| path.strip_prefix(".").map_or(path.clone(), Path::to_owned);
        return Ok(found.all.into_iter().map(bare).collect());
    }
    if stem(path, TESTS).is_some() {
        return Ok(vec![path.to_owned()]);
    }
    let Some(stem) = stem(path, DEFINITIONS).filter(|_| path.is_file()) else {
        return Err(format!("there is no definition or test file `{argument}`"));
    };
    let found = tests_of(&stem);
    if found.is_empty() {
        let stem = stem.display();
        return Err(format!(
            "there is no test file for `{argument}`: expected `{stem}.test.json`\nhelp: it has cases, such as {EXAMPLE}"
        ));
    }
    Ok(found)
}

/// The least that a test file has.
const EXAMPLE: &str = r#"{ "cases": [{ "name": "it works", "input": {}, "mocks": { "STATE": { "result": {} } }, "expect": { "output": {} } }] }"#;

/// The path without one of the endings.
fn stem(path: &Path, endings: &[&str]) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy();
    let ending = endings.iter().find(|ending| name.ends_with(**ending) && name.len() > ending.len())?;
    // A name that is not text has extensions all the same.
    Some(ending.matches('.').fold(path.to_owned(), |path, _| path.with_extension("")))
}

/// The files that there are with the endings.
fn beside(stem: &Path, endings: &[&str]) -> impl Iterator<Item = PathBuf> {
    let named = endings.iter().map(move |ending| {
        let mut path = stem.as_os_str().to_owned();
        path.push(ending);
        PathBuf::from(path)
    });
    named.filter(|path| path.is_file())
}

/// The test files of a definition: those beside it, and those in the folders that `asl.toml` names.
fn tests_of(stem: &Path) -> Vec<PathBuf> {
    let stems = std::iter::once(stem.to_owned()).chain(elsewhere(stem));
    stems.flat_map(|stem| beside(&stem, TESTS).collect::<Vec<_>>()).collect()
}

/// Where the tests of a definition or a folder may be besides, as one would name it here.
fn elsewhere(path: &Path) -> Vec<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    let found = CompileArguments::test_folders(path).map(|folders| folders.tests_of(path));
    let shown = |path: PathBuf| path.strip_prefix(&here).map_or(path.clone(), Path::to_owned);
    found.into_iter().flatten().map(shown).collect()
}

fn read_suite(path: &Path, machine: Option<&str>, options: &Options) -> Result<Suite, String> {
    let source = read(path)?;
    let mut diagnostics = Diagnostics::default();
    let content = asl_compiler::read_value(&source, &mut diagnostics);
    let definition = definition_of(path, content.as_ref())?;
    // Which machine its tests are for a test file knows best.
    let own = content.as_ref().and_then(|content| content.get("machine")).and_then(Value::as_str);
    let chosen = choose(&read(&definition)?, &definition, own.or(machine), "\"machine\": \"NAME\"")?;
    let mut suite = Suite::new(chosen, source, options);
    if let Some(content) = content {
        file::read(&mut suite, &content, path, &mut diagnostics)?;
    }
    suite.problems = diagnostics.into_sorted();
    Ok(suite)
}

/// The definition that a test file is for: the one that it names, or the one beside it.
fn definition_of(path: &Path, content: Option<&Value>) -> Result<PathBuf, String> {
    if let Some(named) = content.and_then(|content| content.get("definition")).and_then(Value::as_str) {
        return Ok(path.with_file_name(named));
    }
    let stem = stem(path, TESTS).unwrap_or_else(|| path.to_owned());
    let elsewhere = CompileArguments::test_folders(&stem).and_then(|folders| folders.definition_of(&stem));
    let stems = std::iter::once(stem.clone()).chain(elsewhere);
    stems.flat_map(|stem| beside(&stem, DEFINITIONS).next()).next().ok_or_else(|| {
        let (name, stem) = (path.display(), stem.display());
        format!(
            "there is no definition for `{name}`: expected `{stem}.asl.json`, or its name in the field `definition`"
        )
    })
}
