//! The module: its enum of states, the implementation of the machine, and the entry points.

use super::action::{Actions, emit_actions};
use super::states::{Functions, Purpose, emit_functions};
use super::typed::emit_types;
use super::{Module, Target, after, ident};
use crate::ir;
use asl_language::retry as usual;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

pub(super) fn emit_module(machine: &ir::Machine, definition: &str, module: &Module) -> TokenStream {
    let Module { visibility, runtime, .. } = module;
    let name = ident(&module.name);
    let doc = module_doc(machine, module);
    let state_enum = emit_state_enum(machine);
    let is_program = module.target == Target::Program;
    // The client of a worker knows the actions.
    let actions = is_program.then(|| Actions::of(machine));
    let states: Vec<_> = machine.states.iter().map(|state| Functions::of(machine, state)).collect();
    let machine_type = emit_machine(machine, &states, definition, module, actions.as_ref());
    let entry_points = is_program.then(emit_entry_points);
    let types = module.input.iter().chain(&module.output).filter(|_| is_program).map(emit_types);
    let version = env!("CARGO_PKG_VERSION");
    let actions = actions.as_ref().map(emit_actions);
    let functions = Purpose::ALL.iter().map(|purpose| emit_functions(&states, *purpose));
    let has_expressions = machine.states.iter().any(|state| !state.expressions.is_empty());
    let lints_of_expressions = has_expressions.then(crate::jsonata::lints);
    quote! {
        #doc
        #lints_of_expressions
        #[allow(dead_code, unreachable_pub, reason = "a program need not use, or pass on, every way to run a machine")]
        #[allow(clippy::possible_missing_else, reason = "a build script may write the module in one line")]
        #[allow(
            elided_lifetimes_in_paths, clippy::needless_pass_by_value, clippy::unnecessary_wraps,
            reason = "the functions for one purpose have one signature"
        )]
        #[allow(
            clippy::doc_markdown, clippy::enum_variant_names, clippy::nonminimal_bool, clippy::too_many_lines,
            clippy::unreadable_literal, clippy::upper_case_acronyms, rustdoc::all,
            reason = "names, comments, rules and numbers are those of the definition"
        )]
        #visibility mod #name {
            use #runtime::__private as rt;

            const _: () = rt::check_version(#version);

            #state_enum
            #machine_type
            #entry_points
            #(#types)*
            #(#functions)*
            #actions
        }
    }
}

fn module_doc(machine: &ir::Machine, module: &Module) -> TokenStream {
    emit_doc(&format!("The state machine of `{}`", module.file), machine.comment.as_deref())
}

/// A documentation comment: a title, and the comment of the definition. All in one line, so that no part of the comment is taken for
/// code that rustdoc would compile.
pub(super) fn emit_doc(title: &str, comment: Option<&str>) -> TokenStream {
    let (title, comment) = (in_one_line(title), in_one_line(comment.unwrap_or_default()));
    let doc = if comment.is_empty() { format!(" {title}.") } else { format!(" {title}: {comment}") };
    quote!(#[doc = #doc])
}

/// A text of the user as a comment has it, whatever is in it: words with a blank between them, and instead of what cannot be seen (controls, marks
/// of direction) its escape. Of such characters some end a line comment, some are none that Rust takes there, and some show other code than
/// there is. Literals need nothing of the kind, because `quote` writes escapes.
fn in_one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| word.chars().map(seen).collect()).collect();
    words.join(" ")
}

fn seen(character: char) -> String {
    if matches!(character, '"' | '\'' | '\\') {
        return character.to_string();
    }
    // A mark on the letter before it is seen, and one that is alone is not.
    format!("a{character}").escape_debug().skip(1).collect()
}

fn emit_state_enum(machine: &ir::Machine) -> TokenStream {
    let names: Vec<Ident> = machine.states.iter().map(|state| ident(&state.variant)).collect();
    let variants = machine.states.iter().zip(&names).map(|(state, name)| {
        let doc = state_doc(state);
        quote!(#doc #name,)
    });
    quote! {
        /// The states of the machine, those of its branches and item processors included.
        #[derive(
            rt::core::clone::Clone, rt::core::marker::Copy, rt::core::fmt::Debug, rt::core::cmp::PartialEq,
            rt::core::cmp::Eq, rt::core::hash::Hash,
        )]
        #[repr(u16)]
        pub enum State {
            #(#variants)*
        }

        impl rt::State for State {
            const ALL: &'static [Self] = &[#(Self::#names,)*];

            fn id(self) -> u16 {
                self as u16
            }

            #[allow(clippy::indexing_slicing, reason = "there is an entry for every variant")]
            fn info(self) -> &'static rt::StateInfo {
                &CODE.states[self as usize].info
            }
        }

        /// Prints the name in the definition.
        impl rt::core::fmt::Display for State {
            fn fmt(&self, f: &mut rt::core::fmt::Formatter<'_>) -> rt::core::fmt::Result {
                f.write_str(rt::State::name(*self))
            }
        }

        /// Writes the name in the definition.
        impl rt::Serialize for State {
            fn serialize<S: rt::Serializer>(&self, serializer: S) -> rt::Result<S::Ok, S::Error> {
                serializer.serialize_str(rt::State::name(*self))
            }
        }

        /// Reads the name in the definition.
        impl<'de> rt::Deserialize<'de> for State {
            fn deserialize<D: rt::Deserializer<'de>>(deserializer: D) -> rt::Result<Self, D::Error> {
                rt::deserialize_state(deserializer)
            }
        }
    }
}

