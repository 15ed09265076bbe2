//! JSONata: its operators and its functions.

use crate::Case;
use crate::data::Data;
use asl_jsonata::{
    Builtin, Environment, Evaluation, EvaluationLimits, Function, Parameter, View, call_builtin, functions,
};
use asl_runtime::{Object, Value, jsonata};

macro_rules! expressions {
    ($($text:tt)*) => {
        vec![$(Case::new(concat!("expression: ", $text), |data: &Data| {
            jsonata!($text).evaluate(&data.all).map(drop).map_err(|failure| failure.to_string())
        })),*]
    };
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = operators();
    cases.extend(functions_of_arrays());
    cases.extend(functions_of_texts());
    cases.extend(functions_of_numbers());
    cases.extend(functions_of_states());
    cases.extend(others(&cases));
    cases
}

fn operators() -> Vec<Case> {
    expressions! {
        "items.part.tens" "items[number > 3].key" "items[3].key" "items.*" "items.**" "**.tens" "object.*"
        "items.part.%.key" "items.(number + 1)" "items@$i.part@$p.{'n': $i.number + $p.tens}"
        "items#$at.{'at': $at}" "items^(>number).key" "items^(part.tens, <key).key" "numbers.($ * 2 - 1 / 3 % 7)"
        "texts.($ & '!')" "numbers[$ >= 5 or $ < 2]" "size in numbers" "items = items" "items != items" "[1..size]"
        "[numbers, texts]" "{'a': numbers, 'b': items}" "items{key: number}" "items{$string(part.tens): $sum(number)}"
        "items{key: function($x) { $x }}" "($all := items{key: function($x) { $x }}; texts.$lookup($all, $); 1)"
        "numbers.($ > 3 ? 'more' : 'less')" "texts.($x := $; $x & $x)" "numbers ~> $map(function($x) { $x + 1 }) ~> $sum()"
        "items ~> |$|{'new': number}, ['key']|" "$ ~> |items.part|{'tens': 0}|" "items.part[]" "-size" "$.items.number"
        "($f := function($n) { $n <= 0 ? 0 : $f($n - 1) }; $f(size))" "[numbers.[$, $]]" "texts['text 3' = $]"
        "items.key[0]" "numbers[[1..3]]" "($add := function($a, $b) { $a + $b }(?, 1); numbers.$add($))"
    }
}

fn functions_of_arrays() -> Vec<Case> {
    expressions! {
        "$sum(numbers)" "$sum(items.number)" "$count(items)" "$max(numbers)" "$min(numbers)" "$average(numbers)"
        "$append(numbers, texts)" "$reverse(items)" "$shuffle(numbers)" "$distinct(numbers)" "$distinct(texts)"
        "$distinct(items)" "$distinct(arrays)" "$distinct(numbers.[function() { 1 }])" "$zip(numbers, texts, items)"
        "$sort(numbers)" "$sort($reverse(numbers))" "$sort(texts)" "$sort(items, function($l, $r) { $l.number < $r.number })"
        "$map(numbers, function($x, $at, $all) { $x + $at })" "$filter(items, function($x) { $x.number > 3 })"
        "$single(numbers, function($x) { $x = 3 })" "$reduce(numbers, function($sum, $x) { $sum + $x })"
        "$reduce(numbers, function($all, $x) { $append($all, $x) }, [])"
        "$reduce(numbers, function($all, $x) { $x in [0..3] ? $all : $append($all, [$x]) })"
        "$reduce(texts, function($all, $x) { $merge([$all, {$x: 1}]) }, {})"
        "$map(items, function($item) { items[number = $item.number].key })"
        "($all := items; $map(items, function($item) { $count($all[key = $item.key]) }))"
        "$each(object, function($value, $key) { $key })"
        "$sift(object, function($value) { $value > 3 })" "$keys(object)" "$keys(items)" "$lookup(object, 'key 3')"
        "$lookup(items, 'key')" "$spread(object)" "$spread(items)" "$merge(items)" "$merge(items.{key: number})"
        "$merge($spread(object))" "$boolean(items)" "$not(items)" "$exists(items)" "$type(items)" "$clone(items)"
        "$assert($count(items) > 0, 'none')" "numbers.$string($)" "$string(items)" "$string(items, true)"
    }
}

