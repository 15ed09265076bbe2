//! Names of resources whose region, account or parts may be known only where the policy is used.
//!
//! In: texts of a definition, `${Placeholders}` included, and patterns of our own. Out: [`Arn`]s, which each form of the policy prints in
//! its way. What a definition says is literal: only our own `*` and `?` are wildcards. Never asks whether the resource exists.

use crate::form::MachinePlace;
use std::fmt;

/// A piece of an [`Arn`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// As it is, letter by letter.
    Text(String),
    /// `*`: any letters.
    Many,
    /// `?`: one letter.
    One,
    /// `aws`, `aws-cn`, ...
    Partition,
    /// The region of the machine.
    Region,
    /// The account of the machine.
    Account,
    /// The name of the machine itself.
    StateMachine,
    /// `${Name}`: what a template puts in when it is deployed.
    Placeholder(String),
}

/// The name of a resource, or a pattern of names.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arn(Vec<Piece>);

impl Arn {
    /// Every resource.
    #[must_use]
    pub fn any() -> Self {
        Self(vec![Piece::Many])
    }

    /// A text as it is written in a definition: only its placeholders stay open.
    #[must_use]
    pub fn written(text: &str) -> Self {
        Self::default().and_text(text)
    }

    /// `arn:partition:service:region:account:resource` in the region and the account of the machine; the resource is a pattern.
    #[must_use]
    pub fn here(service: &str, resource: &str) -> Self {
        Self::placed(service, &[Piece::Region], &[Piece::Account], resource)
    }

    /// The same for a service whose resources are in a region but in no account.
    #[must_use]
    pub fn of_region(service: &str, resource: &str) -> Self {
        Self::placed(service, &[Piece::Region], &[], resource)
    }

    /// The same for a service whose resources are in an account but in no region.
    #[must_use]
    pub fn of_account(service: &str, resource: &str) -> Self {
        Self::placed(service, &[], &[Piece::Account], resource)
    }

    /// The same for a service whose names are unique in the world.
    #[must_use]
    pub fn global(service: &str, resource: &str) -> Self {
        Self::placed(service, &[], &[], resource)
    }

    /// The machine itself, or what begins with its name: `stateMachine`, `execution`; the rest is a pattern.
    #[must_use]
    pub fn machine(kind: &str, rest: &str) -> Self {
        Self::here("states", &format!("{kind}:")).and(Piece::StateMachine).and_pattern(rest)
    }

    fn placed(service: &str, region: &[Piece], account: &[Piece], resource: &str) -> Self {
        let mut arn = Self::written("arn:").and(Piece::Partition).and_text(&format!(":{service}:"));
        arn.0.extend_from_slice(region);
        arn = arn.and_text(":");
        arn.0.extend_from_slice(account);
        arn.and_text(":").and_pattern(resource)
    }

    /// The same with a piece behind it.
    #[must_use]
    pub fn and(mut self, piece: Piece) -> Self {
        if let Piece::Text(text) = &piece {
            push_plain(&mut self.0, text);
        } else {
            self.0.push(piece);
        }
        self
    }

    /// The same with a text of the definition behind it.
    #[must_use]
    pub fn and_text(mut self, text: &str) -> Self {
        push_text(&mut self.0, text);
        self
    }

    /// The same with a pattern behind it.
    #[must_use]
    pub fn and_pattern(self, pattern: &str) -> Self {
        pattern.split_inclusive(['*', '?']).fold(self, |arn, part| match part.strip_suffix('*') {
            Some(text) => arn.and_text(text).and(Piece::Many),
            None => match part.strip_suffix('?') {
                Some(text) => arn.and_text(text).and(Piece::One),
                None => arn.and_text(part),
            },
        })
    }

    /// The same with another name behind it.
    #[must_use]
    pub fn and_arn(self, rest: Self) -> Self {
        rest.0.into_iter().fold(self, Self::and)
    }

