//! Stage 2: JSON values to what was written, in the words of the specification.
//!
//! In: a [`json::Value`](crate::json::Value). Out: a [`StateMachine`], as complete as the text allows, and diagnostics for unknown, misplaced,
//! missing and ill-typed fields. A field that is at fault counts as absent afterwards, so that one mistake in a state hides no other.
//! Never looks at another state.

mod assign;
mod choice;
mod expression;
mod fail;
mod fields;
mod map;
mod parallel;
mod part;
mod pass;
mod retry;
mod state;
mod state_machine;
mod succeed;
mod task;
mod template;
mod transition;
mod visit;
mod wait;

pub(crate) use asl_language::state_type::StateType;
#[cfg(feature = "inspect")]
pub(crate) use choice::operators as choice_operators;
pub(crate) use choice::{Choice, ChoiceRule, Comparison, Condition, Operand};
pub(crate) use expression::Expression;
pub(crate) use fail::{Fail, FailText};
pub(crate) use fields::NEEDS_JSONATA;
pub(crate) use map::{InputType, ItemBatcher, ItemReader, Items, Map, Percentage};
pub(crate) use parallel::Parallel;
pub(crate) use part::{Checked, Names, Part, Reported, Stage, Written};
pub(crate) use pass::Pass;
pub(crate) use retry::{Catcher, Retrier};
pub(crate) use state::{QueryLanguage, State, Work};
pub(crate) use state_machine::{Scope, StateMachine, parse};
pub(crate) use succeed::Succeed;
pub(crate) use task::{Seconds, Task};
pub(crate) use template::{Member, Template};
pub(crate) use transition::{After, StateName, Transition};
pub(crate) use visit::{Found, PlainText, takes_paths};
pub(crate) use wait::{Until, Wait};

use crate::checked;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::path::{Path, PathPlace};
use crate::source::Span;

/// `InputPath` or `OutputPath`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Selection {
    /// The field is absent, or `$`.
    #[default]
    Whole,
    /// `null`
    Nothing,
    /// A path.
    Path(Path),
}

/// What a state passes on.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// `OutputPath`; in JSONata the default, which is all of it.
    Selection(Selection),
    /// `Output`
    Template(Template),
}

/// `ResultPath`
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ResultPath {
    /// The field is absent, or `$`.
    #[default]
    Replace,
    /// `null`
    Discard,
    /// A reference path with at least one step.
    At(Path),
}

impl Part for Selection {
    type Checked = checked::Selection;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        match self {
            Self::Whole | Self::Nothing => {}
            Self::Path(path) => path.find(found),
        }
    }

    fn checked(&self, _: &mut Names<'_>) -> Result<checked::Selection, Reported> {
        Ok(match self {
            Self::Whole => checked::Selection::Whole,
            Self::Nothing => checked::Selection::Nothing,
            Self::Path(path) => checked::Selection::Path(path.lower()),
        })
    }
}

impl Part for Output {
    type Checked = checked::Output;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        match self {
            Self::Selection(selection) => selection.find(found),
            Self::Template(template) => template.find(found),
        }
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Output, Reported> {
        Ok(match self {
            Self::Selection(selection) => checked::Output::Selection(selection.checked(names)?),
            Self::Template(template) => checked::Output::Template(template.checked(names)?),
        })
    }
}

impl Part for ResultPath {
    type Checked = checked::ResultPath;

    // It leads to where something is put.
    fn find<'d>(&'d self, _: &mut Found<'d>) {}

    fn checked(&self, _: &mut Names<'_>) -> Result<checked::ResultPath, Reported> {
        Ok(match self {
            Self::Replace => checked::ResultPath::Replace,
            Self::Discard => checked::ResultPath::Discard,
            Self::At(path) => checked::ResultPath::At { text: path.text.clone(), steps: path.ir_steps() },
        })
    }
}

/// What the parse functions share: where they report, and what surrounds the value at hand.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    diagnostics: &'a mut Diagnostics,
    /// The query language of the state at hand is JSONata.
    jsonata: bool,
    /// The query language of the machine is JSONata.
    machine_jsonata: bool,
    place: PathPlace,
    /// The field of the state at hand, as AWS names it: `Choices[1]/Output/total`.
    field: String,
    states: usize,
    /// For how many more unknown fields a suggestion is looked for.
    suggestions: usize,
}

/// Nothing reads more suggestions than this, and each costs time.
const SUGGESTIONS: usize = 1000;

impl Reader<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Runs `parse` for fields that decide nothing about the data: whatever is wrong with them, it is known what happens to it.
    fn aside<T>(&mut self, parse: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.diagnostics.set_aside(true);
        let result = parse(self);
        self.diagnostics.set_aside(outer);
        result
    }

    /// Runs `parse` with `change` applied to the place, for a value that is deeper.
    fn within<T>(&mut self, change: impl FnOnce(&mut PathPlace), parse: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.place;
        change(&mut self.place);
        let result = parse(self);
        self.place = outer;
        result
    }

    /// Runs `parse` for the field or member `name`.
    fn at<T>(&mut self, name: &str, parse: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.field.len();
        if outer > 0 {
            self.field.push('/');
        }
        self.field.push_str(name);
        let result = parse(self);
        self.field.truncate(outer);
        result
    }

    /// Runs `parse` for an element of the field at hand.
    fn at_index<T>(&mut self, index: usize, parse: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.field.len();
        self.field.push_str(&format!("[{index}]"));
        let result = parse(self);
        self.field.truncate(outer);
        result
    }
}

/// A value with the place of the text that gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub span: Span,
}
