//! How to test a machine: the functions are the program's own or a test's, and the clock is virtual, so that nothing waits.

use super::*;
use asl_runtime::{Host, Object, TaskError};
use serde_json::json;

const SHIPPED: &str = include_str!("input.json");
const CHARGE_CARD: &str = "arn:aws:lambda:us-east-1:123456789012:function:ChargeCard";

/// The order that is shipped, with another value in one field.
fn order_with(field: &str, value: serde_json::Value) -> Value {
    let mut order = Value::from_json(SHIPPED).unwrap().as_object().unwrap().clone();
    order.insert(field, value);
    order.into()
}

fn parts(error: &ExecutionError) -> (Option<&str>, Option<&str>) {
    (error.error(), error.cause())
}

#[tokio::test]
async fn an_order_is_charged_at_the_second_try_held_and_shipped() {
    let (clock, shop) = (VirtualClock::default(), Shop::new());
    let start = clock.now();
    let host = shop.serve(InMemory::with_clock(clock.clone()));
    let output = order::run_json(&host, SHIPPED).await.unwrap();
    let expected = json!({"order": "A-1001", "status": "shipped", "amount": 1110, "tracking": "PT-A-1001", "notified": true});
    assert_eq!(output, expected.into());
    // One second before the second try, and five for the owner of the card.
    assert_eq!(clock.now().since(start).as_secs(), 6);
    assert_eq!((shop.free("lamp"), shop.free("table"), shop.paid()), (Some(3), Some(0), 1110));
}

#[tokio::test]
async fn a_declined_card_frees_the_stock() {
    let shop = Shop::new();
    let host = shop.serve(InMemory::with_clock(VirtualClock::default()));
    let error = order::run_json(&host, include_str!("declined.json")).await.unwrap_err();
    assert_eq!(error.error(), Some("CardDeclined"));
    assert_eq!((shop.free("lamp"), shop.paid()), (Some(5), 0));
}

#[tokio::test]
async fn what_cannot_be_delivered_is_paid_back() {
    let shop = Shop::new();
    let host = shop.serve(InMemory::with_clock(VirtualClock::default()));
    let error = order::run_json(&host, include_str!("returned.json")).await.unwrap_err();
    assert_eq!(error.error(), Some("AddressUnknown"));
    assert_eq!((shop.free("chair"), shop.paid()), (Some(8), 0));
}

#[tokio::test]
async fn what_is_out_of_stock_frees_the_rest_of_the_order() {
    let shop = Shop::new();
    let host = shop.serve(InMemory::with_clock(VirtualClock::default()));
    let items = json!([{"sku": "lamp", "quantity": 5}, {"sku": "table", "quantity": 2}]);
    let error = order::run(&host, order_with("items", items)).await.unwrap_err();
    assert_eq!(error.error(), Some("OutOfStock"));
    assert_eq!((shop.free("lamp"), shop.free("table")), (Some(5), Some(1)));
}

#[tokio::test]
async fn a_letter_that_cannot_be_sent_does_not_stop_the_order() {
    let host = Shop::new().serve(InMemory::with_clock(VirtualClock::default()));
    let customer = json!({"email": "ana", "address": "Rua das Flores 12, Porto", "card": "visa-1111"});
    let output = order::run(&host, order_with("customer", customer)).await.unwrap();
    assert_eq!(output.get("notified"), Some(&false.into()));
}

#[tokio::test]
async fn an_order_without_items_fails() {
    let host = Shop::new().serve(InMemory::with_clock(VirtualClock::default()));
    let error = order::run(&host, order_with("items", json!([]))).await.unwrap_err();
    assert_eq!(parts(&error), (Some("EmptyOrder"), Some("an order needs an item")));
}

/// A function of the test takes the place of the shop's.
#[tokio::test]
async fn a_gateway_that_never_answers_is_tried_four_times() {
    let (clock, shop) = (VirtualClock::default(), Shop::new());
    let start = clock.now();
    let host = InMemory::with_clock(clock.clone());
    let gateway = host.clone();
    let host = shop.serve(host).resource(CHARGE_CARD, move |_| {
        let gateway = gateway.clone();
        async move {
            gateway.clock().sleep(std::time::Duration::from_secs(3600)).await;
            Ok::<_, TaskError>(Object::new())
        }
    });
    let error = order::run_json(&host, SHIPPED).await.unwrap_err();
    assert_eq!(error.error(), Some("States.Timeout"));
    // Four times ten seconds, with one, two and four seconds between them.
    assert_eq!(clock.now().since(start).as_secs(), 47);
    assert_eq!((shop.free("lamp"), shop.free("table")), (Some(5), Some(1)));
}
