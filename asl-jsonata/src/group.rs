//! Grouping: object constructors whose keys have to be computed, and `path{key: value}`.

use crate::data::{Data, Sequence};
use crate::failure::{Failure, Result};
use crate::sequence::Collector;
use crate::tuple::{Tuple, reduced};
use crate::view::View;
use asl_value::{Fields, Text, Value};
use std::collections::HashMap;

/// Groups of items by key, in the order of the keys' first appearance. `T` is what is grouped.
#[derive(Debug)]
pub struct Groups<T> {
    groups: Vec<Group<T>>,
    /// Where each key is; only where there are more groups than a search from the front is good for.
    places: HashMap<Text, usize>,
}

/// Up to this number of groups a search from the front is faster than a hash table.
const SEARCHED: usize = 16;

/// The items of a key.
#[derive(Debug)]
pub struct Group<T> {
    /// The key.
    pub key: Text,
    /// Which pair of the constructor the key comes from.
    pub pair: usize,
    items: Vec<T>,
}

impl<T> Groups<T> {
    /// No groups yet.
    #[must_use]
    pub fn new() -> Self {
        Self { groups: Vec::new(), places: HashMap::new() }
    }

    /// Adds an item to the group of a key; an item without a key is left out.
    ///
    /// # Errors
    /// The key is not a string, or it comes from another pair too.
    pub fn push(&mut self, pair: usize, key: View<'_>, item: T) -> Result<()> {
        let View::Value(Value::String(key)) = key else {
            return if key.is_nothing() { Ok(()) } else { Err(not_a_key(key)) };
        };
        match self.find(key) {
            Some(group) if group.pair != pair => Err(Failure::new(
                "D1009",
                format!(
                    "Multiple key definitions evaluate to same key: {}",
                    Failure::shown(Data::text(key.clone()).view())
                ),
            )),
            Some(group) => {
                group.items.push(item);
                Ok(())
            }
            None => {
                self.groups.push(Group { key: key.clone(), pair, items: vec![item] });
                self.note_place();
                Ok(())
            }
        }
    }

    #[inline]
    fn find(&mut self, key: &Text) -> Option<&mut Group<T>> {
        if self.groups.len() <= SEARCHED {
            return self.groups.iter_mut().find(|group| group.key == *key);
        }
        self.places.get(key).and_then(|place| self.groups.get_mut(*place))
    }

    /// Notes where the new group is, and all before it when there become too many for a search.
    fn note_place(&mut self) {
        let from = match self.groups.len() {
            0..=SEARCHED => return,
            count if count == SEARCHED + 1 => 0,
            count => count - 1,
        };
        let new = self.groups.iter().enumerate().skip(from);
        self.places.extend(new.map(|(place, group)| (group.key.clone(), place)));
    }

    /// The groups.
    #[must_use]
    pub fn into_groups(self) -> Vec<Group<T>> {
        self.groups
    }
}

impl<T> Default for Groups<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl Group<View<'_>> {
    /// What the value is evaluated on: the only item, or the array of all, in which arrays are flattened.
    #[must_use]
    pub fn context(&self) -> Data {
        if let [one] = self.items.as_slice() {
            return one.to_data();
        }
        let mut all = Collector::with_capacity(self.items.len());
        self.items.iter().for_each(|item| all.append_view(*item));
        all.into_array()
    }
}

impl Group<Tuple> {
    /// What the value is evaluated on: the only tuple, or all put together.
    #[must_use]
    pub fn tuple(&self) -> Tuple {
        reduced(&self.items)
    }
}

#[cold]
fn not_a_key(key: View<'_>) -> Failure {
    Failure::new(
        "T1003",
        format!("Key in object structure must evaluate to a string; got: {}", Failure::shown(key)),
    )
}

/// The members of an object that is being made.
#[derive(Debug, Default)]
pub struct MembersBuilder {
    /// Those whose keys are written in the expression, as long as all are JSON, as nearly all are.
    written: Fields,
    /// Otherwise all of them.
    members: Vec<(Text, Data)>,
}

impl MembersBuilder {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// None yet, and room for so many whose keys are written in the expression.
    #[must_use]
    pub fn with_capacity(length: usize) -> Self {
        Self { written: Fields::with_capacity(length), members: Vec::new() }
    }

    /// Adds one.
    pub fn push(&mut self, key: Text, member: Data) {
        if self.members.is_empty() {
            let written = std::mem::take(&mut self.written).into_each();
            self.members.extend(written.map(|(key, value)| (key, Data::Value(value))));
        }
        self.members.push((key, member));
    }

    /// Adds one whose key is written in the expression.
    pub fn add(&mut self, key: &'static str, member: Data) {
        match member {
            // Made into what it will be where it comes in: it is moved once.
            Data::Value(value) if self.members.is_empty() => self.written.add(key, value),
            Data::Sequence(Sequence { elements, .. }) if self.members.is_empty() => {
                self.written.add(key, Value::Array(elements));
            }
            Data::Nothing => {}
            member @ (Data::Value(_)
            | Data::Sequence(_)
            | Data::Constructed(_)
            | Data::Unbounded(_)
            | Data::List(_)
            | Data::Members(_)
            | Data::Function(_)) => self.push(Text::new_static(key), member),
        }
    }

    /// The object.
    #[must_use]
    pub fn into_object(self) -> Data {
        if self.members.is_empty() { self.into_written() } else { Data::object(self.members) }
    }

    /// The object, where all keys are written in the expression and differ from each other.
    #[must_use]
    pub fn into_written(self) -> Data {
        if self.members.is_empty() {
            Data::Value(Value::Object(self.written.into_object()))
        } else {
            self.into_object()
        }
    }
}
