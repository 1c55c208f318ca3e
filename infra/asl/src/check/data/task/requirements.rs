//! What services cannot be called without.
//!
//! Source: the API references of the services; the integrations take the same names in upper camel case.

/// Each action with the arguments it needs.
const REQUIRED: &[(&str, &[&str])] = &[
    ("apigateway:invoke", &["ApiEndpoint", "Method"]),
    ("athena:getQueryExecution", &["QueryExecutionId"]),
    ("athena:getQueryResults", &["QueryExecutionId"]),
    ("athena:startQueryExecution", &["QueryString"]),
    ("athena:stopQueryExecution", &["QueryExecutionId"]),
    ("batch:submitJob", &["JobName", "JobQueue", "JobDefinition"]),
    (
        "bedrock:createModelCustomizationJob",
        &[
            "JobName",
            "CustomModelName",
            "RoleArn",
            "BaseModelIdentifier",
            "TrainingDataConfig",
            "OutputDataConfig",
        ],
    ),
    ("bedrock:invokeModel", &["ModelId"]),
    ("codebuild:startBuild", &["ProjectName"]),
    ("databrew:startJobRun", &["Name"]),
    ("dynamodb:deleteItem", &["TableName", "Key"]),
    ("dynamodb:getItem", &["TableName", "Key"]),
    ("dynamodb:putItem", &["TableName", "Item"]),
    ("dynamodb:updateItem", &["TableName", "Key"]),
    ("ecs:runTask", &["TaskDefinition"]),
    ("elasticmapreduce:addStep", &["ClusterId", "Step"]),
    ("elasticmapreduce:createCluster", &["Name", "Instances"]),
    ("elasticmapreduce:terminateCluster", &["ClusterId"]),
    ("events:putEvents", &["Entries"]),
    ("glue:startJobRun", &["JobName"]),
    ("http:invoke", &["ApiEndpoint", "Method", "Authentication"]),
    ("lambda:invoke", &["FunctionName"]),
    (
        "sagemaker:createEndpoint",
        &["EndpointName", "EndpointConfigName"],
    ),
    (
        "sagemaker:createEndpointConfig",
        &["EndpointConfigName", "ProductionVariants"],
    ),
    (
        "sagemaker:createHyperParameterTuningJob",
        &[
            "HyperParameterTuningJobName",
            "HyperParameterTuningJobConfig",
        ],
    ),
    (
        "sagemaker:createLabelingJob",
        &[
            "LabelingJobName",
            "LabelAttributeName",
            "InputConfig",
            "OutputConfig",
            "RoleArn",
            "HumanTaskConfig",
        ],
    ),
    ("sagemaker:createModel", &["ModelName", "ExecutionRoleArn"]),
    (
        "sagemaker:createProcessingJob",
        &[
            "ProcessingJobName",
            "ProcessingResources",
            "AppSpecification",
            "RoleArn",
        ],
    ),
    (
        "sagemaker:createTrainingJob",
        &[
            "TrainingJobName",
            "AlgorithmSpecification",
            "RoleArn",
            "OutputDataConfig",
            "ResourceConfig",
            "StoppingCondition",
        ],
    ),
    (
        "sagemaker:createTransformJob",
        &[
            "TransformJobName",
            "ModelName",
            "TransformInput",
            "TransformOutput",
            "TransformResources",
        ],
    ),
    (
        "sagemaker:updateEndpoint",
        &["EndpointName", "EndpointConfigName"],
    ),
    ("sns:publish", &["Message"]),
    ("sqs:sendMessage", &["QueueUrl", "MessageBody"]),
    ("states:startExecution", &["StateMachineArn"]),
];

/// The arguments that an action needs; none are known of actions that the table does not have.
pub(super) fn required(action: &str) -> &'static [&'static str] {
    let found = REQUIRED.iter().find(|(name, _)| *name == action);
    found.map_or(&[], |(_, names)| names)
}
