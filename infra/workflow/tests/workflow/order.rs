//! An order: somebody approves, an API is asked for the money, others do the work; all but the API answer by a task token.

use std::time::Duration;

use cfn::intrinsics::sub;
use rehearsal::{Callback, Mock, Rehearsal};
use serde_json::{Value, json};
use workflow::integration::{
    ECS_RUN_TASK, ECS_START_TASK, EVENTS_PUT_EVENTS, SNS_PUBLISH, SQS_SEND_MESSAGE,
};
use workflow::{
    AnyJson, Connection, Expr, Flow, Machine, Method, Retry, Runnable, Scope, StatesError,
    TaskToken, http, perform, perform_and_wait, start_machine_and_wait,
};

use crate::support::{assert_reviewed, data};

data! {
    struct Order {
        id: String,
        amount: u64,
    }
    struct Approval {
        approved: bool,
        by: String,
    }
    #[serde(rename_all = "camelCase")]
    struct Charge {
        order_id: String,
        amount: u64,
    }
    struct Charged {
        id: String,
        status: String,
    }
    struct Packing {
        order: String,
        token: TaskToken,
    }
    struct Parcel {
        number: String,
    }
    struct Confirmation {
        charge: String,
        parcel: String,
    }
}

struct Packer;

impl Runnable for Packer {
    type Input = Packing;
    type Output = Parcel;

    fn placeholder(&self) -> String {
        "PackerStateMachine".to_owned()
    }

    fn arn(&self) -> cfn::Value<String> {
        sub("${PackerStateMachine}")
    }

    fn executions(&self) -> cfn::Value<String> {
        sub("arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:packer:*")
    }
}

fn arn(rest: &str) -> cfn::Value<String> {
    sub(format!("arn:${{AWS::Partition}}:{rest}"))
}

/// The arguments of a task on ECS that is told something by a variable of its environment.
fn container<'s>(scope: Scope<'s>, variable: &str, value: Expr<'s, AnyJson>) -> Expr<'s, AnyJson> {
    let variable = scope.members([("Name", scope.text(variable).untyped()), ("Value", value)]);
    let overridden = scope.members([
        ("Name", scope.text("worker").untyped()),
        ("Environment", scope.list([variable]).untyped()),
    ]);
    let overrides = scope.members([("ContainerOverrides", scope.list([overridden]).untyped())]);
    scope.members([
        ("Cluster", scope.text("orders").untyped()),
        ("LaunchType", scope.text("FARGATE").untyped()),
        (
            "TaskDefinition",
            scope.deployed("Worker", sub("${Worker}")).untyped(),
        ),
        ("Overrides", overrides),
    ])
}

/// Asks people, by a queue; they may take two days, but must show every twelve hours that they are at it.
fn ask<'s>(flow: &mut Flow<'s, '_>, order: Expr<'s, Order>) -> Expr<'s, Approval> {
    let queue = arn("sqs:${AWS::Region}:${AWS::AccountId}:approvals");
    let asked = perform_and_wait(
        SQS_SEND_MESSAGE,
        queue,
        Duration::from_hours(48),
        |scope, token| {
            let body = [("order", order.id.untyped()), ("token", token.untyped())];
            scope.members([
                ("QueueUrl", scope.text("https://queue").untyped()),
                ("MessageBody", scope.members(body)),
            ])
        },
        **flow,
    );
    flow.run("Ask", asked.heartbeat(Duration::from_hours(12)))
}

/// Takes the money, notes who agreed, and looks whether the money is there.
fn charge<'s>(
    flow: &mut Flow<'s, '_>,
    order: Expr<'s, Order>,
    by: Expr<'s, String>,
) -> Expr<'s, Charged> {
    let payments = Connection::by_arn(
        "PaymentsConnection",
        sub("${PaymentsConnection.Arn}"),
        sub("${PaymentsConnection.SecretArn}"),
    );
    let endpoint = "https://api.example.com/v1/charges";
    let charge = flow.object(ChargeFields {
        order_id: order.id,
        amount: order.amount,
    });
    let request = http(&payments, Method::Post, endpoint, **flow)
        .header("Idempotency-Key", flow.execution_name())
        .body(charge);
    let busy = Retry::on([StatesError::Named("States.Http.StatusCode.429")]);
    let task = request
        .answer::<Charged>()
        .timeout(Duration::from_secs(30))
        .retry(busy.interval(Duration::from_secs(5)).with_jitter());
    let charged = flow.run("Charge", task);
    let request = http(&payments, Method::Post, endpoint, **flow)
        .segment(charged.id)
        .segment("notes")
        .query("notify", "no")
        .form(flow.members([("note", by.untyped())]));
    flow.run("Annotate", request.answer::<AnyJson>());
    let request = http(&payments, Method::Get, endpoint, **flow).segment(charged.id);
    flow.run("Look again", request.answer())
}

