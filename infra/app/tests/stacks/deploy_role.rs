//! The roles that deploy each stack: reviewed, sound, enough, and no more.
#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap is a failed test, and helpers are not marked as tests"
)]

use std::collections::BTreeSet;

use infra::deploy_role::deploy_role;
use infra::stacks::{self, Definition};
use infra::synthesis::synthesize;
use serde_json::Value;
use spec::{Actions, Handler, ResourceType, Specification};

use crate::evaluation::{Policy, Request, resolved};

fn stack(definition: &Definition) -> Value {
    json(&synthesize(definition).unwrap().document)
}

fn roles(definition: &Definition) -> Value {
    json(&deploy_role(definition, &synthesize(definition).unwrap()).unwrap())
}

fn json(document: &cfn::Document) -> Value {
    serde_json::from_str(&document.to_json()).unwrap()
}

fn assert_reviewed(stack: &str, name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../../../../snapshots/{stack}-deploy-role"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

#[test]
fn the_templates_are_what_was_reviewed() {
    for definition in &stacks::ALL {
        let document = deploy_role(definition, &synthesize(definition).unwrap()).unwrap();
        assert_reviewed(definition.name, "template.json", &document.to_json());
    }
}

#[test]
fn validation_has_nothing_to_say() {
    for definition in &stacks::ALL {
        let findings = validate::validate(&roles(definition), &validate::Sources::default());
        assert!(findings.is_empty(), "{}", validate::render(&findings));
    }
}

/// The execution role of a stack, with what a deployment knows filled in.
fn execution(definition: &Definition) -> Policy {
    let roles = resolved(&roles(definition), definition.name);
    let policies = roles["Resources"].as_object().unwrap().iter();
    let own = policies.filter(|(name, _)| name.starts_with("ExecutionPolicy"));
    Policy::of(own.map(|(_, policy)| &policy["Properties"]["PolicyDocument"]))
}

fn pipeline(definition: &Definition) -> Policy {
    let roles = resolved(&roles(definition), definition.name);
    let policies = &roles["Resources"]["PipelineRole"]["Properties"]["Policies"];
    Policy::of([&policies[0]["PolicyDocument"]])
}

#[test]
fn policies_fit_into_a_role() {
    for definition in &stacks::ALL {
        let roles = resolved(&roles(definition), &"n".repeat(25));
        let policies = roles["Resources"].as_object().unwrap().iter();
        let policies: Vec<_> = policies
            .filter(|(name, _)| name.starts_with("ExecutionPolicy"))
            .collect();
        assert!(policies.len() <= 10, "{}", policies.len());
        for (name, policy) in policies {
            let size = policy["Properties"]["PolicyDocument"].to_string().len();
            assert!(size <= 6_144, "{name} of {}: {size}", definition.name);
        }
    }
}

/// The names that a stack's resources have in AWS, made up as CloudFormation does where the template has none.
fn physical_name(logical_id: &str, properties: &Value, resources: &Value) -> String {
    const NAMES: &[&str] = &[
        "BucketName",
        "QueueName",
        "TopicName",
        "TableName",
        "LogGroupName",
        "StateMachineName",
        "DashboardName",
    ];
    const OWNERS: &[&str] = &[
        "Bucket",
        "Queues",
        "Topics",
        "TopicArn",
        "FunctionName",
        "WorkGroup",
    ];
    let set = |names: &[&str]| names.iter().find_map(|name| properties.get(name));
    if let Some(owner) = set(OWNERS) {
        let owner = owner.as_array().map_or(owner, |owners| &owners[0]);
        let id = owner["Ref"]
            .as_str()
            .or(owner["Fn::GetAtt"][0].as_str())
            .unwrap();
        return physical_name(id, &resources[id]["Properties"], resources);
    }
    let input = ["DatabaseInput", "TableInput"]
        .iter()
        .find_map(|input| properties.get(input));
    let name = set(NAMES)
        .or(input.map(|input| &input["Name"]))
        .or(properties.get("Name"));
    let made_up = || {
        format!("vision-{logical_id}-1ABCDEFGHIJKL")
            .replace("vision", resources["stack"].as_str().unwrap())
    };
    name.and_then(Value::as_str)
        .map_or_else(made_up, str::to_owned)
}

/// What the handlers of a type ask for, as AWS would be asked.
fn subject(resource_type: &str, action: &str, name: &str, stack: &str) -> String {
    let here =
        |service: &str, rest: &str| format!("arn:aws:{service}:eu-central-1:111122223333:{rest}");
    let results = format!("arn:aws:s3:::{stack}-results-111122223333-eu-central-1");
    match (resource_type, action) {
        ("AWS::S3::Bucket", "s3:PutObjectAcl" | "s3:DeleteObject") => {
            format!("arn:aws:s3:::{name}/key")
        }
        ("AWS::S3::Bucket" | "AWS::S3::BucketPolicy", _) => format!("arn:aws:s3:::{name}"),
        (
            "AWS::Athena::WorkGroup",
            "s3:GetBucketLocation" | "s3:ListBucket" | "s3:ListBucketMultipartUploads",
        ) => results,
        ("AWS::Athena::WorkGroup", action) if action.starts_with("s3:") => {
            format!("{results}/results/key")
        }
        ("AWS::Athena::WorkGroup" | "AWS::Athena::NamedQuery", _) => {
            here("athena", &format!("workgroup/{name}"))
        }
        ("AWS::Lambda::Function", "s3:GetObject" | "s3:GetObjectVersion") => {
            let function = kebab(name, stack);
            format!(
                "arn:aws:s3:::colophon-assets-111122223333-eu-central-1/assets/{function}/0123.zip"
            )
        }
        ("AWS::Lambda::EventSourceMapping", "lambda:CreateEventSourceMapping") => "*".to_owned(),
        ("AWS::Lambda::EventSourceMapping", _) => here("lambda", "event-source-mapping:5c7e"),
        (_, action) if action.starts_with("lambda:") => here("lambda", &format!("function:{name}")),
        ("AWS::CloudWatch::Alarm", _) => here("cloudwatch", &format!("alarm:{name}")),
        ("AWS::CloudWatch::Dashboard", _) => {
            format!("arn:aws:cloudwatch::111122223333:dashboard/{name}")
        }
        ("AWS::DynamoDB::Table", action) if action.starts_with("dynamodb:") => {
            here("dynamodb", &format!("table/{name}"))
        }
        ("AWS::Events::Rule", _) => here("events", &format!("rule/{name}")),
        ("AWS::Glue::Database", action) if action.starts_with("glue:") => {
            here("glue", &format!("database/{name}"))
        }
        ("AWS::Glue::Table", "glue:GetDatabase" | "glue:UpdateDatabase") => {
            here("glue", &format!("database/{stack}"))
        }
        ("AWS::Glue::Table", action) if action.starts_with("glue:") => {
            here("glue", &format!("table/{stack}/{name}"))
        }
        ("AWS::IAM::Role", _) => format!("arn:aws:iam::111122223333:role/{name}"),
        (
            "AWS::Logs::LogGroup",
            "logs:TagResource" | "logs:UntagResource" | "logs:ListTagsForResource",
        ) => here("logs", &format!("log-group:{name}")),
        ("AWS::Logs::LogGroup", _) => here("logs", &format!("log-group:{name}:*")),
        ("AWS::SNS::Subscription", action) if action != "sns:Subscribe" => {
            here("sns", &format!("{name}:5c7e"))
        }
        ("AWS::SNS::Subscription" | "AWS::SNS::Topic" | "AWS::SNS::TopicPolicy", _) => {
            here("sns", name)
        }
        ("AWS::SQS::Queue" | "AWS::SQS::QueuePolicy", _) => here("sqs", name),
        ("AWS::StepFunctions::StateMachine", _) => here("states", &format!("stateMachine:{name}")),
        _ => "*".to_owned(),
    }
}

/// `track-job` of `batch-TrackJobFunction-1ABC`.
fn kebab(name: &str, stack: &str) -> String {
    let name = name.strip_prefix(stack).unwrap().trim_start_matches('-');
    let name = name.split("Function").next().unwrap();
    let letters = name.chars().enumerate();
    let kebab = letters.map(|(at, letter)| match letter {
        letter if letter.is_uppercase() && at > 0 => format!("-{}", letter.to_lowercase()),
        letter => letter.to_lowercase().to_string(),
    });
    kebab.collect()
}

/// What handlers of creation, change and deletion name, straight from the specification.
fn handler_actions(resource_type: &ResourceType) -> BTreeSet<&str> {
    let handlers = resource_type.permissions.iter();
    let called = handlers.filter(|(handler, _)| **handler != Handler::List);
    called
        .flat_map(|(_, actions)| actions)
        .map(String::as_str)
        .collect()
}

#[test]
fn every_handler_may_do_what_it_does() {
    for definition in &stacks::ALL {
        let template = stack(definition);
        let left_out = roles::unneeded(&template).unwrap();
        let mut concrete = resolved(&template, definition.name);
        concrete["Resources"]["stack"] = definition.name.into();
        let (role, mut asked) = (execution(definition), 0);
        for (id, resource) in template["Resources"].as_object().unwrap() {
            let name = resource["Type"].as_str().unwrap();
            let resource_type = Specification::embedded()
                .resource_type(name)
                .unwrap()
                .unwrap();
            let physical = physical_name(
                id,
                &concrete["Resources"][id]["Properties"],
                &concrete["Resources"],
            );
            for action in handler_actions(resource_type) {
                let is_left_out = left_out
                    .iter()
                    .any(|each| each.action == action && each.resource_type == name);
                let is_known = Actions::embedded().get(action).is_some();
                // Two have a test of their own; what is misspelt has one in `roles`.
                let is_special = matches!(action, "iam:PassRole" | "iam:CreateServiceLinkedRole");
                if is_left_out || is_special || !is_known {
                    continue;
                }
                let subject = subject(name, action, &physical, definition.name);
                let served =
                    format!("arn:aws:lambda:eu-central-1:111122223333:function:{physical}");
                let request = Request::new(action, &subject);
                // Of a mapping that is gone, as deletion expects it, there is no function.
                let request = match action {
                    "lambda:GetEventSourceMapping" => request,
                    _ => request.with("lambda:FunctionArn", &served),
                };
                assert!(role.allows(&request), "{id}: {action} on {subject}");
                asked += 1;
            }
        }
        assert!(asked > 500, "{}: {asked}", definition.name);
    }
}

#[test]
fn roles_are_passed_to_whom_they_are_for() {
    let trusted = |role: &Value| -> String {
        let principal =
            &role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["Service"];
        principal[0].as_str().unwrap().to_owned()
    };
    for definition in &stacks::ALL {
        let template = stack(definition);
        let role = execution(definition);
        for (id, resource) in crate::permissions::resources_of(&template, "AWS::IAM::Role") {
            let arn = format!(
                "arn:aws:iam::111122223333:role/{}-{id}-1ABCDEFGHIJKL",
                definition.name
            );
            let passes = |service: &str| {
                let request = Request::new("iam:PassRole", &arn);
                role.allows(&request.with("iam:PassedToService", service))
            };
            // The role of batch jobs is passed by a function, when it submits a job.
            assert_eq!(
                passes(&trusted(resource)),
                trusted(resource) != "bedrock.amazonaws.com",
                "{id}"
            );
            assert!(
                !passes("ec2.amazonaws.com") && !passes("bedrock.amazonaws.com"),
                "{id}"
            );
            assert!(!role.allows(&Request::new("iam:PassRole", &arn)), "{id}");
        }
    }
}

/// Requests that no handler makes.
fn foreign(own_role: &str) -> Vec<(&str, &str)> {
    vec![
        ("s3:GetObject", "arn:aws:s3:::foreign/key"),
        ("s3:PutBucketPolicy", "arn:aws:s3:::foreign"),
        (
            "s3:PutBucketPolicy",
            "arn:aws:s3:::colophon-assets-111122223333-eu-central-1",
        ),
        (
            "s3:PutObject",
            "arn:aws:s3:::colophon-assets-111122223333-eu-central-1/assets/unzip/0.zip",
        ),
        (
            "s3:GetObject",
            "arn:aws:s3:::colophon-assets-111122223333-eu-central-1/assets/other/0.zip",
        ),
        ("iam:CreateUser", "arn:aws:iam::111122223333:user/somebody"),
        (
            "iam:CreateAccessKey",
            "arn:aws:iam::111122223333:user/somebody",
        ),
        ("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/Admin"),
        (
            "iam:UpdateAssumeRolePolicy",
            "arn:aws:iam::111122223333:role/vision-deploy-role-ExecutionRole-1ABC",
        ),
        ("iam:AttachRolePolicy", own_role),
        ("iam:DeleteRolePermissionsBoundary", own_role),
        (
            "iam:CreatePolicyVersion",
            "arn:aws:iam::111122223333:policy/vision-deploy-role-ExecutionPolicy1-1ABC",
        ),
        (
            "lambda:UpdateFunctionCode",
            "arn:aws:lambda:eu-central-1:111122223333:function:foreign",
        ),
        (
            "lambda:InvokeFunction",
            "arn:aws:lambda:eu-central-1:111122223333:function:foreign",
        ),
        (
            "dynamodb:DeleteTable",
            "arn:aws:dynamodb:eu-central-1:111122223333:table/foreign",
        ),
        (
            "dynamodb:GetItem",
            "arn:aws:dynamodb:eu-central-1:111122223333:table/batch-jobs",
        ),
        ("logs:PutResourcePolicy", "*"),
        (
            "logs:DeleteLogGroup",
            "arn:aws:logs:eu-central-1:111122223333:log-group:foreign:*",
        ),
        (
            "kms:Decrypt",
            "arn:aws:kms:eu-central-1:111122223333:key/5c7e",
        ),
        (
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:any",
        ),
        ("ec2:RunInstances", "*"),
        ("sts:AssumeRole", own_role),
        (
            "cloudformation:DeleteStack",
            "arn:aws:cloudformation:eu-central-1:111122223333:stack/foreign/1",
        ),
    ]
}

#[test]
fn what_no_deployment_needs_is_denied() {
    let lambda = "lambda.amazonaws.com";
    for definition in &stacks::ALL {
        let role = execution(definition);
        let name = definition.name;
        let own_role = format!(
            "arn:aws:iam::111122223333:role/{name}-{}-1ABCDEFGHIJKL",
            if name == "vision" {
                "UnzipRole"
            } else {
                "RunRole"
            }
        );
        for (action, resource) in foreign(&own_role) {
            let request = Request::new(action, resource).with(
                "iam:PolicyARN",
                "arn:aws:iam::aws:policy/AdministratorAccess",
            );
            assert!(!role.allows(&request), "{name}: {action} on {resource}");
        }
        for action in [
            "lambda:CreateEventSourceMapping",
            "lambda:DeleteEventSourceMapping",
        ] {
            let foreign = "arn:aws:lambda:eu-central-1:111122223333:function:foreign";
            let mapping = "arn:aws:lambda:eu-central-1:111122223333:event-source-mapping:1";
            let request = Request::new(action, mapping);
            assert!(!role.allows(&request), "{name}: {action}");
            assert!(
                !role.allows(&request.with("lambda:FunctionArn", foreign)),
                "{name}: {action}"
            );
        }
        let admin = Request::new("iam:PassRole", "arn:aws:iam::111122223333:role/Admin");
        assert!(
            !role.allows(&admin.with("iam:PassedToService", lambda)),
            "{name}"
        );
    }
}

#[test]
fn the_pipeline_may_deploy_its_stack_and_no_other() {
    for definition in &stacks::ALL {
        let role = pipeline(definition);
        let here = |stack: &str| {
            format!("arn:aws:cloudformation:eu-central-1:111122223333:stack/{stack}/1")
        };
        for permission in deploy::PERMISSIONS {
            for action in permission
                .actions
                .iter()
                .filter(|action| action.starts_with("cloudformation:"))
            {
                let own = here(definition.name);
                assert!(role.allows(&Request::new(action, &own)), "{action}");
                assert!(
                    !role.allows(&Request::new(action, &here("foreign"))),
                    "{action}"
                );
            }
        }
        let assets = "arn:aws:s3:::colophon-assets-111122223333-eu-central-1";
        let function = definition.functions[0];
        for (key, allowed) in [
            (format!("assets/{function}/0.zip"), true),
            (format!("templates/{}/0.json", definition.name), true),
            ("assets/foreign/0.zip".to_owned(), false),
            ("templates/foreign/0.json".to_owned(), false),
        ] {
            let object = format!("{assets}/{key}");
            assert_eq!(
                role.allows(&Request::new("s3:PutObject", &object)),
                allowed,
                "{key}"
            );
        }
        for action in [
            "s3:DeleteObject",
            "s3:PutBucketPolicy",
            "iam:CreateRole",
            "lambda:UpdateFunctionCode",
        ] {
            assert!(
                !role.allows(&Request::new(action, &format!("{assets}/key"))),
                "{action}"
            );
        }
    }
}

/// How much less the execution role allows than the policies that are given out instead; the README quotes it.
#[test]
fn the_roles_are_small() {
    let all: Vec<_> = Actions::embedded().matching("*").collect();
    // All but these services, and seven of their actions ("PowerUserAccess", AWS managed policy reference).
    let is_power = |service: &str| !["account", "iam", "organizations"].contains(&service);
    let power_user = all.iter().filter(|action| is_power(action.service)).count() + 7;
    for definition in &stacks::ALL {
        let role = execution(definition);
        let content = format!(
            "ExecutionRole: {} actions\nPowerUserAccess: {power_user}\nAdministratorAccess: {}\n\non `*`, as they are about no resource or one without a name:\n{}\n",
            role.actions().len(),
            all.len(),
            role.actions_on_everything().join("\n")
        );
        assert_reviewed(definition.name, "size", &content);
    }
}
