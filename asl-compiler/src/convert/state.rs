//! States in JSONata.
//!
//! In: a state as it is written. Out: its text with the fields of JSONata, or as it was. Its data goes the same way: from the input over what is
//! asked to the result, and from there to the output.

use super::code::{Code, text};
use super::edit::{Object, array};
use super::input::Input;
use super::{Conversion, Remark, Weight};
use crate::json::{Kind, Text, Value};
use crate::path::{Root, Written};
use crate::source::{SourceFile, Span};
use crate::state_fields::StateField;
use crate::vocabulary::Selector;
use asl_language::state_type::StateType;

/// What conversions of states share.
#[derive(Debug)]
pub(super) struct Converter<'a> {
    pub(super) source: &'a SourceFile,
    machine_is_jsonata: bool,
    /// States are converted that come to something else for some data.
    pub(super) approximately: bool,
    /// The machine itself is in JSONata, so that its states need not say that they are.
    pub(super) whole: bool,
    pub(super) converted: usize,
    /// How many states stay in JSONPath.
    pub(super) kept: usize,
    remarks: Vec<Remark>,
    /// Of the state at hand.
    found: Vec<(Span, Weight, String)>,
}

/// Where the output of a state comes from.
#[derive(Debug)]
pub(super) struct Produced<'a> {
    /// What is put into the data.
    pub(super) value: Input<'a>,
    /// The output if nothing is said about it.
    pub(super) default: &'static str,
    /// What it is put into.
    pub(super) input: Input<'a>,
}

impl<'a> Converter<'a> {
    pub(super) fn new(source: &'a SourceFile, machine_is_jsonata: bool, approximately: bool) -> Self {
        let (remarks, found) = (Vec::new(), Vec::new());
        Self {
            source,
            machine_is_jsonata,
            approximately,
            whole: false,
            converted: 0,
            kept: 0,
            remarks,
            found,
        }
    }

    pub(super) fn finish(mut self, text: String) -> Conversion {
        self.remarks.sort_by_key(|remark| (remark.span, remark.weight));
        self.remarks.dedup();
        Conversion { text, converted: self.converted, kept: self.kept, remarks: self.remarks }
    }

    /// Takes note of something that concerns only executions that fail.
    pub(super) fn failure(&mut self, span: Span, message: impl Into<String>) {
        self.found.push((span, Weight::Failure, message.into()));
    }

    /// Takes note of data for which something else comes out.
    pub(super) fn value(&mut self, span: Span, message: impl Into<String>) {
        self.found.push((span, Weight::Value, message.into()));
    }

    /// Takes note of something that JSONata does not have.
    pub(super) fn impossible(&mut self, span: Span, message: impl Into<String>) {
        self.found.push((span, Weight::Impossible, message.into()));
    }

    /// The `States` of a machine, a branch or an item processor.
    pub(super) fn scope(&mut self, scope: &'a Value) -> String {
        let Some(states) = scope.get("States") else { return String::new() };
        let mut object = Object::new(self.source, states);
        for member in states.as_object().unwrap_or_default() {
            let text = self.state(member.name(), &member.value);
            object.replace(member.name(), member.name(), &text);
        }
        object.finish()
    }

    fn state(&mut self, name: &str, state: &'a Value) -> String {
        let language = state.get("QueryLanguage").and_then(Value::as_str);
        let is_jsonata = language.map_or(self.machine_is_jsonata, |language| language == "JSONata");
        let mut object = Object::new(self.source, state);
        if !is_jsonata {
            self.found.clear();
            let mut changed = Object::new(self.source, state);
            let done = self.fields(state, &mut changed).is_some();
            let weight = self.found.iter().map(|(_, weight, _)| *weight).max();
            let allowed = if self.approximately { Weight::Value } else { Weight::Failure };
            let remarks = std::mem::take(&mut self.found);
            if done && weight.is_none_or(|weight| weight <= allowed) {
                self.converted += 1;
                object = changed;
                self.language(state, &mut object);
            } else {
                self.kept += 1;
            }
            let remark = |(span, weight, message)| Remark { state: name.to_owned(), span, weight, message };
            self.remarks.extend(remarks.into_iter().map(remark));
        }
        self.inner(state, &mut object);
        object.finish()
    }

