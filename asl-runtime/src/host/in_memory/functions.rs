//! `arn:aws:states:::lambda:invoke`, served by registered functions.

use super::InMemory;
use crate::host::Host;
use crate::invocation::Invocation;
use asl_engine::error::TaskError;
use asl_engine::generated::template::{number, object, string};
use asl_value::Value;

impl InMemory {
    /// Calls the function that `FunctionName` names, by its ARN, with or without a version or alias, or by its name alone. The
    /// result is the envelope that Lambda's `Invoke` answers.
    pub(super) async fn invoke_function(&self, invocation: Invocation) -> Result<Value, TaskError> {
        let parameters = invocation.parameters();
        let name = parameters.get("FunctionName").and_then(Value::as_str).unwrap_or_default();
        let Some(function) =
            self.inner.functions.iter().find_map(|(arn, function)| is_named(arn, name).then_some(function))
        else {
            let hint = placeholder_hint(name).unwrap_or("register it with `.resource(arn, function)`");
            return Err(TaskError::runtime(format!(
                "The function '{name}' is not registered on this host: {hint}."
            )));
        };
        let payload = parameters.get("Payload").cloned().unwrap_or_else(Value::empty_object);
        let payload = self.inner.clock.task(function(invocation, payload)).await?;
        let metadata = object([("HttpStatusCode", number(200))]);
        let request_id = asl_engine::random::uuid_of([self.chance(), self.chance()]);
        Ok(object([
            ("ExecutedVersion", string("$LATEST")),
            ("Payload", payload),
            ("SdkHttpMetadata", metadata),
            ("SdkResponseMetadata", object([("RequestId", request_id.into())])),
            ("StatusCode", number(200)),
        ]))
    }
}

/// What helps where a name is still a placeholder of SAM or CDK.
pub(super) fn placeholder_hint(name: &str) -> Option<&'static str> {
    name.contains("${").then_some(
        "give the placeholder a value with `substitutions` when the definition is compiled, or register a function by this name",
    )
}

/// Whether an ARN is that of the function which `name` stands for.
fn is_named(arn: &str, name: &str) -> bool {
    let Some((_, function)) = arn.split_once(":function:") else { return false };
    let asked = name.split_once(":function:").map_or(name, |(_, function)| function);
    let unqualified = |name: &str| name.split_once(':').map_or(name.to_owned(), |(name, _)| name.to_owned());
    arn == name || (!asked.is_empty() && unqualified(function) == unqualified(asked))
}

#[cfg(test)]
mod tests {
    use super::is_named;

    #[test]
    fn functions_are_found_by_arn_and_by_name() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:Charge";
        for name in
            [arn, "Charge", "Charge:$LATEST", "arn:aws:lambda:us-east-1:123456789012:function:Charge:live"]
        {
            assert!(is_named(arn, name), "{name}");
        }
        for name in ["", "Charg", "arn:aws:lambda:us-east-1:123456789012:function:Other"] {
            assert!(!is_named(arn, name), "{name}");
        }
    }
}
