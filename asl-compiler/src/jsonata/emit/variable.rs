//! Variables, the context, `$states`.

use super::Emitter;
use super::code::Code;
use super::scope::{Storage, Variable};
use crate::jsonata::functions::{self, Dialect};
use crate::jsonata::tree::Label;
use proc_macro2::Ident;
use quote::{format_ident, quote};

impl Emitter {
    /// `$name`, `$` and `$$`.
    pub(super) fn variable(&mut self, name: &str) -> Code {
        if name.is_empty() {
            return Code::view(self.scope.context());
        }
        if let Some(variable) = self.scope.find(name) {
            return Self::stored(&variable);
        }
        match name {
            "$" => Code::view(quote!(evaluation.root())),
            "states" if self.dialect == Dialect::States => Code::data(quote!(evaluation.states())),
            _ => self.outside(name),
        }
    }

    /// A variable from outside of the expression; the built-in functions are around them.
    fn outside(&mut self, name: &str) -> Code {
        let ident = self.scope.external(name);
        match self.builtin(name) {
            Some(builtin) => Code::data(quote!(jsonata::or_builtin(#ident, &jsonata::functions::#builtin))),
            None => Code::view(quote!(#ident)).steady(),
        }
    }

    fn stored(variable: &Variable) -> Code {
        let ident = &variable.ident;
        match &variable.storage {
            Storage::View => Code::view(quote!(#ident)),
            Storage::Data => Code::view(quote!(#ident.view())),
            Storage::Number => Code::number(quote!(#ident)),
            Storage::Boolean => Code::boolean(quote!(#ident)),
            Storage::Shared => Code::data(quote!(#ident.get())),
            Storage::Slot(slot) => Code::view(quote!(#ident.get(#slot))),
        }
    }

    /// The static of a built-in function, if a name means one.
    pub(super) fn builtin(&self, name: &str) -> Option<Ident> {
        functions::find(name, self.dialect).map(|function| format_ident!("{}", function.constant))
    }

    /// The part of `$states` that a name means, where nothing of the expression hides it.
    pub(super) fn part_of_states(&self, variable: &str, part: &str) -> Option<Code> {
        if variable != "states" || self.dialect != Dialect::States || self.scope.is_declared(variable) {
            return None;
        }
        match part {
            "input" => Some(Code::view(quote!(evaluation.input()))),
            "result" => Some(Code::view(quote!(evaluation.result()))),
            "errorOutput" => Some(Code::view(quote!(evaluation.error_output()))),
            "context" => Some(Code::data(quote!(evaluation.context()))),
            _ => None,
        }
    }

    /// `%`
    pub(super) fn parent(&mut self, label: Label) -> Code {
        match self.scope.find(&label_name(label)) {
            Some(variable) => Self::stored(&variable),
            None => Code::nothing(),
        }
    }
}

/// The name under which a parent is declared: one that no variable can have.
pub(super) fn label_name(label: Label) -> String {
    format!("%{}", label.0)
}
