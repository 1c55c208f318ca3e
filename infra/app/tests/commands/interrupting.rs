//! Ctrl-C while CloudFormation is at work, and the same command again.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::{Arc, Mutex};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::aws::{Aws, STACK_ID, infra, program, result, text};
use crate::cloud::{Cloud, MEMORY, is_about_the_bucket};
use crate::deploying::command;

/// The stack while it is updated, and after.
#[derive(Default)]
struct Update {
    /// The name of the change set that is executed.
    change_set: String,
    executed: usize,
    has_ended: bool,
}

/// A CloudFormation whose update goes on until it is told to end.
fn slow(update: Arc<Mutex<Update>>) -> Arc<Aws> {
    let cloud = Cloud::new(MEMORY);
    Aws::new(move |name, body| {
        if is_about_the_bucket(body) {
            return cloud.hear(name, body);
        }
        let mut update = update.lock().unwrap();
        match name {
            "CreateChangeSet" => {
                let mut fields = body.split('&');
                let given = fields.find_map(|field| field.strip_prefix("ChangeSetName="));
                given.unwrap().clone_into(&mut update.change_set);
                let id = id(&update.change_set);
                return result(name, &format!("<Id>{id}</Id><StackId>{STACK_ID}</StackId>"));
            }
            "ExecuteChangeSet" => update.executed += 1,
            "DescribeStacks" if update.executed > 0 => {
                let status = if update.has_ended {
                    "UPDATE_COMPLETE"
                } else {
                    "UPDATE_IN_PROGRESS"
                };
                let id = id(&update.change_set);
                return cloud.stack(status, &format!("<ChangeSetId>{id}</ChangeSetId>"));
            }
            "DescribeChangeSet" if update.executed > 0 => {
                return result(
                    name,
                    "<Status>CREATE_COMPLETE</Status><ExecutionStatus>EXECUTE_IN_PROGRESS</ExecutionStatus>",
                );
            }
            "DescribeStackEvents" if update.executed > 0 => {
                return result(name, &events(update.has_ended));
            }
            _ => {}
        }
        cloud.hear(name, body)
    })
}

/// Of a change set, by its name.
fn id(change_set: &str) -> String {
    format!("arn:aws:cloudformation:eu-central-1:1:changeSet/{change_set}/1")
}

fn events(have_ended: bool) -> String {
    let event = |second: u8, resource: &str, physical: &str, status: &str| {
        format!(
            "<member><StackId>{STACK_ID}</StackId><EventId>{second}</EventId><StackName>vision</StackName><LogicalResourceId>{resource}</LogicalResourceId><PhysicalResourceId>{physical}</PhysicalResourceId><ResourceType>AWS::Lambda::Function</ResourceType><Timestamp>2026-11-21T10:00:0{second}Z</Timestamp><ResourceStatus>{status}</ResourceStatus></member>"
        )
    };
    let mut events = vec![
        event(1, "vision", STACK_ID, "UPDATE_IN_PROGRESS"),
        event(2, "ExtractFunction", "extract", "UPDATE_IN_PROGRESS"),
    ];
    if have_ended {
        events.push(event(4, "ExtractFunction", "extract", "UPDATE_COMPLETE"));
        events.push(event(5, "vision", STACK_ID, "UPDATE_COMPLETE"));
    }
    events.reverse();
    format!("<StackEvents>{}</StackEvents>", events.concat())
}

struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut program = program(arguments);
        program.stdin(Stdio::null());
        program.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// Reads events up to one that fits.
    fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut line = String::new();
            let length = self.lines.read_line(&mut line).unwrap();
            assert!(length > 0, "it ended: {}", self.said());
            let event: Value = serde_json::from_str(&line).unwrap();
            if fits(&event) {
                return event;
            }
        }
    }

    fn said(&mut self) -> String {
        let mut said = String::new();
        let stderr = self.child.stderr.as_mut().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        said
    }
}

/// Interrupts a command when its update is under way, and types the same command again.
fn interrupt_and_repeat(command: &[&str], update: &Mutex<Update>) {
    let is_under_way = |event: &Value| {
        event["logical_id"] == "ExtractFunction" && event["status"] == "UPDATE_IN_PROGRESS"
    };
    let mut first = Running::start(command);
    first.until(is_under_way);
    kill_process(Pid::from_child(&first.child), Signal::INT).unwrap();
    let said = first.said();
    assert_eq!(first.child.wait().unwrap().code(), Some(130), "{said}");
    assert!(
        said.contains("run the same command again to take it up"),
        "{said}"
    );

    let mut second = Running::start(command);
    second.until(|event| event["event"] == "attached");
    let begun = second.until(is_under_way);
    assert_eq!(begun["stack"], "vision");
    assert_eq!(begun["time"], "2026-11-21T10:00:02Z");
    update.lock().unwrap().has_ended = true;
    second.until(|event| event["event"] == "deployed");
    let said = second.said();
    assert!(second.child.wait().unwrap().success(), "{said}");
    assert!(said.contains("Deploy stack vision: updated"), "{said}");
    assert_eq!(update.lock().unwrap().executed, 1);
}

#[test]
fn ctrl_c_leaves_it_running_and_the_same_command_takes_it_up() {
    let update = Arc::new(Mutex::new(Update::default()));
    let served = slow(update.clone()).serve();
    let arguments = ["--yes", "--format", "json", "--endpoint-url", &served.url];
    interrupt_and_repeat(&command("deploy", &arguments), &update);
}

#[test]
fn the_execution_of_a_plan_is_taken_up_by_the_same_plan() {
    let update = Arc::new(Mutex::new(Update::default()));
    let served = slow(update.clone()).serve();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    let file = file.to_str().unwrap();
    let plan = command("plan", &["--out", file, "--endpoint-url", &served.url]);
    let planned = infra(&plan);
    assert!(planned.status.success(), "{}", text(&planned.stderr));
    let deploy = [
        "deploy",
        "--plan",
        file,
        "--format",
        "json",
        "--endpoint-url",
        &served.url,
    ];
    interrupt_and_repeat(&deploy, &update);
}
