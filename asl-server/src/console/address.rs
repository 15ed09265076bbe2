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
