//! What comes out of states.
//!
//! In: a state or a catcher, and the value that its way out is about. Out: `Output`, and what has to be in `Assign` besides, for the state that comes next.

use super::carried::{Change, Entry, Exit, ExitKind};
use super::code::{Code, step, text};
use super::input::Input;
use super::state::Converter;
use crate::diagnostic::Diagnostics;
use crate::json::{Kind, Member, Text, Value};
use crate::path::{Root, Written};
use crate::vocabulary::Selector;

/// A way out of a state.
#[derive(Debug)]
pub(super) struct Way<'a> {
    /// What has `ResultPath` and `OutputPath`.
    pub(super) fields: &'a Value,
    /// What is put into the data.
    pub(super) value: Input<'a>,
    /// The output if nothing is said about it.
    pub(super) default: &'static str,
    /// The next state; at an end there is none.
    pub(super) to: Option<&'a str>,
}

/// What is written for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Leaving {
    /// The value of `Output`, unless that is what it is anyway.
    pub(super) output: Option<String>,
    /// Variables, with the values that they are given.
    pub(super) assign: Vec<(String, String)>,
}

impl<'a> Converter<'a> {
    /// What is written for a way out.
    pub(super) fn leave(&mut self, way: &Way<'a>) -> Option<Leaving> {
        let names = self.result_path(way.fields)?;
        if let Some(output) = self.selected(way, names.as_deref())? {
            self.note_exit(way, Change::Replaced);
            let output = if self.is(&output, way.default) { None } else { Some(self.whole_text(&output)?) };
            return Some(Leaving { output, assign: Vec::new() });
        }
        let change = match names.as_deref() {
            None => Change::Kept,
            Some([]) if matches!(way.value, Input::Data) => Change::Kept,
            Some([]) => self.replacement(&way.value),
            Some([field]) => Change::Set(field.clone()),
            Some([field, ..]) => Change::Within(field.clone()),
        };
        self.note_exit(way, change.clone());
        match change {
            Change::Copied(_) | Change::Replaced => self.replaced(way, &change),
            Change::Kept => self.changed(way, &[]),
            Change::Set(_) | Change::Within(_) => self.changed(way, &names.unwrap_or_default()),
        }
    }

    fn note_exit(&mut self, way: &Way<'a>, change: Change) {
        let kind = if way.default == "$states.input" { ExitKind::OfInput } else { ExitKind::OfResult };
        self.note(Exit { to: way.to.map(str::to_owned), change, kind });
    }

    /// What a value is that takes the place of the data.
    pub(super) fn replacement(&self, value: &Input<'a>) -> Change {
        match value {
            Input::Template(template, start) if matches!(**start, Input::Data) => {
                let members = template.as_object().unwrap_or_default();
                Change::Copied(members.iter().filter_map(copied).map(str::to_owned).collect())
            }
            Input::Template(..) | Input::Code(_) | Input::Constant(_) | Input::Data => Change::Replaced,
        }
    }

    /// A value in the place of the data. Fields that are variables in the next state are left out.
    fn replaced(&mut self, way: &Way<'a>, change: &Change) -> Option<Leaving> {
        if self.is(&way.value, way.default) {
            return Some(Leaving::default());
        }
        let output = match (&way.value, change) {
            (Input::Template(template, start), Change::Copied(fields)) => {
                let there = self.there(way.to);
                let left_out = |field: &str| fields.contains(field) && is_needless(&there, field);
                self.template_without(template, start, left_out)?
            }
            (value, _) => self.whole_text(value)?,
        };
        Some(Leaving { output: Some(output), assign: Vec::new() })
    }

    /// The data with a value at the end of names, if there are any.
    fn changed(&mut self, way: &Way<'a>, names: &[String]) -> Option<Leaving> {
        let (here, there) = (self.here(), self.there(way.to));
        let mut assign = Vec::new();
        if let Some(rest) = there.rest.as_ref().filter(|_| here.rest != there.rest) {
            assign.push((rest.clone(), Code::atom("$states.input").as_field()));
        }
        let field = names.first();
        let mut back = self.put_back(&here, &there, field);
        if let Some((field, rest)) = names.split_first() {
            let value = match (there.fields.get(field), here.fields.get(field)) {
                (Some(variable), _) if rest.is_empty() => {
                    assign.push((variable.clone(), self.whole_text(&way.value)?));
                    None
                }
                (to, Some(from)) if !rest.is_empty() => {
                    let whole = merged(&variable(from), rest, &way.value.as_code(self)?);
                    match to {
                        Some(to) => {
                            assign.push((to.clone(), whole.as_field()));
                            None
                        }
                        None => Some(whole),
                    }
                }
                _ => {
                    let whole = Code::atom(format!("{}{}", rest_of(&here).text, step(field)?));
                    Some(merged(&whole, rest, &way.value.as_code(self)?))
                }
            };
            back.extend(value.filter(|_| there.reads(field)).map(|value| (field.clone(), value)));
        }
        if !there.needs_rest {
            return Some(Leaving { output: None, assign });
        }
        let output = with_fields(rest_of(&here), &back);
        let output = (output.text != way.default).then(|| output.as_field());
        Some(Leaving { output, assign })
    }

