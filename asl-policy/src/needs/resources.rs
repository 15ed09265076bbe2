//! The resources of an action of IAM: the forms of ARNs that the reference has for it, filled with the parameters of a call.
//!
//! In: an [`Action`], and the parameters of a call. Out: ARNs as narrow as the definition allows, and why they are patterns where they are.
//! Where no parameter is known to fill a part, the part is `*`; which one does is a rule of names (`parts`), never of guesses about values.

mod form;
mod parts;
mod special;

use super::{DYNAMIC, Need};
use crate::arn::{Arn, Piece};
use crate::authorization::{self, Action, Type};
use crate::workflow::{Argument, Parameters, ServiceCall};
use form::{Filled, fill};

pub(super) use form::place;
pub(super) use special::{is_arn, whole_placeholder};

/// A resource, and why it is wider than one name.
pub(super) type Named = (Arn, Option<&'static str>);

/// Why an action is allowed on every resource.
pub(super) const NO_RESOURCE: &str = "IAM knows no resources of this action";
pub(super) const UNKNOWN: &str = "the Service Authorization Reference has no such action";
pub(super) const AMBIGUOUS: &str = "which resource it is about is not known from its parameters";

/// What IAM's actions need in a call, each on its resources.
pub(super) fn needs(call: &ServiceCall<'_>, actions: &[Action]) -> Vec<Need> {
    actions.iter().map(|action| one(call, action)).collect()
}

/// The same for actions by their names.
pub(super) fn named_needs(call: &ServiceCall<'_>, actions: &[&str]) -> Vec<Need> {
    actions.iter().map(|name| one(call, &authorization::action(name))).collect()
}

/// What one action needs.
pub(super) fn one(call: &ServiceCall<'_>, action: &Action) -> Need {
    let name = action.name.as_str();
    let found = of(action, &call.parameters);
    let mut need = Need::new(call, &[name], found.arns).wide(found.wide).source(super::REFERENCE);
    need.is_unscoped = action.types.is_empty();
    need.conditions.extend(found.conditions);
    need
}

/// Resources with what has to hold besides.
#[derive(Debug, Default)]
struct Found {
    arns: Vec<Arn>,
    wide: Option<&'static str>,
    conditions: Vec<super::Condition>,
}

fn every(reason: &'static str) -> Found {
    Found { arns: vec![Arn::any()], wide: Some(reason), conditions: Vec::new() }
}

/// The resources that an action is about in a call with these parameters.
fn of(action: &Action, parameters: &Parameters<'_>) -> Found {
    if !action.is_known {
        return every(UNKNOWN);
    }
    if action.types.is_empty() {
        return every(NO_RESOURCE);
    }
    if let Some(arn) = whole(parameters) {
        return Found { arns: vec![arn], ..Found::default() };
    }
    let filled: Vec<_> =
        action.types.iter().map(|kind| (kind, fill(kind, &action.name, parameters))).collect();
    let chosen = choose(&filled);
    if chosen.is_empty() {
        return every(AMBIGUOUS);
    }
    let mut found = Found::default();
    for filled in chosen {
        found.wide = found.wide.or(filled.wide);
        for arn in &filled.arns {
            if !found.arns.contains(arn) {
                found.arns.push(arn.clone());
            }
        }
        found.conditions.extend(filled.conditions.iter().cloned());
    }
    found
}

/// The types that the reference requires, and of the others those that the parameters say most about. An action can be called without any
/// of these, and then it is about no resource.
fn choose<'f>(filled: &'f [(&Type, Filled)]) -> Vec<&'f Filled> {
    let said = |filled: &Filled| (filled.parts, std::cmp::Reverse(filled.missing));
    let optional = filled.iter().filter(|(kind, filled)| !kind.required && filled.parts > 0);
    let most = optional.map(|(_, filled)| said(filled)).max();
    // Of the forms of a type one is meant.
    let is_best = |kind: &Type, this: &Filled| {
        filled.iter().filter(|(other, _)| other.name == kind.name).all(|(_, other)| said(other) <= said(this))
    };
    let counts = |(kind, filled): &&(&Type, Filled)| match kind.required {
        true => is_best(kind, filled),
        false => most == Some(said(filled)),
    };
    filled.iter().filter(counts).map(|(_, filled)| filled).collect()
}

/// The ARN in a parameter that may name resources of any type.
fn whole(parameters: &Parameters<'_>) -> Option<Arn> {
    ["ResourceArn", "ResourceARN", "ResourceIdentifier", "Arn", "Resource"].iter().find_map(|name| {
        match parameters.get(name)? {
            Argument::Constant(text) if special::is_arn(text) => Some(Arn::written(text)),
            Argument::Constant(_) | Argument::Dynamic => None,
        }
    })
}

/// A bucket, or an access point of one.
pub(super) fn bucket(bucket: Option<Argument<'_>>) -> Named {
    match bucket {
        Some(Argument::Constant(text)) if special::is_arn(text) => (Arn::written(text), None),
        Some(Argument::Constant(name)) => (Arn::global("s3", "").and_text(name), None),
        Some(Argument::Dynamic) | None => (Arn::global("s3", "*"), Some(DYNAMIC)),
    }
}

/// Objects in a bucket: one by its key, or all below a prefix; what follows is a pattern.
pub(super) fn object(bucket: Option<Argument<'_>>, key: Option<Argument<'_>>, behind: &str) -> Named {
    // Of an access point `object/` comes before the key.
    let between = match bucket {
        Some(Argument::Constant(text)) if text.contains(":accesspoint/") => "/object/",
        Some(Argument::Constant(_) | Argument::Dynamic) | None => "/",
    };
    let (bucket, wide) = self::bucket(bucket);
    match key {
        Some(Argument::Constant(key)) => (bucket.and_text(between).and_text(key).and_pattern(behind), wide),
        Some(Argument::Dynamic) => (bucket.and_text(between).and(Piece::Many), Some(DYNAMIC)),
        None => (bucket.and_text(between).and(Piece::Many), wide),
    }
}

/// What a URI of S3 names; everything below it if it is a prefix.
pub(super) fn object_at(uri: Argument<'_>, behind: &str) -> Named {
    match uri {
        Argument::Constant(uri) if uri.starts_with("s3://") => {
            let path = uri.trim_start_matches("s3://");
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            object(Some(Argument::Constant(bucket)), Some(Argument::Constant(key)), behind)
        }
        Argument::Constant(_) | Argument::Dynamic => (Arn::global("s3", "*/*"), Some(DYNAMIC)),
    }
}
