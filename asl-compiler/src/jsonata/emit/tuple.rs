//! Paths that bind variables or look for parents: loops over tuples.

use super::Emitter;
use super::code::{Code, Shape};
use super::float;
use super::operator::is_bare;
use super::path::{Wanted, empty_start, is_constructed};
use super::scope::Storage;
use super::sort::descending;
use super::variable::label_name;
use crate::jsonata::Expression;
use crate::jsonata::tree::{ExpressionKind, Group, Path, PathStep, SortTerm, Stage, StepKind};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

impl Emitter {
    /// A path with tuples; its value is the sequence of their items, or what they are grouped to.
    pub(super) fn tuple_path(&mut self, path: &Path, group: Option<&Group>) -> Code {
        let Some(first) = plain_start(path) else { return self.value_of_tuples(path, group, None) };
        // An array constructor without elements is the result of the path: it never comes to its tuples.
        let origin = self.scope.fresh("origin");
        let array = self.constructed_start(&path.steps, first);
        let empty = Code::raw(empty_start(&origin, path.keep_singleton_array));
        let empty = group.map_or(empty.clone(), |group| self.group(&group.pairs, empty)).raw_data();
        let found = self.value_of_tuples(path, group, Some(&origin)).raw_data();
        Code::raw(quote!({
            let #origin = #array;
            if #origin.count() == 0 { #empty } else { #found }
        }))
    }

