//! Paths in JSONata: `$states.input.lines[sku = 1].price`.

use super::Inference;
use crate::jsonata::check::{key_faults, sort_faults};
use crate::jsonata::tree::{self, ExpressionKind, Stage, StepKind};
use crate::path::StepAt;
use crate::shape::flow::Facts;
use crate::shape::path::Miss;
use crate::shape::read::Reference;
use crate::shape::report::steps_text;
use crate::shape::{Array, Kinds, Object, Shape, Source};
use crate::source::Span;
use crate::vocabulary::Step;

/// A path as far as it was followed.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    root: String,
    steps: Vec<StepAt>,
    source: Option<Source>,
}

impl Written {
    /// A field of something that is written so.
    pub(super) fn field(root: String, name: &str, span: Span) -> Self {
        Self { root, steps: vec![StepAt { span, step: Step::Name(name.to_owned()) }], source: None }
    }

    fn text(&self) -> String {
        format!("{}{}", self.root, steps_text(&self.steps))
    }
}

impl Inference<'_, '_, '_> {
    pub(super) fn path(&mut self, path: &tree::Path, needed: bool) -> Option<Shape> {
        // Where several values are bound at once, nothing is known.
        if path.tuple
            || path.steps.iter().any(|step| step.tuple || step.focus.is_some() || step.index.is_some())
        {
            return Some(Shape::UNKNOWN);
        }
        let (mut shape, mut written, taken) = self.start(path, needed)?;
        for (step, number) in path.steps.iter().zip(1..) {
            // Behind an array, an index is that in each of what its items have.
            let is_each = number > taken && may_be_array(&shape);
            if number > taken {
                shape = self.step(step, &shape, &mut written, needed)?;
            }
            let own = match &step.kind {
                StepKind::Expression(expression)
                    if is_name(expression)
                        || (number <= taken && matches!(expression.kind, ExpressionKind::Variable(_))) =>
                {
                    expression.predicates.as_slice()
                }
                // Those of other expressions were looked at with them.
                StepKind::Expression(_) | StepKind::Sort(_) => &[],
            };
            let stages = step.stages.iter().filter_map(|stage| match stage {
                Stage::Filter(filter) => Some(filter),
                Stage::Index(_) => None,
            });
            for filter in own.iter().chain(stages) {
                if is_each {
                    // A filter is one of what each item has.
                    shape = sequence(&shape);
                }
                let is_index = matches!(filter.kind, ExpressionKind::Number(_));
                shape = match only_array(&shape) {
                    Some(Array::Each(element)) if is_index && !is_each => element.clone(),
                    Some(_) | None => self.filter(&shape, filter, &written, needed)?,
                };
            }
        }
        Some(if path.keep_singleton_array { Shape::array_of(items(&shape)) } else { shape })
    }

    /// Where a path starts: the shape there, the start as it is written, and how many steps it takes.
    fn start(&mut self, path: &tree::Path, needed: bool) -> Option<(Shape, Written, usize)> {
        let step = |number: usize| match &path.steps.get(number)?.kind {
            StepKind::Expression(expression) if expression.group.is_none() => Some(expression),
            StepKind::Expression(_) | StepKind::Sort(_) => None,
        };
        let from = |shape, root: String, taken| Some((shape, Written { root, ..Written::default() }, taken));
        let Some(first) = step(0) else { return from(Shape::UNKNOWN, String::new(), 1) };
        if let ExpressionKind::Variable(name) = &first.kind {
            return self.start_at(name, first.span, step(1), needed);
        }
        if is_name(first) {
            let (shape, root) = self.scope.context().unwrap_or_default();
            return from(shape, root, 0);
        }
        if is_unknown(first) {
            return from(Shape::UNKNOWN, String::new(), 1);
        }
        // Its filters are looked at with it.
        let root = self.expression.text.get(first.span.start..first.span.end).unwrap_or_default().to_owned();
        from(self.infer(first, needed)?, root, 1)
    }

    /// The start of a path that begins with a variable.
    fn start_at(
        &mut self,
        name: &str,
        span: Span,
        second: Option<&tree::Expression>,
        needed: bool,
    ) -> Option<(Shape, Written, usize)> {
        let from = |shape, root: String, taken| Some((shape, Written { root, ..Written::default() }, taken));
        if name == "states" && !self.scope.binds("states") {
            return match second.map(|second| &second.kind) {
                Some(ExpressionKind::Name(field)) => {
                    from(self.of_states(field).unwrap_or_default(), format!("$states.{field}"), 2)
                }
                Some(_) | None => from(Shape::UNKNOWN, "$states".to_owned(), 1),
            };
        }
        let root = match self.scope.context() {
            Some((_, root)) if name.is_empty() => root,
            Some(_) | None => format!("${name}"),
        };
        from(self.variable(name, span, needed), root, 1)
    }

    /// A field of `$states`.
    fn of_states(&self, field: &str) -> Option<Shape> {
        match field {
            "input" => Some(self.facts.data.clone()),
            "result" => self.reads.scope.result.clone(),
            "errorOutput" => self.reads.scope.error_output.clone(),
            "context" => Some(context(self.facts)),
            _ => None,
        }
    }

    fn step(
        &mut self,
        step: &tree::PathStep,
        shape: &Shape,
        written: &mut Written,
        needed: bool,
    ) -> Option<Shape> {
        match &step.kind {
            StepKind::Sort(terms) => {
                self.within(shape, written, |inference| {
                    terms.iter().for_each(|term| drop(inference.infer(&term.expression, false)));
                });
                // A single item is compared with nothing.
                let has_several = matches!(only_array(shape), Some(Array::Tuple(items)) if items.len() > 1);
                let faults = sort_faults(terms, &self.types);
                if has_several {
                    self.report(faults);
                } else {
                    self.unsure(|inference| inference.report(faults));
                }
                Some(shape.clone())
            }
            StepKind::Expression(expression) => {
                if let ExpressionKind::Name(name) = &expression.kind {
                    let found = self.name(name, expression, shape, written, needed)?;
                    if let Some(group) = &expression.group {
                        self.group(&group.pairs, &found);
                        return Some(Shape::UNKNOWN);
                    }
                    return Some(found);
                }
                if is_unknown(expression) {
                    return Some(Shape::UNKNOWN);
                }
                let given = self.within(shape, written, |inference| inference.infer(expression, needed))?;
                Some(if may_be_array(shape) { sequence(&given) } else { given })
            }
        }
    }

    fn name(
        &mut self,
        name: &str,
        expression: &tree::Expression,
        shape: &Shape,
        written: &mut Written,
        needed: bool,
    ) -> Option<Shape> {
        let object = shape.kinds().and_then(|kinds| kinds.object.as_ref());
        written.source = object.and_then(|object| object.source).or(written.source);
        let step = Step::Name(name.to_owned());
        written.steps.push(StepAt { span: self.expression.place(expression.span), step: step.clone() });
        if shape.is_never() {
            return Some(shape.clone());
        }
        if written.root == "$states.input" && written.steps.len() == 1 {
            self.reads.error_elsewhere(shape, reference(written));
        }
        let next = field(shape, &step);
        if next.is_none() {
            self.miss(element_or_itself(shape), written, needed);
        }
        next
    }

    /// The last step of what is written leads nowhere.
    pub(super) fn miss(&mut self, holder: Shape, written: &Written, needed: bool) {
        let miss = Miss { step: written.steps.len().saturating_sub(1), holder, source: written.source };
        self.missing.push((reference(written), miss, needed));
    }

    /// What is left of a value after a filter or an index.
    pub(super) fn filter(
        &mut self,
        shape: &Shape,
        filter: &tree::Expression,
        written: &Written,
        needed: bool,
    ) -> Option<Shape> {
        if let ExpressionKind::Number(index) = &filter.kind {
            let found = match only_array(shape) {
                Some(Array::Tuple(elements)) => at(elements, *index),
                Some(Array::Each(element)) if !element.is_never() => Some(element.clone()),
                // What is not an array is its own first and last item.
                _ if may_be_array(shape) || shape.is_never() => Some(filtered(shape)),
                _ => at(std::slice::from_ref(shape), *index),
            };
            if let Some(found) = found {
                return Some(found);
            }
            let mut written = written.clone();
            #[expect(clippy::cast_possible_truncation, reason = "an index is small, or beyond any array")]
            let step = Step::Index(index.floor() as i64);
            written.steps.push(StepAt { span: self.expression.place(filter.span), step });
            self.miss(shape.clone(), &written, needed);
            return None;
        }
        let kept = self
            .kept(|inference| inference.within(shape, written, |inference| inference.infer(filter, needed)));
        kept.then(|| filtered(shape))
    }

    /// Whether a condition may keep anything: it cannot if it compares with what is nothing.
    pub(super) fn kept(&mut self, condition: impl FnOnce(&mut Self) -> Option<Shape>) -> bool {
        let known = self.missing.len();
        let given = condition(self);
        let is_never = given.is_none_or(|given| given == Shape::constant_boolean(false));
        let lacks = self.missing.len() > known;
        if !is_never {
            // What does not decide the condition decides nothing.
            self.missing.iter_mut().skip(known).for_each(|(_, _, needed)| *needed = false);
        }
        !(is_never && lacks)
    }

    /// The pairs of a group, evaluated for the items.
    pub(super) fn group(&mut self, pairs: &[tree::Pair], shape: &Shape) {
        let item = Written { root: "$".to_owned(), ..Written::default() };
        self.within(shape, &item, |inference| {
            for pair in pairs {
                inference.infer(&pair.key, false);
                inference.infer(&pair.value, false);
            }
        });
        self.report(key_faults(pairs, &self.types));
    }

    /// Looks at something with each item as its context.
    fn within<T>(&mut self, shape: &Shape, written: &Written, work: impl FnOnce(&mut Self) -> T) -> T {
        self.scope.enter(Some((element_or_itself(shape), written.text())));
        let given = work(self);
        self.scope.leave();
        given
    }
}

