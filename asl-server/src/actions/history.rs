//! The events of executions.

use super::executions::find_execution;
use super::pages::Page;
use super::{Answer, Request};
use crate::executions::{EventRange, history};
use crate::server::Inner;
use std::sync::Arc;

/// `GetExecutionHistory`
pub(super) async fn get(server: &Arc<Inner>, request: &Request) -> Answer {
    let arn = request.required("executionArn");
    let execution = find_execution(server, arn).await?;
    let page = Page::read(request, arn)?;
    let skip = page.after_number().and_then(|number| usize::try_from(number).ok()).unwrap_or_default();
    let reversed = request.flag("reverseOrder").unwrap_or_default();
    let range = EventRange { reversed, skip, count: page.count.saturating_add(1) };
    let events = server.executions.events(&execution, &range).await?;
    let with_data = request.flag("includeExecutionData").unwrap_or(true);
    let entries = events.iter().enumerate().map(|(number, event)| {
        ((skip + number + 1).to_string(), history::event(event, &execution.input_text, with_data))
    });
    Ok(page.answer("events", entries.collect()))
}
