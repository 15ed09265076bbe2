//! What a path of names leads to: mostly something that is in a document already.

use crate::data::Data;
use crate::sequence::Collector;
use crate::view::{Elements, View};
use asl_value::Value;

/// Something that is borrowed, or that has been made.
#[derive(Clone, Debug)]
pub enum Operand<'a> {
    /// It is borrowed.
    View(View<'a>),
    /// It has been made.
    Data(Data),
}

impl<'a> Operand<'a> {
    /// Looks at it.
    #[must_use]
    #[inline]
    pub fn view(&self) -> View<'_> {
        match self {
            Self::View(view) => *view,
            Self::Data(data) => data.view(),
        }
    }

    /// As data of its own.
    #[must_use]
    #[inline(never)]
    pub fn into_data(self) -> Data {
        match self {
            Self::View(view) => view.to_data(),
            Self::Data(data) => data,
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
    pub fn is_nothing(&self) -> bool {
        self.view().is_nothing()
    }
}

/// Anything that can be copied out of where it is.
pub trait ToData {
    /// The copy.
    fn to_data(&self) -> Data;
}

impl ToData for View<'_> {
    fn to_data(&self) -> Data {
        View::to_data(*self)
    }
}

impl ToData for Data {
    fn to_data(&self) -> Data {
        self.clone()
    }
}

/// Names at the start of a path whose context is the root of the data. The root is one item, even if it is an array.
#[must_use]
pub fn fields_of_root<'a>(root: View<'a>, names: &[&str]) -> Operand<'a> {
    let Some((first, rest)) = names.split_first().filter(|_| root.is_array()) else {
        return fields(root, names);
    };
    let mut found = Vec::new();
    push_members(root, first, &mut found);
    match settled_views(&found) {
        Operand::View(view) => fields(view, rest),
        Operand::Data(data) => Operand::Data(fields(data.view(), rest).into_data()),
    }
}

/// `start.name`
#[must_use]
#[inline]
pub fn field<'a>(start: View<'a>, name: &str) -> Operand<'a> {
    match start {
        View::Value(Value::Object(object)) => {
            Operand::View(object.get(name).map_or(View::Nothing, View::Value))
        }
        View::Nothing | View::Value(_) | View::Data(_) => fields_of_many(start, &[name]),
    }
}

/// `start.name.name`
#[must_use]
pub fn fields<'a>(start: View<'a>, names: &[&str]) -> Operand<'a> {
    let (mut place, mut rest) = (start, names);
    while let [name, others @ ..] = rest {
        match place {
            View::Nothing => return Operand::View(View::Nothing),
            View::Value(Value::Object(_)) => (place, rest) = (place.member(name), others),
            View::Value(_) | View::Data(_) => return fields_of_many(place, rest),
        }
    }
    Operand::View(place)
}

/// Names after something that is not an object: an array, whose elements are gone through, or something that has no fields.
#[cold]
fn fields_of_many<'a>(start: View<'a>, names: &[&str]) -> Operand<'a> {
    fields_of_items(start.elements(), names)
}

/// Names after items of a path.
#[must_use]
pub fn fields_of_items<'a>(items: impl ExactSizeIterator<Item = View<'a>>, names: &[&str]) -> Operand<'a> {
    let mut items: Vec<View<'a>> = items.collect();
    if let [name] = names
        && let Some(operand) = field_of_objects(&items, name)
    {
        return operand;
    }
    let Some((last, others)) = names.split_last() else { return settled_views(&items) };
    for name in others {
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            push_members(item, name, &mut found);
        }
        items = found;
    }
    last_name(&items, last)
}

/// A field of each of an array's elements, in one go where these are objects without arrays there.
fn field_of_objects<'a>(items: &[View<'a>], name: &str) -> Option<Operand<'a>> {
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        match item {
            View::Value(Value::Object(object)) => match object.get(name) {
                Some(Value::Array(_)) => return None,
                Some(value) => found.push(value.clone()),
                None => {}
            },
            View::Value(Value::Array(_)) | View::Data(_) => return None,
            View::Nothing | View::Value(_) => {}
        }
    }
    Some(Operand::Data(Data::sequence(found).settled()))
}

fn last_name<'a>(items: &[View<'a>], name: &str) -> Operand<'a> {
    let mut found = Vec::with_capacity(items.len());
    let mut results = 0;
    for item in items {
        let before = found.len();
        // An array that is the only result stays as it is, unless it has come together from an array of arrays.
        if let View::Value(Value::Object(_)) = item
            && let [_] = items
        {
            return Operand::View(item.member(name));
        }
        push_members(*item, name, &mut found);
        results += usize::from(found.len() > before || !item.member(name).is_nothing());
    }
    if results == 1
        && let Some(array) = only_array(items, name)
    {
        return Operand::View(array);
    }
    settled_views(&found)
}

/// The array that is the only one which the items have under a name.
fn only_array<'a>(items: &[View<'a>], name: &str) -> Option<View<'a>> {
    let mut arrays = items.iter().map(|item| item.member(name)).filter(|member| !member.is_nothing());
    let array = arrays.next().filter(|array| array.is_array() && !array.is_sequence())?;
    arrays.next().is_none().then_some(array)
}

/// What items have under a name, arrays element by element.
fn push_members<'a>(item: View<'a>, name: &str, found: &mut Vec<View<'a>>) {
    if item.is_array() {
        item.elements().for_each(|element| push_members(element, name, found));
    } else {
        found.extend(item.member(name).elements());
    }
}

pub(super) fn settled_views<'a>(found: &[View<'a>]) -> Operand<'a> {
    match found {
        [] => Operand::View(View::Nothing),
        [one] => Operand::View(*one),
        many => {
            let mut collector = Collector::with_capacity(many.len());
            many.iter().for_each(|view| collector.keep_view(*view));
            Operand::Data(collector.settled())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(json: &str, names: &[&str]) -> String {
        let value = Value::from_json(json).unwrap();
        match fields(View::Value(&value), names).into_data().into_json() {
            Some(value) => value.to_string(),
            None => String::from("nothing"),
        }
    }

    #[test]
    fn names_go_through_arrays() {
        assert_eq!(at(r#"{"a":{"b":1}}"#, &["a", "b"]), "1");
        assert_eq!(at(r#"{"a":[{"b":1},{"c":0},{"b":[2,3]}]}"#, &["a", "b"]), "[1,2,3]");
        assert_eq!(at(r#"{"a":[{"b":1},{"c":0}]}"#, &["a", "b"]), "1");
        assert_eq!(at(r#"{"a":[{"b":[1]}]}"#, &["a", "b"]), "[1]");
        assert_eq!(at(r#"{"a":[[{"b":[1]}]]}"#, &["a", "b"]), "1");
        assert_eq!(at(r#"{"a":[1]}"#, &["a"]), "[1]");
        assert_eq!(at(r#"{"a":[]}"#, &["a", "b"]), "nothing");
        assert_eq!(at("1", &["a", "b"]), "nothing");
    }
}
