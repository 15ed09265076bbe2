//! Differences that are meant, each with its reason.

use crate::call::{Call, Difference};

/// A rule about differences.
struct Known {
    /// `headers`, `results` and so on.
    kind: &'static str,
    /// Whether a difference is one of these.
    is: fn(&Call, &Difference) -> bool,
    reason: &'static str,
}

const CRC32: &str = "x-amz-checksum-crc32";
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
                && differ_only_in(difference, &["content-type", CRC32, ALGORITHM])
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
        kind: "signatures",
        is: |call, _| matches!(call.service.as_str(), "importexport" | "simpledb"),
        reason: "an old service, which has an older kind of signature",
    },
    Known {
        kind: "bodies",
        is: |call, difference| call.service == "simpledb" && difference.theirs.contains("SignatureVersion=2"),
        reason: "an old service, which has its signature in the body",
    },
    Known {
        kind: "signatures",
        is: |_, difference| difference.theirs.ends_with("/s3express"),
        reason: "buckets of one zone, which are signed for another service",
    },
    Known {
        kind: "signatures",
        is: |call, _| call.service.starts_with("partnercentral"),
        reason: "services that are signed for all Regions at once, by a version of signatures that is not spoken here",
    },
    Known {
        kind: "refusals",
        is: |call, difference| call.service == "rds" && difference.ours.contains("SourceRegion"),
        reason: "botocore has a parameter of its own, from which it signs a second address",
    },
];

/// Why a difference is none to mend.
pub(crate) fn reason(call: &Call, difference: &Difference) -> Option<&'static str> {
    let rules = KNOWN.iter().filter(|known| known.kind == difference.kind);
    rules.into_iter().find(|known| (known.is)(call, difference)).map(|known| known.reason)
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
