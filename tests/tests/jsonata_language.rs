//! What JSONata expressions mean, feature by feature: each expression with what it yields on the data of a shop.

#![expect(clippy::unwrap_used, reason = "a document that is not JSON fails the test")]

use asl_runtime::{Value, jsonata};

const SHOP: &str = r#"{
    "shop": "Corner",
    "orders": [
        {"id": "o1", "lines": [{"sku": "hat", "price": 34.5, "count": 2}, {"sku": "cap", "price": 10, "count": 1}]},
        {"id": "o2", "lines": [{"sku": "hat", "price": 30, "count": 1}]}
    ],
    "tags": ["a"],
    "nested": [[1, 2], [3]],
    "empty": []
}"#;

fn assert_gives(expression: &jsonata::Compiled, expected: &str) {
    let shop = Value::from_json(SHOP).unwrap();
    let given = match expression.evaluate(&shop) {
        Ok(Some(value)) => value.to_string(),
        Ok(None) => "nothing".to_owned(),
        Err(failure) => format!("error {}", failure.code().unwrap_or_else(|| failure.message())),
    };
    assert_eq!(given, expected, "{}", expression.text());
}

macro_rules! cases {
    ($name:ident: $($expression:literal => $expected:literal;)*) => {
        #[test]
        fn $name() {
            $(assert_gives(&jsonata!($expression), $expected);)*
        }
    };
}

cases! { paths_go_through_arrays:
    "orders.lines.sku" => r#"["hat","cap","hat"]"#;
    "orders.id" => r#"["o1","o2"]"#;
    "tags" => r#"["a"]"#;
    "orders.lines.missing" => "nothing";
    "nested" => "[[1,2],[3]]";
    "nested[0]" => "[1,2]";
    "shop.orders" => "nothing";
    "empty" => "[]";
}

cases! { a_single_result_is_no_array_unless_it_is_kept:
    "orders[id='o2'].lines.sku" => r#""hat""#;
    "orders[id='o2'].lines.sku[]" => r#"["hat"]"#;
    "orders.lines[price>33].count" => "2";
    "orders[].id[0]" => r#"["o1","o2"]"#;
}

cases! { filters_take_conditions_and_positions:
    "orders.lines[0].sku" => r#"["hat","hat"]"#;
    "(orders.lines)[0].sku" => r#""hat""#;
    "(orders.lines)[-1].sku" => r#""hat""#;
    "orders.lines[price < 32].sku" => r#"["cap","hat"]"#;
    "orders.lines[[0..1]].sku" => r#"["hat","cap","hat"]"#;
    "nested[1][0]" => "3";
}

cases! { array_constructors_stay_together:
    "orders.[id, shop]" => r#"[["o1"],["o2"]]"#;
    "orders.lines.[sku, count]" => r#"[["hat",2],["cap",1],["hat",1]]"#;
    "[orders.id]" => r#"["o1","o2"]"#;
    "[1, [2, 3], nested]" => "[1,[2,3],[1,2],[3]]";
    "orders.[id].$" => r#"[["o1"],["o2"]]"#;
    "[].a" => "[]";
    // It never comes to what binds variables or looks for parents.
    "[].a@$i.b" => "[]";
    "[].a#$i" => "[]";
    "[].a@$i.b[]" => "[[]]";
    "[].a.%.b" => "[]";
    r#"[].a@$i{"n": 1}"# => r#"{"n":1}"#;
    r#"[].a@$i{"n": $i}"# => "{}";
    "[nothing].a@$i" => "[]";
    r#"[orders].id@$i.{"i": $i}"# => r#"[{"i":"o1"},{"i":"o2"}]"#;
    "[1][5].a@$i" => "nothing";
    "$count([].a@$i.b)" => "0";
    // An array that a step constructs is one item for the step after it, be that a step that binds a variable.
    r#"shop.[nothing].{"n": 1}#$i"# => r#"{"n":1}"#;
    r#"shop.[nothing].{"n": 1}@$i.{"m": $i.n}"# => r#"{"m":1}"#;
    "orders.[id].$#$i" => r#"["o1","o2"]"#;
    r#"orders.[lines].sku@$s.{"s": $s}"# => r#"[{"s":"hat"},{"s":"cap"},{"s":"hat"}]"#;
}

cases! { wildcards_and_descendants:
    "orders.lines.*" => r#"["hat",34.5,2,"cap",10,1,"hat",30,1]"#;
    "$count(**)" => "22";
    "**.sku" => r#"["hat","cap","hat"]"#;
    "*[0]" => r#""Corner""#;
}

cases! { parents_and_bindings:
    r#"orders.lines.{"order": %.id, "sku": sku}"# => r#"[{"order":"o1","sku":"hat"},{"order":"o1","sku":"cap"},{"order":"o2","sku":"hat"}]"#;
    "orders@$o.lines.($o.id & sku)" => "nothing";
    "orders#$i.lines.(sku & $i)" => r#"["hat0","cap0","hat1"]"#;
    r#"orders.lines[%.id = "o1"].price"# => "[34.5,10]";
    "orders@$a.orders@$b[$a.id < $b.id].[$a.id, $b.id]" => r#"["o1","o2"]"#;
    "orders.lines^(>price)#$i.($i & sku)" => r#"["0hat","1hat","2cap"]"#;
}

