//! What the fields of a state read: paths, selections, templates. Collects what cannot work.

use super::flow::Facts;
use super::kind::Wanted;
use super::path::{Miss, Presence};
use super::{Array, Kinds, Name, Object, Origin, Shape, Source, context, intrinsic};
use crate::definition::{Choice, Comparison, Expression, Member, Output, QueryLanguage, Selection, Template};
use crate::diagnostic::Diagnostic;
use crate::intrinsic::{Argument, WrittenCall};
use crate::path::{Path, StepAt};
use crate::source::Span;
use crate::vocabulary::{Function, Root, Step};

/// Something that cannot work.
#[derive(Debug)]
pub(super) enum Finding<'d> {
    /// A path leads nowhere.
    Missing { reference: Reference, miss: Miss, effect: Effect },
    /// A variable is read that nothing before has assigned.
    NeverAssigned { read: VariableRead },
    /// A variable is read that not every way has assigned.
    PossiblyUndefined { read: VariableRead },
    /// What is looked up or computed for a field is what that can never be.
    WrongKind { span: Span, what: String, given: Shape, wanted: Wanted },
    /// An operator or a function is given what it fails for.
    WrongOperand(Diagnostic),
    /// The Error Output is looked for beside the place that a catcher put it in.
    ErrorElsewhere { reference: Reference, place: Name },
    /// The data is asked for what the context object has.
    ContextAsData { reference: Reference },
    /// The items of a Map are not an array.
    NoItems { path: Option<(Span, &'d str)>, items: Shape, distributed: bool },
    /// A result is to be written into something that has no fields.
    NoObject { path: &'d Path, data: Shape },
    /// A comparison has values that it never holds for.
    NeverHolds {
        variable: &'d Path,
        /// The name of the operator.
        operator: Span,
        comparison: &'d Comparison,
        value: Shape,
        operand: Option<Shape>,
        /// It is one of several conditions of which one must hold, and another is the same for a value of another type.
        is_alternative: bool,
    },
    /// A choice rule is behind one that always holds.
    NeverReached { choice: &'d Choice, rule: usize, behind: usize },
    /// No rule of a Choice may hold, and there is no `Default`.
    NotExhaustive,
    /// An item is looked for at an index that an array of that length does not have.
    NoSuchItem { span: Span, length: usize },
    /// A path to any number of values asks for a field that none of them has.
    NothingSelected { path: &'d Path, name: &'d str, values: Shape },
    /// An argument of an intrinsic function is of a kind that it fails for.
    WrongArgument { function: Function, span: Span, value: Shape, wanted: &'static str },
}

/// A variable that is read.
#[derive(Debug)]
pub(super) struct VariableRead {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) language: QueryLanguage,
    /// Without a value the execution fails there.
    pub(super) fails: bool,
}

/// What a path that leads nowhere does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The execution fails there.
    Fails,
    /// It is nothing, with which the execution goes on.
    Nothing,
    /// It was asked whether there is something.
    Absent,
}

/// A path in whatever language.
#[derive(Debug)]
pub(super) struct Reference {
    /// The whole as written.
    pub(super) text: String,
    /// Where it starts, as written.
    pub(super) root: String,
    /// The way from there.
    pub(super) steps: Vec<StepAt>,
}

/// Fields of the context object that data hardly has, each with the way to them.
const CONTEXT: [(&[&str], &[&str]); 5] = [
    (&["Execution"], &["Id", "Input", "Name", "RoleArn", "StartTime"]),
    (&["Map", "Item"], &["Index", "Key", "Source", "Value"]),
    (&["State"], &["EnteredTime", "RetryCount"]),
    (&["StateMachine"], &["Id", "Name"]),
    (&["Task"], &["Token"]),
];

/// Collects what cannot work.
#[derive(Debug, Default)]
pub(super) struct Reads<'d> {
    pub(super) findings: Vec<Finding<'d>>,
    /// What JSONata expressions see besides the input.
    pub(super) scope: Scope,
}

/// What the JSONata expressions of a field see besides the input.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// `$states.result`
    pub(super) result: Option<Shape>,
    /// `$states.errorOutput`
    pub(super) error_output: Option<Shape>,
}

impl<'d> Reads<'d> {
    pub(super) fn found(&mut self, finding: Finding<'d>) {
        self.findings.push(finding);
    }

