//! The commands that look after what is deployed, by what they do to a stack on a local AWS.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use aws_sdk_lambda::primitives::Blob;
use deploy::{
    AssetBucket, Code, DriftStatus, Error, ImportRequest, Outcome, StackRequest, Synced, Upload,
};
use infra::session::Session;
use infra::workspace;
use local::bedrock::Config;
use serde_json::{Value, json};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

const STACK: &str = "greetings";
const PARAMETER: &str = "GreetCodeKey";

/// A local AWS with a function that answers a word, which is its code.
struct World {
    session: Session,
    bucket: AssetBucket,
    folder: TempDir,
}

fn quietly(_: deploy::Event) {}

impl World {
    async fn start() -> Self {
        let session = Session::start(&workspace::target_directory(), Config::default(), &|_| ())
            .await
            .expect("the local AWS starts");
        let bucket = deploy::ensure_asset_bucket(session.target(), &mut quietly)
            .await
            .expect("there is a bucket for packages");
        let folder = tempfile::tempdir().expect("a folder");
        Self {
            session,
            bucket,
            folder,
        }
    }

    /// The package of a function that answers this word.
    fn package(&self, word: &str) -> Code {
        let path: PathBuf = self.folder.path().join(format!("{word}.zip"));
        let file = std::fs::File::create(&path).expect("a file");
        let mut zip = zip::ZipWriter::new(file);
        let executable = SimpleFileOptions::default().unix_permissions(0o755);
        zip.start_file("bootstrap", executable)
            .expect("an entry of the zip");
        zip.write_all(bootstrap(word).as_bytes())
            .expect("the entry is written");
        zip.finish().expect("the zip is written");
        Code {
            parameter: PARAMETER.to_owned(),
            upload: Upload {
                path,
                key: format!("assets/greet/code-{word}.zip"),
            },
        }
    }

    fn request(&self, template: &Value, code: &Code) -> StackRequest {
        StackRequest::new(STACK, template.to_string())
            .parameter("AssetBucket", &self.bucket.name)
            .parameter(PARAMETER, &code.upload.key)
    }

    /// Deploys as `infra deploy` does: packages first.
    async fn deploy(&self, word: &str) -> Outcome {
        let code = self.package(word);
        let uploads = std::slice::from_ref(&code.upload);
        deploy::upload(self.session.target(), &self.bucket, uploads, &mut quietly)
            .await
            .expect("the package is uploaded");
        let request = self.request(&template(), &code);
        let deployed = deploy::deploy_stack(self.session.target(), &request, &mut quietly).await;
        deployed.expect("the stack deploys").outcome
    }

    async fn sync(&self, word: &str) -> Synced {
        let target = self.session.target();
        let stack = deploy::sync_target(target, STACK).await;
        let stack = stack.expect("it may be synced").expect("it is deployed");
        let codes = [self.package(word)];
        let synced = deploy::sync_code(target, &stack, &self.bucket, &codes, &mut quietly).await;
        let mut synced = synced.expect("the code is updated");
        synced.pop().expect("there is one function")
    }

    /// What the function answers, and the hash of its code.
    async fn greeting(&self) -> (String, String) {
        let outputs = deploy::stack_outputs(self.session.target(), STACK).await;
        let outputs = outputs.expect("it is described").expect("it is deployed");
        let client = aws_sdk_lambda::Client::new(self.session.target().config());
        let invocation = client.invoke().function_name(&outputs["Function"]);
        let answer = invocation.payload(Blob::new("{}")).send().await;
        let answer = answer.expect("the function is invoked");
        let word = answer.payload().expect("it answers").as_ref();
        let word = String::from_utf8_lossy(word);
        let word = word.trim_matches('"').to_owned();
        let function = client
            .get_function_configuration()
            .function_name(&outputs["Function"]);
        let function = function.send().await.expect("the function is described");
        (word, function.code_sha256.unwrap_or_default())
    }

