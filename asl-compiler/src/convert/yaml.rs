//! A definition in YAML, changed where its value is another one.
//!
//! In: the text, its value, and the value that it is to have. Out: a text with that value, in which everything else is as it was: comments, anchors, how
//! texts are quoted and folded. Where that cannot be, because several places share one value, there is none.

mod write;

use crate::diagnostic::Diagnostics;
use crate::document::read_value;
use crate::json::{Kind, Member, Value};
use crate::source::{SourceFile, Span};
use std::collections::BTreeSet;
use write::{block, flow, key};

/// How deep the members are of which only the parts that change are written anew: as few as can be, but where that comes to another value, all of a
/// state, or all of the states.
const DEPTHS: [usize; 3] = [usize::MAX, 1, 0];

/// The text with another value.
pub(super) fn patched(source: &SourceFile, old: &Value, new: &Value) -> Option<String> {
    let at_depth = |depth| {
        let mut patch = Patch { source, edits: Vec::new(), depth };
        patch.value(old, new, 0);
        let text = patch.finish()?;
        let again = read_value(&SourceFile::new(source.name(), text.as_str()), &mut Diagnostics::default())?;
        is_same(&again, new).then_some(text)
    };
    let [least, more @ ..] = DEPTHS;
    // What is shared is not written out.
    at_depth(least).or_else(|| if is_shared(old) { None } else { more.into_iter().find_map(at_depth) })
}

/// Whether two places of a value are the same in the text.
fn is_shared(value: &Value) -> bool {
    let mut spans = Vec::new();
    leaves(value, &mut spans);
    let all = spans.len();
    spans.sort_unstable();
    spans.dedup();
    spans.len() < all
}

/// The part of a value that is where another one of the same form has a place.
pub(super) fn place_in(like: &Value, other: &Value, span: Span) -> Span {
    let holds = |outer: Span| outer.start <= span.start && span.end <= outer.end;
    match (&like.kind, &other.kind) {
        (Kind::Object(members), Kind::Object(others)) => {
            for (member, other) in members.iter().zip(others) {
                if holds(member.value.span) {
                    return place_in(&member.value, &other.value, span);
                }
                if holds(member.key.span) {
                    return other.key.span;
                }
            }
        }
        (Kind::Array(elements), Kind::Array(others)) => {
            let found = elements.iter().zip(others).find(|(element, _)| holds(element.span));
            if let Some((element, other)) = found {
                return place_in(element, other, span);
            }
        }
        _ => {}
    }
    other.span
}

/// Whether two values are the same, wherever they are.
fn is_same(left: &Value, right: &Value) -> bool {
    match (&left.kind, &right.kind) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(left), Kind::Bool(right)) => left == right,
        (Kind::Number(left), Kind::Number(right)) => left == right,
        (Kind::String(left), Kind::String(right)) => left.value == right.value,
        (Kind::Array(left), Kind::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (Kind::Object(left), Kind::Object(right)) => {
            let same = |(left, right): (&Member, &Member)| {
                left.name() == right.name() && is_same(&left.value, &right.value)
            };
            left.len() == right.len() && left.iter().zip(right).all(same)
        }
        _ => false,
    }
}

struct Patch<'a> {
    source: &'a SourceFile,
    edits: Vec<(Span, String)>,
    /// Members that are deeper, or as deep, are written anew as a whole.
    depth: usize,
}

