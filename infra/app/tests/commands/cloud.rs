//! A CloudFormation that answers by what it is asked for, and remembers what that was.

use std::collections::BTreeMap;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use serde_json::Value;

/// An entry of a change set of which the templates know nothing.
pub(crate) const SURPRISE: &str = "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>ImagesQueue</LogicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType><Replacement>True</Replacement><PolicyAction>ReplaceAndDelete</PolicyAction><Details><member><Target><Attribute>Properties</Attribute><Name>QueueName</Name><RequiresRecreation>Always</RequiresRecreation></Target><Evaluation>Static</Evaluation><ChangeSource>DirectModification</ChangeSource></member></Details></ResourceChange></member>";

/// What a change set says of new memory, and of new code.
pub(crate) const MEMORY: &str = "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>ExtractFunction</LogicalResourceId><ResourceType>AWS::Lambda::Function</ResourceType><Replacement>False</Replacement><Details><member><Target><Attribute>Properties</Attribute><Name>MemorySize</Name><RequiresRecreation>Never</RequiresRecreation></Target><Evaluation>Static</Evaluation><ChangeSource>DirectModification</ChangeSource></member></Details></ResourceChange></member>";
pub(crate) const NEW_CODE: &str = "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>ExtractFunction</LogicalResourceId><ResourceType>AWS::Lambda::Function</ResourceType><Replacement>False</Replacement><Details><member><Target><Attribute>Properties</Attribute><Name>Code</Name><RequiresRecreation>Never</RequiresRecreation></Target><Evaluation>Static</Evaluation><ChangeSource>ParameterReference</ChangeSource><CausingEntity>ExtractCodeKey</CausingEntity></member></Details></ResourceChange></member>";

const STACK_ID: &str = "arn:aws:cloudformation:eu-central-1:111122223333:stack/vision/1";

/// The stack `vision` as it is deployed, and as a change set would have it.
pub(crate) struct Cloud {
    deployed: Value,
    planned: Value,
    parameters: BTreeMap<String, String>,
    planned_parameters: BTreeMap<String, String>,
    changes: &'static str,
    heard: Mutex<Heard>,
}

/// What was asked about the stack.
#[derive(Default)]
struct Heard {
    actions: Vec<String>,
    /// The requests for change sets, as they were sent.
    created: Vec<String>,
}

/// What came of commands.
pub(crate) struct Ran {
    pub(crate) outputs: Vec<Output>,
    /// The actions that CloudFormation was asked for.
    pub(crate) asked: Vec<String>,
    /// The requests for change sets, as they were sent.
    pub(crate) created: Vec<String>,
}

impl Cloud {
    /// The stack of the working tree, deployed as it is but for one number.
    pub(crate) fn new(changes: &'static str) -> Self {
        let mut cloud = Self::of_working_tree(changes);
        cloud.deployed["Resources"]["ExtractFunction"]["Properties"]["MemorySize"] = 513.into();
        cloud
    }

    /// The stack of the working tree, deployed with another package of one function.
    pub(crate) fn with_other_code() -> Self {
        let mut cloud = Self::of_working_tree(NEW_CODE);
        let key = "ExtractCodeKey".to_owned();
        cloud.planned_parameters.insert(key, "new.zip".to_owned());
        cloud
    }

    fn of_working_tree(changes: &'static str) -> Self {
        let template = infra(&["synth", "vision", "--print", "json"]).stdout;
        let template: Value = serde_json::from_slice(&template).unwrap();
        let declared = template["Parameters"].as_object().unwrap().iter();
        let parameters: BTreeMap<String, String> = declared
            .map(|(name, declared)| {
                let value = match &declared["Default"] {
                    Value::String(text) => text.clone(),
                    Value::Null => format!("{name}-set"),
                    other => other.to_string(),
                };
                (name.clone(), value)
            })
            .collect();
        Self {
            deployed: template.clone(),
            planned: template,
            planned_parameters: parameters.clone(),
            parameters,
            changes,
            heard: Mutex::default(),
        }
    }

    fn answer(&self, action: &str, form: &str) -> String {
        let result = match action {
            "DescribeStacks" => format!(
                "<Stacks><member><StackName>vision</StackName><StackId>{STACK_ID}</StackId><CreationTime>2026-11-21T00:00:00Z</CreationTime><StackStatus>UPDATE_COMPLETE</StackStatus><Outputs><member><OutputKey>BucketName</OutputKey><OutputValue>assets</OutputValue></member></Outputs>{}</member></Stacks>",
                xml(&self.parameters)
            ),
            "GetTemplate" => {
                let of_change_set = form.contains("ChangeSetName=");
                let template = if of_change_set {
                    &self.planned
                } else {
                    &self.deployed
                };
                let text = template.to_string();
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                format!("<TemplateBody>{text}</TemplateBody>")
            }
            "CreateChangeSet" => format!("<Id>change-set</Id><StackId>{STACK_ID}</StackId>"),
            "DescribeChangeSet" => format!(
                "<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>{}<Changes>{}</Changes>",
                xml(&self.planned_parameters),
                self.changes
            ),
            "GetCallerIdentity" => "<Account>111122223333</Account>".to_owned(),
            _ => String::new(),
        };
        format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>")
    }

    /// Runs commands against it, one after the other.
    pub(crate) fn run(self, commands: &[&[&str]]) -> Ran {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let cloud = Arc::new(self);
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(cloud.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        let commands = commands.iter();
        let outputs = commands
            .map(|arguments| infra(&[*arguments, &["--endpoint-url", &url]].concat()))
            .collect();
        let heard = std::mem::take(&mut *cloud.heard.lock().unwrap());
        Ran {
            outputs,
            asked: heard.actions,
            created: heard.created,
        }
    }
}

fn xml(parameters: &BTreeMap<String, String>) -> String {
    let members = parameters.iter().map(|(name, value)| {
        format!("<member><ParameterKey>{name}</ParameterKey><ParameterValue>{value}</ParameterValue></member>")
    });
    let members: Vec<_> = members.collect();
    format!("<Parameters>{}</Parameters>", members.concat())
}

/// Questions about the bucket of packages are answered, and not remembered.
async fn answer(State(cloud): State<Arc<Cloud>>, body: Bytes) -> String {
    let form = String::from_utf8_lossy(&body);
    let action = form
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="));
    let Some(action) = action else {
        return String::new();
    };
    let mut stack = form
        .split('&')
        .filter_map(|pair| pair.strip_prefix("StackName="));
    if stack.any(|name| name.contains("colophon-assets")) {
        let id = "stack/colophon-assets/1";
        return cloud.answer(action, &form).replace("stack/vision/1", id);
    }
    if action != "GetCallerIdentity" {
        let mut heard = cloud.heard.lock().unwrap();
        heard.actions.push(action.to_owned());
        if action == "CreateChangeSet" {
            heard.created.push(form.to_string());
        }
    }
    cloud.answer(action, &form)
}

pub(crate) fn infra(arguments: &[&str]) -> Output {
    let binary = Command::new(env!("CARGO_BIN_EXE_infra"))
        .args(arguments)
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .output();
    binary.unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
