//! How an action of the table is sent: the protocol of its service, its request, and the place and name of every part of its shapes.
//!
//! In: an action. Out: a [`Request`], which is complete: nothing in it has to be looked up or worked out again.

pub use asl_language::action::{Ask, Checksum, Finding, Format, Protocol, Type, WirePlace};

use super::bytes::{Bytes, Pool};
use super::shape::{Shape, ShapeKind, Style};
use super::table::{Action, Table};
use std::cmp::Ordering;
use std::collections::HashMap;

/// A shape is left out where an action has more of them than this.
const LARGEST: u16 = 4_000;

/// Everything that a client needs to know to call an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
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
    /// Where the service is, as far as that is not as usual (`docs/services.md`).
    pub hosts: String,
    /// Members have the names of `aws-sdk` tasks.
    pub sdk_names: bool,
    /// The operation, as the API calls it.
    pub operation: String,
    /// `POST`
    pub method: &'static str,
    /// With the numbers of members in braces: `/tables/{0}`, `/{0}/{1+}`.
    pub path: String,
    /// Before the address of the service.
    pub host_prefix: String,
    /// The outermost element of an XML body, where it has its own name.
    pub root: String,
    /// What the service demands of the body.
    pub checksum: Checksum,
    /// The errors that the service declares for any of its actions, without the prefix.
    pub errors: Vec<String>,
    /// Codes of errors that have another name than these, each with that name.
    pub codes: Vec<(&'static str, &'static str)>,
    /// What it takes.
    pub input: Type,
    /// What it yields.
    pub output: Type,
    /// The shapes that [`Type::Shape`] counts.
    pub shapes: Vec<Parts>,
    /// Tasks have other parameters and results than the API.
    pub form: Option<Formed>,
}

/// How the parameters of a task become those of an API, and an answer of the API its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formed {
    /// The parameters; empty where they are the same.
    pub taken: &'static [Ask],
    /// The result, beside what every result has.
    pub given: &'static [Ask],
    /// What is looked up before: an action, what it is asked, and how something is found in its answers.
    pub lookup: Option<(Box<Request>, &'static [Ask], Finding)>,
}

/// The parts of a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parts {
    /// Certain keys.
    Structure(Vec<WirePart>),
    /// Elements.
    List(WirePart),
    /// Keys and values.
    Map(WirePart, WirePart),
}

/// A member, an element, a key or a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WirePart {
    /// As tasks call it.
    pub name: String,
    /// As it is sent; empty where the protocol has a name for it.
    pub wire: String,
    /// What it is.
    pub type_: Type,
    /// How it is sent.
    pub sent: Sent,
}

/// How a part is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The place.
    pub place: WirePlace,
    /// Of timestamps.
    pub format: Format,
    /// Elements are beside each other.
    pub flattened: bool,
    /// It is made up where it is not given.
    pub is_token: bool,
    /// It is text that holds JSON.
    pub is_json: bool,
}

/// The sections of a block that are about requests.
struct Facts {
    table: &'static Table,
    small: bool,
    sent: Pool,
}

impl Action {
    /// How it is called, with the names of `aws-sdk` or of the API; nothing where its service speaks a protocol that is not known.
    #[must_use]
    pub fn request(&self, sdk_names: bool) -> Option<Request> {
        let service = self.service();
        let [mut head, requests, sent] = service.wire_sections()?;
        let protocol = protocol(head.fixed(1)?)?;
        let small = head.fixed(1)? == 1;
        let mut text = || {
            let length = head.number()?;
            std::str::from_utf8(head.take(length)?).ok()
        };
        let (endpoint, signing, target) = (text()?, text()?, text()?);
        let (version, namespace) = (text()?, text()?);
        let codes = text()?;
        let hosts = head.number()?;
        let facts = Facts { table: service.place().0, small, sent: Pool::read(sent.0)? };
        let line = line(self, protocol, &facts, Pool::read(requests.0)?)?;
        let style = if sdk_names { Style::Sdk } else { Style::Api };
        let mut flat = Flat { facts: &facts, shapes: Vec::new(), numbers: HashMap::new() };
        let input = flat.type_of(&self.input().with_style(style))?;
        let output = flat.type_of(&self.output().with_style(style))?;
        Some(Request {
            protocol,
            prefix: service.prefix(),
            endpoint,
            signing: match signing {
                _ if line.is_unsigned => "",
                "" => endpoint,
                name => name,
            },
            target,
            version,
            namespace,
            hosts: facts.table.name(line.hosts.unwrap_or(hosts))?,
            sdk_names,
            operation: self.operation().to_owned(),
            method: line.method,
            path: line.path,
            host_prefix: line.host_prefix,
            root: line.root,
            checksum: line.checksum,
            errors: service.errors(),
            codes: pairs(codes),
            input,
            output,
            shapes: flat.shapes,
            form: None,
        })
    }
}

