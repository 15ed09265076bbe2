//! One machine: its picture, its definition with what the compiler says of it, its versions, and a form to start it.

use super::Page;
use super::machines::last_of;
use crate::console::address::{self, Links};
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Section, icon, panel};
use crate::console::json::{prose, visible};
use crate::console::parts::picture::{self, Subject};
use crate::console::parts::{input, source};
use crate::console::story::Progress;
use crate::console::{Console, words};
use crate::control::StateMachine;
use crate::control::machines::MachineType;
use crate::executions::Description;
use crate::protocol::date::Date;
use axum::extract::{Path, State};
use maud::{Markup, html};

/// `GET /machines/{machine}`
pub(crate) async fn show(
    State(console): State<Console>,
    Path(name): Path<String>,
    fields: Fields,
) -> Result<Page, Failure> {
    page(&console, &name, &fields, None).await
}

/// The page, and why an execution could not be started with what was written.
pub(crate) async fn page(
    console: &Console,
    name: &str,
    fields: &Fields,
    problem: Option<&str>,
) -> Result<Page, Failure> {
    let machine = find(console, name)?;
    let version = fields.number::<u64>("version");
    let revision = match version {
        None => machine.revision.clone(),
        Some(number) => {
            let version = machine
                .version(number)
                .ok_or_else(|| Failure::missing(format!("`{name}` has no version {number}")))?;
            version.revision.clone()
        }
    };
    let checked = source::Checked::of(&revision.settings.definition, machine.r#type);
    let last = last_of(console, &machine, 6).await?;
    let input = match fields.get("input") {
        Some(input) => input.to_owned(),
        None => last.first().map_or_else(|| "{}".to_owned(), |last| last.input_text.clone()),
    };
    let body = html! {
        (frame::crumbs(&[("Machines", "/".to_owned())]))
        (head(console, &machine, version, &checked))
        div.cols {
            div {
                (panel("picture", "Picture", &zoom(), &html! { (shown(console, &revision.settings.definition, name, fields.get("state"))) }))
                (panel("definition", "Definition", &source::counts(&checked), &source::source(&checked)))
            }
            div {
                @if !console.read_only && !machine.is_leaving { (start(console, &machine, &input, fields, problem)) }
                @if !machine.aliases.is_empty() { (panel("aliases", "Aliases", &html! {}, &aliases(&machine))) }
                (panel("versions", "Versions", &html! { @if let Some(last) = machine.versions.last() { a.btn.quiet.sm href={ (address::machine(name)) "/compare?from=" (last.number) } { "Compare" } } }, &versions(&machine)))
                (panel("last", "Last executions", &html! { a.btn.quiet.sm href=(address::executions_of(name)) { "All" } }, &executions(&machine, &last)))
            }
        }
    };
    Ok(Page(frame::page(name, Section::Machines, &body)))
}

/// The machine with a name.
pub(crate) fn find(console: &Console, name: &str) -> Result<StateMachine, Failure> {
    let state = console.server.inner.control.read();
    state.machines.get(name).cloned().ok_or_else(|| Failure::missing(format!("There is no machine `{name}`")))
}

/// A picture in its frame, which scrolls.
fn shown(console: &Console, definition: &str, title: &str, opened: Option<&str>) -> Markup {
    html! {
        div.pic tabindex="0" role="region" aria-label="Picture, scrollable" {
            @match console.plans.of(definition) {
                Some(plan) => (picture::picture(&Subject { plan: &plan, title, story: None, selected: None, opened, links: Links::Pages })),
                None => (frame::empty("There is no picture", "The definition cannot be read as JSON.", &html! {})),
            }
        }
    }
}

/// Buttons that make a picture larger and smaller.
pub(crate) fn zoom() -> Markup {
    html! {
        span.zoom hidden {
            button.btn.quiet.sm.icon type="button" data-zoom="-" aria-label="Zoom out" { (icon("minus")) }
            button.btn.quiet.sm.icon type="button" data-zoom="+" aria-label="Zoom in" { (icon("plus")) }
            button.btn.quiet.sm.icon type="button" data-zoom="fit" aria-label="Fit the picture" { (icon("fit")) }
        }
    }
}

fn head(
    console: &Console,
    machine: &StateMachine,
    version: Option<u64>,
    checked: &source::Checked,
) -> Markup {
    let settings = &machine.revision.settings;
    let kind = if machine.r#type == MachineType::Express { "Express" } else { "Standard" };
    html! {
        div.head {
            h1 { (visible(&machine.name)) }
            span.tag { (kind) }
            @if let Some(version) = version { span.tag { "version " (version) } }
            @if machine.is_leaving { span.tag.warn { "is being deleted" } }
            (source::counts(checked))
            div.acts {
                @if console.writes() { a.btn href={ (address::machine(&machine.name)) "/edit" } { (icon("edit")) "Edit" } }
            }
        }
        dl.facts {
            div { dt { "Made" } dd { (words::moment(machine.created.milliseconds())) } }
            div { dt { "Changed" } dd { (words::moment(machine.revision.date.milliseconds())) } }
            div { dt { "Definition" } dd { (words::size(settings.definition.len())) } }
            div { dt { "ARN" } dd.mono { (console.server.inner.machine_arn(&machine.name, None)) } }
        }
    }
}

fn start(
    console: &Console,
    machine: &StateMachine,
    input: &str,
    sent: &Fields,
    problem: Option<&str>,
) -> Markup {
    let name = sent.get("name").unwrap_or_default();
    let of = |qualifier: Option<&str>| console.server.inner.machine_arn(&machine.name, qualifier);
    let schema = console.schemas.of(&machine.name);
    let asked = schema.as_deref().and_then(|schema| {
        let known = match sent.get("how") {
            Some("fields") => input::sent(schema, sent),
            _ => serde_json::from_str(input).unwrap_or_default(),
        };
        input::fields(schema, &known)
    });
    let body = html! {
        form.in.lane method="post" action={ (address::machine(&machine.name)) "/start" } {
            input type="hidden" name="token" value=(console.token);
            @if let Some(problem) = problem { div.note.bad role="alert" { (icon("bad")) div { (prose(problem)) } } }
            label.field { "Version or alias"
                select name="arn" {
                    option value=(of(None)) { "as it is now" }
                    @for alias in machine.aliases.keys() { option value=(of(Some(alias))) { (visible(alias)) " (alias)" } }
                    @for version in machine.versions.iter().rev() { option value=(of(Some(&version.number.to_string()))) { "version " (version.number) } }
                }
            }
            label.field { "Name (one is made if empty; unique for 90 days)"
                input type="text" name="name" value=(name) maxlength="80" autocomplete="off";
            }
            @if let Some(asked) = &asked {
                fieldset.lane { legend { "Input" } (asked) }
                div.row-of { button.btn.main name="how" value="fields" { (icon("play")) "Start" } }
            }
            @let whole = html! {
                label.field { "Input" textarea name="input" rows="10" spellcheck="false" data-json { (input) } }
            };
            @if asked.is_some() { details.sec { summary { "As JSON" } (whole) div.row-of { button.btn { (icon("play")) "Start with this" } } } }
            @else { (whole) }
            div.row-of {
                @if asked.is_none() { button.btn.main { (icon("play")) "Start" } }
                span.dim.bytes data-bytes { (words::size(input.len())) " of 256 KiB" }
                span.err role="status" data-json-error {}
            }
        }
    };
    panel("start", "Start an execution", &html! {}, &body)
}

fn aliases(machine: &StateMachine) -> Markup {
    html! {
        div.in.alias {
            @for alias in machine.aliases.values() {
                div.w {
                    b.cut { (visible(&alias.name)) }
                    span.soft { @for (place, route) in alias.routes.iter().enumerate() { @if place > 0 { ", " } (route.weight) " % version " (route.version) } }
                }
            }
        }
    }
}

fn versions(machine: &StateMachine) -> Markup {
    html! {
        @if machine.versions.is_empty() { (frame::empty("None was published", "A version is what the machine is at a time, kept under a number: PublishStateMachineVersion makes one.", &html! {})) }
        @else {
            table.tbl { thead.sr { tr { th { "Version" } th { "Made" } th { "About it" } } } tbody {
                @for version in machine.versions.iter().rev().take(20) {
                    tr {
                        td { a.name href={ "?version=" (version.number) } { (version.number) } }
                        td.soft.nowrap { (words::moment(version.created.milliseconds())) }
                        td.cut { (version.description.as_deref().map(visible).unwrap_or_default()) }
                    }
                }
            } }
        }
    }
}

fn executions(machine: &StateMachine, last: &[Description]) -> Markup {
    if machine.r#type == MachineType::Express {
        return frame::empty(
            "Not kept",
            "Of executions of Express machines nothing is kept but what they log.",
            &html! {},
        );
    }
    if last.is_empty() {
        return frame::empty(
            "It has never run",
            "Start it with an input, or wait: executions that other programs start appear here.",
            &html! {},
        );
    }
    let now = Date::now().milliseconds();
    html! {
        table.tbl { thead.sr { tr { th { "Execution" } th { "Status" } th { "Duration" } th { "Started" } } } tbody {
            @for one in last {
                tr {
                    td.cut.mid { a.name href=(address::execution(&one.machine_name, &one.name)) { (visible(&one.name)) } }
                    td { (Progress::from(one.status).label()) }
                    td.num.soft { (words::duration(one.stop_date.map_or(now, Date::milliseconds) - one.start_date.milliseconds())) }
                    td.num.dim { (words::ago(now - one.start_date.milliseconds())) }
                }
            }
        } }
    }
}
