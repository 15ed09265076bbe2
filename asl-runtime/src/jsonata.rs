//! JSONata at run time: what compiled expressions compute with.
//!
//! Expressions in states are compiled with their machine. Other expressions use [`jsonata!`](crate::jsonata!):
//!
//! ```
//! use asl_runtime::jsonata::{Bindings, Compiled};
//! use asl_runtime::{Value, jsonata};
//!
//! const TOTAL: Compiled = jsonata!("Order.Product.(Price * Quantity) ~> $sum()");
//!
//! let order = Value::from_json(r#"{"Order":{"Product":[{"Price":34.5,"Quantity":2},{"Price":107,"Quantity":1}]}}"#)?;
//! assert_eq!(TOTAL.evaluate(&order)?, Some(Value::from(176)));
//!
//! let taxed = jsonata!("$round($sum(Order.Product.Price) * (1 + $rate), 2)");
//! let bindings = Bindings::new().bind("rate", 0.21);
//! assert_eq!(bindings.evaluate(&taxed, &order)?, Some(Value::from(171.22)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub use asl_jsonata::*;
