//! Integrations with clusters: EKS and EMR in its three forms.

use super::super::written::{Api, Written, optional, required};
use super::form::{Form, form};
use super::job::{Ask, Job, Origin, ask, job};
use super::{
    HTTP_METADATA, Icon, Integration, LISTS, RESPONSE, RESPONSE_METADATA, formed, integration, own, plain,
};
use asl_language::resource::Suffix;

/// Those of this family.
pub(super) const ALL: &[Integration] = &[EKS, EMR, EMR_CONTAINERS, EMR_SERVERLESS];

const SYNC: &[Suffix] = &[Suffix::Sync];
const SYNC_OR_CALLBACK: &[Suffix] = &[Suffix::Sync, Suffix::WaitForTaskToken];

const KUBERNETES_JOB: Written = Written::Structure(&[
    required("ClusterName", Written::String),
    required("CertificateAuthority", Written::String),
    required("Endpoint", Written::String),
    required("Job", Written::Any),
    optional("LogOptions", LOG_OPTIONS),
    optional("Namespace", Written::String),
]);

const LOG_OPTIONS: Written = Written::Structure(&[
    optional("LogParameters", LISTS),
    optional("RawLogs", Written::Boolean),
    optional("RetrieveLogs", Written::Boolean),
]);

const KUBERNETES_CALL: Written = Written::Structure(&[
    required("ClusterName", Written::String),
    required("CertificateAuthority", Written::String),
    required("Endpoint", Written::String),
    required("Method", Written::Enum(&["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"])),
    required("Path", Written::String),
    optional("QueryParameters", LISTS),
    optional("RequestBody", Written::Any),
]);

/// What a cluster of EMR does.
const STEP: Written = Written::Structure(&[
    required("HadoopJarStep", HADOOP_JAR_STEP),
    required("Name", Written::String),
    optional(
        "ActionOnFailure",
        Written::Enum(&["CANCEL_AND_WAIT", "CONTINUE", "TERMINATE_CLUSTER", "TERMINATE_JOB_FLOW"]),
    ),
    optional("StepMonitoringConfiguration", Written::Any),
]);
const HADOOP_JAR_STEP: Written = Written::Structure(&[
    required("Jar", Written::String),
    optional("Args", Written::List(&Written::String)),
    optional("MainClass", Written::String),
    optional("Properties", Written::Any),
]);

const EKS_SERVICE: &str = "eks.amazonaws.com";
const EKS_ERRORS: &[&str] = &["AmazonEKSException", "SdkClientException"];

const CLUSTER: &[Ask] = &[ask!(Parameters, "Name", ["Name"])];
const PROFILE: &[Ask] = &[
    ask!(Parameters, "ClusterName", ["ClusterName"]),
    ask!(Parameters, "FargateProfileName", ["FargateProfileName"]),
];
const NODES: &[Ask] =
    &[ask!(Parameters, "ClusterName", ["ClusterName"]), ask!(Parameters, "NodegroupName", ["NodegroupName"])];
const CREATED: [&[&str]; 2] = [&["ACTIVE"], &["FAILED", "CREATE_FAILED", "DEGRADED", "DELETING"]];
const DELETED: [&[&str]; 2] = [&[], &["FAILED", "DELETE_FAILED"]];
const CREATED_CLUSTER: Job =
    job(Api("eks", "describeCluster"), CLUSTER, &[], &["Cluster", "Status"], CREATED);
const DELETED_CLUSTER: Job =
    job(Api("eks", "describeCluster"), CLUSTER, &[], &["Cluster", "Status"], DELETED).gone();
const CREATED_PROFILE: Job =
    job(Api("eks", "describeFargateProfile"), PROFILE, &[], &["FargateProfile", "Status"], CREATED);
const DELETED_PROFILE: Job =
    job(Api("eks", "describeFargateProfile"), PROFILE, &[], &["FargateProfile", "Status"], DELETED).gone();
const CREATED_NODES: Job =
    job(Api("eks", "describeNodegroup"), NODES, &[], &["Nodegroup", "Status"], CREATED);
const DELETED_NODES: Job =
    job(Api("eks", "describeNodegroup"), NODES, &[], &["Nodegroup", "Status"], DELETED).gone();

