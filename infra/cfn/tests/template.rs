//! What surrounds resources: parameters, conditions, outputs, policies, tags, limits, and mistakes.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use cfn::intrinsics::{if_, raw};
use cfn::{
    Arn, DeletionPolicy, Document, Error, Mapping, Node, Output, Parameter, PolicyDocument,
    Principal, RawResource, SizeClass, Statement, Tag, Template, Test, athena, glue, iam, pseudo,
    s3, sqs, ssm,
};

fn errors(template: &Template) -> Vec<Error> {
    template.synthesize().unwrap_err().0
}

fn properties<'a>(document: &'a Document, logical_id: &str) -> &'a Node {
    let (_, resource) = document
        .resources()
        .find(|(name, _)| *name == logical_id)
        .unwrap();
    resource.get("Properties").unwrap()
}

#[test]
fn every_section() {
    let mut template = Template::new("Every section");
    template.metadata("Owner", "platform");
    template.tag("Project", "colophon");
    let stage = template.parameter(
        "Stage",
        Parameter::<String>::new()
            .description("Where to")
            .default_value("test")
            .allowed_values(["test", "live"]),
    );
    let rate = template.parameter(
        "Rate",
        Parameter::<i64>::new().default_value(40).range(1, 1000),
    );
    let role = template.parameter("Role", Parameter::<Arn<iam::Role>>::new().no_echo());
    let days = template.mapping(
        "Days",
        Mapping::new()
            .row("test", [("Keep", 1)])
            .row("live", [("Keep", 30)]),
    );
    let live = template.condition("Live", Test::equals(&stage, "live"));
    let not_live = template.condition("NotLive", live.test().negate());
    template.condition(
        "Either",
        Test::any([
            live.test(),
            Test::all([not_live.test(), Test::equals("a", "a")]),
        ]),
    );

    let queue = template.add(
        "Queue",
        sqs::Queue::new()
            .visibility_timeout(&rate)
            .tags([Tag::new("Project", "mine")]),
    );
    let bucket = template.add(
        "Bucket",
        s3::Bucket::new()
            .bucket_name(if_::<cfn::Id<s3::Bucket>>(&live, "a-name", pseudo::no_value()).untyped()),
    );
    template.configure(&bucket, |entry| {
        entry
            .depends_on(&queue)
            .deletion_policy(DeletionPolicy::Retain)
            .update_replace_policy(DeletionPolicy::Retain)
            .condition(&live)
            .metadata("Reason", "kept for auditors")
    });
    template.add(
        "Crawler",
        glue::Crawler::new()
            .role(&role)
            .targets(glue::crawler::Targets::new())
            .raw("Schedule", serde_json::json!({})),
    );
    template.add(
        "Other",
        RawResource::new("AWS::EC2::EIP").raw("Domain", "vpc"),
    );
    template.add(
        "Keep",
        ssm::Parameter::new()
            .type_(ssm::parameter::Type::String)
            .value(days.find(&stage, "Keep")),
    );
    template.output(
        "QueueUrl",
        Output::new(queue.reference())
            .description("The queue")
            .export(pseudo::stack_name())
            .condition(&live),
    );
    let document = template.synthesize().unwrap();
    insta::with_settings!({ snapshot_path => "../../../snapshots/cfn", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("sections.json", document.to_json());
        insta::assert_snapshot!("sections.yaml", document.to_yaml());
    });
}

#[test]
fn policies_group_principals_and_conditions() {
    let policy = PolicyDocument::new()
        .statement(
            Statement::allow()
                .sid("Read")
                .principal(Principal::service("s3.amazonaws.com"))
                .principal(Principal::aws(pseudo::account_id()))
                .principal(Principal::service("logging.s3.amazonaws.com"))
                .actions(["s3:GetObject", "s3:ListBucket"])
                .resource("arn:aws:s3:::a")
                .condition("StringEquals", "aws:SourceAccount", pseudo::account_id())
                .condition_any("StringEquals", "s3:prefix", ["a/", "b/"])
                .condition("Bool", "aws:SecureTransport", "true"),
        )
        .statement(
            Statement::deny()
                .principal(Principal::anyone())
                .not_actions(["s3:Get*"])
                .not_resources(["arn:aws:s3:::b"]),
        );
    let expected = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Principal": {
                    "Service": ["s3.amazonaws.com", "logging.s3.amazonaws.com"],
                    "AWS": [{"Ref": "AWS::AccountId"}],
                },
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": ["arn:aws:s3:::a"],
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}, "s3:prefix": ["a/", "b/"]},
                    "Bool": {"aws:SecureTransport": "true"},
                },
            },
            {"Effect": "Deny", "Principal": "*", "NotAction": ["s3:Get*"], "NotResource": ["arn:aws:s3:::b"]},
        ],
    });
    let node = cfn::Literal::into_node(policy);
    assert_eq!(serde_json::to_value(node).unwrap(), expected);
}

#[test]
fn tags_reach_every_form_of_tag_property_and_never_override() {
    let mut template = Template::new("Tags");
    template.tag("Project", "colophon");
    template.tag("Stage", pseudo::stack_name());
    template.add(
        "List",
        s3::Bucket::new().tags([Tag::new("Project", "mine")]),
    );
    template.add(
        "Map",
        glue::Trigger::new()
            .type_(glue::trigger::Type::OnDemand)
            .actions([glue::trigger::Action::new()])
            .tags([("Stage", "mine")]),
    );
    template.add(
        "None",
        athena::NamedQuery::new()
            .database("d")
            .query_string("SELECT 1"),
    );
    let document = template.synthesize().unwrap();
    let tags = |id| {
        properties(&document, id)
            .get("Tags")
            .map(|tags| serde_json::to_string(tags).unwrap())
    };
    assert_eq!(
        tags("List").unwrap(),
        r#"[{"Key":"Project","Value":"mine"},{"Key":"Stage","Value":{"Ref":"AWS::StackName"}}]"#
    );
    assert_eq!(
        tags("Map").unwrap(),
        r#"{"Stage":"mine","Project":"colophon"}"#
    );
    assert_eq!(tags("None"), None);
}

