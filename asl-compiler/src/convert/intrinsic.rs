//! Calls of intrinsic functions as expressions.
//!
//! In: a call and what its paths start at. Out: an expression with the same result for all arguments that the function takes.

use super::code::{Binds, Code, text};
use super::input::Input;
use super::state::Converter;
use crate::intrinsic::{self, Argument, WrittenCall};
use crate::json::Text;
use crate::path::PathPlace;
use crate::source::Span;
use crate::vocabulary::{Constant, Function, Number};

/// Everything of the context object that is there in some place: where a path may not read it was reported before.
const ANYWHERE: PathPlace = PathPlace {
    in_map: true,
    in_distributed_map: true,
    retries: true,
    callback: true,
    result: true,
    error_output: true,
};

/// A call as it was written.
pub(super) fn parsed(text: &Text) -> Option<WrittenCall> {
    intrinsic::parse(text, ANYWHERE, &mut crate::diagnostic::Diagnostics::default())
}

impl<'a> Converter<'a> {
    /// What a call comes to.
    pub(super) fn call(&mut self, call: &WrittenCall, input: &Input<'a>) -> Option<Code> {
        match call.function {
            Function::Format => self.format(call, input),
            Function::StringSplit => self.split(call, input),
            Function::JsonMerge => {
                let both = self.first_two(call, input)?;
                Some(Code::call("$merge", &[Code::atom(format!("[{}, {}]", both.0.text, both.1.text))]))
            }
            Function::StringToJson
            | Function::JsonToString
            | Function::Base64Encode
            | Function::Base64Decode
            | Function::Hash
            | Function::Uuid => self.on_texts(call, input),
            Function::Array
            | Function::ArrayPartition
            | Function::ArrayContains
            | Function::ArrayRange
            | Function::ArrayGetItem
            | Function::ArrayLength
            | Function::ArrayUnique => self.on_arrays(call, input),
            Function::MathAdd | Function::MathRandom => self.on_numbers(call, input),
        }
    }

    fn arguments_of(&mut self, call: &WrittenCall, input: &Input<'a>) -> Option<Vec<Code>> {
        call.arguments.iter().map(|argument| self.argument(argument, input)).collect()
    }

    fn on_texts(&mut self, call: &WrittenCall, input: &Input<'a>) -> Option<Code> {
        let (function, span) = (call.function, call.span);
        match (function, self.arguments_of(call, input)?.as_slice()) {
            (Function::StringToJson, [text]) => {
                let parsed = Code::call("$parse", std::slice::from_ref(text));
                if self.approximately {
                    self.value(
                        span,
                        "an empty text is null for `States.StringToJson`, and an error for `$parse`",
                    );
                    return Some(parsed);
                }
                Some(Code::atom(format!("($trim({}) = '' ? null : {})", text.text, parsed.text)))
            }
            (Function::JsonToString, [value]) => {
                self.value(span, "`States.JsonToString` puts a text in quotes and has all digits of a number; `$string` does not");
                Some(Code::call("$string", std::slice::from_ref(value)))
            }
            (Function::Base64Encode | Function::Base64Decode, [value]) => {
                let name = if function == Function::Base64Encode { "$base64encode" } else { "$base64decode" };
                self.value(
                    span,
                    format!(
                        "`{name}` takes each character for one byte, and `States.{function:?}` takes UTF-8"
                    ),
                );
                Some(Code { is_plain: true, ..Code::call(name, std::slice::from_ref(value)) })
            }
            (Function::Hash, both @ [_, _]) => Some(Code { is_plain: true, ..Code::call("$hash", both) }),
            (Function::Uuid, []) => Some(Code::plain("$uuid()")),
            _ => self.no_function(call),
        }
    }

    fn on_arrays(&mut self, call: &WrittenCall, input: &Input<'a>) -> Option<Code> {
        let (function, span) = (call.function, call.span);
        match (function, self.arguments_of(call, input)?.as_slice()) {
            (Function::Array, elements) => {
                if elements.iter().any(|element| !element.is_plain) {
                    self.value(span, "an argument of `States.Array` that is an array is one element, and is joined in JSONata");
                }
                let elements: Vec<_> = elements.iter().map(|element| element.text.as_str()).collect();
                Some(Code::atom(format!("[{}]", elements.join(", "))))
            }
            (Function::ArrayPartition, [array, size]) => {
                let size = self.whole(size, span);
                Some(Code::call("$partition", &[array.clone(), size]))
            }
            (Function::ArrayContains, [array, value]) if value.is_plain => {
                Some(Code::compared(value, "in", array))
            }
            (Function::ArrayContains, [array, value]) => {
                let found =
                    Code::atom(format!("{}[$ = {}]", array.within(Binds::Atom), value.within(Binds::Join)));
                Some(Code::call("$exists", &[found]))
            }
            (Function::ArrayRange, numbers) => {
                let numbers: Vec<_> = numbers.iter().map(|number| self.whole(number, span)).collect();
                // One number alone would not be an array.
                Some(Code::atom(format!("[{}]", Code::call("$range", &numbers).text)))
            }
            (Function::ArrayGetItem, [array, index]) => {
                let index = self.whole(index, span);
                Some(Code::atom(format!("{}[{}]", array.within(Binds::Atom), index.text)))
            }
            (Function::ArrayLength, [array]) => {
                Some(Code { is_plain: true, ..Code::call("$count", std::slice::from_ref(array)) })
            }
            (Function::ArrayUnique, [array]) => Some(Code::call("$distinct", std::slice::from_ref(array))),
            _ => self.no_function(call),
        }
    }

