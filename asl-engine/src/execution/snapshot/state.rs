//! The state of an execution in the form of the codec.

use crate::Shared;
use crate::codec::{Decode, DecodeError, Decoder, Encode, Encoder, record, variants};
use crate::context::{ExecutionContext, Name, Redrive};
use crate::execution::address::{EffectId, LaneAddress};
use crate::execution::lane::{
    Branches, Doing, Lane, LaneStep, Lanes, MapAtWork, Phase, TaskAtWork, TaskLimits,
};
use crate::execution::map_run::{ChildStart, MapRunAtWork, MapRunEnd, Unsuccessful};
use crate::execution::queue::Queue;
use crate::execution::redrive::{Left, Remains};
use crate::execution::want::{Perform, Want};
use crate::execution::{Execution, Ready, StartPart};
use crate::machine::StateInfo;
use crate::program::{Program, StateId};
use crate::resource::Pattern;
use crate::task::Task;
use crate::turn::{Facts, Position};
use asl_language::limits::VALUE_DEPTH;
use asl_language::timestamp::Timestamp;
use asl_value::{Text, Value};

type Result<T> = std::result::Result<T, DecodeError>;

impl Encode for Execution {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        self.context.encode(to);
        self.encode_progress(to);
    }
}

impl Execution {
    /// All but its machine and the facts that do not change.
    pub(in crate::execution) fn encode_progress<'v>(&'v self, to: &mut Encoder<'v>) {
        let Self {
            program: _,
            context: _,
            facts: Facts { limits, chance, tokens, tells, is_redrivable },
            due,
            refusals,
            now,
            events,
            state,
            lanes,
            ready,
            told,
            wants,
            has_ended,
            remains,
            // These turns can be taken again.
            computed: _,
            turns: _,
        } = self;
        limits.encode(to);
        to.fixed(*chance);
        to.fixed(*tokens);
        tells.encode(to);
        is_redrivable.encode(to);
        due.encode(to);
        to.length(refusals.len());
        for refusal in refusals {
            refusal.encode(to);
        }
        now.encode(to);
        events.encode(to);
        state.encode(to);
        has_ended.encode(to);
        to.byte(remains.is_some().into());
        remains.iter().for_each(|lane| lane.encode_left(to));
        to.length(lanes.len());
        for lane in lanes.iter() {
            lane.encode(to);
        }
        to.length(lanes.free().len());
        for key in lanes.free() {
            key.encode(to);
        }
        ready.encode(to);
        told.encode(to);
        to.length(wants.len());
        for want in wants {
            self.encode_want(want, to);
        }
    }
}

/// What a want that is not delivered yet begins with.
mod want {
    pub(super) const OF_ITS_OWN: u8 = 0;
    /// The task that a lane waits for.
    pub(super) const TASK: u8 = 1;
    /// A child execution that a lane waits for.
    pub(super) const CHILD: u8 = 2;
}

impl Execution {
    /// What [`encode_progress`](Self::encode_progress) has written.
    pub(in crate::execution) fn decode_progress(
        program: &'static dyn Program,
        context: Shared<ExecutionContext>,
        states: &[&'static StateInfo],
        from: &mut Decoder<'_>,
    ) -> std::result::Result<Self, super::SnapshotError> {
        let facts = Facts {
            limits: Decode::decode(from)?,
            chance: from.fixed()?,
            tokens: from.fixed()?,
            tells: Decode::decode(from)?,
            is_redrivable: Decode::decode(from)?,
        };
        let mut execution = Self {
            program,
            context,
            facts,
            due: Decode::decode(from)?,
            refusals: Vec::decode(from)?.into(),
            now: Decode::decode(from)?,
            events: Decode::decode(from)?,
            state: Decode::decode(from)?,
            has_ended: Decode::decode(from)?,
            remains: if bool::decode(from)? { Some(Lane::decode_left(from, 0)?) } else { None },
            lanes: Lanes::new(Decode::decode(from)?, Decode::decode(from)?),
            ready: Decode::decode(from)?,
            told: Decode::decode(from)?,
            wants: Queue::default(),
            computed: None,
            turns: 0,
        };
        execution.link(states).map_err(|how| super::SnapshotError::Damaged(how.into()))?;
        for _ in 0..from.length()? {
            let want = execution.decode_want(from)?;
            execution.wants.push_back(want);
        }
        Ok(execution)
    }

    /// What a lane waits for is written there, and is the same memory.
    fn encode_want<'v>(&'v self, want: &'v Want, to: &mut Encoder<'v>) {
        match want {
            Want::Perform(perform) => {
                if let Some((key, Doing::Task(at_work))) = self.doing_at(&perform.effect)
                    && Shared::ptr_eq(perform, &at_work.perform)
                {
                    to.byte(want::TASK);
                    return to.number(key.into());
                }
            }
            Want::Child(child) => {
                if let Some((key, Doing::MapRun(at_work))) = self.doing_at(&child.effect)
                    && at_work.running.get(&child.index).is_some_and(|running| Shared::ptr_eq(child, running))
                {
                    to.byte(want::CHILD);
                    to.number(key.into());
                    return to.number(child.index);
                }
            }
            _ => {}
        }
        to.byte(want::OF_ITS_OWN);
        want.encode(to);
    }

