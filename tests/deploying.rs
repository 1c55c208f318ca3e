//! The life of stacks on the local AWS: what CloudFormation says it does, and what is there afterwards.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use aws_credential_types::Credentials;
use aws_sdk_cloudformation::types::ResourceSignalStatus;
use aws_sdk_dynamodb::types::AttributeValue;
use deploy::{
    Connection, Destroyed, Destruction, Error, Event, Outcome, Plan, StackRequest, Target,
};
use infra::session::Session;
use infra::workspace;
use local::bedrock::Config;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

async fn local_aws() -> Session {
    let folder = workspace::target_directory();
    let session = Session::start(&folder, Config::default(), &|_| ()).await;
    session.expect("the local AWS starts")
}

fn silent(_: Event) {}

/// A table, kept by its name.
fn table(name: &str) -> Value {
    json!({
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        },
    })
}

fn request(stack: &str, resources: &Value) -> StackRequest {
    StackRequest::new(stack, json!({"Resources": resources}).to_string())
}

async fn deployed(target: &Target, request: &StackRequest) -> Outcome {
    let deployed = deploy::deploy_stack(target, request, &mut silent).await;
    deployed.expect("the stack deploys").outcome
}

async fn planned(target: &Target, request: &StackRequest) -> Option<Plan> {
    let plan = deploy::plan_stack(target, request, &mut silent).await;
    plan.expect("CloudFormation plans it")
}

/// How many rows a table has; none when there is no such table.
async fn rows(target: &Target, table: &str) -> Option<i32> {
    let client = aws_sdk_dynamodb::Client::new(target.config());
    let found = client.scan().table_name(table).send().await;
    found.ok().map(|page| page.count())
}

async fn put(target: &Target, table: &str) {
    let client = aws_sdk_dynamodb::Client::new(target.config());
    let put = client.put_item().table_name(table);
    let put = put.item("id", AttributeValue::S("1".to_owned()));
    put.send().await.expect("the row is written");
}

#[tokio::test]
async fn a_stack_is_created_left_alone_replaced_and_destroyed() {
    let session = local_aws().await;
    let target = session.target();
    created_and_left_alone(target).await;

    // Somebody who sees that the table is replaced does not approve it.
    let after = request("shop", &json!({"Orders": table("sales")}));
    let plan = given_up(target, &after).await;
    assert_eq!(plan.changes[0].replacement.as_deref(), Some("True"));

    // Then somebody does.
    let plan = planned(target, &after).await.expect("there is a change");
    let executed = deploy::execute_plan(target, &plan, &mut silent).await;
    assert_eq!(
        executed.expect("the plan is executed").outcome,
        Outcome::Updated
    );
    assert_eq!(
        (rows(target, "orders").await, rows(target, "sales").await),
        (None, Some(0))
    );
    destroyed(target).await;
    session.stop().await;
}

/// Of the server of moto, for example, whose address `EMULATOR_URL` is. It does not say what a change replaces, and does not
/// replace it.
#[tokio::test]
#[ignore = "needs another emulator at EMULATOR_URL"]
async fn another_emulator_creates_plans_and_destroys() {
    let connection = Connection {
        region: Some("eu-central-1".to_owned()),
        endpoint_url: std::env::var("EMULATOR_URL").ok(),
        credentials: Some(Credentials::new("test", "test", None, None, "test")),
    };
    assert!(connection.endpoint_url.is_some(), "EMULATOR_URL is set");
    let target = Target::connect(connection).await.expect("it is a URL");
    created_and_left_alone(&target).await;
    given_up(
        &target,
        &request("shop", &json!({"Orders": table("sales")})),
    )
    .await;
    destroyed(&target).await;
}

/// Deploys a table with a row in it, twice.
async fn created_and_left_alone(target: &Target) {
    let stack = request("shop", &json!({"Orders": table("orders")}));
    assert_eq!(deployed(target, &stack).await, Outcome::Created);
    put(target, "orders").await;
    assert_eq!(deployed(target, &stack).await, Outcome::Unchanged);
    assert_eq!(planned(target, &stack).await, None);
}

