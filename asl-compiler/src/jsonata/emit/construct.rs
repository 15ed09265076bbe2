//! Constructors of arrays and objects, and grouping.

use super::Emitter;
use super::code::{Code, Shape};
use crate::jsonata::Expression;
use crate::jsonata::tree::{Array, ExpressionKind, Pair, StepKind};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::BTreeSet;

impl Emitter {
    /// `[a, b]`
    pub(super) fn array(&mut self, array: &Array) -> Code {
        let items = array.items.iter().map(|item| {
            let value = self.expression(item).data_tokens();
            match &item.kind {
                ExpressionKind::Array(_) => quote!(elements.push(#value);),
                _ => quote!(elements.append(#value);),
            }
        });
        let items: TokenStream = items.collect();
        let made = if array.constructed { quote!(into_constructed) } else { quote!(into_array) };
        if items.is_empty() {
            return Code::data(quote!(jsonata::Collector::new().#made()));
        }
        Code::data(quote!({
            let mut elements = jsonata::Collector::new();
            #items
            elements.#made()
        }))
    }

    /// `{key: value}`
    pub(super) fn object(&mut self, pairs: &[Pair]) -> Code {
        match constant_keys(pairs) {
            Some(keys) => self.object_of_constants(pairs, &keys),
            None => {
                let context = self.scope.context();
                match self.scope.context_is_root() {
                    true => self.group_of(pairs, Code::view(context), &quote!(jsonata::one_item)),
                    false => self.group(pairs, Code::view(context)),
                }
            }
        }
    }

    /// With keys that are known and differ, there is one group for each, of the whole context.
    fn object_of_constants(&mut self, pairs: &[Pair], keys: &[&str]) -> Code {
        if !pairs.iter().any(|pair| uses_context(&pair.value)) {
            return Code::data(self.members(pairs, keys));
        }
        let (context, at_root) = (self.scope.context(), self.scope.context_is_root());
        if at_root {
            // The root is one item, even if it is an array.
            return Code::data(self.members(pairs, keys));
        }
        let outer = self.scope.enter_context();
        let object = self.members(pairs, keys);
        self.scope.leave_context(outer);
        Code::data(quote!({
            let context = jsonata::gathered(#context);
            let context = context.view();
            #object
        }))
    }

    fn members(&mut self, pairs: &[Pair], keys: &[&str]) -> TokenStream {
        let values = pairs.iter().map(|pair| self.expression(&pair.value).data_tokens());
        let length = proc_macro2::Literal::usize_unsuffixed(keys.len());
        let members = values.zip(keys).map(|(value, key)| quote!(members.add(#key, #value);));
        quote!({
            let mut members = jsonata::MembersBuilder::with_capacity(#length);
            #(#members)*
            members.into_written()
        })
    }

    /// `of{key: value}`
    pub(super) fn group(&mut self, pairs: &[Pair], of: Code) -> Code {
        self.group_of(pairs, of, &quote!(jsonata::group_items))
    }

    fn group_of(&mut self, pairs: &[Pair], of: Code, items: &TokenStream) -> Code {
        let (setup, source, items) = match of.shape {
            Shape::Selection => {
                let (setup, source) = of.elements_source();
                (setup, source, quote!(source.group_items()))
            }
            _ => (TokenStream::new(), of.raw_data(), quote!(#items(source.view()))),
        };
        let outer = self.scope.enter_context();
        let keys = pairs.iter().enumerate().map(|(number, pair)| {
            let key = self.expression(&pair.key).view_tokens();
            quote!(groups.push(#number, #key, context)?;)
        });
        let keys: TokenStream = keys.collect();
        let values = self.group_values(pairs);
        self.scope.leave_context(outer);
        Code::data(quote!({
            #setup
            let source = #source;
            let mut groups = jsonata::Groups::new();
            for context in #items {
                evaluation.step()?;
                #keys
            }
            let mut members = jsonata::MembersBuilder::new();
            for group in groups.into_groups() {
                let context = group.context();
                let context = context.view();
                let value = #values;
                members.push(group.key, value);
            }
            members.into_object()
        }))
    }

    /// The value of the pair that the group's key comes from.
    pub(super) fn group_values(&mut self, pairs: &[Pair]) -> TokenStream {
        let mut values: Vec<_> =
            pairs.iter().map(|pair| self.expression(&pair.value).data_tokens()).collect();
        match values.pop() {
            None => quote!(jsonata::Data::Nothing),
            Some(only) if values.is_empty() => only,
            Some(last) => {
                let arms = values.iter().enumerate().map(|(number, value)| quote!(#number => #value,));
                quote!(match group.pair { #(#arms)* _ => #last })
            }
        }
    }
}

/// The keys, if all are written as strings and no two are the same.
fn constant_keys(pairs: &[Pair]) -> Option<Vec<&str>> {
    let keys: Vec<&str> = pairs.iter().map(|pair| constant_key(&pair.key)).collect::<Option<_>>()?;
    let distinct: BTreeSet<&str> = keys.iter().copied().collect();
    (distinct.len() == keys.len()).then_some(keys)
}

fn constant_key(key: &Expression) -> Option<&str> {
    match &key.kind {
        ExpressionKind::String(text) if key.predicates.is_empty() && key.group.is_none() => Some(text),
        _ => None,
    }
}

/// Whether an expression may look at the context that it is evaluated in. A call can: the context takes the place of missing arguments.
fn uses_context(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Variable(name) => name.is_empty(),
        ExpressionKind::String(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Boolean(_)
        | ExpressionKind::Null => false,
        ExpressionKind::Path(path) => match path.steps.first().map(|step| &step.kind) {
            // Later steps have contexts of their own.
            Some(StepKind::Expression(first)) => uses_context(first),
            Some(StepKind::Sort(_)) | None => true,
        },
        ExpressionKind::Negate(_)
        | ExpressionKind::Binary(_)
        | ExpressionKind::Array(_)
        | ExpressionKind::Condition(_)
        | ExpressionKind::Bind(_) => parts(expression).into_iter().any(uses_context),
        ExpressionKind::Call(call) => {
            !call.arguments.is_empty() && parts(expression).into_iter().any(uses_context)
        }
        _ => true,
    }
}

/// What an expression is made of, without what follows it, which has contexts of its own.
fn parts(expression: &Expression) -> Vec<&Expression> {
    let mut parts = expression.children();
    let after =
        expression.predicates.len() + expression.group.as_ref().map_or(0, |group| 2 * group.pairs.len());
    parts.truncate(parts.len().saturating_sub(after));
    parts
}
