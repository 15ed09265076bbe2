//! A Map Run with many children: some of them share an invocation, and each is an execution to itself.

use crate::restate::{Restate, wait_for};
use asl_runtime::asl_machine;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

asl_machine!(pub(crate) mod many = "many.json");

const CHILDREN: usize = 1000;

pub(crate) fn many_children_share_invocations(restate: &Restate) {
    let items: Vec<_> = (0..CHILDREN).collect();
    let invocation = restate.start_execution("many", "one", &json!(items).to_string());
    let (status, output) = wait_for("an end", || restate.output("many", "one"));
    assert_eq!(status, 200, "{output}");
    let output: Json = serde_json::from_str(&output).unwrap();
    let rows = output.as_array().unwrap();
    let expected: Vec<_> = items.iter().filter(|item| **item != 7).map(|item| json!(item)).collect();
    assert_eq!(rows.iter().map(|row| row["item"].clone()).collect::<Vec<_>>(), expected);
    // What is drawn by chance is another thing for each.
    let drawn: BTreeSet<_> = rows.iter().map(|row| row["random"].as_str().unwrap()).collect();
    assert_eq!(drawn.len(), CHILDREN - 1);
    let calls = restate.calls(&invocation);
    assert!((1..CHILDREN / 2).contains(&calls), "{calls} calls");
}