/// A member in both texts, in one of them only, or under two names.
enum Pair<'v> {
    Both(&'v Member, &'v Member),
    Gone(&'v Member),
    Added(&'v Member),
}

impl Patch<'_> {
    fn finish(mut self) -> Option<String> {
        self.edits.sort_by_key(|(span, _)| (span.start, span.end));
        self.edits.dedup();
        let (mut text, mut end, mut gone) = (String::new(), 0, 0);
        for (span, new) in &self.edits {
            // It goes with what was before it.
            if span.start < gone && span.end <= gone {
                continue;
            }
            if new.is_empty() {
                gone = span.end;
            }
            text.push_str(self.source.text().get(end..span.start)?);
            text.push_str(new);
            end = span.end;
        }
        text.push_str(self.source.text().get(end..)?);
        Some(text)
    }

    /// Elements and members inside of a value. Whether that was enough: otherwise all of it has to be written anew.
    fn value(&mut self, old: &Value, new: &Value, depth: usize) -> bool {
        if is_same(old, new) {
            return true;
        }
        match (&old.kind, &new.kind) {
            (Kind::Object(old_members), Kind::Object(members))
                if !old_members.is_empty() && !members.is_empty() =>
            {
                self.members(old, old_members, members, depth)
            }
            (Kind::Array(olds), Kind::Array(news)) if olds.len() == news.len() => {
                for (old, new) in olds.iter().zip(news) {
                    if !self.value(old, new, depth) {
                        self.edits.push((old.span, flow(new)));
                    }
                }
                true
            }
            _ => false,
        }
    }

    fn members(&mut self, whole: &Value, olds: &[Member], news: &[Member], depth: usize) -> bool {
        let pairs = paired(olds, news);
        if !pairs.iter().any(|pair| matches!(pair, Pair::Both(..))) {
            return false;
        }
        let is_flow = self.source.slice(whole.span).starts_with('{');
        for (number, pair) in pairs.iter().enumerate() {
            let stays = |pair: &&Pair<'_>| !matches!(pair, Pair::Added(_) | Pair::Gone(_));
            let (before, after) = pairs.split_at(number);
            match pair {
                Pair::Both(old, new) => self.member(old, new, is_flow, depth),
                Pair::Gone(old) => {
                    let next = after.iter().find(stays).and_then(Pair::old);
                    let last = before.iter().rev().find_map(Pair::old);
                    self.remove(old, last, next, is_flow);
                }
                Pair::Added(new) => {
                    let before = before.iter().rev().find(stays).and_then(Pair::old);
                    let after = after.iter().find(stays).and_then(Pair::old);
                    self.add(new, before, after, is_flow);
                }
            }
        }
        true
    }

    fn member(&mut self, old: &Member, new: &Member, is_flow: bool, depth: usize) {
        let edits = self.edits.len();
        let is_enough = depth < self.depth && self.value(&old.value, &new.value, depth + 1);
        if is_enough || is_same(&old.value, &new.value) {
            if old.name() != new.name() {
                self.edits.push((old.key.span, key(new.name())));
            }
            return;
        }
        self.edits.truncate(edits);
        let column = self.column(old);
        let mut text = String::new();
        if !is_flow {
            for comment in self.comments_in(&old.value) {
                text.push_str(&format!("{comment}\n{}", " ".repeat(column)));
            }
        }
        text.push_str(&self.written(new, column, is_flow));
        self.edits.push((old.span(), text));
    }

    /// The comments between the parts of a value.
    fn comments_in(&self, value: &Value) -> Vec<&str> {
        let mut parts = Vec::new();
        leaves(value, &mut parts);
        let ends = parts.iter().map(|part| part.end);
        let starts = parts.iter().map(|part| part.start).skip(1);
        let mut comments = Vec::new();
        for (end, start) in ends.zip(starts).filter(|(end, start)| end < start) {
            let lines = self.source.slice(Span::new(end, start)).lines();
            comments.extend(lines.filter_map(comment));
        }
        comments
    }

    fn written(&self, member: &Member, column: usize, is_flow: bool) -> String {
        if is_flow {
            format!("{}: {}", key(member.name()), flow(&member.value))
        } else {
            block(member, column)
        }
    }

    /// Where in its line a member begins.
    fn column(&self, member: &Member) -> usize {
        let before = self.source.text().get(..member.key.span.start).unwrap_or_default();
        before.rsplit('\n').next().unwrap_or_default().chars().count()
    }

    fn add(&mut self, new: &Member, before: Option<&Member>, after: Option<&Member>, is_flow: bool) {
        let Some(beside) = before.or(after) else { return };
        let column = self.column(beside);
        let text = self.written(new, column, is_flow);
        let indentation = " ".repeat(column);
        let (at, text) = match (before, is_flow) {
            (Some(before), true) => (before.value.span.end, format!(", {text}")),
            (Some(before), false) => (self.line_end(before.value.span.end), format!("\n{indentation}{text}")),
            (None, true) => (beside.key.span.start, format!("{text}, ")),
            (None, false) => (beside.key.span.start, format!("{text}\n{indentation}")),
        };
        self.edits.push((Span::new(at, at), text));
    }

    fn line_end(&self, at: usize) -> usize {
        let rest = self.source.text().get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.trim_end_matches('\r').len()
    }

    /// `last` is what was before it, and `next` what stays behind it. What goes together is removed up to what stays, once for each.
    fn remove(&mut self, old: &Member, last: Option<&Member>, next: Option<&Member>, is_flow: bool) {
        let start = old.key.span.start;
        let mut left = String::new();
        let before = self.source.text().get(..start).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let is_first_of_line = before.get(line..).is_some_and(|before| before.trim().is_empty());
        let span = match (next, last) {
            // The next one takes its place, after a brace or a dash.
            (Some(next), _) if is_flow || !is_first_of_line => Span::new(start, next.key.span.start),
            (None, Some(last)) if is_flow => Span::new(last.value.span.end, old.value.span.end),
            _ => {
                let end = self.line_end(old.value.span.end);
                let text = self.source.text();
                let rest = text.get(end..).unwrap_or_default();
                let beside = text.get(old.value.span.end..end).and_then(comment);
                if let (Some(comment), false) = (beside, is_flow) {
                    let indentation = " ".repeat(self.column(old));
                    left = format!("{indentation}{comment}{}", rest.get(..1).unwrap_or_default());
                }
                let break_length = if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
                Span::new(line, end + break_length)
            }
        };
        self.edits.push((span, left));
    }
}

