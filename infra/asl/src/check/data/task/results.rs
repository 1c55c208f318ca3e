//! What optimised integrations answer.
//!
//! Source: developer guide, the page of each service under "Integrating optimized services with Step Functions". What an AWS
//! SDK integration answers is not known here: give a schema under the name of the state.

use jsonata::Shape;

/// The answer of an action; anything when it is not known.
pub(super) fn of(action: &str, pattern: Option<&str>) -> Shape {
    match (action, pattern) {
        ("bedrock:invokeModel", None) => answered([
            ("Body", Shape::json()),
            ("ContentType", Shape::text()),
            ("PerformanceConfigLatency", Shape::text().or_undefined()),
            ("ServiceTier", Shape::text().or_undefined()),
        ]),
        ("dynamodb:getItem", None) => answered([
            ("Item", Shape::map(Shape::json()).or_undefined()),
            ("ConsumedCapacity", Shape::map(Shape::json()).or_undefined()),
        ]),
        ("dynamodb:putItem" | "dynamodb:updateItem" | "dynamodb:deleteItem", None) => answered([
            ("Attributes", Shape::map(Shape::json()).or_undefined()),
            ("ConsumedCapacity", Shape::map(Shape::json()).or_undefined()),
            (
                "ItemCollectionMetrics",
                Shape::map(Shape::json()).or_undefined(),
            ),
        ]),
        ("events:putEvents", None) => answered([
            ("Entries", Shape::array(Shape::map(Shape::json()))),
            ("FailedEntryCount", Shape::number()),
        ]),
        ("sns:publish", None) => answered([
            ("MessageId", Shape::text()),
            ("SequenceNumber", Shape::text().or_undefined()),
        ]),
        ("sqs:sendMessage", None) => answered([
            ("MD5OfMessageAttributes", Shape::text().or_undefined()),
            ("MD5OfMessageBody", Shape::text()),
            ("MD5OfMessageSystemAttributes", Shape::text().or_undefined()),
            ("MessageId", Shape::text()),
            ("SequenceNumber", Shape::text().or_undefined()),
        ]),
        ("states:startExecution", None) => answered([
            ("ExecutionArn", Shape::text()),
            // Seconds as a number, or a time as a text, as the encoding goes.
            ("StartDate", Shape::number().join(&Shape::text())),
        ]),
        // A text of JSON with `.sync`, the value itself with `.sync:2`.
        ("states:startExecution", Some("sync")) => execution(&Shape::text()),
        ("states:startExecution", Some("sync:2")) => execution(&Shape::json()),
        _ => Shape::json(),
    }
}

/// An execution that is over, as `DescribeExecution` tells it.
fn execution(data: &Shape) -> Shape {
    let time = Shape::number().join(&Shape::text());
    let details = Shape::map(Shape::json()).or_undefined();
    answered([
        ("Cause", Shape::text().or_undefined()),
        ("Error", Shape::text().or_undefined()),
        ("ExecutionArn", Shape::text()),
        ("Input", data.clone()),
        ("InputDetails", details.clone()),
        ("MapRunArn", Shape::text().or_undefined()),
        ("Name", Shape::text()),
        ("Output", data.clone()),
        ("OutputDetails", details),
        ("RedriveCount", Shape::number().or_undefined()),
        ("RedriveDate", time.clone().or_undefined()),
        ("RedriveStatus", Shape::text().or_undefined()),
        ("RedriveStatusReason", Shape::text().or_undefined()),
        ("StartDate", time.clone()),
        ("StateMachineAliasArn", Shape::text().or_undefined()),
        ("StateMachineArn", Shape::text()),
        ("StateMachineVersionArn", Shape::text().or_undefined()),
        ("Status", Shape::text()),
        ("StopDate", time),
        ("TraceHeader", Shape::text().or_undefined()),
    ])
}

/// The answer of a function in its envelope.
pub(super) fn lambda(payload: Shape) -> Shape {
    answered([
        ("ExecutedVersion", Shape::text().or_undefined()),
        ("FunctionError", Shape::text().or_undefined()),
        ("LogResult", Shape::text().or_undefined()),
        ("Payload", payload),
        ("StatusCode", Shape::number()),
    ])
}

/// With what every answer over HTTP has.
fn answered<const N: usize>(fields: [(&str, Shape); N]) -> Shape {
    let http = Shape::object([
        ("AllHttpHeaders", Shape::map(Shape::json()).or_undefined()),
        ("HttpHeaders", Shape::map(Shape::json()).or_undefined()),
        ("HttpStatusCode", Shape::number()),
    ]);
    let metadata = [
        ("SdkHttpMetadata", http.or_undefined()),
        (
            "SdkResponseMetadata",
            Shape::object([("RequestId", Shape::text())]).or_undefined(),
        ),
    ];
    Shape::object(fields.into_iter().chain(metadata))
}