const fn protocol(number: usize) -> Option<Protocol> {
    Some(match number {
        1 => Protocol::Json10,
        2 => Protocol::Json11,
        3 => Protocol::RestJson,
        4 => Protocol::RestXml,
        5 => Protocol::Query,
        6 => Protocol::Ec2,
        7 => Protocol::Cbor,
        _ => return None,
    })
}

/// Pairs of words.
fn pairs(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut words = text.split(' ');
    std::iter::from_fn(|| Some((words.next()?, words.next()?))).collect()
}

#[derive(Default)]
struct Line {
    method: &'static str,
    path: String,
    host_prefix: String,
    root: String,
    /// Where other hosts are asked than for most actions of the service.
    hosts: Option<usize>,
    checksum: Checksum,
    is_unsigned: bool,
}

fn line(action: &Action, protocol: Protocol, facts: &Facts, requests: Pool) -> Option<Line> {
    let is_rest = matches!(protocol, Protocol::RestJson | Protocol::RestXml);
    let path = if is_rest { format!("/{}", action.operation()) } else { String::from("/") };
    let usual = Line { method: "POST", path, ..Line::default() };
    let Some(mut entry) = requests.get(action.number()).filter(|entry| !entry.0.is_empty()) else {
        return Some(usual);
    };
    let head = entry.fixed(1)?;
    let methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"];
    let mut text = |present: bool| {
        if !present {
            return Some(String::new());
        }
        let length = entry.number()?;
        facts.table.text(Bytes(entry.take(length)?))
    };
    let (host_prefix, root) = (text(head & 0x10 != 0)?, text(head & 0x20 != 0)?);
    let hosts = if head & 8 == 0 { None } else { Some(entry.number()?) };
    let path = facts.table.text(entry)?.chars().map(label).collect();
    let checksum = match head & 0xc0 {
        0x40 => Checksum::Crc32,
        0x80 => Checksum::Md5,
        _ => Checksum::None,
    };
    let is_unsigned = head & 0xc0 == 0xc0;
    Some(Line { method: methods.get(head & 7)?, path, host_prefix, root, hosts, checksum, is_unsigned })
}

/// A letter of a path: those that no path has stand for members.
fn label(letter: char) -> String {
    match u32::from(letter) {
        number @ 1..=7 => format!("/{{{}}}", number - 1),
        number @ 9..=15 => format!("/{{{}+}}", number - 9),
        number @ 17..=23 => format!("{{{}}}", number - 17),
        _ => letter.to_string(),
    }
}

/// The shapes of an action as a list.
struct Flat<'f> {
    facts: &'f Facts,
    shapes: Vec<Parts>,
    numbers: HashMap<usize, u16>,
}

