use super::doubt::{Doubted, of_order};
use super::parser::{parse, parse_argument};
use super::*;
use crate::vocabulary::{Filter, FilterCondition, FilterOperand, FilterPath, FilterRelation, Step};

fn text(path: &str) -> Text {
    Text { value: path.to_owned(), span: Span::new(10, 12 + path.len()), escapes: Vec::new() }
}

fn selectors(path: &str) -> Vec<Selector> {
    parse(&text(path)).unwrap().segments.into_iter().map(|segment| segment.selector).collect()
}

fn name(name: &str) -> Selector {
    Selector::Name(name.to_owned())
}

fn slice(start: impl Into<Option<i64>>, end: impl Into<Option<i64>>) -> Selector {
    Selector::Slice { start: start.into(), end: end.into() }
}

#[test]
fn parts_are_cut_at_dots_brackets_and_blanks() {
    for (path, expected) in [
        ("$", vec![]),
        ("$.a.b-c ", vec![name("a"), name("b-c")]),
        ("$['a b'].é", vec![name("a b"), name("é")]),
        ("$.a.['b c']", vec![name("a"), name("b c")]),
        ("$[0]a", vec![Selector::Index(0), name("a")]),
        ("$..a", vec![Selector::Descendants, name("a")]),
        ("$.*[*]*", vec![Selector::Wildcard, Selector::Wildcard, Selector::Wildcard]),
        ("$.*a", vec![name("*a")]),
        ("$.length()", vec![name("length()")]),
        ("$.it's", vec![name("it")]),
        (r"$['it\'s']", vec![name(r"it\")]),
        ("$['a]b']", vec![Selector::Names(vec![]), name("b")]),
        ("$['a' , 'b']", vec![Selector::Names(vec!["a".into(), "b".into()])]),
    ] {
        assert_eq!(selectors(path), expected, "{path}");
    }
}

#[test]
fn numbers_in_brackets_start_at_the_first_digit() {
    for (path, expected) in [
        ("$[0]", Selector::Index(0)),
        ("$[ 1 2 ]", Selector::Index(12)),
        ("$[-1]", Selector::Index(-1)),
        ("$[\"a1\"]", Selector::Index(1)),
        ("$[0..1]", Selector::Index(0)),
        ("$[1,]", Selector::Index(1)),
        ("$[1,-2]", Selector::Indexes(vec![1, -2])),
        ("$[1:2,3]", slice(1, 2)),
        ("$[1:]", slice(1, None)),
        ("$[:-1]", slice(None, -1)),
        ("$[0:9:2]", slice(0, 9)),
        ("$[0::2]", slice(0, None)),
        ("$[(@.length-1)]", Selector::FromEnd(-1)),
        ("$[(@.size() - 2)]", Selector::FromEnd(-2)),
    ] {
        assert_eq!(selectors(path), [expected], "{path}");
    }
}

#[test]
fn what_does_not_mean_what_it_looks_like_is_doubted() {
    use Doubted::{DoubleQuotedName, ElementsInside, InBrackets, NamesInside};
    for (path, expected) in [
        ("$[0]", vec![]),
        ("$[ 0 ]", vec![]),
        ("$[1,2].a['b']", vec![Doubted::IndexList]),
        ("$[\"a1\"]", vec![DoubleQuotedName]),
        // What follows is not a name here, but a filter, and an index that is computed.
        ("$[\"[?(@.a)]]", vec![]),
        ("$[\"(@.length-1)]", vec![]),
        ("$[a1]", vec![InBrackets]),
        ("$[1a]", vec![InBrackets]),
        ("$['a','b'].c", vec![NamesInside]),
        ("$['a','b']", vec![]),
        ("$..[0].a", vec![ElementsInside]),
        ("$..[0]", vec![]),
        ("$.a[0].b", vec![]),
        ("$..a[0].b", vec![]),
    ] {
        let read = parse(&text(path)).unwrap();
        let found = read.doubts.iter().cloned().chain(of_order(&read.segments));
        assert_eq!(found.map(|doubt| doubt.what).collect::<Vec<_>>(), expected, "{path}");
    }
}

#[test]
fn the_root_is_data_context_or_variable() {
    assert_eq!(parse(&text("$.a")).unwrap().root, Root::Data);
    assert_eq!(parse(&text("$$.a")).unwrap().root, Root::Context);
    let path = parse(&text("$order.a")).unwrap();
    assert_eq!(path.root, Root::Variable("order".to_owned()));
    assert_eq!(path.root_span, Span::new(11, 17));
}

#[test]
fn segments_know_their_place() {
    let path = parse(&text("$.ab[0]")).unwrap();
    let spans: Vec<_> = path.segments.iter().map(|segment| segment.span).collect();
    assert_eq!(spans, [Span::new(12, 15), Span::new(15, 18)]);
}

#[test]
fn an_argument_ends_at_its_comma_or_parenthesis() {
    for (arguments, path) in [
        ("$.a, 1)", "$.a"),
        ("$.l[?(@.a == ',)')].d)", "$.l[?(@.a == ',)')].d"),
        ("$.l.length() , 1)", "$.l.length()"),
        ("$['a,b'])", "$['a,b']"),
        ("$.it's, $.that's)", "$.it's"),
    ] {
        let arguments = text(arguments);
        let mut cursor = Cursor::new(&arguments);
        assert_eq!(parse_argument(&mut cursor).unwrap().text, path);
        assert!(matches!(cursor.peek(), Some(',' | ')')), "{path}");
    }
}

fn filter(condition: &str) -> Filter {
    match selectors(&format!("$[?({condition})]")).pop() {
        Some(Selector::Filter(filter)) => filter,
        other => panic!("{other:?} is not a filter"),
    }
}

fn at(name: &str) -> FilterPath {
    FilterPath { from_data: false, steps: vec![Step::Name(name.to_owned())], selectors: Vec::new() }
}

fn exists(name: &str, wanted: bool) -> FilterCondition {
    FilterCondition::Exists { path: at(name), wanted }
}

fn compare(name: &str, relation: FilterRelation, right: FilterOperand) -> FilterCondition {
    FilterCondition::Compare { left: FilterOperand::Path(at(name)), relation, right }
}

fn literal(text: &str) -> FilterOperand {
    FilterOperand::Text(text.to_owned())
}

#[test]
fn conditions_are_tested_from_the_last_on_and_lose_their_parentheses() {
    let [a, b, c] = ["a", "b", "c"].map(|name| exists(name, true));
    assert_eq!(filter("@.a || @.b && @.c").any, [vec![c.clone(), b.clone()], vec![a.clone()]]);
    assert_eq!(filter("((@.a||@.b) && @.c)").any, [vec![c, b], vec![a]]);
    assert_eq!(filter("!@.a").any, [[exists("a", false)]]);
}

#[test]
fn literals_have_no_type() {
    use FilterRelation::{Equals, Matches, NotEquals};
    for (condition, expected) in [
        ("@.a == 'x y'", compare("a", Equals, literal("x y"))),
        ("@.a==AMOUNT_PAID", compare("a", Equals, literal("AMOUNT_PAID"))),
        ("@.a == \"x\"", compare("a", Equals, literal("\"x\""))),
        ("@.a == 1", compare("a", Equals, literal("1"))),
        ("!@.a != null", compare("a", NotEquals, literal("null"))),
        ("@.a == @.b", compare("a", Equals, FilterOperand::Path(at("b")))),
        ("@.a =~ ann", compare("a", Matches, literal("ann"))),
    ] {
        assert_eq!(filter(condition).any, [[expected]], "{condition}");
    }
}

#[test]
fn faults_are_at_the_character() {
    for (path, range) in [
        ("", 0..0),
        ("a.b", 0..3),
        ("$.", 2..2),
        ("$.a..", 5..5),
        ("$.a b", 3..4),
        ("$.a[", 3..4),
        ("$.a[0", 3..5),
        ("$.a[b]", 4..5),
        ("$['a", 1..4),
        ("$[::2]", 3..3),
        ("$[99999999999999999999]", 2..22),
        ("$[(@.count-1)].a", 1..14),
        ("$[?@.a]", 3..4),
        ("$[?]", 3..3),
        ("$[?(@.a]", 3..8),
        ("$[?(@.a = 1)]", 8..9),
        ("$[?(@.a in ['x'])]", 8..10),
        ("$[?(@.a[*] == 1)]", 4..10),
        ("$[?(@..a == 1)]", 4..8),
        ("$[?($x.a == 1)]", 5..6),
        ("$[?('a')]", 4..7),
        ("$[?(@.a && )]", 10..10),
        ("$[?(@.a == 'x)]", 11..15),
        ("$[?(! @.a)]", 4..9),
        ("$[?(@.a == !@.b)]", 11..15),
        ("$[?(@.a =~ /*a/)]", 13..14),
    ] {
        match parse(&text(path)) {
            Err(fault) => assert_eq!(fault.range, range, "{path}"),
            Ok(path) => panic!("{path:?} is a path"),
        }
    }
}

#[test]
fn deep_texts_are_read_in_bounded_stack() {
    for text_ in ["[?(@.a", "[?((", "['a'", "[(@.length", "..[0]"] {
        let _ = parse(&text(&format!("${}", text_.repeat(50_000))));
    }
}
