//! The fields of one object: hands out the known ones by name and type, and reports the rest.
//!
//! In: a JSON object. Out: values with spans; a value of the wrong type is reported and counts as absent. Every member that
//! no parser asked for is reported at the end, so that nothing in a definition is silently ignored.

pub(super) mod paths;
pub(super) mod words;

use super::{At, Expression, Output, Reader, StateType, Template, expression, template};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::{Kind, Member, Text, Value};
use crate::placeholder;
use crate::source::Span;
use crate::state_fields::{Language, StateField};
use crate::suggest::{closest, did_you_mean};
use crate::vocabulary::Number;
use std::ops::RangeInclusive;

/// What to do where JSONata is written in a state that is not read as JSONata.
pub(crate) const NEEDS_JSONATA: &str =
    "write `\"QueryLanguage\": \"JSONata\"` in the state, or in the machine for all states";

/// In how many fields of an object a misspelt one is looked for.
const SUGGESTED: usize = 10;

/// The members of an object on their way into a definition.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    /// What the object is, for messages: "state `X`", "a retrier".
    owner: String,
    /// Where the owner is, for messages about what it lacks.
    span: Span,
    members: Vec<(&'a Member, bool)>,
    jsonata: bool,
    state_type: Option<StateType>,
}

impl<'a> Fields<'a> {
    /// The members of `value`, if it is an object. `owner` names it in messages.
    pub(crate) fn new(
        value: &'a Value,
        owner: impl Into<String>,
        span: Span,
        reader: &mut Reader<'_>,
    ) -> Option<Self> {
        let owner = owner.into();
        let Kind::Object(members) = &value.kind else {
            let message = format!("{owner} must be an object, not {}", value.type_name());
            reader.report(Diagnostic::new(Code::WrongType, value.span, message).label("expected an object"));
            return None;
        };
        let members = members.iter().map(|member| (member, false)).collect();
        let mut fields = Self { owner, span, members, jsonata: reader.jsonata, state_type: None };
        fields.leave_out_nulls(&|name| name == "Comment", reader);
        Some(fields)
    }

    /// Takes fields that are `null` for fields that are not there. Nothing public says what AWS answers to them.
    pub(crate) fn leave_out_nulls(&mut self, is_absent: &dyn Fn(&str) -> bool, reader: &mut Reader<'_>) {
        let is_left_out = |member: &Member| member.value.is_null() && is_absent(&member.key.value);
        for (member, _) in self.members.iter().filter(|(member, _)| is_left_out(member)) {
            let message = format!("`{}` of {} is null", member.key.value, self.owner);
            reader.report(
                Diagnostic::new(Code::NullField, member.value.span, message)
                    .label("the same as without the field here; what AWS says to it is not documented")
                    .help("leave the field out"),
            );
        }
        self.members.retain(|(member, _)| !is_left_out(member));
    }

    /// Makes it the members of a state, whose type and query language decide what belongs there.
    pub(crate) fn of_state(&mut self, state_type: StateType, reader: &mut Reader<'_>) {
        self.state_type = Some(state_type);
        self.jsonata = reader.jsonata;
        let is_absent = |name: &str| StateField::of(name).is_some_and(|row| row.null_is_absent);
        self.leave_out_nulls(&is_absent, reader);
    }

    /// Whether a field has a placeholder for its value.
    pub(crate) fn is_open(&self, name: &str) -> bool {
        let mut values = self.members.iter().filter(|(member, _)| member.key.value == name);
        values.any(|(member, _)| member.value.as_str().is_some_and(|text| !placeholder::all(text).is_empty()))
    }

    /// Whether the query language is JSONata, as a field says that only one language has.
    pub(crate) fn told_language(&self) -> Option<bool> {
        self.members.iter().find_map(|(member, _)| match StateField::of(&member.key.value)?.language {
            Language::Both => None,
            Language::JsonPath => Some(false),
            Language::Jsonata => Some(true),
        })
    }

    /// What the object is, for messages.
    pub(crate) fn owner(&self) -> &str {
        &self.owner
    }

    /// Where the owner is, for messages about what it lacks.
    pub(crate) const fn span(&self) -> Span {
        self.span
    }