    fn language(&self, state: &Value, object: &mut Object<'_>) {
        match (state.get("QueryLanguage"), self.whole) {
            (Some(_), true) => object.remove("QueryLanguage"),
            (Some(_), false) => object.replace("QueryLanguage", "QueryLanguage", "\"JSONata\""),
            (None, true) => {}
            (None, false) => object.add_after("Type", "QueryLanguage", "\"JSONata\""),
        }
    }

    /// The states inside of a state are converted or not, whatever it is itself.
    fn inner(&mut self, state: &'a Value, object: &mut Object<'_>) {
        if let Some(branches) = state.get("Branches") {
            let texts: Vec<_> = branches
                .as_array()
                .unwrap_or_default()
                .iter()
                .map(|branch| self.with_states(branch))
                .collect();
            let mut texts = texts.into_iter();
            let text = array(self.source, branches, |_| texts.next().unwrap_or_default());
            object.replace("Branches", "Branches", &text);
        }
        for name in ["ItemProcessor", "Iterator"] {
            if let Some(processor) = state.get(name) {
                let text = self.with_states(processor);
                object.replace(name, name, &text);
            }
        }
    }

    fn with_states(&mut self, scope: &'a Value) -> String {
        let states = self.scope(scope);
        let mut object = Object::new(self.source, scope);
        object.replace("States", "States", &states);
        object.finish()
    }

    /// Nothing if that is not possible.
    fn fields(&mut self, state: &'a Value, object: &mut Object<'_>) -> Option<()> {
        let input = self.selection(state, "InputPath", Input::state())?;
        let state_type = StateType::from_name(state.get("Type")?.as_str()?)?;
        match state_type {
            StateType::Pass => self.pass(state, input.clone(), object)?,
            StateType::Task => self.task(state, &input, object)?,
            StateType::Parallel => self.parallel(state, &input, object)?,
            StateType::Map => self.map(state, &input, object)?,
            StateType::Choice => self.choice(state, &input, object)?,
            StateType::Wait => self.wait(state, input.clone(), object)?,
            StateType::Succeed => self.output(state, &unchanged(input.clone()), &["InputPath"], object)?,
            StateType::Fail => self.fail(state, object)?,
        }
        self.templates(state_type, state, &input, object)?;
        self.catchers(state, object)
    }

    /// The templates that are in both languages, under the same name.
    fn templates(
        &mut self,
        state_type: StateType,
        state: &'a Value,
        input: &Input<'a>,
        object: &mut Object<'_>,
    ) -> Option<()> {
        let fields = StateField::of_states(state_type, false);
        let templates = fields.filter(|field| field.is_in(true) && field.holds.is_template());
        for StateField { name, .. } in templates {
            if let Some(template) = state.get(name) {
                let text = self.template_text(template, input)?;
                object.replace(name, name, &text);
            }
        }
        Some(())
    }

    fn pass(&mut self, state: &'a Value, input: Input<'a>, object: &mut Object<'_>) -> Option<()> {
        let value = match (state.get("Result"), state.get("Parameters")) {
            (Some(result), parameters) => {
                if let Some(parameters) = parameters {
                    self.failure(
                        parameters.span,
                        "`Result` takes the place of `Parameters`, whose paths had to lead somewhere",
                    );
                }
                Input::Constant(result)
            }
            (None, Some(parameters)) => Input::Template(parameters, Box::new(input)),
            (None, None) => input,
        };
        self.assign(state, &value, object)?;
        let result = Produced { value, default: "$states.input", input: Input::state() };
        self.output(state, &result, &["Parameters", "Result", "InputPath"], object)
    }

    fn task(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'_>) -> Option<()> {
        self.arguments(state, input, object)?;
        for name in ["TimeoutSeconds", "HeartbeatSeconds"] {
            self.looked_up(state, name, input, object)?;
        }
        self.after(state, object)
    }

    fn parallel(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'_>) -> Option<()> {
        self.arguments(state, input, object)?;
        self.after(state, object)
    }

    fn wait(&mut self, state: &'a Value, input: Input<'a>, object: &mut Object<'_>) -> Option<()> {
        self.number(state, "Seconds", &input, object)?;
        self.looked_up(state, "Timestamp", &input, object)?;
        self.assign(state, &input, object)?;
        self.output(state, &unchanged(input), &["InputPath"], object)
    }

