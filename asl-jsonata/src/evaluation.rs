//! One evaluation of an expression: what it can see, and how far it may go.

use crate::data::Data;
use crate::failure::{Failure, Result};
use crate::lambda::Variable;
use crate::table::Tables;
use crate::view::View;
use asl_value::{Object, Value};
use std::cell::{Cell, OnceCell, RefCell, RefMut};
use std::fmt;

/// What an expression can see of the world around it.
pub trait Environment {
    /// The variables from outside of the expression, by their names without the `$`.
    fn variables(&self) -> &Object;

    /// `$states.input`
    fn input(&self) -> Option<&Value> {
        None
    }

    /// `$states.result`
    fn result(&self) -> Option<&Value> {
        None
    }

    /// `$states.errorOutput`
    fn error_output(&self) -> Option<&Value> {
        None
    }

    /// `$states.context`, made when it is asked for.
    fn context(&self) -> Option<Value> {
        None
    }

    /// The time in milliseconds since 1970; asked for once an evaluation.
    fn now_millis(&self) -> i64;

    /// A random number in 0..1.
    fn random(&self) -> f64;

    /// Whether the evaluation may go on; asked after every thousand steps. One that may not fails with a failure that
    /// [is an interruption](Failure::is_interruption).
    fn goes_on(&self) -> bool {
        true
    }
}

/// How far an evaluation may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EvaluationLimits {
    /// How deeply expressions may be nested, those in the functions that they call included.
    pub depth: u32,
    /// How much stack they may take, in bytes.
    pub stack: usize,
    /// How many steps the evaluation may take: turns of loops, and calls of functions.
    pub steps: Option<u64>,
    /// How deeply arrays and objects may be nested.
    pub nesting: u32,
    /// How many values there may be in a value.
    pub size: u32,
    /// How many elements a range may have, within the ten million that are the language's own limit.
    pub range: Option<u32>,
    /// How many characters `$pad` may add.
    pub padding: Option<usize>,
}

impl EvaluationLimits {
    /// Only the limits that keep the program alive.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            depth: u32::MAX,
            stack: 512 * 1024,
            steps: None,
            nesting: 500,
            size: 20_000_000,
            range: None,
            padding: None,
        }
    }

    /// The limits of AWS (recorded).
    #[must_use]
    pub const fn aws() -> Self {
        Self {
            depth: 100,
            // AWS limits the time, to a second; an interpreter does about so much in it.
            steps: Some(20_000_000),
            range: Some(873_782),
            padding: Some(262_144),
            ..Self::none()
        }
    }

    /// Limits another depth.
    #[must_use]
    pub const fn with_depth(self, depth: u32) -> Self {
        Self { depth, ..self }
    }

    /// Limits the stack, for threads that have more or less of it than usual.
    #[must_use]
    pub const fn with_stack(self, stack: usize) -> Self {
        Self { stack, ..self }
    }

    /// Limits the number of steps.
    #[must_use]
    pub const fn with_steps(self, steps: u64) -> Self {
        Self { steps: Some(steps), ..self }
    }
}

impl Default for EvaluationLimits {
    fn default() -> Self {
        Self::none()
    }
}

/// One evaluation of an expression.
pub struct Evaluation<'a> {
    environment: &'a dyn Environment,
    variables: &'a Object,
    root: View<'a>,
    limits: &'a EvaluationLimits,
    depth: Cell<u32>,
    steps: Cell<u32>,
    /// Where the stack stood at the start, as an address.
    stack: usize,
    /// Made when something of it is needed: for `$i + 1`, setting it up would cost more than the addition.
    rare: OnceCell<Box<Rare>>,
}

/// What few evaluations need.
#[derive(Default)]
struct Rare {
    now: OnceCell<i64>,
    steps: Cell<u64>,
    shared: RefCell<Vec<Variable>>,
    tables: RefCell<Tables>,
}

/// How many steps pass before they are counted.
const STEPS: u32 = 1 << 10;

impl<'a> Evaluation<'a> {
    /// An evaluation without data: `$` and `$$` are nothing, as in the expressions of states.
    #[must_use]
    #[inline]
    pub fn new<E: Environment>(environment: &'a E, limits: &'a EvaluationLimits) -> Self {
        Self {
            environment,
            variables: environment.variables(),
            root: View::Nothing,
            limits,
            depth: Cell::new(0),
            steps: Cell::new(0),
            stack: stack_pointer(),
            rare: OnceCell::new(),
        }
    }

    #[cold]
    fn rare(&self) -> &Rare {
        self.rare.get_or_init(Box::default)
    }

    /// The same on data, which is what `$` and `$$` are.
    #[must_use]
    pub const fn on(mut self, root: &'a Value) -> Self {
        self.root = View::Value(root);
        self
    }

