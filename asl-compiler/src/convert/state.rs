//! States in JSONata.
//!
//! In: a state as it is written. Out: its text with the fields of JSONata, or as it was. Its data goes the same way: from the input over what is
//! asked to the result, and from there to the output.

use super::carried::{Change, Entry, Exit, ExitKind, Flow, Noted, Plan, Scope, ScopeKind};
use super::code::Code;
use super::edit::{Object, array};
use super::input::Input;
use super::output::{Leaving, Way, is_needless, rest_of, with_fields};
use super::{Conversion, Remark, Weight};
use crate::json::write::quoted;
use crate::json::{Kind, Value};
use crate::outline::{PROCESSORS, links, machines_in};
use crate::source::{SourceFile, Span};
use crate::state_fields::StateField;
use asl_language::state_type::StateType;
use std::collections::{BTreeMap, BTreeSet};

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
    /// The state at hand.
    name: String,
    /// The number of its scope.
    scope: usize,
    /// What the states do with their data.
    flow: Flow,
    /// What is in variables.
    plan: Plan,
}

impl<'a> Converter<'a> {
    pub(super) fn new(
        source: &'a SourceFile,
        machine_is_jsonata: bool,
        approximately: bool,
        whole: bool,
        plan: Plan,
    ) -> Self {
        Self {
            source,
            machine_is_jsonata,
            approximately,
            whole,
            converted: 0,
            kept: 0,
            remarks: Vec::new(),
            found: Vec::new(),
            name: String::new(),
            scope: 0,
            flow: Flow::default(),
            plan,
        }
    }

    pub(super) fn finish(mut self, text: String) -> Conversion {
        self.remarks.sort_by_key(|remark| (remark.span, remark.weight));
        self.remarks.dedup();
        let variables = self.plan.variables.into_iter().collect();
        Conversion { text, converted: self.converted, kept: self.kept, variables, remarks: self.remarks }
    }

    /// What the states do with their data.
    pub(super) const fn flow(&self) -> &Flow {
        &self.flow
    }

    /// Takes note of a way out of the state at hand.
    pub(super) fn note(&mut self, exit: Exit) {
        self.noted().exits.push(exit);
    }

    /// Takes note of a field of the data that is read.
    pub(super) fn note_field(&mut self, field: &str) {
        self.noted().reads.insert(field.to_owned());
    }

    /// Takes note of data that is read as a whole.
    pub(super) fn note_whole(&mut self) {
        self.noted().reads_whole = true;
    }

    /// What is noted of the state at hand.
    pub(super) fn noted(&mut self) -> &mut Noted {
        let noted = self.flow.states.entry(self.name.clone()).or_default();
        noted.scope = self.scope;
        noted
    }

    /// What was noted so far of what is read, to be put back by [`Self::put_noted`].
    pub(super) fn take_noted(&mut self) -> (BTreeSet<String>, bool) {
        let noted = self.noted();
        (noted.reads.clone(), noted.reads_whole)
    }

    /// Forgets what was read since.
    pub(super) fn put_noted(&mut self, (reads, whole): (BTreeSet<String>, bool)) {
        let noted = self.noted();
        (noted.reads, noted.reads_whole) = (reads, whole);
    }

    /// What is in variables where the state at hand is entered.
    pub(super) fn here(&self) -> Entry {
        self.plan.entry(&self.name)
    }

    /// The same for the next state. At an end nothing is in variables, and all is needed.
    pub(super) fn there(&self, to: Option<&str>) -> Entry {
        to.map(|to| self.plan.entry(to)).unwrap_or_default()
    }

