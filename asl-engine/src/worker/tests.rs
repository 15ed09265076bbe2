use super::*;
use crate::error::TaskError;
use crate::execution::tests::toy::{Dice, Toy};
use crate::execution::tests::world::start;
use crate::execution::{Outcome, Progress, Timer, Want};
use crate::machine::StateType;
use crate::trial::{AfterError, MapLimits, Stage, Trial, TrialEnd, Tried};
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use std::io::{PipeReader, PipeWriter, pipe};
use std::thread::JoinHandle;
use std::time::Duration;

const NOW: Timestamp = Timestamp::new(1_700_000_000, 0);

/// A worker on a thread, and its client.
struct Worker {
    requests: Option<PipeWriter>,
    responses: PipeReader,
    frames: Frames,
    serves: JoinHandle<Result<(), Fault>>,
}

impl Worker {
    fn new(machines: Vec<&'static dyn Program>) -> Self {
        let ((input, requests), (responses, output)) = (pipe().unwrap(), pipe().unwrap());
        let serves = thread::spawn(move || serve(&machines, input, output));
        Self { requests: Some(requests), responses, frames: Frames::default(), serves }
    }

    fn send(&mut self, request: &Request) {
        self.requests.as_mut().unwrap().write_all(&request.to_frame().unwrap()).unwrap();
    }

    fn receive(&mut self) -> Response {
        loop {
            if let Some(frame) = self.frames.next_frame().unwrap() {
                return Response::from_frame(&frame).unwrap();
            }
            let mut chunk = [0; 100];
            let length = self.responses.read(&mut chunk).unwrap();
            assert_ne!(length, 0, "the worker has ended");
            self.frames.push(&chunk[..length]);
        }
    }

    fn ask(&mut self, request: &Request) -> Response {
        self.send(request);
        self.receive()
    }

    fn run(&mut self, execution: u64) -> Ran {
        let Response::Ran(ran) = self.ask(&Request::Run { execution, now: NOW }) else { panic!() };
        ran
    }

    fn start(&mut self, execution: u64, machine: u32) -> Response {
        self.ask(&Request::Start { execution, machine, start: Box::new(start(&mut Dice::new(1))) })
    }

    fn end(mut self) -> Result<(), Fault> {
        drop(self.requests.take());
        self.serves.join().unwrap()
    }
}

fn refused(reason: &str) -> Response {
    Response::Refused { reason: reason.into() }
}

#[test]
fn an_execution_is_driven_from_outside() {
    let mut worker = Worker::new(vec![Toy::endless(), Toy::wide(2)]);
    assert_eq!(worker.start(7, 1), Response::Done);
    let ran = worker.run(7);
    assert_eq!((ran.progress, ran.state), (Progress::Waits, Some(1)));
    let effects: Vec<_> = ran
        .wants
        .iter()
        .filter_map(
            |want| if let Want::Perform(perform) = want { Some(perform.effect.clone()) } else { None },
        )
        .collect();
    assert_eq!(effects.len(), 2);
    for effect in &effects {
        let outcome = Outcome::Ended(Ok(Value::from(42)));
        let answer = Request::Answer { execution: 7, effect: effect.clone(), outcome, now: NOW };
        assert_eq!(worker.ask(&answer), Response::Answered { is_taken: true });
        assert_eq!(worker.ask(&answer), Response::Answered { is_taken: false });
    }
    let ran = worker.run(7);
    assert_eq!((ran.progress, ran.wants.len()), (Progress::Ended, 1));
    assert!(matches!(&ran.wants[0], Want::Ended(Ok(_))));
    assert_eq!(worker.ask(&Request::Forget { execution: 7 }), Response::Done);
    assert!(worker.end().is_ok());
}

#[test]
fn snapshots_go_from_number_to_number() {
    let mut worker = Worker::new(vec![Toy::wide(2), Toy::endless()]);
    worker.start(1, 0);
    let Response::Snapshot { snapshot } = worker.ask(&Request::Snapshot { execution: 1 }) else { panic!() };
    let restore = |execution, machine| {
        // It tells what it told before.
        let tells = start(&mut Dice::new(1)).tells;
        Request::Restore { execution, machine, snapshot: snapshot.clone(), tells }
    };
    assert_eq!(worker.ask(&restore(2, 0)), Response::Done);
    assert_eq!(worker.ask(&Request::Renew { execution: 2 }), Response::Done);
    assert_eq!(worker.ask(&Request::Renew { execution: 3 }), refused("there is no execution number 3"));
    assert_eq!(worker.run(2), worker.run(1));
    assert_eq!(worker.ask(&Request::Renew { execution: 2 }), Response::Done);
    assert_eq!(worker.ask(&restore(2, 0)), refused("there is an execution number 2 already"));
    let other = "the snapshot is of the machine `Wide`, not of `Endless`";
    assert_eq!(worker.ask(&restore(3, 1)), refused(other));
    let damaged = Request::Restore { execution: 3, machine: 0, snapshot: vec![1, 2, 3].into(), tells: None };
    assert_eq!(worker.ask(&damaged), refused("this is not a snapshot of an execution"));
    assert!(worker.end().is_ok());
}