    fn fail(&mut self, state: &'a Value, object: &mut Object<'_>) -> Option<()> {
        for (name, path) in [("Error", "ErrorPath"), ("Cause", "CausePath")] {
            if let Some(Kind::String(string)) = state.get(path).map(|value| &value.kind) {
                let code = self.dynamic(string, &Input::state())?;
                object.replace(path, name, &code.as_field());
            } else if let Some(value) = state.get(name) {
                let text = self.constant_text(value);
                object.replace(name, name, &text);
            }
        }
        Some(())
    }

    /// What a task or the branches get.
    fn arguments(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'_>) -> Option<()> {
        match state.get("Parameters") {
            Some(parameters) => {
                let text = self.template_text(parameters, input)?;
                object.replace("Parameters", "Arguments", &text);
                object.remove("InputPath");
            }
            None if input.is("$states.input") => object.remove("InputPath"),
            None => {
                let text = self.whole_text(input)?;
                object.put(&["InputPath"], "Resource", "Arguments", &text);
            }
        }
        Some(())
    }

    /// A field whose value is found by a path in another one.
    fn looked_up(
        &mut self,
        state: &'a Value,
        name: &str,
        input: &Input<'a>,
        object: &mut Object<'_>,
    ) -> Option<()> {
        self.found_by_path(state, name, input, object, |code| code)
    }

    /// The same for a number that may be in a text too.
    pub(super) fn number(
        &mut self,
        state: &'a Value,
        name: &str,
        input: &Input<'a>,
        object: &mut Object<'_>,
    ) -> Option<()> {
        self.found_by_path(state, name, input, object, |code| Code::call("$number", &[code]))
    }

    fn found_by_path(
        &mut self,
        state: &'a Value,
        name: &str,
        input: &Input<'a>,
        object: &mut Object<'_>,
        read: impl FnOnce(Code) -> Code,
    ) -> Option<()> {
        let path = format!("{name}Path");
        if let Some(Kind::String(string)) = state.get(&path).map(|value| &value.kind) {
            let code = self.path_code(string, input)?;
            object.replace(&path, name, &read(code).as_field());
        }
        Some(())
    }

    /// What is done with the result of an effect.
    pub(super) fn after(&mut self, state: &'a Value, object: &mut Object<'_>) -> Option<()> {
        self.assign(state, &Input::result(), object)?;
        let value = match state.get("ResultSelector") {
            Some(selector) => Input::Template(selector, Box::new(Input::result())),
            None => Input::result(),
        };
        let result = Produced { value, default: "$states.result", input: Input::state() };
        self.output(state, &result, &["ResultSelector"], object)
    }

    pub(super) fn assign(&mut self, value: &Value, input: &Input<'a>, object: &mut Object<'_>) -> Option<()> {
        if let Some(assign) = value.get("Assign") {
            let text = self.template_text(assign, input)?;
            object.replace("Assign", "Assign", &text);
        }
        Some(())
    }

    /// `Output`, in the place of the fields that make it and of others that are no more.
    pub(super) fn output(
        &mut self,
        state: &'a Value,
        result: &Produced<'a>,
        others: &[&str],
        object: &mut Object<'_>,
    ) -> Option<()> {
        let text = self.output_text(state, result)?;
        let old: Vec<_> = others.iter().copied().chain(["ResultPath", "OutputPath"]).collect();
        match text {
            Some(text) => object.put(&old, "Parameters", "Output", &text),
            None => old.iter().for_each(|name| object.remove(name)),
        }
        Some(())
    }

    /// The value of `Output`, unless that is what it is anyway.
    pub(super) fn output_text(&mut self, state: &'a Value, result: &Produced<'a>) -> Option<Option<String>> {
        let names = self.result_path(state)?;
        let combined = match &names {
            None => result.input.clone(),
            Some(names) if names.is_empty() => result.value.clone(),
            Some(names) => {
                let (base, value) = (result.input.as_code(self)?, result.value.as_code(self)?);
                Input::Code(merged(&base, names, &value))
            }
        };
        let output = match (self.path_of(state, "OutputPath"), &names) {
            (Some(path), Some(names)) if !names.is_empty() => self.part(path, names, result, combined)?,
            _ => self.selection(state, "OutputPath", combined)?,
        };
        if output.is(result.default) {
            return Some(None);
        }
        self.whole_text(&output).map(Some)
    }

