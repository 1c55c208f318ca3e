//! Functions that read tables, submit jobs, follow them and answer the machine that waits: the constructs of the batch system
//! mostly over its real contracts.

use cfn::Document;
use constructs::{
    BatchJobRole, Bucket, BucketHandle, DeadLetterQueue, DynamoTable, DynamoTableHandle, EventRule,
    Function, InputBuckets, ModelFamilies, QueueHandle, Rate, SCHEDULED_TIME, SecretParameter,
    Setting, Stack, StateMachine, Synth, TableIndex, Topic, answers, find_jobs, from_event,
    minutes, read_jobs, state_machine_arn, stop_jobs,
};
use serde_json::{Value, json};
use shared::batch::event::{DETAIL_TYPE, SOURCE};
use shared::contracts::batch::{
    ReconcileJobs, ReconcileRequest, ReportRun, StopJobs, StopRequest, SubmitJob, TrackJob, job_row,
};
use workflow::integration::SNS_PUBLISH;
use workflow::{AnyJson, Machine, Nothing, perform};

use crate::contracts::{Ask, Load};
use crate::evaluation::{Deployment, evaluate};

fn load(stack: &mut Stack, batch: &BucketHandle) {
    let tables = InputBuckets::new("Input", batch, ["inputs/", "batch_output_parquet/"], stack);
    let token = SecretParameter::new("HubToken", "Token for the Hugging Face Hub", stack);
    Function::new(Load::<Synth> {
        inputs: tables.read(),
        hub_token: token.read(),
    })
    .add_to(stack);
}

fn submit(stack: &mut Stack, batch: &BucketHandle, jobs: &DynamoTableHandle) {
    let models = ModelFamilies::starting_with(["anthropic.claude-", "amazon.titan-embed-text-v2:"]);
    let role = BatchJobRole::new("Jobs", batch, &models)
        .read_below("batch_inputs_json/")
        .write_below("batch_outputs_json/")
        .add_to(stack);
    Function::new(SubmitJob::<Synth> {
        jobs: role.submit(),
        job_states: read_jobs(),
        find: find_jobs(),
        rows: jobs.read(),
        row_writes: jobs.write(),
        tasks: answers("Run"),
        policy: Setting::default(),
        bucket: Setting::at_deployment(batch.uri()),
    })
    .add_to(stack);
    Function::new(Ask::<Synth> {
        models: models.invoke(),
    })
    .add_to(stack);
}

fn follow(stack: &mut Stack, jobs: &DynamoTableHandle, failures: &QueueHandle) {
    Function::new(TrackJob::<Synth> {
        job_states: read_jobs(),
        rows: jobs.read(),
        row_writes: jobs.write(),
        tasks: answers("Run"),
    })
    .on_whole_event(EventRule::new(SOURCE, DETAIL_TYPE, failures))
    .add_to(stack);
    let rate = Rate::parameter(
        "Reconcile",
        "Minutes between two looks at open jobs",
        minutes(10),
        stack,
    );
    let now = ReconcileRequest {
        now: SCHEDULED_TIME.into(),
    };
    Function::new(ReconcileJobs::<Synth> {
        job_states: read_jobs(),
        find: find_jobs(),
        open: jobs.query(job_row::OPEN_JOBS),
        rows: jobs.read(),
        row_writes: jobs.write(),
        tasks: answers("Run"),
    })
    .every(rate, &now)
    .add_to(stack);
    let ended = EventRule::new(
        "aws.states",
        "Step Functions Execution Status Change",
        failures,
    )
    .detail("status", ["ABORTED", "TIMED_OUT", "FAILED"])
    .detail("stateMachineArn", [state_machine_arn("Run")])
    .retry_for(minutes(60));
    let whose = StopRequest {
        execution: from_event("detail.executionArn"),
        job_name: None,
    };
    Function::new(StopJobs::<Synth> {
        open: jobs.query(job_row::BY_RUN),
        find: find_jobs(),
        stop: stop_jobs(),
    })
    .on_event(ended, &whose)
    .add_to(stack);
}

