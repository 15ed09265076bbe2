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
