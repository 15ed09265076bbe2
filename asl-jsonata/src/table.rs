//! `source[name = key]` in loops: an array that is looked through again and again for different keys gets a table by its field, so that
//! a join of two arrays costs the sum of their lengths, and not the product.

use crate::evaluation::Evaluation;
use crate::failure::Result;
use crate::operand::field;
use crate::selection::{Selection, contexts_where};
use crate::view::View;
use asl_value::{Array, Hashing, Value};
use std::collections::HashMap;
use std::fmt;

/// Shorter arrays are looked through faster than a table is asked.
const SHORT: usize = 8;
/// So often is an array looked through before it gets a table.
const LOOKS: u32 = 2;
/// How many arrays have tables in an evaluation.
const MOST: usize = 8;

/// The tables of an evaluation.
#[derive(Default)]
pub(crate) struct Tables {
    tables: Vec<Table>,
    hashing: Hashing,
}

/// Where the elements of an array are, by a field of theirs.
struct Table {
    /// Kept, so that no other array comes to stand at its address.
    array: Array,
    name: &'static str,
    looks: u32,
    /// By the hash of the field; empty until it is worth it.
    places: HashMap<u64, Vec<u32>>,
}

impl Tables {
    /// Where the elements of an array may be whose field is this, if the array has a table, and now it may get one.
    fn places(
        &mut self,
        evaluation: &Evaluation<'_>,
        array: &Array,
        name: &'static str,
        key: View<'_>,
    ) -> Result<Option<&[u32]>> {
        let Self { tables, hashing } = self;
        let known =
            tables.iter().position(|table| table.array.address() == array.address() && table.name == name);
        if known.is_none() && tables.len() < MOST {
            tables.push(Table { array: array.clone(), name, looks: 0, places: HashMap::new() });
        }
        let Some(table) = known.and_then(|known| tables.get_mut(known)) else { return Ok(None) };
        if table.looks < LOOKS {
            table.looks += 1;
            return Ok(None);
        }
        if table.places.is_empty() {
            table.fill(evaluation, hashing)?;
        }
        Ok(Some(table.places.get(&key.hash(hashing)).map_or(&[], Vec::as_slice)))
    }
}

impl Table {
    fn fill(&mut self, evaluation: &Evaluation<'_>, hashing: &Hashing) -> Result<()> {
        evaluation.steps(self.array.len())?;
        self.places.reserve(self.array.len());
        for (place, element) in (0..).zip(self.array.iter()) {
            let hash = field(View::Value(element), self.name).view().hash(hashing);
            self.places.entry(hash).or_default().push(place);
        }
        Ok(())
    }
}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No data, which may hold secrets.
        f.debug_struct("Tables").field("tables", &self.tables.len()).finish_non_exhaustive()
    }
}

/// `source[name = key]`, where the key is the same for all elements.
///
/// # Errors
/// The evaluation has taken too long.
pub fn contexts_with<'a>(
    evaluation: &Evaluation<'_>,
    source: View<'a>,
    name: &'static str,
    key: View<'_>,
) -> Result<Selection<'a>> {
    let is_chosen = |context: View<'a>| field(context, name).view().equals(key);
    let View::Value(Value::Array(array)) = source else {
        return contexts_where(evaluation, source, &mut |context| Ok(is_chosen(context)));
    };
    if array.len() >= SHORT {
        let mut tables = evaluation.tables();
        if let Some(places) = tables.places(evaluation, array, name, key)? {
            evaluation.steps(places.len())?;
            let elements = places.iter().filter_map(|place| array.get(*place as usize)).map(View::Value);
            return Ok(Selection::of_chosen(elements.filter(|element| is_chosen(*element))));
        }
    }
    contexts_where(evaluation, source, &mut |context| Ok(is_chosen(context)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Data;
    use crate::test_world::evaluating;

    /// An array whose elements have one of seven keys, and some of them none.
    fn array(length: usize) -> Value {
        let element = |number: usize| match number % 8 {
            7 => format!(r#"{{ "number": {number} }}"#),
            key => format!(r#"{{ "number": {number}, "key": {key} }}"#),
        };
        let elements: Vec<_> = (0..length).map(element).collect();
        Value::from_json(&format!("[{}]", elements.join(", "))).unwrap()
    }

    #[test]
    fn a_table_finds_what_a_search_finds() {
        evaluating(|evaluation| {
            let arrays: Vec<_> = [SHORT - 1, SHORT, 50].into_iter().map(array).collect();
            for round in 0..LOOKS + 2 {
                for array in &arrays {
                    for key in (0..8).map(Value::from) {
                        let found = contexts_with(evaluation, View::Value(array), "key", View::Value(&key));
                        let expected = array.as_array().unwrap().iter();
                        let expected = expected.filter(|element| element.get("key") == Some(&key)).cloned();
                        assert_eq!(
                            Data::into_json(found.unwrap().into_data()),
                            Some(Value::from(expected.collect::<Vec<_>>())),
                            "{round}: {key} of {array}"
                        );
                    }
                }
            }
            let tables = evaluation.tables();
            assert_eq!(tables.tables.len(), 2, "an array that is short gets none");
            assert!(tables.tables.iter().all(|table| table.looks == LOOKS && !table.places.is_empty()));
        });
    }
}
