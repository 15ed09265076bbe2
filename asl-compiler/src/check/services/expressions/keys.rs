//! Keys of items: what they can be, and that no update changes and no filter asks for them.

use super::grammar::{self, Form, Target};
use crate::check::Checker;
use crate::check::given::{Given, GivenMember, What};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use std::collections::{HashMap, HashSet};

/// The types that an attribute of a key can have.
const TYPES: [&str; 3] = ["S", "N", "B"];

/// The types that there are.
const ALL: [&str; 10] = ["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"];

pub(super) fn check(members: &[GivenMember<'_>], checker: &mut Checker<'_>) {
    let names = by_name(object(members, "ExpressionAttributeNames").unwrap_or_default());
    for name in ["Key", "ExclusiveStartKey"] {
        find(members, name).into_iter().for_each(|key| check_key(key, checker));
    }
    if let Some(What::List(Some(keys))) = find(members, "Keys").map(|keys| &keys.what) {
        keys.iter().for_each(|key| check_key(key, checker));
    }
    if let (Some(key), Some(update)) = (object(members, "Key"), text(members, "UpdateExpression")) {
        let targets = grammar::targets(&update.value, Form::Update).unwrap_or_default();
        let key = by_name(key);
        let is_key = |target: &&Target| {
            resolved(target, &names).and_then(|name| key.get(name)).is_some_and(|member| member.is_always)
        };
        for target in targets.iter().filter(is_key) {
            report(
                update,
                target,
                "the key of an item cannot be changed",
                "this attribute is a part of `Key`",
                checker,
            );
        }
    }
    if let (Some(keys), Some(filter)) =
        (text(members, "KeyConditionExpression"), text(members, "FilterExpression"))
    {
        let keys: Vec<_> = grammar::attributes(&keys.value);
        let keys: HashSet<_> = keys.iter().filter_map(|key| resolved(key, &names)).collect();
        let attributes = grammar::attributes(&filter.value);
        let is_key =
            |attribute: &&Target| resolved(attribute, &names).is_some_and(|name| keys.contains(name));
        for attribute in attributes.iter().filter(is_key).take(1) {
            report(
                filter,
                attribute,
                "a filter has no conditions on keys",
                "this attribute is a part of the key",
                checker,
            );
        }
    }
    check_types(members, checker);
}

fn find<'g, 'a>(members: &'g [GivenMember<'a>], name: &str) -> Option<&'g Given<'a>> {
    members.iter().find(|member| member.name == name).map(|member| &member.value)
}

fn text<'g>(members: &'g [GivenMember<'_>], name: &str) -> Option<&'g Text> {
    let What::Text(text) = &find(members, name)?.what else { return None };
    text.as_deref().filter(|text| !text.value.contains("${") && text.value.len() <= grammar::LONGEST)
}

/// Members that are looked up more than once.
type ByName<'g, 'a> = HashMap<&'g str, &'g GivenMember<'a>>;

fn by_name<'g, 'a>(members: &'g [GivenMember<'a>]) -> ByName<'g, 'a> {
    members.iter().map(|member| (&*member.name, member)).collect()
}

fn object<'g, 'a>(members: &'g [GivenMember<'a>], name: &str) -> Option<&'g [GivenMember<'a>]> {
    if let What::Object(members) = &find(members, name)?.what { members.as_deref() } else { None }
}

/// The attribute that a path begins with.
fn resolved<'t>(target: &'t Target, names: &ByName<'t, '_>) -> Option<&'t str> {
    let first = target.parts.first()?;
    if target.parts.len() > 1 || !first.starts_with('#') {
        return Some(first);
    }
    names.get(first.as_str())?.value.text()
}

fn report(text: &Text, target: &Target, message: &str, label: &str, checker: &mut Checker<'_>) {
    let span = text.span_of(target.place.clone());
    checker.report_accepted(Diagnostic::new(Code::InvalidParameter, span, message).label(label));
}

/// A key is one attribute or two, each a text, a number or bytes.
fn check_key(key: &Given<'_>, checker: &mut Checker<'_>) {
    let What::Object(Some(attributes)) = &key.what else { return };
    if attributes.iter().any(|attribute| attribute.name.contains("${")) {
        return;
    }
    let certain = attributes.iter().filter(|attribute| attribute.is_always).count();
    if attributes.is_empty() || certain > 2 {
        let message = format!("a key of {certain} attributes");
        checker.report_accepted(
            Diagnostic::new(Code::InvalidParameter, key.span, message)
                .label("a key is the partition key, and the sort key if the table has one"),
        );
    }
    for attribute in attributes {
        let What::Object(Some(typed)) = &attribute.value.what else { continue };
        let [value] = typed.as_slice() else { continue };
        let name = &attribute.name;
        if ALL.contains(&&*value.name) && !TYPES.contains(&&*value.name) {
            let message = format!("`{name}` of a key cannot have the type `{}`", value.name);
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, value.key.span, message)
                    .label("an attribute of a key is `S`, `N` or `B`"),
            );
        } else if value.name == "S" && value.value.text() == Some("") {
            let message = format!("`{name}` of a key is empty");
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, value.value.span, message)
                    .label("expected at least one character"),
            );
        }
    }
}

/// What `attribute_type` compares with is one of the types.
fn check_types(members: &[GivenMember<'_>], checker: &mut Checker<'_>) {
    let Some(values) = object(members, "ExpressionAttributeValues").map(by_name) else { return };
    let expressions =
        ["ConditionExpression", "FilterExpression"].into_iter().filter_map(|name| text(members, name));
    for placeholder in expressions.flat_map(|text| grammar::types(&text.value)) {
        let value = values.get(placeholder.as_str());
        let Some(What::Object(Some(typed))) = value.map(|value| &value.value.what) else { continue };
        let wrong = typed.iter().find(|value| value.name == "S");
        if let Some((given, wrong)) = wrong.and_then(|value| Some((value, value.value.text()?)))
            && !ALL.contains(&wrong)
        {
            let message = format!("`attribute_type` knows no type `{wrong}`");
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, given.value.span, message)
                    .label("expected one of S, N, B, SS, NS, BS, M, L, NULL, BOOL"),
            );
        }
    }
}
