//! Rules in a row that compare one value with constants, as one look-up: a thousand of them cost what ten do.

use super::emit_variable;
use crate::emit::expression::emit_expression_with;
use crate::emit::ident;
use crate::ir::{Case, Condition, Expression, Operand, Path, Relation, Rule, Test};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::{BTreeMap, HashMap};

/// Rules that are tried together.
pub(super) enum Group<'c> {
    /// One, with its number.
    Rule(usize, &'c Rule),
    /// Several that compare one value with constants.
    Table(Table<'c>),
}

/// Rules by the constants that they compare with.
pub(super) struct Table<'c> {
    value: Compared<'c>,
    rules: Vec<(usize, &'c Rule)>,
    /// The number of the first rule for each constant.
    cases: BTreeMap<Case, usize>,
}

/// What rules compare.
#[derive(Clone, Copy)]
enum Compared<'c> {
    Path(&'c Path),
    Expression(&'c Expression),
}

impl PartialEq for Compared<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Path(one), Self::Path(other)) => one == other,
            // Rules in a row that compare one expression have that of the first of them, and its place is that of no other.
            (Self::Expression(one), Self::Expression(other)) => one.field == other.field,
            (Self::Path(_), Self::Expression(_)) | (Self::Expression(_), Self::Path(_)) => false,
        }
    }
}

/// Rules in their order, those together that one look-up decides.
pub(super) fn groups(rules: &[Rule]) -> Vec<Group<'_>> {
    let numbered: Vec<_> =
        rules.iter().enumerate().map(|(number, rule)| (number, rule, compared(&rule.condition))).collect();
    let runs = numbered.chunk_by(|(.., one), (.., next)| match (one, next) {
        (Some((value, cases)), Some((next, others))) => value == next && are_alike(cases, others),
        _ => false,
    });
    let mut groups = Vec::new();
    for run in runs {
        match run {
            [(_, _, Some((value, _))), ..] if run.len() >= Case::MANY => {
                groups.push(Group::Table(table(*value, run)))
            }
            _ => groups.extend(run.iter().map(|(number, rule, _)| Group::Rule(*number, rule))),
        }
    }
    groups
}

type Numbered<'c> = (usize, &'c Rule, Option<(Compared<'c>, Vec<Case>)>);

fn table<'c>(value: Compared<'c>, run: &[Numbered<'c>]) -> Table<'c> {
    let mut cases = BTreeMap::new();
    for (number, _, compared) in run {
        for case in compared.iter().flat_map(|(_, cases)| cases) {
            // The first rule that names a value is taken, as if the rules were tried one after the other.
            cases.entry(case.clone()).or_insert(*number);
        }
    }
    Table { value, rules: run.iter().map(|(number, rule, _)| (*number, *rule)).collect(), cases }
}

/// Whether constants of two rules are looked up in the same table. Those of one rule are.
fn are_alike(cases: &[Case], others: &[Case]) -> bool {
    cases.first().zip(others.first()).is_some_and(|(case, other)| case.is_like(other))
}

/// What a condition compares with constants of one type, any of which makes it hold.
fn compared(condition: &Condition) -> Option<(Compared<'_>, Vec<Case>)> {
    match condition {
        Condition::Equals { value, case } => Some((Compared::Expression(value), vec![case.clone()])),
        Condition::Test { variable, test: Test::String(Relation::Equals, Operand::Constant(text)) } => {
            Some((Compared::Path(variable), vec![Case::Text(text.clone())]))
        }
        Condition::Test { variable, test: Test::Numeric(Relation::Equals, Operand::Constant(number)) } => {
            // Whole numbers alone: equal fractions need not be the same bits, and a table looks for what is the same.
            Some((Compared::Path(variable), vec![Case::Integer(number.as_integer()?)]))
        }
        Condition::Or(conditions) => {
            let mut all: Option<(Compared<'_>, Vec<Case>)> = None;
            for condition in conditions {
                let (value, cases) = compared(condition)?;
                match &mut all {
                    None => all = Some((value, cases)),
                    Some((other, all)) if *other == value && are_alike(all, &cases) => {
                        all.extend(cases);
                    }
                    Some(_) => return None,
                }
            }
            all
        }
        Condition::Expression(_)
        | Condition::Constant(_)
        | Condition::And(_)
        | Condition::Not(_)
        | Condition::Test { .. } => None,
    }
}

impl Table<'_> {
    /// `if let rt::Some(rule) = rt::rule_for_text(..) { match rule { .. } }`; rules that do the same are one arm.
    pub(super) fn emit(
        &self,
        tell: Option<TokenStream>,
        taken: impl Fn(&Rule) -> TokenStream,
    ) -> TokenStream {
        let table: Vec<_> = self.cases.iter().map(|(case, number)| (case, *number)).collect();
        let Some((case, _)) = table.first() else { return TokenStream::new() };
        let tokens = emit_table(&table);
        let found = match self.value {
            Compared::Path(path) => {
                let (function, value) = (ident(function_for(case)), emit_variable(path));
                quote!(rt::#function(#value, #tokens))
            }
            Compared::Expression(value) => emit_lookup_of_expression(value, case, &tokens),
        };
        let (mut arms, mut places) = (Vec::<(TokenStream, Vec<usize>)>::new(), HashMap::new());
        for (number, rule) in &self.rules {
            let tokens = taken(rule);
            // Rules that do the same share an arm: most rules of a long Choice lead to a few states, and each arm is code that rustc
            // checks.
            let place = *places.entry(tokens.to_string()).or_insert(arms.len());
            match arms.get_mut(place) {
                Some((_, numbers)) => numbers.push(*number),
                None => arms.push((tokens, vec![*number])),
            }
        }
        let arms = arms.iter().map(|(tokens, numbers)| {
            let numbers = patterns(numbers);
            quote!(#(#numbers)|* => { #tokens })
        });
        quote! {
            if let rt::Some(rule) = #found {
                #tell
                match rule {
                    #(#arms)*
                    _ => {}
                }
            }
        }
    }
}

/// `0usize | 3usize..=7usize`
fn patterns(numbers: &[usize]) -> Vec<TokenStream> {
    // A range is one pattern, however many rules are in it.
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    let patterns = runs.flat_map(|run| match run {
        [first, _, .., last] => vec![quote!(#first..=#last)],
        few => few.iter().map(|number| quote!(#number)).collect(),
    });
    patterns.collect()
}

/// `&[("a", 0usize), ("b", 1usize)]`, in the order of the constants.
pub(super) fn emit_table(cases: &[(&Case, usize)]) -> TokenStream {
    let rows = cases.iter().map(|(case, number)| match case {
        Case::Text(text) => quote!((#text, #number)),
        Case::Integer(integer) => quote!((#integer, #number)),
    });
    quote!(&[#(#rows),*])
}

/// `query.rule_for_text("Choices[0].Condition", "$x = 'a'", choices_0_condition, &[..])?`
pub(super) fn emit_lookup_of_expression(value: &Expression, case: &Case, table: &TokenStream) -> TokenStream {
    emit_expression_with(value, function_for(case), table)
}

const fn function_for(case: &Case) -> &'static str {
    match case {
        Case::Text(_) => "rule_for_text",
        Case::Integer(_) => "rule_for_integer",
    }
}
