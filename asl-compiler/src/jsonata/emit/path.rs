//! Paths. Each step is a loop over the items of the step before it; names that follow each other are one call.

use super::Emitter;
use super::code::{Code, Shape};
use super::operator::is_bare;
use crate::jsonata::Expression;
use crate::jsonata::tree::{ExpressionKind, Group, Path, PathStep, Stage, StepKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What is wanted of the steps of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Their value, settled or not.
    Value,
    /// A sequence that is not settled.
    Sequence,
    /// The same, which stays an array even if it has one element.
    KeptSequence,
    /// The items that further steps go through.
    Items,
}

impl Wanted {
    /// Whether a step is the last one of its path, before the steps that are left.
    fn is_last(self, left: &[PathStep]) -> bool {
        left.is_empty() && self != Self::Items
    }
}

impl Emitter {
    /// `a.b.c`, with the group after it; not settled yet.
    pub(super) fn path(&mut self, path: &Path, group: Option<&Group>) -> Code {
        // `@`, `#` and `%` bind values beside each item, which have to travel along with it.
        if path.steps.iter().any(|step| step.tuple) {
            return self.tuple_path(path, group);
        }
        let wanted = match (path.keep_singleton_array, group) {
            (true, _) => Wanted::KeptSequence,
            (false, Some(_)) => Wanted::Sequence,
            (false, None) => Wanted::Value,
        };
        let result = self.steps(&path.steps, wanted);
        let result = if path.keep_singleton_array { kept(result) } else { result };
        match group {
            Some(group) => self.group(&group.pairs, result),
            None => result,
        }
    }

    /// Steps without tuples.
    pub(super) fn steps(&mut self, steps: &[PathStep], wanted: Wanted) -> Code {
        let (current, rest) = self.first_steps(steps, wanted);
        match steps.first().map(|first| &first.kind) {
            Some(StepKind::Expression(first)) if is_constructed(first) && !wanted.is_last(rest) => {
                let current = if is_bare(first) { current } else { looped_over(current) };
                self.steps_of_constructed(current, rest, wanted)
            }
            _ => self.further_steps(current, rest, wanted),
        }
    }