impl Flat<'_> {
    fn type_of(&mut self, shape: &Shape) -> Option<Type> {
        Some(match shape.kind() {
            ShapeKind::Any => Type::Any,
            ShapeKind::String | ShapeKind::Enum => Type::String,
            ShapeKind::Integer => Type::Integer,
            ShapeKind::Number => Type::Number,
            ShapeKind::Boolean => Type::Boolean,
            ShapeKind::Timestamp => Type::Timestamp,
            ShapeKind::Blob => Type::Blob,
            ShapeKind::List | ShapeKind::Map | ShapeKind::Structure | ShapeKind::Union => {
                Type::Shape(self.number(shape)?)
            }
        })
    }

    fn number(&mut self, shape: &Shape) -> Option<u16> {
        // A structure without members has no place in the table.
        let place = shape.table_number().unwrap_or(usize::MAX);
        if let Some(number) = self.numbers.get(&place) {
            return Some(*number);
        }
        let number = u16::try_from(self.shapes.len()).ok().filter(|number| *number < LARGEST)?;
        self.numbers.insert(place, number);
        self.shapes.push(Parts::Structure(Vec::new()));
        let parts = self.parts(shape, place)?;
        if let Some(slot) = self.shapes.get_mut(usize::from(number)) {
            *slot = parts;
        }
        Some(number)
    }

    fn parts(&mut self, shape: &Shape, place: usize) -> Option<Parts> {
        let unusual = self.facts.unusual(place).unwrap_or_default();
        let part = |number: usize, type_| {
            let entry = unusual.get(&number).cloned().unwrap_or_default();
            let wire = entry.text.unwrap_or_default();
            WirePart { name: String::new(), wire, type_, sent: entry.sent }
        };
        Some(match shape.kind() {
            ShapeKind::List => Parts::List(part(0, self.type_of(&shape.element()?)?)),
            ShapeKind::Map => Parts::Map(part(0, Type::String), part(1, self.type_of(&shape.element()?)?)),
            ShapeKind::Structure | ShapeKind::Union => Parts::Structure(self.members(shape, &unusual)?),
            ShapeKind::Any
            | ShapeKind::String
            | ShapeKind::Enum
            | ShapeKind::Integer
            | ShapeKind::Number
            | ShapeKind::Boolean
            | ShapeKind::Timestamp
            | ShapeKind::Blob => return None,
        })
    }

    fn members(&mut self, shape: &Shape, unusual: &HashMap<usize, Unusual>) -> Option<Vec<WirePart>> {
        let api = shape.with_style(Style::Api).members();
        let mut parts = Vec::new();
        for (number, (member, api)) in shape.members().into_iter().zip(api).enumerate() {
            let entry = unusual.get(&number).cloned().unwrap_or_default();
            let type_ = self.type_of(&member.shape)?;
            let sent = entry.sent;
            let wire = entry.name_of(&api.name, self.facts.small);
            parts.push(WirePart { name: member.name, wire, type_, sent });
        }
        Some(parts)
    }
}

/// How a part is sent where that is not as usual.
#[derive(Clone, Debug, Default)]
struct Unusual {
    other_case: bool,
    text: Option<String>,
    sent: Sent,
}

impl Unusual {
    fn name_of(self, name: &str, small: bool) -> String {
        match self.text {
            Some(text) => text,
            None if small != self.other_case => {
                let mut letters = name.chars();
                letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
            }
            None => name.to_owned(),
        }
    }
}

impl Facts {
    /// The parts of a shape that are not sent as usual.
    fn unusual(&self, shape: usize) -> Option<HashMap<usize, Unusual>> {
        let (mut low, mut high) = (0, self.sent.len());
        while low < high {
            let middle = low.midpoint(high);
            let mut entry = self.sent.get(middle)?;
            match entry.number()?.cmp(&shape) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return self.entries(entry),
            }
        }
        None
    }

    fn entries(&self, mut bytes: Bytes) -> Option<HashMap<usize, Unusual>> {
        let mut entries = HashMap::new();
        while !bytes.0.is_empty() {
            let (number, head) = (bytes.number()?, bytes.fixed(1)?);
            let text = match head & 0x20 {
                0 => None,
                _ => Some(self.table.name(bytes.number()?)?),
            };
            let more = if head & 0x40 == 0 { 0 } else { bytes.fixed(1)? };
            let sent = Sent {
                place: place(head & 0xf),
                format: format(more & 3),
                flattened: more & 4 != 0,
                is_token: more & 8 != 0,
                is_json: more & 0x10 != 0,
            };
            entries.insert(number, Unusual { other_case: head & 0x10 != 0, text, sent });
        }
        Some(entries)
    }
}

const fn place(number: usize) -> WirePlace {
    match number {
        1 => WirePlace::Header,
        2 => WirePlace::Headers,
        3 => WirePlace::Path,
        4 => WirePlace::Query,
        5 => WirePlace::Status,
        6 => WirePlace::Payload,
        7 => WirePlace::Host,
        8 => WirePlace::Attribute,
        _ => WirePlace::Body,
    }
}

const fn format(number: usize) -> Format {
    match number {
        1 => Format::Iso,
        2 => Format::Unix,
        3 => Format::Http,
        _ => Format::Usual,
    }
}
