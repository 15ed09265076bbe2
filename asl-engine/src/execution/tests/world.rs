//! What answers to wants, by chance.

use super::toy::{Dice, ERRORS};
use crate::context::ExecutionContext;
use crate::error::{ExecutionError, TaskError};
use crate::execution::{ChildEnd, EffectId, Items, LaneAddress, Outcome, Start, Timer, Want};
use crate::history::Needs;
use crate::limits::Limits;
use crate::map_run::item::Item;
use crate::resource::Pattern;
use asl_language::timestamp::Timestamp;
use asl_value::{Text, Value};
use std::collections::BTreeSet;
use std::time::Duration;

pub(crate) fn start(dice: &mut Dice) -> Start {
    let input = r#"{"number":0,"document":{"lines":[1,2.5,"three"],"text":"a text of more than twenty-three bytes"}}"#;
    let context = ExecutionContext {
        id: "arn:aws:states:us-east-1:123456789012:execution:Toy:1".into(),
        name: "1".into(),
        input: Value::from_json(input).unwrap(),
        role_arn: "arn:aws:iam::123456789012:role/Toy".into(),
        start_time: Timestamp::new(1_700_000_000, 5),
        state_machine_id: "arn:aws:states:us-east-1:123456789012:stateMachine:Toy".into(),
        state_machine_name: "Toy".into(),
        redrive: None,
        is_synchronous: false,
    };
    let mut start = Start::new(context, [dice.next(), dice.next()]);
    start.tells = dice.percent(80).then(|| Needs {
        successes: dice.percent(80),
        data: dice.percent(70),
        decisions: dice.percent(70),
    });
    if dice.percent(20) {
        start.limits = Limits { events: None, ..Limits::aws() };
    }
    start.is_redrivable = dice.percent(50);
    if dice.percent(10) {
        start.refusals.push(("3".into(), "the parameters are not those of the service".into()));
    }
    start
}

/// What was asked for, and is not answered yet.
#[derive(Clone, Debug)]
pub(super) struct World {
    dice: Dice,
    pub(super) now: Timestamp,
    pub(super) open: Vec<Want>,
    /// Timers that were replaced.
    stale: Vec<Want>,
    pub(super) end: Option<Result<Value, ExecutionError>>,
}

