//! What requests do. In: a request. Out: the response.

use super::protocol::{MachineDescription, Ran, Request, Response, StateDescription};
use crate::execution::{Execution, Snapshot};
use crate::machine::StateInfo;
use crate::program::Program;
use crate::trial;
use crate::turn::Pace;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

/// Executions by their numbers.
pub(super) struct Executions<'m> {
    machines: &'m [&'static dyn Program],
    executions: HashMap<u64, Execution>,
}

impl<'m> Executions<'m> {
    pub(super) fn new(machines: &'m [&'static dyn Program]) -> Self {
        Self { machines, executions: HashMap::new() }
    }

    /// Does what a request asks for. A run is over when it is enough.
    pub(super) fn meet(&mut self, request: Request, enough: &AtomicBool) -> Response {
        self.try_to_meet(request, enough).unwrap_or_else(|reason| Response::Refused { reason })
    }

    fn try_to_meet(&mut self, request: Request, enough: &AtomicBool) -> Result<Response, String> {
        Ok(match request {
            Request::Start { execution, machine, start } => {
                let program = self.machine(machine)?;
                self.add(execution, || Ok(Execution::start(program, *start)))?
            }
            Request::Answer { execution, effect, outcome, now } => {
                let is_taken = self.execution(execution)?.answer(&effect, outcome, now);
                Response::Answered { is_taken }
            }
            Request::Run { execution, now } => {
                let execution = self.execution(execution)?;
                let progress = execution.run(now, &Pace::Until(enough));
                Response::Ran(Ran {
                    progress,
                    wants: execution.wants(),
                    told: execution.told(),
                    state: execution.state(),
                    events: execution.events(),
                })
            }
            Request::Snapshot { execution } => {
                Response::Snapshot { snapshot: self.execution(execution)?.snapshot().into_bytes().into() }
            }
            Request::Restore { execution, machine, snapshot, tells } => {
                let program = self.machine(machine)?;
                let restore = || Execution::restore(program, &Snapshot::from_bytes(snapshot)?);
                let restored = || restore().map(|execution| execution.telling(tells));
                self.add(execution, || restored().map_err(|error| error.to_string()))?
            }
            Request::Renew { execution } => {
                let execution = self.execution(execution)?;
                let snapshot = Snapshot::from_bytes(execution.snapshot().into_bytes());
                let renewed =
                    snapshot.and_then(|snapshot| Execution::restore(execution.program(), &snapshot));
                *execution = renewed.map_err(|error| error.to_string())?;
                Response::Done
            }
            Request::Outstanding { execution } => {
                Response::Outstanding { wants: self.execution(execution)?.outstanding() }
            }
            Request::Forget { execution } => {
                self.executions.remove(&execution).ok_or_else(|| unknown(execution))?;
                Response::Done
            }
            Request::Try { machine, trial } => {
                let program = self.machine(machine)?;
                Response::Tried {
                    tried: Box::new(trial::run(program, &trial).map_err(|error| error.to_string())?),
                }
            }
            // The reader has met it.
            Request::Stop { .. } => Response::Done,
            Request::Describe => Response::Described {
                machines: self.machines.iter().map(|machine| describe(*machine)).collect(),
            },
        })
    }

    fn machine(&self, machine: u32) -> Result<&'static dyn Program, String> {
        let found = usize::try_from(machine).ok().and_then(|number| self.machines.get(number));
        found.copied().ok_or_else(|| format!("there is no machine number {machine}"))
    }

    fn execution(&mut self, execution: u64) -> Result<&mut Execution, String> {
        self.executions.get_mut(&execution).ok_or_else(|| unknown(execution))
    }

    fn add(
        &mut self,
        number: u64,
        execution: impl FnOnce() -> Result<Execution, String>,
    ) -> Result<Response, String> {
        if self.executions.contains_key(&number) {
            return Err(format!("there is an execution number {number} already"));
        }
        self.executions.insert(number, execution()?);
        Ok(Response::Done)
    }
}

fn unknown(execution: u64) -> String {
    format!("there is no execution number {execution}")
}

fn describe(machine: &dyn Program) -> MachineDescription {
    let state = |info: &'static StateInfo| StateDescription {
        name: info.name.into(),
        state_type: info.state_type,
        retriers: info.retry.len(),
        catchers: info.catch.len(),
    };
    MachineDescription {
        name: machine.name().into(),
        start_at: machine.start_at(),
        timeout: machine.timeout(),
        definition: machine.definition().into(),
        states: machine.states().into_iter().map(state).collect(),
    }
}
