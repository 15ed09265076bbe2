//! Names that come of chance: the numbers are drawn when an execution starts, and become a text when it is read, because most executions
//! end before anyone has.

use crate::codec::{Decode, DecodeError, Decoder, Encode, Encoder};
use crate::random::uuid_of;
use asl_value::Text;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// The name or the ARN of an execution. Reads as the text that it is; `clone` returns that text.
#[derive(Default)]
pub struct Name {
    /// In separate memory, as there mostly is none.
    text: OnceLock<Box<Text>>,
    /// What is before the UUID.
    before: Option<Arc<str>>,
    /// What the UUID is made of.
    numbers: [u64; 2],
}

impl Name {
    /// The UUID of two numbers that came of chance.
    #[must_use]
    pub const fn of_chance(numbers: [u64; 2]) -> Self {
        Self { text: OnceLock::new(), before: None, numbers }
    }

    /// The same with something before it.
    #[must_use]
    pub fn after(mut self, before: Arc<str>) -> Self {
        self.before = Some(before);
        self
    }

    /// Another one of the same text.
    pub(super) fn copy(&self) -> Self {
        Self { text: self.text.clone(), before: self.before.clone(), numbers: self.numbers }
    }

    fn make(&self) -> Box<Text> {
        let uuid = uuid_of(self.numbers);
        Box::new(match &self.before {
            None => uuid,
            Some(before) => [&**before, &uuid].concat().into(),
        })
    }
}

impl Deref for Name {
    type Target = Text;

    fn deref(&self) -> &Text {
        self.text.get_or_init(|| self.make())
    }
}

impl From<Text> for Name {
    fn from(text: Text) -> Self {
        Self { text: OnceLock::from(Box::new(text)), before: None, numbers: [0; 2] }
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Text::from(text).into()
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Text::from(text).into()
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl Encode for Name {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        (**self).encode(to);
    }
}

impl Decode for Name {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Text::decode(from).map(Self::from)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::to_bytes;

    #[test]
    fn a_name_that_is_read_late_is_the_one_that_was_given() {
        let late = || Name::of_chance([7, 8]).after("arn:aws:states:local:0:execution:Orders:".into());
        let given = Name::from(late().clone());
        assert_eq!(given, "arn:aws:states:local:0:execution:Orders:00000000-0000-4007-8000-000000000008");
        assert_eq!(late(), given);
        assert_eq!((late().to_string(), format!("{given:?}")), (given.to_string(), format!("{:?}", &*given)));
        assert!(given.to_string().ends_with("-4007-8000-000000000008"));
        assert_eq!(late().copy(), given);
        assert_eq!(to_bytes(&late()), to_bytes(&given));
        assert_eq!(Name::of_chance([7, 8]), "00000000-0000-4007-8000-000000000008");
    }
}
