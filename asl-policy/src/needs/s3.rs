//! S3: buckets and objects, versions of objects, and what is copied.

use super::resources::{self, bucket, object};
use super::{DYNAMIC, Need, REFERENCE};
use crate::arn::Arn;
use crate::authorization::{self, Action};
use crate::workflow::{Argument, ServiceCall};

const OBJECTS: &str = "S3 User Guide, Required permissions for Amazon S3 API operations";

/// What an action of S3 needs.
pub(super) fn needs(call: &ServiceCall<'_>, action: &str) -> Vec<Need> {
    let mut needs: Vec<_> =
        authorization::actions("s3", action).iter().map(|needed| need(call, needed)).collect();
    needs.extend(call.parameters.get("CopySource").map(|source| copied(call, source)));
    needs.extend(beside(call, action));
    needs.extend(session(call));
    needs
}

fn need(call: &ServiceCall<'_>, action: &Action) -> Need {
    let of = |kind: &str| action.types.iter().any(|of| of.name == kind);
    let parameters = &call.parameters;
    if !of("object") && !of("bucket") {
        return resources::one(call, action);
    }
    let name = version_of(call, &action.name);
    let named: Vec<_> = if of("object") {
        keys(call).into_iter().map(|key| object(parameters.get("Bucket"), key, "")).collect()
    } else {
        vec![bucket(parameters.get("Bucket"))]
    };
    let wide = named.iter().find_map(|(_, wide)| *wide);
    let resources = named.into_iter().map(|(arn, _)| arn).collect();
    let mut need = Need::new(call, &[&name], resources).wide(wide).source(OBJECTS);
    need.facts =
        LISTED.iter().filter_map(|(parameter, key)| Some((*key, constant(call, parameter)?))).collect();
    need
}

/// What conditions may ask of a list.
const LISTED: &[(&str, &str)] = &[("Prefix", "s3:prefix"), ("Delimiter", "s3:delimiter")];

fn constant(call: &ServiceCall<'_>, parameter: &str) -> Option<Arn> {
    match call.parameters.get(parameter)? {
        Argument::Constant(text) => Some(Arn::written(text)),
        Argument::Dynamic => None,
    }
}

/// The object of a call, or all objects of a list.
fn keys<'d>(call: &ServiceCall<'d>) -> Vec<Option<Argument<'d>>> {
    match call.parameters.within("Delete").within("Objects").elements() {
        Some(objects) => objects.map(|object| object.get("Key").or(Some(Argument::Dynamic))).collect(),
        None => vec![call.parameters.get("Key")],
    }
}

/// With a version, the action is another one: `s3:GetObjectVersion`.
fn version_of(call: &ServiceCall<'_>, name: &str) -> String {
    if call.parameters.get("VersionId").is_none() {
        return name.to_owned();
    }
    let versioned = name.replace("Object", "ObjectVersion");
    if authorization::action(&versioned).is_known { versioned } else { name.to_owned() }
}

/// What is copied is named `bucket/key`, and read.
fn copied(call: &ServiceCall<'_>, source: Argument<'_>) -> Need {
    let (source, name, wide) = match source {
        Argument::Constant(text) => {
            let (text, version) =
                text.split_once("?versionId=").map_or((text, false), |(text, _)| (text, true));
            let name = if version { "s3:GetObjectVersion" } else { "s3:GetObject" };
            let arn = if text.starts_with("arn:") {
                Arn::written(text)
            } else {
                let object = Arn::global("s3", "").and_text(text.trim_start_matches('/'));
                if text.contains('/') { object } else { object.and_pattern("/*") }
            };
            (arn, name, None)
        }
        Argument::Dynamic => (Arn::global("s3", "*/*"), "s3:GetObject", Some(DYNAMIC)),
    };
    Need::new(call, &[name], vec![source]).wide(wide).source(OBJECTS)
}

/// A directory bucket is asked for a session first.
fn session(call: &ServiceCall<'_>) -> Option<Need> {
    let Some(Argument::Constant(bucket)) = call.parameters.get("Bucket") else { return None };
    let arn = Arn::here("s3express", "bucket/").and_text(bucket);
    let session = || Need::new(call, &["s3express:CreateSession"], vec![arn]).source(OBJECTS);
    bucket.ends_with("--x-s3").then(session)
}

/// What parameters ask for beside the action itself: its tags, its list of who may read it, its lock.
fn beside(call: &ServiceCall<'_>, action: &str) -> Vec<Need> {
    if !matches!(action, "PutObject" | "CopyObject" | "CreateMultipartUpload") {
        return Vec::new();
    }
    let asked = [
        ("Tagging", "s3:PutObjectTagging"),
        ("Acl", "s3:PutObjectAcl"),
        ("ObjectLockMode", "s3:PutObjectRetention"),
        ("ObjectLockLegalHoldStatus", "s3:PutObjectLegalHold"),
    ];
    let given = asked.iter().filter(|(parameter, _)| call.parameters.any_case(parameter).is_some());
    let (object, wide) = object(call.parameters.get("Bucket"), call.parameters.get("Key"), "");
    given
        .map(|(_, name)| Need::new(call, &[name], vec![object.clone()]).wide(wide).source(REFERENCE))
        .collect()
}
