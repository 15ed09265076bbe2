//! YAML laid out anew: lines change their places, and nothing is written differently.
//!
//! A field takes its lines and the comments above it with it. Blanks at the ends of lines go, and of several blank lines one stays. Where that
//! would change what the text says (blanks in a block of text, an alias before its anchor), the text stays as it is in that respect.

use super::is_same;
use super::order::Role;
use crate::diagnostic::Diagnostics;
use crate::document::read_value;
use crate::json::{Kind, Member, Value};
use crate::source::{SourceFile, Span};
use std::ops::Range;

/// The text of a definition, laid out anew.
pub(super) fn format(source: &SourceFile, value: &Value) -> String {
    let lines: Vec<&str> = source.text().lines().collect();
    let ordered = Layout { source, lines: &lines }.value(value, Role::Machine, 0..lines.len());
    let as_written: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    let candidates = [tidy(&ordered), joined(&ordered), tidy(&as_written)];
    let says_the_same = |text: &String| {
        let other = read_value(&SourceFile::new(source.name(), text.as_str()), &mut Diagnostics::default());
        other.is_some_and(|other| is_same(value, &other, Role::Machine))
    };
    candidates.into_iter().find(says_the_same).unwrap_or_else(|| source.text().to_owned())
}

fn joined(lines: &[String]) -> String {
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

/// Without blanks at the ends of lines, and with at most one blank line at a time.
fn tidy(lines: &[String]) -> String {
    let mut text = String::new();
    let mut blank = true;
    for line in lines.iter().map(|line| line.trim_end()) {
        if !(blank && line.is_empty()) {
            text.push_str(line);
            text.push('\n');
        }
        blank = line.is_empty();
    }
    let kept = text.trim_end_matches('\n').len() + 1;
    text.truncate(kept);
    text
}

struct Layout<'s> {
    source: &'s SourceFile,
    lines: &'s [&'s str],
}

/// The members of a mapping, or the elements of a sequence.
struct Parts<'v> {
    /// Where each of them begins in its line.
    column: usize,
    list: Vec<Entry<'v>>,
}

struct Entry<'v> {
    value: &'v Value,
    role: Role,
    rank: usize,
    /// Where its lines begin, with the comments above it.
    from: usize,
    /// Where it begins itself.
    line: usize,
}

impl Layout<'_> {
    /// The lines of a value, in which the fields are in their order.
    fn value(&self, value: &Value, role: Role, lines: Range<usize>) -> Vec<String> {
        let Some(Parts { column, list }) = self.parts(value, role, &lines) else { return self.taken(lines) };
        let first = list.first().map_or(lines.start, |part| part.from);
        let ends = list.iter().skip(1).map(|part| part.from).chain([lines.end]);
        let blocks =
            list.iter().zip(ends).map(|(part, end)| self.value(part.value, part.role, part.from..end));
        let mut blocks: Vec<Vec<String>> = blocks.collect();
        let mut laid = self.taken(lines.start..first);
        let ranks: Vec<_> = list.iter().map(|part| part.rank).collect();
        if !ranks.is_sorted() {
            // The first field may follow the dash of an element, to which no comment can be moved.
            let Some(prefix) = list.first().and_then(|part| self.lines.get(part.line)?.get(..column)) else {
                return self.taken(lines);
            };
            let has_comments = list.iter().any(|part| part.from < part.line);
            let is_dash = prefix.chars().all(|c| matches!(c, ' ' | '-'));
            if !is_dash || (has_comments && prefix.contains('-')) {
                return self.taken(lines);
            }
            let rest = blocks.last_mut().map(|block| split_rest(block, column)).unwrap_or_default();
            if prefix.contains('-') {
                start_with(blocks.first_mut(), &" ".repeat(column));
            }
            let mut ranked: Vec<_> = ranks.into_iter().zip(blocks).collect();
            ranked.sort_by_key(|(rank, _)| *rank);
            blocks = ranked.into_iter().map(|(_, block)| block).collect();
            if prefix.contains('-') {
                start_with(blocks.first_mut(), prefix);
            }
            blocks.push(rest);
        }
        laid.extend(blocks.into_iter().flatten());
        laid
    }

    /// Lines as they are.
    fn taken(&self, lines: Range<usize>) -> Vec<String> {
        self.lines.get(lines).unwrap_or_default().iter().map(|line| (*line).to_owned()).collect()
    }

    /// The parts of a value; nothing if it has none, or if not each of them starts a separate line.
    fn parts<'v>(&self, value: &'v Value, role: Role, lines: &Range<usize>) -> Option<Parts<'v>> {
        if self.source.slice(value.span).starts_with(['{', '[']) {
            return None;
        }
        let starts: Vec<(Span, Entry<'v>)> = match &value.kind {
            Kind::Object(members) => {
                members.iter().map(|member| (member.key.span, part_of(member, role))).collect()
            }
            Kind::Array(elements) => {
                let part = |value| Entry { value, role, rank: 0, from: 0, line: 0 };
                elements.iter().map(|value| (value.span, part(value))).collect()
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return None,
        };
        let (_, column) = self.place(starts.first()?.0)?;
        let mut list: Vec<Entry<'v>> = Vec::new();
        for (span, part) in starts {
            let least = list.last().map_or(lines.start, |before| before.line + 1);
            let (line, found) = self.place(span)?;
            if found != column || !(least..lines.end).contains(&line) {
                return None;
            }
            let from = line - self.comments_above(line, least, column, list.is_empty());
            list.push(Entry { from, line, ..part });
        }
        Some(Parts { column, list })
    }

    /// How many lines of comments belong to what begins in a line. Those at the start of the text belong to all of it.
    fn comments_above(&self, line: usize, least: usize, column: usize, is_first: bool) -> usize {
        if is_first && least == 0 {
            return 0;
        }
        let is_comment =
            |number: &usize| self.lines.get(*number).is_some_and(|line| is_comment(line, column));
        (least..line).rev().take_while(is_comment).count()
    }

    /// The number of a line, from 0, and the offset in it.
    fn place(&self, span: Span) -> Option<(usize, usize)> {
        let before = self.source.text().get(..span.start)?;
        Some((before.matches('\n').count(), before.rsplit('\n').next()?.len()))
    }
}

fn part_of(member: &Member, role: Role) -> Entry<'_> {
    let (name, value) = (member.name(), &member.value);
    Entry { value, role: role.of_member(name), rank: role.rank(name), from: 0, line: 0 }
}

/// Whether a line is a comment, and not text in a block: which is further to the right than the field that it is the value of.
fn is_comment(line: &str, column: usize) -> bool {
    let text = line.trim_start();
    text.starts_with('#') && line.len() - text.len() <= column
}

/// Takes away what follows the last field: blank lines, and comments.
fn split_rest(block: &mut Vec<String>, column: usize) -> Vec<String> {
    let is_rest = |line: &&String| line.trim().is_empty() || is_comment(line, column);
    let count = block.iter().rev().take_while(is_rest).count();
    block.split_off(block.len() - count)
}

/// Puts something in the place of what a field starts its line with.
fn start_with(block: Option<&mut Vec<String>>, prefix: &str) {
    if let Some(line) = block.and_then(|block| block.first_mut())
        && let Some(rest) = line.get(prefix.len()..)
    {
        *line = format!("{prefix}{rest}");
    }
}
