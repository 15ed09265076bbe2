//! Definitions that are too long to be written by hand: made by the build script for the program that runs them, and by the
//! benchmark of the compiler.
//!
//! In: a number of states. Out: JSON. The states of one definition are a chain of the kinds that its function names.

use serde_json::{Map, Value, json};

/// A chain of Pass states that does to an order what workflows do: pick fields, put constants and results in places, build
/// the document anew, pass through `OutputPath`.
#[must_use]
pub fn chain(length: usize) -> Value {
    machine(length, |number| match number % 7 {
        0 => json!({
            "Type": "Pass",
            "Parameters": {
                "order.$": "$.order.number",
                "to": { "name.$": "$.order.customer.name", "city.$": "$.order.customer.address.city" },
                "from": "warehouse"
            },
            "ResultPath": "$.label"
        }),
        1 => {
            json!({ "Type": "Pass", "Result": { "checked": true, "step": number }, "ResultPath": "$.audit" })
        }
        2 => json!({ "Type": "Pass", "InputPath": "$.order.lines", "ResultPath": "$.picked" }),
        3 => json!({
            "Type": "Pass",
            "Parameters": {
                "first.$": "$.picked[0].article",
                "price.$": "$.picked[1].price",
                "all.$": "$.picked[*].article"
            },
            "ResultPath": "$.invoice"
        }),
        4 => json!({
            "Type": "Pass",
            "Parameters": {
                "order.$": "$.order", "label.$": "$.label", "audit.$": "$.audit", "picked.$": "$.picked", "invoice.$": "$.invoice"
            }
        }),
        5 => json!({ "Type": "Pass", "Result": number, "ResultPath": "$.order.history.revision" }),
        _ => json!({
            "Type": "Pass",
            "Parameters": { "document.$": "$", "step": number },
            "OutputPath": "$.document"
        }),
    })
}

/// A chain of Pass states that writes small values into a document and otherwise leaves it alone.
#[must_use]
pub fn document(length: usize) -> Value {
    machine(length, |number| match number % 2 {
        0 => json!({ "Type": "Pass", "Result": number, "ResultPath": "$.step" }),
        _ => json!({
            "Type": "Pass",
            "Parameters": { "rows.$": "$.table.length", "step": number },
            "ResultPath": "$.last"
        }),
    })
}

/// A Choice of so many texts, each of which leads to the state of its last digit; these count, and take the next text.
#[must_use]
pub fn codes(texts: usize) -> Value {
    let rules: Vec<_> = (0..texts)
        .map(|text| {
            let next = format!("Digit {}", text % 10);
            json!({ "Variable": "$.code", "StringEquals": code(text), "Next": next })
        })
        .collect();
    let mut states = Map::new();
    states.insert(String::from("Route"), json!({ "Type": "Choice", "Choices": rules, "Default": "Unknown" }));
    for digit in 0..10 {
        let count = json!({
            "Type": "Pass",
            "Parameters": {
                "count.$": "States.MathAdd($.count, 1)",
                "codes.$": "$.codes",
                "code.$": "States.ArrayGetItem($.codes, $.count)",
                "digit": digit
            },
            "Next": "Route"
        });
        states.insert(format!("Digit {digit}"), count);
    }
    states.insert(String::from("Unknown"), json!({ "Type": "Succeed" }));
    json!({ "StartAt": "Route", "States": states })
}

/// One of the texts of [`codes`].
#[must_use]
pub fn code(number: usize) -> String {
    format!("code-{number:04}")
}

/// One Parallel state with branches of so many times four Pass states each.
#[must_use]
pub fn fan(branches: usize, times: usize) -> Value {
    let branch = |branch: usize| {
        let states = (0..times).flat_map(|_| [
            json!({ "Type": "Pass", "Parameters": { "branch": branch, "seed.$": "$.seed" } }),
            json!({ "Type": "Pass", "Result": "packed", "ResultPath": "$.state" }),
            json!({ "Type": "Pass", "Parameters": { "branch.$": "$.branch", "seed.$": "$.seed", "state": "sent" } }),
            json!({ "Type": "Pass", "Result": branch, "ResultPath": "$.sent" }),
        ]);
        linked(
            states.enumerate().map(|(step, state)| (format!("Branch {branch} Step {step}"), state)).collect(),
        )
    };
    let fan = json!({ "Type": "Parallel", "Branches": (0..branches).map(branch).collect::<Vec<_>>() });
    linked(vec![(String::from("Fan"), fan)])
}

