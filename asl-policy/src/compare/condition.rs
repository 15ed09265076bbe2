//! The conditions of a statement, decided as far as the definition says what they ask about.
//!
//! In: `Condition` of a statement, and the [`Facts`] of a call. Out: [`Holds`]; `Perhaps` wherever the definition does not know.

use super::document::{Dialect, texts};
use crate::arn::Arn;
use crate::form::MachinePlace;
use crate::glob::{Holds, Token, Trust, fits, of_arn};
use crate::needs::Need;
use serde_json::Value;

/// One key with its operator.
#[derive(Clone, Debug)]
pub(super) struct Check {
    /// `StringEquals`, without `IfExists`.
    operator: String,
    /// In small letters.
    key: String,
    /// Any of these.
    values: Vec<Vec<Token>>,
    /// For `Null`, which asks whether there is a value at all.
    wants_none: bool,
}

impl Check {
    /// The checks of a `Condition`.
    pub(super) fn all(condition: Option<&Value>, dialect: &Dialect<'_>) -> Vec<Self> {
        let operators = condition.and_then(Value::as_object).into_iter().flatten();
        let checks = operators.flat_map(|(operator, keys)| {
            let operator = operator.strip_suffix("IfExists").unwrap_or(operator);
            let keys = keys.as_object().into_iter().flatten();
            keys.map(move |(key, values)| Self::new(operator, key, values, dialect))
        });
        checks.collect()
    }

    fn new(operator: &str, key: &str, values: &Value, dialect: &Dialect<'_>) -> Self {
        let ignores_case = operator.ends_with("IgnoreCase");
        let has_wildcards = operator.ends_with("Like") || operator.starts_with("Arn");
        let value = |text: String| {
            let text = if ignores_case { text.to_lowercase() } else { text };
            if has_wildcards { dialect.pattern(&text) } else { dialect.text(&text) }
        };
        Self {
            operator: operator.to_owned(),
            key: key.to_lowercase(),
            wants_none: texts(values).any(|text| text.eq_ignore_ascii_case("true")),
            values: texts(values).map(value).collect(),
        }
    }

    /// Whether it holds for a call.
    pub(super) fn holds(&self, facts: &Facts, trust: Trust) -> Holds {
        let Some(fact) = facts.get(&self.key) else { return Holds::Perhaps };
        let any = |fact: &[Token], trust| {
            self.values.iter().map(|value| fits(fact, value, trust)).max().unwrap_or(Holds::Never)
        };
        let none = |fact: &[Token]| any(fact, Trust::None).not();
        match self.operator.as_str() {
            "StringEquals" | "StringLike" | "ArnEquals" | "ArnLike" => any(&of_arn(fact), trust),
            "StringNotEquals" | "StringNotLike" | "ArnNotEquals" | "ArnNotLike" => none(&of_arn(fact)),
            "StringEqualsIgnoreCase" => any(&small(fact), trust),
            "StringNotEqualsIgnoreCase" => none(&small(fact)),
            "Null" => Holds::from(!self.wants_none),
            // Numbers, dates, addresses and sets: nothing that a definition says.
            _ => Holds::Perhaps,
        }
    }
}

fn small(fact: &Arn) -> Vec<Token> {
    let letters = of_arn(fact).into_iter().map(|token| match token {
        Token::Letter(letter) => Token::Letter(letter.to_ascii_lowercase()),
        Token::One(_) | Token::Many(_) | Token::Unknown => token,
    });
    letters.collect()
}

/// What is known of a call, by the keys of conditions in small letters.
#[derive(Debug)]
pub(super) struct Facts(Vec<(String, Arn)>);

impl Facts {
    /// The facts of a call about one of its resources.
    pub(super) fn of(need: &Need, resource: &Arn, place: &MachinePlace) -> Self {
        let conditions = need.conditions.iter().filter(|condition| condition.operator == "StringEquals");
        let said = conditions.filter_map(|condition| match condition.values.as_slice() {
            [only] => Some((condition.key, only)),
            _ => None,
        });
        let all = said.chain(need.facts.iter().map(|(key, value)| (*key, value)));
        let mut facts: Vec<_> = all.map(|(key, value)| (key.to_lowercase(), value.at(place))).collect();
        let fields = resource.at(place).fields();
        let located = [("aws:requestedregion", fields.get(3)), ("aws:resourceaccount", fields.get(4))];
        let known = |field: &&Arn| fields.len() == 6 && is_text(field);
        facts.extend(
            located
                .into_iter()
                .filter_map(|(key, field)| Some((key.to_owned(), field.filter(known)?.clone()))),
        );
        facts.extend(
            place
                .account
                .as_deref()
                .map(|account| ("aws:principalaccount".to_owned(), Arn::written(account))),
        );
        Self(facts)
    }

    fn get(&self, key: &str) -> Option<&Arn> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, fact)| fact)
    }
}

fn is_text(arn: &Arn) -> bool {
    matches!(arn.pieces(), [crate::arn::Piece::Text(_)])
}
