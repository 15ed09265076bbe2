//! `Assign`: variables and their values.
//!
//! In: the field of a state, a choice rule or a catcher. Out: the variables, their values parsed as payload templates. Never knows
//! which variables other states assign.

use super::fields::Fields;
use super::template::parse_members;
use super::{Member, Reader};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Kind;
use asl_language::limits::VARIABLE_NAME_CHARACTERS;
use unicode_ident::{is_xid_continue, is_xid_start};

pub(super) fn parse(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Vec<Member> {
    let Some(value) = fields.value("Assign") else { return Vec::new() };
    let Kind::Object(members) = &value.kind else {
        fields.wrong_type::<()>("Assign", value, "an object", reader);
        return Vec::new();
    };
    let variables = reader.at("Assign", |reader| parse_members(members, reader));
    for variable in &variables {
        check_name(variable, reader);
    }
    variables
}

fn check_name(variable: &Member, reader: &mut Reader<'_>) {
    let name = variable.name();
    let Some((message, label)) = fault(name) else { return };
    let text = &variable.key;
    let diagnostic =
        Diagnostic::new(Code::InvalidVariableName, text.span_of(0..name.len()), message).label(label);
    let plain = name.strip_prefix('$').filter(|plain| fault(plain).is_none());
    reader.report(match plain {
        Some(plain) => {
            let diagnostic = diagnostic.help("the `$` is written only to read the variable");
            diagnostic.help(format!("write `{plain}` in place of `{name}`"))
        }
        None => diagnostic,
    });
}

/// What is wrong with the name of a variable, and what is expected.
fn fault(name: &str) -> Option<(String, String)> {
    let characters = name.chars().count();
    if name == "states" {
        let message = "`states` cannot be assigned".to_owned();
        return Some((message, "the name `states` is reserved".to_owned()));
    }
    if characters > VARIABLE_NAME_CHARACTERS {
        let message = format!("the name of a variable has {characters} characters");
        return Some((message, format!("expected at most {VARIABLE_NAME_CHARACTERS} characters")));
    }
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|first| first == '_' || is_xid_start(first));
    if starts && letters.all(is_xid_continue) {
        return None;
    }
    let message = format!("`{name}` cannot be the name of a variable");
    let label = if name.contains(['.', '[']) {
        "a variable is assigned as a whole, and not a part of it"
    } else {
        "expected a letter, then letters, digits and `_`"
    };
    Some((message, label.to_owned()))
}
