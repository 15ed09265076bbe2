//! `docs/templates.md`

use asl_runtime::{InMemory, Value, asl_machine};

asl_machine!("template.yaml", machine = "Order"); // module `order`
asl_machine!(mod refunds = "template.yaml", machine = "Refund");

#[tokio::test]
async fn machines_of_a_template_are_modules() {
    let host = InMemory::new();
    for output in
        [order::run(&host, Value::empty_object()).await, refunds::run(&host, Value::empty_object()).await]
    {
        assert_eq!(output.expect("an output").to_string(), "{}");
    }
}
