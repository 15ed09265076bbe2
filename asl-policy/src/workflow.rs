//! What a definition asks of other services, state by state.
//!
//! In: the JSON of a definition, in either query language, whether or not it is valid. Out: every [`ServiceCall`] in the order of the text. It
//! only reads; what a call needs is decided elsewhere.

use asl_compiler::json::{Kind, Value};
use asl_compiler::outline::{Machine, State, StateType, Store};

/// A task, or the part of a Map that reads or writes a store.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServiceCall<'d> {
    /// The state that makes it.
    pub(crate) state: &'d str,
    /// `Resource`
    pub(crate) resource: &'d str,
    /// `Parameters` or `Arguments`, if it has any; of a distributed Map its own fields.
    pub(crate) parameters: Parameters<'d>,
    /// `ReaderConfig` of an `ItemReader`.
    pub(crate) config: Parameters<'d>,
    /// What makes the call.
    pub(crate) caller: Caller,
    /// `RoleArn` of `Credentials`.
    pub(crate) role: Option<Argument<'d>>,
}

/// What makes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// A Task state.
    Task,
    /// `ItemReader` of a Map.
    ItemReader,
    /// `ResultWriter` of a Map.
    ResultWriter,
    /// A distributed Map, which starts executions of its own machine.
    DistributedMap,
}

/// The value of a parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Argument<'d> {
    /// Given in the definition; placeholders may be in it.
    Constant(&'d str),
    /// Known only when the state runs, or no string.
    Dynamic,
}

/// Parameters of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters<'d>(Option<&'d Value>);

impl<'d> Parameters<'d> {
    /// The parameter of that name: absent, a constant or dynamic.
    pub(crate) fn get(&self, name: &str) -> Option<Argument<'d>> {
        let object = self.0?;
        if let Some(value) = object.get(name) {
            return Some(argument(value));
        }
        let is_dynamic = |key: &str| key.strip_suffix(".$") == Some(name);
        object.as_object()?.iter().any(|member| is_dynamic(member.name())).then_some(Argument::Dynamic)
    }

    /// The values of the parameter at a path of names, which may be a list; small and large letters are the same.
    pub(crate) fn at(&self, path: &str) -> Option<Vec<Argument<'d>>> {
        match path.split_once('.') {
            Some((first, rest)) => {
                let members = self.0?.as_object()?;
                let inner = members.iter().find(|member| member.name().eq_ignore_ascii_case(first))?;
                Self(Some(&inner.value)).at(rest)
            }
            None => self.any_case(path),
        }
    }

    /// The values of the parameter of that name.
    pub(crate) fn any_case(&self, wanted: &str) -> Option<Vec<Argument<'d>>> {
        let members = self.0?.as_object()?;
        members.iter().find_map(|member| {
            let (name, is_path) = match member.name().strip_suffix(".$") {
                Some(name) => (name, true),
                None => (member.name(), false),
            };
            let values = || if is_path { vec![Argument::Dynamic] } else { values(&member.value) };
            name.eq_ignore_ascii_case(wanted).then(values)
        })
    }

    /// The names of the members of an object that is written out.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        self.0.and_then(Value::as_object).unwrap_or_default().iter().map(asl_compiler::json::Member::name)
    }

    /// The parameters in a parameter.
    pub(crate) fn within(&self, name: &str) -> Self {
        Self(self.0.and_then(|object| object.get(name)))
    }

    /// The elements of an array, each with its parameters; none if the array is not written out.
    pub(crate) fn elements(&self) -> Option<impl Iterator<Item = Self> + use<'d>> {
        Some(self.0?.as_array()?.iter().map(|element| Self(Some(element))))
    }

    /// The parameters, at any depth, whose names fit: their names and values.
    pub(crate) fn anywhere(&self, fits: &dyn Fn(&str) -> bool) -> Vec<(&'d str, Argument<'d>)> {
        let mut found = Vec::new();
        self.walk(&mut |name, value| match name.strip_suffix(".$") {
            Some(name) if fits(name) => found.push((name, Argument::Dynamic)),
            None if fits(name) => found.push((name, argument(value))),
            Some(_) | None => {}
        });
        found
    }

    /// The parameters in those, at any depth, that have this name.
    pub(crate) fn within_anywhere(&self, wanted: &str) -> Vec<Self> {
        let mut found = Vec::new();
        self.walk(&mut |name, value| {
            if name == wanted {
                found.push(Self(Some(value)));
            }
        });
        found
    }

    /// Calls `visit` with every member of every object. The depth is that of the JSON, which is limited where it is read.
    fn walk(&self, visit: &mut dyn FnMut(&'d str, &'d Value)) {
        let mut left: Vec<&'d Value> = self.0.into_iter().collect();
        while let Some(value) = left.pop() {
            for member in value.as_object().unwrap_or_default() {
                visit(member.name(), &member.value);
                left.push(&member.value);
            }
            left.extend(value.as_array().unwrap_or_default());
        }
    }

    /// Whether parameters are written out at all.
    pub(crate) fn are_written(&self) -> bool {
        self.0.is_some_and(|value| value.as_object().is_some())
    }
}