/// Plans a change and gives it up: nothing has changed, and the plan is of no use any more.
async fn given_up(target: &Target, request: &StackRequest) -> Plan {
    let plan = planned(target, request).await.expect("there is a change");
    let given_up = deploy::discard_plan(target, &plan, &mut silent).await;
    given_up.expect("the plan is given up");
    assert_eq!(
        (rows(target, "orders").await, rows(target, "sales").await),
        (Some(1), None)
    );
    let refused = deploy::read_plan(target, &plan).await;
    assert!(
        matches!(refused, Err(Error::StalePlan { .. })),
        "{refused:?}"
    );
    plan
}

async fn destroyed(target: &Target) {
    let destroyed = deploy::destroy_stack(target, &Destruction::of("shop"), &mut silent).await;
    assert_eq!(destroyed.expect("the stack goes"), Destroyed::Deleted);
    assert_eq!(rows(target, "orders").await, None);
    assert_eq!(rows(target, "sales").await, None);
}

#[tokio::test]
async fn a_plan_for_a_new_stack_that_is_given_up_leaves_no_stack() {
    let session = local_aws().await;
    let target = session.target();
    let stack = request("shop", &json!({"Orders": table("orders")}));
    let plan = planned(target, &stack).await.expect("there is a change");
    assert!(plan.create);
    assert_eq!(rows(target, "orders").await, None);
    let given_up = deploy::discard_plan(target, &plan, &mut silent).await;
    given_up.expect("the plan is given up");
    let found = deploy::deployed_stack(target, "shop").await;
    assert_eq!(found.expect("CloudFormation answers"), None);
    let again = deploy::destroy_stack(target, &Destruction::of("shop"), &mut silent).await;
    assert_eq!(
        again.expect("there is nothing to destroy"),
        Destroyed::Absent
    );
    session.stop().await;
}

