//! Names of resources whose region, account or parts may be known only where the policy is used.
//!
//! In: texts of a definition, `${Placeholders}` included. Out: [`Arn`]s, which each form of the policy prints in its own way. Never asks
//! whether the resource exists.

use std::fmt;

/// A piece of an [`Arn`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// As it is; `*` and `?` are wildcards.
    Text(String),
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arn(Vec<Piece>);

impl Arn {
    /// Every resource.
    #[must_use]
    pub fn any() -> Self {
        Self::written("*")
    }

    /// A text as it is written in a definition: only its placeholders stay open.
    #[must_use]
    pub fn written(text: &str) -> Self {
        let mut pieces = Vec::new();
        push_text(&mut pieces, text);
        Self(pieces)
    }

    /// `arn:partition:service:region:account:resource` in the region and the account of the machine.
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

    /// The machine itself, or what begins with its name: `stateMachine`, `execution`.
    #[must_use]
    pub fn machine(kind: &str, rest: &str) -> Self {
        Self::here("states", &format!("{kind}:")).and(Piece::StateMachine).and_text(rest)
    }

    fn placed(service: &str, region: &[Piece], account: &[Piece], resource: &str) -> Self {
        let mut arn = Self::written("arn:").and(Piece::Partition).and_text(&format!(":{service}:"));
        arn.0.extend_from_slice(region);
        arn = arn.and_text(":");
        arn.0.extend_from_slice(account);
        arn.and_text(&format!(":{resource}"))
    }

    /// The same with a piece behind it.
    #[must_use]
    pub fn and(mut self, piece: Piece) -> Self {
        self.0.push(piece);
        self
    }

    /// The same with a text behind it.
    #[must_use]
    pub fn and_text(mut self, text: &str) -> Self {
        push_text(&mut self.0, text);
        self
    }

    /// Its pieces in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Whether it is every resource.
    #[must_use]
    pub fn is_any(&self) -> bool {
        matches!(self.0.as_slice(), [Piece::Text(text)] if text == "*")
    }
}

/// With `${AWS::Region}` and the like for what is open.
impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|piece| match piece {
            Piece::Text(text) => f.write_str(text),
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
        assert!(!Arn::written("arn:aws:s3:::*").is_any());
    }
}