    fn doing_at(&self, effect: &EffectId) -> Option<(u32, &Doing)> {
        let key = self.find(&effect.lane)?;
        self.lanes.get(key).map(|lane| (key, &lane.doing))
    }

    fn decode_want(&self, from: &mut Decoder<'_>) -> Result<Want> {
        let tag = from.byte()?;
        if tag == want::OF_ITS_OWN {
            return Want::decode(from);
        }
        let lane = self.lanes.get(from.small()?);
        match (tag, lane.map(|lane| &lane.doing)) {
            (want::TASK, Some(Doing::Task(at_work))) => Ok(Want::Perform(Shared::clone(&at_work.perform))),
            (want::CHILD, Some(Doing::MapRun(at_work))) => {
                let child =
                    at_work.running.get(&from.number()?).map(|child| Want::Child(Shared::clone(child)));
                child.ok_or_else(|| from.invalid("a want is of no child execution"))
            }
            (want::TASK | want::CHILD, _) => Err(from.invalid("a want is of no lane that waits for it")),
            (other, _) => Err(from.no_variant("want", other)),
        }
    }
}

variants!(Ready { 0 Lane(key), 1 Map(key) });

/// Flags of a lane.
mod flag {
    pub(super) const IS_ENTERED: u8 = 1;
    pub(super) const STAYS: u8 = 2;
    pub(super) const ENTERED_TIME: u8 = 4;
    pub(super) const TASK_TOKEN: u8 = 8;
    pub(super) const RETRIES: u8 = 16;
    pub(super) const LEFT: u8 = 32;
    pub(super) const REMAINS: u8 = 64;
    pub(super) const ALL: u8 = 127;
}

impl Encode for Lane {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        self.encode_place(to);
        self.doing.encode(to);
    }
}

impl Decode for Lane {
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let mut lane = Self::decode_place(from, 0)?;
        lane.doing = Decode::decode(from)?;
        Ok(lane)
    }
}

