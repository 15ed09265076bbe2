//! What a worker is asked, and what it says: both halves of it, without IO.

use crate::codec::{Bytes, Decode, DecodeError, Encode, from_bytes, record, to_bytes, variants};
use crate::execution::{EffectId, Outcome, Progress, Start, Want};
use crate::history::{Needs, Told};
use crate::machine::StateType;
use crate::program::StateId;
use crate::trial::{Trial, Tried};
use asl_language::timestamp::Timestamp;
use asl_value::Text;
use std::fmt;
use std::time::Duration;

/// A frame has never more bytes than this.
pub const LARGEST: usize = 1 << 30;
/// The bytes of the number of bytes.
const HEAD: usize = size_of::<u32>();

/// What a worker is asked for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Request {
    /// An execution is to start.
    Start {
        /// The number that it is to have.
        execution: u64,
        /// The number of its machine.
        machine: u32,
        /// How it starts.
        start: Box<Start>,
    },
    /// Something came of an effect.
    Answer {
        /// Of which execution.
        execution: u64,
        /// Of which effect.
        effect: EffectId,
        /// What came of it.
        outcome: Outcome,
        /// When.
        now: Timestamp,
    },
    /// An execution is to go on.
    Run {
        /// Which one.
        execution: u64,
        /// The time.
        now: Timestamp,
    },
    /// An evaluation of an execution is to be given up if it takes long. There is no response.
    Stop {
        /// Of which execution.
        execution: u64,
    },
    /// An execution is wanted as bytes.
    Snapshot {
        /// Which one.
        execution: u64,
    },
    /// An execution is to go on that was bytes.
    Restore {
        /// The number that it is to have.
        execution: u64,
        /// The number of its machine.
        machine: u32,
        /// The bytes of its snapshot.
        snapshot: Bytes,
        /// What it is to tell.
        tells: Option<Needs>,
    },
    /// It is to be said what an execution waits for.
    Outstanding {
        /// Which one.
        execution: u64,
    },
    /// An execution is to be made into bytes, and to go on as what comes of these: as after a crash.
    Renew {
        /// Which one.
        execution: u64,
    },
    /// An execution is not needed any more.
    Forget {
        /// Which one.
        execution: u64,
    },
    /// It is to be said what machines there are.
    Describe,
    /// A single state is to be tried.
    Try {
        /// The number of its machine.
        machine: u32,
        /// What is to be tried.
        trial: Box<Trial>,
    },
}

/// What a worker says to a request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Response {
    /// It is done.
    Done,
    /// An answer was passed on.
    Answered {
        /// Whether the execution waited for it.
        is_taken: bool,
    },
    /// An execution has gone on.
    Ran(Ran),
    /// An execution as bytes.
    Snapshot {
        /// The bytes of its snapshot.
        snapshot: Bytes,
    },
    /// What an execution waits for.
    Outstanding {
        /// Each want once more.
        wants: Vec<Want>,
    },
    /// What machines there are.
    Described {
        /// Each by its number.
        machines: Vec<MachineDescription>,
    },
    /// A single state was tried.
    Tried {
        /// What came of it.
        tried: Box<Tried>,
    },
    /// The request cannot be met, and nothing has changed.
    Refused {
        /// Why.
        reason: String,
    },
}

/// How an execution has gone on.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// How far it came.
    pub progress: Progress,
    /// What it wants, in this order.
    pub wants: Vec<Want>,
    /// What has happened.
    pub told: Vec<Told>,
    /// The number of the state that was entered last.
    pub state: Option<StateId>,
    /// The number of events so far.
    pub events: u64,
}

/// A machine of a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineDescription {
    /// Its name.
    pub name: Text,
    /// The number of the state that it starts at.
    pub start_at: StateId,
    /// How long an execution may take.
    pub timeout: Option<Duration>,
    /// The text of its definition.
    pub definition: Text,
    /// Its states, each by its number.
    pub states: Vec<StateDescription>,
}

/// A state of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateDescription {
    /// Its name.
    pub name: Text,
    /// Its type.
    pub state_type: StateType,
    /// The number of its retriers.
    pub retriers: usize,
    /// The number of its catchers.
    pub catchers: usize,
}

