//! Signatures of functions: `<s-nn?:s>`.
//!
//! In: the text between, and with, the angle brackets. Out: what each parameter takes. Never looks at arguments.

use super::Fault;
use crate::source::Span;

/// What a function takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// As it was written, without spaces and comments.
    pub text: String,
    /// What its parameters take.
    pub parameters: Vec<Takes>,
}

/// What a parameter takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Takes {
    /// The letters of the types it takes: `s` string, `n` number, `b` boolean, `l` null, `o` object, `a` array, `f` function.
    /// Every type but `f` takes a missing value too.
    pub types: String,
    /// It takes an array, and makes one of anything else (written `a`).
    pub array: bool,
    /// The type of the items of the array, or of the function, between its angle brackets.
    pub subtype: Option<String>,
    /// The context takes the place of a missing argument (written `-`).
    pub context: bool,
    /// How many arguments it takes.
    pub occurs: Occurs,
}

impl Signature {
    /// Whether it takes a function.
    #[must_use]
    pub fn has_function(&self) -> bool {
        self.parameters.iter().any(|takes| takes.types.contains('f'))
    }
}

impl Takes {
    /// Whether a missing value is taken where an argument is given.
    #[must_use]
    pub fn missing(&self) -> bool {
        self.types != "f"
    }
}

/// How many arguments a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurs {
    /// Exactly one.
    Once,
    /// One or none (written `?`, or `-`).
    Optional,
    /// One or more (written `+`).
    Repeated,
}

/// Reads a signature that starts with `<`; `span` is its place in the expression.
///
/// # Errors
///
/// A choice between types with parameters, or parameters of a type that has none.
pub fn parse(text: &str, span: Span) -> Result<Signature, Fault> {
    let mut parameters: Vec<Takes> = Vec::new();
    let mut rest = text.chars().skip(1).peekable();
    while let Some(symbol) = rest.next() {
        match symbol {
            ':' => break,
            's' | 'n' | 'b' | 'l' | 'o' | 'f' => parameters.push(takes(symbol.to_string(), false)),
            'a' => parameters.push(takes("asnblfo".to_owned(), true)),
            'j' => parameters.push(takes("asnblo".to_owned(), false)),
            'x' => parameters.push(takes("asnblfo".to_owned(), false)),
            '(' => parameters.push(takes(choice(&mut rest, span)?, false)),
            '<' => subtype(&mut rest, parameters.last_mut(), span)?,
            '-' | '?' | '+' => occurs(symbol, parameters.last_mut()),
            _ => {}
        }
    }
    Ok(Signature { text: text.to_owned(), parameters })
}

const fn takes(types: String, array: bool) -> Takes {
    Takes { types, array, subtype: None, context: false, occurs: Occurs::Once }
}

fn choice(rest: &mut impl Iterator<Item = char>, span: Span) -> Result<String, Fault> {
    let types = enclosed(rest, '(', ')');
    if types.contains('<') {
        return Err(Fault::new(
            "S0402",
            span,
            "Choice groups containing parameterized types are not supported",
        ));
    }
    Ok(types)
}

fn subtype(rest: &mut impl Iterator<Item = char>, of: Option<&mut Takes>, span: Span) -> Result<(), Fault> {
    match of {
        Some(of) if of.array || of.types == "f" => {
            of.subtype = Some(enclosed(rest, '<', '>'));
            Ok(())
        }
        _ => Err(Fault::new("S0401", span, "Type parameters can only be applied to functions and arrays")),
    }
}

fn occurs(symbol: char, of: Option<&mut Takes>) {
    let Some(of) = of else { return };
    of.context |= symbol == '-';
    of.occurs = if symbol == '+' { Occurs::Repeated } else { Occurs::Optional };
}

/// The text up to the bracket that closes the one before it.
fn enclosed(rest: &mut impl Iterator<Item = char>, open: char, close: char) -> String {
    let (mut depth, mut inside) = (1, String::new());
    for symbol in rest {
        depth += i32::from(symbol == open) - i32::from(symbol == close);
        if depth == 0 {
            break;
        }
        inside.push(symbol);
    }
    inside
}
