//! What is compared: a call of each service by a machine, by hand, and by hand with all that the task does.

mod dynamodb;
mod http;

use crate::Outcome;
use std::pin::Pin;

/// Calls a service once: what came of it.
pub(crate) type Call = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Outcome<Option<i64>>>>>>;

/// A service that is called.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    /// What its server answers.
    pub(crate) answer: &'static str,
    pub(crate) content_type: &'static str,
    /// A call of the server at an address.
    pub(crate) call: fn(Whose, &str) -> Outcome<Call>,
}

/// Who calls it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A machine.
    Ours,
    /// The client, which is asked for what is wanted and nothing else.
    ByHand,
    /// The client, with the timeouts, headers and result of the task.
    InFull,
}

impl Service {
    pub(crate) const ALL: &[Self] = &[
        Self {
            name: "HTTP task",
            answer: r#"{"total":1250,"currency":"EUR","lines":[{"sku":"hat","price":250},{"sku":"coat","price":1000}]}"#,
            content_type: "application/json",
            call: http::call,
        },
        Self {
            name: "DynamoDB putItem",
            answer: "{}",
            content_type: "application/x-amz-json-1.0",
            call: dynamodb::call,
        },
    ];
}

impl Whose {
    pub(crate) const ALL: [Self; 3] = [Self::Ours, Self::ByHand, Self::InFull];
    pub(crate) const BY_HAND: [Self; 2] = [Self::ByHand, Self::InFull];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::ByHand => "by-hand",
            Self::InFull => "in-full",
        }
    }

    /// What the name of a comparison with it ends with.
    pub(crate) const fn suffix(self) -> &'static str {
        if matches!(self, Self::InFull) { ", in full" } else { "" }
    }
}

/// A call that needs something.
fn with<T: 'static, F>(held: T, call: fn(&'static T) -> F) -> Call
where
    F: Future<Output = Outcome<Option<i64>>> + 'static,
{
    // It lives as long as the program.
    let held: &'static T = Box::leak(Box::new(held));
    Box::new(move || Box::pin(call(held)))
}
