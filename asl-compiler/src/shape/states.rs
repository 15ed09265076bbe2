//! The data at each state of a definition, for editors.
//!
//! In: a source file, in which not all has to be right. Out: the shapes where each state is entered and left. Never reports a problem.

use super::{Settings, Shape, solve};
use crate::analysis::{HttpResult, Options, with_machine};
use crate::diagnostic::Diagnostics;
use crate::intrinsic::is_intrinsic;
use crate::ir::{Root, StateId, Step};
use crate::json::Text;
use crate::path::{Place, Written};
use crate::source::{SourceFile, Span};

/// What is known about the data at a state.
#[derive(Clone, Debug, PartialEq)]
pub struct StateData {
    /// The name of the state.
    pub name: String,
    /// The place of the name.
    pub name_span: Span,
    /// The data where it is entered; nothing if no execution enters it.
    pub input: Option<Shape>,
    /// What its task yields; unknown if it is none.
    pub result: Shape,
    /// The data where it is left; nothing if no execution leaves it well.
    pub output: Option<Shape>,
    /// The variables where it is entered: an object with a field for each that may have been assigned.
    pub variables: Shape,
}

/// The data at each state, in the order of the text; nothing for a text that is not a definition.
///
/// ```
/// use asl_compiler::{Options, shape, source::SourceFile};
///
/// let text = r#"{ "StartAt": "A", "States": {
///     "A": { "Type": "Pass", "Parameters": { "id.$": "States.UUID()", "n": 1 }, "Next": "B" },
///     "B": { "Type": "Succeed" } } }"#;
/// let states = shape::states(&SourceFile::new("machine.json", text), &Options::default());
/// let input = states[1].input.as_ref().unwrap();
/// assert_eq!(input.to_string(), "{ id: string, n: 1 }");
/// assert_eq!(input.at("$.id").unwrap().to_string(), "string");
/// ```
#[must_use]
pub fn states(source: &SourceFile, options: &Options) -> Vec<StateData> {
    let states = with_machine(source, options, |machine, diagnostics| {
        let http_body = options.http_result == HttpResult::Body;
        let faults = diagnostics.faults();
        let solution = solve(machine, &Settings { http_body, input: options.input.clone(), faults });
        let states = machine.states.iter().zip(0..).map(|(state, number)| {
            let id = StateId(number);
            let name = &state.definition.name;
            StateData {
                name: name.value.clone(),
                name_span: name.span,
                input: solution.input(id).cloned(),
                result: solution.result(id).cloned().unwrap_or_default(),
                output: solution.output(machine, id),
                variables: solution.variables(id).cloned().unwrap_or_default(),
            }
        });
        states.collect()
    });
    states.unwrap_or_default()
}

impl Shape {
    /// What a path into a value of this shape leads to, such as `$.order.lines[0]`; nothing if it leads nowhere, or to many values.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<Self> {
        let text = Text { value: path.to_owned(), span: Span::new(0, path.len()), escapes: Vec::new() };
        if is_intrinsic(&text) {
            return None;
        }
        let mut diagnostics = Diagnostics::default();
        let path = Written::parse(&text, &mut diagnostics)?.resolve(Place::default(), &mut diagnostics)?;
        let steps = path.ir_steps();
        match path.root {
            Root::Data if path.selectors.is_empty() => self.walk(&steps).ok(),
            Root::Variable(name) if path.selectors.is_empty() => {
                self.step(&Step::Name(name))?.walk(&steps).ok()
            }
            Root::Data | Root::Variable(_) | Root::Context(_) => None,
        }
    }

    /// The fields that a value of this shape may have, each with what it holds and whether it is always there.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Self, bool)> {
        let object = self.kinds().and_then(|kinds| kinds.object.as_ref());
        let fields = object.into_iter().flat_map(|object| &object.fields);
        fields
            .filter(|(_, field)| !field.shape.is_never())
            .map(|(name, field)| (&**name, &field.shape, field.required))
    }
}
