//! One state of the text in the editor, tried by itself.

use super::super::Page;
use super::{Draft, names_in};
use crate::console::Console;
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Section, icon, panel};
use crate::console::json::{self, visible};
use crate::console::parts::details;
use crate::definition::{state_in, written};
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::{Value, json as value};

/// What is in the fields.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    state: String,
    mock: String,
    input: String,
}

impl Entries {
    pub(super) fn sent(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).unwrap_or_default().to_owned();
        Self { state: text("state"), mock: text("mock"), input: text("state-input") }
    }
}

/// The fields, which are sent with the text.
pub(super) fn form(console: &Console, entries: &Entries, text: &str) -> Markup {
    if console.server.inner.bench.is_none() {
        return html! {};
    }
    let input = if entries.input.is_empty() { "{}" } else { &entries.input };
    let body = html! {
        div.in.lane {
            div.two {
                label.field { "State" select name="state" { @for name in &names_in(text) { option value=(name) selected[*name == entries.state] { (visible(name)) } } } }
                label.field { "Mocked result (JSON; the task is really done if empty)" input type="text" name="mock" value=(entries.mock) autocomplete="off"; }
            }
            label.field { "Input of the state" textarea name="state-input" rows="4" spellcheck="false" data-json { (input) } }
            div.row-of { button.btn formaction="/try" formnovalidate data-part="tried" { (icon("play")) "Run the state" } span.err role="status" data-json-error {} }
            div #tried role="status" {}
        }
    };
    panel("trial", "Try one state", &html! {}, &body)
}

/// `POST /try`: runs a state by `TestState`, and tells what came of it.
pub(crate) async fn try_state(
    State(console): State<Console>,
    Extension(fields): Extension<Fields>,
) -> Result<Response, Failure> {
    let draft = Draft::sent(&fields);
    let definition: Value = serde_json::from_str(&draft.text)
        .map_err(|error| Failure::bad(format!("The definition is not JSON: {error}")))?;
    let name = &draft.trial.state;
    let mut state = written(&draft.text)
        .and_then(|definition| state_in(&definition, name))
        .ok_or_else(|| Failure::missing(format!("There is no state `{name}`")))?;
    if let (Some(language), Some(members)) = (definition.get("QueryLanguage"), state.as_object_mut()) {
        members.entry("QueryLanguage").or_insert_with(|| language.clone());
    }
    let mut request = value!({
        "definition": state.to_string(),
        "input": fields.get("state-input").unwrap_or("{}"),
        "inspectionLevel": "DEBUG",
        "roleArn": &*console.server.identity().role_arn,
    });
    if let (Some(mock), Some(members)) = (fields.get("mock"), request.as_object_mut()) {
        members.insert("mock".to_owned(), value!({ "result": mock, "fieldValidationMode": "NONE" }));
    }
    let shown = match console.server.call("TestState", request).await {
        Ok(answer) => answered(&answer),
        Err(error) => {
            html! { div.note.bad { (icon("bad")) div { div.what { (error.kind) } div.why { (visible(&error.message)) } } } }
        }
    };
    if fields.get("part").is_some() {
        return Ok(super::json(&value!({ "shown": shown.into_string() })));
    }
    Ok(Page(frame::page(name, Section::Machines, &shown)).into_response())
}

/// What came of a state.
fn answered(answer: &Value) -> Markup {
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    let (class, symbol) = if text("status") == Some("SUCCEEDED") { ("ok", "ok") } else { ("bad", "bad") };
    html! {
        div class={ "note " (class) } { (icon(symbol)) div {
            div.what { (text("status").unwrap_or_default()) @if let Some(next) = text("nextState") { ", goes on to " (visible(next)) } }
            @if let Some(error) = text("error") { div.why { code { (visible(error)) } " " (visible(text("cause").unwrap_or_default())) } }
        } }
        @if let Some(output) = text("output") { (details::section("Output", None, &json::text(output))) }
        @if let Some(data) = answer.get("inspectionData") {
            @for (stage, shown) in data.as_object().into_iter().flatten() {
                @if let Some(shown) = shown.as_str() { details.sec { summary { (stage) } div.body { (json::text(shown)) } } }
            }
        }
    }
}
