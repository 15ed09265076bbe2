//! Parameters inside of parameters that an action does not have.
//!
//! In: parameters. Out: reasons. Where a request is XML or a form such a parameter has no name to be sent by, so it would be lost.

use super::ActionCall;
use crate::parameters::Reasons;
use asl_engine::generated::action::{Protocol, Shape, Type, WirePart};
use asl_value::{Object, Value};

/// Refuses them for services that are sent XML or forms; others say themselves what they do not know.
pub(super) fn refuse_unknown(call: ActionCall, fields: &Object, reasons: &mut Reasons) {
    if !matches!(call.action.protocol, Protocol::RestXml | Protocol::Query | Protocol::Ec2) {
        return;
    }
    for member in call.members(call.action.input) {
        fields.get(member.name).into_iter().for_each(|value| refuse(call, member.type_, value, reasons));
    }
}

/// The depth is that of the JSON, which is limited where it is read.
fn refuse(call: ActionCall, type_: Type, value: &Value, reasons: &mut Reasons) {
    match (call.shape(type_), value) {
        (Some(Shape::Structure(members)), Value::Object(fields)) => {
            let known: Vec<&str> = members.iter().map(|member| member.name).collect();
            reasons.unknown(fields, &known);
            for (key, value) in fields.iter() {
                let member = members.iter().find(|member: &&WirePart| member.name == key);
                member.into_iter().for_each(|member| refuse(call, member.type_, value, reasons));
            }
        }
        (Some(Shape::List(element)), Value::Array(items)) => {
            items.iter().for_each(|item| refuse(call, element.type_, item, reasons));
        }
        (Some(Shape::Map(_, part)), Value::Object(fields)) => {
            fields.iter().for_each(|(_, value)| refuse(call, part.type_, value, reasons));
        }
        _ => {}
    }
}
