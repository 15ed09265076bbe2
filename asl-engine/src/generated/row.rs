//! The table of a machine: a row for each state, with what the definition says and the functions that the state has.
//!
//! In: a name and functions. Out: a [`StateCode`]. Whatever a row does not say is as in [`StateCode::NOTHING`].

use crate::context::Context;
use crate::generated::action::{Action, Job};
use crate::generated::state::{Entered, Left, Selected};
use crate::machine::{StateInfo, StateType, Transition};
use crate::program::{StateCode, StateId};
use crate::retry::{Catcher, Retrier};
use asl_value::Value;

type Enter = fn(&mut Value, &Context<'_>) -> Entered;

macro_rules! rows {
    ($($row:ident: $state_type:ident,)*) => {
        $(
            #[doc = concat!("A ", stringify!($state_type), " state.")]
            #[must_use]
            pub const fn $row(name: &'static str, enter: Enter) -> StateCode {
                let info = StateInfo {
                    name,
                    state_type: StateType::$state_type,
                    asks_for_context: false,
                    ..StateInfo::NOTHING
                };
                StateCode { info, enter, ..StateCode::NOTHING }
            }
        )*
    };
}

rows! {
    pass: Pass,
    task: Task,
    choice: Choice,
    wait: Wait,
    succeed: Succeed,
    fail: Fail,
    parallel: Parallel,
    map: Map,
}

impl StateCode {
    /// What it does with what it has asked for.
    #[must_use]
    pub const fn resume(mut self, resume: fn(&mut Value, &mut Value, &Context<'_>) -> Left) -> Self {
        self.resume = resume;
        self
    }

    /// What it has asked for makes no difference: the data stays as it is, and another state comes next.
    #[must_use]
    pub const fn then(mut self, next: StateId) -> Self {
        self.leaves = Some(Transition::Next(next));
        self
    }

    /// The same where no other state comes next.
    #[must_use]
    pub const fn then_end(mut self) -> Self {
        self.leaves = Some(Transition::End);
        self
    }

    /// `Retry`
    #[must_use]
    pub const fn retry(mut self, retriers: &'static [Retrier]) -> Self {
        self.info.retry = retriers;
        self
    }

    /// `Catch`: what catchers match, and what they do.
    #[must_use]
    pub const fn catch(
        mut self,
        catchers: &'static [Catcher],
        catch: fn(&mut Value, usize, &mut Value, &Context<'_>) -> Left,
    ) -> Self {
        self.info.catch = catchers;
        self.catch = catch;
        self
    }

    /// `ItemSelector`
    #[must_use]
    pub const fn select_item(mut self, select: fn(&Value, &mut Value, &Context<'_>) -> Selected) -> Self {
        self.select_item = select;
        self
    }

    /// It may look at the context object, or evaluate expressions, which may.
    #[must_use]
    pub const fn asks_for_context(mut self) -> Self {
        self.info.asks_for_context = true;
        self
    }

    /// How the action is sent that it calls.
    #[must_use]
    pub const fn action(mut self, action: &'static Action) -> Self {
        self.action = Some(action);
        self
    }

    /// How the job is waited for that the action starts.
    #[must_use]
    pub const fn job(mut self, job: &'static Job) -> Self {
        self.job = Some(job);
        self
    }
}
