//! Services that say themselves where they are asked: those of Timestream, each part of which serves some accounts.
//!
//! In: an action. Out: the host that it is sent to, which the service is asked for once and keeps for as long as it says.

use super::{ActionCall, Aws, Prepared, answer, host};
use crate::integrations::address::is_host_label;
use asl_engine::error::TaskError;
use asl_engine::generated::action::Action;
use asl_value::Value;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The action that asks for hosts, which is answered where the rules say.
const QUESTION: &str = "DescribeEndpoints";

/// The hosts that are known, by the services that they are for, and until when.
#[derive(Debug, Default)]
pub(super) struct Discovered(Mutex<HashMap<&'static str, (String, Instant)>>);

impl Discovered {
    fn get(&self, service: &str) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(service).filter(|(_, until)| *until > Instant::now()).map(|(host, _)| host.clone())
    }

    fn put(&self, service: &'static str, host: String, lasts: Duration) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(service, (host, Instant::now() + lasts));
    }
}

/// Whether the host of an action has to be asked for.
fn is_asked_for(action: &Action) -> bool {
    action.target.starts_with("Timestream_") && action.operation != QUESTION
}

impl Aws {
    /// The host of an action that its service has to be asked for. A server other than AWS is asked for nothing.
    pub(super) async fn discovered(&self, call: ActionCall) -> Result<Option<String>, TaskError> {
        if !is_asked_for(call.action) || self.elsewhere(call.action).is_some() {
            return Ok(None);
        }
        if let Some(host) = self.discovered.get(call.action.endpoint) {
            return Ok(Some(host));
        }
        let host = host::of(call.action, &self.service.region, self.service.variant);
        let question = Prepared {
            address: format!("https://{}/", host.name),
            headers: vec![
                ("x-amz-target".to_owned(), format!("{}.{QUESTION}", call.action.target)),
                ("content-type".to_owned(), "application/x-amz-json-1.0".to_owned()),
            ],
            body: b"{}".to_vec(),
            region: host.region,
        };
        let (status, headers, body) = self.send(call, question).await?;
        if !(200..300).contains(&status) {
            return answer::read(call, status, &headers, &body).map(|_| None);
        }
        let (host, lasts) = endpoint(&String::from_utf8_lossy(&body))
            .ok_or_else(|| call.client_error("the service does not say where it is asked"))?;
        self.discovered.put(call.action.endpoint, host.clone(), lasts);
        Ok(Some(host))
    }
}

/// The first host of an answer, and how long it may be asked. It becomes a part of an address, so nothing else is taken for one.
fn endpoint(body: &str) -> Option<(String, Duration)> {
    let answer = Value::from_json(body).ok()?;
    let first = answer.get("Endpoints")?.as_array()?.iter().next()?;
    let host = first.get("Address")?.as_str()?;
    let minutes =
        first.get("CachePeriodInMinutes")?.as_i64().and_then(|minutes| u64::try_from(minutes).ok())?;
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let is_name = name.split('.').all(is_host_label);
    (is_name && port.parse::<u16>().is_ok())
        .then(|| (host.to_owned(), Duration::from_secs(minutes.saturating_mul(60))))
}

#[cfg(test)]
mod tests;
