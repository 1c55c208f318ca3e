//! Alarms.

pub use cfn::cloudwatch::alarm::Statistic;
use cfn::cloudwatch::alarm::{ComparisonOperator, Dimension, TreatMissingData};
use cfn::{IntoValue, Value, cloudwatch};

use crate::{Name, Seconds, Stack, minutes};

/// An alarm, before it is added to a stack. It tells the topic that the operator gives at deployment; missing data is no
/// reason for alarm.
#[derive(Debug)]
#[must_use = "an alarm exists once it is added to a stack"]
pub struct Alarm {
    name: Name,
    description: String,
    metric: Option<Metric>,
    statistic: Statistic,
    period: Seconds,
    periods: u32,
    comparison: Comparison,
    threshold: f64,
}

#[derive(Debug)]
struct Metric {
    namespace: String,
    name: String,
    dimensions: Vec<(String, Value<String>)>,
}

/// How a metric is compared with the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// It is greater.
    Above,
    /// It is less.
    Below,
}

impl Alarm {
    /// An alarm on the sum of a metric over five minutes being above zero; the metric must be set.
    pub fn new(name: impl Into<Name>, description: &str) -> Self {
        Self {
            name: name.into(),
            description: description.to_owned(),
            metric: None,
            statistic: Statistic::Sum,
            period: minutes(5),
            periods: 1,
            comparison: Comparison::Above,
            threshold: 0.0,
        }
    }

    /// The metric, with its dimensions.
    pub fn metric<K: Into<String>, V: IntoValue<String>>(
        mut self,
        namespace: &str,
        name: &str,
        dimensions: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let dimensions = dimensions
            .into_iter()
            .map(|(name, value)| (name.into(), value.into_value()));
        self.metric = Some(Metric {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            dimensions: dimensions.collect(),
        });
        self
    }

    /// The statistic over each period.
    pub fn statistic(mut self, statistic: Statistic) -> Self {
        self.statistic = statistic;
        self
    }

    /// How long a period is, and for how many in a row the threshold must be crossed.
    pub fn over(mut self, period: Seconds, periods: u32) -> Self {
        self.period = period;
        self.periods = periods;
        self
    }

    /// When there is alarm.
    pub fn when(mut self, comparison: Comparison, threshold: f64) -> Self {
        self.comparison = comparison;
        self.threshold = threshold;
        self
    }

    /// Adds the alarm.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) {
        stack.check_name(&self.name);
        let Some(metric) = self.metric else {
            stack.problem(format!(
                "alarm `{}` has no metric: name one by `metric`",
                self.name
            ));
            return;
        };
        let operator = match self.comparison {
            Comparison::Above => ComparisonOperator::GreaterThanThreshold,
            Comparison::Below => ComparisonOperator::LessThanThreshold,
        };
        let dimensions = metric.dimensions.into_iter();
        let dimensions = dimensions.map(|(name, value)| Dimension::new().name(name).value(value));
        let alarm = cloudwatch::Alarm::new()
            .alarm_description(self.description)
            .namespace(metric.namespace)
            .metric_name(metric.name)
            .dimensions(dimensions.collect::<Vec<_>>())
            .period(self.period.count())
            .evaluation_periods(self.periods)
            .comparison_operator(operator)
            .threshold(self.threshold)
            .treat_missing_data(TreatMissingData::NotBreaching)
            .alarm_actions(stack.alarm_actions())
            .statistic(self.statistic);
        stack.template.add(self.name.logical_id("Alarm"), alarm);
    }
}