    /// Whether something is that field of `$states`, and nothing else.
    pub(super) fn is(&self, value: &Input<'a>, field: &str) -> bool {
        match value {
            Input::Data => {
                let here = self.here();
                field == "$states.input" && here.fields.is_empty() && here.rest.is_none()
            }
            Input::Code(code) => code.text == field,
            Input::Template(..) | Input::Constant(_) => false,
        }
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
    pub(super) fn scope(&mut self, scope: &'a Value, kind: ScopeKind) -> String {
        let Some(states) = scope.get("States") else { return String::new() };
        let start = scope.get("StartAt").and_then(Value::as_str).unwrap_or_default().to_owned();
        let parent = (!self.flow.scopes.is_empty()).then_some(self.scope);
        let number = self.flow.scopes.len();
        self.flow.scopes.push(Scope { kind, parent, start });
        let mut object = Object::new(self.source, states);
        for member in states.as_object().unwrap_or_default() {
            self.scope = number;
            let text = self.state(member.name(), &member.value);
            object.replace(member.name(), member.name(), &text);
        }
        self.scope = parent.unwrap_or_default();
        object.finish()
    }

    fn state(&mut self, name: &str, state: &'a Value) -> String {
        name.clone_into(&mut self.name);
        self.noted();
        let language = state.get("QueryLanguage").and_then(Value::as_str);
        let is_jsonata = language.map_or(self.machine_is_jsonata, |language| language == "JSONata");
        let mut object = Object::new(self.source, state);
        let mut is_converted = false;
        if !is_jsonata {
            self.found.clear();
            let mut changed = Object::new(self.source, state);
            let done = self.fields(state, &mut changed).is_some();
            let weight = self.found.iter().map(|(_, weight, _)| *weight).max();
            let allowed = if self.approximately { Weight::Value } else { Weight::Failure };
            let remarks = std::mem::take(&mut self.found);
            is_converted = done && weight.is_none_or(|weight| weight <= allowed);
            if is_converted {
                self.converted += 1;
                object = changed;
                self.language(state, &mut object);
            } else {
                self.kept += 1;
            }
            let remark = |(span, weight, message)| Remark { state: name.to_owned(), span, weight, message };
            self.remarks.extend(remarks.into_iter().map(remark));
        }
        if !is_converted {
            self.note_opaque(state);
        }
        self.inner(state, &mut object);
        object.finish()
    }

    /// The state stays as it is, and needs its data as it was.
    fn note_opaque(&mut self, state: &Value) {
        let next = links(state).into_iter().map(|link| (link.to.value.as_str(), ExitKind::OfResult));
        let inside = starts_in(state).map(|start| (start, ExitKind::Call));
        let exit = |(to, kind): (&str, _)| Exit { to: Some(to.to_owned()), change: Change::Replaced, kind };
        let exits = next.chain(inside).map(exit).collect();
        *self.noted() = Noted { is_opaque: true, exits, scope: self.scope, ..Noted::default() };
    }

    fn language(&self, state: &Value, object: &mut Object<'a>) {
        match (state.get("QueryLanguage"), self.whole) {
            (Some(_), true) => object.remove("QueryLanguage"),
            (Some(_), false) => object.replace("QueryLanguage", "QueryLanguage", "\"JSONata\""),
            (None, true) => {}
            (None, false) => object.add_after("Type", "QueryLanguage", "\"JSONata\""),
        }
    }

    /// The states inside of a state are converted or not, whatever it is itself.
    fn inner(&mut self, state: &'a Value, object: &mut Object<'a>) {
        if let Some(branches) = state.get("Branches") {
            let texts: Vec<_> = branches
                .as_array()
                .unwrap_or_default()
                .iter()
                .map(|branch| self.with_states(branch, ScopeKind::Branch))
                .collect();
            let mut texts = texts.into_iter();
            let text = array(self.source, branches, |_| texts.next().unwrap_or_default());
            object.replace("Branches", "Branches", &text);
        }
        for name in PROCESSORS {
            if let Some(processor) = state.get(name) {
                let is_selected = ["ItemSelector", "Parameters"].iter().any(|name| state.get(name).is_some());
                let text = self.with_states(processor, ScopeKind::Processor { is_selected });
                object.replace(name, name, &text);
            }
        }
    }

    fn with_states(&mut self, scope: &'a Value, kind: ScopeKind) -> String {
        let states = self.scope(scope, kind);
        let mut object = Object::new(self.source, scope);
        object.replace("States", "States", &states);
        object.finish()
    }

    /// Nothing if that is not possible.
    fn fields(&mut self, state: &'a Value, object: &mut Object<'a>) -> Option<()> {
        let input = self.selection(state)?;
        let state_type = StateType::from_name(state.get("Type")?.as_str()?)?;
        match state_type {
            StateType::Pass => self.pass(state, input.clone(), object)?,
            StateType::Task => self.task(state, &input, object)?,
            StateType::Parallel => self.parallel(state, &input, object)?,
            StateType::Map => self.map(state, &input, object)?,
            StateType::Choice => self.choice(state, &input, object)?,
            StateType::Wait => self.wait(state, input.clone(), object)?,
            StateType::Succeed => {
                self.output(state, input.clone(), "$states.input", &["InputPath"], object)?
            }
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
        object: &mut Object<'a>,
    ) -> Option<()> {
        let fields = StateField::of_states(state_type, false);
        let is_done = |field: &&StateField| field.name == "ItemSelector";
        let templates = fields
            .filter(|field| field.is_in(true) && field.holds.is_template())
            .filter(|field| !is_done(field));
        for StateField { name, .. } in templates {
            if let Some(template) = state.get(name) {
                let text = self.template_text(template, input)?;
                object.replace(name, name, &text);
            }
        }
        Some(())
    }

    fn pass(&mut self, state: &'a Value, input: Input<'a>, object: &mut Object<'a>) -> Option<()> {
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
        self.output(state, value, "$states.input", &["Parameters", "Result", "InputPath"], object)
    }

    fn task(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'a>) -> Option<()> {
        self.arguments(state, input, object)?;
        for name in ["TimeoutSeconds", "HeartbeatSeconds"] {
            self.looked_up(state, name, input, object)?;
        }
        self.after(state, object)
    }

    fn parallel(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'a>) -> Option<()> {
        self.branch_input(state, input, object)?;
        self.after(state, object)
    }

    fn wait(&mut self, state: &'a Value, input: Input<'a>, object: &mut Object<'a>) -> Option<()> {
        self.number(state, "Seconds", &input, object)?;
        self.looked_up(state, "Timestamp", &input, object)?;
        self.assign(state, &input, object)?;
        self.output(state, input, "$states.input", &["InputPath"], object)
    }

    fn fail(&mut self, state: &'a Value, object: &mut Object<'a>) -> Option<()> {
        for (name, path) in [("Error", "ErrorPath"), ("Cause", "CausePath")] {
            if let Some(Kind::String(string)) = state.get(path).map(|value| &value.kind) {
                let code = self.dynamic(string, &Input::Data)?;
                object.replace(path, name, &code.as_field());
            } else if let Some(value) = state.get(name) {
                let text = self.constant_text(value);
                object.replace(name, name, &text);
            }
        }
        Some(())
    }

    /// What the branches get. What is in variables they see anyway.
    fn branch_input(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'a>) -> Option<()> {
        let change = match state.get("Parameters") {
            Some(parameters) => self.replacement(&Input::Template(parameters, Box::new(input.clone()))),
            None if matches!(input, Input::Data) => Change::Kept,
            None => Change::Replaced,
        };
        self.note_calls(state, &change);
        let starts: Vec<_> = starts_in(state).map(|start| self.there(Some(start))).collect();
        match (state.get("Parameters"), &change) {
            (Some(parameters), Change::Copied(_)) => {
                let text = self.called_with(parameters, input, state)?;
                object.replace("Parameters", "Arguments", &text);
                object.remove("InputPath");
            }
            (None, Change::Kept) => {
                object.remove("InputPath");
                let here = self.here();
                let fields = starts.iter().flat_map(|there| self.put_back(&here, there, None));
                let fields: BTreeMap<_, _> = fields.collect();
                if starts.iter().any(|start| start.needs_rest) {
                    let code = with_fields(rest_of(&here), &Vec::from_iter(fields));
                    if code.text != "$states.input" {
                        object.put(&[], "Type", "Arguments", &code.as_field());
                    }
                }
            }
            _ => self.arguments(state, input, object)?,
        }
        Some(())
    }

    /// Takes note of the ways into the states inside.
    pub(super) fn note_calls(&mut self, state: &Value, change: &Change) {
        for start in starts_in(state) {
            self.note(Exit { to: Some(start.to_owned()), change: change.clone(), kind: ExitKind::Call });
        }
    }

    /// A template that the states inside start with. What all of them have in variables is left out.
    pub(super) fn called_with(
        &mut self,
        template: &'a Value,
        input: &Input<'a>,
        state: &'a Value,
    ) -> Option<String> {
        let starts: Vec<_> = starts_in(state).map(|start| self.there(Some(start))).collect();
        self.template_without(template, input, |field| starts.iter().all(|there| is_needless(there, field)))
    }

    /// What a task or the branches get.
    fn arguments(&mut self, state: &'a Value, input: &Input<'a>, object: &mut Object<'a>) -> Option<()> {
        match state.get("Parameters") {
            Some(parameters) => {
                let text = self.template_text(parameters, input)?;
                object.replace("Parameters", "Arguments", &text);
                object.remove("InputPath");
            }
            None => {
                let text = self.whole_text(input)?;
                if self.is(input, "$states.input") {
                    object.remove("InputPath");
                    return Some(());
                }
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
        object: &mut Object<'a>,
    ) -> Option<()> {
        self.found_by_path(state, name, input, object, |code| code)
    }

    /// The same for a number that may be in a text too.
    pub(super) fn number(
        &mut self,
        state: &'a Value,
        name: &str,
        input: &Input<'a>,
        object: &mut Object<'a>,
    ) -> Option<()> {
        self.found_by_path(state, name, input, object, |code| Code::call("$number", &[code]))
    }

    fn found_by_path(
        &mut self,
        state: &'a Value,
        name: &str,
        input: &Input<'a>,
        object: &mut Object<'a>,
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
    pub(super) fn after(&mut self, state: &'a Value, object: &mut Object<'a>) -> Option<()> {
        self.assign(state, &Input::result(), object)?;
        let value = match state.get("ResultSelector") {
            Some(selector) => Input::Template(selector, Box::new(Input::result())),
            None => Input::result(),
        };
        self.output(state, value, "$states.result", &["ResultSelector"], object)
    }

    pub(super) fn assign(
        &mut self,
        value: &'a Value,
        input: &Input<'a>,
        object: &mut Object<'a>,
    ) -> Option<()> {
        if let Some(assign) = value.get("Assign") {
            let text = self.template_text(assign, input)?;
            object.replace("Assign", "Assign", &text);
        }
        Some(())
    }

    /// `Output`, in the place of the fields that make it and of others that are no more.
    fn output(
        &mut self,
        state: &'a Value,
        value: Input<'a>,
        default: &'static str,
        others: &[&str],
        object: &mut Object<'a>,
    ) -> Option<()> {
        let to = state.get("Next").and_then(Value::as_str);
        let assigned = value.clone();
        let leaving = self.leave(&Way { fields: state, value, default, to })?;
        let old: Vec<_> = others.iter().copied().chain(["ResultPath", "OutputPath"]).collect();
        self.write(state, &assigned, leaving, &old, "Parameters", object)
    }

    /// Writes what is said about a way out in the place of old fields, or after another.
    pub(super) fn write(
        &mut self,
        fields: &'a Value,
        value: &Input<'a>,
        leaving: Leaving,
        old: &[&str],
        after: &str,
        object: &mut Object<'a>,
    ) -> Option<()> {
        let Leaving { output, assign } = leaving;
        let has_assign = fields.get("Assign").is_some();
        match &output {
            Some(output) => object.put(old, after, "Output", output),
            None if assign.is_empty() || has_assign => old.iter().for_each(|name| object.remove(name)),
            None => {}
        }
        if assign.is_empty() {
            return Some(());
        }
        if let Some(template) = fields.get("Assign") {
            let mut whole = self.template_object(template, value)?;
            assign.iter().for_each(|(name, value)| whole.add_last(name, value));
            object.replace("Assign", "Assign", &whole.finish());
            return Some(());
        }
        let members: Vec<_> =
            assign.iter().map(|(name, value)| format!("{}: {value}", quoted(name))).collect();
        let text = format!("{{ {} }}", members.join(", "));
        match output {
            Some(_) => object.add_before("Output", "Assign", &text),
            None => object.put(old, after, "Assign", &text),
        }
        Some(())
    }

    fn catchers(&mut self, state: &'a Value, object: &mut Object<'a>) -> Option<()> {
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
            let (value, to) = (Input::error(), catcher.get("Next").and_then(Value::as_str));
            let way = Way { fields: catcher, value, default: "$states.errorOutput", to };
            let leaving = self.leave(&way)?;
            self.write(catcher, &way.value, leaving, &["ResultPath"], "ErrorEquals", &mut object)?;
            Some(object.finish())
        });
        let mut texts = texts.collect::<Option<Vec<_>>>()?.into_iter();
        let text = array(self.source, catchers, |_| texts.next().unwrap_or_default());
        object.replace("Catch", "Catch", &text);
        Some(())
    }
}

/// The states that those inside of a state start at.
pub(super) fn starts_in(state: &Value) -> impl Iterator<Item = &str> {
    machines_in(state).filter_map(|machine| machine.get("StartAt")?.as_str())
}
