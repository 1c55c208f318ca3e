//! The ports of a table over the wire.

use serde_json::{Value, json};
use shared::Phase;
use shared::run::{Clients, Condition, ErrorKind, ItemUpdate, Run, Scalar};
use shared_derive::Ports;

use crate::ports;
use crate::server::{Answer, Server};

#[derive(Ports)]
struct Items<P: Phase> {
    rows: P::ReadItems,
    row_writes: P::WriteItems,
    open: P::QueryItems,
}

fn items(answers: Vec<Answer>) -> (Items<Run>, Server) {
    let server = Server::answering(answers);
    let clients = Clients::from_config(server.config());
    let variables = [
        ("ROWS", "batch-jobs"),
        ("ROW_WRITES", "batch-jobs"),
        ("OPEN", "batch-jobs/open-jobs"),
    ];
    (ports(&clients, &variables).unwrap(), server)
}

fn sent(server: &Server, number: usize) -> Value {
    serde_json::from_str(&server.requests()[number].body).unwrap()
}

fn refused(code: &str) -> Answer {
    let body =
        json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "no" });
    Answer::failed(400, &body.to_string())
}

#[tokio::test]
async fn get_reads_what_was_written_before() {
    let item = json!({ "Item": { "job_name": { "S": "jokes" }, "chunk": { "N": "3" } } });
    let (ports, server) = items(vec![Answer::ok(&item.to_string()), Answer::ok("{}")]);
    let item = ports
        .rows
        .get(("job_name", "jokes"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(item["job_name"].text(), Some("jokes"));
    assert_eq!(
        (item["chunk"].number(), item["chunk"].text()),
        (Some(3), None)
    );
    assert_eq!(
        sent(&server, 0),
        json!({ "TableName": "batch-jobs", "Key": { "job_name": { "S": "jokes" } }, "ConsistentRead": true })
    );
    let target = server.requests()[0]
        .header("x-amz-target")
        .map(str::to_owned);
    assert_eq!(target.as_deref(), Some("DynamoDB_20120810.GetItem"));
    assert_eq!(ports.rows.get(("job_name", "other")).await.unwrap(), None);
}

#[tokio::test]
async fn attributes_of_other_types_are_no_items_of_ours() {
    for value in [json!({ "BOOL": true }), json!({ "N": "1.5" })] {
        let item = json!({ "Item": { "job_name": { "S": "jokes" }, "odd": value } });
        let (ports, _server) = items(vec![Answer::ok(&item.to_string())]);
        let error = ports.rows.get(("job_name", "jokes")).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert!(error.to_string().contains("attribute `odd`"), "{error}");
    }
}

#[tokio::test]
async fn update_is_an_expression_with_all_conditions() {
    let (ports, server) = items(vec![Answer::ok("{}")]);
    let update = ItemUpdate::new("job_name", "jokes")
        .set("status", "Completed")
        .set("errors", 2)
        .remove("token")
        .remove("open")
        .when(Condition::Exists("job_name".into()))
        .when(Condition::Missing("job_arn".into()))
        .when(Condition::Equals("status".into(), "Submitting".into()))
        .when(Condition::NoneOf(
            "status".into(),
            vec!["Failed".into(), "Stopped".into()],
        ))
        .when(Condition::NoneOf("status".into(), Vec::new()));
    assert!(ports.row_writes.update(&update).await.unwrap());
    assert_eq!(
        sent(&server, 0),
        json!({
            "TableName": "batch-jobs",
            "Key": { "job_name": { "S": "jokes" } },
            "UpdateExpression": "SET #n0 = :v0, #n1 = :v1 REMOVE #n2, #n3",
            "ConditionExpression":
                "attribute_exists(#n4) AND attribute_not_exists(#n5) AND #n0 = :v2 AND NOT (#n0 IN (:v3, :v4))",
            "ExpressionAttributeNames": {
                "#n0": "status", "#n1": "errors", "#n2": "token", "#n3": "open", "#n4": "job_name", "#n5": "job_arn"
            },
            "ExpressionAttributeValues": {
                ":v0": { "S": "Completed" }, ":v1": { "N": "2" }, ":v2": { "S": "Submitting" },
                ":v3": { "S": "Failed" }, ":v4": { "S": "Stopped" }
            }
        })
    );
}

#[tokio::test]
async fn an_update_of_nothing_has_no_expressions() {
    let (ports, server) = items(vec![Answer::ok("{}")]);
    let update = ItemUpdate::new("job_name", "jokes");
    assert!(ports.row_writes.update(&update).await.unwrap());
    assert_eq!(
        sent(&server, 0),
        json!({ "TableName": "batch-jobs", "Key": { "job_name": { "S": "jokes" } } })
    );
}

#[tokio::test]
async fn a_condition_that_does_not_hold_is_no_error() {
    let (ports, server) = items(vec![refused("ConditionalCheckFailedException")]);
    let update = ItemUpdate::new("job_name", "jokes").set("status", Scalar::from("Failed"));
    assert!(!ports.row_writes.update(&update).await.unwrap());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn errors_are_of_their_kind() {
    let kinds = [
        (
            "ProvisionedThroughputExceededException",
            ErrorKind::Throttled,
            3,
        ),
        ("TransactionConflictException", ErrorKind::Unavailable, 1),
        ("ResourceNotFoundException", ErrorKind::Missing, 1),
        ("AccessDeniedException", ErrorKind::Denied, 1),
        ("ValidationException", ErrorKind::Invalid, 1),
    ];
    for (code, kind, attempts) in kinds {
        let (ports, server) = items(vec![refused(code)]);
        let update = ItemUpdate::new("job_name", "jokes").remove("token");
        let error = ports.row_writes.update(&update).await.unwrap_err();
        assert_eq!((error.kind, error.code.as_str()), (kind, code));
        assert_eq!(error.target, "batch-jobs/jokes");
        assert!(server.requests().len() >= attempts, "{code}");
    }
}

#[tokio::test]
async fn query_follows_all_pages_of_the_index() {
    let page = |name: &str, more: bool| {
        let mut page =
            json!({ "Items": [{ "job_name": { "S": name } }], "Count": 1, "ScannedCount": 1 });
        if more {
            page["LastEvaluatedKey"] = json!({ "job_name": { "S": name }, "open": { "S": "yes" } });
        }
        Answer::ok(&page.to_string())
    };
    let (ports, server) = items(vec![page("a", true), page("b", false)]);
    assert_eq!(
        (ports.open.table(), ports.open.index()),
        ("batch-jobs", "open-jobs")
    );
    let found = ports.open.query(("open", "yes")).await.unwrap();
    let names: Vec<_> = found
        .iter()
        .filter_map(|item| item["job_name"].text())
        .collect();
    assert_eq!(names, ["a", "b"]);
    let first = sent(&server, 0);
    assert_eq!(first["IndexName"], "open-jobs");
    assert_eq!(first["KeyConditionExpression"], "#key = :key");
    assert_eq!(first["ExpressionAttributeNames"], json!({ "#key": "open" }));
    assert_eq!(
        first["ExpressionAttributeValues"],
        json!({ ":key": { "S": "yes" } })
    );
    assert_eq!(sent(&server, 1)["ExclusiveStartKey"]["job_name"]["S"], "a");
}
