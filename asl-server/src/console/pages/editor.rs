//! The editor: the text of a machine, its picture beside it, and what the compiler says while one types.

use super::Page;
use super::machine::{find, shown, zoom};
use crate::console::Console;
use crate::console::address::{self, Links};
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Place, icon, panel};
use crate::console::json;
use crate::console::json::visible;
use crate::console::parts::details;
use crate::console::parts::picture::{self, Subject};
use crate::console::parts::source::{self, Checked};
use crate::control::machines::MachineType;
use crate::definition::{state_in, written};
use asl_compiler::outline::Machine;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use serde_json::{Value, json as value};

const HELLO: &str = r#"{
  "Comment": "Says hello",
  "QueryLanguage": "JSONata",
  "StartAt": "Hello",
  "States": {
    "Hello": {
      "Type": "Pass",
      "Output": "{% 'hello ' & $states.input.name %}",
      "End": true
    }
  }
}
"#;

/// `GET /new`
pub(crate) async fn new(State(console): State<Console>) -> Page {
    page(&console, None, "", HELLO, None)
}

/// `GET /machines/{machine}/edit`
pub(crate) async fn edit(State(console): State<Console>, Path(name): Path<String>) -> Result<Page, Failure> {
    let machine = find(&console, &name)?;
    Ok(page(&console, Some(&name), &name, &machine.revision.settings.definition, None))
}

/// The editor with a text.
pub(crate) fn page(
    console: &Console,
    machine: Option<&str>,
    name: &str,
    text: &str,
    refused: Option<&str>,
) -> Page {
    let checked = checked(console, machine, text);
    let title =
        machine.map_or_else(|| "New machine".to_owned(), |machine| format!("Edit {}", visible(machine)));
    let body = html! {
        (frame::crumbs(&[Some(("Machines", "/".to_owned())), machine.map(|machine| (machine, address::machine(machine)))].into_iter().flatten().collect::<Vec<_>>()))
        form #editor method="post" action="/save" {
            input type="hidden" name="token" value=(console.token);
            @if let Some(machine) = machine { input type="hidden" name="machine" value=(machine); }
            div.head {
                h1 { (title) }
                span #counts role="status" { (source::counts(&checked)) }
                div.acts {
                    @if machine.is_none() { label.inline { "Name " input type="text" name="name" value=(name) required maxlength="80" autocomplete="off"; } }
                    button.btn name="do" value="format" formnovalidate { "Format" }
                    button.btn name="do" value="check" formnovalidate data-noscript { "Check" }
                    button.btn.main #save name="do" value="save" { "Save" }
                }
            }
            @if let Some(refused) = refused { div.note.bad role="status" { (icon("bad")) div { div.what { "It was not saved" } div.why { (visible(refused)) } } } }
            div.edit {
                (panel("text", "Definition", &html! { span.dim #caret {} }, &html! {
                    div.ed { div.sheet { div.src aria-hidden="true" {} textarea name="definition" spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" aria-label="Definition" { (text) } } }
                }))
                (panel("picture", "Picture", &zoom(), &shown(text, &title, None)))
            }
            (panel("problems", "Problems", &html! { span.dim { kbd { "F8" } " next problem" } }, &html! { div #found { (listed(&checked)) } }))
        }
        (trial(console, text))
    };
    Page(frame::page(&title, Place::Machines, &body))
}

/// What the compiler says of a text that is to be a machine.
pub(crate) fn checked(console: &Console, machine: Option<&str>, text: &str) -> Checked {
    let known = machine.and_then(|machine| find(console, machine).ok());
    Checked::of(text, known.map_or(MachineType::Standard, |machine| machine.r#type))
}

fn listed(checked: &Checked) -> Markup {
    if checked.found.is_empty() {
        return frame::empty("No problems", "The compiler finds nothing wrong with it.", &html! {});
    }
    source::problems(checked)
}

/// `POST /check`: what is wrong with a text, and its picture, as parts of the page.
pub(crate) async fn check(
    State(console): State<Console>,
    Extension(fields): Extension<Fields>,
) -> impl IntoResponse {
    let text = fields.get("definition").unwrap_or_default();
    let checked = checked(&console, fields.get("machine"), text);
    let picture = picture::graph(text).map(|graph| {
        picture::picture(&Subject {
            graph: &graph,
            title: "Picture",
            story: None,
            selected: None,
            opened: None,
            links: Links::Pages,
        })
        .into_string()
    });
    let marks: Vec<_> = checked.found.iter().map(|found| value!({ "line": checked.line_of(found), "bad": found.severity == asl_compiler::diagnostic::Severity::Error })).collect();
    let answer = value!({
        "counts": source::counts(&checked).into_string(),
        "problems": listed(&checked).into_string(),
        "picture": picture,
        "marks": marks,
        "errors": checked.errors(),
    });
    ([(header::CONTENT_TYPE, "application/json")], answer.to_string())
}

/// A form to run one state by itself.
fn trial(console: &Console, text: &str) -> Markup {
    if console.server.inner.bench.is_none() {
        return html! {};
    }
    let written = written(text);
    let states = written.as_ref().map(|definition| Machine::of(definition).all_states()).unwrap_or_default();
    let body = html! {
        form.in.lane #try method="post" action="/try" {
            input type="hidden" name="token" value=(console.token);
            input type="hidden" name="definition" value=(text);
            div.two {
                label.field { "State" select name="state" { @for state in &states { option value=(state.name()) { (visible(state.name())) } } } }
                label.field { "Mocked result (JSON; the task is really done if empty)" input type="text" name="mock" autocomplete="off"; }
            }
            label.field { "Input" textarea name="input" rows="4" spellcheck="false" data-json { "{}" } }
            div.row-of { button.btn { (icon("play")) "Run the state" } }
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
    let text = fields.get("definition").unwrap_or_default();
    let definition: Value = serde_json::from_str(text)
        .map_err(|error| Failure::bad(format!("The definition is not JSON: {error}")))?;
    let name = fields.get("state").unwrap_or_default();
    let state = written(text)
        .and_then(|definition| state_in(&definition, name))
        .ok_or_else(|| Failure::missing(format!("There is no state `{name}`")))?;
    let mut state = state;
    if let (Some(language), Some(members)) = (definition.get("QueryLanguage"), state.as_object_mut()) {
        members.entry("QueryLanguage").or_insert_with(|| language.clone());
    }
    let mut request = value!({
        "definition": state.to_string(),
        "input": fields.get("input").unwrap_or("{}"),
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
        return Ok(Html(shown.into_string()).into_response());
    }
    Ok(Page(frame::page(name, Place::Machines, &shown)).into_response())
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
