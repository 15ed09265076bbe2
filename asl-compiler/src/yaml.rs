//! Stage 1, the other way: YAML to the same values.
//!
//! In: the text of a [`SourceFile`] that is YAML. Out: a JSON [`Value`], every part of which knows where it is in the YAML. Aliases are
//! replaced by what they represent, up to a limit. Never guesses: what YAML can say and JSON cannot is an error.

mod key;
mod place;
mod scalar;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{Kind, Member, NESTING_LIMIT, Text, Value};
use crate::source::{SourceFile, Span};
use granit_parser::{ErrorKind, Event, Parser, ScanError, StructureStyle, Tag};
use std::collections::HashMap;

/// How much all aliases together may stand for: a text counts its bytes, and everything counts a little.
const ALIAS_LIMIT: usize = 16 << 20;

/// How many problems are reported.
const REPORT_LIMIT: usize = 100;

/// What the short tags of CloudFormation are, such as `!Sub`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tags {
    /// Functions of a template: `!Ref Table` is `{ "Ref": "Table" }`.
    Functions,
    /// Nothing that a definition could have.
    Refused,
}

/// Reads the one document that the text of `source` is.
pub(crate) fn parse(source: &SourceFile, tags: Tags, diagnostics: &mut Diagnostics) -> Option<Value> {
    let mut builder = Builder {
        source,
        tags,
        diagnostics,
        reported: 0,
        open: Vec::new(),
        anchors: HashMap::new(),
        room: ALIAS_LIMIT,
        documents: 0,
        root: None,
    };
    for event in Parser::new_from_str(source.text()) {
        let step = match event {
            Ok((event, span)) => builder.event(event, span),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or_default();
                Err(not_yaml(source, at, &error))
            }
        };
        if let Err(diagnostic) = step {
            builder.report(*diagnostic);
            return None;
        }
    }
    builder.root.or_else(|| {
        diagnostics.push(
            Diagnostic::new(Code::InvalidYaml, Span::default(), "the file is empty")
                .label("expected a state machine")
                .help("a state machine is an object with the fields `StartAt` and `States`"),
        );
        None
    })
}

type Built = Result<(), Box<Diagnostic>>;

/// A value and what it costs to have it once more.
#[derive(Clone)]
struct BuiltValue {
    value: Value,
    weight: usize,
    /// How deep arrays and objects are in it, itself included.
    height: usize,
}

/// An array or object that is not closed yet.
struct Open {
    kind: OpenKind,
    start: usize,
    flow: bool,
    tagged: Tagged,
    anchor: usize,
    weight: usize,
    height: usize,
}

