//! Whether statements allow a call: IAM's logic, in which a Deny wins over every Allow.

use super::condition::Facts;
use super::document::{Grant, Listed, Pattern};
use crate::arn::Arn;
use crate::form::MachinePlace;
use crate::glob::{Holds, Trust, fits, of_arn, of_pattern};
use crate::needs::Need;

/// An action on a resource.
#[derive(Debug)]
pub(super) struct Request<'n> {
    pub(super) need: &'n Need,
    pub(super) action: &'n str,
    /// What is known of the place is in it.
    pub(super) resource: Arn,
    pub(super) facts: Facts,
}

impl<'n> Request<'n> {
    pub(super) fn new(need: &'n Need, action: &'n str, resource: &Arn, place: &MachinePlace) -> Self {
        Self { need, action, resource: resource.at(place), facts: Facts::of(need, resource, place) }
    }
}

/// Whether a request is allowed, and the statement that decides.
#[derive(Debug)]
pub(super) struct Decision<'g> {
    pub(super) allowed: Holds,
    /// The statement that allows, denies or may do so; none where no statement is about it.
    pub(super) by: Option<&'g Grant>,
}

/// What the statements say.
pub(super) fn decide<'g>(request: &Request<'_>, grants: &'g [Grant]) -> Decision<'g> {
    let most = |allows: bool| {
        let those = grants.iter().filter(|grant| grant.allows == allows);
        those.map(|grant| (grant.applies(request), grant)).max_by_key(|(holds, _)| *holds)
    };
    let applies = |found: Option<(Holds, &'g Grant)>| found.filter(|(holds, _)| *holds > Holds::Never);
    match (applies(most(true)), applies(most(false))) {
        (_, Some((Holds::Always, grant))) => Decision { allowed: Holds::Never, by: Some(grant) },
        (None, _) => Decision { allowed: Holds::Never, by: None },
        (Some(_), Some((_, grant))) => Decision { allowed: Holds::Perhaps, by: Some(grant) },
        (Some((allowed, grant)), None) => Decision { allowed, by: Some(grant) },
    }
}

impl Grant {
    /// What a template fills in neither makes a grant lack nor a denial apply.
    pub(super) const fn trust(&self) -> Trust {
        if self.allows { Trust::Needed } else { Trust::None }
    }

    /// Whether the statement is about a request.
    pub(super) fn applies(&self, request: &Request<'_>) -> Holds {
        if !self.actions.has_action(request.action) {
            return Holds::Never;
        }
        let trust = self.trust();
        let checks = self.checks.iter().map(|check| check.holds(&request.facts, trust));
        checks.fold(self.resources.has_resource(&request.resource, trust), Holds::min)
    }
}

impl Listed {
    /// Whether an action is listed; small and large letters are the same.
    pub(super) fn has_action(&self, action: &str) -> bool {
        let action = of_pattern(&action.to_lowercase());
        let any = |patterns: &[Pattern]| {
            patterns.iter().any(|pattern| fits(&action, &pattern.tokens, Trust::None) == Holds::Always)
        };
        match self {
            Self::These(patterns) => any(patterns),
            Self::AllBut(patterns) => !any(patterns),
            Self::Unsaid => true,
        }
    }

    fn has_resource(&self, resource: &Arn, trust: Trust) -> Holds {
        let needed = of_arn(resource);
        let most = |patterns: &[Pattern], trust| {
            patterns.iter().map(|pattern| pattern.fits(&needed, trust)).max().unwrap_or(Holds::Never)
        };
        match self {
            Self::These(patterns) => most(patterns, trust),
            Self::AllBut(patterns) => most(patterns, Trust::None).not(),
            Self::Unsaid => Holds::Always,
        }
    }
}
