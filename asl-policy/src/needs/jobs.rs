//! Integrations that start a job: with `.sync` the machine waits for its end, which takes asking for it, stopping it, and as a rule a
//! rule of EventBridge that Step Functions manages.

use super::{Need, data, resources, roles};
use crate::arn::Arn;
use crate::authorization::capital;
use crate::workflow::{Argument, ServiceCall};
use asl_language::resource::Suffix;

/// A job: how it is started and what waiting for it takes.
struct Job {
    service: &'static str,
    action: &'static str,
    /// Starts it.
    start: &'static [&'static str],
    /// Allowed beside it where the machine waits.
    wait: &'static [&'static str],
    /// The rule of EventBridge; empty where there is none.
    rule: &'static str,
    /// Who is handed a role; empty where no one is.
    passed_to: &'static str,
}

const fn job(
    (service, action): (&'static str, &'static str),
    start: &'static [&'static str],
    wait: &'static [&'static str],
    rule: &'static str,
    passed_to: &'static str,
) -> Job {
    Job { service, action, start, wait, rule, passed_to }
}

const SAGEMAKER: &str = "sagemaker.amazonaws.com";
const EKS: &str = "eks.amazonaws.com";

#[rustfmt::skip]
const JOBS: &[Job] = &[
    job(("athena", "startQueryExecution"), &["athena:StartQueryExecution", "athena:GetDataCatalog"], &["athena:GetQueryExecution", "athena:StopQueryExecution"], "", ""),
    job(("batch", "submitJob"), &["batch:SubmitJob"], &["batch:DescribeJobs", "batch:TerminateJob"], "StepFunctionsGetEventsForBatchJobsRule", ""),
    job(("bedrock", "createModelCustomizationJob"), &["bedrock:CreateModelCustomizationJob"], &["bedrock:GetModelCustomizationJob", "bedrock:StopModelCustomizationJob"], "StepFunctionsGetEventsForBedrockModelCustomizationJobsRule", "bedrock.amazonaws.com"),
    job(("codebuild", "startBuild"), &["codebuild:StartBuild"], &["codebuild:BatchGetBuilds", "codebuild:StopBuild"], "StepFunctionsGetEventForCodeBuildStartBuildRule", ""),
    job(("codebuild", "startBuildBatch"), &["codebuild:StartBuildBatch"], &["codebuild:BatchGetBuildBatches", "codebuild:StopBuildBatch"], "StepFunctionsGetEventForCodeBuildStartBuildBatchRule", ""),
    job(("databrew", "startJobRun"), &["databrew:StartJobRun"], &["databrew:ListJobRuns", "databrew:StopJobRun"], "", ""),
    job(("ecs", "runTask"), &["ecs:RunTask"], &["ecs:DescribeTasks", "ecs:StopTask"], "StepFunctionsGetEventsForECSTaskRule", "ecs-tasks.amazonaws.com"),
    job(("eks", "createCluster"), &["eks:CreateCluster"], &["eks:DescribeCluster", "eks:DeleteCluster"], "", EKS),
    job(("eks", "createNodegroup"), &["eks:CreateNodegroup", "ec2:DescribeSubnets", "iam:GetRole", "iam:ListAttachedRolePolicies"], &["eks:DescribeNodegroup", "eks:DeleteNodegroup"], "", EKS),
    job(("eks", "createFargateProfile"), &["eks:CreateFargateProfile"], &["eks:DescribeFargateProfile", "eks:DeleteFargateProfile"], "", "eks-fargate-pods.amazonaws.com"),
    job(("eks", "deleteCluster"), &["eks:DeleteCluster"], &["eks:DescribeCluster"], "", ""),
    job(("eks", "deleteNodegroup"), &["eks:DeleteNodegroup"], &["eks:DescribeNodegroup"], "", ""),
    job(("eks", "deleteFargateProfile"), &["eks:DeleteFargateProfile"], &["eks:DescribeFargateProfile"], "", ""),
    job(("elasticmapreduce", "createCluster"), &["elasticmapreduce:RunJobFlow"], &["elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"], "StepFunctionsGetEventForEMRRunJobFlowRule", "elasticmapreduce.amazonaws.com"),
    job(("elasticmapreduce", "terminateCluster"), &["elasticmapreduce:TerminateJobFlows"], &["elasticmapreduce:DescribeCluster"], "StepFunctionsGetEventForEMRTerminateJobFlowsRule", ""),
    job(("elasticmapreduce", "addStep"), &["elasticmapreduce:AddJobFlowSteps"], &["elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"], "StepFunctionsGetEventForEMRAddJobFlowStepsRule", ""),
    job(("elasticmapreduce", "cancelStep"), &["elasticmapreduce:CancelSteps"], &[], "", ""),
    job(("elasticmapreduce", "setClusterTerminationProtection"), &["elasticmapreduce:SetTerminationProtection"], &[], "", ""),
    job(("elasticmapreduce", "modifyInstanceFleetByName"), &["elasticmapreduce:ModifyInstanceFleet", "elasticmapreduce:ListInstanceFleets"], &[], "", ""),
    job(("elasticmapreduce", "modifyInstanceGroupByName"), &["elasticmapreduce:ModifyInstanceGroups", "elasticmapreduce:ListInstanceGroups"], &[], "", ""),
    job(("emr-containers", "startJobRun"), &["emr-containers:StartJobRun"], &["emr-containers:DescribeJobRun", "emr-containers:CancelJobRun"], "", ""),
    job(("emr-containers", "createVirtualCluster"), &["emr-containers:CreateVirtualCluster"], &[], "", ""),
    job(("emr-containers", "deleteVirtualCluster"), &["emr-containers:DeleteVirtualCluster"], &["emr-containers:DescribeVirtualCluster"], "", ""),
    job(("emr-serverless", "createApplication"), &["emr-serverless:CreateApplication"], &["emr-serverless:GetApplication", "emr-serverless:DeleteApplication"], EMR_APPLICATION, ""),
    job(("emr-serverless", "startApplication"), &["emr-serverless:StartApplication"], &["emr-serverless:GetApplication", "emr-serverless:StopApplication"], EMR_APPLICATION, ""),
    job(("emr-serverless", "stopApplication"), &["emr-serverless:StopApplication"], &["emr-serverless:GetApplication"], EMR_APPLICATION, ""),
    job(("emr-serverless", "deleteApplication"), &["emr-serverless:DeleteApplication"], &["emr-serverless:GetApplication"], EMR_APPLICATION, ""),
    job(("emr-serverless", "startJobRun"), &["emr-serverless:StartJobRun"], &["emr-serverless:GetJobRun", "emr-serverless:CancelJobRun"], "StepFunctionsGetEventsForEMRServerlessJobRule", "emr-serverless.amazonaws.com"),
    job(("emr-serverless", "cancelJobRun"), &["emr-serverless:CancelJobRun"], &["emr-serverless:GetJobRun"], "StepFunctionsGetEventsForEMRServerlessJobRule", ""),
    job(("glue", "startJobRun"), &["glue:StartJobRun"], &["glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"], "", ""),
    job(("mediaconvert", "createJob"), &["mediaconvert:CreateJob"], &["mediaconvert:GetJob", "mediaconvert:CancelJob"], "StepFunctionsGetEventsForMediaConvertJobRule", "mediaconvert.amazonaws.com"),
    job(("sagemaker", "createTrainingJob"), &["sagemaker:CreateTrainingJob", "sagemaker:AddTags"], &["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob", "sagemaker:ListTags"], "StepFunctionsGetEventsForSageMakerTrainingJobsRule", SAGEMAKER),
    job(("sagemaker", "createTransformJob"), &["sagemaker:CreateTransformJob", "sagemaker:AddTags"], &["sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob", "sagemaker:ListTags"], "StepFunctionsGetEventsForSageMakerTransformJobsRule", SAGEMAKER),
    job(("sagemaker", "createHyperParameterTuningJob"), &["sagemaker:CreateHyperParameterTuningJob", "sagemaker:AddTags"], &["sagemaker:DescribeHyperParameterTuningJob", "sagemaker:StopHyperParameterTuningJob", "sagemaker:ListTags"], "StepFunctionsGetEventsForSageMakerTuningJobsRule", SAGEMAKER),
    job(("sagemaker", "createLabelingJob"), &["sagemaker:CreateLabelingJob", "sagemaker:AddTags"], &["sagemaker:DescribeLabelingJob", "sagemaker:StopLabelingJob", "sagemaker:ListTags"], "StepFunctionsGetEventsForSageMakerLabelingJobsRule", SAGEMAKER),
    job(("sagemaker", "createProcessingJob"), &["sagemaker:CreateProcessingJob", "sagemaker:AddTags"], &["sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob", "sagemaker:ListTags"], "StepFunctionsGetEventsForSageMakerProcessingJobsRule", SAGEMAKER),
    job(("sagemaker", "createModel"), &["sagemaker:CreateModel", "sagemaker:AddTags"], &[], "", SAGEMAKER),
    job(("sagemaker", "createEndpointConfig"), &["sagemaker:CreateEndpointConfig", "sagemaker:AddTags"], &[], "", ""),
    job(("sagemaker", "createEndpoint"), &["sagemaker:CreateEndpoint", "sagemaker:AddTags"], &[], "", ""),
    job(("sagemaker", "updateEndpoint"), &["sagemaker:UpdateEndpoint"], &[], "", ""),
];

