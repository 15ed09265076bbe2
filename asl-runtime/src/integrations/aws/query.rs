//! The body of requests in the query protocol and in that of EC2: form fields whose names say where in the parameters they belong.

use super::{ActionCall, scalar};
use crate::integrations::address::encoded;
use asl_engine::generated::action::{Protocol, Shape, WirePart};
use asl_value::Value;

/// `Action=Publish&Version=2010-03-31&Message=..`
pub(super) fn form(call: ActionCall, members: &[(&WirePart, Value)]) -> String {
    let mut form = format!("Action={}&Version={}", call.action.operation, call.action.version);
    for (member, value) in members {
        put(call, &name_of(call, member), member, value, &mut form);
    }
    form
}

fn name_of(call: ActionCall, part: &WirePart) -> String {
    if call.action.protocol != Protocol::Ec2 {
        return part.wire.to_owned();
    }
    // EC2 answers with small first letters and is asked with capital ones.
    let mut letters = part.wire.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn put(call: ActionCall, name: &str, part: &WirePart, value: &Value, form: &mut String) {
    let is_ec2 = call.action.protocol == Protocol::Ec2;
    match (call.shape(part.type_), value) {
        (_, Value::Null) => {}
        (Some(Shape::Structure(members)), Value::Object(fields)) => {
            for (key, value) in fields.iter() {
                let member = members.iter().find(|member| member.name == key);
                if let Some(member) = member {
                    put(call, &format!("{name}.{}", name_of(call, member)), member, value, form);
                }
            }
        }
        (Some(Shape::List(element)), Value::Array(items)) => {
            // So a list is made empty; EC2 has no such thing.
            if items.is_empty() && !is_ec2 {
                *form += &format!("&{}=", encoded(name));
            }
            let is_flat = element.flattened || part.flattened;
            let inner = if element.wire.is_empty() { "member" } else { element.wire };
            let prefix = match name.rsplit_once('.') {
                _ if is_ec2 => name.to_owned(),
                _ if !is_flat => format!("{name}.{inner}"),
                // Its elements take the place of the list.
                _ if element.wire.is_empty() => name.to_owned(),
                Some((before, _)) => format!("{before}.{inner}"),
                None => inner.to_owned(),
            };
            for (number, item) in (1..).zip(items.iter()) {
                put(call, &format!("{prefix}.{number}"), element, item, form);
            }
        }
        (Some(Shape::Map(key_part, value_part)), Value::Object(fields)) => {
            let or = |name: &'static str, usual| if name.is_empty() { usual } else { name };
            let entry = if key_part.flattened || part.flattened { "" } else { ".entry" };
            for (number, (key, value)) in (1..).zip(fields.iter()) {
                let name = format!("{name}{entry}.{number}");
                put(call, &format!("{name}.{}", or(key_part.wire, "key")), key_part, &key.into(), form);
                put(call, &format!("{name}.{}", or(value_part.wire, "value")), value_part, value, form);
            }
        }
        _ => {
            let text = scalar::text(part, value, call.action.protocol);
            *form += &format!("&{}={}", encoded(name), encoded(&text));
        }
    }
}
