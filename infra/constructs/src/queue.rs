//! Queues: encrypted, TLS only, nothing lost before two weeks have passed.
//!
//! A queue is named after the deployed stack, like a bucket: a dead-letter queue says which queues may use it, and those name
//! the dead-letter queue, which would otherwise be a circle.

use std::collections::BTreeMap;

use cfn::intrinsics::sub;
use cfn::sqs::queue::RedrivePolicy;
use cfn::{
    Arn, DeletionPolicy, IntoValue, Node, Object, PolicyDocument, Principal, Statement, Value, sqs,
};

use crate::alarm::{Alarm, Comparison, Statistic};
use crate::grants::SendGrant;
use crate::stack::PhysicalName;
use crate::{Days, Name, Pace, Seconds, Stack, days, minutes};

/// SQS allows no more characters in the name of a queue.
const LONGEST_QUEUE_NAME: usize = 80;

/// SQS keeps messages no longer.
const RETENTION: Days = days(14);

/// A queue, before it is added to a stack.
#[derive(Debug)]
#[must_use = "a queue exists once it is added to a stack"]
pub struct Queue {
    name: Name,
    visibility: Visibility,
    dead_letters: Option<DeadLetters>,
    alarm_above: Option<u32>,
    alarm_after: Option<Seconds>,
    tls_exemption: Option<String>,
}

#[derive(Debug)]
struct Visibility {
    value: Value<i64>,
    default: Seconds,
}

#[derive(Debug)]
struct DeadLetters {
    queue: QueueHandle,
    receives: Value<i64>,
}

impl Queue {
    /// A queue that keeps messages for 14 days, with a key of SQS. A message that was received is delivered again after 30
    /// minutes unless it was deleted.
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            visibility: minutes(30).into(),
            dead_letters: None,
            alarm_above: None,
            alarm_after: None,
            tls_exemption: None,
        }
    }

    /// How long a message that was received stays invisible: six times the timeout of the function that works on it.
    pub fn retry_after(mut self, span: Seconds) -> Self {
        self.visibility = span.into();
        self
    }

    /// Moves a message to a dead-letter queue when it was received so many times.
    pub fn dead_letters(mut self, queue: &QueueHandle, receives: u32) -> Self {
        self.dead_letters = Some(DeadLetters {
            queue: queue.clone(),
            receives: receives.into_value(),
        });
        self
    }

    /// Retries at a pace, and moves a message to a dead-letter queue only when the pace cannot be the reason for its failures.
    pub fn paced(mut self, pace: &Pace, dead_letters: &QueueHandle) -> Self {
        self.visibility = Visibility {
            value: pace.retry_delay(),
            default: pace.default_retry_delay(),
        };
        self.dead_letters = Some(DeadLetters {
            queue: dead_letters.clone(),
            receives: pace.most_receives(),
        });
        self
    }

    /// Raises an alarm when more messages than this wait.
    pub fn alarm_above(mut self, messages: u32) -> Self {
        self.alarm_above = Some(messages);
        self
    }

    /// Raises an alarm when a message has waited longer than this.
    pub fn alarm_after(mut self, span: Seconds) -> Self {
        self.alarm_after = Some(span);
        self
    }

    /// Accepts requests without TLS too. The reason stands in the template.
    pub fn without_tls_only_policy(mut self, reason: &str) -> Self {
        self.tls_exemption = Some(reason.to_owned());
        self
    }

    /// Adds the queue, its policy and its alarm.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> QueueHandle {
        stack.check_name(&self.name);
        let added = self.name.kebab().len() + "-".len();
        stack.note_physical_name(PhysicalName {
            added,
            limit: LONGEST_QUEUE_NAME,
        });
        let physical = format!("${{AWS::StackName}}-{}", self.name.kebab());
        let mut queue = sqs::Queue::new()
            .queue_name(sub(physical.clone()))
            .sqs_managed_sse_enabled(true)
            .message_retention_period(RETENTION.in_seconds().count())
            .visibility_timeout(self.visibility.value);
        if let Some(dead_letters) = &self.dead_letters {
            queue = queue.redrive_policy(redrive_policy(dead_letters));
        }
        let resource = stack.template.add(self.name.logical_id("Queue"), queue);
        stack.template.configure(&resource, |entry| {
            entry
                .deletion_policy(DeletionPolicy::Delete)
                .update_replace_policy(DeletionPolicy::Delete)
        });
        let handle = QueueHandle {
            name: self.name,
            physical,
            retry_after: self.visibility.default,
            resource,
        };
        if let Some(reason) = self.tls_exemption {
            stack.exempt(&handle.resource, "WithoutTlsOnlyPolicy", &reason);
        } else {
            handle.permit(stack, handle.tls_only());
        }
        if let Some(DeadLetters { queue, .. }) = &self.dead_letters {
            queue.accept_from(stack, &handle);
        }
        if let Some(messages) = self.alarm_above {
            handle.alarm_above(messages).add_to(stack);
        }
        if let Some(span) = self.alarm_after {
            handle.alarm_after(span).add_to(stack);
        }
        handle
    }
}

/// A queue for what could not be dealt with. It takes messages from the queues that name it, and from no other.
#[derive(Debug)]
#[must_use = "a queue exists once it is added to a stack"]
pub struct DeadLetterQueue(Queue);

impl DeadLetterQueue {
    /// A dead-letter queue.
    pub fn new(name: impl Into<Name>) -> Self {
        Self(Queue::new(name))
    }

    /// Raises an alarm when more messages than this wait.
    pub fn alarm_above(self, messages: u32) -> Self {
        Self(self.0.alarm_above(messages))
    }