#[test]
fn tags_that_are_a_function_cannot_be_extended() {
    let mut template = Template::new("Tags");
    template.tag("Project", "colophon");
    template.add(
        "Bucket",
        s3::Bucket::new().tags(raw(serde_json::json!({"Fn::If": ["A", [], []]}))),
    );
    assert!(
        matches!(&errors(&template)[..], [Error::TagsUnknown { logical_id, .. }] if logical_id.as_str() == "Bucket")
    );
}

#[test]
fn resources_change_after_they_were_added() {
    let mut template = Template::new("Later");
    let bucket = template.add("Bucket", s3::Bucket::new());
    let queue = template.add("Queue", sqs::Queue::new());
    let notify = s3::bucket::QueueConfiguration::new()
        .event("s3:ObjectCreated:*")
        .queue(queue.arn());
    template.update(&bucket, |bucket| {
        bucket.notification_configuration(
            s3::bucket::NotificationConfiguration::new().queue_configurations([notify]),
        )
    });
    let document = template.synthesize().unwrap();
    assert!(
        properties(&document, "Bucket")
            .get("NotificationConfiguration")
            .is_some()
    );
}

#[test]
fn a_name_used_twice_is_reported_with_both_lines() {
    let mut template = Template::new("Twice");
    template.add("Bucket", s3::Bucket::new());
    template.parameter("Bucket", Parameter::<String>::new());
    let line = line!() - 2;
    let text = template.synthesize().unwrap_err().to_string();
    let (first, second) = (
        format!("tests/template.rs:{line}:14"),
        format!("tests/template.rs:{}:14", line + 1),
    );
    assert!(text.contains(&first) && text.contains(&second), "{text}");
}

#[test]
fn resources_remember_their_line() {
    let mut template = Template::new("Lines");
    template.add("Bucket", s3::Bucket::new());
    let line = line!() - 1;
    let location = template.resource("Bucket").unwrap().location();
    assert!(location.file().ends_with("tests/template.rs"));
    assert_eq!(location.line(), line);
}

#[test]
fn mistakes_are_collected() {
    let mut template = Template::new("x".repeat(1025));
    template.add("not-a-name", s3::Bucket::new());
    template.output("", Output::new("a"));
    let mut other = Template::new("Other");
    let foreign = other.add("Elsewhere", s3::Bucket::new());
    template.update(&foreign, |bucket| bucket);
    let errors = errors(&template);
    assert!(
        matches!(
            &errors[..],
            [
                Error::InvalidName { .. },
                Error::InvalidName { .. },
                Error::ForeignHandle { .. },
                Error::TooLong {
                    bytes: 1025,
                    limit: 1024,
                    ..
                }
            ]
        ),
        "{errors:?}"
    );
}

/// Adds one entry of that name.
type Add = fn(&mut Template, String);

#[test]
fn limits_are_checked() {
    assert_eq!(errors(&Template::new("Nothing")), [Error::Empty]);
    let cases: [(&str, usize, Add); 4] = [
        ("resources", 500, |template, name| {
            template.add(name, s3::Bucket::new());
        }),
        ("parameters", 200, |template, name| {
            template.parameter(name, Parameter::<String>::new());
        }),
        ("mappings", 200, |template, name| {
            template.mapping(name, Mapping::new().row("a", [("b", 1)]));
        }),
        ("outputs", 200, |template, name| {
            template.output(name, Output::new("value"));
        }),
    ];
    for (what, limit, add) in cases {
        let mut template = Template::new("Many");
        template.add(
            "Resource",
            RawResource::new("AWS::CloudFormation::WaitConditionHandle"),
        );
        let already = usize::from(what == "resources");
        for index in already..limit {
            add(&mut template, format!("Name{index}"));
        }
        assert!(template.synthesize().is_ok(), "{limit} {what} are accepted");
        add(&mut template, "OneMore".to_owned());
        assert_eq!(
            errors(&template),
            [Error::TooMany {
                what,
                count: limit + 1,
                limit
            }]
        );
    }
}

#[test]
fn names_have_at_most_255_characters() {
    let mut template = Template::new("Long names");
    template.add("A".repeat(255), s3::Bucket::new());
    assert!(template.synthesize().is_ok());
    template.add("B".repeat(256), s3::Bucket::new());
    assert!(matches!(
        &errors(&template)[..],
        [Error::InvalidName { .. }]
    ));
}

#[test]
fn size_decides_how_a_template_travels() {
    let with_payload = |bytes: usize| {
        let mut template = Template::new("Big");
        template.add(
            "Bucket",
            s3::Bucket::new().raw("Payload", "x".repeat(bytes)),
        );
        template
    };
    let overhead = with_payload(0).synthesize().unwrap().to_json().len();
    let class = |bytes: usize| {
        with_payload(bytes - overhead)
            .synthesize()
            .map(|document| document.size_class())
    };
    assert_eq!(class(51_200), Ok(SizeClass::Inline));
    assert_eq!(class(51_201), Ok(SizeClass::Object));
    assert_eq!(class(1_000_000), Ok(SizeClass::Object));
    let errors = class(1_000_001).unwrap_err().0;
    assert!(
        matches!(
            &errors[..],
            [Error::TooLong {
                bytes: 1_000_001,
                limit: 1_000_000,
                ..
            }]
        ),
        "{errors:?}"
    );
}
