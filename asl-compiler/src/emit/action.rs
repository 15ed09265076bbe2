//! The actions of AWS services that a machine calls: a static for each, with all that a client needs to know.

use super::ident;
use crate::ir::{Machine, Work};
use crate::services::wire::{Format, Part, Parts, Place, Protocol, Request, Type};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote};
use std::collections::BTreeMap;

/// Every action once.
pub(super) fn emit_actions(machine: &Machine) -> TokenStream {
    let requests = machine.states.iter().filter_map(|state| match &state.work {
        Work::Task(task) => task.request.as_deref(),
        Work::Pass(_)
        | Work::Choice(_)
        | Work::Wait(_)
        | Work::Succeed(_)
        | Work::Fail(_)
        | Work::Parallel(_)
        | Work::Map(_) => None,
    });
    let actions: BTreeMap<String, &Request> =
        requests.map(|request| (action_name(request).to_string(), request)).collect();
    actions.into_values().map(emit_action).collect()
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
        global,
        operation,
        method,
        path,
        host_prefix,
        root,
        errors,
        ..
    } = request;
    let doc = format!(" `{operation}` of the service `{endpoint}`, as it is sent.");
    let protocol = protocol(request.protocol);
    let (input, output) = (&request.input, &request.output);
    let shapes = &request.shapes;
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
            global: #global,
            operation: #operation,
            method: #method,
            path: #path,
            host_prefix: #host_prefix,
            root: #root,
            errors: &[#(#errors),*],
            input: #input,
            output: #output,
            shapes: &[#(#shapes),*],
        };
    }
}

fn protocol(protocol: Protocol) -> Ident {
    ident(match protocol {
        Protocol::Json10 => "Json10",
        Protocol::Json11 => "Json11",
        Protocol::RestJson => "RestJson",
        Protocol::RestXml => "RestXml",
        Protocol::Query => "Query",
        Protocol::Ec2 => "Ec2",
    })
}

impl ToTokens for Type {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let name = match self {
            Self::Any => "Any",
            Self::String => "String",
            Self::Integer => "Integer",
            Self::Number => "Number",
            Self::Boolean => "Boolean",
            Self::Timestamp => "Timestamp",
            Self::Blob => "Blob",
            Self::Shape(number) => {
                let number = Literal::u16_unsuffixed(u16::try_from(*number).unwrap_or_default());
                return tokens.extend(quote!(rt::Type::Shape(#number)));
            }
        };
        let name = ident(name);
        tokens.extend(quote!(rt::Type::#name));
    }
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

impl ToTokens for Part {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { name, wire, type_, sent } = self;
        let place = match sent.place {
            Place::Body => None,
            Place::Header => Some("Header"),
            Place::Headers => Some("Headers"),
            Place::Path => Some("Path"),
            Place::Query => Some("Query"),
            Place::Status => Some("Status"),
            Place::Payload => Some("Payload"),
            Place::Host => Some("Host"),
            Place::Attribute => Some("Attribute"),
        };
        let format = match sent.format {
            Format::Usual => None,
            Format::Iso => Some("Iso"),
            Format::Unix => Some("Unix"),
            Format::Http => Some("Http"),
        };
        let place = place.map(ident).map(|place| quote!(.at(rt::Place::#place)));
        let format = format.map(ident).map(|format| quote!(.written(rt::Format::#format)));
        let flattened = sent.flattened.then(|| quote!(.flattened()));
        let token = sent.is_token.then(|| quote!(.token()));
        let json = sent.is_json.then(|| quote!(.json()));
        tokens.extend(quote!(rt::Part::new(#name, #wire, #type_) #place #format #flattened #token #json));
    }
}