impl Lane {
    /// All but what it does.
    fn encode_place<'v>(&'v self, to: &mut Encoder<'v>) {
        // The lane around it says these.
        let Self { address: _, parent: _, item: _, is_iteration: _, seed: _, .. } = self;
        let Self { at, stays, visit, attempt, retries, left, begun_after, doing: _, remains, .. } = self;
        let Position { state, in_branch: _, is_entered, entered, data, variables, .. } = at;
        let Position { entered_time, entered_event, last_event, task_token, .. } = at;
        let flags = [
            (*is_entered, flag::IS_ENTERED),
            (*stays, flag::STAYS),
            (entered_time.is_some(), flag::ENTERED_TIME),
            (task_token.is_some(), flag::TASK_TOKEN),
            (!retries.is_empty(), flag::RETRIES),
            (*left > 0, flag::LEFT),
            (remains.is_some(), flag::REMAINS),
        ];
        to.byte(flags.iter().filter(|(is_set, _)| *is_set).fold(0, |flags, (_, flag)| flags | flag));
        state.encode(to);
        entered.encode(to);
        data.encode(to);
        variables.encode(to);
        if let Some(entered_time) = entered_time {
            entered_time.encode(to);
        }
        entered_event.encode(to);
        last_event.encode(to);
        if let Some(task_token) = task_token {
            task_token.encode(to);
        }
        visit.encode(to);
        attempt.encode(to);
        if !retries.is_empty() {
            retries.encode(to);
        }
        if *left > 0 {
            left.encode(to);
        }
        begun_after.encode(to);
        if let Some(remains) = remains {
            remains.encode(to);
        }
    }

    /// All of a lane that failed or was stopped.
    fn encode_left<'v>(&'v self, to: &mut Encoder<'v>) {
        self.encode_place(to);
        self.doing.encode(to);
    }

    fn decode_left(from: &mut Decoder<'_>, depth: u32) -> Result<Box<Self>> {
        let mut lane = Self::decode_place(from, depth)?;
        lane.doing = Decode::decode(from)?;
        Ok(Box::new(lane))
    }

    fn decode_place(from: &mut Decoder<'_>, depth: u32) -> Result<Self> {
        let flags = from.byte()?;
        if flags > flag::ALL {
            return Err(from.no_variant("flags of a lane", flags));
        }
        let has = |flag| flags & flag != 0;
        let mut at = Position::new(Decode::decode(from)?, Value::Null, asl_value::Object::new(), 0);
        at.is_entered = has(flag::IS_ENTERED);
        at.entered = Decode::decode(from)?;
        at.data = Decode::decode(from)?;
        at.variables = Decode::decode(from)?;
        at.entered_time = has(flag::ENTERED_TIME).then(|| Decode::decode(from)).transpose()?;
        at.entered_event = Decode::decode(from)?;
        at.last_event = Decode::decode(from)?;
        at.task_token = has(flag::TASK_TOKEN).then(|| Decode::decode(from)).transpose()?;
        let mut lane = Self::root(at, 0);
        lane.stays = has(flag::STAYS);
        lane.visit = Decode::decode(from)?;
        lane.attempt = Decode::decode(from)?;
        if has(flag::RETRIES) {
            lane.retries = Decode::decode(from)?;
        }
        if has(flag::LEFT) {
            lane.left = Decode::decode(from)?;
        }
        lane.begun_after = Decode::decode(from)?;
        if has(flag::REMAINS) {
            lane.remains = Some(Box::new(Remains::decode(from, depth + 1)?));
        }
        Ok(lane)
    }
}

impl Remains {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        let lanes = match self {
            Self::Branches { outputs, lanes } => {
                to.byte(0);
                outputs.encode(to);
                lanes
            }
            Self::Iterations { map, lanes } => {
                to.byte(1);
                map.encode(to);
                lanes
            }
            Self::MapRun(at_work) => {
                to.byte(2);
                return at_work.encode(to);
            }
        };
        to.length(lanes.len());
        for (index, lane) in lanes {
            index.encode(to);
            lane.encode_left(to);
        }
    }

    fn decode(from: &mut Decoder<'_>, depth: u32) -> Result<Self> {
        if depth > VALUE_DEPTH {
            return Err(from.invalid("lanes are within each other"));
        }
        Ok(match from.byte()? {
            0 => Self::Branches { outputs: Decode::decode(from)?, lanes: Self::decode_lanes(from, depth)? },
            1 => Self::Iterations { map: Decode::decode(from)?, lanes: Self::decode_lanes(from, depth)? },
            2 => Self::MapRun(Decode::decode(from)?),
            other => return Err(from.no_variant("what is left of a state", other)),
        })
    }

    fn decode_lanes(from: &mut Decoder<'_>, depth: u32) -> Result<Left> {
        let mut lanes = Left::new();
        for _ in 0..from.length()? {
            lanes.insert(Decode::decode(from)?, Lane::decode_left(from, depth)?);
        }
        Ok(lanes)
    }
}

impl Encode for Doing {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        match self {
            // No lane is taken out when an execution is looked at from outside.
            Self::Nothing => to.byte(0),
            Self::Turn(step) => {
                to.byte(1);
                step.encode(to);
            }
            Self::Begin(effect) => {
                to.byte(2);
                effect.encode(to);
            }
            Self::Timer { timer, due } => {
                to.byte(3);
                timer.encode(to);
                due.encode(to);
            }
            Self::Task(task) => {
                to.byte(4);
                task.encode(to);
            }
            Self::Branches(branches) => {
                to.byte(5);
                branches.encode(to);
            }
            Self::Iterations(map) => {
                to.byte(6);
                map.encode(to);
            }
            Self::MapRun(run) => {
                to.byte(7);
                run.encode(to);
            }
        }
    }
}

