//! `infra plan` and `infra deploy`: what is asked of CloudFormation, and what is not.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::aws::{infra, text};
use crate::cloud::{Cloud, MEMORY, SURPRISE};

/// The functions compile as they do for the demonstration, for whatever processor this is.
const QUICK: [&str; 3] = ["vision", "--quick", "--arch"];

pub(crate) fn command<'a>(verb: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    let processor = if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "x86_64"
    };
    [&[verb], QUICK.as_slice(), &[processor], arguments].concat()
}

fn one(cloud: Cloud, command: &[&str]) -> (Output, Vec<String>) {
    let mut ran = cloud.run(&[command]);
    (ran.outputs.remove(0), ran.asked)
}

fn change_sets(asked: &[String]) -> Vec<&str> {
    let asked = asked.iter().map(String::as_str);
    asked
        .filter(|action| action.ends_with("ChangeSet"))
        .filter(|action| *action != "DescribeChangeSet")
        .collect()
}

/// What was said, without the line breaks of a terminal.
fn said(output: &Output) -> String {
    text(&output.stderr).replace("\n  │", "")
}

#[test]
fn a_plan_is_executed_as_it_was_approved() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    let file = file.to_str().unwrap();
    let plan = command("plan", &["--out", file]);
    let ran = Cloud::new(MEMORY).run(&[&plan, &["deploy", "--plan", file, "--format", "json"]]);
    let [planned, deployed] = &ran.outputs[..] else {
        panic!("two commands have two outputs")
    };
    assert!(planned.status.success(), "{}", text(&planned.stderr));
    assert!(text(&planned.stdout).contains("Properties.MemorySize: 513 ->"));
    assert!(deployed.status.success(), "{}", text(&deployed.stderr));
    let events: Vec<Value> = text(&deployed.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(events.last().unwrap()["event"], "deployed");
    assert_eq!(
        change_sets(&ran.asked),
        ["CreateChangeSet", "ExecuteChangeSet"]
    );
}

#[test]
fn a_plan_that_says_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    let path = file.to_str().unwrap();
    let plan = command("plan", &["--out", path]);
    let (output, _) = one(Cloud::new(MEMORY), &plan);
    assert!(output.status.success(), "{}", said(&output));
    let written = fs::read_to_string(&file).unwrap();

    let refused = |from: &str, to: &str, changes, why: &str| {
        assert!(written.contains(from), "{from}");
        fs::write(&file, written.replace(from, to)).unwrap();
        let (output, asked) = one(Cloud::new(changes), &["deploy", "--plan", path]);
        let error = said(&output);
        assert!(error.contains(why), "{error}");
        assert!(!output.status.success());
        assert_eq!(
            change_sets(&asked),
            Vec::<&str>::new(),
            "nothing is executed"
        );
    };
    refused(
        "\"513\"",
        "\"512\"",
        MEMORY,
        "would do something else than its file says",
    );
    refused(
        "eu-central-1",
        "eu-west-1",
        MEMORY,
        "the plan is for eu-west-1",
    );
    refused(
        "\"version\": 2",
        "\"version\": 1",
        MEMORY,
        "this tool reads version 2",
    );
    // The stack was deployed meanwhile, and the change set does something else now.
    refused(
        "plan",
        "plan",
        SURPRISE,
        "would do something else than its file says",
    );
    fs::write(&file, "{").unwrap();
    let output = infra(&["deploy", "--plan", path]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn what_cloudformation_intends_beyond_the_review_stops_even_what_is_approved() {
    let (output, asked) = one(Cloud::new(SURPRISE), &command("deploy", &["--yes"]));
    assert_eq!(output.status.code(), Some(10), "{}", said(&output));
    assert!(said(&output).contains("ImagesQueue"));
    assert_eq!(change_sets(&asked), ["CreateChangeSet", "DeleteChangeSet"]);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    let plan = command("plan", &["--out", file.to_str().unwrap()]);
    let (output, _) = one(Cloud::new(SURPRISE), &plan);
    assert_eq!(output.status.code(), Some(10));
    assert!(!file.exists(), "no plan is written");

    let accepted = command("deploy", &["--yes", "--accept-unforeseen"]);
    let (output, asked) = one(Cloud::new(SURPRISE), &accepted);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(change_sets(&asked), ["CreateChangeSet", "ExecuteChangeSet"]);
}

#[test]
fn nothing_is_executed_without_an_approval() {
    let (output, asked) = one(Cloud::new(MEMORY), &command("deploy", &[]));
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("nobody can be asked here"),
        "{}",
        said(&output)
    );
    assert_eq!(change_sets(&asked), ["CreateChangeSet", "DeleteChangeSet"]);

    let condition = command("deploy", &["--approve", "no-data-loss,code-only"]);
    let (output, asked) = one(Cloud::new(MEMORY), &condition);
    assert!(
        said(&output).contains("it breaks `code-only`"),
        "{}",
        said(&output)
    );
    assert_eq!(change_sets(&asked), ["CreateChangeSet", "DeleteChangeSet"]);

    let condition = command(
        "deploy",
        &["--approve", "no-data-loss,no-replacement,no-widening"],
    );
    let (output, asked) = one(Cloud::new(MEMORY), &condition);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(change_sets(&asked), ["CreateChangeSet", "ExecuteChangeSet"]);
}

