//! An execution as bytes, and back.
//!
//! In: an execution that waits, or that others have interrupted. Out: a [`Snapshot`], from which it goes on as if nothing had been, in
//! this process or in another one that has the same machine. Nothing is believed of the bytes of a snapshot: what comes of one can be driven
//! without a panic and without end, or it is refused.
//!
//! ```text
//! snapshot = "ASLX", version, checksum of all that follows (8 bytes), name of the machine, fingerprint of its states (8 bytes), state
//! state    = the execution in the form of the codec
//! ```
//!
//! What follows from other parts is not in it: the lane around a lane, its address, its chance, the item of its iteration, and what there
//! is to know of a task apart from the task.

mod check;
mod link;
mod state;

use super::Execution;
use crate::codec::{Decode, DecodeError, Decoder, Encode, Encoder};
use crate::machine::StateInfo;
use crate::program::Program;
use crate::random::{STEP, mix};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_core::de::{self, Deserialize, Deserializer, Visitor};
use serde_core::ser::{Serialize, Serializer};
use std::fmt;

/// What a snapshot begins with.
const MAGIC: &[u8; 4] = b"ASLX";
/// Changes with every change of what is written.
const VERSION: u8 = 5;
/// The bytes before those that the checksum is of.
const HEAD: usize = MAGIC.len() + 1 + size_of::<u64>();

/// An execution, as it is at a moment, as bytes.
///
/// `serde` writes it as bytes, or as text in base64 where the format is for people.
///
/// ```
/// # use asl_engine::{Execution, Program, SnapshotError};
/// # fn go_on(execution: &Execution, program: &'static dyn Program) -> Result<(), SnapshotError> {
/// use asl_engine::Snapshot;
///
/// let bytes = execution.snapshot().into_bytes();
/// // Later, in another process:
/// let execution = Execution::restore(program, &Snapshot::from_bytes(bytes)?)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    bytes: Vec<u8>,
}

/// Why there is no execution in a snapshot.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::{Execution, Snapshot, program};
///
/// let mut bytes = order::started().snapshot().into_bytes();
/// bytes.pop();
/// let damaged = Snapshot::from_bytes(bytes);
/// assert!(damaged.and_then(|snapshot| Execution::restore(program::<order::Machine>(), &snapshot)).is_err());
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The bytes do not begin as a snapshot does.
    NoSnapshot,
    /// It is of another version of this crate.
    Version {
        /// The number of the version.
        found: u8,
        /// The version that this crate reads.
        expected: u8,
    },
    /// It is of another machine.
    Machine {
        /// The name of the machine in the snapshot.
        found: String,
        /// The name of the machine that was to go on with it.
        expected: String,
    },
    /// It is of a machine of the same name with other states.
    States {
        /// The name of the machine.
        machine: String,
    },
    /// The bytes are not those that were written.
    Damaged(String),
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSnapshot => f.write_str("this is not a snapshot of an execution"),
            Self::Version { found, expected } => {
                write!(f, "the snapshot is of version {found}, and version {expected} is read here")
            }
            Self::Machine { found, expected } => {
                write!(f, "the snapshot is of the machine `{found}`, not of `{expected}`")
            }
            Self::States { machine } => {
                write!(f, "the snapshot is of a machine `{machine}` with other states")
            }
            Self::Damaged(how) => write!(f, "the snapshot is damaged: {how}"),
        }
    }
}

impl std::error::Error for SnapshotError {}

impl From<DecodeError> for SnapshotError {
    fn from(error: DecodeError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl Snapshot {
    /// The bytes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::engine::Snapshot;
    ///
    /// let snapshot = order::started().snapshot();
    /// assert_eq!(Snapshot::from_bytes(snapshot.as_bytes()), Ok(snapshot));
    /// # }
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The snapshot of these bytes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::engine::{Snapshot, SnapshotError};
    ///
    /// assert_eq!(Snapshot::from_bytes([1, 2, 3]), Err(SnapshotError::NoSnapshot));
    /// # }
    /// ```
    ///
    /// # Errors
    /// They are not snapshot of this version, or not as they were written.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self, SnapshotError> {
        let snapshot = Self { bytes: bytes.into() };
        snapshot.parts()?;
        Ok(snapshot)
    }

    /// The version of its form.
    #[must_use]
    pub fn version(&self) -> u8 {
        self.bytes.get(MAGIC.len()).copied().unwrap_or(VERSION)
    }

    /// The name of the machine.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// assert_eq!(order::started().snapshot().machine(), "order");
    /// # }
    /// ```
    #[must_use]
    pub fn machine(&self) -> &str {
        self.parts().map_or("", |parts| parts.machine)
    }

    pub(super) fn new(machine: &str, fingerprint: u64, state: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(HEAD + machine.len() + state.len() + 16);
        bytes.extend_from_slice(MAGIC);
        bytes.push(VERSION);
        bytes.extend_from_slice(&[0; size_of::<u64>()]);
        bytes.extend_from_slice(&(machine.len() as u64).to_le_bytes());
        bytes.extend_from_slice(machine.as_bytes());
        bytes.extend_from_slice(&fingerprint.to_le_bytes());
        bytes.extend_from_slice(state);
        let checksum = bytes.get(HEAD..).map_or(0, checksum);
        if let Some(place) = bytes.get_mut(HEAD - size_of::<u64>()..HEAD) {
            place.copy_from_slice(&checksum.to_le_bytes());
        }
        Self { bytes }
    }

    pub(super) fn parts(&self) -> Result<Parts<'_>, SnapshotError> {
        let rest = self.bytes.strip_prefix(MAGIC).ok_or(SnapshotError::NoSnapshot)?;
        let (version, rest) = rest.split_first().ok_or(SnapshotError::NoSnapshot)?;
        if *version != VERSION {
            return Err(SnapshotError::Version { found: *version, expected: VERSION });
        }
        let too_short = || SnapshotError::Damaged("the bytes end too early".into());
        let (sum, rest) = rest.split_first_chunk().ok_or_else(too_short)?;
        if u64::from_le_bytes(*sum) != checksum(rest) {
            return Err(SnapshotError::Damaged("the checksum is another one".into()));
        }
        let (length, rest) = rest.split_first_chunk().ok_or_else(too_short)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| too_short())?;
        let (machine, rest) = rest.split_at_checked(length).ok_or_else(too_short)?;
        let machine = std::str::from_utf8(machine)
            .map_err(|_| SnapshotError::Damaged("the name of the machine is not in UTF-8".into()))?;
        let (fingerprint, state) = rest.split_first_chunk().ok_or_else(too_short)?;
        Ok(Parts { machine, fingerprint: u64::from_le_bytes(*fingerprint), state })
    }
}

