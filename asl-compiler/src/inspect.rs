//! Questions that editors ask about a definition while it is written.
//!
//! In: a [`SourceFile`], of which nothing has to be right, and offsets. Out: names, places, words about them, and what can be written
//! next. It reads what is there by itself, so that a definition in the middle of being written still has its states and fields.
//! Never reports a problem; that is what [`check`](crate::check) is for.

mod complete;
mod data;
mod describe;
mod function;
mod line;
mod names;
mod outline;
mod place;
mod read;
mod roots;
mod service;
mod variables;
mod words;

pub use complete::{Completion, CompletionKind};
pub use describe::Hover;

use crate::definition::StateType;
use crate::json::Value;
use crate::source::{SourceFile, Span, floor_char_boundary};
pub use names::RenameError;
use names::{Mention, mentions, name_at, rename};
use outline::Outline;
use place::Cursor;
use roots::{Root, Written};

/// A file that is asked about: a definition, or a template with some.
#[derive(Debug)]
pub struct Inspection<'s> {
    source: &'s SourceFile,
    roots: Vec<Root>,
}

/// A state in the outline of a definition, or a state machine in that of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// The name of the state or machine.
    pub name: String,
    /// Its type, if it is one.
    pub state_type: Option<StateType>,
    /// From its name to its end.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
    /// The states of its branches or its processor.
    pub inner: Vec<Symbol>,
}

/// A question about a place.
#[derive(Debug)]
struct Asked<'t> {
    text: &'t str,
    root: &'t Value,
    outline: Outline<'t>,
    offset: usize,
    place: Cursor<'t>,
    jsonata: bool,
}

impl<'s> Inspection<'s> {
    /// Reads what is there.
    #[must_use]
    pub fn new(source: &'s SourceFile) -> Self {
        Self { source, roots: roots::read(source) }
    }

    /// Whether it has a field that every definition has, so that it may be one.
    #[must_use]
    pub fn is_definition(&self) -> bool {
        let has = |field: &str| self.roots.iter().any(|root| root.value.get(field).is_some());
        has("StartAt") || has("States")
    }

    /// The states, those inside of others in these; those of a template in its machines.
    #[must_use]
    pub fn symbols(&self) -> Vec<Symbol> {
        self.roots.iter().flat_map(symbols).collect()
    }

    /// The definition that an offset is in.
    fn root(&self, offset: usize) -> Option<&Root> {
        let is_in = |root: &&Root| root.value.span.start <= offset && offset <= root.value.span.end;
        self.roots.iter().find(is_in).or_else(|| self.roots.first())
    }

    /// Where the state or variable at an offset is given its name.
    #[must_use]
    pub fn definitions(&self, offset: usize) -> Vec<Span> {
        self.mentions(offset)
            .into_iter()
            .filter(|mention| mention.given)
            .map(|mention| mention.span)
            .collect()
    }

    /// Where the state or variable at an offset is used, in the order of the text.
    #[must_use]
    pub fn references(&self, offset: usize, with_definitions: bool) -> Vec<Span> {
        let wanted = |mention: &Mention| with_definitions || !mention.given;
        self.mentions(offset).into_iter().filter(wanted).map(|mention| mention.span).collect()
    }

    fn mentions(&self, offset: usize) -> Vec<Mention> {
        let Some(Root { value, .. }) = self.root(offset) else { return Vec::new() };
        let outline = Outline::new(value);
        let found = name_at(value, self.source.text(), &outline, offset);
        found.map(|(name, _)| mentions(value, &outline, &name)).unwrap_or_default()
    }

    /// The place of the name at an offset, if it is one that can be another.
    #[must_use]
    pub fn name_span(&self, offset: usize) -> Option<Span> {
        let Root { value, written, .. } = self.root(offset)?;
        let outline = Outline::new(value);
        let found = name_at(value, self.source.text(), &outline, offset);
        found.filter(|_| *written != Written::Escaped).map(|(_, span)| span)
    }

    /// What is to be written where so that the state or variable at an offset has another name.
    ///
    /// # Errors
    /// There is no name at the place, or it cannot be that one.
    pub fn rename(&self, offset: usize, new: &str) -> Result<Vec<(Span, String)>, RenameError> {
        let Root { value, written, .. } = self.root(offset).ok_or(RenameError::NoName)?;
        if *written == Written::Escaped {
            return Err(RenameError::Escaped);
        }
        let outline = Outline::new(value);
        let (name, _) = name_at(value, self.source.text(), &outline, offset).ok_or(RenameError::NoName)?;
        rename(value, &outline, &name, new)
    }