/// What its tag makes of a value.
#[derive(Clone, Copy)]
enum Tagged {
    /// Nothing else.
    Plain,
    /// The argument of a function of CloudFormation, whose tag is there.
    Function(&'static str, Span),
    /// Something that is not understood here.
    Unknown,
}

enum OpenKind {
    Array(Vec<Value>),
    Object(key::Members),
}

struct Builder<'a, 'd> {
    source: &'a SourceFile,
    tags: Tags,
    diagnostics: &'d mut Diagnostics,
    reported: usize,
    open: Vec<Open>,
    anchors: HashMap<usize, BuiltValue>,
    room: usize,
    documents: usize,
    root: Option<Value>,
}

impl Builder<'_, '_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        if self.reported < REPORT_LIMIT {
            self.diagnostics.push(diagnostic);
        }
        self.reported += 1;
    }

    fn event(&mut self, event: Event<'_>, span: granit_parser::Span) -> Built {
        let place = bytes(span);
        let tagged = event.tag().map_or(Tagged::Plain, |tag| self.check_tag(tag, &event, span));
        match event {
            Event::DocumentStart(..) => self.start_document(place),
            Event::Scalar(text, style, anchor, tag) => {
                let found = scalar::Scalar { text: &text, style, tag: tag.as_deref(), span: place };
                let value = if matches!(tagged, Tagged::Unknown) {
                    anything(place)
                } else {
                    found.read(self.source, self.is_key(), &mut |problem| self.report(problem))?
                };
                let weight = 16 + text.len();
                self.add(tagged.apply(BuiltValue { value, weight, height: 0 }), anchor)
            }
            Event::SequenceStart(style, anchor, _) => {
                self.start(OpenKind::Array(Vec::new()), style, anchor, place, tagged)
            }
            Event::MappingStart(style, anchor, _) => {
                self.start(OpenKind::Object(key::Members::default()), style, anchor, place, tagged)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(place),
            Event::Alias(anchor) => self.alias(anchor, place),
            // The rest says nothing about values.
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentEnd
            | Event::Anchor(..)
            | Event::UnresolvedAlias(_)
            | _ => Ok(()),
        }
    }

    fn start_document(&mut self, place: Span) -> Built {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        let span = Span::new(place.start, place.end.max(place.start + 1));
        let diagnostic = Diagnostic::new(Code::InvalidYaml, span, "the file has a second document");
        Err(Box::new(diagnostic.label("a file holds one state machine").help("leave out the `---`")))
    }

    fn start(
        &mut self,
        kind: OpenKind,
        style: StructureStyle,
        anchor: usize,
        place: Span,
        tagged: Tagged,
    ) -> Built {
        if self.open.len() == NESTING_LIMIT {
            return Err(too_deep(place));
        }
        let flow = style == StructureStyle::Flow;
        self.open.push(Open { kind, start: place.start, flow, tagged, anchor, weight: 16, height: 1 });
        Ok(())
    }

    fn end(&mut self, place: Span) -> Built {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let last = match &open.kind {
            OpenKind::Array(values) => values.last().map(|value| value.span.end),
            OpenKind::Object(members) => members.end(),
        };
        // A block ends where its last part does, and not where the next line shows that it has ended.
        let end = if open.flow { place.end } else { last.unwrap_or(open.start) };
        let span = Span::new(open.start, end.max(open.start));
        let kind = match open.kind {
            OpenKind::Array(values) => Kind::Array(values),
            OpenKind::Object(members) => Kind::Object(members.finish(&mut |problem| self.report(problem))),
        };
        let value = Value { span, kind };
        self.add(
            open.tagged.apply(BuiltValue { value, weight: open.weight, height: open.height }),
            open.anchor,
        )
    }

    /// Whether what comes next is a key.
    fn is_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { kind: OpenKind::Object(members), .. }) if members.wants_key())
    }

    fn add(&mut self, node: BuiltValue, anchor: usize) -> Built {
        if anchor != 0 {
            self.take_room(node.weight, node.value.span)?;
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root.get_or_insert(node.value);
            return Ok(());
        };
        open.weight += node.weight;
        open.height = open.height.max(node.height + 1);
        match &mut open.kind {
            OpenKind::Array(values) => {
                values.push(node.value);
                Ok(())
            }
            OpenKind::Object(members) => members.add(node.value),
        }
    }

    fn alias(&mut self, anchor: usize, place: Span) -> Built {
        let Some(node) = self.anchors.get(&anchor).cloned() else {
            let message = "an alias refers to itself";
            let diagnostic = Diagnostic::new(Code::InvalidYaml, place, message);
            return Err(Box::new(diagnostic.label("the value would have no end")));
        };
        if self.open.len() + node.height > NESTING_LIMIT {
            return Err(too_deep(place));
        }
        self.take_room(node.weight, place)?;
        self.add(node, 0)
    }

    fn take_room(&mut self, weight: usize, place: Span) -> Built {
        let left = self.room.checked_sub(weight).ok_or_else(|| {
            let message = "the anchors and aliases expand to more than a definition may have";
            Box::new(Diagnostic::new(Code::InvalidYaml, place, message).label("this is one too many"))
        })?;
        self.room = left;
        Ok(())
    }

    /// What a tag makes of a value. Reports functions of CloudFormation where there are none, and everything else that only some program
    /// understands.
    fn check_tag(&mut self, tag: &Tag, event: &Event<'_>, span: granit_parser::Span) -> Tagged {
        let known: &[_] = if matches!(event, Event::Scalar(..)) {
            &["str", "int", "float", "bool", "null"]
        } else if matches!(event, Event::SequenceStart(..)) {
            &["seq"]
        } else {
            &["map"]
        };
        if tag.core_suffix().is_some_and(|suffix| known.contains(&suffix)) {
            return Tagged::Plain;
        }
        let place = span.tag_span().map_or_else(|| bytes(span), bytes);
        let function = FUNCTIONS.iter().find(|(short, _)| *short == tag.suffix());
        if let Some((_, name)) = function
            && self.tags == Tags::Functions
            && !self.is_key()
        {
            return Tagged::Function(name, place);
        }
        let shown = self.source.slice(place);
        let message = format!("the tag `{shown}` means nothing in a definition");
        let diagnostic = Diagnostic::new(Code::InvalidYaml, place, message).label("expected a plain value");
        self.report(if function.is_some() {
            diagnostic.help("CloudFormation has it in templates only: write a placeholder `${Name}`, and set its value in `DefinitionSubstitutions`")
        } else {
            diagnostic
        });
        Tagged::Unknown
    }
}

