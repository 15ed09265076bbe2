//! Aliases of state machines: made, changed, described, listed, deleted.

use super::machines::find;
use super::pages::Page;
use super::{Answer, Request, versions};
use crate::arn::{ArnKind, Named};
use crate::control::{Alias, Change, Route, State, StateMachine};
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `CreateStateMachineAlias`
pub(super) async fn create(server: &Arc<Inner>, request: &Request) -> Answer {
    let (name, now) = (request.required("name"), Date::now());
    server.control.change(|state| {
        let (machine, routes) = routes(server, state, request.list("routingConfiguration"))?;
        let description = request.owned("description");
        let alias = Alias { name: name.to_owned(), description, routes, created: now, updated: now };
        let known = machine.aliases.get(name);
        if known.is_some_and(|known| known.routes != alias.routes || known.description != alias.description) {
            let message = "Failed to create alias because an alias with the same name and a different routing configuration already exists.";
            return Err(ApiError::new("ConflictException", message));
        }
        let answer = json!({
            "creationDate": Value::from(known.map_or(now, |known| known.created)),
            "stateMachineAliasArn": server.machine_arn(&machine.name, Some(name)),
        });
        let change = || Change::AliasChanged { machine: machine.name.clone(), alias };
        Ok((known.is_none().then(change).into_iter().collect(), answer))
    }).await
}

/// The machine and the versions that a routing configuration leads to.
fn routes<'s>(
    server: &Inner,
    state: &'s State,
    items: &[Value],
) -> Result<(&'s StateMachine, Vec<Route>), ApiError> {
    let arns: Vec<_> =
        items.iter().filter_map(|item| item.get("stateMachineVersionArn").and_then(Value::as_str)).collect();
    let weights: Vec<_> =
        items.iter().filter_map(|item| item.get("weight").and_then(Value::as_u64)).collect();
    let received = || arns.join(", ");
    let refused = |message: String| Err(ApiError::validation(message));
    let [first, ..] = arns.as_slice() else {
        return refused(
            "Routing configuration must contain one or two state machine versions. Received: []".to_owned(),
        );
    };
    if arns.len() > 2 {
        return refused(format!(
            "Routing configuration must contain one or two state machine versions. Received: [{}]",
            received()
        ));
    }
    let mut names = Vec::new();
    let mut routes = Vec::new();
    for (arn, weight) in arns.iter().zip(&weights) {
        let mut number = None;
        if let Named::StateMachine { name, qualifier: Some(qualifier) } = ArnKind::StateMachine.read(arn)? {
            names.push(name);
            number = qualifier.parse().ok();
        }
        let Some(version) = number else {
            return refused(format!(
                "Routing configuration must contain state machine version ARNs. Received: [{}]",
                received()
            ));
        };
        routes.push(Route { version, weight: *weight });
    }
    if names.windows(2).any(|pair| pair.first() != pair.last()) {
        return refused(format!(
            "Routing configuration must contain versions of one state machine. Received: [{}]",
            received()
        ));
    }
    if let [one, other] = routes.as_slice()
        && one.version == other.version
    {
        return refused(format!(
            "Routing configuration must contain distinct state machine version ARNs. Received: [{}]",
            received()
        ));
    }
    if weights.iter().sum::<u64>() != 100 {
        return refused(format!(
            "Sum of routing configuration weights must equal 100. Received: {weights:?}"
        ));
    }
    let (machine, _) = find(server, state, first).map_err(|_| no_such_resource())?;
    match routes.iter().all(|route| machine.version(route.version).is_some()) {
        true => Ok((machine, routes)),
        false => Err(no_such_resource()),
    }
}

fn no_such_resource() -> ApiError {
    ApiError::new("ResourceNotFound", "Request references a resource that does not exist.")
}