    /// The value of a path into `data`.
    pub(super) fn path(&mut self, path: &'d Path, data: &Shape, facts: &Facts) -> Shape {
        let steps = path.steps.iter().map(|step| &step.step);
        if path.root == Root::Data {
            self.error_elsewhere(data, reference(path));
            self.context_as_data(data, path);
        }
        let found = match &path.root {
            Root::Data => data.walk(steps),
            Root::Context(field) => context::field(*field, facts).walk(steps),
            Root::Variable(name) => {
                if path.selectors.is_empty() {
                    let (name, span) = (name.clone(), path.root_span);
                    self.variable(
                        VariableRead { name, span, language: QueryLanguage::JsonPath, fails: true },
                        facts,
                    );
                }
                let Some(variable) = facts.variables.step(&Step::Name(name.clone())) else {
                    return Shape::UNKNOWN;
                };
                variable.walk(steps)
            }
        };
        match found {
            Ok(found) if path.is_definite() => found.select(&path.selectors),
            Ok(found) => {
                if let Some((name, values)) = found.lacks_selected(&path.selectors) {
                    self.found(Finding::NothingSelected { path, name, values });
                }
                Shape::array_of(found.select(&path.selectors))
            }
            // A path to any number of values passes over what is not there, and finds none.
            Err(miss) if !path.is_definite() && !miss.is_of_result() => Shape::array_of(Shape::UNKNOWN),
            Err(miss) => {
                let certain = path.is_definite();
                let effect = if certain { Effect::Fails } else { Effect::Nothing };
                self.found(Finding::Missing { reference: reference(path), miss, effect });
                if certain { Shape::UNKNOWN } else { Shape::array_of(Shape::UNKNOWN) }
            }
        }
    }

    /// Whether the Error Output is looked for where it is not: a catcher has put it into a field.
    pub(super) fn error_elsewhere(&mut self, data: &Shape, reference: Reference) {
        let Some(Step::Name(name)) = reference.steps.first().map(|step| &step.step) else { return };
        let object = data.kinds().and_then(|kinds| kinds.object.as_ref());
        let Some(object) = object.filter(|object| {
            ["Error", "Cause"].contains(&name.as_str())
                && object.is_open()
                && !object.fields.contains_key(name.as_str())
        }) else {
            return;
        };
        let place = object.fields.iter().find(|(_, field)| field.required && field.shape.is_error_output());
        if let Some((place, _)) = place {
            self.found(Finding::ErrorElsewhere { reference, place: place.clone() });
        }
    }

    /// `$.Execution.Id` where `$$.Execution.Id` was meant, unless the data is known to have such a field.
    fn context_as_data(&mut self, data: &Shape, path: &Path) {
        let names = path.steps.iter().map_while(|step| match &step.step {
            Step::Name(name) => Some(name.as_str()),
            Step::Index(_) | Step::FromEnd(_) => None,
        });
        let names: Vec<_> = names.collect();
        let is_of_context = CONTEXT.iter().any(|(holders, fields)| {
            names.strip_prefix(*holders).and_then(<[_]>::first).is_some_and(|name| fields.contains(name))
        });
        let may_have = |kinds: &Kinds| {
            let object = kinds.object.as_ref();
            object.is_some_and(|object| {
                object.is_open() && !names.first().is_some_and(|name| object.fields.contains_key(*name))
            })
        };
        if is_of_context && data.kinds().is_none_or(may_have) {
            self.found(Finding::ContextAsData { reference: reference(path) });
        }
    }

    /// It is asked whether a path leads to something. Where an object has no such field on any way, that is not a question.
    pub(super) fn presence(&mut self, path: &'d Path, facts: &Facts) {
        let steps = path.steps.iter().map(|step| &step.step);
        if path.root == Root::Data
            && let Err(miss) = facts.data.walk(steps)
            && path.steps.get(miss.step).is_some_and(|step| miss.is_foreign(&step.step))
        {
            self.found(Finding::Missing { reference: reference(path), miss, effect: Effect::Absent });
        }
    }

    /// A variable is read; whether it has a value.
    pub(super) fn variable(&mut self, read: VariableRead, facts: &Facts) {
        match facts.variables.presence(&read.name) {
            Presence::Always => {}
            Presence::Perhaps => self.found(Finding::PossiblyUndefined { read }),
            Presence::Never => self.found(Finding::NeverAssigned { read }),
        }
    }

    /// `InputPath` or `OutputPath`.
    pub(super) fn selection(&mut self, selection: &'d Selection, data: &Shape, facts: &Facts) -> Shape {
        match selection {
            Selection::Whole => data.clone(),
            Selection::Nothing => Shape::object(Object::default()),
            Selection::Path(path) => self.path(path, data, facts),
        }
    }

    /// `OutputPath` or `Output`.
    pub(super) fn output(&mut self, output: &'d Output, data: &Shape, facts: &Facts) -> Shape {
        match output {
            Output::Selection(selection) => self.selection(selection, data, facts),
            Output::Template(template) => self.built(template, data, facts),
        }
    }

