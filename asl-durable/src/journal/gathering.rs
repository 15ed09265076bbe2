//! How long the writer waits for more before it syncs.

use super::{SharedJournal, Waiting, locked};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// What waited for a sync mostly waits for the next one as well, a moment later: if it is waited for, there are half as many syncs. What comes meanwhile
/// is written into the tables one after the other, and put on the disk when all of it has come.
#[derive(Default)]
pub(super) struct Gathering {
    /// So many waited for what was put on the disk last, and so long that took.
    wanted: usize,
    took: Duration,
    /// When it began to be gathered, with how many that waited, and till when it is waited for more.
    began: Option<Began>,
    /// So often in a row it was in vain to wait for more, and so often it is not done for that reason.
    in_vain: u32,
    skipped: u32,
}

/// What there was at first of something that is gathered.
struct Began {
    waiting: usize,
    until: Instant,
}

/// It may be so many times that it is not waited for more.
const MOST_SKIPPED: u32 = 64;
/// A disk that was slow once is not waited for any longer.
const LONGEST: Duration = Duration::from_millis(20);
/// In so many parts it comes to the tables.
const PARTS: usize = 4;

impl Gathering {
    /// What has come that is to be put on the disk together with what there is, which was written into the tables; nothing if it is put there
    /// now.
    pub(super) fn more(&mut self, shared: &SharedJournal, batch: &[Waiting]) -> Vec<Waiting> {
        let waiting = batch.iter().filter(|(_, ticket)| ticket.is_some()).count();
        let more = self.wait(shared, waiting);
        if more.is_empty() {
            self.gathered(waiting);
        }
        more
    }

    /// The disk has refused what was gathered: it begins anew.
    pub(super) fn failed(&mut self) {
        self.began = None;
    }

    /// It took so long to put on the disk what was gathered.
    pub(super) const fn took(&mut self, took: Duration) {
        self.took = took;
    }

    /// Waits for more, for half the time at most that a sync takes. What comes after that is for the next one.
    fn wait(&mut self, shared: &SharedJournal, waiting: usize) -> Vec<Waiting> {
        if waiting == 0 || waiting >= self.wanted {
            return Vec::new();
        }
        let until = match &self.began {
            Some(began) => began.until,
            None if self.skipped > 0 => {
                self.skipped -= 1;
                return Vec::new();
            }
            None => {
                let until = Instant::now() + (self.took / 2).min(LONGEST);
                self.began = Some(Began { waiting, until });
                until
            }
        };
        if self.began.is_some() && Instant::now() > until {
            return Vec::new();
        }
        let mut queue = locked(&shared.queue);
        let missing = self.wanted - waiting;
        queue.wanted = missing.min(self.wanted.div_ceil(PARTS));
        while queue.tickets < queue.wanted && !queue.is_closing {
            let Some(rest) = until.checked_duration_since(Instant::now()) else { break };
            queue = shared.wake.wait_timeout(queue, rest).unwrap_or_else(PoisonError::into_inner).0;
        }
        queue.wanted = 0;
        queue.take()
    }

    /// So many wait for what is put on the disk now.
    fn gathered(&mut self, waiting: usize) {
        let wanted = std::mem::replace(&mut self.wanted, waiting);
        let Some(Began { waiting: first, .. }) = self.began.take() else { return };
        if waiting >= first.saturating_mul(2).min(wanted) {
            self.in_vain = 0;
        } else {
            self.in_vain = self.in_vain.saturating_add(1);
            self.skipped =
                1_u32.checked_shl(self.in_vain).map_or(MOST_SKIPPED, |skipped| skipped.min(MOST_SKIPPED));
        }
    }
}