pub(super) struct Parts<'s> {
    pub(super) machine: &'s str,
    pub(super) fingerprint: u64,
    pub(super) state: &'s [u8],
}

impl Execution {
    /// All of it as bytes, what was not asked for yet included. The same execution yields the same bytes.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() -> Result<(), asl_runtime::engine::SnapshotError> {
    /// use asl_runtime::engine::{Execution, program};
    ///
    /// let execution = order::started();
    /// let restored = Execution::restore(program::<order::Machine>(), &execution.snapshot())?;
    /// assert_eq!(restored.snapshot(), execution.snapshot());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let mut encoder = Encoder::new();
        self.encode(&mut encoder);
        let fingerprint = fingerprint(&self.program.states());
        Snapshot::new(self.program.name(), fingerprint, &encoder.finish())
    }

    /// The execution of a snapshot, which goes on as the one did that it was taken of.
    ///
    /// # Errors
    /// It is a snapshot of another machine or another version, or is damaged.
    pub fn restore(program: &'static dyn Program, snapshot: &Snapshot) -> Result<Self, SnapshotError> {
        let parts = snapshot.parts()?;
        if parts.machine != program.name() {
            return Err(SnapshotError::Machine {
                found: parts.machine.to_owned(),
                expected: program.name().to_owned(),
            });
        }
        let states = program.states();
        if parts.fingerprint != fingerprint(&states) {
            return Err(SnapshotError::States { machine: parts.machine.to_owned() });
        }
        let mut decoder = Decoder::new(parts.state)?;
        let context = Decode::decode(&mut decoder)?;
        let execution = Self::decode_progress(program, context, &states, &mut decoder)?;
        decoder.finish()?;
        let damaged = |how: &'static str| SnapshotError::Damaged(how.into());
        execution.check(&states).map_err(damaged)?;
        Ok(execution)
    }
}

/// A number made of the names and types of all states.
fn fingerprint(states: &[&'static StateInfo]) -> u64 {
    states.iter().fold(0, |number, state| {
        let state =
            checksum(state.name.as_bytes()) ^ checksum(state.state_type.name().as_bytes()).rotate_left(1);
        mix(number ^ state).wrapping_add(STEP)
    })
}

/// A number that is another one if the bytes are others, as far as they were not made to be.
fn checksum(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let mut last = [0; size_of::<u64>()];
    last.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    let sum = words
        .iter()
        .chain([&last])
        .fold(bytes.len() as u64, |sum, word| mix(sum ^ u64::from_le_bytes(*word)).wrapping_add(STEP));
    mix(sum)
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No data, which may hold secrets.
        f.debug_struct("Snapshot")
            .field("version", &self.version())
            .field("machine", &self.machine())
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

impl Serialize for Snapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&STANDARD.encode(&self.bytes))
        } else {
            serializer.serialize_bytes(&self.bytes)
        }
    }
}

impl<'de> Deserialize<'de> for Snapshot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(SnapshotVisitor)
        } else {
            deserializer.deserialize_byte_buf(SnapshotVisitor)
        }
    }
}

struct SnapshotVisitor;

impl Visitor<'_> for SnapshotVisitor {
    type Value = Snapshot;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a snapshot of an execution, as bytes or in base64")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Snapshot, E> {
        self.visit_byte_buf(STANDARD.decode(text).map_err(E::custom)?)
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Snapshot, E> {
        self.visit_byte_buf(bytes.to_vec())
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Snapshot, E> {
        Snapshot::from_bytes(bytes).map_err(E::custom)
    }
}
