//! The actions of AWS services that a machine calls: a static for each, with all that a client needs to know.

use super::ident;
use crate::ir::{Machine, Work};
use crate::services::wire::{Finding, Format, Formed, Parts, Request, Type, WirePart, WirePlace};
use crate::services::{self, Sending, Waiting};
use asl_language::action::{Ask, Origin, Outcome};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::rc::Rc;

/// The states that call an action, with how it is sent.
pub(super) struct Actions {
    /// By the numbers of the states.
    calls: BTreeMap<usize, Rc<Sending>>,
}

impl Actions {
    /// Those of a machine. What an action needs is looked up once for all states that call it.
    pub(super) fn of(machine: &Machine) -> Self {
        let mut known: HashMap<&str, Option<Rc<Sending>>> = HashMap::new();
        let calls = machine.states.iter().enumerate().filter_map(|(number, state)| match &state.work {
            Work::Task(task) => {
                let sending = known
                    .entry(&task.resource)
                    .or_insert_with(|| services::sending(&task.resource).map(Rc::new));
                Some((number, sending.clone()?))
            }
            Work::Pass(_)
            | Work::Choice(_)
            | Work::Wait(_)
            | Work::Succeed(_)
            | Work::Fail(_)
            | Work::Parallel(_)
            | Work::Map(_) => None,
        });
        Self { calls: calls.collect() }
    }

