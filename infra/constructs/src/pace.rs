//! The pace at which a queue is worked off, so that a rate limit is kept and nothing is lost to it.
//!
//! A model answers so many requests per minute. The number of concurrent invocations follows from that number and from how
//! long a call takes; calls that are throttled all the same go back to the queue. CloudFormation cannot calculate, so the
//! template carries the results for a choice of limits as a mapping: what is deployed can be read in the template.
//!
//! **Why nothing is lost.** A message is dead after too many receives. Calls are throttled only while the limit is used up,
//! that is while the limit's number of messages succeed every minute. So a burst of `B` messages at `r` per minute is
//! throttled for at most `B / r` minutes, in which one message is received at most once per retry delay. The allowed number
//! of receives is that many and [`SPARE_RECEIVES`] more, for failures of other kinds.

use cfn::{Expression, IntoValue as _, Mapping, MappingRef, Parameter, ParameterRef, Value};

use crate::{Name, Seconds, Stack, seconds};

/// The limits to choose from, in requests per minute. Between two of them, take the lower.
const LIMITS: [u32; 12] = [
    10, 20, 40, 60, 100, 200, 400, 600, 1_000, 2_000, 4_000, 10_000,
];

/// Lambda's bounds on the concurrency of an event source.
const CONCURRENCY: (u32, u32) = (2, 1_000);

/// SQS counts no further.
const MOST_RECEIVES: u32 = 1_000;

/// Receives beyond those that throttling can use up.
const SPARE_RECEIVES: u32 = 4;

/// The retry delay of a local AWS, where nobody wants to wait for half an hour.
const LOCAL_RETRY_DELAY: Seconds = seconds(5);

/// How much longer than a function may take a message stays invisible: AWS recommends six times.
const TIMEOUTS_UNTIL_RETRY: u32 = 6;

/// A pace, before it is added to a stack.
#[derive(Debug)]
#[must_use = "a pace takes effect once it is added to a stack and given to a queue and a function"]
pub struct PaceBuilder {
    name: Name,
    requests_per_minute: u32,
    call: Seconds,
    burst: u32,
    timeout: Seconds,
}

/// A pace of a stack.
#[derive(Clone, Debug)]
pub struct Pace {
    requests_per_minute: ParameterRef<i64>,
    retry_delay: ParameterRef<i64>,
    concurrency: MappingRef,
    receives: MappingRef,
    timeout: Seconds,
}

impl Pace {
    /// A pace that the operator can change at deployment, `requests_per_minute` unless they do. A call takes three seconds,
    /// 10,000 messages may come at once, and the function may take five minutes, unless told otherwise.
    #[expect(
        clippy::new_ret_no_self,
        reason = "a pace exists in a stack only, like every construct"
    )]
    pub fn new(name: impl Into<Name>, requests_per_minute: u32) -> PaceBuilder {
        PaceBuilder {
            name: name.into(),
            requests_per_minute,
            call: seconds(3),
            burst: 10_000,
            timeout: seconds(300),
        }
    }

    /// The timeout of the function that works at this pace.
    pub fn timeout(&self) -> Seconds {
        self.timeout
    }

    /// Concurrent invocations that make about the limit's number of calls.
    pub(crate) fn concurrency(&self) -> Expression {
        self.concurrency
            .find(text(&self.requests_per_minute), "Concurrency")
    }

    /// How often a message may be received before it is dead.
    pub(crate) fn most_receives(&self) -> Value<i64> {
        let delay = text(&self.retry_delay);
        self.receives
            .find(delay, text(&self.requests_per_minute))
            .into_value()
    }

    /// When a failed message is received again.
    pub(crate) fn retry_delay(&self) -> Value<i64> {
        self.retry_delay.value()
    }

    pub(crate) fn default_retry_delay(&self) -> Seconds {
        default_retry_delay(self.timeout)
    }
}

/// `Ref` yields text whatever the parameter's type.
fn text(parameter: &ParameterRef<i64>) -> Value<String> {
    cfn::intrinsics::reference(parameter.name()).into_value()
}

impl PaceBuilder {
    /// How long a call typically takes; a shorter time gives fewer concurrent invocations.
    pub fn call_takes(mut self, call: Seconds) -> Self {
        self.call = call;
        self
    }

