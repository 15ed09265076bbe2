//! Stories of executions, kept as their events happen, and told to the pages that show them.
//!
//! In: events, from the observer of the server's host. Out: the story of an execution as far as it has come, and a signal whenever it has come further.
//! A story is dropped when too many others are newer; it is made again from the journal when it is needed.

use super::story::Story;
use asl_runtime::{Event, ExecutionContext, MapRunProgress, Needs, Observer, Text};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};

/// So many events of all stories are kept, and so many stories.
const EVENTS: usize = 200_000;
const STORIES: usize = 1_000;

/// The stories that are known. A clone has the same ones.
#[derive(Clone, Default)]
pub(crate) struct Live {
    shelf: Arc<Mutex<Shelf>>,
    /// How many events there are in all of them.
    events: Arc<AtomicUsize>,
    places: Places,
}

/// Places for pages that follow what happens.
#[derive(Clone)]
struct Places(Arc<Semaphore>);

impl Default for Places {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(PAGES)))
    }
}

/// So many pages follow what happens at the same time.
const PAGES: usize = 1_000;

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
    /// The number of the newest event that was heard, or is in the story.
    newest: u64,
    /// What was heard while pages wait for the story to be whole.
    heard: Vec<Event>,
    feed: Option<Feed>,
    /// It is off the shelf: what is written to it is lost.
    is_forgotten: bool,
}

/// What the pages of one execution receive.
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
    /// A place for a page that is to follow what happens, as long as it is held; none, if there are too many.
    pub(crate) fn open(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places.0).try_acquire_owned().ok()
    }

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

    /// Does something with a story, which begins now if there is none.
    fn with<T>(&self, arn: &str, act: impl FnOnce(&mut Known) -> T) -> T {
        loop {
            let known = self.find_or_begin(arn);
            let mut known = locked(&known);
            // One that was forgotten since it was found is looked for again.
            if !known.is_forgotten {
                return act(&mut known);
            }
        }
    }

    /// Looks at the story of an execution, if all of it is known.
    pub(crate) fn look<T>(&self, arn: &str, look: impl FnOnce(&Story) -> T) -> Option<T> {
        let known = self.find(arn)?;
        let known = locked(&known);
        known.is_whole.then(|| look(&known.story))
    }

    /// Keeps a story that was made from the journal, with what was heard meanwhile. If events are missing between that and the newest one, the story
    /// is not kept but given back, as far as it goes.
    pub(crate) fn keep(&self, arn: &str, mut story: Story) -> Option<Story> {
        let left = self.with(arn, |known| {
            if known.is_whole {
                return None;
            }
            for event in &known.heard {
                if event.id == story.last() + 1 {
                    story.hear(event);
                }
            }
            known.heard.retain(|event| event.id > story.last());
            if story.last() < known.newest {
                return Some(story);
            }
            known.newest = story.last();
            let before = std::mem::replace(&mut known.story, story).lines.len();
            known.is_whole = true;
            self.events.fetch_add(known.story.lines.len(), Ordering::Relaxed);
            self.events.fetch_sub(before, Ordering::Relaxed);
            None
        });
        self.forget();
        left
    }

    /// The updates of an execution from now on, and its feed if that was just made: its updates have to be made then.
    pub(crate) fn subscribe(&self, arn: &str) -> (broadcast::Receiver<Arc<str>>, Option<Feed>) {
        self.with(arn, |known| {
            if let Some(feed) = &known.feed {
                return (feed.updates.subscribe(), None);
            }
            let feed =
                Feed { news: watch::Sender::new(known.story.last()), updates: broadcast::Sender::new(LATE) };
            known.feed = Some(feed.clone());
            (feed.updates.subscribe(), Some(feed))
        })
    }

    /// Ends the feed of an execution, if no page looks at it any more.
    pub(crate) fn leave(&self, arn: &str) -> bool {
        let Some(known) = self.find(arn) else { return true };
        let mut known = locked(&known);
        let is_unseen = known.feed.as_ref().is_none_or(|feed| feed.updates.receiver_count() == 0);
        if is_unseen {
            known.feed = None;
            known.heard = Vec::new();
        }
        is_unseen
    }

    fn hear(&self, arn: &str, event: &Event) {
        let id = event.id;
        self.with(arn, |known| {
            known.newest = known.newest.max(id);
            if id > known.story.last() + 1 {
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
        });
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
                known.try_lock().ok().filter(|known| known.feed.is_none()).map(|mut known| {
                    known.is_forgotten = true;
                    known.story.lines.len()
                })
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
        if !execution.is_express() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use asl_runtime::{EventDetails, Timestamp};

    fn event(id: u64) -> Event {
        Event::new(id, id - 1, Timestamp::from_milliseconds(0), EventDetails::ParallelStateStarted)
    }

    /// A story made from a journal that had come to an event.
    fn told_to(last: u64) -> Story {
        let mut story = Story::default();
        (1..=last).for_each(|id| story.hear(&event(id)));
        story
    }

    #[test]
    fn a_story_that_lacks_what_was_told_while_it_was_made_is_not_kept() {
        let live = Live::default();
        live.hear("a", &event(3));
        let made = told_to(3);
        live.hear("a", &event(4));
        assert_eq!(live.keep("a", made).map(|story| story.last()), Some(3));
        assert_eq!(live.look("a", Story::last), None);
        assert!(live.keep("a", told_to(4)).is_none());
        live.hear("a", &event(5));
        assert_eq!(live.look("a", Story::last), Some(5));
    }

    #[test]
    fn what_pages_wait_for_is_heard_while_a_story_is_made() {
        let live = Live::default();
        let _page = live.subscribe("a");
        [3, 4, 6].iter().for_each(|id| live.hear("a", &event(*id)));
        assert_eq!(live.keep("a", told_to(2)).map(|story| story.last()), Some(4));
        assert!(live.keep("a", told_to(5)).is_none());
        assert_eq!(live.look("a", Story::last), Some(6));
    }

    #[test]
    fn nothing_is_written_to_a_story_that_was_forgotten() {
        let live = Live::default();
        let known = live.find_or_begin("a");
        (0..STORIES).for_each(|other| drop(live.find_or_begin(&other.to_string())));
        live.forget();
        assert!(locked(&known).is_forgotten && live.find("a").is_none());
        live.hear("a", &event(1));
        assert_eq!((live.look("a", Story::last), locked(&known).story.last()), (Some(1), 0));
    }

    #[test]
    fn the_oldest_story_is_forgotten_when_there_are_too_many_events() {
        let live = Live::default();
        let (stories, each) = (["a", "b", "c", "d"], EVENTS as u64 / 4);
        for id in 1..=each {
            stories.iter().for_each(|story| live.hear(story, &event(id)));
        }
        assert_eq!(stories.map(|story| live.look(story, Story::last)), [Some(each); 4]);
        live.hear("c", &event(each + 1));
        let left = [None, Some(each), Some(each + 1), Some(each)];
        assert_eq!(stories.map(|story| live.look(story, Story::last)), left);
    }
}
