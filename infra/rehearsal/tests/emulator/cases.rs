//! Machines for both.

use rehearsal::{Mock, Rehearsal};
use serde_json::{Value, json};

/// A machine, its input, and what the emulator's services answer to its tasks.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) definition: Value,
    pub(crate) input: Value,
    mocks: Vec<(&'static str, Mock<'static>)>,
    /// What is in the object `items` of a bucket.
    pub(crate) object: Option<(&'static str, &'static str)>,
}

impl Case {
    fn jsonata(name: &'static str, input: Value, states: Value) -> Self {
        Self::of(name, "JSONata", input, states)
    }

    fn json_path(name: &'static str, input: Value, states: Value) -> Self {
        Self::of(name, "JSONPath", input, states)
    }

    fn of(name: &'static str, language: &str, input: Value, states: Value) -> Self {
        let start = states.as_object().unwrap().keys().next().unwrap().clone();
        let definition = json!({"QueryLanguage": language, "StartAt": start, "States": states});
        Self {
            name,
            definition,
            input,
            mocks: Vec::new(),
            object: None,
        }
    }

    fn mock(mut self, state: &'static str, mock: Mock<'static>) -> Self {
        self.mocks.push((state, mock));
        self
    }

    fn object(mut self, bucket: &'static str, object: &'static str) -> Self {
        self.object = Some((bucket, object));
        self
    }

    pub(crate) fn rehearsal(self) -> Rehearsal<'static> {
        let mut rehearsal = Rehearsal::of(&self.definition).input(self.input);
        if let Some((bucket, object)) = self.object {
            rehearsal = rehearsal.object(bucket, "items", object);
        }
        self.mocks
            .into_iter()
            .fold(rehearsal, |rehearsal, (state, mock)| {
                rehearsal.task(state, mock)
            })
    }
}

pub(crate) fn all() -> Vec<Case> {
    [jsonata(), json_path(), parallels(), maps(), tasks()]
        .into_iter()
        .flatten()
        .collect()
}

fn jsonata() -> Vec<Case> {
    let order = json!({"id": 7, "lines": [{"price": 2.5, "count": 2}, {"price": 10, "count": 1}], "tags": ["a", "b", "a"]});
    vec![
        Case::jsonata(
            "jsonata output",
            order.clone(),
            json!({"Pass": {
                "Type": "Pass",
                "Output": {
                    "total": "{% $sum($states.input.lines.(price * count)) %}",
                    "first": "{% $states.input.lines[0] %}",
                    "tags": "{% $distinct($states.input.tags) %}",
                    "text": "{% 'order ' & $states.input.id %}",
                    "nested": [{"id": "{% $states.input.id %}"}, "plain", null, 1.5],
                    "name": "{% $states.context.State.Name %}",
                },
                "End": true,
            }}),
        ),
        Case::jsonata(
            "jsonata undefined",
            order.clone(),
            json!({"Pass": {"Type": "Pass", "Output": "{% $states.inptu %}", "End": true}}),
        ),
        Case::jsonata(
            "jsonata functions",
            json!({}),
            json!({"Pass": {
                "Type": "Pass",
                "Output": {
                    "partition": "{% $partition([1,2,3,4,5], 2) %}",
                    "range": "{% $range(0, 10, 5) %}",
                    "hash": "{% $hash('input data', 'SHA-1') %}",
                    "parsed": "{% $parse('{\"a\": [1, 2]}') %}",
                    "uuid": "{% $length($uuid()) %}",
                },
                "End": true,
            }}),
        ),
        Case::jsonata(
            "jsonata variables",
            json!({"n": 3}),
            json!({
                "Set": {"Type": "Pass", "Assign": {"x": "{% $states.input.n %}", "list": []}, "Next": "Loop"},
                "Loop": {
                    "Type": "Pass",
                    "Assign": {"x": "{% $x - 1 %}", "list": "{% $append($list, $states.context.State.Name) %}"},
                    "Output": "{% $x %}",
                    "Next": "More",
                },
                "More": {"Type": "Choice", "Choices": [{"Condition": "{% $x > 0 %}", "Next": "Loop"}], "Default": "Done"},
                "Done": {"Type": "Pass", "Output": {"last": "{% $states.input %}", "list": "{% $list %}"}, "End": true},
            }),
        ),
        Case::jsonata(
            "jsonata choice output",
            json!({"n": 6}),
            json!({
                "Choice": {
                    "Type": "Choice",
                    "Choices": [
                        {"Condition": "{% $states.input.n > 10 %}", "Next": "Large"},
                        {"Condition": "{% $states.input.n > 5 %}", "Output": {"chosen": "{% $states.input.n %}"}, "Assign": {"way": "rule"}, "Next": "Middle"},
                    ],
                    "Default": "Large",
                },
                "Large": {"Type": "Succeed"},
                "Middle": {"Type": "Pass", "Output": {"in": "{% $states.input %}", "way": "{% $way %}"}, "End": true},
            }),
        ),
        Case::jsonata(
            "jsonata no choice",
            json!({"n": 1}),
            json!({
                "Choice": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.n > 10 %}", "Next": "Done"}]},
                "Done": {"Type": "Succeed"},
            }),
        ),
        Case::jsonata(
            "jsonata fail",
            json!({"why": "Late"}),
            json!({"Fail": {"Type": "Fail", "Error": "{% $states.input.why %}", "Cause": "{% 'so' %}"}}),
        ),
        Case::jsonata(
            "jsonata wait",
            json!({"s": 1}),
            json!({"Wait": {"Type": "Wait", "Seconds": "{% $states.input.s %}", "Output": "{% $states.input.s + 1 %}", "End": true}}),
        ),
    ]
}

