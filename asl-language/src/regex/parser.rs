//! Reads regular expressions (ECMA-262, "Patterns", with what Annex B allows outside of Unicode mode).

use super::{Class, ClassItem, Look, Regex, RegexFault, RegexNode, Repeat};

/// How deep groups may be nested: matchers and the drop of the tree follow it by recursion.
const MAX_DEPTH: u32 = 120;

pub(super) fn parse(pattern: &str) -> Result<Regex, RegexFault> {
    let (groups, names) = scan_groups(pattern);
    let mut parser = Parser { rest: pattern, length: pattern.len(), groups, names, next_group: 1, depth: 0 };
    let node = parser.disjunction()?;
    if parser.rest.is_empty() { Ok(Regex { node, groups }) } else { Err(parser.fault("Unmatched ')'")) }
}

/// The number of groups of a pattern, and their names: references may come before what they refer to.
fn scan_groups(pattern: &str) -> (u32, Vec<(String, u32)>) {
    let (mut groups, mut names, mut in_class) = (0, Vec::new(), false);
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => drop(rest.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let after = rest.as_str();
                let name = after.strip_prefix("?<").filter(|after| !after.starts_with(['=', '!']));
                if name.is_some() || !after.starts_with('?') {
                    groups += 1;
                }
                names.extend(name.and_then(|name| Some((name.split_once('>')?.0.to_owned(), groups))));
            }
            _ => {}
        }
    }
    (groups, names)
}

struct Parser<'p> {
    rest: &'p str,
    length: usize,
    groups: u32,
    names: Vec<(String, u32)>,
    next_group: u32,
    depth: u32,
}

type Parsed<T> = Result<T, RegexFault>;