/// `UpdateStateMachineAlias`
pub(super) async fn update(server: &Arc<Inner>, request: &Request) -> Answer {
    let now = Date::now();
    server
        .control
        .change(|state| {
            let (machine, alias) = find_alias(server, state, request)?;
            let mut alias = alias.ok_or_else(no_such_resource)?.clone();
            if let Some(description) = request.owned("description") {
                alias.description = Some(description);
            }
            if request.value("routingConfiguration").is_some() {
                let (other, routes) = routes(server, state, request.list("routingConfiguration"))?;
                if other.name != machine.name {
                    return Err(ApiError::validation(
                        "Routing configuration must contain versions of the alias's state machine.",
                    ));
                }
                alias.routes = routes;
            }
            alias.updated = now;
            let change = Change::AliasChanged { machine: machine.name.clone(), alias };
            Ok((vec![change], json!({ "updateDate": Value::from(now) })))
        })
        .await
}

/// `DescribeStateMachineAlias`
pub(super) fn describe(server: &Arc<Inner>, request: &Request) -> Answer {
    let state = server.control.read();
    let (machine, alias) = find_alias(server, &state, request)?;
    let alias = alias.ok_or_else(no_such_resource)?;
    let routes: Vec<_> = alias.routes.iter().map(|route| {
        json!({ "stateMachineVersionArn": versions::arn(server, &machine.name, route.version), "weight": route.weight })
    }).collect();
    let mut answer = Map::new();
    answer.insert("stateMachineAliasArn".to_owned(), request.required("stateMachineAliasArn").into());
    answer.insert("name".to_owned(), alias.name.as_str().into());
    answer.extend(alias.description.clone().map(|text| ("description".to_owned(), text.into())));
    answer.insert("routingConfiguration".to_owned(), routes.into());
    answer.insert("creationDate".to_owned(), alias.created.into());
    answer.insert("updateDate".to_owned(), alias.updated.into());
    Ok(answer.into())
}

/// `ListStateMachineAliases`: of a machine, or of a version those that lead to it.
pub(super) fn list(server: &Arc<Inner>, request: &Request) -> Answer {
    let arn = request.required("stateMachineArn");
    let page = Page::read(request, arn)?;
    let state = server.control.read();
    let (machine, qualifier) = find(server, &state, arn)?;
    let version = qualifier.and_then(|qualifier| qualifier.parse().ok());
    let aliases = machine.aliases.values().filter(|alias| {
        version.is_none_or(|version: u64| alias.routes.iter().any(|route| route.version == version))
    });
    let entries = aliases.map(|alias| {
        let entry = json!({
            "stateMachineAliasArn": server.machine_arn(&machine.name, Some(&alias.name)),
            "creationDate": Value::from(alias.created),
        });
        (alias.name.clone(), entry)
    });
    Ok(page.of("stateMachineAliases", entries))
}

/// `DeleteStateMachineAlias`: one that is not there is gone already.
pub(super) async fn delete(server: &Arc<Inner>, request: &Request) -> Answer {
    server
        .control
        .change(|state| {
            let change = match find_alias(server, state, request) {
                Ok((machine, Some(alias))) => {
                    Some(Change::AliasDeleted { machine: machine.name.clone(), alias: alias.name.clone() })
                }
                Ok((_, None)) => None,
                Err(error) if error.kind == "ResourceNotFound" => None,
                Err(error) => return Err(error),
            };
            Ok((change.into_iter().collect(), json!({})))
        })
        .await
}

/// The machine of the ARN in `stateMachineAliasArn`, and the alias if there is one.
fn find_alias<'s>(
    server: &Inner,
    state: &'s State,
    request: &Request,
) -> Result<(&'s StateMachine, Option<&'s Alias>), ApiError> {
    let arn = request.required("stateMachineAliasArn");
    // An ARN that is none is told first.
    ArnKind::StateMachine.read(arn)?;
    let (machine, qualifier) = find(server, state, arn).map_err(|_| no_such_resource())?;
    Ok((machine, qualifier.and_then(|name| machine.aliases.get(name))))
}