fn json_path() -> Vec<Case> {
    let order = json!({"detail-type": "Created", "order": {"id": 7, "lines": [{"n": 1, "open": true}, {"n": 2, "open": false}]}, "text": "{\"a\":1}"});
    vec![
        Case::json_path(
            "path fields",
            order.clone(),
            json!({"Pass": {
                "Type": "Pass",
                "InputPath": "$.order",
                "Parameters": {"id.$": "$.id", "all.$": "$.lines[*].n", "fixed": [1, {"state.$": "$$.State.Name"}]},
                "ResultPath": "$.made.here",
                "OutputPath": "$.made",
                "End": true,
            }}),
        ),
        Case::json_path(
            "path hyphen",
            order.clone(),
            json!({"Pass": {"Type": "Pass", "InputPath": "$.detail-type", "End": true}}),
        ),
        Case::json_path(
            "path result",
            order.clone(),
            json!({"Pass": {"Type": "Pass", "Result": {"x": 1}, "ResultPath": "$.order.result", "End": true}}),
        ),
        Case::json_path(
            "path null",
            order.clone(),
            json!({"Pass": {"Type": "Pass", "OutputPath": null, "End": true}}),
        ),
        Case::json_path(
            "path intrinsics",
            order.clone(),
            json!({"Pass": {
                "Type": "Pass",
                "Parameters": {
                    "format.$": "States.Format('order {} of {}', $.order.id, $['detail-type'])",
                    "json.$": "States.StringToJson($.text)",
                    "string.$": "States.JsonToString($.order.lines[0])",
                    "array.$": "States.Array(1, 'x', null, $.order.id)",
                    "parts.$": "States.ArrayPartition(States.ArrayRange(1, 5, 1), 2)",
                    "contains.$": "States.ArrayContains($.order.lines[*].n, 2)",
                    "item.$": "States.ArrayGetItem($.order.lines, 1)",
                    "length.$": "States.ArrayLength($.order.lines)",
                    "unique.$": "States.ArrayUnique(States.Array(1, 2, 1))",
                    "encoded.$": "States.Base64Encode('Data to encode')",
                    "decoded.$": "States.Base64Decode('RGF0YSB0byBlbmNvZGU=')",
                    "hash.$": "States.Hash('input data', 'SHA-1')",
                    "merged.$": "States.JsonMerge($.order.lines[0], $.order.lines[1], false)",
                    "sum.$": "States.MathAdd($.order.id, -1)",
                    "split.$": "States.StringSplit('a,b+c', ',+')",
                },
                "End": true,
            }}),
        ),
        Case::json_path(
            "path choices",
            json!({"n": 5, "s": "log-1.txt", "t": "2026-01-01T00:00:00Z", "m": 5, "z": null}),
            json!({
                "Choice": {
                    "Type": "Choice",
                    "Choices": [{
                        "And": [
                            {"Variable": "$.n", "NumericGreaterThanEquals": 5},
                            {"Variable": "$.n", "NumericEqualsPath": "$.m"},
                            {"Variable": "$.s", "StringMatches": "log-*.txt"},
                            {"Variable": "$.t", "TimestampLessThan": "2026-01-01T01:00:00Z"},
                            {"Variable": "$.t", "IsTimestamp": true},
                            {"Variable": "$.z", "IsNull": true},
                            {"Variable": "$.no", "IsPresent": false},
                            {"Not": {"Variable": "$.s", "StringEquals": "x"}},
                            {"Or": [{"Variable": "$.n", "StringEquals": "5"}, {"Variable": "$.n", "IsNumeric": true}]},
                        ],
                        "Next": "Yes",
                    }],
                    "Default": "No",
                },
                "Yes": {"Type": "Pass", "Result": "yes", "End": true},
                "No": {"Type": "Pass", "Result": "no", "End": true},
            }),
        ),
    ]
}

