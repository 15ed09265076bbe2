//! The text in the editor run as a whole, with mocks, before it is saved.

use super::super::download;
use super::{Draft, page};
use crate::console::Console;
use crate::console::failure::Failure;
use crate::console::fields::Fields;
use crate::console::frame::{icon, panel};
use crate::console::json::{prose, visible};
use crate::console::parts::picture::Plan;
use crate::console::parts::report::Report;
use crate::console::story::{Progress, cut};
use crate::console::words;
use crate::definition::written;
use crate::rehearsal::{BYTES, Rehearsed, STATES, Script, TIME};
use asl_compiler::outline::Machine;
use asl_runtime::test::Difference;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::{Map, Value, json as value};

/// What is in the fields.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries {
    input: String,
    mocks: String,
    case: String,
}

/// So many states are there in the mocks that are offered first.
const OFFERED: usize = 20;
/// Mocks from an execution may be as large.
const LARGE: usize = 512 * 1024;

impl Entries {
    pub(super) fn sent(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).unwrap_or_default().to_owned();
        Self { input: text("run-input"), mocks: text("mocks"), case: text("case") }
    }

    /// An answer for each task, to be filled in.
    pub(super) fn of_definition(text: &str) -> Self {
        let written = written(text);
        let states = written.iter().flat_map(|definition| Machine::of(definition).all_states());
        let tasks = states.filter(|state| state.text("Type") == Some("Task")).take(OFFERED);
        let mocks: Map<_, _> =
            tasks.map(|state| (state.name().to_owned(), value!({ "result": {} }))).collect();
        Self { mocks: pretty(&mocks.into()), ..Self::default() }
    }

    /// What an execution began with, and what its tasks answered.
    pub(super) async fn of_execution(
        console: &Console,
        machine: &str,
        execution: &str,
    ) -> Result<Self, Failure> {
        let execution = console.execution(machine, execution).await?;
        let mocks = pretty(&download::mocks_of(console, &execution).await?.into());
        if mocks.len() > LARGE {
            let why = "Its tasks have answered more than fits into a form: download the test case, and run it by `asl test`.";
            return Err(Failure::bad(why));
        }
        Ok(Self { input: execution.input_text.to_string(), mocks, case: String::new() })
    }
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// The fields, which are sent with the text.
pub(super) fn form(entries: &Entries) -> Markup {
    let body = html! {
        div.in.lane {
            p.soft { "The text as it is above is compiled and run by itself: mocks answer its tasks, waiting takes no time, and nothing of it is kept." }
            div.two {
                label.field { "Input of the machine; if it is empty, that of the case, or {}" textarea name="run-input" rows="8" spellcheck="false" placeholder="{}" data-json { (entries.input) } }
                label.field { "Mocks: by state, a test file, or a mock configuration of Step Functions Local" textarea name="mocks" rows="8" spellcheck="false" data-json { (entries.mocks) } }
            }
            div.row-of {
                button.btn formaction="/run" formnovalidate data-part="ran" { (icon("play")) "Run the machine" }
                label.inline { "Case, if there are several " input type="text" name="case" value=(entries.case) autocomplete="off"; }
                span.err role="status" data-json-error {}
                span.dim.bytes { "up to " (words::number(STATES as u64)) " states, " (TIME.as_secs()) " s, 25,000 events, " (words::size(BYTES)) }
            }
        }
    };
    panel("rehearsal", "Run the machine with mocks", &html! {}, &body)
}

/// What came of a run, as parts of the page.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    /// With the statuses of the run, if it has come so far.
    pub(super) picture: Option<Markup>,
    pub(super) shown: Markup,
}

impl Ran {
    fn refused(why: &str) -> Self {
        let shown = html! { div.note.bad { (icon("bad")) div { div.what { "It was not run" } div.why { (prose(&cut(why, 2_000))) } } } };
        Self { picture: None, shown }
    }

    fn of(rehearsed: Rehearsed, definition: &str) -> Self {
        let Rehearsed { history, map_runs, expects, differences } = rehearsed;
        let Some(report) = Report::of(history, definition) else {
            return Self::refused("nothing was heard of the run");
        };
        let report = report.with_map_runs(&map_runs);
        let shown = html! {
            h2.sr { "What came of the run" }
            @if report.ending() == Some(Progress::Succeeded) { div.note.ok { (icon("ok")) div { div.what { "The run succeeded" } } } }
            (report.answer())
            @if expects { (compared(&differences)) }
            (report.told(None))
            details.panel.shut { summary { h2 { "Events" } } (report.events()) }
        };
        Self { picture: report.picture(), shown }
    }
}

/// Whether what came is what the case expects.
fn compared(differences: &[Difference]) -> Markup {
    let side = |value: &Option<asl_runtime::Value>| {
        value.as_ref().map_or_else(|| "nothing".to_owned(), |value| visible(&cut(&value.to_string(), 500)))
    };
    html! {
        @if differences.is_empty() {
            div.note.ok { (icon("ok")) div { div.what { "It is as the case expects" } } }
        } @else {
            div.note.bad { (icon("bad")) div {
                div.what { "It is not as the case expects" }
                table.tbl.plain { thead { tr { th { "Where" } th { "Expected" } th { "Found" } } } tbody {
                    @for one in differences { tr { td.mono { (visible(&one.place)) } td.mono { (side(&one.expected)) } td.mono { (side(&one.found)) } } }
                } }
            } }
        }
    }
}

/// `POST /run`: runs the text with mocks, and tells what came of it.
pub(crate) async fn run(State(console): State<Console>, Extension(fields): Extension<Fields>) -> Response {
    let draft = Draft::sent(&fields);
    let ran = ran(&console, &draft).await.unwrap_or_else(|why| Ran::refused(&why));
    if fields.get("part").is_none() {
        return page(&console, &draft, Some(&ran)).into_response();
    }
    super::json(
        &value!({ "picture": ran.picture.map(Markup::into_string), "shown": ran.shown.into_string() }),
    )
}

async fn ran(console: &Console, draft: &Draft) -> Result<Ran, String> {
    let checked = draft.checked(console);
    if let Some(found) = checked.first_error() {
        let (count, line) = (checked.errors(), checked.line_of(found));
        let count = words::count(count as u64, "error");
        return Err(format!("the definition has {count}, first in line {line}: {}", found.message));
    }
    let states = Plan::read(&draft.text).map_or(0, |plan| plan.states());
    if states > STATES {
        return Err(format!(
            "the machine has {states} states, and at most {STATES} can be run here: `asl run --mock` has no limit"
        ));
    }
    let Entries { input, mocks, case } = &draft.rehearsal;
    let given = |text: &'_ str| !text.trim().is_empty();
    let script = Script {
        input: Some(input.as_str()).filter(|text| given(text)),
        mocks,
        case: Some(case.trim()).filter(|text| given(text)),
    };
    let rehearsed = console.rehearsals.run(&console.server.inner.machines, &draft.text, &script).await?;
    Ok(Ran::of(rehearsed, &draft.text))
}