impl Parser<'_> {
    const fn fault(&self, message: &'static str) -> RegexFault {
        RegexFault { message, offset: self.length - self.rest.len() }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    fn eat(&mut self, text: &str) -> bool {
        self.rest.strip_prefix(text).map(|rest| self.rest = rest).is_some()
    }

    fn disjunction(&mut self) -> Parsed<RegexNode> {
        if self.depth >= MAX_DEPTH {
            return Err(self.fault("Regular expression too large"));
        }
        self.depth += 1;
        let mut alternatives = vec![self.alternative()?];
        while self.eat("|") {
            alternatives.push(self.alternative()?);
        }
        self.depth -= 1;
        Ok(one_or(alternatives, RegexNode::Alternatives))
    }

    fn alternative(&mut self) -> Parsed<RegexNode> {
        let mut terms = Vec::new();
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            terms.push(self.term()?);
        }
        Ok(one_or(terms, RegexNode::Sequence))
    }

    fn term(&mut self) -> Parsed<RegexNode> {
        let first_group = self.next_group;
        // Annex B lets a look ahead be repeated, but nothing else that takes no character.
        let is_assertion =
            ["^", "$", "\\b", "\\B", "(?<=", "(?<!"].iter().any(|start| self.rest.starts_with(start));
        let atom = self.atom()?;
        let Some((min, max)) = self.quantifier()? else { return Ok(atom) };
        if is_assertion {
            return Err(self.fault("Nothing to repeat"));
        }
        let greedy = !self.eat("?");
        let end_group = self.next_group;
        Ok(RegexNode::Repeat(Repeat { min, max, greedy, body: Box::new(atom), first_group, end_group }))
    }

    fn quantifier(&mut self) -> Parsed<Option<(u32, Option<u32>)>> {
        let counts = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let Some((counts, rest)) = counted(self.rest) else { return Ok(None) };
                if counts.1.is_some_and(|max| max < counts.0) {
                    return Err(self.fault("numbers out of order in {} quantifier"));
                }
                self.rest = rest;
                return Ok(Some(counts));
            }
            _ => return Ok(None),
        };
        self.next();
        Ok(Some(counts))
    }

    fn atom(&mut self) -> Parsed<RegexNode> {
        if counted(self.rest).is_some() {
            return Err(self.fault("Nothing to repeat"));
        }
        match self.next() {
            None => Ok(RegexNode::Empty),
            Some('^') => Ok(RegexNode::Start),
            Some('$') => Ok(RegexNode::End),
            Some('.') => Ok(RegexNode::Any),
            Some('(') => self.group(),
            Some('[') => self.class(),
            Some('\\') => self.atom_escape(),
            Some('*' | '+' | '?') => Err(self.fault("Nothing to repeat")),
            Some(character) => Ok(RegexNode::Character(character)),
        }
    }

    fn group(&mut self) -> Parsed<RegexNode> {
        if self.eat("?:") {
            return self.group_body();
        }
        for (prefix, behind, negated) in
            [("?=", false, false), ("?!", false, true), ("?<=", true, false), ("?<!", true, true)]
        {
            if self.eat(prefix) {
                return Ok(RegexNode::Look(Look { behind, negated, body: Box::new(self.group_body()?) }));
            }
        }
        if self.eat("?<") {
            self.group_name()?;
        } else if self.rest.starts_with('?') {
            return Err(self.fault("Invalid group"));
        }
        let number = self.next_group;
        self.next_group += 1;
        Ok(RegexNode::Group(number, Box::new(self.group_body()?)))
    }

    fn group_body(&mut self) -> Parsed<RegexNode> {
        let body = self.disjunction()?;
        if self.eat(")") { Ok(body) } else { Err(self.fault("Unterminated group")) }
    }

    fn group_name(&mut self) -> Parsed<String> {
        let name = self.rest.split_once('>').filter(|(name, _)| is_group_name(name));
        let Some((name, rest)) = name else { return Err(self.fault("Invalid capture group name")) };
        self.rest = rest;
        Ok(name.to_owned())
    }

    fn atom_escape(&mut self) -> Parsed<RegexNode> {
        match self.peek() {
            None => Err(self.fault("\\ at end of pattern")),
            Some('b' | 'B') => Ok(RegexNode::WordBoundary { negated: self.next() == Some('B') }),
            Some('1'..='9') => Ok(self.decimal_escape()),
            Some('k') if !self.names.is_empty() => self.named_reference(),
            Some(_) => Ok(match self.escape() {
                Escape::Character(Some(character)) => RegexNode::Character(character),
                Escape::Character(None) => RegexNode::Class(Class::default()),
                Escape::Item(item) => RegexNode::Class(Class { negated: false, items: vec![item] }),
            }),
        }
    }

    /// A reference to a group that there is; else Annex B's octal escape.
    fn decimal_escape(&mut self) -> RegexNode {
        let digits = self.rest.len() - self.rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, rest) = self.rest.split_at_checked(digits).unwrap_or((self.rest, ""));
        match number.parse::<u32>() {
            Ok(number) if number <= self.groups => {
                self.rest = rest;
                RegexNode::BackReference(number)
            }
            _ => RegexNode::Character(self.octal().or_else(|| self.next()).unwrap_or('\\')),
        }
    }

    fn named_reference(&mut self) -> Parsed<RegexNode> {
        self.next();
        if !self.eat("<") {
            return Err(self.fault("Invalid named reference"));
        }
        let name = self.group_name()?;
        let number = self.names.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
        number.map(RegexNode::BackReference).ok_or_else(|| self.fault("Invalid named capture referenced"))
    }

    /// What follows a backslash, inside a class as outside.
    fn escape(&mut self) -> Escape {
        if let Some(octal) = self.octal() {
            return Escape::Character(Some(octal));
        }
        if self.rest.starts_with('c') {
            // Without a letter, the backslash represents itself.
            return Escape::Character(Some(self.control().unwrap_or('\\')));
        }
        let Some(character) = self.next() else { return Escape::Character(Some('\\')) };
        match character {
            'd' | 'D' => Escape::Item(ClassItem::Digit { negated: character == 'D' }),
            's' | 'S' => Escape::Item(ClassItem::Space { negated: character == 'S' }),
            'w' | 'W' => Escape::Item(ClassItem::Word { negated: character == 'W' }),
            't' => Escape::Character(Some('\t')),
            'n' => Escape::Character(Some('\n')),
            'v' => Escape::Character(Some('\u{b}')),
            'f' => Escape::Character(Some('\u{c}')),
            'r' => Escape::Character(Some('\r')),
            'x' => Escape::Character(self.hexadecimal(2).map_or(Some('x'), char::from_u32)),
            'u' => Escape::Character(self.hexadecimal(4).map_or(Some('u'), |unit| self.utf16(unit))),
            _ => Escape::Character(Some(character)),
        }
    }

    /// `\cA`
    fn control(&mut self) -> Option<char> {
        let (letter, rest) = self.rest.strip_prefix('c')?.split_at_checked(1)?;
        let letter = letter.bytes().next().filter(u8::is_ascii_alphabetic)?;
        self.rest = rest;
        Some(char::from(letter % 32))
    }

    /// `0` to `377`, in octal digits.
    fn octal(&mut self) -> Option<char> {
        let mut value = 0;
        let mut rest = self.rest;
        while let Some(digit) =
            rest.chars().next().and_then(|c| c.to_digit(8)).filter(|d| value * 8 + d < 256)
        {
            value = value * 8 + digit;
            rest = rest.get(1..).unwrap_or_default();
        }
        if rest.len() == self.rest.len() || self.rest.len() - rest.len() > 3 {
            return None;
        }
        self.rest = rest;
        char::from_u32(value)
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        let (text, rest) = self.rest.split_at_checked(digits)?;
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.rest = rest;
        u32::from_str_radix(text, 16).ok()
    }

    /// A character from UTF-16; nothing for half of one, which no text has.
    fn utf16(&mut self, unit: u32) -> Option<char> {
        let before = self.rest;
        if (0xd800..0xdc00).contains(&unit) && self.eat("\\u") {
            if let Some(low) = self.hexadecimal(4).filter(|low| (0xdc00..0xe000).contains(low)) {
                return char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
            }
            self.rest = before;
        }
        char::from_u32(unit)
    }

    fn class(&mut self) -> Parsed<RegexNode> {
        let negated = self.eat("^");
        let mut items = Vec::new();
        while !self.eat("]") {
            let first = self.class_atom()?;
            if !self.rest.starts_with('-') || self.rest.starts_with("-]") {
                items.extend(first.item());
                continue;
            }
            self.next();
            let last = self.class_atom()?;
            match (first, last) {
                (Escape::Character(Some(first)), Escape::Character(Some(last))) if first > last => {
                    return Err(self.fault("Range out of order in character class"));
                }
                (Escape::Character(Some(first)), Escape::Character(Some(last))) => {
                    items.push(ClassItem::Range(first, last));
                }
                (first, last) => {
                    items.extend(first.item());
                    items.push(ClassItem::Range('-', '-'));
                    items.extend(last.item());
                }
            }
        }
        Ok(RegexNode::Class(Class { negated, items }))
    }

    fn class_atom(&mut self) -> Parsed<Escape> {
        match self.next() {
            None => Err(self.fault("Unterminated character class")),
            Some('\\') if self.rest.is_empty() => Err(self.fault("\\ at end of pattern")),
            Some('\\') if self.eat("b") => Ok(Escape::Character(Some('\u{8}'))),
            Some('\\') => Ok(self.escape()),
            Some(character) => Ok(Escape::Character(Some(character))),
        }
    }
}

