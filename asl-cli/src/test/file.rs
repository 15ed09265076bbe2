//! A test file, checked.
//!
//! In: the value of the file. Out: the cases of the suite as the runtime reads them, and diagnostics for what is not in `docs/testing.md`.

use super::mock_config;
use super::suite::{Case, Suite};
use crate::read::as_json;
use asl_compiler::Substitution;
use asl_compiler::code::Code;
use asl_compiler::diagnostic::{Diagnostic, Diagnostics};
use asl_compiler::json::{Kind, Member, Number, Text, Value};
use asl_compiler::source::Span;
use asl_compiler::suggest::closest;
use asl_language::files;
use asl_language::test_file::{ANSWER, CASE, EXPECT, FILE, Field, Holds, OBJECT, STATUSES};
use asl_language::timestamp::Timestamp;
use asl_runtime::test::MockConfig;
use serde_json::{Map, json};
use std::path::Path;

/// Reads the cases of a file, which must have some.
pub(super) fn read(
    suite: &mut Suite,
    content: &Value,
    path: &Path,
    diagnostics: &mut Diagnostics,
) -> Result<(), String> {
    read_cases(suite, content, path, diagnostics)?;
    if content.as_object().is_some() && content.member("cases").is_none() {
        let problem = Diagnostic::new(Code::MissingField, content.span, "the test file has no `cases`");
        diagnostics.push(problem.label("expected an array of cases"));
        suite.cases.clear();
    }
    Ok(())
}

/// Reads the cases of a file. Without any, its mocks are one.
pub(super) fn read_cases(
    suite: &mut Suite,
    content: &Value,
    path: &Path,
    diagnostics: &mut Diagnostics,
) -> Result<(), String> {
    let mut checker = Checker { suite, path, config: None, diagnostics };
    checker.fields(content, "the test file", FILE);
    if let Some(config) = content.get("mockConfig").and_then(Value::as_str) {
        checker.config = Some(mock_config::read(&path.with_file_name(config))?);
    }
    checker.substitutions(content.get("substitutions"));
    let shared = checker.mocks(content.get("mocks"));
    let Some(cases) = content.member("cases") else {
        let content = json!({ "mocks": shared });
        suite.cases.push(Case { name: String::from("mocks"), line: 1, content, any_end: true });
        return Ok(());
    };
    let Some(cases) = checker.array(&cases.value, "`cases`") else { return Ok(()) };
    for (number, case) in cases.iter().enumerate() {
        let before = checker.diagnostics.clone().into_sorted().len();
        let case = checker.case(case, number, &shared);
        if checker.diagnostics.clone().into_sorted().len() == before {
            checker.suite.cases.push(case);
        }
    }
    Ok(())
}

/// Mocks by state.
type Mocks = Map<String, serde_json::Value>;

struct Checker<'a> {
    suite: &'a mut Suite,
    path: &'a Path,
    config: Option<MockConfig>,
    diagnostics: &'a mut Diagnostics,
}

/// What is expected, if a value is something else. What has parts is looked at elsewhere.
fn refused(holds: Holds, value: &Value) -> Option<&'static str> {
    let number = value.as_number().map(|number| match number {
        Number::Int(number) => number >= 0,
        Number::Uint(_) => true,
        Number::Float(number) => matches!(holds, Holds::Seconds) && number >= 0.0,
    });
    let (fits, expected) = match holds {
        Holds::Text | Holds::OneOf(_) => (value.as_str().is_some(), "a string"),
        Holds::Whole => (number == Some(true), "a whole number that is not negative"),
        Holds::Seconds => (number == Some(true), "a number of seconds"),
        Holds::Flag => (value.as_bool().is_some(), "a boolean"),
        Holds::Time => {
            let is_time = value.as_str().is_some_and(|text| Timestamp::parse(text).is_some());
            (is_time, "a timestamp, such as `2024-01-01T00:00:00Z`")
        }
        Holds::Anything
        | Holds::Array
        | Holds::Named(_)
        | Holds::List(_)
        | Holds::Map(_)
        | Holds::Mocks
        | Holds::Path => return None,
    };
    (!fits).then_some(expected)
}