fn parallels() -> Vec<Case> {
    let pass = |name: &str, output: &str| json!({"StartAt": name, "States": {name: {"Type": "Pass", "Output": output, "End": true}}});
    vec![
        Case::jsonata(
            "parallel",
            json!({"n": 1}),
            json!({
                "Set": {"Type": "Pass", "Assign": {"outer": 5}, "Next": "Both"},
                "Both": {
                    "Type": "Parallel",
                    "Branches": [pass("A", "{% $states.input.n + $outer %}"), pass("B", "{% $states.input %}")],
                    "Next": "After",
                },
                "After": {"Type": "Pass", "Output": {"result": "{% $states.input %}", "outer": "{% $outer %}"}, "End": true},
            }),
        ),
        Case::jsonata(
            "parallel retry and catch",
            json!({"n": 1}),
            json!({
                "Both": {
                    "Type": "Parallel",
                    "Branches": [
                        {"StartAt": "Fail", "States": {"Fail": {"Type": "Fail", "Error": "Broken", "Cause": "{% 'at ' & $states.context.State.Name %}"}}},
                        pass("Fine", "{% 1 %}"),
                    ],
                    "Retry": [{"ErrorEquals": ["Broken"], "IntervalSeconds": 1, "MaxAttempts": 1}],
                    "Catch": [
                        {"ErrorEquals": ["Other"], "Next": "Wrong"},
                        {"ErrorEquals": ["States.ALL"], "Output": {"was": "{% $states.errorOutput %}", "n": "{% $states.input.n %}"}, "Assign": {"error": "{% $states.errorOutput.Error %}"}, "Next": "Caught"},
                    ],
                    "End": true,
                },
                "Wrong": {"Type": "Fail"},
                "Caught": {"Type": "Pass", "Output": {"in": "{% $states.input %}", "error": "{% $error %}"}, "End": true},
            }),
        ),
        Case::json_path(
            "path catch",
            json!({"n": 1}),
            json!({
                "Both": {
                    "Type": "Parallel",
                    "Branches": [{"StartAt": "Fail", "States": {"Fail": {"Type": "Fail", "Error": "Broken", "Cause": "why"}}}],
                    "Catch": [{"ErrorEquals": ["Broken"], "ResultPath": "$.error", "Next": "Caught"}],
                    "End": true,
                },
                "Caught": {"Type": "Pass", "End": true},
            }),
        ),
        Case::jsonata(
            "uncaught",
            json!({}),
            json!({"Both": {
            "Type": "Parallel",
            "Branches": [{"StartAt": "Fail", "States": {"Fail": {"Type": "Fail", "Error": "Broken", "Cause": "why"}}}],
            "Catch": [{"ErrorEquals": ["Other"], "Next": "Never"}],
            "Next": "Never",
        }, "Never": {"Type": "Succeed"}}),
        ),
        Case::json_path(
            "path parallel",
            json!({"n": 1}),
            json!({"Both": {
                "Type": "Parallel",
                "Parameters": {"m.$": "$.n"},
                "Branches": [
                    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "a", "ResultPath": "$.r", "End": true}}},
                    {"StartAt": "B", "States": {"B": {"Type": "Pass", "InputPath": "$.m", "End": true}}},
                ],
                "ResultSelector": {"first.$": "$[0].r", "second.$": "$[1]"},
                "ResultPath": "$.both",
                "End": true,
            }}),
        ),
    ]
}

