//! Choice states: rules become conditions, tried one after the other. (Not one `else if` in the other: a thousand rules
//! would be nested a thousand deep.) Rules in a row that compare one value with constants are one look-up in a table.

mod table;

use super::after::emit_state;
use super::constant::{emit_number, emit_timestamp};
use super::expression::{Sees, emit_expression, emit_with_query};
use super::path::{emit_output, emit_path, emit_reduce, emit_root, emit_set, emit_steps};
use super::search::emit_search;
use super::template::{emit_assign, emit_template};
use super::{ident, mentions};
use crate::ir::{Choice, Condition, Operand, Output, Path, Property, Relation, Rule, Settings, State, Test};
use proc_macro2::TokenStream;
use quote::quote;
use table::Group;

/// How many rules are in one function: what rustc does about borrows in a function grows with the square of its length.
const IN_ONE: usize = 64;

pub(super) fn emit_enter(states: &[State], choice: &Choice, settings: Settings) -> TokenStream {
    // Every field is named, so that a new one does not compile before it is emitted.
    let Choice { input, output, rules, assign, default } = choice;
    let select = emit_reduce(input);
    let told = settings.tell("AfterInputPath", &quote!(data));
    // `OutputPath` comes after any rule, and `Output` of the state only where none holds.
    let (reduce, output) = match output {
        Output::Selection(selection) => (emit_reduce(selection), TokenStream::new()),
        output @ Output::Template(_) => (TokenStream::new(), emit_output(output)),
    };
    let default = match *default {
        Some(state) => {
            let (assign, state) = (emit_assign(assign, &quote!(input)), emit_state(states, state));
            let tell = settings.tell_rules.then(|| emit_tell(quote!(rt::None)));
            quote!(#tell #assign #output #state)
        }
        None => quote!(return rt::Err(rt::no_rule_matched())),
    };
    let groups = table::groups(rules);
    let rules = match parts(&groups).as_slice() {
        // Nothing is gained by a separate function where all rules fit into one.
        [] | [_] => {
            let rules = emit_groups(states, settings, &groups, |next| quote!(break 'rule #next;));
            with_input(quote! {
                let next = 'rule: {
                    #rules
                    #default
                };
            })
        }
        parts => {
            let parts = parts.iter().map(|groups| emit_part(states, settings, groups));
            let (parts, default): (TokenStream, _) = (parts.collect(), with_input(default));
            quote! {
                let next = 'rule: {
                    #parts
                    #default
                };
            }
        }
    };
    quote!(#select #told #rules #reduce rt::go(next))
}

/// Groups whose rules fit into one function each.
fn parts<'g, 'c>(groups: &'g [Group<'c>]) -> Vec<&'g [Group<'c>]> {
    let mut size = 0;
    let parts = groups.chunk_by(|_, next| {
        size += 1;
        let fits = size < IN_ONE && matches!(next, Group::Rule(..));
        if !fits {
            size = 0;
        }
        fits
    });
    parts.collect()
}

