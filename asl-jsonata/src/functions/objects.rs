//! Objects: their keys and members, and putting them together.

use crate::{Arguments, Collector, Data, Evaluation, Result, ValueKind, View};
use std::collections::HashSet;

super::builtins! {
    KEYS = keys;
    LOOKUP = lookup;
    SPREAD = spread;
    MERGE = merge;
}

/// The keys of an object, or of all objects in an array.
fn keys(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let (mut known, mut keys) = (HashSet::new(), Collector::new());
    collect_keys(evaluation, arguments.get(0), &mut known, &mut keys)?;
    Ok(keys.into_sequence())
}

fn collect_keys<'a>(
    evaluation: &Evaluation<'_>,
    view: View<'a>,
    known: &mut HashSet<&'a str>,
    keys: &mut Collector,
) -> Result<()> {
    evaluation.step()?;
    if view.is_array() {
        return view.elements().try_for_each(|element| collect_keys(evaluation, element, known, keys));
    }
    for (key, _) in view.members() {
        if known.insert(key) {
            keys.push(Data::text(key));
        }
    }
    Ok(())
}

fn lookup(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(key) = arguments.text(1) else { return Ok(Data::Nothing) };
    let view = arguments.get(0);
    if !view.is_array() {
        return Ok(view.member(key).to_data());
    }
    let mut found = Collector::new();
    collect_members(evaluation, view, key, &mut found)?;
    Ok(found.into_sequence())
}

/// The members of all objects in an array; arrays among them are taken apart.
fn collect_members(
    evaluation: &Evaluation<'_>,
    view: View<'_>,
    key: &str,
    found: &mut Collector,
) -> Result<()> {
    evaluation.step()?;
    if view.is_array() {
        return view.elements().try_for_each(|element| collect_members(evaluation, element, key, found));
    }
    found.append_view(view.member(key));
    Ok(())
}

/// An object for each member. What is not an object stays as it is.
fn spread(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let view = arguments.get(0);
    if !view.is_array() && view.kind() != ValueKind::Object {
        return Ok(view.to_data());
    }
    let mut parts = Collector::new();
    collect_spread(evaluation, view, &mut parts)?;
    let is_array = view.is_array() && view.elements().len() > 0;
    Ok(if is_array { parts.into_array() } else { parts.into_sequence() })
}

fn collect_spread(evaluation: &Evaluation<'_>, view: View<'_>, parts: &mut Collector) -> Result<()> {
    evaluation.step()?;
    if view.is_array() {
        return view.elements().try_for_each(|element| collect_spread(evaluation, element, parts));
    }
    if view.kind() != ValueKind::Object {
        parts.push_view(view);
    }
    for (key, member) in view.members() {
        parts.push(Data::object(vec![(key.into(), member.to_data())]));
    }
    Ok(())
}

/// One object of many; of members with the same key the last one counts.
fn merge(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(objects) = arguments.elements(0) else { return Ok(Data::Nothing) };
    if objects.len() == 1 && arguments.get(0).at(0).kind() == ValueKind::Object {
        return Ok(arguments.get(0).at(0).to_data());
    }
    let mut members = Vec::new();
    for object in objects {
        evaluation.step()?;
        let own = object.members().into_iter();
        members.extend(own.map(|(key, member)| (key.into(), member.to_data())));
    }
    Ok(Data::object(members))
}
