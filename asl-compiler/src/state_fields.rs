//! The fields of states: which types and query languages have them, what they hold, and what they mean.
//!
//! One row for each, in the order in which they are written. Who reads, lays out, explains or completes fields looks here.

use asl_language::state_type::StateType::{self, Choice, Fail, Map, Parallel, Pass, Succeed, Task, Wait};

/// A field of states.
#[derive(Debug)]
pub(crate) struct StateField {
    pub(crate) name: &'static str,
    pub(crate) states: &'static [StateType],
    pub(crate) language: Language,
    pub(crate) holds: Holds,
    /// What it means, in a sentence or two.
    #[cfg_attr(not(feature = "inspect"), expect(dead_code, reason = "editors show it"))]
    pub(crate) meaning: &'static str,
    /// `null` is the same as leaving it out. Otherwise `null` says something, or the field has to be there.
    pub(crate) null_is_absent: bool,
    /// It decides nothing about the data.
    pub(crate) is_aside: bool,
}

/// The query languages a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Both,
    JsonPath,
    Jsonata,
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// A text or a flag, which is read as it is; in JSONata it may be an expression.
    Word,
    /// A number; in JSONata it may be an expression.
    Number,
    /// A path, or a call of an intrinsic function.
    Path,
    /// The name of a state.
    State,
    /// What is passed on: a payload template.
    Parameters,
    /// Another payload template.
    Template,
    /// An array, or an expression.
    Items,
    /// Variables and their values.
    Variables,
    Retriers,
    Catchers,
    Rules,
    Branches,
    Processor,
    Credentials,
    ItemReader,
    ItemBatcher,
    ResultWriter,
}

impl Holds {
    /// Whether what it says is built from data, and from nothing that the field alone knows.
    #[cfg(feature = "convert")]
    pub(crate) const fn is_template(self) -> bool {
        match self {
            Self::Parameters | Self::Template | Self::Credentials => true,
            Self::Word
            | Self::Number
            | Self::Path
            | Self::State
            | Self::Items
            | Self::Variables
            | Self::Retriers
            | Self::Catchers
            | Self::Rules
            | Self::Branches
            | Self::Processor
            | Self::ItemReader
            | Self::ItemBatcher
            | Self::ResultWriter => false,
        }
    }
}

impl StateField {
    /// The field of that name.
    pub(crate) fn of(name: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.name == name)
    }

    /// The names of the fields of a state type in a query language.
    pub(crate) fn names(state_type: StateType, jsonata: bool) -> impl Iterator<Item = &'static str> {
        Self::of_states(state_type, jsonata).map(|field| field.name)
    }

    /// The fields of a state type in a query language.
    pub(crate) fn of_states(state_type: StateType, jsonata: bool) -> impl Iterator<Item = &'static Self> {
        FIELDS.iter().filter(move |field| field.states.contains(&state_type) && field.is_in(jsonata))
    }

    /// The place of a field among the others, where fields are laid out; those that are not known follow the one that does the work.
    #[cfg(feature = "inspect")]
    pub(crate) fn rank(name: &str) -> usize {
        let place = |wanted: &str| FIELDS.iter().position(|field| field.name == wanted);
        // What is not known is before what comes of the work.
        place(name).map_or_else(|| 2 * place(FIRST_OF_RESULT).unwrap_or(FIELDS.len()), |place| 2 * place + 1)
    }

    /// Whether states of that query language have the field.
    pub(crate) const fn is_in(&self, jsonata: bool) -> bool {
        match self.language {
            Language::Both => true,
            Language::JsonPath => !jsonata,
            Language::Jsonata => jsonata,
        }
    }

    /// Whether its value decides which states lead to which.
    pub(crate) const fn leads_on(&self) -> bool {
        match self.holds {
            Holds::State | Holds::Rules | Holds::Catchers | Holds::Branches | Holds::Processor => true,
            Holds::Word
            | Holds::Number
            | Holds::Path
            | Holds::Parameters
            | Holds::Template
            | Holds::Items
            | Holds::Variables
            | Holds::Retriers
            | Holds::Credentials
            | Holds::ItemReader
            | Holds::ItemBatcher
            | Holds::ResultWriter => false,
        }
    }

    const fn without_null(self) -> Self {
        Self { null_is_absent: true, ..self }
    }

    const fn aside(self) -> Self {
        Self { is_aside: true, ..self }
    }
}

