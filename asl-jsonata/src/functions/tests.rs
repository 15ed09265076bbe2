//! What functions give for arguments.

use super::*;
use crate::test_world::evaluating;
use crate::{Builtin, Outcome, Pattern, call_builtin};
use asl_value::Value;

fn evaluate(builtin: &Builtin, arguments: &[Data]) -> Result<Option<Value>, Option<&'static str>> {
    let result = evaluating(|evaluation| call_builtin(evaluation, builtin, View::Nothing, arguments));
    result.map(|data| data.settled().into_json()).map_err(|failure| failure.code())
}

fn data(json: &str) -> Vec<Data> {
    let arguments = Value::from_json(json).unwrap();
    arguments.as_array().unwrap().iter().cloned().map(Data::Value).collect()
}

/// What a function yields, as JSON; nothing is an empty text.
fn result(builtin: &Builtin, arguments: &[Data]) -> String {
    match evaluate(builtin, arguments) {
        Ok(value) => value.map(|value| value.to_string()).unwrap_or_default(),
        Err(code) => code.unwrap_or("bound").to_owned(),
    }
}

#[track_caller]
fn assert_gives(builtin: &Builtin, cases: &[(&str, &str)]) {
    for (arguments, expected) in cases {
        assert_eq!(result(builtin, &data(arguments)), *expected, "${}{arguments}", builtin.name);
    }
}