/// `` `Chamar API Externa`, line 5 ``, and the comment of the definition.
pub(super) fn state_doc(state: &ir::State) -> TokenStream {
    emit_doc(&format!("`{}`, line {}", state.name, state.line), state.comment.as_deref())
}

/// A row of the table: what the runtime knows of a state, and the functions that it has.
fn emit_row(
    machine: &ir::Machine,
    number: usize,
    state: &ir::State,
    functions: &Functions<'_>,
    actions: Option<&Actions>,
) -> TokenStream {
    let name = &state.name;
    let (state_type, retriers, catchers): (_, &[ir::Retrier], &[ir::Catcher]) = match &state.work {
        ir::Work::Pass(_) => ("pass", &[], &[]),
        ir::Work::Task(task) => ("task", &task.retriers, &task.catchers),
        ir::Work::Choice(_) => ("choice", &[], &[]),
        ir::Work::Wait(_) => ("wait", &[], &[]),
        ir::Work::Succeed(_) => ("succeed", &[], &[]),
        ir::Work::Fail(_) => ("fail", &[], &[]),
        ir::Work::Parallel(parallel) => ("parallel", &parallel.retriers, &parallel.catchers),
        ir::Work::Map(map) => ("map", &map.retriers, &map.catchers),
    };
    let state_type = ident(state_type);
    let enter = Purpose::Enter.emit_function(state);
    let resume = emit_resume(machine, state);
    let retriers = (!retriers.is_empty()).then(|| {
        let retriers = retriers.iter().map(emit_retrier);
        quote!(.retry(&[#(#retriers),*]))
    });
    let catchers = (!catchers.is_empty()).then(|| {
        let errors = catchers.iter().map(|catcher| &catcher.error_equals);
        let catch = Purpose::Catch.emit_function(state);
        quote!(.catch(&[#(rt::Catcher { error_equals: &[#(#errors),*] }),*], #catch))
    });
    let selects = matches!(&state.work, ir::Work::Map(map) if map.item_selector.is_some());
    let select_item = selects.then(|| {
        let select = Purpose::SelectItem.emit_function(state);
        quote!(.select_item(#select))
    });
    let action = actions.and_then(|actions| actions.emit_call(number));
    let asks_for_context = functions.ask_for_context().then(|| quote!(.asks_for_context()));
    quote!(rt::row::#state_type(#name, #enter) #resume #retriers #catchers #select_item #asks_for_context #action)
}

/// `.resume(resume::order)`, or where a state leads that does nothing else.
fn emit_resume(machine: &ir::Machine, state: &ir::State) -> Option<TokenStream> {
    match (after::leaves(state, machine.settings), &state.work) {
        (Some(ir::Transition::End), _) => Some(quote!(.then_end())),
        (Some(ir::Transition::Next(next)), _) => {
            let next = after::emit_state(&machine.states, next);
            Some(quote!(.then(#next as _)))
        }
        (None, ir::Work::Task(_) | ir::Work::Wait(_) | ir::Work::Parallel(_) | ir::Work::Map(_)) => {
            let resume = Purpose::Resume.emit_function(state);
            Some(quote!(.resume(#resume)))
        }
        (None, ir::Work::Pass(_) | ir::Work::Choice(_) | ir::Work::Succeed(_) | ir::Work::Fail(_)) => None,
    }
}

/// A retrier: what it says, and else what is usual.
fn emit_retrier(retrier: &ir::Retrier) -> TokenStream {
    let ir::Retrier {
        error_equals,
        interval_seconds,
        max_attempts,
        backoff_rate,
        max_delay_seconds,
        full_jitter,
    } = retrier;
    let interval = (*interval_seconds != usual::INTERVAL_SECONDS).then(|| {
        let seconds = Literal::u32_unsuffixed(*interval_seconds);
        quote!(interval_seconds: #seconds,)
    });
    let attempts = (*max_attempts != usual::MAX_ATTEMPTS).then(|| {
        let attempts = Literal::u32_unsuffixed(*max_attempts);
        quote!(max_attempts: #attempts,)
    });
    let rate = (backoff_rate.to_bits() != usual::BACKOFF_RATE.to_bits()).then(|| {
        let rate = Literal::f64_unsuffixed(*backoff_rate);
        quote!(backoff_rate: #rate,)
    });
    let delay = max_delay_seconds
        .map(Literal::u32_unsuffixed)
        .map(|seconds| quote!(max_delay_seconds: rt::Some(#seconds),));
    let jitter = full_jitter.then(|| quote!(full_jitter: true,));
    let given = [interval, attempts, rate, delay, jitter];
    // Lints would say of a retrier with all fields that nothing is left for the rest.
    let rest = given.iter().any(Option::is_none).then(|| quote!(..rt::Retrier::USUAL));
    let given = given.iter().flatten();
    quote!(rt::Retrier { error_equals: &[#(#error_equals),*], #(#given)* #rest })
}

fn emit_machine(
    machine: &ir::Machine,
    functions: &[Functions<'_>],
    definition: &str,
    module: &Module,
    actions: Option<&Actions>,
) -> TokenStream {
    let (name, definition) = (&module.name, as_written(definition));
    let start_at = machine.states.get(machine.start_at.0).map(|state| ident(&state.variant));
    let timeout = match machine.timeout_seconds.map(Literal::u64_unsuffixed) {
        None => quote!(rt::None),
        Some(seconds) => quote!(rt::seconds(#seconds)),
    };
    let states = machine.states.iter().zip(functions).enumerate();
    let states =
        states.map(|(number, (state, functions))| emit_row(machine, number, state, functions, actions));
    quote! {
        /// The machine: its pure steps, for hosts and for programs that drive it by hand.
        #[derive(rt::core::clone::Clone, rt::core::marker::Copy, rt::core::fmt::Debug)]
        pub struct Machine;

        static CODE: rt::Code = rt::Code {
            name: #name,
            start_at: State::#start_at as _,
            timeout: #timeout,
            definition: #definition,
            states: &[#(#states),*],
        };

        impl rt::StateMachine for Machine {
            type State = State;

            const CODE: &'static rt::Code = &CODE;
        }
    }
}

/// A text of several lines as it is written, for those who read what was generated.
fn as_written(text: &str) -> Literal {
    let hashes =
        "#".repeat(text.split('"').skip(1).map(|rest| 1 + leading_hashes(rest)).max().unwrap_or_default());
    let is_plain = text.chars().all(is_seen);
    let raw = is_plain.then(|| format!("r{hashes}\"{text}\"{hashes}").parse().ok());
    raw.flatten().unwrap_or_else(|| Literal::string(text))
}

/// Whether a letter is seen as what it is. What is hidden, or changes the order of others, is escaped.
fn is_seen(letter: char) -> bool {
    matches!(letter, '\n' | '"' | '\'' | '\\') || format!("a{letter}").escape_debug().count() == 2
}

fn leading_hashes(text: &str) -> usize {
    text.chars().take_while(|letter| *letter == '#').count()
}

/// `run` is not an `async fn`: of a future that has the type of the input in it, rustc would report three times that the input cannot be converted.
fn emit_entry_points() -> TokenStream {
    quote! {
        /// Runs an execution to its end, and returns its output. The input is a `Value`, or of any type that serde serializes.
        ///
        /// # Errors
        /// The input cannot be converted, or the execution failed or timed out.
        pub fn run(host: &impl rt::Host, input: impl rt::IntoValue) -> rt::Running<'_> {
            rt::run::<Machine>(host, input)
        }

        /// Runs an execution whose input is JSON text.
        ///
        /// # Errors
        /// The text is not JSON, or the execution failed or timed out.
        pub fn run_json<'h>(host: &'h impl rt::Host, input: &str) -> rt::Running<'h> {
            rt::run_json::<Machine>(host, input)
        }

        /// Starts an execution in the background, and returns a handle to watch it, to stop it and to wait for its output.
        pub fn start(host: &impl rt::Host, input: impl rt::IntoValue) -> rt::Execution<State> {
            rt::start::<Machine>(host, input)
        }

        /// Begins a test, whose tasks are answered by mocks and in which waiting takes no time.
        #[must_use]
        pub fn test() -> rt::Test {
            rt::Test::of::<Machine>()
        }
    }
}
