//! Names, chance and times of executions, which are drawn when something first asks for them.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use asl_runtime::{Event, ExecutionContext, InMemory, Value, asl_machine};

asl_machine!(mod named = "machines/named.asl.json");

async fn run(host: &InMemory, asked: bool) -> Value {
    named::run(host, Value::from_json(&format!(r#"{{"asked": {asked}}}"#)).unwrap()).await.unwrap()
}

fn text<'v>(output: &'v Value, field: &str) -> &'v str {
    output.get(field).and_then(Value::as_str).unwrap()
}

#[tokio::test]
async fn an_execution_that_asks_who_it_is_always_hears_the_same() {
    let host = InMemory::new();
    let (first, second) = (run(&host, true).await, run(&host, true).await);
    for output in [&first, &second] {
        let name = text(output, "name");
        assert_eq!(text(output, "again"), name);
        assert!(text(output, "id").ends_with(&format!(":execution:named:{name}")));
        assert_eq!(output.get("input").unwrap().to_string(), r#"{"asked":true}"#);
        // All of it happens in one turn, which has one time.
        assert_eq!(text(output, "started"), text(output, "entered"));
    }
    assert_ne!(text(&first, "name"), text(&second, "name"));
    assert_ne!(text(&first, "uuid"), text(&second, "uuid"));
}

#[tokio::test]
async fn a_row_of_numbers_does_not_depend_on_who_asks_and_who_watches() {
    let mut drawn = Vec::new();
    for watched in [false, true] {
        let host = InMemory::new().seed(7);
        let host = if watched { host.observe(|_: &ExecutionContext, _: &Event| {}) } else { host };
        // The one before it asks for nothing, and takes its numbers all the same.
        assert_eq!(run(&host, false).await.to_string(), r#"{"asked":false}"#);
        let output = run(&host, true).await;
        drawn.push(["name", "uuid"].map(|field| text(&output, field).to_owned()));
    }
    assert_eq!(drawn[0], drawn[1]);
}