impl Checker<'_> {
    fn case(&mut self, case: &Value, number: usize, shared: &Mocks) -> Case {
        self.fields(case, "the case", CASE.fields);
        let name = case.get("name").and_then(Value::as_str);
        let name = name.map_or_else(|| format!("case {}", number + 1), str::to_owned);
        let mut content = as_json(case);
        let mut mocks = shared.clone();
        if let Some(test_case) = case.get("testCase").and_then(Value::as_text) {
            mocks.extend(self.of_test_case(test_case));
        }
        mocks.extend(self.mocks(case.get("mocks")));
        if let Some(expect) = case.get("expect") {
            self.expect(expect);
        }
        for object in
            case.get("objects").and_then(|objects| self.array(objects, "`objects`")).unwrap_or_default()
        {
            self.fields(object, "the object", OBJECT.fields);
        }
        let line = self.suite.file.line(case.span.start);
        if let Some(fields) = content.as_object_mut() {
            fields.insert("mocks".to_owned(), mocks.into());
            if let Err(reason) = self.put_files(fields) {
                let place = case.get("inputFile").or_else(|| case.get("objects")).unwrap_or(case);
                self.diagnostics.push(Diagnostic::new(Code::InvalidValue, place.span, reason));
            }
        }
        Case { name, line, content, any_end: false }
    }

    /// Puts the content of files in the place of their names.
    fn put_files(&self, fields: &mut Map<String, serde_json::Value>) -> Result<(), String> {
        if let Some(file) = fields.remove("inputFile") {
            let path = self.path.with_file_name(file.as_str().unwrap_or_default());
            fields.insert("input".to_owned(), crate::read::json(&path)?);
        }
        for object in
            fields.get_mut("objects").and_then(|objects| objects.as_array_mut()).into_iter().flatten()
        {
            if let Some(name) = object.get("file").and_then(serde_json::Value::as_str) {
                let body = files::text(&self.path.with_file_name(name), files::FileKind::Data)?;
                if let Some(object) = object.as_object_mut() {
                    object.insert("body".to_owned(), body.into());
                }
            }
        }
        Ok(())
    }

    /// The mocks of a test case of the mock configuration.
    fn of_test_case(&mut self, name: &Text) -> Mocks {
        let Some(config) = &self.config else {
            let problem = Diagnostic::new(Code::MissingField, name.span, "the test file has no `mockConfig`");
            self.diagnostics.push(problem.label("this is a test case of a mock configuration"));
            return Mocks::new();
        };
        match config.mocks(&name.value, mock_config::is_function(&self.suite.outline.states)) {
            Ok(mocks) => mocks,
            Err(error) => {
                self.diagnostics.push(Diagnostic::new(Code::InvalidValue, name.span, error.to_string()));
                Mocks::new()
            }
        }
    }

    /// What is in place of placeholders, as `--substitute` has it.
    fn substitutions(&mut self, given: Option<&Value>) {
        for one in given.and_then(|given| self.object(given, "`substitutions`")).unwrap_or_default() {
            let substitution = match one.value.as_str() {
                Some(text) => Substitution::string(one.name(), text),
                None => Substitution::parse(one.name(), &one.value.to_string()),
            };
            self.suite.substitutions.push(substitution);
        }
    }

    fn mocks(&mut self, mocks: Option<&Value>) -> Mocks {
        let mut checked = Mocks::new();
        for mock in mocks.and_then(|mocks| self.object(mocks, "`mocks`")).unwrap_or_default() {
            self.state(&mock.key, true);
            self.answers(&mock.value);
            checked.insert(mock.name().to_owned(), as_json(&mock.value));
        }
        checked
    }

    /// One answer, a list of them, or answers by the numbers of the calls.
    fn answers(&mut self, value: &Value) {
        match &value.kind {
            Kind::Array(answers) => answers.iter().for_each(|answer| self.answer(answer)),
            Kind::Object(answers) if answers.iter().any(|answer| is_calls(answer.name())) => {
                for answer in answers {
                    if is_calls(answer.name()) {
                        self.answer(&answer.value);
                    } else {
                        let message = format!("`{}` is not the number of a call", answer.name());
                        let problem = Diagnostic::new(Code::UnknownField, answer.key.span, message);
                        self.diagnostics
                            .push(problem.label("expected a number or a range, such as `0` or `1-2`"));
                    }
                }
            }
            Kind::Object(_) | Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                self.answer(value);
            }
        }
    }

    fn answer(&mut self, answer: &Value) {
        self.fields(answer, "the answer", ANSWER.fields);
        if answer.as_object().is_none() {
            return;
        }
        let problem = match (answer.member("result"), answer.member("error")) {
            (Some(_), Some(error)) => Diagnostic::new(
                Code::ExclusiveFields,
                error.key.span,
                "the answer has both a `result` and an `error`",
            ),
            (None, None) => Diagnostic::new(
                Code::MissingField,
                answer.span,
                "the answer has neither a `result` nor an `error`",
            ),
            (Some(_), None) | (None, Some(_)) => return,
        };
        self.diagnostics.push(problem);
    }

    fn expect(&mut self, expect: &Value) {
        self.fields(expect, "`expect`", EXPECT.fields);
        if let Some(status) = expect.get("status").and_then(Value::as_text)
            && !STATUSES.contains(&status.value.as_str())
        {
            let message = format!("there is no status `{}`", status.value);
            let problem = Diagnostic::new(Code::InvalidValue, status.span, message);
            self.diagnostics.push(suggest(problem, &status.value, STATUSES.iter().copied()));
        }
        for end in ["output", "includes"].iter().filter_map(|name| expect.member(name)) {
            if expect.get("error").is_some() {
                let message = format!("`expect` has both an `error` and `{}`", end.name());
                let problem = Diagnostic::new(Code::ExclusiveFields, end.key.span, message);
                self.diagnostics.push(problem.label("an execution that fails has no output"));
            }
        }
        for state in expect.get("sent").and_then(|sent| self.object(sent, "`sent`")).unwrap_or_default() {
            self.state(&state.key, true);
            self.array(&state.value, "what is sent is the list of calls, and this");
        }
        for state in
            expect.get("retries").and_then(|value| self.object(value, "`retries`")).unwrap_or_default()
        {
            self.state(&state.key, false);
            if let Some(expected) = refused(Holds::Whole, &state.value) {
                self.wrong_type(&state.value, "the number of retries", expected);
            }
        }
        if let Some(path) = expect.get("path") {
            self.steps(path);
        }
    }

    /// A way through states: names, or objects of a name and the ways through its branches or iterations.
    fn steps(&mut self, steps: &Value) {
        for step in self.array(steps, "a path").unwrap_or_default() {
            match &step.kind {
                Kind::String(name) => self.state(name, false),
                Kind::Object(members) => {
                    for member in members {
                        self.state(&member.key, false);
                        for lane in
                            self.array(&member.value, "what mocks branches or iterations").unwrap_or_default()
                        {
                            self.steps(lane);
                        }
                    }
                }
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Array(_) => {
                    self.wrong_type(step, "a step", "the name of a state");
                }
            }
        }
    }

    /// A name of a state that there is, and that asks for a task if it must.
    fn state(&mut self, name: &Text, asks: bool) {
        let states = &self.suite.outline.states;
        let problem = match states.iter().find(|state| state.name == name.value) {
            None => {
                let message = format!("state `{}` does not exist", name.value);
                let problem = Diagnostic::new(Code::UnknownState, name.span, message);
                let problem = problem.label(format!("`{}` has no such state", self.suite.definition.title()));
                suggest(problem, &name.value, states.iter().map(|state| state.name.as_str()))
            }
            Some(state) if asks && state.state_type != "Task" => {
                let message = format!("state `{}` has no task", name.value);
                let problem = Diagnostic::new(Code::InvalidValue, name.span, message);
                problem.label(format!("it is a {} state", state.state_type))
            }
            Some(_) => return,
        };
        self.diagnostics.push(problem);
    }

    /// An object whose fields are known.
    fn fields(&mut self, value: &Value, owner: &str, known: &[Field]) {
        for member in self.object(value, owner).unwrap_or_default() {
            match known.iter().find(|field| field.name == member.name()) {
                Some(Field { name, holds, .. }) => {
                    if let Some(expected) = refused(*holds, &member.value) {
                        self.wrong_type(&member.value, &format!("`{name}` of {owner}"), expected);
                    }
                }
                None => {
                    let message = format!("{owner} has a field `{}` that does not exist", member.name());
                    let problem =
                        Diagnostic::new(Code::UnknownField, member.key.span, message).label("no such field");
                    self.diagnostics.push(suggest(
                        problem,
                        member.name(),
                        known.iter().map(|field| field.name),
                    ));
                }
            }
        }
    }

    fn object<'v>(&mut self, value: &'v Value, owner: &str) -> Option<&'v [Member]> {
        if value.as_object().is_none() {
            self.wrong_type(value, owner, "an object");
        }
        value.as_object()
    }

    fn array<'v>(&mut self, value: &'v Value, owner: &str) -> Option<&'v [Value]> {
        if value.as_array().is_none() {
            self.wrong_type(value, owner, "an array");
        }
        value.as_array()
    }

    fn wrong_type(&mut self, value: &Value, owner: &str, expected: &str) {
        let span: Span = value.span;
        let problem = Diagnostic::new(Code::WrongType, span, format!("{owner} is {}", value.type_name()));
        self.diagnostics.push(problem.label(format!("expected {expected}")));
    }
}

fn suggest<'a>(problem: Diagnostic, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    match closest(word, candidates) {
        Some(name) => problem.help(format!("did you mean `{name}`?")),
        None => problem,
    }
}

/// `0` or `1-2`
fn is_calls(key: &str) -> bool {
    let (first, last) = key.split_once('-').unwrap_or((key, key));
    first.parse::<usize>().is_ok() && last.parse::<usize>().is_ok()
}
