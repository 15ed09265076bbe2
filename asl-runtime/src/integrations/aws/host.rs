//! Where a service is, and for which Region its requests are signed.
//!
//! In: what the compiler took from AWS's rules, and the Region of the program. Out: a host. A bucket of S3 is in the name of its host.

use super::request::Request;
use crate::integrations::address::is_host_label;
use crate::integrations::places::{Partition, Variant, usual_host};
use asl_engine::generated::action::Action;

/// A host and the Region of its signatures.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) region: String,
}

/// The host of a service in a Region: by its rule for the Region, by that for the partition, by that for all, or as most are.
pub(super) fn of(action: &Action, region: &str, variant: Variant) -> Host {
    let partition = Partition::of(region);
    let letter = match (variant.fips, variant.dual) {
        (false, false) => "p",
        (true, false) => "f",
        (false, true) => "d",
        (true, true) => "b",
    };
    let rules = || {
        action
            .hosts
            .split(' ')
            .filter_map(|rule| rule.strip_prefix(letter)?.strip_prefix(':')?.split_once(':'))
    };
    let rule = [region, partition.id, ""].iter().find_map(|place| rules().find(|(of, _)| of == place));
    let Some((_, rule)) = rule else {
        return Host { name: usual_host(action.endpoint, region, variant), region: region.to_owned() };
    };
    let filled = |text: &str| partition.fill(text, action.endpoint, region);
    match rule.split_once('@') {
        Some((name, signed)) => Host { name: filled(name), region: filled(signed) },
        None => Host { name: filled(rule), region: region.to_owned() },
    }
}

/// Puts the bucket that the path begins with in front of the host, as AWS requires it. A bucket whose name is not a part of a host stays in the path.
pub(super) fn with_bucket(action: &Action, request: &mut Request, host: &mut Host) {
    if action.endpoint != "s3" || !action.path.starts_with("/{0}") {
        return;
    }
    let rest = request.path.trim_start_matches('/');
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let Some((bucket, rest)) = rest.split_at_checked(end) else { return };
    let is_small = !bucket.contains(|c: char| c.is_ascii_uppercase());
    if bucket.len() < 3 || !is_host_label(bucket) || !is_small {
        return;
    }
    host.name.insert_str(0, &format!("{bucket}."));
    request.path = if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") };
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_engine::generated::action::{Checksum, Protocol, Type};

    const fn action(endpoint: &'static str, path: &'static str, hosts: &'static str) -> Action {
        Action {
            protocol: Protocol::RestXml,
            prefix: "",
            endpoint,
            signing: endpoint,
            target: "",
            version: "",
            namespace: "",
            hosts,
            operation: "",
            method: "GET",
            path,
            host_prefix: "",
            root: "",
            checksum: Checksum::None,
            errors: &[],
            codes: &[],
            input: Type::Any,
            output: Type::Any,
            shapes: &[],
            form: None,
        }
    }

    #[test]
    fn the_narrowest_rule_counts() {
        let hosts =
            "p::{e}.{s}@{h} p:aws-cn:cn.{e}.{r}.{s} p:us-west-2:special.{d} f:us-east-1:{e}-f.{r}.{s}";
        let action = action("garden", "/", hosts);
        let (plain, fips) = (Variant::default(), Variant { fips: true, dual: false });
        for (region, variant, name, signed) in [
            ("eu-west-1", plain, "garden.amazonaws.com", "us-east-1"),
            ("us-gov-west-1", plain, "garden.amazonaws.com", "us-gov-west-1"),
            ("cn-north-1", plain, "cn.garden.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            ("us-west-2", plain, "special.api.aws", "us-west-2"),
            ("us-east-1", fips, "garden-f.us-east-1.amazonaws.com", "us-east-1"),
            ("eu-west-1", fips, "garden-fips.eu-west-1.amazonaws.com", "eu-west-1"),
        ] {
            let host = Host { name: name.to_owned(), region: signed.to_owned() };
            assert_eq!(of(&action, region, variant), host, "{region}");
        }
    }

    #[test]
    fn a_bucket_is_in_the_host_if_it_can_be() {
        let action = action("s3", "/{0}/{1+}", "");
        let place = |path: &str| {
            let mut request = Request { path: path.to_owned(), ..Request::default() };
            let mut host = of(&action, "eu-west-1", Variant::default());
            with_bucket(&action, &mut request, &mut host);
            (host.name, request.path)
        };
        for (path, bucket, rest) in [
            ("/bucket/a/../b", "bucket.", "/a/../b"),
            ("/bucket", "bucket.", "/"),
            ("/bucket?policy", "bucket.", "/?policy"),
            ("/a.bucket/key", "", "/a.bucket/key"),
            ("/Bucket/key", "", "/Bucket/key"),
        ] {
            let host = format!("{bucket}s3.eu-west-1.amazonaws.com");
            assert_eq!(place(path), (host, rest.to_owned()), "{path}");
        }
    }
}
