//! What a test that holds, or does not, says about the value that was tested.

use super::constant::has_placeholder;
use super::{Array, FIELDS_LIMIT, Field, Kinds, Object, Shape, Values};
use crate::definition::{Comparison, Operand};
use crate::vocabulary::{Number, Property, Relation, Step, Timestamp};
use std::cmp::Ordering;
use std::sync::Arc;

impl Shape {
    /// The value if there is something at the steps, of which `narrow` keeps what is possible; nothing if that is nothing.
    pub(super) fn with_present(&self, steps: &[Step], narrow: &dyn Fn(&Self) -> Self) -> Option<Self> {
        let Some((step, rest)) = steps.split_first() else {
            return Some(narrow(self)).filter(|narrowed| !narrowed.is_never());
        };
        let present = self.step(step)?.with_present(rest, narrow)?;
        match step {
            Step::Name(name) => {
                let object =
                    self.kinds().map_or_else(Object::open, |kinds| kinds.object.clone().unwrap_or_default());
                Some(Self::object(object.with(name, present)))
            }
            Step::Index(index) => self.with_element(*index, present),
            // Which element it is depends on the length.
            Step::FromEnd(_) => Some(self.clone()),
        }
    }

    fn with_element(&self, index: i64, element: Self) -> Option<Self> {
        // What is not known has elements, so that it is an array.
        let Some(kinds) = self.kinds() else { return Some(Self::array_of(Self::UNKNOWN)) };
        match kinds.array.clone()? {
            array @ Array::Each(_) => Some(Self::array(array)),
            Array::Tuple(mut elements) => {
                let place = usize::try_from(index).ok()?;
                *elements.get_mut(place)? = element;
                Some(Self::array(Array::Tuple(elements)))
            }
        }
    }

    /// The value if there is nothing at the steps; nothing if there always is.
    pub(super) fn with_absent(&self, steps: &[Step]) -> Option<Self> {
        let (step, rest) = steps.split_first()?;
        // Of elements it is not known which are there.
        let Step::Name(name) = step else { return Some(self.clone()) };
        let mut kinds = self.to_kinds();
        kinds.object = kinds.object.and_then(|object| object.with_absent(name, rest));
        Some(Self::of(kinds)).filter(|shape| !shape.is_never())
    }
}

impl Object {
    fn with_absent(mut self, name: &str, rest: &[Step]) -> Option<Self> {
        // As in `Object::with`: of so many fields less is known rather than slowly.
        if self.fields.len() >= FIELDS_LIMIT && !self.fields.contains_key(name) {
            return Some(self);
        }
        let field = self.fields.get(name).cloned();
        let shape = match &field {
            Some(field) => field.shape.clone(),
            None if self.is_open() => self.rest.clone(),
            None => return Some(self),
        };
        let required = field.is_some_and(|field| field.required);
        let absent = if rest.is_empty() { None } else { shape.with_absent(rest) };
        let field = match absent {
            Some(shape) => Field { shape, required },
            None if required => return None,
            None => Field { shape: Shape::never(), required: false },
        };
        self.fields.insert(name.into(), field);
        Some(self)
    }
}

/// What a comparison that holds, or does not, leaves of a value. `operand` is the shape of the `...Path` operand.
pub(super) fn compared(
    value: &Shape,
    comparison: &Comparison,
    operand: Option<&Shape>,
    holds: bool,
) -> Shape {
    let kinds = value.to_kinds();
    let operand = operand.map(Shape::to_kinds);
    match comparison {
        Comparison::String(relation, Operand::Constant(text)) if !has_placeholder(&text.value) => {
            let text = text.value.as_str();
            let test = |value: &Arc<str>| is(*relation, compare_texts(value, text));
            let only = (*relation == Relation::Equals).then(|| Arc::from(text));
            strings(kinds, test, only, holds)
        }
        Comparison::Numeric(relation, Operand::Constant(number)) => {
            let test = |value: &Number| is(*relation, compare_numbers(*value, *number));
            let only = (*relation == Relation::Equals).then_some(*number);
            numbers(kinds, test, only, holds)
        }
        Comparison::Boolean(Operand::Constant(wanted)) => booleans(kinds, *wanted, holds),
        // Which moment it is compared with is not followed: that it is one at all is what later states rely on.
        Comparison::Timestamp(..) => {
            let possible = operand.is_none_or(|operand| may_be_timestamp(&operand));
            timestamps(kinds, possible, holds)
        }
        Comparison::String(..) => {
            of_path(kinds, operand, |kinds| kinds.strings.is_none(), keep_strings, holds)
        }
        Comparison::Numeric(..) => {
            of_path(kinds, operand, |kinds| kinds.numbers.is_none(), keep_numbers, holds)
        }
        Comparison::Boolean(_) => {
            of_path(kinds, operand, |kinds| kinds.booleans.is_none(), keep_booleans, holds)
        }
        Comparison::StringMatches(_) => {
            if holds {
                keep_strings(kinds)
            } else {
                value.clone()
            }
        }
        Comparison::Is(property, wanted) => has(kinds, *property, holds == *wanted),
    }
}

