//! Functions: everything a contract asks for, least privilege, logs that end, failures that are kept.

mod access;
mod event_rule;
mod event_template;
mod rule;
mod schedule;
mod source;

use std::fmt;
use std::marker::PhantomData;

use cfn::lambda::function as properties;
use cfn::{Arn, Id, IntoValue as _, Value, lambda, logs, pseudo, sqs};
use shared::{Contract, Ports};

pub use event_rule::{EventRule, WholeEvent};
pub use event_template::{SCHEDULED_TIME, from_event};
pub use schedule::Rate;
pub use source::{Messages, NamesFailures};

use crate::alarm::Alarm;
use crate::wiring::Wiring;
use crate::{
    Days, Mebibytes, Name, QueueHandle, Seconds, Stack, Synth, assets, days, mib, seconds,
};
use event_rule::Events;
use schedule::Schedule;
use source::MessageSource;

/// The port that says how much a function logs; no contract has it, because every function does.
const LOG_LEVEL: &str = shared::telemetry::log::LEVEL_VARIABLE;

/// The variable that says to which deployment a function's metrics belong; like [`LOG_LEVEL`], every function has it.
const STACK_NAME: &str = shared::telemetry::metrics::STACK_VARIABLE;

/// A function, before it is added to a stack.
///
/// `C` is its contract: the struct literal that [`Function::new`] takes does not compile while a port is missing, or when a
/// grant does not fit its port.
#[must_use = "a function exists once it is added to a stack"]
pub struct Function<C> {
    ports: C,
    name: Name,
    memory: Mebibytes,
    timeout: Seconds,
    log_retention: Days,
    traced: bool,
    reserved_concurrency: Option<u32>,
    on_failure: Option<Value<Arn<sqs::Queue>>>,
    dead_letters: Option<Value<Arn<sqs::Queue>>>,
    source: Option<MessageSource>,
    schedule: Option<Schedule>,
    events: Option<Events>,
    alarmed: bool,
}

impl<C: Contract + Ports<Synth>> Function<C> {
    /// A function with 512 MiB and a timeout of 30 seconds, whose logs are kept for 30 days.
    pub fn new(ports: C) -> Self {
        Self {
            ports,
            name: Name::from_kebab(C::NAME),
            memory: mib(512),
            timeout: seconds(30),
            log_retention: days(30),
            traced: false,
            reserved_concurrency: None,
            on_failure: None,
            dead_letters: None,
            source: None,
            schedule: None,
            events: None,
            alarmed: false,
        }
    }

    /// Memory, and with it the share of a processor.
    pub fn memory(mut self, memory: Mebibytes) -> Self {
        self.memory = memory;
        self
    }

    /// The longest an invocation may take.
    pub fn timeout(mut self, timeout: Seconds) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long log lines are kept.
    pub fn keep_logs(mut self, days: Days) -> Self {
        self.log_retention = days;
        self
    }

    /// Sends traces to X-Ray.
    pub fn traced(mut self) -> Self {
        self.traced = true;
        self
    }

    /// Reserves so much of the account's concurrency, and allows no more.
    pub fn reserve_concurrency(mut self, invocations: u32) -> Self {
        self.reserved_concurrency = Some(invocations);
        self
    }

    /// Where asynchronous invocations go that failed three times or waited for six hours: the event, the error and the
    /// circumstances. Prefer it to [`dead_letter_queue`](Self::dead_letter_queue), which gets the event alone.
    pub fn on_failure(mut self, queue: &QueueHandle) -> Self {
        self.on_failure = Some(queue.arn());
        self
    }

    /// Where events of asynchronous invocations go that failed three times.
    pub fn dead_letter_queue(mut self, queue: &QueueHandle) -> Self {
        self.dead_letters = Some(queue.arn());
        self
    }

    /// Raises an alarm when invocations fail.
    pub fn alarm_on_errors(mut self) -> Self {
        self.alarmed = true;
        self
    }