    /// The same, where `origin` is the array that the path starts with, if it does.
    fn value_of_tuples(&mut self, path: &Path, group: Option<&Group>, origin: Option<&Ident>) -> Code {
        let mark = self.scope.mark();
        let tuple = self.scope.fresh("tuple");
        let tuples = self.tuples_of(path, &tuple, origin);
        let code = match group {
            Some(group) => self.group_tuples(group, &tuples, &tuple),
            None if path.keep_singleton_array => Code::raw(quote!(jsonata::kept(jsonata::items_of(#tuples)))),
            None => Code::raw(quote!(jsonata::items_of(#tuples))),
        };
        self.scope.reset(mark);
        code
    }

    /// The tuples that a path comes to; what they bind is declared.
    fn tuples_of(&mut self, path: &Path, tuple: &Ident, origin: Option<&Ident>) -> TokenStream {
        let first_tuple = path.steps.iter().position(|step| step.tuple).unwrap_or_default();
        let (plain, mut rest) = path.steps.split_at_checked(first_tuple).unwrap_or_default();
        let mut tuples = match rest {
            [first, others @ ..] if plain.is_empty() => match constructed_start(first, others) {
                Some(array) => {
                    rest = others;
                    self.start_of_constructed(array, first)
                }
                None => self.start(first),
            },
            _ => {
                let mut items = match (origin, plain.split_first()) {
                    (Some(origin), Some((_, others))) => {
                        let start = Code::view(quote!(#origin.view()));
                        self.further_steps(start, others, Wanted::Items)
                    }
                    _ => self.steps(plain, Wanted::Items),
                };
                // They are gone through as they are: only at its end does a path represent its only element.
                if items.shape == Shape::Raw {
                    items.shape = Shape::Data;
                }
                let items = items.view_tokens();
                quote!(jsonata::tuples_after(#items))
            }
        };
        for step in rest {
            tuples = match &step.kind {
                StepKind::Sort(terms) => self.sort_tuples(terms, step, tuples, tuple),
                StepKind::Expression(expression) => self.tuple_step(expression, step, &tuples, tuple),
            };
            tuples = self.tuple_stages(&step.stages, tuples, tuple);
        }
        tuples
    }

    /// What the first step is evaluated for.
    fn start(&mut self, step: &PathStep) -> TokenStream {
        let context = self.scope.context();
        let once = self.scope.context_is_root()
            || matches!(
                &step.kind,
                StepKind::Expression(Expression { kind: ExpressionKind::Variable(_), .. })
            );
        if once { quote!(jsonata::tuple(#context)) } else { quote!(jsonata::tuples(#context)) }
    }

    /// An array constructor that starts a path is evaluated, but binds nothing; after `@` the path goes on with the context.
    fn start_of_constructed(&mut self, array: &Expression, step: &PathStep) -> TokenStream {
        let items = self.expression(array).view_tokens();
        if step.focus.is_none() {
            return quote!(jsonata::tuples_after(#items));
        }
        let context = self.start(step);
        quote!({
            let _ = #items;
            #context
        })
    }

    fn tuple_step(
        &mut self,
        expression: &Expression,
        step: &PathStep,
        tuples: &TokenStream,
        tuple: &Ident,
    ) -> TokenStream {
        let outer = self.scope.enter_context();
        let push = match self.inner_tuples(expression) {
            Some(found) => quote!(jsonata::merge_tuples(&mut results, #tuple, #found);),
            None => {
                let found = self.expression(expression).view_tokens();
                let bindings = self.bindings(step);
                quote!(jsonata::push_tuples(&mut results, #tuple, #found, #bindings);)
            }
        };
        self.scope.leave_context(outer);
        self.declare_bindings(step, expression, tuple);
        quote!({
            let mut results = jsonata::no_tuples();
            for #tuple in &#tuples {
                evaluation.step()?;
                let context = #tuple.item.view();
                #push
            }
            results
        })
    }

    fn bindings(&mut self, step: &PathStep) -> TokenStream {
        let mut slot = |name: Option<&str>| match name {
            Some(name) => {
                let slot = self.scope.slot(name);
                quote!(rt::Some(#slot))
            }
            None => quote!(rt::None),
        };
        let (focus, index) = (slot(step.focus.as_deref()), slot(step.index.as_deref()));
        let label = step.ancestor.map(label_name);
        let ancestor = slot(label.as_deref());
        quote!(jsonata::StepBindings { focus: #focus, index: #index, ancestor: #ancestor })
    }

    fn declare_bindings(&mut self, step: &PathStep, expression: &Expression, tuple: &Ident) {
        let mut names = Vec::new();
        inner_names(expression, &mut names);
        step_names(step, &mut names);
        for name in names {
            self.declare_slot(&name, tuple);
        }
    }

    fn declare_slot(&mut self, name: &str, tuple: &Ident) {
        let slot = self.scope.slot(name);
        self.scope.declare_as(name, tuple.clone(), Storage::Slot(slot));
    }

    /// The tuples of a path within a step, if the step is one: they are merged with those around it.
    fn inner_tuples(&mut self, expression: &Expression) -> Option<TokenStream> {
        let mut filters = Vec::new();
        let path = inner_path(expression, &mut filters)?;
        let mark = self.scope.mark();
        let tuple = self.scope.fresh("tuple");
        let mut tuples = self.tuples_of(path, &tuple, None);
        for filter in filters {
            tuples = self.filter_tuples(filter, &tuples, &tuple);
        }
        self.scope.reset(mark);
        Some(tuples)
    }

    fn sort_tuples(
        &mut self,
        terms: &[SortTerm],
        step: &PathStep,
        tuples: TokenStream,
        tuple: &Ident,
    ) -> TokenStream {
        let outer = self.scope.enter_context();
        let values = self.terms(terms);
        self.scope.leave_context(outer);
        let descending = descending(terms);
        let sorted = quote!({
            let tuples = #tuples;
            jsonata::sorted(evaluation, tuples.into_iter(), [#descending], |#tuple| {
                let context = #tuple.item.view();
                rt::Ok([#values])
            })?
            .into_items()
        });
        match &step.index {
            Some(name) => self.positions(name, &sorted, tuple),
            None => sorted,
        }
    }

    fn positions(&mut self, name: &str, tuples: &TokenStream, tuple: &Ident) -> TokenStream {
        self.declare_slot(name, tuple);
        let slot = self.scope.slot(name);
        quote!(jsonata::with_positions(#tuples, #slot))
    }

    fn tuple_stages(&mut self, stages: &[Stage], tuples: TokenStream, tuple: &Ident) -> TokenStream {
        stages.iter().fold(tuples, |tuples, stage| match stage {
            Stage::Index(name) => self.positions(name, &tuples, tuple),
            Stage::Filter(predicate) => self.filter_tuples(predicate, &tuples, tuple),
        })
    }

    fn filter_tuples(&mut self, predicate: &Expression, tuples: &TokenStream, tuple: &Ident) -> TokenStream {
        if let ExpressionKind::Number(index) = predicate.kind
            && is_bare(predicate)
        {
            let index = float(index);
            return quote!(jsonata::tuple_at(#tuples, #index));
        }
        let outer = self.scope.enter_context();
        let condition = self.expression(predicate).view_tokens();
        self.scope.leave_context(outer);
        quote!({
            let tuples = #tuples;
            let mut kept = jsonata::TupleFilter::of(&tuples);
            for #tuple in &tuples {
                evaluation.step()?;
                let context = #tuple.item.view();
                kept.test(#condition, #tuple);
            }
            kept.result()
        })
    }

    fn group_tuples(&mut self, group: &Group, tuples: &TokenStream, tuple: &Ident) -> Code {
        let outer = self.scope.enter_context();
        let keys = group.pairs.iter().enumerate().map(|(number, pair)| {
            let key = self.expression(&pair.key).view_tokens();
            quote!(groups.push(#number, #key, rt::Clone::clone(#tuple))?;)
        });
        let keys: TokenStream = keys.collect();
        let values = self.group_values(&group.pairs);
        self.scope.leave_context(outer);
        Code::data(quote!({
            let tuples = #tuples;
            let mut groups = jsonata::Groups::new();
            for #tuple in &tuples {
                evaluation.step()?;
                let context = #tuple.item.view();
                #keys
            }
            let mut members = jsonata::MembersBuilder::new();
            for group in groups.into_groups() {
                let #tuple = &group.tuple();
                let context = #tuple.item.view();
                let value = #values;
                members.push(group.key, value);
            }
            members.into_object()
        }))
    }
}

/// The array constructor that a path starts with, if the step binds nothing.
fn plain_start(path: &Path) -> Option<&Expression> {
    let first = path.steps.first().filter(|first| !first.tuple)?;
    let StepKind::Expression(expression) = &first.kind else { return None };
    is_constructed(expression).then_some(expression)
}

/// The array constructor that a path starts with, if it should bind something and goes on.
fn constructed_start<'e>(first: &'e PathStep, others: &[PathStep]) -> Option<&'e Expression> {
    let StepKind::Expression(expression) = &first.kind else { return None };
    (!others.is_empty() && is_constructed(expression)).then_some(expression)
}

/// The path with tuples that a step consists of, be it in parentheses, with the filters after these.
fn inner_path<'e>(expression: &'e Expression, filters: &mut Vec<&'e Expression>) -> Option<&'e Path> {
    if expression.group.is_some() || expression.keep_array {
        return None;
    }
    let path = match &expression.kind {
        ExpressionKind::Path(path) if path.tuple => path,
        ExpressionKind::Block(block) => match block.expressions.as_slice() {
            [only] => inner_path(only, filters)?,
            _ => return None,
        },
        _ => return None,
    };
    filters.extend(&expression.predicates);
    Some(path)
}

/// What a step binds, its stages included.
fn step_names(step: &PathStep, names: &mut Vec<String>) {
    names.extend(step.focus.clone());
    names.extend(step.index.clone());
    names.extend(step.ancestor.map(label_name));
}

/// What the paths within a step bind.
fn inner_names(expression: &Expression, names: &mut Vec<String>) {
    let Some(path) = inner_path(expression, &mut Vec::new()) else { return };
    for step in &path.steps {
        if let StepKind::Expression(expression) = &step.kind {
            inner_names(expression, names);
        }
        step_names(step, names);
        for stage in &step.stages {
            if let Stage::Index(name) = stage {
                names.push(name.clone());
            }
        }
    }
}
