//! `jsonata!`: expressions in Rust code, on data of any kind, and in programs that make it hard.

#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, clippy::all, clippy::pedantic)]
#![forbid(unsafe_code)]
#![expect(clippy::expect_used, reason = "a value that is missing fails the test")]

use asl_runtime::jsonata::{Bindings, Compiled, EvaluationLimits};
use asl_runtime::{Value, jsonata};
use serde::Serialize;

const TOTAL: Compiled = jsonata!("Order.Product.(Price * Quantity) ~> $sum()");
static BY_NAME: Compiled = jsonata!(r#"Order.Product{Name: Quantity & " pieces"}"#);

#[derive(Serialize)]
struct Order {
    #[serde(rename = "Product")]
    products: Vec<Product>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Product {
    name: &'static str,
    price: f64,
    quantity: u32,
}

fn data() -> Value {
    let text = r#"{"Order":{"Product":[{"Name":"hat","Price":34.5,"Quantity":2},{"Name":"cloak","Price":107,"Quantity":1}]}}"#;
    Value::from_json(text).expect("JSON")
}

fn json(value: Option<Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| value.to_string())
}

#[test]
fn an_expression_is_a_constant_that_is_evaluated_on_values() {
    assert_eq!(TOTAL.evaluate(&data()).map(json).as_deref(), Ok("176"));
    assert_eq!(
        BY_NAME.evaluate(&data()).map(json).as_deref(),
        Ok(r#"{"hat":"2 pieces","cloak":"1 pieces"}"#)
    );
    assert_eq!(TOTAL.evaluate(&Value::Null).map(json).as_deref(), Ok("nothing"));
    assert_eq!(TOTAL.text(), "Order.Product.(Price * Quantity) ~> $sum()");
}

#[test]
fn an_expression_is_evaluated_on_anything_that_serde_knows() {
    let order = Order { products: vec![Product { name: "hat", price: 1.5, quantity: 4 }] };
    let line = jsonata!("Product.(Name & ': ' & Price * Quantity)");
    assert_eq!(line.evaluate_on(&order).map(json).as_deref(), Ok(r#""hat: 6""#));
}

#[test]
fn variables_are_bound_when_it_is_evaluated() {
    let taxed = jsonata!("$round($sum(Order.Product.Price) * (1 + $rate), 2)");
    let bindings = Bindings::new().bind("rate", 0.21);
    assert_eq!(bindings.evaluate(&taxed, &data()).map(json).as_deref(), Ok("171.22"));
    assert_eq!(taxed.evaluate(&data()).map(json).as_deref(), Ok("nothing"));
}

#[test]
fn a_failure_has_the_code_and_the_text_of_the_language() {
    let failure = jsonata!("Order + 1").evaluate(&data()).expect_err("no number");
    assert_eq!(failure.code(), Some("T2001"));
    assert_eq!(failure.to_string(), r#"T2001: The left side of the "+" operator must evaluate to a number"#);
}

#[test]
fn an_expression_without_data_can_be_evaluated_alone() {
    let found = Bindings::new().evaluate_alone(&jsonata!("$sum([1..3])"));
    assert_eq!(found.expect("a number"), Some(Value::from(6)));
    let found = Bindings::new().evaluate_alone(&jsonata!("$"));
    assert_eq!(found.expect("nothing"), None);
}

/// How deep data is nested has a limit, and not how many are side by side.
#[test]
fn a_transformation_may_change_many_objects() {
    let objects = vec![Value::from_json(r#"{"a":{}}"#).expect("JSON"); 2000];
    let change = jsonata!("$ ~> |$|{'b': 1}|");
    let bindings = Bindings::new().with_limits(EvaluationLimits::aws());
    let changed = bindings.evaluate(&change, &Value::from(objects)).expect("no limit").expect("an array");
    assert!(changed.as_array().is_some_and(|changed| changed.len() == 2000), "{changed}");
}

#[test]
fn an_evaluation_that_never_ends_ends_at_its_limits() {
    let endless = jsonata!("($f := function($n) { 1 + $f($n + 1) }; $f(0))");
    assert!(endless.evaluate(&Value::Null).is_err());
    let circle = jsonata!("($f := function($n) { $f($n + 1) }; $f(0))");
    let limits = EvaluationLimits::none().with_steps(1_000_000);
    assert!(Bindings::new().with_limits(limits).evaluate_alone(&circle).is_err());
}

#[test]
fn texts_that_would_take_all_memory_are_an_error() {
    let replaced = jsonata!(r#"$replace($pad("", 20000, "a"), "a", $pad("", 20000, "b"))"#);
    let joined = jsonata!(r#"($text := $pad("", 20000, "a"); $join([1..20000].($text)))"#);
    let doubled =
        jsonata!(r#"($double := function($text) { $double($text & $text) }; $double($pad("", 10000, "a")))"#);
    for expression in [replaced, joined, doubled] {
        let failure = expression.evaluate(&Value::Null).expect_err("hundreds of megabytes");
        assert!(failure.message().contains("memory"), "{failure}");
    }
}

/// Nothing is in scope but what the expansion says.
#[no_implicit_prelude]
mod without_prelude {
    #[::core::prelude::v1::test]
    fn evaluates() {
        let expression = ::asl_runtime::jsonata!("($f := function($x) { $x[0] * 2 }; $map([1..3], $f))[1]");
        ::core::assert_eq!(
            expression.evaluate(&::asl_runtime::Value::Null).map(super::json).as_deref(),
            ::core::result::Result::Ok("4")
        );
    }
}

/// The runtime is reached by another path.
mod renamed {
    mod vendor {
        pub(super) use asl_runtime as steps;
    }

    #[test]
    fn evaluates() {
        let expression = vendor::steps::jsonata!("a.b", crate = crate::renamed::vendor::steps);
        assert_eq!(expression.evaluate(&super::data()).map(super::json).as_deref(), Ok("nothing"));
    }
}

#[test]
fn every_construct_compiles_without_a_warning() {
    let data = data();
    for (expression, expected) in [
        (jsonata!("Order.Product[Price > 50].Name"), r#""cloak""#),
        (jsonata!("Order.Product^(>Price).Name"), r#"["cloak","hat"]"#),
        (jsonata!("Order.Product#$i.($i & Name)"), r#"["0hat","1cloak"]"#),
        (jsonata!("Order.Product@$p.(%.Product[0].Name & $p.Name)"), r#"["hathat","hatcloak"]"#),
        (jsonata!("[1..3].($ * $)"), "[1,4,9]"),
        (jsonata!("**.Name"), r#"["hat","cloak"]"#),
        (jsonata!("Order.*.Price"), "[34.5,107]"),
        (
            jsonata!("Order ~> |Product|{'Price': 0}, 'Name'|"),
            r#"{"Product":[{"Price":0,"Quantity":2},{"Price":0,"Quantity":1}]}"#,
        ),
        (jsonata!("$map(Order.Product, function($v, $i) { $v.Quantity + $i })"), "[2,2]"),
        (jsonata!("($half := $power(?, 0.5); $half(16))"), "4"),
        (jsonata!("function($a)<n-:n> { $a + 1 }(2)"), "3"),
        (jsonata!("Order.Product.Name ~> $join(', ') ~> $uppercase"), r#""HAT, CLOAK""#),
        (jsonata!("Order.Product[0].Price in [34.5] ? 'in' : 'out'"), r#""in""#),
        (jsonata!("/* nothing */ ()"), "nothing"),
    ] {
        assert_eq!(expression.evaluate(&data).map(json).as_deref(), Ok(expected), "{expression:?}");
    }
}
