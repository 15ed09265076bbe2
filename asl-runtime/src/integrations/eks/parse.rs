//! The parameters of `eks:call` and `eks:runJob`.
//!
//! In: the parameters. Out: where the cluster is, and what it is asked; or all the reasons why they cannot be used.

use super::cluster::{ClusterPlace, Request};
use super::job::Run;
use super::logs::LogOptions;
use crate::integrations::address::{is_host_label, name, segments};
use crate::integrations::http::encoding::encode_pairs;
use crate::integrations::parameters::{Multi, Reasons, present};
use crate::integrations::places::Partition;
use asl_engine::error::TaskError;
use asl_value::{Object, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;

const PLACE: [&str; 3] = ["CertificateAuthority", "ClusterName", "Endpoint"];
const CALL: [&str; 4] = ["Method", "Path", "QueryParameters", "RequestBody"];
const RUN: [&str; 3] = ["Job", "LogOptions", "Namespace"];
const LOGS: &[&str] = &["LogParameters", "RawLogs", "RetrieveLogs"];
const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"];

const JSON: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";
const CHANGES: &str = "application/json-patch+json";

/// The namespace of jobs that name none.
const NAMESPACE: &str = "default";

/// The parameters of `eks:call`.
pub(super) fn call(parameters: &Value, is_elsewhere: bool) -> Result<(ClusterPlace, Request), TaskError> {
    read(parameters, |fields, reasons| {
        reasons.unknown(fields, &[PLACE.as_slice(), &CALL].concat());
        let place = place(fields, is_elsewhere, reasons);
        let method = method(fields, reasons);
        let path = path(fields, reasons);
        let query = query(&reasons.multi(fields, "QueryParameters", &texts));
        let method = method?;
        let body = present(fields, "RequestBody").map(|body| (kind(&method, body), written(body)));
        Some((place?, Request { method, path: path? + &query, body }))
    })
}

/// The parameters of `eks:runJob`.
pub(super) fn run(parameters: &Value, is_elsewhere: bool) -> Result<Run, TaskError> {
    read(parameters, |fields, reasons| {
        reasons.unknown(fields, &[PLACE.as_slice(), &RUN].concat());
        let place = place(fields, is_elsewhere, reasons);
        let namespace = name(reasons.text(fields, "Namespace").unwrap_or(NAMESPACE));
        let job = present(fields, "Job");
        match job {
            None => reasons.missing("Job"),
            Some(Value::Object(_) | Value::String(_)) => {}
            Some(_) => reasons.must_be("Job", "a MAP"),
        }
        let logs = reasons.object(fields, "LogOptions").map(|options| log_options(options, reasons));
        let namespace = namespace.map_err(|fault| reasons.unsendable("Namespace", fault)).ok()?;
        Some(Run { place: place?, namespace, job: written(job?), logs: logs.unwrap_or_default() })
    })
}

fn read<T>(
    parameters: &Value,
    fields: impl FnOnce(&Object, &mut Reasons) -> Option<T>,
) -> Result<T, TaskError> {
    let mut reasons = Reasons::default();
    let read = reasons.parameters(parameters).and_then(|object| fields(object, &mut reasons));
    reasons.none(parameters)?;
    read.ok_or_else(|| TaskError::runtime("The parameters of the EKS task cannot be read."))
}

fn place(fields: &Object, is_elsewhere: bool, reasons: &mut Reasons) -> Option<ClusterPlace> {
    let name = reasons.required_text(fields, "ClusterName");
    if name.is_some_and(|name| !is_cluster_name(name)) {
        reasons.invalid("ClusterName");
    }
    let authority = reasons.required_text(fields, "CertificateAuthority").map(|text| STANDARD.decode(text));
    if matches!(authority, Some(Err(_))) {
        reasons.invalid("CertificateAuthority");
    }
    let endpoint = reasons.required_text(fields, "Endpoint")?;
    let host = endpoint.strip_prefix("https://").map(|host| host.trim_end_matches('/'));
    let region = host.and_then(region);
    // A token is for AWS alone: any other server that got it could ask the cluster in the name of the program.
    if !host.is_some_and(|host| is_host(host) && (region.is_some() || is_elsewhere)) {
        reasons.invalid("Endpoint");
    }
    Some(ClusterPlace {
        name: name?.to_owned(),
        address: format!("https://{}", host?),
        authority: authority?.ok()?,
        region: region.map(str::to_owned),
    })
}

/// As EKS names clusters.
fn is_cluster_name(name: &str) -> bool {
    let inside = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    (1..=100).contains(&name.len())
        && name.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && name.chars().all(inside)
}

/// A host, with or without a port.
fn is_host(text: &str) -> bool {
    let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
    host.split('.').all(is_host_label) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// The Region in the address of a cluster of EKS: `1A2B.gr7.us-east-1.eks.amazonaws.com`, or `1A2B.gr7.eks-cluster.us-east-1.api.aws` where it
/// has addresses of IPv6.
fn region(host: &str) -> Option<&str> {
    if let Some((_, rest)) = host.split_once(".eks-cluster.") {
        let (region, domain) = rest.split_once('.')?;
        return (domain == Partition::of(region).dual).then_some(region);
    }
    let (cluster, domain) = host.split_once(".eks.")?;
    let (_, region) = cluster.rsplit_once('.')?;
    (domain == Partition::of(region).suffix).then_some(region)
}

fn method(fields: &Object, reasons: &mut Reasons) -> Option<Method> {
    let text = reasons.required_text(fields, "Method")?;
    if !METHODS.contains(&text) {
        reasons.add(format!("The field 'Method' should have one of these values: [{}]", METHODS.join(", ")));
        return None;
    }
    Method::from_bytes(text.as_bytes()).ok()
}

fn path(fields: &Object, reasons: &mut Reasons) -> Option<String> {
    let path = segments(reasons.required_text(fields, "Path")?);
    path.map(|path| format!("/{path}")).map_err(|fault| reasons.unsendable("Path", fault)).ok()
}

/// Each query parameter has a list of values.
fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

/// `?labelSelector=job-name%3Dexample-job`
pub(super) fn query(parameters: &Multi) -> String {
    let pairs = parameters
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())));
    let encoded = encode_pairs(pairs);
    if encoded.is_empty() { encoded } else { format!("?{encoded}") }
}

