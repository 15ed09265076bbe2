use super::check;
use crate::diagnostic::Severity;
use crate::jsonata::functions::Dialect;
use crate::jsonata::parse;

/// The findings, each with the text that it points at.
fn found(text: &str, dialect: Dialect) -> Vec<String> {
    let expression = parse(text).expect("an expression");
    let shown = check(&expression, dialect, &|name| name == "outer").into_iter().map(|finding| {
        let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
        let help = finding.help.map(|help| format!("; {help}")).unwrap_or_default();
        format!(
            "{severity} at {}: {}{help}",
            text.get(finding.span.range()).unwrap_or_default(),
            finding.message
        )
    });
    shown.collect()
}

fn in_states(text: &str) -> Vec<String> {
    found(text, Dialect::States)
}

#[test]
fn what_may_be_right_is_not_reported() {
    for text in [
        "$sum($states.input.a) + $outer",
        "$states.input.a ~> $sum()",
        "($f := function($x) { $x + 1 }; $map($states.input.a, $f))",
        "$states.input.list[price > 3].{'a': name, 'b': $}",
        "$states.input ~> |$|{'a': b}, ['c']|",
        "$states.input.a.$uppercase()",
        "$states.input.(a; b)",
        "$filter([1..5], function($v) { $v > 2 })",
        "$substring('abc', 1)",
        "$states.input.name.$substring(1)",
        "$join(['a', $states.input.b])",
        "$states.input.a@$x#$i.{'x': $x, 'i': $i}",
        "$range(1, 9, 2) & $hash('a', 'MD5') & $uuid()",
        "$map($states.input.a, $uppercase)",
        "$contains('abc', /b/i)",
        "$states.input.a ~> $map($string) ~> $join(',')",
        "$states.input{a: b}",
        "$zip([1], [2], [3])",
        "$sort($states.input.a, function($l, $r) { $l.x > $r.x })",
        "$pad('', $outer)",
        "$string(null) & $lookup({'a': 1}, 'a')",
    ] {
        assert_eq!(in_states(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_function_that_does_not_exist_is_an_error() {
    assert_eq!(
        in_states("$summ([1])"),
        ["error at $summ: there is no function `$summ`; did you mean `$sum`?"]
    );
    assert_eq!(
        in_states("[1] ~> $summ"),
        ["error at $summ: there is no function `$summ`; did you mean `$sum`?"]
    );
    assert_eq!(
        in_states("$somethingElse([1])"),
        ["error at $somethingElse: there is no function `$somethingElse`"]
    );
    assert_eq!(
        in_states("$toUpper('a')"),
        ["error at $toUpper: there is no function `$toUpper`; did you mean `$uppercase`?"]
    );
    assert_eq!(
        found("$partition([1], 2)", Dialect::Plain),
        ["warning at $partition: there is no function `$partition`"]
    );
    assert_eq!(
        in_states("$eval('1')"),
        ["error at $eval: `$eval` does not exist here: expressions are compiled before they run"]
    );
    assert_eq!(
        found("sum(a)", Dialect::Plain),
        ["error at sum: `sum` is a field, not a function; did you mean `$sum`?"]
    );
}

#[test]
fn a_variable_that_is_bound_nowhere_is_a_warning() {
    assert_eq!(in_states("$other"), ["warning at $other: variable `$other` is bound nowhere"]);
    assert_eq!(
        in_states("($total := 1; $totl)"),
        ["warning at $totl: variable `$totl` is bound nowhere; did you mean `$total`?"]
    );
}

#[test]
fn arguments_that_never_fit_are_errors() {
    assert_eq!(in_states("$uppercase(1)"), ["error at 1: argument 1 of `$uppercase` cannot be a number"]);
    assert_eq!(
        in_states("$substring('a', 'b')"),
        ["error at 'b': argument 2 of `$substring` must be a number, not a string"]
    );
    assert_eq!(
        in_states("$sum(1, 2)"),
        ["error at 2: `$sum` takes 1 argument, not 2; put them into one array: `$sum([ .. ])`"]
    );
    assert_eq!(in_states("$sum()"), ["error at $sum: `$sum` needs at least 1 argument, not 0"]);
    assert_eq!(in_states("$sum([1, 'a'])"), ["error at 'a': `$sum` takes an array of numbers, not a string"]);
    assert_eq!(in_states("'a' ~> $sum()"), ["error at 'a': `$sum` takes an array of numbers, not a string"]);
    assert_eq!(
        in_states("$map([1], 2)"),
        ["error at 2: argument 2 of `$map` must be a function, not a number"]
    );
    assert_eq!(in_states("$uuid(1)"), ["error at 1: `$uuid` takes no arguments, not 1"]);
    assert_eq!(
        in_states("$join(['a'], ',', 'x')"),
        ["error at 'x': `$join` takes at most 2 arguments, not 3"]
    );
}

#[test]
fn operands_that_never_fit_are_errors() {
    assert_eq!(
        in_states("'a' + 1"),
        ["error at 'a': the left side of `+` must be a number, not a string; strings are joined with `&`"]
    );
    assert_eq!(in_states("1 * {}"), ["error at {}: the right side of `*` must be a number, not an object"]);
    assert_eq!(
        in_states("1 < 'a'"),
        ["error at <: `<` compares values of one type, not a number and a string"]
    );
    assert_eq!(in_states("[1] < $outer"), ["error at [1]: `<` compares numbers or strings, not an array"]);
    assert_eq!(in_states("{1: 2}"), ["error at 1: a key must be a string, not a number"]);
    assert_eq!(
        in_states("['a'..2]"),
        ["error at 'a': the left side of `..` must be a whole number, not a string"]
    );
    assert_eq!(in_states("-'a'"), ["error at 'a': `-` negates a number, not a string"]);
    assert_eq!(
        in_states("1 ~> 'a'"),
        ["error at 'a': the right side of `~>` must be a function, not a string"]
    );
}

#[test]
fn fields_at_the_top_of_a_state_mean_nothing() {
    assert_eq!(
        in_states("customer.name"),
        [
            "error at customer: `customer` means nothing here: an expression in a state has no data of its own; did you mean `$states.input.customer`?"
        ]
    );
    assert_eq!(
        in_states("$"),
        [
            "error at $: `$` means nothing here: an expression in a state has no data of its own; did you mean `$states.input`?"
        ]
    );
    assert_eq!(
        in_states("$states.input.a[b = $$.c]"),
        [
            "error at $$: reference to `$$` is not supported: an expression in a state has no data of its own; the input of the state is `$states.input`"
        ]
    );
    assert_eq!(found("customer.name[$ = $$.x]", Dialect::Plain), Vec::<String>::new());
}

#[test]
fn what_fails_wherever_it_is_reached_is_an_error() {
    for text in [
        "$outer ? 'a' + 1 : 2",
        "$outer and 'a' + 1",
        "$states.input.a.('a' + 1)",
        "$states.input.a['a' + 1]",
        "$map($states.input.a, function($v) { 'a' + 1 })",
        "$states.input.a^('a' + 1)",
        "$states.input.a.$uppercase($, 1)",
    ] {
        let found = in_states(text);
        assert!(matches!(found.as_slice(), [one] if one.starts_with("error at ")), "{text}: {found:?}");
    }
    for text in [
        "('a' + 1).b",
        "{'a': 'a' + 1}",
        "['a' + 1] ~> $map($string)",
        "'a' + 1 ? 2 : 3",
        "($v := 'a' + 1; $v)",
    ] {
        let found = in_states(text);
        assert!(matches!(found.as_slice(), [one] if one.starts_with("error at 'a'")), "{text}: {found:?}");
    }
}

/// Each function of another language has help of its own.
#[test]
fn functions_of_other_languages_have_a_name_here() {
    let names = [
        ("upper toUpper toUpperCase ucase", "$uppercase"),
        ("lower toLower toLowerCase lcase", "$lowercase"),
        ("len strlen", "$length"),
        ("size", "$count"),
        ("concat", "$append"),
        ("includes", "$contains"),
        ("slice substr", "$substring"),
        ("toString str stringify toJson toJSON jsonStringify", "$string"),
        ("toNumber parseInt parseFloat int float", "$number"),
        ("parseJson parseJSON jsonParse fromJson json", "$parse"),
        ("avg mean", "$average"),
        ("ceiling", "$ceil"),
        ("date currentTime timestamp", "$now"),
        ("values", "object.*"),
        ("entries", "$each"),
        ("flatten", "array.*"),
        ("first head", "array[0]"),
        ("last", "array[-1]"),
        ("isEmpty", "$count(array) = 0"),
        ("has isDefined isPresent", "$exists"),
        ("coalesce default ifNull", "$exists(a) ? a : b"),
        ("if iif", "condition ? a : b"),
        ("foreach forEach", "$map"),
        ("md5 sha256", "$hash"),
        ("uuid4 guid", "$uuid"),
    ];
    for (name, instead) in
        names.iter().flat_map(|(names, instead)| names.split(' ').map(move |name| (name, instead)))
    {
        let found = in_states(&format!("${name}(1)"));
        let expected = format!("error at ${name}: there is no function `${name}`; ");
        assert!(
            matches!(found.as_slice(), [one] if one.starts_with(&expected) && one.contains(&format!("`{instead}"))),
            "{found:?}"
        );
    }
}
