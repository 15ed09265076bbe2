//! The parts of a definition: what is read in them, and what becomes of them where nothing is at fault.
//!
//! In: a part as it is written. Out: what it reads ([`Found`]), or the same with nothing left open ([`checked`](crate::checked)). Each type says it
//! of itself; a state says it by naming its fields once ([`parts!`]), so that a field that is not named does not compile.

use super::Found;
use crate::checked::Expressions;
use crate::json::{Kind, Text, Value};
use crate::path::Path;
use crate::source::Span;
use crate::vocabulary::{self, Constant, ExecutionType, MapMode, StateId};
use std::fmt::Debug;

/// How far a definition has come.
pub trait Stage: Clone + Debug + PartialEq {
    /// A part at that stage.
    type Of<P: Part>: Clone + Debug + PartialEq;
    /// A part that has to be there.
    type Sure<P: Part>: Clone + Debug + PartialEq;
}

/// It was read. What could not be read is missing, and was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {}

/// It has no errors, and nothing is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {}

impl Stage for Written {
    type Of<P: Part> = P;
    type Sure<P: Part> = Option<P>;
}

impl Stage for Checked {
    type Of<P: Part> = P::Checked;
    type Sure<P: Part> = P::Checked;
}

/// A part of a definition, as it is written.
pub trait Part: Clone + Debug + PartialEq {
    /// The same with nothing left open.
    type Checked: Clone + Debug + PartialEq + Expressions;

    /// Finds what is read in it.
    fn find<'d>(&'d self, found: &mut Found<'d>);

    /// The same with nothing left open.
    ///
    /// # Errors
    /// Something in it is at fault.
    fn checked(&self, names: &mut Names<'_>) -> Result<Self::Checked, Reported>;
}

/// Something is at fault, and was reported where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported;

/// What names mean in a state.
pub struct Names<'a> {
    /// The state that a name leads to.
    pub(crate) target: &'a dyn Fn(&Text) -> Option<StateId>,
    /// Where the scopes start that are in the state, in order.
    pub(crate) starts: &'a mut dyn Iterator<Item = Option<StateId>>,
}

impl Debug for Names<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Names")
    }
}

/// Names the fields of a state, in the order in which their expressions are named; those in brackets have to be there.
macro_rules! parts {
    ($state:ident $([$($sure:ident),*])? { $($field:ident),* $(,)? }) => {
        impl $crate::definition::Part for $state {
            type Checked = $state<$crate::definition::Checked>;

            fn find<'d>(&'d self, found: &mut $crate::definition::Found<'d>) {
                let Self { $($($sure,)*)? $($field),* } = self;
                $($($crate::definition::Part::find($sure, found);)*)?
                $($crate::definition::Part::find($field, found);)*
            }

            fn checked(
                &self,
                names: &mut $crate::definition::Names<'_>,
            ) -> Result<Self::Checked, $crate::definition::Reported> {
                let Self { $($($sure,)*)? $($field),* } = self;
                Ok($state {
                    $($($sure: $crate::definition::Part::checked(
                        $sure.as_ref().ok_or($crate::definition::Reported)?,
                        names,
                    )?,)*)?
                    $($field: $crate::definition::Part::checked($field, names)?),*
                })
            }
        }

        impl $crate::checked::Expressions for $state<$crate::definition::Checked> {
            fn each_expression(&mut self, see: &mut dyn FnMut(&mut $crate::checked::Expression)) {
                let Self { $($($sure,)*)? $($field),* } = self;
                $($($crate::checked::Expressions::each_expression($sure, see);)*)?
                $($crate::checked::Expressions::each_expression($field, see);)*
            }
        }
    };
}

pub(super) use parts;

impl<P: Part> Part for Option<P> {
    type Checked = Option<P::Checked>;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        self.iter().for_each(|inner| inner.find(found));
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<Self::Checked, Reported> {
        self.as_ref().map(|inner| inner.checked(names)).transpose()
    }
}

impl<P: Part> Part for Vec<P> {
    type Checked = Vec<P::Checked>;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        self.iter().for_each(|inner| inner.find(found));
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<Self::Checked, Reported> {
        self.iter().map(|inner| inner.checked(names)).collect()
    }
}

impl Part for Path {
    type Checked = vocabulary::Path;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        found.paths.push(self);
    }

    fn checked(&self, _: &mut Names<'_>) -> Result<Self::Checked, Reported> {
        Ok(self.lower())
    }
}

/// What reads nothing, and cannot be at fault.
macro_rules! plain {
    ($($part:ty => $checked:ty, |$this:ident| $value:expr;)*) => { $(
        impl Part for $part {
            type Checked = $checked;

            fn find<'d>(&'d self, _: &mut Found<'d>) {}

            fn checked(&self, _: &mut Names<'_>) -> Result<Self::Checked, Reported> {
                let $this = self;
                Ok($value)
            }
        }
    )* };
}

plain! {
    bool => Self, |this| *this;
    MapMode => Self, |this| *this;
    Span => (), |_this| ();
    Text => String, |this| this.value.clone();
    super::At<ExecutionType> => ExecutionType, |this| this.value;
}

impl Part for Value {
    type Checked = Constant;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        found.constant(self);
    }

    fn checked(&self, _: &mut Names<'_>) -> Result<Self::Checked, Reported> {
        Ok(constant(self))
    }
}

/// A JSON value as a constant.
fn constant(value: &Value) -> Constant {
    match &value.kind {
        Kind::Null => Constant::Null,
        Kind::Bool(boolean) => Constant::Bool(*boolean),
        Kind::Number(number) => Constant::Number(*number),
        Kind::String(text) => Constant::String(text.value.clone()),
        Kind::Array(values) => Constant::Array(values.iter().map(constant).collect()),
        Kind::Object(members) => Constant::Object(
            members.iter().map(|member| (member.key.value.clone(), constant(&member.value))).collect(),
        ),
    }
}