const EKS: Integration = Integration {
    name: "eks",
    icon: Icon::Container,
    own_client: false,
    error_prefix: Some("EKS"),
    errors: EKS_ERRORS,
    actions: &[
        plain("createCluster", SYNC, Api("eks", "createCluster"))
            .needing_to_wait(&["eks:DescribeCluster", "eks:DeleteCluster"])
            .passing_role_to(EKS_SERVICE)
            .waiting(&CREATED_CLUSTER),
        plain("deleteCluster", SYNC, Api("eks", "deleteCluster")).waiting(&DELETED_CLUSTER),
        plain("createFargateProfile", SYNC, Api("eks", "createFargateProfile"))
            .needing_to_wait(&["eks:DescribeFargateProfile", "eks:DeleteFargateProfile"])
            .passing_role_to("eks-fargate-pods.amazonaws.com")
            .waiting(&CREATED_PROFILE),
        plain("deleteFargateProfile", SYNC, Api("eks", "deleteFargateProfile")).waiting(&DELETED_PROFILE),
        plain("createNodegroup", SYNC, Api("eks", "createNodegroup"))
            .needing(&["ec2:DescribeSubnets", "iam:GetRole", "iam:ListAttachedRolePolicies"])
            .needing_to_wait(&["eks:DescribeNodegroup", "eks:DeleteNodegroup"])
            .passing_role_to(EKS_SERVICE)
            .waiting(&CREATED_NODES),
        plain("deleteNodegroup", SYNC, Api("eks", "deleteNodegroup")).waiting(&DELETED_NODES),
        own("runJob", SYNC_OR_CALLBACK, KUBERNETES_JOB).giving(RESPONSE),
        own("call", SYNC_OR_CALLBACK, KUBERNETES_CALL).giving(RESPONSE),
    ],
};

/// What is asked of a cluster.
macro_rules! cluster {
    ($($field:expr),*) => {
        Written::Structure(&[required("ClusterId", Written::String), $($field),*])
    };
}

/// What a task yields, with what is in every result.
macro_rules! result {
    ($($field:expr),*) => {
        Written::Structure(&[$($field,)* HTTP_METADATA, RESPONSE_METADATA])
    };
}

const THIS_CLUSTER: &[Ask] = &[ask!(Parameters, "ClusterId", ["ClusterId"])];
const FLOWS: Ask = ask!(all Parameters, "JobFlowIds", ["ClusterId"]);
const OF_CLUSTER: Ask = ask!(Parameters, "ClusterId", ["ClusterId"]);

const CREATE_CLUSTER: Form =
    form(&[], &[ask!(Answer, "ClusterId", ["JobFlowId"]), ask!(Answer, "ClusterArn", ["ClusterArn"])]);
const TERMINATE_CLUSTER: Form = form(&[FLOWS], &[]);
const PROTECT_CLUSTER: Form =
    form(&[FLOWS, ask!(Parameters, "TerminationProtected", ["TerminationProtected"])], &[]);
const ADD_STEP: Form = form(
    &[
        ask!(Parameters, "JobFlowId", ["ClusterId"]),
        ask!(all Parameters, "Steps", ["Step"]),
        ask!(Parameters, "ExecutionRoleArn", ["ExecutionRoleArn"]),
    ],
    &[ask!(Answer, "StepId", ["StepIds", "[]"])],
);
const CANCEL_STEP: Form = form(
    &[OF_CLUSTER, ask!(all Parameters, "StepIds", ["StepId"])],
    &[ask!(Answer, "CancelStepsInfo", ["CancelStepsInfoList", "[]"])],
);
const MODIFY_FLEET: Form = form(
    &[
        OF_CLUSTER,
        ask!(Parameters, "InstanceFleet", ["InstanceFleet"]),
        ask!(Found, "InstanceFleet.InstanceFleetId", ["Id"]),
    ],
    &[],
)
.finding(Api("emr", "listInstanceFleets"), THIS_CLUSTER, &["InstanceFleets", "[]"], "InstanceFleetName");
const MODIFY_GROUP: Form = form(
    &[
        OF_CLUSTER,
        ask!(all Parameters, "InstanceGroups", ["InstanceGroup"]),
        ask!(Found, "InstanceGroups.[].InstanceGroupId", ["Id"]),
    ],
    &[],
)
.finding(Api("emr", "listInstanceGroups"), THIS_CLUSTER, &["InstanceGroups", "[]"], "InstanceGroupName");

