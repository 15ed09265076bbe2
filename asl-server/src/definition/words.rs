//! What the compiler finds, in AWS's words where AWS says the same, and in its own elsewhere.
//!
//! In: a diagnostic, and where it is. Out: a code, a message and a location, as AWS's API has them.

use super::location;
use asl_compiler::code::Code;
use asl_compiler::diagnostic::Diagnostic;
use asl_compiler::json::{Kind, Value};
use asl_compiler::source::SourceFile;

/// A diagnostic, and where it is.
pub(super) struct Finding<'d> {
    pub(super) source: &'d SourceFile,
    pub(super) diagnostic: &'d Diagnostic,
    /// The fields that lead to it.
    pub(super) path: Vec<String>,
    /// What is written there, if the text could be read.
    pub(super) value: Option<&'d Value>,
}

/// A diagnostic in the form of the API.
pub(super) struct Said {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) location: String,
}

const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";
const TARGET: &str = "MISSING_TRANSITION_TARGET";

/// All state types in AWS's order.
const STATE_TYPES: &str = "Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map";

type Say = fn(&Finding<'_>) -> Said;

/// How each kind of fault is said that AWS knows.
const WORDS: &[(Code, Say)] = &[
    (Code::InvalidJson, |finding| finding.not_json()),
    (Code::InvalidYaml, |finding| finding.not_json()),
    (Code::UnknownField, |finding| finding.unknown_field()),
    (Code::InvalidValue, |finding| finding.invalid_value()),
    (Code::WrongType, |finding| finding.here(SCHEMA, finding.wrong_type())),
    (Code::InvalidTimestamp, |finding| {
        finding.here(SCHEMA, "String does not match RFC3339 timestamp".to_owned())
    }),
    (Code::UnknownStateType, |finding| {
        finding.here(SCHEMA, format!("The field 'Type' should have one of these values: [{STATE_TYPES}]"))
    }),
    (Code::InvalidPath, |finding| finding.not_a_path()),
    (Code::InvalidIntrinsic, |finding| finding.not_a_path()),
    (Code::UnknownIntrinsic, |finding| finding.not_a_path()),
    (Code::InvalidReferencePath, |finding| finding.here(SCHEMA, "Value is not a Reference Path".to_owned())),
    (Code::UnknownAction, |finding| finding.here(SCHEMA, finding.unknown_resource())),
    (Code::InvalidResource, |finding| finding.here(SCHEMA, finding.unknown_resource())),
    (Code::AwsNeedsStandard, |finding| finding.here(SCHEMA, finding.not_express())),
    (Code::UnknownState, |finding| finding.no_target()),
    (Code::TransitionOutOfScope, |finding| finding.no_target()),
    (Code::UnreachableState, |finding| {
        finding.here(TARGET, format!("State \"{}\" is not reachable.", finding.last()))
    }),
    (Code::NoTerminalState, |finding| {
        finding.here("MISSING_END_STATE", "Workflow has no terminal state".to_owned())
    }),
    (Code::DuplicateStateName, |finding| {
        finding.here("DUPLICATE_STATE_NAME", format!("Duplicate State name: {}", finding.last()))
    }),
    (Code::InvalidJsonata, |finding| {
        finding.here("INVALID_JSONATA_EXPRESSION", capitalised(&finding.diagnostic.label))
    }),
    (Code::NoContext, |finding| finding.here("UNSUPPORTED_JSONATA_EXPRESSION", finding.no_context())),
];

impl Finding<'_> {
    pub(super) fn say(&self) -> Said {
        match WORDS.iter().find(|(code, _)| *code == self.diagnostic.code) {
            Some((_, say)) => say(self),
            None => self.here(SCHEMA, self.diagnostic.message.clone()),
        }
    }

    fn no_target(&self) -> Said {
        self.here(TARGET, format!("Missing 'Next' target: {}", self.text()))
    }

    /// The names of the required fields that an object lacks, if that is what was found.
    pub(super) fn lacks(&self) -> Option<String> {
        let is_missing = self.diagnostic.code == Code::MissingField;
        is_missing.then(|| quoted(&self.diagnostic.message).last().map(|name| (*name).to_owned())).flatten()
    }

    fn here(&self, code: &'static str, message: String) -> Said {
        Said { code, message, location: location::text(&self.path) }
    }

    /// At the object that has the field.
    fn around(&self, message: String) -> Said {
        let around = self.path.split_last().map_or(&[][..], |(_, around)| around);
        Said { code: SCHEMA, message, location: location::text(around) }
    }

    /// The last name that leads here.
    fn last(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// The text that is written here.
    fn text(&self) -> &str {
        self.value.and_then(Value::as_str).unwrap_or_default()
    }

    fn unknown_field(&self) -> Said {
        let (field, message) = (self.last(), &self.diagnostic.message);
        let languages = [("JSONPath", "JSONata"), ("JSONata", "JSONPath")];
        let other = languages
            .iter()
            .find(|(language, _)| message.ends_with(&format!("belongs to the query language {language}")));
        self.around(match other {
            Some((language, set)) => format!(
                "The QueryLanguage is set to '{set}', but field '{field}' is only supported for the '{language}' QueryLanguage"
            ),
            None => format!("Field '{field}' is not supported"),
        })
    }

    fn invalid_value(&self) -> Said {
        if self.diagnostic.message.starts_with("the query language of state") {
            let message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
            return self.around(message.to_owned());
        }
        self.here(SCHEMA, self.invalid_words())
    }

    fn invalid_words(&self) -> String {
        let Diagnostic { message, label, .. } = self.diagnostic;
        if self.value.is_some_and(is_empty) {
            return "Value cannot be empty".to_owned();
        }
        for (limit, word) in [(" must be at least ", "Minimum"), (" must be at most ", "Maximum")] {
            if let Some((_, number)) = message.split_once(limit) {
                return format!("{word} value is {number}");
            }
        }
        let allowed = quoted(label);
        if label.starts_with("expected `") && !allowed.is_empty() {
            return format!("Value should be one of the following: [{}]", allowed.join(", "));
        }
        message.clone()
    }

    fn wrong_type(&self) -> String {
        const TYPES: &[(&str, &str)] = &[
            ("a string", "STRING"),
            ("a whole number", "INTEGER"),
            ("a number", "NUMBER"),
            ("a boolean", "BOOLEAN"),
            ("an array", "ARRAY"),
            ("an object", "OBJECT"),
        ];
        let expected = self.diagnostic.label.strip_prefix("expected ").unwrap_or_default();
        match TYPES.iter().find(|(name, _)| *name == expected) {
            Some((_, type_)) => format!("Expected value of type [{type_}]"),
            None => self.diagnostic.message.clone(),
        }
    }

    fn not_a_path(&self) -> Said {
        let field = self.last();
        if field.ends_with(".$") {
            return self.around(format!(
                "The value for the field '{field}' must be a valid JSONPath or a valid intrinsic function call"
            ));
        }
        self.here(SCHEMA, "Value is not a valid JSONPath".to_owned())
    }

    fn unknown_resource(&self) -> String {
        format!(
            "The resource provided {} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.",
            self.text()
        )
    }

    fn not_express(&self) -> String {
        // The blank at the end of the second is AWS's.
        let patterns = [
            (".sync", "'.sync' service integration"),
            (".waitForTaskToken", "'.waitForTaskToken' service integration "),
        ];
        match patterns.iter().find(|(pattern, _)| self.text().contains(pattern)) {
            Some((_, named)) => format!("Express state machine does not support {named}"),
            None => self.diagnostic.message.clone(),
        }
    }

    fn no_context(&self) -> String {
        match quoted(&self.diagnostic.message).first() {
            Some(&"$$") => "Reference to '$$' is not supported.".to_owned(),
            Some(name) => format!("Reference to '{name}' at the top level is not supported."),
            None => self.diagnostic.message.clone(),
        }
    }

    /// A fault of the text itself: AWS says where in the text it is, which it shows once more.
    fn not_json(&self) -> Said {
        /// So many letters are shown at most.
        const SHOWN: usize = 500;
        let (text, span) = (self.source.text(), self.diagnostic.span);
        let word = text.get(span.start..).unwrap_or_default();
        let end = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len());
        let word = word.get(..end).unwrap_or_default();
        let is_literal =
            matches!(word, "null" | "true" | "false") || word.starts_with(|c: char| !c.is_alphabetic());
        let is_token = !word.is_empty() && !is_literal;
        let message = if is_token {
            format!(
                "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
            )
        } else {
            self.diagnostic.message.clone()
        };
        let position = self.source.position(span.start + if is_token { word.len() } else { 0 });
        let shown: String = text.chars().take(SHOWN).collect();
        let left = text.chars().count().saturating_sub(SHOWN);
        let more = if left == 0 { String::new() } else { format!("[truncated {left} chars]") };
        let location = format!(
            "[Source: (String)\"{shown}\"{more}; line: {}, column: {}]",
            position.line, position.column
        );
        Said { code: "INVALID_JSON_DESCRIPTION", message: format!("{message}\n at {location}"), location }
    }
}

/// What is between backquotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

fn is_empty(value: &Value) -> bool {
    match &value.kind {
        Kind::Array(elements) => elements.is_empty(),
        Kind::Object(members) => members.is_empty(),
        Kind::String(text) => text.value.is_empty(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => false,
    }
}

/// That required fields are missing.
pub(super) fn required(mut fields: Vec<String>, path: &[String]) -> Said {
    let message = match (path.last().map(String::as_str), fields.as_slice()) {
        (Some("Credentials"), [field]) => format!("The field '{field}' is required but was missing"),
        _ => {
            fields.sort_by_key(|field| bucket(field));
            format!("These fields are required: [{}]", fields.join(", "))
        }
    };
    Said { code: SCHEMA, message, location: location::text(path) }
}

/// AWS names missing fields in the order of a hash set of Java.
fn bucket(text: &str) -> u32 {
    let hash =
        text.encode_utf16().fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(u32::from(unit)));
    (hash ^ (hash >> 16)) & 15
}