fn maps() -> Vec<Case> {
    vec![
        Case::jsonata(
            "map",
            json!({"list": [3, 1, 2], "by": 10}),
            json!({"Each": {
                "Type": "Map",
                "Items": "{% $states.input.list %}",
                "ItemSelector": {"n": "{% $states.context.Map.Item.Value * $states.input.by %}", "at": "{% $states.context.Map.Item.Index %}"},
                "MaxConcurrency": 2,
                "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "One", "States": {
                    "One": {"Type": "Pass", "Output": "{% $merge([$states.input, {'plus': $states.input.n + 1}]) %}", "End": true},
                }},
                "Output": {"all": "{% $states.result %}", "count": "{% $count($states.result) %}"},
                "End": true,
            }}),
        ),
        Case::json_path(
            "path map",
            json!({"inner": {"list": [7, 8]}, "by": 1}),
            json!({"Each": {
                "Type": "Map",
                "ItemsPath": "$.inner.list",
                "ItemSelector": {"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index", "by.$": "$.by"},
                "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "One", "States": {"One": {"Type": "Pass", "End": true}}},
                "ResultSelector": {"values.$": "$[*].v"},
                "ResultPath": "$.inner.done",
                "End": true,
            }}),
        ),
        Case::jsonata(
            "map failure",
            json!({"list": [1, 0]}),
            json!({"Each": {
            "Type": "Map",
            "Items": "{% $states.input.list %}",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "One", "States": {
                "One": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input = 0 %}", "Next": "Zero"}], "Default": "Fine"},
                "Zero": {"Type": "Fail", "Error": "Zero"},
                "Fine": {"Type": "Succeed"},
            }},
            "Catch": [{"ErrorEquals": ["Zero"], "Output": "{% $states.errorOutput.Error %}", "Next": "Caught"}],
            "End": true,
        }, "Caught": {"Type": "Succeed"}}),
        ),
        Case::jsonata(
            "map scopes",
            json!({}),
            json!({
                "Set": {"Type": "Pass", "Assign": {"base": 100}, "Next": "Each"},
                "Each": {
                    "Type": "Map",
                    "Items": [1, 2],
                    "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "One", "States": {
                        "One": {"Type": "Pass", "Assign": {"own": "{% $states.input + $base %}"}, "Next": "Two"},
                        "Two": {"Type": "Pass", "Output": "{% $own %}", "End": true},
                    }},
                    "Output": {"result": "{% $states.result %}", "leaked": "{% $exists($own) %}"},
                    "End": true,
                },
            }),
        ),
        Case::json_path(
            "distributed",
            json!({"list": [1, 2, 3], "by": 2}),
            json!({"Each": {
                "Type": "Map",
                "ItemsPath": "$.list",
                "ItemSelector": {"v.$": "$$.Map.Item.Value", "by.$": "$.by"},
                "ItemProcessor": distributed(),
                "ResultPath": "$.done",
                "End": true,
            }}),
        ),
        Case::json_path(
            "distributed failure",
            json!([1, 2]),
            json!({"Each": {
                "Type": "Map",
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Fail",
                    "States": {"Fail": {"Type": "Fail", "Error": "Broken"}},
                },
                "ToleratedFailureCount": 1,
                "End": true,
            }}),
        ),
    ]
}

