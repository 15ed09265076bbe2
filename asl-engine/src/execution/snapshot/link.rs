//! What a lane is in the lanes around it: all that is not written of a lane, because it follows from these.

use super::check;
use crate::Shared;
use crate::context::{ExecutionContext, MapItem};
use crate::execution::address::inner_seed;
use crate::execution::lane::{Doing, Lane, LaneKey, MapAtWork, Parent};
use crate::execution::map_run::{ChildStart, MapRunAtWork, child_context};
use crate::execution::redrive::Remains;
use crate::execution::want::iteration;
use crate::execution::{Execution, ROOT, StartPart};
use crate::machine::StateInfo;
use crate::resource::Resource;
use asl_language::limits::VALUE_DEPTH;
use asl_value::Text;

impl Execution {
    /// Goes through all lanes, from the root inwards.
    pub(super) fn link(&mut self, states: &[&'static StateInfo]) -> Result<(), &'static str> {
        if self.has_ended {
            let is_empty = self.lanes.len() == 0 && self.lanes.free().is_empty() && self.ready.is_empty();
            let Some(mut root) = self.remains.take() else {
                return if is_empty { Ok(()) } else { Err("an execution that has ended has lanes") };
            };
            root.seed = self.facts.chance;
            self.link_left(&mut root, None, states)?;
            self.remains = Some(root);
            return if is_empty { Ok(()) } else { Err("an execution that has ended has lanes") };
        }
        if self.remains.is_some() {
            return Err("something is left of an execution that has not ended");
        }
        let lanes = self.lanes.iter().flatten().count();
        let mut linked = 0;
        let mut inner = vec![(ROOT, None, 0)];
        while let Some((key, parent, depth)) = inner.pop() {
            // More lanes than there are would be a lane within itself.
            linked += 1;
            if linked > lanes || depth > VALUE_DEPTH {
                return Err("lanes are within each other");
            }
            let mut lane = self.lanes.take(key).ok_or("a lane is missing")?;
            match parent {
                Some(parent) => self.link_to(parent, &mut lane)?,
                None => lane.seed = self.facts.chance,
            }
            link_begun(key, &mut lane)?;
            self.link_work(&mut lane, states)?;
            self.link_remains(&mut lane, states)?;
            self.check_lane(&lane, states)?;
            let lanes = lane.inner_lanes().into_iter().flatten();
            inner.extend(
                lanes.map(|(index, inner)| (*inner, Some(Parent { lane: key, index: *index }), depth + 1)),
            );
            self.lanes.put_back(key, lane);
        }
        if linked == lanes { Ok(()) } else { Err("a lane is within no other") }
    }

    /// Makes a lane the one of a branch or an iteration of another lane, which was linked before it.
    fn link_to(&self, parent: Parent, lane: &mut Lane) -> Result<(), &'static str> {
        if lane.parent.is_some() {
            return Err("a lane is within two others");
        }
        let around = self.lanes.get(parent.lane).ok_or("a lane is within itself")?;
        let map = if let Doing::Iterations(map) = &around.doing { Some(&**map) } else { None };
        put_within(lane, parent.lane, around, map, parent.index)
    }

    /// Links what is left of the state that a lane is in.
    fn link_remains(&self, lane: &mut Lane, states: &[&'static StateInfo]) -> Result<(), &'static str> {
        let Some(mut remains) = lane.remains.take() else { return Ok(()) };
        match &mut *remains {
            Remains::Branches { lanes, .. } => {
                for (index, inner) in lanes {
                    put_within(inner, ROOT, lane, None, *index)?;
                    self.link_left(inner, Some(lane), states)?;
                }
            }
            Remains::Iterations { map, lanes } => {
                for (index, inner) in lanes {
                    put_within(inner, ROOT, lane, Some(map), *index)?;
                    self.link_left(inner, Some(lane), states)?;
                }
                if let Some(mut begun) = map.begun.take() {
                    put_within(&mut begun, ROOT, lane, Some(map), map.next)?;
                    map.begun = Some(begun);
                }
            }
            Remains::MapRun(at_work) => self.link_children(lane, at_work),
        }
        lane.remains = Some(remains);
        Ok(())
    }

    /// Links a lane that failed or was stopped, and what is within it.
    fn link_left(
        &self,
        lane: &mut Lane,
        around: Option<&Lane>,
        states: &[&'static StateInfo],
    ) -> Result<(), &'static str> {
        self.link_remains(lane, states)?;
        self.check_left(lane, around, states)
    }

    fn link_work(&self, lane: &mut Lane, states: &[&'static StateInfo]) -> Result<(), &'static str> {
        let effect = lane.effect();
        let info = states.get(usize::from(lane.at.state)).ok_or("a lane is in no state of the machine")?;
        let (state_id, iteration) = (lane.at.state, iteration(lane.item.as_ref()));
        match &mut lane.doing {
            Doing::Task(at_work) => {
                let perform = Shared::make_mut(&mut at_work.perform);
                perform.effect = effect;
                perform.state_id = state_id;
                perform.state = Text::new_static(info.name);
                perform.iteration = iteration;
                let resource = Resource::parse(&perform.task.resource);
                let is_activity = resource == Resource::Activity;
                perform.pattern = resource.pattern();
                check::task(at_work, is_activity)
            }
            Doing::MapRun(_) => {
                let Doing::MapRun(mut at_work) = std::mem::replace(&mut lane.doing, Doing::Nothing) else {
                    return Ok(());
                };
                self.link_children(lane, &mut at_work);
                lane.doing = Doing::MapRun(at_work);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn link_children(&self, lane: &Lane, at_work: &mut MapRunAtWork) {
        let part = StartPart { start_at: at_work.processor, timeout: at_work.timeout };
        let MapRunAtWork { names, running, again, unsuccessful, .. } = at_work;
        let unsuccessful = unsuccessful.iter_mut().flat_map(|kept| kept.children.values_mut());
        let children = running.values_mut().chain(again).chain(unsuccessful.map(|(_, child)| child));
        for child in children {
            let ChildStart { index, items, weight, context, .. } = &**child;
            let (input, redrive) = (context.input.clone(), context.redrive.clone());
            let context = child_context(names, &self.context, lane, *index, input, context.start_time);
            *child = Shared::new(ChildStart {
                effect: lane.effect(),
                index: *index,
                items: *items,
                weight: *weight,
                context: ExecutionContext { redrive, ..context },
                part,
            });
        }
    }
}

/// Links the iteration that has begun and was interrupted.
fn link_begun(key: LaneKey, around: &mut Lane) -> Result<(), &'static str> {
    let mut map = match std::mem::replace(&mut around.doing, Doing::Nothing) {
        Doing::Iterations(map) => map,
        other => {
            around.doing = other;
            return Ok(());
        }
    };
    if let Some(mut lane) = map.begun.take() {
        put_within(&mut lane, key, around, Some(&map), map.next)?;
        map.begun = Some(lane);
    }
    around.doing = Doing::Iterations(map);
    Ok(())
}

/// Makes a lane the one of a branch, or of an iteration of a Map, of the state that another lane is in.
fn put_within(
    lane: &mut Lane,
    key: LaneKey,
    around: &Lane,
    map: Option<&MapAtWork>,
    index: u32,
) -> Result<(), &'static str> {
    lane.parent = Some(Parent { lane: key, index });
    lane.seed = inner_seed(around.seed, around.visit, index);
    if lane.visit > 0 {
        lane.address = around.address.inner(around.visit, index);
    }
    if let Some(map) = map {
        let item = map.iterations.items.get(index as usize).ok_or("an iteration has no item")?;
        lane.item = Some(MapItem::new(index as usize, item.clone()));
        lane.is_iteration = true;
    } else {
        lane.item = around.item.clone();
        lane.at.in_branch = true;
    }
    Ok(())
}