/// What a want is, without what may differ.
type Name = (String, &'static str, u64);

fn effect_of(want: &Want) -> EffectId {
    match want {
        Want::Perform(perform) => perform.effect.clone(),
        Want::Work(work) => work.effect.clone(),
        Want::MapRun(start) => start.effect.clone(),
        Want::Child(child) => child.effect.clone(),
        Want::Await { effect, .. }
        | Want::Timer { effect, .. }
        | Want::Read { effect }
        | Want::Finish { effect, .. }
        | Want::Cancel { effect } => effect.clone(),
        Want::Ended(_) => EffectId::EXECUTION,
    }
}

fn name(want: &Want) -> Name {
    let (what, number) = match want {
        Want::Perform(_) => ("perform", 0),
        Want::Await { .. } => ("await", 0),
        Want::Work(_) => ("work", 0),
        Want::Timer { timer, .. } => ("timer", *timer as u64),
        Want::MapRun(_) => ("map run", 0),
        Want::Read { .. } => ("read", 0),
        Want::Child(child) => ("child", child.index),
        Want::Finish { .. } => ("finish", 0),
        Want::Cancel { .. } => ("cancel", 0),
        Want::Ended(_) => ("ended", 0),
    };
    (effect_of(want).to_string(), what, number)
}

impl World {
    pub(super) const fn new(dice: Dice, now: Timestamp) -> Self {
        Self { dice, now, open: Vec::new(), stale: Vec::new(), end: None }
    }

    pub(super) fn take(&mut self, wants: impl IntoIterator<Item = Want>) {
        for want in wants {
            match want {
                Want::Cancel { effect } => self.open.retain(|open| effect_of(open) != effect),
                Want::Ended(result) => {
                    self.open.clear();
                    self.end = Some(result);
                }
                want => {
                    let name_of_want = name(&want);
                    if let Some(place) = self.open.iter().position(|open| name(open) == name_of_want) {
                        assert_eq!(name_of_want.1, "timer", "{want:?} is wanted twice");
                        self.stale.push(self.open.remove(place));
                    }
                    self.open.push(want);
                }
            }
        }
    }

    /// The names of what is open, for comparison.
    pub(super) fn names(&self) -> BTreeSet<Name> {
        names(&self.open)
    }

    /// What happens next; nothing if nothing can.
    pub(super) fn answer(&mut self) -> Option<(EffectId, Outcome)> {
        if self.end.is_some() {
            return Some((EffectId::EXECUTION, Outcome::Redriven));
        }
        match self.dice.below(40) {
            0 => return Some(self.nonsense()),
            1 if !self.stale.is_empty() => {
                let place = self.dice.below(self.stale.len());
                let Want::Timer { effect, timer, .. } = self.stale.remove(place) else { return None };
                return Some((effect, Outcome::Fired(timer)));
            }
            2 if self.dice.percent(10) => {
                let cause = self.dice.percent(50).then(|| "enough".to_owned());
                return Some((EffectId::EXECUTION, Outcome::Stopped { error: None, cause }));
            }
            _ => {}
        }
        let can: Vec<usize> =
            (0..self.open.len()).filter(|place| !matches!(self.open[*place], Want::MapRun(_))).collect();
        let want = self.open[*can.get(self.dice.below(can.len()))?].clone();
        let outcome = self.outcome(&want);
        Some((effect_of(&want), outcome))
    }

    fn outcome(&mut self, want: &Want) -> Outcome {
        match want {
            Want::Perform(perform) => match self.dice.below(10) {
                0 => Outcome::Heartbeat,
                1..5 if perform.pattern == Pattern::Sync => Outcome::Submitted(self.value()),
                _ => Outcome::Ended(self.result()),
            },
            Want::Await { .. } => match self.dice.below(4) {
                0 => Outcome::Heartbeat,
                _ => Outcome::Signalled(self.result()),
            },
            Want::Work(_) => match self.dice.below(8) {
                0 => Outcome::Ended(Err(self.error())),
                1..5 => Outcome::Accepted,
                _ => Outcome::Started { worker_name: self.dice.percent(50).then(|| "worker".into()) },
            },
            Want::Timer { timer, due, .. } => {
                if self.dice.percent(70) {
                    self.now = self.now.max(*due);
                }
                Outcome::Fired(*timer)
            }
            Want::Read { .. } => Outcome::Items(if self.dice.percent(10) {
                Err(self.error())
            } else {
                let item =
                    |number: usize| Item { key: None, value: number.to_string().into(), source: "s3".into() };
                Ok(Items {
                    items: (0..self.dice.below(6)).map(item).collect(),
                    is_end: self.dice.percent(30),
                })
            }),
            Want::Child(child) => Outcome::ChildEnded(Box::new(ChildEnd {
                index: child.index,
                result: match self.dice.below(6) {
                    0 => Err(ExecutionError::timed_out()),
                    1 => Err(ExecutionError::aborted(None, Some("stopped".into()))),
                    _ => Ok(self.value()),
                },
                stop_date: self.now,
                written: if self.dice.percent(3) { Err(self.error()) } else { Ok(child.index) },
            })),
            Want::Finish { .. } => Outcome::Finished(match self.dice.below(6) {
                0 => Err(self.error()),
                1 | 2 => Ok(Some(self.value())),
                _ => Ok(None),
            }),
            Want::MapRun(_) | Want::Cancel { .. } | Want::Ended(_) => Outcome::Heartbeat,
        }
    }

    /// An answer that nothing waits for, or that is none to the question.
    fn nonsense(&mut self) -> (EffectId, Outcome) {
        let effect = match self.open.get(self.dice.below(self.open.len() + 1)) {
            Some(want) => effect_of(want),
            None => EffectId { lane: LaneAddress::ROOT.inner(1, 2), visit: 1, attempt: 0 },
        };
        let outcome = match self.dice.below(6) {
            0 => Outcome::Accepted,
            1 => Outcome::Fired(Timer::Wait),
            2 => Outcome::Submitted(Value::Null),
            3 => Outcome::Items(Ok(Items::default())),
            4 => Outcome::Started { worker_name: None },
            _ => Outcome::Heartbeat,
        };
        (effect, outcome)
    }

    /// Takes note of an answer that was taken.
    pub(super) fn answered(&mut self, effect: &EffectId, outcome: &Outcome) {
        let (what, number) = match outcome {
            Outcome::Ended(Ok(_)) => ("perform", 0),
            Outcome::Ended(Err(_)) => ("perform", 0),
            Outcome::Signalled(_) => ("await", 0),
            Outcome::Started { .. } => ("work", 0),
            Outcome::Fired(timer) => ("timer", *timer as u64),
            Outcome::Items(_) => ("read", 0),
            Outcome::ChildEnded(end) => ("child", end.index),
            Outcome::Finished(_) => ("finish", 0),
            Outcome::Redriven => {
                self.end = None;
                return;
            }
            Outcome::Heartbeat
            | Outcome::Submitted(_)
            | Outcome::Accepted
            | Outcome::Limited(_)
            | Outcome::Stopped { .. } => return,
        };
        let answered = (effect.to_string(), what, number);
        self.open.retain(|open| name(open) != answered);
    }

    /// Time goes on.
    pub(super) fn wait(&mut self) {
        let milliseconds = self.dice.below(3000);
        self.now = self.now.plus(Duration::from_millis(u64::try_from(milliseconds).unwrap()));
    }

    fn value(&mut self) -> Value {
        match self.dice.below(5) {
            0 => Value::Null,
            1 => Value::from(self.dice.below(100) as f64 / 3.0),
            2 => "a result with a text of more than twenty-three bytes".into(),
            3 => Value::from_json(r#"[1,[2,{"three":18446744073709551615}],[]]"#).unwrap(),
            _ => Value::from_json(&format!(r#"{{"drawn":{}}}"#, self.dice.below(100))).unwrap(),
        }
    }

    fn error(&mut self) -> TaskError {
        match self.dice.below(20) {
            0 => TaskError::runtime("no service"),
            1..6 => TaskError::named(self.dice.one_of(ERRORS)),
            _ => TaskError::new(Text::new_static(self.dice.one_of(ERRORS)), "a cause"),
        }
    }

    pub(super) fn result(&mut self) -> Result<Value, TaskError> {
        if self.dice.percent(70) { Ok(self.value()) } else { Err(self.error()) }
    }
}

/// The names of wants. A Map Run that is to fail reads nothing any more.
pub(super) fn names(wants: &[Want]) -> BTreeSet<Name> {
    let fails = |effect: &EffectId| {
        wants
            .iter()
            .any(|want| matches!(want, Want::Finish { effect: other, failed: true } if other == effect))
    };
    wants.iter().filter(|want| !matches!(want, Want::Read { effect } if fails(effect))).map(name).collect()
}
