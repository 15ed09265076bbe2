use super::tree::{Expression, ExpressionKind, Path, Stage, StepKind};
use super::{NESTING_LIMIT, parse, references};

/// The code, the text at fault, and the message.
fn fault(text: &str) -> (&'static str, &str, String) {
    let fault = parse(text).expect_err(text);
    (fault.code, text.get(fault.span.range()).expect("a place in the text"), fault.message)
}

fn path(text: &str) -> Path {
    let expression = parse(text).expect(text);
    let ExpressionKind::Path(path) = expression.kind else { panic!("{text} is not a path") };
    path
}

#[test]
fn every_fault_has_its_code_and_its_place() {
    for (text, code, place) in [
        ("'abc", "S0101", "'abc"),
        ("1e999", "S0102", "1e999"),
        (r"'a\y'", "S0103", r"\y"),
        (r"'\u12'", "S0104", r"\u"),
        ("`a", "S0105", "`a"),
        ("1 /* a", "S0106", "/*"),
        ("1 2", "S0201", "2"),
        ("[1, 2}", "S0202", "}"),
        ("(1; 2", "S0203", ""),
        ("a ! b", "S0204", "!"),
        ("1 +", "S0207", ""),
        ("function(a) { 1 }", "S0208", "a"),
        ("$x{a: b}[0]", "S0209", "[0]"),
        ("a{b: c}{d: e}", "S0210", "{d: e}"),
        ("1 + * )", "S0201", ")"),
        (")", "S0211", ")"),
        ("a := 1", "S0212", "a"),
        ("a.1", "S0213", "1"),
        ("a@b", "S0214", "b"),
        ("a[0]@$b", "S0215", "@"),
        ("a^(b)@$c", "S0216", "@"),
        ("%", "S0217", "%"),
        ("a.%.%", "S0217", "%"),
        ("$match(a, //)", "S0301", "//"),
        ("$match(a, /b", "S0302", "/b"),
        ("$match(a, /b/ii)", "S0303", "ii"),
        ("function($a)<n<n>>{ 1 }", "S0401", "<n<n>>"),
        ("function($a)<(a<n>s)>{ 1 }", "S0402", "<(a<n>s)>"),
    ] {
        let (found, at, _) = fault(text);
        assert_eq!((found, at), (code, place), "{text}");
    }
}

#[test]
fn messages_are_those_of_the_language() {
    for (text, message) in [
        ("[1, 2", r#"Expected "]" before end of expression"#),
        ("(1, 2)", r#"Expected ")", got ",""#),
        ("'a", "String literal must be terminated by a matching quote"),
        ("a.true", "The literal value true cannot be used as a step within a path expression"),
        ("a 1e30", "Syntax error: 1e+30"),
        ("/a/", "Unexpected end of expression"),
    ] {
        if let Err(fault) = parse(text) {
            assert_eq!(fault.message, message, "{text}");
        }
    }
}

#[test]
fn nesting_is_limited() {
    for (before, inside, after) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("-", "a", ""),
        ("", "a", ".a"),
        ("", "1", "+1"),
        ("$f(", "1", ")"),
    ] {
        let text = |times| format!("{}{inside}{}", before.repeat(times), after.repeat(times));
        assert!(parse(&text(NESTING_LIMIT - 1)).is_ok(), "{before}{inside}{after}");
        for times in [NESTING_LIMIT + 1, 100_000] {
            let fault = parse(&text(times)).expect_err("too deep");
            assert_eq!(fault.code, "U1001");
        }
    }
}

#[test]
fn paths_are_flat_and_their_names_may_be_strings() {
    let steps = path("a.'b c'.`d e`.*").steps;
    let kinds: Vec<_> = steps
        .iter()
        .map(|step| {
            if let StepKind::Expression(Expression { kind: ExpressionKind::Name(name), .. }) = &step.kind {
                name.as_str()
            } else {
                "*"
            }
        })
        .collect();
    assert_eq!(kinds, ["a", "b c", "d e", "*"]);
}

#[test]
fn filters_and_positions_follow_their_step_in_order() {
    let steps = path("a.b[c]#$i[d]").steps;
    let stages: Vec<_> = steps[1].stages.iter().map(|stage| matches!(stage, Stage::Index(_))).collect();
    assert_eq!(stages, [false, true, false]);
    assert_eq!(path("a.b#$i").steps[1].index.as_deref(), Some("i"));
}

#[test]
fn an_empty_filter_keeps_the_array_of_the_whole_path() {
    assert!(path("a[].b").keep_singleton_array);
    assert!(path("a.b[][0]").keep_singleton_array);
    assert!(!path("a.b").keep_singleton_array);
}

#[test]
fn a_parent_is_bound_where_it_is_found() {
    let steps = path("a.b.{'x': %.c, 'y': %.%.d}").steps;
    assert!(steps[0].ancestor.is_some() && steps[1].ancestor.is_some());
    assert_ne!(steps[0].ancestor, steps[1].ancestor);
    let steps = path("a.b[%.c = 1 and %.d = 2]").steps;
    assert!(steps[0].ancestor.is_none() && steps[1].tuple);
}

#[test]
fn calls_in_tail_position_are_marked() {
    let tail = |text: &str| {
        let ExpressionKind::Lambda(lambda) = parse(text).expect(text).kind else { panic!("{text}") };
        format!("{:?}", lambda.body).contains("tail: true")
    };
    assert!(tail("function($n) { $n = 0 ? 1 : $f($n - 1) }"));
    assert!(tail("function() { ($a := 1; $f($a)) }"));
    assert!(!tail("function($n) { $n * $f($n - 1) }"));
}

#[test]
fn a_slash_after_an_operand_divides() {
    assert!(matches!(parse("a / b / c").expect("two divisions").kind, ExpressionKind::Binary(_)));
    assert!(matches!(parse("$contains(a, /b\\/[/]c/im)").expect("a call").kind, ExpressionKind::Call(_)));
}

#[test]
fn halves_of_letters_are_put_together() {
    assert_eq!(parse(r"'\ud83d\ude02'").expect("a string").kind, ExpressionKind::String("😂".to_owned()));
}

#[test]
fn references_are_variables_from_outside_with_their_fields() {
    let text = "($x := $states.input.a[0].b; $x + $y.c ~> $f(function($z) { $z }))";
    let found: Vec<_> = references(&parse(text).expect(text))
        .into_iter()
        .map(|reference| {
            let fields: Vec<_> = reference.fields.into_iter().map(|field| field.name).collect();
            (reference.name, reference.called, fields.join("."))
        })
        .collect();
    let expected = [("states", false, "input.a.b"), ("y", false, "c"), ("f", true, "")];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(name, called, fields)| (name.to_owned(), called, fields.to_owned()))
        .collect();
    assert_eq!(found, expected);
}
