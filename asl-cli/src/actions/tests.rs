//! What is made here is, member by member, what the compiler writes into programs.

use super::*;
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::services::{integrations, retired, table};
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options, compile};
use asl_engine::generated::action::{
    Finding, Form, Format, Origin, Outcome, Shape, Type, WirePart, WirePlace,
};
use asl_language::resource::Suffix;
use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;
use std::fmt::Write as _;
use std::ptr;

/// So many tasks are in a definition.
const TASKS: usize = 400;

/// With `1` here every action is compared, which takes minutes.
const EVERY: usize = 23;

#[test]
fn actions_are_what_a_program_says_of_them() {
    let resources: Vec<_> = table()
        .unwrap()
        .services()
        .filter(|service| retired(service.name()).is_none())
        .flat_map(|service| {
            service
                .actions()
                .map(move |action| format!("arn:aws:states:::aws-sdk:{}:{}", service.name(), action.name()))
        })
        .step_by(EVERY)
        .collect();
    let [actions, jobs] = compare(&resources);
    assert!(actions > 10_000 / EVERY, "{actions}");
    assert_eq!(jobs, 0);
}

#[test]
fn every_integration_and_every_job_is_what_a_program_says_of_it() {
    let resources: Vec<_> = integrations()
        .flat_map(|integration| integration.actions().iter().map(move |action| (integration, action)))
        .flat_map(|(integration, action)| {
            let own = action.suffixes().iter().copied();
            let suffixes = [Suffix::None].into_iter().chain(own);
            suffixes.map(move |suffix| {
                format!("arn:aws:states:::{}:{}{}", integration.name(), action.name(), suffix.as_str())
            })
        })
        .collect();
    let [actions, jobs] = compare(&resources);
    assert!(actions > 40, "{actions}");
    assert!(jobs > 25, "{jobs}");
    for resource in resources.iter().filter(|resource| resource.contains(".sync")) {
        let is_waited_for = action_of(resource).1.is_some();
        assert!(is_waited_for || resource.contains(":eks:"), "{resource}");
    }
}

#[test]
fn what_is_asked_for_again_is_the_same() {
    let job = |resource: &str| action_of(resource).1.unwrap();
    let action = |resource: &str| action_of(resource).0.unwrap();
    let start = "arn:aws:states:::batch:submitJob.sync";
    assert!(ptr::eq(job(start), job("arn:aws-cn:states:::batch:submitJob.sync")));
    assert!(ptr::eq(action(start), action("arn:aws:states:::batch:submitJob")));
    assert!(!ptr::eq(action(start), action("arn:aws:states:::aws-sdk:batch:submitJob")));
    assert_eq!(action_of("arn:aws:lambda:us-east-1:123456789012:function:F"), (None, None));
    assert_eq!(action_of("arn:aws:states:::dynamodb:putItem"), (None, None));
}

/// Compares what is known of resources with the constants in programs, and returns the numbers of actions and jobs.
fn compare(resources: &[String]) -> [usize; 2] {
    let (mut actions, mut jobs) = (HashSet::new(), HashSet::new());
    for resources in resources.chunks(TASKS) {
        let program = Emitted::of(resources);
        for (number, resource) in resources.iter().enumerate() {
            let (action, job) = action_of(resource);
            let emitted = program.states.get(&format!("Task{number}"));
            assert_eq!(action.is_some(), emitted.is_some(), "{resource}");
            let (Some(action), Some((of_action, of_job))) = (action, emitted) else { continue };
            let emitted = program.constant(of_action);
            assert_same(resource, &render_action(action, &asked(emitted)), emitted);
            actions.insert(of_action.clone());
            assert_eq!(job.is_some(), of_job.is_some(), "{resource}");
            let (Some(job), Some(of_job)) = (job, of_job) else { continue };
            let emitted = program.constant(of_job);
            let names = asked(emitted);
            assert_same(resource, &render_job(job, &names), emitted);
            for (question, name) in [Some(&job.describe), job.stop.as_ref()].into_iter().flatten().zip(&names)
            {
                assert_same(resource, &render_action(question.action, &[]), program.constant(name));
            }
            jobs.insert(of_job.clone());
        }
    }
    [actions.len(), jobs.len()]
}

