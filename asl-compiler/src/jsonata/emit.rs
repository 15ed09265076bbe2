//! Expressions as Rust.
//!
//! In: the [tree](super::tree) of an expression. Out: the tokens of a function that evaluates it. Behaviour lives in the runtime, which
//! the code calls by the one name `rt`; what is sure beforehand is decided here: which variable is meant, what is a number or a
//! condition, which functions become loops. Never fails.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "special forms are for few kinds of expressions and code; all others are treated alike"
)]

mod block;
mod call;
mod code;
mod construct;
mod depth;
mod filter;
mod growth;
mod higher_order;
mod lambda;
mod operator;
mod path;
mod scope;
mod sort;
mod transform;
mod tuple;
mod variable;

use super::Expression;
use super::functions::Dialect;
use super::tree::ExpressionKind;
use code::Code;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use scope::Scope;

/// A function that evaluates an expression: `fn name(evaluation: &rt::jsonata::Evaluation<'_>) -> rt::jsonata::Result<..>`. Its value is
/// settled: a sequence of one is its element. In states it is `Data`, because they refuse functions; elsewhere it is JSON or nothing.
#[must_use]
pub fn emit(expression: &Expression, name: &str, dialect: Dialect) -> TokenStream {
    let name = crate::tokens::ident(name);
    let body = Emitter::new(dialect).function_body(expression);
    let gives = match dialect {
        Dialect::Plain => quote!(rt::Option<rt::Value>),
        Dialect::States => quote!(rt::jsonata::Data),
    };
    let import = crate::tokens::mentions(&body, "jsonata").then(|| {
        quote!(
            use rt::jsonata;
        )
    });
    // The functions of a machine share those of its module.
    let lints = (dialect == Dialect::Plain).then(lints);
    quote! {
        #lints
        fn #name(evaluation: &rt::jsonata::Evaluation<'_>) -> rt::jsonata::Result<#gives> {
            #import
            #body
        }
    }
}

/// What rustc and clippy would say of such functions, switched off: attributes for the function, or for a module of them.
pub(crate) fn lints() -> TokenStream {
    quote! {
        #[allow(unused_parens, reason = "parentheses keep the operators of an expression apart")]
        #[allow(unreachable_code, unused_mut, unused_variables, reason = "an expression may compute what it does not use")]
        #[allow(
            clippy::double_parens, clippy::if_not_else, clippy::needless_question_mark,
            reason = "conditions and calls stand as they do in the expression"
        )]
    }
}

/// The state of emitting one expression.
struct Emitter {
    dialect: Dialect,
    scope: Scope,
    /// How deep the expression is within the whole, or within the function around it.
    depth: u32,
    in_function: bool,
    /// Arrays can become items of paths: there is a constructor of them at an end of a path.
    constructs: bool,
}

impl Emitter {
    fn new(dialect: Dialect) -> Self {
        Self { dialect, scope: Scope::new(), depth: 0, in_function: false, constructs: false }
    }

    fn function_body(&mut self, expression: &Expression) -> TokenStream {
        let reach = self.reach(expression);
        self.constructs = constructs(expression);
        let value = self.statements(std::slice::from_ref(expression), &[], lambda::Tail::None);
        let value = match self.dialect {
            Dialect::Plain => value.json_tokens(),
            Dialect::States => value.data_tokens(),
        };
        let externals = self.scope.take_externals();
        let context = self.scope.uses_root_context().then(|| quote!(let context = evaluation.root();));
        quote! {
            #reach
            #context
            #externals
            rt::Ok(#value)
        }
    }

    /// An expression with everything that follows it; its value is settled.
    fn expression(&mut self, expression: &Expression) -> Code {
        self.one_level_down(|emitter| emitter.expression_here(expression))
    }

    fn expression_here(&mut self, expression: &Expression) -> Code {
        let mut code = self.kind(expression);
        for predicate in &expression.predicates {
            code = self.filter(code, predicate);
        }
        if let Some(group) = &expression.group
            && !matches!(expression.kind, ExpressionKind::Path(_))
        {
            code = self.group(&group.pairs, code);
        }
        if expression.keep_array { code.kept() } else { code.settled() }
    }

    /// What an expression is by itself; its value may not be settled yet.
    fn kind(&mut self, expression: &Expression) -> Code {
        match &expression.kind {
            ExpressionKind::String(text) => Code::literal(text.clone()),
            ExpressionKind::Number(number) => Code::number_literal(*number),
            ExpressionKind::Boolean(value) => Code::boolean(quote!(#value)),
            ExpressionKind::Null => Code::data(quote!(jsonata::null())),
            ExpressionKind::Regex(regex) => Self::regex(regex),
            ExpressionKind::Name(name) => self.name(name),
            ExpressionKind::Wildcard => self.of_context("wildcard"),
            ExpressionKind::Descendants => self.of_context("descendants"),
            ExpressionKind::Parent(label) => self.parent(*label),
            ExpressionKind::Variable(name) => self.variable(name),
            ExpressionKind::Path(path) => self.path(path, expression.group.as_ref()),
            ExpressionKind::Negate(operand) => self.negate(operand),
            ExpressionKind::Array(array) => self.array(array),
            ExpressionKind::Object(pairs) => self.object(pairs),
            ExpressionKind::Binary(binary) => self.binary(binary),
            ExpressionKind::Range(sides) => self.range(sides),
            ExpressionKind::Bind(bind) => self.bind(bind),
            ExpressionKind::Condition(condition) => self.condition(condition, lambda::Tail::None),
            ExpressionKind::Block(block) => self.block(block),
            ExpressionKind::Lambda(lambda) => self.lambda(lambda),
            ExpressionKind::Call(call) => self.call(call),
            ExpressionKind::Partial(partial) => self.partial(partial),
            ExpressionKind::Apply(sides) => self.apply(sides),
            ExpressionKind::Transform(transform) => self.transform(transform),
        }
    }

    fn regex(regex: &super::tree::Regex) -> Code {
        let super::tree::Regex { pattern, ignore_case, multi_line } = regex;
        Code::data(quote!({
            static PATTERN: jsonata::Pattern = jsonata::Pattern::new(#pattern, #ignore_case, #multi_line);
            PATTERN.function()?
        }))
    }

    fn name(&mut self, name: &str) -> Code {
        let context = self.scope.context();
        Code::field(&context, name)
    }

    fn of_context(&mut self, function: &str) -> Code {
        let (context, function) = (self.scope.context(), format_ident!("{function}"));
        Code::raw(quote!(jsonata::#function(#context)))
    }
}

/// Whether an array constructor is at an end of a path somewhere in an expression.
fn constructs(expression: &Expression) -> bool {
    let mut open = vec![expression];
    while let Some(expression) = open.pop() {
        if matches!(&expression.kind, ExpressionKind::Array(array) if array.constructed) {
            return true;
        }
        open.extend(expression.children());
    }
    false
}

/// A number as it is written in Rust.
fn float(number: f64) -> Literal {
    Literal::f64_suffixed(number)
}

/// A name of ours for something that the expression calls by a name: readable, and unique by its number.
fn identifier(name: &str, number: usize) -> Ident {
    let readable: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' })
        .take(40)
        .collect();
    let start = if readable.starts_with(|letter: char| letter.is_ascii_alphabetic()) { "" } else { "v" };
    Ident::new(&format!("{start}{readable}_{number}"), Span::call_site())
}
