//! Machines whose definitions are inside of templates.

use asl_runtime::{ExecutionError, InMemory, asl_machine};

asl_machine!("templates/shop.yaml", machine = "OrderMachine");
asl_machine!(mod refund = "templates/shop.yaml", machine = "Refund", substitutions = { "AWS::Region" = "eu-west-1" });
asl_machine!("templates/one.json");

#[tokio::test]
async fn a_machine_is_named_after_the_one_that_was_chosen() -> Result<(), ExecutionError> {
    let host = InMemory::new();
    assert_eq!(order_machine::run_json(&host, "{}").await?.as_str(), Some("good morning"));
    assert_eq!(refund::run_json(&host, "{}").await?.as_str(), Some("refunded in eu-west-1"));
    Ok(())
}

#[tokio::test]
async fn the_only_machine_of_a_template_needs_no_name() -> Result<(), ExecutionError> {
    assert_eq!(one::run_json(&InMemory::new(), "{}").await?.as_str(), Some("é"));
    Ok(())
}
