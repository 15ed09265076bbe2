//! `docs/monitoring.md`

use super::charge;
use asl_runtime::asl_machine;
use serde_json::json;

asl_machine!("order.asl.json");

const CHARGE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Charge";

#[tokio::test]
async fn what_fails_is_logged() {
    use asl_runtime::InMemory;
    use asl_runtime::monitoring::logs::{CloudWatchLogs, LogLevel};

    let host = InMemory::new().observe(CloudWatchLogs::new(std::io::stderr(), LogLevel::Error));
    assert!(order::run(&host, json!({ "total": 60 })).await.is_err());
}

#[tokio::test]
async fn executions_are_counted() {
    use asl_runtime::InMemory;
    use asl_runtime::monitoring::metrics::{Metrics, Prometheus};

    let prometheus = Prometheus::default();
    metrics::set_global_recorder(prometheus.clone()).expect("no other recorder");
    let host = InMemory::new().observe(Metrics::default());

    let host = host.resource(CHARGE, charge);
    order::run(&host, json!({ "total": 60 })).await.expect("an output");

    // When the server asks:
    println!("{}", prometheus.render());
    assert!(prometheus.render().contains("aws_states_executions_succeeded"), "{}", prometheus.render());
}
