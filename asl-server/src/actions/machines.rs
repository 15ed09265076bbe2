//! State machines: made, changed, described, listed, deleted.

use super::pages::Page;
use super::{Answer, Request, settings, versions};
use crate::arn::{self, ArnKind, Named};
use crate::control::machines::{MachineType, Settings};
use crate::control::{Change, Revision, State, StateMachine};
use crate::definition;
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `CreateStateMachine`
pub(super) async fn create(server: &Arc<Inner>, request: &Request) -> Answer {
    let name = request.required("name");
    arn::check_name(name)?;
    check_role(request.required("roleArn"))?;
    check_description(request)?;
    let r#type = MachineType::read(request.text("type"));
    let text = request.required("definition");
    let variable_references = definition::accept(text, r#type)?;
    let settings = Settings {
        definition: text.to_owned(),
        role_arn: request.required("roleArn").to_owned(),
        logging: settings::logging(request.value("loggingConfiguration"))?,
        tracing: settings::tracing(request.value("tracingConfiguration")),
        encryption: settings::encryption(request.value("encryptionConfiguration")),
        variable_references,
    };
    let (tags, now) = (settings::tags(request)?, Date::now());
    let publish = request.flag("publish").unwrap_or_default();
    let answer = server
        .control
        .change(|state| {
            if let Some(known) = state.machines.get(name) {
                is_here(server, known)?;
                return if is_same(known, r#type, &settings) {
                    Ok((Vec::new(), created(server, known, publish.then_some(1))))
                } else {
                    Err(ApiError::about("StateMachineAlreadyExists", &server.machine_arn(name, None)))
                };
            }
            let revision = Revision { id: None, date: now, settings: Arc::new(settings) };
            let machine = StateMachine::new(name, r#type, revision, tags, now);
            let answer = created(server, &machine, publish.then_some(1));
            let version = publish.then(|| machine.next_version(request.owned("versionDescription"), now));
            let published =
                version.map(|version| Change::VersionPublished { machine: name.to_owned(), version });
            Ok((
                std::iter::once(Change::MachineCreated(Box::new(machine))).chain(published).collect(),
                answer,
            ))
        })
        .await?;
    // The first execution waits a little less.
    drop(server.machines.machine(text));
    Ok(answer)
}

/// Whether making a machine again makes the same one. The role and the tags do not count.
fn is_same(known: &StateMachine, r#type: MachineType, settings: &Settings) -> bool {
    let old = &known.revision.settings;
    known.r#type == r#type
        && old.definition == settings.definition
        && old.logging == settings.logging
        && old.tracing == settings.tracing
        && old.encryption == settings.encryption
}

fn created(server: &Inner, machine: &StateMachine, version: Option<u64>) -> Value {
    let mut answer = Map::new();
    answer.insert("creationDate".to_owned(), machine.created.into());
    answer.insert("stateMachineArn".to_owned(), server.machine_arn(&machine.name, None).into());
    let version = version.map(|number| versions::arn(server, &machine.name, number));
    answer.extend(version.map(|arn| ("stateMachineVersionArn".to_owned(), arn.into())));
    answer.into()
}

/// `UpdateStateMachine`
pub(super) async fn update(server: &Arc<Inner>, request: &Request) -> Answer {
    const CHANGED: [&str; 5] =
        ["definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "encryptionConfiguration"];
    let arn = request.required("stateMachineArn");
    let name = named(server, arn)?;
    request.text("roleArn").map_or(Ok(()), check_role)?;
    check_description(request)?;
    if CHANGED.iter().all(|member| request.value(member).is_none()) {
        let message = "Either the definition, the role ARN, the LoggingConfiguration, the EncryptionConfiguration or the TracingConfiguration must be specified";
        return Err(ApiError::new("MissingRequiredParameter", message));
    }
    let now = Date::now();
    let answer = server
        .control
        .change(|state| {
            let machine = state.machines.get(name).ok_or_else(|| does_not_exist(arn))?;
            is_here(server, machine)?;
            let settings = changed(machine, request)?;
            let mut updated = machine.clone();
            let mut changes = Vec::new();
            if settings != *machine.revision.settings {
                let revision =
                    Revision { id: Some(server.new_id()), date: now, settings: Arc::new(settings) };
                updated.revision = revision.clone();
                changes
                    .push(Change::MachineUpdated { machine: name.to_owned(), revision: Box::new(revision) });
            }
            let mut answer = Map::new();
            answer.insert("updateDate".to_owned(), now.into());
            answer.extend(updated.revision.id.clone().map(|id| ("revisionId".to_owned(), id.into())));
            if request.flag("publish").unwrap_or_default() {
                let (version, change) =
                    versions::published(&updated, request.owned("versionDescription"), now);
                changes.extend(change);
                answer.insert(
                    "stateMachineVersionArn".to_owned(),
                    versions::arn(server, name, version.number).into(),
                );
            }
            Ok((changes, answer.into()))
        })
        .await?;
    if let Some(definition) = request.text("definition") {
        drop(server.machines.machine(definition));
    }
    Ok(answer)
}

/// The settings of a machine with what a request changes.
fn changed(machine: &StateMachine, request: &Request) -> Result<Settings, ApiError> {
    let mut settings = Settings::clone(&machine.revision.settings);
    if let Some(text) = request.text("definition") {
        settings.variable_references = definition::accept(text, machine.r#type)?;
        text.clone_into(&mut settings.definition);
    }
    if let Some(role) = request.text("roleArn") {
        role.clone_into(&mut settings.role_arn);
    }
    if let Some(given) = request.value("loggingConfiguration") {
        settings.logging = settings::logging(Some(given))?;
    }
    if let Some(given) = request.value("tracingConfiguration") {
        settings.tracing = settings::tracing(Some(given));
    }
    if let Some(given) = request.value("encryptionConfiguration") {
        settings.encryption = settings::encryption(Some(given));
    }
    Ok(settings)
}

/// `DescribeStateMachine`
pub(super) fn describe(server: &Arc<Inner>, request: &Request) -> Answer {
    let arn = request.required("stateMachineArn");
    let state = server.control.read();
    let (machine, qualifier) = find(server, &state, arn)?;
    let version = match qualifier {
        None => None,
        Some(qualifier) => Some(machine.version_named(qualifier).ok_or_else(|| does_not_exist(arn))?),
    };
    let revision = version.map_or(&machine.revision, |version| &version.revision);
    let mut answer = described(revision, request.wants_metadata_only());
    answer.insert("stateMachineArn".to_owned(), arn.into());
    answer.insert("name".to_owned(), machine.name.as_str().into());
    answer.insert("status".to_owned(), if machine.is_leaving { "DELETING" } else { "ACTIVE" }.into());
    answer.insert("type".to_owned(), machine.r#type.as_str().into());
    answer
        .insert("creationDate".to_owned(), version.map_or(machine.created, |version| version.created).into());
    let description = version.and_then(|version| version.description.clone());
    answer.extend(description.map(|text| ("description".to_owned(), text.into())));
    Ok(answer.into())
}

/// What a revision of a machine is.
pub(super) fn described(revision: &Revision, metadata_only: bool) -> Map<String, Value> {
    let settings = &revision.settings;
    let mut answer = Map::new();
    answer.insert("roleArn".to_owned(), settings.role_arn.as_str().into());
    answer.insert("loggingConfiguration".to_owned(), settings.logging.clone());
    answer.insert("tracingConfiguration".to_owned(), settings.tracing.clone());
    answer.insert("encryptionConfiguration".to_owned(), settings.encryption.clone());
    answer.extend(revision.id.clone().map(|id| ("revisionId".to_owned(), id.into())));
    if !metadata_only {
        answer.insert("definition".to_owned(), settings.definition.as_str().into());
        if !settings.variable_references.is_empty() {
            answer.insert("variableReferences".to_owned(), settings.variable_references.clone().into());
        }
    }
    answer
}

/// `ListStateMachines`
pub(super) fn list(server: &Arc<Inner>, request: &Request) -> Answer {
    let page = Page::read(request, "ListStateMachines")?;
    let state = server.control.read();
    let entries = state.machines.values().map(|machine| {
        let entry = json!({
            "stateMachineArn": server.machine_arn(&machine.name, None),
            "name": machine.name,
            "type": machine.r#type.as_str(),
            "creationDate": Value::from(machine.created),
        });
        (machine.name.clone(), entry)
    });
    Ok(page.of("stateMachines", entries))
}

/// `DeleteStateMachine`: executions that run go on, and the machine is there until they have ended.
pub(super) async fn delete(server: &Arc<Inner>, request: &Request) -> Answer {
    let arn = request.required("stateMachineArn");
    let Named::StateMachine { name, qualifier } = ArnKind::StateMachine.read(arn)? else {
        return Ok(json!({}));
    };
    if qualifier.is_some() {
        return Err(ApiError::validation(format!(
            "Invalid state machine ARN: '{arn}' is that of a version or an alias"
        )));
    }
    let is_used = server.executions.any_runs(arn).await?;
    let leaves = |state: &State| {
        let machine = state.machines.get(name).filter(|_| *arn == server.machine_arn(name, None))?;
        let machine_name = || name.to_owned();
        Some(match (is_used, machine.is_leaving) {
            (false, _) => Change::MachineDeleted { machine: machine_name() },
            (true, false) => Change::MachineLeaves { machine: machine_name() },
            (true, true) => return None,
        })
    };
    server.control.change(|state| Ok((leaves(state).into_iter().collect(), ()))).await?;
    if is_used {
        delete_when_idle(server, name);
    }
    Ok(json!({}))
}

/// Deletes a machine when its executions have ended.
fn delete_when_idle(server: &Arc<Inner>, name: &str) {
    let (server, name) = (Arc::downgrade(server), name.to_owned());
    tokio::spawn(async move {
        let Some(arn) = server.upgrade().map(|server| server.machine_arn(&name, None)) else { return };
        let Some(idle) = server.upgrade().map(|server| server.executions.idle(arn.as_str().into())) else {
            return;
        };
        if idle.await.is_err() {
            return;
        }
        let Some(server) = server.upgrade() else { return };
        let deleted = |state: &State| {
            let is_leaving = state.machines.get(&name).is_some_and(|machine| machine.is_leaving);
            is_leaving.then(|| Change::MachineDeleted { machine: name.clone() }).into_iter().collect()
        };
        // What cannot be written now is tried when the server is started again.
        let _ = server.control.change(|state| Ok((deleted(state), ()))).await;
    });
}

/// Goes on with deleting machines that were deleted before the process was started.
pub(crate) fn resume_deletions(server: &Arc<Inner>) {
    let leaving: Vec<_> = {
        let state = server.control.read();
        let leaving = state.machines.values().filter(|machine| machine.is_leaving);
        leaving.map(|machine| machine.name.clone()).collect()
    };
    leaving.iter().for_each(|name| delete_when_idle(server, name));
}

/// Refuses a machine that is about to be gone.
pub(super) fn is_here(server: &Inner, machine: &StateMachine) -> Result<(), ApiError> {
    let deleting = || ApiError::about("StateMachineDeleting", &server.machine_arn(&machine.name, None));
    if machine.is_leaving { Err(deleting()) } else { Ok(()) }
}

/// The machine of an ARN, and the version or alias that the ARN names.
pub(super) fn find<'s, 'a>(
    server: &Inner,
    state: &'s State,
    arn: &'a str,
) -> Result<(&'s StateMachine, Option<&'a str>), ApiError> {
    let Named::StateMachine { name, qualifier } = ArnKind::StateMachine.read(arn)? else {
        return Err(does_not_exist(arn));
    };
    let machine = state.machines.get(name).filter(|_| server.machine_arn(name, qualifier) == arn);
    machine.map(|machine| (machine, qualifier)).ok_or_else(|| does_not_exist(arn))
}

/// The name of a machine, by an ARN without a version or an alias.
pub(super) fn named<'a>(server: &Inner, arn: &'a str) -> Result<&'a str, ApiError> {
    if let Named::StateMachine { name, qualifier: None } = ArnKind::StateMachine.read(arn)?
        && server.machine_arn(name, None) == arn
    {
        return Ok(name);
    }
    Err(does_not_exist(arn))
}

pub(super) fn does_not_exist(arn: &str) -> ApiError {
    ApiError::about("StateMachineDoesNotExist", arn)
}

fn check_role(role: &str) -> Result<(), ApiError> {
    if role.starts_with("arn:") {
        Ok(())
    } else {
        Err(ApiError::about("InvalidArn", &format!("Invalid ARN prefix: {role}")))
    }
}

fn check_description(request: &Request) -> Result<(), ApiError> {
    if request.text("versionDescription").is_some() && request.flag("publish") != Some(true) {
        return Err(ApiError::validation("Version description can only be set when publish is true"));
    }
    Ok(())
}
