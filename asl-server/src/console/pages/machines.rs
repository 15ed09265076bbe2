//! All machines, with what became of their last executions.

use super::Page;
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Section, icon};
use crate::console::json::visible;
use crate::console::story::Progress;
use crate::console::{Console, address, words};
use crate::control::StateMachine;
use crate::control::machines::MachineType;
use crate::executions::Description;
use crate::protocol::date::Date;
use asl_durable::{Wanted, Whose};
use axum::extract::State;
use maud::{Markup, html};

/// So many executions of each machine are looked at, and so many machines are on a page.
const LAST: usize = 24;
const MACHINES: usize = 100;

/// A machine with its last executions.
struct Row {
    machine: StateMachine,
    last: Vec<Description>,
}

/// `GET /`
pub(crate) async fn show(State(console): State<Console>, fields: Fields) -> Result<Page, Failure> {
    let text = fields.get("q").map(str::to_lowercase);
    let machines: Vec<StateMachine> = {
        let state = console.server.inner.control.read();
        let fits = |name: &str| text.as_deref().is_none_or(|text| name.to_lowercase().contains(text));
        state.machines.values().filter(|machine| fits(&machine.name)).cloned().collect()
    };
    let count = machines.len();
    let mut rows = Vec::new();
    for machine in machines.into_iter().take(MACHINES) {
        let last = last_of(&console, &machine, LAST).await?;
        rows.push(Row { machine, last });
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.last.first().map(|last| last.start_date)));
    let body = html! {
        div.head {
            h1 { "Machines" } span.dim { (words::number(count as u64)) }
            div.acts {
                @if console.writes() { a.btn href="/open" { (icon("open")) "Open a history" } a.btn.main href="/new" { (icon("plus")) "New machine" } }
            }
        }
        form.filters action="/" {
            input type="search" name="q" placeholder="Filter by name" aria-label="Filter by name" value=[fields.get("q")];
            button.btn { "Filter" }
        }
        section.panel aria-label="Machines" {
            @if rows.is_empty() { (nothing(&console, text.is_some())) } @else { (table(&console, &rows)) }
        }
        @if count > MACHINES { p.dim { "The first " (MACHINES) " are shown: filter by name to see others." } }
    };
    Ok(Page(frame::page("Machines", Section::Machines, &body)))
}

/// The last executions of a machine, the newest first.
pub(crate) async fn last_of(
    console: &Console,
    machine: &StateMachine,
    most: usize,
) -> Result<Vec<Description>, Failure> {
    if machine.r#type == MachineType::Express {
        return Ok(Vec::new());
    }
    let of = Whose::Machine(console.server.inner.machine_arn(&machine.name, None).into());
    let wanted = Wanted { of, status: None, redriven: None, until: None, after: None, most };
    Ok(console.server.inner.executions.list(&wanted).await?)
}

fn nothing(console: &Console, filters: bool) -> Markup {
    if filters {
        let next = html! { a.btn href="/" { "Show all machines" } };
        return frame::empty(
            "No machine is called like that",
            "The filter looks for a part of the name.",
            &next,
        );
    }
    let next = html! {
        div.cmd { code { "aws stepfunctions create-state-machine --name hello --role-arn arn:aws:iam::000000000000:role/any --definition file://hello.asl.json" } }
        @if console.writes() { a.btn.main href="/new" { (icon("plus")) "Write a machine" } }
    };
    let why = "Every tool of AWS can talk to this server. Create a machine with the command line, put a definition into the folder, or write one here.";
    frame::empty("No machines yet", why, &next)
}

fn table(console: &Console, rows: &[Row]) -> Markup {
    html! {
        table.tbl.list.cards {
            thead { tr {
                th { "Machine" } th { "Type" } th { "Last executions" } th.num { "Running" } th.num { "Failed" } th.num { "Median" } th { "Last" }
            } }
            tbody { @for row in rows { (line(console, row)) } }
        }
    }
}

fn line(console: &Console, Row { machine, last }: &Row) -> Markup {
    let warnings = console.warnings.of(machine);
    let with = |wanted: fn(Progress) -> bool| last.iter().filter(|one| wanted(one.status.into())).count();
    let running = with(|status| status == Progress::Running);
    let failed = with(Progress::is_bad);
    let list = |status: &str| format!("{}&status={status}", address::executions_of(&machine.name));
    let kind = if machine.r#type == MachineType::Express { "Express" } else { "Standard" };
    html! {
        tr {
            td.cut.wide.first.named {
                a.name href=(address::machine(&machine.name)) { (visible(&machine.name)) }
                @if warnings > 0 { " " span.tag.warn title="warnings in the definition" { (icon("warn")) (warnings) span.sr { " warnings" } } }
                span.sub { (comment(&machine.revision.settings.definition)) }
            }
            td.drop { span.tag { (kind) } @if machine.is_leaving { " " span.tag.warn { "is being deleted" } } }
            td.drop { (bars(last)) }
            td.num data-l="Running" { @if running > 0 { a.st.run href=(list("RUNNING")) { (icon("run")) (running) } } @else { span.dim { "0" } } }
            td.num data-l="Failed" { @if failed > 0 { a.st.bad href=(list("FAILED")) { (icon("bad")) (failed) } } @else { span.dim { "0" } } }
            td.num.drop.soft { (median(last)) }
            td.nowrap.last {
                @if let Some(newest) = last.first() {
                    @let status = Progress::from(newest.status);
                    a class={ "st " (status.class()) } href=(address::execution(&newest.machine_name, &newest.name)) {
                        (icon(status.shown().1)) span.sr { (status.word()) ", " } (words::ago(Date::now().milliseconds() - newest.start_date.milliseconds()))
                    }
                } @else { span.dim { "never" } }
            }
        }
    }
}

/// `Comment` of a definition.
fn comment(definition: &str) -> String {
    let definition: Option<serde_json::Value> = serde_json::from_str(definition).ok();
    definition.and_then(|it| Some(visible(it.get("Comment")?.as_str()?))).unwrap_or_default()
}

fn taken(one: &Description) -> Option<i64> {
    Some(one.stop_date?.milliseconds() - one.start_date.milliseconds())
}

fn median(last: &[Description]) -> String {
    let mut taken: Vec<_> = last.iter().filter_map(taken).collect();
    taken.sort_unstable();
    taken.get(taken.len() / 2).map_or_else(|| "–".to_owned(), |taken| words::duration(*taken))
}

/// A bar for each of the last executions, from the oldest on: how long it took, and what became of it.
#[expect(clippy::cast_precision_loss, reason = "bars are drawn to the pixel")]
fn bars(last: &[Description]) -> Markup {
    let longest = last.iter().filter_map(taken).max().unwrap_or(1).max(1);
    let failed = last.iter().filter(|one| Progress::from(one.status).is_bad()).count();
    html! {
        svg.mini viewBox="0 0 120 24" preserveAspectRatio="none" role="img" aria-label={ (last.len()) " executions, " (failed) " failed" } {
            path.base d="M0 23.5H120" {}
            @for (place, one) in last.iter().rev().enumerate() {
                @let high = taken(one).map_or(20.0, |taken| 4.0 + 18.0 * taken as f64 / longest as f64);
                rect class={ "b-" (Progress::from(one.status).class()) } x=(place * 5) y=(format!("{:.1}", 23.0 - high)) width="4" height=(format!("{high:.1}")) {}
            }
        }
    }
}
