//! Versions of state machines: published, listed, deleted.

use super::machines::{does_not_exist, is_here, named};
use super::pages::Page;
use super::{Answer, Request};
use crate::arn::{ArnKind, Named};
use crate::control::{Change, StateMachine, Version};
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use serde_json::{Value, json};
use std::sync::Arc;

/// The revision id that names the first revision, which has none.
const INITIAL: &str = "INITIAL";

/// `PublishStateMachineVersion`
pub(super) async fn publish(server: &Arc<Inner>, request: &Request) -> Answer {
    let machine_arn = request.required("stateMachineArn");
    let name = named(server, machine_arn)?;
    server.control.change(|state| {
        let machine = state.machines.get(name).ok_or_else(|| does_not_exist(machine_arn))?;
        is_here(server, machine)?;
        let current = machine.revision.id.as_deref().unwrap_or(INITIAL);
        if let Some(wanted) = request.text("revisionId").filter(|wanted| *wanted != current) {
            let message = format!(
                "Failed to publish the State Machine version for revision {wanted}. The current State Machine revision is {current}."
            );
            return Err(ApiError::new("ConflictException", message));
        }
        let (version, change) = published(machine, request.owned("description"), Date::now());
        let answer = json!({
            "creationDate": Value::from(version.created),
            "stateMachineVersionArn": arn(server, name, version.number),
        });
        Ok((change.into_iter().collect(), answer))
    }).await
}

/// The version of what a machine is now, and the change that makes it if it is not there yet.
pub(super) fn published(
    machine: &StateMachine,
    description: Option<String>,
    now: Date,
) -> (Version, Option<Change>) {
    match machine.published() {
        Some(version) => (version.clone(), None),
        None => {
            let version = machine.next_version(description, now);
            let change = Change::VersionPublished { machine: machine.name.clone(), version: version.clone() };
            (version, Some(change))
        }
    }
}

/// The ARN of a version.
pub(super) fn arn(server: &Inner, machine: &str, number: u64) -> String {
    server.machine_arn(machine, Some(&number.to_string()))
}

/// `ListStateMachineVersions`: from the newest on.
pub(super) fn list(server: &Arc<Inner>, request: &Request) -> Answer {
    let machine_arn = request.required("stateMachineArn");
    let page = Page::read(request, machine_arn)?;
    let Named::StateMachine { name, .. } = ArnKind::StateMachine.read(machine_arn)? else {
        return Err(does_not_exist(machine_arn));
    };
    let state = server.control.read();
    let versions = state.machines.get(name).map_or(&[][..], |machine| machine.versions.as_slice());
    let entries = versions.iter().rev().map(|version| {
        let entry = json!({
            "stateMachineVersionArn": arn(server, name, version.number),
            "creationDate": Value::from(version.created),
        });
        (format!("{:020}", u64::MAX - version.number), entry)
    });
    Ok(page.of("stateMachineVersions", entries))
}

/// `DeleteStateMachineVersion`
pub(super) async fn delete(server: &Arc<Inner>, request: &Request) -> Answer {
    let version_arn = request.required("stateMachineVersionArn");
    let Named::StateMachine { name, qualifier } = ArnKind::StateMachine.read(version_arn)? else {
        return Err(does_not_exist(version_arn));
    };
    let Some(number) = qualifier.and_then(|number| number.parse().ok()) else {
        return Err(ApiError::validation(format!(
            "The ARN '{version_arn}' is not that of a state machine version"
        )));
    };
    server.control.change(|state| {
        let machine = state.machines.get(name).filter(|machine| machine.version(number).is_some());
        let Some(machine) = machine else { return Ok((Vec::new(), json!({}))) };
        let leads_here = |routes: &[crate::control::Route]| routes.iter().any(|route| route.version == number);
        let aliases: Vec<_> =
            machine.aliases.values().filter(|alias| leads_here(&alias.routes)).map(|alias| alias.name.as_str()).collect();
        if !aliases.is_empty() {
            let message = format!(
                "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [{}]",
                aliases.join(", ")
            );
            return Err(ApiError::new("ConflictException", message));
        }
        Ok((vec![Change::VersionDeleted { machine: name.to_owned(), number }], json!({})))
    }).await
}
