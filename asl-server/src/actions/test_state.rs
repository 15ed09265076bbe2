//! One state by itself.

use super::{Answer, Request};
use crate::control::machines::MachineType;
use crate::definition;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use crate::test_state::{Refusal, Setting, test_state};
use std::sync::Arc;

/// `TestState`
pub(super) async fn test(server: &Arc<Inner>, request: &Request) -> Answer {
    let Some(bench) = server.bench.as_deref() else {
        return Err(ApiError::new(
            "UnknownOperationException",
            "This server has no states that are not part of a machine",
        ));
    };
    let identity = server.identity();
    let setting = Setting {
        now: crate::Date::now().timestamp(),
        chance: server.services.chance(),
        region: identity.region.to_string(),
        account: identity.account.to_string(),
    };
    let options = definition::options(MachineType::Standard);
    let answer = test_state(&request.to_json(), &setting, &options, bench).await;
    answer.map_err(|Refusal { kind, message }| match kind {
        "InternalFailure" => ApiError::internal(message),
        _ => ApiError::new(kind, message),
    })
}
