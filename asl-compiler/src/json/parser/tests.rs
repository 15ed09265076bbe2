//! What the parser accepts, what it refuses, and with which words.

use super::*;

fn run(text: &str) -> (Option<Value>, Vec<Diagnostic>) {
    let source = SourceFile::new("t", text);
    let mut diagnostics = Diagnostics::default();
    let value = parse(&source, &mut diagnostics);
    (value, diagnostics.into_sorted())
}

/// The one problem of the text: its message and what it points at.
fn fault(text: &str) -> (String, String) {
    let (value, diagnostics) = run(text);
    assert_eq!(value, None, "{text}");
    let [diagnostic] = diagnostics.as_slice() else { panic!("{text}: {diagnostics:?}") };
    assert_eq!(diagnostic.code, Code::InvalidJson, "{text}");
    let place = text.get(diagnostic.span.range()).expect("a place in the text");
    (diagnostic.message.clone(), place.to_owned())
}

#[test]
fn all_of_json_is_read() {
    for text in [
        "null",
        " true ",
        "false\n",
        "\t{}\r\n",
        "[]",
        "[ ]",
        "{ }",
        "[1,2]",
        "[[],{},\"\",0,null]",
        r#"{"":{"":[{}]}}"#,
        r#"{"a" : 1 , "b" : [ true , false ] }"#,
        r#"{"é":"\u00e9"}"#,
    ] {
        let (value, diagnostics) = run(text);
        assert_eq!(diagnostics, [], "{text}");
        let value = value.expect("a value");
        assert_eq!(text.get(value.span.range()), Some(text.trim()), "{text}");
    }
}

