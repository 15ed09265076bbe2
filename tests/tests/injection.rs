//! Texts of a definition stay texts, whatever is in them and wherever they are: the Rust that a definition becomes has the same tokens as with
//! harmless texts, and says the texts themselves. Printed, it reads back as the same Rust.

#![expect(clippy::panic, reason = "a definition that is refused fails the test")]

use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options, compile};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use serde_json::json;

/// What would end a string, a comment, a placeholder, an attribute or a line of Rust, JSON or the small languages, or mean something to a shell.
const NASTY: [&str; 45] = [
    "\"",
    "\\",
    "'",
    "`",
    "\\\"",
    "\"#",
    "\"##",
    "r#\"",
    "b\"",
    "*/",
    "/*",
    "//",
    "///",
    "/**/",
    "//!",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\0",
    "\u{b}",
    "\u{c}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{fffe}",
    "\u{10ffff}",
    "é",
    "名前",
    "😀",
    "{}",
    "{{",
    "}}",
    "{0:?}",
    "%}",
    "#!",
    "compile_error!()",
    "\\u{41}",
    "\\x41",
    ");}",
];

/// Where in a text it is.
const AROUND: [(&str, &str); 7] =
    [("a", "b"), ("", "b"), ("a", ""), ("\" + ", " + \""), ("*/ ", " /*"), ("\\", "\\"), ("\n", "\n")];

/// A text in every place that a definition has for one: as it is (`TEXT`), in single quotes of a path or a call (`QUOTED`), as a string of JSONata
/// (`JSONATA`), and in a pattern (`PATTERN`).
const DEFINITION: &str = r#"{
  "Comment": "TEXT",
  "StartAt": "TEXT 0",
  "States": {
    "TEXT 0": { "Type": "Pass", "Comment": "TEXT", "Result": { "TEXT": ["TEXT"] }, "ResultPath": "$['QUOTED']", "Next": "TEXT 1" },
    "TEXT 1": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": { "FunctionName": "TEXT", "Payload": { "TEXT": "TEXT", "TEXT 1.$": "$['QUOTED']" } },
      "ResultSelector": { "TEXT": "TEXT" },
      "Catch": [{ "ErrorEquals": ["TEXT"], "Comment": "TEXT", "ResultPath": "$['QUOTED']", "Next": "TEXT 2" }],
      "Retry": [{ "ErrorEquals": ["TEXT"], "Comment": "TEXT", "MaxAttempts": 1 }],
      "Next": "TEXT 2"
    },
    "TEXT 2": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$['QUOTED']", "StringEquals": "TEXT", "Comment": "TEXT", "Next": "TEXT 3" },
        { "Variable": "$.a", "StringMatches": "PATTERN", "Next": "TEXT 4" }
      ],
      "Default": "TEXT 3"
    },
    "TEXT 3": {
      "Type": "Pass",
      "Parameters": { "a.$": "States.Array('QUOTED')", "b.$": "States.StringSplit('a', 'QUOTED')" },
      "ResultPath": "$.c",
      "Assign": { "v": "TEXT", "w": { "TEXT": "TEXT" } },
      "Next": "TEXT 4"
    },
    "TEXT 4": {
      "Type": "Pass",
      "QueryLanguage": "JSONata",
      "Output": { "TEXT": ["{% JSONATA %}"], "b": "TEXT", "c": "{% { JSONATA: 1 } %}" },
      "Assign": { "x": "{% JSONATA %}" },
      "Next": "TEXT 5"
    },
    "TEXT 5": {
      "Type": "Choice",
      "QueryLanguage": "JSONata",
      "Choices": [{ "Condition": "{% $states.input.b = JSONATA %}", "Output": { "TEXT": ["TEXT"] }, "Next": "TEXT 6" }],
      "Default": "TEXT 6"
    },
    "TEXT 6": {
      "Type": "Map",
      "ItemsPath": "$['QUOTED']",
      "ItemProcessor": {
        "ProcessorConfig": { "Mode": "INLINE" },
        "StartAt": "TEXT 8",
        "States": { "TEXT 8": { "Type": "Pass", "Comment": "TEXT", "End": true } }
      },
      "ItemSelector": { "TEXT": "TEXT" },
      "Next": "TEXT 7"
    },
    "TEXT 7": { "Type": "Fail", "Error": "TEXT", "Cause": "TEXT" }
  }
}"#;

/// What is between the quotes of a JSON string.
fn escaped(text: &str) -> String {
    let mut string = json!(text).to_string();
    string.pop();
    string.split_off(1)
}

fn definition(text: &str) -> String {
    let quoted = text.replace('\\', r"\\").replace('\'', r"\'");
    let jsonata = json!(text).to_string();
    let pattern = text.replace('\\', r"\\").replace('*', r"\*");
    let parts = DEFINITION.replace("QUOTED", &escaped(&quoted)).replace("JSONATA", &escaped(&jsonata));
    parts.replace("PATTERN", &escaped(&pattern)).replace("TEXT", &escaped(text))
}

fn rust(text: &str) -> TokenStream {
    let source = SourceFile::new("machine.asl.json", definition(text));
    // Whether a path finds something is not the question.
    let options = Options { ignore_data: true, ..Options::default() };
    let compilation = compile(&source, &options, &Module::of_file("machine.asl.json"));
    let problems: Vec<_> = compilation.diagnostics.iter().map(|found| &found.message).collect();
    compilation.tokens.unwrap_or_else(|| panic!("{text:?} is refused: {problems:?}"))
}

/// What is Rust about tokens: all but names, literals and documentation. The literals go to a list.
fn shape(tokens: TokenStream, literals: &mut Vec<String>) -> String {
    let mut shape = String::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                let documentation = tokens.next_if(|next| next.to_string().starts_with("[doc"));
                shape.push_str(if documentation.is_some() { "" } else { "#" });
            }
            TokenTree::Punct(sign) => shape.push(sign.as_char()),
            TokenTree::Ident(_) => shape.push('i'),
            TokenTree::Literal(literal) => {
                shape.push('l');
                literals.extend(
                    syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value()),
                );
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ('(', ')'),
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::Bracket => ('[', ']'),
                    Delimiter::None => ('<', '>'),
                };
                shape.push(open);
                shape.push_str(&self::shape(group.stream(), literals));
                shape.push(close);
            }
        }
    }
    shape
}

#[test]
fn no_text_of_a_definition_becomes_rust() {
    let mut literals = Vec::new();
    let harmless = shape(rust("harmless"), &mut literals);
    let places = literals.iter().filter(|literal| *literal == "harmless").count();
    assert!(places >= 20, "{places}: {literals:?}");
    for nasty in NASTY {
        for (before, after) in AROUND {
            let text = format!("{before}{nasty}{after}");
            let tokens = rust(&text);
            let mut literals = Vec::new();
            assert_eq!(shape(tokens.clone(), &mut literals), harmless, "{text:?}");
            // What these mean in a path is decided there.
            let least = if text.contains(['\\', '\'']) { 20 } else { places };
            let found = literals.iter().filter(|literal| **literal == text).count();
            assert!(found >= least, "{text:?}: {found} of {least}: {literals:?}");
            let printed = prettyplease::unparse(&syn::parse2(tokens).unwrap());
            let read: TokenStream =
                printed.parse().unwrap_or_else(|error| panic!("{text:?}: {error}\n{printed}"));
            let mut again = Vec::new();
            shape(read, &mut again);
            assert_eq!(again, literals, "{text:?}");
        }
    }
}
