//! The addresses of pages.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What is written as it is in a part of a path.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

pub(crate) fn part(text: &str) -> String {
    utf8_percent_encode(text, PART).to_string()
}

/// The page of a machine.
pub(crate) fn machine(name: &str) -> String {
    format!("/machines/{}", part(name))
}

/// The page of an execution.
pub(crate) fn execution(machine: &str, name: &str) -> String {
    format!("/executions/{}/{}", part(machine), part(name))
}

/// The page of an execution by its ARN, if it is one.
pub(crate) fn of_execution(arn: &str) -> Option<String> {
    let mut parts = arn.splitn(8, ':').skip(5);
    match (parts.next(), parts.next(), parts.next()) {
        (Some("execution"), Some(machine), Some(name)) => Some(execution(machine, name)),
        _ => None,
    }
}

/// The page of a Map Run.
pub(crate) fn map_run(arn: &str) -> String {
    format!("/map-runs?arn={}", part(arn))
}

/// The executions of a machine.
pub(crate) fn executions_of(machine: &str) -> String {
    format!("/executions?machine={}", part(machine))
}

/// Where links to stays in states lead, and to what they have started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// To pages that the server makes when they are asked for.
    Pages,
    /// To panels of the same page, which has them all and knows of no server.
    Panels,
    /// To the text of the definition on the same page.
    Text,
}

impl Links {
    /// The page of a stay.
    pub(crate) fn visit(self, number: usize) -> String {
        match self {
            Self::Pages => format!("?visit={number}#inspect"),
            Self::Panels => format!("#visit-{number}"),
            Self::Text => "#text".to_owned(),
        }
    }

    /// The page of a state; in a report that is the stay in it, if there was one.
    pub(crate) fn state(self, name: &str, stay: impl FnOnce() -> Option<usize>) -> String {
        match self {
            Self::Pages => {
                let query =
                    form_urlencoded::Serializer::new(String::new()).append_pair("state", name).finish();
                format!("?{query}#inspect")
            }
            Self::Panels => stay().map_or_else(|| self.whole().to_owned(), |stay| self.visit(stay)),
            Self::Text => self.whole().to_owned(),
        }
    }

    /// The page of the execution.
    pub(crate) const fn whole(self) -> &'static str {
        match self {
            Self::Pages => "?#inspect",
            Self::Panels => "#whole",
            Self::Text => "#text",
        }
    }

    /// The page of a nested execution.
    pub(crate) fn execution(self, arn: &str) -> Option<String> {
        (self == Self::Pages).then(|| of_execution(arn)).flatten()
    }

    /// The page of the iterations of a stay in a Map.
    pub(crate) fn iterations(self, visit: usize) -> Option<String> {
        (self == Self::Pages).then(|| format!("?iterations={visit}"))
    }

    /// The page of a Map Run.
    pub(crate) fn map_run(self, arn: &str) -> Option<String> {
        (self == Self::Pages).then(|| map_run(arn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_lead_elsewhere() {
        assert_eq!(execution("a/b", "../é ?"), "/executions/a%2Fb/..%2F%C3%A9%20%3F");
        let arn = "arn:aws:states:us-east-1:000000000000:execution:Order/Lines:3f";
        assert_eq!(of_execution(arn).as_deref(), Some("/executions/Order%2FLines/3f"));
        assert_eq!(of_execution("arn:aws:states:us-east-1:0:stateMachine:Order"), None);
    }
}