    /// Adds the queue, its policy and its alarm.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> QueueHandle {
        let handle = self.0.add_to(stack);
        stack
            .redrive_sources
            .insert(handle.name.clone(), Vec::new());
        handle.write_redrive_allow_policy(stack);
        handle
    }
}

/// A queue of a stack.
#[derive(Clone, Debug)]
pub struct QueueHandle {
    name: Name,
    physical: String,
    retry_after: Seconds,
    resource: sqs::QueueRef,
}

impl QueueHandle {
    /// Messages may be sent to it.
    pub fn send(&self) -> SendGrant {
        SendGrant {
            url: self.url(),
            arn: self.arn().into_value(),
        }
    }

    /// The queue's URL.
    pub fn url(&self) -> Value<String> {
        self.resource.reference().into_value()
    }

    /// The queue's name in the stack.
    pub(crate) fn name(&self) -> &Name {
        &self.name
    }

    /// The queue's ARN.
    pub fn arn(&self) -> Value<Arn<sqs::Queue>> {
        self.resource.arn()
    }

    /// How long a received message stays invisible unless the operator says otherwise.
    pub(crate) fn retry_after(&self) -> Seconds {
        self.retry_after
    }

    /// The queue's physical name as text for `Fn::Sub`; metrics go by it.
    pub(crate) fn physical(&self) -> &str {
        &self.physical
    }

    /// Adds a statement to the queue's policy. SQS holds one policy per queue, so there is one resource for it.
    #[track_caller]
    pub(crate) fn permit(&self, stack: &mut Stack, statement: Statement) -> sqs::QueuePolicyRef {
        let statements = stack.queue_policies.entry(self.name.clone()).or_default();
        statements.statements.push(statement);
        let document = PolicyDocument::new().statements(statements.statements.clone());
        if let Some(policy) = statements.resource.clone() {
            stack.template.update(&policy, |policy| {
                policy.raw("PolicyDocument", cfn::Literal::into_node(document))
            });
            return policy;
        }
        let policy = sqs::QueuePolicy::new()
            .queues([self.resource.reference()])
            .policy_document(document);
        let policy = stack
            .template
            .add(self.name.logical_id("QueuePolicy"), policy);
        stack
            .queue_policies
            .entry(self.name.clone())
            .or_default()
            .resource = Some(policy.clone());
        policy
    }

    fn tls_only(&self) -> Statement {
        Statement::deny()
            .sid("TlsOnly")
            .principal(Principal::anyone())
            .action("sqs:*")
            .resource(self.arn())
            .condition("Bool", "aws:SecureTransport", "false")
    }

    #[track_caller]
    fn accept_from(&self, stack: &mut Stack, source: &Self) {
        let Some(sources) = stack.redrive_sources.get_mut(&self.name) else {
            stack.problem(format!(
                "queue `{}` takes no dead letters of `{}`: make it a `DeadLetterQueue`",
                self.name, source.name
            ));
            return;
        };
        // By its name, not by reference: the source already depends on this queue.
        sources.push(sub(format!(
            "arn:${{AWS::Partition}}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:{}",
            source.physical
        )));
        self.write_redrive_allow_policy(stack);
    }

    fn write_redrive_allow_policy(&self, stack: &mut Stack) {
        let sources = stack
            .redrive_sources
            .get(&self.name)
            .cloned()
            .unwrap_or_default();
        let policy = if sources.is_empty() {
            Object::from([("redrivePermission", "denyAll")])
        } else {
            let sources: Vec<Node> = sources.into_iter().map(Value::into_node).collect();
            Object::from([
                ("redrivePermission", Node::from("byQueue")),
                ("sourceQueueArns", Node::from(sources)),
            ])
        };
        stack
            .template
            .update(&self.resource, |queue| queue.redrive_allow_policy(policy));
    }

    fn alarm_above(&self, messages: u32) -> Alarm {
        let description = format!("More than {messages} messages wait in queue {}", self.name);
        self.alarm("Depth", &description, "ApproximateNumberOfMessagesVisible")
            .when(Comparison::Above, f64::from(messages))
    }

    fn alarm_after(&self, span: Seconds) -> Alarm {
        let (queue, seconds) = (&self.name, span.count());
        let description =
            format!("A message has waited for more than {seconds} s in queue {queue}");
        self.alarm("Age", &description, "ApproximateAgeOfOldestMessage")
            .when(Comparison::Above, f64::from(seconds))
    }

    fn alarm(&self, kind: &str, description: &str, metric: &str) -> Alarm {
        let name = Name::new(self.name.logical_id(kind));
        Alarm::new(name, description)
            .metric(
                "AWS/SQS",
                metric,
                [("QueueName", sub(self.physical.clone()))],
            )
            .statistic(Statistic::Maximum)
    }
}

/// The policy of a queue so far.
#[derive(Debug, Default)]
pub(crate) struct QueuePolicy {
    statements: Vec<Statement>,
    resource: Option<sqs::QueuePolicyRef>,
}

/// What each dead-letter queue may be used by.
pub(crate) type RedriveSources = BTreeMap<Name, Vec<Value<String>>>;

fn redrive_policy(dead_letters: &DeadLetters) -> RedrivePolicy {
    RedrivePolicy::new()
        .dead_letter_target_arn(dead_letters.queue.arn())
        .max_receive_count(dead_letters.receives.clone())
}

impl From<Seconds> for Visibility {
    fn from(span: Seconds) -> Self {
        Self {
            value: span.count().into_value(),
            default: span,
        }
    }
}
