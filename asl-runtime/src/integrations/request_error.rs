//! Why a request has no answer.

#![cfg_attr(not(feature = "clients"), allow(dead_code, reason = "each client uses a part of it"))]

use std::fmt;
use std::time::Duration;

/// What keeps a client from an answer: what the program was set up with, what the request has in it, or the way to the server. As a text it
/// shows no secret, and of an address no more than its host, because it becomes the cause of an error, and that is in histories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RequestError {
    /// A variable of the environment that sets a timeout.
    Variable(&'static str),
    NoRegion,
    /// Why there are no credentials.
    NoCredentials(String),
    /// Why a secret of a connection cannot be read.
    Secret(String),
    /// Why certificates cannot be used, or TLS not at all.
    Tls(String),
    /// Which address is none.
    NotAUrl(&'static str),
    /// A header cannot be sent, or the request not be signed.
    Unsendable(String),
    /// What took longer than it may.
    TimedOut(&'static str, Duration),
    /// The innermost reason of a client.
    Broken(String),
    /// Why there is no token to ask with.
    NoToken(String),
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => {
                write!(f, "the environment variable `{name}` is not a number of seconds above 0")
            }
            Self::NoRegion => {
                f.write_str("no AWS Region is set: set `AWS_REGION`, or `region` in the profile")
            }
            Self::NotAUrl(what) => write!(f, "{what} is not a valid URL"),
            Self::TimedOut(what, limit) => {
                write!(f, "{what} timed out after {} seconds", limit.as_secs_f64())
            }
            Self::NoCredentials(why)
            | Self::Secret(why)
            | Self::Tls(why)
            | Self::Unsendable(why)
            | Self::Broken(why)
            | Self::NoToken(why) => f.write_str(why),
        }
    }
}
