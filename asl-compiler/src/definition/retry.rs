//! Retriers and catchers: the elements of `Retry` and `Catch`.

use super::fields::Fields;
use super::part::Part;
use super::{At, Found, Member, Names, Reader, Reported, ResultPath, StateName, Template, assign};
use crate::checked;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::{Kind, Text, Value};
use crate::source::Span;
use asl_language::limits::{MAX_DELAY_SECONDS, MAX_SECONDS};
use asl_language::retry as usual;

/// A whole number with its place.
pub(super) type Whole = At<u64>;

/// A retrier.
#[derive(Clone, Debug, PartialEq)]
pub struct Retrier {
    /// `ErrorEquals`
    pub error_equals: Vec<Text>,
    /// The place of `ErrorEquals`.
    pub error_equals_span: Span,
    /// `IntervalSeconds`
    pub interval_seconds: Option<Whole>,
    /// `MaxAttempts`
    pub max_attempts: Option<Whole>,
    /// `BackoffRate`
    pub backoff_rate: Option<f64>,
    /// `MaxDelaySeconds`
    pub max_delay_seconds: Option<Whole>,
    /// `"JitterStrategy": "FULL"`
    pub full_jitter: bool,
}

/// A catcher.
#[derive(Clone, Debug, PartialEq)]
pub struct Catcher {
    /// `ErrorEquals`
    pub error_equals: Vec<Text>,
    /// The place of `ErrorEquals`.
    pub error_equals_span: Span,
    /// `Assign`
    pub assign: Vec<Member>,
    /// `ResultPath`
    pub result_path: ResultPath,
    /// `Output`
    pub output: Option<Template>,
    /// `Next`; absent if that was reported.
    pub next: Option<StateName>,
}

impl Part for Retrier {
    type Checked = checked::Retrier;

    fn find<'d>(&'d self, _: &mut Found<'d>) {}

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Retrier, Reported> {
        Ok(checked::Retrier {
            error_equals: self.error_equals.checked(names)?,
            interval_seconds: self.interval_seconds.map_or(usual::INTERVAL_SECONDS, |at| narrow(at.value)),
            max_attempts: self.max_attempts.map_or(usual::MAX_ATTEMPTS, |at| narrow(at.value)),
            backoff_rate: self.backoff_rate.unwrap_or(usual::BACKOFF_RATE),
            max_delay_seconds: self.max_delay_seconds.map(|at| narrow(at.value)),
            full_jitter: self.full_jitter,
        })
    }
}

/// The numbers of a retrier have at most eight digits.
fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Part for Catcher {
    type Checked = checked::Catcher;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        let Self { error_equals: _, error_equals_span: _, assign, result_path: _, output, next: _ } = self;
        assign.find(found);
        output.find(found);
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Catcher, Reported> {
        Ok(checked::Catcher {
            error_equals: self.error_equals.checked(names)?,
            assign: self.assign.checked(names)?,
            result_path: self.result_path.checked(names)?,
            output: self.output.checked(names)?,
            next: self.next.as_ref().ok_or(Reported)?.checked(names)?,
        })
    }
}

pub(super) fn parse_retriers(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Vec<Retrier> {
    let owner = format!("a retrier of {}", fields.owner());
    reader.aside(|reader| {
        let values = fields.array("Retry", reader).unwrap_or_default();
        values.iter().filter_map(|value| parse_retrier(value, &owner, reader)).collect()
    })
}

pub(super) fn parse_catchers(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Vec<Catcher> {
    let owner = format!("a catcher of {}", fields.owner());
    let values = fields.array("Catch", reader).unwrap_or_default();
    let catchers = values.iter().enumerate();
    let parse = |reader: &mut Reader<'_>| {
        catchers
            .filter_map(|(index, value)| {
                reader.at_index(index, |reader| parse_catcher(value, &owner, reader))
            })
            .collect()
    };
    reader.within(|place| place.error_output = true, |reader| reader.at("Catch", parse))
}

fn parse_retrier(value: &Value, owner: &str, reader: &mut Reader<'_>) -> Option<Retrier> {
    let mut fields = Fields::new(value, owner, opening(value), reader)?;
    fields.comment(reader);
    let (error_equals, error_equals_span) = parse_error_equals(&mut fields, reader);
    let retrier = Retrier {
        error_equals,
        error_equals_span,
        interval_seconds: fields.whole("IntervalSeconds", 1..=MAX_SECONDS, reader),
        max_attempts: fields.whole("MaxAttempts", 0..=MAX_SECONDS, reader),
        backoff_rate: fields.number("BackoffRate", 1.0..=f64::INFINITY, reader).map(|at| at.value),
        max_delay_seconds: fields.whole("MaxDelaySeconds", 1..=MAX_DELAY_SECONDS, reader),
        full_jitter: fields
            .one_of("JitterStrategy", &["FULL", "NONE"], reader)
            .is_some_and(|at| at.value == "FULL"),
    };
    let known = [
        "BackoffRate",
        "Comment",
        "ErrorEquals",
        "IntervalSeconds",
        "JitterStrategy",
        "MaxAttempts",
        "MaxDelaySeconds",
    ];
    fields.finish(&known, reader);
    Some(retrier)
}

fn parse_catcher(value: &Value, owner: &str, reader: &mut Reader<'_>) -> Option<Catcher> {
    let mut fields = Fields::new(value, owner, opening(value), reader)?;
    fields.comment(reader);
    let (error_equals, error_equals_span) = parse_error_equals(&mut fields, reader);
    fields.of_other_language(if reader.jsonata { &["ResultPath"] } else { &["Output"] }, reader);
    let catcher = Catcher {
        error_equals,
        error_equals_span,
        assign: assign::parse(&mut fields, reader),
        result_path: fields.result_path(reader),
        output: fields.template("Output", reader),
        next: fields.required_text("Next", reader).map(StateName::from),
    };
    let known: &[_] = if reader.jsonata {
        &["Assign", "Comment", "ErrorEquals", "Next", "Output"]
    } else {
        &["Assign", "Comment", "ErrorEquals", "Next", "ResultPath"]
    };
    fields.finish(known, reader);
    Some(catcher)
}

fn parse_error_equals(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> (Vec<Text>, Span) {
    let span = fields.span();
    let Some(values) = fields.filled_array("ErrorEquals", reader) else { return (Vec::new(), span) };
    let mut names = Vec::new();
    for value in values {
        let Kind::String(text) = &value.kind else {
            let message = format!("`ErrorEquals` of {} holds {}", fields.owner(), value.type_name());
            let diagnostic = Diagnostic::new(Code::WrongType, value.span, message);
            reader.report(diagnostic.label("expected the name of an error, a string"));
            continue;
        };
        names.push(text.clone());
    }
    let span = match (values.first(), values.last()) {
        (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
        _ => span,
    };
    (names, span)
}

const fn opening(value: &Value) -> Span {
    Span::new(value.span.start, value.span.start.saturating_add(1))
}