/// Two values of a path and a path: they have to be of the same kind.
fn of_path(
    kinds: Kinds,
    operand: Option<Kinds>,
    is_none: impl Fn(&Kinds) -> bool,
    keep: impl Fn(Kinds) -> Shape,
    holds: bool,
) -> Shape {
    match (holds, operand) {
        // It also fails where the other path leads to something of another kind, so nothing follows about this value.
        (false, _) => Shape::of(kinds),
        (true, Some(operand)) if is_none(&operand) => Shape::never(),
        (true, _) => keep(kinds),
    }
}

fn keep_strings(kinds: Kinds) -> Shape {
    Shape::of(Kinds { strings: kinds.strings, ..Kinds::default() })
}

fn keep_numbers(kinds: Kinds) -> Shape {
    Shape::of(Kinds { numbers: kinds.numbers, ..Kinds::default() })
}

fn keep_booleans(kinds: Kinds) -> Shape {
    Shape::of(Kinds { booleans: kinds.booleans, ..Kinds::default() })
}

fn strings(kinds: Kinds, test: impl Fn(&Arc<str>) -> bool, only: Option<Arc<str>>, holds: bool) -> Shape {
    let strings = kinds.strings.clone().keep(test, only, holds);
    if holds { keep_strings(Kinds { strings, ..kinds }) } else { Shape::of(Kinds { strings, ..kinds }) }
}

fn numbers(kinds: Kinds, test: impl Fn(&Number) -> bool, only: Option<Number>, holds: bool) -> Shape {
    let numbers = kinds.numbers.clone().keep(test, only, holds);
    if holds { keep_numbers(Kinds { numbers, ..kinds }) } else { Shape::of(Kinds { numbers, ..kinds }) }
}

fn booleans(kinds: Kinds, wanted: bool, holds: bool) -> Shape {
    let both = match kinds.booleans.clone() {
        Values::Any => Values::OneOf(vec![false, true]),
        known => known,
    };
    let booleans = both.keep(|value| *value == wanted, None, holds);
    if holds { keep_booleans(Kinds { booleans, ..kinds }) } else { Shape::of(Kinds { booleans, ..kinds }) }
}

fn timestamps(mut kinds: Kinds, possible: bool, holds: bool) -> Shape {
    if !holds {
        return Shape::of(kinds);
    }
    if !possible || !may_be_timestamp(&kinds) {
        return Shape::never();
    }
    if let Values::OneOf(texts) = &mut kinds.strings {
        texts.retain(|text| Timestamp::parse(text).is_some());
    }
    keep_strings(kinds)
}

fn may_be_timestamp(kinds: &Kinds) -> bool {
    match &kinds.strings {
        Values::Any => true,
        Values::OneOf(texts) => texts.iter().any(|text| Timestamp::parse(text).is_some()),
    }
}

fn has(kinds: Kinds, property: Property, wanted: bool) -> Shape {
    let none = Kinds::default();
    Shape::of(match (property, wanted) {
        (Property::Null, true) => Kinds { null: kinds.null, ..none },
        (Property::Null, false) => Kinds { null: false, ..kinds },
        (Property::Numeric, true) => Kinds { numbers: kinds.numbers, ..none },
        (Property::Numeric, false) => Kinds { numbers: none.numbers, ..kinds },
        (Property::String, true) => Kinds { strings: kinds.strings, ..none },
        (Property::String, false) => Kinds { strings: none.strings, ..kinds },
        (Property::Boolean, true) => Kinds { booleans: kinds.booleans, ..none },
        (Property::Boolean, false) => Kinds { booleans: none.booleans, ..kinds },
        (Property::Timestamp, true) => return timestamps(kinds, true, true),
        (Property::Timestamp, false) | (Property::Present, _) => kinds,
    })
}

impl<T: Clone> Values<T> {
    /// The values for which the test has the answer `holds`. Of any values only the one `only` may be left that is equal.
    fn keep(self, test: impl Fn(&T) -> bool, only: Option<T>, holds: bool) -> Self {
        match self {
            Self::Any => match only {
                Some(only) if holds => Self::OneOf(vec![only]),
                _ => Self::Any,
            },
            Self::OneOf(values) => {
                Self::OneOf(values.into_iter().filter(|value| test(value) == holds).collect())
            }
        }
    }
}

/// Whether an order is what a relation asks for.
pub(super) fn is(relation: Relation, order: Option<Ordering>) -> bool {
    order.is_some_and(|order| match relation {
        Relation::Equals => order.is_eq(),
        Relation::LessThan => order.is_lt(),
        Relation::LessThanEquals => order.is_le(),
        Relation::GreaterThan => order.is_gt(),
        Relation::GreaterThanEquals => order.is_ge(),
    })
}

/// By UTF-16 code units, as AWS does.
pub(super) fn compare_texts(one: &str, other: &str) -> Option<Ordering> {
    Some(one.encode_utf16().cmp(other.encode_utf16()))
}

/// By value; nothing where rounding could decide.
pub(super) fn compare_numbers(one: Number, other: Number) -> Option<Ordering> {
    let whole = |number| match number {
        Number::Int(value) => Some(i128::from(value)),
        Number::Uint(value) => Some(i128::from(value)),
        Number::Float(_) => None,
    };
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => float(one).partial_cmp(&float(other)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "the comparison with a fraction has no more digits")]
const fn float(number: Number) -> f64 {
    match number {
        Number::Int(value) => value as f64,
        Number::Uint(value) => value as f64,
        Number::Float(value) => value,
    }
}
