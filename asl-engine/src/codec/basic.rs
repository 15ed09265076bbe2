//! What all else is made of.

use super::{Bytes, Decode, DecodeError, Decoder, Encode, Encoder, variants};
use crate::Shared;
use asl_jsonata::EvaluationLimits;
use asl_language::map_run::{ExecutionType, InputType, ItemSource, ManifestType, WriterTransformation};
use asl_language::state_type::StateType;
use asl_language::timestamp::Timestamp;
use asl_value::{Array, Object, Text, Value};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

const NANOSECONDS: u32 = 1_000_000_000;

/// A type by what encoder and decoder do with it.
macro_rules! basic {
    ($($type:ty: |$this:ident, $to:ident| $encode:expr, |$from:ident| $decode:expr;)*) => {
        $(
            impl Encode for $type {
                fn encode<'v>(&'v self, $to: &mut Encoder<'v>) {
                    let $this = self;
                    $encode;
                }
            }

            impl Decode for $type {
                fn decode($from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
                    $decode
                }
            }
        )*
    };
}

basic! {
    bool: |flag, to| to.byte((*flag).into()), |from| match from.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(from.no_variant("bool", other)),
    };
    u8: |byte, to| to.byte(*byte), |from| from.byte();
    u16: |number, to| to.number((*number).into()), |from| from.small();
    u32: |number, to| to.number((*number).into()), |from| from.small();
    u64: |number, to| to.number(*number), |from| from.number();
    usize: |number, to| to.length(*number), |from| from.small();
    i64: |number, to| to.integer(*number), |from| from.integer();
    f64: |number, to| to.fixed(number.to_bits()), |from| from.fixed().map(Self::from_bits);
    [u64; 2]: |numbers, to| numbers.iter().for_each(|number| to.fixed(*number)), |from| {
        Ok([from.fixed()?, from.fixed()?])
    };
    Bytes: |bytes, to| to.bytes_in_place(&bytes.0), |from| from.bytes_in_place().map(|bytes| Self(bytes.to_vec()));
    String: |text, to| to.text_in_place(text), |from| from.text_in_place().map(str::to_owned);
    Text: |text, to| to.text(text), |from| from.text();
    Value: |value, to| to.value(value), |from| from.value();
    Array: |array, to| to.array(array), |from| from.array();
    Object: |object, to| to.object(object), |from| from.object();
    Timestamp: |moment, to| {
        to.integer(moment.seconds());
        to.number(moment.nanoseconds().into());
    }, |from| {
        let seconds = from.integer()?;
        nanoseconds(from).map(|nanoseconds| Self::new(seconds, nanoseconds))
    };
    Duration: |duration, to| {
        to.number(duration.as_secs());
        to.number(duration.subsec_nanos().into());
    }, |from| {
        let seconds = from.number()?;
        nanoseconds(from).map(|nanoseconds| Self::new(seconds, nanoseconds))
    };
    EvaluationLimits: |limits, to| {
        limits.depth.encode(to);
        limits.stack.encode(to);
        limits.steps.encode(to);
        limits.nesting.encode(to);
        limits.size.encode(to);
        limits.range.encode(to);
        limits.padding.encode(to);
    }, |from| {
        let mut limits = Self::none();
        limits.depth = Decode::decode(from)?;
        limits.stack = Decode::decode(from)?;
        limits.steps = Decode::decode(from)?;
        limits.nesting = Decode::decode(from)?;
        limits.size = Decode::decode(from)?;
        limits.range = Decode::decode(from)?;
        limits.padding = Decode::decode(from)?;
        Ok(limits)
    };
}

fn nanoseconds(from: &mut Decoder<'_>) -> Result<u32, DecodeError> {
    let nanoseconds = from.small()?;
    if nanoseconds < NANOSECONDS {
        Ok(nanoseconds)
    } else {
        Err(from.invalid("a second has too many nanoseconds"))
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        match self {
            None => to.byte(0),
            Some(inner) => {
                to.byte(1);
                inner.encode(to);
            }
        }
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        match from.byte()? {
            0 => Ok(None),
            1 => T::decode(from).map(Some),
            other => Err(from.no_variant("Option", other)),
        }
    }
}

impl<T: Encode, E: Encode> Encode for Result<T, E> {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        match self {
            Ok(inner) => {
                to.byte(0);
                inner.encode(to);
            }
            Err(error) => {
                to.byte(1);
                error.encode(to);
            }
        }
    }
}

impl<T: Decode, E: Decode> Decode for Result<T, E> {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        match from.byte()? {
            0 => T::decode(from).map(Ok),
            1 => E::decode(from).map(Err),
            other => Err(from.no_variant("Result", other)),
        }
    }
}

impl<T: Encode, U: Encode> Encode for (T, U) {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        self.0.encode(to);
        self.1.encode(to);
    }
}

impl<T: Decode, U: Decode> Decode for (T, U) {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok((T::decode(from)?, U::decode(from)?))
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        (**self).encode(to);
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        T::decode(from).map(Self::new)
    }
}

impl<T: Encode> Encode for Shared<T> {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        (**self).encode(to);
    }
}

impl<T: Decode> Decode for Shared<T> {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        T::decode(from).map(Self::new)
    }
}

impl<T: Encode> Encode for Arc<T> {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        (**self).encode(to);
    }
}

impl<T: Decode> Decode for Arc<T> {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        T::decode(from).map(Self::new)
    }
}

/// What has a length, and things one after the other. Room is made as they come, because one of them takes more than its bytes do.
macro_rules! list {
    ($list:ident, $add:ident) => {
        impl<T: Encode> Encode for $list<T> {
            fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
                to.length(self.len());
                for element in self {
                    element.encode(to);
                }
            }
        }

        impl<T: Decode> Decode for $list<T> {
            fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
                let mut list = Self::new();
                for _ in 0..from.length()? {
                    list.$add(T::decode(from)?);
                }
                Ok(list)
            }
        }
    };
}

list!(Vec, push);
list!(VecDeque, push_back);

impl<K: Encode, V: Encode> Encode for BTreeMap<K, V> {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        to.length(self.len());
        for (key, value) in self {
            key.encode(to);
            value.encode(to);
        }
    }
}

impl<K: Decode + Ord, V: Decode> Decode for BTreeMap<K, V> {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let entries: Vec<(K, V)> = Decode::decode(from)?;
        if entries.is_sorted_by(|(before, _), (after, _)| before < after) {
            Ok(entries.into_iter().collect())
        } else {
            Err(from.invalid("the keys are not in order"))
        }
    }
}

variants!(StateType { 0 Pass, 1 Task, 2 Choice, 3 Wait, 4 Succeed, 5 Fail, 6 Parallel, 7 Map });
variants!(ExecutionType { 0 Standard, 1 Express });
variants!(ItemSource { 0 GetObject, 1 ListObjects });
variants!(InputType { 0 Csv, 1 Json, 2 JsonLines, 3 Parquet });
variants!(ManifestType { 0 S3Inventory, 1 AthenaData });
variants!(WriterTransformation { 0 None, 1 Compact, 2 Flatten });
