//! Where AWS has its services: partitions, and the addresses that are usual in them.
//!
//! In: a service and a Region. Out: a name of a host. What is unusual about a service is in its [`Action`](asl_engine::generated::action::Action).

#![cfg_attr(
    not(feature = "clients"),
    allow(dead_code, unused_imports, reason = "each client uses a part of it")
)]
#![cfg_attr(
    not(feature = "aws"),
    allow(dead_code, reason = "only the client of all actions needs all of it")
)]

/// The kind of address that is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Variant {
    /// With cryptography by FIPS 140.
    pub(super) fips: bool,
    /// With addresses of IPv6 as well.
    pub(super) dual: bool,
}

/// A part of AWS that is by itself.
#[derive(Debug)]
pub(super) struct Partition {
    pub(super) id: &'static str,
    /// What its Regions begin with.
    begins: &'static str,
    /// The Region of services that have one for all.
    home: &'static str,
    /// What addresses end with.
    pub(super) suffix: &'static str,
    /// The same where they have IPv6.
    pub(super) dual: &'static str,
}

const fn partition(
    id: &'static str,
    begins: &'static str,
    home: &'static str,
    suffix: &'static str,
    dual: &'static str,
) -> Partition {
    Partition { id, begins, home, suffix, dual }
}

const AWS: Partition = partition("aws", "", "us-east-1", "amazonaws.com", "api.aws");

/// The others, as `partitions.json` of the AWS SDKs has them.
const OTHERS: &[Partition] = &[
    partition("aws-cn", "cn-", "cn-northwest-1", "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    partition("aws-eusc", "eusc-", "eusc-de-east-1", "amazonaws.eu", "api.amazonwebservices.eu"),
    partition("aws-iso", "us-iso-", "us-iso-east-1", "c2s.ic.gov", "api.aws.ic.gov"),
    partition("aws-iso-b", "us-isob-", "us-isob-east-1", "sc2s.sgov.gov", "api.aws.scloud"),
    partition("aws-iso-e", "eu-isoe-", "eu-isoe-west-1", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    partition("aws-iso-f", "us-isof-", "us-isof-south-1", "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    partition("aws-us-gov", "us-gov-", "us-gov-west-1", "amazonaws.com", "api.aws"),
];

impl Partition {
    /// That of a Region.
    pub(super) fn of(region: &str) -> &'static Self {
        OTHERS.iter().find(|partition| region.starts_with(partition.begins)).unwrap_or(&AWS)
    }

    /// A text with `{e}` for the service, `{r}` for the Region, `{h}` for the first Region of the partition, and `{s}` and `{d}` for its endings.
    pub(super) fn fill(&self, text: &str, endpoint: &str, region: &str) -> String {
        let words = [
            ("{e}", endpoint),
            ("{r}", region),
            ("{h}", self.home),
            ("{s}", self.suffix),
            ("{d}", self.dual),
        ];
        words.iter().fold(text.to_owned(), |text, (mark, word)| text.replace(mark, word))
    }
}

/// Where a service is as most are. S3 had addresses of IPv6 before the others.
pub(super) fn usual_host(endpoint: &str, region: &str, variant: Variant) -> String {
    let fips = if variant.fips { "-fips" } else { "" };
    let rest = match (endpoint, variant.dual) {
        (_, false) => ".{r}.{s}",
        ("s3", true) => ".dualstack.{r}.{s}",
        (_, true) => ".{r}.{d}",
    };
    Partition::of(region).fill(&format!("{{e}}{fips}{rest}"), endpoint, region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_partition_has_its_endings() {
        let (plain, both) = (Variant::default(), Variant { fips: true, dual: true });
        for (region, variant, host) in [
            ("eu-west-1", plain, "sqs.eu-west-1.amazonaws.com"),
            ("cn-north-1", plain, "sqs.cn-north-1.amazonaws.com.cn"),
            ("us-gov-west-1", plain, "sqs.us-gov-west-1.amazonaws.com"),
            ("us-isob-east-1", plain, "sqs.us-isob-east-1.sc2s.sgov.gov"),
            ("us-east-1", both, "sqs-fips.us-east-1.api.aws"),
        ] {
            assert_eq!(usual_host("sqs", region, variant), host);
        }
        assert_eq!(usual_host("s3", "us-east-1", both), "s3-fips.dualstack.us-east-1.amazonaws.com");
    }
}
