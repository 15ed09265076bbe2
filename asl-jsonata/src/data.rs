//! What an expression evaluates to.
//!
//! Nearly always that is nothing, or JSON. A result sequence is an array which, when it has one element, represents that element, and
//! when it has none, nothing; functions can be elements of arrays and members of objects, which then are not JSON.

use crate::function::Function;
use crate::view::{Elements, View};
use asl_value::{Array, Number, Object, Size, Text, Value};
use std::collections::HashMap;
use std::rc::Rc;

/// What an expression evaluates to. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub enum Data {
    /// Nothing, in the reference implementation `undefined`.
    #[default]
    Nothing,
    /// JSON.
    Value(Value),
    /// A result sequence of JSON.
    Sequence(Sequence),
    /// An array of JSON that an array constructor at an end of a path has made: wherever it goes, a path that comes to it comes to one
    /// item, and not to its elements.
    Constructed(Array),
    /// A number that JSON does not have: an infinity, or none at all.
    Unbounded(f64),
    /// An array or a sequence with elements that are not JSON.
    List(Rc<List>),
    /// An object with members that are not JSON.
    Members(Rc<Members>),
    /// A function.
    Function(Function),
}

/// A result sequence of JSON.
#[derive(Clone, Debug)]
pub struct Sequence {
    /// Its elements.
    pub elements: Array,
    /// It stays an array even if it has one element.
    pub keep_singleton: bool,
}

/// An array or a sequence of anything.
#[derive(Clone, Debug)]
pub struct List {
    /// Its elements; [`Data::Nothing`] is among them only where a filter has let it through.
    pub elements: Vec<Data>,
    /// It is a result sequence.
    pub sequence: bool,
    /// It stays an array even if it has one element.
    pub keep_singleton: bool,
    /// An array constructor at an end of a path has made it: see [`Data::Constructed`].
    pub constructed: bool,
    size: Size,
}

/// An object of anything.
#[derive(Clone, Debug)]
pub struct Members {
    /// Its members in order.
    fields: Vec<(Text, Data)>,
    /// Where each key is; only where there are more than a search from the front is good for.
    places: HashMap<Text, usize>,
    size: Size,
}

/// Up to this number of members a search from the front is faster than a hash table.
const SEARCHED: usize = 16;

impl Members {
    fn new(members: impl IntoIterator<Item = (Text, Data)>) -> Self {
        let mut all = Self { fields: Vec::new(), places: HashMap::new(), size: Size::EMPTY };
        for (key, member) in members {
            let place = all.place(&key).and_then(|place| all.fields.get_mut(place));
            match place {
                Some(other) => other.1 = member,
                None => all.add(key, member),
            }
        }
        all.size = all.fields.iter().fold(Size::EMPTY, |size, (_, member)| size.with(member.size()));
        all
    }

    fn add(&mut self, key: Text, member: Data) {
        self.fields.push((key, member));
        // All of them when there become too many for a search, and then the new one.
        let count = self.fields.len();
        let known = if count > SEARCHED + 1 { count - 1 } else { 0 };
        if count > SEARCHED {
            let new = self.fields.iter().enumerate().skip(known);
            self.places.extend(new.map(|(place, (key, _))| (key.clone(), place)));
        }
    }

    fn place(&self, key: &str) -> Option<usize> {
        if self.fields.len() > SEARCHED {
            return self.places.get(key).copied();
        }
        self.fields.iter().position(|(other, _)| other == key)
    }

    /// The member with a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Data> {
        self.fields.get(self.place(key)?).map(|(_, member)| member)
    }

    /// The members in order.
    #[must_use]
    pub fn fields(&self) -> &[(Text, Data)] {
        &self.fields
    }
}

impl List {
    /// An array or a sequence.
    #[must_use]
    pub fn new(elements: Vec<Data>, sequence: bool) -> Self {
        let size = elements.iter().fold(Size::EMPTY, |size, element| size.with(element.size()));
        Self { elements, sequence, keep_singleton: false, constructed: false, size }
    }

    /// An array that is one item of a path.
    #[must_use]
    pub fn constructed(elements: Vec<Data>) -> Self {
        Self { constructed: true, ..Self::new(elements, false) }
    }
}

impl Data {
    /// `true` or `false`.
    #[must_use]
    pub const fn boolean(value: bool) -> Self {
        Self::Value(Value::Bool(value))
    }

    /// A string.
    #[must_use]
    pub fn text(text: impl Into<Text>) -> Self {
        Self::Value(Value::String(text.into()))
    }

    /// A number; a whole one is kept as such.
    #[must_use]
    #[inline(never)]
    pub fn number(number: f64) -> Self {
        match exact(number) {
            Some(number) => Self::Value(Value::Number(number)),
            None => Self::Unbounded(number),
        }
    }

    /// An array of JSON, which is not a sequence.
    #[must_use]
    pub fn array(elements: Vec<Value>) -> Self {
        Self::Value(Value::Array(elements.into()))
    }

    /// A result sequence of JSON.
    #[must_use]
    pub fn sequence(elements: Vec<Value>) -> Self {
        Self::Sequence(Sequence { elements: elements.into(), keep_singleton: false })
    }

