//! The files of tests (`*.test.json`): what their objects are made of.
//!
//! One table, which the command checks files by, and of which the JSON Schema for editors is made.

use std::fmt::Write;

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// What it is for; empty where its name says it.
    pub meaning: &'static str,
    /// It has to be there.
    pub is_required: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Holds {
    /// Any value.
    Anything,
    /// A string.
    Text,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// A whole number that is not negative.
    Whole,
    /// A number of seconds.
    Seconds,
    /// `true` or `false`.
    Flag,
    /// A timestamp.
    Time,
    /// Any array.
    Array,
    /// An object that is described once, under a name.
    Named(&'static Object),
    /// An array of such values.
    List(&'static Holds),
    /// An object of such values under any names.
    Map(&'static Holds),
    /// For each state what answers its task: one answer, a list of them, or answers by the numbers of the calls.
    Mocks,
    /// Names of states, or objects of one name and the paths through its branches or iterations.
    Path,
}

/// An object that is described once, under a name.
#[derive(Debug)]
pub struct Object {
    /// The name.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
    /// Exactly one of these has to be there; nothing if there is no such rule.
    pub one_of: &'static [&'static str],
}

const fn field(name: &'static str, holds: Holds) -> Field {
    Field { name, holds, meaning: "", is_required: false }
}

impl Field {
    const fn for_(self, meaning: &'static str) -> Self {
        Self { meaning, ..self }
    }

    const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }
}

/// A test file.
pub const FILE: &[Field] = &[
    field("$schema", Holds::Text),
    field("comment", Holds::Text),
    field("definition", Holds::Text).for_("The definition, if it is not the one beside the file"),
    field("machine", Holds::Text).for_("Which state machine of a template the tests are for"),
    field("mockConfig", Holds::Text).for_("A mock configuration of Step Functions Local"),
    field("mocks", Holds::Mocks),
    field("substitutions", Holds::Map(&Holds::Anything))
        .for_("What is put in place of `${Name}` in the definition"),
    field("cases", Holds::List(&Holds::Named(&CASE))).required(),
];

/// A case.
pub const CASE: Object = Object {
    name: "case",
    fields: &[
        field("name", Holds::Text),
        field("comment", Holds::Text),
        field("input", Holds::Anything).for_("The input of the execution"),
        field("inputFile", Holds::Text).for_("The file that holds the input"),
        field("mocks", Holds::Mocks),
        field("testCase", Holds::Text).for_("The test case of the mock configuration whose mocks are taken"),
        field("expect", Holds::Named(&EXPECT)),
        field("start", Holds::Time),
        field("limits", Holds::Flag).for_("The quotas of AWS count"),
        field("objects", Holds::List(&Holds::Named(&OBJECT))),
    ],
    one_of: &[],
};

/// An object of a bucket.
pub const OBJECT: Object = Object {
    name: "object",
    fields: &[
        field("bucket", Holds::Text).required(),
        field("key", Holds::Text).required(),
        field("body", Holds::Text),
        field("file", Holds::Text),
    ],
    one_of: &[],
};

/// An answer to a task.
pub const ANSWER: Object = Object {
    name: "answer",
    fields: &[
        field("result", Holds::Anything).for_("The result of the task"),
        field("error", Holds::Text),
        field("cause", Holds::Text),
        field("after", Holds::Seconds).for_("How many seconds the task takes"),
        field("iteration", Holds::Whole),
        field("when", Holds::Anything).for_("What the parameters have to include"),
        field("times", Holds::Whole),
    ],
    one_of: &["result", "error"],
};

/// What a case expects.
pub const EXPECT: Object = Object {
    name: "expect",
    fields: &[
        field("status", Holds::OneOf(STATUSES)),
        field("output", Holds::Anything).for_("The output"),
        field("includes", Holds::Anything).for_("What the output has to include"),
        field("error", Holds::Text),
        field("cause", Holds::Text),
        field("path", Holds::Path),
        field("sent", Holds::Map(&Holds::Array)).for_("By state, the parameters of all its calls"),
        field("retries", Holds::Map(&Holds::Whole)),
        field("seconds", Holds::Seconds),
    ],
    one_of: &[],
};

/// How an execution can end.
pub const STATUSES: &[&str] = &["SUCCEEDED", "FAILED", "TIMED_OUT"];

/// The JSON Schema of test files.
#[must_use]
pub fn schema() -> String {
    let mut json = Json { text: String::new(), depth: 0 };
    json.object(|json| {
        json.member("$schema", "\"https://json-schema.org/draft/2020-12/schema\"");
        json.member("title", "\"Tests of a definition in the Amazon States Language, for asl test\"");
        json.fields(FILE, &[]);
        json.key("$defs");
        json.object(|json| {
            for object in [&CASE, &OBJECT, &EXPECT, &ANSWER] {
                json.key(object.name);
                json.object(|json| json.fields(object.fields, object.one_of));
            }
            json.member("mocks", MOCKS);
            json.member("path", PATH);
        });
    });
    json.text.push('\n');
    json.text
}

const MOCKS: &str = r##"{ "type": "object", "description": "By state, what answers its task", "additionalProperties": { "anyOf": [{ "$ref": "#/$defs/answer" }, { "type": "array", "items": { "$ref": "#/$defs/answer" } }, { "type": "object", "minProperties": 1, "additionalProperties": false, "patternProperties": { "^[0-9]+(-[0-9]+)?$": { "$ref": "#/$defs/answer" } } }] } }"##;

const PATH: &str = r##"{ "type": "array", "items": { "anyOf": [{ "type": "string" }, { "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": { "type": "array", "items": { "$ref": "#/$defs/path" } } }] } }"##;

/// JSON on its way into a text.
struct Json {
    text: String,
    depth: usize,
}

impl Json {
    fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.text.push('{');
        self.depth += 1;
        members(self);
        self.depth -= 1;
        self.line();
        self.text.push('}');
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }

    fn key(&mut self, key: &str) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        self.line();
        let _infallible = write!(self.text, "\"{key}\": ");
    }

    fn member(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.push_str(value);
    }

    /// What an object with these fields is.
    fn fields(&mut self, fields: &[Field], one_of: &[&str]) {
        self.member("type", "\"object\"");
        let required: Vec<_> =
            fields.iter().filter(|field| field.is_required).map(|field| field.name).collect();
        if !required.is_empty() {
            self.member("required", &format!("[\"{}\"]", required.join("\", \"")));
        }
        if !one_of.is_empty() {
            let alternatives: Vec<_> =
                one_of.iter().map(|name| format!(r#"{{ "required": ["{name}"] }}"#)).collect();
            self.member("oneOf", &format!("[{}]", alternatives.join(", ")));
        }
        self.member("additionalProperties", "false");
        self.key("properties");
        self.object(|json| {
            for field in fields {
                json.key(field.name);
                let kind = field.holds.in_schema();
                let meaning =
                    (!field.meaning.is_empty()).then(|| format!(r#""description": "{}""#, field.meaning));
                let parts: Vec<_> = (!kind.is_empty()).then_some(kind).into_iter().chain(meaning).collect();
                let _infallible = match parts.as_slice() {
                    [] => write!(json.text, "{{}}"),
                    parts => write!(json.text, "{{ {} }}", parts.join(", ")),
                };
            }
        });
    }
}

impl Holds {
    /// What a value has to be, if it is one without parts and not any.
    #[must_use]
    pub const fn expected(self) -> Option<&'static str> {
        match self {
            Self::Text | Self::OneOf(_) => Some("string"),
            Self::Whole => Some("whole number"),
            Self::Seconds => Some("number of seconds"),
            Self::Flag => Some("boolean"),
            Self::Time => Some("timestamp"),
            Self::Anything
            | Self::Array
            | Self::Named(_)
            | Self::List(_)
            | Self::Map(_)
            | Self::Mocks
            | Self::Path => None,
        }
    }

    /// The members of its schema, on one line.
    fn in_schema(self) -> String {
        match self {
            Self::Anything => String::new(),
            Self::Text => String::from(r#""type": "string""#),
            Self::OneOf(words) => format!(r#""enum": ["{}"]"#, words.join("\", \"")),
            Self::Whole => String::from(r#""type": "integer", "minimum": 0"#),
            Self::Seconds => String::from(r#""type": "number", "minimum": 0"#),
            Self::Flag => String::from(r#""type": "boolean""#),
            Self::Time => String::from(r#""type": "string", "format": "date-time""#),
            Self::Array => String::from(r#""type": "array""#),
            Self::Named(object) => format!(r##""$ref": "#/$defs/{}""##, object.name),
            Self::List(item) => format!(r#""type": "array", "items": {{ {} }}"#, item.in_schema()),
            Self::Map(Self::Anything) => String::from(r#""type": "object""#),
            Self::Map(value) => {
                format!(r#""type": "object", "additionalProperties": {{ {} }}"#, value.in_schema())
            }
            Self::Mocks => String::from(r##""$ref": "#/$defs/mocks""##),
            Self::Path => String::from(r##""$ref": "#/$defs/path""##),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_made_of_the_table() {
        let schema = schema();
        assert!(
            schema
                .contains("\"case\": {\n      \"type\": \"object\",\n      \"additionalProperties\": false,")
        );
        assert!(schema.contains(
            r#""after": { "type": "number", "minimum": 0, "description": "How many seconds the task takes" }"#
        ));
        assert!(schema.contains(r#""oneOf": [{ "required": ["result"] }, { "required": ["error"] }]"#));
        let count = |symbol: &str| schema.matches(symbol).count();
        assert_eq!((count("{"), count("[")), (count("}"), count("]")));
    }
}
