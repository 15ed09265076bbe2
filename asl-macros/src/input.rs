//! The arguments of the macro.

use asl_compiler::code::Code;
use asl_compiler::suggest::closest;
use asl_compiler::{HttpResult, MachineType, Module, Options, Profile, Substitution};
use asl_project::{Definitions, Given};
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Result};
use syn::{Ident, LitStr, Token, braced, bracketed};

/// `pub mod fetch = "machine.json", http_result = "body"`
pub(crate) struct Input {
    visibility: TokenStream,
    name: Option<Ident>,
    pub(crate) path: LitStr,
    /// Which state machine of a template.
    pub(crate) machine: Option<LitStr>,
    said: Said,
    /// The path of a JSON Schema of the machine's input.
    pub(crate) input: Option<LitStr>,
    runtime: Option<TokenStream>,
}

/// How the machine is compiled, as far as the call says it.
#[derive(Default)]
struct Said {
    http_result: Option<HttpResult>,
    profile: Option<Profile>,
    machine_type: Option<MachineType>,
    allow: Vec<Code>,
    substitutions: Vec<Substitution>,
}

const HTTP_RESULTS: [(&str, HttpResult); 2] =
    [("body", HttpResult::Body), ("envelope", HttpResult::Envelope)];

const PROFILES: [(&str, Profile); 2] = [("aws", Profile::Aws), ("local", Profile::Local)];

const MACHINE_TYPES: [(&str, MachineType); 2] =
    [("standard", MachineType::Standard), ("express", MachineType::Express)];

impl Input {
    /// How the machine is compiled: as the call says, and where it says nothing, as the project does.
    pub(crate) fn options(&self, project: &Definitions) -> std::result::Result<Options, String> {
        let Said { http_result, profile, machine_type, allow, substitutions } = &self.said;
        let allowed = project.allow.iter().map(|code| find_code(code));
        let given = project.substitutions.iter().map(|(name, given)| match given {
            Given::Text(text) => Substitution::string(name, text),
            Given::Value(value) => Substitution::parse(name, value),
        });
        Ok(Options {
            http_result: said_or(*http_result, project.http_result.as_deref(), HTTP_RESULTS),
            profile: said_or(*profile, project.profile.as_deref(), PROFILES),
            machine_type: said_or(*machine_type, project.machine_type.as_deref(), MACHINE_TYPES),
            allow: allow.iter().copied().map(Ok).chain(allowed).collect::<std::result::Result<_, _>>()?,
            warn: project.warn.iter().map(|code| find_code(code)).collect::<std::result::Result<_, _>>()?,
            // The last of a name counts.
            substitutions: given.chain(substitutions.iter().cloned()).collect(),
            file_name_for_help: Some(self.path.value()),
            ..Options::default()
        })
    }

    /// The module that the machine becomes.
    pub(crate) fn module(&self) -> Module {
        let path = self.path.value();
        let mut module = Module::of_file(&path);
        if let Some(machine) = &self.machine {
            module = module.of_machine(&machine.value());
        }
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
        let said = Said::default();
        let mut input = Self { visibility, name, path, machine: None, said, input: None, runtime: None };
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

const ARGUMENTS: &[&str] =
    &["machine", "http_result", "profile", "machine_type", "input", "allow", "substitutions", "crate"];

impl Input {
    fn parse_argument(&mut self, tokens: ParseStream<'_>) -> Result<()> {
        let name = Ident::parse_any(tokens)?;
        let argument = name.to_string();
        if !ARGUMENTS.contains(&argument.as_str()) {
            return Err(syn::Error::new(name.span(), unknown("argument", &argument, ARGUMENTS)));
        }
        tokens.parse::<Token![=]>()?;
        match argument.as_str() {
            "machine" => self.machine = Some(tokens.parse()?),
            "http_result" => self.said.http_result = Some(parse_choice(tokens, HTTP_RESULTS)?),
            "profile" => self.said.profile = Some(parse_choice(tokens, PROFILES)?),
            "machine_type" => self.said.machine_type = Some(parse_choice(tokens, MACHINE_TYPES)?),
            "input" => self.input = Some(tokens.parse()?),
            "allow" => self.said.allow = parse_codes(tokens)?,
            "substitutions" => self.said.substitutions = parse_substitutions(tokens)?,
            _ => self.runtime = Some(parse_runtime(tokens)?),
        }
        Ok(())
    }
}

/// What the call says, else what the word of the project means.
fn said_or<T: Copy + Default, const N: usize>(
    said: Option<T>,
    word: Option<&str>,
    choices: [(&str, T); N],
) -> T {
    let of_word = |word| choices.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    said.or_else(|| word.and_then(of_word)).unwrap_or_default()
}

/// The crate `asl-runtime`, where it was renamed.
pub(crate) fn parse_runtime(tokens: ParseStream<'_>) -> Result<TokenStream> {
    parse_up_to_comma(tokens, "expected the path of the crate `asl-runtime`")
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
    find_code(&literal.value()).map_err(|message| syn::Error::new(literal.span(), message))
}

fn find_code(text: &str) -> std::result::Result<Code, String> {
    Code::ALL.iter().copied().find(|code| code.as_str() == text).ok_or_else(|| {
        let names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        match closest(text, names) {
            Some(name) => format!("there is no diagnostic `{text}`; did you mean `{name}`?"),
            None => format!("there is no diagnostic `{text}`"),
        }
    })
}

/// `{ Table = "orders", "var.wait" = 5, Retry = [{ "ErrorEquals": ["States.ALL"] }] }`: strings and JSON.
fn parse_substitutions(tokens: ParseStream<'_>) -> Result<Vec<Substitution>> {
    let list;
    braced!(list in tokens);
    let mut substitutions = Vec::new();
    while !list.is_empty() {
        let name = if list.peek(LitStr) {
            list.parse::<LitStr>()?.value()
        } else {
            Ident::parse_any(&list)?.unraw().to_string()
        };
        list.parse::<Token![=]>()?;
        substitutions.push(parse_substitution(name, &list)?);
        if !list.is_empty() {
            list.parse::<Token![,]>()?;
        }
    }
    Ok(substitutions)
}

fn parse_substitution(name: String, tokens: ParseStream<'_>) -> Result<Substitution> {
    if tokens.peek(LitStr) {
        return Ok(Substitution::string(name, tokens.parse::<LitStr>()?.value()));
    }
    let place = tokens.span();
    let value = parse_up_to_comma(tokens, "expected a string, or any other JSON value")?;
    Substitution::json(name, &value.to_string())
        .ok_or_else(|| syn::Error::new(place, "expected a string, or any other JSON value"))
}

/// Tokens up to the next comma.
fn parse_up_to_comma(tokens: ParseStream<'_>, expected: &str) -> Result<TokenStream> {
    let mut found = TokenStream::new();
    while !tokens.is_empty() && !tokens.peek(Token![,]) {
        found.extend([tokens.parse::<TokenTree>()?]);
    }
    if found.is_empty() { Err(tokens.error(expected)) } else { Ok(found) }
}

fn unknown(what: &str, found: &str, known: &[&str]) -> String {
    let known = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    format!("unknown {what} `{found}`, expected one of {known}")
}
