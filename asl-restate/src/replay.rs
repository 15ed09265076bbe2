//! The journal that Restate has of an invocation, in the form in which Restate itself would send it to a process that is to go on with it.
//!
//! In: an invocation, and the entries of its journal as Restate's tables have them. Out: bytes. They are made where the tables are read, and gone
//! through by the build that the invocation belongs to ([`history`](crate::history)).

use asl_engine::codec::{Decode, DecodeError, Decoder, Encode, Encoder};

/// An invocation as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replay {
    /// The version of Restate's protocol in which the entries are.
    pub(crate) protocol: u64,
    /// The messages of the protocol, one after the other.
    pub(crate) messages: Vec<u8>,
}

impl Encode for Replay {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        to.number(self.protocol);
        to.bytes_in_place(&self.messages);
    }
}

impl Decode for Replay {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { protocol: from.number()?, messages: from.bytes_in_place()?.to_vec() })
    }
}

#[cfg(feature = "client")]
mod made {
    use super::Replay;

    /// The types of messages in Restate's protocol, by the names that its tables have for them.
    const TYPES: &[(&str, u16)] = &[
        ("Command: Input", 0x0400),
        ("Command: Output", 0x0401),
        ("Command: GetLazyState", 0x0402),
        ("Command: SetState", 0x0403),
        ("Command: ClearState", 0x0404),
        ("Command: ClearAllState", 0x0405),
        ("Command: GetLazyStateKeys", 0x0406),
        ("Command: GetEagerState", 0x0407),
        ("Command: GetEagerStateKeys", 0x0408),
        ("Command: GetPromise", 0x0409),
        ("Command: PeekPromise", 0x040A),
        ("Command: CompletePromise", 0x040B),
        ("Command: Sleep", 0x040C),
        ("Command: Call", 0x040D),
        ("Command: OneWayCall", 0x040E),
        ("Command: SendSignal", 0x0410),
        ("Command: Run", 0x0411),
        ("Command: AttachInvocation", 0x0412),
        ("Command: GetInvocationOutput", 0x0413),
        ("Command: CompleteAwakeable", 0x0414),
        ("Notification: GetLazyState", 0x8002),
        ("Notification: GetLazyStateKeys", 0x8006),
        ("Notification: GetPromise", 0x8009),
        ("Notification: PeekPromise", 0x800A),
        ("Notification: CompletePromise", 0x800B),
        ("Notification: Sleep", 0x800C),
        ("Notification: Call", 0x800D),
        ("Notification: CallInvocationId", 0x800E),
        ("Notification: Run", 0x8011),
        ("Notification: AttachInvocation", 0x8012),
        ("Notification: GetInvocationOutput", 0x8013),
        ("Notification: Signal", 0xFBFF),
    ];

    /// The message with which an invocation begins.
    const START: u16 = 0;

    impl Replay {
        /// An invocation with its ID, the key of its workflow, and the entries of its journal in their order: their types and their bytes. Nothing if
        /// that is not the ID of an invocation, or an entry is of a type that is not known.
        pub(crate) fn new(protocol: u64, id: &str, key: &str, entries: &[(&str, Vec<u8>)]) -> Option<Self> {
            let mut start = Vec::new();
            field(&mut start, 1, &bytes_of(id)?);
            field(&mut start, 2, id.as_bytes());
            number(&mut start, 3 << 3);
            number(&mut start, entries.len() as u64);
            field(&mut start, 6, key.as_bytes());
            let mut messages = Vec::new();
            message(&mut messages, START, &start)?;
            for (name, entry) in entries {
                let (_, r#type) = TYPES.iter().find(|(known, _)| known == name)?;
                message(&mut messages, *r#type, entry)?;
            }
            Some(Self { protocol, messages })
        }
    }

    /// A message with its header: the type, flags, the length.
    fn message(to: &mut Vec<u8>, r#type: u16, body: &[u8]) -> Option<()> {
        to.extend(r#type.to_be_bytes());
        to.extend([0, 0]);
        to.extend(u32::try_from(body.len()).ok()?.to_be_bytes());
        to.extend(body);
        Some(())
    }

    /// A field of bytes in the form of Protocol Buffers.
    fn field(to: &mut Vec<u8>, place: u64, bytes: &[u8]) {
        number(to, place << 3 | 2);
        number(to, bytes.len() as u64);
        to.extend(bytes);
    }

    fn number(to: &mut Vec<u8>, mut number: u64) {
        while number >= 0x80 {
            to.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        to.push(number.to_le_bytes()[0]);
    }

    /// What is before the two numbers of which an ID is made.
    const PREFIX: &str = "inv_1";
    const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// The bytes that an ID encodes: those of a number in 11 digits, and of one in 22.
    fn bytes_of(id: &str) -> Option<[u8; 24]> {
        let (first, second) = id.strip_prefix(PREFIX)?.split_at_checked(11)?;
        let mut bytes = [0; 24];
        let (low, high) = bytes.split_at_mut(8);
        low.copy_from_slice(&u64::try_from(decoded(first)?).ok()?.to_le_bytes());
        high.copy_from_slice(&decoded(second).filter(|_| second.len() == 22)?.to_le_bytes());
        Some(bytes)
    }

    fn decoded(digits: &str) -> Option<u128> {
        digits.bytes().try_fold(0_u128, |number, digit| {
            let digit = DIGITS.iter().position(|known| *known == digit)?;
            number.checked_mul(62)?.checked_add(digit as u128)
        })
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_bytes_of_an_id_begin_with_the_key_of_its_partition() {
            for (id, key) in [
                ("inv_1btilA7jDylm73vkOfHDkZnuLatqLliAPT", 5_547_903_842_120_802_437_u64),
                ("inv_10dsyJc9mOQ85ksb1T7Vbo4TnKMS72hRsJ", 635_073_085_478_700_802),
            ] {
                assert_eq!(bytes_of(id).unwrap()[..8], key.to_be_bytes());
            }
            for other in [
                "",
                "inv_1",
                "inv_1btil",
                "dp_17rgYgugaEwAf3glIre8qfT",
                "inv_1btilA7jDyl-73vkOfHDkZnuLatqLliAPT",
            ] {
                assert_eq!(bytes_of(other), None, "{other}");
            }
        }

        #[test]
        fn messages_have_headers_and_the_first_says_how_many_follow() {
            let id = "inv_1btilA7jDylm73vkOfHDkZnuLatqLliAPT";
            let replay = Replay::new(6, id, "one", &[("Command: Input", vec![1, 2])]).unwrap();
            let (start, input) = replay.messages.split_at(replay.messages.len() - 10);
            assert_eq!(input, [4, 0, 0, 0, 0, 0, 0, 2, 1, 2]);
            assert_eq!(start[..8], [0, 0, 0, 0, 0, 0, 0, u8::try_from(start.len() - 8).unwrap()]);
            assert!(start.ends_with(&[3 << 3, 1, 6 << 3 | 2, 3, b'o', b'n', b'e']));
            assert_eq!(Replay::new(6, id, "one", &[("Command: Unheard", vec![])]), None);
        }
    }
}
