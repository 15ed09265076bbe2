//! Integrations with clusters: EKS and EMR in its three forms.

use super::super::written::{Api, Written, optional, required};
use super::job::{Ask, Job, Origin, ask, job};
use super::{Integration, integration, own, plain};
use asl_language::resource::{Suffix, integrations as services};

const SYNC: &[Suffix] = &[Suffix::Sync];
const SYNC_OR_CALLBACK: &[Suffix] = &[Suffix::Sync, Suffix::WaitForTaskToken];

const KUBERNETES_JOB: Written = Written::Structure(&[
    required("ClusterName", Written::String),
    required("CertificateAuthority", Written::String),
    required("Endpoint", Written::String),
    required("Job", Written::Any),
    optional("LogOptions", Written::Any),
    optional("Namespace", Written::String),
]);

const KUBERNETES_CALL: Written = Written::Structure(&[
    required("ClusterName", Written::String),
    required("CertificateAuthority", Written::String),
    required("Endpoint", Written::String),
    required("Method", Written::Enum(&["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])),
    required("Path", Written::String),
    optional("QueryParameters", Written::Map(&Written::Any)),
    optional("RequestBody", Written::Any),
]);

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

pub(super) const EKS: Integration = Integration {
    service: &services::EKS,
    error_prefix: Some("EKS"),
    errors: EKS_ERRORS,
    actions: &[
        plain("createCluster", SYNC, Api("eks", "createCluster")).waiting(&CREATED_CLUSTER),
        plain("deleteCluster", SYNC, Api("eks", "deleteCluster")).waiting(&DELETED_CLUSTER),
        plain("createFargateProfile", SYNC, Api("eks", "createFargateProfile")).waiting(&CREATED_PROFILE),
        plain("deleteFargateProfile", SYNC, Api("eks", "deleteFargateProfile")).waiting(&DELETED_PROFILE),
        plain("createNodegroup", SYNC, Api("eks", "createNodegroup")).waiting(&CREATED_NODES),
        plain("deleteNodegroup", SYNC, Api("eks", "deleteNodegroup")).waiting(&DELETED_NODES),
        own("runJob", SYNC_OR_CALLBACK, KUBERNETES_JOB),
        own("call", SYNC_OR_CALLBACK, KUBERNETES_CALL),
    ],
};

/// What is asked of a cluster.
macro_rules! cluster {
    ($($field:expr),*) => {
        Written::Structure(&[required("ClusterId", Written::String), $($field),*])
    };
}

pub(super) const EMR: Integration = integration(
    &services::EMR,
    &[
        own("createCluster", SYNC, Written::Input(Api("emr", "runJobFlow"), &[])),
        own(
            "setClusterTerminationProtection",
            &[],
            cluster!(required("TerminationProtected", Written::Boolean)),
        ),
        own("terminateCluster", SYNC, cluster!()),
        own(
            "addStep",
            SYNC,
            cluster!(required("Step", Written::Any), optional("ExecutionRoleArn", Written::String)),
        ),
        own("cancelStep", &[], cluster!(required("StepId", Written::String))),
        own(
            "modifyInstanceFleetByName",
            &[],
            cluster!(required("InstanceFleetName", Written::String), required("InstanceFleet", Written::Any)),
        ),
        own(
            "modifyInstanceGroupByName",
            &[],
            cluster!(required("InstanceGroupName", Written::String), required("InstanceGroup", Written::Any)),
        ),
    ],
);

const CONTAINER_RUN: &[Ask] =
    &[ask!(Parameters, "VirtualClusterId", ["VirtualClusterId"]), ask!(Answer, "Id", ["Id"])];

pub(super) const EMR_CONTAINERS: Integration = integration(
    &services::EMR_CONTAINERS,
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

pub(super) const EMR_SERVERLESS: Integration = integration(
    &services::EMR_SERVERLESS,
    &[
        plain("createApplication", SYNC, Api("emrserverless", "createApplication")).waiting(
            &const { application(&[ask!(Answer, "ApplicationId", ["ApplicationId"])], &["CREATED"]) },
        ),
        plain("startApplication", SYNC, Api("emrserverless", "startApplication"))
            .waiting(&const { application(APPLICATION, &["STARTED"]) }),
        plain("stopApplication", SYNC, Api("emrserverless", "stopApplication"))
            .waiting(&const { application(APPLICATION, &["STOPPED", "CREATED"]) }),
        plain("deleteApplication", SYNC, Api("emrserverless", "deleteApplication")).waiting(
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
        plain("startJobRun", SYNC, Api("emrserverless", "startJobRun")).waiting(
            &const {
                serverless_run(SERVERLESS_RUN, [&["SUCCESS"], &["FAILED", "CANCELLED"]])
                    .stopped_by(Api("emrserverless", "cancelJobRun"), SERVERLESS_RUN)
            },
        ),
        plain("cancelJobRun", SYNC, Api("emrserverless", "cancelJobRun")).waiting(
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