    /// `.action(&SQS_SEND_MESSAGE)`, and the job that it starts, if the state calls one.
    pub(super) fn emit_call(&self, state: usize) -> Option<TokenStream> {
        let Sending { request, job } = &**self.calls.get(&state)?;
        let name = action_name(request);
        let job = job.as_ref().map(|job| {
            let name = job_name(request, job);
            quote!(.job(&#name))
        });
        Some(quote!(.action(&#name) #job))
    }
}

/// Every action once, and every job that is waited for.
pub(super) fn emit_actions(Actions { calls }: &Actions) -> TokenStream {
    let (mut actions, mut jobs) = (BTreeMap::new(), BTreeMap::new());
    for sending in calls.values() {
        let Sending { request, job } = &**sending;
        let queries = job.iter().flat_map(|job| job.stop.iter().chain([&job.describe]));
        let lookup = request.form.as_ref().and_then(|form| form.lookup.as_ref());
        let lookup = lookup.map(|(request, ..)| &**request);
        for request in queries.map(|(request, _)| request).chain(lookup).chain([request]) {
            actions.insert(action_name(request).to_string(), emit_action(request));
        }
        if let Some(job) = job {
            let name = job_name(request, job);
            jobs.insert(name.to_string(), emit_job(&name, job));
        }
    }
    actions.into_values().chain(jobs.into_values()).collect()
}

/// `OPTIMISED_BATCH_SUBMIT_JOB_ENDS`; where texts become JSON, it is another.
pub(super) fn job_name(request: &Request, job: &Waiting) -> Ident {
    let with_json = if job.outcome.json.is_empty() { "" } else { "_WITH_JSON" };
    ident(&format!("{}_ENDS{with_json}", action_name(request)))
}

fn emit_job(name: &Ident, job: &Waiting) -> TokenStream {
    let Outcome { found, named, status, succeeded, failed, gone, containers, json, kept } = &job.outcome;
    let describe = emit_question(&job.describe);
    let stop = job.stop.as_ref().map_or_else(
        || quote!(rt::None),
        |stop| {
            let stop = emit_question(stop);
            quote!(rt::Some(#stop))
        },
    );
    quote! {
        /// How the end of the job is waited for.
        static #name: rt::Job = rt::Job {
            describe: #describe,
            outcome: rt::Outcome {
                found: &[#(#found),*],
                named: #named,
                status: &[#(#status),*],
                succeeded: &[#(#succeeded),*],
                failed: &[#(#failed),*],
                gone: #gone,
                containers: &[#(#containers),*],
                json: &[#(#json),*],
                kept: &[#(#kept),*],
            },
            stop: #stop,
        };
    }
}

fn emit_question((request, parameters): &(Request, &[Ask])) -> TokenStream {
    emit_query(request, parameters)
}

fn emit_query(request: &Request, parameters: &[Ask]) -> TokenStream {
    let (action, parameters) = (action_name(request), emit_asks(parameters));
    quote!(rt::Question { action: &#action, parameters: #parameters })
}

fn emit_asks(asks: &[Ask]) -> TokenStream {
    let asks = asks.iter().map(|Ask { name, origin, path, listed }| {
        let origin = match origin {
            Origin::Parameters => quote!(Parameters),
            Origin::Answer => quote!(Answer),
            Origin::Found => quote!(Found),
            Origin::Text(text) => quote!(Text(#text)),
        };
        quote!(rt::Ask { name: #name, origin: rt::Origin::#origin, path: &[#(#path),*], listed: #listed })
    });
    quote!(&[#(#asks),*])
}

fn emit_form(form: Option<&Formed>) -> TokenStream {
    let Some(Formed { taken, given, lookup }) = form else { return quote!(rt::None) };
    let (taken, given) = (emit_asks(taken), emit_asks(given));
    let lookup = lookup.as_ref().map_or_else(
        || quote!(rt::None),
        |(request, parameters, Finding { elements, wanted })| {
            let question = emit_query(request, parameters);
            quote!(rt::Some((#question, rt::Finding { elements: &[#(#elements),*], wanted: #wanted })))
        },
    );
    quote!(rt::Some(rt::Form { taken: #taken, given: #given, lookup: #lookup }))
}

/// `SQS_SEND_MESSAGE`; the names of `aws-sdk` tasks make another static than those of optimised ones.
pub(super) fn action_name(request: &Request) -> Ident {
    let mut name = String::new();
    let letters = request.prefix.chars().chain(['_']).chain(request.operation.chars());
    let mut before = '_';
    for letter in letters {
        if letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
            name.push('_');
        }
        if letter.is_ascii_alphanumeric() || letter == '_' {
            name.extend(letter.to_uppercase());
        }
        before = letter;
    }
    if !request.sdk_names {
        name.insert_str(0, "OPTIMISED_");
    }
    if request.form.is_some() {
        name.insert_str(0, "FORMED_");
    }
    ident(&name)
}

fn emit_action(request: &Request) -> TokenStream {
    let name = action_name(request);
    let Request {
        prefix,
        endpoint,
        signing,
        target,
        version,
        namespace,
        hosts,
        operation,
        method,
        path,
        host_prefix,
        root,
        checksum,
        errors,
        codes,
        ..
    } = request;
    let doc = format!(" `{operation}` of the service `{endpoint}`, as it is sent.");
    let (protocol, checksum) = (variant(&request.protocol), variant(checksum));
    let codes = codes.iter().map(|(code, name)| quote!((#code, #name)));
    let (input, output) = (emit_type(request.input), emit_type(request.output));
    let shapes = &request.shapes;
    let form = emit_form(request.form.as_ref());
    quote! {
        #[doc = #doc]
        static #name: rt::Action = rt::Action {
            protocol: rt::Protocol::#protocol,
            prefix: #prefix,
            endpoint: #endpoint,
            signing: #signing,
            target: #target,
            version: #version,
            namespace: #namespace,
            hosts: #hosts,
            operation: #operation,
            method: #method,
            path: #path,
            host_prefix: #host_prefix,
            root: #root,
            checksum: rt::Checksum::#checksum,
            errors: &[#(#errors),*],
            codes: &[#(#codes),*],
            input: #input,
            output: #output,
            shapes: &[#(#shapes),*],
            form: #form,
        };
    }
}

/// Its variants have the same names there.
fn emit_type(type_: Type) -> TokenStream {
    if let Type::Shape(number) = type_ {
        let number = Literal::u16_unsuffixed(number);
        return quote!(rt::Type::Shape(#number));
    }
    let name = variant(&type_);
    quote!(rt::Type::#name)
}

fn variant(value: &impl Debug) -> Ident {
    ident(&format!("{value:?}"))
}

impl ToTokens for Parts {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Structure(members) => quote!(rt::Shape::Structure(&[#(#members),*])),
            Self::List(element) => quote!(rt::Shape::List(#element)),
            Self::Map(key, value) => quote!(rt::Shape::Map(#key, #value)),
        });
    }
}

impl ToTokens for WirePart {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { name, wire, type_, sent } = self;
        let type_ = emit_type(*type_);
        let place = (sent.place != WirePlace::Body).then(|| variant(&sent.place));
        let place = place.map(|place| quote!(.at(rt::WirePlace::#place)));
        let format = (sent.format != Format::Usual).then(|| variant(&sent.format));
        let format = format.map(|format| quote!(.written(rt::Format::#format)));
        let flattened = sent.flattened.then(|| quote!(.flattened()));
        let token = sent.is_token.then(|| quote!(.token()));
        let json = sent.is_json.then(|| quote!(.json()));
        tokens.extend(quote!(rt::WirePart::new(#name, #wire, #type_) #place #format #flattened #token #json));
    }
}