variants!(Request {
    0 Start { execution, machine, start },
    1 Answer { execution, effect, outcome, now },
    2 Run { execution, now },
    3 Stop { execution },
    4 Snapshot { execution },
    5 Restore { execution, machine, snapshot, tells },
    6 Forget { execution },
    7 Describe,
    8 Renew { execution },
    9 Outstanding { execution },
    10 Try { machine, trial },
});
variants!(Response {
    0 Done,
    1 Answered { is_taken },
    2 Ran(ran),
    3 Snapshot { snapshot },
    4 Described { machines },
    5 Refused { reason },
    6 Outstanding { wants },
    7 Tried { tried },
});
record!(Ran { progress, wants, told, state, events });
record!(MachineDescription { name, start_at, timeout, definition, states });
record!(StateDescription { name, state_type, retriers, catchers });

/// Bytes are not frame, or not what they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// There are more bytes than a frame has.
    TooLarge(usize),
    /// The bytes end within a frame.
    Incomplete,
    /// The bytes of the frame are those of something else.
    Malformed(DecodeError),
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(length) => write!(f, "a frame of {length} bytes is larger than {LARGEST}"),
            Self::Incomplete => f.write_str("the bytes end within a frame"),
            Self::Malformed(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl std::error::Error for FrameError {}

impl Request {
    /// The frame to be written, with its length.
    ///
    /// # Errors
    /// It would be too large.
    pub fn to_frame(&self) -> Result<Vec<u8>, FrameError> {
        frame(self)
    }

    /// The request in a frame, without its length.
    ///
    /// # Errors
    /// There is none in it.
    pub fn from_frame(frame: &[u8]) -> Result<Self, FrameError> {
        content(frame)
    }
}

impl Response {
    /// The frame to be written, with its length.
    ///
    /// # Errors
    /// It would be too large.
    pub fn to_frame(&self) -> Result<Vec<u8>, FrameError> {
        frame(self)
    }

    /// The response in a frame, without its length.
    ///
    /// # Errors
    /// There is none in it.
    pub fn from_frame(frame: &[u8]) -> Result<Self, FrameError> {
        content(frame)
    }
}

fn frame(content: &impl Encode) -> Result<Vec<u8>, FrameError> {
    let content = to_bytes(content);
    let length = u32::try_from(content.len()).ok().filter(|_| content.len() <= LARGEST);
    let length = length.ok_or(FrameError::TooLarge(content.len()))?;
    let mut frame = Vec::with_capacity(HEAD + content.len());
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(&content);
    Ok(frame)
}

fn content<T: Decode>(frame: &[u8]) -> Result<T, FrameError> {
    from_bytes(frame).map_err(FrameError::Malformed)
}

/// Puts frames together from bytes as they come.
///
/// ```
/// use asl_engine::worker::{Frames, Request};
///
/// let bytes = Request::Describe.to_frame()?;
/// let (first, second) = bytes.split_at(3);
/// let mut frames = Frames::default();
/// frames.push(first);
/// assert_eq!(frames.next_frame()?, None);
/// frames.push(second);
/// let frame = frames.next_frame()?.unwrap_or_default();
/// assert_eq!(Request::from_frame(&frame)?, Request::Describe);
/// frames.finish()?;
/// # Ok::<(), asl_engine::worker::FrameError>(())
/// ```
#[derive(Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    /// Where the next frame begins.
    at: usize,
}

impl Frames {
    /// Takes bytes that came.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.at > 0 {
            self.bytes.drain(..self.at);
            self.at = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame, without its length, if all of it is there.
    ///
    /// # Errors
    /// It is too large.
    pub fn next_frame(&mut self) -> Result<Option<Vec<u8>>, FrameError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some((length, rest)) = rest.split_first_chunk() else { return Ok(None) };
        let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        if length > LARGEST {
            return Err(FrameError::TooLarge(length));
        }
        let Some(frame) = rest.get(..length) else { return Ok(None) };
        let frame = frame.to_vec();
        self.at += HEAD + length;
        Ok(Some(frame))
    }

    /// Whether all bytes were those of frames that were given.
    ///
    /// # Errors
    /// There are more.
    pub const fn finish(&self) -> Result<(), FrameError> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(FrameError::Incomplete) }
    }
}
