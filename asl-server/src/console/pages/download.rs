//! Files to take away: a history that `asl replay` runs, a picture, and a test case that `asl test` runs.

use super::execution::definition_of;
use crate::console::Console;
use crate::console::failure::Failure;
use crate::console::parts::picture;
use crate::console::story::Story;
use crate::executions::Description;
use crate::executions::history::event;
use asl_runtime::{Event, EventDetails};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Map, Value, json};

/// So many events are written at a time.
const AT_ONCE: usize = 500;

/// `GET /executions/{machine}/{execution}/history.json`: as `aws stepfunctions get-execution-history` writes it, piece by piece.
pub(crate) async fn history(
    State(console): State<Console>,
    Path((machine, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let execution = console.execution(&machine, &name).await?;
    let events = console.server.inner.executions.all_events(&execution).await?;
    let count = events.len();
    let pieces = (0..=count / AT_ONCE).map(move |piece| {
        let some = events.iter().enumerate().skip(piece * AT_ONCE).take(AT_ONCE);
        let mut text = some
            .map(|(place, one)| {
                let before = if place == 0 { "{\"events\":[\n" } else { ",\n" };
                format!("{before}{}", event(one, &execution.input_text, true))
            })
            .collect::<String>();
        if piece == count / AT_ONCE {
            text.push_str(if count == 0 { "{\"events\":[]}\n" } else { "\n]}\n" });
        }
        Ok::<_, std::convert::Infallible>(text)
    });
    Ok(file("application/json", &name, "history.json", Body::from_stream(stream::iter(pieces))))
}

/// `GET /executions/{machine}/{execution}/picture.svg`
pub(crate) async fn picture(
    State(console): State<Console>,
    Path((machine, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let execution = console.execution(&machine, &name).await?;
    let definition = definition_of(&console, &execution).await?;
    let missing = || Failure::missing("There is no picture");
    let plan = console.plans.of(&definition).ok_or_else(missing)?;
    let drawn = console.story(&execution, |story| picture::file(&plan, &execution.name, story)).await?;
    let drawn = drawn.ok_or_else(missing)?;
    Ok(file("image/svg+xml", &name, "svg", Body::from(drawn)))
}

/// `GET /executions/{machine}/{execution}/test.json`: the input, what the tasks answered, and what came of it.
pub(crate) async fn test_case(
    State(console): State<Console>,
    Path((machine, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let execution = console.execution(&machine, &name).await?;
    let mocks = mocks_of(&console, &execution).await?;
    let mut expect = Map::new();
    expect.insert("status".to_owned(), execution.status.as_str().into());
    expect.extend(execution.output.as_ref().map(|output| ("output".to_owned(), json_of(output))));
    expect.extend(execution.error.as_deref().map(|error| ("error".to_owned(), error.into())));
    let machine = execution.machine_name.split('/').next().unwrap_or_default();
    let test = json!({
        "definition": format!("{machine}.asl.json"),
        "cases": [{ "name": &*execution.name, "input": json_of(&execution.input), "mocks": mocks, "expect": expect }],
    });
    let text = serde_json::to_string_pretty(&test).unwrap_or_default();
    Ok(file("application/json", &name, "test.json", Body::from(text)))
}

fn json_of(value: &asl_runtime::Value) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// By state, what its task answered each time.
pub(super) async fn mocks_of(
    console: &Console,
    execution: &Description,
) -> Result<Map<String, Value>, Failure> {
    let events = console.server.inner.executions.all_events(execution).await?;
    console.story(execution, |story| mocks(story, &events)).await
}

fn mocks(story: &Story, events: &[Event]) -> Map<String, Value> {
    let mut mocks: Map<String, Value> = Map::new();
    for event in events {
        #[expect(clippy::wildcard_enum_match_arm, reason = "nothing else is an answer of a task")]
        let answer = match &event.details {
            EventDetails::TaskSucceeded { output, .. } => json!({ "result": json_of(output) }),
            EventDetails::TaskFailed { error, cause, .. } => {
                json!({ "error": &**error, "cause": cause.as_deref().unwrap_or_default() })
            }
            EventDetails::TaskTimedOut { .. } => json!({ "error": "States.Timeout" }),
            _ => continue,
        };
        let visit = story.line(event.id).and_then(|line| story.visit(line.visit?));
        let known = visit.map(|visit| mocks.entry(&*visit.name).or_insert_with(|| json!([])));
        if let Some(answers) = known.and_then(Value::as_array_mut) {
            answers.push(answer);
        }
    }
    mocks
}

/// A file with a name that a browser saves it under.
fn file(kind: &'static str, name: &str, extension: &str, body: Body) -> Response {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let saved = HeaderValue::from_str(&format!("attachment; filename=\"{name}.{extension}\""));
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(saved) = saved {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, saved);
    }
    response
}
