//! Topics, buses and APIs: what is sent to them.

use super::{DYNAMIC, Need, REFERENCE, resources};
use crate::arn::{Arn, Piece};
use crate::workflow::{Argument, ServiceCall};

/// A message to a topic, to an endpoint, or to a telephone.
pub(super) fn publish(call: &ServiceCall<'_>) -> Need {
    if call.parameters.get("PhoneNumber").is_some() {
        return Need::new(call, &["sns:Publish"], vec![Arn::any()])
            .wide(Some("a message to a telephone has no topic"));
    }
    let topic = call.parameters.get("TopicArn").or_else(|| call.parameters.get("TargetArn"));
    let (topic, wide) = match topic {
        Some(Argument::Constant(text)) if text.starts_with("arn:") || text.contains("${") => {
            (Arn::written(text), None)
        }
        // Not an ARN, as AWS would say when it is called; but a policy with it could not even be stored.
        Some(Argument::Constant(text)) => (Arn::here("sns", "").and_text(text), None),
        Some(Argument::Dynamic) | None => (Arn::here("sns", "*"), Some(DYNAMIC)),
    };
    Need::new(call, &["sns:Publish"], vec![topic]).wide(wide)
}

/// Each entry names its bus; without a name it is the account's default one.
pub(super) fn put_events(call: &ServiceCall<'_>) -> Need {
    let mut buses = Vec::new();
    let mut wide = None;
    match call.parameters.within("Entries").elements() {
        Some(entries) => {
            for entry in entries {
                let bus = match entry.get("EventBusName") {
                    Some(Argument::Constant(text)) => bus(text),
                    Some(Argument::Dynamic) => {
                        wide = Some(DYNAMIC);
                        Arn::here("events", "event-bus/*")
                    }
                    None => bus("default"),
                };
                buses.push(bus);
            }
            buses.sort();
            buses.dedup();
        }
        None => {
            buses.push(Arn::here("events", "event-bus/*"));
            wide = Some(DYNAMIC);
        }
    }
    Need::new(call, &["events:PutEvents"], buses).wide(wide)
}

fn bus(text: &str) -> Arn {
    if resources::is_arn(text) {
        Arn::written(text)
    } else {
        Arn::here("events", "event-bus/").and_text(text)
    }
}

/// `arn:...:execute-api:region:account:api/stage/METHOD/path`
pub(super) fn invoke_api(call: &ServiceCall<'_>) -> Need {
    let mut wide = None;
    let mut part = |name: &str, otherwise: Arn| match call.parameters.get(name) {
        Some(Argument::Constant(text)) => Arn::written(text.trim_matches('/')),
        Some(Argument::Dynamic) => {
            wide = Some(DYNAMIC);
            Arn::any()
        }
        None => otherwise,
    };
    let stage = part("Stage", Arn::any());
    let method = part("Method", Arn::any());
    let path = part("Path", Arn::default());
    let api = match call.parameters.get("ApiEndpoint") {
        Some(Argument::Constant(host)) => Arn::written(host.split('.').next().unwrap_or(host)),
        Some(Argument::Dynamic) | None => part("ApiEndpoint", Arn::any()),
    };
    let mut arn = Arn::here("execute-api", "").and_arn(api);
    for piece in [stage, method, path] {
        arn = arn.and(Piece::Text(String::from("/"))).and_arn(piece);
    }
    Need::new(call, &["execute-api:Invoke"], vec![arn]).wide(wide).source(REFERENCE)
}
