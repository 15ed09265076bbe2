//! Choice states in JSONata.
//!
//! In: a Choice state as it is written, and what its paths start at. Out: its rules with a `Condition` each. A comparison of JSONPath does not hold for
//! values of another type, where JSONata has an error for most of them; so such a comparison asks for the type first.

use super::code::{Binds, Code, literal, text};
use super::edit::{Object, array};
use super::input::Input;
use super::output::{Leaving, Way};
use super::state::Converter;
use crate::json::{Kind, Value};

impl<'a> Converter<'a> {
    pub(super) fn choice(
        &mut self,
        state: &'a Value,
        input: &Input<'a>,
        object: &mut Object<'a>,
    ) -> Option<()> {
        let rules = state.get("Choices")?;
        let texts = rules.as_array()?.iter().map(|rule| self.rule(state, rule, input));
        let mut texts = texts.collect::<Option<Vec<_>>>()?.into_iter();
        let text = array(self.source, rules, |_| texts.next().unwrap_or_default());
        object.replace("Choices", "Choices", &text);
        self.assign(state, input, object)?;
        let old = ["OutputPath", "InputPath"];
        let Some(default) = state.get("Default") else {
            old.iter().for_each(|name| object.remove(name));
            return Some(());
        };
        let leaving = self.way_out(state, input, default.as_str())?;
        self.write(state, input, leaving, &old, "Choices", object)
    }

    fn way_out(&mut self, state: &'a Value, input: &Input<'a>, to: Option<&'a str>) -> Option<Leaving> {
        self.leave(&Way { fields: state, value: input.clone(), default: "$states.input", to })
    }

    fn rule(&mut self, state: &'a Value, rule: &'a Value, input: &Input<'a>) -> Option<String> {
        let condition = self.condition(rule, input)?;
        let mut object = Object::new(self.source, rule);
        let members = rule.as_object()?.iter().map(crate::json::Member::name);
        let old: Vec<_> = members.filter(|name| !["Next", "Assign", "Comment"].contains(name)).collect();
        object.put(&old, "Comment", "Condition", &condition.as_field());
        self.assign(rule, input, &mut object)?;
        let leaving = self.way_out(state, input, rule.get("Next").and_then(Value::as_str))?;
        self.write(rule, input, leaving, &[], "Condition", &mut object)?;
        Some(object.finish())
    }

    /// A rule without what follows if it holds. Its comment goes with it.
    fn condition(&mut self, rule: &'a Value, input: &Input<'a>) -> Option<Code> {
        for (name, operator, binds) in [("And", "and", Binds::And), ("Or", "or", Binds::Or)] {
            if let Some(rules) = rule.get(name) {
                let parts = rules.as_array()?.iter().map(|rule| self.inner_condition(rule, input));
                return Some(Code::joined(&parts.collect::<Option<Vec<_>>>()?, operator, binds));
            }
        }
        if let Some(negated) = rule.get("Not") {
            let negated = self.inner_condition(negated, input)?;
            return Some(Code::call("$not", &[negated]));
        }
        self.test(rule, input)
    }

    fn inner_condition(&mut self, rule: &'a Value, input: &Input<'a>) -> Option<Code> {
        let condition = self.condition(rule, input)?;
        let comment = rule.get("Comment").and_then(Value::as_str).filter(|comment| !comment.contains("*/"));
        Some(match comment {
            Some(comment) => Code { text: format!("/* {comment} */ {}", condition.text), ..condition },
            None => condition,
        })
    }

    fn test(&mut self, rule: &'a Value, input: &Input<'a>) -> Option<Code> {
        let Kind::String(variable) = &rule.get("Variable")?.kind else { return None };
        let left = self.path_code(variable, input)?;
        let operator = rule
            .as_object()?
            .iter()
            .find(|member| !["Variable", "Next", "Assign", "Comment"].contains(&member.name()))?;
        let (name, operand) = (operator.name(), &operator.value);
        if name != "IsPresent" {
            self.failure(
                variable.span,
                format!(
                    "where `{}` leads to nothing, the comparison does not hold, and the state failed",
                    variable.value
                ),
            );
        }
        if let Some(property) = name.strip_prefix("Is") {
            return self.property(&left, property, operand);
        }
        if name == "StringMatches" {
            return Some(guarded(&left, "string", matched(&left, operand.as_str()?)));
        }
        let (name, right) = match (name.strip_suffix("Path"), &operand.kind) {
            (Some(name), Kind::String(path)) => (name, self.path_code(path, input)?),
            _ => (name, literal(operand)),
        };
        let is_constant = operator.name() == name;
        self.compared(&left, name, &right, is_constant, operand)
    }

