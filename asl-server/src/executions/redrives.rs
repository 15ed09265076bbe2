//! Redrives that clients have asked for with a token: a client that asks once more, because it heard no answer, gets the same one.

use crate::protocol::date::Date;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// So many are known.
const KEPT: usize = 1_000;

/// The last redrives, the newest first: of which execution, with which token, and when.
#[derive(Debug, Default)]
pub(super) struct Redrives(Mutex<VecDeque<(String, String, Date)>>);

impl Redrives {
    /// When an execution was redriven with this token.
    pub(super) fn of(&self, arn: &str, client_token: Option<&str>) -> Option<Date> {
        let client_token = client_token?;
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(of, token, _)| of == arn && token == client_token).map(|(_, _, date)| *date)
    }

    /// An execution was redriven.
    pub(super) fn keep(&self, arn: &str, client_token: Option<&str>, date: Date) {
        let Some(client_token) = client_token else { return };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.push_front((arn.to_owned(), client_token.to_owned(), date));
        known.truncate(KEPT);
    }
}