#[test]
fn a_plan_for_nothing_is_executed_by_doing_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    fs::write(&file, "of last week").unwrap();
    let file = file.to_str().unwrap();
    let plan = command("plan", &["--out", file, "--tag", "team=books"]);
    let ran = Cloud::as_it_is().run(&[&plan, &["deploy", "--plan", file]]);
    let [planned, deployed] = &ran.outputs[..] else {
        panic!("two commands have two outputs")
    };
    assert!(planned.status.success(), "{}", said(planned));
    assert!(
        said(planned).contains("does not set it before the next one: tag team=books"),
        "{}",
        said(planned)
    );
    assert!(deployed.status.success(), "{}", said(deployed));
    assert!(said(deployed).contains("vision: no changes"));
    assert!(text(&deployed.stdout).contains("BucketName"));
    assert_eq!(
        change_sets(&ran.asked),
        ["CreateChangeSet", "DeleteChangeSet"]
    );
}

#[test]
fn new_code_is_one_line() {
    let code_only = command("deploy", &["--approve", "code-only"]);
    let (output, asked) = one(Cloud::with_other_code(), &code_only);
    let said = said(&output);
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("vision: new code for ExtractFunction\n"),
        "{said}"
    );
    assert_eq!(change_sets(&asked), ["CreateChangeSet", "ExecuteChangeSet"]);
}

#[test]
fn a_resource_that_goes_is_more_than_code() {
    let code_only = command("deploy", &["--approve", "code-only"]);
    let (output, asked) = one(Cloud::with_one_more(), &code_only);
    let said = said(&output);
    assert!(said.contains("it breaks `code-only`"), "{said}");
    assert!(said.contains("OldAlarm"), "the review is shown: {said}");
    assert_eq!(change_sets(&asked), ["CreateChangeSet", "DeleteChangeSet"]);
}

#[test]
fn what_may_be_done_unasked_holds_for_plans_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    let file = file.to_str().unwrap();
    let plan = command("plan", &["--out", file]);
    let execute = ["deploy", "--plan", file, "--approve", "code-only"];
    let ran = Cloud::new(MEMORY).run(&[&plan, &execute]);
    let refused = said(&ran.outputs[1]);
    assert!(refused.contains("it breaks `code-only`"), "{refused}");
    assert_eq!(change_sets(&ran.asked), ["CreateChangeSet"]);
    let role = infra(&["deploy", "--plan", file, "--role-arn", "arn"]);
    assert_eq!(role.status.code(), Some(2));
}

