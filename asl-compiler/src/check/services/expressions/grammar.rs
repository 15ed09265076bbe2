//! How expressions of DynamoDB are written: conditions, updates and projections.
//!
//! In: an expression. Out: the first place at which it is none. What the documentation leaves open is right.

use super::reserved::is_reserved;
use super::tokens::{Token, TokenKind, tokens};
use crate::suggest::closest;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
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

/// The functions that there are, with how many arguments they have, and whether the first of these is a path.
const FUNCTIONS: [(&str, usize, bool); 8] = [
    ("attribute_exists", 1, true),
    ("attribute_not_exists", 1, true),
    ("attribute_type", 2, true),
    ("begins_with", 2, false),
    ("contains", 2, false),
    ("if_not_exists", 2, true),
    ("list_append", 2, false),
    ("size", 1, true),
];

/// A path into an item, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) place: Range<usize>,
    /// Names and elements, as written.
    pub(super) parts: Vec<String>,
}

/// How many bytes DynamoDB takes as an expression, placeholders counted as they are written: 4,097 are refused.
pub(super) const LONGEST: usize = 4096;

/// An expression with more parentheses inside of each other is taken as it is: what is read calls itself for each.
const DEEPEST: usize = 100;

/// What is wrong with an expression, if anything is certain to be.
pub(super) fn fault(text: &str, form: Form) -> Option<Fault> {
    targets(text, form).err()
}

/// The paths that an update changes, or that a projection yields.
pub(super) fn targets(text: &str, form: Form) -> Result<Vec<Target>, Fault> {
    if text.len() > LONGEST {
        return Err(Fault {
            place: 0..0,
            message: format!("an expression of {} bytes", text.len()),
            label: "DynamoDB takes up to 4096 bytes as an expression",
            help: Some("write `#name` in place of long names".to_owned()),
        });
    }
    let tokens = tokens(text);
    if depth(&tokens) > DEEPEST {
        return Ok(Vec::new());
    }
    let mut parser = Parser { tokens: &tokens, at: 0, form, targets: Vec::new() };
    match form {
        Form::Condition => parser.condition(),
        Form::Keys => parser.condition().and_then(|()| parser.of_keys()),
        Form::Update => parser.update(),
        Form::Projection => parser.list(Parser::target),
    }?;
    parser.end_of_all()?;
    overlap(&parser.targets).map_or(Ok(()), Err)?;
    Ok(parser.targets)
}

/// The attributes that an expression speaks of, as written.
pub(super) fn attributes(text: &str) -> Vec<Target> {
    const KEYWORDS: [&str; 5] = ["AND", "BETWEEN", "IN", "NOT", "OR"];
    let tokens = tokens(text);
    let is_call = |at: usize| tokens.get(at + 1).is_some_and(|next| next.text == "(");
    let is_inner = |at: usize| at > 0 && tokens.get(at - 1).is_some_and(|before| before.text == ".");
    let names = tokens.iter().enumerate().filter(|(at, token)| match token.kind {
        TokenKind::Name => !is_inner(*at),
        TokenKind::Word => {
            !is_inner(*at) && !is_call(*at) && !KEYWORDS.iter().any(|word| is_keyword(token, word))
        }
        TokenKind::Foreign | TokenKind::Number | TokenKind::Sign | TokenKind::Value => false,
    });
    names
        .map(|(_, token)| Target { place: token.place.clone(), parts: vec![token.text.to_owned()] })
        .collect()
}

/// The placeholders of the types that attributes are compared with.
pub(super) fn types(text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let calls = tokens.iter().enumerate().filter(|(_, token)| token.text == "attribute_type");
    let value = |(at, _)| {
        tokens.iter().skip(at).find(|token| matches!(token.kind, TokenKind::Value) || token.text == ")")
    };
    calls
        .filter_map(value)
        .filter(|token| token.kind == TokenKind::Value)
        .map(|token| token.text.to_owned())
        .collect()
}

