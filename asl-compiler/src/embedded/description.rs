//! What AWS says about a machine, or is told: the answer of `aws stepfunctions describe-state-machine`, and the request that creates one.

use super::{Content, Embedded, Template, first_member, machine_type};
use crate::json::Value;

/// The key of the machine's name, which only answers have.
pub(super) const MARK: &str = "stateMachineArn";

pub(super) fn find(root: &Value) -> Option<Template<'_>> {
    first_member(root, &[MARK, "roleArn"])?;
    let definition = root.member("definition")?;
    let text = definition.value.as_text()?;
    let arn = root.get(MARK).and_then(Value::as_str).and_then(|arn| arn.rsplit(':').next());
    let name = root.get("name").and_then(Value::as_str).or(arn);
    let machine = Embedded {
        name: name.unwrap_or("machine").to_owned(),
        machine_type: machine_type(root.get("type")),
        content: Content::Text(text.clone()),
        substitutions: Vec::new(),
        place: definition.key.span,
    };
    Some(Template {
        what: "a description of a state machine",
        mark: definition.key.span,
        machines: vec![machine],
    })
}