/// What the compiler writes into a program about the actions of its tasks.
struct Emitted {
    /// Its statics, by their names.
    constants: BTreeMap<String, Vec<String>>,
    /// The action and the job of each state.
    states: BTreeMap<String, (String, Option<String>)>,
}

impl Emitted {
    /// A program with a task for each resource, named after its number.
    fn of(resources: &[String]) -> Self {
        let mut branches = String::new();
        for (number, resource) in resources.iter().enumerate() {
            let comma = if number == 0 { "" } else { "," };
            write!(
                branches,
                r#"{comma}{{"StartAt":"Task{number}","States":{{"Task{number}":{{"Type":"Task","Resource":"{resource}","TimeoutSeconds":9,"End":true}}}}}}"#
            )
            .unwrap();
        }
        let text = format!(
            r#"{{"StartAt":"All","States":{{"All":{{"Type":"Parallel","End":true,"Branches":[{branches}]}}}}}}"#
        );
        let source = SourceFile::new("all.asl.json", text.into_bytes());
        let compilation = compile(&source, &Options::default(), &Module::of_file("all.asl.json"));
        let is_error = |found: &&Diagnostic| found.severity == Severity::Error;
        let error = compilation.diagnostics.iter().find(is_error);
        let tokens = compilation.tokens.unwrap_or_else(|| panic!("{error:?}"));
        let mut emitted = Self { constants: BTreeMap::new(), states: BTreeMap::new() };
        emitted.read(tokens);
        emitted
    }

    fn constant(&self, name: &str) -> &[String] {
        &self.constants[name]
    }

    /// Finds `static NAME: rt::Action = ..;` and the table of states, wherever they are.
    fn read(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            match (tree, trees.get(at + 1)) {
                (TokenTree::Ident(word), Some(TokenTree::Ident(name))) if word == "static" => {
                    let is = |tree: &TokenTree, text: &str| tree.to_string() == text;
                    let rest = trees[at..].iter().skip_while(|tree| !is(tree, "=")).skip(1);
                    let value = rest.take_while(|tree| !is(tree, ";")).cloned().collect();
                    let value = words(value);
                    if name == "CODE" {
                        self.read_states(&value);
                    }
                    self.constants.insert(name.to_string(), value);
                }
                (TokenTree::Group(group), _) => self.read(group.stream()),
                _ => {}
            }
        }
    }

    /// `rt::row::task("Task0", ..) .. .action(&ACTION).job(&JOB)`
    fn read_states(&mut self, words: &[String]) {
        let mut state = String::new();
        for (at, word) in words.iter().enumerate() {
            let is_call = words.get(at + 1).is_some_and(|next| next == "(");
            let constant = || words[at..].iter().skip_while(|word| *word != "&").nth(1).unwrap().clone();
            match word.as_str() {
                "row" => state = words[at + 5].trim_matches('"').to_owned(),
                "action" if is_call => {
                    self.states.insert(state.clone(), (constant(), None));
                }
                "job" if is_call => self.states.get_mut(&state).unwrap().1 = Some(constant()),
                _ => {}
            }
        }
    }
}

const fn group(tree: &TokenTree) -> Option<&Group> {
    match tree {
        TokenTree::Group(group) => Some(group),
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    }
}

