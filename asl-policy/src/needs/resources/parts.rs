//! Which parameter fills a part of an ARN: rules of names, and a list of those that no rule finds.

use crate::workflow::{Argument, Parameters};

/// Whose part it is.
#[derive(Debug)]
pub(super) struct Own<'t> {
    /// The type of resources, in small letters.
    pub(super) kind: &'t str,
    /// The part names the resource itself, and not what it is in.
    pub(super) is_itself: bool,
    /// `glue:GetTable`
    pub(super) action: &'t str,
}

/// Parameters that fill parts of other names: prefix of the action, part, parameters.
const OTHERS: &[(&str, &str, &[&str])] = &[
    ("autoscaling", "GroupFriendlyName", &["AutoScalingGroupName", "AutoScalingGroupNames"]),
    ("batch", "JobDefinitionName", &["JobDefinition"]),
    ("cloudformation", "StackSetName", &["StackSetName"]),
    ("ecs", "TaskDefinitionFamilyName", &["TaskDefinition", "Family"]),
    ("elasticloadbalancing", "TargetGroupName", &["TargetGroupArn"]),
    ("iam", "RoleNameWithPath", &["RoleName", "NodeRole", "PodExecutionRoleArn"]),
    ("iam", "UserNameWithPath", &["UserName"]),
    ("iam", "PolicyNameWithPath", &["PolicyArn"]),
    ("kms", "KeyId", &["KeyId"]),
    ("lambda", "Alias", &["Qualifier"]),
    ("lambda", "Version", &["Qualifier"]),
    ("redshift", "ClusterName", &["ClusterIdentifier"]),
    ("redshift-data", "ClusterName", &["ClusterIdentifier"]),
    ("redshift-data", "WorkgroupId", &["WorkgroupName"]),
    ("redshift-serverless", "WorkgroupId", &["WorkgroupName"]),
    ("rds-data", "DbClusterInstanceName", &["ResourceArn"]),
    ("secretsmanager", "SecretId", &["SecretId", "SecretIdList", "Name"]),
    ("sns", "TopicName", &["TopicArn", "TargetArn", "Name"]),
    ("sqs", "QueueName", &["QueueUrl", "QueueName"]),
    ("ssm", "ParameterNameWithoutLeadingSlash", &["Name", "Names", "Path"]),
    ("ssm", "DocumentName", &["DocumentName", "Name"]),
    ("states", "StateMachineName", &["StateMachineArn", "Name"]),
    ("states", "ExecutionId", &["ExecutionArn"]),
    ("states", "ActivityName", &["ActivityArn", "Name"]),
];

/// What is meant where the parameter is left out: what the action begins with, part, name.
const DEFAULTS: &[(&str, &str, &str)] = &[
    ("ecs:", "ClusterName", "default"),
    ("scheduler:", "GroupName", "default"),
    ("athena:StartQueryExecution", "WorkGroupName", "primary"),
];

/// What may follow the name of a thing in the name of an action whose `Name` is that of the thing.
const ABOUT_A_THING: &[&str] = &[
    "",
    "s",
    "run",
    "runs",
    "runproperties",
    "version",
    "versions",
    "permission",
    "permissions",
    "metadata",
    "metadatahistory",
    "defaultversion",
    "execution",
    "executions",
    "state",
    "status",
    "history",
];

/// Whether a part says which version of a resource is meant, or is what a service adds to a name.
pub(super) fn is_qualifier(part: &str) -> bool {
    let part = part.to_lowercase();
    ["revision", "version", "uuid", "alias"].iter().any(|mark| part.contains(mark))
}

/// The values of the parameter that fills a part; none where none is known to. A parameter that is used fills no other part.
pub(super) fn find<'d>(
    part: &str,
    own: &Own<'_>,
    parameters: &Parameters<'d>,
    used: &mut Vec<String>,
) -> Option<Vec<Argument<'d>>> {
    let prefix = own.action.split(':').next().unwrap_or_default();
    let listed = OTHERS.iter().find(|(service, name, _)| *service == prefix && *name == part);
    let names: Vec<String> = match listed {
        Some((.., names)) => names.iter().map(|name| (*name).to_owned()).collect(),
        None => candidates(part, own),
    };
    let found = names.iter().find_map(|name| {
        let (values, name) = (parameters.at(name)?, name.to_lowercase());
        (!used.contains(&name)).then_some((name, values))
    });
    if let Some((name, values)) = found {
        used.push(name);
        return Some(values);
    }
    let default = DEFAULTS.iter().find(|(begins, name, _)| own.action.starts_with(begins) && *name == part);
    default.filter(|_| parameters.are_written()).map(|(.., name)| vec![Argument::Constant(name)])
}