    /// The package that the stack names.
    async fn named(&self) -> String {
        let deployed = deploy::deployed_stack(self.session.target(), STACK).await;
        let deployed = deployed.expect("it is described").expect("it is deployed");
        deployed.parameters[PARAMETER].clone()
    }

    /// What nobody refers to, so many hours from now.
    async fn garbage(&self, hours: u64) -> deploy::Garbage {
        let now = SystemTime::now() + Duration::from_hours(hours);
        deploy::find_garbage(self.session.target(), &self.bucket, now, &mut quietly)
            .await
            .expect("all stacks are read")
    }
}

/// A program that answers every invocation with the word.
fn bootstrap(word: &str) -> String {
    format!(
        r#"#!/usr/bin/env python3
import os, urllib.request
runtime = "http://" + os.environ["AWS_LAMBDA_RUNTIME_API"] + "/2018-06-01/runtime/invocation/"
while True:
    event = urllib.request.urlopen(runtime + "next")
    invocation = event.headers["Lambda-Runtime-Aws-Request-Id"]
    urllib.request.urlopen(runtime + invocation + "/response", b'"{word}"')
"#
    )
}

fn template() -> Value {
    let trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]});
    json!({
        "Parameters": {"AssetBucket": {"Type": "String"}, PARAMETER: {"Type": "String"}},
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}},
            "Greet": {"Type": "AWS::Lambda::Function", "Properties": {
                "Runtime": "provided.al2023", "Handler": "bootstrap", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"S3Bucket": {"Ref": "AssetBucket"}, "S3Key": {"Ref": PARAMETER}}}},
            "Queue": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Delete", "Properties": {"QueueName": "greetings"}},
        },
        "Outputs": {"Function": {"Value": {"Ref": "Greet"}}, "Queue": {"Value": {"Ref": "Queue"}}},
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn synced_code_runs_at_once_and_the_next_deployment_takes_it_over() {
    let world = World::start().await;
    assert_eq!(world.deploy("one").await, Outcome::Created);
    let (answer, hash) = world.greeting().await;
    assert_eq!(answer, "one");
    assert!(!world.sync("one").await.updated);

    let synced = world.sync("two").await;
    assert!(synced.updated);
    let (answer, new_hash) = world.greeting().await;
    assert_eq!((answer.as_str(), &new_hash), ("two", &synced.code_sha256));
    assert_ne!(new_hash, hash);
    assert_eq!(world.named().await, "assets/greet/code-one.zip");

    // The parameter changes, and so does what CloudFormation knows of the function.
    assert_eq!(world.deploy("two").await, Outcome::Updated);
    assert_eq!(world.named().await, "assets/greet/code-two.zip");
    assert_eq!(world.greeting().await, ("two".to_owned(), new_hash));

    // A deployment of what is deployed changes nothing, so the way back is a sync of it.
    world.sync("three").await;
    assert_eq!(world.deploy("two").await, Outcome::Unchanged);
    assert_eq!(world.greeting().await.0, "three");
    assert!(world.sync("two").await.updated);
    assert_eq!(world.greeting().await.0, "two");
    world.session.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn production_is_not_synced_and_stays_production() {
    let world = World::start().await;
    world.deploy("one").await;
    let mark = world
        .request(&template(), &world.package("one"))
        .tag(deploy::STAGE_TAG, deploy::PRODUCTION);
    deploy::deploy_stack(world.session.target(), &mark, &mut quietly)
        .await
        .expect("the stack gets its tag");
    // Deployed without naming the tag again.
    world.deploy("two").await;
    let refused = deploy::sync_target(world.session.target(), STACK).await;
    let refused = refused.expect_err("production is refused");
    assert!(matches!(refused, Error::NotForSync { .. }), "{refused}");
    world.session.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn packages_go_when_nothing_refers_to_them() {
    let world = World::start().await;
    world.deploy("one").await;
    world.deploy("two").await;
    let young = world.garbage(0).await;
    assert_eq!((young.unused.len(), young.in_use, young.young), (0, 1, 1));

    let target = world.session.target();
    // A change set that waits to be executed keeps its package.
    let planned = world.request(&template(), &world.package("one"));
    let plan = deploy::plan_stack(target, &planned, &mut quietly).await;
    let plan = plan.expect("it is planned").expect("it changes the code");
    assert_eq!(world.garbage(25).await.in_use, 2);
    deploy::discard_plan(target, &plan, &mut quietly)
        .await
        .expect("the plan is given up");

    let garbage = world.garbage(25).await;
    let keys: Vec<&str> = garbage
        .unused
        .iter()
        .map(|object| object.key.as_str())
        .collect();
    assert_eq!(keys, ["assets/greet/code-one.zip"]);
    deploy::delete_garbage(target, &world.bucket, &garbage, &mut quietly)
        .await
        .expect("it is deleted");
    let versions = target.s3().list_object_versions();
    let versions = versions.bucket(&world.bucket.name).send().await;
    let versions = versions.expect("the bucket is listed");
    let left: Vec<_> = versions
        .versions()
        .iter()
        .filter_map(|version| version.key())
        .collect();
    assert_eq!(left, ["assets/greet/code-two.zip"]);
    assert_eq!(versions.delete_markers().len(), 0);
    // What was deleted is uploaded again where it is needed again.
    assert_eq!(world.deploy("one").await, Outcome::Updated);
    assert_eq!(world.greeting().await.0, "one");
    world.session.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_is_found_and_what_exists_is_imported() {
    let world = World::start().await;
    world.deploy("one").await;
    let target = world.session.target();
    let drift = deploy::detect_drift(target, STACK, &mut quietly)
        .await
        .expect("it is compared");
    assert_eq!(
        (drift.drifted(), &drift.incomplete),
        (0, &None),
        "{drift:?}"
    );
    let outputs = deploy::stack_outputs(target, STACK).await;
    let outputs = outputs.expect("it is described").expect("it is deployed");
    let queues = aws_sdk_sqs::Client::new(target.config());
    let gone = queues.delete_queue().queue_url(&outputs["Queue"]);
    gone.send().await.expect("the queue is deleted");
    let drift = deploy::detect_drift(target, STACK, &mut quietly)
        .await
        .expect("it is compared");
    let mut resources = drift.resources.iter();
    let queue = resources.find(|resource| resource.logical_id == "Queue");
    assert_eq!(
        queue.map(|queue| queue.status),
        Some(DriftStatus::Deleted),
        "{drift:?}"
    );

    let made = queues.create_queue().queue_name("other").send().await;
    let url = made.expect("a queue is made").queue_url.unwrap_or_default();
    let mut extended = template();
    extended["Resources"]["Other"] = json!({"Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain", "Properties": {"QueueName": "other"}});
    // Something else has changed, too, which an import leaves for the next deployment.
    extended["Resources"]["Greet"]["Properties"]["MemorySize"] = json!(256);
    let request = ImportRequest {
        stack: STACK.to_owned(),
        template: extended.to_string(),
        resources: BTreeMap::from([("Other".to_owned(), url)]),
        parameters: BTreeMap::new(),
        asset_bucket: None,
    };
    let plan = deploy::plan_import(target, &request, &mut quietly)
        .await
        .expect("the import is worked out");
    let changes: Vec<_> = plan
        .changes
        .iter()
        .map(|change| (change.action.as_str(), change.logical_id.as_str()))
        .collect();
    assert_eq!(changes, [("Import", "Other")]);
    deploy::execute_import(target, &plan, &mut quietly)
        .await
        .expect("it is imported");
    let resources = deploy::stack_resources(target, STACK).await;
    let resources = resources.expect("the resources are listed");
    let mut resources = resources.iter();
    let other = resources.find(|resource| resource.logical_id == "Other");
    // The local AWS has two names for itself.
    let imported = other.map(|other| other.physical_id.ends_with("/other"));
    assert_eq!(imported, Some(true), "{other:?}");
    world.session.stop().await;
}