/// A processor that hands its input on.
fn distributed() -> Value {
    json!({
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "One",
        "States": {"One": {"Type": "Pass", "End": true}},
    })
}

fn tasks() -> Vec<Case> {
    let read = |language: &str, arguments: &str, table: &str| {
        json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:dynamodb:getItem",
            arguments: {if language == "JSONata" { "TableName" } else { "TableName.$" }: table, "Key": {"id": {"S": "1"}}},
            "End": true,
        })
    };
    let missing = || Mock::fails("DynamoDb.ResourceNotFoundException", "").always();
    let mut caught = read("JSONata", "Arguments", "{% $states.input.table %}");
    caught["Retry"] = json!([{"ErrorEquals": ["DynamoDb.ResourceNotFoundException"], "IntervalSeconds": 1, "MaxAttempts": 1}]);
    caught["Catch"] = json!([{
        "ErrorEquals": ["States.TaskFailed"],
        "Output": {"error": "{% $states.errorOutput.Error %}", "table": "{% $states.input.table %}"},
        "Next": "Caught",
    }]);
    let mut placed = read("JSONPath", "Parameters", "$.table");
    placed["Catch"] =
        json!([{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failed", "Next": "Caught"}]);
    let error = json!({"Type": "Pass", "Parameters": {"error.$": "$.failed.Error", "table.$": "$.table"}, "End": true});
    let input = json!({"table": "missing"});
    vec![
        Case::jsonata("task caught", input.clone(), json!({"Read": caught, "Caught": {"Type": "Succeed"}})).mock("Read", missing()),
        Case::json_path("path task caught", input.clone(), json!({"Read": placed, "Caught": error})).mock("Read", missing()),
        Case::jsonata("task uncaught", input, json!({"Read": read("JSONata", "Arguments", "{% $states.input.table %}")})).mock("Read", missing()),
        Case::jsonata(
            "task result",
            json!({"name": "made"}),
            json!({
                "Create": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::aws-sdk:sqs:createQueue",
                    "Arguments": {"QueueName": "{% $states.input.name %}"},
                    "Assign": {"named": "{% $contains($states.result.QueueUrl, $states.input.name) %}"},
                    "Output": {"named": "{% $contains($states.result.QueueUrl, 'made') %}"},
                    "Next": "Tell",
                },
                "Tell": {"Type": "Pass", "Output": {"in": "{% $states.input %}", "named": "{% $named %}"}, "End": true},
            }),
        )
        .mock("Create", Mock::answers(json!({"QueueUrl": "http://127.0.0.1/000000000000/made"}))),
        items_from("json-items", "JSON", "[1, {\"x\": 2}]"),
        items_from("jsonl-items", "JSONL", "{\"n\": 1}\n{\"n\": 2}\n"),
        items_from("csv-items", "CSV", "a,b\n1,\"x, y\"\n2\n3,4,5\n"),
    ]
}

/// A map over the items of an object.
fn items_from(bucket: &'static str, kind: &str, object: &'static str) -> Case {
    let mut config = json!({"InputType": kind});
    if kind == "CSV" {
        config["CSVHeaderLocation"] = "FIRST_ROW".into();
    }
    let each = json!({
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": config,
            "Parameters": {"Bucket": bucket, "Key": "items"},
        },
        "ItemProcessor": distributed(),
        "End": true,
    });
    let case = Case::json_path(bucket, json!({}), json!({"Each": each}));
    case.object(bucket, object)
}
