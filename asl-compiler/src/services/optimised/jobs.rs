//! Integrations that start something which takes its time.

use super::super::written::{Api, Field, Written, optional};
use super::job::{Ask, Job, Origin, ask, job};
use super::permissions::NOTHING_ELSE;
use super::{Icon, Integration, OptimisedAction, integration, plain};
use asl_language::resource::Suffix;

/// Those of this family.
pub(super) const ALL: &[Integration] =
    &[ATHENA, BATCH, BEDROCK, CODE_BUILD, DATA_BREW, ECS, GLUE, MEDIA_CONVERT, SAGE_MAKER, STEP_FUNCTIONS];

const SYNC: &[Suffix] = &[Suffix::Sync];
const CALLBACK: &[Suffix] = &[Suffix::WaitForTaskToken];
const SYNC_OR_CALLBACK: &[Suffix] = &[Suffix::Sync, Suffix::WaitForTaskToken];

const QUERY_EXECUTION: &[Ask] = &[ask!(Answer, "QueryExecutionId", ["QueryExecutionId"])];

const ATHENA: Integration = Integration {
    name: "athena",
    icon: Icon::Chart,
    own_client: false,
    error_prefix: Some("Athena"),
    errors: &["AmazonAthenaException", "SdkClientException"],
    actions: &[
        plain("startQueryExecution", SYNC, Api("athena", "startQueryExecution"))
            .needing(&["athena:GetDataCatalog"])
            .ending(Written::Output(Api("athena", "getQueryExecution"), &[]))
            .waiting(
                &const {
                    job(
                        Api("athena", "getQueryExecution"),
                        QUERY_EXECUTION,
                        &[],
                        &["QueryExecution", "Status", "State"],
                        [&["SUCCEEDED"], &["FAILED", "CANCELLED"]],
                    )
                    .stopped_by(Api("athena", "stopQueryExecution"), QUERY_EXECUTION)
                },
            ),
        plain("stopQueryExecution", &[], Api("athena", "stopQueryExecution")),
        plain("getQueryExecution", &[], Api("athena", "getQueryExecution")),
        plain("getQueryResults", &[], Api("athena", "getQueryResults")),
    ],
};

/// Why jobs are stopped.
const REASON: Ask = Ask {
    name: "Reason",
    origin: Origin::Text("The execution of the state machine no longer waits for it."),
    path: &[],
    listed: false,
};

const BATCH: Integration = Integration {
    name: "batch",
    icon: Icon::Batch,
    own_client: false,
    error_prefix: Some("Batch"),
    errors: &["AWSBatchException", "SdkClientException"],
    actions: &[plain("submitJob", SYNC, Api("batch", "submitJob"))
        .notified_by("StepFunctionsGetEventsForBatchJobsRule")
        .ending(Written::Part(Api("batch", "describeJobs"), &["Jobs", "[]"]))
        .waiting(
            &const {
                job(
                    Api("batch", "describeJobs"),
                    &[ask!(all Answer, "Jobs", ["JobId"])],
                    &["Jobs", "[]"],
                    &["Status"],
                    [&["SUCCEEDED"], &["FAILED"]],
                )
                .stopped_by(Api("batch", "terminateJob"), &[ask!(Answer, "JobId", ["JobId"]), REASON])
            },
        )],
};

const INVOKE_MODEL: Api = Api("bedrockruntime", "invokeModel");
const CUSTOMIZATION: &[Ask] = &[ask!(Answer, "JobIdentifier", ["JobArn"])];
const S3_PLACE: Written = Written::Structure(&[optional("S3Uri", Written::String)]);

const BEDROCK: Integration = Integration {
    name: "bedrock",
    icon: Icon::Brain,
    own_client: false,
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
        plain("createModelCustomizationJob", SYNC, Api("bedrock", "createModelCustomizationJob"))
            .notified_by("StepFunctionsGetEventsForBedrockModelCustomizationJobsRule")
            .passing_role_to("bedrock.amazonaws.com")
            .ending(Written::Output(Api("bedrock", "getModelCustomizationJob"), &[]))
            .waiting(
                &const {
                    job(
                        Api("bedrock", "getModelCustomizationJob"),
                        CUSTOMIZATION,
                        &[],
                        &["Status"],
                        [&["Completed"], &["Failed", "Stopped"]],
                    )
                    .stopped_by(Api("bedrock", "stopModelCustomizationJob"), CUSTOMIZATION)
                },
            ),
    ],
};

