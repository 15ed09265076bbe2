//! `jsonata!`: an expression in the source code of a program.
//!
//! In: the arguments of the macro. Out: an expression of Rust, of the type `Compiled`.

use crate::report;
use asl_compiler::jsonata::{self, Dialect, alone};
use asl_compiler::source::SourceFile;
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream, Result};
use syn::{LitStr, Token};

/// `"a.b"`, and `crate = path` after it.
pub(crate) struct Input {
    text: LitStr,
    runtime: TokenStream,
}

impl Parse for Input {
    fn parse(tokens: ParseStream<'_>) -> Result<Self> {
        let text: LitStr = tokens.parse()?;
        let mut input = Self { text, runtime: quote!(::asl_runtime) };
        if tokens.peek(Token![,]) && tokens.peek2(Token![crate]) {
            tokens.parse::<Token![,]>()?;
            tokens.parse::<Token![crate]>()?;
            tokens.parse::<Token![=]>()?;
            input.runtime = crate::input::parse_runtime(tokens)?;
        }
        tokens.parse::<Option<Token![,]>>()?;
        Ok(input)
    }
}

/// What the macro becomes.
pub(crate) fn expand(input: &Input) -> TokenStream {
    let Input { text, runtime } = input;
    let source = SourceFile::new("jsonata", text.value());
    // Variables are bound when the expression is evaluated, so any may be.
    let (tree, diagnostics) = alone::read(&source, Dialect::Plain, &|_| true);
    let problems = report::report(&source, &diagnostics, text.span());
    let function = tree.map_or_else(stub, |tree| jsonata::emit(&tree, "expression", Dialect::Plain));
    let version = env!("CARGO_PKG_VERSION");
    quote!({
        use #runtime::__private as rt;
        const _: () = rt::check_version(#version);
        #problems
        #function
        rt::jsonata::Compiled::new(#text, expression)
    })
}

/// Stands for an expression with errors, so that nothing else is reported.
fn stub() -> TokenStream {
    quote! {
        fn expression(_: &rt::jsonata::Evaluation<'_>) -> rt::jsonata::Result<rt::Option<rt::Value>> {
            rt::Ok(rt::None)
        }
    }
}
