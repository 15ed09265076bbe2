//! An execution: the answer, the picture, the time line, the events, and the state that is looked at.

use super::Page;
use super::machine::zoom;
use crate::console::address::{self, Links};
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Section, icon, panel};
use crate::console::json::visible;
use crate::console::parts::data::Data;
use crate::console::parts::details::{self, Stay};
use crate::console::parts::picture::{self, Plan, Subject};
use crate::console::parts::{banner, events, timeline};
use crate::console::story::{Progress, Story};
use crate::console::{Console, words};
use crate::executions::{Description, history};
use asl_runtime::Status;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use serde_json::Value;

/// What is made of the story of an execution at once.
struct Drawn {
    facts: Markup,
    banner: Markup,
    picture: Option<Markup>,
    timeline: Markup,
    events: Markup,
    stay: Option<Stay>,
    last: u64,
}

/// `GET /executions/{machine}/{execution}`
pub(crate) async fn show(
    State(console): State<Console>,
    Path((machine, name)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Failure> {
    let execution = console.execution(&machine, &name).await?;
    if fields.get("iterations").is_some() {
        return super::iterations::show(&console, &execution, &fields).await;
    }
    let definition = definition_of(&console, &execution).await?;
    let open = match fields.number::<u64>("event") {
        Some(id) => event_of(&console, &execution, id).await?.map(|event| (id, event)),
        None => None,
    };
    let open = open.as_ref().map(|(id, event)| (*id, event));
    let now = moment_of(&console, &execution);
    let plan = console.plans.of(&definition);
    let draw = |story: &Story| {
        let selected = selected(story, &fields);
        Drawn {
            facts: facts(&execution, story, now),
            banner: banner::banner(story, now, can_be_redriven(&console, &execution), Links::Pages),
            picture: plan.as_ref().map(|plan| {
                let selected = selected.and_then(|number| story.visit(number)).map(|visit| &*visit.name);
                let opened = fields.get("state");
                picture::picture(&Subject {
                    plan,
                    title: &execution.name,
                    story: Some(story),
                    selected,
                    opened,
                    links: Links::Pages,
                })
            }),
            timeline: timeline::timeline(story, now, selected, Links::Pages),
            events: events::events(story, &fields, open),
            stay: selected
                .and_then(|number| Stay::of(story, number, now, |name| assigns(plan.as_deref(), name))),
            last: story.last(),
        }
    };
    let drawn = console.story(&execution, draw).await?;
    let inspected = inspected(&console, &execution, plan.as_deref(), drawn.stay.as_ref()).await?;
    let body = html! {
        div #execution data-path=(address::execution(&machine, &name)) data-last=(drawn.last) data-live=[(execution.status == Status::Running).then_some("1")] {
            div #top {
                (way(&console, &execution))
                (head(&console, &execution))
                (drawn.facts)
                (drawn.banner)
            }
            div.cols {
                div {
                    (panel("picture", "Picture", &zoom(), &html! { div.pic tabindex="0" role="region" aria-label="Picture, scrollable" { @if let Some(picture) = &drawn.picture { (picture) } } (legend()) }))
                    (drawn.timeline)
                }
                section.panel.inspect #inspect aria-label="Details" { (inspected) }
            }
            (drawn.events)
            @if !console.read_only { (dialogs(&console, &execution)) }
        }
    };
    let title = format!("{} {}", execution.name, Progress::from(execution.status).word().to_lowercase());
    Ok(Page(frame::page(&title, Section::Executions, &body)).into_response())
}

/// `GET /fragment/executions/{machine}/{execution}/details`: the panel alone.
pub(crate) async fn details(
    State(console): State<Console>,
    Path((machine, name)): Path<(String, String)>,
    fields: Fields,
) -> Result<Html<String>, Failure> {
    let execution = console.execution(&machine, &name).await?;
    let definition = definition_of(&console, &execution).await?;
    let now = moment_of(&console, &execution);
    let plan = console.plans.of(&definition);
    let assigns = |name: &str| assigns(plan.as_deref(), name);
    let find =
        |story: &Story| asked_for(story, &fields).and_then(|number| Stay::of(story, number, now, assigns));
    let stay = console.story(&execution, find).await?;
    let panel = inspected(&console, &execution, plan.as_deref(), stay.as_ref()).await?;
    Ok(Html(panel.into_string()))
}

/// `GET /fragment/executions/{machine}/{execution}/event/{id}`: the JSON of an event alone.
pub(crate) async fn event(
    State(console): State<Console>,
    Path((machine, name, id)): Path<(String, String, u64)>,
) -> Result<Html<String>, Failure> {
    let execution = console.execution(&machine, &name).await?;
    let event = event_of(&console, &execution, id).await?;
    let event = event.ok_or_else(|| Failure::missing(format!("There is no event {id}")))?;
    Ok(Html(events::data(&event).into_string()))
}

