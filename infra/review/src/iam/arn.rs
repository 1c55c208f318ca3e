//! ARNs in two forms: by an attribute, and put together from a name.
//!
//! `!GetAtt Bucket.Arn` and `arn:aws:s3:::${Bucket}` are one text. This is so for the types whose ARN is wholly made of what `Ref` or
//! another attribute gives. The partition is taken to be `aws`, as in the other form; see [`super::pattern`].

use std::collections::BTreeMap;

use super::pattern::{Pattern, Syntax};
use crate::meaning::{Meaning, Part};
use crate::template::Template;

/// The ARN of a type. `${}` stands for the name.
struct Form {
    kind: &'static str,
    /// The attributes that give it; the empty one is `Ref`.
    given_by: &'static [&'static str],
    arn: &'static str,
    /// The attribute that gives the name; the empty one is `Ref`.
    name: &'static str,
}

const fn form(
    kind: &'static str,
    given_by: &'static [&'static str],
    arn: &'static str,
    name: &'static str,
) -> Form {
    Form {
        kind,
        given_by,
        arn,
        name,
    }
}

/// `Ref` gives what the lifecycles of the specification call the primary identifier. The forms themselves are in no table here.
const FORMS: [Form; 15] = [
    form(
        "AWS::DynamoDB::Table",
        &["Arn"],
        "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${}",
        "",
    ),
    form(
        "AWS::ECR::Repository",
        &["Arn"],
        "arn:aws:ecr:${AWS::Region}:${AWS::AccountId}:repository/${}",
        "",
    ),
    form(
        "AWS::Events::EventBus",
        &["Arn"],
        "arn:aws:events:${AWS::Region}:${AWS::AccountId}:event-bus/${}",
        "",
    ),
    form(
        "AWS::IAM::Role",
        &["Arn"],
        "arn:aws:iam::${AWS::AccountId}:role/${}",
        "",
    ),
    form(
        "AWS::KMS::Key",
        &["Arn"],
        "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/${}",
        "",
    ),
    form(
        "AWS::Kinesis::Stream",
        &["Arn"],
        "arn:aws:kinesis:${AWS::Region}:${AWS::AccountId}:stream/${}",
        "",
    ),
    form(
        "AWS::KinesisFirehose::DeliveryStream",
        &["Arn"],
        "arn:aws:firehose:${AWS::Region}:${AWS::AccountId}:deliverystream/${}",
        "",
    ),
    form("AWS::Lambda::Function", &["Arn"], FUNCTION, ""),
    form(
        "AWS::Logs::LogGroup",
        &["Arn"],
        "arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:${}:*",
        "",
    ),
    form("AWS::S3::Bucket", &["Arn"], "arn:aws:s3:::${}", ""),
    form(
        "AWS::SNS::Topic",
        &["", "TopicArn"],
        "arn:aws:sns:${AWS::Region}:${AWS::AccountId}:${}",
        "TopicName",
    ),
    form(
        "AWS::SQS::Queue",
        &["Arn"],
        "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${}",
        "QueueName",
    ),
    form("AWS::Serverless::Function", &["Arn"], FUNCTION, ""),
    form(
        "AWS::Serverless::StateMachine",
        &["", "Arn"],
        MACHINE,
        "Name",
    ),
    form(
        "AWS::StepFunctions::StateMachine",
        &["", "Arn"],
        MACHINE,
        "Name",
    ),
];

const FUNCTION: &str = "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${}";
const MACHINE: &str = "arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${}";

/// The resources of a template whose ARNs can be put together, by the names of the new template.
#[derive(Default)]
pub(super) struct Arns(BTreeMap<String, &'static Form>);

impl Arns {
    pub(super) fn of(template: &Template<'_>) -> Self {
        let resources = template.resources().into_values();
        // A path would stand before the name of a role.
        let formed = resources.filter(|resource| resource.properties().get("Path").is_none());
        let known = formed.filter_map(|resource| {
            let form = FORMS.iter().find(|form| form.kind == resource.kind())?;
            Some((template.new_id(resource.id).to_owned(), form))
        });
        Self(known.collect())
    }

    /// The pattern of a text, in which ARNs are put together; shown as it is written.
    pub(super) fn pattern(&self, meaning: &Meaning, syntax: Syntax) -> Pattern {
        let written = Pattern::of(meaning, syntax);
        let parts = match meaning {
            Meaning::Text(parts) => parts.iter().map(|part| self.part(part)).collect(),
            value => vec![self.parts(value)],
        };
        if parts.iter().all(Option::is_none) {
            return written;
        }
        let originals: Vec<Part> = match meaning {
            Meaning::Text(parts) => parts.clone(),
            value => vec![Part::Value(value.clone())],
        };
        let put_together = (originals.into_iter().zip(parts))
            .flat_map(|(original, parts)| parts.unwrap_or_else(|| vec![original]));
        Pattern::of(&Meaning::Text(put_together.collect()), syntax).shown_as(written.to_string())
    }

    fn part(&self, part: &Part) -> Option<Vec<Part>> {
        match part {
            Part::Literal(_) => None,
            Part::Value(value) => self.parts(value),
        }
    }

    /// What an ARN is put together from; nothing when the value is none.
    fn parts(&self, value: &Meaning) -> Option<Vec<Part>> {
        let (id, attribute) = match value {
            Meaning::Resource(id) => (id, ""),
            Meaning::Attribute(id, attribute) => (id, attribute.as_str()),
            _ => return None,
        };
        let form = self.0.get(id)?;
        form.given_by.contains(&attribute).then(|| form.parts(id))
    }
}

impl Form {
    fn parts(&self, id: &str) -> Vec<Part> {
        let mut pieces = self.arn.split("${");
        let mut parts: Vec<Part> = (pieces.next().map(literal)).into_iter().collect();
        for (variable, after) in pieces.filter_map(|piece| piece.split_once('}')) {
            parts.push(Part::Value(match (variable, self.name) {
                ("", "") => Meaning::Resource(id.to_owned()),
                ("", name) => Meaning::Attribute(id.to_owned(), name.to_owned()),
                (parameter, _) => Meaning::Parameter(parameter.to_owned(), None),
            }));
            parts.push(literal(after));
        }
        parts
    }
}

fn literal(text: &str) -> Part {
    Part::Literal(text.to_owned())
}
