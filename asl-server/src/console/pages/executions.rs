//! Executions of one machine or of all, the newest first, filtered.

use super::Page;
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Section, icon};
use crate::console::json::visible;
use crate::console::parts::starts;
use crate::console::story::Progress;
use crate::console::{Console, address, words};
use crate::control::machines::MachineType;
use crate::executions::Description;
use crate::protocol::date::Date;
use asl_durable::{Wanted, Whose};
use asl_runtime::{Status, Timestamp};
use axum::extract::State;
use maud::{Markup, html};
use std::time::Duration;

/// So many are on a page, and so many are looked at for it where a filter passes most of them over.
const ROWS: usize = 50;
const LOOKED_AT: usize = 2_000;

const STATUSES: [Status; 5] =
    [Status::Running, Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted];

/// Spans of time, with how many milliseconds they have.
const SINCE: [(&str, &str, i64); 4] = [
    ("1h", "Last hour", 3_600_000),
    ("12h", "Last 12 hours", 43_200_000),
    ("7d", "Last 7 days", 604_800_000),
    ("90d", "Last 90 days", 7_776_000_000),
];

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// What is wanted of the executions of each machine.
struct Filter<'f> {
    status: Option<Status>,
    prefix: Option<&'f str>,
    error: Option<String>,
    since: Option<i64>,
    until: Option<i64>,
}

impl<'f> Filter<'f> {
    fn read(fields: &'f Fields) -> Self {
        let since = fields.get("since").and_then(|wanted| SINCE.iter().find(|(name, ..)| *name == wanted));
        Self {
            status: fields
                .get("status")
                .and_then(|wanted| STATUSES.into_iter().find(|status| status.as_str() == wanted)),
            prefix: fields.get("prefix"),
            error: fields.get("error").map(str::to_lowercase),
            since: fields.number("from").or(since.map(|(.., long)| Date::now().milliseconds() - long)),
            until: fields.number("until"),
        }
    }

    fn takes(&self, one: &Description) -> bool {
        let says = |text: &Option<String>, wanted: &str| {
            text.as_deref().is_some_and(|text| text.to_lowercase().contains(wanted))
        };
        self.prefix.is_none_or(|prefix| one.name.starts_with(prefix))
            && self.error.as_deref().is_none_or(|error| says(&one.error, error) || says(&one.cause, error))
    }

    fn is_too_old(&self, one: &Description) -> bool {
        self.since.is_some_and(|since| one.start_date.milliseconds() < since)
    }
}

/// A page of executions, and whether there are more.
struct Found {
    rows: Vec<Description>,
    /// The number after which the next page begins.
    next: Option<i64>,
}

