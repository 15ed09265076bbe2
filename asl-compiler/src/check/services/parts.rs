//! The objects among the parameters of an action, each with what holds it: the rules about members are rules about one of these.

use crate::check::given::{Given, GivenMember, What};
use crate::json::Text;
use crate::services::ActionCall;
use crate::source::Span;
use crate::suggest::is_slip_of;

/// An object whose members are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'g, 'a> {
    /// The service, by the name that it has in `aws-sdk` tasks.
    pub(super) service: &'g str,
    /// What holds it: the action, or the parameter that it is the value of, or an element of.
    pub(super) owner: &'g str,
    /// What holds its owner.
    parent: &'g str,
    /// What is in it.
    pub(super) members: &'g [GivenMember<'a>],
    /// Where it is written.
    pub(super) span: Span,
}

/// The name in `aws-sdk` tasks of a service that Step Functions integrates with under another one.
pub(super) fn service_of(call: &ActionCall) -> &'static str {
    match call.called().0 {
        "states" => "sfn",
        "events" => "eventbridge",
        "elasticmapreduce" => "emr",
        "emr-containers" => "emrcontainers",
        "emr-serverless" => "emrserverless",
        service => service,
    }
}

/// All objects of parameters, each before those in it.
pub(super) fn each<'g, 'a>(
    service: &'g str,
    action: &'g str,
    given: &'g Given<'a>,
    found: &mut impl FnMut(Part<'g, 'a>),
) {
    visit(Part { service, owner: action, parent: "", members: &[], span: given.span }, given, found);
}

fn visit<'g, 'a>(place: Part<'g, 'a>, given: &'g Given<'a>, found: &mut impl FnMut(Part<'g, 'a>)) {
    if let What::Object(Some(members)) = &given.what {
        let part = Part { members, span: given.span, ..place };
        found(part);
        for member in members {
            visit(Part { owner: &member.name, parent: place.owner, ..part }, &member.value, found);
        }
    } else if let What::List(Some(elements)) = &given.what {
        elements.iter().for_each(|element| visit(place, element, found));
    }
}

impl<'g, 'a> Part<'g, 'a> {
    /// Whether it is what a rule is about: nothing is any action, `*` any service or any object, and `Map.*` any value of a map of that name.
    pub(super) fn is(&self, service: &str, owner: &str) -> bool {
        (service == self.service || service == "*")
            && (owner.is_empty() && self.parent.is_empty()
                || owner == self.owner
                || owner == "*"
                || owner.strip_suffix(".*").is_some_and(|map| map == self.parent))
    }

    /// A member that is certain to be there.
    pub(super) fn always(&self, name: &str) -> Option<&'g GivenMember<'a>> {
        self.members.iter().find(|member| {
            member.name == name && member.is_always && !matches!(member.value.what, What::Null)
        })
    }

    /// The text of a member that is written out.
    pub(super) fn text(&self, name: &str) -> Option<&'g Text> {
        let member = self.members.iter().find(|member| member.name == name)?;
        if let What::Text(text) = &member.value.what { text.as_deref() } else { None }
    }

    /// Whether it may have one of these: a key with a placeholder may become any other, and one with a typo was reported as such.
    pub(super) fn may_have(&self, names: &[&str]) -> bool {
        self.members.iter().any(|member| {
            member.name.contains("${") || names.iter().any(|name| is_slip_of(&member.name, name))
        })
    }

    /// What messages call it.
    pub(super) fn name(&self) -> String {
        if self.parent.is_empty() {
            format!("`{}:{}`", self.service, self.owner)
        } else {
            format!("`{}`", self.owner)
        }
    }

    /// The first byte of it.
    pub(super) const fn start(&self) -> Span {
        Span::new(self.span.start, self.span.start.saturating_add(1))
    }
}