fn values(value: &Value) -> Vec<Argument<'_>> {
    match value.as_array() {
        Some(elements) if !elements.is_empty() => elements.iter().map(argument).collect(),
        _ => vec![argument(value)],
    }
}

fn argument(value: &Value) -> Argument<'_> {
    match value.as_str() {
        Some(text) if !is_expression(text) => Argument::Constant(text),
        _ => Argument::Dynamic,
    }
}

fn is_expression(text: &str) -> bool {
    text.starts_with("{%") && text.ends_with("%}")
}

/// Every call of a definition.
pub(crate) fn calls(definition: &Value) -> Vec<ServiceCall<'_>> {
    Machine::of(definition).all_states().iter().flat_map(calls_of).collect()
}

/// The calls of a state itself.
fn calls_of<'d>(state: &State<'d>) -> Vec<ServiceCall<'d>> {
    match state.state_type() {
        Some(StateType::Task) => call(state, state.value, Caller::Task).into_iter().collect(),
        Some(StateType::Map) => calls_of_map(state),
        Some(
            StateType::Pass
            | StateType::Choice
            | StateType::Wait
            | StateType::Succeed
            | StateType::Fail
            | StateType::Parallel,
        )
        | None => Vec::new(),
    }
}

fn calls_of_map<'d>(state: &State<'d>) -> Vec<ServiceCall<'d>> {
    let children = state.is_distributed().then(|| ServiceCall {
        state: state.name(),
        resource: "",
        parameters: Parameters(Some(state.value)),
        config: Parameters(None),
        caller: Caller::DistributedMap,
        role: None,
    });
    let stores = state.stores().filter_map(|(store, value)| {
        call(
            state,
            value,
            match store {
                Store::ItemReader => Caller::ItemReader,
                Store::ResultWriter => Caller::ResultWriter,
            },
        )
    });
    children.into_iter().chain(stores).collect()
}

/// `asks` is the state, or a part of it.
fn call<'d>(state: &State<'d>, asks: &'d Value, caller: Caller) -> Option<ServiceCall<'d>> {
    Some(ServiceCall {
        state: state.name(),
        resource: asks.get("Resource")?.as_str()?,
        parameters: Parameters(asks.get("Parameters").or_else(|| asks.get("Arguments"))),
        config: Parameters(asks.get("ReaderConfig")),
        caller,
        role: state.get("Credentials").filter(|_| caller == Caller::Task).and_then(role),
    })
}

fn role(credentials: &Value) -> Option<Argument<'_>> {
    match &credentials.kind {
        Kind::Object(_) => Parameters(Some(credentials)).get("RoleArn"),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => {
            Some(Argument::Dynamic)
        }
    }
}