    /// The largest number of messages that may come at once without losing one.
    pub fn burst(mut self, messages: u32) -> Self {
        self.burst = messages;
        self
    }

    /// How long the function that works on the messages may take.
    pub fn function_timeout(mut self, timeout: Seconds) -> Self {
        self.timeout = timeout;
        self
    }

    /// Adds the parameters and the mappings.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> Pace {
        stack.check_name(&self.name);
        if !LIMITS.contains(&self.requests_per_minute) {
            stack.problem(format!(
                "a pace of {} requests per minute is not to be had: choose one of {LIMITS:?}",
                self.requests_per_minute
            ));
        }
        let delays = [LOCAL_RETRY_DELAY, default_retry_delay(self.timeout)];
        let requests_per_minute = Parameter::new()
            .description("Requests per minute that the account's quota for the model allows; between two values, take the lower")
            .default_value(self.requests_per_minute)
            .allowed_values(LIMITS);
        let retry_delay = Parameter::new()
            .description(format!(
                "Seconds until a message that failed is tried again. {} is for a local AWS: Lambda refuses less than the function's timeout",
                LOCAL_RETRY_DELAY.count()
            ))
            .default_value(delays[1].count())
            .allowed_values(delays.map(Seconds::count));
        let template = &mut stack.template;
        Pace {
            requests_per_minute: template.parameter(
                self.name.logical_id("RequestsPerMinute"),
                requests_per_minute,
            ),
            retry_delay: template.parameter(self.name.logical_id("RetryDelay"), retry_delay),
            concurrency: template.mapping(self.name.logical_id("Pace"), self.concurrency_table()),
            receives: template.mapping(
                self.name.logical_id("MostReceives"),
                self.receives_table(delays),
            ),
            timeout: self.timeout,
        }
    }

    fn concurrency_table(&self) -> Mapping {
        let rows = LIMITS
            .iter()
            .map(|limit| (limit, concurrency(*limit, self.call)));
        rows.fold(Mapping::new(), |mapping, (limit, concurrency)| {
            mapping.row(limit.to_string(), [("Concurrency", concurrency)])
        })
    }

    fn receives_table(&self, delays: [Seconds; 2]) -> Mapping {
        delays.iter().fold(Mapping::new(), |mapping, delay| {
            let row =
                LIMITS.map(|limit| (limit.to_string(), most_receives(limit, self.burst, *delay)));
            mapping.row(delay.count().to_string(), row)
        })
    }
}

fn default_retry_delay(timeout: Seconds) -> Seconds {
    seconds(timeout.count() * TIMEOUTS_UNTIL_RETRY)
}

fn concurrency(limit: u32, call: Seconds) -> u32 {
    (limit * call.count() / 60).clamp(CONCURRENCY.0, CONCURRENCY.1)
}

fn most_receives(limit: u32, burst: u32, delay: Seconds) -> u32 {
    let throttled_seconds = u64::from(burst) * 60 / u64::from(limit);
    let while_throttled = throttled_seconds.div_ceil(u64::from(delay.count()));
    let all = while_throttled + u64::from(SPARE_RECEIVES);
    u32::try_from(all)
        .unwrap_or(MOST_RECEIVES)
        .min(MOST_RECEIVES)
}

#[cfg(test)]
mod tests {
    use super::{concurrency, most_receives};
    use crate::{minutes, seconds};

    #[test]
    fn concurrency_keeps_the_limit() {
        assert_eq!(concurrency(40, seconds(3)), 2);
        assert_eq!(concurrency(1_000, seconds(3)), 50);
        assert_eq!(concurrency(10, seconds(3)), 2, "Lambda takes no less");
        assert_eq!(
            concurrency(10_000, seconds(30)),
            1_000,
            "Lambda takes no more"
        );
    }

    #[test]
    fn receives_outlast_the_burst() {
        // 10,000 at 40 per minute are throttled for 250 minutes: at most 9 receives half an hour apart.
        assert_eq!(most_receives(40, 10_000, minutes(30)), 9 + 4);
        assert_eq!(most_receives(10_000, 10_000, minutes(30)), 1 + 4);
        assert_eq!(
            most_receives(10, 1_000_000, seconds(5)),
            1_000,
            "SQS takes no more"
        );
    }
}
