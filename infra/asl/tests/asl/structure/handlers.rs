//! Retriers and catchers.

use serde_json::{Value, json};

use super::{each, jsonpath, task};

fn retry(retriers: &Value) -> Value {
    task(&json!({"Retry": retriers}))
}

#[test]
fn handlers_name_errors_and_wait_within_bounds() {
    each(&[
        (retry(&json!([])), &[]),
        (
            retry(&json!([{"ErrorEquals": []}])),
            &["/States/A/Retry/0/ErrorEquals S001"],
        ),
        (
            retry(&json!([{"MaxAttempts": 1}])),
            &["/States/A/Retry/0 S002"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "MaxAttempts": -1}])),
            &["/States/A/Retry/0/MaxAttempts S005"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "MaxAttempts": "3"}])),
            &["/States/A/Retry/0/MaxAttempts S001"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "IntervalSeconds": 0}])),
            &["/States/A/Retry/0/IntervalSeconds S005"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "BackoffRate": 0.5}])),
            &["/States/A/Retry/0/BackoffRate S005"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "BackoffRate": 1}])),
            &[],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "JitterStrategy": "HALF"}])),
            &["/States/A/Retry/0/JitterStrategy S005"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"], "IntervalSeconds": 9, "MaxDelaySeconds": 5}])),
            &["/States/A/Retry/0/MaxDelaySeconds S005"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.Timeuot"]}])),
            &["/States/A/Retry/0/ErrorEquals/0 S030"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.Http.StatusCode.429"]}])),
            &[],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.Http.StatusCode.4xx"]}])),
            &["/States/A/Retry/0/ErrorEquals/0 S030"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.ALL", "A"]}])),
            &["/States/A/Retry/0/ErrorEquals S031"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["A"]}])),
            &["/States/A/Retry/0 S031"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["A"]}, {"ErrorEquals": ["B", "A"]}])),
            &["/States/A/Retry/1/ErrorEquals/1 S032"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.TaskFailed"]}, {"ErrorEquals": ["A"]}])),
            &["/States/A/Retry/1/ErrorEquals S032"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.Runtime"]}])),
            &["/States/A/Retry/0/ErrorEquals/0 S033"],
        ),
        (
            retry(&json!([{"ErrorEquals": ["States.DataLimitExceeded"]}])),
            &["/States/A/Retry/0/ErrorEquals/0 S033"],
        ),
        (
            task(&json!({"Catch": [{"ErrorEquals": ["A"]}]})),
            &["/States/A/Catch/0 S002"],
        ),
        (
            task(&json!({"Catch": {"ErrorEquals": ["A"]}})),
            &["/States/A/Catch S001"],
        ),
        (
            jsonpath(&json!({"Type": "Wait", "Seconds": 1, "End": true, "Retry": []})),
            &["/States/A/Retry S003"],
        ),
    ]);
}
