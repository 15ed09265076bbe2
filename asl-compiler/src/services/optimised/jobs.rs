//! Integrations that start something which takes its time.

use super::super::call::Pattern;
use super::super::written::{Api, Written, optional, required};
use super::{Integration, OptimisedAction, integration, own, plain};

const SYNC: &[Pattern] = &[Pattern::Sync];
const CALLBACK: &[Pattern] = &[Pattern::WaitForTaskToken];
const SYNC_OR_CALLBACK: &[Pattern] = &[Pattern::Sync, Pattern::WaitForTaskToken];

pub(super) const ATHENA: Integration = Integration {
    name: "athena",
    error_prefix: Some("Athena"),
    errors: &["AmazonAthenaException", "SdkClientException"],
    actions: &[
        plain("startQueryExecution", SYNC, Api("athena", "startQueryExecution"))
            .ending(Written::Output(Api("athena", "getQueryExecution"), &[])),
        plain("stopQueryExecution", &[], Api("athena", "stopQueryExecution")),
        plain("getQueryExecution", &[], Api("athena", "getQueryExecution")),
        plain("getQueryResults", &[], Api("athena", "getQueryResults")),
    ],
};

pub(super) const BATCH: Integration = Integration {
    name: "batch",
    error_prefix: Some("Batch"),
    errors: &["AWSBatchException", "SdkClientException"],
    actions: &[plain("submitJob", SYNC, Api("batch", "submitJob"))
        .ending(Written::Part(Api("batch", "describeJobs"), &["Jobs", "[]"]))],
};

const INVOKE_MODEL: Api = Api("bedrockruntime", "invokeModel");
const S3_PLACE: Written = Written::Structure(&[optional("S3Uri", Written::String)]);

pub(super) const BEDROCK: Integration = Integration {
    name: "bedrock",
    error_prefix: Some("Bedrock"),
    errors: &["SdkClientException", "BedrockException"],
    actions: &[
        plain("invokeModel", CALLBACK, INVOKE_MODEL)
            .taking(Written::Input(
                INVOKE_MODEL,
                &[optional("Input", S3_PLACE), optional("Output", S3_PLACE)],
            ))
            .giving(Written::Structure(&[
                optional("Body", Written::Any),
                optional("ContentType", Written::String),
                optional("PerformanceConfigLatency", Written::String),
                optional("ServiceTier", Written::String),
                super::HTTP_METADATA,
                super::RESPONSE_METADATA,
            ])),
        plain("createModelCustomizationJob", SYNC, Api("bedrock", "createModelCustomizationJob")),
    ],
};

pub(super) const CODE_BUILD: Integration = Integration {
    name: "codebuild",
    error_prefix: Some("CodeBuild"),
    errors: &["AWSCodeBuildException", "SdkClientException"],
    actions: &[
        plain("startBuild", SYNC, Api("codebuild", "startBuild")),
        plain("stopBuild", &[], Api("codebuild", "stopBuild")),
        plain("batchDeleteBuilds", &[], Api("codebuild", "batchDeleteBuilds")),
        plain("batchGetReports", &[], Api("codebuild", "batchGetReports")),
        plain("startBuildBatch", SYNC, Api("codebuild", "startBuildBatch")),
        plain("stopBuildBatch", &[], Api("codebuild", "stopBuildBatch")),
        plain("retryBuildBatch", SYNC, Api("codebuild", "retryBuildBatch")),
        plain("deleteBuildBatch", &[], Api("codebuild", "deleteBuildBatch")),
    ],
};

pub(super) const DATA_BREW: Integration =
    integration("databrew", &[plain("startJobRun", SYNC, Api("databrew", "startJobRun"))]);

pub(super) const ECS: Integration = Integration {
    name: "ecs",
    error_prefix: Some("ECS"),
    errors: &["AmazonECSException", "SdkClientException"],
    actions: &[plain("runTask", SYNC_OR_CALLBACK, Api("ecs", "runTask"))
        .ending(Written::Part(Api("ecs", "describeTasks"), &["Tasks", "[]"]))],
};

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

