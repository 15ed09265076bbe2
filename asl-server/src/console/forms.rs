//! What forms do: one action of the API each, and then the page that shows what came of it.

use super::failure::Failure;
use super::fields::Fields;
use super::pages::editor::{self, Draft};
use super::pages::machine;
use super::parts::input;
use super::{Console, address};
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Map, Value, json};

/// `POST /machines/{machine}/start`
pub(crate) async fn start(
    State(console): State<Console>,
    Path(name): Path<String>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, Failure> {
    let arn = fields.get("arn").map_or_else(|| console.server.inner.machine_arn(&name, None), str::to_owned);
    let mut request = members(&fields, &["name", "input"]);
    if let Some(schema) = console.schemas.of(&name).filter(|_| fields.get("how") == Some("fields")) {
        match input::read(&schema, &fields) {
            Ok(input) => request.insert("input".to_owned(), input.to_string().into()),
            Err(problem) => {
                let page = machine::page(&console, &name, &fields, Some(&problem)).await?;
                return Ok((StatusCode::BAD_REQUEST, page).into_response());
            }
        };
    }
    request.insert("stateMachineArn".to_owned(), arn.into());
    let answer = match console.server.call("StartExecution", request.into()).await {
        Ok(answer) => answer,
        // What was written is not lost.
        Err(error) => {
            let page = machine::page(&console, &name, &fields, Some(&error.message)).await?;
            return Ok((StatusCode::BAD_REQUEST, page).into_response());
        }
    };
    let arn = answer.get("executionArn").and_then(Value::as_str).unwrap_or_default();
    // Executions of Express machines have no page.
    let shown = address::of_execution(arn).unwrap_or_else(|| address::machine(&name));
    Ok(Redirect::to(&shown).into_response())
}

/// `POST /executions/{machine}/{execution}/stop`
pub(crate) async fn stop(
    State(console): State<Console>,
    Path((machine, name)): Path<(String, String)>,
    Extension(fields): Extension<Fields>,
) -> Result<Redirect, Failure> {
    let execution = console.execution(&machine, &name).await?;
    let mut request = members(&fields, &["error", "cause"]);
    request.insert("executionArn".to_owned(), (*execution.arn).into());
    console.server.call("StopExecution", request.into()).await?;
    Ok(Redirect::to(&address::execution(&machine, &name)))
}

/// `POST /executions/{machine}/{execution}/redrive`
pub(crate) async fn redrive(
    State(console): State<Console>,
    Path((machine, name)): Path<(String, String)>,
) -> Result<Redirect, Failure> {
    let execution = console.execution(&machine, &name).await?;
    console.server.call("RedriveExecution", json!({ "executionArn": &*execution.arn })).await?;
    Ok(Redirect::to(&address::execution(&machine, &name)))
}

/// `POST /map-runs/limits`: another limit for a Map Run that runs.
pub(crate) async fn limit(
    State(console): State<Console>,
    Extension(fields): Extension<Fields>,
) -> Result<Redirect, Failure> {
    let arn = fields.get("arn").unwrap_or_default();
    let mut request = Map::from_iter([("mapRunArn".to_owned(), arn.into())]);
    for name in ["maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage"] {
        let Some(text) = fields.get(name) else { continue };
        let number: Value = text.trim().parse::<serde_json::Number>().map(Value::from).map_err(|_| {
            Failure::bad(format!("`{name}` has to be a number, and is `{}`", super::story::cut(text, 40)))
        })?;
        request.insert(name.to_owned(), number);
    }
    console.server.call("UpdateMapRun", request.into()).await?;
    Ok(Redirect::to(&address::map_run(arn)))
}

/// `POST /tokens`: ends the task of a token.
pub(crate) async fn token(
    State(console): State<Console>,
    Extension(fields): Extension<Fields>,
) -> Result<Redirect, Failure> {
    let (action, known) = match fields.get("end") {
        Some("failure") => ("SendTaskFailure", ["taskToken", "error", "cause"].as_slice()),
        _ => ("SendTaskSuccess", ["taskToken", "output"].as_slice()),
    };
    console.server.call(action, members(&fields, known).into()).await?;
    // Only to a page of this server.
    let back = fields.get("back").filter(|back| back.starts_with("/executions/"));
    Ok(Redirect::to(back.unwrap_or("/executions")))
}

/// `POST /save`: makes a machine, or a new revision of one; or only says what is wrong with it.
pub(crate) async fn save(
    State(console): State<Console>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, Failure> {
    let mut draft = Draft::sent(&fields);
    let wanted = fields.get("do").unwrap_or_default();
    if let Some(number) = fields.number("fix") {
        draft.text = draft.checked(&console).mended(number).unwrap_or(draft.text);
    } else if wanted == "format" {
        draft.text = super::json::pretty(&draft.text);
    }
    if wanted != "save" {
        return Ok(editor::page(&console, &draft, None).into_response());
    }
    let (machine, name) = (fields.get("machine"), fields.get("name").unwrap_or_default().trim());
    let saved = match machine {
        Some(machine) => {
            let arn = console.server.inner.machine_arn(machine, None);
            let request = json!({ "stateMachineArn": arn, "definition": draft.text });
            console.server.call("UpdateStateMachine", request).await
        }
        None => {
            let role = &*console.server.identity().role_arn;
            let request = json!({ "name": name, "definition": draft.text, "roleArn": role });
            console.server.call("CreateStateMachine", request).await
        }
    };
    match saved {
        Ok(_) => Ok(Redirect::to(&address::machine(machine.unwrap_or(name))).into_response()),
        // What was written is not lost.
        Err(error) => {
            draft.refused = Some(error.message);
            Ok(editor::page(&console, &draft, None).into_response())
        }
    }
}

/// Fields of a form as members of a request; what is empty is left out.
fn members(fields: &Fields, names: &[&str]) -> Map<String, Value> {
    names.iter().filter_map(|name| Some(((*name).to_owned(), fields.get(name)?.into()))).collect()
}
