//! Functions over arrays whose function is written in the call: loops, without a function as a value.

use super::Emitter;
use super::block::binds_variables;
use super::code::{Choice, Code, Shape};
use super::growth::Total;
use super::lambda::Tail;
use super::operator::is_bare;
use super::path::Wanted;
use super::scope::Storage;
use crate::jsonata::Expression;
use crate::jsonata::tree::{ExpressionKind, FunctionCall, Lambda, Path, StepKind};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

/// A loop over an array: the part before it, what it goes through, and the variables in it.
struct Loop {
    setup: TokenStream,
    source: TokenStream,
    /// What is computed before it from the source.
    before: TokenStream,
    /// `for .. in ..`
    head: TokenStream,
    /// The parameters at the start of its body.
    parameters: TokenStream,
}

/// The parameters of a function over elements.
struct Parameters {
    /// What is computed once, before the loop.
    before: TokenStream,
    /// The variable of the index, if there is one.
    index: Option<proc_macro2::Ident>,
    /// What is declared for each element.
    parameters: TokenStream,
}

impl Emitter {
    /// `$map(array, function($v, $i, $a) { .. })`; not settled.
    pub(super) fn map(&mut self, array: &Expression, function: &Expression) -> Option<Code> {
        let lambda = plain_lambda(function)?;
        let array = self.expression(array);
        let (Loop { setup, source, before, head, parameters }, body) = self.loop_over(array, lambda);
        let body = body.raw_data();
        Some(Code::raw(quote!({
            #setup
            let source = #source;
            #before
            let mut results = jsonata::Collector::new();
            #head {
                evaluation.step()?;
                #parameters
                results.push(#body);
            }
            if source.is_nothing() { jsonata::Data::Nothing } else { results.into_sequence() }
        })))
    }