cases! { grouping_collects_what_has_the_same_key:
    "orders.lines{sku: $sum(price)}" => r#"{"hat":64.5,"cap":10}"#;
    "orders.lines{sku: count}" => r#"{"hat":[2,1],"cap":1}"#;
    "orders{id: $count(lines)}" => r#"{"o1":2,"o2":1}"#;
    r#"{"a": shop, "b": missing}"# => r#"{"a":"Corner"}"#;
    r#"orders.lines{sku: price, "hat": 1}"# => "error D1009";
    "orders{lines: 1}" => "error T1003";
}

cases! { sorting_is_stable_and_by_terms:
    "orders.lines^(sku, >price).price" => "[10,34.5,30]";
    "orders.lines^(<price).sku" => r#"["cap","hat","hat"]"#;
    "orders.lines^(lines)" => r#"[{"sku":"hat","price":34.5,"count":2},{"sku":"cap","price":10,"count":1},{"sku":"hat","price":30,"count":1}]"#;
    "[3,1,2]^($)" => "[1,2,3]";
    r#"orders.lines^(sku = "hat" ? 1 : "x")"# => "error T2007";
}

cases! { operators_follow_their_types:
    "1 + 2 * 3 - 4 / 8" => "6.5";
    "7 % 4" => "3";
    "-(3)" => "-3";
    r#""a" & 1 & null & missing"# => r#""a1null""#;
    "1 = 1.0" => "true";
    "[1, 2] = [1, 2]" => "true";
    r#""a" < "b""# => "true";
    "missing < 1" => "nothing";
    "1 in [1, 2]" => "true";
    "missing = missing" => "false";
    "shop + 1" => "error T2001";
    "1 + shop" => "error T2002";
    "1 < shop" => "error T2009";
    "orders < 1" => "error T2010";
    "-shop" => "error D1002";
    "1 / 0 + 1" => "error D1001";
    "[1..10000000 + $count(orders)]" => "error D2014";
}

cases! { conditions_and_truth:
    "missing ? 1 : 2" => "2";
    r#"[0, ""] ? 1 : 2"# => "2";
    "[0, 1] ? 1" => "1";
    "{} or []" => "false";
    "$not(missing)" => "nothing";
    "$boolean([{}])" => "false";
}

cases! { variables_have_scopes:
    "($x := 1; ($x := 2); $x)" => "1";
    "($x := 1; $f := function(){ $x }; $x := 2; $f())" => "2";
    "($y := ($x := 3) + $x; $y)" => "nothing";
    "(missing ? $z := 1; $z)" => "nothing";
    "[1, 2, 3][$m := $]" => "nothing";
}

cases! { functions_are_values:
    "($f := function($n){ $n <= 1 ? 1 : $n * $f($n - 1) }; $f(10))" => "3628800";
    "($even := function($n){ $n = 0 ? true : $odd($n - 1) }; $odd := function($n){ $n = 0 ? false : $even($n - 1) }; $even(20001))" => "false";
    "($add := function($a, $b){ $a + $b }; $inc := $add(?, 1); $map([1, 2], $inc))" => "[2,3]";
    r#"($trim ~> $uppercase)(" a ")"# => r#""A""#;
    r#"$map(["a", "b"], $uppercase)"# => r#"["A","B"]"#;
    r#"(function($x)<n:n>{ $x })("a")"# => "error T0410";
    "shop(1)" => "error T1006";
    "($f := shop; $f(1))" => "error T1006";
    "($f := tags; shop ~> $f)" => "error T2006";
    "$reduce([1..5], function($a, $b){ $a * $b })" => "120";
    "$map([1..3], function($v, $i, $a){ $v * $i + $count($a) })" => "[3,5,9]";
    "$filter([1..5], function($v, $i){ $i > 2 })" => "[4,5]";
    "$sum($map(orders.lines, function($l){ $l.price * $l.count }))" => "109";
    r#"$substring(?, 0, 2)("word")"# => r#""wo""#;
}

cases! { transformations_change_a_copy:
    r#"$ ~> |orders.lines|{"total": price * count}, ["price", "count"]|"# => r#"{"shop":"Corner","orders":[{"id":"o1","lines":[{"sku":"hat","total":69},{"sku":"cap","total":10}]},{"id":"o2","lines":[{"sku":"hat","total":30}]}],"tags":["a"],"nested":[[1,2],[3]],"empty":[]}"#;
    "$ ~> |orders|id|" => "error T2011";
    "$ ~> |orders|{}, lines|" => "error T2012";
}

cases! { what_would_never_end_or_fit_ends:
    "($f := function($n){ $n + $f($n + 1) }; $f(1))" => "error Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";
    r#"$reduce([1..1000], function($a, $n){ {"a": $a} }, 1)"# => "error Expression evaluation memory limit exceeded: Check for excessive memory usage";
    "$reduce([1..100], function($a, $n){ $append($a, $a) }, [1, 2])" => "error Expression evaluation memory limit exceeded: Check for excessive memory usage";
    "($f := $reduce([1..100000], function($g, $n){ function(){ $g } }, 1); $type($f))" => r#""function""#;
}