/// How many parentheses are inside of each other.
fn depth(tokens: &[Token<'_>]) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for token in tokens {
        match token.text {
            "(" => open += 1,
            ")" => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

/// Two paths of which one leads to the other.
fn overlap(targets: &[Target]) -> Option<Fault> {
    // A tree of all paths: where each part leads to, and the places at which a path ends.
    let mut tree: HashMap<(usize, &str), usize> = HashMap::new();
    let mut ends: HashSet<usize> = HashSet::new();
    let twice = targets.iter().find(|target| {
        let (mut place, mut is_known) = (0, true);
        for part in &target.parts {
            let free = tree.len() + 1;
            place = match tree.entry((place, part.as_str())) {
                Entry::Occupied(next) => *next.get(),
                Entry::Vacant(next) => {
                    is_known = false;
                    *next.insert(free)
                }
            };
            if ends.contains(&place) {
                return true;
            }
        }
        ends.insert(place);
        is_known
    });
    twice.map(|target| Fault {
        place: target.place.clone(),
        message: "the expression has this path twice, or has a part of it".to_owned(),
        label: "DynamoDB refuses paths that overlap",
        help: None,
    })
}

type Read = Result<(), Fault>;

struct Parser<'p> {
    tokens: &'p [Token<'p>],
    at: usize,
    form: Form,
    targets: Vec<Target>,
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
            None => self.of_two_keys(),
        }
    }

    /// The partition key has one value, and the sort key one condition.
    fn of_two_keys(&self) -> Read {
        let mut between = self.tokens.iter().filter(|token| is_keyword(token, "BETWEEN")).count();
        let mut conditions = 1;
        for token in self.tokens.iter().filter(|token| is_keyword(token, "AND")).rev() {
            if between > 0 {
                between -= 1;
                continue;
            }
            conditions += 1;
            if conditions > 2 {
                return Err(Fault {
                    place: token.place.clone(),
                    message: "a query has no more than two conditions on keys".to_owned(),
                    label: "expected the partition key, and the sort key if need be",
                    help: Some("say the rest in `FilterExpression`".to_owned()),
                });
            }
        }
        if self.tokens.iter().any(|token| token.text == "=") {
            return Ok(());
        }
        Err(Fault {
            place: 0..0,
            message: "the query does not say which partition it reads".to_owned(),
            label: "expected the partition key with `=`",
            help: None,
        })
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
        let Some(function) = self.next() else { return Ok(()) };
        self.need("(", "expected `(` here")?;
        if let Some(first) = self.peek().filter(|token| token.kind == TokenKind::Value)
            && FUNCTIONS.iter().any(|(name, _, has_path)| *name == function.text && *has_path)
        {
            return Err(Fault {
                place: first.place.clone(),
                message: format!("`{}` is asked about a value", function.text),
                label: "expected an attribute or `#name`",
                help: None,
            });
        }
        self.operand()?;
        let mut given = 1;
        while self.sign(",") {
            self.operand()?;
            given += 1;
        }
        self.need(")", "expected `)` here")?;
        match FUNCTIONS.iter().find(|(name, ..)| *name == function.text) {
            Some((name, wanted, _)) if *wanted != given => Err(Fault {
                place: function.place.clone(),
                message: format!("`{name}` is given {given} of {wanted} arguments"),
                label: if *wanted == 1 { "it has one argument" } else { "it has two arguments" },
                help: None,
            }),
            _ => Ok(()),
        }
    }

    /// A value, or where it is.
    fn operand(&mut self) -> Read {
        if self.peek().is_some_and(|token| token.kind == TokenKind::Value) {
            self.at += 1;
            return Ok(());
        }
        let functions: &[&str] =
            if self.form == Form::Update { &["if_not_exists", "list_append"] } else { &["size"] };
        if self.calls(functions) { self.call() } else { self.path() }
    }

    /// A path that is changed, or yielded.
    fn target(&mut self) -> Read {
        let start = self.at;
        self.path()?;
        let tokens = self.tokens.get(start..self.at).unwrap_or_default();
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            let is_part = |token: &&Token<'_>| token.kind != TokenKind::Sign;
            self.targets.push(Target {
                place: first.place.start..last.place.end,
                parts: tokens.iter().filter(is_part).map(|token| token.text.to_owned()).collect(),
            });
        }
        Ok(())
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
            if FUNCTIONS.iter().any(|(known, ..)| *known == name) {
                let message = format!("an expression of this kind has no function `{name}`");
                return fault(message, "no such function here", None);
            }
            let known = FUNCTIONS.iter().map(|(known, ..)| *known);
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
                "REMOVE" => self.list(Self::target)?,
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
        self.target()?;
        self.need("=", "expected `=` here")?;
        self.operand()?;
        if self.sign("+") || self.sign("-") { self.operand() } else { Ok(()) }
    }

    /// `ADD path :value`
    fn change(&mut self) -> Read {
        self.target()?;
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
    fn functions_have_the_arguments_that_they_need() {
        for (text, form, wanted) in [
            ("begins_with(a)", Form::Condition, "begins_with: `begins_with` is given 1 of 2 arguments"),
            (
                "attribute_exists(a, b)",
                Form::Condition,
                "attribute_exists: `attribute_exists` is given 2 of 1 arguments",
            ),
            (
                "attribute_not_exists(:a)",
                Form::Condition,
                ":a: `attribute_not_exists` is asked about a value",
            ),
            ("SET a = size(b)", Form::Update, "size: an expression of this kind has no function `size`"),
            (
                "a = if_not_exists(b, :c)",
                Form::Condition,
                "if_not_exists: an expression of this kind has no function `if_not_exists`",
            ),
        ] {
            assert_eq!(found(text, form).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn paths_do_not_overlap_and_keys_have_conditions() {
        let overlaps = "the expression has this path twice, or has a part of it";
        for (text, form, at) in [
            ("SET a = :a, a = :b", Form::Update, "a"),
            ("SET a.b = :a REMOVE a", Form::Update, "a"),
            ("a, b, a[1]", Form::Projection, "a[1]"),
        ] {
            assert_eq!(found(text, form), Some(format!("{at}: {overlaps}")), "{text}");
        }
        assert_eq!(found("SET a.b = :a, a.c = :b, d[0] = a REMOVE d[1]", Form::Update), None);
        assert_eq!(found("a = :a AND b BETWEEN :c AND :d", Form::Keys), None);
        for (text, wanted) in [
            ("a > :a", ": the query does not say which partition it reads"),
            ("a = :a AND b = :b AND c = :c", "AND: a query has no more than two conditions on keys"),
        ] {
            assert_eq!(found(text, Form::Keys).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn an_expression_has_4096_bytes_at_most() {
        let of = |length: usize| format!("{}a", " ".repeat(length - 1));
        assert_eq!(found(&of(4096), Form::Projection), None);
        let wanted = Some(": an expression of 4097 bytes".to_owned());
        assert_eq!(found(&of(4097), Form::Projection), wanted);
    }

    /// As deep as it is followed, and deeper.
    #[test]
    fn parentheses_in_parentheses_are_followed_as_far_as_is_safe() {
        let nested = |depth: usize| format!("{}a = 5{}", "(".repeat(depth), ")".repeat(depth));
        let wanted = Some("5: the number `5` is written out".to_owned());
        assert_eq!(found(&nested(DEEPEST), Form::Condition), wanted);
        assert_eq!(found(&nested(DEEPEST + 1), Form::Condition), None);
        let calls = |depth: usize| format!("{}a{} > :a", "size(".repeat(depth), ")".repeat(depth));
        assert_eq!(found(&calls(DEEPEST), Form::Condition), None);
        assert_eq!(found(&calls(600), Form::Condition), None);
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