const BUILT: [&[&str]; 2] = [&["SUCCEEDED"], &["FAILED", "FAULT", "TIMED_OUT", "STOPPED"]];

const BUILD_BATCH: Written = Written::Structure(&[Field {
    name: "BuildBatch",
    required: false,
    shape: Written::Part(Api("codebuild", "batchGetBuildBatches"), &["BuildBatches", "[]"]),
}]);

const fn build_batch(name: &'static str) -> OptimisedAction {
    plain(name, SYNC, Api("codebuild", name)).ending(BUILD_BATCH).waiting(
        &const {
            job(
                Api("codebuild", "batchGetBuildBatches"),
                &[ask!(all Answer, "Ids", ["BuildBatch", "Id"])],
                &["BuildBatches", "[]"],
                &["BuildBatchStatus"],
                BUILT,
            )
            .named("BuildBatch")
            .stopped_by(Api("codebuild", "stopBuildBatch"), &[ask!(Answer, "Id", ["BuildBatch", "Id"])])
        },
    )
}

const CODE_BUILD: Integration = Integration {
    name: "codebuild",
    icon: Icon::Gear,
    own_client: false,
    error_prefix: Some("CodeBuild"),
    errors: &["AWSCodeBuildException", "SdkClientException"],
    actions: &[
        plain("startBuild", SYNC, Api("codebuild", "startBuild"))
            .notified_by("StepFunctionsGetEventForCodeBuildStartBuildRule")
            .ending(Written::Structure(&[optional(
                "Build",
                Written::Part(Api("codebuild", "batchGetBuilds"), &["Builds", "[]"]),
            )]))
            .waiting(
                &const {
                    job(
                        Api("codebuild", "batchGetBuilds"),
                        &[ask!(all Answer, "Ids", ["Build", "Id"])],
                        &["Builds", "[]"],
                        &["BuildStatus"],
                        BUILT,
                    )
                    .named("Build")
                    .stopped_by(Api("codebuild", "stopBuild"), &[ask!(Answer, "Id", ["Build", "Id"])])
                },
            ),
        plain("stopBuild", &[], Api("codebuild", "stopBuild")),
        plain("batchDeleteBuilds", &[], Api("codebuild", "batchDeleteBuilds")),
        plain("batchGetReports", &[], Api("codebuild", "batchGetReports")),
        build_batch("startBuildBatch").notified_by("StepFunctionsGetEventForCodeBuildStartBuildBatchRule"),
        plain("stopBuildBatch", &[], Api("codebuild", "stopBuildBatch")),
        build_batch("retryBuildBatch"),
        plain("deleteBuildBatch", &[], Api("codebuild", "deleteBuildBatch")),
    ],
};

const RECIPE_RUN: &[Ask] = &[ask!(Parameters, "Name", ["Name"]), ask!(Answer, "RunId", ["RunId"])];

const DATA_BREW: Integration = integration(
    "databrew",
    Icon::Gear,
    &[plain("startJobRun", SYNC, Api("databrew", "startJobRun"))
        .needing_to_wait(&["databrew:ListJobRuns", "databrew:StopJobRun"])
        .ending(Written::Output(Api("databrew", "describeJobRun"), &[]))
        .waiting(
            &const {
                job(
                    Api("databrew", "describeJobRun"),
                    RECIPE_RUN,
                    &[],
                    &["State"],
                    [&["SUCCEEDED"], &["FAILED", "STOPPED", "TIMEOUT"]],
                )
                .stopped_by(Api("databrew", "stopJobRun"), RECIPE_RUN)
            },
        )],
);

