//! The iterations of a Map in its execution: what has become of each, as of the children of a Map Run.

use super::Page;
use super::execution::moment_of;
use crate::console::address::Links;
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{self, Section};
use crate::console::json::visible;
use crate::console::parts::cells::{self, CELLS, Cell, Grid};
use crate::console::parts::counts::counts;
use crate::console::story::{Iteration, Progress, Story, Visit, cut};
use crate::console::{Console, address, words};
use crate::executions::Description;
use asl_runtime::Counts;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// So many iterations are on a page.
const ROWS: usize = 50;
/// So many kinds of errors are told.
const ERRORS: usize = 20;

/// A stay in a Map, with what has become of its iterations.
struct Told {
    number: usize,
    map: Visit,
    all: Vec<Iteration>,
    /// What is shown of those on the page.
    rows: Vec<Row>,
    /// The first iteration of the next page.
    next: Option<usize>,
    /// Errors with their causes: how many iterations have each, and one of them.
    errors: BTreeMap<(String, String), (usize, usize)>,
}

/// An iteration with the state that is shown of it.
struct Row {
    place: usize,
    iteration: Iteration,
    state: String,
    error: String,
}

/// The statuses by which iterations are chosen, with their words in an address.
const CHOICES: [(&str, Progress); 4] = [
    ("running", Progress::Running),
    ("succeeded", Progress::Succeeded),
    ("failed", Progress::Failed),
    ("stopped", Progress::Aborted),
];

impl Told {
    fn of(story: &Story, fields: &Fields) -> Option<Self> {
        let number = fields.number::<usize>("iterations")?;
        let map = story.visit(number).filter(|visit| visit.has_iterations())?.clone();
        let all = story.iterations(number);
        let chosen = chosen(fields);
        let from = fields.number("from").unwrap_or_default();
        let is_wanted = |one: &Iteration| chosen.is_none_or(|chosen| one.state == Some(chosen));
        let begun = || all.iter().copied().enumerate().filter(|(_, one)| one.state.is_some());
        let mut wanted = begun().skip_while(|(place, _)| *place < from).filter(|(_, one)| is_wanted(one));
        let rows = wanted.by_ref().take(ROWS).map(|(place, iteration)| Row::of(story, place, iteration));
        let rows = rows.collect();
        let next = wanted.next().map(|(place, _)| place);
        let mut errors = BTreeMap::new();
        for (place, one) in begun().filter(|(_, one)| one.state == Some(Progress::Failed)) {
            errors.entry(error_of(story, one)).or_insert((0, place)).0 += 1;
        }
        Some(Self { number, map, all, rows, next, errors })
    }

    fn counts(&self) -> Counts {
        let of = |state: Option<Progress>| self.all.iter().filter(|one| one.state == state).count() as u64;
        let mut counts = Counts::default();
        counts.pending = of(None);
        counts.running = of(Some(Progress::Running));
        counts.succeeded = of(Some(Progress::Succeeded));
        counts.failed = of(Some(Progress::Failed));
        counts.aborted = of(Some(Progress::Aborted));
        counts
    }
}

fn chosen(fields: &Fields) -> Option<Progress> {
    let wanted = fields.get("status")?;
    CHOICES.iter().find(|(name, _)| *name == wanted).map(|(_, progress)| *progress)
}

impl Row {
    fn of(story: &Story, place: usize, iteration: Iteration) -> Self {
        let state = iteration.visit.and_then(|visit| story.visit(story.deepest(visit)));
        let (error, cause) = match iteration.state {
            Some(Progress::Failed) => error_of(story, iteration),
            _ => Default::default(),
        };
        let parts: Vec<_> = [error, cause].into_iter().filter(|part| !part.is_empty()).collect();
        Self {
            place,
            iteration,
            state: state.map(|visit| visible(&visit.name)).unwrap_or_default(),
            error: parts.join(": "),
        }
    }
}

/// The error of an iteration that failed, and its cause; of one that ended in a Fail state, its name.
fn error_of(story: &Story, one: Iteration) -> (String, String) {
    let Some(visit) = one.visit.and_then(|visit| story.visit(story.deepest(visit))) else {
        return Default::default();
    };
    let shown = |text: Option<&str>| visible(&cut(text.unwrap_or_default(), 160));
    match visit.failure() {
        Some(failure) => (shown(failure.error.as_deref()), shown(failure.cause.as_deref())),
        None => (format!("ended in {}", visible(&visit.name)), String::new()),
    }
}