    /// An array constructor without elements is the result of the path that it starts.
    fn steps_of_constructed(&mut self, array: Code, rest: &[PathStep], wanted: Wanted) -> Code {
        let origin = self.scope.fresh("origin");
        let array = array.data_tokens();
        let found = self.further_steps(Code::view(quote!(#origin.view())), rest, wanted).raw_data();
        let empty = empty_start(&origin, wanted == Wanted::KeptSequence);
        Code::raw(quote!({
            let #origin = #array;
            if #origin.count() == 0 { #empty } else { #found }
        }))
    }

    /// The array constructor that a path starts with, as the steps after it go through it.
    pub(super) fn constructed_start(&mut self, steps: &[PathStep], first: &Expression) -> TokenStream {
        let (current, _) = self.first_steps(steps, Wanted::Sequence);
        if is_bare(first) { current.data_tokens() } else { looped_over(current).data_tokens() }
    }

    pub(super) fn further_steps(&mut self, start: Code, rest: &[PathStep], wanted: Wanted) -> Code {
        let (mut current, mut rest) = (start, rest);
        while let [step, others @ ..] = rest {
            let names = names_follow(rest, wanted);
            // What a step comes to is gone through as it is; it represents its only element at the end of the path.
            if current.shape == Shape::Raw {
                current.shape = Shape::Data;
            }
            current = match &step.kind {
                StepKind::Sort(terms) => {
                    rest = others;
                    let last = others.is_empty() || !step.stages.is_empty();
                    let sorted = self.sort(terms, current, last);
                    self.stages(&step.stages, sorted)
                }
                StepKind::Expression(_) if !names.is_empty() => {
                    rest = rest.get(names.len()..).unwrap_or_default();
                    self.names_after(&names, current)
                }
                StepKind::Expression(expression) => {
                    rest = others;
                    self.step(expression, &step.stages, current, wanted.is_last(rest))
                }
            };
        }
        current
    }

    /// What the path starts with, and the steps that are left.
    fn first_steps<'s>(&mut self, steps: &'s [PathStep], wanted: Wanted) -> (Code, &'s [PathStep]) {
        let Some((first, rest)) = steps.split_first() else { return (Code::nothing(), steps) };
        let StepKind::Expression(expression) = &first.kind else {
            let context = self.scope.context();
            return (Code::view(quote!(jsonata::only(#context))), steps);
        };
        // `$states.input` is read in place; as a value, `$states` would be made with all of its parts first.
        if let Some((code, rest)) = self.states_steps(expression, first, rest) {
            return (code, rest);
        }
        if matches!(expression.kind, ExpressionKind::Variable(_)) || is_constructed(expression) {
            let value = self.expression(expression);
            let value = self.stages(&first.stages, value);
            let value = if wanted.is_last(rest) {
                if first.stages.is_empty() { value } else { self.flattened(value) }
            } else if names_follow(rest, wanted).is_empty() {
                self.started(expression, value)
            } else {
                value
            };
            return (value, rest);
        }
        let names = names_follow(steps, wanted);
        if !names.is_empty() {
            let context = self.scope.context();
            let function = if self.scope.context_is_root() { quote!(fields_of_root) } else { quote!(fields) };
            let code = match names.as_slice() {
                [name] if !self.scope.context_is_root() => Code::field(&context, name),
                names => Code::operand(quote!(jsonata::#function(#context, &[#(#names),*]))),
            };
            return (code, steps.get(names.len()..).unwrap_or_default());
        }
        (self.first_loop(expression, &first.stages, wanted.is_last(rest)), rest)
    }

    /// `$states.input` and its like, which need no object `$states`.
    fn states_steps<'s>(
        &mut self,
        expression: &Expression,
        first: &PathStep,
        rest: &'s [PathStep],
    ) -> Option<(Code, &'s [PathStep])> {
        let (ExpressionKind::Variable(variable), [part, others @ ..]) = (&expression.kind, rest) else {
            return None;
        };
        let StepKind::Expression(Expression { kind: ExpressionKind::Name(name), .. }) = &part.kind else {
            return None;
        };
        if !first.stages.is_empty() || !expression.predicates.is_empty() || !part.stages.is_empty() {
            return None;
        }
        Some((self.part_of_states(variable, name)?, others))
    }

    /// The first step, where it is neither a variable nor names.
    fn first_loop(&mut self, expression: &Expression, stages: &[Stage], last: bool) -> Code {
        let context = self.scope.context();
        if !self.scope.context_is_root() {
            return self.step_loop(expression, stages, &quote!(jsonata::contexts(#context)), last);
        }
        // The root is one item, even if it is an array.
        let value = self.expression(expression);
        let value = self.stages(stages, value).raw_data();
        let finish = finish(last);
        Code::raw(quote!({
            let mut results = jsonata::StepResults::new();
            results.push(#value);
            results.#finish()
        }))
    }

    /// A step for each item of what came before.
    fn step(&mut self, expression: &Expression, stages: &[Stage], source: Code, last: bool) -> Code {
        let (setup, source) = source.elements_source();
        let code = self.step_loop(expression, stages, &quote!(source.elements()), last);
        let tokens = code.tokens;
        Code::raw(quote!({
            #setup
            let source = #source;
            #tokens
        }))
    }

    fn step_loop(
        &mut self,
        expression: &Expression,
        stages: &[Stage],
        items: &TokenStream,
        last: bool,
    ) -> Code {
        let outer = self.scope.enter_context();
        let value = self.expression(expression);
        let value = self.stages(stages, value).raw_data();
        self.scope.leave_context(outer);
        let finish = finish(last);
        Code::raw(quote!({
            let mut results = jsonata::StepResults::new();
            for context in #items {
                evaluation.step()?;
                results.push(#value);
            }
            results.#finish()
        }))
    }

    fn names_after(&mut self, names: &[&str], source: Code) -> Code {
        match source.shape {
            Shape::View => {
                let tokens = source.tokens;
                match names {
                    [name] => Code::field(&tokens, name),
                    names => Code::operand(quote!(jsonata::fields(#tokens, &[#(#names),*]))),
                }
            }
            Shape::Selection | Shape::Settled => {
                let (setup, source) = source.elements_source();
                Code::data(quote!({
                    #setup
                    jsonata::fields_of_items(#source.elements(), &[#(#names),*]).into_data()
                }))
            }
            _ => {
                let source = source.view_tokens();
                Code::data(quote!(jsonata::fields(#source, &[#(#names),*]).into_data()))
            }
        }
    }

    /// The filters after a step; not settled.
    pub(super) fn stages(&mut self, stages: &[Stage], value: Code) -> Code {
        stages.iter().fold(value, |value, stage| match stage {
            Stage::Filter(predicate) => self.filter(value, predicate),
            // Positions are bound in tuples only.
            Stage::Index(_) => value,
        })
    }

    /// What further steps go through after a variable, which may be an array that is one item.
    fn started(&self, start: &Expression, value: Code) -> Code {
        let ExpressionKind::Variable(name) = &start.kind else { return value };
        // The document comes from outside, where no array was constructed by an expression.
        let is_document = name == "$" || name.is_empty() && self.scope.context_is_root();
        if is_document || !self.constructs {
            return value;
        }
        if value.shape == Shape::View {
            let value = value.tokens;
            return Code::operand(quote!(jsonata::started(#value)));
        }
        let value = value.raw_data();
        Code::data(quote!(jsonata::started_by(#value)))
    }

    /// The result of a step that is evaluated only once, as the result of a path.
    fn flattened(&mut self, value: Code) -> Code {
        let value = value.raw_data();
        Code::raw(quote!(jsonata::flattened(#value)))
    }
}

/// The names that steps start with, where they can be looked up together: a sequence that is wanted is made step by step.
fn names_follow(steps: &[PathStep], wanted: Wanted) -> Vec<&str> {
    let names = names(steps);
    if names.len() == steps.len() && wanted != Wanted::Value { Vec::new() } else { names }
}

/// The names that steps start with, as long as nothing else is there.
fn names(steps: &[PathStep]) -> Vec<&str> {
    steps.iter().map_while(plain_name).collect()
}

fn plain_name(step: &PathStep) -> Option<&str> {
    let StepKind::Expression(expression) = &step.kind else { return None };
    match &expression.kind {
        ExpressionKind::Name(name) if is_bare(expression) && step.stages.is_empty() => Some(name),
        _ => None,
    }
}

/// What a path goes through after an array constructor with filters, which may have left something else than an array.
fn looped_over(array: Code) -> Code {
    let array = array.view_tokens();
    Code::data(quote!(jsonata::looped_over(#array)?))
}

/// What an array constructor without elements is, as the result of the path that it starts.
pub(super) fn empty_start(origin: &Ident, is_kept: bool) -> TokenStream {
    if is_kept { quote!(jsonata::kept_start(#origin)?) } else { quote!(#origin) }
}

/// Whether a step is evaluated once, not for each item, when it is the first.
pub(super) fn is_constructed(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Array(array) => array.constructed,
        ExpressionKind::Block(block) => block.constructed,
        _ => false,
    }
}

fn finish(last: bool) -> TokenStream {
    if last { quote!(result) } else { quote!(items) }
}

/// The result of a path with `[]` in it.
fn kept(result: Code) -> Code {
    let result = result.raw_data();
    Code::raw(quote!(jsonata::kept(#result)))
}
