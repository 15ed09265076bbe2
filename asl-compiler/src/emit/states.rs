//! The functions of states, grouped by what they are for: entering, resuming, catching, and selecting the input of an iteration.
//! A Pass or a Choice has one function; a state has a function of another purpose only where it needs one.

use super::module::state_doc;
use super::{after, choice, expression, fail, ident, map, mentions, parallel, pass, task, wait};
use crate::ir;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

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
        let data = ("data", quote!(&mut rt::Value));
        let context = ("context", quote!(&rt::Context<'_>));
        match self {
            Self::Enter => vec![data, context],
            Self::Resume => vec![data, ("result", quote!(&mut rt::Value)), context],
            Self::Catch => {
                vec![data, ("catcher", quote!(usize)), ("error_output", quote!(&mut rt::Value)), context]
            }
            Self::SelectItem => {
                vec![("input", quote!(&rt::Value)), ("item", quote!(&mut rt::Value)), context]
            }
        }
    }

    fn output(self) -> TokenStream {
        match self {
            Self::Enter => quote!(rt::Entered),
            Self::Resume | Self::Catch => quote!(rt::Left),
            Self::SelectItem => quote!(rt::Selected),
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

    /// `fn name(data: &mut rt::Value, ..) -> ..`, with a leading underscore where the body has no use for a parameter.
    fn emit_header(self, name: &proc_macro2::Ident, body: &TokenStream) -> TokenStream {
        let parameters = self.parameters().into_iter().map(|(name, r#type)| {
            let name = if mentions(body, name) { ident(name) } else { ident(&format!("_{name}")) };
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

    /// `enter: enter::order, resume: resume::order,`
    pub(super) fn emit_fields(&self) -> TokenStream {
        let function = ident(&self.state.function);
        let fields = self.bodies.iter().map(|(purpose, _)| {
            let name = ident(purpose.name());
            quote!(#name: #name::#function,)
        });
        fields.collect()
    }

    /// Whether any of them looks at the context object, or evaluates what may.
    pub(super) fn ask_for_context(&self) -> bool {
        self.bodies.iter().any(|(_, body)| mentions(body, "context"))
    }

    fn emit(&self, purpose: Purpose) -> Option<TokenStream> {
        let (_, body) = self.bodies.iter().find(|(of, _)| *of == purpose)?;
        let doc = state_doc(self.state);
        let header = purpose.emit_header(&ident(&self.state.function), body);
        let expressions = expression::emit_functions(&self.state.expressions, body);
        Some(quote!(#doc pub(super) #header { #body } #expressions))
    }
}

/// The module of the functions for one purpose.
pub(super) fn emit_functions(states: &[Functions<'_>], purpose: Purpose) -> TokenStream {
    let functions: TokenStream = states.iter().filter_map(|state| state.emit(purpose)).collect();
    if functions.is_empty() {
        return functions;
    }
    let name = ident(purpose.name());
    let imports = if names_states(&functions) {
        quote!(
            use super::{State, rt};
        )
    } else {
        quote!(
            use super::rt;
        )
    };
    quote!(mod #name { #imports #functions })
}

/// Whether code names a state: `State::A`, and not `rt::ContextField::State`.
fn names_states(code: &TokenStream) -> bool {
    let mut is_inside_path = false;
    code.clone().into_iter().any(|token| {
        let is_name = matches!(&token, TokenTree::Ident(ident) if *ident == "State") && !is_inside_path;
        is_inside_path = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
        is_name || matches!(&token, TokenTree::Group(group) if names_states(&group.stream()))
    })
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