    /// An object; what is nothing is left out. A later member takes the place of an earlier one with the same key.
    #[must_use]
    pub fn object(members: Vec<(Text, Self)>) -> Self {
        if members
            .iter()
            .all(|(_, member)| matches!(member, Self::Value(_) | Self::Sequence(_) | Self::Nothing))
        {
            let fields = members.into_iter().filter_map(|(key, member)| Some((key, member.into_json()?)));
            return Self::Value(Value::Object(fields.collect::<Object>()));
        }
        let members = members.into_iter().filter(|(_, member)| !matches!(member, Self::Nothing));
        Self::Members(Rc::new(Members::new(members)))
    }

    /// Looks at it.
    #[must_use]
    #[inline]
    pub fn view(&self) -> View<'_> {
        match self {
            Self::Nothing => View::Nothing,
            Self::Value(value) => View::Value(value),
            Self::Sequence(_)
            | Self::Constructed(_)
            | Self::Unbounded(_)
            | Self::List(_)
            | Self::Members(_)
            | Self::Function(_) => View::Data(self),
        }
    }

    /// How large it is. Functions count as one, whatever they hold.
    pub(super) fn size(&self) -> Size {
        match self {
            Self::Value(value) => value.size(),
            Self::Sequence(sequence) => sequence.elements.size(),
            Self::Constructed(elements) => elements.size(),
            Self::List(list) => list.size,
            Self::Members(members) => members.size,
            Self::Nothing | Self::Unbounded(_) | Self::Function(_) => Size::SCALAR,
        }
    }

    /// The elements of an array, or the one that it is itself; none of nothing.
    #[must_use]
    #[inline]
    pub fn elements(&self) -> Elements<'_> {
        self.view().elements()
    }

    /// How many elements there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.elements().len()
    }

    /// Whether it is nothing.
    #[must_use]
    #[inline]
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// The end of an evaluation: a sequence of one is its element, an empty one is nothing.
    #[must_use]
    #[inline(never)]
    pub fn settled(self) -> Self {
        match self {
            Self::Sequence(sequence) => sequence.settled(),
            Self::List(list) if list.sequence => settled_list(list),
            Self::Nothing
            | Self::Value(_)
            | Self::Constructed(_)
            | Self::Unbounded(_)
            | Self::List(_)
            | Self::Members(_)
            | Self::Function(_) => self,
        }
    }

    /// `[]` after an expression: a sequence of one stays an array.
    #[must_use]
    pub fn kept(self) -> Self {
        match self {
            Self::Sequence(sequence) => Self::Sequence(Sequence { keep_singleton: true, ..sequence }),
            Self::List(list) if list.sequence => {
                Self::List(Rc::new(List { keep_singleton: true, ..Rc::unwrap_or_clone(list) }))
            }
            Self::Nothing
            | Self::Value(_)
            | Self::Constructed(_)
            | Self::Unbounded(_)
            | Self::List(_)
            | Self::Members(_)
            | Self::Function(_) => self,
        }
    }

    /// As JSON, as the reference implementation prints it: functions are empty strings, numbers that JSON does not have are `null`.
    /// `None` for nothing.
    #[must_use]
    #[inline]
    pub fn into_json(self) -> Option<Value> {
        if let Self::Value(value) = self { Some(value) } else { self.uncommon_into_json() }
    }

    #[cold]
    fn uncommon_into_json(self) -> Option<Value> {
        self.into_json_where(&|_| Value::Null)
    }

    /// The same, with numbers that JSON does not have as texts, which is what AWS makes of them (measured there).
    #[must_use]
    pub fn into_json_with_texts(self) -> Option<Value> {
        self.into_json_where(&|number| Value::from(crate::number_text::text(number)))
    }

    fn into_json_where(self, unbounded: &dyn Fn(f64) -> Value) -> Option<Value> {
        Some(match self {
            Self::Nothing => return None,
            Self::Value(value) => value,
            Self::Sequence(Sequence { elements, .. }) | Self::Constructed(elements) => Value::Array(elements),
            Self::Unbounded(number) => unbounded(number),
            Self::List(list) => {
                let json = |element: &Self| element.clone().into_json_where(unbounded).unwrap_or_default();
                Value::Array(list.elements.iter().map(json).collect())
            }
            Self::Members(members) => {
                let fields = members.fields.iter();
                let json = fields.filter_map(|(key, member)| {
                    Some((key.clone(), member.clone().into_json_where(unbounded)?))
                });
                Value::Object(json.collect::<Object>())
            }
            Self::Function(_) => Value::String(Text::default()),
        })
    }

    /// The function, if it is one.
    #[must_use]
    pub const fn as_function(&self) -> Option<&Function> {
        if let Self::Function(function) = self { Some(function) } else { None }
    }

    /// Whether it is a function; regular expressions are.
    #[must_use]
    pub fn is_function(&self) -> bool {
        matches!(self, Self::Function(_))
    }
}

