//! What Terraform has planned, or made: the answer of `terraform show -json`.

use super::{Content, Embedded, Template, first_member, machine_type};
use crate::json::{Member, Value};

/// The type of state machines.
pub(super) const TYPE: &str = "aws_sfn_state_machine";

pub(super) fn find(root: &Value) -> Option<Template<'_>> {
    root.member("terraform_version").or_else(|| root.member("format_version"))?;
    let mark = first_member(root, &["planned_values", "values"])?;
    let mut machines = Vec::new();
    if let Some(module) = mark.value.get("root_module") {
        collect(module, &mut machines);
    }
    Some(Template { what: "a plan of Terraform", mark: mark.key.span, machines })
}

/// The machines of a module and of those in it.
fn collect<'v>(module: &'v Value, machines: &mut Vec<Embedded<'v>>) {
    let elements = |name: &str| module.get(name).and_then(Value::as_array).unwrap_or_default();
    let is_machine = |resource: &&Value| resource.get("type").and_then(Value::as_str) == Some(TYPE);
    machines.extend(elements("resources").iter().filter(is_machine).map(machine));
    elements("child_modules").iter().for_each(|module| collect(module, machines));
}

fn machine(resource: &Value) -> Embedded<'_> {
    let values = resource.get("values");
    let definition = values.and_then(|values| values.member("definition"));
    let content = match definition.and_then(|definition| definition.value.as_text()) {
        Some(text) => Content::Text(text.clone()),
        None => Content::Elsewhere(String::from("is known only after `terraform apply`")),
    };
    let address = first_member(resource, &["address", "name"]).and_then(|member| member.value.as_str());
    Embedded {
        name: address.unwrap_or_default().to_owned(),
        machine_type: machine_type(values.and_then(|values| values.get("type"))),
        content,
        substitutions: Vec::new(),
        place: definition.map_or(resource.span, |Member { key, .. }| key.span),
    }
}
