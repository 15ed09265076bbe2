//! How the children of Map Runs stand, one by one, for all pages that show them.
//!
//! In: Map Runs. Out: a status for each child that has begun. The rows of all children are read once for a Map Run that has ended, and at most every few
//! seconds for one that runs, however many pages are open.

use crate::executions::MapRunDescription;
use crate::protocol::error::ApiError;
use crate::server::Server;
use asl_runtime::{Status, Text};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// So many children are looked at one by one.
pub(crate) const CHILDREN: usize = 100_000;
/// What is known of so many Map Runs is kept.
const KEPT: usize = 16;
/// What is known of a Map Run that runs is so old at most.
const FRESH: Duration = Duration::from_secs(2);

/// The children of the Map Runs that were looked at last.
#[derive(Debug, Default)]
pub(crate) struct Children(Mutex<VecDeque<Known>>);

#[derive(Debug)]
struct Known {
    map_run: Text,
    /// It had ended, after so many redrives.
    ended: Option<u64>,
    read: Instant,
    statuses: Arc<[Status]>,
}

impl Known {
    fn is_of(&self, map_run: &str, ended: Option<u64>) -> bool {
        *self.map_run == *map_run && self.ended == ended && (ended.is_some() || self.read.elapsed() < FRESH)
    }
}

impl Children {
    fn known(&self) -> MutexGuard<'_, VecDeque<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How the children of a Map Run stand, in the order in which they began.
    pub(crate) async fn of(
        &self,
        server: &Server,
        run: &MapRunDescription,
    ) -> Result<Arc<[Status]>, ApiError> {
        let ended = (run.status != Status::Running).then_some(run.redrive_count);
        let read = async || server.inner.executions.children(&run.arn, CHILDREN).await;
        self.known_or_read(&run.arn, ended, read).await
    }

    async fn known_or_read(
        &self,
        map_run: &Text,
        ended: Option<u64>,
        read: impl AsyncFnOnce() -> Result<Vec<Status>, ApiError>,
    ) -> Result<Arc<[Status]>, ApiError> {
        let kept = self
            .known()
            .iter()
            .find(|known| known.is_of(map_run, ended))
            .map(|known| Arc::clone(&known.statuses));
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let began = Instant::now();
        let statuses: Arc<[Status]> = read().await?.into();
        let known = Known { map_run: map_run.clone(), ended, read: began, statuses: Arc::clone(&statuses) };
        let mut all = self.known();
        all.retain(|other| other.map_run != *map_run);
        all.push_front(known);
        all.truncate(KEPT);
        Ok(statuses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test(start_paused = true)]
    async fn the_children_of_a_map_run_are_read_once() {
        let (children, times) = (Children::default(), Cell::new(0));
        let look = async |name: &str, ended| {
            let read = async || {
                times.set(times.get() + 1);
                Ok(vec![Status::Succeeded; times.get()])
            };
            children.known_or_read(&name.into(), ended, read).await.unwrap().len()
        };
        assert_eq!((look("a", None).await, look("a", None).await), (1, 1));
        tokio::time::advance(FRESH).await;
        assert_eq!(look("a", None).await, 2);
        // It has ended meanwhile, and goes on after a redrive.
        assert_eq!(look("a", Some(0)).await, 3);
        tokio::time::advance(FRESH).await;
        assert_eq!((look("a", Some(0)).await, look("a", Some(1)).await), (3, 4));
        for other in 0..KEPT {
            look(&other.to_string(), Some(0)).await;
        }
        assert_eq!(children.known().len(), KEPT);
    }
}