/// The functions of CloudFormation by their short tags.
const FUNCTIONS: &[(&str, &str)] = &[
    ("And", "Fn::And"),
    ("Base64", "Fn::Base64"),
    ("Cidr", "Fn::Cidr"),
    ("Condition", "Condition"),
    ("Equals", "Fn::Equals"),
    ("FindInMap", "Fn::FindInMap"),
    ("GetAZs", "Fn::GetAZs"),
    ("GetAtt", "Fn::GetAtt"),
    ("If", "Fn::If"),
    ("ImportValue", "Fn::ImportValue"),
    ("Join", "Fn::Join"),
    ("Length", "Fn::Length"),
    ("Not", "Fn::Not"),
    ("Or", "Fn::Or"),
    ("Ref", "Ref"),
    ("Select", "Fn::Select"),
    ("Split", "Fn::Split"),
    ("Sub", "Fn::Sub"),
    ("ToJsonString", "Fn::ToJsonString"),
    ("Transform", "Fn::Transform"),
];

impl Tagged {
    fn apply(self, node: BuiltValue) -> BuiltValue {
        let BuiltValue { value, weight, height } = node;
        match self {
            Self::Plain => BuiltValue { value, weight, height },
            Self::Unknown => BuiltValue { value: anything(value.span), weight, height },
            Self::Function(name, tag) => {
                let span = Span::new(tag.start.min(value.span.start), value.span.end.max(tag.end));
                let key = Text::at_once(name.to_owned(), tag);
                let kind = Kind::Object(vec![Member { key, value }]);
                BuiltValue { value: Value { span, kind }, weight: weight + 16, height: height + 1 }
            }
        }
    }
}

/// A value of which nothing is known, like that of a placeholder; that it is one was reported.
fn anything(span: Span) -> Value {
    let text = Text { value: "${..}".to_owned(), span, escapes: vec![(0, span.start)] };
    Value { span, kind: Kind::String(text) }
}

fn bytes(span: granit_parser::Span) -> Span {
    let range = span.byte_range().unwrap_or_default();
    Span::new(range.start, range.end)
}

fn too_deep(place: Span) -> Box<Diagnostic> {
    let message = format!("more than {NESTING_LIMIT} arrays and objects are inside of each other");
    Box::new(Diagnostic::new(Code::NestedTooDeeply, place, message).label("this is the first one too many"))
}

fn not_yaml(source: &SourceFile, at: usize, error: &ScanError) -> Box<Diagnostic> {
    let text = source.text();
    let at = crate::source::floor_char_boundary(text, at);
    let end = at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let diagnostic =
        Diagnostic::new(Code::InvalidYaml, Span::new(at, end), format!("this is not YAML: {}", error.info()));
    let tab = matches!(
        error.kind(),
        ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation
    );
    Box::new(if tab { diagnostic.help("lines are indented with spaces, not with tabs") } else { diagnostic })
}

/// The text as a member of an object that an alias in a `<<` adds.
fn members_of(value: Value) -> Option<Vec<Member>> {
    match value.kind {
        Kind::Object(members) => Some(members),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => None,
    }
}

/// A key that is not a string in the text is one in JSON.
fn key_text(value: Value) -> Option<Text> {
    match value.kind {
        Kind::String(text) => Some(text),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Array(_) | Kind::Object(_) => None,
    }
}

#[cfg(test)]
mod tests;