#[test]
fn places_in_strings_count_code_points() {
    assert_gives(&LENGTH, &[(r#"["a😀é"]"#, "3"), (r#"[""]"#, "0"), ("[1]", "T0410")]);
    assert_gives(
        &SUBSTRING,
        &[
            (r#"["hello", 1]"#, r#""ello""#),
            (r#"["hello", -3, 2]"#, r#""ll""#),
            (r#"["hello", -9, 2]"#, r#""he""#),
            (r#"["a😀é", 1, 1]"#, r#""😀""#),
            (r#"["hello", 2, -1]"#, r#""""#),
            (r#"["hello", 0, -1]"#, r#""""#),
            (r#"["hello", 0, 0]"#, r#""""#),
            (r#"["hello", -3, 0]"#, r#""""#),
            (r#"["hello", 9]"#, r#""""#),
        ],
    );
    assert_gives(&SUBSTRING_BEFORE, &[(r#"["a-b-c", "-"]"#, r#""a""#), (r#"["abc", "-"]"#, r#""abc""#)]);
    assert_gives(&SUBSTRING_AFTER, &[(r#"["a-b-c", "-"]"#, r#""b-c""#), (r#"["abc", ""]"#, r#""abc""#)]);
}

#[test]
fn strings_are_trimmed_padded_and_joined() {
    assert_gives(&TRIM, &[(r#"["  a \n b\t"]"#, r#""a b""#), (r#"["a b"]"#, r#""a b""#)]);
    assert_gives(
        &PAD,
        &[
            (r#"["a", 3]"#, r#""a  ""#),
            (r#"["a", -4, "xy"]"#, r#""xyxa""#),
            (r#"["é", 3, "😀"]"#, r#""é😀😀""#),
            (r#"["a", 262146]"#, "bound"),
        ],
    );
    assert_gives(&JOIN, &[(r#"[["a","b"], "-"]"#, r#""a-b""#), (r#"["a"]"#, r#""a""#), ("[[1]]", "T0412")]);
    assert_gives(&UPPERCASE, &[(r#"["straße"]"#, r#""STRASSE""#)]);
}

#[test]
fn everything_has_a_string() {
    assert_gives(
        &STRING,
        &[
            (r#"["a"]"#, r#""a""#),
            ("[0.30000000000000004]", r#""0.3""#),
            (r#"[{"a":[1,null]}]"#, r#""{\"a\":[1,null]}""#),
            ("[[1], true]", r#""[\n  1\n]""#),
        ],
    );
    assert_eq!(result(&STRING, &[Data::Unbounded(f64::NAN)]), "D3001");
}

#[test]
fn texts_are_encoded_as_the_reference_does_it() {
    assert_gives(&BASE64ENCODE, &[(r#"["hello"]"#, r#""aGVsbG8=""#), (r#"["é"]"#, r#""6Q==""#)]);
    assert_gives(&BASE64DECODE, &[(r#"["aGVsbG8="]"#, r#""hello""#), (r#"["6Q"]"#, r#""é""#)]);
    assert_gives(&ENCODE_URL_COMPONENT, &[(r#"["?x=é"]"#, r#""%3Fx%3D%C3%A9""#)]);
    assert_gives(&ENCODE_URL, &[(r#"["a?x=é b"]"#, r#""a?x=%C3%A9%20b""#)]);
    assert_gives(&DECODE_URL_COMPONENT, &[(r#"["%3Fx%3D%C3%A9"]"#, r#""?x=é""#), (r#"["%"]"#, "D3140")]);
    assert_gives(&DECODE_URL, &[(r#"["%3Fx%20"]"#, r#""%3Fx ""#)]);
}

#[test]
fn numbers_are_read_rounded_and_shown() {
    assert_gives(
        &NUMBER,
        &[(r#"["0x10"]"#, "16"), ("[true]", "1"), (r#"["1e3"]"#, "1000"), (r#"["x"]"#, "D3030")],
    );
    assert_gives(
        &ROUND,
        &[
            ("[2.5]", "2"),
            ("[4.525, 2]", "4.52"),
            ("[125, -1]", "120"),
            ("[9007199254740993]", "9007199254740993"),
        ],
    );
    assert_gives(&SQRT, &[("[9]", "3"), ("[-1]", "D3060")]);
    assert_gives(&POWER, &[("[2, -1]", "0.5"), ("[-8, 0.5]", "D3061")]);
    assert_gives(&FORMAT_BASE, &[("[255, 16]", r#""ff""#), ("[2.5]", r#""2""#), ("[1, 1]", "D3100")]);
    assert_gives(
        &FORMAT_NUMBER,
        &[(
            r##"[1234.5, "#.##0,00", {"decimal-separator": ",", "grouping-separator": "."}]"##,
            r#""1.234,50""#,
        )],
    );
    assert_gives(&FLOOR, &[("[-1.5]", "-2"), ("[9007199254740993]", "9007199254740993")]);
    assert_gives(&ABS, &[("[-3]", "3"), ("[3]", "3")]);
}

#[test]
fn arrays_come_to_one_value() {
    assert_gives(&SUM, &[("[[1,2,3.5]]", "6.5"), ("[[]]", "0"), ("[4]", "4"), (r#"[["a"]]"#, "T0412")]);
    assert_gives(&MAX, &[("[[1,3,2]]", "3"), ("[[]]", "")]);
    assert_gives(&AVERAGE, &[("[[1,2]]", "1.5"), ("[[]]", "")]);
    assert_gives(&COUNT, &[("[[1,2]]", "2"), ("[null]", "1")]);
    assert_eq!(result(&COUNT, &[Data::Nothing]), "0");
    assert_eq!(result(&SUM, &[Data::Nothing]), "");
}

#[test]
fn arrays_are_put_together_and_taken_apart() {
    assert_gives(&APPEND, &[("[1, [2]]", "[1,2]"), ("[[], []]", "[]")]);
    assert_gives(&REVERSE, &[("[[1,2,3]]", "[3,2,1]"), ("[5]", "[5]")]);
    assert_gives(
        &DISTINCT,
        &[(r#"[[1,"1",1.0,{"a":1},null,{"a":1},null,0,-0.0]]"#, r#"[1,"1",{"a":1},null,0]"#), ("[5]", "5")],
    );
    let function = |builtin| Data::Function(crate::Function::builtin(builtin));
    let list =
        |element| Data::List(std::rc::Rc::new(crate::List::new(vec![element, Data::text("a")], false)));
    let functions = [&SUM, &MAX, &SUM].map(function);
    let lists = [&SUM, &MAX, &SUM].map(function).map(list);
    let all = functions.into_iter().chain(lists).collect();
    let array = Data::List(std::rc::Rc::new(crate::List::new(all, false)));
    let distinct =
        evaluating(|evaluation| call_builtin(evaluation, &DISTINCT, View::Nothing, &[array])).unwrap();
    assert_eq!(distinct.view().count(), 4, "functions are the same or not, alone and in arrays");
    assert_gives(&ZIP, &[("[[1,2,3],[4,5]]", "[[1,4],[2,5]]"), ("[1, 2]", "[[1,2]]")]);
    assert_gives(
        &SORT,
        &[("[[3,1,2]]", "[1,2,3]"), (r#"[["b","a"]]"#, r#"["a","b"]"#), (r#"[["b",1]]"#, "D3070")],
    );
    assert_eq!(
        Value::from_json(&result(&SHUFFLE, &data("[[1,2,3,4]]"))).unwrap().as_array().unwrap().len(),
        4
    );
}

#[test]
fn objects_are_put_together_and_taken_apart() {
    assert_gives(
        &KEYS,
        &[(r#"[[{"a":1},{"b":2,"a":3}]]"#, r#"["a","b"]"#), ("[1]", ""), (r#"[{"a":1}]"#, r#""a""#)],
    );
    assert_gives(
        &LOOKUP,
        &[(r#"[[{"a":[1,2]},{"a":3},{}], "a"]"#, "[1,2,3]"), (r#"[{"a":[1]}, "a"]"#, "[1]")],
    );
    assert_gives(
        &SPREAD,
        &[
            (r#"[{"a":1,"b":2}]"#, r#"[{"a":1},{"b":2}]"#),
            (r#"[[{"a":1}]]"#, r#"[{"a":1}]"#),
            ("[[{}]]", "[]"),
            ("[1]", "1"),
        ],
    );
    assert_gives(&MERGE, &[(r#"[[{"a":1},{"b":2,"a":3}]]"#, r#"{"a":3,"b":2}"#), ("[[]]", "{}")]);
}

/// A function of two numbers.
fn arithmetic(arity: usize, compute: fn(f64, f64) -> Data) -> Data {
    Data::Function(Function::lambda(arity, move |_, arguments| {
        let number = |index: usize| arguments.get(index).and_then(|data| data.view().as_f64()).unwrap_or(0.0);
        Ok(Outcome::Data(compute(number(0), number(1))))
    }))
}

#[test]
fn functions_are_called_for_each_part() {
    let numbers = || data("[[1,2,3]]").remove(0);
    let above = |limit: f64| {
        arithmetic(1, if limit > 2.0 { |n, _| Data::boolean(n > 2.0) } else { |n, _| Data::boolean(n > 1.0) })
    };
    assert_eq!(
        result(&MAP, &[numbers(), arithmetic(2, |n, index| Data::number(n * 10.0 + index))]),
        "[10,21,32]"
    );
    assert_eq!(result(&MAP, &[numbers(), Data::Function(Function::builtin(&STRING))]), r#"["1","2","3"]"#);
    assert_eq!(result(&FILTER, &[numbers(), above(2.0)]), "[2,3]");
    assert_eq!(result(&FILTER, &[numbers(), above(3.0)]), "3");
    assert_eq!(result(&SINGLE, &[numbers(), above(3.0)]), "3");
    assert_eq!(result(&SINGLE, &[numbers(), above(2.0)]), "D3138");
    assert_eq!(result(&SINGLE, &[data("[[]]").remove(0)]), "D3139");
    assert_eq!(result(&REDUCE, &[numbers(), arithmetic(2, |a, b| Data::number(a + b))]), "6");
    assert_eq!(result(&REDUCE, &[numbers(), arithmetic(1, |a, _| Data::number(a))]), "D3050");
    assert_eq!(result(&SORT, &[numbers(), arithmetic(2, |a, b| Data::boolean(a < b))]), "[3,2,1]");
    let object = || data(r#"[{"a":1,"b":5}]"#).remove(0);
    assert_eq!(result(&SIFT, &[object(), above(3.0)]), r#"{"b":5}"#);
    assert_eq!(result(&EACH, &[object(), arithmetic(1, |n, _| Data::number(n))]), "[1,5]");
}

#[test]
fn regular_expressions_match_replace_and_split() {
    static DIGITS: Pattern = Pattern::new("(\\d)(x)?", false, false);
    static EMPTY: Pattern = Pattern::new("y*", false, false);
    static WRONG: Pattern = Pattern::new("(", false, false);
    let text = |text: &str| Data::text(text);
    assert_eq!(
        WRONG.function().unwrap_err().message(),
        "Invalid regular expression: /(/: Unterminated group"
    );
    assert_eq!(
        result(&MATCH, &[text("😀1 2"), DIGITS.function().unwrap()]),
        r#"[{"match":"1","index":2,"groups":["1",null]},{"match":"2","index":4,"groups":["2",null]}]"#
    );
    assert_eq!(result(&MATCH, &[text("1 2"), DIGITS.function().unwrap(), Data::number(-1.0)]), "D3040");
    assert_eq!(result(&MATCH, &[text("ab"), EMPTY.function().unwrap()]), "D1004");
    assert_eq!(result(&CONTAINS, &[text("a1"), DIGITS.function().unwrap()]), "true");
    assert_eq!(result(&CONTAINS, &[text("ab"), text("b")]), "true");
    assert_eq!(
        result(&REPLACE, &[text("a1b2c"), DIGITS.function().unwrap(), text("<$1>")]),
        r#""a<1>b<2>c""#
    );
    assert_eq!(result(&REPLACE, &[text("aaa"), text("a"), text("$1"), Data::number(2.0)]), r#""$1$1a""#);
    assert_eq!(
        result(&REPLACE, &[text("a1"), DIGITS.function().unwrap(), arithmetic(1, |n, _| Data::number(n))]),
        "D3012"
    );
    assert_eq!(result(&REPLACE, &[text("a"), text(""), text("b")]), "D3010");
    let (long, longer) = ("a".repeat(20_000), "b".repeat(20_000));
    assert!(result(&REPLACE, &[text(&long), text("a"), text(&longer)]) == "bound");
    assert_eq!(result(&REPLACE, &[text(&long), text("c"), text(&longer)]), format!("\"{long}\""));
    assert_eq!(result(&SPLIT, &[text("a1b2c"), DIGITS.function().unwrap()]), r#"["a","b","c"]"#);
    assert_eq!(
        result(&SPLIT, &[text("a1b2c"), DIGITS.function().unwrap(), Data::number(2.0)]),
        r#"["a","b"]"#
    );
    assert_gives(
        &SPLIT,
        &[
            (r#"["a,b", ","]"#, r#"["a","b"]"#),
            (r#"["é😀", ""]"#, r#"["é","😀"]"#),
            (r#"["a", ",", -1]"#, "D3020"),
            (r#"["a,b,c", ",", 1.5]"#, r#"["a"]"#),
        ],
    );
}

#[test]
fn moments_are_shown_and_read() {
    assert_gives(&NOW, &[("[]", r#""2017-10-30T16:25:32.935Z""#), (r#"["[Y]", "+0100"]"#, r#""2017""#)]);
    assert_gives(&MILLIS, &[("[]", "1509380732935")]);
    assert_gives(&FROM_MILLIS, &[("[0]", r#""1970-01-01T00:00:00.000Z""#)]);
    assert_gives(&TO_MILLIS, &[(r#"["1970-01-01T00:00:01Z"]"#, "1000"), (r#"["x"]"#, "D3110")]);
}

#[test]
fn step_functions_has_functions_of_its_own() {
    assert_gives(
        &PARTITION,
        &[
            ("[[1,2,3], 2.9]", "[[1,2],[3]]"),
            ("[[0], 1]", "[[0]]"),
            ("[[0], 0]", ""),
            ("[[0], -0.5]", ""),
            ("[[0], -1]", "D3137"),
        ],
    );
    assert_gives(
        &RANGE,
        &[
            ("[0, 10, 3]", "[0,3,6,9]"),
            ("[1, 9, 9]", "1"),
            ("[3, 1, -1]", "[3,2,1]"),
            ("[-2.9, 0, 1]", "[-2,-1,0]"),
            ("[5, 1, -1.5]", "[5,4,3,2,1]"),
            ("[1, 4, 0]", ""),
            ("[1, 1e9, 1]", "bound"),
        ],
    );
    assert_gives(
        &HASH,
        &[(r#"["a", "MD5"]"#, r#""0cc175b9c0f1b6a831c399e269772661""#), (r#"["a", "x"]"#, "D3137")],
    );
    assert_gives(&PARSE, &[(r#"["-0"]"#, "0"), (r#"["[1, \"a\"]"]"#, r#"[1,"a"]"#), (r#"["{"]"#, "D3137")]);
    assert_gives(&RANDOM, &[("[]", "0.5")]);
    // Measured on AWS.
    assert_gives(
        &RANDOM,
        &[("[42]", "0.7275636800328681"), ("[7.5]", "0.7306990420600421"), ("[-0.9]", "0.730967787376657")],
    );
    assert_eq!(result(&UUID, &[]).len(), 38);
}

#[test]
fn what_is_left_out_is_nothing() {
    for builtin in [&UPPERCASE, &TRIM, &LENGTH, &FLOOR, &NUMBER, &SUM, &REVERSE, &MERGE, &BOOLEAN, &TO_MILLIS]
    {
        assert_eq!(result(builtin, &[Data::Nothing]), "", "{}", builtin.name);
    }
    assert_eq!(result(&ERROR, &[]), "D3137");
    assert_eq!(result(&ASSERT, &[Data::boolean(false)]), "D3141");
    assert_eq!(result(&NOT, &[Data::boolean(false)]), "true");
}