async fn event_of(console: &Console, execution: &Description, id: u64) -> Result<Option<Value>, Failure> {
    let found = console.server.inner.executions.events_of(execution, &[id]).await?;
    Ok(found.first().map(|event| history::event(event, &execution.input_text, true)))
}

/// The definition that an execution began with.
pub(crate) async fn definition_of(console: &Console, execution: &Description) -> Result<String, Failure> {
    let revision = console.server.inner.executions.revision(&execution.arn).await;
    Ok(revision.map(|revision| revision.settings.definition.clone()).unwrap_or_default())
}

/// The moment until which an execution is told: its end, or now.
pub(crate) fn moment_of(console: &Console, execution: &Description) -> i64 {
    execution.stop_date.unwrap_or_else(|| console.server.inner.executions.now()).milliseconds()
}

/// The stay that a query names: by its number, or the worst in a state.
fn asked_for(story: &Story, fields: &Fields) -> Option<usize> {
    if let Some(number) = fields.number::<usize>("visit") {
        return story.visit(number).map(|_| number);
    }
    story.stay_in(fields.get("state")?)
}

/// The stay that is shown: what was asked for, or what has failed, or what runs.
fn selected(story: &Story, fields: &Fields) -> Option<usize> {
    let active = || story.open().filter(|(_, visit)| !visit.is_scope()).map(|(number, _)| number).next_back();
    asked_for(story, fields).or_else(|| banner::culprit(story)).or_else(active)
}

fn assigns(plan: Option<&Plan>, name: &str) -> bool {
    plan.is_some_and(|plan| plan.assigns(name))
}

/// The panel of a stay, or of the execution.
async fn inspected(
    console: &Console,
    execution: &Description,
    plan: Option<&Plan>,
    stay: Option<&Stay>,
) -> Result<Markup, Failure> {
    let Some(stay) = stay else { return Ok(whole(execution)) };
    let events = console.server.inner.executions.events_of(execution, &stay.events()).await?;
    let data = Data::of(stay, &events);
    let definition = plan.and_then(|plan| plan.state(&stay.visit.name));
    let forms = match !console.read_only && !stay.visit.state.is_over() && stay.visit.has_token() {
        true => token_form(console, execution, &data).await,
        false => html! {},
    };
    Ok(details::details(stay, &data, definition.as_ref(), &forms, Links::Pages))
}

/// The panel when no state is chosen.
fn whole(execution: &Description) -> Markup {
    html! { div.contents data-stay="" {
        div.up { span { "Execution" } }
        div.scroll tabindex="0" role="region" aria-label="Details, scrollable" {
            (details::payload("Input", Some(&execution.input)))
            (details::payload("Output", execution.output.as_ref()))
            @if let Some(error) = &execution.error { (details::section("Error", None, &html! { div.err { (visible(error)) } @if let Some(cause) = &execution.cause { div.cause { (visible(&crate::console::story::cut(cause, 2_000))) } } })) }
        }
    } }
}

/// A form that ends the task of a token. The token is filled in if it is among what was sent.
async fn token_form(console: &Console, execution: &Description, data: &Data) -> Markup {
    let mut known = None;
    for token in data.tokens() {
        if console.server.inner.executions.check_token(&token).await.is_ok() {
            known = Some(token);
            break;
        }
    }
    html! {
        details.sec open[known.is_some()] {
            summary { "End the task" }
            form.body.lane method="post" action="/tokens" {
                input type="hidden" name="token" value=(console.token);
                input type="hidden" name="back" value=(address::execution(&execution.machine_name, &execution.name));
                label.field { "Task token" input type="text" name="taskToken" value=[known.as_deref()] required autocomplete="off"; }
                label.field { "Output, as JSON" textarea name="output" rows="3" data-json { "{}" } }
                div.row-of { button.btn.main name="end" value="success" { "Send success" } }
                label.field { "Error" input type="text" name="error"; }
                label.field { "Cause" input type="text" name="cause"; }
                div.row-of { button.btn.danger name="end" value="failure" formnovalidate { "Send failure" } }
            }
        }
    }
}

fn way(console: &Console, execution: &Description) -> Markup {
    let machine = execution.machine_name.split('/').next().unwrap_or_default();
    let mut way = vec![("Machines", "/".to_owned())];
    let name = visible(machine);
    if console.server.inner.control.read().machines.contains_key(machine) {
        way.push((&name, address::machine(machine)));
    }
    way.push(("Executions", address::executions_of(machine)));
    if let Some(run) = &execution.map_run_arn {
        way.push(("Map Run", address::map_run(run)));
    }
    frame::crumbs(&way)
}

fn can_be_redriven(console: &Console, execution: &Description) -> bool {
    matches!(execution.status, Status::Failed | Status::TimedOut | Status::Aborted)
        && execution.map_run_arn.is_none()
        && console.server.inner.executions.never_redrives().is_none()
}

