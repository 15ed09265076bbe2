//! A Map Run: what has become of its items, and the executions that did them.

use super::Page;
use super::executions::table;
use crate::console::children::CHILDREN;
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Section, icon};
use crate::console::json::visible;
use crate::console::parts::cells::{self, CELLS, Cell, Grid};
use crate::console::parts::counts::counts;
use crate::console::story::{Progress, cut};
use crate::console::{Console, address, words};
use crate::executions::{Description, MapRunDescription};
use asl_durable::{Wanted, Whose};
use asl_runtime::Status;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// So many children are on a page.
const ROWS: usize = 50;
/// So many failures are grouped.
const GROUPED: usize = 500;

/// `GET /map-runs?arn=`
pub(crate) async fn show(State(console): State<Console>, fields: Fields) -> Result<Response, Failure> {
    let arn = fields.get("arn").unwrap_or_default();
    let run = console.server.inner.executions.map_run(arn).await?;
    let run = run.ok_or_else(|| Failure::missing("There is no such Map Run"))?;
    if let Some(number) = fields.number::<usize>("item") {
        let child = match number.checked_sub(1) {
            Some(place) => console.server.inner.executions.child(&run.arn, place).await?,
            None => None,
        };
        let page = child.and_then(|arn| address::of_execution(&arn));
        let missing = || Failure::missing(format!("The Map Run has no child execution {number}"));
        return Ok(Redirect::to(&page.ok_or_else(missing)?).into_response());
    }
    let children = console.children.of(&console.server, &run).await?;
    let status = fields.get("status").and_then(|wanted| {
        [Status::Running, Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted]
            .into_iter()
            .find(|known| known.as_str() == wanted)
    });
    let list = async |status, after, most| {
        let wanted =
            Wanted { of: Whose::MapRun(run.arn.clone()), status, redriven: None, until: None, after, most };
        console.server.inner.executions.list(&wanted).await
    };
    let mut rows = list(status, fields.number("after"), ROWS + 1).await?;
    let next = rows.get(ROWS).and_then(|_| rows.get(ROWS - 1)).map(|last| last.number);
    rows.truncate(ROWS);
    let failed = list(Some(Status::Failed), None, GROUPED).await?;
    let label =
        rows.first().or(failed.first()).and_then(|row| Some(row.machine_name.split_once('/')?.1.to_owned()));
    let title = label.unwrap_or_else(|| "Map Run".to_owned());
    let way = [
        ("Machines", "/".to_owned()),
        ("Execution", address::of_execution(&run.execution_arn).unwrap_or_default()),
    ];
    let changes = !console.read_only && run.status == Status::Running;
    let body = html! {
        (frame::crumbs(&way))
        (head(&title, &run, console.read_only))
        (counts(&run.items))
        (grid(&run, &children))
        @if !failed.is_empty() { (errors(&failed)) }
        nav.filters aria-label="Status" { div.seg {
            a href=(fields.with("status", None)) aria-current=[status.is_none().then_some("true")] { "All" }
            @for one in [Status::Running, Status::Succeeded, Status::Failed, Status::Aborted] {
                a href=(fields.with("status", Some(one.as_str()))) aria-current=[(status == Some(one)).then_some("true")] { (Progress::from(one).label()) }
            }
        } }
        section.panel aria-label="Child executions" {
            @if rows.is_empty() { (frame::empty("No child execution is like that", "Executions of items appear here when they begin.", &html! {})) }
            @else { (table(&rows)) }
            @if let Some(next) = next { div.more { span { (words::number(rows.len() as u64)) " are shown" } a href=(fields.with("after", Some(&next.to_string()))) { "Older" } } }
        }
        @if changes { (limits(&console, &run)) }
    };
    Ok(Page(frame::page(&title, Section::Executions, &body)).into_response())
}

/// A cell for each child, and a form to open one by its number.
fn grid(run: &MapRunDescription, children: &[Status]) -> Markup {
    if children.is_empty() {
        return html! {};
    }
    let pending = usize::try_from(run.executions.pending).unwrap_or(CELLS).min(CELLS);
    let each: Vec<_> = children.iter().map(|status| Cell::from(*status)).collect();
    let each: Vec<_> = each.into_iter().chain(std::iter::repeat_n(Cell::Pending, pending)).collect();
    let address = format!("{}&item=", address::map_run(&run.arn));
    let grid =
        Grid { of: "execution", address: Some(&address), first: 1, begun: children.len(), most: CELLS };
    let open = html! {
        form.row-of action="/map-runs" {
            input type="hidden" name="arn" value=(run.arn);
            label.inline { "Number " input type="number" name="item" min="1" max=(children.len()) required; }
            button.btn.sm { "Open" }
        }
    };
    let more = run.executions.total().saturating_sub(children.len() as u64);
    let body = html! {
        (cells::framed(&each, &grid))
        @if children.len() == CHILDREN && more > 0 { p.in.dim { "The first " (words::number(CHILDREN as u64)) " are shown." } }
    };
    frame::panel("cells", "Executions in order", &open, &body)
}

