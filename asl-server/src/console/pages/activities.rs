//! The activities.

use super::Page;
use crate::console::Console;
use crate::console::failure::Failure;
use crate::console::frame::{self, Section};
use crate::console::json::visible;
use crate::console::words;
use axum::extract::State;
use maud::html;

/// `GET /activities`
pub(crate) async fn show(State(console): State<Console>) -> Result<Page, Failure> {
    let inner = &console.server.inner;
    let activities: Vec<_> = inner.control.read().activities.values().cloned().collect();
    let mut waiting = Vec::with_capacity(activities.len());
    for activity in &activities {
        let arn = inner.identity().arn_of("activity", &[&activity.name]);
        waiting.push(inner.executions.waiting_for(&arn).await?);
    }
    let body = html! {
        div.head { h1 { "Activities" } span.dim { (words::number(activities.len() as u64)) } }
        section.panel aria-label="Activities" {
            @if activities.is_empty() {
                (frame::empty("No activities", "An activity is work that a program outside asks for, by `GetActivityTask`.",
                    &html! { div.cmd { code { "aws stepfunctions create-activity --name pack-parcel" } } }))
            } @else {
                table.tbl.list.cards { thead { tr { th { "Activity" } th.num { "Waiting for a worker" } th { "Made" } } } tbody {
                    @for (activity, waiting) in activities.iter().zip(&waiting) {
                        @let arn = inner.identity().arn_of("activity", &[&activity.name]);
                        tr {
                            td.wide.first { b.name { (visible(&activity.name)) } span.sub.mono { (arn) } }
                            td.num data-l="Waiting" { (waiting) }
                            td.soft.last { (words::moment(activity.created.milliseconds())) }
                        }
                    }
                } }
            }
        }
    };
    Ok(Page(frame::page("Activities", Section::Activities, &body)))
}
