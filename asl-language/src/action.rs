//! How the actions of AWS services are sent, as far as it is one of several ways (Smithy, "AWS protocols" and "HTTP bindings").

/// The protocols of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// JSON in the body, the operation in a header.
    Json10,
    /// The same in a later version.
    Json11,
    /// JSON and HTTP bindings.
    RestJson,
    /// XML and HTTP bindings.
    RestXml,
    /// Form fields in, XML out.
    Query,
    /// The same as EC2 does it.
    Ec2,
    /// CBOR, the operation in the path.
    Cbor,
}

/// A type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Any JSON.
    Any,
    /// Text, or one of several.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// A moment.
    Timestamp,
    /// Bytes.
    Blob,
    /// One of the shapes of the action, by its number.
    Shape(u16),
}

/// Where a part is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WirePlace {
    /// In the body.
    #[default]
    Body,
    /// In a header.
    Header,
    /// In a header for each key.
    Headers,
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// As the status.
    Status,
    /// As the body.
    Payload,
    /// In the body and in the address.
    Host,
    /// As an attribute of the XML element around it.
    Attribute,
}

/// How timestamps are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// As is usual in that place.
    #[default]
    Usual,
    /// As ISO 8601.
    Iso,
    /// In seconds.
    Unix,
    /// As in headers.
    Http,
}

/// The checksum of its body that a service demands of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checksum {
    /// It demands none.
    #[default]
    None,
    /// CRC32, in a header of S3.
    Crc32,
    /// MD5, in `Content-MD5`.
    Md5,
}

/// A parameter of a question about a job that was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Its name; dots lead into objects, and `[]` to each element of a list: `InstanceFleet.InstanceFleetId`.
    pub name: &'static str,
    /// Where its value is.
    pub origin: Origin,
    /// The way to it; `[]` is each element of a list.
    pub path: &'static [&'static str],
    /// All values that are there, in a list, and not the first alone.
    pub listed: bool,
}

/// What a value is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The parameters of the task.
    Parameters,
    /// What the service answered when the job was started.
    Answer,
    /// What was looked up before.
    Found,
    /// It is this text.
    Text(&'static str),
}

/// How it is seen in what a service says about a job that the job has ended, and what is the result then. In a path `[]` is each element of a
/// list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The way from the answer to the description of the job, which is the first value there.
    pub found: &'static [&'static str],
    /// The result has the description in a field of this name; empty where it is the result.
    pub named: &'static str,
    /// The way to the status in the description.
    pub status: &'static [&'static str],
    /// What the status is when all went well.
    pub succeeded: &'static [&'static str],
    /// What it is when it did not.
    pub failed: &'static [&'static str],
    /// It went well when there is no such thing any longer.
    pub gone: bool,
    /// The way to containers, each of which must have the `ExitCode` 0.
    pub containers: &'static [&'static str],
    /// The fields of the description whose text is JSON, and becomes that.
    pub json: &'static [&'static str],
    /// The fields of the answer to the start that the result has too.
    pub kept: &'static [&'static str],
}

/// How an element of a list is found by its `Name`, page by page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The way to the elements in each answer.
    pub elements: &'static [&'static str],
    /// The parameter of the task that has the name.
    pub wanted: &'static str,
}
