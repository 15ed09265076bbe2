//! `arn:aws:states:::lambda:invoke`, served by registered functions.

use super::InMemory;
use crate::host::Host;
use crate::integration::BoxFuture;
use crate::invocation::Invocation;
use asl_engine::error::TaskError;
use asl_engine::generated::template::{number, object, string};
use asl_value::Value;
use std::sync::Arc;

/// A function that was registered, by what it is given.
#[derive(Clone)]
pub(super) enum Function {
    /// The parameters alone.
    OfParameters(Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, TaskError>> + Send + Sync>),
    /// The whole invocation.
    OfInvocation(Arc<dyn Fn(Invocation) -> BoxFuture<'static, Result<Value, TaskError>> + Send + Sync>),
}

impl Function {
    /// Begins what it does. The parameters are those of the invocation, or what was sent in them.
    pub(super) fn call(
        &self,
        invocation: Invocation,
        parameters: Value,
    ) -> BoxFuture<'static, Result<Value, TaskError>> {
        match self {
            Self::OfParameters(function) => function(parameters),
            Self::OfInvocation(function) => function(invocation),
        }
    }
}

impl InMemory {
    /// Calls the function that `FunctionName` names, by its ARN, with or without a version or alias, or by its name alone. The
    /// result is the envelope that Lambda's `Invoke` answers.
    pub(super) async fn invoke_function(&self, invocation: Invocation) -> Result<Value, TaskError> {
        let parameters = invocation.parameters();
        let name = parameters.get("FunctionName").and_then(Value::as_str).unwrap_or_default();
        let Some(function) = self.function_named(name) else {
            let hint = placeholder_hint(name).unwrap_or("register it with `.resource(arn, function)`");
            return Err(TaskError::runtime(format!(
                "The function '{name}' is not registered on this host: {hint}."
            )));
        };
        let payload = parameters.get("Payload").cloned().unwrap_or_else(Value::empty_object);
        let payload = self.inner().clock.task(function.call(invocation, payload)).await?;
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

impl InMemory {
    /// The function that is registered for a Lambda function, by its ARN or by its name.
    pub(super) fn function_named(&self, name: &str) -> Option<&Function> {
        let functions = &self.inner().functions;
        functions.get(name).or_else(|| {
            functions.iter().find_map(|(registered, function)| is_named(registered, name).then_some(function))
        })
    }
}

/// What helps where a name is still a placeholder of SAM or CDK.
pub(super) fn placeholder_hint(name: &str) -> Option<&'static str> {
    name.contains("${").then_some(
        "give the placeholder a value with `substitutions` when the definition is compiled, or register a function by this name",
    )
}

/// Whether a function is registered, by its ARN or its name, that `name` means.
fn is_named(registered: &str, name: &str) -> bool {
    let (Some(registered), Some(asked)) = (function_of(registered), function_of(name)) else { return false };
    !asked.is_empty() && registered == asked
}

/// The name of a function without version or alias, if that is what a text is: an ARN of a function, or a name alone.
fn function_of(text: &str) -> Option<&str> {
    let name = match text.split_once(":function:") {
        Some((_, name)) => name,
        None if text.starts_with("arn:") => return None,
        None => text,
    };
    Some(name.split_once(':').map_or(name, |(name, _)| name))
}

#[cfg(test)]
mod tests {
    use super::is_named;

    #[test]
    fn functions_are_registered_by_arn_or_by_name() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:Charge:live";
        assert!(is_named("Charge", arn) && is_named("Charge", "Charge") && is_named("${Fn}", "${Fn}"));
        assert!(!is_named("Charge", "arn:aws:states:::lambda:invoke") && !is_named("Other", arn));
    }

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
