//! What the driver of an execution has been given to do, and is still about: when the execution is made again while it is driven, that is not
//! given once more.

use asl_engine::{EffectId, Outcome, Want};
use std::collections::HashSet;

/// What is under way.
#[derive(Default)]
pub(crate) struct Given(HashSet<(EffectId, What)>);

/// What is wanted of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum What {
    Perform,
    Await,
    Work,
    MapRun,
    Read,
    Child(u64),
    Finish,
}

impl Given {
    /// Something is given.
    pub(crate) fn give(&mut self, want: &Want) {
        if let Want::Cancel { effect } = want {
            self.0.retain(|(given, _)| given != effect);
        } else if let Some((effect, what)) = name(want) {
            self.0.insert((effect.clone(), what));
        }
    }

    /// Whether something is under way already.
    pub(crate) fn has(&self, want: &Want) -> bool {
        !self.0.is_empty()
            && name(want).is_some_and(|(effect, what)| self.0.contains(&(effect.clone(), what)))
    }

    /// The execution was told what came of something.
    pub(crate) fn came(&mut self, effect: &EffectId, outcome: &Outcome) {
        let over: &[What] = match outcome {
            Outcome::Ended(_) => &[What::Perform, What::Work],
            Outcome::Items(_) => &[What::Read],
            Outcome::ChildEnded(end) => &[What::Child(end.index)],
            Outcome::Finished(_) => &[What::Finish, What::MapRun],
            _ => &[],
        };
        for what in over {
            self.0.remove(&(effect.clone(), *what));
        }
    }
}

/// What tells a want from others; timers replace each other, and are given as often as it is.
fn name(want: &Want) -> Option<(&EffectId, What)> {
    Some(match want {
        Want::Perform(perform) => (&perform.effect, What::Perform),
        Want::Await { effect, .. } => (effect, What::Await),
        Want::Work(work) => (&work.effect, What::Work),
        Want::MapRun(run) => (&run.effect, What::MapRun),
        Want::Read { effect } => (effect, What::Read),
        Want::Child(child) => (&child.effect, What::Child(child.index)),
        Want::Finish { effect, .. } => (effect, What::Finish),
        _ => return None,
    })
}

/// What a want is about.
pub(crate) fn effect_of(want: &Want) -> Option<&EffectId> {
    match want {
        Want::Timer { effect, .. } => Some(effect),
        other => name(other).map(|(effect, _)| effect),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_is_known_until_it_is_over() {
        let effect: EffectId = "1#0".parse().unwrap();
        let read = Want::Read { effect: effect.clone() };
        let mut given = Given::default();
        assert!(!given.has(&read));
        given.give(&read);
        assert!(given.has(&read));
        assert!(!given.has(&Want::Finish { effect: effect.clone(), failed: false }));
        given.came(&effect, &Outcome::Heartbeat);
        assert!(given.has(&read));
        given.came(&effect, &Outcome::Items(Ok(asl_engine::Items::default())));
        assert!(!given.has(&read));
        given.give(&read);
        given.give(&Want::Cancel { effect });
        assert!(!given.has(&read));
    }
}