const fn field(
    language: Language,
    name: &'static str,
    states: &'static [StateType],
    holds: Holds,
    meaning: &'static str,
) -> StateField {
    StateField { name, states, language, holds, meaning, null_is_absent: false, is_aside: false }
}

const fn both(
    name: &'static str,
    states: &'static [StateType],
    holds: Holds,
    meaning: &'static str,
) -> StateField {
    field(Language::Both, name, states, holds, meaning)
}

const fn json_path(
    name: &'static str,
    states: &'static [StateType],
    holds: Holds,
    meaning: &'static str,
) -> StateField {
    field(Language::JsonPath, name, states, holds, meaning)
}

const fn jsonata(
    name: &'static str,
    states: &'static [StateType],
    holds: Holds,
    meaning: &'static str,
) -> StateField {
    field(Language::Jsonata, name, states, holds, meaning)
}

/// The first of the fields that say what comes of the work of a state.
#[cfg(feature = "inspect")]
const FIRST_OF_RESULT: &str = "ResultSelector";

#[rustfmt::skip]
const FIELDS: &[StateField] = &[
    both("Type", StateType::ALL, Holds::Word, "What the state does: `Pass`, `Task`, `Choice`, `Wait`, `Succeed`, `Fail`, `Parallel` or `Map`."),
    both("Comment", StateType::ALL, Holds::Word, "A text for people. It has no effect.").without_null().aside(),
    both("QueryLanguage", StateType::ALL, Holds::Word, "What paths and expressions are written in: `JSONPath`, the default, or `JSONata`. That of the machine holds for all states that say nothing else.").without_null(),
    both("Resource", &[Task], Holds::Word, "Who does the work: the ARN of a function or an activity, or of an integration, `arn:aws:states:::service:action`."),
    both("Credentials", &[Task], Holds::Credentials, "The role with which AWS calls the resource, maybe of another account.").without_null(),
    both("TimeoutSeconds", &[Task], Holds::Number, "A task that takes longer fails with `States.Timeout`.").without_null().aside(),
    json_path("TimeoutSecondsPath", &[Task], Holds::Path, "Where the number of seconds that the task may take is found in the input.").without_null(),
    both("HeartbeatSeconds", &[Task], Holds::Number, "A task that shows no sign of life for so long fails with `States.HeartbeatTimeout`. Less than `TimeoutSeconds`.").without_null().aside(),
    json_path("HeartbeatSecondsPath", &[Task], Holds::Path, "Where the number of seconds between signs of life is found in the input.").without_null(),
    both("Seconds", &[Wait], Holds::Number, "How many seconds to wait.").without_null(),
    json_path("SecondsPath", &[Wait], Holds::Path, "Where the number of seconds is found in the input.").without_null(),
    both("Timestamp", &[Wait], Holds::Word, "The moment to wait for, as in `2026-08-14T01:59:00Z`.").without_null(),
    json_path("TimestampPath", &[Wait], Holds::Path, "Where the moment to wait for is found in the input.").without_null(),
    both("Error", &[Fail], Holds::Word, "The name of the error, which catchers outside can name.").without_null(),
    json_path("ErrorPath", &[Fail], Holds::Path, "Where the name of the error is found: a path or an intrinsic function.").without_null(),
    both("Cause", &[Fail], Holds::Word, "A text for people about the error.").without_null(),
    json_path("CausePath", &[Fail], Holds::Path, "Where the text for people about the error is found: a path or an intrinsic function.").without_null(),
    json_path("InputPath", &[Pass, Task, Choice, Wait, Succeed, Parallel, Map], Holds::Path, "The part of the input that the state works with. `null` is an empty object; `$`, all of it, is the default."),
    json_path("Parameters", &[Pass, Task, Parallel, Map], Holds::Parameters, "What is passed to the resource, or for a Pass its result. A key that ends in `.$` has a path or a call of an intrinsic function as its value."),
    jsonata("Arguments", &[Task, Parallel], Holds::Parameters, "What is passed to the resource or the branches; JSONata expressions in it are evaluated. Without it, the state's input."),
    json_path("Result", &[Pass], Holds::Template, "The result of a Pass state, as it is written here."),
    both("ItemReader", &[Map], Holds::ItemReader, "Reads the items of a distributed Map from a bucket.").without_null(),
    json_path("ItemsPath", &[Map], Holds::Path, "Where the array of items is in the input. All of the input by default."),
    jsonata("Items", &[Map], Holds::Items, "The items: a JSON array, or a JSONata expression that returns one."),
    both("ItemSelector", &[Map], Holds::Template, "The input of each iteration, instead of the bare item. It sees the item as `$$.Map.Item.Value`, or `$states.context.Map.Item.Value`."),
    both("ItemBatcher", &[Map], Holds::ItemBatcher, "Passes several items at once to the executions of a distributed Map.").without_null(),
    both("MaxConcurrency", &[Map], Holds::Number, "How many iterations run at once. 0, the default, is as many as there is room for; 1 is one after the other.").without_null().aside(),
    json_path("MaxConcurrencyPath", &[Map], Holds::Path, "Where the number of iterations that run at once is found in the input.").without_null(),
    both("ToleratedFailureCount", &[Map], Holds::Number, "How many items may fail. One more, and the Map fails with `States.ExceedToleratedFailureThreshold`.").without_null(),
    json_path("ToleratedFailureCountPath", &[Map], Holds::Path, "Where the number of items that may fail is found in the input.").without_null(),
    both("ToleratedFailurePercentage", &[Map], Holds::Number, "How large a part of the items may fail, from 0 to 100.").without_null(),
    json_path("ToleratedFailurePercentagePath", &[Map], Holds::Path, "Where the part of the items that may fail, from 0 to 100, is found in the input.").without_null(),
    both("Label", &[Map], Holds::Word, "Names the executions of a distributed Map.").without_null().aside(),
    both("ItemProcessor", &[Map], Holds::Processor, "The machine that runs for each item, inline or each time as a separate execution (`ProcessorConfig`)."),
    both("Iterator", &[Map], Holds::Processor, "The old name of `ItemProcessor`."),
    both("ResultWriter", &[Map], Holds::ResultWriter, "Writes the results of a distributed Map to a bucket.").without_null(),
    both("Branches", &[Parallel], Holds::Branches, "Separate machines that run at once, each with the state's input. One error ends them all."),
    json_path("ResultSelector", &[Task, Parallel, Map], Holds::Template, "Takes what is wanted of the raw result, before `ResultPath`."),
    json_path("ResultPath", &[Pass, Task, Parallel, Map], Holds::Path, "Where in the input the result is put. `$`, the default, replaces the input; `null` throws the result away."),
    both("Assign", &[Pass, Task, Choice, Wait, Parallel, Map], Holds::Variables, "Assigns values to variables, which this scope and the ones inside see from the next state on. The values are computed from what was known before."),
    jsonata("Output", &[Pass, Task, Choice, Wait, Succeed, Parallel, Map], Holds::Template, "The output of the state; JSONata expressions in it are evaluated. Without it, the result, or for a state without one its input."),
    json_path("OutputPath", &[Pass, Task, Choice, Wait, Succeed, Parallel, Map], Holds::Path, "The part of the result that is the output. `$`, all of it, is the default."),
    both("Retry", &[Task, Parallel, Map], Holds::Retriers, "When and how often the state is tried again after an error.").without_null().aside(),
    both("Catch", &[Task, Parallel, Map], Holds::Catchers, "What happens after an error that was not or no longer retried: the first catcher that names it leads on.").without_null(),
    both("Choices", &[Choice], Holds::Rules, "The rules, tried in their order: the first that is true decides."),
    both("Default", &[Choice], Holds::State, "The state that goes on if no rule is true. Without it the state then fails with `States.NoChoiceMatched`.").without_null(),
    both("Next", &[Pass, Task, Wait, Parallel, Map], Holds::State, "The state that goes on. A name of this scope: no transition leads into or out of a branch.").without_null(),
    both("End", &[Pass, Task, Wait, Parallel, Map], Holds::Word, "`true`: the execution, branch or iteration ends after this state.").without_null(),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;
    use crate::code::Code;
    use crate::options::Options;
    use crate::source::SourceFile;

    /// A row that no parser asks for would be reported as a field of the other query language.
    #[test]
    fn every_field_is_read_where_it_belongs() {
        let special = ["Type", "QueryLanguage"];
        for field in FIELDS.iter().filter(|field| !special.contains(&field.name)) {
            for (state_type, jsonata) in field.states.iter().flat_map(|of| [(of, false), (of, true)]) {
                let language = if jsonata { "JSONata" } else { "JSONPath" };
                let text = format!(
                    r#"{{ "QueryLanguage": "{language}", "StartAt": "A", "States": {{
                        "A": {{ "Type": "{state_type}", "{}": [] }} }} }}"#,
                    field.name
                );
                let source = SourceFile::new("t.json", text);
                let found = check(&source, &Options::default()).diagnostics;
                let is_unread = found.iter().any(|found| found.code == Code::UnknownField);
                assert_eq!(
                    is_unread,
                    !field.is_in(jsonata),
                    "{} {state_type} {language}: {found:?}",
                    field.name
                );
            }
        }
    }

    /// What a field becomes is seen in a snapshot.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "the rows are read by the test, and not by the compiler")]
    fn every_field_is_in_a_row_of_what_is_emitted() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/emitted/states");
        let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let rows = paths.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
        let rows: String = rows.map(|path| std::fs::read_to_string(path).unwrap()).collect();
        // The old name of a field that has rows.
        let other_names = ["Iterator"];
        for field in FIELDS.iter().filter(|field| !other_names.contains(&field.name)) {
            assert!(rows.contains(&format!("\"{}\"", field.name)), "{} is in no row", field.name);
        }
    }

    /// `UPDATE=1 cargo test -p asl-compiler --lib state_fields` writes it anew.
    #[test]
    #[expect(
        clippy::disallowed_methods,
        clippy::string_slice,
        reason = "the page is read by the test, and not by the compiler; its places are those of ASCII characters"
    )]
    fn the_page_of_fields_has_the_rows() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/fields.md");
        let page = std::fs::read_to_string(file).unwrap();
        let head = "| --- | --- | --- | --- |\n";
        let start = page.find(head).unwrap() + head.len();
        let end = start + page[start..].find("\n\n").unwrap();
        let rows: Vec<_> = FIELDS.iter().map(row).collect();
        if std::env::var_os("UPDATE").is_some() {
            let written = format!("{}{}{}", &page[..start], rows.join("\n"), &page[end..]);
            return std::fs::write(file, written).unwrap();
        }
        assert_eq!(page[start..end].lines().collect::<Vec<_>>(), rows);
    }

    /// The row of a table.
    fn row(field: &StateField) -> String {
        let states: Vec<_> = field.states.iter().map(ToString::to_string).collect();
        let states = if field.states == StateType::ALL { "all".to_owned() } else { states.join(", ") };
        let language = match field.language {
            Language::Both => "both",
            Language::JsonPath => "JSONPath",
            Language::Jsonata => "JSONata",
        };
        format!("| `{}` | {states} | {language} | {} |", field.name, field.meaning.replace('|', "\\|"))
    }

    #[test]
    fn every_field_is_there_once() {
        for field in FIELDS {
            assert_eq!(FIELDS.iter().filter(|other| other.name == field.name).count(), 1, "{}", field.name);
            assert!(!field.states.is_empty() && field.meaning.ends_with('.'), "{}", field.name);
        }
    }
}
