//! The grammar of intrinsic functions.
//!
//! In: a decoded string. Out: a [`WrittenCall`], or the first fault with its place. Never looks at whether arguments fit.

use super::functions::{from_name, names};
use super::{Argument, NESTING_LIMIT, WrittenCall};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::Text;
use crate::path::cursor::{Cursor, Fault, number};
use crate::path::{PathPlace, Written};
use crate::suggest::closest;
use crate::vocabulary::{Constant, Function};

/// The fault was reported.
struct Reported;

pub(super) fn parse(text: &Text, place: PathPlace, diagnostics: &mut Diagnostics) -> Option<WrittenCall> {
    let mut parser = Parser { cursor: Cursor::new(text), place, diagnostics };
    let call = parser.call(1).ok()?;
    if !parser.cursor.only_blanks_left() {
        parser.cursor.skip_blanks();
        let fault = parser.cursor.fault("something follows the call", "expected nothing more here");
        parser.report(fault);
        return None;
    }
    Some(call)
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    place: PathPlace,
    diagnostics: &'a mut Diagnostics,
}

impl Parser<'_> {
    fn report(&mut self, fault: Fault) -> Reported {
        let text = self.cursor.text;
        let wanted = "a call of an intrinsic function";
        self.diagnostics.push(fault.into_diagnostic(Code::InvalidIntrinsic, text, &text.value, wanted));
        Reported
    }

    fn call(&mut self, depth: usize) -> Result<WrittenCall, Reported> {
        let start = self.cursor.at;
        let name = self.cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
        let name_span = self.cursor.span(start);
        if depth > NESTING_LIMIT {
            let what = format!("calls are nested deeper than {NESTING_LIMIT}");
            let fault = Fault::new(start..self.cursor.at, what, "AWS does not take this call");
            return Err(self.report(fault));
        }
        if self.cursor.peek() != Some('(') {
            let fault = self.cursor.fault("its arguments are missing", "expected `(` right after the name");
            return Err(self.report(fault));
        }
        let Some(function) = from_name(name) else { return Err(self.report_unknown(name, start)) };
        let arguments = self.arguments(function, depth)?;
        Ok(WrittenCall { span: self.cursor.span(start), name_span, function, arguments })
    }

    fn report_unknown(&mut self, name: &str, start: usize) -> Reported {
        let message = format!("there is no intrinsic function `{name}`");
        let diagnostic = Diagnostic::new(Code::UnknownIntrinsic, self.cursor.span(start), message)
            .label("no such function");
        self.diagnostics.push(match closest(name, names()) {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
            None => diagnostic,
        });
        Reported
    }

    /// The arguments with their parentheses.
    fn arguments(&mut self, function: Function, depth: usize) -> Result<Vec<Argument>, Reported> {
        let open = self.cursor.at;
        self.cursor.advance();
        self.cursor.skip_blanks();
        let mut arguments = Vec::new();
        if self.cursor.eat(')') {
            return Ok(arguments);
        }
        loop {
            // The template of `States.Format` keeps its escapes: they tell a brace from a place for an argument.
            let is_template = function == Function::Format && arguments.is_empty();
            self.cursor.count_part().map_err(|fault| self.report(fault))?;
            arguments.push(self.argument(is_template, depth)?);
            if self.cursor.eat_comma() {
                continue;
            }
            self.cursor.skip_blanks();
            if self.cursor.eat(')') {
                return Ok(arguments);
            }
            let fault = match self.cursor.peek() {
                None => self.cursor.fault_from(open, "it ends inside of arguments", "this `(` has no `)`"),
                Some(_) => {
                    self.cursor.fault("an argument is followed by something else", "expected `,` or `)`")
                }
            };
            return Err(self.report(fault));
        }
    }

    fn argument(&mut self, is_template: bool, depth: usize) -> Result<Argument, Reported> {
        let start = self.cursor.at;
        match self.cursor.peek() {
            Some('\'') => {
                let text = self.quoted(is_template).map_err(|fault| self.report(fault))?;
                Ok(Argument::Constant(self.cursor.span(start), Constant::String(text)))
            }
            Some('$') => self.path(),
            Some(_) if self.cursor.rest().starts_with("States.") => self.call(depth + 1).map(Argument::Call),
            _ => {
                let constant = self.word().map_err(|fault| self.report(fault))?;
                Ok(Argument::Constant(self.cursor.span(start), constant))
            }
        }
    }

    fn path(&mut self) -> Result<Argument, Reported> {
        let path = match Written::parse_argument(&mut self.cursor) {
            Ok(written) => written.resolve(self.place, self.diagnostics),
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                None
            }
        };
        path.map(Argument::Path).ok_or(Reported)
    }

    /// A literal in single quotes.
    fn quoted(&mut self, keep_escapes: bool) -> Result<String, Fault> {
        let start = self.cursor.at;
        self.cursor.advance();
        let mut text = String::new();
        loop {
            let at = self.cursor.at;
            match self.cursor.next() {
                Some('\'') => return Ok(text),
                Some('\\') => match self.cursor.next() {
                    Some('\'') => text.push('\''),
                    Some(c @ ('{' | '}' | '\\')) if keep_escapes => text.extend(['\\', c]),
                    Some(c @ ('{' | '}' | '\\')) => text.push(c),
                    _ => return Err(unknown_escape(&self.cursor, at)),
                },
                Some(c) => text.push(c),
                None => {
                    let what = "a quoted text does not end";
                    return Err(self.cursor.fault_from(start, what, "this quote is not closed"));
                }
            }
        }
    }

    /// A literal without quotes.
    fn word(&mut self) -> Result<Constant, Fault> {
        let start = self.cursor.at;
        let word = self.cursor.take_while(|c| c.is_alphanumeric() || "+-._".contains(c));
        match word {
            "true" => return Ok(Constant::Bool(true)),
            "false" => return Ok(Constant::Bool(false)),
            "null" => return Ok(Constant::Null),
            _ => {}
        }
        if let Some(number) = number(word) {
            return Ok(Constant::Number(number));
        }
        let label = "expected a path, a call, a text in single quotes, a number, `true`, `false` or `null`";
        Err(match self.cursor.peek() {
            Some('"') if word.is_empty() => {
                self.cursor.fault("a text has double quotes", "texts have single quotes here")
            }
            _ if word.is_empty() => self.cursor.fault("an argument is missing", label),
            _ => Fault::new(start..self.cursor.at, "a text has no quotes", label)
                .help(format!("a text has single quotes: `'{word}'`")),
        })
    }
}

