//! The functions of states, grouped by what they are for: entering, resuming, catching, and selecting the input of an iteration.
//! A Pass or a Choice has one function; a state has a function of another purpose only where it needs one.

use super::module::state_doc;
use super::{after, choice, expression, fail, ident, map, mentions, parallel, pass, task, wait};
use crate::ir;
use proc_macro2::TokenStream;
use quote::quote;

/// What a function of a state is for; each is a method of the runtime's `StateMachine` and a module of functions.
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

    /// The parameters after the state, each with its type.
    fn parameters(self) -> Vec<(&'static str, TokenStream)> {
        let data = ("data", quote!(&mut rt::Value));
        let context = ("context", quote!(&rt::Context<'_>));
        match self {
            Self::Enter => vec![data, context],
            Self::Resume => vec![data, ("result", quote!(rt::Value)), context],
            Self::Catch => {
                vec![data, ("catcher", quote!(usize)), ("error_output", quote!(rt::Value)), context]
            }
            Self::SelectItem => vec![("input", quote!(&rt::Value)), ("item", quote!(rt::Value)), context],
        }
    }

    fn output(self) -> TokenStream {
        match self {
            Self::Enter => quote!(rt::Entered<State>),
            Self::Resume | Self::Catch => quote!(rt::Left<State>),
            Self::SelectItem => quote!(rt::Selected),
        }
    }

    /// What a state without such a function does.
    fn otherwise(self) -> TokenStream {
        match self {
            Self::Enter | Self::Resume | Self::Catch => quote!(rt::never_asked()),
            Self::SelectItem => quote!(rt::Ok(item)),
        }
    }

    fn body(self, machine: &ir::Machine, state: &ir::State) -> Option<TokenStream> {
        let states = &machine.states;
        let settings = machine.settings;
        match self {
            Self::Enter => Some(emit_enter(states, state, settings)),
            Self::Resume => emit_resume(states, state, settings),
            Self::Catch => emit_catch(states, state),
            Self::SelectItem => emit_select_item(state),
        }
    }

    /// The method of the machine: a jump to the function of the state.
    pub(super) fn emit_method(self, machine: &ir::Machine) -> TokenStream {
        let name = ident(self.name());
        let names: Vec<_> = self.parameters().iter().map(|(name, _)| ident(name)).collect();
        let mut complete = true;
        let mut arms = TokenStream::new();
        for state in &machine.states {
            if self.has(state) {
                let (variant, function) = (ident(&state.variant), ident(&state.function));
                arms.extend(quote!(State::#variant => #name::#function(#(#names),*),));
            } else {
                complete = false;
            }
        }
        let otherwise = self.otherwise();
        let body = match (complete, arms.is_empty()) {
            (_, true) => otherwise,
            (true, false) => quote!(match state { #arms }),
            (false, false) => quote!(match state { #arms _ => #otherwise, }),
        };
        let header = self.emit_header(&name, Some(quote!(State)), &body);
        quote!(#header { #body })
    }

    const fn has(self, state: &ir::State) -> bool {
        match (self, &state.work) {
            (Self::Enter, _)
            | (
                Self::Resume,
                ir::Work::Task(_) | ir::Work::Wait(_) | ir::Work::Parallel(_) | ir::Work::Map(_),
            ) => true,
            (Self::Catch, ir::Work::Task(task)) => !task.catchers.is_empty(),
            (Self::Catch, ir::Work::Parallel(parallel)) => !parallel.catchers.is_empty(),
            (Self::Catch, ir::Work::Map(map)) => !map.catchers.is_empty(),
            (Self::SelectItem, ir::Work::Map(map)) => map.item_selector.is_some(),
            (Self::Resume | Self::Catch | Self::SelectItem, _) => false,
        }
    }

    /// `fn name(state: State, data: &mut rt::Value, ..) -> ..`, with a leading underscore where the body has no use for a parameter.
    fn emit_header(
        self,
        name: &proc_macro2::Ident,
        state: Option<TokenStream>,
        body: &TokenStream,
    ) -> TokenStream {
        let state = state.map(|state| ("state", state));
        let parameters = state.into_iter().chain(self.parameters()).map(|(name, r#type)| {
            let name = if mentions(body, name) { ident(name) } else { ident(&format!("_{name}")) };
            quote!(#name: #r#type)
        });
        let output = self.output();
        quote!(fn #name(#(#parameters),*) -> #output)
    }
}

/// The module of the functions for one purpose.
pub(super) fn emit_functions(machine: &ir::Machine, purpose: Purpose) -> TokenStream {
    let functions: TokenStream = machine
        .states
        .iter()
        .filter_map(|state| {
            let body = purpose.body(machine, state)?;
            let doc = state_doc(state);
            let header = purpose.emit_header(&ident(&state.function), None, &body);
            let expressions = expression::emit_functions(&state.expressions, &body);
            Some(quote!(#doc pub(super) #header { #body } #expressions))
        })
        .collect();
    if functions.is_empty() {
        return functions;
    }
    let name = ident(purpose.name());
    let imports = if purpose == Purpose::SelectItem {
        quote!(
            use super::rt;
        )
    } else {
        quote!(
            use super::{State, rt};
        )
    };
    quote!(mod #name { #imports #functions })
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