/// `GET /executions/{machine}/{execution}?iterations=`
pub(super) async fn show(
    console: &Console,
    execution: &Description,
    fields: &Fields,
) -> Result<Response, Failure> {
    let told = console.story(execution, |story| Told::of(story, fields)).await?;
    let told = told.ok_or_else(|| Failure::missing("The execution has no such Map"))?;
    if let Some(place) = fields.number::<usize>("item") {
        let visit = told.all.get(place).and_then(|one| one.visit);
        let missing = || Failure::missing(format!("The iteration {place} has not begun"));
        let page = address::execution(&execution.machine_name, &execution.name);
        let to = page + &Links::Pages.visit(visit.ok_or_else(missing)?);
        return Ok(Redirect::to(&to).into_response());
    }
    let now = moment_of(console, execution);
    let chosen = chosen(fields);
    let body = html! {
        (frame::crumbs(&way(execution)))
        div.head { h1 { (visible(&told.map.name)) } (told.map.state.pill()) span.tag { "Map" } div.acts { a.btn href=(Links::Pages.visit(told.number)) { "Open execution" } } }
        dl.facts {
            div { dt { "Entered" } dd { (words::moment(told.map.entered)) } }
            div { dt { "Duration" } dd { (words::duration(told.map.duration(now))) } }
            div { dt { "Iterations" } dd { (words::number(told.all.len() as u64)) } }
        }
        (counts(&told.counts()))
        (grid(&told))
        @if !told.errors.is_empty() { (errors(&told)) }
        nav.filters aria-label="Status" { div.seg {
            a href=(fields.changed(&[("status", None), ("from", None)])) aria-current=[chosen.is_none().then_some("true")] { "All" }
            @for (word, one) in CHOICES {
                a href=(fields.changed(&[("status", Some(word)), ("from", None)])) aria-current=[(chosen == Some(one)).then_some("true")] { (one.label()) }
            }
        } }
        section.panel aria-label="Iterations" {
            @if told.rows.is_empty() { (frame::empty("No iteration is like that", "Iterations appear here when they begin.", &html! {})) }
            @else { (table(&told.rows, now)) }
            @if let Some(next) = told.next { div.more { span { (words::number(told.rows.len() as u64)) " are shown" } a href=(fields.with("from", Some(&next.to_string()))) { "More" } } }
        }
    };
    Ok(Page(frame::page(&format!("{} of {}", told.map.name, execution.name), Section::Executions, &body))
        .into_response())
}

fn way(execution: &Description) -> Vec<(&str, String)> {
    let machine = execution.machine_name.split('/').next().unwrap_or_default();
    vec![
        ("Machines", "/".to_owned()),
        ("Executions", address::executions_of(machine)),
        (&execution.name, address::execution(&execution.machine_name, &execution.name)),
    ]
}

/// A cell for each iteration, and a form to open one by its number.
fn grid(told: &Told) -> Markup {
    let each: Vec<_> = told.all.iter().map(|one| one.state.map_or(Cell::Pending, Cell::from)).collect();
    let address = format!("?iterations={}&item=", told.number);
    let grid = Grid { of: "iteration", address: Some(&address), first: 0, begun: each.len(), most: CELLS };
    let open = html! {
        form.row-of {
            input type="hidden" name="iterations" value=(told.number);
            label.inline { "Number " input type="number" name="item" min="0" max=(each.len().saturating_sub(1)) required; }
            button.btn.sm { "Open" }
        }
    };
    frame::panel("cells", "Iterations in order", &open, &cells::framed(&each, &grid))
}

fn errors(told: &Told) -> Markup {
    let mut all: Vec<_> = told.errors.iter().collect();
    all.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    let body = html! {
        table.tbl { thead { tr { th { "Error" } th.most { "Cause" } th.num { "Iterations" } th { "The first" } } } tbody {
            @for ((error, cause), (count, place)) in all.into_iter().take(ERRORS) {
                tr { td { span.err { (error) } } td.cut.soft { (cause) } td.num { (words::number(*count as u64)) } td { a href={ "?iterations=" (told.number) "&item=" (place) } { "#" (place) } } }
            }
        } }
    };
    frame::panel("errors", "Errors", &html! {}, &body)
}

fn table(rows: &[Row], now: i64) -> Markup {
    html! {
        table.tbl.list.cards.items {
            thead { tr { th { "Iteration" } th { "Status" } th { "State" } th.most { "Error" } th.num { "Duration" } } }
            tbody { @for Row { place, iteration, state, error } in rows {
                tr {
                    td.nowrap { @if let Some(visit) = &iteration.visit { a.name href=(Links::Pages.visit(*visit)) { "#" (place) } } @else { "#" (place) } }
                    td.status { @if let Some(state) = iteration.state { (state.label()) } }
                    td.cut { (state) }
                    td.cut.wide.soft { (error) }
                    td.num { @if let Some(took) = iteration.duration(now) { (words::duration(took)) } }
                }
            } }
        }
    }
}
