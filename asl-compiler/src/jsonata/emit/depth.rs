//! How deeply evaluations are nested: AWS counts each expression within another, and allows no more than a hundred.
//!
//! In: an expression. Out: how high it is, which is known when it is compiled. What the code counts at run time are only the levels above a
//! call of a function, and it asks only where a function, or a branch in one, could be too high.

use super::Emitter;
use crate::jsonata::Expression;
use crate::jsonata::tree::ExpressionKind;
use proc_macro2::TokenStream;
use quote::quote;

/// As AWS has it. What is lower can never be too high outside of functions, which may be called at any depth.
const LEVELS: u32 = 100;

impl Emitter {
    /// Asks whether what is sure to be evaluated of an expression can be, where the expression begins.
    pub(super) fn reach(&self, expression: &Expression) -> TokenStream {
        let levels = self.depth + height(expression);
        if self.in_function || levels > LEVELS {
            quote!(evaluation.reach(#levels)?;)
        } else {
            TokenStream::new()
        }
    }

    /// Does something one level further down.
    pub(super) fn one_level_down<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.depth += 1;
        let done = act(self);
        self.depth -= 1;
        done
    }

    /// Emits the body of a function, which counts from where it is called.
    pub(super) fn within_function<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let outer = (std::mem::replace(&mut self.depth, 0), std::mem::replace(&mut self.in_function, true));
        let done = act(self);
        (self.depth, self.in_function) = outer;
        done
    }
}

/// How many levels there are in what is sure to be evaluated.
fn height(expression: &Expression) -> u32 {
    let children = match &expression.kind {
        // Its branches ask for themselves, and the body of a function does.
        ExpressionKind::Condition(condition) => height(&condition.condition),
        ExpressionKind::Lambda(_) | ExpressionKind::Transform(_) => 0,
        _ => expression.children().into_iter().map(height).max().unwrap_or_default(),
    };
    match &expression.kind {
        // The arguments of a call at the end of a function are evaluated in place of it.
        ExpressionKind::Call(call) if call.tail => children.max(1),
        _ => children.saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::LEVELS;
    use crate::jsonata::{Dialect, emit, parse};

    /// Whether the code asks how deep it is.
    fn asks(text: &str) -> bool {
        let expression = parse(text).expect(text);
        emit(&expression, "expression", Dialect::States).to_string().contains("reach")
    }

    #[test]
    fn only_what_can_be_too_high_asks() {
        let arrays = |levels: u32| format!("{}{}", "[".repeat(levels as usize), "]".repeat(levels as usize));
        assert_eq!((asks(&arrays(LEVELS)), asks(&arrays(LEVELS + 1))), (false, true));
        // The branches ask for themselves, with the condition around them.
        let branch = |levels: u32| format!("$a ? {} : 1", arrays(levels));
        assert_eq!((asks(&branch(LEVELS - 1)), asks(&branch(LEVELS))), (false, true));
        // A function can be called at any depth.
        assert!(asks("function() { 1 }"));
        assert!(!asks("|$a|{}|"));
    }
}
