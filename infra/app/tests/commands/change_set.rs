//! `infra diff --deployed --change-set` against a CloudFormation that answers by what it is asked for.

use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use serde_json::Value;

const STACK_ID: &str = "arn:aws:cloudformation:eu-central-1:111122223333:stack/vision/1";

/// The deployed stack, and what a change set says.
struct Cloud {
    template: String,
    parameters: String,
    changes: &'static str,
    asked: Mutex<Vec<String>>,
}

impl Cloud {
    /// The stack of the working tree, deployed as it is but for one number.
    fn new(changes: &'static str) -> Self {
        let template = infra(&["synth", "vision", "--print", "json"]).stdout;
        let template = String::from_utf8(template).unwrap();
        let read: Value = serde_json::from_str(&template).unwrap();
        let parameters = read["Parameters"].as_object().unwrap().iter();
        let parameters: Vec<_> = parameters
            .map(|(name, declared)| {
                let value = match &declared["Default"] {
                    Value::String(text) => text.clone(),
                    Value::Null => format!("{name}-set"),
                    other => other.to_string(),
                };
                format!("<member><ParameterKey>{name}</ParameterKey><ParameterValue>{value}</ParameterValue></member>")
            })
            .collect();
        let mut before = read.clone();
        before["Resources"]["ExtractFunction"]["Properties"]["MemorySize"] = 513.into();
        Self {
            template: before.to_string(),
            parameters: parameters.concat(),
            changes,
            asked: Mutex::default(),
        }
    }

    fn answer(&self, action: &str) -> String {
        let result = match action {
            "DescribeStacks" => format!(
                "<Stacks><member><StackName>vision</StackName><StackId>{STACK_ID}</StackId><CreationTime>2026-11-21T00:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus><Outputs><member><OutputKey>BucketName</OutputKey><OutputValue>assets</OutputValue></member></Outputs><Parameters>{}</Parameters></member></Stacks>",
                self.parameters
            ),
            "GetTemplate" => {
                let escaped = self.template.replace('&', "&amp;").replace('<', "&lt;");
                format!("<TemplateBody>{escaped}</TemplateBody>")
            }
            "CreateChangeSet" => format!("<Id>change-set</Id><StackId>{STACK_ID}</StackId>"),
            "DescribeChangeSet" => format!(
                "<Status>CREATE_COMPLETE</Status><Changes>{}</Changes>",
                self.changes
            ),
            _ => String::new(),
        };
        format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>")
    }

    /// Reviews against it: the review, and what CloudFormation was asked.
    fn review(self, arguments: &[&str]) -> (Output, Vec<String>) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let cloud = Arc::new(self);
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(cloud.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        let mut all = vec!["diff", "--deployed", "vision", "--endpoint-url", &url];
        all.extend(arguments);
        let output = infra(&all);
        let asked = cloud.asked.lock().unwrap().clone();
        (output, asked)
    }
}

async fn answer(State(cloud): State<Arc<Cloud>>, form: String) -> String {
    let action = form
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="));
    let action = action.unwrap_or_default();
    cloud.asked.lock().unwrap().push(action.to_owned());
    cloud.answer(action)
}

fn infra(arguments: &[&str]) -> Output {
    let binary = Command::new(env!("CARGO_BIN_EXE_infra"))
        .args(arguments)
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .output();
    binary.unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// The queue is not named in the templates' difference.
const SURPRISE: &str = "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>ImagesQueue</LogicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType><Replacement>True</Replacement><PolicyAction>ReplaceAndDelete</PolicyAction><Details><member><Target><Attribute>Properties</Attribute><Name>QueueName</Name><RequiresRecreation>Always</RequiresRecreation></Target><Evaluation>Static</Evaluation><ChangeSource>DirectModification</ChangeSource></member></Details></ResourceChange></member>";

#[test]
fn what_cloudformation_intends_beyond_the_templates_fails_the_review() {
    let (output, asked) = Cloud::new(SURPRISE).review(&["--change-set"]);
    let review = text(&output.stdout);
    assert_eq!(
        output.status.code(),
        Some(10),
        "{review}{}",
        text(&output.stderr)
    );
    assert!(
        review.contains("CLOUDFORMATION INTENDS WHAT THIS REVIEW DOES NOT SHOW\n  ! ImagesQueue"),
        "{review}"
    );
    // The change in the templates, of which this CloudFormation does not speak.
    assert!(
        review.contains("Properties.MemorySize: 513 -> "),
        "{review}"
    );
    assert!(
        review.contains("CloudFormation does not intend"),
        "{review}"
    );
    let changes: Vec<_> = asked
        .iter()
        .filter(|action| action.contains("ChangeSet"))
        .collect();
    assert_eq!(
        changes,
        [
            "ListChangeSets",
            "CreateChangeSet",
            "DescribeChangeSet",
            "DeleteChangeSet"
        ],
        "it is deleted, and never executed"
    );
}

#[test]
fn without_being_asked_cloudformation_makes_no_change_set() {
    let (output, asked) = Cloud::new(SURPRISE).review(&["-p", "RecordDays=30", "--fail-on", "any"]);
    let review = text(&output.stdout);
    assert_eq!(output.status.code(), Some(7), "{review}");
    assert!(review.contains("ExpirationInDays: 730 -> 30"), "{review}");
    assert_eq!(asked, ["DescribeStacks", "GetTemplate"]);
}
