//! How expressions of DynamoDB are written: conditions, updates and projections.
//!
//! In: an expression. Out: the first place at which it is none. What the documentation leaves open is right.

use super::reserved::is_reserved;
use super::tokens::{Token, TokenKind, tokens};
use crate::suggest::closest;
use std::ops::Range;

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where.
    pub(super) place: Range<usize>,
    /// One line: lower case, no final period.
    pub(super) message: String,
    /// What was expected at the place.
    pub(super) label: &'static str,
    /// What to do.
    pub(super) help: Option<String>,
}

/// What an expression is, by the parameter that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Condition,
    /// A condition on the keys of a table, which says less than others can.
    Keys,
    Update,
    Projection,
}

impl Form {
    pub(super) fn of(parameter: &str) -> Self {
        match parameter {
            "UpdateExpression" => Self::Update,
            "ProjectionExpression" => Self::Projection,
            "KeyConditionExpression" => Self::Keys,
            _ => Self::Condition,
        }
    }
}

const CLAUSES: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];
const TESTS: [&str; 5] =
    ["attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"];
const COMPARISONS: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];

/// The operators of other languages, and what DynamoDB has for them.
const FOREIGN: [(&str, &str); 6] =
    [("==", "="), ("===", "="), ("!=", "<>"), ("!==", "<>"), ("&&", "AND"), ("||", "OR")];

/// What is wrong with an expression, if anything is certain to be.
pub(super) fn fault(text: &str, form: Form) -> Option<Fault> {
    let tokens = tokens(text);
    let mut parser = Parser { tokens: &tokens, at: 0 };
    let read = match form {
        Form::Condition => parser.condition(),
        Form::Keys => parser.condition().and_then(|()| parser.of_keys()),
        Form::Update => parser.update(),
        Form::Projection => parser.list(Parser::path),
    };
    read.and_then(|()| parser.end_of_all()).err()
}

type Read = Result<(), Fault>;

struct Parser<'p> {
    tokens: &'p [Token<'p>],
    at: usize,
}

