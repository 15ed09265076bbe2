//! Batches: several items as the input of one execution (`ItemBatcher`).

use super::settings::ItemBatcher;
use crate::codec::record;
use asl_value::{Object, Value};

/// The size of an execution's input on AWS, which no batch of more than one item exceeds.
const INPUT_BYTES: usize = 262_144;

/// Gathers items.
#[derive(Debug)]
pub struct Batcher {
    /// `None` makes each item a separate batch, without a frame around it.
    frame: Option<Frame>,
    items: Vec<Value>,
    bytes: usize,
    /// How much there is in the items, as they were read.
    weight: u64,
}

#[derive(Debug)]
struct Frame {
    max_items: usize,
    max_bytes: usize,
    batch_input: Option<Value>,
    /// The size of a batch without its items.
    bytes: usize,
}

/// The input of one execution.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    pub input: Value,
    /// The number of items in it.
    pub items: u64,
    /// How much there is in the items, as they were read.
    pub weight: u64,
}

record!(Batcher { frame, items, bytes, weight });
record!(Frame { max_items, max_bytes, batch_input, bytes });
record!(Batch { input, items, weight });

impl Batcher {
    pub fn new(settings: Option<ItemBatcher>) -> Self {
        Self { frame: settings.map(Frame::new), items: Vec::new(), bytes: 0, weight: 0 }
    }

    /// Adds an item, and how much there was in it when it was read; returns a batch where one is complete.
    pub fn push(&mut self, item: Value, weight: u64) -> Option<Batch> {
        let Some(frame) = &self.frame else { return Some(Batch { input: item, items: 1, weight }) };
        let (max_items, max_bytes, frame_bytes) = (frame.max_items, frame.max_bytes, frame.bytes);
        // Each item but the first has a comma before it.
        let bytes = item.to_string().len() + 1;
        let is_full = self.items.len() >= max_items
            || frame_bytes.saturating_add(self.bytes).saturating_add(bytes) > max_bytes;
        let full = if is_full { self.finish() } else { None };
        self.items.push(item);
        self.bytes = self.bytes.saturating_add(bytes);
        self.weight = self.weight.saturating_add(weight);
        if full.is_some() || self.items.len() < max_items { full } else { self.finish() }
    }

    /// The number of items that are in no batch yet.
    pub(crate) const fn pending(&self) -> u64 {
        self.items.len() as u64
    }

    /// The last batch.
    pub fn finish(&mut self) -> Option<Batch> {
        let frame = self.frame.as_ref().filter(|_| !self.items.is_empty())?;
        let items = std::mem::take(&mut self.items);
        self.bytes = 0;
        let count = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let weight = std::mem::take(&mut self.weight);
        Some(Batch { input: frame.around(items), items: count, weight })
    }
}

impl Frame {
    fn new(settings: ItemBatcher) -> Self {
        let limit = |number: Option<u64>| {
            number.and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0)
        };
        let mut frame = Self {
            max_items: limit(settings.max_items).unwrap_or(usize::MAX),
            max_bytes: limit(settings.max_input_bytes).unwrap_or(usize::MAX).min(INPUT_BYTES),
            batch_input: settings.batch_input,
            bytes: 0,
        };
        frame.bytes = frame.around(Vec::new()).to_string().len();
        frame
    }

    fn around(&self, items: Vec<Value>) -> Value {
        let mut input = Object::new();
        if let Some(batch_input) = &self.batch_input {
            input.insert("BatchInput", batch_input.clone());
        }
        input.insert("Items", items);
        input.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batches(settings: ItemBatcher, items: impl IntoIterator<Item = Value>) -> Vec<String> {
        let mut batcher = Batcher::new(Some(settings));
        let mut batches: Vec<Batch> = items.into_iter().filter_map(|item| batcher.push(item, 0)).collect();
        batches.extend(batcher.finish());
        assert_eq!(batcher.finish(), None);
        batches.into_iter().map(|batch| format!("{} {}", batch.items, batch.input)).collect()
    }

    const fn settings(max_items: Option<u64>, max_input_bytes: Option<u64>) -> ItemBatcher {
        ItemBatcher { max_items, max_input_bytes, batch_input: None }
    }

    #[test]
    fn without_a_batcher_each_item_is_an_input() {
        let mut batcher = Batcher::new(None);
        assert_eq!(batcher.push(7.into(), 3), Some(Batch { input: 7.into(), items: 1, weight: 3 }));
        assert_eq!(batcher.finish(), None);
    }

    #[test]
    fn batches_are_as_long_as_allowed_and_the_last_has_the_rest() {
        let items = (1..=5).map(Value::from);
        assert_eq!(
            batches(settings(Some(2), None), items),
            [r#"2 {"Items":[1,2]}"#, r#"2 {"Items":[3,4]}"#, r#"1 {"Items":[5]}"#]
        );
    }

    #[test]
    fn batches_are_as_large_as_allowed() {
        let items = ["aaaa", "bbbb", "cccc"].map(Value::from);
        // {"Items":["aaaa","bbbb"]} has 25 bytes; one is counted for the comma that the first item does not have.
        assert_eq!(batches(settings(None, Some(26)), items.clone()).len(), 2);
        assert_eq!(batches(settings(None, Some(25)), items.clone()).len(), 3);
        assert_eq!(batches(settings(None, Some(1)), items).len(), 3, "an item that is too large is alone");
    }

    #[test]
    fn a_batch_that_is_full_in_both_ways_is_given_item_by_item() {
        assert_eq!(batches(settings(Some(1), Some(5)), (1..=3).map(Value::from)).len(), 3);
        assert_eq!(batches(settings(Some(2), Some(13)), (1..=4).map(Value::from)).len(), 4);
    }

    #[test]
    fn batch_input_comes_first() {
        let settings =
            ItemBatcher { max_items: Some(9), max_input_bytes: None, batch_input: Some("x".into()) };
        assert_eq!(batches(settings, [1.into()]), [r#"1 {"BatchInput":"x","Items":[1]}"#]);
    }
}