pub(super) const EKS: Integration = Integration {
    name: "eks",
    error_prefix: Some("EKS"),
    errors: EKS_ERRORS,
    actions: &[
        plain("createCluster", SYNC, Api("eks", "createCluster")),
        plain("deleteCluster", SYNC, Api("eks", "deleteCluster")),
        plain("createFargateProfile", SYNC, Api("eks", "createFargateProfile")),
        plain("deleteFargateProfile", SYNC, Api("eks", "deleteFargateProfile")),
        plain("createNodegroup", SYNC, Api("eks", "createNodegroup")),
        plain("deleteNodegroup", SYNC, Api("eks", "deleteNodegroup")),
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
    "elasticmapreduce",
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

pub(super) const EMR_CONTAINERS: Integration = integration(
    "emr-containers",
    &[
        plain("createVirtualCluster", &[], Api("emrcontainers", "createVirtualCluster")),
        plain("deleteVirtualCluster", SYNC, Api("emrcontainers", "deleteVirtualCluster")),
        plain("startJobRun", SYNC, Api("emrcontainers", "startJobRun")),
    ],
);

pub(super) const EMR_SERVERLESS: Integration = integration(
    "emr-serverless",
    &[
        plain("createApplication", SYNC, Api("emrserverless", "createApplication")),
        plain("startApplication", SYNC, Api("emrserverless", "startApplication")),
        plain("stopApplication", SYNC, Api("emrserverless", "stopApplication")),
        plain("deleteApplication", SYNC, Api("emrserverless", "deleteApplication")),
        plain("startJobRun", SYNC, Api("emrserverless", "startJobRun")),
        plain("cancelJobRun", SYNC, Api("emrserverless", "cancelJobRun")),
    ],
);

pub(super) const GLUE: Integration = Integration {
    name: "glue",
    error_prefix: Some("Glue"),
    errors: &["AWSGlueException", "SdkClientException"],
    actions: &[plain("startJobRun", SYNC, Api("glue", "startJobRun"))
        .ending(Written::Part(Api("glue", "getJobRun"), &["JobRun"]))],
};

pub(super) const MEDIA_CONVERT: Integration =
    integration("mediaconvert", &[plain("createJob", SYNC, Api("mediaconvert", "createJob"))]);

const fn sage_maker(name: &'static str) -> OptimisedAction {
    plain(name, &[], Api("sagemaker", name))
}

/// A job, whose description in the end is that of another action.
const fn sage_maker_job(name: &'static str, describe: &'static str) -> OptimisedAction {
    plain(name, SYNC, Api("sagemaker", name)).ending(Written::Output(Api("sagemaker", describe), &[]))
}

pub(super) const SAGE_MAKER: Integration = Integration {
    name: "sagemaker",
    error_prefix: Some("SageMaker"),
    errors: &["AmazonSageMakerException", "SdkClientException"],
    actions: &[
        sage_maker("createEndpoint"),
        sage_maker("createEndpointConfig"),
        sage_maker_job("createHyperParameterTuningJob", "describeHyperParameterTuningJob"),
        sage_maker_job("createLabelingJob", "describeLabelingJob"),
        sage_maker("createModel"),
        sage_maker_job("createProcessingJob", "describeProcessingJob"),
        sage_maker_job("createTrainingJob", "describeTrainingJob"),
        sage_maker_job("createTransformJob", "describeTransformJob"),
        sage_maker("updateEndpoint"),
    ],
};

const START_EXECUTION: Api = Api("sfn", "startExecution");
const DETAILS: Written = Written::Structure(&[optional("Included", Written::Boolean)]);

/// The execution in the end; `.sync` gives input and output as texts, `.sync:2` as JSON.
macro_rules! execution {
    ($data:expr) => {
        Written::Structure(&[
            optional("Cause", Written::String),
            optional("Error", Written::String),
            optional("ExecutionArn", Written::String),
            optional("Input", $data),
            optional("InputDetails", DETAILS),
            optional("MapRunArn", Written::String),
            optional("Name", Written::String),
            optional("Output", $data),
            optional("OutputDetails", DETAILS),
            optional("RedriveCount", Written::Integer),
            optional("RedriveDate", Written::Timestamp),
            optional("RedriveStatus", Written::String),
            optional("RedriveStatusReason", Written::String),
            optional("StartDate", Written::Timestamp),
            optional("StateMachineAliasArn", Written::String),
            optional("StateMachineArn", Written::String),
            optional("StateMachineVersionArn", Written::String),
            optional("Status", Written::String),
            optional("StopDate", Written::Timestamp),
            optional("TraceHeader", Written::String),
        ])
    };
}

pub(super) const STEP_FUNCTIONS: Integration = Integration {
    name: "states",
    error_prefix: Some("StepFunctions"),
    errors: &["AWSStepFunctionsException", "SdkClientException"],
    actions: &[OptimisedAction {
        name: "startExecution",
        patterns: &[Pattern::Sync, Pattern::Sync2, Pattern::WaitForTaskToken],
        api: Some(START_EXECUTION),
        parameters: Written::Input(START_EXECUTION, &[optional("Input", Written::Any)]),
        result: Written::Output(START_EXECUTION, super::METADATA),
        job: execution!(Written::String),
        job_2: execution!(Written::Any),
    }],
};
