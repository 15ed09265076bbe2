//! What a lane is in the lanes around it: all that is not written of a lane, because it follows from these.

use super::check;
use crate::context::MapItem;
use crate::execution::address::inner_seed;
use crate::execution::lane::{Doing, Lane, LaneKey, Parent};
use crate::execution::map_run::{ChildStart, MapRunAtWork, child_context};
use crate::execution::want::iteration;
use crate::execution::{Execution, ROOT, StartPart};
use crate::machine::StateInfo;
use crate::resource::Resource;
use asl_language::limits::VALUE_DEPTH;
use asl_value::Text;
use std::sync::Arc;

impl Execution {
    /// Goes through all lanes, from the root inwards.
    pub(super) fn link(&mut self, states: &[&'static StateInfo]) -> Result<(), &'static str> {
        if self.has_ended {
            let is_empty = self.lanes.len() == 0 && self.lanes.free().is_empty() && self.ready.is_empty();
            return if is_empty { Ok(()) } else { Err("an execution that has ended has lanes") };
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
        put_within(lane, parent.lane, around, parent.index)
    }

    fn link_work(&self, lane: &mut Lane, states: &[&'static StateInfo]) -> Result<(), &'static str> {
        let effect = lane.effect();
        let info = states.get(usize::from(lane.at.state)).ok_or("a lane is in no state of the machine")?;
        let (state_id, iteration) = (lane.at.state, iteration(lane.item.as_ref()));
        match &mut lane.doing {
            Doing::Task(at_work) => {
                let perform = Arc::make_mut(&mut at_work.perform);
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
        for (index, child) in &mut at_work.running {
            let ChildStart { items, weight, context, .. } = &**child;
            *child = Arc::new(ChildStart {
                effect: lane.effect(),
                index: *index,
                items: *items,
                weight: *weight,
                context: child_context(
                    &at_work.names,
                    &self.context,
                    lane,
                    *index,
                    context.input.clone(),
                    context.start_time,
                ),
                part,
            });
        }
    }
}

/// Links the iteration that has begun and was interrupted.
fn link_begun(key: LaneKey, around: &mut Lane) -> Result<(), &'static str> {
    let Doing::Iterations(map) = &mut around.doing else { return Ok(()) };
    let Some(mut lane) = map.begun.take() else { return Ok(()) };
    let index = map.next;
    put_within(&mut lane, key, around, index)?;
    if let Doing::Iterations(map) = &mut around.doing {
        map.begun = Some(lane);
    }
    Ok(())
}

fn put_within(lane: &mut Lane, key: LaneKey, around: &Lane, index: u32) -> Result<(), &'static str> {
    lane.parent = Some(Parent { lane: key, index });
    lane.seed = inner_seed(around.seed, around.visit, index);
    if lane.visit > 0 {
        lane.address = around.address.inner(around.visit, index);
    }
    if let Doing::Iterations(map) = &around.doing {
        let item = map.iterations.items.get(index as usize).ok_or("an iteration has no item")?;
        lane.item = Some(MapItem::new(index as usize, item.clone()));
        lane.is_iteration = true;
    } else {
        lane.item = around.item.clone();
        lane.at.in_branch = true;
    }
    Ok(())
}
