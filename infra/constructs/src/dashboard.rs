//! Dashboards over the metrics that functions write.

use cfn::intrinsics::sub;
use cfn::{cloudwatch, pseudo};
use serde_json::{Value as Json, json};
use shared::Contract;
use shared::telemetry::metrics::{FUNCTION, Metric, NAMESPACE, STACK};

use crate::{FunctionHandle, Name, QueueHandle, Seconds, Stack, hours};

/// CloudWatch lays widgets out on a grid of so many columns.
const COLUMNS: usize = 24;

/// Rows of the grid that a widget takes.
const HEIGHT: usize = 6;

/// The name of the deployed stack; the body is the text of a `Fn::Sub`.
const STACK_NAME: &str = "${AWS::StackName}";

/// A dashboard, before it is added to a stack. A stack has one, named after the deployed stack.
#[derive(Debug, Default)]
#[must_use = "a dashboard exists once it is added to a stack"]
pub struct Dashboard {
    rows: Vec<Vec<Widget>>,
}

impl Dashboard {
    /// A dashboard without widgets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a row of widgets of equal width.
    pub fn row(mut self, widgets: impl IntoIterator<Item = Widget>) -> Self {
        self.rows.push(widgets.into_iter().collect());
        self
    }

    /// Adds the dashboard.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) {
        let dashboard = cloudwatch::Dashboard::new()
            .dashboard_name(pseudo::stack_name())
            .dashboard_body(sub(self.body().to_string()));
        stack.template.add("Dashboard", dashboard);
    }

    fn body(&self) -> Json {
        let mut widgets = Vec::new();
        for (row, in_row) in self.rows.iter().enumerate() {
            let width = COLUMNS / in_row.len().max(1);
            for (column, widget) in in_row.iter().enumerate() {
                widgets.push(json!({
                    "type": widget.kind,
                    "x": column * width,
                    "y": row * HEIGHT,
                    "width": width,
                    "height": HEIGHT,
                    "properties": widget.properties,
                }));
            }
        }
        json!({ "widgets": widgets })
    }
}

/// What a dashboard shows.
#[derive(Clone, Debug)]
pub struct Widget {
    kind: &'static str,
    properties: Json,
}

/// A widget with lines over time.
#[derive(Clone, Debug)]
#[must_use]
pub struct Graph {
    title: String,
    period: Seconds,
    lines: Vec<Json>,
}

impl Graph {
    /// A graph of one point per hour.
    pub fn per_hour(title: &str) -> Self {
        Self::every(title, hours(1))
    }

    /// A graph of one point per period.
    pub fn every(title: &str, period: Seconds) -> Self {
        Self {
            title: title.to_owned(),
            period,
            lines: Vec::new(),
        }
    }

    /// A line: a statistic (`Average`, `Sum`, `p95` ...) of a metric that the function of contract `C` writes.
    pub fn line<C: Contract>(mut self, metric: Metric, statistic: &str, label: &str) -> Self {
        self.lines.push(json!([
            NAMESPACE, metric.name, FUNCTION, C::NAME, STACK, STACK_NAME,
            { "stat": statistic, "label": label },
        ]));
        self
    }

    /// A line: the sum of one metric in percent of another's.
    pub fn percentage<C: Contract>(mut self, part: Metric, whole: Metric, label: &str) -> Self {
        let index = self.lines.len();
        let (part_id, whole_id) = (format!("part{index}"), format!("whole{index}"));
        for (id, metric) in [(&part_id, part), (&whole_id, whole)] {
            self.lines.push(json!([
                NAMESPACE, metric.name, FUNCTION, C::NAME, STACK, STACK_NAME,
                { "id": id, "stat": "Sum", "visible": false },
            ]));
        }
        let expression = format!("100 * {part_id} / {whole_id}");
        self.lines
            .push(json!([{ "expression": expression, "label": label }]));
        self
    }

    /// A line: how many messages wait in a queue.
    pub fn waiting(mut self, queue: &QueueHandle) -> Self {
        self.lines.push(json!([
            "AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue.physical(),
            { "stat": "Maximum", "label": queue.name().to_string() },
        ]));
        self
    }

    /// A line: failed invocations of a function.
    pub fn errors<E>(mut self, function: &FunctionHandle<E>) -> Self {
        self.lines.push(json!([
            "AWS/Lambda", "Errors", "FunctionName", format!("${{{}}}", function.logical_id()),
            { "stat": "Sum", "label": function.name().to_string() },
        ]));
        self
    }
}

impl From<Graph> for Widget {
    fn from(graph: Graph) -> Self {
        Self {
            kind: "metric",
            properties: json!({
                "title": graph.title,
                "region": "${AWS::Region}",
                "view": "timeSeries",
                "period": graph.period.count(),
                "metrics": graph.lines,
            }),
        }
    }
}

/// A widget with bars: the result of a query over a function's logs.
pub fn bars<E>(title: &str, function: &FunctionHandle<E>, query: &str) -> Widget {
    let logs = Name::logical_id(function.name(), "Logs");
    Widget {
        kind: "log",
        properties: json!({
            "title": title,
            "region": "${AWS::Region}",
            "view": "bar",
            "query": format!("SOURCE '${{{logs}}}' | {query}"),
        }),
    }
}
