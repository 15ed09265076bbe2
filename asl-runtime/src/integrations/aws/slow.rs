//! Actions that are answered only when their work is done: how long AWS lets them take.

use crate::integrations::timeouts;
use asl_engine::generated::action::Action;
use std::time::Duration;

/// Service, operation, and the longest time, in seconds.
const SLOW: &[(&str, &str, u64)] = &[
    ("bedrock-runtime", "Converse", 3600),
    ("bedrock-runtime", "InvokeModel", 3600),
    ("lambda", "Invoke", 900),
    ("states", "StartSyncExecution", 300),
];

/// How long the way back may take.
const BACK: Duration = Duration::from_secs(10);

/// How long a service may be silent when it is asked for an action.
pub(super) fn silence(action: &Action) -> Duration {
    let slow = SLOW
        .iter()
        .find(|(endpoint, operation, _)| *endpoint == action.endpoint && *operation == action.operation);
    slow.map_or(timeouts::READ, |(_, _, seconds)| Duration::from_secs(*seconds) + BACK)
}