/// `GET /executions`
pub(crate) async fn show(State(console): State<Console>, fields: Fields) -> Result<Page, Failure> {
    let names: Vec<String> = {
        let state = console.server.inner.control.read();
        let machines = state.machines.values().filter(|machine| machine.r#type == MachineType::Standard);
        machines.map(|machine| machine.name.clone()).collect()
    };
    let wanted = fields.get("machine");
    let of: Vec<&String> = names.iter().filter(|name| wanted.is_none_or(|wanted| wanted == *name)).collect();
    let found = find(&console, &of, &fields).await?;
    let bars = bars(&console, &of, &fields).await?;
    let body = html! {
        div.head { h1 { "Executions" } @if let Some(machine) = wanted { a.tag href=(address::machine(machine)) { (visible(machine)) } } }
        (filters(&names, &fields))
        (bars)
        section.panel aria-label="Executions" {
            @if found.rows.is_empty() { (nothing(wanted, &fields)) } @else { (table(&found.rows)) }
            @if let Some(next) = found.next {
                div.more { span { (words::number(found.rows.len() as u64)) " are shown" } a href=(fields.with("after", Some(&next.to_string()))) { "Older" } }
            }
        }
    };
    Ok(Page(frame::page("Executions", Section::Executions, &body)))
}

/// When executions were started: within the span of time that is chosen, or the last day.
async fn bars(console: &Console, machines: &[&String], fields: &Fields) -> Result<Markup, Failure> {
    let filter = Filter::read(fields);
    let until = filter.until.unwrap_or_else(|| Date::now().milliseconds());
    let from = filter.since.unwrap_or(until - DAY);
    // A little more than a part, so that what was started at the last moment is in the last span.
    let span = until.saturating_sub(from).max(0) / starts::SPANS as i64 + 1;
    let (first, long) = (Timestamp::from_milliseconds(from), Duration::from_millis(span.unsigned_abs()));
    let mut started = Vec::new();
    for machine in machines {
        let arn = console.server.inner.machine_arn(machine, None);
        started.extend(console.server.inner.executions.started(&arn, first, long, starts::SPANS).await?);
    }
    Ok(starts::starts(&started, from, span, fields))
}

/// Looks through the executions of machines until there is a page of them.
async fn find(console: &Console, machines: &[&String], fields: &Fields) -> Result<Found, Failure> {
    let filter = Filter::read(fields);
    let (mut rows, mut after, mut looked_at) = (Vec::new(), fields.number::<i64>("after"), 0);
    loop {
        let mut some = Vec::new();
        for machine in machines {
            let of = Whose::Machine(console.server.inner.machine_arn(machine, None).into());
            let until = filter.until.map(Timestamp::from_milliseconds);
            let wanted = Wanted { of, status: filter.status, redriven: None, until, after, most: ROWS + 1 };
            some.extend(console.server.inner.executions.list(&wanted).await?);
        }
        some.sort_by_key(|one| std::cmp::Reverse((one.start_date, one.number)));
        let is_last = some.len() <= ROWS;
        some.truncate(ROWS);
        looked_at += some.len();
        for one in some {
            if filter.is_too_old(&one) {
                return Ok(Found { rows, next: None });
            }
            after = Some(one.number);
            if filter.takes(&one) {
                rows.push(one);
            }
            if rows.len() == ROWS {
                return Ok(Found { rows, next: after });
            }
        }
        if is_last {
            return Ok(Found { rows, next: None });
        }
        if looked_at >= LOOKED_AT {
            return Ok(Found { rows, next: after });
        }
    }
}

fn filters(names: &[String], fields: &Fields) -> Markup {
    let is = |name: &str, value: &str| fields.get(name) == Some(value);
    let is_filtered =
        ["prefix", "machine", "since", "error"].into_iter().any(|name| fields.get(name).is_some());
    html! {
        details.filter-box open[is_filtered] { summary { "Filter" }
        form.filters action="/executions" {
            input type="search" name="prefix" aria-label="Name begins with" placeholder="Name begins with" value=[fields.get("prefix")];
            select name="machine" aria-label="Machine" {
                option value="" { "All machines" }
                @for name in names { option value=(name) selected[is("machine", name)] { (visible(name)) } }
            }
            select name="since" aria-label="Time" {
                option value="" { "Any time" }
                @for (value, name, _) in SINCE { option value=(value) selected[is("since", value)] { (name) } }
            }
            input type="search" name="error" aria-label="Error contains" placeholder="Error contains" value=[fields.get("error")];
            @if let Some(status) = fields.get("status") { input type="hidden" name="status" value=(status); }
            button.btn { "Filter" }
        } }
        nav.filters aria-label="Status" { div.seg {
            a href=(fields.with("status", None)) aria-current=[fields.get("status").is_none().then_some("true")] { "All" }
            @for status in STATUSES {
                a href=(fields.with("status", Some(status.as_str()))) aria-current=[is("status", status.as_str()).then_some("true")] {
                    (Progress::from(status).label())
                }
            }
        } }
    }
}

fn nothing(machine: Option<&str>, fields: &Fields) -> Markup {
    let is_filtered = ["status", "prefix", "error", "since", "from", "until", "after"]
        .into_iter()
        .any(|name| fields.get(name).is_some());
    if is_filtered {
        let next = html! { a.btn href="/executions" { "Clear the filters" } };
        return frame::empty(
            "No execution is like that",
            "Others may be: with fewer filters more are found.",
            &next,
        );
    }
    let name = machine.map_or_else(|| "Nothing".to_owned(), visible);
    let next = html! { a.btn.main href=(machine.map_or_else(|| "/".to_owned(), |machine| address::machine(machine) + "#start")) { (icon("play")) "Start an execution" } };
    frame::empty(
        &format!("{name} has never run"),
        "Start it with an input, or wait: executions that other programs start appear here.",
        &next,
    )
}

/// Executions as a table.
pub(crate) fn table(rows: &[Description]) -> Markup {
    let now = Date::now().milliseconds();
    html! {
        table.tbl.list.cards.runs {
            thead { tr { th { "Execution" } th { "Machine" } th { "Status" } th { "Started" } th.num { "Duration" } th.most { "Why it ended" } } }
            tbody {
                @for one in rows {
                    tr {
                        td.cut.wide.first.named { a.name href=(address::execution(&one.machine_name, &one.name)) { (visible(&one.name)) } }
                        td.cut.soft.machine { (visible(&one.machine_name)) }
                        td.status { (Progress::from(one.status).label()) @if one.redrive_count > 0 { " " span.tag { "redriven" } } }
                        td.nowrap.soft title=(words::moment(one.start_date.milliseconds())) { (words::ago(now - one.start_date.milliseconds())) }
                        td.num { (words::duration(one.stop_date.map_or(now, Date::milliseconds) - one.start_date.milliseconds())) }
                        td.cut.wide.soft { (why(one)) }
                    }
                }
            }
        }
    }
}

fn why(one: &Description) -> String {
    let parts = [one.error.as_deref(), one.cause.as_deref()];
    let parts: Vec<_> =
        parts.into_iter().flatten().map(|part| visible(&crate::console::story::cut(part, 160))).collect();
    parts.join(": ")
}
