//! Tokens as text for snapshots: what fits is written on one line, because rows are read beside each other.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// What fits into a line.
const WIDTH: usize = 120;
const INDENT: &str = "  ";

/// The statements of a body, each on separate lines.
pub(crate) fn statements(body: TokenStream) -> String {
    let mut printer = Printer { text: String::new(), before: Before::Start, closure: false };
    printer.lines(&pieces(body), 0);
    printer.text.trim().to_owned() + "\n"
}

/// A token, with operators of several characters as one.
enum Piece {
    Word(String),
    Operator(String),
    Group(Delimiter, Vec<Piece>),
}

fn pieces(tokens: TokenStream) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut operator = String::new();
    for token in tokens {
        match token {
            TokenTree::Punct(punct) => {
                operator.push(punct.as_char());
                if punct.spacing() == Spacing::Joint {
                    continue;
                }
                pieces.push(Piece::Operator(std::mem::take(&mut operator)));
            }
            // A lifetime or a label.
            TokenTree::Ident(ident) => {
                pieces.push(Piece::Word(std::mem::take(&mut operator) + &ident.to_string()))
            }
            TokenTree::Literal(literal) => pieces.push(Piece::Word(literal.to_string())),
            TokenTree::Group(group) => pieces.push(of_group(&group)),
        }
    }
    pieces
}

fn of_group(group: &Group) -> Piece {
    Piece::Group(group.delimiter(), pieces(group.stream()))
}

/// What was printed last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// Nothing that anything belongs to.
    Start,
    /// A name, a literal, or the end of a group: an operator after it is between two sides.
    Value,
    /// A word that is followed by another part of its construct.
    Keyword,
    /// An operator with a space after it.
    Between,
    /// An operator that belongs to what follows.
    Prefix,
}

struct Printer {
    text: String,
    before: Before,
    /// The parameters of a closure are being printed.
    closure: bool,
}

impl Printer {
    /// Statements in lines.
    fn lines(&mut self, pieces: &[Piece], depth: usize) {
        let mut rest = pieces;
        while !rest.is_empty() {
            let (statement, others) = rest.split_at(end_of_statement(rest));
            self.text.push('\n');
            self.text.push_str(&INDENT.repeat(depth));
            self.before = Before::Start;
            self.pieces(statement, depth);
            rest = others;
        }
    }

    fn pieces(&mut self, pieces: &[Piece], depth: usize) {
        for piece in pieces {
            match piece {
                Piece::Word(word) => self.word(word),
                Piece::Operator(operator) => self.operator(operator),
                Piece::Group(delimiter, inside) => self.group(*delimiter, inside, depth),
            }
        }
    }

    fn space(&mut self) {
        if !matches!(self.before, Before::Start | Before::Prefix) {
            self.text.push(' ');
        }
    }

    fn word(&mut self, word: &str) {
        self.space();
        self.text.push_str(word);
        let keyword =
            ["let", "if", "else", "in", "for", "match", "return", "break", "move", "mut", "ref", "static"];
        self.before = if keyword.contains(&word) { Before::Keyword } else { Before::Value };
    }

    fn operator(&mut self, operator: &str) {
        let is_after_value = self.before == Before::Value;
        let (space, before) = match operator {
            "." | "::" | "<" | ">" | ".." | "..=" => (false, Before::Prefix),
            "?" => (false, Before::Value),
            "," | ";" | ":" => (false, Before::Between),
            "|" if self.closure => {
                self.closure = false;
                (false, Before::Between)
            }
            "|" if !is_after_value => {
                self.closure = true;
                (true, Before::Prefix)
            }
            "||" if !is_after_value => (true, Before::Between),
            "&" | "*" | "!" | "-" | "#" if !is_after_value => (true, Before::Prefix),
            _ => (true, Before::Between),
        };
        if space {
            self.space();
        }
        self.text.push_str(operator);
        self.before = before;
    }

    fn group(&mut self, delimiter: Delimiter, inside: &[Piece], depth: usize) {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::None => ("", ""),
        };
        match delimiter {
            // What is after a type is a body.
            Delimiter::Brace if self.before == Before::Prefix && self.text.ends_with('>') => {
                self.text.push(' ')
            }
            Delimiter::Parenthesis | Delimiter::Bracket | Delimiter::None if self.before == Before::Value => {
            }
            Delimiter::Brace | Delimiter::Parenthesis | Delimiter::Bracket | Delimiter::None => self.space(),
        }
        self.text.push_str(open);
        self.before = Before::Start;
        if delimiter != Delimiter::Brace {
            self.pieces(inside, depth);
        } else if end_of_statement(inside) < inside.len() || !self.fits(inside) {
            self.lines(inside, depth + 1);
            self.text.push('\n');
            self.text.push_str(&INDENT.repeat(depth));
        } else if !inside.is_empty() {
            self.text.push(' ');
            self.pieces(inside, depth);
            self.text.push(' ');
        }
        self.text.push_str(close);
        self.before = Before::Value;
    }

    /// Whether something can be in the line that is begun.
    fn fits(&self, inside: &[Piece]) -> bool {
        let mut flat = Printer { text: String::new(), before: Before::Start, closure: false };
        flat.pieces(inside, 0);
        let line = self.text.rsplit('\n').next().unwrap_or_default();
        !flat.text.contains('\n') && line.len() + flat.text.len() < WIDTH
    }
}

/// How many pieces the first statement has: an attribute, or up to a semicolon, the comma of an arm, or a block that nothing follows.
fn end_of_statement(pieces: &[Piece]) -> usize {
    let is_arm = |at: usize| {
        pieces
            .get(..at)
            .unwrap_or_default()
            .iter()
            .any(|piece| matches!(piece, Piece::Operator(op) if op == "=>"))
    };
    let is_loop = matches!(pieces.first(), Some(Piece::Word(word)) if word == "for");
    for (at, piece) in pieces.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| pieces.get(before));
        let ends = match (piece, pieces.get(at + 1)) {
            // An attribute.
            (Piece::Group(Delimiter::Bracket, _), _) => {
                matches!(before, Some(Piece::Operator(op)) if op == "#")
            }
            (Piece::Operator(operator), _) if operator == ";" => true,
            (Piece::Operator(operator), _) if operator == "," => is_arm(at),
            (Piece::Group(Delimiter::Brace, _), Some(Piece::Word(word))) => word != "else",
            (Piece::Group(Delimiter::Brace, _), Some(Piece::Operator(operator))) => operator == "#",
            // What a loop goes through may be a block, too.
            (Piece::Group(Delimiter::Brace, _), Some(Piece::Group(..))) => !is_loop,
            _ => false,
        };
        if ends {
            return at + 1;
        }
    }
    pieces.len()
}