    /// Variables that have to be in the data again.
    pub(super) fn put_back(&self, here: &Entry, there: &Entry, but: Option<&String>) -> Vec<(String, Code)> {
        let is_back =
            |field: &String| !there.fields.contains_key(field) && there.reads(field) && Some(field) != but;
        let fields = here.fields.iter().filter(|(field, _)| is_back(field));
        fields.map(|(field, name)| (field.clone(), variable(name))).collect()
    }

    /// What `OutputPath` leads to, if that is not all of it.
    fn selected(&mut self, way: &Way<'a>, names: Option<&[String]>) -> Option<Option<Input<'a>>> {
        let Some(field) = way.fields.get("OutputPath") else { return Some(None) };
        let Kind::String(path) = &field.kind else {
            return Some(Some(Input::Code(Code::atom("{}"))));
        };
        let parsed = Written::parse(path, &mut Diagnostics::default());
        if parsed.is_some_and(|path| path.root == Root::Data && path.segments.is_empty()) {
            return Some(None);
        }
        match names {
            None => self.path(path, &Input::Data).map(Some),
            Some([]) => self.path(path, &way.value).map(Some),
            Some(names) => self.part(path, names, &way.value).map(Some),
        }
    }

    /// A part of the input with the result in it: that of one of the two, if it can be told which.
    fn part(&mut self, text: &'a Text, names: &[String], value: &Input<'a>) -> Option<Input<'a>> {
        let Some(mut path) = Written::parse(text, &mut Diagnostics::default())
            .filter(|path| path.root == Root::Data && !text.value.contains("${"))
        else {
            return self.path(text, value);
        };
        let same = path.segments.iter().zip(names).take_while(
            |(segment, name)| matches!(&segment.selector, Selector::Name(found) if found == *name),
        );
        let same = same.count();
        let is_elsewhere = same == 0
            && matches!(path.segments.first().map(|segment| &segment.selector), Some(Selector::Name(_)));
        if same == names.len() {
            path.segments.drain(..same);
            return self.written(&path, value);
        }
        if is_elsewhere {
            return self.written(&path, &Input::Data);
        }
        let combined = merged(&Input::Data.as_code(self)?, names, &value.as_code(self)?);
        self.written(&path, &Input::Code(combined))
    }

    /// `InputPath`.
    pub(super) fn selection(&mut self, state: &'a Value) -> Option<Input<'a>> {
        match state.get("InputPath").map(|value| &value.kind) {
            None => Some(Input::Data),
            Some(Kind::String(path)) => self.path(path, &Input::Data),
            Some(_) => Some(Input::Code(Code::atom("{}"))),
        }
    }

    /// The names that `ResultPath` leads over: none of them is `$`, and nothing is `null`.
    fn result_path(&mut self, state: &Value) -> Option<Option<Vec<String>>> {
        let Some(value) = state.get("ResultPath") else { return Some(Some(Vec::new())) };
        let Kind::String(text) = &value.kind else { return Some(None) };
        let path = Written::parse(text, &mut Diagnostics::default())?;
        let names = path.segments.iter().map(|segment| {
            let Selector::Name(name) = &segment.selector else { return None };
            step(name).map(|_| name.clone())
        });
        match names.collect::<Option<Vec<_>>>() {
            Some(names) if path.root == Root::Data => Some(Some(names)),
            _ => {
                self.impossible(value.span, format!("nothing in JSONata puts a value at `{}`", text.value));
                None
            }
        }
    }
}

/// The field that a member of a template has a copy of, if the data has it under the same name.
pub(super) fn copied(member: &Member) -> Option<&str> {
    let name = member.name().strip_suffix(".$")?;
    let path = Written::parse(member.value.as_text()?, &mut Diagnostics::default())?;
    let is_copy = path.root == Root::Data
        && matches!(path.segments.as_slice(), [one] if matches!(&one.selector, Selector::Name(found) if found == name));
    is_copy.then_some(name)
}

/// Whether a copy of a field need not be in the data of a state.
pub(super) fn is_needless(there: &Entry, field: &str) -> bool {
    there.fields.contains_key(field) || !there.reads(field)
}

pub(super) fn variable(name: &str) -> Code {
    Code::atom(format!("${name}"))
}

/// The data of a state but for the fields that are variables.
pub(super) fn rest_of(entry: &Entry) -> Code {
    entry.rest.as_deref().map_or_else(|| Code::atom("$states.input"), variable)
}

/// An object with other fields.
pub(super) fn with_fields(base: Code, fields: &[(String, Code)]) -> Code {
    if fields.is_empty() {
        return base;
    }
    let members: Vec<_> =
        fields.iter().map(|(name, value)| format!("{}: {}", text(name).text, value.text)).collect();
    Code::atom(format!("$merge([{}, {{{}}}])", base.text, members.join(", ")))
}

/// An object with a value at the end of names.
fn merged(base: &Code, names: &[String], value: &Code) -> Code {
    let Some((first, rest)) = names.split_first() else { return value.clone() };
    let inner = match step(first) {
        Some(step) if !rest.is_empty() => merged(&Code::atom(format!("{}{step}", base.text)), rest, value),
        _ => value.clone(),
    };
    with_fields(base.clone(), &[(first.clone(), inner)])
}
