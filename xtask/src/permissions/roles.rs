//! Parameters that hand a role on and are not called `..RoleArn`: the texts of the models say which those are. Only their names are taken.

use crate::services::model::Model;
use serde_json::Value;
use std::collections::BTreeSet;

/// What the names of such parameters end in.
const ENDS: &[&str] = &["role", "instanceprofile"];

/// What a text about a role of IAM says, in contrast to one about the role of a member of a chat.
const MARKS: &[&str] =
    &["IAM", ":role", "service role", "instance profile", "Identity and Access Management"];

/// The parameters of a service that name roles or instance profiles.
pub(super) fn of(model: &Model) -> BTreeSet<&str> {
    let members = model.shapes.values().filter_map(|shape| shape.get("members")?.as_object()).flatten();
    members.filter(|(name, member)| is_role(model, name, member)).map(|(name, _)| name.as_str()).collect()
}

fn is_role(model: &Model, name: &str, member: &Value) -> bool {
    let text =
        |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let name = name.to_lowercase();
    let Some(shape) = model.shapes.get(&text(member, "shape")) else { return false };
    let is_text = text(shape, "type") == "string" && shape.get("enum").is_none();
    let texts = [text(member, "documentation"), text(shape, "documentation"), text(shape, "pattern")];
    is_text
        && ENDS.iter().any(|end| name.ends_with(end))
        && texts.iter().any(|text| MARKS.iter().any(|mark| text.contains(mark)))
}