/// The names, in small letters, that a parameter for this part may have, the likeliest first.
fn candidates(part: &str, own: &Own<'_>) -> Vec<String> {
    let part = part.to_lowercase();
    // The value of a pagination token or the like is not a name.
    if matches!(part.as_str(), "token" | "randomstring" | "opaqueid") {
        return Vec::new();
    }
    let (stem, is_id) = stem(&part);
    let kind: String = own.kind.chars().filter(char::is_ascii_alphanumeric).collect();
    let is_generic = stem == "resource" || stem.is_empty();
    let mut names = vec![part.clone()];
    let mut add = |stem: &str| {
        if stem.is_empty() || stem == "resource" {
            return;
        }
        names.push(stem.to_owned());
        if is_id || is_generic {
            names.push(format!("{stem}id"));
        }
        if !is_id || is_generic {
            names.push(format!("{stem}name"));
        }
        names.push(format!("{stem}identifier"));
        names.push(format!("{stem}arn"));
    };
    add(stem);
    if own.is_itself {
        add(&kind);
        // `WindowId` of a maintenance window.
        (1..kind.len().saturating_sub(3)).filter_map(|at| kind.get(at..)).for_each(&mut add);
    }
    if is_about(own.action, stem) || (own.is_itself && is_about(own.action, &kind)) {
        let generic: &[&str] = match (is_generic, is_id) {
            (true, _) => &["id", "identifier", "arn", "name"],
            (false, true) => &["id", "identifier", "arn"],
            (false, false) => &["name", "arn"],
        };
        names.extend(generic.iter().map(|name| (*name).to_owned()));
        // What is made or changed may be described by an object.
        names.push(format!("{stem}input.name"));
    }
    let plural: Vec<_> = names.iter().map(|name| format!("{name}s")).collect();
    names.extend(plural);
    names
}

/// `task` of `TaskId`, and whether the part is an identifier that the service assigns.
fn stem(part: &str) -> (&str, bool) {
    let ends = [
        ("name", false),
        ("friendlyname", false),
        ("namewithpath", false),
        ("identifier", true),
        ("id", true),
        ("arn", false),
    ];
    ends.iter().find_map(|(end, is_id)| Some((part.strip_suffix(end)?, *is_id))).unwrap_or((part, false))
}

/// Whether an action is about a thing of this name: `glue:GetWorkflowRun` is about a workflow.
fn is_about(action: &str, thing: &str) -> bool {
    let name = action.split(':').next_back().unwrap_or_default();
    let noun = name.char_indices().skip(1).find(|(_, letter)| letter.is_ascii_uppercase());
    let noun = noun.and_then(|(at, _)| name.get(at..)).unwrap_or_default().to_lowercase();
    !thing.is_empty() && noun.strip_prefix(thing).is_some_and(|rest| ABOUT_A_THING.contains(&rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_filled_by_parameters_of_their_names() {
        let own = |kind, action| Own { kind, is_itself: true, action };
        for (part, own, name, fills) in [
            ("TableName", own("table", "dynamodb:PutItem"), "tablename", true),
            ("JobQueueName", own("job-queue", "batch:SubmitJob"), "jobqueue", true),
            ("JobId", own("job", "batch:TerminateJob"), "jobid", true),
            ("JobId", own("job", "batch:SubmitJob"), "jobname", false),
            ("ResourceId", own("dataset", "databrew:DescribeDataset"), "name", true),
            ("TriggerName", own("trigger", "glue:GetTrigger"), "name", true),
            ("WorkflowName", own("workflow", "glue:GetWorkflowRun"), "name", true),
            ("CrawlerName", own("crawler", "glue:GetTrigger"), "name", false),
            ("ResourceId", own("maintenancewindow", "ssm:UpdateMaintenanceWindow"), "windowid", true),
            ("ResourceId", own("maintenancewindow", "ssm:RegisterTaskWithMaintenanceWindow"), "name", false),
            ("InstanceId", own("instance", "ec2:StopInstances"), "instanceids", true),
        ] {
            assert_eq!(
                candidates(part, &own).iter().any(|candidate| candidate == name),
                fills,
                "{part} {own:?} {name}"
            );
        }
    }
}