#[test]
fn members_keep_their_order_and_places() {
    let text = r#"{"b": 1, "a": [true], "c": {"d": "x"}}"#;
    let (value, _) = run(text);
    let value = value.expect("a value");
    let members = value.as_object().expect("members");
    let found: Vec<_> = members.iter().map(|m| (m.name(), text.get(m.value.span.range()).unwrap())).collect();
    assert_eq!(found, [("b", "1"), ("a", "[true]"), ("c", r#"{"d": "x"}"#)]);
}

#[test]
fn syntax_errors_say_what_was_expected() {
    let cases = [
        ("", "the file is empty", ""),
        (" \r\n\t ", "the file is empty", ""),
        ("{", "expected a key in double quotes, but the file ends", ""),
        ("[", "expected a value, but the file ends", ""),
        ("[1", "expected `,` or `]` after the element, but the file ends", ""),
        ("[1,", "expected a value, but the file ends", ""),
        ("[1 2]", "expected `,` or `]` after the element, found `2`", "2"),
        ("[1}", "expected `,` or `]` after the element, found `}`", "}"),
        (r#"{"a":1 "b":2}"#, "expected `,` or `}` after the member, found `\"`", "\""),
        (r#"{"a":1]"#, "expected `,` or `}` after the member, found `]`", "]"),
        (r#"{"a" 1}"#, "expected `:` after the key, found `1`", "1"),
        (r#"{"a"}"#, "expected `:` after the key, found `}`", "}"),
        (r#"{"a":}"#, "expected a value, found `}`", "}"),
        (r#"{"a":"#, "expected a value, but the file ends", ""),
        (r#"{"a":,}"#, "expected a value, found `,`", ","),
        ("{1:2}", "expected a key in double quotes, found `1`", "1"),
        ("[,]", "expected a value, found `,`", ","),
        ("]", "expected a value, found `]`", "]"),
        ("nul", "expected a value, found `nul`", "nul"),
        ("nullé", "expected a value, found `nullé`", "nullé"),
        ("é", "expected a value, found `é`", "é"),
        ("[\u{b}]", "expected a value, found the character U+000B", "\u{b}"),
        ("\u{a0}{}", "expected a value, found `\u{a0}`", "\u{a0}"),
        ("{} {}", "there is text after the end of the value", "{"),
        ("1 x", "there is text after the end of the value", "x"),
        ("{}}", "there is text after the end of the value", "}"),
        ("[1,]", "there is a comma after the last part of an array", ","),
        ("{\"a\":1 ,\n}", "there is a comma after the last part of an object", ","),
        ("{a: 1}", "keys are written in double quotes", "a"),
        ("{'a': 1}", "strings are written in double quotes", "'"),
        ("['a']", "strings are written in double quotes", "'"),
        ("[“a”]", "strings are written in straight double quotes", "“"),
        ("// x\n{}", "JSON has no comments", "/"),
        ("{ /* x */ }", "JSON has no comments", "/"),
        ("{} # x", "JSON has no comments", "#"),
        ("[1 // x\n]", "JSON has no comments", "/"),
        ("{${Key}: 1}", "a placeholder is not allowed here", "$"),
        ("{\"a\": ${Seconds", "the placeholder is not closed", "$"),
        ("[NaN]", "`NaN` is not a JSON value", "NaN"),
        ("[True]", "`True` is not a JSON value", "True"),
        ("[/]", "expected a value, found `/`", "/"),
    ];
    for (text, message, place) in cases {
        assert_eq!(fault(text), (message.to_owned(), place.to_owned()), "{text}");
    }
}

#[test]
fn an_open_bracket_is_shown() {
    let (_, diagnostics) = run("{\"a\": [1, {\"b\": 2 \"c\": 3}]}");
    let related: Vec<_> = diagnostics.iter().flat_map(|d| &d.related).collect();
    assert_eq!(related, [&(Span::new(10, 11), "the object starts here".to_owned())]);
}

#[test]
fn duplicate_keys_are_reported_and_the_first_counts() {
    let text = r#"{"a": 1, "b": 2, "\u0061": 3, "a": {"x": 1, "x": 2}}"#;
    let (value, diagnostics) = run(text);
    let value = value.expect("a value");
    let kept: Vec<_> = value.as_object().expect("members").iter().map(Member::name).collect();
    assert_eq!(kept, ["a", "b"]);
    assert_eq!(value.get("a").and_then(Value::as_number), Some(crate::vocabulary::Number::Int(1)));
    let found: Vec<_> = diagnostics.iter().map(|d| text.get(d.span.range()).unwrap()).collect();
    assert_eq!(found, [r#""\u0061""#, r#""a""#, r#""x""#]);
    assert!(diagnostics.iter().all(|d| d.code == Code::DuplicateKey && d.related.len() == 1));
}

#[test]
fn an_object_with_many_keys_takes_no_long_time() {
    let members: Vec<_> = (0..100_000).map(|n| format!("\"k{n}\":{n}")).collect();
    let (value, diagnostics) = run(&format!("{{{}}}", members.join(",")));
    assert_eq!(diagnostics, []);
    assert_eq!(value.and_then(|v| v.as_object().map(<[Member]>::len)), Some(100_000));
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(run(&nested(NESTING_LIMIT)).0.is_some());
    for text in [nested(NESTING_LIMIT + 1), nested(10_000), "[".repeat(1_000_000), "{\"a\":".repeat(10_000)] {
        let (value, diagnostics) = run(&text);
        assert_eq!(value, None);
        assert_eq!(diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::NestedTooDeeply]);
    }
}

#[test]
fn a_file_that_is_no_text_is_reported_once() {
    for bytes in [b"{\"a\": \"\xFF\"}".to_vec(), vec![b'['; 100 * 1024 * 1024]] {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(parse(&SourceFile::new("t", bytes), &mut diagnostics), None);
        assert_eq!(diagnostics.into_sorted().len(), 1);
    }
}

#[test]
fn every_prefix_of_a_text_is_an_error_and_no_crash() {
    let text = r#"{"Comment": "é\n\u00e9\ud83d\ude00", "x": [1.5e3, -2, true, null, {"y": {}}]}"#;
    assert!(run(text).0.is_some());
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
        let (value, diagnostics) = run(text.get(..end).unwrap());
        assert_eq!(value, None, "{end}");
        assert!(!diagnostics.is_empty(), "{end}");
    }
}

#[test]
fn a_file_full_of_faults_is_not_reported_in_full() {
    let text = format!("\"{}\"", r"\q".repeat(1_000_000));
    let (value, diagnostics) = run(&text);
    assert!(value.is_some());
    assert_eq!(diagnostics.len(), REPORT_LIMIT);
}
