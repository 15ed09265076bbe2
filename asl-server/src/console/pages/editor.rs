//! The editor: the text of a machine, its picture beside it, and what the compiler says while one types.
//!
//! Below it, one state can be tried (`trial`), and the machine as a whole (`rehearsal`).

pub(crate) mod rehearsal;
pub(crate) mod trial;

use super::Page;
use super::machine::{find, zoom};
use crate::console::Console;
use crate::console::address::{self, Links};
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Section, icon, panel};
use crate::console::json::visible;
use crate::console::parts::picture::{self, Plan, Subject};
use crate::console::parts::source::{self, Checked};
use crate::control::machines::MachineType;
use crate::definition::written;
use asl_compiler::diagnostic::Severity;
use asl_compiler::outline::Machine;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
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

/// What is in the editor, as it was sent, so that nothing of it is lost.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    /// The machine that is edited; a new one, if there is none.
    machine: Option<String>,
    name: String,
    pub(crate) text: String,
    /// Why it was not saved.
    pub(crate) refused: Option<String>,
    trial: trial::Entries,
    rehearsal: rehearsal::Entries,
}

impl Draft {
    /// What a form has sent.
    pub(crate) fn sent(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).unwrap_or_default().to_owned();
        Self {
            machine: fields.get("machine").map(str::to_owned),
            name: text("name").trim().to_owned(),
            text: text("definition"),
            refused: None,
            trial: trial::Entries::sent(fields),
            rehearsal: rehearsal::Entries::sent(fields),
        }
    }

    /// What the compiler says of it.
    pub(crate) fn checked(&self, console: &Console) -> Checked {
        let known = self.machine.as_deref().and_then(|machine| find(console, machine).ok());
        Checked::of(&self.text, known.map_or(MachineType::Standard, |machine| machine.r#type))
    }
}

/// `GET /new`
pub(crate) async fn new(State(console): State<Console>) -> Page {
    page(&console, &Draft { text: HELLO.to_owned(), ..Draft::default() }, None)
}

/// `GET /machines/{machine}/edit?execution=`: with the input of an execution, and what its tasks answered as mocks.
pub(crate) async fn edit(
    State(console): State<Console>,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Page, Failure> {
    let machine = find(&console, &name)?;
    let text = machine.revision.settings.definition.clone();
    let rehearsal = match fields.get("execution") {
        Some(execution) => rehearsal::Entries::of_execution(&console, &name, execution).await?,
        None => rehearsal::Entries::of_definition(&text),
    };
    let draft = Draft { machine: Some(name.clone()), name, text, rehearsal, ..Draft::default() };
    Ok(page(&console, &draft, None))
}

/// The editor with a draft, and what came of a run of it.
pub(crate) fn page(console: &Console, draft: &Draft, ran: Option<&rehearsal::Ran>) -> Page {
    let checked = draft.checked(console);
    let machine = draft.machine.as_deref();
    let title =
        machine.map_or_else(|| "New machine".to_owned(), |machine| format!("Edit {}", visible(machine)));
    let way = [Some(("Machines", "/".to_owned())), machine.map(|name| (name, address::machine(name)))];
    let plain = || drawn(&draft.text, None);
    let picture = ran.and_then(|ran| ran.picture.clone()).or_else(plain);
    let body = html! {
        (frame::crumbs(&way.into_iter().flatten().collect::<Vec<_>>()))
        form #editor method="post" action="/save" {
            input type="hidden" name="token" value=(console.token);
            @if let Some(machine) = machine { input type="hidden" name="machine" value=(machine); }
            div.head {
                h1 { (title) }
                span #counts role="status" { (source::counts(&checked)) }
                div.acts {
                    @if machine.is_none() { label.inline { "Name " input type="text" name="name" value=(draft.name) required maxlength="80" autocomplete="off"; } }
                    button.btn name="do" value="format" formnovalidate { "Format" }
                    button.btn name="do" value="check" formnovalidate data-noscript { "Check" }
                    button.btn.main #save name="do" value="save" { "Save" }
                }
            }
            @if let Some(refused) = &draft.refused { div.note.bad role="status" { (icon("bad")) div { div.what { "It was not saved" } div.why { (visible(refused)) } } } }
            div.edit {
                (panel("text", "Definition", &html! { span.dim #caret {} }, &html! {
                    div.ed { div.sheet { div.src aria-hidden="true" {} textarea name="definition" spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" aria-label="Definition" { (draft.text) } } }
                }))
                (panel("picture", "Picture", &zoom(), &html! {
                    div.pic tabindex="0" role="region" aria-label="Picture, scrollable" {
                        @match picture {
                            Some(picture) => (picture),
                            None => (frame::empty("There is no picture", "The definition cannot be read as JSON.", &html! {})),
                        }
                    }
                }))
            }
            (panel("problems", "Problems", &html! { span.dim { kbd { "F8" } " next problem" } }, &html! { div #found { (listed(&checked)) } }))
            (rehearsal::form(&draft.rehearsal))
            div #ran role="status" { @if let Some(ran) = ran { (ran.shown) } }
            (trial::form(console, &draft.trial, &draft.text))
        }
    };
    Page(frame::page(&title, Section::Machines, &body))
}

/// The picture of a text, if it can be read, with one state open.
fn drawn(text: &str, opened: Option<&str>) -> Option<Markup> {
    let plan = Plan::read(text)?;
    Some(picture::picture(&Subject {
        plan: &plan,
        title: "Picture",
        story: None,
        selected: None,
        opened,
        links: Links::Text,
    }))
}

fn listed(checked: &Checked) -> Markup {
    if checked.found.is_empty() {
        return html! { p.in.soft { "The compiler finds nothing wrong with it." } };
    }
    source::problems(checked)
}

/// `POST /check`: what is wrong with a text, and its picture, as parts of the page.
pub(crate) async fn check(State(console): State<Console>, Extension(fields): Extension<Fields>) -> Response {
    let draft = Draft::sent(&fields);
    let checked = draft.checked(&console);
    let mark = |found: &asl_compiler::diagnostic::Diagnostic| value!({ "line": checked.line_of(found), "bad": found.severity == Severity::Error });
    let marks: Vec<_> = checked.found.iter().map(mark).collect();
    let answer = value!({
        "counts": source::counts(&checked).into_string(),
        "problems": listed(&checked).into_string(),
        "picture": drawn(&draft.text, fields.get("opened")).map(Markup::into_string),
        "marks": marks,
        "errors": checked.errors(),
        "states": names_in(&draft.text),
    });
    json(&answer)
}

/// The names of all states of a text, if it can be read.
fn names_in(text: &str) -> Vec<String> {
    let written = written(text);
    let states = written.iter().flat_map(|definition| Machine::of(definition).all_states());
    states.map(|state| state.name().to_owned()).collect()
}

/// Parts of the page, for the script.
fn json(answer: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}