/// Some of many rules, as a function that returns the state that follows.
fn emit_part(states: &[State], settings: Settings, groups: &[Group<'_>]) -> TokenStream {
    let rules = emit_groups(states, settings, groups, |next| quote!(return rt::Ok(rt::Some(#next));));
    let rules = with_input(rules);
    let name = |name: &str| if mentions(&rules, name) { ident(name) } else { ident(&format!("_{name}")) };
    let (data, context) = (name("data"), name("context"));
    quote!({
        fn rules(
            #data: &mut rt::Value,
            #context: &rt::Context<'_>,
        ) -> rt::Result<rt::Option<State>, rt::Error> {
            #rules
            rt::Ok(rt::None)
        }
        if let rt::Some(next) = rules(data, context)? {
            break 'rule next;
        }
    })
}

/// What conditions look at, before code that does.
fn with_input(code: TokenStream) -> TokenStream {
    let input = mentions(&code, "input").then(|| quote!(let input = &*data;));
    let code = emit_with_query(Sees::Input, code);
    quote!(#input #code)
}

/// Rules one after the other; `leave` is how one that holds says which state follows.
fn emit_groups(
    states: &[State],
    settings: Settings,
    groups: &[Group<'_>],
    leave: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let emit = |group: &Group<'_>| match group {
        Group::Rule(number, rule) => {
            let tell = settings.tell_rules.then(|| emit_tell(quote!(rt::Some(#number))));
            let condition = emit_condition(&rule.condition);
            let taken = emit_taken(rule, leave(emit_state(states, rule.next)));
            quote!(if #condition { #tell #taken })
        }
        Group::Table(table) => {
            let tell = settings.tell_rules.then(|| emit_tell(quote!(rt::Some(rule))));
            table.emit(tell, |rule| emit_taken(rule, leave(emit_state(states, rule.next))))
        }
    };
    groups.iter().map(emit).collect()
}

/// `context.took_rule(rt::Some(0usize));`
fn emit_tell(rule: TokenStream) -> TokenStream {
    quote!(context.took_rule(#rule);)
}

/// What is done when a rule holds.
fn emit_taken(rule: &Rule, leave: TokenStream) -> TokenStream {
    let assign = emit_assign(&rule.assign, &quote!(input));
    let output = rule.output.as_ref().map(|template| emit_set(&emit_template(template, &quote!(&*data))));
    quote!(#assign #output #leave)
}

fn emit_condition(condition: &Condition) -> TokenStream {
    match condition {
        Condition::Expression(expression) => emit_expression(expression, "condition"),
        Condition::Equals { value, case } => {
            let table = table::emit_table(&[(case, 0)]);
            let found = table::emit_lookup_of_expression(value, case, &table);
            quote!(#found.is_some())
        }
        Condition::Constant(constant) => quote!(#constant),
        Condition::And(conditions) => {
            let conditions = conditions.iter().map(emit_operand_of_logic);
            quote!(#(#conditions)&&*)
        }
        Condition::Or(conditions) => {
            let conditions = conditions.iter().map(emit_operand_of_logic);
            quote!(#(#conditions)||*)
        }
        Condition::Not(condition) => {
            let condition = emit_operand_of_logic(condition);
            quote!(!#condition)
        }
        Condition::Test { variable, test } => emit_test(variable, test),
    }
}

/// A condition within another: in parentheses where it has operators of its own.
fn emit_operand_of_logic(condition: &Condition) -> TokenStream {
    let tokens = emit_condition(condition);
    match condition {
        Condition::And(conditions) | Condition::Or(conditions) if conditions.len() > 1 => quote!((#tokens)),
        Condition::Expression(_)
        | Condition::Equals { .. }
        | Condition::Constant(_)
        | Condition::And(_)
        | Condition::Or(_)
        | Condition::Not(_)
        | Condition::Test { .. } => tokens,
    }
}

fn emit_test(path: &Path, test: &Test) -> TokenStream {
    let value = emit_variable(path);
    match test {
        Test::String(Relation::Equals, operand) => {
            let operand = emit_operand(operand, |text| quote!(#text));
            quote!(rt::equal_strings(#value, #operand))
        }
        Test::String(relation, operand) => {
            let operand = emit_operand(operand, |text| quote!(#text));
            emit_relation(*relation, &quote!(rt::compare_strings(#value, #operand)))
        }
        Test::Numeric(relation, operand) => {
            let operand = emit_operand(operand, |number| emit_number(*number));
            emit_relation(*relation, &quote!(rt::compare_numbers(#value, #operand)))
        }
        Test::Boolean(operand) => {
            let operand = emit_operand(operand, |value| quote!(#value));
            quote!(rt::equal_booleans(#value, #operand))
        }
        Test::Timestamp(relation, operand) => {
            let operand = emit_operand(operand, |timestamp| emit_timestamp(*timestamp));
            emit_relation(*relation, &quote!(rt::compare_timestamps(#value, #operand)))
        }
        Test::StringMatches(parts) => quote!(rt::string_matches(#value, &[#(#parts),*])),
        Test::Is(property, expected) => emit_property(path, *property, *expected),
    }
}

/// `rt::is_less(rt::compare_numbers(..))`
fn emit_relation(relation: Relation, comparison: &TokenStream) -> TokenStream {
    let function = ident(match relation {
        Relation::Equals => "is_equal",
        Relation::LessThan => "is_less",
        Relation::LessThanEquals => "is_less_or_equal",
        Relation::GreaterThan => "is_greater",
        Relation::GreaterThanEquals => "is_greater_or_equal",
    });
    quote!(rt::#function(#comparison))
}

fn emit_property(path: &Path, property: Property, expected: bool) -> TokenStream {
    let function = ident(match property {
        Property::Null => "is_null",
        Property::Present => "is_present",
        Property::Numeric => "is_numeric",
        Property::String => "is_string",
        Property::Boolean => "is_boolean",
        Property::Timestamp => "is_timestamp",
    });
    let value = match property {
        Property::Present => match emit_search(path, &quote!(input)) {
            Some(found) => {
                let not = (!expected).then(|| quote!(!));
                return quote!(#not rt::found_anything(&#found));
            }
            None => {
                let (start, steps) = (emit_root(&path.root, &quote!(input)), emit_steps(&path.steps));
                let not = (!expected).then(|| quote!(!));
                return quote!(#not rt::is_present(#start, &[#steps]));
            }
        },
        Property::Null | Property::Numeric | Property::String | Property::Boolean | Property::Timestamp => {
            emit_variable(path)
        }
    };
    let not = (!expected).then(|| quote!(!));
    quote!(#not rt::#function(#value))
}

fn emit_operand<T>(operand: &Operand<T>, constant: impl FnOnce(&T) -> TokenStream) -> TokenStream {
    match operand {
        Operand::Constant(value) => constant(value),
        Operand::Path(path) => emit_variable(path),
    }
}

fn emit_variable(path: &Path) -> TokenStream {
    let text = &path.text;
    if let Some(found) = emit_search(path, &quote!(input)) {
        return quote!(&rt::variable_found(#found, #text)?);
    }
    let (start, path) = (emit_root(&path.root, &quote!(input)), emit_path(path));
    quote!(rt::variable(#start, #path)?)
}
