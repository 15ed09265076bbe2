//! The optimised integrations that do one thing: functions, messages, tables, other machines. Jobs are in [`jobs`](super::jobs).

use super::resources::{Named, named, whole_placeholder};
use super::{DYNAMIC, NO_NAME, Need, jobs};
use crate::arn::{Arn, Piece};
use crate::workflow::{Argument, Call};

/// What an action of an optimised integration needs.
pub(super) fn needs(call: &Call<'_>, service: &str, action: &str, pattern: &str) -> Vec<Need> {
    match service {
        "lambda" => {
            vec![invoke_function(call, call.parameters.get("FunctionName").unwrap_or(Argument::Dynamic))]
        }
        "dynamodb" => vec![one(call, &[&format!("dynamodb:{}", capital(action))], "dynamodb")],
        "sns" => vec![publish(call)],
        "sqs" => vec![one(call, &["sqs:SendMessage"], "sqs")],
        "events" => vec![put_events(call)],
        "states" => start_execution(call, pattern),
        "apigateway" => vec![invoke_api(call)],
        "bedrock" if action == "invokeModel" => vec![invoke_model(call)],
        "bedrockagentcore" => vec![invoke_harness(call)],
        _ => jobs::needs(call, service, action, pattern),
    }
}

pub(super) fn capital(action: &str) -> String {
    let mut characters = action.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

/// An action on the resource that the parameters name.
pub(super) fn one(call: &Call<'_>, actions: &[&str], service: &str) -> Need {
    let (resource, wide) = named(service, &call.parameters).unwrap_or((Arn::any(), Some(NO_NAME)));
    Need::new(call, actions, vec![resource]).wide(wide)
}

/// A function is invoked by its ARN, and by the ARN with a version or an alias behind it.
pub(super) fn invoke_function(call: &Call<'_>, function: Argument<'_>) -> Need {
    let (arn, wide) = function_arn(function);
    invoke_arn(call, arn, wide)
}

/// The same for what is an ARN for sure.
pub(super) fn invoke_arn(call: &Call<'_>, arn: Arn, wide: Option<&'static str>) -> Need {
    let resources = match arn.to_string() {
        text if text.ends_with('*') => vec![arn],
        // Six colons are those of the ARN of a function; a seventh parts its version.
        text if text.replace("${AWS::", "").matches(':').count() > 6 => vec![arn],
        _ => vec![arn.clone(), arn.and_text(":*")],
    };
    Need::new(call, &["lambda:InvokeFunction"], resources).wide(wide)
}

fn function_arn(function: Argument<'_>) -> Named {
    match function {
        Argument::Dynamic => (Arn::here("lambda", "function:*"), Some(DYNAMIC)),
        Argument::Constant(text) if text.starts_with("arn:") => (Arn::written(text), None),
        Argument::Constant(text) => match whole_placeholder(text) {
            Some(name) if name.to_ascii_lowercase().ends_with("arn") => (Arn::written(text), None),
            Some(_) => (
                Arn::here("lambda", &format!("function:{text}")),
                Some("its placeholder is taken for a name, and may be an ARN"),
            ),
            None => (Arn::here("lambda", &format!("function:{text}")), None),
        },
    }
}

fn publish(call: &Call<'_>) -> Need {
    if call.parameters.get("PhoneNumber").is_some() {
        return Need::new(call, &["sns:Publish"], vec![Arn::any()])
            .wide(Some("a message to a telephone has no topic"));
    }
    let topic = named("sns", &call.parameters);
    let (resource, wide) = topic.unwrap_or_else(|| (Arn::here("sns", "*"), Some(DYNAMIC)));
    Need::new(call, &["sns:Publish"], vec![resource]).wide(wide)
}

/// Each entry names its bus; without a name it is the account's own.
fn put_events(call: &Call<'_>) -> Need {
    let mut buses = Vec::new();
    let mut wide = None;
    match call.parameters.within("Entries").elements() {
        Some(entries) => {
            for entry in entries {
                let (bus, reason) = named("events", &entry)
                    .unwrap_or_else(|| (Arn::here("events", "event-bus/default"), None));
                wide = wide.or(reason);
                buses.push(bus);
            }
        }
        None => {
            buses.push(Arn::here("events", "event-bus/*"));
            wide = Some(DYNAMIC);
        }
    }
    Need::new(call, &["events:PutEvents"], buses).wide(wide)
}

/// Another machine is started; who waits for it also looks after it, by a rule of EventBridge and by asking.
fn start_execution(call: &Call<'_>, pattern: &str) -> Vec<Need> {
    let machine = call.parameters.get("StateMachineArn");
    let (machine, wide) = match machine {
        Some(_) => named("states", &call.parameters)
            .unwrap_or_else(|| (Arn::here("states", "stateMachine:*"), Some(DYNAMIC))),
        None => (Arn::here("states", "stateMachine:*"), Some(DYNAMIC)),
    };
    let executions = executions_of(&machine);
    let mut needs = vec![Need::new(call, &["states:StartExecution"], vec![machine]).wide(wide)];
    if pattern.starts_with(".sync") {
        let actions = ["states:DescribeExecution", "states:StopExecution"];
        let (executions, reason) = executions;
        needs.push(Need::new(call, &actions, vec![executions]).wide(wide.or(reason)));
        needs.push(jobs::rule(call, "StepFunctionsGetEventsForStepFunctionsExecutionRule"));
    }
    needs
}

/// `...:execution:name:*` of `...:stateMachine:name`.
fn executions_of(machine: &Arn) -> Named {
    let text = machine.to_string();
    match text.split_once(":stateMachine:") {
        Some((before, name)) => (Arn::written(&format!("{before}:execution:{name}:*")), None),
        None => (
            Arn::here("states", "execution:*"),
            Some("the name of the other machine is in a placeholder for its ARN"),
        ),
    }
}

/// `arn:...:execute-api:region:account:api/stage/METHOD/path`
fn invoke_api(call: &Call<'_>) -> Need {
    let mut wide = None;
    let mut part = |name: &str, otherwise: &str| match call.parameters.get(name) {
        Some(Argument::Constant(text)) => text.trim_matches('/').to_owned(),
        Some(Argument::Dynamic) => {
            wide = Some(DYNAMIC);
            String::from("*")
        }
        None => otherwise.to_owned(),
    };
    let endpoint = part("ApiEndpoint", "*");
    let id = endpoint.split('.').next().unwrap_or("*").to_owned();
    let (stage, method, path) = (part("Stage", "*"), part("Method", "*"), part("Path", ""));
    let api = Arn::here("execute-api", &format!("{id}/{stage}/{method}/{path}"));
    Need::new(call, &["execute-api:Invoke"], vec![api]).wide(wide)
}

fn invoke_harness(call: &Call<'_>) -> Need {
    let (harness, wide) = match call.parameters.get("HarnessArn") {
        Some(Argument::Constant(arn)) => (Arn::written(arn), None),
        Some(Argument::Dynamic) | None => (Arn::here("bedrock-agentcore", "harness/*"), Some(DYNAMIC)),
    };
    Need::new(call, &["bedrock-agentcore:InvokeHarness"], vec![harness]).wide(wide)
}

fn invoke_model(call: &Call<'_>) -> Need {
    let (model, wide) = match call.parameters.get("ModelId") {
        Some(Argument::Constant(arn)) if arn.starts_with("arn:") => (Arn::written(arn), None),
        Some(Argument::Constant(id)) => (Arn::of_region("bedrock", &format!("foundation-model/{id}")), None),
        Some(Argument::Dynamic) | None => (Arn::of_region("bedrock", "foundation-model/*"), Some(DYNAMIC)),
    };
    let need = Need::new(call, &["bedrock:InvokeModel"], vec![model]).wide(wide);
    let input = call.parameters.within("Input");
    match input.get("S3Uri") {
        Some(Argument::Constant(uri)) => {
            let mut need = need;
            let object = uri.trim_start_matches("s3://");
            need.resources
                .push(Arn::written("arn:").and(Piece::Partition).and_text(&format!(":s3:::{object}")));
            need.actions.push(String::from("s3:GetObject"));
            need
        }
        Some(Argument::Dynamic) | None => need,
    }
}
