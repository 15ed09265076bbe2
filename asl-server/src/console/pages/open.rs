//! A history from elsewhere, drawn: what `aws stepfunctions get-execution-history` prints, with a machine of this server or the definition of it.

use super::Page;
use super::machine::zoom;
use crate::console::Console;
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Place, icon, panel};
use crate::console::json::visible;
use crate::console::parts::picture::{self, Subject};
use crate::console::parts::{banner, events, timeline};
use crate::console::story::Story;
use crate::console::words;
use axum::Extension;
use axum::extract::State;
use maud::{Markup, html};
use serde_json::Value;

/// So many events are listed with their data.
const ROWS: usize = 300;

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
    Page(frame::page("Open a history", Place::Executions, &body))
}

/// `POST /open`: the history, drawn.
pub(crate) async fn show(
    State(console): State<Console>,
    Extension(fields): Extension<Fields>,
) -> Result<Page, Failure> {
    let history: Value = serde_json::from_str(fields.get("history").unwrap_or_default())
        .map_err(|error| Failure::bad(format!("The history is not JSON: {error}")))?;
    let story = Story::read(&history)
        .ok_or_else(|| Failure::bad("There are no events in it: it has to be an object with `events`."))?;
    let definition = match fields.get("machine") {
        Some(name) => super::machine::find(&console, name)?.revision.settings.definition.clone(),
        None => fields.get("definition").unwrap_or_default().to_owned(),
    };
    let now = story.latest();
    let graph = picture::graph(&definition);
    let body = html! {
        div.head { h1 { "A history" } @if let Some(ending) = &story.ending { (ending.state.pill()) } div.acts { a.btn href="/open" { "Open another" } } }
        dl.facts {
            div { dt { "Started" } dd { (words::moment(story.began())) } }
            div { dt { "Duration" } dd { (words::duration(now.saturating_sub(story.began()))) } }
            div { dt { "Events" } dd { (words::number(story.lines.len() as u64)) } }
        }
        (banner::banner(&story, now, false))
        @if let Some(graph) = &graph {
            (panel("picture", "Picture", &zoom(), &html! { div.pic tabindex="0" role="region" aria-label="Picture, scrollable" {
                (picture::picture(&Subject { graph, title: "Picture", story: Some(&story), selected: None, opened: None }))
            } }))
        }
        (timeline::timeline(&story, now, None))
        (panel("events", "Events", &html! {}, &list(&story, &history)))
    };
    Ok(Page(frame::page("A history", Place::Executions, &body)))
}

fn list(story: &Story, history: &Value) -> Markup {
    let all = history.get("events").unwrap_or(history).as_array();
    html! {
        @for event in all.into_iter().flatten().take(ROWS) {
            @let id = event.get("id").and_then(Value::as_u64).unwrap_or_default();
            @if let Some(line) = story.line(id) {
                details.sec {
                    summary { span.mono.dim { (id) } " " (visible(&line.kind)) " " b { @if let Some(visit) = line.visit.and_then(|visit| story.visit(visit)) { (visible(&visit.name)) } }
                        span.size { (words::offset(line.time.saturating_sub(story.began()))) } }
                    div.body { (events::data(event)) }
                }
            }
        }
        @if story.lines.len() > ROWS { p.more { "The first " (ROWS) " of " (words::count(story.lines.len() as u64, "event")) " are shown." } }
    }
}