    /// An expression whose field has to be something.
    pub(super) fn field(&mut self, expression: &'d Expression, wanted: Wanted, facts: &Facts) {
        self.decided(expression, wanted, facts);
    }

    /// Whether an expression whose field has to be something is a condition that never holds.
    pub(super) fn decided(&mut self, expression: &'d Expression, wanted: Wanted, facts: &Facts) -> bool {
        let (given, never_holds) = self.evaluated(expression, facts);
        let what = format!("the expression of `{}`", expression.field);
        self.has_to_be(expression.span, what, given, wanted);
        never_holds
    }

    /// A path whose field has to be something.
    pub(super) fn field_path(&mut self, path: &'d Path, wanted: Wanted, data: &Shape, facts: &Facts) {
        let given = self.path(path, data, facts);
        self.has_to_be(path.span, format!("the path `{}`", path.text), given, wanted);
    }

    fn has_to_be(&mut self, span: Span, what: String, given: Shape, wanted: Wanted) {
        if !wanted.may_be(&given) {
            self.found(Finding::WrongKind { span, what, given, wanted });
        }
    }

    /// A template, if there is one; without it the data stays as it is.
    pub(super) fn template(&mut self, template: Option<&'d Template>, data: &Shape, facts: &Facts) -> Shape {
        template.map_or_else(|| data.clone(), |template| self.built(template, data, facts))
    }

    /// What a template builds.
    pub(super) fn built(&mut self, template: &'d Template, data: &Shape, facts: &Facts) -> Shape {
        match template {
            Template::Path { path, .. } => self.path(path, data, facts),
            Template::Intrinsic { call, .. } => self.call(call, data, facts),
            Template::Object(span, members) => {
                let fields =
                    members.iter().map(|member| (member.name(), self.built(&member.value, data, facts)));
                let object = Object::closed(fields.collect::<Vec<_>>());
                Shape::object(object.from(Source { origin: Origin::Definition, span: Some(*span) }))
            }
            Template::Array(_, elements) => {
                let elements = elements.iter().map(|element| self.built(element, data, facts));
                Shape::array(Array::Tuple(elements.collect()))
            }
            Template::Expression(expression) => self.expression(expression, facts),
            Template::Constant(value) => Shape::of_value(value),
            Template::Invalid(_) => Shape::UNKNOWN,
        }
    }

    /// A call of an intrinsic function.
    pub(super) fn call(&mut self, call: &'d WrittenCall, data: &Shape, facts: &Facts) -> Shape {
        let (mut arguments, mut fails) = (Vec::new(), false);
        for (argument, index) in call.arguments.iter().zip(0..) {
            let value = match argument {
                Argument::Constant(_, constant) => Shape::of_constant(constant),
                Argument::Path(path) => self.path(path, data, facts),
                Argument::Call(call) => self.call(call, data, facts),
            };
            // A constant of the wrong kind was reported with the call.
            if let (Argument::Path(_), Some(wanted)) =
                (argument, intrinsic::takes(call.function, index, &value))
            {
                let (function, span, value) = (call.function, argument.span(), value.clone());
                self.found(Finding::WrongArgument { function, span, value, wanted });
                fails = true;
            }
            arguments.push(value);
        }
        if let (Some(length), Some(index)) =
            (intrinsic::lacks_item(call.function, &arguments), call.arguments.get(1))
        {
            self.found(Finding::NoSuchItem { span: index.span(), length });
        }
        for fault in intrinsic::faults(call, &arguments) {
            self.found(Finding::WrongOperand(fault));
        }
        // Nothing comes back from a call that fails, so that a loop gives it no more than what it was given at first.
        if fails { Shape::never() } else { intrinsic::result(call.function, &arguments) }
    }

    /// `Assign`: the variables after it. All values are those before it.
    pub(super) fn assign(&mut self, variables: &'d [Member], data: &Shape, facts: &Facts) -> Shape {
        let mut assigned = facts.variables.clone();
        for variable in variables {
            let value = self.built(&variable.value, data, facts);
            let name = Step::Name(variable.name().to_owned());
            assigned = assigned.put(&[name], &value).unwrap_or_default();
        }
        assigned
    }
}

fn reference(path: &Path) -> Reference {
    Reference { text: path.text.clone(), root: root_text(&path.root), steps: path.steps.clone() }
}

/// The start of a path as users write it.
fn root_text(root: &Root) -> String {
    match root {
        Root::Data => "$".to_owned(),
        Root::Variable(name) => format!("${name}"),
        Root::Context(field) => context::text(*field).to_owned(),
    }
}
