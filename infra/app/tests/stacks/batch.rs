//! The batch system.

use std::collections::{BTreeMap, BTreeSet};

use asl::Schemas;
use infra::stacks;
use infra::synthesis::{self, Synthesized};
use serde_json::{Value, json};
use shared::contracts::batch::job_row;

use crate::permissions::{matrix, resources_of};

/// Actions that AWS knows no resources for, and what they are needed for. Sources: Service Authorization Reference of Amazon
/// Bedrock and of Amazon CloudWatch Logs; AWS Step Functions Developer Guide, "Using CloudWatch Logs to log execution history".
const WITHOUT_RESOURCES: [(&str, &str); 9] = [
    (
        "bedrock:ListModelInvocationJobs",
        "a job is found by its name, which is known before its ARN is",
    ),
    ("logs:CreateLogDelivery", "a machine writes its log"),
    ("logs:GetLogDelivery", "a machine writes its log"),
    ("logs:UpdateLogDelivery", "a machine's log changes"),
    ("logs:DeleteLogDelivery", "a machine goes"),
    ("logs:ListLogDeliveries", "a machine's log changes"),
    (
        "logs:PutResourcePolicy",
        "the log takes what machines write",
    ),
    ("logs:DescribeResourcePolicies", "it takes that already"),
    ("logs:DescribeLogGroups", "the log is there"),
];

fn synthesized() -> Synthesized {
    let definition = stacks::find("batch").expect("the stack is listed");
    synthesis::synthesize(definition).expect("the stack is sound")
}

fn template() -> Value {
    serde_json::from_str(&synthesized().document.to_json()).expect("a template is JSON")
}