const ECS: Integration = Integration {
    name: "ecs",
    icon: Icon::Container,
    own_client: false,
    error_prefix: Some("ECS"),
    errors: &["AmazonECSException", "SdkClientException"],
    actions: &[plain("runTask", SYNC_OR_CALLBACK, Api("ecs", "runTask"))
        .notified_by("StepFunctionsGetEventsForECSTaskRule")
        .passing_role_to("ecs-tasks.amazonaws.com")
        .ending(Written::Part(Api("ecs", "describeTasks"), &["Tasks", "[]"]))
        .waiting(
            &const {
                job(
                    Api("ecs", "describeTasks"),
                    &[
                        ask!(Parameters, "Cluster", ["Cluster"]),
                        ask!(all Answer, "Tasks", ["Tasks", "[]", "TaskArn"]),
                    ],
                    &["Tasks", "[]"],
                    &["LastStatus"],
                    [&["STOPPED", "DELETED"], &[]],
                )
                .of_containers(&["Containers", "[]"])
                .stopped_by(
                    Api("ecs", "stopTask"),
                    &[
                        ask!(Parameters, "Cluster", ["Cluster"]),
                        ask!(Answer, "Task", ["Tasks", "[]", "TaskArn"]),
                        REASON,
                    ],
                )
            },
        )],
};

const GLUE: Integration = Integration {
    name: "glue",
    icon: Icon::Gear,
    own_client: false,
    error_prefix: Some("Glue"),
    errors: &["AWSGlueException", "SdkClientException"],
    actions: &[plain("startJobRun", SYNC, Api("glue", "startJobRun"))
        .needing_to_wait(&["glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"])
        .ending(Written::Part(Api("glue", "getJobRun"), &["JobRun"]))
        .waiting(
            &const {
                job(
                    Api("glue", "getJobRun"),
                    &[ask!(Parameters, "JobName", ["JobName"]), ask!(Answer, "RunId", ["JobRunId"])],
                    &["JobRun"],
                    &["JobRunState"],
                    [&["SUCCEEDED"], &["FAILED", "TIMEOUT", "STOPPED", "ERROR", "EXPIRED"]],
                )
                .stopped_by(
                    Api("glue", "batchStopJobRun"),
                    &[ask!(Parameters, "JobName", ["JobName"]), ask!(all Answer, "JobRunIds", ["JobRunId"])],
                )
            },
        )],
};

const CONVERSION: &[Ask] = &[ask!(Answer, "Id", ["Job", "Id"])];

const MEDIA_CONVERT: Integration = integration(
    "mediaconvert",
    Icon::Gear,
    &[plain("createJob", SYNC, Api("mediaconvert", "createJob"))
        .notified_by("StepFunctionsGetEventsForMediaConvertJobRule")
        .passing_role_to("mediaconvert.amazonaws.com")
        .ending(Written::Output(Api("mediaconvert", "getJob"), &[]))
        .waiting(
            &const {
                job(
                    Api("mediaconvert", "getJob"),
                    CONVERSION,
                    &[],
                    &["Job", "Status"],
                    [&["COMPLETE"], &["ERROR", "CANCELED"]],
                )
                .stopped_by(Api("mediaconvert", "cancelJob"), CONVERSION)
            },
        )],
);

const fn sage_maker(name: &'static str) -> OptimisedAction {
    plain(name, &[], Api("sagemaker", name))
}

const ADD_TAGS: &[&str] = &["sagemaker:AddTags"];
const SAGE_MAKER_SERVICE: &str = "sagemaker.amazonaws.com";

/// A job, whose description in the end is that of another action.
macro_rules! sage_maker_job {
    (
        $create:literal,
        $describe:literal,
        $stop:literal,
        $name:literal,
        $status:literal,
        $needed:expr,
        $rule:literal
    ) => {
        plain($create, SYNC, Api("sagemaker", $create))
            .needing(ADD_TAGS)
            .needing_to_wait($needed)
            .notified_by($rule)
            .passing_role_to(SAGE_MAKER_SERVICE)
            .ending(Written::Output(Api("sagemaker", $describe), &[]))
            .waiting(
                &const {
                    let ends: [&[&str]; 2] = [&["Completed"], &["Failed", "Stopped"]];
                    job(
                        Api("sagemaker", $describe),
                        &[ask!(Parameters, $name, [$name])],
                        &[],
                        &[$status],
                        ends,
                    )
                    .stopped_by(Api("sagemaker", $stop), &[ask!(Parameters, $name, [$name])])
                },
            )
    };
}

