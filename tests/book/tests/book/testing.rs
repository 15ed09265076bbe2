//! `docs/testing.md`

use asl_runtime::asl_machine;
use serde_json::json;

asl_machine!("order.asl.json");

#[tokio::test]
async fn a_busy_gateway_is_tried_again() {
    let run = order::test()
        .input(json!({"order": "A-1"}))
        .mock_error("Charge", "GatewayUnavailable", "busy")
        .mock("Charge", Ok(json!({"amount": 12})))
        .run()
        .await;
    run.assert_output(json!({"order": "A-1", "amount": 12})).assert_path(["Charge", "Done"]);
    assert_eq!((run.sent("Charge").len(), run.passed().as_secs()), (2, 1));
}