    /// `$filter(array, function($v, $i, $a) { .. })`
    pub(super) fn select(&mut self, array: &Expression, function: &Expression) -> Option<Code> {
        let lambda = plain_lambda(function)?;
        let array = self.expression(array);
        let (setup, source) = self.borrowable(array);
        let mark = self.scope.mark();
        let item = self.scope.fresh("item");
        let Parameters { before, index, parameters } =
            self.parameters(lambda, &quote!(#item), &quote!(jsonata::wrapped(#source)));
        self.scope.enter_loop();
        let condition = self.body_of(lambda, Tail::Value).condition();
        self.scope.leave_loop();
        self.scope.reset(mark);
        let (function, given, plain) = match index {
            Some(index) => ("numbered_where", quote!(#index, #item), false),
            None => ("elements_where", quote!(#item), true),
        };
        let holds = quote!(|#given| { #parameters rt::Ok(#condition) });
        Some(Code::selection(quote!(#setup #before), Choice { function, source, holds, plain }))
    }

    /// `$sort(array, function($l, $r) { .. })`, if the function says yes or no
    pub(super) fn sort_by(&mut self, array: &Expression, function: &Expression) -> Option<Code> {
        let lambda = plain_lambda(function)?;
        let [left, right] = lambda.parameters.as_slice() else { return None };
        let source = self.expression(array).data_tokens();
        let mark = self.scope.mark();
        let [left, right] = [left, right].map(|name| self.scope.declare(&name.name, Storage::View));
        self.scope.enter_loop();
        let body = self.body_of(lambda, Tail::Value);
        self.scope.leave_loop();
        self.scope.reset(mark);
        if !matches!(body.shape, Shape::Boolean | Shape::Maybe) {
            return None;
        }
        let comes_after = body.condition();
        Some(Code::raw(quote!({
            let source = #source;
            jsonata::sorted_by(source.view(), |#left, #right| {
                evaluation.step()?;
                rt::Ok(#comes_after)
            })?
        })))
    }

    /// `$reduce(array, function($total, $v) { .. }, start)`
    pub(super) fn reduce(
        &mut self,
        array: &Expression,
        function: &Expression,
        start: Option<&Expression>,
    ) -> Option<Code> {
        let lambda = plain_lambda(function).filter(|lambda| matches!(lambda.parameters.len(), 2..=3))?;
        let source = self.expression(array).data_tokens();
        let start =
            start.map_or(quote!(jsonata::Data::Nothing), |start| self.expression(start).data_tokens());
        let mark = self.scope.mark();
        let mut names = lambda.parameters.iter();
        let total = names.next().map(|name| self.scope.declare(&name.name, Storage::View));
        let item = names.next().map(|name| self.scope.declare(&name.name, Storage::View));
        let index = match names.next() {
            Some(name) => self.scope.declare(&name.name, Storage::Number),
            None => self.scope.fresh("index"),
        };
        let grown = match (lambda.parameters.first(), &total) {
            (Some(name), Some(ident)) => self.growth(&lambda.body, Total { name: &name.name, ident }),
            _ => None,
        };
        let turn = grown.unwrap_or_else(|| {
            let body = self.body_of(lambda, Tail::Value).raw_data();
            quote! {
                let next = {
                    let #total = reduction.total();
                    #body
                };
                reduction.set(evaluation, next)?;
            }
        });
        self.scope.reset(mark);
        Some(Code::raw(quote!({
            let source = #source;
            let mut reduction = jsonata::Reduction::of(source.view(), #start);
            for (#index, #item) in reduction.rest(source.view()) {
                evaluation.step()?;
                #turn
            }
            reduction.result()
        })))
    }

    /// `$sum(numbers)`, without an array in between where the numbers are computed one by one.
    pub(super) fn sum(&mut self, numbers: &Expression) -> Code {
        let looped = match &numbers.kind {
            ExpressionKind::Call(call) if is_bare(numbers) => self.sum_of_map(call),
            ExpressionKind::Path(path) if is_bare(numbers) => self.sum_of_path(path),
            _ => None,
        };
        looped.unwrap_or_else(|| {
            let numbers = self.expression(numbers).view_tokens();
            Code::number(quote!(jsonata::sum(#numbers)?))
        })
    }

    fn sum_of_map(&mut self, call: &FunctionCall) -> Option<Code> {
        let [array, function] = call.arguments.as_slice() else { return None };
        let (name, _) = self.builtin_of(&call.procedure)?;
        let lambda = plain_lambda(function).filter(|_| name == "map")?;
        let array = self.expression(array);
        if let (Some(choice), [] | [_]) = (array.plain_choice(), lambda.parameters.as_slice()) {
            let mark = self.scope.mark();
            let item = self.scope.fresh("item");
            let Parameters { parameters, .. } = self.parameters(lambda, &quote!(#item), &TokenStream::new());
            self.scope.enter_loop();
            let number = self.body_of(lambda, Tail::Value);
            self.scope.leave_loop();
            self.scope.reset(mark);
            return sum_of_choice(&array.setup, choice, &quote!(#item), &parameters, number);
        }
        let (Loop { setup, source, before, head, parameters }, body) = self.loop_over(array, lambda);
        (body.shape == Shape::Number).then(|| {
            let number = body.tokens;
            Code::number(quote!({
                #setup
                let source = #source;
                evaluation.steps(source.count())?;
                #before
                let mut sum = jsonata::Sum::new();
                #head {
                    #parameters
                    sum.add(#number);
                }
                sum.result()
            }))
        })
    }

    fn sum_of_path(&mut self, path: &Path) -> Option<Code> {
        let (last, before) = path.steps.split_last()?;
        let StepKind::Expression(expression) = &last.kind else { return None };
        if path.keep_singleton_array || path.steps.iter().any(|step| step.tuple) || !last.stages.is_empty() {
            return None;
        }
        if before.is_empty() {
            let ExpressionKind::Name(name) = &expression.kind else { return None };
            let plain = is_bare(expression) && !self.scope.context_is_root();
            let context = plain.then(|| self.scope.context())?;
            return Some(Code::number(quote!(jsonata::sum_of_field(#context, #name)?)));
        }
        if let ExpressionKind::Name(name) = &expression.kind {
            let source = self.steps(before, Wanted::Value).settled();
            let plain = matches!(source.shape, Shape::View | Shape::Operand) && is_bare(expression);
            let source = plain.then(|| source.view_tokens())?;
            return Some(Code::number(quote!(jsonata::sum_of_field(#source, #name)?)));
        }
        let source = self.steps(before, Wanted::Value);
        let outer = self.scope.enter_context();
        let number = self.expression(expression);
        self.scope.leave_context(outer);
        if let Some(choice) = source.plain_choice().filter(|_| !binds_variables(expression)) {
            return sum_of_choice(&source.setup, choice, &quote!(context), &TokenStream::new(), number);
        }
        let (setup, source) = source.elements_source();
        (number.shape == Shape::Number).then(|| {
            let number = number.tokens;
            Code::number(quote!({
                #setup
                let source = #source;
                evaluation.steps(source.count())?;
                let mut sum = jsonata::Sum::new();
                for context in source.elements() {
                    sum.add(#number);
                }
                sum.result()
            }))
        })
    }

    /// `$count(array)`
    pub(super) fn count(&mut self, array: &Expression) -> Code {
        let array = self.expression(array);
        match array.shape {
            Shape::Settled => {
                let (setup, source) = array.elements_source();
                Code::number(quote!({ #setup rt::Some(jsonata::length(#source.count())) }))
            }
            _ => {
                let array = array.view_tokens();
                Code::number(quote!(jsonata::count(#array)))
            }
        }
    }

    /// The loop of a lambda over an array, and the lambda's body.
    fn loop_over(&mut self, array: Code, lambda: &Lambda) -> (Loop, Code) {
        let (setup, source) = array.elements_source();
        let mark = self.scope.mark();
        let item = self.scope.fresh("item");
        let Parameters { before, index, parameters } =
            self.parameters(lambda, &quote!(#item), &quote!(jsonata::wrapped_elements(source.elements())));
        self.scope.enter_loop();
        let body = self.body_of(lambda, Tail::Value);
        self.scope.leave_loop();
        self.scope.reset(mark);
        let head = match index {
            Some(index) => quote!(for (#index, #item) in jsonata::numbered_elements(source.elements())),
            None => quote!(for #item in source.elements()),
        };
        (Loop { setup, source, before, head, parameters }, body)
    }

    /// Declares the parameters: the item, its index, the array, which is made once.
    fn parameters(&mut self, lambda: &Lambda, item: &TokenStream, array: &TokenStream) -> Parameters {
        let (mut before, mut index, mut code) = (TokenStream::new(), None, TokenStream::new());
        for (number, parameter) in lambda.parameters.iter().enumerate() {
            let name = &parameter.name;
            if number == 1 {
                index = Some(self.scope.declare(name, Storage::Number));
                continue;
            }
            let ident = self.scope.declare(name, if number == 2 { Storage::Data } else { Storage::View });
            code.extend(match number {
                0 => quote!(let #ident = #item;),
                2 => {
                    let whole = self.scope.fresh("whole");
                    before = quote!(let #whole = #array;);
                    quote!(let #ident = #whole.clone();)
                }
                _ => quote!(let #ident = jsonata::View::Nothing;),
            });
        }
        Parameters { before, index, parameters: code }
    }
}

/// The sum of a number for each chosen element, in one loop.
fn sum_of_choice(
    setup: &TokenStream,
    choice: &Choice,
    item: &TokenStream,
    parameters: &TokenStream,
    number: Code,
) -> Option<Code> {
    let Choice { function, source, holds, .. } = choice;
    let (function, tokens) = (format_ident!("sum_of_{function}"), number.tokens);
    (number.shape == Shape::Number).then(|| {
        let sum = quote!(
            jsonata::#function(evaluation, #source, #holds, |#item| { #parameters rt::Ok(#tokens) })?
        );
        Code::number(if setup.is_empty() { sum } else { quote!({ #setup #sum }) })
    })
}

/// A function that is written in place, without a signature.
fn plain_lambda(function: &Expression) -> Option<&Lambda> {
    match &function.kind {
        ExpressionKind::Lambda(lambda) if is_bare(function) && lambda.signature.is_none() => Some(lambda),
        _ => None,
    }
}
