//! What `asl.toml` says about definitions, where the macro says nothing itself.

use asl_runtime::{ExecutionError, InMemory, asl_machine};

asl_machine!("project/flows/greet.asl.json");
asl_machine!(mod greet_ben = "project/flows/greet.asl.json", substitutions = { Name = "Ben" });

#[tokio::test]
async fn the_macro_comes_before_the_project() -> Result<(), ExecutionError> {
    let host = InMemory::new();
    assert_eq!(greet::run_json(&host, r#"{"greeting":"hello"}"#).await?.as_str(), Some("hello Ana"));
    assert_eq!(greet_ben::run_json(&host, r#"{"greeting":"hello"}"#).await?.as_str(), Some("hello Ben"));
    Ok(())
}