fn functions_of_texts() -> Vec<Case> {
    expressions! {
        "$length(words)" "$substring(words, 3, 5)" "$substring(words, -5)" "$substringBefore(words, 'zz')"
        "$substringAfter(words, 'zz')" "$substringAfter(letters, 'ab')" "$uppercase(words)" "$lowercase(words)" "$trim(words)"
        "$pad(words, size * 4)" "$pad('x', -size, 'ab')" "$contains(words, 'zz')" "$contains(words, /zz/)"
        "$split(words, ' ')" "$split(words, /b /)" "$split(words, '')" "$join(texts, ', ')"
        "$match(words, /a(.)/)" "$match(letters, /a/)" "$replace(words, 'a', 'bb')" "$replace(words, /a(b)/, '$1$0')"
        "$replace(words, /a/, function($m) { $m.match & 'b' })" "$base64encode(words)" "$base64decode(letters & 'aaa')"
        "$encodeUrl(signs)" "$encodeUrlComponent(signs)" "$decodeUrl(escapes)" "$decodeUrlComponent(escapes)"
        "($f := function($m) { $m.next ? $f($m.next()) : 1 }; $f(/a/(letters)))" "$match(signs, /./)"
        "$fromMillis(0, date)" "$toMillis(years, date)" "numbers.$fromMillis($)" "numbers.$toMillis($fromMillis($))"
        "$now(date)" "$millis()" "$formatNumber(size, picture)"
    }
}

fn functions_of_numbers() -> Vec<Case> {
    expressions! {
        "digits.$number($)" "$number('0.' & $replace(letters, 'a', '1'))" "numbers.$abs(-$)" "numbers.$floor($ / 3)"
        "numbers.$ceil($ / 3)" "numbers.$round($ / 3, 2)" "numbers.$power($, 2)" "numbers.$sqrt($)" "numbers.$formatBase($, 2)"
        "numbers.$formatNumber($, '#,##0.00')" "numbers.$formatInteger($, 'w')" "$formatInteger(size, picture)"
        "digits.$parseInteger($, '#0')" "numbers.$parseInteger($formatInteger($, 'w'), 'w')" "$random()"
    }
}

struct World(Object);

impl Environment for World {
    fn variables(&self) -> &Object {
        &self.0
    }

    fn now_millis(&self) -> i64 {
        0
    }

    fn random(&self) -> f64 {
        0.5
    }
}

/// The functions that only states have.
fn functions_of_states() -> Vec<Case> {
    let case = |name: &str, builtin: &'static Builtin, arguments: fn(&Data) -> Vec<Value>| {
        call(name, builtin, move |data| arguments(data).into_iter().map(asl_jsonata::Data::Value).collect())
    };
    vec![
        case("$partition(items, 3)", &functions::PARTITION, |data| vec![data.get("items").clone(), 3.into()]),
        case("$range(1, size, 1)", &functions::RANGE, |data| {
            vec![1.into(), data.get("size").clone(), 1.into()]
        }),
        case("$hash(words)", &functions::HASH, |data| vec![data.get("words").clone(), "SHA-256".into()]),
        case("$parse(items)", &functions::PARSE, |data| vec![data.get("items").to_string().into()]),
        case("$random(size)", &functions::RANDOM, |data| vec![data.get("size").clone()]),
        case("$uuid()", &functions::UUID, |_| Vec::new()),
    ]
}

/// The functions that no case is written for, with arguments that fit. One that does nothing but fail is left out.
fn others(cases: &[Case]) -> Vec<Case> {
    let is_called = |name: &str| cases.iter().any(|case| case.name.contains(&format!("${name}(")));
    let others = functions::ALL.iter().filter(|builtin| builtin.name != "error" && !is_called(builtin.name));
    let case = |builtin: &&'static Builtin| {
        let parameters = builtin.parameters;
        call(&format!("${}(..)", builtin.name), builtin, move |data| {
            parameters.iter().map(|parameter| argument(parameter, data)).collect()
        })
    };
    others.map(case).collect()
}

fn argument(parameter: &Parameter<'_>, data: &Data) -> asl_jsonata::Data {
    let name = match (parameter.letters, parameter.elements) {
        ("f", _) => return asl_jsonata::Data::Function(Function::builtin(&functions::BOOLEAN)),
        ("s", _) => "words",
        ("n", _) => "size",
        ("o", _) => "object",
        (_, "n") => "numbers",
        (_, "s") => "texts",
        (_, _) => "items",
    };
    asl_jsonata::Data::Value(data.get(name).clone())
}

fn call(
    name: &str,
    builtin: &'static Builtin,
    arguments: impl Fn(&Data) -> Vec<asl_jsonata::Data> + 'static,
) -> Case {
    Case::new(format!("expression: {name}"), move |data: &Data| {
        let (world, limits) = (World(Object::new()), EvaluationLimits::none());
        let evaluation = Evaluation::new(&world, &limits);
        let result = call_builtin(&evaluation, builtin, View::Nothing, &arguments(data));
        result.map(drop).map_err(|failure| failure.to_string())
    })
}