#[tokio::test]
async fn a_failure_is_rolled_back_and_names_what_failed() {
    let session = local_aws().await;
    let target = session.target();
    let good = request("shop", &json!({"Orders": table("orders")}));
    assert_eq!(deployed(target, &good).await, Outcome::Created);
    put(target, "orders").await;

    // Nobody signals that it is ready.
    let waiting = json!({
        "Type": "AWS::CloudFormation::WaitCondition",
        "DependsOn": "More",
        "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "1"},
    });
    let handle = json!({"Type": "AWS::CloudFormation::WaitConditionHandle"});
    let bad = request(
        "shop",
        &json!({"Orders": table("orders"), "More": table("more"), "Handle": handle, "Waiting": waiting}),
    );
    let failed = deploy::deploy_stack(target, &bad, &mut silent).await;
    let Err(Error::Failed {
        status, failures, ..
    }) = failed
    else {
        panic!("nobody signals: {failed:?}")
    };
    assert_eq!(status, "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(failures[0].logical_id, "Waiting", "{failures:?}");
    assert_eq!(
        (rows(target, "orders").await, rows(target, "more").await),
        (Some(1), None)
    );
    assert_eq!(deployed(target, &good).await, Outcome::Unchanged);
    session.stop().await;
}

/// Signals that a resource is ready for which CloudFormation waits.
async fn signal(target: &Target, resource: &str) {
    let client = aws_sdk_cloudformation::Client::new(target.config());
    let signal = client
        .signal_resource()
        .stack_name("shop")
        .logical_resource_id(resource)
        .unique_id("ready")
        .status(ResourceSignalStatus::Success);
    signal.send().await.expect("somebody waits for the signal");
}

/// What happens up to where CloudFormation begins to wait for the resource.
async fn until_waiting(events: &mut UnboundedReceiver<Event>, resource: &str) -> Vec<Event> {
    let mut seen = Vec::new();
    while let Some(event) = events.recv().await {
        let waits = matches!(&event, Event::Resource(event)
            if event.logical_id == resource && event.status.ends_with("_IN_PROGRESS"));
        seen.push(event);
        if waits {
            return seen;
        }
    }
    panic!("nothing is waited for: {seen:?}")
}

#[tokio::test]
async fn an_interrupted_deployment_is_taken_up_by_the_same_and_by_no_other() {
    let session = local_aws().await;
    let target = session.target();
    let before = request("shop", &json!({"Orders": table("orders")}));
    assert_eq!(deployed(target, &before).await, Outcome::Created);
    let waiting = json!({
        "Type": "AWS::CloudFormation::WaitCondition",
        "DependsOn": "More",
        "CreationPolicy": {"ResourceSignal": {"Count": 1, "Timeout": "PT1M"}},
    });
    let after = &request(
        "shop",
        &json!({"Orders": table("orders"), "More": table("more"), "Waiting": waiting}),
    );

    let (sender, mut events) = unbounded_channel();
    let mut listener = |event| sender.send(event).expect("somebody listens");
    tokio::select! {
        ended = deploy::deploy_stack(target, after, &mut listener) => panic!("it waits: {ended:?}"),
        // Here the deployment is given up, as by a process that ends.
        _ = until_waiting(&mut events, "Waiting") => {}
    }
    let other = deploy::deploy_stack(target, &before, &mut silent).await;
    assert!(matches!(other, Err(Error::Busy { .. })), "{other:?}");

    let (sender, mut events) = unbounded_channel();
    // Its listener ends with it, and so does the waiting for events.
    let again = async move {
        let mut listener = move |event| sender.send(event).expect("somebody listens");
        deploy::deploy_stack(target, after, &mut listener).await
    };
    let signalled = async {
        let seen = until_waiting(&mut events, "Waiting").await;
        signal(target, "Waiting").await;
        seen
    };
    let (ended, seen) = tokio::join!(again, signalled);
    assert_eq!(ended.expect("it ends well").outcome, Outcome::Updated);
    let status = "UPDATE_IN_PROGRESS".to_owned();
    let stack = "shop".to_owned();
    assert_eq!(seen[0], Event::Attached { stack, status });
    let was_made = |event: &Event| {
        matches!(event, Event::Resource(event)
            if event.logical_id == "More" && event.status.ends_with("_COMPLETE"))
    };
    assert!(
        seen.iter().any(was_made),
        "what was done before is told: {seen:?}"
    );
    assert_eq!(rows(target, "more").await, Some(0));
    assert_eq!(deployed(target, after).await, Outcome::Unchanged);
    session.stop().await;
}

#[tokio::test]
async fn a_stack_imports_what_another_exports() {
    let session = local_aws().await;
    let target = session.target();
    let exporting = |exports: bool| {
        let mut template = json!({"Resources": {"Orders": table("orders")}});
        if exports {
            template["Outputs"] =
                json!({"Table": {"Value": {"Ref": "Orders"}, "Export": {"Name": "shop-table"}}});
        }
        StackRequest::new("shop", template.to_string())
    };
    let importing = json!({"Queue": {"Type": "AWS::SQS::Queue", "Properties": {
        "QueueName": {"Fn::Join": ["-", [{"Fn::ImportValue": "shop-table"}, "events"]]},
    }}});
    assert_eq!(deployed(target, &exporting(true)).await, Outcome::Created);
    assert_eq!(
        deployed(target, &request("books", &importing)).await,
        Outcome::Created
    );
    let queues = aws_sdk_sqs::Client::new(target.config());
    let queue = queues
        .get_queue_url()
        .queue_name("orders-events")
        .send()
        .await;
    queue.expect("the queue has the imported name");

    let refused = deploy::destroy_stack(target, &Destruction::of("shop"), &mut silent).await;
    assert!(refused.is_err(), "the export is in use: {refused:?}");
    assert_eq!(rows(target, "orders").await, Some(0));
    for stack in ["books", "shop"] {
        let destroyed = deploy::destroy_stack(target, &Destruction::of(stack), &mut silent).await;
        destroyed.expect("nobody imports it any more");
    }
    session.stop().await;
}
