//! What a shell asks of an execution in the journal.

use super::{CorePlace, Kept, KeptStep, Next, Restarts, nowhere};
use crate::ended::{Ended, Unheard};
use crate::error::DurableError;
use crate::inbox::Letter;
use crate::replay::started;
use asl_engine::context::ExecutionContext;
use asl_engine::{ChildStart, EffectId, Outcome, Progress, Snapshot, Start, Timestamp, Told, Want};
use asl_runtime::engine::Shared;
use asl_runtime::{Called, Core, EndedChildren};
use std::sync::Arc;
use std::task::{Context, Poll};

impl Core for Kept {
    fn context(&self) -> &Shared<ExecutionContext> {
        &self.context
    }

    fn poll_run(&mut self, context: &mut Context<'_>, now: &dyn Fn() -> Timestamp) -> Poll<Progress> {
        for Letter { effect, outcome, heard } in self.inbox.take(context.waker()) {
            if effect == EffectId::EXECUTION {
                // It ends the execution, which may take long over something.
                self.interrupt();
            }
            self.hearing.push((effect.clone(), heard));
            self.answer(&effect, outcome, now());
        }
        loop {
            match self.step(context, now) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Next::Step(step)) => self.goes(step),
                Poll::Ready(Next::Far(progress)) => {
                    self.has_come(progress);
                    if !self.untold.is_empty() {
                        // It is told when its wants have been taken.
                        context.waker().wake_by_ref();
                    }
                    return Poll::Ready(progress);
                }
            }
        }
    }

    fn interrupt(&mut self) {
        match &mut self.place {
            CorePlace::Here { core, .. } if self.is_under_way => {
                core.interrupt();
                self.is_given_up = true;
            }
            CorePlace::Coming(_) => self.is_interrupted = true,
            CorePlace::Here { .. } | CorePlace::Nowhere => {}
        }
    }

    fn is_elsewhere(&self) -> bool {
        // A clock that jumps waits for the disk as well.
        true
    }

    fn rests(&self) -> bool {
        matches!(self.place, CorePlace::Here { .. }) && self.inbox.rests()
    }

    fn answer(&mut self, effect: &EffectId, outcome: Outcome, now: Timestamp) -> bool {
        self.told_at = self.told_at.max(now);
        self.inbox.set_rests(false);
        match &outcome {
            Outcome::Ended(_) | Outcome::Signalled(_) | Outcome::Finished(_) => {
                self.at_work.remove(effect);
                drop(self.inbox.waits_no_more(effect));
            }
            Outcome::Submitted(answer) => {
                if let Some(arn) = started(answer) {
                    self.inbox.waits(effect.clone(), arn);
                }
            }
            _ => {}
        }
        self.untold.push((effect.clone(), outcome));
        true
    }

    fn next_want(&mut self) -> Option<Want> {
        let want = self.wants.pop_front();
        if let Some(want) = &want {
            self.given.give(want);
        }
        match &want {
            Some(Want::Perform(perform)) => {
                self.at_work.insert(perform.effect.clone());
            }
            Some(Want::MapRun(run)) => {
                self.at_work.insert(run.effect.clone());
                let (arn, effect) = (run.map_run_arn.clone(), run.effect.clone());
                self.keeper.journal().map_run(arn.clone(), self.execution, effect.clone());
                self.map_runs.insert(effect, arn);
            }
            Some(Want::Cancel { effect }) => {
                self.at_work.remove(effect);
                self.map_runs.remove(effect);
                let keeper = &self.keeper;
                self.tokens
                    .extract_if(.., |(of, _)| of == effect)
                    .for_each(|(_, token)| keeper.forgets(&token));
            }
            Some(_) => {}
            None => {
                let is_quiet = matches!(self.place, CorePlace::Here { step: KeptStep::Rest, .. });
                self.inbox.set_rests(is_quiet && self.untold.is_empty() && self.at_work.is_empty());
            }
        }
        want
    }

    fn told(&mut self) -> Vec<Told> {
        match &mut self.place {
            CorePlace::Here { .. } if matches!(self.restarts, Restarts::Again(_)) => Vec::new(),
            CorePlace::Here { core, .. } => core.told(),
            CorePlace::Coming(_) | CorePlace::Nowhere => Vec::new(),
        }
    }

    fn state(&self) -> Option<u16> {
        match &self.place {
            CorePlace::Here { core, .. } => core.state(),
            CorePlace::Coming(_) | CorePlace::Nowhere => None,
        }
    }

    fn events(&self) -> u64 {
        match &self.place {
            CorePlace::Here { core, .. } => core.events(),
            CorePlace::Coming(_) | CorePlace::Nowhere => 0,
        }
    }

    fn poll_snapshot(&mut self, context: &mut Context<'_>) -> Poll<Result<Snapshot, String>> {
        match &mut self.place {
            CorePlace::Here { core, .. } => core.poll_snapshot(context),
            CorePlace::Coming(_) | CorePlace::Nowhere => Poll::Ready(Err(nowhere())),
        }
    }

    fn poll_outstanding(&mut self, context: &mut Context<'_>) -> Poll<Result<Vec<Want>, String>> {
        match &mut self.place {
            CorePlace::Here { core, .. } => core.poll_outstanding(context),
            CorePlace::Coming(_) | CorePlace::Nowhere => Poll::Ready(Err(nowhere())),
        }
    }

    fn ready(&self, most: usize) -> usize {
        match &self.place {
            CorePlace::Here { core, .. } => core.ready(most),
            CorePlace::Coming(_) | CorePlace::Nowhere => 0,
        }
    }

    fn action(&self, state: u16, resource: &str) -> Called {
        match &self.place {
            CorePlace::Here { core, .. } => core.action(state, resource),
            CorePlace::Coming(_) | CorePlace::Nowhere => (None, None),
        }
    }

    fn child(&self, child: &ChildStart, start: Start) -> Box<dyn Core> {
        match &self.place {
            CorePlace::Here { core, .. } => {
                let map_run = self.map_runs.get(&child.effect).cloned();
                let child = self.keeper.child(self.execution, map_run, &**core, child, start);
                let child = match &self.host {
                    Some(host) => child.on(Arc::clone(host)),
                    None => child,
                };
                Box::new(if self.restarts == Restarts::Never { child } else { child.restarting() })
            }
            CorePlace::Coming(_) | CorePlace::Nowhere => {
                Box::new(Self::over(&self.keeper, start, &DurableError::Journal(nowhere())))
            }
        }
    }

    fn ended_children(&mut self, run: &EffectId) -> EndedChildren {
        let unheard = match self.map_runs_again.remove(run) {
            Some(children) => Unheard::Of(children),
            None if self.redriven.is_some() => Unheard::Redriven,
            None => return Box::new(std::iter::empty()),
        };
        let Some(map_run) = self.map_runs.get(run) else { return Box::new(std::iter::empty()) };
        let (keeper, map_run) = (Arc::clone(&self.keeper), map_run.clone());
        Box::new(Ended::new(keeper, self.execution, map_run, unheard, self.redriven))
    }
}