#[test]
fn what_a_stack_has_beside_its_template_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| -> String {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let policy = write("policy.json", r#"{"Statement": []}"#);
    let parameters = write("parameters.yaml", "RecordDays: 31\nLogLevel: DEBUG\n");
    let command = command(
        "deploy",
        &[
            "--yes",
            "--parameters",
            &parameters,
            "-p",
            "LogLevel=ERROR",
            "--tag",
            "team=books",
            "--role-arn",
            "arn:aws:iam::111122223333:role/deploy",
            "--notification-arn",
            "arn:aws:sns:eu-central-1:111122223333:told",
            "--stack-policy",
            &policy,
            "--termination-protection",
        ],
    );
    let ran = Cloud::new(MEMORY).run(&[&command]);
    let output = &ran.outputs[0];
    assert!(output.status.success(), "{}", said(output));
    let sent = &ran.created[0];
    for expected in [
        "=RecordDays&Parameters.member.",
        "ParameterValue=31",
        "ParameterValue=ERROR",
        // Those that are sent are all that the stack has from then on.
        "Tags.member.1.Key=colophon%3Astage",
        "Tags.member.2.Key=team",
        "RoleARN=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fdeploy",
        "NotificationARNs.member.1=arn%3Aaws%3Asns",
    ] {
        assert!(sent.contains(expected), "{expected}: {sent}");
    }
    let last: Vec<_> = ran.asked.iter().rev().take(2).map(String::as_str).collect();
    assert_eq!(last, ["UpdateTerminationProtection", "SetStackPolicy"]);
}

const ROLE: &str = "arn:aws:iam::111122223333:role/deploy";
const TOPIC: &str = "arn:aws:sns:eu-central-1:111122223333:told";

#[test]
fn what_a_stack_has_beside_its_template_is_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    let file = file.to_str().unwrap();
    let settings = [
        "--tag",
        "team=books",
        "--role-arn",
        ROLE,
        "--notification-arn",
        TOPIC,
    ];
    let plan = command("plan", &[&settings[..], &["--out", file]].concat());
    let no_widening = ["deploy", "--plan", file, "--approve", "no-widening"];
    let ran = Cloud::with_other_code().run(&[&plan, &no_widening, &["deploy", "--plan", file]]);
    let review = text(&ran.outputs[0].stdout);
    for shown in [
        "+ team ",
        "Tags.Value: (none) -> books",
        &format!("CloudFormation acts as {ROLE} from now on, instead of whoever deploys"),
        &format!("{TOPIC} is told of every event"),
    ] {
        assert!(review.contains(shown), "{shown}: {review}");
    }
    assert!(!review.contains("colophon:stage"), "it stays: {review}");
    let refused = said(&ran.outputs[1]);
    assert!(refused.contains("it breaks `no-widening`"), "{refused}");
    assert!(ran.outputs[2].status.success(), "{}", said(&ran.outputs[2]));

    let code_only = command("deploy", &["--approve", "code-only", "--tag", "team=books"]);
    let (output, _) = one(Cloud::with_other_code(), &code_only);
    assert!(
        said(&output).contains("it breaks `code-only`"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_change_set_without_the_role_that_was_approved_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    let file = file.to_str().unwrap();
    let plan = command("plan", &["--role-arn", ROLE, "--out", file]);
    let (output, _) = one(Cloud::new(MEMORY), &plan);
    assert!(output.status.success(), "{}", said(&output));
    let (output, asked) = one(Cloud::new(MEMORY), &["deploy", "--plan", file]);
    let error = said(&output);
    assert!(
        error.contains("would do something else than its file says"),
        "{error}"
    );
    assert_eq!(change_sets(&asked), Vec::<&str>::new());
}

#[test]
fn parameters_are_held_against_the_template_before_anything_is_sent() {
    let refused = |arguments: &[&str], told: &[&str]| {
        let command = [&["deploy", "vision", "--yes"], arguments].concat();
        let (output, asked) = one(Cloud::new(MEMORY), &command);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        for each in told {
            assert!(said(&output).contains(each), "{each}: {}", said(&output));
        }
        assert_eq!(asked, Vec::<String>::new());
    };
    refused(
        &[
            "-p",
            "RecordDays=0",
            "-p",
            "LogLevel=LOUD",
            "-p",
            "Colour=red",
        ],
        &[
            "no less than 1",
            "one of DEBUG, INFO",
            "there is no parameter `Colour`",
        ],
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("parameters.yaml");
    let path = |text: &str| -> String {
        fs::write(&file, text).unwrap();
        Path::new(&file).to_str().unwrap().to_owned()
    };
    refused(
        &["--parameters", &path("RecordDays: [1]")],
        &["`RecordDays` is neither a text"],
    );
    refused(
        &["--parameters", &path("- 1")],
        &["no object of names and values"],
    );
    refused(
        &["--stack-policy", &path("Statement: []")],
        &["cannot read the stack policy", "a policy document in JSON"],
    );
}
