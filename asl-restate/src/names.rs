//! How the services of a machine are called.

use restate_sdk::context::RequestTarget;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The names of the services of one machine.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) workflow: String,
    pub(crate) tasks: String,
    pub(crate) children: String,
    pub(crate) tokens: String,
    pub(crate) callbacks: String,
    pub(crate) activities: String,
}

impl Names {
    pub(crate) fn of(machine: &str) -> Self {
        let of = |part: &str| format!("{machine}.{part}");
        Self {
            workflow: machine.to_owned(),
            tasks: of("tasks"),
            children: of("children"),
            tokens: of("tokens"),
            callbacks: of("callbacks"),
            activities: of("activities"),
        }
    }

    pub(crate) fn task(&self, handler: &str) -> RequestTarget {
        RequestTarget::service(&self.tasks, handler)
    }

    pub(crate) fn child(&self) -> RequestTarget {
        RequestTarget::service(&self.children, "run")
    }

    pub(crate) fn token(&self, task_token: &str, handler: &str) -> RequestTarget {
        RequestTarget::object(&self.tokens, key_of(task_token), handler)
    }

    pub(crate) fn activity(&self, arn: &str, handler: &str) -> RequestTarget {
        RequestTarget::object(&self.activities, arn, handler)
    }
}

/// The key of a token. It is not the token itself, because keys are shown to people, and who has a token can end its task.
fn key_of(task_token: &str) -> String {
    Sha256::digest(task_token.as_bytes()).iter().fold(String::with_capacity(64), |mut key, byte| {
        // Writing to a text does not fail.
        let _ = write!(key, "{byte:02x}");
        key
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_its_key() {
        let target = Names::of("order").token("secret", "register").to_string();
        assert!(target.starts_with("order.tokens/2bb80d537b1da3e3"), "{target}");
        assert!(!target.contains("secret"));
    }
}
