//! The functions of states, grouped by what they are for: entering, resuming, catching, and selecting the input of an iteration.
//! A Pass or a Choice has one function; a state has a function of another purpose only where it needs one. What each is for, and of which state,
//! the table of the machine says (`module`).

use super::{after, choice, expression, fail, ident, map, mentions, parallel, pass, task, wait};
use crate::ir;
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::BTreeSet;

/// What a function of a state is for; each is a field of the runtime's `StateCode` and a module of functions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Enter,
    Resume,
    Catch,
    SelectItem,
}

impl Purpose {
    pub(super) const ALL: &'static [Self] = &[Self::Enter, Self::Resume, Self::Catch, Self::SelectItem];

    const fn name(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Resume => "resume",
            Self::Catch => "catch",
            Self::SelectItem => "select_item",
        }
    }

    /// The parameters, each with its type.
    fn parameters(self) -> Vec<(&'static str, TokenStream)> {
        let data = ("data", quote!(&mut Value));
        let context = ("context", quote!(&Context));
        match self {
            Self::Enter => vec![data, context],
            Self::Resume => vec![data, ("result", quote!(&mut Value)), context],
            Self::Catch => {
                vec![data, ("catcher", quote!(usize)), ("error_output", quote!(&mut Value)), context]
            }
            Self::SelectItem => vec![("input", quote!(&Value)), ("item", quote!(&mut Value)), context],
        }
    }

    fn output(self) -> TokenStream {
        match self {
            Self::Enter => quote!(Entered),
            Self::Resume | Self::Catch => quote!(Left),
            Self::SelectItem => quote!(Selected),
        }
    }

    fn body(self, machine: &ir::Machine, state: &ir::State) -> Option<TokenStream> {
        let states = &machine.states;
        let settings = machine.settings;
        match self {
            Self::Enter => Some(emit_enter(states, state, settings)),
            Self::Resume if after::leaves(state, settings).is_some() => None,
            Self::Resume => emit_resume(states, state, settings),
            Self::Catch => emit_catch(states, state),
            Self::SelectItem => emit_select_item(state),
        }
    }

    /// `enter::order`
    pub(super) fn emit_function(self, state: &ir::State) -> TokenStream {
        let (name, function) = (ident(self.name()), ident(&state.function));
        quote!(#name::#function)
    }

    /// `fn name(data: &mut Value, _: &Context) -> ..`: a parameter that the body has no use for has no name.
    fn emit_header(self, name: &proc_macro2::Ident, body: &TokenStream) -> TokenStream {
        let parameters = self.parameters().into_iter().map(|(name, r#type)| {
            let name = if mentions(body, name) { ident(name).into_token_stream() } else { quote!(_) };
            quote!(#name: #r#type)
        });
        let output = self.output();
        quote!(fn #name(#(#parameters),*) -> #output)
    }
}

/// The functions of a state: what is in them, by what they are for.
pub(super) struct Functions<'m> {
    state: &'m ir::State,
    bodies: Vec<(Purpose, TokenStream)>,
}

impl<'m> Functions<'m> {
    pub(super) fn of(machine: &'m ir::Machine, state: &'m ir::State) -> Self {
        let body = |purpose: &Purpose| Some((*purpose, purpose.body(machine, state)?));
        Self { state, bodies: Purpose::ALL.iter().filter_map(body).collect() }
    }

    /// Whether any of them looks at the context object, or evaluates what may.
    pub(super) fn ask_for_context(&self) -> bool {
        self.bodies.iter().any(|(_, body)| mentions(body, "context"))
    }

    fn emit(&self, purpose: Purpose) -> Option<TokenStream> {
        let (_, body) = self.bodies.iter().find(|(of, _)| *of == purpose)?;
        let header = purpose.emit_header(&ident(&self.state.function), body);
        let expressions = expression::emit_functions(&self.state.expressions, body);
        Some(quote!(pub #header { #body } #expressions))
    }
}

/// The module of the functions for one purpose.
pub(super) fn emit_functions(states: &[Functions<'_>], purpose: Purpose) -> TokenStream {
    let functions: TokenStream = states.iter().filter_map(|state| state.emit(purpose)).collect();
    if functions.is_empty() {
        return functions;
    }
    let name = ident(purpose.name());
    let mut names = BTreeSet::new();
    collect_names(&functions, &mut names);
    let imported = |known: &[&str]| -> Vec<_> {
        known.iter().filter(|name| names.contains(**name)).map(|name| ident(name)).collect()
    };
    let types = imported(TYPES);
    let states = imported(&["State"]).into_iter().map(|state| quote!(use super::#state;));
    quote! {
        mod #name {
            #(#states)*
            use super::rt::{self, #(#types),*};
            #functions
        }
    }
}

/// What code calls by its name alone. No function of a state or an expression has such a name, because these are in lower case.
const TYPES: &[&str] =
    &["Context", "Entered", "FromEnd", "Index", "Left", "Name", "Path", "Selected", "Value"];

/// The names that code begins with: of `State::A` and `rt::ContextField::State` that is `State` and `rt`.
fn collect_names(code: &TokenStream, names: &mut BTreeSet<String>) {
    let mut colons = 0;
    for token in code.clone() {
        match &token {
            TokenTree::Ident(ident) if colons < 2 => {
                names.insert(ident.to_string());
            }
            TokenTree::Group(group) => collect_names(&group.stream(), names),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        let is_colon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
        colons = if is_colon { colons + 1 } else { 0 };
    }
}

fn emit_enter(states: &[ir::State], state: &ir::State, settings: ir::Settings) -> TokenStream {
    match &state.work {
        ir::Work::Pass(pass) => pass::emit_enter(states, pass, settings),
        ir::Work::Task(task) => task::emit_enter(task, settings),
        ir::Work::Choice(choice) => choice::emit_enter(states, choice, settings),
        ir::Work::Wait(wait) => wait::emit_enter(wait, settings),
        ir::Work::Succeed(succeed) => pass::emit_succeed(succeed, settings),
        ir::Work::Fail(fail) => fail::emit_enter(fail, settings),
        ir::Work::Parallel(parallel) => parallel::emit_enter(states, parallel, settings),
        ir::Work::Map(map) => map::emit_enter(states, map, settings),
    }
}

fn emit_resume(states: &[ir::State], state: &ir::State, settings: ir::Settings) -> Option<TokenStream> {
    match &state.work {
        ir::Work::Task(task) => Some(task::emit_resume(states, task, settings)),
        ir::Work::Wait(wait) => Some(wait::emit_resume(states, wait)),
        ir::Work::Parallel(parallel) => Some(after::emit_after(states, &parallel.after, settings)),
        ir::Work::Map(map) => Some(after::emit_after(states, &map.after, settings)),
        ir::Work::Pass(_) | ir::Work::Choice(_) | ir::Work::Succeed(_) | ir::Work::Fail(_) => None,
    }
}

fn emit_catch(states: &[ir::State], state: &ir::State) -> Option<TokenStream> {
    let catchers = match &state.work {
        ir::Work::Task(task) => &task.catchers,
        ir::Work::Parallel(parallel) => &parallel.catchers,
        ir::Work::Map(map) => &map.catchers,
        ir::Work::Pass(_)
        | ir::Work::Choice(_)
        | ir::Work::Wait(_)
        | ir::Work::Succeed(_)
        | ir::Work::Fail(_) => return None,
    };
    (!catchers.is_empty()).then(|| after::emit_catchers(states, catchers))
}

fn emit_select_item(state: &ir::State) -> Option<TokenStream> {
    match &state.work {
        ir::Work::Map(map) => map.item_selector.as_ref().map(map::emit_select_item),
        ir::Work::Pass(_)
        | ir::Work::Task(_)
        | ir::Work::Choice(_)
        | ir::Work::Wait(_)
        | ir::Work::Succeed(_)
        | ir::Work::Fail(_)
        | ir::Work::Parallel(_) => None,
    }
}
