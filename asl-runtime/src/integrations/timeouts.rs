//! How long a server may keep a request waiting.
//!
//! In: what the host sets, what the environment sets, and what is usual. Out: the first of these.

#![cfg_attr(
    not(feature = "clients"),
    allow(dead_code, unused_imports, reason = "each client uses a part of it")
)]

use super::request_error::RequestError;
use std::time::Duration;

/// How long it may take to connect, if nothing else is set.
pub(super) const CONNECT: Duration = Duration::from_secs(10);
/// How long a server may be silent, if nothing else is set: a little longer than the longest poll of a service takes.
pub(super) const READ: Duration = Duration::from_secs(70);

/// Limits of time; nothing where there is none, or where it is set elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Timeouts {
    /// Until there is a connection, with TLS.
    pub(super) connect: Option<Duration>,
    /// Until an answer begins, and from each piece of it to the next.
    pub(super) read: Option<Duration>,
}

impl Timeouts {
    /// Those that the environment sets, or which of its variables cannot be read.
    pub(super) fn from_env() -> Result<Self, RequestError> {
        let seconds = |name: &'static str| match std::env::var_os(name).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => text.to_str().and_then(duration).map(Some).ok_or(RequestError::Variable(name)),
        };
        Ok(Self { connect: seconds("ASL_CONNECT_TIMEOUT")?, read: seconds("ASL_READ_TIMEOUT")? })
    }

    /// These limits, and the others' where none is set.
    pub(super) fn or(self, other: Self) -> Self {
        Self { connect: self.connect.or(other.connect), read: self.read.or(other.read) }
    }
}

fn duration(seconds: &str) -> Option<Duration> {
    let duration = Duration::try_from_secs_f64(seconds.trim().parse().ok()?).ok()?;
    (!duration.is_zero()).then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::Timeouts;
    use std::process::Command;

    /// Says in a separate process which timeouts it finds there: an environment is not changed while others read it.
    #[test]
    fn says_which_timeouts_it_finds() {
        if let Ok(expected) = std::env::var("EXPECTED_TIMEOUTS") {
            let found = Timeouts::from_env().map(|found| format!("{:?} {:?}", found.connect, found.read));
            assert_eq!(found.unwrap_or_else(|reason| reason.to_string()), expected);
        }
    }

    fn finds(expected: &str, variables: &[(&str, &str)]) {
        let name = "integrations::timeouts::tests::says_which_timeouts_it_finds";
        let said = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env_clear()
            .env("EXPECTED_TIMEOUTS", expected)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&said.stdout);
        assert!(said.status.success() && text.contains("1 passed"), "{variables:?}: {text}");
    }

    #[test]
    fn timeouts_are_seconds() {
        finds("None None", &[("ASL_READ_TIMEOUT", "")]);
        finds("Some(1.5s) Some(900s)", &[("ASL_CONNECT_TIMEOUT", "1.5"), ("ASL_READ_TIMEOUT", "900")]);
        for seconds in ["soon", "0", "-1", "inf", "NaN", "1e30"] {
            let reason = "the environment variable `ASL_READ_TIMEOUT` is not a number of seconds above 0";
            finds(reason, &[("ASL_READ_TIMEOUT", seconds)]);
        }
    }
}
