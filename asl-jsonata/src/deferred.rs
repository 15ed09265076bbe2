//! The bodies of lambdas, which are dropped without taking stack.
//!
//! A function can hold a function that holds a function, and so on for as long as a loop goes on; dropping one after the other from
//! within would overflow the stack.

use crate::data::Data;
use crate::evaluation::Evaluation;
use crate::failure::Result;
use crate::function::{Body, Outcome};
use std::cell::{Cell, RefCell};

/// The body of a lambda.
pub(super) struct Deferred(Option<Box<Body>>);

thread_local! {
    static NESTED: Cell<u32> = const { Cell::new(0) };
    static WAITING: RefCell<Vec<Box<Body>>> = const { RefCell::new(Vec::new()) };
}

/// So many bodies are dropped from within each other.
const DEPTH: u32 = 8;

impl Deferred {
    pub(super) const fn new(body: Box<Body>) -> Self {
        Self(Some(body))
    }

    pub(super) fn call(&self, evaluation: &Evaluation<'_>, arguments: &[Data]) -> Result<Outcome> {
        match &self.0 {
            Some(body) => body(evaluation, arguments),
            None => Ok(Outcome::Data(Data::Nothing)),
        }
    }
}

impl Drop for Deferred {
    fn drop(&mut self) {
        let Some(body) = self.0.take() else { return };
        let nested = NESTED.get();
        if nested >= DEPTH {
            // The drop that is under way goes on with it.
            WAITING.with_borrow_mut(|waiting| waiting.push(body));
            return;
        }
        NESTED.set(nested + 1);
        drop(body);
        while nested == 0
            && let Some(body) = WAITING.with_borrow_mut(Vec::pop)
        {
            drop(body);
        }
        NESTED.set(nested);
    }
}
