//! Stories of executions, kept as their events happen, and told to the pages that show them.
//!
//! In: events, from the observer of the server's host. Out: the story of an execution as far as it has come, and a signal whenever it has come further.
//! A story is dropped when too many others are newer; whoever needs it then has it made again from the journal.

use super::story::Story;
use asl_runtime::{Event, ExecutionContext, MapRunProgress, Needs, Observer, Text};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{broadcast, watch};

/// So many events of all stories are kept, and so many stories.
const EVENTS: usize = 200_000;
const STORIES: usize = 5_000;

/// The stories that are known. A clone has the same ones.
#[derive(Clone, Default)]
pub(crate) struct Live {
    shelf: Arc<Mutex<Shelf>>,
    /// How many events there are in all of them.
    events: Arc<AtomicUsize>,
}

#[derive(Default)]
struct Shelf {
    known: HashMap<Text, Arc<Mutex<Known>>>,
    /// From the one that began first.
    order: VecDeque<Text>,
}

/// A story. While a page looks at one, all others go on.
#[derive(Default)]
struct Known {
    story: Story,
    /// Its first event is there, and no event is missing.
    is_whole: bool,
    /// What was heard while pages wait for the story to be whole.
    heard: Vec<Event>,
    feed: Option<Feed>,
}

/// What the pages of one execution hear.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    /// The number of the newest event.
    pub(crate) news: watch::Sender<u64>,
    /// What is made of it, once for all pages.
    pub(crate) updates: broadcast::Sender<Arc<str>>,
}

/// So many updates may a page be late.
const LATE: usize = 16;
/// So many events are put aside while a story is made.
const ASIDE: usize = 4_096;

fn locked<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    fn find(&self, arn: &str) -> Option<Arc<Mutex<Known>>> {
        locked(&self.shelf).known.get(arn).map(Arc::clone)
    }

    fn find_or_begin(&self, arn: &str) -> Arc<Mutex<Known>> {
        let mut shelf = locked(&self.shelf);
        if let Some(known) = shelf.known.get(arn) {
            return Arc::clone(known);
        }
        let (arn, known): (Text, Arc<Mutex<Known>>) = (arn.into(), Arc::default());
        shelf.order.push_back(arn.clone());
        shelf.known.insert(arn, Arc::clone(&known));
        known
    }

    /// Whether all of the story of an execution is known.
    pub(crate) fn knows(&self, arn: &str) -> bool {
        self.find(arn).is_some_and(|known| locked(&known).is_whole)
    }

    /// Looks at the story of an execution, if all of it is known.
    pub(crate) fn look<T>(&self, arn: &str, look: impl FnOnce(&Story) -> T) -> Option<T> {
        let known = self.find(arn)?;
        let known = locked(&known);
        known.is_whole.then(|| look(&known.story))
    }

    /// Keeps a story that was made from the journal. What was heard meanwhile and is newer is not lost.
    pub(crate) fn keep(&self, arn: &str, story: Story) {
        let known = self.find_or_begin(arn);
        let mut known = locked(&known);
        if !known.is_whole && story.last() >= known.story.last() {
            let before = std::mem::replace(&mut known.story, story).lines.len();
            for event in std::mem::take(&mut known.heard) {
                known.story.hear(&event);
            }
            known.is_whole = true;
            self.events.fetch_add(known.story.lines.len(), Ordering::Relaxed);
            self.events.fetch_sub(before, Ordering::Relaxed);
        }
        drop(known);
        self.forget();
    }

    /// The updates of an execution from now on, and its feed if that was just made: its updates have to be made then.
    pub(crate) fn subscribe(&self, arn: &str) -> (broadcast::Receiver<Arc<str>>, Option<Feed>) {
        let known = self.find_or_begin(arn);
        let mut known = locked(&known);
        if let Some(feed) = &known.feed {
            return (feed.updates.subscribe(), None);
        }
        let feed =
            Feed { news: watch::Sender::new(known.story.last()), updates: broadcast::Sender::new(LATE) };
        known.feed = Some(feed.clone());
        (feed.updates.subscribe(), Some(feed))
    }

    /// Ends the feed of an execution, if no page looks at it any more.
    pub(crate) fn leave(&self, arn: &str) -> bool {
        let Some(known) = self.find(arn) else { return true };
        let mut known = locked(&known);
        let is_unseen = known.feed.as_ref().is_none_or(|feed| feed.updates.receiver_count() == 0);
        if is_unseen {
            known.feed = None;
        }
        is_unseen
    }

    fn hear(&self, arn: &str, event: &Event) {
        let known = self.find_or_begin(arn);
        let mut known = locked(&known);
        let (id, expected) = (event.id, known.story.last() + 1);
        if id > expected {
            // Something was not heard here: it is in the journal.
            known.is_whole = false;
        } else if id == 1 {
            known.is_whole = true;
        }
        if known.is_whole {
            let before = known.story.lines.len();
            known.story.hear(event);
            self.events.fetch_add(known.story.lines.len() - before, Ordering::Relaxed);
        } else if known.feed.is_some() && known.heard.len() < ASIDE {
            known.heard.push(event.clone());
        }
        if let Some(feed) = &known.feed {
            feed.news.send_replace(id);
        }
        drop(known);
        if id == 1 || self.events.load(Ordering::Relaxed) > EVENTS {
            self.forget();
        }
    }

    /// Forgets the oldest stories that no page looks at, while there are too many.
    fn forget(&self) {
        let mut shelf = locked(&self.shelf);
        let mut left = shelf.order.len();
        while (self.events.load(Ordering::Relaxed) > EVENTS || shelf.order.len() > STORIES) && left > 1 {
            left -= 1;
            let Some(oldest) = shelf.order.pop_front() else { return };
            let unseen = shelf.known.get(&oldest).map(|known| {
                // One that is looked at just now is in use.
                known
                    .try_lock()
                    .ok()
                    .filter(|known| known.feed.is_none())
                    .map(|known| known.story.lines.len())
            });
            match unseen {
                Some(None) => shelf.order.push_back(oldest),
                Some(Some(events)) => {
                    shelf.known.remove(&oldest);
                    self.events.fetch_sub(events, Ordering::Relaxed);
                }
                None => {}
            }
        }
    }
}

impl Observer for Live {
    fn needs(&self) -> Needs {
        Needs::EVENTS
    }

    fn event(&self, execution: &ExecutionContext, event: &Event) {
        // Of executions of Express machines nothing is shown.
        if !execution.id.contains(":express:") {
            self.hear(&execution.id, event);
        }
    }

    fn map_run(&self, execution: &ExecutionContext, progress: &MapRunProgress) {
        let Some(known) = self.find(&execution.id) else { return };
        let mut known = locked(&known);
        known.story.map_run(&progress.map_run_arn, &progress.items);
        if let Some(feed) = &known.feed {
            feed.news.send_replace(known.story.last());
        }
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("stories", &locked(&self.shelf).known.len()).finish_non_exhaustive()
    }
}
