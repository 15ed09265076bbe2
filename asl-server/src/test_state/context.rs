//! The context object that the state sees: the one of the request, or that of an Express execution which has just begun.

use super::Refusal;
use super::definition::{STATE_NAME, State};
use super::request::{Request, Setting};
use asl_engine::random::mix;
use asl_engine::random::uuid_of;
use asl_engine::resource::{Pattern, Resource};
use asl_language::state_type::StateType;
use asl_value::{Object, Text, Value};

pub(super) fn context(request: &Request, state: &State, setting: &Setting) -> Result<Value, Refusal> {
    match &request.context {
        None => Ok(made(request, state, setting)),
        Some(given) => {
            let checked =
                check(given, state).map_err(|fault| format!("Invalid Context object provided: {fault}"));
            checked.map_err(Refusal::validation)?;
            Ok(given.clone())
        }
    }
}

fn made(request: &Request, state: &State, setting: &Setting) -> Value {
    let Setting { now, chance, region, account } = setting;
    let name = |number: u64| uuid_of([mix(chance ^ number), mix(chance ^ !number)]);
    let (machine, execution) = (name(1), name(2));
    let arn = |kind: &str| format!("arn:aws:states:{region}:{account}:{kind}:{machine}");
    let role = request.role_arn.as_deref().map_or(Value::Null, Value::from);
    let mut of_state = object([("Name", STATE_NAME.into()), ("EnteredTime", now.to_string().into())]);
    if state.state_type.has_retriers() {
        of_state.insert("RetryCount", request.configuration.retrier_retry_count.unwrap_or_default());
    }
    let mut whole = object([
        (
            "Execution",
            object([
                ("Id", format!("{}:{execution}", arn("express")).into()),
                ("Input", request.input.clone()),
                ("Name", execution.clone().into()),
                ("RoleArn", role),
                ("StartTime", now.to_string().into()),
            ])
            .into(),
        ),
        (
            "StateMachine",
            object([("Id", arn("stateMachine").into()), ("Name", machine.clone().into())]).into(),
        ),
        ("State", of_state.into()),
    ]);
    if has_token(state) {
        whole.insert("Task", object([("Token", name(3).into())]));
    }
    whole.into()
}

fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Object {
    Object::from_distinct(fields.map(|(name, value)| (Text::new_static(name), value)))
}

/// Whether the state waits for something that needs a name.
fn has_token(state: &State) -> bool {
    state.state_type == StateType::Task
        && Resource::parse(state.resource()).pattern() == Pattern::WaitForTaskToken
}

/// What a field may hold.
#[derive(Clone, Copy)]
enum Holds {
    Anything,
    Text,
    Number,
}

const EXECUTION: &[(&str, Holds)] = &[
    ("Id", Holds::Text),
    ("Input", Holds::Anything),
    ("Name", Holds::Text),
    ("RedriveCount", Holds::Number),
    ("RedriveTime", Holds::Text),
    ("RoleArn", Holds::Text),
    ("StartTime", Holds::Text),
];
const STATE: &[(&str, Holds)] =
    &[("EnteredTime", Holds::Text), ("Name", Holds::Text), ("RetryCount", Holds::Number)];
const STATE_MACHINE: &[(&str, Holds)] = &[("Id", Holds::Text), ("Name", Holds::Text)];
const TASK: &[(&str, Holds)] = &[("Token", Holds::Text)];

fn check(given: &Value, state: &State) -> Result<(), String> {
    let Some(whole) = given.as_object() else {
        return Err("Context object must be a JSON object".to_owned());
    };
    for (name, value) in whole.iter() {
        let known = match name {
            "Execution" => EXECUTION,
            "State" => STATE,
            "StateMachine" => STATE_MACHINE,
            "Task" if waits(state) => TASK,
            "Task" => return Err(NO_TASK.to_owned()),
            "Map" => return Err("'Map' field is not supported when mocking a Context object".to_owned()),
            _ => return Err(format!("Field '{name}' is not allowed")),
        };
        check_fields(name, value, known)?;
    }
    Ok(())
}

const NO_TASK: &str = "Context object contains 'Task' when state is not a Task state with a '.sync' or \
                       '.waitForTaskToken' service integration pattern";

fn waits(state: &State) -> bool {
    state.state_type == StateType::Task
        && Resource::parse(state.resource()).pattern() != Pattern::RequestResponse
}

fn check_fields(owner: &str, value: &Value, known: &[(&str, Holds)]) -> Result<(), String> {
    let Some(fields) = value.as_object() else { return Err(format!("{owner} must be an object")) };
    for (name, value) in fields.iter() {
        let Some((_, holds)) = known.iter().find(|(known, _)| *known == name) else {
            return Err(format!("Field '{name}' is not allowed"));
        };
        match holds {
            Holds::Text if value.as_str().is_none() => {
                return Err(format!("{owner}.{name} must be a string"));
            }
            Holds::Number if value.as_number().is_none() => {
                return Err(format!("{owner}.{name} must be a number"));
            }
            Holds::Anything | Holds::Text | Holds::Number => {}
        }
    }
    Ok(())
}