#[cold]
fn settled_list(list: Rc<List>) -> Data {
    match list.elements.as_slice() {
        [] => Data::Nothing,
        [one] if !list.keep_singleton => one.clone(),
        _ => Data::List(list),
    }
}

impl Sequence {
    #[inline]
    fn settled(self) -> Data {
        match &*self.elements {
            [] => Data::Nothing,
            [one] if !self.keep_singleton => Data::Value(one.clone()),
            _ => Data::Sequence(self),
        }
    }
}

/// What is computed without data around it.
pub trait Scalar {
    /// As JSON, if it is there; a number that JSON does not have is `null`.
    fn json(self) -> Option<Value>;
}

impl Scalar for bool {
    #[inline]
    fn json(self) -> Option<Value> {
        Some(Value::Bool(self))
    }
}

impl Scalar for Option<bool> {
    #[inline]
    fn json(self) -> Option<Value> {
        self.map(Value::Bool)
    }
}

impl Scalar for Option<f64> {
    #[inline]
    fn json(self) -> Option<Value> {
        self.map(|number| exact(number).map_or(Value::Null, Value::Number))
    }
}

/// The number as JSON has it, whole ones as such.
#[inline]
fn exact(number: f64) -> Option<Number> {
    match whole(number) {
        Some(whole) => Some(Number::from(whole)),
        None => Number::from_f64(number),
    }
}

/// The whole number, if it is one that floating-point numbers hold exactly.
#[inline]
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the result is compared")]
fn whole(number: f64) -> Option<i64> {
    let whole = number as i64;
    (whole as f64 == number && whole.unsigned_abs() <= 1 << 53).then_some(whole)
}

/// Makes data of a type, and of what may be missing.
macro_rules! from {
    ($($type:ty => $make:expr;)*) => {
        $(
            impl From<$type> for Data {
                #[inline]
                fn from(value: $type) -> Self {
                    $make(value)
                }
            }

            impl From<Option<$type>> for Data {
                #[inline]
                fn from(value: Option<$type>) -> Self {
                    value.map_or(Self::Nothing, $make)
                }
            }
        )*
    };
}

from! {
    Value => Self::Value;
    bool => Self::boolean;
    f64 => Self::number;
    Text => Self::text;
    Function => Self::Function;
}

/// What is computed as such, as data: a function for each type, which is compiled once, and not again in each expression.
macro_rules! of {
    ($($function:ident($type:ty): $what:literal;)*) => {
        $(
            #[doc = $what]
            #[must_use]
            pub fn $function(value: $type) -> Data {
                value.into()
            }
        )*
    };
}

of! {
    of_number(Option<f64>): "A number, or nothing, as data.";
    of_boolean(bool): "A condition as data.";
    of_maybe(Option<bool>): "A condition, or nothing, as data.";
    of_text(Text): "A text as data.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence::Collector;

    #[test]
    fn data_is_as_small_as_a_value() {
        assert_eq!(size_of::<Data>(), size_of::<Value>());
    }

    #[test]
    fn members_are_found_however_many_there_are() {
        let member =
            |number: usize| (Text::from(format!("key {}", number % 40)), Data::Unbounded(number as f64));
        for count in [3, 16, 17, 18, 40, 100] {
            let object = Data::object((0..count).map(member).collect());
            let Data::Members(members) = &object else { panic!("{object:?} has members that are JSON") };
            assert_eq!(members.fields().len(), count.min(40));
            for (at, (key, _)) in members.fields().iter().enumerate() {
                let last = (0..count).rev().find(|number| number % 40 == at).unwrap();
                assert_eq!(members.get(key).unwrap().view().as_f64(), Some(last as f64), "{key} of {count}");
            }
            assert!(members.get("key").is_none());
        }
    }

    /// The same for sequences that JSON cannot hold.
    #[test]
    fn a_sequence_that_is_kept_stays_an_array() {
        for only in [Data::Value(Value::from(1)), Data::Unbounded(f64::INFINITY)] {
            let mut collector = Collector::new();
            assert!(collector.is_empty());
            collector.push(only.clone());
            assert!(!collector.is_empty());
            let sequence = collector.into_sequence();
            assert_eq!(sequence.clone().settled().view().as_f64(), only.view().as_f64());
            let kept = sequence.kept().settled();
            assert!(kept.view().is_array(), "{kept:?}");
            assert_eq!(kept.view().elements().len(), 1, "{kept:?}");
        }
    }

    #[test]
    fn a_sequence_of_one_stands_for_its_element() {
        let one = Data::sequence(vec![Value::from(1)]);
        assert_eq!(one.clone().settled().into_json(), Some(Value::from(1)));
        assert_eq!(one.kept().settled().into_json().unwrap().to_string(), "[1]");
        assert!(Data::sequence(Vec::new()).settled().is_nothing());
    }

    #[test]
    fn whole_numbers_are_kept_as_such() {
        let text = |number| Data::number(number).into_json().unwrap().to_string();
        assert_eq!([text(3.0), text(-0.0), text(0.5), text(2e10)], ["3", "0", "0.5", "20000000000"]);
        assert_eq!(text(f64::INFINITY), "null");
    }
}