/// Tokens without what is between them.
fn words(tokens: TokenStream) -> Vec<String> {
    let mut words = Vec::new();
    for tree in tokens {
        let Some(group) = group(&tree) else {
            words.push(tree.to_string());
            continue;
        };
        let text = quote!(#group).to_string();
        words.extend(text.chars().next().map(String::from));
        words.extend(self::words(group.stream()));
        words.extend(text.chars().last().map(String::from));
    }
    words
}

/// The actions that a job asks.
fn asked(words: &[String]) -> Vec<String> {
    words
        .windows(3)
        .filter(|window| window[0] == ":" && window[1] == "&" && window[2] != "[")
        .map(|window| window[2].clone())
        .collect()
}

fn assert_same(resource: &str, known: &TokenStream, emitted: &[String]) {
    let known = words(known.clone());
    let differs = known.iter().zip(emitted).position(|(a, b)| a != b);
    let near = |words: &[String]| {
        let at = differs.unwrap_or_default();
        words[at.saturating_sub(12)..(at + 4).min(words.len())].join(" ")
    };
    assert!(
        known == emitted,
        "{resource}: known is .. {} ..\nemitted is .. {} ..",
        near(&known),
        near(emitted)
    );
}

/// The action that it looks something up by has the first of these names.
fn render_action(action: &Action, names: &[String]) -> TokenStream {
    let Action {
        protocol,
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
        input,
        output,
        shapes,
        form,
    } = action;
    let form = form.as_ref().map_or_else(|| quote!(rt::None), |form| render_form(form, names));
    let (protocol, input, output) = (variant(protocol), render_type(*input), render_type(*output));
    let shapes = shapes.iter().map(render_shape);
    let checksum = variant(checksum);
    let codes = codes.iter().map(|(code, name)| quote!((#code, #name)));
    quote! {
        rt::Action {
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
        }
    }
}

fn render_form(Form { taken, given, lookup }: &Form, names: &[String]) -> TokenStream {
    let (taken, given) = (render_asks(taken), render_asks(given));
    let lookup = match lookup {
        None => quote!(rt::None),
        Some((question, Finding { elements, wanted })) => {
            let question = render_question(question, &names[0]);
            quote!(rt::Some((#question, rt::Finding { elements: &[#(#elements),*], wanted: #wanted })))
        }
    };
    quote!(rt::Some(rt::Form { taken: #taken, given: #given, lookup: #lookup }))
}

fn render_shape(shape: &Shape) -> TokenStream {
    match shape {
        Shape::Structure(members) => {
            let members = members.iter().map(render_part);
            quote!(rt::Shape::Structure(&[#(#members),*]))
        }
        Shape::List(element) => {
            let element = render_part(element);
            quote!(rt::Shape::List(#element))
        }
        Shape::Map(key, value) => {
            let (key, value) = (render_part(key), render_part(value));
            quote!(rt::Shape::Map(#key, #value))
        }
    }
}

fn render_part(part: &WirePart) -> TokenStream {
    let WirePart { name, wire, type_, place, format, flattened, is_token, is_json } = part;
    let type_ = render_type(*type_);
    let mut tokens = quote!(rt::WirePart::new(#name, #wire, #type_));
    if *place != WirePlace::Body {
        let place = variant(place);
        tokens.extend(quote!(.at(rt::WirePlace::#place)));
    }
    if *format != Format::Usual {
        let format = variant(format);
        tokens.extend(quote!(.written(rt::Format::#format)));
    }
    for (is_so, method) in [(flattened, "flattened"), (is_token, "token"), (is_json, "json")] {
        if *is_so {
            let method = Ident::new(method, Span::call_site());
            tokens.extend(quote!(.#method()));
        }
    }
    tokens
}

fn render_type(type_: Type) -> TokenStream {
    if let Type::Shape(number) = type_ {
        let number = Literal::u16_unsuffixed(number);
        return quote!(rt::Type::Shape(#number));
    }
    let name = variant(&type_);
    quote!(rt::Type::#name)
}

fn render_job(Job { describe, outcome, stop }: &Job, names: &[String]) -> TokenStream {
    let Outcome { found, named, status, succeeded, failed, gone, containers, json, kept } = outcome;
    let describe = render_question(describe, &names[0]);
    let stop = match stop {
        None => quote!(rt::None),
        Some(stop) => {
            let stop = render_question(stop, &names[1]);
            quote!(rt::Some(#stop))
        }
    };
    quote! {
        rt::Job {
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
        }
    }
}

fn render_question(Question { action: _, parameters }: &Question, name: &str) -> TokenStream {
    let (name, parameters) = (Ident::new(name, Span::call_site()), render_asks(parameters));
    quote!(rt::Question { action: &#name, parameters: #parameters })
}

fn render_asks(asks: &[Ask]) -> TokenStream {
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

fn variant(value: &impl Debug) -> impl ToTokens {
    Ident::new(&format!("{value:?}"), Span::call_site())
}
