//! Tags of machines and activities.

use super::{Answer, Request, settings};
use crate::arn::{self, Named};
use crate::control::{Change, Resource};
use crate::protocol::error::ApiError;
use crate::server::Inner;
use serde_json::{Value, json};
use std::sync::Arc;

/// `TagResource`
pub(super) async fn add(server: &Arc<Inner>, request: &Request) -> Answer {
    let resource = resource(server, request)?;
    let tags = settings::tags(request)?;
    server.control.change(|_| Ok((vec![Change::Tagged { resource, tags }], json!({})))).await
}

/// `UntagResource`
pub(super) async fn remove(server: &Arc<Inner>, request: &Request) -> Answer {
    let resource = resource(server, request)?;
    let keys = request.list("tagKeys").iter().filter_map(|key| key.as_str().map(str::to_owned)).collect();
    server.control.change(|_| Ok((vec![Change::Untagged { resource, keys }], json!({})))).await
}

/// `ListTagsForResource`
pub(super) fn list(server: &Arc<Inner>, request: &Request) -> Answer {
    let resource = resource(server, request)?;
    let state = server.control.read();
    let tags = state.tags_of(&resource).into_iter().flat_map(|tags| &tags.0);
    let tags: Vec<Value> = tags.map(|(key, value)| json!({ "key": key, "value": value })).collect();
    Ok(json!({ "tags": tags }))
}

/// What the request is about. Versions and aliases have no tags.
fn resource(server: &Inner, request: &Request) -> Result<Resource, ApiError> {
    let arn = request.required("resourceArn");
    let (resource, known) = match arn::parse(arn)? {
        Named::StateMachine { name, qualifier: None } => {
            (Resource::Machine(name.to_owned()), server.machine_arn(name, None))
        }
        Named::Activity { name } => {
            (Resource::Activity(name.to_owned()), server.identity().arn_of("activity", &[name]).to_string())
        }
        Named::StateMachine { .. } | Named::Execution | Named::Express | Named::MapRun => {
            return Err(ApiError::resource_not_found(arn));
        }
    };
    let is_there = known == arn && server.control.read().tags_of(&resource).is_some();
    if is_there { Ok(resource) } else { Err(ApiError::resource_not_found(arn)) }
}
