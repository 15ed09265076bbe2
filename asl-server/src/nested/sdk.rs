//! `arn:aws:states:::aws-sdk:sfn:*`: any action, with the names of the SDK for Java.

use super::{from_json, pascal, to_json};
use crate::model::{Model, Shape, Type};
use crate::protocol::date;
use crate::protocol::error::ApiError;
use crate::server::Inner;
use asl_runtime::{Invocation, TaskError, Text, Value};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// Does an action.
pub(super) async fn call(
    server: Arc<Inner>,
    action: String,
    invocation: Invocation,
) -> Result<Value, TaskError> {
    let (model, action) = (Model::get(), pascal(&action));
    let request = match model.request(&action) {
        Some(shape) => asked(model, shape, &to_json(invocation.parameters())),
        None => Json::Object(Map::new()),
    };
    let answer = server.call(&action, request).await.map_err(|error| failed(&server, &error))?;
    Ok(from_json(&match model.answer(&action) {
        Some(shape) => answered(model, shape, &answer),
        None => answer,
    }))
}

/// Parameters with the names of the API. JSON in place of a text is written as text.
fn asked(model: &Model, shape: &Shape, value: &Json) -> Json {
    match (shape.r#type, value) {
        (Type::Structure, Json::Object(fields)) => {
            let members = shape.members.keys().filter_map(|name| {
                let value = fields
                    .get(&pascal(name))
                    .or_else(|| fields.get(name))
                    .filter(|value| !value.is_null())?;
                Some((name.clone(), asked(model, model.part(shape, name)?, value)))
            });
            Json::Object(members.collect())
        }
        (Type::List, Json::Array(items)) => match model.part(shape, "") {
            Some(element) => items.iter().map(|item| asked(model, element, item)).collect(),
            None => value.clone(),
        },
        (Type::String, Json::Object(_) | Json::Array(_) | Json::Number(_) | Json::Bool(_)) => {
            value.to_string().into()
        }
        _ => value.clone(),
    }
}

/// An answer with the names of the SDK, and dates as texts.
fn answered(model: &Model, shape: &Shape, value: &Json) -> Json {
    match (shape.r#type, value) {
        (Type::Structure, Json::Object(fields)) => {
            let members = fields.iter().map(|(name, value)| {
                let value = model
                    .part(shape, name)
                    .map_or_else(|| value.clone(), |part| answered(model, part, value));
                (pascal(name), value)
            });
            Json::Object(members.collect())
        }
        (Type::List, Json::Array(items)) => match model.part(shape, "") {
            Some(element) => items.iter().map(|item| answered(model, element, item)).collect(),
            None => value.clone(),
        },
        (Type::Timestamp, Json::Number(seconds)) => date::iso(seconds.as_f64().unwrap_or_default()).into(),
        _ => value.clone(),
    }
}

fn failed(server: &Inner, error: &ApiError) -> TaskError {
    let kind = error.kind.trim_end_matches("Exception");
    let cause = format!(
        "{} (Service: Sfn, Status Code: {}, Request ID: {}) (SDK Attempt Count: 1)",
        error.message,
        error.status(),
        server.new_id()
    );
    TaskError::new(Text::from(format!("Sfn.{kind}Exception")), cause)
}