impl Decode for Doing {
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(match from.byte()? {
            1 => Self::Turn(Decode::decode(from)?),
            2 => Self::Begin(Decode::decode(from)?),
            3 => Self::Timer { timer: Decode::decode(from)?, due: Decode::decode(from)? },
            4 => Self::Task(Decode::decode(from)?),
            5 => Self::Branches(Decode::decode(from)?),
            6 => Self::Iterations(Decode::decode(from)?),
            7 => Self::MapRun(Decode::decode(from)?),
            other => return Err(from.no_variant("what a lane does", other)),
        })
    }
}

variants!(LaneStep { 0 Enter, 1 Select { input, map }, 2 Settle(result), 3 Again });
variants!(Phase { 0 Asked, 1 Submitted, 2 Called, 3 Offered, 4 Queued, 5 Worked });
record!(TaskLimits { timeout, heartbeat });
record!(Branches { outputs, lanes });
variants!(MapRunEnd { 0 No, 1 Succeeding, 2 Failing(error) });

impl Encode for MapAtWork {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        let Self { iterations, tolerance, next, begun, failed, follows, outputs, lanes } = self;
        iterations.encode(to);
        tolerance.encode(to);
        next.encode(to);
        match begun.as_deref() {
            // An iteration that has begun is in its first turn: there are no lanes within it, and reading does not go deeper.
            Some(lane) if let Doing::Turn(step) = &lane.doing => {
                to.byte(1);
                lane.encode_place(to);
                step.encode(to);
            }
            Some(_) | None => to.byte(0),
        }
        failed.encode(to);
        follows.encode(to);
        outputs.encode(to);
        lanes.encode(to);
    }
}

impl Decode for MapAtWork {
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self {
            iterations: Decode::decode(from)?,
            tolerance: Decode::decode(from)?,
            next: Decode::decode(from)?,
            begun: decode_begun(from)?,
            failed: Decode::decode(from)?,
            follows: Decode::decode(from)?,
            outputs: Decode::decode(from)?,
            lanes: Decode::decode(from)?,
        })
    }
}

fn decode_begun(from: &mut Decoder<'_>) -> Result<Option<Box<Lane>>> {
    if !bool::decode(from)? {
        return Ok(None);
    }
    let mut lane = Lane::decode_place(from, 0)?;
    lane.doing = Doing::Turn(Decode::decode(from)?);
    Ok(Some(Box::new(lane)))
}

impl Encode for TaskAtWork {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        let Self { perform, phase, limits, early, submitted } = self;
        let Perform {
            effect: _,
            state_id: _,
            state: _,
            iteration: _,
            task,
            pattern: _,
            task_token,
            submitted: _,
        } = &**perform;
        task.encode(to);
        task_token.encode(to);
        phase.encode(to);
        limits.encode(to);
        early.encode(to);
        submitted.encode(to);
    }
}

impl Decode for TaskAtWork {
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self {
            perform: Shared::new(unlinked_task(Decode::decode(from)?, Decode::decode(from)?)),
            phase: Decode::decode(from)?,
            limits: Decode::decode(from)?,
            early: Decode::decode(from)?,
            submitted: Decode::decode(from)?,
        })
    }
}

/// A task of which it is not known yet which lane it is of.
const fn unlinked_task(task: Task, task_token: Option<Text>) -> Perform {
    Perform {
        effect: EffectId { lane: LaneAddress::ROOT, visit: 0, attempt: 0 },
        state_id: 0,
        state: Text::new_static(""),
        iteration: None,
        task,
        pattern: Pattern::RequestResponse,
        task_token,
        submitted: None,
    }
}

