//! What generated builders offer beyond plain setters.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use cfn::intrinsics::sub;
use cfn::{
    Arn, IntoValue, Node, Principal, Resource, Statement, Template, Value, bedrock, dynamodb,
    events, kinesis, lambda, s3, sns, sqs,
};

fn json(resource: impl Resource) -> serde_json::Value {
    let (_, properties) = resource.into_parts();
    serde_json::to_value(properties).unwrap()
}

#[test]
fn alternatives_are_constructors() {
    let vectors = bedrock::knowledge_base::S3VectorsConfiguration::with_index_arn(
        "arn:aws:s3vectors:eu-west-1:1:bucket/b/index/i",
    );
    let storage =
        bedrock::knowledge_base::StorageConfiguration::with_s3_vectors_configuration(vectors)
            .type_(bedrock::knowledge_base::KnowledgeBaseStorageType::S3Vectors);
    let value: Value<bedrock::knowledge_base::StorageConfiguration> = storage.into_value();
    assert_eq!(
        value.node().get("Type").and_then(Node::as_text),
        Some("S3_VECTORS")
    );
    assert!(
        value
            .node()
            .get("S3VectorsConfiguration")
            .unwrap()
            .get("IndexArn")
            .is_some()
    );
}

#[test]
fn enumerations_stay_open() {
    use lambda::function::Runtime;
    assert_eq!(Runtime::Python3_12.as_str(), "python3.12");
    assert_eq!(
        Runtime::Other("provided.al2099".to_owned()).as_str(),
        "provided.al2099"
    );
}

#[test]
fn what_the_specification_does_not_know_is_set_raw() {
    let bucket = s3::Bucket::new()
        .raw("Quantum", serde_json::json!({"Entangled": true}))
        .bucket_name("a-name");
    assert_eq!(
        json(bucket),
        serde_json::json!({"BucketName": "a-name", "Quantum": {"Entangled": true}})
    );
}

#[test]
fn every_own_arn_is_called_arn() {
    let mut template = Template::new("ARNs");
    let topic = template.add("Topic", sns::Topic::new());
    let arn: Value<Arn<sns::Topic>> = topic.arn();
    assert_eq!(arn, topic.topic_arn());
    let by_reference: Value<Arn<sns::Topic>> = topic.reference();
    assert_eq!(
        by_reference.node(),
        &Node::parse_json(r#"{"Ref":"Topic"}"#).unwrap()
    );
}

#[test]
fn a_property_accepts_each_kind_of_resource_that_the_specification_names() {
    let mut template = Template::new("Sources");
    let queue = template.add("Queue", sqs::Queue::new());
    let stream = template.add("Stream", kinesis::Stream::new());
    let key = dynamodb::table::KeySchemaItem::new()
        .attribute_name("id")
        .key_type(dynamodb::table::KeyType::Hash);
    let table = template.add("Table", dynamodb::Table::new().key_schema([key]));
    let mapping = || lambda::EventSourceMapping::new().function_name("by-name");
    let source = |mapping: lambda::EventSourceMapping| json(mapping)["EventSourceArn"].clone();
    let attribute =
        |resource: &str, name: &str| serde_json::json!({"Fn::GetAtt": [resource, name]});
    assert_eq!(
        source(mapping().event_source_arn(queue.arn())),
        attribute("Queue", "Arn")
    );
    assert_eq!(
        source(mapping().event_source_arn(stream.arn())),
        attribute("Stream", "Arn")
    );
    assert_eq!(
        source(mapping().event_source_arn(table.stream_arn())),
        attribute("Table", "StreamArn")
    );
    assert_eq!(
        source(mapping().event_source_arn(Arn::<sqs::Queue>::literal("arn:aws:sqs:::q"))),
        "arn:aws:sqs:::q"
    );
    assert_eq!(
        source(mapping().event_source_arn(sub("arn:x").assume_arn())),
        serde_json::json!({"Fn::Sub": "arn:x"})
    );
}

#[test]
fn identities_are_text_wherever_text_is_wanted() {
    let mut template = Template::new("Text");
    let queue = template.add("Queue", sqs::Queue::new());
    let variables = BTreeMap::from([
        ("ARN", Value::<String>::from(queue.arn())),
        ("URL", queue.reference().into()),
    ]);
    let environment: Value<_> = lambda::function::Environment::new()
        .variables(variables)
        .into_value();
    let expected = r#"{"Variables":{"ARN":{"Fn::GetAtt":["Queue","Arn"]},"URL":{"Ref":"Queue"}}}"#;
    assert_eq!(environment.node(), &Node::parse_json(expected).unwrap());
}

#[test]
fn free_json_takes_statements() {
    let statement = Statement::allow()
        .principal(Principal::aws("123456789012"))
        .action("events:PutEvents");
    let policy = events::EventBusPolicy::new()
        .statement_id("Put")
        .statement(statement);
    assert_eq!(json(policy)["Statement"]["Effect"], "Allow");
}
