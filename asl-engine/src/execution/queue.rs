//! A queue that needs no separate memory while it holds at most one thing, as those of most executions do.

use crate::codec::{Decode, DecodeError, Decoder, Encode, Encoder};
use std::collections::VecDeque;
use std::iter::{Chain, Flatten};
use std::option;

/// What waits for its turn, first come first served. It is written as a [`VecDeque`] is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Queue<T> {
    /// Nothing only if there is nothing else.
    first: Option<T>,
    others: Others<T>,
}

type Others<T> = Option<Box<VecDeque<T>>>;

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { first: None, others: None }
    }
}

impl<T> Queue<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.as_ref().map_or(0, |others| others.len())
    }

    /// The one that waits alone.
    pub(super) fn only(&self) -> Option<&T> {
        self.first.as_ref().filter(|_| self.others.as_ref().is_none_or(|others| others.is_empty()))
    }

    /// So many are to come.
    pub(super) fn make_room(&mut self, more: usize) {
        self.others.get_or_insert_default().reserve(more);
    }

    #[inline]
    pub(super) fn push_back(&mut self, last: T) {
        if self.first.is_none() {
            self.first = Some(last);
        } else {
            self.others.get_or_insert_default().push_back(last);
        }
    }

    #[inline]
    pub(super) fn push_front(&mut self, first: T) {
        if let Some(second) = self.first.replace(first) {
            self.others.get_or_insert_default().push_front(second);
        }
    }

    #[inline]
    pub(super) fn pop_front(&mut self) -> Option<T> {
        let next = self.others.as_mut().and_then(|others| others.pop_front());
        std::mem::replace(&mut self.first, next)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn iter(&self) -> Iter<'_, T> {
        self.first.iter().chain(self.others.as_deref().into_iter().flatten())
    }

    /// Takes out the first that is equal to this.
    pub(super) fn remove(&mut self, this: &T)
    where
        T: PartialEq,
    {
        if self.first.as_ref() == Some(this) {
            self.pop_front();
        } else if let Some(others) = &mut self.others
            && let Some(place) = others.iter().position(|other| other == this)
        {
            others.remove(place);
        }
    }
}

pub(super) type Iter<'q, T> = Chain<option::Iter<'q, T>, Flatten<option::IntoIter<&'q VecDeque<T>>>>;

impl<'q, T> IntoIterator for &'q Queue<T> {
    type Item = &'q T;
    type IntoIter = Iter<'q, T>;

    fn into_iter(self) -> Iter<'q, T> {
        self.iter()
    }
}

impl<T: Encode> Encode for Queue<T> {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        to.length(self.len());
        for one in self {
            one.encode(to);
        }
    }
}

impl<T: Decode> Decode for Queue<T> {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let mut others: VecDeque<T> = Decode::decode(from)?;
        let first = others.pop_front();
        Ok(Self { first, others: Some(others).filter(|others| !others.is_empty()).map(Box::new) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_does_what_a_deque_does() {
        let (mut queue, mut deque) = (Queue::default(), VecDeque::new());
        for step in 0_u32..2000 {
            match step.wrapping_mul(2_654_435_761) >> 29 {
                0 | 1 => {
                    queue.push_back(step);
                    deque.push_back(step);
                }
                2 | 3 => {
                    queue.push_front(step);
                    deque.push_front(step);
                }
                4 => {
                    let this = step / 2;
                    queue.remove(&this);
                    deque.retain(|other| *other != this);
                }
                _ => assert_eq!(queue.pop_front(), deque.pop_front()),
            }
            assert_eq!((queue.len(), queue.is_empty()), (deque.len(), deque.is_empty()));
            assert_eq!(queue.only(), deque.front().filter(|_| deque.len() == 1));
            assert!(queue.iter().eq(&deque));
        }
    }
}