const SAGE_MAKER: Integration = Integration {
    name: "sagemaker",
    icon: Icon::Brain,
    own_client: false,
    error_prefix: Some("SageMaker"),
    errors: &["AmazonSageMakerException", "SdkClientException"],
    actions: &[
        sage_maker("createEndpoint").needing(ADD_TAGS),
        sage_maker("createEndpointConfig").needing(ADD_TAGS),
        sage_maker_job!(
            "createHyperParameterTuningJob",
            "describeHyperParameterTuningJob",
            "stopHyperParameterTuningJob",
            "HyperParameterTuningJobName",
            "HyperParameterTuningJobStatus",
            &[
                "sagemaker:DescribeHyperParameterTuningJob",
                "sagemaker:StopHyperParameterTuningJob",
                "sagemaker:ListTags"
            ],
            "StepFunctionsGetEventsForSageMakerTuningJobsRule"
        ),
        sage_maker_job!(
            "createLabelingJob",
            "describeLabelingJob",
            "stopLabelingJob",
            "LabelingJobName",
            "LabelingJobStatus",
            &["sagemaker:DescribeLabelingJob", "sagemaker:StopLabelingJob", "sagemaker:ListTags"],
            "StepFunctionsGetEventsForSageMakerLabelingJobsRule"
        ),
        sage_maker("createModel").needing(ADD_TAGS).passing_role_to(SAGE_MAKER_SERVICE),
        sage_maker_job!(
            "createProcessingJob",
            "describeProcessingJob",
            "stopProcessingJob",
            "ProcessingJobName",
            "ProcessingJobStatus",
            &["sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob", "sagemaker:ListTags"],
            "StepFunctionsGetEventsForSageMakerProcessingJobsRule"
        ),
        sage_maker_job!(
            "createTrainingJob",
            "describeTrainingJob",
            "stopTrainingJob",
            "TrainingJobName",
            "TrainingJobStatus",
            &["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob", "sagemaker:ListTags"],
            "StepFunctionsGetEventsForSageMakerTrainingJobsRule"
        ),
        sage_maker_job!(
            "createTransformJob",
            "describeTransformJob",
            "stopTransformJob",
            "TransformJobName",
            "TransformJobStatus",
            &["sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob", "sagemaker:ListTags"],
            "StepFunctionsGetEventsForSageMakerTransformJobsRule"
        ),
        sage_maker("updateEndpoint"),
    ],
};

const START_EXECUTION: Api = Api("sfn", "startExecution");
const EXECUTION: Job = job(
    Api("sfn", "describeExecution"),
    &[ask!(Answer, "ExecutionArn", ["ExecutionArn"])],
    &[],
    &["Status"],
    [&["SUCCEEDED"], &["FAILED", "TIMED_OUT", "ABORTED"]],
)
.stopped_by(Api("sfn", "stopExecution"), &[ask!(Answer, "ExecutionArn", ["ExecutionArn"])]);
const DETAILS: Written = Written::Structure(&[optional("Included", Written::Boolean)]);

/// The execution in the end; `.sync` has input and output as texts, `.sync:2` as JSON.
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

const STEP_FUNCTIONS: Integration = Integration {
    name: "states",
    icon: Icon::Machine,
    own_client: false,
    error_prefix: Some("StepFunctions"),
    errors: &["AWSStepFunctionsException", "SdkClientException"],
    actions: &[OptimisedAction {
        name: "startExecution",
        suffixes: &[Suffix::Sync, Suffix::Sync2, Suffix::WaitForTaskToken],
        api: Some(START_EXECUTION),
        parameters: Written::Input(START_EXECUTION, &[optional("Input", Written::Any)]),
        result: Written::Output(START_EXECUTION, super::METADATA),
        job: execution!(Written::String),
        job_2: execution!(Written::Any),
        waits: [Some(&EXECUTION), Some(&const { EXECUTION.with_json(&["Input", "Output"]) })],
        form: None,
        permissions: NOTHING_ELSE.notified_by("StepFunctionsGetEventsForStepFunctionsExecutionRule"),
    }],
};
