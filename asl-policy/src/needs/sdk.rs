//! `aws-sdk:service:action`: what IAM has for the action, and what else the service does on behalf of its caller.

use super::{
    Need, api_gateway, bedrock, data, dynamodb, functions, machines, messages, resources, roles, s3,
};
use crate::authorization;
use crate::workflow::{Argument, ServiceCall};

/// What an action of the SDK needs; its name begins with a small letter.
pub(super) fn needs(call: &ServiceCall<'_>, service: &str, action: &str) -> Vec<Need> {
    let action = authorization::capital(action);
    let mut needs = of_action(call, service, &action);
    needs.extend(roles::passed(call, service));
    needs.extend(data::needs(call, service, &action));
    needs
}

fn of_action(call: &ServiceCall<'_>, service: &str, action: &str) -> Vec<Need> {
    match (service, action) {
        ("s3", _) => s3::needs(call, action),
        ("dynamodb", _) => dynamodb::needs(call, action),
        ("lambda", "Invoke" | "InvokeAsync") => {
            let function = call.parameters.get("FunctionName").unwrap_or(Argument::Dynamic);
            vec![functions::invoke(call, function, call.parameters.get("Qualifier"))]
        }
        ("eventbridge" | "cloudwatchevents", "PutEvents") => vec![messages::put_events(call)],
        ("sns", "Publish") => vec![messages::publish(call)],
        ("apigateway" | "apigatewayv2", _) => api_gateway::needs(call, service, action),
        ("bedrockruntime", "InvokeModel" | "Converse" | "StartAsyncInvoke") => {
            vec![bedrock::invoke(call, "bedrock:InvokeModel")]
        }
        ("sfn", "StartExecution" | "StartSyncExecution") => machines::start_execution(call, action, None),
        _ => resources::needs(call, &authorization::actions(service, action)),
    }
}
