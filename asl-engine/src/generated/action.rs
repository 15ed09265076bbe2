//! What generated code says about the actions of AWS services that its tasks call: how each is sent.
//!
//! All of it is constant data, made by the compiler; nothing of it is parsed when a program runs.

pub use asl_language::action::{Ask, Checksum, Finding, Format, Origin, Outcome, Protocol, Type, WirePlace};

/// An action of a service.
#[derive(Debug)]
pub struct Action {
    /// How the service is spoken to.
    pub protocol: Protocol,
    /// What the names of its errors begin with.
    pub prefix: &'static str,
    /// The first part of the service's address.
    pub endpoint: &'static str,
    /// The name in signatures; empty where requests are not signed.
    pub signing: &'static str,
    /// What is before the operation in the header `X-Amz-Target`.
    pub target: &'static str,
    /// The version of the API, in the query protocol, or if it has that as well.
    pub version: &'static str,
    /// The namespace of XML bodies.
    pub namespace: &'static str,
    /// Where the service is, as far as that is not as usual: `services/table` of the compiler says how it is written.
    pub hosts: &'static str,
    /// The operation, as the API calls it.
    pub operation: &'static str,
    /// The method of HTTP.
    pub method: &'static str,
    /// The path, with the numbers of members in braces.
    pub path: &'static str,
    /// Before the address of the service.
    pub host_prefix: &'static str,
    /// The outermost element of an XML body, where it has its own name.
    pub root: &'static str,
    /// What the service demands of the body.
    pub checksum: Checksum,
    /// The errors that the service declares.
    pub errors: &'static [&'static str],
    /// Codes of errors that have another name than these, each with that name.
    pub codes: &'static [(&'static str, &'static str)],
    /// What it takes.
    pub input: Type,
    /// What it returns.
    pub output: Type,
    /// The shapes that [`Type::Shape`] counts.
    pub shapes: &'static [Shape],
    /// Tasks have other parameters and results than the API.
    pub form: Option<Form>,
}

/// How the parameters of a task become those of an API, and an answer of the API its result.
#[derive(Debug)]
pub struct Form {
    /// The parameters; empty where they are the same.
    pub taken: &'static [Ask],
    /// The result, beside what every result has.
    pub given: &'static [Ask],
    /// What is looked up before.
    pub lookup: Option<(Question, Finding)>,
}

impl PartialEq for Action {
    /// An action is there once.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// How the end of a job is waited for, that a task with `.sync` started.
#[derive(Debug)]
pub struct Job {
    /// What is asked until it has ended.
    pub describe: Question,
    /// What the answers mean.
    pub outcome: Outcome,
    /// What stops it, when nothing waits for it any longer.
    pub stop: Option<Question>,
}

impl PartialEq for Job {
    /// A job is there once.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// An action with its parameters.
#[derive(Debug)]
pub struct Question {
    /// The action.
    pub action: &'static Action,
    /// What it is given.
    pub parameters: &'static [Ask],
}

/// A type with parts.
#[derive(Debug)]
pub enum Shape {
    /// Certain keys.
    Structure(&'static [WirePart]),
    /// Elements.
    List(WirePart),
    /// Keys and values.
    Map(WirePart, WirePart),
}

/// A member, an element, a key or a value.
#[derive(Debug)]
pub struct WirePart {
    /// As tasks call it.
    pub name: &'static str,
    /// As it is sent; empty where the protocol has a name for it.
    pub wire: &'static str,
    /// What it is.
    pub type_: Type,
    /// Where it is sent.
    pub place: WirePlace,
    /// How it is written, if it is a timestamp.
    pub format: Format,
    /// Elements are beside each other, without one around them.
    pub flattened: bool,
    /// It is made up where it is not given.
    pub is_token: bool,
    /// It is text that holds JSON.
    pub is_json: bool,
}

impl WirePart {
    /// A part in the body.
    #[must_use]
    pub const fn new(name: &'static str, wire: &'static str, type_: Type) -> Self {
        Self {
            name,
            wire,
            type_,
            place: WirePlace::Body,
            format: Format::Usual,
            flattened: false,
            is_token: false,
            is_json: false,
        }
    }

    /// The same elsewhere.
    #[must_use]
    pub const fn at(self, place: WirePlace) -> Self {
        Self { place, ..self }
    }

    /// A timestamp that is written in this way.
    #[must_use]
    pub const fn written(self, format: Format) -> Self {
        Self { format, ..self }
    }

    /// Elements beside each other.
    #[must_use]
    pub const fn flattened(self) -> Self {
        Self { flattened: true, ..self }
    }

    /// Made up where it is not given.
    #[must_use]
    pub const fn token(self) -> Self {
        Self { is_token: true, ..self }
    }

    /// Text that holds JSON.
    #[must_use]
    pub const fn json(self) -> Self {
        Self { is_json: true, ..self }
    }
}
