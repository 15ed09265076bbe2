//! Names of effects: the lane that asks, the visit in it, the attempt. The same in every replay of an execution.

use crate::codec::{Decode, DecodeError, Decoder, Encode, Encoder, record};
use crate::random::mix;
use asl_language::limits::VALUE_DEPTH;
use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;
use triomphe::Arc;

/// Where a lane is: the way down to it from the root of its execution, by the visits that opened branches or iterations.
///
/// It is written as `2.0/1.3`: the lane of branch 0 of the second effect of the root, and in it iteration 3 of its first effect. The root is
/// the empty text.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::LaneAddress;
///
/// let iteration = LaneAddress::ROOT.inner(2, 0).inner(1, 3);
/// assert_eq!(iteration.to_string(), "2.0/1.3");
/// assert_eq!(iteration.steps(), [(2, 0), (1, 3)]);
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneAddress(Option<Arc<AddressStep>>);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct AddressStep {
    around: LaneAddress,
    visit: u32,
    index: u32,
}

impl LaneAddress {
    /// The lane in which an execution starts.
    pub const ROOT: Self = Self(None);

    /// The lane of a branch or an iteration, by its number from 0, of an effect of this lane.
    #[must_use]
    pub fn inner(&self, visit: u32, index: u32) -> Self {
        Self(Some(Arc::new(AddressStep { around: self.clone(), visit, index })))
    }

    /// The lane around this one, the visit in it, and the number of this one; nothing for the root.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::engine::LaneAddress;
    ///
    /// let branch = LaneAddress::ROOT.inner(2, 1);
    /// assert_eq!(branch.around(), Some((&LaneAddress::ROOT, 2, 1)));
    /// assert_eq!(LaneAddress::ROOT.around(), None);
    /// # }
    /// ```
    #[must_use]
    pub fn around(&self) -> Option<(&Self, u32, u32)> {
        self.0.as_deref().map(|step| (&step.around, step.visit, step.index))
    }

    /// The visits and numbers from the root down.
    #[must_use]
    pub fn steps(&self) -> Vec<(u32, u32)> {
        let mut steps: Vec<_> = std::iter::successors(self.0.as_deref(), |step| step.around.0.as_deref())
            .map(|step| (step.visit, step.index))
            .collect();
        steps.reverse();
        steps
    }

    /// The same from visits and numbers; nothing where these are more than the states of any definition can be nested.
    fn from_steps(steps: impl IntoIterator<Item = (u32, u32)>) -> Option<Self> {
        let mut lane = Self::ROOT;
        for (place, (visit, index)) in (0..).zip(steps) {
            if place >= VALUE_DEPTH {
                return None;
            }
            lane = lane.inner(visit, index);
        }
        Some(lane)
    }
}

impl Encode for LaneAddress {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        let steps = self.steps();
        to.length(steps.len());
        for (visit, index) in steps {
            to.number(visit.into());
            to.number(index.into());
        }
    }
}

impl Decode for LaneAddress {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let steps: Vec<(u32, u32)> = Decode::decode(from)?;
        Self::from_steps(steps).ok_or_else(|| from.invalid("the address of a lane is too long"))
    }
}

/// Where the chance of a lane begins that is opened within another one.
pub(crate) const fn inner_seed(around: u64, visit: u32, index: u32) -> u64 {
    mix(around ^ mix((visit as u64) << 32 | index as u64))
}

impl fmt::Display for LaneAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (visit, index)) in self.steps().iter().enumerate() {
            let slash = if place == 0 { "" } else { "/" };
            write!(f, "{slash}{visit}.{index}")?;
        }
        Ok(())
    }
}

/// The name of an effect within its execution.
///
/// It is the key of a journal, the idempotency key of a service that takes one, and the match of a replay.
///
/// ```
/// use asl_engine::EffectId;
///
/// let effect: EffectId = "2.0/1.3/4#1".parse().unwrap();
/// assert_eq!((effect.visit, effect.attempt), (4, 1));
/// assert_eq!(effect.lane.to_string(), "2.0/1.3");
/// assert_eq!(effect.to_string(), "2.0/1.3/4#1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectId {
    /// The lane that asks.
    pub lane: LaneAddress,
    /// Which of the states of the lane that ask for something, from 1; 0 is the execution itself, which can time out and be stopped.
    pub visit: u32,
    /// How often the state has been tried again, from 0.
    pub attempt: u32,
}

record!(EffectId { lane, visit, attempt });

impl EffectId {
    /// The execution as a whole.
    pub const EXECUTION: Self = Self { lane: LaneAddress::ROOT, visit: 0, attempt: 0 };

    /// Whether this is the execution as a whole.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() -> Result<(), asl_runtime::engine::InvalidEffectId> {
    /// use asl_runtime::engine::EffectId;
    ///
    /// assert!(EffectId::EXECUTION.is_execution());
    /// assert!(!"1#0".parse::<EffectId>()?.is_execution());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_execution(&self) -> bool {
        self.visit == 0
    }
}

impl fmt::Display for EffectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lane != LaneAddress::ROOT {
            write!(f, "{}/", self.lane)?;
        }
        write!(f, "{}#{}", self.visit, self.attempt)
    }
}

/// A text is the name of no effect.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::EffectId;
///
/// let error = "first".parse::<EffectId>().unwrap_err();
/// assert_eq!(error.to_string(), "`first` is the name of no effect, which looks like `2.0/1.3/4#1`");
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidEffectId(String);

impl fmt::Display for InvalidEffectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is the name of no effect, which looks like `2.0/1.3/4#1`", self.0)
    }
}

impl std::error::Error for InvalidEffectId {}

impl FromStr for EffectId {
    type Err = InvalidEffectId;

    fn from_str(text: &str) -> Result<Self, InvalidEffectId> {
        let invalid = || InvalidEffectId(text.chars().take(80).collect());
        let (way, attempt) = text.rsplit_once('#').ok_or_else(invalid)?;
        let (lane, visit) = way.rsplit_once('/').map_or((None, way), |(lane, visit)| (Some(lane), visit));
        let number = |text: &str| text.parse().map_err(|_: ParseIntError| invalid());
        let steps = lane.into_iter().flat_map(|lane| lane.split('/')).map(|step| {
            let (visit, index) = step.split_once('.').ok_or_else(invalid)?;
            Ok((number(visit)?, number(index)?))
        });
        let lane = LaneAddress::from_steps(steps.collect::<Result<Vec<_>, _>>()?).ok_or_else(invalid)?;
        Ok(Self { lane, visit: number(visit)?, attempt: number(attempt)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for text in ["1#0", "0#0", "7#2", "2.0/1#0", "2.0/1.3/4#1"] {
            let effect: EffectId = text.parse().unwrap();
            assert_eq!(effect.to_string(), text);
        }
        for text in ["", "#", "1", "a#0", "1#b", "1.2#0", "1/2#0", "/1#0", "1.2/#0", "99999999999#0"] {
            assert!(text.parse::<EffectId>().is_err(), "{text}");
        }
    }

    #[test]
    fn lanes_have_chances_of_their_own() {
        assert_ne!(inner_seed(5, 1, 2), inner_seed(5, 2, 1));
        assert_ne!(inner_seed(5, 1, 2), inner_seed(6, 1, 2));
    }

    #[test]
    fn a_name_is_not_longer_than_states_can_be_nested() {
        let name = |steps: usize| format!("{}1#0", "1.0/".repeat(steps)).parse::<EffectId>();
        assert_eq!(name(127).unwrap().lane.steps().len(), 127);
        assert!(name(128).is_err());
        assert!(name(1_000_000).is_err());
    }
}