fn head(console: &Console, execution: &Description) -> Markup {
    let path = address::execution(&execution.machine_name, &execution.name);
    let machine = execution.machine_name.split('/').next().unwrap_or_default();
    let runs = execution.status == Status::Running;
    html! {
        div.head {
            h1 { (visible(&execution.name)) }
            (Progress::from(execution.status).pill())
            @if execution.redrive_count > 0 { span.tag { "redriven " (execution.redrive_count) "×" } }
            div.acts {
                @if !console.read_only {
                    @if runs { a.btn.danger href="#dlg-stop" data-dialog="dlg-stop" { (icon("stop")) "Stop…" } }
                    @if can_be_redriven(console, execution) { a.btn href="#dlg-redrive" data-dialog="dlg-redrive" { (icon("redo")) "Redrive…" } }
                    @if !runs && execution.map_run_arn.is_none() {
                        a.btn.main href={ (address::machine(machine)) "?input=" (address::part(&short(&execution.input_text))) "#start" } { (icon("play")) "Start again" }
                    }
                }
                details.menu {
                    summary.btn.icon aria-label="More actions" { (icon("more")) }
                    ul {
                        li { button type="button" data-copy=(execution.arn) { (icon("copy")) "Copy ARN " kbd { "c" } } }
                        li { a href={ (path) "/history.json" } download { (icon("down")) "Download history (JSON)" } }
                        li { a href={ (path) "/picture.svg" } download { (icon("down")) "Download picture (SVG)" } }
                        @if !console.read_only && execution.map_run_arn.is_none() {
                            li { a href={ (address::machine(machine)) "/edit?execution=" (address::part(&execution.name)) "#rehearsal" } { (icon("edit")) "Edit, and run with its answers" } }
                        }
                        li { a href={ (path) "/test.json" } download { (icon("down")) "Make a test case of it" } }
                    }
                }
            }
        }
    }
}

/// An input that fits into an address; the form of the machine has the input of its last execution otherwise.
fn short(input: &str) -> String {
    if input.len() <= 6_000 { input.to_owned() } else { String::new() }
}

fn facts(execution: &Description, story: &Story, now: i64) -> Markup {
    let qualifier = |arn: &Option<asl_runtime::Text>| {
        arn.as_deref().and_then(|arn| arn.rsplit(':').next().map(str::to_owned))
    };
    let began = execution.start_date.milliseconds();
    let runs = execution.status == Status::Running;
    html! {
        dl.facts #facts {
            div { dt { "Machine" } dd { (visible(&execution.machine_name)) } }
            div { dt { "Started" } dd { (words::moment(began)) } }
            div { dt { @if runs { "Running for" } @else { "Duration" } } dd { span data-up=[runs.then(|| ((now - began) / 1000).to_string())] { (words::duration(now - began)) } } }
            @if let Some(version) = qualifier(&execution.version_arn) { div { dt { "Version" } dd { (visible(&version)) } } }
            @if let Some(alias) = qualifier(&execution.alias_arn) { div { dt { "Alias" } dd { (visible(&alias)) } } }
            div { dt { "Events" } dd #fact-events { (words::number(story.lines.len() as u64)) } }
            @if story.retries() > 0 { div { dt { "Retries" } dd { (words::number(story.retries() as u64)) } } }
            @if let Some(case) = &execution.test_case { div { dt { "Mocked by" } dd { (visible(case)) } } }
        }
    }
}

fn legend() -> Markup {
    let all = [
        Progress::Running,
        Progress::Retrying,
        Progress::Succeeded,
        Progress::Caught,
        Progress::Failed,
        Progress::Aborted,
    ];
    html! { div.legend { @for one in all { span { (one.symbol()) span.soft { (one.word()) } } } } }
}

fn dialogs(console: &Console, execution: &Description) -> Markup {
    let path = address::execution(&execution.machine_name, &execution.name);
    let token = html! { input type="hidden" name="token" value=(console.token); };
    let name = visible(&execution.name);
    html! {
        @if execution.status == Status::Running {
            dialog #dlg-stop aria-labelledby="stop-title" {
                form.lane method="post" action={ (path) "/stop" } {
                    (token)
                    h2 #stop-title { "Stop " (name) "?" }
                    p.soft { "Running tasks are cancelled. What they already did stays done. Nested executions that are waited for are stopped too." }
                    label.field { "Error (optional)" input type="text" name="error" placeholder="OperatorStop" maxlength="256"; }
                    label.field { "Cause (optional)" input type="text" name="cause"; }
                    div.acts { a.btn href="#" data-close { "Let it run" } button.btn.fatal { "Stop execution" } }
                }
            }
        }
        @if can_be_redriven(console, execution) {
            dialog #dlg-redrive aria-labelledby="redrive-title" {
                form.lane method="post" action={ (path) "/redrive" } {
                    (token)
                    h2 #redrive-title { "Redrive " (name) "?" }
                    p.soft { "States that succeeded keep their results. The execution goes on with what failed, with the definition that it began with." }
                    div.acts { a.btn href="#" data-close { "Keep it as it is" } button.btn.main { "Redrive" } }
                }
            }
        }
    }
}
