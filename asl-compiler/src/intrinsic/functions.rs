//! The table of the intrinsic functions: their names, what they take and what they give.

use crate::vocabulary::Function;

/// A type of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    Any,
    Array,
    Boolean,
    Null,
    Number,
    Object,
    Text,
}

impl Gives {
    /// The type with an article, for messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Array => "an array",
            Self::Boolean => "a boolean",
            Self::Null => "null",
            Self::Number => "a number",
            Self::Object => "an object",
            Self::Text => "a string",
        }
    }
}

/// What a function takes and yields.
pub(super) struct Row {
    pub(super) function: Function,
    pub(super) name: &'static str,
    pub(super) takes: &'static [Gives],
    /// How many of `takes` may be left out.
    pub(super) optional: usize,
    /// Any number of values may follow.
    pub(super) any_more: bool,
    pub(super) gives: Gives,
}

const fn row(function: Function, name: &'static str, takes: &'static [Gives], gives: Gives) -> Row {
    Row { function, name, takes, optional: 0, any_more: false, gives }
}

const ROWS: &[Row] = &{
    use Function as F;
    use Gives::{Any, Array, Boolean, Number, Object, Text};
    [
        Row { any_more: true, ..row(F::Format, "States.Format", &[Text], Text) },
        row(F::StringToJson, "States.StringToJson", &[Text], Any),
        row(F::JsonToString, "States.JsonToString", &[Any], Text),
        Row { any_more: true, ..row(F::Array, "States.Array", &[], Array) },
        row(F::ArrayPartition, "States.ArrayPartition", &[Array, Number], Array),
        row(F::ArrayContains, "States.ArrayContains", &[Array, Any], Boolean),
        row(F::ArrayRange, "States.ArrayRange", &[Number, Number, Number], Array),
        row(F::ArrayGetItem, "States.ArrayGetItem", &[Array, Number], Any),
        row(F::ArrayLength, "States.ArrayLength", &[Array], Number),
        row(F::ArrayUnique, "States.ArrayUnique", &[Array], Array),
        row(F::Base64Encode, "States.Base64Encode", &[Text], Text),
        row(F::Base64Decode, "States.Base64Decode", &[Text], Text),
        row(F::Hash, "States.Hash", &[Any, Text], Text),
        row(F::JsonMerge, "States.JsonMerge", &[Object, Object, Boolean], Object),
        Row { optional: 1, ..row(F::MathRandom, "States.MathRandom", &[Number, Number, Number], Number) },
        row(F::MathAdd, "States.MathAdd", &[Number, Number], Number),
        row(F::StringSplit, "States.StringSplit", &[Text, Text], Array),
        row(F::Uuid, "States.UUID", &[], Text),
    ]
};

/// The row of a function.
pub(super) fn row_of(function: Function) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.function == function)
}

/// The function of that name.
pub(super) fn from_name(name: &str) -> Option<Function> {
    ROWS.iter().find(|row| row.name == name).map(|row| row.function)
}

/// What a function takes at a place, counted from zero.
pub(crate) fn takes(function: Function, index: usize) -> Option<Gives> {
    row_of(function)?.takes.get(index).copied()
}

/// The names of all functions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.name)
}

/// The name of a function, with its `States.`.
#[must_use]
pub(crate) fn name(function: Function) -> &'static str {
    row_of(function).map_or("", |row| row.name)
}

/// Whether `ErrorPath` and `CausePath` may call a function: the outermost call must give a string.
#[must_use]
pub(crate) const fn of_fail_states(function: Function) -> bool {
    use Function as F;
    matches!(
        function,
        F::Format | F::JsonToString | F::ArrayGetItem | F::Base64Encode | F::Base64Decode | F::Hash | F::Uuid
    )
}
/// What a function takes and yields, in words.
#[cfg(feature = "inspect")]
pub(crate) fn in_words(name: &str) -> Option<String> {
    let row = ROWS.iter().find(|row| row.name == name)?;
    let mut takes: Vec<_> = row.takes.iter().map(|kind| kind.name().to_owned()).collect();
    for optional in takes.iter_mut().rev().take(row.optional) {
        optional.push_str(" or nothing");
    }
    if row.any_more {
        takes.push("any number of values more".to_owned());
    }
    let takes = match takes.split_last() {
        None => "nothing".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{}, and {last}", before.join(", ")),
    };
    Some(format!("`{name}`: takes {takes}; returns {}", row.gives.name()))
}
