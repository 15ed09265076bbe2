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
pub enum Place {
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
