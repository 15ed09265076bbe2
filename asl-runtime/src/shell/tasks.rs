//! The tasks of an execution that are done in it, side by side.
//!
//! Only tasks that were woken are looked at, so that many of them cost no more than they do. One that panics has failed, and nothing
//! else has.

use crate::integration::BoxFuture;
use asl_engine::EffectId;
use asl_engine::error::TaskError;
use asl_engine::random::mix;
use asl_value::Value;
use futures_util::task::AtomicWaker;
use std::any::Any;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use tokio::task::AbortHandle;

/// What comes of a task.
pub(super) type Done = Result<Value, TaskError>;

/// The name of the error of a task that panicked. Retriers and catchers see it, as they see a function of Lambda that crashes.
pub const PANIC: &str = "Task.Panicked";

/// Tasks under way.
#[derive(Default)]
pub(super) struct Tasks<'h> {
    slots: Vec<Option<Slot<'h>>>,
    free: Vec<usize>,
    /// Where the tasks are, once there are many.
    places: HashMap<EffectId, usize, BuildHasherDefault<Mixer>>,
    woken: Arc<Woken>,
    /// The only task that is done here.
    lone: Option<Lone>,
}

/// A task with no other beside it. It wakes the execution itself, and is looked at whenever that is.
struct Lone {
    slot: usize,
    /// It was looked at when it began, and need not be in the same breath.
    has_just_begun: bool,
}

struct Slot<'h> {
    effect: EffectId,
    work: Work<'h>,
}

enum Work<'h> {
    /// It is done here.
    Here(BoxFuture<'h, Done>, Option<Arc<TaskWaker>>),
    /// It is done by another thread, which reports its end.
    Elsewhere(AbortHandle),
}

/// A hash of the few numbers that the name of an effect has. They are not chosen outside, so it need not withstand attacks.
#[derive(Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = mix(self.0 ^ number);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }
}

/// Which tasks were woken.
#[derive(Default)]
struct Woken {
    slots: Mutex<Vec<usize>>,
    execution: AtomicWaker,
}

struct TaskWaker {
    slot: usize,
    is_woken: AtomicBool,
    woken: Arc<Woken>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.is_woken.swap(true, Ordering::AcqRel) {
            self.woken.slots.lock().unwrap_or_else(PoisonError::into_inner).push(self.slot);
            self.woken.execution.wake();
        }
    }
}

/// Up to so many tasks are looked through for one.
const FEW: usize = 16;
/// After so many tasks others may run.
const AT_ONCE: usize = 256;

impl<'h> Tasks<'h> {
    /// Begins a task here. What comes of it at once is given.
    pub(super) fn begin(
        &mut self,
        effect: &EffectId,
        mut work: BoxFuture<'h, Done>,
        context: &mut Context<'_>,
    ) -> Option<Done> {
        if let Poll::Ready(done) = poll(work.as_mut(), context) {
            return Some(done);
        }
        if self.is_empty() {
            let slot = self.reserve();
            self.put(slot, Slot { effect: effect.clone(), work: Work::Here(work, None) });
            self.lone = Some(Lone { slot, has_just_begun: true });
            return None;
        }
        self.join();
        let slot = self.reserve();
        let waker = self.waker(slot);
        // Once more, so that the task knows whom to wake.
        if let Poll::Ready(done) =
            poll(work.as_mut(), &mut Context::from_waker(&Waker::from(Arc::clone(&waker))))
        {
            self.free.push(slot);
            return Some(done);
        }
        self.put(slot, Slot { effect: effect.clone(), work: Work::Here(work, Some(waker)) });
        None
    }

    fn waker(&self, slot: usize) -> Arc<TaskWaker> {
        Arc::new(TaskWaker { slot, is_woken: AtomicBool::new(false), woken: Arc::clone(&self.woken) })
    }

    /// A task that was alone is one of several from now on: it is looked at once more, so that it knows whom to wake.
    fn join(&mut self) {
        let Some(Lone { slot, .. }) = self.lone.take() else { return };
        let waker = self.waker(slot);
        if let Some(Some(Slot { work: Work::Here(_, unknown), .. })) = self.slots.get_mut(slot) {
            waker.wake_by_ref();
            *unknown = Some(waker);
        }
    }

