//! A worker as a separate process: a machine written by hand, and this test as its client.

use asl_engine::error::ExecutionError;
use asl_engine::machine::{Effect, State, StateInfo, StateMachine, StateType, Transition};
use asl_engine::program::{Code, StateCode};
use asl_engine::task::Task;
use asl_engine::worker::{self, Frames, Ran, Request, Response};
use asl_engine::{Outcome, Start, Timestamp, Value, Want, program};
use std::io::{Read, Write};
use std::process::{Child, Command, ExitCode, Stdio};

/// One Task.
#[derive(Debug)]
struct Machine;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Only {
    Charge,
}

impl State for Only {
    const ALL: &'static [Self] = &[Self::Charge];

    fn id(self) -> u16 {
        0
    }

    fn info(self) -> &'static StateInfo {
        &INFO
    }
}

static CODE: Code = Code {
    name: "Orders",
    start_at: 0,
    timeout: None,
    definition: "",
    states: &[StateCode {
        info: INFO,
        enter: |data, _| Ok(Effect::Task(Box::new(Task::new("charge", data.clone())))),
        resume: |data, result, _| {
            *data = std::mem::take(result);
            Ok(Transition::End)
        },
        ..StateCode::NOTHING
    }],
};

const INFO: StateInfo = StateInfo { name: "Charge", state_type: StateType::Task, ..StateInfo::NOTHING };

impl StateMachine for Machine {
    type State = Only;

    const CODE: &'static Code = &CODE;
}

type Anything = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--worker") {
        return worker::main(&[program::<Machine>()]);
    }
    match drives_an_execution().and_then(|()| ends_where_a_frame_is_none()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn spawn() -> Result<Child, std::io::Error> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("--worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut greeting = [0; worker::GREETING.len()];
    if let Some(output) = &mut child.stdout {
        output.read_exact(&mut greeting)?;
    }
    assert_eq!(greeting, worker::GREETING);
    Ok(child)
}

fn ask(child: &mut Child, request: &Request) -> Result<Response, Box<dyn std::error::Error>> {
    let (Some(input), Some(output)) = (&mut child.stdin, &mut child.stdout) else {
        return Err("no pipes".into());
    };
    input.write_all(&request.to_frame()?)?;
    let (mut frames, mut byte) = (Frames::default(), [0]);
    loop {
        output.read_exact(&mut byte)?;
        frames.push(&byte);
        if let Some(frame) = frames.next_frame()? {
            return Ok(Response::from_frame(&frame)?);
        }
    }
}

fn run(child: &mut Child, now: Timestamp) -> Result<Ran, Box<dyn std::error::Error>> {
    let response = ask(child, &Request::Run { execution: 1, now })?;
    if let Response::Ran(ran) = response { Ok(ran) } else { Err(format!("{response:?}").into()) }
}

fn drives_an_execution() -> Anything {
    let now = Timestamp::new(1_700_000_000, 0);
    let context = asl_engine::context::ExecutionContext {
        id: "arn:aws:states:local:0:execution:Orders:1".into(),
        name: "1".into(),
        input: Value::from_json(r#"{"id": 7}"#)?,
        role_arn: "role".into(),
        start_time: now,
        state_machine_id: "arn:aws:states:local:0:stateMachine:Orders".into(),
        state_machine_name: "Orders".into(),
        redrive: None,
        is_synchronous: false,
    };
    let mut child = spawn()?;
    let start = Request::Start { execution: 1, machine: 0, start: Box::new(Start::new(context, [1, 2])) };
    assert_eq!(ask(&mut child, &start)?, Response::Done);
    let ran = run(&mut child, now)?;
    let [Want::Perform(perform)] = &*ran.wants else { return Err(format!("{ran:?}").into()) };
    assert_eq!(perform.task.parameters, Value::from_json(r#"{"id": 7}"#)?);
    let outcome = Outcome::Ended(Ok(Value::from("charged")));
    let answer = Request::Answer { execution: 1, effect: perform.effect.clone(), outcome, now };
    assert_eq!(ask(&mut child, &answer)?, Response::Answered { is_taken: true });
    let ended: Result<Value, ExecutionError> = Ok(Value::from("charged"));
    assert_eq!(run(&mut child, now)?.wants, [Want::Ended(ended)]);
    // The pipes are closed here, which is the end of the input.
    let output = child.wait_with_output()?;
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    Ok(())
}

fn ends_where_a_frame_is_none() -> Anything {
    let mut child = spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(&[0xff; 8])?;
    }
    let output = child.wait_with_output()?;
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8(output.stderr)?;
    assert_eq!(
        message,
        "error: a request is malformed: a frame of 4294967295 bytes is larger than 1073741824\n"
    );
    Ok(())
}