    /// A part of the input with the result in it: that of one of the two, if it can be told which.
    fn part(
        &mut self,
        text: &'a Text,
        names: &[String],
        result: &Produced<'a>,
        combined: Input<'a>,
    ) -> Option<Input<'a>> {
        let mut ignored = crate::diagnostic::Diagnostics::default();
        let mut path = Written::parse(text, &mut ignored)?;
        if path.root != Root::Data {
            return self.path(text, &combined);
        }
        let same = path.segments.iter().zip(names).take_while(
            |(segment, name)| matches!(&segment.selector, Selector::Name(found) if found == *name),
        );
        let same = same.count();
        let is_elsewhere = same == 0
            && matches!(path.segments.first().map(|segment| &segment.selector), Some(Selector::Name(_)));
        if same == names.len() {
            path.segments.drain(..same);
            return self.written(&path, &result.value);
        }
        if is_elsewhere {
            return self.written(&path, &result.input);
        }
        self.written(&path, &combined)
    }

    fn path_of(&self, state: &'a Value, field: &str) -> Option<&'a Text> {
        state.get(field)?.as_text()
    }

    /// `InputPath` or `OutputPath`.
    pub(super) fn selection(&mut self, state: &'a Value, field: &str, whole: Input<'a>) -> Option<Input<'a>> {
        match state.get(field).map(|value| &value.kind) {
            None => Some(whole),
            Some(Kind::String(path)) => self.path(path, &whole),
            Some(_) => Some(Input::Code(Code::atom("{}"))),
        }
    }

    /// The names that `ResultPath` leads over: none of them is `$`, and nothing is `null`.
    fn result_path(&mut self, state: &Value) -> Option<Option<Vec<String>>> {
        let Some(value) = state.get("ResultPath") else { return Some(Some(Vec::new())) };
        let Kind::String(text) = &value.kind else { return Some(None) };
        let mut ignored = crate::diagnostic::Diagnostics::default();
        let path = Written::parse(text, &mut ignored)?;
        let names = path.segments.iter().map(|segment| {
            let Selector::Name(name) = &segment.selector else { return None };
            super::code::step(name).map(|_| name.clone())
        });
        match names.collect::<Option<Vec<_>>>() {
            Some(names) if path.root == Root::Data => Some(Some(names)),
            _ => {
                self.impossible(value.span, format!("nothing in JSONata puts a value at `{}`", text.value));
                None
            }
        }
    }

    fn catchers(&mut self, state: &'a Value, object: &mut Object<'_>) -> Option<()> {
        let catches_all = |list: &str| {
            let each = state.get(list).and_then(Value::as_array).unwrap_or_default();
            each.iter().find_map(|one| {
                let names = one.get("ErrorEquals")?;
                names.as_array()?.iter().any(|name| name.as_str() == Some("States.ALL")).then_some(names.span)
            })
        };
        for (list, does) in [("Retry", "tries again"), ("Catch", "catches")] {
            if let Some(span) = catches_all(list) {
                self.failure(span, format!("what cannot be evaluated is an error that this {does}; in JSONPath it ended the execution"));
            }
        }
        let Some(catchers) = state.get("Catch") else { return Some(()) };
        let texts = catchers.as_array()?.iter().map(|catcher| {
            let mut object = Object::new(self.source, catcher);
            self.assign(catcher, &Input::error(), &mut object)?;
            let result =
                Produced { value: Input::error(), default: "$states.errorOutput", input: Input::state() };
            match self.output_text(catcher, &result)? {
                Some(text) => object.put(&["ResultPath"], "ErrorEquals", "Output", &text),
                None => object.remove("ResultPath"),
            }
            Some(object.finish())
        });
        let mut texts = texts.collect::<Option<Vec<_>>>()?.into_iter();
        let text = array(self.source, catchers, |_| texts.next().unwrap_or_default());
        object.replace("Catch", "Catch", &text);
        Some(())
    }
}

/// A state that only passes on its input.
pub(super) fn unchanged(input: Input<'_>) -> Produced<'_> {
    Produced { value: input.clone(), default: "$states.input", input }
}

/// An object with a value at the end of names.
fn merged(base: &Code, names: &[String], value: &Code) -> Code {
    let Some((first, rest)) = names.split_first() else { return value.clone() };
    let inner = match super::code::step(first) {
        Some(step) if !rest.is_empty() => merged(&Code::atom(format!("{}{step}", base.text)), rest, value),
        _ => value.clone(),
    };
    Code::atom(format!("$merge([{}, {{{}: {}}}])", base.text, text(first).text, inner.text))
}