    /// Its pieces in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Whether it is every resource.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(self.0.as_slice(), [Piece::Many])
    }

    /// What is known of the place put in.
    #[must_use]
    pub fn at(&self, place: &MachinePlace) -> Self {
        let known = |piece: &Piece| match piece {
            Piece::Partition => place.partition.clone(),
            Piece::Region => place.region.clone(),
            Piece::Account => place.account.clone(),
            Piece::StateMachine => place.name.clone(),
            Piece::Text(_) | Piece::Many | Piece::One | Piece::Placeholder(_) => None,
        };
        self.0.iter().fold(Self::default(), |arn, piece| {
            arn.and(known(piece).map_or_else(|| piece.clone(), Piece::Text))
        })
    }

    /// The fields between the first five colons of an ARN; fewer if it is written otherwise.
    #[must_use]
    pub fn fields(&self) -> Vec<Self> {
        let mut fields = vec![Self::default()];
        for piece in &self.0 {
            let Piece::Text(text) = piece else {
                add_to_last(&mut fields, piece.clone());
                continue;
            };
            let mut rest = text.as_str();
            while fields.len() < 6 {
                let Some((before, after)) = rest.split_once(':') else { break };
                add_to_last(&mut fields, Piece::Text(before.to_owned()));
                fields.push(Self::default());
                rest = after;
            }
            add_to_last(&mut fields, Piece::Text(rest.to_owned()));
        }
        fields
    }
}

fn add_to_last(fields: &mut [Arn], piece: Piece) {
    if let Some(last) = fields.last_mut() {
        *last = std::mem::take(last).and(piece);
    }
}

/// With `${AWS::Region}` and the like for what is open.
impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
            Piece::Many => f.write_str("*"),
            Piece::One => f.write_str("?"),
            Piece::Partition => f.write_str("${AWS::Partition}"),
            Piece::Region => f.write_str("${AWS::Region}"),
            Piece::Account => f.write_str("${AWS::AccountId}"),
            Piece::StateMachine => f.write_str("${StateMachineName}"),
            Piece::Placeholder(name) => write!(f, "${{{name}}}"),
        })
    }
}

/// Adds a text, cut at its placeholders.
fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        push_plain(pieces, before);
        pieces.push(match name {
            "AWS::Partition" => Piece::Partition,
            "AWS::Region" => Piece::Region,
            "AWS::AccountId" => Piece::Account,
            name => Piece::Placeholder(name.to_owned()),
        });
        rest = behind;
    }
    push_plain(pieces, rest);
}

fn push_plain(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(before)) => before.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_stay_open() {
        let arn = Arn::here("dynamodb", "table/${Table}/index/*");
        assert_eq!(
            arn.to_string(),
            "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}/index/*"
        );
        assert!(arn.pieces().contains(&Piece::Placeholder("Table".to_owned())));
    }

    #[test]
    fn a_broken_placeholder_is_text() {
        assert_eq!(Arn::written("a${b").pieces(), [Piece::Text("a${b".to_owned())]);
    }

    #[test]
    fn only_the_star_alone_is_everything() {
        assert!(Arn::any().is_any());
        assert!(!Arn::global("s3", "*").is_any());
        assert!(!Arn::written("*").is_any(), "a definition has no wildcards");
    }

    #[test]
    fn an_arn_has_six_fields() {
        let fields = |arn: &Arn| arn.fields().iter().map(ToString::to_string).collect::<Vec<_>>();
        let arn = Arn::here("lambda", "function:f:3");
        let expected =
            ["arn", "${AWS::Partition}", "lambda", "${AWS::Region}", "${AWS::AccountId}", "function:f:3"];
        assert_eq!(fields(&arn), expected);
        assert_eq!(fields(&Arn::written("${TableArn}")), ["${TableArn}"]);
    }

    #[test]
    fn what_is_known_of_the_place_is_put_in() {
        let place = MachinePlace { account: Some("1".to_owned()), ..MachinePlace::default() };
        let arn = Arn::of_account("iam", "role/*").at(&place);
        assert_eq!(arn.to_string(), "arn:${AWS::Partition}:iam::1:role/*");
    }
}
