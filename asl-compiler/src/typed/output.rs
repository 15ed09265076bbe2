//! What is known about the output of a machine to types of Rust: what a program gets that runs an execution.
//!
//! In: the [`Shape`] of the output. Out: [`Types`], if anything is known. Every output that there can be is a value of them: what may be of several
//! kinds is a `Value`, and an object that may have other fields than those that are known is a map.

use super::{Content, DEPTH, Field, LIMIT, Named, TAKEN, Type, Types, field_name, maybe_absent, optional};
use crate::identifiers::Identifiers;
use crate::shape::{Array, Kinds, Object, Shape, Values};
use crate::vocabulary::Number;

/// The name of the type of the whole output.
const ROOT: &str = "Output";

/// The types of an output, beside those of the input; nothing if it may be anything, or there is none.
#[must_use]
pub(crate) fn output_types(output: &Shape, input: &Types) -> Option<Types> {
    let mut identifiers = Identifiers::default();
    for name in TAKEN.into_iter().chain(input.named.iter().map(|named| named.name.as_str())) {
        identifiers.assign(name);
    }
    let mut writer = Writer { identifiers, named: Vec::new() };
    let root = writer.shape(output, None, DEPTH);
    let name = ROOT.to_owned();
    (root != Type::Value).then_some(Types { name, named: writer.named, root })
}

struct Writer {
    identifiers: Identifiers,
    named: Vec<Named>,
}

impl Writer {
    /// The type of a value; one that is not the whole has a name to be named after.
    fn shape(&mut self, shape: &Shape, name: Option<&str>, depth: usize) -> Type {
        let depth = depth.checked_sub(1).filter(|_| self.named.len() < LIMIT);
        let (Some(kinds), Some(depth)) = (shape.kinds(), depth) else { return Type::Value };
        let Kinds { null, booleans, numbers, strings, array, object } = kinds;
        let number = (!numbers.is_none()).then(|| number(numbers));
        let simple = [(!booleans.is_none()).then_some(Type::Bool), number]
            .into_iter()
            .chain([(!strings.is_none()).then_some(Type::String)]);
        let simple: Vec<_> = simple.flatten().collect();
        let found = match (simple.as_slice(), array, object) {
            ([only], None, None) => only.clone(),
            ([], Some(array), None) => self.array(array, name, depth),
            ([], None, Some(object)) => self.object(object, name, depth),
            _ => return Type::Value,
        };
        if *null { optional(found) } else { found }
    }

    fn array(&mut self, array: &Array, name: Option<&str>, depth: usize) -> Type {
        let name = name.map_or_else(|| "Item".to_owned(), |name| format!("{name} item"));
        let element = match array {
            Array::Each(shape) => shape.clone(),
            // Elements that are not alike are values of any kind.
            Array::Tuple(shapes) => Shape::join_all(shapes),
        };
        Type::Array(Box::new(self.shape(&element, Some(&name), depth)))
    }

    fn object(&mut self, object: &Object, name: Option<&str>, depth: usize) -> Type {
        let fields: Vec<_> = object.fields.iter().filter(|(_, field)| !field.shape.is_never()).collect();
        if fields.is_empty() || !object.rest.is_never() {
            return Type::Map(Box::new(Type::Value));
        }
        let mut identifiers = Identifiers::default();
        let mut written = Vec::new();
        for (key, field) in fields {
            let found = self.shape(&field.shape, Some(key), depth);
            written.push(Field {
                key: key.to_string(),
                name: field_name(key, identifiers.assign(key).1),
                description: None,
                r#type: if field.required { found } else { maybe_absent(found) },
                required: field.required,
            });
        }
        let name = name.map_or_else(|| ROOT.to_owned(), |name| self.identifiers.assign(name).0);
        self.named.push(Named { name: name.clone(), description: None, content: Content::Fields(written) });
        Type::Named(name)
    }
}

/// Numbers of which some may have a fraction are numbers.
fn number(numbers: &Values<Number>) -> Type {
    match numbers {
        Values::OneOf(numbers) if numbers.iter().all(|number| matches!(number, Number::Int(_))) => {
            Type::Integer
        }
        Values::Any | Values::OneOf(_) => Type::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::lines;
    use super::*;
    use crate::options::Options;
    use crate::source::SourceFile;
    use crate::{analysis, typed};

    fn shown(states: &str) -> Vec<String> {
        let text = format!(r#"{{ "QueryLanguage": "JSONata", "StartAt": "A", "States": {{ {states} }} }}"#);
        let analysis = analysis::analyse(&SourceFile::new("t.asl.json", text), &Options::default());
        assert!(analysis.machine.is_some(), "{:?}", analysis.diagnostics);
        let schema = r#"{ "type": "object", "properties": { "total": { "properties": { "a": { "type": "string" } } } } }"#;
        let input = typed::types(&SourceFile::new("t.schema.json", schema)).unwrap();
        analysis
            .output
            .and_then(|output| output_types(&output, &input))
            .map_or_else(Vec::new, |types| lines(&types))
    }

    #[test]
    fn what_is_known_of_the_output_becomes_types() {
        let pass = r#""A": { "Type": "Pass", "End": true, "Output":"#;
        for (output, expected) in [
            (
                r#"{ "count": 3, "price": 2.5, "text": "{% $string($states.input) %}", "all": [{ "id": "x", "type": true }], "none": null,
                    "any": "{% $states.input %}", "total": { "net": 1 } }"#,
                vec![
                    "AllItem { id: string, r#type: bool }",
                    "Total2 { net: integer }",
                    "Output { all: [AllItem], any: value, count: integer, none: value, price: number, text: string, total: Total2 }",
                    "= Output",
                ],
            ),
            (r#"[1, "two"]"#, vec!["= [value]"]),
            ("7", vec!["= integer"]),
            (r#""{% $states.input %}""#, vec![]),
            (r#""{% $merge([$states.input, { 'a': 1 }]) %}""#, vec!["= map of value"]),
        ] {
            assert_eq!(shown(&format!("{pass} {output} }}")), expected, "{output}");
        }
    }

    #[test]
    fn a_field_of_some_outputs_is_optional_and_a_machine_that_fails_has_none() {
        let choice = r#""A": { "Type": "Choice", "Choices": [{ "Condition": "{% $states.input.b %}", "Next": "B" }], "Default": "C" },
            "B": { "Type": "Pass", "Output": { "id": "b", "extra": 1 }, "End": true },
            "C": { "Type": "Pass", "Output": { "id": "c" }, "End": true }"#;
        assert_eq!(shown(choice), ["Output { extra: integer?, id: string }", "= Output"]);
        assert_eq!(shown(r#""A": { "Type": "Fail", "Error": "E", "Cause": "C" }"#), Vec::<String>::new());
    }
}