impl Encode for MapRunAtWork {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        let Self { names, processor, input, limit, timeout, tolerance, batcher, given, item_reader, .. } =
            self;
        let Self { result_writer, items, reads, has_read, read, ready, running, again, started, .. } = self;
        let Self { collected, progress, end, unsuccessful, .. } = self;
        names.encode(to);
        processor.encode(to);
        input.encode(to);
        limit.encode(to);
        timeout.encode(to);
        tolerance.encode(to);
        batcher.encode(to);
        given.encode(to);
        item_reader.encode(to);
        result_writer.encode(to);
        items.encode(to);
        reads.encode(to);
        has_read.encode(to);
        read.encode(to);
        ready.encode(to);
        encode_children(running.values(), to);
        encode_children(again, to);
        to.byte(unsuccessful.is_some().into());
        if let Some(Unsuccessful { children, .. }) = unsuccessful {
            encode_children(children.values().map(|(_, child)| child), to);
            children.values().for_each(|(status, _)| status.encode(to));
        }
        started.encode(to);
        collected.encode(to);
        progress.encode(to);
        end.encode(to);
    }
}

impl Decode for MapRunAtWork {
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        let mut run = Self {
            names: Decode::decode(from)?,
            processor: Decode::decode(from)?,
            input: Decode::decode(from)?,
            limit: Decode::decode(from)?,
            timeout: Decode::decode(from)?,
            tolerance: Decode::decode(from)?,
            batcher: Decode::decode(from)?,
            given: Decode::decode(from)?,
            item_reader: Decode::decode(from)?,
            result_writer: Decode::decode(from)?,
            items: Decode::decode(from)?,
            reads: Decode::decode(from)?,
            has_read: Decode::decode(from)?,
            read: Decode::decode(from)?,
            ready: Decode::decode(from)?,
            running: decode_children(from)?.map(|child| (child.index, child)).collect(),
            again: decode_children(from)?.collect(),
            unsuccessful: decode_unsuccessful(from)?,
            running_weight: 0,
            started: Decode::decode(from)?,
            collected: Decode::decode(from)?,
            progress: Decode::decode(from)?,
            end: Decode::decode(from)?,
        };
        let weights = run.running.values().map(|child| child.weight);
        run.running_weight = weights.fold(0, u64::saturating_add);
        Ok(run)
    }
}

fn encode_children<'v>(
    children: impl IntoIterator<Item = &'v Shared<ChildStart>, IntoIter: ExactSizeIterator>,
    to: &mut Encoder<'v>,
) {
    let children = children.into_iter();
    to.length(children.len());
    for child in children {
        child.index.encode(to);
        child.items.encode(to);
        child.weight.encode(to);
        child.context.input.encode(to);
        child.context.start_time.encode(to);
        child.context.redrive.encode(to);
    }
}

/// What is kept of a child: its number, the number and the weight of its items, its input, and when it started and was redriven.
type KeptChild = ((u64, (u64, u64)), (Value, (Timestamp, Option<Box<Redrive>>)));

fn decode_children(from: &mut Decoder<'_>) -> Result<impl Iterator<Item = Shared<ChildStart>> + use<>> {
    let children: Vec<KeptChild> = Decode::decode(from)?;
    Ok(children.into_iter().map(|child| Shared::new(unlinked_child(child))))
}

fn decode_unsuccessful(from: &mut Decoder<'_>) -> Result<Option<Unsuccessful>> {
    if !bool::decode(from)? {
        return Ok(None);
    }
    let mut unsuccessful = Unsuccessful::default();
    for child in decode_children(from)? {
        if !unsuccessful.keep(Decode::decode(from)?, &child) {
            return Err(from.invalid("a Map Run keeps too many executions"));
        }
    }
    Ok(Some(unsuccessful))
}

/// A child execution of which it is not known yet which lane it is of.
fn unlinked_child(((index, (items, weight)), (input, (start_time, redrive))): KeptChild) -> ChildStart {
    let nothing = Text::default();
    ChildStart {
        effect: EffectId::EXECUTION,
        index,
        items,
        weight,
        context: ExecutionContext {
            id: Name::default(),
            name: Name::default(),
            input,
            role_arn: nothing.clone(),
            start_time,
            state_machine_id: nothing.clone(),
            state_machine_name: nothing,
            redrive,
            is_synchronous: false,
        },
        part: StartPart { start_at: StateId::default(), timeout: None },
    }
}
