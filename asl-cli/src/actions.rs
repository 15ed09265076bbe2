//! How the actions of AWS are sent that tasks call, for machines that do not know it themselves: those of workers.
//!
//! In: the `Resource` of a task. Out: what a program has as constants, which the compiler made of the same table. Here it is made when it is
//! first asked for, and stays for as long as the process runs: at most once for each action of AWS, however many definitions call it.

mod made;

use asl_compiler::services::wire::Request;
use asl_compiler::services::{ActionCall, Sending, Waiting};
use asl_engine::generated::action::{Action, Ask, Job, Question};
use made::action;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What a task calls, as [`asl_engine::Program::action`] says it.
pub(crate) type Sent = (Option<&'static Action>, Option<&'static Job>);

/// How the task of that `Resource` is sent to its service, and how the job is waited for that it starts; nothing where the compiler does not
/// know that.
pub(crate) fn action_of(resource: &str) -> Sent {
    static KNOWN: Mutex<Option<Known>> = Mutex::new(None);
    let Some(call) = ActionCall::of(resource) else { return (None, None) };
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.get_or_insert_default().sent(&call)
}

/// What has been asked for.
#[derive(Debug, Default)]
struct Known {
    /// By the name of the call, which is the same in all partitions and accounts, and how it ends.
    calls: HashMap<String, Sent>,
    /// By what tells an action from all others. Jobs share them.
    actions: HashMap<(bool, bool, &'static str, String), &'static Action>,
}

impl Known {
    fn sent(&mut self, call: &ActionCall) -> Sent {
        let name = call.name() + call.suffix().as_str();
        if let Some(sent) = self.calls.get(&name) {
            return *sent;
        }
        let sent = match call.sending() {
            None => (None, None),
            Some(Sending { request, job }) => {
                (Some(self.action(request)), job.map(|job| &*Box::leak(Box::new(self.job(job)))))
            }
        };
        self.calls.insert(name, sent);
        sent
    }

    fn action(&mut self, request: Request) -> &'static Action {
        let key = (request.sdk_names, request.form.is_some(), request.prefix, request.operation.clone());
        self.actions.entry(key).or_insert_with(|| Box::leak(Box::new(action(request))))
    }

    fn job(&mut self, Waiting { describe, outcome, stop }: Waiting) -> Job {
        let describe = self.question(describe);
        Job { describe, outcome, stop: stop.map(|stop| self.question(stop)) }
    }

    fn question(&mut self, (request, parameters): (Request, &'static [Ask])) -> Question {
        Question { action: self.action(request), parameters }
    }
}

#[cfg(test)]
mod tests;
