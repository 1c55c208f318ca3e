//! State machines: a role of exactly what the steps do, logs without people's data, substitutions for what deployment knows.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use cfn::iam::role::Policy;
use cfn::intrinsics::sub;
use cfn::stepfunctions::state_machine as properties;
use cfn::{
    Arn, IntoValue as _, Node, Object, PolicyDocument, Principal, Statement, Value, iam, logs,
    pseudo, stepfunctions,
};
use workflow::{Machine, Runnable};

use crate::alarm::Alarm;
use crate::grants::AnswerTasksGrant;
use crate::stack::PhysicalName;
use crate::{Days, Name, Stack, days};

/// Step Functions allows no more characters in the name of a machine.
const LONGEST_MACHINE_NAME: usize = 80;

/// What delivering logs takes; none of it knows resources. Source: AWS Step Functions Developer Guide, "Using CloudWatch Logs
/// to log execution history".
const DELIVER_LOGS: [&str; 8] = [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
];

/// What X-Ray takes; it knows no resources.
const TRACE: [&str; 4] = [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
];

/// The ARN that a machine of the stack will have, as text for `Fn::Sub`.
pub(crate) fn machine_arn(name: &Name) -> String {
    format!(
        "arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:stateMachine:{}",
        physical_name(name)
    )
}

fn physical_name(name: &Name) -> String {
    format!("${{AWS::StackName}}-{}", name.kebab())
}

/// Steps of the state machine of this name may be answered that wait for a callback. The machine invokes the functions that
/// answer it, so it is named before it exists; synthesis fails when the stack has no such machine.
///
/// ```
/// # use constructs::{Bucket, DynamoTable, Function, Stack, Synth, answers, read_jobs};
/// # use shared::contracts::batch::{TrackJob, job_row};
/// # let mut stack = Stack::new("example", "");
/// let rows = DynamoTable::new("Jobs", job_row::JOB_NAME).add_to(&mut stack);
/// let track = Function::new(TrackJob::<Synth> {
///     job_states: read_jobs(),
///     rows: rows.read(),
///     row_writes: rows.write(),
///     tasks: answers("Run"),
/// })
/// .add_to(&mut stack);
/// ```
pub fn answers(machine: impl Into<Name>) -> AnswerTasksGrant {
    AnswerTasksGrant {
        machine: machine.into(),
    }
}

/// The ARN of the state machine of this name in this stack, known before the machine exists: for
/// [`EventRule`](crate::EventRule)s about its executions.
pub fn state_machine_arn(machine: impl Into<Name>) -> Value<String> {
    sub(machine_arn(&machine.into()))
}

/// A state machine, before it is added to a stack.
#[derive(Debug)]
#[must_use = "a state machine exists once it is added to a stack"]
pub struct StateMachine<I, O> {
    machine: Machine<I, O>,
    name: Name,
    log_retention: Days,
    log_level: properties::LoggingConfigurationLevel,
    logs_data: bool,
    traced: bool,
    alarmed: bool,
}

impl<I, O> StateMachine<I, O> {
    /// The machine under its own name. It logs what fails, without the data, and keeps that for 30 days.
    pub fn new(machine: Machine<I, O>) -> Self {
        Self {
            name: Name::new(machine.name()),
            machine,
            log_retention: days(30),
            log_level: properties::LoggingConfigurationLevel::Error,
            logs_data: false,
            traced: false,
            alarmed: false,
        }
    }

    /// How long log lines are kept.
    pub fn keep_logs(mut self, days: Days) -> Self {
        self.log_retention = days;
        self
    }

    /// Logs every step, and not only what fails. An express machine keeps no other history.
    pub fn log_everything(mut self) -> Self {
        self.log_level = properties::LoggingConfigurationLevel::All;
        self
    }

    /// Logs what goes into steps and comes out of them, too. That may be data about people.
    pub fn log_execution_data(mut self) -> Self {
        self.logs_data = true;
        self
    }

    /// Sends traces to X-Ray.
    pub fn traced(mut self) -> Self {
        self.traced = true;
        self
    }

    /// Raises an alarm when executions fail.
    pub fn alarm_on_failures(mut self) -> Self {
        self.alarmed = true;
        self
    }

