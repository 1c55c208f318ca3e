//! A CloudFormation that answers by what it is asked for, and remembers what that was.

use std::collections::BTreeMap;
use std::process::Output;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::aws::{Aws, STACK_ID, infra, result, stack};

/// An entry of a change set of which the templates know nothing.
pub(crate) const SURPRISE: &str = "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>ImagesQueue</LogicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType><Replacement>True</Replacement><PolicyAction>ReplaceAndDelete</PolicyAction><Details><member><Target><Attribute>Properties</Attribute><Name>QueueName</Name><RequiresRecreation>Always</RequiresRecreation></Target><Evaluation>Static</Evaluation><ChangeSource>DirectModification</ChangeSource></member></Details></ResourceChange></member>";

/// What a change set says of new memory, and of new code.
pub(crate) const MEMORY: &str = "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>ExtractFunction</LogicalResourceId><ResourceType>AWS::Lambda::Function</ResourceType><Replacement>False</Replacement><Details><member><Target><Attribute>Properties</Attribute><Name>MemorySize</Name><RequiresRecreation>Never</RequiresRecreation></Target><Evaluation>Static</Evaluation><ChangeSource>DirectModification</ChangeSource></member></Details></ResourceChange></member>";
pub(crate) const NEW_CODE: &str = "<member><Type>Resource</Type><ResourceChange><Action>Modify</Action><LogicalResourceId>ExtractFunction</LogicalResourceId><ResourceType>AWS::Lambda::Function</ResourceType><Replacement>False</Replacement><Details><member><Target><Attribute>Properties</Attribute><Name>Code</Name><RequiresRecreation>Never</RequiresRecreation></Target><Evaluation>Static</Evaluation><ChangeSource>ParameterReference</ChangeSource><CausingEntity>ExtractCodeKey</CausingEntity></member></Details></ResourceChange></member>";

const REMOVED: &str = "<member><Type>Resource</Type><ResourceChange><Action>Remove</Action><LogicalResourceId>OldAlarm</LogicalResourceId><ResourceType>AWS::CloudWatch::Alarm</ResourceType><PolicyAction>Delete</PolicyAction></ResourceChange></member>";

