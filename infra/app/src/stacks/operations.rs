//! What the people see who run the vision system: its dashboard and the saved queries over its logs.

use constructs::{
    Dashboard, FunctionHandle, Graph, LogsInsightsQuery, QueueHandle, Stack, Synth, bars,
};
use shared::contracts::{Compact, Extract, Unzip};
use shared::telemetry::metrics;

type Unzips = Unzip<Synth>;
type Extracts = Extract<Synth>;
type Compacts = Compact<Synth>;

const CONFIDENCE: &str = "\
filter ispresent(Confidence)
| stats count(*) as records by floor(Confidence * 10) / 10 as confidence
| sort confidence";

/// The dashboard.
pub(super) fn dashboard(
    unzip: &FunctionHandle<Unzips>,
    extract: &FunctionHandle<Extracts>,
    compact: &FunctionHandle<Compacts>,
    queues: &[&QueueHandle],
) -> Dashboard {
    let latency = Graph::per_hour("Model latency, ms")
        .line::<Extracts>(metrics::MODEL_LATENCY, "Average", "average")
        .line::<Extracts>(metrics::MODEL_LATENCY, "p95", "95th percentile");
    let confidence = Graph::per_hour("Confidence")
        .line::<Extracts>(metrics::CONFIDENCE, "p10", "10th percentile")
        .line::<Extracts>(metrics::CONFIDENCE, "p50", "median")
        .line::<Extracts>(metrics::CONFIDENCE, "p90", "90th percentile");
    let quality = Graph::per_hour("Records that are not as they should be, %")
        .percentage::<Extracts>(
            metrics::INVALID_RECORDS,
            metrics::RECORDS,
            "with invalid fields",
        )
        .percentage::<Extracts>(metrics::PARSED_EMPTY, metrics::RECORDS, "empty")
        .percentage::<Extracts>(metrics::REVIEWS, metrics::RECORDS, "to be reviewed");
    let volume = Graph::per_hour("Pictures and records")
        .line::<Unzips>(metrics::IMAGES, "Sum", "pictures")
        .line::<Extracts>(metrics::RECORDS, "Sum", "records")
        .line::<Extracts>(metrics::FAILURES, "Sum", "failures");
    let tokens = Graph::per_hour("Tokens")
        .line::<Extracts>(metrics::INPUT_TOKENS, "Sum", "sent")
        .line::<Extracts>(metrics::OUTPUT_TOKENS, "Sum", "answered");
    let cost = Graph::per_hour("Estimated cost, US dollars").line::<Extracts>(
        metrics::ESTIMATED_COST,
        "Sum",
        "models",
    );
    let waiting = queues
        .iter()
        .fold(Graph::per_hour("Messages that wait"), |graph, queue| {
            graph.waiting(queue)
        });
    let errors = Graph::per_hour("Failed invocations")
        .errors(unzip)
        .errors(extract)
        .errors(compact);
    let compaction = Graph::per_hour("Compaction")
        .line::<Compacts>(metrics::PARTITIONS, "Sum", "days")
        .line::<Compacts>(metrics::ROWS, "Sum", "rows");
    Dashboard::new()
        .row([volume.into(), waiting.into(), errors.into()])
        .row([
            latency.into(),
            confidence.into(),
            bars("Records by confidence", extract, CONFIDENCE),
        ])
        .row([quality.into(), tokens.into(), cost.into()])
        .row([compaction.into()])
}

/// The saved queries over the logs.
pub(super) fn log_queries(
    stack: &mut Stack,
    unzip: &FunctionHandle<Unzips>,
    extract: &FunctionHandle<Extracts>,
    compact: &FunctionHandle<Compacts>,
) {
    let over_all = |name, query| {
        LogsInsightsQuery::new(name, query)
            .over(unzip)
            .over(extract)
            .over(compact)
    };
    over_all(
        "Errors",
        "\
filter level in ['ERROR', 'CRITICAL']
| fields @timestamp, function, message, fields.error, requestId
| sort @timestamp desc
| limit 200",
    )
    .add_to(stack);
    let over_extract = |name, query| LogsInsightsQuery::new(name, query).over(extract);
    over_extract(
        "ModelLatency",
        "\
filter ispresent(ModelLatency)
| stats avg(ModelLatency) as average_ms, pct(ModelLatency, 95) as p95_ms, max(ModelLatency) as slowest_ms, count(*) as calls by bin(1h)",
    )
    .add_to(stack);
    over_extract("ConfidenceDistribution", CONFIDENCE).add_to(stack);
    over_extract(
        "ValidationFailures",
        "\
filter ispresent(Records)
| stats sum(Records) as records, sum(InvalidRecords) as invalid, 100 * sum(InvalidRecords) / sum(Records) as percent by bin(1h)",
    )
    .add_to(stack);
    over_extract(
        "TokensAndCost",
        "\
filter ispresent(InputTokens)
| stats sum(InputTokens) as input_tokens, sum(OutputTokens) as output_tokens, sum(EstimatedCost) as estimated_usd by bin(1d)",
    )
    .add_to(stack);
}