    /// `$$`
    #[must_use]
    #[inline]
    pub const fn root(&self) -> View<'a> {
        self.root
    }

    /// A variable from outside of the expression.
    #[must_use]
    #[inline]
    pub fn variable(&self, name: &str) -> View<'a> {
        self.variables.get(name).into()
    }

    /// `$states.input`
    #[must_use]
    #[inline]
    pub fn input(&self) -> View<'a> {
        self.environment.input().into()
    }

    /// `$states.result`
    #[must_use]
    #[inline]
    pub fn result(&self) -> View<'a> {
        self.environment.result().into()
    }

    /// `$states.errorOutput`
    #[must_use]
    pub fn error_output(&self) -> View<'a> {
        self.environment.error_output().into()
    }

    /// `$states.context`
    #[must_use]
    pub fn context(&self) -> Data {
        self.environment.context().into()
    }

    /// `$states` as a whole.
    #[must_use]
    pub fn states(&self) -> Data {
        let parts =
            [("input", self.input()), ("result", self.result()), ("errorOutput", self.error_output())];
        let mut members: Vec<_> =
            parts.into_iter().map(|(name, part)| (name.into(), part.to_data())).collect();
        members.push(("context".into(), self.context()));
        Data::object(members)
    }

    /// The time of the evaluation in milliseconds since 1970, the same for all who ask.
    #[must_use]
    pub fn now_millis(&self) -> i64 {
        *self.rare().now.get_or_init(|| self.environment.now_millis())
    }

    /// A random number in 0..1.
    #[must_use]
    pub fn random(&self) -> f64 {
        self.environment.random()
    }

    /// The limits.
    #[must_use]
    pub const fn limits(&self) -> &EvaluationLimits {
        self.limits
    }

    /// A variable that functions share. A function that calls itself holds the variable that holds it, so the evaluation empties all
    /// of them at its end.
    #[must_use]
    pub fn shared(&self, data: Data) -> Variable {
        let variable = Variable::new(data);
        self.rare().shared.borrow_mut().push(variable.clone());
        variable
    }

    /// The tables of arrays that were looked through. Nothing is evaluated while they are borrowed.
    pub(super) fn tables(&self) -> RefMut<'_, Tables> {
        self.rare().tables.borrow_mut()
    }

    /// Counts a step of a loop; every loop over elements or calls does, so that none goes on forever.
    ///
    /// # Errors
    /// The evaluation has taken too long, or is given up.
    #[inline]
    pub fn step(&self) -> Result<()> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps < STEPS { Ok(()) } else { self.look_up() }
    }

    /// Counts the steps of a loop whose turns are short, before it starts.
    ///
    /// # Errors
    /// The evaluation has taken too long, or is given up.
    #[inline]
    pub fn steps(&self, count: usize) -> Result<()> {
        let steps =
            self.steps.get().saturating_add(u32::try_from(count).unwrap_or(u32::MAX)).saturating_add(1);
        self.steps.set(steps);
        if steps < STEPS { Ok(()) } else { self.look_up() }
    }

    #[cold]
    fn look_up(&self) -> Result<()> {
        let steps = u64::from(self.steps.replace(0));
        if !self.environment.goes_on() {
            return Err(Failure::interruption());
        }
        let Some(limit) = self.limits.steps else { return Ok(()) };
        // Counted only where there is a limit: most evaluations never make what is rare.
        let all = &self.rare().steps;
        all.set(all.get() + steps);
        if all.get() > limit { Err(Failure::timeout()) } else { Ok(()) }
    }

    /// Data that comes from one turn of a loop or a recursion into the next. All that can grow without end does so here: values that
    /// are nested too deeply would overflow the stack of the caller that drops them, and ones that hold themselves many times over would never
    /// be written.
    ///
    /// # Errors
    /// It has grown too large.
    #[inline]
    pub fn bounded(&self, data: Data) -> Result<Data> {
        self.check_size(&data).map(|()| data)
    }

    pub(super) fn check_size(&self, data: &Data) -> Result<()> {
        let size = data.size();
        match size.depth <= self.limits.nesting && size.weight <= self.limits.size {
            true => Ok(()),
            false => Err(Failure::out_of_memory()),
        }
    }

    /// A text of so many bytes is about to be made.
    ///
    /// # Errors
    /// It would take too much memory.
    #[inline]
    pub fn text(&self, bytes: usize) -> Result<()> {
        // As texts count in the size of a value.
        if bytes / 16 > self.limits.size as usize { Err(Failure::out_of_memory()) } else { Ok(()) }
    }

    /// Does something that takes stack.
    ///
    /// # Errors
    /// Calls are nested too deeply, or the evaluation has taken too long.
    #[inline]
    pub fn nested<T>(&self, run: impl FnOnce() -> Result<T>) -> Result<T> {
        self.step()?;
        if self.stack.abs_diff(stack_pointer()) > self.limits.stack {
            return Err(Failure::stack_overflow());
        }
        run()
    }

    /// Calls a function so many levels down in the expression, from which the levels in the function are counted.
    ///
    /// # Errors
    /// The call fails.
    #[inline]
    pub(super) fn deeper<T>(&self, levels: u32, call: impl FnOnce() -> Result<T>) -> Result<T> {
        let depth = self.depth.get();
        self.depth.set(depth.saturating_add(levels));
        let result = call();
        self.depth.set(depth);
        result
    }

    /// Expressions of so many levels are about to be evaluated.
    ///
    /// # Errors
    /// They are nested too deeply.
    #[inline]
    pub fn reach(&self, levels: u32) -> Result<()> {
        if self.depth.get().saturating_add(levels) > self.limits.depth {
            Err(Failure::stack_overflow())
        } else {
            Ok(())
        }
    }
}

impl Drop for Evaluation<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(rare) = self.rare.get_mut() {
            rare.empty();
        }
    }
}

impl Rare {
    #[cold]
    fn empty(&mut self) {
        self.shared.get_mut().drain(..).for_each(|variable| variable.set(Data::Nothing));
    }
}

/// About where the stack is: the address of something on it.
#[inline]
fn stack_pointer() -> usize {
    let here = 0_u8;
    std::ptr::addr_of!(here).addr()
}

impl fmt::Debug for Evaluation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evaluation")
            .field("root", &self.root)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
