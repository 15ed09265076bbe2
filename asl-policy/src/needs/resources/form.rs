//! One form of an ARN, filled with parameters.

use super::super::{Condition, DYNAMIC};
use super::parts::{self, Own};
use super::special;
use crate::arn::{Arn, Piece};
use crate::authorization::Type;
use crate::workflow::{Argument, Parameters};

/// Why a part of a name is `*`.
const NO_PART: &str = "its parameters do not say all of its name";

/// So many resources of a call are named one by one; AWS takes no policy that names more.
const MOST: usize = 1_000;
const TOO_MANY: &str = "its parameters name more resources than a policy can";

/// A form with its parts.
#[derive(Debug)]
pub(super) struct Filled {
    /// One for each value, where a parameter is a list.
    pub(super) arns: Vec<Arn>,
    /// How many parts parameters have filled.
    pub(super) parts: usize,
    /// How many are left open.
    pub(super) missing: usize,
    pub(super) wide: Option<&'static str>,
    pub(super) conditions: Vec<Condition>,
}

/// A part of a form: the text before it, the placeholder, and the values of the parameter that fills it.
struct FormPart<'f, 'd> {
    before: &'f str,
    name: &'f str,
    values: Option<Vec<Argument<'d>>>,
}

/// Fills the form of a type for an action with the parameters of a call.
pub(super) fn fill(kind: &Type, action: &str, parameters: &Parameters<'_>) -> Filled {
    let (mut parts, end) = cut(kind.arn);
    let own = parts.iter().rposition(|part| !parts::is_qualifier(part.name));
    let mut used = Vec::new();
    for (number, part) in parts.iter_mut().enumerate() {
        let own = Own { kind: kind.name, is_itself: own == Some(number), action };
        part.values = parts::find(part.name, &own, parameters, &mut used);
    }
    let last = parts.iter().rposition(|part| part.values.is_some());
    let mut filled = Filled {
        arns: vec![Arn::default()],
        parts: parts.iter().filter(|part| part.values.is_some()).count(),
        missing: parts.iter().filter(|part| part.values.is_none()).count(),
        wide: None,
        conditions: Vec::new(),
    };
    for (number, part) in parts.iter().enumerate() {
        let rest = parts.get(number + 1);
        let ends = is_whole(part, rest, last == Some(number));
        put(&mut filled, kind, part, last == Some(number));
        if ends {
            return filled;
        }
    }
    filled.arns = filled.arns.into_iter().map(|arn| arn.and_arn(place(end))).collect();
    filled
}

/// The parts of a form without those that are the place of the machine, and the text behind the last one.
fn cut(form: &str) -> (Vec<FormPart<'_, '_>>, &str) {
    let mut parts = Vec::new();
    let (mut before, mut rest) = (form, form);
    while let Some((_, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        if !matches!(name, "Partition" | "Region" | "Account") {
            let length = before.len().saturating_sub(after.len() + 2);
            parts.push(FormPart { before: before.get(..length).unwrap_or_default(), name, values: None });
            before = behind;
        }
        rest = behind;
    }
    (parts, before)
}

/// Whether what a part is given is the rest of the ARN as well: it is an ARN, or has the colon and what follows it.
fn is_whole(part: &FormPart<'_, '_>, next: Option<&FormPart<'_, '_>>, is_last: bool) -> bool {
    let Some([Argument::Constant(text)]) = part.values.as_deref() else { return false };
    let has_next = next.is_some_and(|next| next.before == ":" && next.values.is_none() && text.contains(':'));
    is_last && (special::is_arn(text) || has_next)
}

/// Puts a part behind each ARN, and more ARNs where it has more values than one.
fn put(filled: &mut Filled, kind: &Type, part: &FormPart<'_, '_>, is_last: bool) {
    let before = place(part.before);
    let arns = std::mem::take(&mut filled.arns);
    let Some(values) = &part.values else {
        filled.wide = filled.wide.or(Some(NO_PART));
        filled.arns = arns.into_iter().map(|arn| arn.and_arn(before.clone()).and(Piece::Many)).collect();
        return;
    };
    if arns.len().saturating_mul(values.len()) > MOST {
        filled.wide = Some(TOO_MANY);
        filled.arns = arns.into_iter().map(|arn| arn.and_arn(before.clone()).and(Piece::Many)).collect();
        return;
    }
    for arn in &arns {
        for value in values {
            let named = special::name(kind, part.name, *value, is_last);
            filled.wide = filled.wide.or(named.wide);
            filled.conditions.extend(named.conditions);
            filled.arns.extend(named.names.into_iter().map(|name| match name {
                special::Name::Whole(arn) => arn,
                special::Name::Part(part) => arn.clone().and_arn(before.clone()).and_arn(part),
            }));
        }
    }
    if values.iter().any(|value| matches!(value, Argument::Dynamic)) {
        filled.wide = Some(DYNAMIC);
    }
}

/// A text of a form in which the region and so on are those of the machine.
pub(in super::super) fn place(text: &str) -> Arn {
    let text = text
        .replace("${Partition}", "${AWS::Partition}")
        .replace("${Region}", "${AWS::Region}")
        .replace("${Account}", "${AWS::AccountId}");
    Arn::written(&text)
}
