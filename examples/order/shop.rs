//! The functions that the workflow calls: a shop with a small stock, and a payment gateway that is often busy.
//!
//! In: the parameters of tasks. Out: results, or errors that the workflow retries and catches.

use asl_runtime::{InMemory, TaskError, Value};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A shop; a clone is the same shop.
#[derive(Clone, Debug)]
pub(crate) struct Shop(Arc<Mutex<Books>>);

/// What the shop knows.
#[derive(Debug, Default)]
struct Books {
    /// By article: how many are free, and the price.
    stock: BTreeMap<String, (i64, i64)>,
    /// By order: what is put aside for it.
    reserved: BTreeMap<String, Vec<(String, i64)>>,
    /// By charge: what was paid.
    charges: BTreeMap<String, i64>,
    /// How often the gateway was called.
    gateway_calls: u32,
}

type Function = fn(&mut Books, &Value) -> Result<serde_json::Value, TaskError>;

/// The functions by name, as the ARNs in the definition end.
const FUNCTIONS: &[(&str, Function)] = &[
    ("ReserveItem", reserve_item),
    ("ReleaseStock", release_stock),
    ("ChargeCard", charge_card),
    ("RefundCard", refund_card),
    ("Ship", ship),
    ("Notify", notify),
];

impl Shop {
    pub(crate) fn new() -> Self {
        let stock = [("chair", 8, 120), ("lamp", 5, 80), ("table", 1, 950)];
        let stock = stock.map(|(sku, free, price)| (sku.to_owned(), (free, price))).into();
        Self(Arc::new(Mutex::new(Books { stock, ..Books::default() })))
    }

    /// Registers the functions on a host.
    pub(crate) fn serve(&self, host: InMemory) -> InMemory {
        FUNCTIONS.iter().fold(host, |host, (name, function)| {
            let shop = self.clone();
            host.resource(
                format!("arn:aws:lambda:us-east-1:123456789012:function:{name}"),
                move |parameters| {
                    let result = function(&mut shop.books(), &parameters);
                    async { result }
                },
            )
        })
    }

    /// How many of an article are free.
    #[cfg(test)]
    pub(crate) fn free(&self, sku: &str) -> Option<i64> {
        self.books().stock.get(sku).map(|(free, _)| *free)
    }

    /// What was paid and not paid back.
    #[cfg(test)]
    pub(crate) fn paid(&self) -> i64 {
        self.books().charges.values().sum()
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts articles aside, and returns their price.
fn reserve_item(books: &mut Books, parameters: &Value) -> Result<serde_json::Value, TaskError> {
    let (order, sku, quantity) =
        (text(parameters, "order")?, text(parameters, "sku")?, number(parameters, "quantity")?);
    let unknown = || TaskError::new("OutOfStock", format!("there is no article {sku}"));
    let (free, price) = books.stock.get_mut(sku).ok_or_else(unknown)?;
    if *free < quantity {
        return Err(TaskError::new("OutOfStock", format!("{quantity} of {sku} are wanted, {free} are free")));
    }
    *free -= quantity;
    books.reserved.entry(order.to_owned()).or_default().push((sku.to_owned(), quantity));
    Ok(json!(*price))
}

/// Frees what was put aside for an order; nothing, if nothing was.
fn release_stock(books: &mut Books, parameters: &Value) -> Result<serde_json::Value, TaskError> {
    let reserved = books.reserved.remove(text(parameters, "order")?).unwrap_or_default();
    for (sku, quantity) in &reserved {
        if let Some((free, _)) = books.stock.get_mut(sku) {
            *free += quantity;
        }
    }
    Ok(json!({"released": reserved.len()}))
}

/// Every other call finds the gateway busy.
fn charge_card(books: &mut Books, parameters: &Value) -> Result<serde_json::Value, TaskError> {
    books.gateway_calls += 1;
    if books.gateway_calls % 2 == 1 {
        return Err(TaskError::new("GatewayUnavailable", "the payment gateway is busy"));
    }
    let card = text(parameters, "card")?;
    if card.starts_with("expired") {
        return Err(TaskError::new("CardDeclined", format!("the card {card} has expired")));
    }
    let items = parameters.get("items").and_then(Value::as_array).into_iter().flat_map(|items| items.iter());
    let prices = items.map(|item| Ok(number(item, "price")? * number(item, "quantity")?));
    let amount = prices.sum::<Result<i64, TaskError>>()?;
    let id = format!("charge-{}", text(parameters, "order")?);
    books.charges.insert(id.clone(), amount);
    Ok(json!({"id": id, "amount": amount}))
}

fn refund_card(books: &mut Books, parameters: &Value) -> Result<serde_json::Value, TaskError> {
    let refunded = books.charges.remove(text(parameters, "charge")?);
    Ok(json!({"refunded": refunded}))
}

fn ship(_: &mut Books, parameters: &Value) -> Result<serde_json::Value, TaskError> {
    match text(parameters, "address")? {
        "nowhere" => Err(TaskError::new("AddressUnknown", "the carrier does not know the address")),
        _ => Ok(json!({"tracking": format!("PT-{}", text(parameters, "order")?)})),
    }
}

fn notify(_: &mut Books, parameters: &Value) -> Result<serde_json::Value, TaskError> {
    match text(parameters, "to")?.contains('@') {
        true => Ok(json!({"notified": true})),
        false => Err(TaskError::new("BadAddress", "an e-mail address has an @")),
    }
}

fn text<'a>(parameters: &'a Value, name: &str) -> Result<&'a str, TaskError> {
    parameters.get(name).and_then(Value::as_str).ok_or_else(|| bad_parameter(name, "text"))
}

fn number(parameters: &Value, name: &str) -> Result<i64, TaskError> {
    parameters.get(name).and_then(Value::as_i64).ok_or_else(|| bad_parameter(name, "whole number"))
}

fn bad_parameter(name: &str, kind: &str) -> TaskError {
    TaskError::new("BadParameter", format!("`{name}` is no {kind}"))
}
