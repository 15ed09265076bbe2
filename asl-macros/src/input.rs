//! The arguments of the macro.

use asl_compiler::code::Code;
use asl_compiler::suggest::closest;
use asl_compiler::{HttpResult, MachineType, Module, Options, Profile};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Result};
use syn::{Ident, LitStr, Token, bracketed};

/// `pub mod fetch = "machine.json", http_result = "body"`
pub(crate) struct Input {
    visibility: TokenStream,
    name: Option<Ident>,
    pub(crate) path: LitStr,
    pub(crate) options: Options,
    runtime: Option<TokenStream>,
}

impl Input {
    /// The module that the machine becomes.
    pub(crate) fn module(&self) -> Module {
        let path = self.path.value();
        let mut module = Module::of_file(&path);
        module.visibility = self.visibility.clone();
        if let Some(name) = &self.name {
            module.name = name.to_string();
        }
        if let Some(runtime) = &self.runtime {
            module.runtime = runtime.clone();
        }
        module
    }
}

impl Parse for Input {
    fn parse(tokens: ParseStream<'_>) -> Result<Self> {
        let visibility = parse_visibility(tokens)?;
        let mut name = None;
        if !visibility.is_empty() || tokens.peek(Token![mod]) {
            tokens.parse::<Token![mod]>()?;
            name = Some(tokens.parse()?);
            tokens.parse::<Token![=]>()?;
        }
        let path: LitStr = tokens.parse()?;
        let options = Options { file_name_for_help: Some(path.value()), ..Options::default() };
        let mut input = Self { visibility, name, path, options, runtime: None };
        while !tokens.is_empty() {
            tokens.parse::<Token![,]>()?;
            if tokens.is_empty() {
                break;
            }
            input.parse_argument(tokens)?;
        }
        Ok(input)
    }
}

/// `pub`, `pub(crate)`, or nothing.
fn parse_visibility(tokens: ParseStream<'_>) -> Result<TokenStream> {
    if !tokens.peek(Token![pub]) {
        return Ok(TokenStream::new());
    }
    let public: Token![pub] = tokens.parse()?;
    if !tokens.peek(syn::token::Paren) {
        return Ok(quote!(#public));
    }
    let restriction: TokenTree = tokens.parse()?;
    Ok(quote!(#public #restriction))
}

const ARGUMENTS: &[&str] = &["http_result", "profile", "machine_type", "allow", "crate"];

impl Input {
    fn parse_argument(&mut self, tokens: ParseStream<'_>) -> Result<()> {
        let name = Ident::parse_any(tokens)?;
        let argument = name.to_string();
        if !ARGUMENTS.contains(&argument.as_str()) {
            return Err(syn::Error::new(name.span(), unknown("argument", &argument, ARGUMENTS)));
        }
        tokens.parse::<Token![=]>()?;
        match argument.as_str() {
            "http_result" => {
                let choices = [("body", HttpResult::Body), ("envelope", HttpResult::Envelope)];
                self.options.http_result = parse_choice(tokens, choices)?;
            }
            "profile" => {
                self.options.profile =
                    parse_choice(tokens, [("aws", Profile::Aws), ("local", Profile::Local)])?
            }
            "machine_type" => {
                let choices = [("standard", MachineType::Standard), ("express", MachineType::Express)];
                self.options.machine_type = parse_choice(tokens, choices)?;
            }
            "allow" => self.options.allow = parse_codes(tokens)?,
            _ => self.runtime = Some(parse_path(tokens)?),
        }
        Ok(())
    }
}

fn parse_choice<T, const N: usize>(tokens: ParseStream<'_>, choices: [(&str, T); N]) -> Result<T> {
    let literal: LitStr = tokens.parse()?;
    let names = choices.each_ref().map(|(name, _)| *name);
    let found = choices.into_iter().find(|(name, _)| *name == literal.value());
    found
        .map(|(_, value)| value)
        .ok_or_else(|| syn::Error::new(literal.span(), unknown("value", &literal.value(), &names)))
}

fn parse_codes(tokens: ParseStream<'_>) -> Result<Vec<Code>> {
    let list;
    bracketed!(list in tokens);
    let literals = list.parse_terminated(<LitStr as Parse>::parse, Token![,])?;
    literals.iter().map(parse_code).collect()
}

fn parse_code(literal: &LitStr) -> Result<Code> {
    let text = literal.value();
    Code::ALL.iter().copied().find(|code| code.as_str() == text).ok_or_else(|| {
        let names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        let message = match closest(&text, names) {
            Some(name) => format!("there is no diagnostic `{text}`; did you mean `{name}`?"),
            None => format!("there is no diagnostic `{text}`"),
        };
        syn::Error::new(literal.span(), message)
    })
}

/// Tokens up to the next comma.
fn parse_path(tokens: ParseStream<'_>) -> Result<TokenStream> {
    let mut path = TokenStream::new();
    while !tokens.is_empty() && !tokens.peek(Token![,]) {
        path.extend([tokens.parse::<TokenTree>()?]);
    }
    if path.is_empty() { Err(tokens.error("expected the path of the crate `asl-runtime`")) } else { Ok(path) }
}

fn unknown(what: &str, found: &str, known: &[&str]) -> String {
    let known = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    format!("unknown {what} `{found}`, expected one of {known}")
}