fn unknown_escape(cursor: &Cursor<'_>, at: usize) -> Fault {
    let escape = cursor.since(at);
    let fault = Fault::new(
        at..cursor.at,
        "a text has an escape that intrinsic functions do not have",
        r"expected `\'`, `\{`, `\}` or `\\`",
    );
    match escape {
        r#"\""# => {
            fault.help(r#"inside of single quotes a double quote needs no backslash: write `\"` in JSON"#)
        }
        r"\n" => fault.help(r"write a line break as `\n` in JSON, with one backslash"),
        r"\t" => fault.help(r"write a tab as `\t` in JSON, with one backslash"),
        _ => fault.help(r"write a backslash as `\\\\` in JSON"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intrinsic;
    use crate::source::Span;
    use crate::vocabulary::Number;

    fn text(call: &str) -> Text {
        Text { value: call.to_owned(), span: Span::new(0, 2 + call.len()), escapes: Vec::new() }
    }

    fn parsed(call: &str) -> WrittenCall {
        let mut diagnostics = Diagnostics::default();
        let call = intrinsic::parse(&text(call), PathPlace::default(), &mut diagnostics);
        assert_eq!(diagnostics.into_sorted(), []);
        call.expect("a call")
    }

    fn fault(call: &str) -> (Code, usize, usize) {
        let mut diagnostics = Diagnostics::default();
        assert!(intrinsic::parse(&text(call), PathPlace::default(), &mut diagnostics).is_none(), "{call}");
        let faults = diagnostics.into_sorted();
        let [fault] = &faults[..] else { panic!("one fault of `{call}`: {faults:?}") };
        (fault.code, fault.span.start - 1, fault.span.end - 1)
    }

    fn constants(call: &str) -> Vec<Constant> {
        let constant = |argument| match argument {
            Argument::Constant(_, constant) => constant,
            Argument::Path(_) | Argument::Call(_) => panic!("a constant"),
        };
        parsed(call).arguments.into_iter().map(constant).collect()
    }

    fn string(text: &str) -> Constant {
        Constant::String(text.to_owned())
    }

    #[test]
    fn literals_are_read() {
        let number = |int| Constant::Number(Number::Int(int));
        let words = [Constant::Null, Constant::Bool(true), Constant::Bool(false), number(-1), string("x")];
        assert_eq!(constants("States.Array(null,true, false ,-1, 'x')"), words);
        assert_eq!(constants("States.Array()"), []);
        assert_eq!(constants("States.Array( )  "), []);
        assert_eq!(constants("States.Array(1.5)"), [Constant::Number(Number::Float(1.5))]);
    }

    #[test]
    fn escapes_are_decoded_but_for_templates() {
        assert_eq!(constants(r"States.Array('a\'b\{\}\\')"), [string(r"a'b{}\")]);
        assert_eq!(constants(r"States.Format('a\'b\{\}\\')"), [string(r"a'b\{\}\\")]);
        assert_eq!(constants(r"States.Format('{}', '\{\}')"), [string("{}"), string("{}")]);
    }

    #[test]
    fn paths_end_with_their_argument() {
        let call = parsed("States.Array($, $.a['b,)'].c , $.l[?(@.a == ',)')].d,$$.Execution.Id, $v.x)");
        let mut paths = Vec::new();
        call.paths(&mut paths);
        let texts: Vec<_> = paths.iter().map(|path| path.text.as_str()).collect();
        assert_eq!(texts, ["$", "$.a['b,)'].c", "$.l[?(@.a == ',)')].d", "$$.Execution.Id", "$v.x"]);
        assert_eq!(paths[1].span, Span::new(17, 29));
    }

    #[test]
    fn calls_are_nested_up_to_the_limit() {
        let nested = |depth| format!("{}1{}", "States.Array(".repeat(depth), ")".repeat(depth));
        parsed(&nested(NESTING_LIMIT));
        assert_eq!(fault(&nested(NESTING_LIMIT + 1)), (Code::InvalidIntrinsic, 130, 142));
        fault(&nested(100_000));
    }

    #[test]
    fn faults_are_at_the_character() {
        for (call, range) in [
            ("States.JsonToString($", (19, 21)),
            ("States.StringToJson $.a)", (19, 20)),
            ("States. ", (7, 8)),
            ("States.Array(1,)", (15, 16)),
            ("States.Array(1 2)", (15, 16)),
            ("States.Array(1) x", (16, 17)),
            ("States.Array(abc)", (13, 16)),
            ("States.Array('abc)", (13, 18)),
            ("States.Array(\"abc\")", (13, 14)),
            (r#"States.Format('say \"{}\"', 1)"#, (19, 21)),
        ] {
            assert_eq!(fault(call), (Code::InvalidIntrinsic, range.0, range.1), "{call}");
        }
        assert_eq!(fault("States.Array($.a[, 1)"), (Code::InvalidPath, 16, 17));
        assert_eq!(fault("States.Array($.a.b c, 1)"), (Code::InvalidPath, 18, 19));
        assert_eq!(fault("States.Default($.a, 1)"), (Code::UnknownIntrinsic, 0, 14));
        assert_eq!(fault("States.Array($$.Exec)"), (Code::UnknownContextField, 15, 20));
    }
}
