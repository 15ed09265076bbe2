//! What happens in an execution, sent to the pages that show it.
//!
//! In: the story of an execution, which goes on. Out: server-sent events, at most four a second. Each is made once, for all pages of the execution.

use super::address::Links;
use super::failure::Failure;
use super::fields::Fields;
use super::live::Feed;
use super::pages::execution::{definition_of, moment_of};
use super::parts::picture::Plan;
use super::parts::{banner, events, timeline};
use super::story::Story;
use super::{Console, words};
use crate::executions::Description;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::json;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep, timeout};

/// Between two updates.
const PAUSE: Duration = Duration::from_millis(250);
/// Between two drawings of the time line, which are the largest part of an update.
const REDRAWN: Duration = Duration::from_secs(2);
/// After so long without news, it is looked whether any page is still there.
const QUIET: Duration = Duration::from_secs(5);

/// `GET /executions/{machine}/{execution}/live?last=`: what happened after an event, and then whatever happens.
pub(crate) async fn listen(
    State(console): State<Console>,
    Path((machine, name)): Path<(String, String)>,
    fields: Fields,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    let open = console.live.open().ok_or_else(|| {
        let message = "Too many pages that follow executions are open. This one shows what was there when it was loaded.";
        Failure::new(StatusCode::SERVICE_UNAVAILABLE, "Too many pages are open", message)
    })?;
    let execution = console.execution(&machine, &name).await?;
    let definition = definition_of(&console, &execution).await?;
    let plan = console.plans.of(&definition);
    let drawing = Arc::new(Drawing { plan, console, execution });
    let (updates, new) = drawing.console.live.subscribe(&drawing.execution.arn);
    // A feed has its updates made from the beginning, whatever becomes of this page.
    if let Some(feed) = new {
        let told = *feed.news.borrow();
        tokio::spawn(Arc::clone(&drawing).tell(feed, told));
    }
    let first = drawing.update(fields.number("last").unwrap_or_default(), true).await?;
    let first = stream::once(std::future::ready(first.text));
    let all = first.chain(stream::unfold(updates, next)).map(move |text| {
        // The place is given back when the page is closed.
        let _ = &open;
        Ok(Event::default().data(&*text))
    });
    Ok(Sse::new(all).keep_alive(KeepAlive::default()))
}

/// The next update. A page that was too slow for some is told to load again.
async fn next(mut updates: Receiver<Arc<str>>) -> Option<(Arc<str>, Receiver<Arc<str>>)> {
    match updates.recv().await {
        Ok(update) => Some((update, updates)),
        Err(RecvError::Lagged(_)) => Some((r#"{"again":true}"#.into(), updates)),
        Err(RecvError::Closed) => None,
    }
}

/// What updates are made with.
struct Drawing {
    console: Console,
    execution: Description,
    /// None, if the definition cannot be read.
    plan: Option<Arc<Plan>>,
}

struct Update {
    text: Arc<str>,
    /// The newest event that it tells of.
    last: u64,
    has_ended: bool,
}

impl Drawing {
    /// Makes updates for all pages of the execution, until there are none.
    async fn tell(self: Arc<Self>, feed: Feed, mut last: u64) {
        let mut news = feed.news.subscribe();
        // What has come since the page was made is news too.
        news.mark_changed();
        let mut drawn = Instant::now();
        // Where nothing is heard of what happens, it is looked at again and again.
        let is_observed = self.console.server.inner.executions.is_observed();
        let quiet = if is_observed { QUIET } else { REDRAWN };
        // The time line is not as new as what was told.
        let mut is_old = false;
        // Nothing comes any more: what is left is to give back the feed when no page is there.
        let mut is_over = false;
        loop {
            let wait = match (is_over, is_old) {
                (true, _) => QUIET,
                (false, true) => REDRAWN.saturating_sub(drawn.elapsed()),
                (false, false) => quiet,
            };
            let has_news = timeout(wait, news.changed()).await.is_ok() || !is_observed;
            if self.console.live.leave(&self.execution.arn) {
                return;
            }
            if is_over || (!has_news && !is_old) {
                continue;
            }
            let redraws = drawn.elapsed() >= REDRAWN;
            is_old = !redraws;
            if let Ok(update) = self.update(last, redraws).await {
                last = update.last;
                // A page that has been closed need not receive it.
                let _ = feed.updates.send(update.text);
                is_over = update.has_ended && !is_observed;
            }
            if redraws {
                drawn = Instant::now();
            }
            sleep(PAUSE).await;
        }
    }

    async fn update(&self, since: u64, redraws: bool) -> Result<Update, Failure> {
        let now = moment_of(&self.console, &self.execution);
        let draw = |story: &Story| {
            let text = json!({
                "picture": self.plan.as_ref().map(|plan| asl_graph::updates(plan.graph(), &story.summary, since)),
                "banner": banner::banner(story, now, false, Links::Pages).into_string(),
                "rows": events::new_rows(story, since).into_string(),
                "timeline": redraws.then(|| timeline::rows(story, now).into_string()),
                "events": words::number(story.lines.len() as u64),
                "visits": words::count(story.visits.len() as u64, "state visit"),
                "last": story.last(),
                "ended": story.ending.is_some(),
            });
            Update { text: text.to_string().into(), last: story.last(), has_ended: story.ending.is_some() }
        };
        self.console.story(&self.execution, draw).await
    }
}