/// States of all types as they are beside each other in real workflows.
#[must_use]
pub fn mixed(length: usize) -> Value {
    machine(length, |number| match number % 10 {
        0 | 5 => task(number),
        1 => json!({
            "Type": "Pass",
            "Parameters": { "number.$": "$.order.number", "step": number, "label.$": "States.Format('step {}', $.order.number)" },
            "ResultPath": "$.summary"
        }),
        2 => json!({
            "Type": "Choice",
            "Choices": [
                { "And": [
                    { "Variable": "$.order.total", "NumericGreaterThan": number },
                    { "Variable": "$.order.status", "StringEquals": "PAID" }
                ], "Next": name(number + 1) },
                { "Variable": "$.order.coupon", "IsPresent": true, "Next": name(number + 1) }
            ],
            "Default": name(number + 1)
        }),
        3 => {
            json!({ "Type": "Pass", "Result": { "checked": true, "step": number }, "ResultPath": "$.audit" })
        }
        4 => json!({ "Type": "Wait", "SecondsPath": "$.order.delay" }),
        6 => nested(number, json!({ "Type": "Map", "ItemsPath": "$.order.lines", "ResultPath": null })),
        7 => {
            json!({ "Type": "Pass", "InputPath": "$.order", "ResultPath": "$.document.order", "OutputPath": "$.document" })
        }
        8 => nested(number, json!({ "Type": "Parallel", "ResultPath": null })),
        _ => json!({ "Type": "Pass", "Parameters": { "order.$": "$.order", "step": number } }),
    })
}

fn task(number: usize) -> Value {
    json!({
        "Type": "Task",
        "Resource": format!("arn:aws:lambda:us-east-1:123456789012:function:Step{number}"),
        "Parameters": { "order.$": "$.order.number", "customer": { "name.$": "$.order.customer.name" }, "step": number },
        "ResultSelector": { "answer.$": "$.answer" },
        "ResultPath": "$.answer",
        "TimeoutSeconds": 30,
        "Retry": [{ "ErrorEquals": ["States.Timeout", "Busy"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2.0 }],
        "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": name(number + 1) }]
    })
}

/// A Map or Parallel state around one Pass state of its own.
fn nested(number: usize, mut state: Value) -> Value {
    let inner = linked(vec![(
        format!("Inner {number:04}"),
        json!({ "Type": "Pass", "Result": number, "ResultPath": "$.inner" }),
    )]);
    if let Some(fields) = state.as_object_mut() {
        match fields.get("Type").and_then(Value::as_str) {
            Some("Map") => fields.insert(String::from("ItemProcessor"), inner),
            _ => fields.insert(String::from("Branches"), json!([inner])),
        };
    }
    state
}

fn name(number: usize) -> String {
    format!("Step {number:04}")
}

/// A machine of so many states and a last one that succeeds.
fn machine(length: usize, state: impl Fn(usize) -> Value) -> Value {
    let mut states: Vec<_> = (0..length).map(|number| (name(number), state(number))).collect();
    states.push((name(length), json!({ "Type": "Succeed" })));
    linked(states)
}

/// A machine of these states, each of which leads to the one after it unless it says where it leads.
fn linked(states: Vec<(String, Value)>) -> Value {
    let names: Vec<_> = states.iter().map(|(name, _)| name.clone()).collect();
    let mut following = names.iter().skip(1);
    let linked: Map<_, _> = states
        .into_iter()
        .map(|(name, mut state)| {
            let next = following.next();
            let leads = !matches!(state.get("Type").and_then(Value::as_str), Some("Choice" | "Succeed"));
            if let Some(fields) = state.as_object_mut().filter(|_| leads) {
                match next {
                    Some(next) => fields.insert(String::from("Next"), json!(next)),
                    None => fields.insert(String::from("End"), json!(true)),
                };
            }
            (name, state)
        })
        .collect();
    json!({ "StartAt": names.first(), "States": linked })
}