/// What any stack has: the output by which that of the asset bucket names it, and a tag.
const FIELDS: &str = "<Tags><member><Key>colophon:stage</Key><Value>production</Value></member></Tags><Outputs><member><OutputKey>BucketName</OutputKey><OutputValue>assets</OutputValue></member></Outputs>";

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
    /// How often a history was asked for.
    histories: usize,
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

    /// The stack of the working tree, deployed with a resource that is in it no more.
    pub(crate) fn with_one_more() -> Self {
        let mut cloud = Self::of_working_tree(REMOVED);
        cloud.deployed["Resources"]["OldAlarm"] = json!({"Type": "AWS::CloudWatch::Alarm", "Properties": {
            "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}});
        cloud
    }

    /// The stack of the working tree, deployed as it is.
    pub(crate) fn as_it_is() -> Self {
        Self::of_working_tree("")
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

    /// Of any stack: whenever it is asked for, an operation has begun and ended.
    fn history(&self) -> String {
        let number = self.heard.lock().unwrap().histories;
        format!(
            "<StackEvents><member><StackId>{STACK_ID}</StackId><EventId>{number}-ended</EventId><StackName>vision</StackName><LogicalResourceId>vision</LogicalResourceId><PhysicalResourceId>{STACK_ID}</PhysicalResourceId><Timestamp>2026-11-21T10:00:00Z</Timestamp><ResourceStatus>UPDATE_COMPLETE</ResourceStatus></member><member><StackId>{STACK_ID}</StackId><EventId>{number}</EventId><StackName>vision</StackName><LogicalResourceId>vision</LogicalResourceId><PhysicalResourceId>{STACK_ID}</PhysicalResourceId><Timestamp>2026-11-21T10:00:00Z</Timestamp><ResourceStatus>UPDATE_IN_PROGRESS</ResourceStatus></member></StackEvents>"
        )
    }

    /// What the last change set was asked for beside template and parameters, as CloudFormation tells it again.
    fn planned_settings(&self) -> String {
        let heard = self.heard.lock().unwrap();
        let asked = heard.created.last().map(String::as_str).unwrap_or_default();
        let fields: Vec<(String, String)> = form(asked).collect();
        let of = |name: String| {
            let found = fields.iter().find(|(field, _)| *field == name);
            found.map(|(_, value)| value)
        };
        let tags = (1..).map_while(|number| {
            let key = of(format!("Tags.member.{number}.Key"))?;
            let value = of(format!("Tags.member.{number}.Value"))?;
            Some(format!(
                "<member><Key>{key}</Key><Value>{value}</Value></member>"
            ))
        });
        let tags = tags.collect::<String>();
        let topic = of("NotificationARNs.member.1".to_owned());
        let topic = topic.map(|arn| format!("<member>{arn}</member>"));
        let description = of("Description".to_owned());
        format!(
            "<Description>{}</Description><Tags>{tags}</Tags><NotificationARNs>{}</NotificationARNs>",
            description.map_or("", String::as_str),
            topic.unwrap_or_default()
        )
    }

    /// The stack in this state, with its parameters and these fields.
    pub(crate) fn stack(&self, status: &str, fields: &str) -> String {
        stack(status, &format!("{fields}{}", xml(&self.parameters)))
    }

    fn answer(&self, action: &str, form: &str) -> String {
        let answer = match action {
            "DescribeStacks" => return self.stack("UPDATE_COMPLETE", FIELDS),
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
            "CreateChangeSet" => format!(
                "<Id>arn:aws:cloudformation:eu-central-1:111122223333:changeSet/colophon-0123456789abcdef/0001</Id><StackId>{STACK_ID}</StackId>"
            ),
            "DescribeChangeSet" if self.changes.is_empty() => {
                "<Status>FAILED</Status><StatusReason>The submitted information didn't contain changes.</StatusReason>".to_owned()
            }
            "DescribeChangeSet" => format!(
                "<Status>CREATE_COMPLETE</Status><ExecutionStatus>AVAILABLE</ExecutionStatus>{}{}<Changes>{}</Changes>",
                self.planned_settings(),
                xml(&self.planned_parameters),
                self.changes
            ),
            "DescribeStackEvents" => self.history(),
            "GetCallerIdentity" => "<Account>111122223333</Account>".to_owned(),
            _ => String::new(),
        };
        result(action, &answer)
    }

    /// Runs commands against it, one after the other.
    pub(crate) fn run(self, commands: &[&[&str]]) -> Ran {
        let cloud = Arc::new(self);
        let answering = cloud.clone();
        let served = Aws::new(move |name, body| answering.hear(name, body)).serve();
        let commands = commands.iter();
        let outputs = commands
            .map(|arguments| infra(&[*arguments, &["--endpoint-url", &served.url]].concat()))
            .collect();
        let heard = std::mem::take(&mut *cloud.heard.lock().unwrap());
        Ran {
            outputs,
            asked: heard.actions,
            created: heard.created,
        }
    }

    /// Questions about the bucket of packages are answered, and not remembered.
    pub(crate) fn hear(&self, name: &str, body: &str) -> String {
        if name.contains('/') {
            return storage(name, body).to_owned();
        }
        if name == "DescribeStackEvents" {
            self.heard.lock().unwrap().histories += 1;
        }
        if is_about_the_bucket(body) {
            let id = "stack/colophon-assets/0001";
            return self.answer(name, body).replace("stack/vision/0001", id);
        }
        if name != "GetCallerIdentity" {
            let mut heard = self.heard.lock().unwrap();
            heard.actions.push(name.to_owned());
            if name == "CreateChangeSet" {
                heard.created.push(body.to_owned());
            }
        }
        self.answer(name, body)
    }
}

/// The fields of a request, as far as these are the characters of ARNs and words.
fn form(body: &str) -> impl Iterator<Item = (String, String)> {
    let fields = body.split('&').filter_map(|field| field.split_once('='));
    fields.map(|(name, value)| {
        let value = value.replace("%3A", ":").replace("%2F", "/");
        (name.to_owned(), value.replace("%20", " ").replace('+', " "))
    })
}

/// A bucket that takes what comes and keeps nothing of it.
fn storage(name: &str, body: &str) -> &'static str {
    match name.split_once(' ') {
        Some(("GET", _)) => "<ListMultipartUploadsResult/>",
        Some(("POST", _)) if body.is_empty() => {
            "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>"
        }
        Some(("POST", _)) => "<CompleteMultipartUploadResult/>",
        _ => "",
    }
}

/// Whether a request is about the stack of the asset bucket.
pub(crate) fn is_about_the_bucket(body: &str) -> bool {
    let mut stack = body
        .split('&')
        .filter_map(|pair| pair.strip_prefix("StackName="));
    stack.any(|stack| stack.contains("colophon-assets"))
}

fn xml(parameters: &BTreeMap<String, String>) -> String {
    let members = parameters.iter().map(|(name, value)| {
        format!("<member><ParameterKey>{name}</ParameterKey><ParameterValue>{value}</ParameterValue></member>")
    });
    let members: Vec<_> = members.collect();
    format!("<Parameters>{}</Parameters>", members.concat())
}
