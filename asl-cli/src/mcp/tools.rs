//! The tools, one row each.

use rmcp::model::{JsonObject, Tool as Described, ToolAnnotations};
use serde_json::json;
use std::sync::Arc;

/// A command as a tool.
#[derive(Debug)]
pub(super) struct Tool {
    pub(super) name: &'static str,
    about: &'static str,
    /// The command, with the arguments that are the same in each call.
    pub(super) command: &'static [&'static str],
    pub(super) parameters: &'static [Parameter],
    pub(super) writes: bool,
}

/// What a tool takes.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    about: &'static str,
    pub(super) goes: Goes,
    pub(super) required: bool,
}

/// How a parameter gets into the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goes {
    /// Its last argument: a file or a folder that may be read.
    File,
    /// Its standard input, in the place of a file.
    Text,
    /// Its last argument, as it is.
    Last,
    /// An option, behind its name.
    Option(&'static str),
    /// An option that names a file that may be read.
    FileOption(&'static str),
    /// An option that is there or not.
    Flag(&'static str),
}

const fn required(name: &'static str, about: &'static str, goes: Goes) -> Parameter {
    Parameter { name, about, goes, required: true }
}

const fn optional(name: &'static str, about: &'static str, goes: Goes) -> Parameter {
    Parameter { name, about, goes, required: false }
}

const FILE: Parameter = optional(
    "file",
    "A definition, or a template with one: .json or .yaml, relative to the folder. Either this or `definition`.",
    Goes::File,
);
const DEFINITION: Parameter =
    optional("definition", "The text of a definition, in JSON or YAML. Either this or `file`.", Goes::Text);
const MACHINE: Parameter =
    optional("machine", "Which state machine of a template, if it has several.", Goes::Option("--machine"));

const TOOLS: &[Tool] = &[
    Tool {
        name: "check",
        about: "Finds the problems of a definition: syntax, transitions, paths, types of data as they flow from state to state, services and their parameters. Each has a code, a place, and often a repair.",
        command: &["check", "--format", "json"],
        parameters: &[
            FILE,
            DEFINITION,
            optional("profile", "`aws` refuses what AWS would refuse too.", Goes::Option("--profile")),
        ],
        writes: false,
    },
    Tool {
        name: "explain",
        about: "Explains the code of a problem, with a wrong and a right example.",
        command: &["explain", "--format", "json"],
        parameters: &[required("code", "For example `unknown-state`.", Goes::Last)],
        writes: false,
    },
    Tool {
        name: "graph",
        about: "Draws a definition as a flowchart in Mermaid.",
        command: &["graph", "--format", "mermaid"],
        parameters: &[FILE, DEFINITION, MACHINE],
        writes: false,
    },
    Tool {
        name: "test",
        about: "Runs the tests beside a definition (`order.test.json` beside `order.asl.json`) on the compiled machine, with mocked tasks and a virtual clock, and says what no test has used.",
        command: &["test", "--format", "json", "--coverage"],
        parameters: &[
            required("file", "A definition, a test file, or a folder.", Goes::File),
            optional("filter", "Only tests whose name contains this.", Goes::Option("--filter")),
        ],
        writes: false,
    },
    Tool {
        name: "run",
        about: "Runs an execution. Tasks are answered by a file of mocks; a task without one is an error.",
        command: &["run", "--format", "json"],
        parameters: &[
            required("file", "A definition, or a template with one.", Goes::File),
            required("mock", "A test file whose mocks answer the tasks.", Goes::FileOption("--mock")),
            optional("input", "The input, as JSON.", Goes::Option("--input")),
            MACHINE,
        ],
        writes: false,
    },
    Tool {
        name: "policy",
        about: "Says which IAM policy a workflow needs.",
        command: &["policy"],
        parameters: &[FILE, DEFINITION, MACHINE],
        writes: false,
    },
    Tool {
        name: "convert",
        about: "Writes a definition in JSONPath in JSONata, and says what could not be converted exactly. The text is in the answer; no file changes.",
        command: &["convert", "--to", "jsonata", "--format", "json"],
        parameters: &[
            required("file", "A definition, in JSON or YAML.", Goes::File),
            optional(
                "variables",
                "Whether what states only carry along for later ones goes into variables.",
                Goes::Flag("--variables"),
            ),
            optional(
                "approximately",
                "Whether states are converted too that come to something else for some data.",
                Goes::Flag("--approximately"),
            ),
        ],
        writes: false,
    },
    Tool {
        name: "jsonata",
        about: "Evaluates a JSONata expression as Step Functions does.",
        command: &["jsonata", "--format", "json"],
        parameters: &[
            required("expression", "For example `$sum(lines.price)`.", Goes::Last),
            optional("input", "What it is evaluated on, as JSON.", Goes::Option("--input")),
        ],
        writes: false,
    },
    Tool {
        name: "format",
        about: "Lays a definition out anew: fields in the order of the specification, the same blanks everywhere.",
        command: &["fmt", "--format", "json"],
        parameters: &[required("file", "A definition, or a folder.", Goes::File)],
        writes: true,
    },
    Tool {
        name: "fix",
        about: "Repairs what has only one repair, in the file, and says what is left.",
        command: &["check", "--fix", "--format", "json"],
        parameters: &[required("file", "A definition.", Goes::File)],
        writes: true,
    },
];

/// The tools that there are.
pub(super) fn known(writes: bool) -> impl Iterator<Item = &'static Tool> {
    TOOLS.iter().filter(move |tool| writes || !tool.writes)
}

impl Tool {
    /// What an assistant is told.
    pub(super) fn described(&self) -> Described {
        let properties: JsonObject = self
            .parameters
            .iter()
            .map(|parameter| {
                let is_flag = matches!(parameter.goes, Goes::Flag(_));
                let value_type = if is_flag { "boolean" } else { "string" };
                (parameter.name.to_owned(), json!({ "type": value_type, "description": parameter.about }))
            })
            .collect();
        let required: Vec<_> = self
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
            .map(|parameter| parameter.name)
            .collect();
        let schema = JsonObject::from_iter([
            ("type".to_owned(), json!("object")),
            ("properties".to_owned(), properties.into()),
            ("required".to_owned(), json!(required)),
            ("additionalProperties".to_owned(), json!(false)),
        ]);
        Described::new(self.name, self.about, Arc::new(schema))
            .with_annotations(ToolAnnotations::new().read_only(!self.writes).open_world(false))
    }
}
