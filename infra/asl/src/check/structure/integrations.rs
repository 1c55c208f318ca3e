//! The services that Step Functions calls in its own way, and how they are waited for.
//!
//! Source: developer guide, "Integrating optimized services with Step Functions", and the page of each service.

/// What a service can be waited for, beside its immediate answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Patterns {
    /// `.sync`: until the job is done.
    pub(super) job: bool,
    /// `.waitForTaskToken`: until somebody hands the token back.
    pub(super) callback: bool,
}

const ANSWER: Patterns = Patterns {
    job: false,
    callback: false,
};
const JOB: Patterns = Patterns {
    job: true,
    callback: false,
};
const CALLBACK: Patterns = Patterns {
    job: false,
    callback: true,
};
const BOTH: Patterns = Patterns {
    job: true,
    callback: true,
};

/// What AWS SDK integrations can be waited for.
pub(super) const SDK: Patterns = CALLBACK;

/// The patterns of an action such as `sqs:sendMessage`; none for one that is not there.
pub(super) fn patterns(action: &str) -> Option<Patterns> {
    let found = OPTIMISED.iter().find(|(name, _)| *name == action);
    found.map(|(_, patterns)| *patterns)
}

/// The names of all actions.
pub(super) fn actions() -> impl Iterator<Item = &'static str> + Clone {
    OPTIMISED.iter().map(|(name, _)| *name)
}

/// What SDK integrations call a service whose prefix elsewhere (IAM, the CLI) is different.
pub(super) fn sdk_name(service: &str) -> Option<&'static str> {
    let found = SDK_NAMES.iter().find(|(wrong, _)| *wrong == service);
    found.map(|(_, right)| *right)
}

const SDK_NAMES: &[(&str, &str)] = &[
    ("ce", "costexplorer"),
    ("elasticmapreduce", "emr"),
    ("events", "eventbridge"),
    ("logs", "cloudwatchlogs"),
    ("monitoring", "cloudwatch"),
    ("states", "sfn"),
    ("stepfunctions", "sfn"),
];

#[rustfmt::skip]
const OPTIMISED: &[(&str, Patterns)] = &[
    ("apigateway:invoke", CALLBACK),
    ("athena:getQueryExecution", ANSWER), ("athena:getQueryResults", ANSWER),
    ("athena:startQueryExecution", JOB), ("athena:stopQueryExecution", ANSWER),
    ("batch:submitJob", JOB),
    ("bedrock:createModelCustomizationJob", JOB), ("bedrock:invokeModel", CALLBACK),
    ("codebuild:batchDeleteBuilds", ANSWER), ("codebuild:batchGetReports", ANSWER),
    ("codebuild:deleteBuildBatch", ANSWER), ("codebuild:retryBuildBatch", JOB),
    ("codebuild:startBuild", JOB), ("codebuild:startBuildBatch", JOB),
    ("codebuild:stopBuild", ANSWER), ("codebuild:stopBuildBatch", ANSWER),
    ("databrew:startJobRun", JOB),
    ("dynamodb:deleteItem", ANSWER), ("dynamodb:getItem", ANSWER),
    ("dynamodb:putItem", ANSWER), ("dynamodb:updateItem", ANSWER),
    ("ecs:runTask", BOTH),
    ("eks:call", CALLBACK), ("eks:createCluster", JOB), ("eks:createFargateProfile", JOB),
    ("eks:createNodegroup", JOB), ("eks:deleteCluster", JOB), ("eks:deleteFargateProfile", JOB),
    ("eks:deleteNodegroup", JOB), ("eks:runJob", BOTH),
    ("elasticmapreduce:addStep", JOB), ("elasticmapreduce:cancelStep", ANSWER),
    ("elasticmapreduce:createCluster", JOB), ("elasticmapreduce:modifyInstanceFleetByName", ANSWER),
    ("elasticmapreduce:modifyInstanceGroupByName", ANSWER),
    ("elasticmapreduce:setClusterTerminationProtection", ANSWER), ("elasticmapreduce:terminateCluster", JOB),
    ("emr-containers:createVirtualCluster", ANSWER), ("emr-containers:deleteVirtualCluster", JOB),
    ("emr-containers:startJobRun", JOB),
    ("emr-serverless:cancelJobRun", JOB), ("emr-serverless:createApplication", JOB),
    ("emr-serverless:deleteApplication", JOB), ("emr-serverless:startApplication", JOB),
    ("emr-serverless:startJobRun", JOB), ("emr-serverless:stopApplication", JOB),
    ("events:putEvents", CALLBACK),
    ("glue:startJobRun", JOB),
    ("http:invoke", ANSWER),
    ("lambda:invoke", CALLBACK),
    ("mediaconvert:createJob", JOB),
    ("sagemaker:createEndpoint", ANSWER), ("sagemaker:createEndpointConfig", ANSWER),
    ("sagemaker:createHyperParameterTuningJob", JOB), ("sagemaker:createLabelingJob", JOB),
    ("sagemaker:createModel", ANSWER), ("sagemaker:createProcessingJob", JOB),
    ("sagemaker:createTrainingJob", JOB), ("sagemaker:createTransformJob", JOB),
    ("sagemaker:updateEndpoint", ANSWER),
    ("sns:publish", CALLBACK),
    ("sqs:sendMessage", CALLBACK),
    ("states:startExecution", BOTH),
];
