//! The optimised integrations that do one thing: functions, messages, tables, other machines. Jobs are in [`jobs`](super::jobs).

use super::{Need, bedrock, data, dynamodb, functions, jobs, machines, messages, resources};
use crate::authorization::capital;
use crate::workflow::{Argument, ServiceCall};
use asl_compiler::services::integration;
use asl_language::resource::Suffix;

/// What an action of an optimised integration needs.
pub(super) fn needs(
    call: &ServiceCall<'_>,
    service: &str,
    action: &str,
    suffix: Option<Suffix>,
) -> Vec<Need> {
    match service {
        "lambda" => {
            let function = call.parameters.get("FunctionName").unwrap_or(Argument::Dynamic);
            vec![functions::invoke(call, function, call.parameters.get("Qualifier"))]
        }
        "dynamodb" => dynamodb::needs(call, &capital(action)),
        "sns" => vec![messages::publish(call)],
        "sqs" => resources::named_needs(call, &["sqs:SendMessage"]),
        "events" => vec![messages::put_events(call)],
        "states" => {
            let row = integration(service).and_then(|integration| integration.action(action));
            let rule = row.zip(suffix).and_then(|(row, suffix)| row.rule(suffix));
            machines::start_execution(call, &capital(action), rule)
        }
        "apigateway" => vec![messages::invoke_api(call)],
        "bedrock" if action == "invokeModel" => {
            let model = bedrock::invoke(call, "bedrock:InvokeModel");
            std::iter::once(model).chain(data::needs(call, service, "InvokeModel")).collect()
        }
        "bedrockagentcore" => vec![bedrock::invoke_harness(call)],
        _ => jobs::needs(call, service, action, suffix),
    }
}