const STATE_OF_CLUSTER: &[&str] = &["Cluster", "Status", "State"];
const CLUSTER_WAITS: Job = job(
    Api("emr", "describeCluster"),
    &[ask!(Answer, "ClusterId", ["ClusterId"])],
    &[],
    STATE_OF_CLUSTER,
    [&["WAITING"], &["TERMINATED", "TERMINATED_WITH_ERRORS"]],
)
.keeping(&["ClusterId"]);
const CLUSTER_ENDS: Job = job(
    Api("emr", "describeCluster"),
    THIS_CLUSTER,
    &[],
    STATE_OF_CLUSTER,
    [&["TERMINATED", "TERMINATED_WITH_ERRORS"], &[]],
);
const STEP_ENDS: Job = job(
    Api("emr", "describeStep"),
    &[OF_CLUSTER, ask!(Answer, "StepId", ["StepId"])],
    &[],
    &["Step", "Status", "State"],
    [&["COMPLETED"], &["FAILED", "CANCELLED", "INTERRUPTED"]],
)
.stopped_by(Api("emr", "cancelSteps"), &[OF_CLUSTER, ask!(all Answer, "StepIds", ["StepId"])]);

const EMR: Integration = Integration {
    name: "elasticmapreduce",
    icon: Icon::Gear,
    own_client: false,
    error_prefix: Some("EMR"),
    errors: &["AmazonElasticMapReduceException", "SdkClientException"],
    actions: &[
        formed(
            "createCluster",
            SYNC,
            Api("emr", "runJobFlow"),
            [
                Written::Input(Api("emr", "runJobFlow"), &[]),
                result!(optional("ClusterId", Written::String), optional("ClusterArn", Written::String)),
            ],
            &CREATE_CLUSTER,
        )
        .needing_to_wait(&["elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"])
        .notified_by("StepFunctionsGetEventForEMRRunJobFlowRule")
        .passing_role_to("elasticmapreduce.amazonaws.com")
        .waiting(&CLUSTER_WAITS),
        formed(
            "setClusterTerminationProtection",
            &[],
            Api("emr", "setTerminationProtection"),
            [cluster!(required("TerminationProtected", Written::Boolean)), result!()],
            &PROTECT_CLUSTER,
        ),
        formed(
            "terminateCluster",
            SYNC,
            Api("emr", "terminateJobFlows"),
            [cluster!(), result!()],
            &TERMINATE_CLUSTER,
        )
        .notified_by("StepFunctionsGetEventForEMRTerminateJobFlowsRule")
        .waiting(&CLUSTER_ENDS),
        formed(
            "addStep",
            SYNC,
            Api("emr", "addJobFlowSteps"),
            [
                cluster!(required("Step", STEP), optional("ExecutionRoleArn", Written::String)),
                result!(optional("StepId", Written::String)),
            ],
            &ADD_STEP,
        )
        .notified_by("StepFunctionsGetEventForEMRAddJobFlowStepsRule")
        .waiting(&STEP_ENDS),
        formed(
            "cancelStep",
            &[],
            Api("emr", "cancelSteps"),
            [
                cluster!(required("StepId", Written::String)),
                result!(optional("CancelStepsInfo", Written::Any)),
            ],
            &CANCEL_STEP,
        ),
        formed(
            "modifyInstanceFleetByName",
            &[],
            Api("emr", "modifyInstanceFleet"),
            [
                cluster!(
                    required("InstanceFleetName", Written::String),
                    required("InstanceFleet", Written::Any)
                ),
                result!(),
            ],
            &MODIFY_FLEET,
        ),
        formed(
            "modifyInstanceGroupByName",
            &[],
            Api("emr", "modifyInstanceGroups"),
            [
                cluster!(
                    required("InstanceGroupName", Written::String),
                    required("InstanceGroup", Written::Any)
                ),
                result!(),
            ],
            &MODIFY_GROUP,
        ),
    ],
};

const CONTAINER_RUN: &[Ask] =
    &[ask!(Parameters, "VirtualClusterId", ["VirtualClusterId"]), ask!(Answer, "Id", ["Id"])];

