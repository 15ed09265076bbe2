//! What is written into the journal, and its bytes: each with a checksum, so that what a disk has made of it is not believed.

use crate::error::DurableError;
use asl_engine::codec::{self, Decode, Encode};
use asl_engine::{EffectId, Outcome, Snapshot, Timestamp};
use asl_value::Text;
use flate2::Crc;
use std::fmt::Write;

/// The kind of rows that are snapshots.
pub(super) const SNAPSHOT: i64 = 1;

/// The kind of the row of an execution that its task does not wait for any more.
const ABANDONED: i64 = 3;

/// What an execution was told at one moment.
pub(crate) type Answers = Vec<(EffectId, Outcome)>;

/// A row of an execution.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Entry {
    /// What it was told when it waited, and when that was.
    Answers(Timestamp, Answers),
    /// What it was told after a snapshot, though it did not wait.
    AtOnce(Timestamp, Answers),
    /// What it was, and when; and the number of its events till then.
    Snapshot(Timestamp, u64, Snapshot),
    /// The task that started it does not wait for it any more, since then: it is stopped before anything else.
    Abandoned(Abandoned),
}

/// What a row has in its columns.
pub(super) struct Row {
    pub(super) moment: Timestamp,
    pub(super) kind: i64,
    pub(super) what: String,
    pub(super) body: Vec<u8>,
}

/// That a task does not wait any more for the execution that it has started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Abandoned {
    /// Since when.
    pub(crate) moment: Timestamp,
    /// The ARN of the execution that the task is in.
    pub(crate) by: Text,
}

impl Abandoned {
    /// What the execution is told, in AWS's words.
    pub(crate) fn outcome(&self) -> Outcome {
        let cause = format!(
            "The Task state in AWS Step Functions execution [{}] which was managing this resource was aborted",
            self.by
        );
        Outcome::Stopped { error: None, cause: Some(cause) }
    }
}

impl Entry {
    pub(super) fn row(&self) -> Row {
        Row { moment: self.moment(), kind: self.kind(), what: self.what(), body: self.body() }
    }

    pub(crate) const fn moment(&self) -> Timestamp {
        match self {
            Self::Answers(moment, _)
            | Self::AtOnce(moment, _)
            | Self::Snapshot(moment, ..)
            | Self::Abandoned(Abandoned { moment, .. }) => *moment,
        }
    }

    const fn kind(&self) -> i64 {
        match self {
            Self::Answers(..) => 0,
            Self::Snapshot(..) => SNAPSHOT,
            Self::AtOnce(..) => 2,
            Self::Abandoned(_) => ABANDONED,
        }
    }

    /// For people.
    fn what(&self) -> String {
        match self {
            Self::Answers(_, answers) | Self::AtOnce(_, answers) => {
                let mut what = String::with_capacity(32);
                for (effect, outcome) in answers.iter().take(8) {
                    let comma = if what.is_empty() { "" } else { ", " };
                    // A text takes all that is written to it.
                    let _ = write!(what, "{comma}{effect} {}", name(outcome));
                }
                if answers.len() > 8 {
                    let _ = write!(what, " and {} more", answers.len() - 8);
                }
                what
            }
            Self::Snapshot(..) => String::from("snapshot"),
            Self::Abandoned(_) => String::from("abandoned by its task"),
        }
    }

    fn body(&self) -> Vec<u8> {
        match self {
            Self::Answers(moment, answers) | Self::AtOnce(moment, answers) => {
                sealed(&Borrowed(*moment, answers))
            }
            Self::Snapshot(moment, events, snapshot) => {
                sealed(&(*moment, (*events, codec::Bytes(snapshot.as_bytes().to_vec()))))
            }
            Self::Abandoned(Abandoned { moment, by }) => sealed(&(*moment, by.clone())),
        }
    }

    pub(crate) fn read(kind: i64, body: &[u8]) -> Result<Self, DurableError> {
        if kind == SNAPSHOT {
            let (moment, (events, bytes)): (_, (_, codec::Bytes)) = unsealed(body)?;
            let snapshot =
                Snapshot::from_bytes(bytes).map_err(|error| DurableError::Damaged(error.to_string()))?;
            return Ok(Self::Snapshot(moment, events, snapshot));
        }
        if kind == ABANDONED {
            let (moment, by) = unsealed(body)?;
            return Ok(Self::Abandoned(Abandoned { moment, by }));
        }
        let (moment, answers) = unsealed(body)?;
        match kind {
            0 => Ok(Self::Answers(moment, answers)),
            2 => Ok(Self::AtOnce(moment, answers)),
            _ => Err(DurableError::Damaged(format!("there are no rows of kind {kind}"))),
        }
    }
}

struct Borrowed<'a>(Timestamp, &'a Answers);

impl Encode for Borrowed<'_> {
    fn encode<'v>(&'v self, to: &mut codec::Encoder<'v>) {
        self.0.encode(to);
        self.1.encode(to);
    }
}

const fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Ended(Ok(_)) => "ended",
        Outcome::Ended(Err(_)) => "failed",
        Outcome::Submitted(_) => "submitted",
        Outcome::Heartbeat => "heartbeat",
        Outcome::Signalled(Ok(_)) => "signalled",
        Outcome::Signalled(Err(_)) => "signalled to have failed",
        Outcome::Accepted => "accepted",
        Outcome::Started { .. } => "started",
        Outcome::Fired(_) => "time is over",
        Outcome::Items(_) => "items",
        Outcome::ChildEnded(_) => "child ended",
        Outcome::Finished(_) => "finished",
        Outcome::Limited(_) => "limits",
        Outcome::Stopped { .. } => "stopped",
        Outcome::Redriven => "redriven",
        _ => "told",
    }
}

/// The bytes of something, after their checksum.
pub(crate) fn sealed(what: &impl Encode) -> Vec<u8> {
    let content = codec::to_bytes(what);
    let mut bytes = Vec::with_capacity(content.len() + size_of::<u32>());
    bytes.extend_from_slice(&checksum(&content).to_le_bytes());
    bytes.extend_from_slice(&content);
    bytes
}

/// What [`sealed`] bytes are of.
pub(crate) fn unsealed<T: Decode>(bytes: &[u8]) -> Result<T, DurableError> {
    let damaged = |how: &str| DurableError::Damaged(how.to_owned());
    let (sum, content) = bytes.split_first_chunk().ok_or_else(|| damaged("a row is too short"))?;
    if u32::from_le_bytes(*sum) != checksum(content) {
        return Err(damaged("the checksum of a row is another one"));
    }
    codec::from_bytes(content).map_err(|error| DurableError::Damaged(error.to_string()))
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_value::Value;

    #[test]
    fn entries_come_back_and_damaged_ones_do_not() {
        let effect: EffectId = "2.0/1#3".parse().unwrap();
        let answers = vec![(effect, Outcome::Ended(Ok(Value::from("done"))))];
        let entry = Entry::Answers(Timestamp::new(7, 9), answers);
        let body = entry.body();
        assert_eq!(Entry::read(0, &body), Ok(entry.clone()));
        assert_eq!(entry.what(), "2.0/1#3 ended");
        for place in 0..body.len() {
            let mut damaged = body.clone();
            damaged[place] ^= 0x10;
            assert!(Entry::read(0, &damaged).is_err(), "byte {place}");
        }
        assert!(Entry::read(1, &body).is_err());
        assert!(Entry::read(0, &[]).is_err());
    }
}
