//! Texts that are long, wide or deep beyond all measure: each is compiled on a small stack, or refused with the limit that it breaks.
//!
//! A stack that overflows ends the whole process, and every other file with it; so every language that is read here has a limit on what is
//! inside of each other, and on what becomes one expression of Rust.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by a panic")]

use asl_compiler::code::Code;
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options, compile};

/// A quarter of what the main thread of a process has: what is close to the edge here is far from it elsewhere.
const STACK: usize = 2 << 20;

/// Compiles a definition on a small stack, and returns the codes of what is said about it.
fn codes(name: &'static str, text: String) -> Vec<Code> {
    let work = move || {
        let source = SourceFile::new(name, text);
        let compilation = compile(&source, &Options::default(), &Module::of_file(name));
        compilation.diagnostics.iter().map(|found| found.code).collect()
    };
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
    worker.join().expect("no panic")
}

fn definition(state: &str) -> String {
    format!(r#"{{ "StartAt": "A", "States": {{ "A": {{ {state} }}, "Z": {{ "Type": "Succeed" }} }} }}"#)
}

fn pass(fields: &str) -> String {
    definition(&format!(r#""Type": "Pass", {fields}, "Next": "Z""#))
}

fn choice(rule: &str) -> String {
    definition(&format!(r#""Type": "Choice", "Choices": [{{ {rule}, "Next": "Z" }}], "Default": "Z""#))
}

fn expression(text: &str) -> String {
    pass(&format!(r#""QueryLanguage": "JSONata", "Output": "{{% {text} %}}""#))
}

fn joined(part: &str, separator: &str, times: usize) -> String {
    vec![part; times].join(separator)
}

const TEST: &str = r#"{ "Variable": "$.a", "IsPresent": true }"#;

/// What grows, and how: a name, what it is refused with when it is huge, the most that is taken, and the text of a size.
type Growing = (&'static str, Code, usize, fn(usize) -> String);

const PATHS: &[Growing] = &[
    ("ResultPath", Code::TooManyParts, 200, |n| pass(&format!(r#""ResultPath": "${}""#, ".a".repeat(n)))),
    ("InputPath", Code::TooManyParts, 200, |n| pass(&format!(r#""InputPath": "${}""#, ".a".repeat(n)))),
    ("Variable", Code::TooManyParts, 200, |n| {
        choice(&format!(r#""Variable": "${}", "IsPresent": true"#, ".a".repeat(n)))
    }),
    ("a Path operand", Code::TooManyParts, 200, |n| {
        choice(&format!(r#""Variable": "$.a", "StringEqualsPath": "${}""#, "['b']".repeat(n)))
    }),
    ("wildcards", Code::TooManyParts, 200, |n| {
        pass(&format!(r#""Parameters": {{ "x.$": "${}" }}"#, "[*]".repeat(n)))
    }),
    ("names in brackets", Code::TooManyParts, 999, |n| {
        pass(&format!(r#""Parameters": {{ "x.$": "$[{}]" }}"#, joined("'a'", ",", n)))
    }),
    ("indexes in brackets", Code::TooManyParts, 999, |n| {
        pass(&format!(r#""Parameters": {{ "x.$": "$[{}]" }}"#, joined("1", ",", n)))
    }),
    ("steps in a filter", Code::TooManyParts, 200, |n| {
        pass(&format!(r#""Parameters": {{ "x.$": "$[?(@{} == 1)]" }}"#, ".a".repeat(n)))
    }),
    ("conditions of a filter", Code::TooManyParts, 999, |n| {
        pass(&format!(r#""Parameters": {{ "x.$": "$[?({})]" }}"#, joined("@.a", " && ", n)))
    }),
    ("filters in a filter", Code::InvalidPath, 0, |n| {
        let (open, close) = ("@.a[?(".repeat(n), ")]".repeat(n));
        pass(&format!(r#""Parameters": {{ "x.$": "$[?({open}@.a{close})]" }}"#))
    }),
];

const CALLS: &[Growing] = &[
    ("arguments", Code::TooManyParts, 1000, |n| {
        pass(&format!(r#""Parameters": {{ "x.$": "States.Array({})" }}"#, joined("1", ",", n)))
    }),
    ("paths as arguments", Code::TooManyParts, 500, |n| {
        pass(&format!(r#""Parameters": {{ "x.$": "States.Array({})" }}"#, joined("$.a", ",", n)))
    }),
    ("calls in calls", Code::InvalidIntrinsic, 10, |n| {
        pass(&format!(r#""Parameters": {{ "x.$": "{}1{}" }}"#, "States.Array(".repeat(n), ")".repeat(n)))
    }),
];

const RULES: &[Growing] = &[
    ("And", Code::TooManyParts, 1000, |n| choice(&format!(r#""And": [{}]"#, joined(TEST, ",", n)))),
    ("Or in And", Code::TooManyParts, 1000, |n| {
        choice(&format!(r#""And": [{{ "Or": [{}] }}]"#, joined(TEST, ",", n)))
    }),
    ("Not", Code::NestedTooDeeply, 190, |n| {
        choice(&format!(r#""Not": {}{TEST}{}"#, r#"{ "Not": "#.repeat(n), "}".repeat(n)))
    }),
];

const VALUES: &[Growing] = &[
    ("arrays in arrays", Code::NestedTooDeeply, 127, |n| {
        pass(&format!(r#""Result": {}{}"#, "[".repeat(n), "]".repeat(n)))
    }),
    ("objects in a template", Code::NestedTooDeeply, 126, |n| {
        let (open, close) = (r#"{ "a": "#.repeat(n), "}".repeat(n));
        pass(&format!(r#""Parameters": {open}{{ "b.$": "$.c" }}{close}"#))
    }),
];

const EXPRESSIONS: &[Growing] = &[
    ("parentheses", Code::InvalidJsonata, 145, |n| {
        expression(&format!("{}1{}", "(".repeat(n), ")".repeat(n)))
    }),
    ("operators", Code::InvalidJsonata, 145, |n| expression(&joined("$states.input.a", " & ", n))),
    ("steps", Code::InvalidJsonata, 140, |n| expression(&format!("$states.input{}", ".a".repeat(n)))),
    ("indexes", Code::InvalidJsonata, 140, |n| expression(&format!("$states.input{}", "[0]".repeat(n)))),
    ("conditions", Code::InvalidJsonata, 145, |n| {
        expression(&format!("{}1", "$states.input.a ? 1 : ".repeat(n)))
    }),
    ("functions", Code::InvalidJsonata, 100, |n| {
        expression(&format!("{}1{}", "function(){".repeat(n), "}".repeat(n)))
    }),
    ("groups of a regular expression", Code::InvalidJsonata, 100, |n| {
        expression(&format!("$match('a', /{}a{}/)", "(".repeat(n), ")".repeat(n)))
    }),
    ("elements", Code::TooManyParts, 9_999, |n| expression(&format!("[{}]", joined("1", ",", n)))),
    ("statements", Code::TooManyParts, 3_000, |n| expression(&format!("({})", joined("$x := 1", ";", n)))),
];

/// An expression of DynamoDB, which is refused with the number of bytes that DynamoDB takes.
fn condition(text: &str) -> String {
    let parameters = format!(r#"{{ "TableName": "t", "Item": {{}}, "ConditionExpression": "{text}" }}"#);
    let resource = "arn:aws:states:::dynamodb:putItem";
    definition(&format!(
        r#""Type": "Task", "Resource": "{resource}", "Parameters": {parameters}, "Next": "Z""#
    ))
}

const CONDITIONS: &[Growing] = &[
    ("parentheses that do not end", Code::InvalidParameter, 4_096, |n| condition(&"(".repeat(n))),
    ("parentheses", Code::InvalidParameter, 2_000, |n| {
        condition(&format!("{}attribute_exists(a){}", "(".repeat(n), ")".repeat(n)))
    }),
    ("calls", Code::InvalidParameter, 500, |n| {
        condition(&format!("{}a{} > b", "size(".repeat(n), ")".repeat(n)))
    }),
    ("conditions", Code::InvalidParameter, 372, |n| condition(&joined("a1 > b", " AND ", n))),
    ("negations", Code::InvalidParameter, 1_000, |n| condition(&format!("{}a1 > b", "NOT ".repeat(n)))),
];

/// The largest that is taken, and one that is far larger.
fn try_both(growing: &[Growing]) {
    for (name, code, most, text) in growing {
        let taken = codes("taken.asl.json", text(*most));
        assert!(!taken.contains(code), "{name}: {most} are refused: {taken:?}");
        let refused = codes("refused.asl.json", text(50_000));
        assert!(refused.contains(code), "{name}: 50,000 are not refused with {code}: {refused:?}");
    }
}

#[test]
fn paths() {
    try_both(PATHS);
}

#[test]
fn calls_of_functions() {
    try_both(CALLS);
}

#[test]
fn choice_rules() {
    try_both(RULES);
}

#[test]
fn values() {
    try_both(VALUES);
}

#[test]
fn expressions() {
    try_both(EXPRESSIONS);
}

#[test]
fn conditions_of_dynamo_db() {
    try_both(CONDITIONS);
}

#[test]
fn yaml() {
    for text in [
        format!("StartAt: {}", "[".repeat(50_000)),
        format!("StartAt: {}", "{a: ".repeat(50_000)),
        format!("StartAt: {}a", "- ".repeat(50_000)),
        format!("{}a", "- ".repeat(50_000)),
        format!("{}a", "? ".repeat(50_000)),
        (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
    ] {
        let found = codes("deep.asl.yaml", text);
        let expected = [Code::NestedTooDeeply, Code::InvalidYaml];
        assert!(found.iter().any(|code| expected.contains(code)), "{found:?}");
    }
}

/// The longest array that is written in the code of a definition, in parts.
fn longest_array(text: String) -> usize {
    fn longest(tokens: proc_macro2::TokenStream) -> usize {
        let longest_of = |token: proc_macro2::TokenTree| {
            let proc_macro2::TokenTree::Group(group) = token else { return 0 };
            let is_array = group.delimiter() == proc_macro2::Delimiter::Bracket;
            let commas = group.stream().into_iter().filter(|token| token.to_string() == ",").count();
            longest(group.stream()).max(if is_array { commas + 1 } else { 0 })
        };
        tokens.into_iter().map(longest_of).max().unwrap_or(0)
    }
    let source = SourceFile::new("machine.asl.json", text);
    let compilation = compile(&source, &Options::default(), &Module::of_file("machine.asl.json"));
    longest(compilation.tokens.expect("no errors"))
}

/// What rustc does about a part that can fail grows with all parts before it in the same array. A constant is data, and cannot.
#[test]
fn wide_objects_and_arrays_are_no_array_of_rust() {
    let fields =
        |part: &str| (0..500).map(|number| format!(r#""a{number}{part}"#)).collect::<Vec<_>>().join(", ");
    let elements = vec!["{ \"b.$\": \"$.b\" }"; 500].join(", ");
    let members: Vec<_> = (0..500).map(|number| format!("'a{number}': $states.input.b")).collect();
    for text in [
        pass(&format!(r#""Parameters": {{ {} }}"#, fields(r#".$": "$.b""#))),
        pass(&format!(r#""Parameters": {{ "list": [{elements}] }}"#)),
        pass(&format!(r#""Assign": {{ {} }}"#, fields(r#".$": "$.b""#))),
        expression(&format!("{{ {} }}", members.join(", "))),
    ] {
        let longest = longest_array(text);
        assert!(longest <= 16, "{longest}");
    }
}

/// What rustc does about borrows grows with the square of a function.
#[test]
fn many_rules_are_several_functions() {
    let functions = |count: usize| {
        let rule = r#"{ "Variable": "$.a", "IsPresent": true, "Next": "Z" }"#;
        let rules = vec![rule; count].join(", ");
        let text = definition(&format!(r#""Type": "Choice", "Choices": [{rules}], "Default": "Z""#));
        let source = SourceFile::new("machine.asl.json", text);
        let compilation = compile(&source, &Options::default(), &Module::of_file("machine.asl.json"));
        compilation.tokens.expect("no errors").to_string().matches("fn rules").count()
    };
    assert_eq!([functions(64), functions(65), functions(1000)], [0, 2, 16]);
}