const EMR_CONTAINERS: Integration = integration(
    "emr-containers",
    Icon::Gear,
    &[
        plain("createVirtualCluster", &[], Api("emrcontainers", "createVirtualCluster")),
        plain("deleteVirtualCluster", SYNC, Api("emrcontainers", "deleteVirtualCluster")).waiting(
            &const {
                job(
                    Api("emrcontainers", "describeVirtualCluster"),
                    &[ask!(Parameters, "Id", ["Id"])],
                    &[],
                    &["VirtualCluster", "State"],
                    [&["TERMINATED"], &["ARRESTED"]],
                )
            },
        ),
        plain("startJobRun", SYNC, Api("emrcontainers", "startJobRun")).waiting(
            &const {
                job(
                    Api("emrcontainers", "describeJobRun"),
                    CONTAINER_RUN,
                    &[],
                    &["JobRun", "State"],
                    [&["COMPLETED"], &["FAILED", "CANCELLED"]],
                )
                .stopped_by(Api("emrcontainers", "cancelJobRun"), CONTAINER_RUN)
            },
        ),
    ],
);

const APPLICATION: &[Ask] = &[ask!(Parameters, "ApplicationId", ["ApplicationId"])];
const SERVERLESS_RUN: &[Ask] =
    &[ask!(Parameters, "ApplicationId", ["ApplicationId"]), ask!(Answer, "JobRunId", ["JobRunId"])];

const APPLICATION_RULE: &str = "StepFunctionsGetEventsForEMRServerlessApplicationRule";
const SERVERLESS_RUN_RULE: &str = "StepFunctionsGetEventsForEMRServerlessJobRule";

const fn application(asked: &'static [Ask], succeeded: &'static [&'static str]) -> Job {
    job(
        Api("emrserverless", "getApplication"),
        asked,
        &[],
        &["Application", "State"],
        [succeeded, &["TERMINATED"]],
    )
}

const fn serverless_run(asked: &'static [Ask], ends: [&'static [&'static str]; 2]) -> Job {
    job(Api("emrserverless", "getJobRun"), asked, &[], &["JobRun", "State"], ends)
}

const EMR_SERVERLESS: Integration = integration(
    "emr-serverless",
    Icon::Gear,
    &[
        plain("createApplication", SYNC, Api("emrserverless", "createApplication"))
            .needing_to_wait(&["emr-serverless:GetApplication", "emr-serverless:DeleteApplication"])
            .notified_by(APPLICATION_RULE)
            .waiting(
                &const { application(&[ask!(Answer, "ApplicationId", ["ApplicationId"])], &["CREATED"]) },
            ),
        plain("startApplication", SYNC, Api("emrserverless", "startApplication"))
            .needing_to_wait(&["emr-serverless:GetApplication", "emr-serverless:StopApplication"])
            .notified_by(APPLICATION_RULE)
            .waiting(&const { application(APPLICATION, &["STARTED"]) }),
        plain("stopApplication", SYNC, Api("emrserverless", "stopApplication"))
            .notified_by(APPLICATION_RULE)
            .waiting(&const { application(APPLICATION, &["STOPPED", "CREATED"]) }),
        plain("deleteApplication", SYNC, Api("emrserverless", "deleteApplication"))
            .notified_by(APPLICATION_RULE)
            .waiting(
                &const {
                    job(
                        Api("emrserverless", "getApplication"),
                        APPLICATION,
                        &[],
                        &["Application", "State"],
                        [&["TERMINATED"], &[]],
                    )
                    .gone()
                },
            ),
        plain("startJobRun", SYNC, Api("emrserverless", "startJobRun"))
            .notified_by(SERVERLESS_RUN_RULE)
            .passing_role_to("emr-serverless.amazonaws.com")
            .waiting(
                &const {
                    serverless_run(SERVERLESS_RUN, [&["SUCCESS"], &["FAILED", "CANCELLED"]])
                        .stopped_by(Api("emrserverless", "cancelJobRun"), SERVERLESS_RUN)
                },
            ),
        plain("cancelJobRun", SYNC, Api("emrserverless", "cancelJobRun"))
            .notified_by(SERVERLESS_RUN_RULE)
            .waiting(
                &const {
                    serverless_run(
                        &[
                            ask!(Parameters, "ApplicationId", ["ApplicationId"]),
                            ask!(Parameters, "JobRunId", ["JobRunId"]),
                        ],
                        [&["CANCELLED"], &["FAILED", "SUCCESS"]],
                    )
                },
            ),
    ],
);