const EMR_APPLICATION: &str = "StepFunctionsGetEventsForEMRServerlessApplicationRule";

/// What an action that starts a job needs; an action that is not in the table needs itself.
pub(super) fn needs(
    call: &ServiceCall<'_>,
    service: &str,
    action: &str,
    suffix: Option<Suffix>,
) -> Vec<Need> {
    // Who may do what in a cluster of Kubernetes is said there.
    if service == "eks" && matches!(action, "call" | "runJob") {
        return Vec::new();
    }
    let Some(job) = JOBS.iter().find(|job| job.service == service && job.action == action) else {
        let mut needs = resources::named_needs(call, &[&format!("{service}:{}", capital(action))]);
        needs.extend(data::needs(call, service, &capital(action)));
        return needs;
    };
    let waits = matches!(suffix, Some(Suffix::Sync | Suffix::Sync2));
    let mut needs = resources::named_needs(call, job.start);
    add_facts(&mut needs, call, service);
    if waits {
        needs.extend(resources::named_needs(call, job.wait));
    }
    if waits && !job.rule.is_empty() {
        needs.push(rule(call, job.rule));
    }
    if !job.passed_to.is_empty() {
        needs.extend(roles::passed_to_job(call, service, job.passed_to));
    }
    needs.extend(data::needs(call, service, &capital(action)));
    needs
}

/// A policy may ask in which cluster a task runs.
fn add_facts(needs: &mut [Need], call: &ServiceCall<'_>, service: &str) {
    let Some(Argument::Constant(cluster)) = call.parameters.get("Cluster").filter(|_| service == "ecs")
    else {
        return;
    };
    let arn = if resources::is_arn(cluster) {
        Arn::written(cluster)
    } else {
        Arn::here("ecs", "cluster/").and_text(cluster)
    };
    needs.iter_mut().for_each(|need| need.facts.push(("ecs:cluster", arn.clone())));
}

/// The rule by which Step Functions is notified of the end of a job.
pub(super) fn rule(call: &ServiceCall<'_>, name: &str) -> Need {
    let actions = ["events:DescribeRule", "events:PutRule", "events:PutTargets"];
    Need::new(call, &actions, vec![Arn::here("events", "rule/").and_text(name)])
}