fn assert_reviewed(name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/batch");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

/// Statements of a policy or of a trust policy; those under a condition of the template, too.
fn statements(document: &Value) -> Vec<&Value> {
    items(&document["Statement"])
        .map(|statement| statement.get("Fn::If").map_or(statement, |given| &given[1]))
        .collect()
}

/// The resource of a type of which there is one.
fn only<'a>(template: &'a Value, kind: &'a str) -> &'a Value {
    let found: Vec<_> = resources_of(template, kind).collect();
    let [(_, one)] = found.as_slice() else {
        panic!("one {kind}: {found:#?}")
    };
    one
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

#[test]
fn the_template_is_what_was_reviewed() {
    let document = synthesized().document;
    assert_reviewed("template.yaml", &document.to_yaml());
    assert_reviewed("template.json", &document.to_json());
}

#[test]
fn the_template_is_the_same_every_time() {
    assert_eq!(
        synthesized().document.to_json(),
        synthesized().document.to_json()
    );
}

#[test]
fn validation_has_nothing_to_say() {
    let warnings: Vec<String> = synthesized()
        .warnings
        .iter()
        .map(|finding| format!("{finding:?}"))
        .collect();
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn permissions_are_what_was_reviewed() {
    assert_reviewed("permissions", &matrix(&template()));
}

#[test]
fn no_role_may_do_everything_or_has_policies_of_others() {
    let template = template();
    for (name, role) in resources_of(&template, "AWS::IAM::Role") {
        let properties = &role["Properties"];
        let managed = &properties["ManagedPolicyArns"];
        assert!(managed.is_null(), "{name} has a managed policy");
        for policy in properties["Policies"].as_array().into_iter().flatten() {
            for statement in statements(&policy["PolicyDocument"]) {
                assert_narrow(name, statement);
            }
        }
    }
}

#[track_caller]
fn assert_narrow(role: &str, statement: &Value) {
    let actions = texts(&statement["Action"]);
    assert!(!actions.is_empty(), "{role}: {statement:#}");
    for action in actions {
        assert!(
            !action.contains('*'),
            "{role}: an action with a wildcard: {action}"
        );
        let everywhere = texts(&statement["Resource"]).contains(&"*");
        let known = WITHOUT_RESOURCES.iter().any(|(known, _)| *known == action);
        assert_eq!(
            everywhere, known,
            "{role}: {action} on {}",
            statement["Resource"]
        );
    }
}

/// Nobody reads or writes a whole bucket of the stack, or lists one without a prefix.
#[test]
fn objects_are_reached_below_prefixes_only() {
    let whole = "${AWS::StackName}-files-${AWS::AccountId}-${AWS::Region}/*";
    let template = template();
    for (name, role) in resources_of(&template, "AWS::IAM::Role") {
        let policies = role["Properties"]["Policies"].as_array();
        for policy in policies.into_iter().flatten() {
            for statement in statements(&policy["PolicyDocument"]) {
                let resource = statement["Resource"].to_string();
                assert!(!resource.contains(whole), "{name}: {statement:#}");
                let lists = texts(&statement["Action"]).contains(&"s3:ListBucket");
                if lists && resource.contains("${AWS::StackName}-files") {
                    let below = texts(&statement["Condition"]["StringLike"]["s3:prefix"]);
                    assert!(!below.is_empty(), "{name}: {statement:#}");
                    assert!(
                        below.iter().all(|prefix| prefix.ends_with("/*")),
                        "{below:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn roles_are_passed_to_the_service_they_are_for() {
    let template = template();
    let roles = resources_of(&template, "AWS::IAM::Role");
    let policies = roles.flat_map(|(_, role)| {
        let policies = role["Properties"]["Policies"].as_array();
        policies.into_iter().flatten()
    });
    let passing: Vec<&Value> = policies
        .flat_map(|policy| statements(&policy["PolicyDocument"]))
        .filter(|statement| texts(&statement["Action"]).contains(&"iam:PassRole"))
        .collect();
    let [pass] = passing.as_slice() else {
        panic!("one function submits jobs: {passing:#?}")
    };
    assert_eq!(pass["Action"], json!(["iam:PassRole"]));
    assert_eq!(
        pass["Condition"],
        json!({ "StringEquals": { "iam:PassedToService": "bedrock.amazonaws.com" } })
    );
    assert_eq!(
        pass["Resource"],
        json!([{ "Fn::GetAtt": ["BatchJobsRole", "Arn"] }])
    );
}

#[test]
fn roles_trust_one_service_each() {
    let template = template();
    let mut trusted = BTreeMap::new();
    for (name, role) in resources_of(&template, "AWS::IAM::Role") {
        let trust = statements(&role["Properties"]["AssumeRolePolicyDocument"]);
        let [trust] = trust.as_slice() else {
            panic!("{name} trusts several: {trust:#?}")
        };
        assert_eq!(texts(&trust["Action"]), ["sts:AssumeRole"], "{name}");
        let service = texts(&trust["Principal"]["Service"]);
        let [service] = service.as_slice() else {
            panic!("{name} trusts {service:?}")
        };
        trusted.insert(name, (*service, &trust["Condition"]));
    }
    let (service, condition) = trusted["BatchJobsRole"];
    assert_eq!(service, "bedrock.amazonaws.com");
    assert_eq!(
        condition["StringEquals"]["aws:SourceAccount"],
        json!({ "Ref": "AWS::AccountId" })
    );
    assert!(
        condition["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
            .as_str()
            .is_some_and(|arn| arn.ends_with(":model-invocation-job/*")),
        "{condition:#}"
    );
    let others: BTreeSet<&str> = trusted.values().map(|(service, _)| *service).collect();
    let expected = [
        "bedrock.amazonaws.com",
        "lambda.amazonaws.com",
        "states.amazonaws.com",
    ];
    assert_eq!(others, expected.into());
}

#[test]
fn logs_of_functions_and_machines_are_kept_for_a_while() {
    let template = template();
    let groups: BTreeMap<_, _> = resources_of(&template, "AWS::Logs::LogGroup").collect();
    for (name, group) in &groups {
        assert!(group["Properties"]["RetentionInDays"].is_number(), "{name}");
    }
    for (name, function) in resources_of(&template, "AWS::Lambda::Function") {
        let group = &function["Properties"]["LoggingConfig"]["LogGroup"]["Ref"];
        let group = group.as_str().unwrap_or_default();
        assert!(groups.contains_key(group), "{name} logs to `{group}`");
    }
}

/// What is missed of the schedule is made up for by its next run; events come once.
#[test]
fn no_event_is_lost_without_a_trace() {
    let template = template();
    let rules = resources_of(&template, "AWS::Events::Rule");
    let (of_events, schedules): (Vec<_>, Vec<_>) =
        rules.partition(|(_, rule)| rule["Properties"]["ScheduleExpression"].is_null());
    let names = |rules: &[(&str, &Value)]| -> BTreeSet<String> {
        rules.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    let expected = ["StopJobsEvents", "TrackJobEvents"].map(str::to_owned);
    assert_eq!(names(&of_events), expected.into());
    for (name, rule) in of_events {
        for target in items(&rule["Properties"]["Targets"]) {
            assert!(target["DeadLetterConfig"]["Arn"].is_object(), "{name}");
            assert!(target["RetryPolicy"].is_object(), "{name}");
        }
    }
    // Nobody needs a look that was not taken: the next one sees the same jobs.
    let expected = ["ReconcileJobsSchedule"].map(str::to_owned);
    assert_eq!(names(&schedules), expected.into());
}

/// Whoever is called by events has nobody who waits for the answer.
#[test]
fn calls_that_nobody_waits_for_leave_their_failures_in_a_queue() {
    let template = template();
    let called: BTreeSet<String> = resources_of(&template, "AWS::Events::Rule")
        .flat_map(|(_, rule)| items(&rule["Properties"]["Targets"]))
        .map(|target| target["Arn"]["Fn::GetAtt"][0].to_string())
        .collect();
    let kept: BTreeSet<String> = resources_of(&template, "AWS::Lambda::EventInvokeConfig")
        .filter(|(_, config)| {
            let failed = &config["Properties"]["DestinationConfig"]["OnFailure"];
            failed["Destination"] == json!({ "Fn::GetAtt": ["FailuresQueue", "Arn"] })
        })
        .map(|(_, config)| config["Properties"]["FunctionName"]["Ref"].to_string())
        .collect();
    assert_eq!(called.len(), 3);
    assert_eq!(called, kept);
}

/// The bucket, queue or topic that a policy refuses requests in plain text to.
fn guarded<'a>(policy: &'a Value, of: &str) -> Option<&'a str> {
    let properties = &policy["Properties"];
    let denies_plain = |statement: &&Value| {
        statement["Effect"] == "Deny"
            && statement["Principal"] == "*"
            && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
    };
    let denies = statements(&properties["PolicyDocument"]);
    denies.iter().find(|statement| denies_plain(statement))?;
    let of = properties[of].get(0).unwrap_or(&properties[of]);
    of["Ref"].as_str().or(of["Fn::GetAtt"][0].as_str())
}

#[test]
fn everything_that_is_kept_is_encrypted_and_reached_by_tls() {
    let template = template();
    let kinds = [
        (
            "AWS::S3::Bucket",
            "BucketEncryption",
            "AWS::S3::BucketPolicy",
            "Bucket",
        ),
        (
            "AWS::SQS::Queue",
            "SqsManagedSseEnabled",
            "AWS::SQS::QueuePolicy",
            "Queues",
        ),
        (
            "AWS::SNS::Topic",
            "KmsMasterKeyId",
            "AWS::SNS::TopicPolicy",
            "Topics",
        ),
    ];
    for (kind, encryption, policies, of) in kinds {
        let resources: BTreeMap<_, _> = resources_of(&template, kind).collect();
        assert!(!resources.is_empty(), "{kind}");
        for (name, resource) in &resources {
            let encrypted = &resource["Properties"][encryption];
            assert!(!encrypted.is_null() && *encrypted != json!(false), "{name}");
        }
        let policies = resources_of(&template, policies);
        let guarded: BTreeSet<_> = policies.filter_map(|(_, each)| guarded(each, of)).collect();
        assert_eq!(guarded, resources.keys().copied().collect(), "{kind}");
    }
}

#[test]
fn the_bucket_is_closed_and_forgives_mistakes() {
    let template = template();
    let bucket = only(&template, "AWS::S3::Bucket");
    let doors = &bucket["Properties"]["PublicAccessBlockConfiguration"];
    let doors = doors.as_object().expect("doors");
    assert_eq!(doors.len(), 4);
    assert!(
        doors.values().all(|closed| *closed == json!(true)),
        "{doors:#?}"
    );
    assert_eq!(bucket["DeletionPolicy"], "RetainExceptOnCreate");
    assert_eq!(bucket["UpdateReplacePolicy"], "Retain");
    let versions = &bucket["Properties"]["VersioningConfiguration"];
    assert_eq!(versions["Status"], "Enabled");
}

/// It encrypts with a key of DynamoDB's own, as all tables do that are not told otherwise, and is reached by TLS only.
#[test]
fn the_table_can_be_brought_back() {
    let template = template();
    let jobs = only(&template, "AWS::DynamoDB::Table");
    let recovery = &jobs["Properties"]["PointInTimeRecoverySpecification"];
    assert_eq!(recovery["PointInTimeRecoveryEnabled"], true);
}

/// What a redrive reads goes all at once, and nothing that people wrote or wait for goes at all.
#[test]
fn only_working_files_are_deleted_by_age() {
    let template = template();
    let bucket = only(&template, "AWS::S3::Bucket");
    let rules = bucket["Properties"]["LifecycleConfiguration"]["Rules"].as_array();
    let rules = rules.expect("rules");
    let mut expiring = BTreeSet::new();
    for rule in rules {
        if !rule["ExpirationInDays"].is_null() {
            assert_eq!(
                rule["ExpirationInDays"],
                json!({ "Ref": "WorkingDays" }),
                "{rule:#}"
            );
            expiring.insert(rule["Prefix"].as_str().expect("never the whole bucket"));
        }
    }
    let working = [
        "batch_inputs_json/",
        "batch_inputs_parquet/",
        "batch_outputs_json/",
        "map_results/",
    ];
    assert_eq!(expiring, working.into());
    let aborts = |rule: &Value| !rule["AbortIncompleteMultipartUpload"].is_null();
    assert!(
        rules.iter().any(aborts),
        "parts that nobody finished go, too"
    );
    let versions = |rule: &Value| !rule["NoncurrentVersionExpiration"].is_null();
    assert!(rules.iter().any(versions), "and old versions");
}

/// Who may query an index, or reads it for people, cannot answer for a job.
#[test]
fn no_index_holds_tokens() {
    let template = template();
    let jobs = only(&template, "AWS::DynamoDB::Table");
    let indexes = jobs["Properties"]["GlobalSecondaryIndexes"].as_array();
    let indexes = indexes.expect("indexes");
    assert_eq!(indexes.len(), 2);
    for index in indexes {
        let projection = &index["Projection"];
        assert_eq!(projection["ProjectionType"], "INCLUDE", "{index:#}");
        let shown = texts(&projection["NonKeyAttributes"]);
        for hidden in [job_row::TOKEN, job_row::TOKEN_AT] {
            assert!(!shown.contains(&hidden), "{index:#}");
        }
    }
}

/// The machines alone, as people read them, and as the checker does.
#[test]
fn machines_are_what_was_reviewed_and_the_checker_finds_nothing() {
    let template = template();
    let machines: BTreeMap<_, _> =
        resources_of(&template, "AWS::StepFunctions::StateMachine").collect();
    assert_eq!(machines.len(), 2);
    for (name, reviewed) in [
        ("RunStateMachine", "run_machine"),
        ("StagesStateMachine", "stages_machine"),
    ] {
        let definition = &machines[name]["Properties"]["Definition"];
        assert_reviewed(
            reviewed,
            &serde_json::to_string_pretty(definition).expect("JSON"),
        );
        let report = asl::check(definition, &Schemas::default());
        assert!(report.findings.is_empty(), "{name}: {:#?}", report.findings);
    }
}

#[test]
fn outputs_and_parameters_are_there() {
    let template = template();
    let names = |section: &str| -> BTreeSet<String> {
        let entries = template[section].as_object().into_iter().flatten();
        entries.map(|(name, _)| name.clone()).collect()
    };
    let outputs = ["Bucket", "JobTable", "Machine", "StagesMachine", "Topic"];
    assert_eq!(names("Outputs"), outputs.map(str::to_owned).into());
    let definition = stacks::find("batch").expect("the stack is listed");
    for name in definition.local_parameters().keys() {
        assert!(names("Parameters").contains(name), "{name}");
    }
    for function in definition.functions {
        let parameter = constructs::assets::code_key_parameter(function);
        assert!(names("Parameters").contains(&parameter), "{function}");
    }
}

#[test]
fn the_dashboard_is_what_was_reviewed() {
    let template = template();
    let dashboard = only(&template, "AWS::CloudWatch::Dashboard");
    let body = dashboard["Properties"]["DashboardBody"]["Fn::Sub"].as_str();
    let body: Value =
        serde_json::from_str(body.expect("text for `Fn::Sub`")).expect("the body is JSON");
    assert_reviewed(
        "dashboard",
        &serde_json::to_string_pretty(&body).expect("JSON"),
    );
}

#[test]
fn saved_queries_are_what_was_reviewed() {
    let template = template();
    let queries = resources_of(&template, "AWS::Logs::QueryDefinition").map(|(name, query)| {
        let text = query["Properties"]["QueryString"].as_str();
        format!("-- {name}\n{}", text.unwrap_or_default())
    });
    assert_reviewed("queries", &queries.collect::<Vec<_>>().join("\n\n"));
}

/// Nothing that a run needs is left out for a local AWS.
#[test]
fn the_local_variant_lacks_only_what_people_look_at() {
    let definition = stacks::find("batch").expect("the stack is listed");
    let local =
        synthesis::local(definition, &synthesized()).expect("nothing needs what is left out");
    let kinds: BTreeSet<&str> = local
        .left_out
        .iter()
        .map(|each| each.resource_type.as_str())
        .collect();
    assert_eq!(kinds, ["AWS::Logs::QueryDefinition"].into());
}