#[test]
fn an_evaluation_is_stopped_while_it_runs() {
    let mut worker = Worker::new(vec![Toy::endless(), Toy::wide(1)]);
    worker.start(1, 0);
    worker.start(2, 1);
    worker.send(&Request::Run { execution: 1, now: NOW });
    worker.send(&Request::Run { execution: 2, now: NOW });
    worker.send(&Request::Stop { execution: 3 });
    worker.send(&Request::Stop { execution: 1 });
    let Response::Ran(ran) = worker.receive() else { panic!() };
    assert_eq!((ran.progress, ran.state), (Progress::Interrupted, Some(0)));
    let Response::Ran(ran) = worker.receive() else { panic!() };
    assert_eq!(ran.progress, Progress::Waits);
    // The end of the input stops what is under way.
    worker.send(&Request::Run { execution: 1, now: NOW });
    assert!(worker.end().is_ok());
}

#[test]
fn machines_are_described() {
    let mut worker = Worker::new(vec![Toy::endless()]);
    let Response::Described { machines } = worker.ask(&Request::Describe) else { panic!() };
    let state =
        StateDescription { name: "Think".into(), state_type: StateType::Task, retriers: 0, catchers: 0 };
    let timeout = Some(Duration::from_secs(9));
    assert_eq!(
        machines,
        [MachineDescription {
            name: "Endless".into(),
            start_at: 0,
            timeout,
            definition: Text::default(),
            states: vec![state]
        }]
    );
    assert!(worker.end().is_ok());
}

#[test]
fn what_there_is_not_is_refused() {
    let mut worker = Worker::new(vec![Toy::wide(1)]);
    assert_eq!(worker.start(1, 1), refused("there is no machine number 1"));
    let unknown = refused("there is no execution number 1");
    let effect: crate::EffectId = "1#0".parse().unwrap();
    let outcome = Outcome::Fired(Timer::Wait);
    for request in [
        Request::Run { execution: 1, now: NOW },
        Request::Answer { execution: 1, effect, outcome, now: NOW },
        Request::Snapshot { execution: 1 },
        Request::Forget { execution: 1 },
    ] {
        assert_eq!(worker.ask(&request), unknown);
    }
    assert!(worker.end().is_ok());
}

#[test]
fn frames_that_are_none_end_it() {
    let describe = Request::Describe.to_frame().unwrap();
    let serves = |input: &[u8]| {
        let mut output = Vec::new();
        let fault = serve(&[], input, &mut output).unwrap_err();
        (output.len(), fault.code(), fault.to_string())
    };
    let malformed = |reason: &str| format!("a request is malformed: {reason}");
    // What came before is answered.
    assert_eq!(
        serves(&[&describe[..], &describe[..5]].concat()),
        (7, 2, malformed("the bytes end within a frame"))
    );
    assert_eq!(
        serves(&[1, 0, 0, 0, 99]).2,
        malformed("there are not as many bytes as a length of 99 needs (byte 1)")
    );
    assert_eq!(serves(&[2, 0, 0, 0, 0, 99]).2, malformed("`Request` has no variant 99 (byte 2)"));
    assert_eq!(serves(&[0xff; 4]).2, malformed("a frame of 4294967295 bytes is larger than 1073741824"));
}

#[test]
fn requests_and_responses_come_back_as_they_were() {
    let start = Box::new(start(&mut Dice::new(3)));
    let request = Request::Start { execution: u64::MAX, machine: 3, start };
    let frame = request.to_frame().unwrap();
    assert_eq!(Request::from_frame(&frame[4..]), Ok(request));
    let response = Response::Ran(Ran {
        progress: Progress::More,
        wants: vec![
            Want::Ended(Ok(Value::from(1))),
            Want::Ended(Err(crate::error::Error::from(TaskError::named("A")).into())),
        ],
        told: Vec::new(),
        state: None,
        events: 9,
    });
    let frame = response.to_frame().unwrap();
    assert_eq!(Response::from_frame(&frame[4..]), Ok(response));
    let request = Request::Try { machine: 1, trial: Box::new(trial("A")) };
    let frame = request.to_frame().unwrap();
    assert_eq!(Request::from_frame(&frame[4..]), Ok(request));
    let end = TrialEnd::Failed {
        error: TaskError::named("A").into(),
        retrier: Some(2),
        then: AfterError::Catches { catcher: 1, output: Value::from(3), next: Some("B".into()) },
    };
    let limits = MapLimits { tolerated_failure_percentage: Some(0.5), ..MapLimits::default() };
    let stages = vec![(Stage::AfterResultPath, Value::from("x"))];
    let tried = Tried { stages, limits, variables: Object::new(), end };
    let response = Response::Tried { tried: Box::new(tried) };
    let frame = response.to_frame().unwrap();
    assert_eq!(Response::from_frame(&frame[4..]), Ok(response));
}

fn trial(state: &str) -> Trial {
    Trial {
        state: state.into(),
        input: Value::from(1),
        variables: Object::new(),
        context: Value::Null,
        now: NOW,
        chance: 3,
        outcome: Some(Err(TaskError::new("E", "why"))),
        retries: 0,
        items: None,
        failed_iterations: 0,
    }
}

#[test]
fn a_state_is_tried_by_itself_and_unknown_ones_are_refused() {
    let toy = Toy::wide(3);
    let names: Vec<_> = toy.states().iter().map(|info| info.name).collect();
    let mut worker = Worker::new(vec![toy]);
    for name in names {
        let request = Request::Try { machine: 0, trial: Box::new(trial(name)) };
        let Response::Tried { tried } = worker.ask(&request) else { panic!("{name}") };
        // The same comes of the same.
        assert_eq!(worker.ask(&request), Response::Tried { tried });
    }
    for (machine, state) in [(0, "nowhere"), (1, "A")] {
        let request = Request::Try { machine, trial: Box::new(trial(state)) };
        assert!(matches!(worker.ask(&request), Response::Refused { .. }));
    }
    worker.end().unwrap();
}
