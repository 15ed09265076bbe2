//! The inputs of the executions that are measured.

use serde_json::{Value, json};

/// Counts from 0 to a limit.
pub(crate) fn count(limit: u32) -> Value {
    json!({ "count": 0, "limit": limit })
}

/// The same with an order to decide about.
pub(crate) fn routed(limit: u32) -> Value {
    json!({
        "count": 0,
        "limit": limit,
        "order": {
            "id": "ord-00042-eu", "status": "OPEN", "total": 249.5, "paid": true, "gift": false, "country": "PT", "lines": 3,
            "weight": 12, "file": "orders/2024/05/part-00042.json", "note": null,
            "placed": "2024-05-17T10:20:30Z", "due": "2024-05-20T00:00:00Z"
        }
    })
}

/// The same with a price.
pub(crate) fn charged(limit: u32) -> Value {
    json!({ "count": 0, "limit": limit, "price": 1200, "customer": { "name": "Ana", "city": "Porto" } })
}

/// An order of eight lines.
pub(crate) fn order() -> Value {
    let lines: Vec<_> = (1..=8)
        .map(|line| json!({ "article": format!("article {line:04}"), "price": 100 * line, "pieces": line % 3 + 1, "tags": ["new", "red"] }))
        .collect();
    json!({
        "order": {
            "number": "2024-000117",
            "customer": {
                "name": "Ana Figueiredo de Sousa",
                "address": { "street": "Rua das Flores 12", "city": "Porto", "code": "4050-262", "country": "PT" }
            },
            "lines": lines,
            "history": { "channel": "web", "revision": 0 }
        }
    })
}

/// A table of about so many bytes of JSON.
pub(crate) fn table(bytes: usize) -> Value {
    let row = |number: usize| json!({ "number": number, "name": format!("row {number:06}"), "marks": [true, null], "text": "sixteen letters." });
    let length = bytes / (row(0).to_string().len() + 1);
    let rows: Vec<_> = (0..length).map(row).collect();
    json!({ "table": { "length": length, "rows": rows }, "step": null })
}

/// Parcels, a third of which are heavy.
pub(crate) fn parcels(number: u32) -> Value {
    let parcels: Vec<_> = (0..number)
        .map(|parcel| json!({ "number": parcel, "kilos": parcel * 7 % 30, "city": format!("city {}", parcel % 50) }))
        .collect();
    json!({ "parcels": parcels })
}

/// A basket whose items are added up in each turn of a loop.
pub(crate) fn basket(items: u32, turns: u32) -> Value {
    let items: Vec<_> = (0..items)
        .map(|item| json!({ "sku": format!("SKU-{item:03}"), "price": item * 37 % 90, "qty": 1 + item % 7, "tag": "a" }))
        .collect();
    json!({ "n": turns, "items": items })
}

/// The input of the branches of a Parallel state.
pub(crate) fn seed() -> Value {
    json!({ "seed": "a seed" })
}

/// Texts to choose by, in no order, and a last one that is none of them.
pub(crate) fn codes(number: usize) -> Value {
    let mut codes: Vec<_> =
        (0..number).map(|place| Value::from(asl_benches::definitions::code(place * 389 % number))).collect();
    codes.push("none".into());
    json!({ "count": 1, "code": codes.first(), "codes": codes })
}

/// A document of so many fields of 50 bytes, and a change of one of them.
pub(crate) fn wide(fields: usize) -> Value {
    let document: serde_json::Map<_, _> = (0..fields)
        .map(|field| (format!("row-{field:05}"), format!("thirty-two letters for row {field:05}").into()))
        .collect();
    json!({ "document": document, "patch": { "row-00007": null } })
}

/// Rows of parcels.
pub(crate) fn grid(rows: u32) -> Value {
    let row = |_| json!({ "parcels": field(parcels(rows), "parcels") });
    json!({ "rows": (0..rows).map(row).collect::<Vec<_>>() })
}

fn field(mut value: Value, name: &str) -> Value {
    value.get_mut(name).map(Value::take).unwrap_or_default()
}

/// Records of payments in 20 cities, and the customers who made them.
pub(crate) fn records(number: u32) -> Value {
    let record = |place: u32| {
        json!({
            "id": format!("payment-{place:05}"),
            "city": format!("city {}", place * 7 % 20),
            "amount": place * 7919 % 1009,
            "customer": format!("customer-{:05}", place * 31 % number)
        })
    };
    let customer =
        |place: u32| json!({ "id": format!("customer-{place:05}"), "name": format!("Name {place}") });
    json!({ "records": (0..number).map(record).collect::<Vec<_>>(), "customers": (0..number).map(customer).collect::<Vec<_>>() })
}