    fn on_numbers(&mut self, call: &WrittenCall, input: &Input<'a>) -> Option<Code> {
        match (call.function, self.arguments_of(call, input)?.as_slice()) {
            (Function::MathAdd, [left, right]) => {
                let sum = [self.whole(left, call.span), self.whole(right, call.span)];
                Some(Code { is_plain: true, ..Code::joined(&sum, "+", Binds::Join) })
            }
            (Function::MathRandom, [start, end, seed @ ..]) => {
                if !seed.is_empty() {
                    self.value(call.span, "a seed yields other numbers in JSONata");
                }
                let length = Code::joined(&[end.clone(), start.clone()], "-", Binds::Atom);
                let drawn = format!("{} + $random() * ({})", start.within(Binds::Join), length.text);
                Some(Code { is_plain: true, ..Code::call("$floor", &[Code::atom(drawn)]) })
            }
            _ => self.no_function(call),
        }
    }

    fn no_function(&mut self, call: &WrittenCall) -> Option<Code> {
        let name = intrinsic::name(call.function);
        self.impossible(
            call.span,
            format!("nothing in JSONata does what `{name}` does with these arguments"),
        );
        None
    }

    fn argument(&mut self, argument: &Argument, input: &Input<'a>) -> Option<Code> {
        match argument {
            Argument::Constant(_, constant) => Some(constant_code(constant)),
            Argument::Call(call) => self.call(call, input),
            Argument::Path(path) => {
                let text = Text::at_once(path.text.clone(), path.span);
                self.path_code(&text, input)
            }
        }
    }

    fn first_two(&mut self, call: &WrittenCall, input: &Input<'a>) -> Option<(Code, Code)> {
        let [left, right, ..] = call.arguments.as_slice() else { return None };
        Some((self.argument(left, input)?, self.argument(right, input)?))
    }

    /// Intrinsic functions round what is to be a whole number, halves upwards.
    fn whole(&mut self, number: &Code, span: Span) -> Code {
        if number.is_plain {
            return number.clone();
        }
        if self.approximately {
            self.value(span, "intrinsic functions round their numbers first, and JSONata does not");
            return number.clone();
        }
        Code::call("$floor", &[Code::joined(&[number.clone(), Code::atom("0.5")], "+", Binds::Join)])
    }

    /// The template is cut at its braces.
    fn format(&mut self, call: &WrittenCall, input: &Input<'a>) -> Option<Code> {
        let (Some(Argument::Constant(_, Constant::String(template))), arguments) =
            (call.arguments.first(), call.arguments.get(1..).unwrap_or_default())
        else {
            self.impossible(call.span, "the template of `States.Format` is not known before it is evaluated");
            return None;
        };
        let mut parts = Vec::new();
        let mut arguments = arguments.iter();
        let mut literal = String::new();
        let mut characters = template.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => literal.extend(characters.next()),
                '{' => {
                    characters.next();
                    if !literal.is_empty() {
                        parts.push(text(&std::mem::take(&mut literal)));
                    }
                    let argument = arguments.next()?;
                    let code = self.argument(argument, input)?;
                    if !code.is_plain {
                        self.value(argument.span(), format!("`{}` is printed otherwise if it is an object, an array or a fraction, and may be missing", code.text));
                    }
                    parts.push(code);
                }
                other => literal.push(other),
            }
        }
        if !literal.is_empty() || parts.is_empty() {
            parts.push(text(&literal));
        }
        let joined = match parts.as_slice() {
            [one] if one.text.starts_with(['\'', '"']) => one.clone(),
            [one] => Code::call("$string", std::slice::from_ref(one)),
            parts => Code::joined(parts, "&", Binds::Join),
        };
        Some(Code { is_plain: true, ..joined })
    }

    /// Every character of the separators is one, and there are no empty parts.
    fn split(&mut self, call: &WrittenCall, input: &Input<'a>) -> Option<Code> {
        let [split, Argument::Constant(_, Constant::String(separators))] = call.arguments.as_slice() else {
            self.impossible(
                call.span,
                "the separators of `States.StringSplit` are not known before it is evaluated",
            );
            return None;
        };
        let split = self.argument(split, input)?;
        let class: String = separators
            .chars()
            .flat_map(|c| if r"\/[]^-".contains(c) { vec!['\\', c] } else { vec![c] })
            .collect();
        if class.is_empty() {
            return Some(Code::atom(format!("[{}]", split.text)));
        }
        Some(Code::atom(format!("[$split({}, /[{class}]/)[$ != '']]", split.text)))
    }
}

/// A literal among the arguments.
pub(super) fn constant_code(constant: &Constant) -> Code {
    match constant {
        Constant::Null => Code::plain("null"),
        Constant::Bool(value) => Code::plain(value.to_string()),
        Constant::Number(Number::Int(number)) => Code::plain(number.to_string()),
        Constant::Number(Number::Uint(number)) => Code::plain(number.to_string()),
        Constant::Number(Number::Float(number)) => Code::atom(number.to_string()),
        Constant::String(string) => text(string),
        Constant::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(|element| constant_code(element).text).collect();
            Code::atom(format!("[{}]", elements.join(", ")))
        }
        Constant::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| format!("{}: {}", text(key).text, constant_code(value).text));
            Code::atom(format!("{{{}}}", Vec::from_iter(members).join(", ")))
        }
    }
}
