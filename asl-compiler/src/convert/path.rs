//! Paths as expressions.
//!
//! In: a path and what it starts at. Out: an expression with the same result wherever the path leads to something. A path to any number of values
//! is always an array; JSONata takes one value for itself and joins arrays, so such a path has the same result only where none of its values is an array.

use super::code::{Binds, Code, step};
use super::filter;
use super::input::Input;
use super::state::Converter;
use crate::json::Text;
use crate::path::{Root, Segment, Written};
use crate::source::Span;
use crate::vocabulary::Selector;

impl<'a> Converter<'a> {
    /// The value of a field that is a path.
    pub(super) fn path(&mut self, text: &Text, input: &Input<'a>) -> Option<Input<'a>> {
        let mut ignored = crate::diagnostic::Diagnostics::default();
        let Some(path) = Written::parse(text, &mut ignored).filter(|_| !text.value.contains("${")) else {
            self.impossible(
                text.span,
                format!("`{}` is not a path before its placeholders have values", text.value),
            );
            return None;
        };
        self.written(&path, input)
    }

    /// The same, as an expression.
    pub(super) fn path_code(&mut self, text: &Text, input: &Input<'a>) -> Option<Code> {
        let found = self.path(text, input)?;
        found.as_code(self)
    }

    pub(super) fn written(&mut self, path: &Written, input: &Input<'a>) -> Option<Input<'a>> {
        let span = path.span;
        let mut found = match &path.root {
            Root::Data => input.clone(),
            Root::Context => Input::Code(Code::atom("$states.context")),
            Root::Variable(name) => Input::Code(Code::atom(format!("${name}"))),
        };
        let mut segments = path.segments.iter();
        while let Some(segment) = segments.as_slice().first() {
            found = match &segment.selector {
                Selector::Name(name) => match found.member(name, self) {
                    Some(found) => found,
                    None => {
                        self.impossible(
                            span,
                            format!("nothing in JSONata looks up the name `{name}` of `{}`", path.text),
                        );
                        return None;
                    }
                },
                Selector::Index(index) if *index >= 0 => Input::Code(indexed(&found.as_code(self)?, *index)),
                Selector::FromEnd(offset) if *offset < 0 => {
                    Input::Code(indexed(&found.as_code(self)?, *offset))
                }
                Selector::Index(_)
                | Selector::FromEnd(_)
                | Selector::Names(_)
                | Selector::Indexes(_)
                | Selector::Slice { .. }
                | Selector::Wildcard
                | Selector::Descendants
                | Selector::Filter(_) => break,
            };
            segments.next();
        }
        let rest = segments.as_slice();
        let found = if rest.is_empty() {
            found
        } else {
            let start = found.as_code(self)?;
            Input::Code(self.any_number(&start, rest, &path.text, span)?)
        };
        Some(match (&path.root, found) {
            (Root::Context, Input::Code(code)) => {
                Input::Code(Code { is_plain: is_plain(&code.text), ..code })
            }
            (_, found) => found,
        })
    }

    /// The rest of a path that leads to any number of values.
    fn any_number(&mut self, start: &Code, rest: &[Segment], path: &str, span: Span) -> Option<Code> {
        let mut text = start.within(Binds::Atom);
        let mut deep = false;
        for segment in rest {
            match &segment.selector {
                Selector::Name(name) => text.push_str(&step(name)?),
                // Elements of arrays are gone through anyway.
                Selector::Wildcard if !deep => {}
                Selector::Descendants => {
                    text.push_str(".**");
                    deep = true;
                    self.value(span, format!("`{path}` finds values in the order of the levels in which they are, and JSONata in another"));
                }
                Selector::Slice { start, end } if !deep => text = sliced(&text, *start, *end)?,
                Selector::Filter(filter) if !deep => match filter::condition(filter) {
                    Some(condition) => text.push_str(&format!("[{}]", condition.text)),
                    None => return self.no_such(path, span),
                },
                Selector::Wildcard
                | Selector::Slice { .. }
                | Selector::Filter(_)
                | Selector::Index(_)
                | Selector::FromEnd(_)
                | Selector::Indexes(_)
                | Selector::Names(_) => return self.no_such(path, span),
            }
        }
        self.value(span, format!("of `{path}`, values that are arrays are joined, and the fields of an object are not gone through"));
        Some(Code::atom(format!("[{text}]")))
    }

    fn no_such(&mut self, path: &str, span: Span) -> Option<Code> {
        self.impossible(span, format!("`{path}` has a part that nothing in JSONata does"));
        None
    }
}

fn indexed(code: &Code, index: i64) -> Code {
    Code::atom(format!("{}[{index}]", code.within(Binds::Atom)))
}

/// The elements from one index to before another. Negative ones count from the end.
fn sliced(text: &str, start: Option<i64>, end: Option<i64>) -> Option<String> {
    let condition = match (start, end) {
        (Some(start), None) if start >= 0 => format!("$index >= {start}"),
        (Some(start), None) => format!("$index >= $count($all) - {}", start.unsigned_abs()),
        (None, Some(end)) if end >= 0 => format!("$index < {end}"),
        (None, Some(end)) => format!("$index < $count($all) - {}", end.unsigned_abs()),
        (Some(start), Some(end)) if start >= 0 && end >= 0 => format!("$index >= {start} and $index < {end}"),
        _ => return None,
    };
    Some(format!("$filter({text}, function($value, $index, $all) {{ {condition} }})"))
}

/// Whether what the context object has there prints alike in both languages.
fn is_plain(text: &str) -> bool {
    const TEXTS: [&str; 9] = [
        "Execution.Id",
        "Execution.Name",
        "Execution.RoleArn",
        "Execution.StartTime",
        "State.EnteredTime",
        "State.Name",
        "State.RetryCount",
        "StateMachine.Id",
        "StateMachine.Name",
    ];
    let field = text.strip_prefix("$states.context.").unwrap_or_default();
    TEXTS.contains(&field) || ["Task.Token", "Map.Item.Index"].contains(&field)
}