    /// Adds the function, its role, its log group and what invokes it.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> FunctionHandle<C> {
        stack.check_name(&self.name);
        let wiring = Wiring::of(&self.ports);
        for problem in &wiring.problems {
            stack.problem(format!("function `{}`: {problem}", C::NAME));
        }
        for machine in wiring.machines {
            stack.note_answered(machine, &format!("function `{}`", C::NAME));
        }
        let assets = stack.assets();
        let logs = stack.add_log_group(
            self.name.logical_id("Logs"),
            format!("/aws/lambda/${{AWS::StackName}}-{}", C::NAME),
            self.log_retention,
        );
        let role = self.add_role(stack, &logs, wiring.statements);
        let code_key = cfn::Parameter::<String>::new()
            .description(format!(
                "Key of the package of function {}; deployment fills it in",
                C::NAME
            ))
            .length(1, 1024);
        let code_key = stack
            .template
            .parameter(assets::code_key_parameter(C::NAME), code_key);
        let mut environment = wiring.environment;
        environment.insert(LOG_LEVEL.to_owned(), assets.log_level.value());
        environment.insert(STACK_NAME.to_owned(), pseudo::stack_name().into_value());
        let mut function = lambda::Function::new()
            .description(format!("{} of {}", C::NAME, stack.name()))
            .runtime(properties::Runtime::ProvidedAl2023)
            .architectures([cfn::intrinsics::reference(assets.architecture.name())])
            .handler("bootstrap")
            .code(
                properties::Code::new()
                    .s3_bucket(assets.bucket.value())
                    .s3_key(&code_key),
            )
            .role(role.arn())
            .memory_size(self.memory.count())
            .timeout(self.timeout.count())
            .environment(properties::Environment::new().variables(environment))
            .logging_config(properties::LoggingConfig::new().log_group(logs.reference()));
        if self.traced {
            function = function.tracing_config(
                properties::TracingConfig::new().mode(properties::TracingConfigMode::Active),
            );
        }
        if let Some(reserved) = self.reserved_concurrency {
            function = function.reserved_concurrent_executions(reserved);
        }
        if let Some(queue) = &self.dead_letters {
            function =
                function.dead_letter_config(properties::DeadLetterConfig::new().target_arn(queue));
        }
        let resource = stack
            .template
            .add(self.name.logical_id("Function"), function);
        let handle = FunctionHandle {
            name: self.name.clone(),
            resource,
            logs,
            contract: PhantomData,
        };
        self.add_failure_destination(stack, &handle.resource);
        if let Some(source) = &self.source {
            source.add_to(stack, &self.name, self.timeout, &handle.resource);
        }
        if let Some(schedule) = &self.schedule {
            schedule.add_to(stack, &self.name, &handle.resource);
        }
        if let Some(events) = &self.events {
            events.add_to(stack, &self.name, &handle.resource);
        }
        if self.alarmed {
            handle.alarm_on_errors().add_to(stack);
        }
        handle
    }

    #[track_caller]
    fn add_failure_destination(&self, stack: &mut Stack, function: &lambda::FunctionRef) {
        use lambda::event_invoke_config::{DestinationConfig, OnFailure};
        let Some(queue) = &self.on_failure else {
            return;
        };
        let destination =
            DestinationConfig::new().on_failure(OnFailure::new().destination(queue.clone()));
        let config = lambda::EventInvokeConfig::new()
            .function_name(function.reference())
            .qualifier("$LATEST")
            .destination_config(destination);
        stack.template.add(self.name.logical_id("Failures"), config);
    }
}

impl<C: Contract> fmt::Debug for Function<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Function").field(&C::NAME).finish()
    }
}

/// A function of a stack, of contract `C`.
pub struct FunctionHandle<C> {
    name: Name,
    resource: lambda::FunctionRef,
    logs: logs::LogGroupRef,
    contract: PhantomData<fn() -> C>,
}

impl<C> FunctionHandle<C> {
    /// The function's name in the stack.
    pub(crate) fn name(&self) -> &Name {
        &self.name
    }

    /// The function.
    pub(crate) fn resource(&self) -> &lambda::FunctionRef {
        &self.resource
    }

    /// The function's id in the template.
    pub(crate) fn logical_id(&self) -> String {
        self.name.logical_id("Function")
    }

    /// The name that CloudFormation gives the function.
    pub fn function_name(&self) -> Value<String> {
        self.resource.reference().into_value()
    }

    /// Its log group.
    pub(crate) fn log_group(&self) -> Value<Id<logs::LogGroup>> {
        self.logs.reference()
    }

    fn alarm_on_errors(&self) -> Alarm {
        let name = Name::new(self.name.logical_id("Errors"));
        let description = format!("Invocations of function {} fail", self.name);
        Alarm::new(name, &description).metric(
            "AWS/Lambda",
            "Errors",
            [("FunctionName", self.function_name())],
        )
    }
}

impl<C: Contract> workflow::Callee for FunctionHandle<C> {
    type Contract = C;

    fn placeholder(&self) -> String {
        self.logical_id()
    }

    fn arn(&self) -> Value<String> {
        self.resource.arn().into_value()
    }
}

impl<C> Clone for FunctionHandle<C> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            resource: self.resource.clone(),
            logs: self.logs.clone(),
            contract: PhantomData,
        }
    }
}

impl<C> fmt::Debug for FunctionHandle<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("FunctionHandle")
            .field(&self.name)
            .finish()
    }
}