    /// What is at an offset.
    #[must_use]
    pub fn hover(&self, offset: usize) -> Option<Hover> {
        describe::describe(&self.asked(offset)?)
    }

    /// What can be written at an offset.
    #[must_use]
    pub fn completions(&self, offset: usize) -> Vec<Completion> {
        match self.root(offset).map(|root| root.written) {
            Some(Written::Escaped) | None => return Vec::new(),
            Some(Written::Json) => return self.complete(offset),
            Some(Written::Yaml) => {}
        }
        let offset = floor_char_boundary(self.source.text(), offset);
        let found = line::finish(self.source.text(), offset).into_iter().map(|finished| {
            let source = SourceFile::new(self.source.name(), finished.text.as_str());
            let inspection = Inspection::new(&source);
            let found = inspection.complete(finished.offset);
            found.into_iter().map(|completion| finished.completed(completion)).collect::<Vec<_>>()
        });
        found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    fn complete(&self, offset: usize) -> Vec<Completion> {
        self.asked(offset).map(|asked| complete::complete(&asked)).unwrap_or_default()
    }

    fn asked(&self, offset: usize) -> Option<Asked<'_>> {
        let text = self.source.text();
        let offset = floor_char_boundary(text, offset);
        let root = &self.root(offset)?.value;
        let outline = Outline::new(root);
        let place = Cursor::at(root, text, offset);
        let jsonata = outline.is_jsonata(outline.state_at(offset), outline.scope_at(root, offset));
        Some(Asked { text, root, outline, offset, place, jsonata })
    }
}

impl Asked<'_> {
    /// The empty place at the offset.
    const fn here(&self) -> Span {
        Span::new(self.offset, self.offset)
    }

    /// The place of a token that may be missing, or that was not closed and that goes on to the end of its line.
    fn token(&self, span: Span) -> Span {
        let text = self.text.get(span.range()).unwrap_or_default();
        if text.trim().is_empty() {
            return self.here();
        }
        Span::new(span.start, span.start + text.trim_end_matches([' ', '\t', ',']).len().max(1))
            .around(self.offset)
    }

    /// Whether the place is in a field that is evaluated when the state has its result.
    fn has_result(&self) -> bool {
        let state = self.place.state().and_then(|state| state.value.get("Type")?.as_str());
        let fields = ["Output", "Assign"];
        matches!(state, Some("Task" | "Parallel" | "Map"))
            && self
                .place
                .steps
                .iter()
                .filter_map(|step| step.key)
                .any(|key| fields.contains(&key.value.as_str()))
    }
}

impl Span {
    /// The span, made longer if the offset is outside of it.
    const fn around(self, offset: usize) -> Self {
        let start = if offset < self.start { offset } else { self.start };
        let end = if offset > self.end { offset } else { self.end };
        Self { start, end }
    }
}

fn symbols(root: &Root) -> Vec<Symbol> {
    let outline = Outline::new(&root.value);
    let is_outermost = |index: &usize| outline.states.get(*index).is_some_and(|state| state.scope == 0);
    let states = (0..outline.states.len()).filter(is_outermost);
    let inner = states.filter_map(|index| symbol(&outline, index)).collect();
    match &root.name {
        None => inner,
        Some((name, place)) => {
            let span = Span::new(place.start.min(root.value.span.start), root.value.span.end.max(place.end));
            vec![Symbol { name: name.clone(), state_type: None, span, name_span: *place, inner }]
        }
    }
}

fn symbol(outline: &Outline<'_>, index: usize) -> Option<Symbol> {
    let state = outline.states.get(index)?;
    let is_inside = |inner: &usize| {
        let scope = outline.states.get(*inner).and_then(|state| outline.scopes.get(state.scope));
        scope.is_some_and(|scope| scope.holder == Some(index))
    };
    // Those inside come after the state that holds them.
    let inner = (index + 1..outline.states.len()).filter(is_inside);
    Some(Symbol {
        name: state.name.value.clone(),
        state_type: state.state_type(),
        span: Span::new(state.name.span.start, state.value.span.end),
        name_span: state.name.span,
        inner: inner.filter_map(|inner| symbol(outline, inner)).collect(),
    })
}
