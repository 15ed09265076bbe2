//! Roles that a call passes on to a service: `iam:PassRole`, on those roles, to that service.

use super::{DYNAMIC, Need, REFERENCE};
use crate::arn::Arn;
use crate::authorization;
use crate::workflow::{Argument, ServiceCall};

/// The services whose principal is not `prefix.amazonaws.com`, or to whose actions roles are handed for another service; empty where which
/// one is not known.
const PRINCIPALS: &[(&str, &str)] = &[
    ("autoscaling", ""),
    ("cloudformation", "cloudformation.amazonaws.com"),
    ("codebuild", "codebuild.amazonaws.com"),
    ("databrew", "databrew.amazonaws.com"),
    ("ec2", EC2),
    ("ecs", "ecs-tasks.amazonaws.com"),
    ("eks", "eks.amazonaws.com"),
    ("elasticmapreduce", "elasticmapreduce.amazonaws.com"),
    ("emr-serverless", "emr-serverless.amazonaws.com"),
    ("glue", "glue.amazonaws.com"),
    ("lambda", "lambda.amazonaws.com"),
    ("mediaconvert", "mediaconvert.amazonaws.com"),
    ("sagemaker", "sagemaker.amazonaws.com"),
    ("scheduler", "scheduler.amazonaws.com"),
    ("states", "states.amazonaws.com"),
    ("transcribe", "transcribe.amazonaws.com"),
    ("translate", "translate.amazonaws.com"),
    ("comprehend", "comprehend.amazonaws.com"),
    ("bedrock", "bedrock.amazonaws.com"),
    ("events", "events.amazonaws.com"),
    ("firehose", "firehose.amazonaws.com"),
    ("ssm", "ssm.amazonaws.com"),
    ("textract", "textract.amazonaws.com"),
    ("rekognition", "rekognition.amazonaws.com"),
];

const EC2: &str = "ec2.amazonaws.com";

/// The roles that the parameters of a call pass on.
pub(super) fn passed(call: &ServiceCall<'_>, service: &str) -> Vec<Need> {
    match service {
        // It hands the role on to the machines that have the profile.
        "iam" if is_for_profile(call) => {
            return call
                .parameters
                .get("RoleName")
                .map(|role| pass(call, ("RoleName", role), EC2))
                .into_iter()
                .collect();
        }
        // These take on a role, or speak of one.
        "sts" | "iam" => return Vec::new(),
        _ => {}
    }
    let principal = principal(authorization::prefix(service));
    given(call, service).into_iter().map(|role| pass(call, role, principal)).collect()
}

/// The roles in the parameters of a job that an integration starts, or any role where the definition names none.
pub(super) fn passed_to_job(call: &ServiceCall<'_>, service: &str, principal: &'static str) -> Vec<Need> {
    let roles = given(call, service);
    // A task has those of its definition, whatever a call replaces.
    let hidden = principal == "ecs-tasks.amazonaws.com" || roles.is_empty();
    let any = hidden.then(|| {
        let reason = "put the roles that the job runs with in the place of `*`";
        to(
            Need::new(call, &["iam:PassRole"], vec![Arn::of_account("iam", "role/*")]).wide(Some(reason)),
            principal,
        )
    });
    roles.into_iter().map(|role| pass(call, role, principal)).chain(any).collect()
}

/// Whether a call puts a role into an instance profile (Service Authorization Reference: dependent action `iam:PassRole`).
fn is_for_profile(call: &ServiceCall<'_>) -> bool {
    call.resource.to_ascii_lowercase().ends_with(":addroletoinstanceprofile")
}

fn principal(prefix: &str) -> &'static str {
    PRINCIPALS.iter().find(|(name, _)| *name == prefix).map_or("", |(_, principal)| principal)
}

/// A role in a parameter, with what the parameter is called.
type Role<'d> = (&'d str, Argument<'d>);

/// Parameters that end in `RoleArn`, and those that the models of the service say are roles or instance profiles.
fn given<'d>(call: &ServiceCall<'d>, service: &str) -> Vec<Role<'d>> {
    // The integration of EMR has its own name.
    let service = if service == "elasticmapreduce" { "emr" } else { service };
    let is_role = |name: &str| {
        name.to_ascii_lowercase().ends_with("rolearn") || authorization::names_role(service, name)
    };
    let mut found: Vec<Role<'d>> = Vec::new();
    for (name, value) in call.parameters.anywhere(&is_role) {
        let is_same = |other: &Role<'_>| match (other.1, value) {
            (Argument::Constant(one), Argument::Constant(other)) => one == other,
            (Argument::Dynamic, Argument::Dynamic) => other.0 == name,
            (Argument::Constant(_), Argument::Dynamic) | (Argument::Dynamic, Argument::Constant(_)) => false,
        };
        if !found.iter().any(is_same) {
            found.push((name, value));
        }
    }
    // EC2 takes an object with the name or the ARN of a profile.
    let profiles = call.parameters.within_anywhere("IamInstanceProfile");
    if profiles.iter().any(crate::workflow::Parameters::are_written) {
        found.push(("IamInstanceProfile", Argument::Dynamic));
    }
    found
}

fn pass(call: &ServiceCall<'_>, (name, role): Role<'_>, principal: &'static str) -> Need {
    let any = || Arn::of_account("iam", "role/*");
    let name = name.to_ascii_lowercase();
    let is_profile = name.contains("instanceprofile") || name == "jobflowrole";
    let (arn, wide) = match role {
        _ if is_profile => (any(), Some("the role in an instance profile is not known")),
        Argument::Dynamic => (any(), Some(DYNAMIC)),
        Argument::Constant(text) if name.ends_with("rolearn") || super::resources::is_arn(text) => {
            (Arn::written(text), None)
        }
        Argument::Constant(text) => {
            (Arn::of_account("iam", "role/").and_text(text.trim_start_matches('/')), None)
        }
    };
    // The machines of an instance profile are those of EC2, whichever service starts them.
    let principal = if is_profile { EC2 } else { principal };
    to(Need::new(call, &["iam:PassRole"], vec![arn]).wide(wide), principal)
}

fn to(need: Need, principal: &'static str) -> Need {
    let need = need.source(REFERENCE);
    if principal.is_empty() {
        return need;
    }
    need.with_condition("StringEquals", "iam:PassedToService", vec![Arn::written(principal)])
}
