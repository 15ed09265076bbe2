//! `http:invoke`: the call itself, the connection, and the secret behind the connection.

use super::{DYNAMIC, Need};
use crate::arn::Arn;
use crate::workflow::{Argument, ServiceCall};

/// What an HTTP task needs (AWS, "IAM permissions to run an HTTP Task").
pub(super) fn needs(call: &ServiceCall<'_>) -> Vec<Need> {
    let endpoint = call.parameters.get("ApiEndpoint");
    let mut invoke = Need::new(call, &["states:InvokeHTTPEndpoint"], vec![Arn::machine("stateMachine", "")]);
    invoke.is_unscoped = true;
    if let Some(Argument::Constant(method)) = call.parameters.get("Method") {
        invoke = invoke.with_condition("StringEquals", "states:HTTPMethod", vec![Arn::written(method)]);
    }
    invoke = match endpoint {
        Some(Argument::Constant(url)) => {
            invoke.with_condition("StringEquals", "states:HTTPEndpoint", vec![Arn::written(url)])
        }
        Some(Argument::Dynamic) | None => invoke.wide(Some(
            "its address is known only when the state runs; narrow `states:HTTPEndpoint` with `StringLike`",
        )),
    };
    vec![invoke, connection(call), secret(call)]
}

fn connection(call: &ServiceCall<'_>) -> Need {
    let places = [call.parameters.within("Authentication"), call.parameters.within("InvocationConfig")];
    let written = places.iter().find_map(|place| place.get("ConnectionArn"));
    let (resource, reason) = match written {
        Some(Argument::Constant(arn)) => (Arn::written(arn), None),
        Some(Argument::Dynamic) => (Arn::here("events", "connection/*"), Some(DYNAMIC)),
        None => (
            Arn::here("events", "connection/*"),
            Some("the definition names no connection, which AWS requires in `Authentication`"),
        ),
    };
    Need::new(call, &["events:RetrieveConnectionCredentials"], vec![resource]).wide(reason)
}

/// EventBridge keeps what a connection has to say in a secret of its own naming.
fn secret(call: &ServiceCall<'_>) -> Need {
    let actions = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];
    let secret = Arn::here("secretsmanager", "secret:events!connection/*");
    Need::new(call, &actions, vec![secret]).wide(Some("EventBridge names the secret of a connection"))
}
