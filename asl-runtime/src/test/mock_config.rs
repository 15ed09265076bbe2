//! `MockConfigFile.json` of Step Functions Local.
//!
//! In: its text (AWS, "Configuration file for mocked service integrations"). Out: mocks in the form of our own test files.

use serde_json::{Map, Value, json};
use std::error::Error;
use std::fmt::{self, Display, Formatter};

/// A mock configuration.
///
/// ```
/// use asl_runtime::test::MockConfig;
///
/// let text = r#"{
///     "StateMachines": {"Order": {"TestCases": {"Declined": {"Charge": "Declined"}}}},
///     "MockedResponses": {"Declined": {"0": {"Throw": {"Error": "CardDeclined", "Cause": "expired"}}}}
/// }"#;
/// let config = MockConfig::from_json("MockConfigFile.json", text)?;
/// let cases: Vec<_> = config.test_cases().map(|(machine, case, _)| (machine, case)).collect();
/// assert_eq!(cases, [("Order", "Declined")]);
/// let mocks = config.mocks("Declined", |_| false)?;
/// assert!(mocks.contains_key("Charge"));
/// # Ok::<(), asl_runtime::test::MockConfigError>(())
/// ```
#[derive(Debug)]
pub struct MockConfig {
    name: String,
    content: Value,
}

/// Why a mock configuration yields no mocks.
#[derive(Debug)]
#[non_exhaustive]
pub enum MockConfigError {
    /// It has no text.
    Empty {
        /// The name of the file.
        file: String,
    },
    /// Its text is not JSON.
    NotJson {
        /// The name of the file.
        file: String,
        /// What is wrong.
        error: serde_json::Error,
    },
    /// There is no such test case.
    NoTestCase {
        /// The name of the file.
        file: String,
        /// The name of the test case.
        name: String,
    },
    /// There is no such mocked response.
    NoResponse {
        /// The name of the file.
        file: String,
        /// The name of the response.
        name: String,
    },
    /// An answer has neither `Return` nor `Throw`.
    NoAnswer {
        /// The name of the file.
        file: String,
        /// The name of the response.
        name: String,
        /// The numbers of the calls that it answers.
        calls: String,
    },
}

impl Display for MockConfigError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { file } => write!(formatter, "`{file}` is empty"),
            Self::NotJson { file, error } => write!(formatter, "`{file}` is not JSON: {error}"),
            Self::NoTestCase { file, name } => {
                write!(formatter, "there is no test case `{name}` in `{file}`")
            }
            Self::NoResponse { file, name } => {
                write!(formatter, "there is no mocked response `{name}` in `{file}`")
            }
            Self::NoAnswer { file, name, calls } => write!(
                formatter,
                "answer `{calls}` of the mocked response `{name}` in `{file}` has neither `Return` nor `Throw`"
            ),
        }
    }
}

impl Error for MockConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotJson { error, .. } => Some(error),
            Self::Empty { .. }
            | Self::NoTestCase { .. }
            | Self::NoResponse { .. }
            | Self::NoAnswer { .. } => None,
        }
    }
}

impl MockConfig {
    /// Reads the text of a file with this name.
    ///
    /// # Errors
    /// The text is not JSON.
    pub fn from_json(name: impl Into<String>, text: &str) -> Result<Self, MockConfigError> {
        let name = name.into();
        if text.trim().is_empty() {
            return Err(MockConfigError::Empty { file: name });
        }
        match serde_json::from_str(text) {
            Ok(content) => Ok(Self { name, content }),
            Err(error) => Err(MockConfigError::NotJson { file: name, error }),
        }
    }

    /// Whether a resource is a Lambda function, for which a configuration says what its service answers, and not what its result is.
    ///
    /// ```
    /// use asl_runtime::test::MockConfig;
    ///
    /// assert!(MockConfig::is_function("arn:aws:lambda:us-east-1:123456789012:function:Charge"));
    /// assert!(!MockConfig::is_function("arn:aws:states:::sqs:sendMessage"));
    /// ```
    #[must_use]
    pub fn is_function(resource: &str) -> bool {
        resource.contains(":lambda:") && !resource.contains(":states:")
    }

    /// The name of the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The test cases of all machines: the machine, the name, and the mocked states.
    pub fn test_cases(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let machines = self.content.get("StateMachines").and_then(Value::as_object).into_iter().flatten();
        machines.flat_map(|(machine, content)| {
            let cases = content.get("TestCases").and_then(Value::as_object).into_iter().flatten();
            cases.map(move |(name, states)| (machine.as_str(), name.as_str(), states))
        })
    }

    /// The mocks of a test case, by state. Whether the task of a state is a Lambda function changes what its answers mean.
    ///
    /// # Errors
    /// There is no such test case, or it names a response that is missing or is not one.
    pub fn mocks(
        &self,
        test_case: &str,
        is_function: impl Fn(&str) -> bool,
    ) -> Result<Map<String, Value>, MockConfigError> {
        let found = self.test_cases().find(|(_, name, _)| *name == test_case);
        let Some((_, _, mocked)) = found else {
            return Err(MockConfigError::NoTestCase { file: self.name.clone(), name: test_case.to_owned() });
        };
        self.mocks_of(mocked, is_function)
    }

    /// The mocks of states that name their responses.
    ///
    /// # Errors
    /// A response is missing or is not one.
    pub fn mocks_of(
        &self,
        mocked: &Value,
        is_function: impl Fn(&str) -> bool,
    ) -> Result<Map<String, Value>, MockConfigError> {
        let mocked = mocked.as_object().into_iter().flatten();
        mocked
            .map(|(name, response)| Ok((name.clone(), self.response(response, is_function(name))?)))
            .collect()
    }

    /// A mocked response by its name: answers by the numbers of the calls.
    fn response(&self, name: &Value, is_function: bool) -> Result<Value, MockConfigError> {
        let name = name.as_str().unwrap_or_default();
        let response = self.content.get("MockedResponses").and_then(|responses| responses.get(name));
        let Some(answers) = response.and_then(Value::as_object) else {
            return Err(MockConfigError::NoResponse { file: self.name.clone(), name: name.to_owned() });
        };
        let answers = answers.iter().map(|(calls, answer)| match answer_of(answer, is_function) {
            Some(answer) => Ok((calls.clone(), answer)),
            None => Err(MockConfigError::NoAnswer {
                file: self.name.clone(),
                name: name.to_owned(),
                calls: calls.clone(),
            }),
        });
        Ok(Value::Object(answers.collect::<Result<_, _>>()?))
    }
}

/// `{"Return": ..}` or `{"Throw": {"Error": .., "Cause": ..}}`
fn answer_of(answer: &Value, is_function: bool) -> Option<Value> {
    if let Some(result) = answer.get("Return") {
        // Configurations hold for a function what its service answers; the task's result is what is in it.
        let payload = result.get("Payload").filter(|_| is_function && result.get("StatusCode").is_some());
        let result = payload.unwrap_or(result);
        return Some(json!({ "result": result }));
    }
    let thrown = answer.get("Throw")?;
    let mut fields = Map::new();
    fields.insert("error".to_owned(), thrown.get("Error")?.clone());
    fields.extend(thrown.get("Cause").map(|cause| ("cause".to_owned(), cause.clone())));
    Some(Value::Object(fields))
}