    /// Whether the object has the field and it was not asked for yet.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(member, read)| !read && member.key.value == name)
    }

    /// Where the value of a field is.
    pub(crate) fn span_of(&self, name: &str) -> Option<Span> {
        let (member, _) = self.members.iter().find(|(member, _)| member.key.value == name)?;
        Some(member.value.span)
    }

    /// Whether a field that was not asked for yet is almost one of these.
    pub(crate) fn has_misspelt(&self, names: impl Iterator<Item = &'static str> + Clone) -> bool {
        let mut unread = self.members.iter().filter(|(_, read)| !read).take(SUGGESTED);
        unread.any(|(member, _)| {
            let name = member.key.value.as_str();
            !["Variable", "Next", "Comment", "Assign"].contains(&name)
                && (words::field(name, names.clone()).is_some() || closest(name, names.clone()).is_some())
        })
    }

    /// The member of that name. A field of a state is handed out only if it belongs to the state's type and query
    /// language; otherwise it stays to be reported at the end.
    pub(crate) fn member(&mut self, name: &str) -> Option<&'a Member> {
        if let (Some(state_type), Some(row)) = (self.state_type, StateField::of(name))
            && (!row.states.contains(&state_type) || !row.is_in(self.jsonata))
        {
            return None;
        }
        let (member, read) = self.members.iter_mut().find(|(member, _)| member.key.value == name)?;
        *read = true;
        Some(member)
    }

    /// Whether there is a field of such a name that was not asked for yet.
    pub(crate) fn has_where(&self, wanted: impl Fn(&str) -> bool) -> bool {
        self.members.iter().any(|(member, read)| !read && wanted(&member.key.value))
    }

    /// All members with a name that is `wanted`.
    pub(crate) fn members_where(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<&'a Member> {
        let mut found = Vec::new();
        for (member, read) in &mut self.members {
            if wanted(&member.key.value) {
                *read = true;
                found.push(*member);
            }
        }
        found
    }

    /// The value of a field.
    pub(crate) fn value(&mut self, name: &str) -> Option<&'a Value> {
        self.member(name).map(|member| &member.value)
    }

    /// The value of the field that was probably meant to be `name`, if the object has no field of that name; it is reported.
    pub(crate) fn misspelt(&mut self, name: &'static str, reader: &mut Reader<'_>) -> Option<&'a Value> {
        if self.members.iter().any(|(member, _)| member.key.value == name) {
            return None;
        }
        let is_meant = |member: &Member| {
            Self::is_nearly(member, name) || words::field(&member.key.value, std::iter::once(name)).is_some()
        };
        let (member, read) = self.members.iter_mut().find(|(member, read)| !read && is_meant(member))?;
        *read = true;
        let member = *member;
        // What it holds is read as what was meant, so that nothing is left open.
        reader.aside(|reader| self.report_unknown(member, std::iter::once(name), reader));
        Some(&member.value)
    }

    /// The value of a field that has to be there, if need be under a misspelt name, which is reported.
    pub(crate) fn required(&mut self, name: &'static str, reader: &mut Reader<'_>) -> Option<&'a Value> {
        let value = self.value(name).or_else(|| self.misspelt(name, reader));
        if value.is_none() {
            self.report_missing(name, reader);
        }
        value
    }

    /// Whether a field that does not exist was probably meant to be `name`.
    fn is_nearly(member: &Member, name: &str) -> bool {
        let key = member.key.value.as_str();
        let is_end = key.len() > 4 && name.ends_with(key);
        StateField::of(key).is_none() && (is_end || closest(key, [name]).is_some())
    }

    /// Says that a field has to be there, unless one is there under a misspelt name, which is reported in the end.
    pub(crate) fn report_missing(&self, what: &str, reader: &mut Reader<'_>) {
        if self.members.iter().any(|(member, read)| !read && Self::is_nearly(member, what)) {
            return;
        }
        let diagnostic =
            Diagnostic::new(Code::MissingField, self.span, format!("{} has no `{what}`", self.owner));
        let label = match self.state_type {
            Some(state_type) => format!("a {state_type} state needs `{what}`"),
            None => format!("`{what}` is required here"),
        };
        reader.report(diagnostic.label(label));
    }

    /// A string.
    pub(crate) fn text(&mut self, name: &str, reader: &mut Reader<'_>) -> Option<&'a Text> {
        let value = self.value(name)?;
        self.as_text(name, value, reader)
    }

    /// The expression that the field of a JSONata state holds in the place of another value. A field that holds something else is
    /// left to be asked for.
    pub(crate) fn expression(&mut self, name: &str, reader: &mut Reader<'_>) -> Option<Expression> {
        let (member, _) = self.members.iter().find(|(member, _)| member.key.value == name)?;
        let text = member.value.as_text().filter(|text| reader.jsonata && expression::is_expression(text))?;
        self.member(name)?;
        Some(reader.at(name, |reader| expression::parse(text, reader)))
    }

    /// `Parameters`, or in JSONata `Arguments`.
    pub(crate) fn parameters(&mut self, reader: &mut Reader<'_>) -> Option<Template> {
        let (name, other) =
            if reader.jsonata { ("Arguments", "Parameters") } else { ("Parameters", "Arguments") };
        // What is in the field of the other language, which is reported, was meant for this one.
        let misplaced = self.members.iter().find(|(member, _)| member.key.value == other);
        let misplaced = misplaced.map(|(member, _)| Template::Invalid(member.value.span));
        self.template(name, reader).or(misplaced)
    }

    /// `OutputPath`, or in JSONata `Output`.
    pub(crate) fn output(&mut self, reader: &mut Reader<'_>) -> Output {
        match self.template("Output", reader) {
            Some(output) => Output::Template(output),
            None => Output::Selection(self.selection("OutputPath", reader)),
        }
    }

    /// A payload template.
    pub(crate) fn template(&mut self, name: &str, reader: &mut Reader<'_>) -> Option<Template> {
        self.value(name).map(|value| template::parse(name, value, reader))
    }

    /// A string that has to be there.
    pub(crate) fn required_text(&mut self, name: &'static str, reader: &mut Reader<'_>) -> Option<&'a Text> {
        let value = self.required(name, reader)?;
        self.as_text(name, value, reader)
    }

    fn as_text(&self, name: &str, value: &'a Value, reader: &mut Reader<'_>) -> Option<&'a Text> {
        let Kind::String(text) = &value.kind else { return self.wrong_type(name, value, "a string", reader) };
        Some(text)
    }

    /// The string of `Comment`.
    pub(crate) fn comment(&mut self, reader: &mut Reader<'_>) -> Option<String> {
        self.text("Comment", reader).map(|text| text.value.clone())
    }

    /// `true` or `false`
    pub(crate) fn boolean(&mut self, name: &str, reader: &mut Reader<'_>) -> Option<At<bool>> {
        let value = self.value(name)?;
        let Kind::Bool(boolean) = value.kind else {
            return self.wrong_type(name, value, "`true` or `false`", reader);
        };
        Some(At { value: boolean, span: value.span })
    }

    /// A whole number within `range`.
    pub(crate) fn whole(
        &mut self,
        name: &str,
        range: RangeInclusive<u64>,
        reader: &mut Reader<'_>,
    ) -> Option<At<u64>> {
        let value = self.value(name)?;
        let found = match value.kind {
            Kind::Number(Number::Int(int)) => u64::try_from(int).ok(),
            Kind::Number(Number::Uint(uint)) => Some(uint),
            Kind::Number(Number::Float(_))
            | Kind::Null
            | Kind::Bool(_)
            | Kind::String(_)
            | Kind::Array(_)
            | Kind::Object(_) => return self.wrong_type(name, value, "a whole number", reader),
        };
        if let Some(found) = found.filter(|found| range.contains(found)) {
            return Some(At { value: found, span: value.span });
        }
        let (low, high) = range.into_inner();
        let limits = match high {
            u64::MAX => format!("at least {low}"),
            _ => format!("from {low} to {high}"),
        };
        let message = format!("`{name}` of {} must be {limits}", self.owner);
        let diagnostic = Diagnostic::new(Code::InvalidValue, value.span, message);
        let of = if high == u64::MAX { "of " } else { "" };
        reader.report(diagnostic.label(format!("expected a whole number {of}{limits}")));
        None
    }

    /// A number within `range`, with a fraction or without.
    pub(crate) fn number(
        &mut self,
        name: &str,
        range: RangeInclusive<f64>,
        reader: &mut Reader<'_>,
    ) -> Option<At<f64>> {
        let value = self.value(name)?;
        let Kind::Number(number) = value.kind else {
            return self.wrong_type(name, value, "a number", reader);
        };
        let found = to_float(number);
        if range.contains(&found) {
            return Some(At { value: found, span: value.span });
        }
        let (low, high) = range.into_inner();
        let limits =
            if high.is_finite() { format!("from {low} to {high}") } else { format!("at least {low:?}") };
        let message = format!("`{name}` of {} must be {limits}", self.owner);
        let diagnostic = Diagnostic::new(Code::InvalidValue, value.span, message);
        let of = if high.is_finite() { "" } else { "of " };
        reader.report(diagnostic.label(format!("expected a number {of}{limits}")));
        None
    }

    /// An array.
    pub(crate) fn array(&mut self, name: &str, reader: &mut Reader<'_>) -> Option<&'a [Value]> {
        let value = self.value(name)?;
        self.as_array(name, value, reader)
    }

    /// An array that has to be there, with at least one element.
    pub(crate) fn filled_array(
        &mut self,
        name: &'static str,
        reader: &mut Reader<'_>,
    ) -> Option<&'a [Value]> {
        let value = self.required(name, reader)?;
        let values = self.as_array(name, value, reader)?;
        if values.is_empty() {
            let message = format!("`{name}` of {} is empty", self.owner);
            let diagnostic = Diagnostic::new(Code::InvalidValue, value.span, message);
            reader.report(diagnostic.label("expected at least one element"));
            return None;
        }
        Some(values)
    }

    fn as_array(&self, name: &str, value: &'a Value, reader: &mut Reader<'_>) -> Option<&'a [Value]> {
        let Kind::Array(values) = &value.kind else {
            return self.wrong_type(name, value, "an array", reader);
        };
        Some(values)
    }

    /// A string that is one of `allowed`.
    pub(crate) fn one_of(
        &mut self,
        name: &str,
        allowed: &[&'static str],
        reader: &mut Reader<'_>,
    ) -> Option<At<&'static str>> {
        let words: Vec<_> = allowed.iter().map(|word| (*word, *word)).collect();
        self.choice_of(name, &words, reader)
    }

    /// A string that is one of `allowed`, each with what it means.
    pub(crate) fn choice_of<T: Copy>(
        &mut self,
        name: &str,
        allowed: &[(&'static str, T)],
        reader: &mut Reader<'_>,
    ) -> Option<At<T>> {
        let text = self.text(name, reader)?;
        if let Some((_, value)) = allowed.iter().find(|(allowed, _)| *allowed == text.value) {
            return Some(At { value: *value, span: text.span });
        }
        let allowed: Vec<_> = allowed.iter().map(|(word, _)| *word).collect();
        let list = allowed.iter().map(|allowed| format!("`{allowed}`")).collect::<Vec<_>>().join(" or ");
        let message = format!("`{name}` of {} cannot be `{}`", self.owner, text.value);
        let diagnostic =
            Diagnostic::new(Code::InvalidValue, text.span, message).label(format!("expected {list}"));
        reader.report(match closest(&text.value, allowed.iter().copied()).filter(|_| allowed.len() > 1) {
            Some(word) => diagnostic.help(format!("did you mean `{word}`?")),
            None => diagnostic,
        });
        None
    }

    /// Says that a field is of the wrong type; the field counts as absent.
    pub(crate) fn wrong_type<T>(
        &self,
        name: &str,
        value: &Value,
        wanted: &str,
        reader: &mut Reader<'_>,
    ) -> Option<T> {
        let fraction = matches!(value.kind, Kind::Number(Number::Float(_))) && wanted == "a whole number";
        let found = if fraction { "a fraction" } else { value.type_name() };
        let message = format!("`{name}` of {} must be {wanted}, not {found}", self.owner);
        let diagnostic =
            Diagnostic::new(Code::WrongType, value.span, message).label(format!("expected {wanted}"));
        reader.report(match self.repair(name, value, wanted, reader.jsonata) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
        None
    }

    /// What was probably meant by a value of the wrong type.
    fn repair(&self, name: &str, value: &Value, wanted: &str, jsonata: bool) -> Option<String> {
        if wanted == "an array" && matches!(value.kind, Kind::Object(_)) {
            return Some("write a list, `[{ .. }]`, also for one".to_owned());
        }
        let text = value.as_str()?.trim();
        if let Some(plain) = without_quotes(text, wanted) {
            return Some(format!("write `\"{name}\": {plain}`"));
        }
        match (jsonata, text) {
            (false, text) if text.starts_with("{%") => Some(NEEDS_JSONATA.to_owned()),
            (false, text) => paths::in_its_field(name, text),
            (true, text)
                if text.starts_with('$')
                    && (name == "Condition" || StateField::of(name).is_some_and(|row| row.is_in(true))) =>
            {
                let expression = match (text.strip_prefix("$."), text.strip_prefix("$$.")) {
                    (Some(path), _) => format!("$states.input.{path}"),
                    (_, Some(path)) => format!("$states.context.{path}"),
                    (None, None) => text.to_owned(),
                };
                Some(format!("write `\"{name}\": \"{{% {expression} %}}\"`"))
            }
            _ => None,
        }
    }

    /// Reports the second of two fields that cannot stand together.
    pub(crate) fn exclusive(&self, names: &[&str], reader: &mut Reader<'_>) {
        let mut present =
            self.members.iter().map(|(member, _)| member).filter(|m| names.contains(&m.key.value.as_str()));
        let Some(first) = present.next() else { return };
        for second in present {
            let (a, b) = (&first.key.value, &second.key.value);
            let message = format!("{} has both `{a}` and `{b}`", self.owner);
            let diagnostic = Diagnostic::new(Code::ExclusiveFields, second.key.span, message);
            reader.report(
                diagnostic
                    .label("only one of the two is allowed")
                    .related(first.key.span, "the other is here"),
            );
        }
    }

    /// Reports every member that was not asked for. `known` names the fields of the object.
    pub(crate) fn finish(self, known: &[&'static str], reader: &mut Reader<'_>) {
        for (member, _) in self.members.iter().filter(|(_, read)| !read) {
            self.report_unknown(member, known.iter().copied(), reader);
        }
    }

    /// Reports every member of a state that was not asked for.
    pub(crate) fn finish_state(self, state_type: StateType, reader: &mut Reader<'_>) {
        for (member, _) in self.members.iter().filter(|(_, read)| !read) {
            let Some(row) = StateField::of(&member.key.value) else {
                let known: Vec<_> = StateField::names(state_type, self.jsonata).collect();
                let report =
                    |reader: &mut Reader<'_>| self.report_unknown(member, known.iter().copied(), reader);
                // What cannot have been meant as a field that decides about the data leaves nothing open about it.
                let meant = words::field(&member.key.value, known.iter().copied())
                    .or_else(|| closest(&member.key.value, known.iter().copied()));
                if meant.and_then(StateField::of).is_none_or(|meant| meant.is_aside) {
                    reader.aside(report);
                } else {
                    report(reader);
                }
                continue;
            };
            if !row.states.contains(&state_type) {
                reader.report(self.misplaced(member, row.states, state_type));
            } else {
                reader.report(self.other_language(member, row.language));
            }
        }
    }

    /// Reports members of an object within a state that only the other query language has. Whether there are any.
    pub(crate) fn of_other_language(&mut self, names: &[&str], reader: &mut Reader<'_>) -> bool {
        let language = if self.jsonata { Language::JsonPath } else { Language::Jsonata };
        let members = self.members_where(|name| names.contains(&name));
        for member in &members {
            reader.report(self.other_language(member, language));
        }
        !members.is_empty()
    }

    /// `Parameters` or `Arguments` of an object within a state, which it has to have if `required`.
    pub(crate) fn inner_parameters(&mut self, required: bool, reader: &mut Reader<'_>) -> Option<Template> {
        let (name, other) =
            if reader.jsonata { ("Arguments", "Parameters") } else { ("Parameters", "Arguments") };
        let is_other = self.of_other_language(&[other], reader);
        if required && !is_other && !self.has(name) {
            self.report_missing(name, reader);
        }
        self.template(name, reader)
    }

    fn report_unknown(
        &self,
        member: &Member,
        known: impl Iterator<Item = &'static str>,
        reader: &mut Reader<'_>,
    ) {
        let key = &member.key;
        let message = format!("{} has a field `{}` that does not exist", self.owner, key.value);
        let diagnostic = Diagnostic::new(Code::UnknownField, key.span, message).label("no such field");
        let left = reader.suggestions.checked_sub(1);
        reader.suggestions = left.unwrap_or_default();
        let help = left.and_then(|_| {
            let known: Vec<_> = known.collect();
            match words::field(&key.value, known.iter().copied()) {
                Some(name) => Some(format!("did you mean `{name}`?")),
                None => did_you_mean(&key.value, known),
            }
        });
        reader.report(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    fn misplaced(&self, member: &Member, states: &[StateType], state_type: StateType) -> Diagnostic {
        let key = &member.key;
        let homes: Vec<_> = states.iter().map(|state_type| state_type.name()).collect();
        let message = format!("field `{}` is not allowed in a {state_type} state", key.value);
        let diagnostic = Diagnostic::new(Code::UnknownField, key.span, message)
            .label(format!("{} is a {state_type} state", self.owner))
            .help(format!("`{}` is a field of {} states", key.value, homes.join(", ")));
        match (key.value.as_str(), state_type) {
            ("End", StateType::Succeed | StateType::Fail) => diagnostic.help("leave the field out"),
            ("End" | "Next", StateType::Choice) => {
                diagnostic.help("a Choice state goes on with the `Next` of its rules, or with `Default`")
            }
            _ => diagnostic,
        }
    }

    fn other_language(&self, member: &Member, language: Language) -> Diagnostic {
        let key = &member.key;
        let (its, other) = match language {
            Language::Jsonata => ("JSONata", "JSONPath"),
            Language::Both | Language::JsonPath => ("JSONPath", "JSONata"),
        };
        let message = format!("field `{}` belongs to the query language {its}", key.value);
        let plain = key
            .value
            .strip_suffix("Path")
            .filter(|plain| StateField::of(plain).is_some_and(|row| row.is_in(true)));
        let help = match (language, plain) {
            (Language::Jsonata, _) => NEEDS_JSONATA.to_owned(),
            (_, Some(plain)) => format!("write an expression in `{plain}`"),
            (_, None) => {
                "in JSONata, `Arguments`, `Output` and `Assign` with expressions do its work".to_owned()
            }
        };
        Diagnostic::new(Code::UnknownField, key.span, message)
            .label(format!("the query language of {} is {other}", self.owner))
            .help(help)
    }
}

/// The value that was put into quotes, if it is of the type that is wanted: a number, a boolean, or the only element of a list.
fn without_quotes(text: &str, wanted: &str) -> Option<String> {
    let is_number = || text.parse::<f64>().is_ok_and(f64::is_finite) && !text.contains(['+', 'e', 'E']);
    let fits = match wanted {
        "a whole number" => text.parse::<u64>().is_ok(),
        "a number" => is_number(),
        "`true` or `false`" => ["true", "false"].contains(&text),
        "an array" => {
            let names: Vec<_> = text.split(',').map(str::trim).collect();
            let names = Some(names).filter(|names| names.iter().all(|name| is_error_name(name)))?;
            let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
            return Some(format!("[{}]", quoted.join(", ")));
        }
        _ => false,
    };
    fits.then(|| text.to_owned())
}

/// Whether a text may be a name in an `ErrorEquals`.
fn is_error_name(text: &str) -> bool {
    text.split('.').count() > 1 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers beyond 2^53 are beyond any limit, whatever their last digits"
)]
const fn to_float(number: Number) -> f64 {
    match number {
        Number::Int(int) => int as f64,
        Number::Uint(uint) => uint as f64,
        Number::Float(float) => float,
    }
}
