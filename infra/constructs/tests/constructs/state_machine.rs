//! A state machine over functions of the same stack.

use cfn::Document;
use constructs::{
    Bucket, BucketHandle, DeadLetterQueue, Error, Function, FunctionHandle, Setting, Stack,
    StateMachine, StateMachineHandle, Synth, days, minutes, seconds,
};
use shared::ErrorKind;
use shared::contracts::{Compact, CompactReport, CompactionRequest};
use workflow::integration::{SQS_SEND_MESSAGE, Sent};
use workflow::{ItemReader, Machine, Nothing, Retry, invoke, perform, run_machine};

fn compact(stack: &mut Stack, bucket: &BucketHandle) -> FunctionHandle<Compact<Synth>> {
    Function::new(Compact::<Synth> {
        live_keys: bucket.list_below("processed/"),
        live: bucket.read_below("processed/"),
        expired: bucket.delete_below("processed/"),
        compacted_keys: bucket.list_below("compacted/"),
        compacted: bucket.read_below("compacted/"),
        output: bucket.write_below("compacted/"),
        superseded: bucket.delete_below("compacted/"),
        policy: Setting::default(),
    })
    .add_to(stack)
}

/// Compacts; tells a queue when files could not be read, and fails.
fn compaction(stack: &mut Stack) -> StateMachineHandle<CompactionRequest, CompactReport> {
    let bucket = Bucket::new("Processed").add_to(stack);
    let failures = DeadLetterQueue::new("Failures").add_to(stack);
    let compact = compact(stack, &bucket);
    let machine = Machine::<CompactionRequest, _>::new("Compaction", |flow, request| {
        let task = invoke(&compact, request)
            .timeout(minutes(15))
            .retry(Retry::on([ErrorKind::Throttled, ErrorKind::Unavailable]).interval(minutes(1)));
        let report = flow.run("Compact", task);
        flow.choose("All read?")
            .when(report.unreadable.is_empty(), |_| report)
            .otherwise(|flow| {
                let message = flow.members([
                    (
                        "QueueUrl",
                        flow.deployed("FailuresQueue", failures.url()).untyped(),
                    ),
                    ("MessageBody", report.unreadable.untyped()),
                ]);
                flow.run(
                    "Tell",
                    perform::<Sent>(SQS_SEND_MESSAGE, failures.arn(), message),
                );
                flow.fail("Unreadable", "UnreadableFiles", "see the failure queue")
            })
    })
    .comment("Compacts closed days")
    .timeout(minutes(30));
    StateMachine::new(machine)
        .keep_logs(days(14))
        .traced()
        .alarm_on_failures()
        .add_to(stack)
}

fn template() -> Document {
    let mut stack = Stack::new("compaction", "Closed days become one file");
    let compaction = compaction(&mut stack);
    let days = Bucket::new("Days").add_to(&mut stack);
    let backfill = Machine::<Nothing, _>::new("Backfill", |flow, _| {
        let listed = ItemReader::listing(&days.objects().below("days/"), **flow);
        flow.distributed_map("Days", listed)
            .max_concurrency(5)
            .each_to(&days.objects().below("results/"), |flow, object| {
                let request =
                    flow.object(shared::contracts::CompactionRequestFields { now: object.key });
                flow.run(
                    "Compact one",
                    run_machine(&compaction, request).timeout(minutes(30)),
                )
                .rows
            })
    });
    StateMachine::new(backfill)
        .log_everything()
        .log_execution_data()
        .add_to(&mut stack);
    stack.synthesize().expect("the stack is sound")
}

#[test]
fn is_what_was_reviewed() {
    crate::support::assert_reviewed("state_machine", &template().to_yaml());
}

#[test]
fn logs_no_data_unless_it_is_asked_to() {
    let template = crate::support::json(&template());
    let logging = |id: &str| {
        template["Resources"][id]["Properties"]["LoggingConfiguration"]["IncludeExecutionData"]
            .clone()
    };
    assert_eq!(logging("CompactionStateMachine"), false);
    assert_eq!(logging("BackfillStateMachine"), true);
}

#[test]
fn mistakes_of_the_machine_are_the_stacks() {
    let mut stack = Stack::new("wrong", "A machine with a mistake");
    let machine = Machine::<Nothing, _>::new("Wrong", |flow, _| {
        flow.wait("Twice", seconds(1));
        flow.wait("Twice", seconds(1));
        flow.nothing()
    });
    StateMachine::new(machine).add_to(&mut stack);
    let Err(Error::Problems { problems, .. }) = stack.synthesize() else {
        panic!("no mistake was found");
    };
    assert_eq!(
        problems[0].message,
        "state machine `Wrong`: another step is called `Twice`, too: names are unique in the whole machine"
    );
    assert!(problems[0].location.file().ends_with("state_machine.rs"));
}

#[test]
fn may_be_started_by_who_has_its_statement() {
    let mut stack = Stack::new("compaction", "Closed days become one file");
    let statement = compaction(&mut stack).start();
    let node = cfn::Literal::into_node(statement);
    let json = serde_json::to_value(node).expect("a node is JSON");
    assert_eq!(json["Action"][0], "states:StartExecution");
    assert_eq!(
        json["Resource"][0]["Fn::GetAtt"][0],
        "CompactionStateMachine"
    );
}
