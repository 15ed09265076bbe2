//! Reads a JSONata expression by the binding powers of its operators.
//!
//! In: text. Out: its [syntax](super::syntax), or the first fault. Never resolves what a name or a `%` means.

mod infix;
mod prefix;

use super::lexer::{Lexer, Token, Word, quoted};
use super::syntax::{NodeKind, SyntaxNode};
use super::{Fault, TOO_MANY_PARTS};
use crate::source::Span;

/// How deep an expression may be nested. AWS evaluates no more than about a hundred levels.
pub(crate) const NESTING_LIMIT: usize = 150;

/// How many parts an expression may have: operands, operators, and what is in lists.
const PARTS_LIMIT: usize = 10_000;

/// Reads the whole text.
pub(super) fn parse(text: &str) -> Result<SyntaxNode, Fault> {
    let mut lexer = Lexer::new(text);
    let token = read(&mut lexer, false)?;
    let mut parser = Parser { lexer, token, end: 0, nesting: 0, parts: 0 };
    let node = parser.expression(0)?;
    let rest = parser.token;
    if rest.word == Word::End {
        return Ok(node);
    }
    Err(Fault::new("S0201", rest.span, format!("Syntax error: {}", rest.word.shown())))
}

/// The parser looks one word ahead.
struct Parser<'t> {
    lexer: Lexer<'t>,
    /// The next word.
    token: Token,
    /// Where the word before it ends.
    end: usize,
    /// How many expressions are being read, one inside the other.
    nesting: usize,
    /// How many expressions were begun, one inside the other or not.
    parts: usize,
}

impl Parser<'_> {
    /// Reads an expression up to the first operator that does not bind tighter than `power`.
    fn expression(&mut self, power: u8) -> Result<SyntaxNode, Fault> {
        self.nesting += 1;
        if self.nesting > NESTING_LIMIT {
            return Err(nested_too_deeply(self.token.span));
        }
        self.parts += 1;
        if self.parts > PARTS_LIMIT {
            return Err(too_many_parts(self.token.span));
        }
        let token = self.advance(true)?;
        let mut left = self.prefix(token)?;
        while power < self.binding_power() {
            let operator = self.advance(false)?;
            left = self.infix(left, &operator)?;
            if left.depth > NESTING_LIMIT {
                return Err(nested_too_deeply(operator.span));
            }
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// Takes the next word and reads the one after it.
    fn advance(&mut self, after_operand: bool) -> Result<Token, Fault> {
        self.end = self.token.span.end;
        let next = read(&mut self.lexer, after_operand)?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    /// Takes an operator that must be next.
    fn expect(&mut self, operator: &str, after_operand: bool) -> Result<Token, Fault> {
        if self.is_next(operator) {
            return self.advance(after_operand);
        }
        let (expected, span, found) = (quoted(operator), self.token.span, &self.token.word);
        Err(if *found == Word::End {
            Fault::new("S0203", span, format!("Expected {expected} before end of expression"))
        } else {
            Fault::new("S0202", span, format!("Expected {expected}, got {}", found.shown()))
        })
    }

    /// Takes an operator if it is next.
    fn take(&mut self, operator: &str) -> Result<bool, Fault> {
        let found = self.is_next(operator);
        if found {
            self.advance(false)?;
        }
        Ok(found)
    }

    fn is_next(&self, operator: &str) -> bool {
        matches!(self.token.word, Word::Operator(next) if next == operator)
    }

    /// A node from `start` to the last word taken.
    fn node(&self, start: usize, depth: usize, kind: NodeKind) -> SyntaxNode {
        SyntaxNode { span: Span::new(start, self.end.max(start)), kind, keep_array: false, depth: depth + 1 }
    }
}

fn read(lexer: &mut Lexer<'_>, after_operand: bool) -> Result<Token, Fault> {
    let token = lexer.next(after_operand)?;
    if let Word::Operator(operator @ ("!" | "~")) = token.word {
        return Err(Fault::new("S0204", token.span, format!("Unknown operator: {}", quoted(operator))));
    }
    Ok(token)
}

fn nested_too_deeply(span: Span) -> Fault {
    Fault::new("U1001", span, format!("Stack overflow error: more than {NESTING_LIMIT} levels of nesting"))
}

fn too_many_parts(span: Span) -> Fault {
    Fault::new(TOO_MANY_PARTS, span, format!("More than {PARTS_LIMIT} parts are in one expression"))
}

/// How deep the deepest of some nodes is.
fn depth<'n>(nodes: impl IntoIterator<Item = &'n SyntaxNode>) -> usize {
    nodes.into_iter().map(|node| node.depth).max().unwrap_or_default()
}