    /// A comparison by an operator such as `NumericLessThan`.
    fn compared(
        &mut self,
        left: &Code,
        name: &str,
        right: &Code,
        is_constant: bool,
        operand: &Value,
    ) -> Option<Code> {
        let types =
            [("String", "string"), ("Numeric", "number"), ("Boolean", "boolean"), ("Timestamp", "string")];
        let (relation, wanted) =
            types.iter().find_map(|(prefix, wanted)| Some((name.strip_prefix(prefix)?, *wanted)))?;
        let operator = match relation {
            "Equals" => "=",
            "LessThan" => "<",
            "GreaterThan" => ">",
            "LessThanEquals" => "<=",
            "GreaterThanEquals" => ">=",
            _ => return None,
        };
        if name.starts_with("Timestamp") {
            self.value(
                operand.span,
                "a day that there is not is an error for `$toMillis`, which knows no parts of milliseconds",
            );
            let millis = |code: &Code| Code::call("$toMillis", std::slice::from_ref(code));
            let comparison = Code::compared(&millis(left), operator, &millis(right));
            let operands: &[&Code] = if is_constant { &[left] } else { &[left, right] };
            let parts = operands.iter().flat_map(|code| [is_type(code, "string"), is_timestamp(code)]);
            return Some(Code::joined(&parts.chain([comparison]).collect::<Vec<_>>(), "and", Binds::And));
        }
        let comparison = Code::compared(left, operator, right);
        let is_equality = operator == "=";
        Some(match (is_equality, is_constant) {
            // Values of two types are never equal.
            (true, true) => comparison,
            (true, false) | (false, true) => guarded(left, wanted, comparison),
            (false, false) => {
                let both = [is_type(left, wanted), is_type(right, wanted), comparison];
                Code::joined(&both, "and", Binds::And)
            }
        })
    }

    fn property(&mut self, left: &Code, property: &str, operand: &Value) -> Option<Code> {
        let wanted = operand.as_bool()?;
        let operator = if wanted { "=" } else { "!=" };
        let of_type = |name: &str| {
            Code::compared(&Code::call("$type", std::slice::from_ref(left)), operator, &text(name))
        };
        Some(match property {
            "Present" => {
                let exists = Code::call("$exists", std::slice::from_ref(left));
                if wanted { exists } else { Code::call("$not", &[exists]) }
            }
            "Null" => Code::compared(left, operator, &Code::atom("null")),
            "String" => of_type("string"),
            "Numeric" => of_type("number"),
            "Boolean" => of_type("boolean"),
            "Timestamp" => {
                self.value(
                    operand.span,
                    "only the form of a timestamp is looked at, and not whether there is such a day",
                );
                let holds = guarded(left, "string", is_timestamp(left));
                if wanted { holds } else { Code::call("$not", &[holds]) }
            }
            _ => return None,
        })
    }
}

fn is_type(code: &Code, wanted: &str) -> Code {
    Code::compared(&Code::call("$type", std::slice::from_ref(code)), "=", &text(wanted))
}

/// Whether a text has the form of a timestamp.
fn is_timestamp(code: &Code) -> Code {
    let form = r"/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/";
    Code::atom(format!("$contains({}, {form})", code.text))
}

/// A condition that is asked only for values of a type.
fn guarded(left: &Code, wanted: &str, condition: Code) -> Code {
    Code::joined(&[is_type(left, wanted), condition], "and", Binds::And)
}

/// The pattern of `StringMatches` as a regular expression.
fn matched(left: &Code, pattern: &str) -> Code {
    let mut expression = String::from("^");
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '*' => expression.push_str(r"[\s\S]*"),
            '\\' => match characters.next() {
                Some(escaped @ ('*' | '\\')) => expression.extend(['\\', escaped]),
                Some(other) => {
                    expression.push_str(r"\\");
                    escape(other, &mut expression);
                }
                None => expression.push_str(r"\\"),
            },
            other => escape(other, &mut expression),
        }
    }
    Code::atom(format!("$contains({}, /{expression}$/)", left.text))
}

fn escape(character: char, expression: &mut String) {
    if r"/.+?()[]{}|^$".contains(character) {
        expression.push('\\');
    }
    expression.push(character);
}
