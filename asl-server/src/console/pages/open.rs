//! A history from elsewhere, drawn: what `aws stepfunctions get-execution-history` prints, with a machine of this server or the definition of it.

use super::Page;
use crate::console::Console;
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Section, icon};
use crate::console::json::visible;
use crate::console::parts::report::Report;
use axum::Extension;
use axum::extract::State;
use maud::html;
use serde_json::Value;

/// `GET /open`: the form.
pub(crate) async fn ask(State(console): State<Console>) -> Page {
    let names: Vec<String> = console.server.inner.control.read().machines.keys().cloned().collect();
    let body = html! {
        div.head { h1 { "Open a history" } }
        section.panel aria-label="History" {
            @if console.read_only { (frame::empty("Only to be seen", "This console has no forms: it was started to be read only.", &html! {})) }
            @else {
                form.in.lane method="post" action="/open" {
                    input type="hidden" name="token" value=(console.token);
                    p.soft { "What " code { "aws stepfunctions get-execution-history --output json" } " prints, or what this console lets you download. Nothing of it is kept." }
                    label.field { "History, as JSON" textarea name="history" rows="12" required spellcheck="false" {} }
                    label.field { "Machine" select name="machine" { option value="" { "the definition below" } @for name in &names { option value=(name) { (visible(name)) } } } }
                    label.field { "Definition, if the machine is not here" textarea name="definition" rows="6" spellcheck="false" {} }
                    div.row-of { button.btn.main { (icon("open")) "Draw it" } }
                }
            }
        }
    };
    Page(frame::page("Open a history", Section::Executions, &body))
}

/// `POST /open`: the history, drawn.
pub(crate) async fn show(
    State(console): State<Console>,
    Extension(fields): Extension<Fields>,
) -> Result<Page, Failure> {
    let history: Value = serde_json::from_str(fields.get("history").unwrap_or_default())
        .map_err(|error| Failure::bad(format!("The history is not JSON: {error}")))?;
    let definition = match fields.get("machine") {
        Some(name) => super::machine::find(&console, name)?.revision.settings.definition.clone(),
        None => fields.get("definition").unwrap_or_default().to_owned(),
    };
    let report = Report::of(history, &definition)
        .ok_or_else(|| Failure::bad("There are no events in it: it has to be an object with `events`."))?;
    let body = report.draw("A history", &html! { a.btn href="/open" { "Open another" } });
    Ok(Page(frame::page("A history", Section::Executions, &body)))
}
