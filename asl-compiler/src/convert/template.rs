//! Payload templates in JSONata.
//!
//! In: a template and what its paths start at. Out: the text of the field, in which only what is looked up is written otherwise; or, where the template
//! is a part of something larger, an expression.

use super::code::{Code, literal, text};
use super::edit::{Object, array};
use super::input::Input;
use super::intrinsic;
use super::output::copied;
use super::state::Converter;
use crate::intrinsic::{Argument, is_intrinsic};
use crate::json::{Kind, Member, Text, Value};
use crate::path::Path;
use crate::vocabulary::Function;

impl<'a> Converter<'a> {
    /// The value of a member whose key ends in `.$`.
    pub(super) fn dynamic(&mut self, text: &Text, input: &Input<'a>) -> Option<Code> {
        if !is_intrinsic(text) {
            return self.path_code(text, input);
        }
        let Some(call) = intrinsic::parsed(text).filter(|_| !text.value.contains("${")) else {
            self.impossible(
                text.span,
                format!("`{}` is not a call before its placeholders have values", text.value),
            );
            return None;
        };
        self.call(&call, input)
    }

    /// The same as the text of a field. What is an array there keeps its elements apart.
    fn dynamic_text(&mut self, text: &Text, input: &Input<'a>) -> Option<String> {
        let call = Some(text).filter(|text| is_intrinsic(text)).and_then(intrinsic::parsed);
        if let Some(call) = call.filter(|call| call.function == Function::Array) {
            let elements = call.arguments.iter().map(|argument| self.element(argument, input));
            return Some(format!("[{}]", elements.collect::<Option<Vec<_>>>()?.join(", ")));
        }
        if !is_intrinsic(text) {
            let found = self.path(text, input)?;
            return self.whole_text(&found);
        }
        self.dynamic(text, input).map(|code| code.as_field())
    }

    fn element(&mut self, argument: &Argument, input: &Input<'a>) -> Option<String> {
        Some(match argument {
            Argument::Path(Path { text, span, .. }) => {
                self.path_code(&Text::at_once(text.clone(), *span), input)?.as_field()
            }
            Argument::Call(call) => self.call(call, input)?.as_field(),
            Argument::Constant(_, constant) => intrinsic::constant_code(constant).as_field(),
        })
    }

    /// Something as the value of a field.
    pub(super) fn whole_text(&mut self, value: &Input<'a>) -> Option<String> {
        match value {
            Input::Data | Input::Code(_) => value.as_code(self).map(|code| code.as_field()),
            Input::Constant(value) => Some(self.constant_text(value)),
            Input::Template(value, inner) => self.template_text(value, inner),
        }
    }

    /// A template as the value of a field.
    pub(super) fn template_text(&mut self, value: &'a Value, input: &Input<'a>) -> Option<String> {
        match &value.kind {
            Kind::Object(_) => self.template_object(value, input).map(Object::finish),
            Kind::Array(elements) => {
                let texts = elements.iter().map(|element| self.template_text(element, input));
                let mut texts = texts.collect::<Option<Vec<_>>>()?.into_iter();
                Some(array(self.source, value, |_| texts.next().unwrap_or_default()))
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Some(self.constant_text(value)),
        }
    }

    /// An object as a template.
    pub(super) fn template_object(&mut self, value: &'a Value, input: &Input<'a>) -> Option<Object<'a>> {
        let mut object = Object::new(self.source, value);
        for member in value.as_object().unwrap_or_default() {
            self.template_member(member, input, &mut object)?;
        }
        Some(object)
    }

    fn template_member(
        &mut self,
        member: &'a Member,
        input: &Input<'a>,
        object: &mut Object<'a>,
    ) -> Option<()> {
        let name = member.name();
        let (plain, text) = match (name.strip_suffix(".$"), member.value.as_text()) {
            (Some(plain), Some(text)) => (plain, self.dynamic_text(text, input)?),
            _ => (name, self.template_text(&member.value, input)?),
        };
        object.replace(name, plain, &text);
        Some(())
    }

    /// A template that takes the place of the data, but for copies of fields that are in variables where it goes. To copy is not to read.
    pub(super) fn template_without(
        &mut self,
        value: &'a Value,
        input: &Input<'a>,
        is_left_out: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let mut object = Object::new(self.source, value);
        for member in value.as_object().unwrap_or_default() {
            match copied(member) {
                Some(field) if is_left_out(field) => object.remove(member.name()),
                Some(_) => {
                    let reads = self.take_noted();
                    self.template_member(member, input, &mut object)?;
                    self.put_noted(reads);
                }
                None => self.template_member(member, input, &mut object)?,
            }
        }
        Some(object.finish())
    }

    /// A value that is taken as it is, even where it has texts that JSONata states take for expressions.
    pub(super) fn constant_text(&self, value: &Value) -> String {
        match &value.kind {
            Kind::String(string) if string.value.starts_with("{%") && string.value.ends_with("%}") => {
                text(&string.value).as_field()
            }
            Kind::Object(members) => {
                let mut object = Object::new(self.source, value);
                for member in members {
                    object.replace(member.name(), member.name(), &self.constant_text(&member.value));
                }
                object.finish()
            }
            Kind::Array(_) => array(self.source, value, |element| self.constant_text(element)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                self.source.slice(value.span).to_owned()
            }
        }
    }

    /// A template as an expression.
    pub(super) fn template_code(&mut self, value: &Value, input: &Input<'a>) -> Option<Code> {
        match &value.kind {
            Kind::Object(members) => {
                let mut parts = Vec::new();
                for member in members {
                    let name = member.name();
                    let (name, code) = match (name.strip_suffix(".$"), member.value.as_text()) {
                        (Some(name), Some(text)) => {
                            self.failure(
                                text.span,
                                format!(
                                    "where `{}` leads to nothing, `{name}` is left out, and the state failed",
                                    text.value
                                ),
                            );
                            (name, self.dynamic(text, input)?)
                        }
                        _ => (name, self.template_code(&member.value, input)?),
                    };
                    parts.push(format!("{}: {}", text(name).text, code.text));
                }
                Some(Code::atom(format!("{{{}}}", parts.join(", "))))
            }
            Kind::Array(elements) => {
                let elements = elements.iter().map(|element| Some(self.template_code(element, input)?.text));
                Some(Code::atom(format!("[{}]", elements.collect::<Option<Vec<_>>>()?.join(", "))))
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Some(literal(value)),
        }
    }
}