fn reference(written: &Written) -> Reference {
    Reference { text: written.text(), root: written.root.clone(), steps: written.steps.clone() }
}

const fn is_name(expression: &tree::Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Name(_))
}

/// Whether nothing is known of what it leads to.
const fn is_unknown(expression: &tree::Expression) -> bool {
    matches!(
        expression.kind,
        ExpressionKind::Wildcard | ExpressionKind::Descendants | ExpressionKind::Parent(_)
    )
}

/// `$states.context`
fn context(facts: &Facts) -> Shape {
    let strings =
        |names: &[&'static str]| names.iter().map(|name| (*name, Shape::string())).collect::<Vec<_>>();
    let mut execution = strings(&["Id", "Name", "RoleArn", "StartTime"]);
    execution.push(("Input", facts.execution.clone()));
    let execution = Object { rest: Shape::UNKNOWN, ..Object::closed(execution) };
    let state = Object { rest: Shape::UNKNOWN, ..Object::closed(strings(&["EnteredTime", "Name"])) };
    let state = state.with("RetryCount", Shape::number());
    let machine = Object { rest: Shape::UNKNOWN, ..Object::closed(strings(&["Id", "Name"])) };
    let item = Object { rest: Shape::UNKNOWN, ..Object::closed(strings(&["Key", "Source"])) };
    let item = item.with("Index", Shape::number()).with("Value", facts.item.clone());
    let map = Object { rest: Shape::UNKNOWN, ..Object::default() }.with("Item", Shape::object(item));
    let parts = [("Execution", execution), ("State", state), ("StateMachine", machine), ("Map", map)];
    let parts = parts.map(|(name, object)| (name, Shape::object(object)));
    Shape::object(Object { rest: Shape::UNKNOWN, ..Object::closed(parts) })
}

/// A field of a value, or of each element of an array; nothing if there is none.
pub(super) fn field(shape: &Shape, name: &Step) -> Option<Shape> {
    let Some(kinds) = shape.kinds() else { return Some(Shape::UNKNOWN) };
    if let Some(Array::Tuple(elements)) = only_array(shape)
        && let Some(found) = field_of_each(elements, name)
    {
        return Some(found);
    }
    let own = Shape::of(Kinds { object: kinds.object.clone(), ..Kinds::default() }).step(name);
    let Some(array) = &kinds.array else { return own };
    let element = array.element();
    if element.is_never() {
        return Some(Shape::UNKNOWN);
    }
    match (field(&element, name).map(|given| sequence(&given)), own) {
        (Some(items), Some(own)) => Some(items.join(&own)),
        (items, own) => items.or(own),
    }
}

/// A field that each of these items has, and that is one value in each.
fn field_of_each(items: &[Shape], name: &Step) -> Option<Shape> {
    let Step::Name(name) = name else { return None };
    let of = |item: &Shape| {
        let kinds = item.kinds().filter(|kinds| kinds.is_only_object())?;
        let field = kinds.object.as_ref()?.fields.get(name.as_str()).filter(|field| field.required)?;
        field.shape.kinds().filter(|kinds| kinds.array.is_none()).map(|_| field.shape.clone())
    };
    let found = items.iter().map(of).collect::<Option<Vec<_>>>()?;
    match found.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        _ => Some(Shape::array(Array::Tuple(found))),
    }
}

