//! What the services of a machine are called.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The names of the services of one machine.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "endpoint"), expect(dead_code, reason = "clients call only some of them"))]
pub(crate) struct Names {
    pub(crate) workflow: String,
    pub(crate) tasks: String,
    pub(crate) children: String,
    pub(crate) tokens: String,
    pub(crate) callbacks: String,
    pub(crate) activities: String,
    pub(crate) executions: String,
    /// Another one for each build, because only the same build can go through an execution again.
    pub(crate) build: String,
}

/// What is between the name of a machine and the number of its build.
const BUILD: &str = ".build.";

impl Names {
    pub(crate) fn of(machine: &str, definition: &str) -> Self {
        let of = |part: &str| format!("{machine}.{part}");
        let build = digest([definition, env!("CARGO_PKG_VERSION")]);
        Self {
            workflow: machine.to_owned(),
            tasks: of("tasks"),
            children: of("children"),
            tokens: of("tokens"),
            callbacks: of("callbacks"),
            activities: of("activities"),
            executions: of("executions"),
            build: format!("{machine}{BUILD}{}", build.get(..16).unwrap_or(&build)),
        }
    }
}

/// The machine whose build has a service of this name.
#[cfg(feature = "client")]
pub(crate) fn machine_of_build(service: &str) -> Option<&str> {
    service.rsplit_once(BUILD).map(|(machine, _)| machine)
}

/// The key of a token. It is not the token itself, because keys are shown to people, and who has a token can end its task.
pub(crate) fn key_of(task_token: &str) -> String {
    digest([task_token])
}

fn digest<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut digest = Sha256::new();
    texts.into_iter().for_each(|text| digest.update(text));
    digest.finalize().iter().fold(String::with_capacity(64), |mut key, byte| {
        // Writing to a text does not fail.
        let _ = write!(key, "{byte:02x}");
        key
    })
}

#[cfg(feature = "endpoint")]
mod targets {
    use super::{Names, key_of};
    use restate_sdk::context::RequestTarget;

    impl Names {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_its_key() {
        assert!(key_of("secret").starts_with("2bb80d537b1da3e3"));
    }

    #[test]
    fn another_definition_is_another_build() {
        let build = |definition| Names::of("order", definition).build;
        assert_eq!(build("{}"), build("{}"));
        assert_ne!(build("{}"), build("{ }"));
        assert!(build("{}").starts_with("order.build."));
    }
}