fn stack() -> Stack {
    let mut stack = Stack::new("batch", "Tables in, answers out");
    let batch = Bucket::new("Batch").add_to(&mut stack);
    let failures = DeadLetterQueue::new("Failures").add_to(&mut stack);
    let jobs = DynamoTable::new("Jobs", job_row::JOB_NAME)
        .index(TableIndex::new(job_row::BY_RUN, job_row::RUN).sorted_by(job_row::JOB_NAME))
        .index(
            TableIndex::new(job_row::OPEN_JOBS, job_row::OPEN).including(job_row::OPEN_JOBS_SHOW),
        )
        .expire_by(job_row::EXPIRES)
        .encrypted_with_account_key()
        .retain()
        .add_to(&mut stack);
    let runs = Topic::new("Runs").offer_email().add_to(&mut stack);
    load(&mut stack, &batch);
    submit(&mut stack, &batch, &jobs);
    follow(&mut stack, &jobs, &failures);
    let machine = Machine::<Nothing, AnyJson>::new("Run", |flow, _| {
        let topic = flow.deployed("RunsTopic", runs.arn());
        let message = flow.members([
            ("TopicArn", topic.untyped()),
            ("Message", flow.text("done").untyped()),
        ]);
        flow.run("Tell", perform(SNS_PUBLISH, runs.arn(), message))
    });
    StateMachine::new(machine).add_to(&mut stack);
    stack
}

fn template() -> Document {
    stack().synthesize().expect("the stack is sound")
}

#[test]
fn is_what_was_reviewed() {
    crate::support::assert_reviewed("batch", &template().to_yaml());
}

#[test]
fn the_validator_has_nothing_against_it() {
    let template = crate::support::json(&template());
    let findings = validate::validate(&template, &validate::Sources::default());
    assert!(findings.is_empty(), "{}", validate::render(&findings));
}

fn deployed(buckets: &[&str], secret: &str) -> Value {
    let template = crate::support::json(&template());
    let deployment = Deployment {
        template: &template,
        parameters: json!({
            "InputBucketNames": if buckets.is_empty() { vec![""] } else { buckets.to_vec() },
            "HubTokenSecretArn": secret,
        }),
    };
    let resources = &template["Resources"];
    json!({
        "statements": evaluate(&resources["LoadRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"], &deployment),
        "variables": evaluate(&resources["LoadFunction"]["Properties"]["Environment"]["Variables"], &deployment),
    })
}

fn resources_of(role: &Value, sid: &str) -> Option<Value> {
    let statements = role["statements"].as_array().expect("statements");
    let statement = statements
        .iter()
        .find(|statement| statement["Sid"] == sid)?;
    Some(statement["Resource"].clone())
}

#[test]
fn further_buckets_are_granted_when_they_are_named() {
    let none = deployed(&[], "");
    assert_eq!(resources_of(&none, "InputsFurther"), None);
    assert_eq!(resources_of(&none, "InputsFurtherList"), None);
    assert_eq!(
        none["variables"]["INPUTS"],
        "stack-batch-111122223333-eu-west-1"
    );
    let one = deployed(&["tables"], "");
    assert_eq!(
        resources_of(&one, "InputsFurther"),
        Some(json!(["arn:*:s3:::tables/*"]))
    );
    let two = deployed(&["tables", "more"], "");
    assert_eq!(
        resources_of(&two, "InputsFurther"),
        Some(json!(["arn:*:s3:::tables/*", "arn:*:s3:::more/*"]))
    );
    assert_eq!(
        resources_of(&two, "InputsFurtherList"),
        Some(json!(["arn:*:s3:::tables", "arn:*:s3:::more"]))
    );
    assert_eq!(
        two["variables"]["INPUTS"],
        "stack-batch-111122223333-eu-west-1,tables,more"
    );
}

#[test]
fn the_own_bucket_is_read_below_its_prefixes_only() {
    let role = deployed(&["tables"], "");
    let bucket = "arn:aws:s3:::stack-batch-111122223333-eu-west-1";
    assert_eq!(
        resources_of(&role, "Inputs"),
        Some(json!([
            format!("{bucket}/inputs/*"),
            format!("{bucket}/batch_output_parquet/*")
        ]))
    );
    assert_eq!(resources_of(&role, "InputsList"), Some(json!([bucket])));
}