/// The sequence of what is given for each of some items: a single one is returned as it is, and arrays are joined.
fn sequence(given: &Shape) -> Shape {
    one_or_more(&items(given))
}

/// An item, or an array of such items.
pub(super) fn one_or_more(item: &Shape) -> Shape {
    item.join(&Shape::array_of(item.clone()))
}

/// What the fields of an array are looked for in.
pub(super) fn element_or_itself(shape: &Shape) -> Shape {
    let Some(kinds) = shape.kinds() else { return Shape::UNKNOWN };
    let Some(array) = &kinds.array else { return shape.clone() };
    let others = Shape::of(Kinds { array: None, ..kinds.clone() });
    array.element().join(&others)
}

fn may_be_array(shape: &Shape) -> bool {
    shape.kinds().is_none_or(|kinds| kinds.array.is_some())
}

/// What is known of a value that is certainly an array.
fn only_array(shape: &Shape) -> Option<&Array> {
    shape.kinds().filter(|kinds| kinds.is_only_array())?.array.as_ref()
}

/// The element at an index, from the end if it is negative.
fn at(elements: &[Shape], index: f64) -> Option<Shape> {
    #[expect(clippy::cast_precision_loss, reason = "no array is so long")]
    let place = if index < 0.0 { elements.len() as f64 + index.floor() } else { index.floor() };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is not negative, and beyond any array if it is large"
    )]
    elements.get((place >= 0.0).then_some(place as usize)?).cloned()
}

/// What is left of a value after a filter.
fn filtered(shape: &Shape) -> Shape {
    match shape.kinds() {
        Some(kinds) if kinds.array.is_none() => shape.clone(),
        Some(kinds) => kinds.array.as_ref().map_or(Shape::UNKNOWN, |array| one_or_more(&array.element())),
        None => Shape::UNKNOWN,
    }
}

/// What each item of a value is, as functions that take arrays see it.
pub(super) fn items(shape: &Shape) -> Shape {
    element_or_itself(shape)
}