impl<'v> Pair<'v> {
    const fn old(&self) -> Option<&'v Member> {
        match self {
            Self::Both(old, _) | Self::Gone(old) => Some(old),
            Self::Added(_) => None,
        }
    }
}

/// The comment that the rest of a line is, or has.
fn comment(line: &str) -> Option<&str> {
    let start = line.find('#')?;
    let is_one = line.get(..start)?.chars().next_back().is_none_or(char::is_whitespace);
    is_one.then(|| line.get(start..).unwrap_or_default().trim_end())
}

/// The places of keys and of values without parts, in the order of the text.
fn leaves(value: &Value, found: &mut Vec<Span>) {
    match &value.kind {
        Kind::Object(members) if !members.is_empty() => {
            for member in members {
                found.push(member.key.span);
                leaves(&member.value, found);
            }
        }
        Kind::Array(elements) if !elements.is_empty() => {
            elements.iter().for_each(|element| leaves(element, found));
        }
        Kind::Object(_) | Kind::Array(_) | Kind::String(_) | Kind::Number(_) | Kind::Bool(_) | Kind::Null => {
            found.push(value.span)
        }
    }
}

/// What became of each member.
fn paired<'v>(olds: &'v [Member], news: &'v [Member]) -> Vec<Pair<'v>> {
    let mut pairs = Vec::new();
    let (mut old, mut new) = (0, 0);
    for (at, member) in news.iter().enumerate() {
        let same = olds.iter().skip(old).position(|other| other.name() == member.name());
        if let Some(same) = same.map(|offset| old + offset) {
            renamed(
                olds.get(old..same).unwrap_or_default(),
                news.get(new..at).unwrap_or_default(),
                &mut pairs,
            );
            pairs.extend(olds.get(same).map(|other| Pair::Both(other, member)));
            (old, new) = (same + 1, at + 1);
        }
    }
    renamed(olds.get(old..).unwrap_or_default(), news.get(new..).unwrap_or_default(), &mut pairs);
    pairs
}

/// The same between two members that keep their names. What is alike is the same under another name, and what is like nothing takes the next place.
fn renamed<'v>(mut olds: &'v [Member], news: &'v [Member], pairs: &mut Vec<Pair<'v>>) {
    for (number, new) in news.iter().enumerate() {
        let later = news.get(number + 1..).unwrap_or_default();
        let alike = olds.iter().position(|old| is_alike(old, new));
        let is_free = |old: &Member| !later.iter().any(|later| is_alike(old, later));
        let place = alike.or_else(|| olds.first().filter(|old| is_free(old)).map(|_| 0));
        let Some((gone, rest)) = place.map(|place| olds.split_at(place)) else {
            pairs.push(Pair::Added(new));
            continue;
        };
        pairs.extend(gone.iter().map(Pair::Gone));
        let Some((old, rest)) = rest.split_first() else { continue };
        pairs.push(Pair::Both(old, new));
        olds = rest;
    }
    pairs.extend(olds.iter().map(Pair::Gone));
}

/// Whether one member is the other under another name: `id.$` is `id`, `SecondsPath` is `Seconds`, and objects with a field in common are.
fn is_alike(old: &Member, new: &Member) -> bool {
    let fields = |value: &Value| {
        let members = value.as_object().unwrap_or_default();
        members.iter().map(|member| plain(member.name()).to_owned()).collect::<BTreeSet<_>>()
    };
    plain(old.name()) == plain(new.name()) || !fields(&old.value).is_disjoint(&fields(&new.value))
}

/// A name without what says that a path is its value.
fn plain(name: &str) -> &str {
    name.strip_suffix(".$").or_else(|| name.strip_suffix("Path")).unwrap_or(name)
}

#[cfg(test)]
mod tests;
