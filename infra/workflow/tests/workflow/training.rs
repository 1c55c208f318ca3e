//! Jobs that run elsewhere: training, transformation, queries, Glue, and another machine.

use std::time::Duration;

use cfn::Value;
use cfn::intrinsics::sub;
use serde_json::json;
use workflow::integration::{
    ATHENA_GET_RESULTS, ATHENA_RUN_QUERY, GLUE_RUN_JOB, SAGEMAKER_TRAIN, SAGEMAKER_TRANSFORM,
};
use workflow::{
    AnyJson, Machine, Retry, Runnable, StatesError, perform, run_machine, start_machine,
};

use crate::contracts::*;
use crate::support::{assert_reviewed, data};

data! {
    struct Training {
        name: String,
        data: String,
    }
    #[serde(rename_all = "PascalCase")]
    struct Trained {
        training_job_arn: String,
        model_artifacts: Artifacts,
    }
    #[serde(rename_all = "PascalCase")]
    struct Artifacts {
        s3_model_artifacts: String,
    }
}

struct Batch;

impl Runnable for Batch {
    type Input = BatchRequest;
    type Output = Report;

    fn placeholder(&self) -> String {
        "BatchStateMachine".to_owned()
    }

    fn arn(&self) -> Value<String> {
        sub("${BatchStateMachine}")
    }

    fn executions(&self) -> Value<String> {
        sub("arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:batch:*")
    }
}

pub(crate) fn machine() -> Machine<Training, Report> {
    let arn = |rest: &str| sub(format!("arn:${{AWS::Partition}}:{rest}"));
    let role: Value<cfn::Arn<cfn::iam::Role>> =
        sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/training")
            .assume_arn()
            .of();
    Machine::<Training, _>::new("Training", |flow, request| {
        let prepare = flow.members([("JobName", flow.text("prepare").untyped())]);
        let job = arn("glue:${AWS::Region}:${AWS::AccountId}:job/prepare");
        flow.run(
            "Prepare",
            perform::<AnyJson>(GLUE_RUN_JOB, job, prepare).timeout(Duration::from_hours(2)),
        );
        let train = flow.members([
            ("TrainingJobName", request.name.untyped()),
            (
                "RoleArn",
                flow.deployed("TrainingRole", role.clone()).untyped(),
            ),
            ("AlgorithmSpecification", flow.value(json!({"TrainingInputMode": "FastFile"}))),
            ("OutputDataConfig", flow.value(json!({"S3OutputPath": "s3://models/"}))),
            ("ResourceConfig", flow.value(json!({"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 50}))),
            ("StoppingCondition", flow.value(json!({"MaxRuntimeInSeconds": 86_400}))),
        ]);
        let jobs = arn("sagemaker:${AWS::Region}:${AWS::AccountId}:training-job/*");
        let trained = flow.run(
            "Train",
            perform::<Trained>(SAGEMAKER_TRAIN, jobs, train)
                .pass_role(&role, "sagemaker.amazonaws.com")
                .timeout(Duration::from_hours(24))
                .retry(
                    Retry::on([StatesError::Named(
                        "SageMaker.ResourceLimitExceededException",
                    )])
                    .interval(Duration::from_mins(5))
                    .backoff(1.5),
                ),
        );
        let transform = flow.members([
            ("TransformInput", flow.value(json!({"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://data/"}}}))),
            ("TransformOutput", flow.value(json!({"S3OutputPath": "s3://predictions/"}))),
            ("TransformResources", flow.value(json!({"InstanceCount": 1, "InstanceType": "ml.m5.large"}))),
            ("TransformJobName", request.name.append("-all").untyped()),
            (
                "ModelName",
                trained
                    .model_artifacts
                    .s3_model_artifacts
                    .after("models/")
                    .before("/")
                    .untyped(),
            ),
        ]);
        let jobs = arn("sagemaker:${AWS::Region}:${AWS::AccountId}:transform-job/*");
        flow.run(
            "Transform",
            perform::<AnyJson>(SAGEMAKER_TRANSFORM, jobs, transform)
                .timeout(Duration::from_hours(6)),
        );
        let workgroup = arn("athena:${AWS::Region}:${AWS::AccountId}:workgroup/reports");
        let query = flow.members([
            (
                "QueryString",
                flow.text("SELECT count(*) FROM predictions").untyped(),
            ),
            ("WorkGroup", flow.text("reports").untyped()),
        ]);
        let run = perform::<AnyJson>(ATHENA_RUN_QUERY, workgroup.clone(), query).allow(
            ["glue:GetTable", "glue:GetDatabase"],
            arn("glue:${AWS::Region}:${AWS::AccountId}:catalog"),
        );
        let done = flow.run("Query", run.timeout(Duration::from_mins(30)));
        let id = flow.pass(
            "Id",
            flow.raw::<String>("\"id-\" & $string(1 + 2)").append("!"),
        );
        let results = flow.members([("QueryExecutionId", id.untyped()), ("Given", done)]);
        flow.run(
            "Results",
            perform::<AnyJson>(ATHENA_GET_RESULTS, workgroup, results),
        );
        let input = flow.object(BatchRequestFields {
            date: flow.execution_started(),
            dry_run: request
                .name
                .contains("test")
                .and(request.data.equals("").or(!request.data.contains("s3://"))),
            notify: flow.none(),
        });
        flow.run("Start another", start_machine(&Batch, input));
        flow.run(
            "Batch",
            run_machine(&Batch, input).timeout(Duration::from_hours(48)),
        )
    })
}

#[test]
fn is_what_was_reviewed() {
    assert_reviewed("training", &machine());
}
