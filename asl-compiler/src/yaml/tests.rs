use super::*;
use crate::vocabulary::Number;

fn run(text: &str) -> (SourceFile, Option<Value>, Vec<Diagnostic>) {
    let source = SourceFile::new("t.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let value = parse(&source, Tags::Refused, &mut diagnostics);
    (source, value, diagnostics.into_sorted())
}

fn value(text: &str) -> (SourceFile, Value) {
    let (source, value, diagnostics) = run(text);
    assert_eq!(diagnostics, [], "{text}");
    (source, value.expect("a value"))
}

fn messages(text: &str) -> Vec<(String, String)> {
    let (source, _, diagnostics) = run(text);
    diagnostics.into_iter().map(|found| (found.message, source.slice(found.span).to_owned())).collect()
}

#[test]
fn scalars_are_those_of_yaml_1_2() {
    let text = "[null, ~, , True, FALSE, 1, -17, +3, 0x1F, 0o17, 1.50, .5, 1e3, 2., a b, 'x', \"5\", !!str 5, 2016-03-14T01:59:00Z, 1_000, 12:30, ${X}]";
    let (_, found) = value(&text.replace(", ,", ", ~,").replace(", ${X}", ""));
    let shown: Vec<_> = found
        .as_array()
        .expect("an array")
        .iter()
        .map(|value| match &value.kind {
            Kind::Null => "null".to_owned(),
            Kind::Bool(boolean) => boolean.to_string(),
            Kind::Number(Number::Int(int)) => int.to_string(),
            Kind::Number(Number::Float(float)) => format!("{float:?}"),
            Kind::String(text) => format!("'{}'", text.value),
            Kind::Number(Number::Uint(_)) | Kind::Array(_) | Kind::Object(_) => format!("{:?}", value.kind),
        })
        .collect();
    assert_eq!(
        shown.join(" "),
        "null null null true false 1 -17 3 31 15 1.5 0.5 1000.0 2.0 'a b' 'x' '5' '5' '2016-03-14T01:59:00Z' '1_000' '12:30'"
    );
}

#[test]
fn everything_has_its_place() {
    let text = "A:\n  B: [1, 'two']\n  C: {x: y}\n  D:\n    - e\n    - f\nG: end\n";
    let (source, found) = value(text);
    let slice = |value: &Value| source.slice(value.span).to_owned();
    assert_eq!(slice(&found), text.trim_end());
    let a = found.get("A").expect("A");
    assert_eq!(slice(a), "B: [1, 'two']\n  C: {x: y}\n  D:\n    - e\n    - f");
    assert_eq!(slice(a.get("B").expect("B")), "[1, 'two']");
    assert_eq!(slice(a.get("C").expect("C")), "{x: y}");
    assert_eq!(slice(a.get("D").expect("D")), "- e\n    - f");
    assert_eq!(source.slice(found.member("G").expect("G").key.span), "G");
}

/// The word of the text at which each word of the decoded string is.
fn words(text: &str) -> Vec<(String, String)> {
    let (source, found) = value(text);
    let text = found.get("k").and_then(Value::as_text).expect("a string").clone();
    let mut at = 0;
    let mut words = Vec::new();
    for word in text.value.split_whitespace() {
        let start = at + text.value.get(at..).and_then(|rest| rest.find(word)).expect("the word");
        at = start + word.len();
        words.push((word.to_owned(), source.slice(text.span_of(start..at)).to_owned()));
    }
    words
}

#[test]
fn characters_of_texts_have_their_places() {
    for text in [
        "k: $.a.b plain é text",
        "k: plain over\n  two   \n\n  lines",
        "k: 'quoted over\n\n   some\n   lines'",
        "k: \"quoted over\n   some\n   lines\"\n",
        "k: |\n  literal text\n    indented more\n\n  end\n",
        "k: |-\r\n  literal\r\n  text\r\n",
        "k: >-\n  folded text\n  over lines\n\n\n  end",
        "k: |2\n    two more\n  end\n",
        "{k: flow text, l: 1}",
    ] {
        for (word, found) in words(text) {
            assert_eq!(word, found, "{text:?}");
        }
    }
    let expected = |list: &[(&str, &str)]| -> Vec<(String, String)> {
        list.iter().map(|(word, found)| ((*word).to_owned(), (*found).to_owned())).collect()
    };
    assert_eq!(words("k: 'it''s fine'"), expected(&[("it's", "it''s"), ("fine", "fine")]));
    let escapes = "k: \"a\\u00e9b c\\td \\\"e\\\" \\\n   f\"";
    let pairs = [("aéb", "a\\u00e9b"), ("c", "c"), ("d", "d"), ("\"e\"", "\\\"e\\\""), ("f", "f")];
    assert_eq!(words(escapes), expected(&pairs));
}

#[test]
fn anchors_aliases_and_merges_are_resolved() {
    let text = "a: &a {x: 1, y: 2}\nb: *a\nc:\n  <<: *a\n  x: 3\nd: {<<: [*a, {z: 4}]}\n'<<': text\n";
    let (_, found) = value(text);
    let number = |a: &str, b: &str| found.get(a).and_then(|a| a.get(b)).and_then(Value::as_number);
    assert_eq!(number("b", "y"), Some(Number::Int(2)));
    assert_eq!([number("c", "x"), number("c", "y")], [Some(Number::Int(3)), Some(Number::Int(2))]);
    assert_eq!([number("d", "x"), number("d", "z")], [Some(Number::Int(1)), Some(Number::Int(4))]);
    assert_eq!(found.get("<<").and_then(Value::as_str), Some("text"));
}

#[test]
fn what_json_cannot_say_is_reported() {
    let cases = [
        ("", "the file is empty", ""),
        ("# only a comment", "the file is empty", ""),
        ("a: 1\n---\nb: 2", "the file has a second document", "---"),
        ("a: 1\na: 2", "the key `a` is there twice", "a"),
        ("? [x]\n: 1", "a key has to be a string", "[x]"),
        ("a: .inf", "`.inf` is not a JSON number", ".inf"),
        ("a: !Sub '${b}'", "the tag `!Sub` means nothing in a definition", "!Sub"),
        ("a: !!set {b: null}", "the tag `!!set` means nothing in a definition", "!!set"),
        ("a: &a [*a]", "an alias refers to itself", "*a"),
        ("<<: 1", "`<<` takes over no object", "1"),
        ("a: yes", "`yes` is a boolean in YAML 1.1 and a string in YAML 1.2", "yes"),
        ("a: 010", "`010` is an octal number in YAML 1.1 and a decimal one in YAML 1.2", "010"),
        ("a: 18446744073709551617", "`18446744073709551617` cannot be kept exactly", "18446744073709551617"),
    ];
    for (text, message, place) in cases {
        assert_eq!(messages(text), [(message.to_owned(), place.to_owned())], "{text}");
    }
}

#[test]
fn no_alias_makes_a_text_without_end() {
    let mut laughs = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for n in 1..30 {
        let before = n - 1;
        laughs.push_str(&format!("a{n}: &a{n} [{}]\n", vec![format!("*a{before}"); 9].join(", ")));
    }
    let (_, value, found) = run(&laughs);
    assert!(value.is_none());
    assert!(found.iter().any(|found| found.message.contains("more than a definition may have")));
    let mut deep = String::from("a0: &a0 [1]\n");
    for n in 1..300 {
        deep.push_str(&format!("a{n}: &a{n} [*a{}]\n", n - 1));
    }
    assert!(run(&deep).2.iter().any(|found| found.code == Code::NestedTooDeeply));
    assert!(!run(&"[".repeat(100_000)).2.is_empty());
    assert!(!run(&"- ".repeat(100_000)).2.is_empty());
    assert!(!run(&"{a: ".repeat(100_000)).2.is_empty());
}

#[test]
fn no_text_makes_it_panic() {
    let pieces = [
        "a", ":", " ", "\n", "-", "'", "\"", "|", ">", "&x", "*x", "!", "{", "}", "[", "]", ",", "\\", "é",
        "\r\n", "\t", "?", "#", "%", "<<",
    ];
    let mut seed = 1_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..(seed % 17) {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let piece = usize::try_from((seed >> 33) % 25).unwrap_or_default();
            text.push_str(pieces.get(piece).copied().unwrap_or_default());
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (source, value, _) = run(&text);
        let _ = value.map(|value| source.slice(value.span).len());
    }
}
