//! What has become of each iteration of a Map.

use super::{Progress, Story};

/// An iteration of a Map, by its place among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Iteration {
    /// Its status, once it has begun.
    pub(crate) state: Option<Progress>,
    pub(crate) began: Option<i64>,
    pub(crate) ended: Option<i64>,
    /// The stay in it that is shown: the first that went wrong, or the last.
    pub(crate) visit: Option<usize>,
}

impl Iteration {
    /// How long it took, or takes until now.
    pub(crate) fn duration(&self, now: i64) -> Option<i64> {
        Some(self.ended.unwrap_or(now).saturating_sub(self.began?).max(0))
    }
}

impl Story {
    /// The iterations of a stay in a Map; of one that was tried again, those of the last attempt.
    pub(crate) fn iterations(&self, map: usize) -> Vec<Iteration> {
        let Some(of) = self.visit(map) else { return Vec::new() };
        let mut all: Vec<Iteration> = Vec::new();
        let mut since = of.entry;
        for line in self.lines.iter().filter(|line| line.visit == Some(map)) {
            if &*line.kind == "MapStateStarted" {
                (all, since) = (Vec::new(), line.id);
            }
            let Some((slot, kind)) = line.slot.zip(line.kind.strip_prefix("MapIteration")) else { continue };
            let ended = match kind {
                "Started" => None,
                "Succeeded" => Some(Progress::Succeeded),
                "Failed" => Some(Progress::Failed),
                "Aborted" => Some(Progress::Aborted),
                _ => continue,
            };
            let Some(one) = at(&mut all, slot) else { continue };
            match ended {
                // One that is done again after a redrive begins anew.
                None => {
                    *one = Iteration {
                        state: Some(Progress::Running),
                        began: Some(line.time),
                        ..Iteration::default()
                    };
                }
                Some(state) => (one.state, one.ended) = (Some(state), Some(line.time)),
            }
        }
        for (number, visit) in self.visits.iter().enumerate().skip(map) {
            if visit.parent != Some(map) || visit.entry < since {
                continue;
            }
            let Some(one) = at(&mut all, visit.slot) else { continue };
            let is_bad = one.visit.and_then(|told| self.visit(told)).is_some_and(|told| told.state.is_bad());
            if !is_bad {
                one.visit = Some(number);
            }
        }
        let length = of.length.and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
        all.resize(all.len().max(length.min(MOST)), Iteration::default());
        if let Some(left) = of.left.filter(|_| of.state.is_over()) {
            for one in all.iter_mut().filter(|one| one.state == Some(Progress::Running)) {
                (one.state, one.ended) = (Some(Progress::Aborted), Some(left));
            }
        }
        all
    }
}

/// More iterations than the input of a Map has room for.
const MOST: usize = 200_000;

/// The iteration of a number. A history from elsewhere may have any.
fn at(all: &mut Vec<Iteration>, slot: u64) -> Option<&mut Iteration> {
    let slot = usize::try_from(slot).ok().filter(|slot| *slot < MOST)?;
    if slot >= all.len() {
        all.resize(slot + 1, Iteration::default());
    }
    all.get_mut(slot)
}
