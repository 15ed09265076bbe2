//! Differences that are meant, each with its reason.

use crate::call::{Difference, RecordedCall};

/// A rule about differences.
struct Known {
    /// `headers`, `results` and so on.
    kind: &'static str,
    /// Whether a difference is one of these.
    is: fn(&RecordedCall, &Difference) -> bool,
    reason: &'static str,
}

const CRC32: &str = "x-amz-checksum-crc32";
const SHA1: &str = "x-amz-checksum-sha1";
const ALGORITHM: &str = "x-amz-sdk-checksum-algorithm";

const KNOWN: &[Known] = &[
    Known {
        kind: "headers",
        is: |_, difference| {
            differ_only_in(difference, &["content-type"]) && !has(&difference.theirs, "content-type")
        },
        reason: "the type of a body is always said, as the SDK for Java does",
    },
    Known {
        kind: "headers",
        is: |call, difference| {
            call.service == "s3"
                && !has(&difference.ours, CRC32)
                && differ_only_in(difference, &["content-type", CRC32, SHA1, ALGORITHM])
        },
        reason: "checksums that S3 does not demand, or that are given in another way, are not sent",
    },
    Known {
        kind: "headers",
        is: |call, difference| {
            has(&difference.ours, CRC32)
                && has(&difference.theirs, CRC32)
                && differ_only_in(difference, &["content-type", CRC32])
                && call.action.endpoint == "s3"
        },
        reason: "members of XML have no order, so that the bodies have other checksums",
    },
    Known {
        kind: "headers",
        is: |call, difference| {
            call.service == "s3control"
                && has(&difference.ours, "content-md5")
                && differ_only_in(difference, &["content-md5", "content-type", CRC32])
        },
        reason: "where a model demands a checksum and names none, it is an MD5, as it has always been",
    },
    Known {
        kind: "headers",
        is: |call, difference| {
            call.service == "s3"
                && difference.ours.contains("customer-key: ")
                && difference.theirs.contains("customer-key-md5: ")
        },
        reason: "a key of a customer is sent as it is given, and not encoded",
    },
    Known {
        kind: "hosts",
        is: |call, difference| {
            call.region == "us-east-1" && difference.ours.contains("s3.us-east-1.amazonaws.com")
        },
        reason: "botocore asks the old host of S3 for all Regions in us-east-1",
    },
    Known {
        kind: "queries",
        is: |call, _| call.service == "importexport",
        reason: "a retired service, whose paths name the operation",
    },
    Known {
        kind: "scopes",
        is: |call, _| matches!(call.service.as_str(), "importexport" | "simpledb"),
        reason: "an old service, which has an older kind of signature",
    },
    Known {
        kind: "bodies",
        is: |call, difference| call.service == "simpledb" && difference.theirs.contains("SignatureVersion=2"),
        reason: "an old service, which has its signature in the body",
    },
    Known {
        kind: "refusals",
        is: |_, difference| difference.ours.contains("which this client cannot"),
        reason: "signatures of other kinds than Version 4 are not made, and Outposts are not asked",
    },
    Known {
        kind: "scopes",
        is: |call, _| call.service.starts_with("partnercentral"),
        reason: "services that are signed for all Regions at once, by a version of signatures that is not spoken here",
    },
    Known {
        kind: "refusals",
        is: |call, difference| {
            matches!(call.service.as_str(), "docdb" | "neptune" | "rds")
                && difference.ours.contains("SourceRegion")
        },
        reason: "botocore has a parameter of its own, from which it signs a second address",
    },
];

/// Of operations that botocore changes by hand: kind, service, operation, and why that is not done.
const CHANGED: &[(&str, &str, &str, &str)] = &[
    ("results", "s3", "HeadObject", "what S3 says in `Expires` is a text, which botocore reads besides"),
    ("results", "s3", "GetObject", "what S3 says in `Expires` is a text, which botocore reads besides"),
    ("", "cloudsearchdomain", "Search", "botocore sends the query in a body, where it can be longer"),
    (
        "headers",
        "",
        "DescribeEndpoints",
        "botocore asks as it does for discovery, with the version of the API",
    ),
    ("headers", "s3", "GetObjectAnnotation", "checksums of answers are not asked for"),
    ("queries", "s3", "ListObject", "botocore asks for encoded keys, and decodes them"),
    (
        "results",
        "s3",
        "GetBucketLocation",
        "the made up answer has an element around its text, which S3 does not send",
    ),
    ("results", "elasticache", "", "botocore takes the name of a list for that of its members"),
    ("bodies", "route53", "", "botocore cuts off all before a slash in identifiers, here of a random text"),
    (
        "bodies",
        "sagemakergatewayruntime",
        "",
        "bytes that are JSON are sent as the JSON of what a task passes, as all bytes",
    ),
    ("hosts", "opensearchmemory", "", "hosts that a parameter decides on, in a service that is new"),
    ("scopes", "signin", "CreateOAuth2Token", "the model says that these are not signed"),
    (
        "signatures",
        "codeartifact",
        "PublishPackageVersion",
        "the random checksum of the body is not that of the body",
    ),
];

/// Why a difference is none to mend.
pub(crate) fn reason(call: &RecordedCall, difference: &Difference) -> Option<&'static str> {
    let changed = CHANGED.iter().find(|(kind, service, operation, _)| {
        (kind.is_empty() || *kind == difference.kind)
            && (service.is_empty() || *service == call.service)
            && call.operation.starts_with(operation)
    });
    let rules = KNOWN.iter().filter(|known| known.kind == difference.kind);
    let known = rules.into_iter().find(|known| (known.is)(call, difference));
    known.map(|known| known.reason).or(changed.map(|(.., reason)| *reason))
}

/// Whether headers are there.
fn has(headers: &str, name: &str) -> bool {
    headers.split(" | ").any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(": ")))
}

/// Whether both are the same without these headers.
fn differ_only_in(difference: &Difference, names: &[&str]) -> bool {
    let without = |headers: &str| {
        let others = headers.split(" | ").filter(|line| !names.iter().any(|name| has(line, name)));
        others.filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    without(&difference.ours) == without(&difference.theirs)
}