/// What a body is: Kubernetes knows changes of an object in several forms.
fn kind(method: &Method, body: &Value) -> &'static str {
    match (method == Method::PATCH, body.as_array()) {
        (true, Some(_)) => CHANGES,
        (true, None) => MERGE,
        (false, _) => JSON,
    }
}

/// JSON, or the text that it is written in.
fn written(body: &Value) -> String {
    body.as_str().map_or_else(|| body.to_string(), str::to_owned)
}

fn log_options(fields: &Object, reasons: &mut Reasons) -> LogOptions {
    reasons.unknown(fields, LOGS);
    LogOptions {
        retrieved: reasons.boolean(fields, "RetrieveLogs").unwrap_or_default(),
        raw: reasons.boolean(fields, "RawLogs").unwrap_or_default(),
        parameters: reasons.multi(fields, "LogParameters", &texts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clusters_of_eks_get_a_token() {
        for (host, expected) in [
            ("1A2B.gr7.us-east-1.eks.amazonaws.com", Some("us-east-1")),
            ("1A2B.yl4.cn-north-1.eks.amazonaws.com.cn", Some("cn-north-1")),
            ("1A2B.gr7.eks-cluster.eu-west-1.api.aws", Some("eu-west-1")),
            ("1A2B.gr7.us-east-1.eks.amazonaws.com.example.org", None),
            ("1A2B.gr7.us-east-1.eks.amazonaws.com:6443", None),
            ("example.org", None),
            ("eks.amazonaws.com", None),
            ("a.eks-cluster.us-east-1.api.aws.example.org", None),
            ("127.0.0.1:6443", None),
        ] {
            assert_eq!(region(host), expected, "{host}");
            let parameters = Value::from_json(&format!(
                r#"{{"ClusterName": "c", "CertificateAuthority": "YQ==", "Endpoint": "https://{host}", "Method": "GET", "Path": "/api"}}"#
            ));
            let read = |is_elsewhere| call(parameters.as_ref().unwrap(), is_elsewhere).map(drop);
            assert_eq!(read(false).is_ok(), expected.is_some(), "{host}");
            assert_eq!(read(true), Ok(()), "{host}");
        }
    }
}
