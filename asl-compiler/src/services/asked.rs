//! Fields that a result has only where a parameter asks for them.
//!
//! In: an action and a field of its result. Out: the parameter that asks for it.

/// What a parameter asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    service: &'static str,
    /// The actions that take the parameter; all of the service if there are none.
    actions: &'static [&'static str],
    /// The field that is there only for it.
    pub field: &'static str,
    /// The parameter.
    pub parameter: &'static str,
    /// Its value that asks for nothing, which it has where it is not given.
    pub nothing: &'static str,
}

const ASKED: &[Asked] = &[
    Asked {
        service: "dynamodb",
        actions: &["putItem", "updateItem", "deleteItem"],
        field: "Attributes",
        parameter: "ReturnValues",
        nothing: "NONE",
    },
    Asked {
        service: "dynamodb",
        actions: &[],
        field: "ConsumedCapacity",
        parameter: "ReturnConsumedCapacity",
        nothing: "NONE",
    },
    Asked {
        service: "dynamodb",
        actions: &[],
        field: "ItemCollectionMetrics",
        parameter: "ReturnItemCollectionMetrics",
        nothing: "NONE",
    },
    Asked {
        service: "lambda",
        actions: &["invoke"],
        field: "LogResult",
        parameter: "LogType",
        nothing: "None",
    },
];

/// What is asked for in calls of an action such as `dynamodb:putItem` or `aws-sdk:dynamodb:putItem`.
pub fn asked(action: &str) -> impl Iterator<Item = &'static Asked> {
    let (service, action) = action.trim_start_matches("aws-sdk:").split_once(':').unwrap_or_default();
    let is_of = move |asked: &&Asked| {
        asked.service == service && (asked.actions.is_empty() || asked.actions.contains(&action))
    };
    // Which actions take it is what a result with such a field says.
    ASKED.iter().filter(is_of)
}
