//! A stack: a template that constructs are added to.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::Location;

use cfn::cloudwatch::alarm::AlarmActionsTarget;
use cfn::intrinsics::{if_, sub};
use cfn::{
    Condition, DeletionPolicy, Document, Handle, IntoValue as _, List, Object, Output, Parameter,
    ParameterRef, Template, Test, Value, logs, pseudo,
};
use workflow::Problem;

use crate::assets::Assets;
use crate::bucket::Notifications;
use crate::deployed_name::METADATA;
use crate::queue::{QueuePolicy, RedriveSources};
use crate::{Days, Error, Name};

/// The description of a stack.
///
/// Constructs are added one by one; what belongs to the stack as a whole (the parameters of the function code, the topic of
/// its alarms) appears in the template when the first construct needs it. Mistakes are collected and returned together by
/// [`Stack::synthesize`], so that the code that describes a stack reads without error handling.
#[derive(Debug)]
pub struct Stack {
    name: String,
    pub(crate) template: Template,
    problems: Vec<Problem>,
    longest_physical_name: Option<PhysicalName>,
    assets: Option<Assets>,
    alarm_topic: Option<AlarmTopic>,
    /// What grows while the stack is described: a property or policy that several constructs add to.
    pub(crate) notifications: BTreeMap<Name, Notifications>,
    pub(crate) queue_policies: BTreeMap<Name, QueuePolicy>,
    pub(crate) redrive_sources: RedriveSources,
    /// The state machines, and which of them functions answer.
    pub(crate) machines: BTreeSet<Name>,
    answered: Vec<Answered>,
}

/// A state machine that a function answers.
#[derive(Debug)]
struct Answered {
    machine: Name,
    by: String,
    location: &'static Location<'static>,
}

/// What a physical name adds to the name of the deployed stack, and how long both may be together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PhysicalName {
    pub(crate) added: usize,
    pub(crate) limit: usize,
}

impl PhysicalName {
    fn longest_stack_name(self) -> usize {
        self.limit.saturating_sub(self.added)
    }
}

#[derive(Clone, Debug)]
struct AlarmTopic {
    arn: ParameterRef<String>,
    given: Condition,
}

impl Stack {
    /// A stack without resources. Every resource that takes tags is tagged with `Project` and `Stack`.
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        let name = name.into();
        let mut template = Template::new(description);
        template.tag("Project", "colophon");
        template.tag("Stack", name.as_str());
        Self {
            name,
            template,
            problems: Vec::new(),
            longest_physical_name: None,
            assets: None,
            alarm_topic: None,
            notifications: BTreeMap::new(),
            queue_policies: BTreeMap::new(),
            redrive_sources: BTreeMap::new(),
            machines: BTreeSet::new(),
            answered: Vec::new(),
        }
    }

    /// The stack's name in this program. It is deployed under a name of the operator's choice.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The template, for what no construct offers.
    pub fn template(&mut self) -> &mut Template {
        &mut self.template
    }

    /// Adds an output.
    #[track_caller]
    pub fn output(&mut self, name: &str, description: &str, value: impl cfn::IntoValue<String>) {
        let output = Output::new(value).description(description);
        self.template.output(name, output);
    }

    /// Notes in the template that a resource is less strict than its construct makes it, and why.
    pub(crate) fn exempt(&mut self, resource: &impl Handle, from: &'static str, reason: &str) {
        let note = Object::from([(from, reason)]);
        self.template
            .configure(resource, |entry| entry.metadata(METADATA, note));
    }

    /// A log group of the template's own: one that AWS makes would keep its lines for ever.
    #[track_caller]
    pub(crate) fn add_log_group(
        &mut self,
        id: String,
        name: String,
        retention: Days,
    ) -> logs::LogGroupRef {
        let group = logs::LogGroup::new()
            .log_group_name(sub(name))
            .retention_in_days(retention.count());
        let logs = self.template.add(id, group);
        self.template.configure(&logs, |entry| {
            entry
                .deletion_policy(DeletionPolicy::Delete)
                .update_replace_policy(DeletionPolicy::Delete)
        });
        logs
    }

    /// Remembers a mistake; synthesis will fail with it.
    #[track_caller]
    pub(crate) fn problem(&mut self, message: impl Into<String>) {
        self.problem_at(message, Location::caller());
    }

    /// Remembers a mistake that was made at another line than the caller's.
    pub(crate) fn problem_at(
        &mut self,
        message: impl Into<String>,
        location: &'static Location<'static>,
    ) {
        let message = message.into();
        self.problems.push(Problem { message, location });
    }

    /// Notes that a function answers a state machine, which has to be there in the end.
    #[track_caller]
    pub(crate) fn note_answered(&mut self, machine: Name, by: &str) {
        self.answered.push(Answered {
            machine,
            by: by.to_owned(),
            location: Location::caller(),
        });
    }

    fn check_answered(&mut self) {
        for Answered {
            machine,
            by,
            location,
        } in std::mem::take(&mut self.answered)
        {
            if !self.machines.contains(&machine) {
                let message = format!(
                    "{by} answers state machine `{machine}`, which is not in the stack: name the machine as it is added"
                );
                self.problem_at(message, location);
            }
        }
    }

    /// Refuses names that are no `PascalCase`.
    #[track_caller]
    pub(crate) fn check_name(&mut self, name: &Name) {
        if !name.is_valid() {
            self.problem(format!(
                "`{name}` is no name for a construct: use ASCII letters and digits, beginning with a capital, for example `AthenaResults`"
            ));
        }
    }

    /// Notes that a physical name is made of the deployed stack's name and so many characters more.
    pub(crate) fn note_physical_name(&mut self, name: PhysicalName) {
        let longest = self
            .longest_physical_name
            .map_or(usize::MAX, PhysicalName::longest_stack_name);
        if name.longest_stack_name() < longest {
            self.longest_physical_name = Some(name);
        }
    }

    /// The parameters of the function code.
    pub(crate) fn assets(&mut self) -> Assets {
        let template = &mut self.template;
        self.assets
            .get_or_insert_with(|| Assets::declare(template))
            .clone()
    }

    /// What alarms do: they tell the topic that the operator gives, or nobody.
    pub(crate) fn alarm_actions(&mut self) -> Value<List<AlarmActionsTarget>> {
        let template = &mut self.template;
        let topic = self.alarm_topic.get_or_insert_with(|| {
            let parameter = Parameter::new()
                .description("ARN of the SNS topic that alarms tell; empty for none")
                .default_value("")
                .allowed_pattern("^(arn:[a-z-]+:sns:.+)?$");
            let arn = template.parameter("AlarmTopicArn", parameter);
            let none = Test::equals(&arn, "");
            let given = template.condition("HasAlarmTopic", none.negate());
            AlarmTopic { arn, given }
        });
        let actions: Value<List<_>> = [topic.arn.value().assume_arn()].into_value();
        if_(&topic.given, actions, pseudo::no_value())
    }

    /// The finished template.
    ///
    /// # Errors
    /// Everything that is wrong with the description, with the lines that made the mistakes.
    pub fn synthesize(mut self) -> Result<Document, Error> {
        if let Some(name) = self.longest_physical_name {
            crate::deployed_name::describe(&mut self.template, name.longest_stack_name());
        }
        self.check_answered();
        if !self.problems.is_empty() {
            return Err(Error::Problems {
                stack: self.name,
                problems: self.problems,
            });
        }
        self.template
            .synthesize()
            .map_err(|errors| Error::Template {
                stack: self.name,
                errors,
            })
    }
}