impl<'p> Parser<'p> {
    fn peek(&self) -> Option<&'p Token<'p>> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'p Token<'p>> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    /// Takes a sign, if it is the next token.
    fn sign(&mut self, sign: &str) -> bool {
        let is_next = self.peek().is_some_and(|token| token.kind == TokenKind::Sign && token.text == sign);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes a keyword, if it is the next token.
    fn keyword(&mut self, word: &str) -> bool {
        let is_next = self.peek().is_some_and(|token| is_keyword(token, word));
        self.at += usize::from(is_next);
        is_next
    }

    fn need(&mut self, sign: &str, label: &'static str) -> Read {
        if self.sign(sign) { Ok(()) } else { Err(self.unexpected(label)) }
    }

    /// The next token is not what was expected.
    fn unexpected(&self, label: &'static str) -> Fault {
        let Some(token) = self.peek() else {
            let place = self.tokens.last().map_or(0..0, |token| token.place.clone());
            return Fault { place, message: "the expression ends too early".to_owned(), label, help: None };
        };
        let place = token.place.clone();
        let fault = |message, help| Fault { place, message, label, help };
        match token.kind {
            TokenKind::Number => {
                fault(format!("the number `{}` is written out", token.text), Some(as_value("N")))
            }
            TokenKind::Foreign if token.text.starts_with(['\'', '"']) => {
                fault(format!("the text {} is written out", token.text), Some(as_value("S")))
            }
            TokenKind::Foreign => {
                let instead = FOREIGN.iter().find(|(foreign, _)| *foreign == token.text);
                let help = instead.map(|(foreign, own)| format!("write `{own}` in place of `{foreign}`"));
                fault(format!("expressions of DynamoDB have no `{}`", token.text), help)
            }
            TokenKind::Word | TokenKind::Name | TokenKind::Value | TokenKind::Sign => {
                fault(format!("`{}` is not expected here", token.text), None)
            }
        }
    }

    fn end_of_all(&self) -> Read {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected("expected the end of the expression, or an operator before this")),
        }
    }

    /// One or more of the same, with commas between them.
    fn list(&mut self, one: impl Fn(&mut Self) -> Read) -> Read {
        one(self)?;
        while self.sign(",") {
            one(self)?;
        }
        Ok(())
    }

    fn condition(&mut self) -> Read {
        self.negated()?;
        while self.keyword("AND") || self.keyword("OR") {
            self.negated()?;
        }
        Ok(())
    }

    /// A query finds items by one value of the partition key, and by a range of the sort key.
    fn of_keys(&self) -> Read {
        const LABEL: &str =
            "a condition on keys has `=`, `<`, `<=`, `>`, `>=`, `BETWEEN`, `begins_with` and `AND`";
        let is_call = |at: usize| self.tokens.get(at + 1).is_some_and(|next| next.text == "(");
        let is_foreign = |(at, token): &(usize, &Token<'_>)| {
            ["OR", "NOT", "IN"].iter().any(|word| is_keyword(token, word))
                || (token.kind == TokenKind::Sign && token.text == "<>")
                || (token.kind == TokenKind::Word
                    && is_call(*at)
                    && token.text != "begins_with"
                    && !["AND", "BETWEEN"].iter().any(|word| is_keyword(token, word)))
        };
        match self.tokens.iter().enumerate().find(is_foreign) {
            Some((_, token)) => Err(Fault {
                place: token.place.clone(),
                message: format!("a condition on keys has no `{}`", token.text),
                label: LABEL,
                help: Some("say the rest in `FilterExpression`".to_owned()),
            }),
            None => Ok(()),
        }
    }

    fn negated(&mut self) -> Read {
        while self.keyword("NOT") {}
        if self.sign("(") {
            self.condition()?;
            return self.need(")", "expected `)` here");
        }
        if self.calls(&TESTS) {
            return self.call();
        }
        self.operand()?;
        self.comparison()
    }

    fn comparison(&mut self) -> Read {
        if COMPARISONS.iter().any(|sign| self.sign(sign)) {
            return self.operand();
        }
        if self.keyword("BETWEEN") {
            self.operand()?;
            let has_and = self.keyword("AND");
            return if has_and { self.operand() } else { Err(self.unexpected("expected `AND` here")) };
        }
        if self.keyword("IN") {
            self.need("(", "expected `(` here")?;
            self.list(Self::operand)?;
            return self.need(")", "expected `)` here");
        }
        Err(self.unexpected("expected a comparison here: =, <>, <, <=, >, >=, BETWEEN or IN"))
    }

    /// Whether a call of one of these functions follows.
    fn calls(&self, functions: &[&str]) -> bool {
        let is_call = self.tokens.get(self.at + 1).is_some_and(|token| token.text == "(");
        is_call && self.peek().is_some_and(|token| functions.contains(&token.text))
    }

    /// A call of a function that there is.
    fn call(&mut self) -> Read {
        self.at += 1;
        self.need("(", "expected `(` here")?;
        self.list(Self::operand)?;
        self.need(")", "expected `)` here")
    }

    /// A value, or where it is.
    fn operand(&mut self) -> Read {
        if self.peek().is_some_and(|token| token.kind == TokenKind::Value) {
            self.at += 1;
            return Ok(());
        }
        if self.calls(&["size", "if_not_exists", "list_append"]) { self.call() } else { self.path() }
    }

    fn path(&mut self) -> Read {
        self.part()?;
        loop {
            if self.sign(".") {
                self.part()?;
            } else if self.sign("[") {
                match self.next() {
                    Some(token) if token.kind == TokenKind::Number => {}
                    _ => {
                        self.at = self.at.saturating_sub(1);
                        return Err(self.unexpected("expected the number of an element"));
                    }
                }
                self.need("]", "expected `]` here")?;
            } else {
                return Ok(());
            }
        }
    }

    /// The name of an attribute.
    fn part(&mut self) -> Read {
        const LABEL: &str = "expected an attribute, `#name` or `:value`";
        let Some(token) = self.peek().filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Name))
        else {
            return Err(self.unexpected(LABEL));
        };
        if token.kind == TokenKind::Word {
            self.word(token)?;
        }
        self.at += 1;
        Ok(())
    }

    /// A word where an attribute is expected: no call, and not reserved.
    fn word(&self, token: &Token<'_>) -> Read {
        let name = token.text;
        let fault = |message, label, help| Err(Fault { place: token.place.clone(), message, label, help });
        if self.tokens.get(self.at + 1).is_some_and(|next| next.text == "(") {
            let known = TESTS.iter().chain(&["size", "if_not_exists", "list_append"]).copied();
            let help = closest(name, known).map(|known| format!("did you mean `{known}`?"));
            return fault(format!("DynamoDB has no function `{name}`"), "no such function here", help);
        }
        if is_reserved(name) {
            let help =
                format!("write `#{name}`, and `\"#{name}\": \"{name}\"` in `ExpressionAttributeNames`");
            let label = "a reserved word is not the name of an attribute in an expression";
            return fault(format!("`{name}` is a reserved word of DynamoDB"), label, Some(help));
        }
        Ok(())
    }

    fn update(&mut self) -> Read {
        let mut open = CLAUSES.to_vec();
        loop {
            let Some(index) = open.iter().position(|clause| self.keyword(clause)) else {
                return Err(self.no_clause());
            };
            match open.remove(index) {
                "SET" => self.list(Self::assignment)?,
                "REMOVE" => self.list(Self::path)?,
                _ => self.list(Self::change)?,
            }
            if self.peek().is_none() {
                return Ok(());
            }
        }
    }

    /// What follows is not a clause, or one that was there before.
    fn no_clause(&self) -> Fault {
        let twice = self.peek().filter(|token| CLAUSES.iter().any(|clause| is_keyword(token, clause)));
        match twice {
            None if self.at == 0 => Fault {
                message: "an update begins with what it does".to_owned(),
                ..self.unexpected("expected one of SET, REMOVE, ADD, DELETE first")
            },
            Some(token) => Fault {
                place: token.place.clone(),
                message: format!("the expression has `{}` twice", token.text),
                label: "each clause is written once",
                help: Some("put a comma between what one clause does".to_owned()),
            },
            None => self.unexpected("expected one of SET, REMOVE, ADD, DELETE, or a comma before this"),
        }
    }

    fn assignment(&mut self) -> Read {
        if let Some(token) = self.peek().filter(|token| CLAUSES.iter().any(|word| is_keyword(token, word)))
            && self.tokens.get(self.at + 1).is_some_and(|next| next.text != "=")
        {
            return Err(Fault {
                place: token.place.clone(),
                message: format!("the expression has `{}` after a comma", token.text),
                label: "each clause is written once, without a comma before it",
                help: None,
            });
        }
        self.path()?;
        self.need("=", "expected `=` here")?;
        self.operand()?;
        if self.sign("+") || self.sign("-") { self.operand() } else { Ok(()) }
    }

    /// `ADD path :value`
    fn change(&mut self) -> Read {
        self.path()?;
        self.operand()
    }
}