    /// Looks at a task that is alone.
    fn poll_lone(&mut self, context: &mut Context<'_>) -> Option<(EffectId, Done)> {
        let lone = self.lone.as_mut()?;
        if std::mem::take(&mut lone.has_just_begun) {
            return None;
        }
        let slot = lone.slot;
        let Some(Some(Slot { work: Work::Here(work, _), .. })) = self.slots.get_mut(slot) else {
            return None;
        };
        let Poll::Ready(done) = poll(work.as_mut(), context) else { return None };
        self.remove(slot).map(|slot| (slot.effect.clone(), done))
    }

    /// Keeps a task that another thread does.
    pub(super) fn keep(&mut self, effect: EffectId, elsewhere: AbortHandle) {
        let slot = self.reserve();
        self.put(slot, Slot { effect, work: Work::Elsewhere(elsewhere) });
    }

    /// Forgets a task; if it is under way, it is cancelled.
    pub(super) fn forget(&mut self, effect: &EffectId) {
        let slot = if self.slots.len() <= FEW {
            self.slots.iter().position(|slot| slot.as_ref().is_some_and(|slot| slot.effect == *effect))
        } else {
            self.places.get(effect).copied()
        };
        if let Some(slot) = slot {
            drop(self.remove(slot));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.slots.len() == self.free.len()
    }

    /// Looks at the tasks that were woken; `true` if there may be more of them.
    pub(super) fn poll(&mut self, context: &mut Context<'_>, ended: &mut Vec<(EffectId, Done)>) -> bool {
        if self.lone.is_some() {
            ended.extend(self.poll_lone(context));
            return false;
        }
        self.woken.execution.register(context.waker());
        let woken = {
            let mut slots = self.woken.slots.lock().unwrap_or_else(PoisonError::into_inner);
            let most = slots.len().min(AT_ONCE);
            let rest = slots.split_off(most);
            std::mem::replace(&mut *slots, rest)
        };
        let is_more = woken.len() == AT_ONCE;
        for slot in woken {
            let Some(Some(Slot { work: Work::Here(work, Some(waker)), .. })) = self.slots.get_mut(slot)
            else {
                continue;
            };
            waker.is_woken.store(false, Ordering::Release);
            let waker = Waker::from(Arc::clone(waker));
            if let Poll::Ready(done) = poll(work.as_mut(), &mut Context::from_waker(&waker))
                && let Some(slot) = self.remove(slot)
            {
                ended.push((slot.effect.clone(), done));
            }
        }
        is_more
    }

    fn reserve(&mut self) -> usize {
        self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            if self.slots.len() == FEW + 1 {
                let places = self.slots.iter().enumerate();
                let known =
                    |(place, slot): (usize, &Option<Slot<'_>>)| Some((slot.as_ref()?.effect.clone(), place));
                self.places = places.filter_map(known).collect();
            }
            self.slots.len() - 1
        })
    }

    fn put(&mut self, place: usize, slot: Slot<'h>) {
        if self.slots.len() > FEW {
            self.places.insert(slot.effect.clone(), place);
        }
        if let Some(empty) = self.slots.get_mut(place) {
            *empty = Some(slot);
        }
    }

    fn remove(&mut self, place: usize) -> Option<Slot<'h>> {
        let slot = self.slots.get_mut(place)?.take()?;
        self.free.push(place);
        self.lone = self.lone.take().filter(|lone| lone.slot != place);
        if self.slots.len() > FEW {
            self.places.remove(&slot.effect);
        }
        Some(slot)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        if let Work::Elsewhere(elsewhere) = &self.work {
            elsewhere.abort();
        }
    }
}

/// Looks at a task. One that panics has failed.
pub(super) fn poll(
    work: Pin<&mut (dyn Future<Output = Done> + Send + '_)>,
    context: &mut Context<'_>,
) -> Poll<Done> {
    // A task that has panicked is never looked at again, and what it shares with others says for itself that it is broken.
    match catch_unwind(AssertUnwindSafe(|| work.poll(context))) {
        Ok(poll) => poll,
        Err(panic) => Poll::Ready(Err(panicked(&*panic))),
    }
}

/// The error of a task that panicked, for shells of one's own.
#[cold]
#[must_use]
pub fn panicked(panic: &(dyn Any + Send)) -> TaskError {
    let text =
        panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    TaskError::new(PANIC, text.unwrap_or("the task panicked, and said nothing"))
}