    /// Adds the machine, its role and its log group. Mistakes in the machine's description become the stack's.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> StateMachineHandle<I, O> {
        stack.check_name(&self.name);
        let added = self.name.kebab().len() + "-".len();
        stack.note_physical_name(PhysicalName {
            added,
            limit: LONGEST_MACHINE_NAME,
        });
        for problem in self.machine.problems() {
            let message = format!("state machine `{}`: {}", self.name, problem.message);
            stack.problem_at(message, problem.location);
        }
        let physical = physical_name(&self.name);
        stack.machines.insert(self.name.clone());
        // Under `/aws/vendedlogs/`, which the size of CloudWatch's one resource policy per account does not limit.
        let logs = stack.add_log_group(
            self.name.logical_id("Logs"),
            format!("/aws/vendedlogs/states/{physical}"),
            self.log_retention,
        );
        let role = self.add_role(stack, &physical);
        let kind = if self.machine.is_express() {
            properties::StateMachineType::Express
        } else {
            properties::StateMachineType::Standard
        };
        let substitutions: BTreeMap<_, _> = self.machine.substitutions().clone();
        let mut resource = stepfunctions::StateMachine::new()
            .state_machine_name(sub(physical.clone()))
            .state_machine_type(kind)
            .role_arn(role.arn())
            .definition(self.machine.definition())
            .definition_substitutions(substitutions)
            .logging_configuration(self.logging(&logs));
        if self.traced {
            let tracing = properties::TracingConfiguration::new().enabled(true);
            resource = resource.tracing_configuration(tracing);
        }
        let id = self.name.logical_id("StateMachine");
        let handle = StateMachineHandle {
            resource: stack.template.add(id, resource),
            name: self.name,
            physical,
            of: PhantomData,
        };
        stack.template.configure(&handle.resource, |entry| {
            entry.metadata("cfn-lint", not_for_cfn_lint())
        });
        if self.alarmed {
            handle.alarm_on_failures().add_to(stack);
        }
        handle
    }

    fn logging(&self, logs: &logs::LogGroupRef) -> properties::LoggingConfiguration {
        let group = properties::CloudWatchLogsLogGroup::new().log_group_arn(logs.arn());
        properties::LoggingConfiguration::new()
            .level(self.log_level.clone())
            .include_execution_data(self.logs_data)
            .destinations([properties::LogDestination::new().cloud_watch_logs_log_group(group)])
    }

    #[track_caller]
    fn add_role(&self, stack: &mut Stack, physical: &str) -> iam::RoleRef {
        let own = Statement::allow().sid("OwnLogs").actions(DELIVER_LOGS);
        let mut document = PolicyDocument::new()
            .statements(self.machine.statements(physical))
            .statement(own.resource("*"));
        if self.traced {
            let traces = Statement::allow().sid("OwnTraces").actions(TRACE);
            document = document.statement(traces.resource("*"));
        }
        let policy = Policy::new()
            .policy_name(self.name.kebab())
            .policy_document(document);
        let trust = Statement::allow()
            .principal(Principal::service("states.amazonaws.com"))
            .action("sts:AssumeRole")
            .condition("StringEquals", "aws:SourceAccount", pseudo::account_id());
        let role = iam::Role::new()
            .description(format!("State machine {} of {}", self.name, stack.name()))
            .assume_role_policy_document(PolicyDocument::new().statement(trust))
            .policies([policy]);
        stack.template.add(self.name.logical_id("Role"), role)
    }
}

/// cfn-lint's schema of states knows neither substitutions in the ARNs of integrations, without which a template serves one
/// partition only, nor JSONata where a number may be computed. `asl` checks the definition.
fn not_for_cfn_lint() -> Object {
    let ignored = Object::from([("ignore_checks", Node::List(vec!["E3601".into()]))]);
    Object::from([("config", Node::Object(ignored))])
}

/// A state machine of a stack that takes an `I` and answers an `O`.
pub struct StateMachineHandle<I, O> {
    name: Name,
    physical: String,
    resource: stepfunctions::StateMachineRef,
    of: PhantomData<fn(I) -> O>,
}

impl<I, O> StateMachineHandle<I, O> {
    /// The machine's ARN.
    pub fn arn(&self) -> Value<Arn<stepfunctions::StateMachine>> {
        self.resource.arn()
    }

    /// What a role must allow that starts executions.
    pub fn start(&self) -> Statement {
        Statement::allow()
            .sid(self.name.logical_id("Start"))
            .action("states:StartExecution")
            .resource(self.arn())
    }

    fn alarm_on_failures(&self) -> Alarm {
        let name = Name::new(self.name.logical_id("Failures"));
        let description = format!("Executions of state machine {} fail", self.name);
        Alarm::new(name, &description).metric(
            "AWS/States",
            "ExecutionsFailed",
            [("StateMachineArn", self.arn())],
        )
    }
}

impl<I, O> Runnable for StateMachineHandle<I, O> {
    type Input = I;
    type Output = O;

    fn placeholder(&self) -> String {
        self.name.logical_id("StateMachine")
    }

    fn arn(&self) -> Value<String> {
        self.arn().into_value()
    }

    fn executions(&self) -> Value<String> {
        sub(format!(
            "arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:execution:{}:*",
            self.physical
        ))
    }
}

impl<I, O> Clone for StateMachineHandle<I, O> {
    fn clone(&self) -> Self {
        Self {
            name: self.name.clone(),
            physical: self.physical.clone(),
            resource: self.resource.clone(),
            of: PhantomData,
        }
    }
}

impl<I, O> fmt::Debug for StateMachineHandle<I, O> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("StateMachineHandle")
            .field(&self.name)
            .finish()
    }
}