fn head(title: &str, run: &MapRunDescription, read_only: bool) -> Markup {
    let end = run.stop_date.unwrap_or_else(crate::Date::now);
    html! {
        div.head {
            h1 { (visible(title)) } (Progress::from(run.status).pill()) span.tag { "Distributed Map" }
            div.acts {
                @if !read_only && run.status == Status::Running { a.btn href="#dlg-limits" data-dialog="dlg-limits" { (icon("edit")) "Change limits…" } }
                @if let Some(path) = address::of_execution(&run.execution_arn) { a.btn href=(path) { (icon("open")) "Open execution" } }
            }
        }
        dl.facts {
            div { dt { "Started" } dd { (words::moment(run.start_date.milliseconds())) } }
            div { dt { "Duration" } dd { (words::duration(end.milliseconds() - run.start_date.milliseconds())) } }
            div { dt { "Executions" } dd { (words::number(run.executions.total())) } }
            div { dt { "At once" } dd { @match run.limits.max_concurrency.filter(|most| *most > 0) { Some(most) => (words::number(most)), None => "no limit" } } }
            div { dt { "Failures tolerated" } dd {
                (run.limits.tolerated_failure_count.map_or_else(String::new, |count| format!("{} ", words::number(count))))
                (run.limits.tolerated_failure_percentage.map_or_else(|| if run.limits.tolerated_failure_count.is_some() { String::new() } else { "none".to_owned() }, |share| format!("{share} %")))
            } }
            @if run.redrive_count > 0 { div { dt { "Redriven" } dd { (run.redrive_count) "×" } } }
        }
    }
}

/// The limits of a Map Run that runs, to be changed.
fn limits(console: &Console, run: &MapRunDescription) -> Markup {
    let count = run.limits.tolerated_failure_count.map(|count| count.to_string());
    let share = run.limits.tolerated_failure_percentage.map(|share| share.to_string());
    let most = run.limits.max_concurrency.unwrap_or_default();
    html! {
        dialog #dlg-limits aria-labelledby="limits-title" {
            form.lane method="post" action="/map-runs/limits" {
                input type="hidden" name="token" value=(console.token);
                input type="hidden" name="arn" value=(run.arn);
                h2 #limits-title { "Change the limits of this Map Run" }
                p.soft { "They hold from now on: executions that run already go on." }
                label.field { "At once (0: no limit)" input type="number" name="maxConcurrency" min="0" value=(most) required; }
                label.field { "Failures tolerated, as a number" input type="number" name="toleratedFailureCount" min="0" value=[count]; }
                label.field { "Failures tolerated, in percent" input type="number" name="toleratedFailurePercentage" min="0" max="100" step="any" value=[share]; }
                div.acts { a.btn href="#" data-close { "Leave them" } button.btn.main { "Change" } }
            }
        }
    }
}

/// Failures that are alike, the most frequent first. Causes that differ in numbers alone are.
fn errors(failed: &[Description]) -> Markup {
    let mut alike: BTreeMap<(String, String), (usize, &Description)> = BTreeMap::new();
    for one in failed {
        alike.entry((shown(&one.error), without_numbers(&shown(&one.cause)))).or_insert((0, one)).0 += 1;
    }
    let mut alike: Vec<_> = alike.into_iter().collect();
    alike.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let body = html! {
        table.tbl { thead { tr { th { "Error" } th.most { "Cause" } th.num { "Executions" } th { "One of them" } } } tbody {
            @for ((error, _), (count, one)) in alike.iter().take(20) {
                tr { td { span.err { (error) } } td.cut.soft { (shown(&one.cause)) @if *count > 1 { " and alike" } } td.num { (count) } td { a href=(address::execution(&one.machine_name, &one.name)) { "open" } } }
            }
        } }
    };
    frame::panel("errors", "Errors", &html! {}, &body)
}

fn shown(text: &Option<String>) -> String {
    visible(&cut(text.as_deref().unwrap_or_default(), 160))
}

/// A text in which every number, in whatever base it is written, is the same.
fn without_numbers(text: &str) -> String {
    let is_number = |word: &str| {
        word.chars().any(|c| c.is_ascii_digit()) && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
    };
    let words = text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '-');
    words
        .map(|word| {
            let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '-');
            if is_number(bare) { word.replace(bare, "0") } else { word.to_owned() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_that_differ_in_numbers_are_alike() {
        let same = |one: &str, other: &str| without_numbers(one) == without_numbers(other);
        assert!(same("Nobody makes part 7", "Nobody makes part 4711"));
        assert!(same("(id 9ee1bd78-43e8-4e4c), gone", "(id 2f2eefa0-4e2c-463a), gone"));
        assert!(!same("part 7 is late", "part 7 is lost"));
        assert!(!same("bad", "feed"));
    }
}