/// Tells everybody who has a hand in it, one after the other, and waits for each.
fn tell(flow: &mut Flow<'_, '_>) {
    let topic = arn("sns:${AWS::Region}:${AWS::AccountId}:desk");
    let called = perform_and_wait::<AnyJson>(
        SNS_PUBLISH,
        topic.clone(),
        Duration::from_hours(1),
        |scope, token| {
            scope.members([
                ("TopicArn", scope.deployed("Desk", topic).untyped()),
                ("Message", token.untyped()),
            ])
        },
        **flow,
    );
    flow.run("Call the desk", called);
    let bus = arn("events:${AWS::Region}:${AWS::AccountId}:event-bus/default");
    let told = perform_and_wait::<AnyJson>(
        EVENTS_PUT_EVENTS,
        bus,
        Duration::from_hours(2),
        |scope, token| {
            let event = scope.members([
                ("Source", scope.text("orders").untyped()),
                ("DetailType", scope.text("Paid").untyped()),
                ("Detail", scope.members([("token", token.untyped())])),
            ]);
            scope.members([("Entries", scope.list([event]).untyped())])
        },
        **flow,
    );
    flow.run("Tell the warehouse", told);
}

/// Has containers make the papers: one answers for itself, the other is done when it ends.
fn papers<'s>(flow: &mut Flow<'s, '_>, order: Expr<'s, Order>) {
    let role: cfn::Value<cfn::Arn<cfn::iam::Role>> =
        arn("iam::${AWS::AccountId}:role/worker").assume_arn().of();
    let worker = arn("ecs:${AWS::Region}:${AWS::AccountId}:task-definition/worker:3");
    let labelled = perform_and_wait::<AnyJson>(
        ECS_START_TASK,
        worker.clone(),
        Duration::from_mins(30),
        |scope, token| container(scope, "TOKEN", token.untyped()),
        **flow,
    );
    let labelled = labelled.pass_role(role.clone(), "ecs-tasks.amazonaws.com");
    flow.run("Label", labelled);
    let print = container(**flow, "ORDER", order.id.untyped());
    let printed = perform::<AnyJson>(ECS_RUN_TASK, worker, print)
        .pass_role(role, "ecs-tasks.amazonaws.com")
        .timeout(Duration::from_mins(30));
    flow.run("Print", printed);
}

pub(crate) fn machine() -> Machine<Order, Confirmation> {
    Machine::<Order, _>::new("Order", |flow, order| {
        let approval = ask(flow, order);
        flow.choose("Approved?")
            .when(!approval.approved, |flow| {
                flow.fail("Refused", "Refused", approval.by.prepend("refused by "))
            })
            .otherwise(|flow| flow.nothing());
        let charged = charge(flow, order, approval.by);
        tell(flow);
        papers(flow, order);
        let packed = start_machine_and_wait::<Parcel, _>(
            &Packer,
            Duration::from_hours(8),
            |scope, token| {
                let order = order.id;
                scope.object(PackingFields { order, token })
            },
            **flow,
        );
        let parcel = flow.run("Pack", packed);
        flow.object(ConfirmationFields {
            charge: charged.status,
            parcel: parcel.number,
        })
    })
    .timeout(Duration::from_hours(72))
}

#[test]
fn goes_on_with_what_was_answered_under_each_token() {
    let definition = machine().definition();
    let answers = |after: u64, answer: Value| {
        move |token: &str, arguments: &Value| {
            let told = arguments.to_string();
            assert!(told.contains(token), "{told}");
            Callback::succeeds_after(Duration::from_hours(after), answer.clone())
        }
    };
    let charged = |status: &str| {
        let body = json!({"id": "ch/1", "status": status});
        Mock::answers(json!({"StatusCode": 200, "ResponseBody": body}))
    };
    let nothing = || Mock::answers(json!({}));
    let outcome = Rehearsal::of(&definition)
        .input(json!({"id": "o-7", "amount": 40}))
        .task("Ask", nothing())
        .callback("Ask", answers(5, json!({"approved": true, "by": "Ada"})))
        .task("Charge", charged("pending"))
        .task("Annotate", nothing())
        .task("Look again", charged("paid"))
        .task("Call the desk", nothing())
        .callback("Call the desk", answers(0, json!({})))
        .task("Tell the warehouse", nothing())
        .callback("Tell the warehouse", answers(1, json!({})))
        .task("Label", nothing())
        .callback("Label", answers(0, json!({})))
        .task("Print", nothing())
        .task("Pack", nothing())
        .callback("Pack", answers(2, json!({"number": "p-1"})))
        .run()
        .expect("the machine can be rehearsed");
    let expected = json!({"charge": "paid", "parcel": "p-1"});
    assert_eq!(outcome.output(), Some(&expected), "{:?}", outcome.status());
    assert_eq!(outcome.elapsed(), Duration::from_hours(8));
    let endpoint = &outcome.calls("Annotate")[0].arguments["ApiEndpoint"];
    let notes = "https://api.example.com/v1/charges/ch%2F1/notes";
    assert_eq!(*endpoint, notes, "data leads nowhere else");
}

#[test]
fn is_what_was_reviewed() {
    assert_reviewed("order", &machine());
}