fn is_keyword(token: &Token<'_>, word: &str) -> bool {
    token.kind == TokenKind::Word && token.text.eq_ignore_ascii_case(word)
}

/// What to do with a value that is written out.
fn as_value(letter: &str) -> String {
    format!("write `:value`, and give it as `{{ \"{letter}\": \"..\" }}` in `ExpressionAttributeValues`")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message, and the text that it points at.
    fn found(text: &str, form: Form) -> Option<String> {
        let fault = fault(text, form)?;
        Some(format!("{}: {}", text.get(fault.place).unwrap_or_default(), fault.message))
    }

    #[test]
    fn what_dynamodb_takes_is_right() {
        for text in [
            "attribute_not_exists(id)",
            "attribute_exists(id) and a = :a OR NOT b BETWEEN :l AND :h",
            "#s IN (:a, :b) AND (size(tags) > :n OR contains(tags, :t))",
            "begins_with(sk, :p) AND attribute_type(a.b[0].c, :t)",
            "pk = :pk AND sk >= :sk",
            "NOT (a <> :a)",
        ] {
            assert_eq!(found(text, Form::Condition), None, "{text}");
        }
        for text in [
            "SET #a = if_not_exists(#a, :z) + :one, l = list_append(if_not_exists(l, :e), :v) REMOVE q[1], r",
            "set a.b[3] = :v",
            "ADD cnt :one, tags :t DELETE gone :o",
            "REMOVE a SET b = c - :n",
        ] {
            assert_eq!(found(text, Form::Update), None, "{text}");
        }
        assert_eq!(found("id, #n, a.b[0]", Form::Projection), None);
    }

    #[test]
    fn reserved_words_are_no_attributes() {
        let reserved = |word: &str| Some(format!("{word}: `{word}` is a reserved word of DynamoDB"));
        assert_eq!(found("SET status = :s", Form::Update), reserved("status"));
        assert_eq!(found("attribute_exists(Name)", Form::Condition), reserved("Name"));
        assert_eq!(found("id, data", Form::Projection), reserved("data"));
        assert_eq!(found("a.items = :i", Form::Condition), reserved("items"));
    }

    #[test]
    fn what_other_languages_have_is_none() {
        for (text, form, wanted) in [
            ("a == :b", Form::Condition, "==: expressions of DynamoDB have no `==`"),
            ("a != :b", Form::Condition, "!=: expressions of DynamoDB have no `!=`"),
            ("a = :b && c = :d", Form::Condition, "&&: expressions of DynamoDB have no `&&`"),
            ("a = 'x'", Form::Condition, "'x': the text 'x' is written out"),
            ("SET a = 5", Form::Update, "5: the number `5` is written out"),
            ("SET a = a + 1", Form::Update, "1: the number `1` is written out"),
            (
                "attribute_exist(a)",
                Form::Condition,
                "attribute_exist: DynamoDB has no function `attribute_exist`",
            ),
            ("SET a = $.a", Form::Update, "$: expressions of DynamoDB have no `$`"),
        ] {
            assert_eq!(found(text, form).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_missing_or_too_much() {
        for (text, form, wanted) in [
            ("SET a = :a SET b = :b", Form::Update, "SET: the expression has `SET` twice"),
            ("SET a = :a, SET b = :b", Form::Update, "SET: the expression has `SET` after a comma"),
            ("SET a = :a b = :b", Form::Update, "b: `b` is not expected here"),
            ("SET a = :a,", Form::Update, ",: the expression ends too early"),
            ("a = :a", Form::Update, "a: an update begins with what it does"),
            ("attribute_exists(a", Form::Condition, "a: the expression ends too early"),
            ("a", Form::Condition, "a: the expression ends too early"),
            ("", Form::Condition, ": the expression ends too early"),
            ("a = :b c = :d", Form::Condition, "c: `c` is not expected here"),
            ("a-b = :c", Form::Condition, "-: `-` is not expected here"),
            ("a,, b", Form::Projection, ",: `,` is not expected here"),
        ] {
            assert_eq!(found(text, form).as_deref(), Some(wanted), "{text}");
        }
    }
}
