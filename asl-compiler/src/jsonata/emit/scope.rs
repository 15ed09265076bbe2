//! Which names mean what where the emitter is.

use super::identifier;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::BTreeMap;

/// What a variable of the expression is in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Storage {
    /// A variable of type `View<'_>`.
    View,
    /// `Data`
    Data,
    /// `Option<f64>`
    Number,
    /// `bool`
    Boolean,
    /// `Variable`: functions see it while it changes.
    Shared,
    /// A slot of a tuple.
    Slot(u32),
}

/// A variable of the expression.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) ident: Ident,
    pub(super) storage: Storage,
    /// The function that it is declared in, counted from the outside.
    level: usize,
}

/// A function of Rust: that of the expression, or a closure that becomes a function value.
#[derive(Debug, Default)]
struct Level {
    /// What the closure takes from outside.
    captures: BTreeMap<String, (Ident, Storage)>,
    /// Variables from outside of the expression, looked up once.
    externals: BTreeMap<String, Ident>,
    /// What loops compute again and again, computed before them.
    before_loops: TokenStream,
    loops: usize,
    takes_context: bool,
}

/// Everything in sight.
#[derive(Debug)]
pub(super) struct Scope {
    variables: Vec<Variable>,
    levels: Vec<Level>,
    context_level: usize,
    /// The context is the root.
    at_root: bool,
    uses_root: bool,
    numbers: usize,
    slots: BTreeMap<String, u32>,
}

/// What is restored when a scope ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark(usize);

/// The context around a loop.
#[derive(Clone, Copy, Debug)]
pub(super) struct OuterContext(usize, bool);

/// What a closure takes from outside.
#[derive(Debug)]
pub(super) struct Captured {
    /// Statements before the closure.
    pub(super) before: TokenStream,
    /// Statements at the start of its body.
    pub(super) inside: TokenStream,
}

impl Scope {
    pub(super) fn new() -> Self {
        Self {
            variables: Vec::new(),
            levels: vec![Level::default()],
            context_level: 0,
            at_root: true,
            uses_root: false,
            numbers: 0,
            slots: BTreeMap::new(),
        }
    }

    fn level(&self) -> usize {
        self.levels.len() - 1
    }

    pub(super) fn number(&mut self) -> usize {
        self.numbers += 1;
        self.numbers
    }

    /// A name of ours.
    pub(super) fn fresh(&mut self, name: &str) -> Ident {
        let number = self.number();
        identifier(name, number)
    }

    /// The slot of tuples for a name.
    pub(super) fn slot(&mut self, name: &str) -> u32 {
        let next = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        *self.slots.entry(name.to_owned()).or_insert(next)
    }

    pub(super) fn mark(&self) -> Mark {
        Mark(self.variables.len())
    }

    pub(super) fn reset(&mut self, mark: Mark) {
        self.variables.truncate(mark.0);
    }

    /// Declares a variable and returns its name in Rust.
    pub(super) fn declare(&mut self, name: &str, storage: Storage) -> Ident {
        let ident = self.fresh(name);
        self.declare_as(name, ident.clone(), storage);
        ident
    }

    pub(super) fn declare_as(&mut self, name: &str, ident: Ident, storage: Storage) {
        let level = self.level();
        self.variables.push(Variable { name: name.to_owned(), ident, storage, level });
    }

    pub(super) fn is_declared(&self, name: &str) -> bool {
        self.variables.iter().any(|variable| variable.name == name)
    }

    /// The variable of a name as it is seen from here; a closure takes it along.
    pub(super) fn find(&mut self, name: &str) -> Option<Variable> {
        let mut found = self.variables.iter().rev().find(|variable| variable.name == name)?.clone();
        for level in self.levels.iter_mut().skip(found.level + 1) {
            level.captures.insert(found.ident.to_string(), (found.ident.clone(), found.storage.clone()));
            if found.storage == Storage::View {
                found.storage = Storage::Data;
            }
        }
        Some(found)
    }

    /// A variable from outside of the expression.
    pub(super) fn external(&mut self, name: &str) -> Ident {
        let number = self.number();
        let level = self.levels.last_mut();
        let fresh = identifier(name, number);
        match level {
            Some(level) => level.externals.entry(name.to_owned()).or_insert(fresh).clone(),
            None => fresh,
        }
    }

    /// The statements that look up the variables from outside of the expression.
    pub(super) fn take_externals(&mut self) -> TokenStream {
        let externals = self.levels.last_mut().map(|level| std::mem::take(&mut level.externals));
        let lookups = externals
            .into_iter()
            .flatten()
            .map(|(name, ident)| quote!(let #ident = evaluation.variable(#name);));
        let before_loops = self.levels.last_mut().map(|level| std::mem::take(&mut level.before_loops));
        quote!(#(#lookups)* #before_loops)
    }

    /// The code that follows is run for each element of something.
    pub(super) fn enter_loop(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.loops += 1;
        }
    }

    pub(super) fn leave_loop(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.loops -= 1;
        }
    }

    /// Whether the code is run for each element of something, within its function.
    pub(super) fn in_loop(&self) -> bool {
        self.levels.last().is_some_and(|level| level.loops > 0)
    }

    /// Whether the code may be run more than once in an evaluation.
    pub(super) fn is_repeated(&self) -> bool {
        self.in_loop() || self.level() > 0
    }

    /// Computes a steady result at the start of the function, whether it is a failure or not.
    pub(super) fn before_loops(&mut self, result: &TokenStream) -> Ident {
        let ident = self.fresh("known");
        if let Some(level) = self.levels.last_mut() {
            level.before_loops.extend(quote!(let #ident = #result;));
        }
        ident
    }

    /// The context; a closure takes it along.
    pub(super) fn context(&mut self) -> TokenStream {
        for level in self.levels.iter_mut().skip(self.context_level + 1) {
            level.takes_context = true;
        }
        self.uses_root |= self.context_level == 0 && self.at_root;
        quote!(context)
    }

    pub(super) const fn context_is_root(&self) -> bool {
        self.at_root
    }

    pub(super) const fn uses_root_context(&self) -> bool {
        self.uses_root
    }

    /// The code that follows has a context of its own.
    pub(super) fn enter_context(&mut self) -> OuterContext {
        let outer = OuterContext(self.context_level, self.at_root);
        (self.context_level, self.at_root) = (self.level(), false);
        outer
    }

    pub(super) const fn leave_context(&mut self, outer: OuterContext) {
        (self.context_level, self.at_root) = (outer.0, outer.1);
    }

    /// The code that follows is the body of a closure.
    pub(super) fn enter_closure(&mut self) {
        self.levels.push(Level::default());
    }

    pub(super) fn leave_closure(&mut self) -> Captured {
        let externals = self.take_externals();
        let level = self.levels.pop().unwrap_or_default();
        let (mut before, mut inside) = (TokenStream::new(), TokenStream::new());
        for (ident, storage) in level.captures.into_values() {
            // The variable is a view only where it is declared; closures around this one hold it as data already.
            before.extend(match storage {
                Storage::Number | Storage::Boolean => TokenStream::new(),
                Storage::View => quote!(let #ident = jsonata::ToData::to_data(&#ident);),
                Storage::Data | Storage::Shared => quote!(let #ident = rt::Clone::clone(&#ident);),
                // Loops hold references to tuples.
                Storage::Slot(_) => quote!(let #ident = <jsonata::Tuple as rt::Clone>::clone(&#ident);),
            });
        }
        if level.takes_context {
            before.extend(quote!(let context = context.to_data();));
            inside.extend(quote!(let context = context.view();));
        }
        inside.extend(externals);
        Captured { before, inside }
    }
}