#[test]
fn a_secret_is_granted_when_it_is_named() {
    let secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hub-a1b2c3";
    let named = deployed(&[], secret);
    assert_eq!(resources_of(&named, "HubToken"), Some(json!([secret])));
    assert_eq!(named["variables"]["HUB_TOKEN"], secret);
    let none = deployed(&[], "");
    assert_eq!(resources_of(&none, "HubToken"), None);
    assert_eq!(none["variables"]["HUB_TOKEN"], "none");
}

#[test]
fn maps_of_the_machine_are_answered_too() {
    let template = crate::support::json(&template());
    let statements = &template["Resources"]["TrackJobRole"]["Properties"]["Policies"][0]["PolicyDocument"]
        ["Statement"];
    let statements = statements.as_array().expect("statements");
    let tasks = statements
        .iter()
        .find(|statement| statement["Sid"] == "Tasks");
    let arn = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${AWS::StackName}-run";
    assert_eq!(
        tasks.expect("the port's statement")["Resource"],
        json!([{ "Fn::Sub": arn }, { "Fn::Sub": format!("{arn}/*") }])
    );
}

#[test]
fn a_buckets_key_goes_with_what_is_granted_on_it() {
    let mut stack = Stack::new("batch", "");
    let key = stack.template().add("Key", cfn::kms::Key::new());
    let batch = Bucket::new("Batch").encrypted_with(&key).add_to(&mut stack);
    load(&mut stack, &batch);
    BatchJobRole::new("Jobs", &batch, &ModelFamilies::of_batch())
        .read_below("inputs/")
        .write_below("outputs/")
        .add_to(&mut stack);
    let template = crate::support::json(&stack.synthesize().expect("the stack is sound"));
    let of_key = |role: &str, sid: &str| {
        let statements = &template["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"]
            ["Statement"];
        let mut statements = statements.as_array().expect("statements").iter();
        let found = statements.find(|statement| statement["Sid"] == sid);
        let found = found.expect("a statement on the key").clone();
        assert_eq!(
            found["Condition"]["StringEquals"]["kms:ViaService"]["Fn::Sub"],
            "s3.${AWS::Region}.${AWS::URLSuffix}"
        );
        found["Action"].clone()
    };
    assert_eq!(of_key("LoadRole", "InputsKey"), json!(["kms:Decrypt"]));
    assert_eq!(
        of_key("JobsRole", "Key"),
        json!(["kms:Decrypt", "kms:GenerateDataKey"])
    );
}

#[test]
fn a_port_of_several_prefixes_reaches_those_and_no_others() {
    let mut stack = Stack::new("batch", "");
    let files = Bucket::new("Files").add_to(&mut stack);
    let prefixes = ["runs/", "rows/"];
    Function::new(ReportRun::<Synth> {
        files: files.read_below_any(prefixes),
        keys: files.list_below_any(prefixes),
        report: files.write_below("runs/"),
    })
    .add_to(&mut stack);
    let template = crate::support::json(&stack.synthesize().expect("the stack is sound"));
    let deployment = Deployment {
        template: &template,
        parameters: json!({}),
    };
    let resources = &template["Resources"];
    let variables = &resources["ReportRunFunction"]["Properties"]["Environment"]["Variables"];
    let variables = evaluate(variables, &deployment);
    let bucket = "stack-files-111122223333-eu-west-1";
    assert_eq!(variables["FILES"], format!("s3://{bucket}/runs/,rows/"));
    assert_eq!(variables["REPORT"], format!("s3://{bucket}/runs/"));
    let statements =
        &resources["ReportRunRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"];
    let statements = evaluate(statements, &deployment);
    let arn = format!("arn:aws:s3:::{bucket}");
    assert_eq!(
        statements[0]["Resource"],
        json!([format!("{arn}/runs/*"), format!("{arn}/rows/*")])
    );
    assert_eq!(statements[1]["Resource"], json!([arn]));
    assert_eq!(
        statements[1]["Condition"],
        json!({ "StringLike": { "s3:prefix": ["runs/*", "rows/*"] } })
    );
    assert_eq!(statements[2]["Resource"], json!([format!("{arn}/runs/*")]));
}