/// What an escape matches; no character is half of one in UTF-16.
enum Escape {
    Character(Option<char>),
    Item(ClassItem),
}

impl Escape {
    const fn item(&self) -> Option<ClassItem> {
        match self {
            Self::Character(Some(character)) => Some(ClassItem::Range(*character, *character)),
            Self::Character(None) => None,
            Self::Item(item) => Some(*item),
        }
    }
}

fn one_or(mut nodes: Vec<RegexNode>, many: fn(Vec<RegexNode>) -> RegexNode) -> RegexNode {
    match nodes.len() {
        0 => RegexNode::Empty,
        1 => nodes.pop().unwrap_or(RegexNode::Empty),
        _ => many(nodes),
    }
}

fn is_group_name(name: &str) -> bool {
    let is_start = |character: char| character.is_alphabetic() || matches!(character, '_' | '$');
    name.starts_with(is_start) && name.chars().all(|character| is_start(character) || character.is_numeric())
}

/// `{2}`, `{2,}`, `{2,3}`; a brace that starts none of these represents itself.
fn counted(text: &str) -> Option<((u32, Option<u32>), &str)> {
    let (inside, rest) = text.strip_prefix('{')?.split_once('}')?;
    let (min, max) = inside.split_once(',').unwrap_or((inside, inside));
    let max = if max.is_empty() && inside.ends_with(',') { None } else { Some(count(max)?) };
    Some(((count(min)?, max), rest))
}

fn count(digits: &str) -> Option<u32> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(pattern: &str) -> &'static str {
        parse(pattern).unwrap_err().message
    }

    #[test]
    fn wrong_expressions_are_refused() {
        assert_eq!(message("a)"), "Unmatched ')'");
        assert_eq!(message("(?"), "Invalid group");
        assert_eq!(message("*a"), "Nothing to repeat");
        assert_eq!(message("a**"), "Nothing to repeat");
        assert_eq!(message("{1}"), "Nothing to repeat");
        assert_eq!(message("^*"), "Nothing to repeat");
        assert_eq!(message("[b-a]"), "Range out of order in character class");
        assert_eq!(message("[a"), "Unterminated character class");
        assert_eq!(message("a{2,1}"), "numbers out of order in {} quantifier");
        assert_eq!(message("a\\"), "\\ at end of pattern");
        assert_eq!(message(&"(".repeat(100_000)), "Regular expression too large");
        assert_eq!(parse("ab(").unwrap_err().offset, 3);
    }

    #[test]
    fn what_is_no_quantifier_stands_for_itself() {
        for pattern in
            ["a{", "a{,2}", "a{x}", "]", "}", "a{1", "\\k<a>", "\\8", "[]", "[^]", "[a-]", "[\\w-z]"]
        {
            assert!(parse(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn escapes_stand_for_characters() {
        for (escape, character) in [
            ("\\t", "\t"),
            ("\\n", "\n"),
            ("\\v", "\u{b}"),
            ("\\f", "\u{c}"),
            ("\\r", "\r"),
            ("\\x41", "A"),
            ("\\x4", "x4"),
            ("\\u00e9", "é"),
            ("\\u00e", "u00e"),
            ("\\cA", "\u{1}"),
            ("\\-", "-"),
        ] {
            assert_eq!(parse(escape).unwrap().node, parse(character).unwrap().node, "{escape}");
        }
    }

    #[test]
    fn references_find_groups_that_come_later() {
        assert_eq!(parse("\\1(a)").unwrap().groups, 1);
        assert_eq!(parse("\\2(a)").unwrap().node, {
            let group = RegexNode::Group(1, Box::new(RegexNode::Character('a')));
            RegexNode::Sequence(vec![RegexNode::Character('\u{2}'), group])
        });
        assert_eq!(parse("\\k<x>(?<x>a)").unwrap().groups, 1);
        assert_eq!(message("\\k<y>(?<x>a)"), "Invalid named capture referenced");
    }
}
