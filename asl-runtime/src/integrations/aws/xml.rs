//! XML: bodies of requests in REST services, and the answers of these and of query services.

use super::{ActionCall, scalar};
use asl_engine::generated::action::{Shape, Type, WirePart, WirePlace};
use asl_value::{Array, Object, Value};
use roxmltree::Node;

/// A value as an element.
pub(super) fn write(call: ActionCall, root: &str, type_: Type, value: &Value) -> String {
    let mut out = String::new();
    let attribute = namespace(call);
    element(call, root, &attribute, &WirePart::new("", "", type_), value, &mut out);
    out
}

/// Members in an element.
pub(super) fn write_members(call: ActionCall, root: &str, members: &[(&WirePart, Value)]) -> String {
    let mut out = format!("<{root}{}>", namespace(call));
    for (member, value) in members {
        element(call, member.wire, "", member, value, &mut out);
    }
    out + &format!("</{root}>")
}

fn namespace(call: ActionCall) -> String {
    match call.action.namespace {
        "" => String::new(),
        namespace => format!(" xmlns=\"{namespace}\""),
    }
}

fn element(call: ActionCall, name: &str, attributes: &str, part: &WirePart, value: &Value, out: &mut String) {
    let or = |name: &'static str, usual| if name.is_empty() { usual } else { name };
    match (call.shape(part.type_), value) {
        (_, Value::Null) => {}
        (Some(Shape::List(inner)), Value::Array(items)) => {
            if inner.flattened || part.flattened {
                items.iter().for_each(|item| element(call, name, attributes, inner, item, out));
                return;
            }
            *out += &format!("<{name}{attributes}>");
            items.iter().for_each(|item| element(call, or(inner.wire, "member"), "", inner, item, out));
            *out += &format!("</{name}>");
        }
        (Some(Shape::Structure(members)), Value::Object(fields)) => {
            *out += &format!("<{name}{attributes}");
            let member = |key: &str| members.iter().find(|member| member.name == key);
            for (part, value) in fields.iter().filter_map(|(key, value)| Some((member(key)?, value))) {
                if part.place == WirePlace::Attribute {
                    *out += " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
                    *out += &format!(" {}=\"{}\"", part.wire, escaped(&scalar::plain(value)));
                }
            }
            out.push('>');
            for (part, value) in fields.iter().filter_map(|(key, value)| Some((member(key)?, value))) {
                if part.place != WirePlace::Attribute {
                    element(call, part.wire, "", part, value, out);
                }
            }
            *out += &format!("</{name}>");
        }
        (Some(Shape::Map(key_part, value_part)), Value::Object(fields)) => {
            let is_flat = key_part.flattened || part.flattened;
            let entry = if is_flat { name } else { "entry" };
            if !is_flat {
                *out += &format!("<{name}{attributes}>");
            }
            for (key, value) in fields.iter() {
                *out += &format!("<{entry}>");
                element(call, or(key_part.wire, "key"), "", key_part, &key.into(), out);
                element(call, or(value_part.wire, "value"), "", value_part, value, out);
                *out += &format!("</{entry}>");
            }
            if !is_flat {
                *out += &format!("</{name}>");
            }
        }
        _ => {
            let text = scalar::text(part, value, call.action.protocol);
            *out += &format!("<{name}{attributes}>{}</{name}>", escaped(&text));
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The children of that name, in whatever namespace.
pub(super) fn children<'a>(node: Node<'a, 'a>, name: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The text of the first child of that name.
pub(super) fn child_text<'a>(node: Node<'a, 'a>, name: &'a str) -> Option<&'a str> {
    children(node, name).next().map(|child| child.text().unwrap_or_default())
}

/// The members in an element, by their names in tasks.
pub(super) fn read_members(
    call: ActionCall,
    node: Node<'_, '_>,
    members: &'static [WirePart],
) -> Vec<(&'static str, Value)> {
    let mut found = Vec::new();
    for member in members.iter().filter(|member| matches!(member.place, WirePlace::Body | WirePlace::Host)) {
        found.extend(read_member(call, node, member).map(|value| (member.name, value)));
    }
    for member in members.iter().filter(|member| member.place == WirePlace::Attribute) {
        let local = member.wire.rsplit(':').next().unwrap_or_default();
        let attribute = node.attributes().find(|attribute| attribute.name() == local);
        found.extend(attribute.map(|attribute| (member.name, Value::from(attribute.value()))));
    }
    found
}

fn read_member(call: ActionCall, node: Node<'_, '_>, member: &'static WirePart) -> Option<Value> {
    let named = |name: &str| -> Vec<_> {
        node.children().filter(|child| child.is_element() && child.tag_name().name() == name).collect()
    };
    match call.shape(member.type_) {
        Some(Shape::List(element)) if element.flattened || member.flattened => {
            let name = if element.wire.is_empty() { member.wire } else { element.wire };
            let mut items = named(name);
            if items.is_empty() {
                items = named(member.wire);
            }
            let mut array = Array::default();
            items.iter().for_each(|item| array.push(read(call, *item, element)));
            (!items.is_empty()).then(|| array.into())
        }
        Some(Shape::Map(key, value)) if key.flattened || member.flattened => {
            let entries = named(member.wire);
            (!entries.is_empty()).then(|| read_entries(call, &entries, key, value))
        }
        _ => Some(read(call, *named(member.wire).first()?, member)),
    }
}

/// An element as what it represents.
pub(super) fn read(call: ActionCall, node: Node<'_, '_>, part: &'static WirePart) -> Value {
    let elements: Vec<_> = node.children().filter(Node::is_element).collect();
    match call.shape(part.type_) {
        Some(Shape::Structure(members)) => super::answer::object(read_members(call, node, members)).into(),
        Some(Shape::List(element)) => {
            let mut array = Array::default();
            elements.iter().for_each(|item| array.push(read(call, *item, element)));
            array.into()
        }
        Some(Shape::Map(key, value)) => read_entries(call, &elements, key, value),
        None => scalar::read(part, node.text().unwrap_or_default(), call.is_sdk),
    }
}

fn read_entries(
    call: ActionCall,
    entries: &[Node<'_, '_>],
    key: &'static WirePart,
    value: &'static WirePart,
) -> Value {
    let or = |name: &'static str, usual| if name.is_empty() { usual } else { name };
    let mut object = Object::new();
    for entry in entries {
        let named =
            |name: &str| entry.children().find(|child| child.is_element() && child.tag_name().name() == name);
        let name = named(or(key.wire, "key")).and_then(|node| node.text()).unwrap_or_default();
        if let Some(node) = named(or(value.wire, "value")) {
            object.insert(name, read(call, node, value));
        }
    }
    object.into()
}
