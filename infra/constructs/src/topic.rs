//! Topics: encrypted, TLS only, with a subscription for whoever the operator names.

use cfn::intrinsics::sub;
use cfn::sns::{Subscription, TopicPolicy};
use cfn::{Arn, Parameter, PolicyDocument, Principal, Statement, Test, Value, sns};

use crate::stack::PhysicalName;
use crate::{Name, Stack};

/// SNS allows no more characters in the name of a topic.
const LONGEST_TOPIC_NAME: usize = 256;

/// The account's key for SNS. Every role of the account may use it through SNS, so who may publish needs nothing more; other
/// services than state machines and functions (alarms, rules) may not.
const KEY: &str = "alias/aws/sns";

/// A topic, before it is added to a stack.
///
/// ```
/// use constructs::{Stack, Topic};
///
/// let mut stack = Stack::new("example", "Tells how runs ended");
/// let runs = Topic::new("Runs").offer_email().add_to(&mut stack);
/// // In a state machine: `perform(SNS_PUBLISH, runs.arn(), message)`.
/// # let _ = runs.arn();
/// ```
#[derive(Debug)]
#[must_use = "a topic exists once it is added to a stack"]
pub struct Topic {
    name: Name,
    offers_email: bool,
    tls_exemption: Option<String>,
}

impl Topic {
    /// A topic that nobody is subscribed to.
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            offers_email: false,
            tls_exemption: None,
        }
    }

    /// Declares the parameter `<name>Email`: an address that is sent every message, after its owner has confirmed it. Empty
    /// for none.
    pub fn offer_email(mut self) -> Self {
        self.offers_email = true;
        self
    }

    /// Accepts requests without TLS too. The reason stands in the template.
    pub fn without_tls_only_policy(mut self, reason: &str) -> Self {
        self.tls_exemption = Some(reason.to_owned());
        self
    }

    /// Adds the topic, its policy and its subscription.
    #[track_caller]
    pub fn add_to(self, stack: &mut Stack) -> TopicHandle {
        stack.check_name(&self.name);
        let added = self.name.kebab().len() + "-".len();
        stack.note_physical_name(PhysicalName {
            added,
            limit: LONGEST_TOPIC_NAME,
        });
        let topic = sns::Topic::new()
            .topic_name(sub(format!("${{AWS::StackName}}-{}", self.name.kebab())))
            .kms_master_key_id(KEY);
        let resource = stack.template.add(self.name.logical_id("Topic"), topic);
        let handle = TopicHandle { resource };
        if let Some(reason) = &self.tls_exemption {
            stack.exempt(&handle.resource, "WithoutTlsOnlyPolicy", reason);
        } else {
            let policy = TopicPolicy::new()
                .topics([handle.arn()])
                .policy_document(PolicyDocument::new().statement(handle.tls_only()));
            stack
                .template
                .add(self.name.logical_id("TopicPolicy"), policy);
        }
        if self.offers_email {
            self.add_email(stack, &handle);
        }
        handle
    }

    #[track_caller]
    fn add_email(&self, stack: &mut Stack, topic: &TopicHandle) {
        let parameter = Parameter::<String>::new()
            .description(format!(
                "E-mail address that is sent the messages of topic {}; empty for none",
                self.name
            ))
            .default_value("")
            .allowed_pattern("^([^@\\s]+@[^@\\s]+)?$");
        let id = self.name.logical_id("Email");
        let address = stack.template.parameter(id.clone(), parameter);
        let given = Test::equals(&address, "").negate();
        let given = stack.template.condition(format!("Has{id}"), given);
        let subscription = Subscription::new()
            .protocol("email")
            .topic_arn(topic.arn())
            .endpoint(&address);
        let subscription = stack
            .template
            .add(self.name.logical_id("EmailSubscription"), subscription);
        stack
            .template
            .configure(&subscription, |entry| entry.condition(&given));
    }
}

/// A topic of a stack.
#[derive(Clone, Debug)]
pub struct TopicHandle {
    resource: sns::TopicRef,
}

impl TopicHandle {
    /// The topic's ARN.
    pub fn arn(&self) -> Value<Arn<sns::Topic>> {
        self.resource.arn()
    }

    /// A topic's policy takes actions of topics only, so there is no wildcard.
    fn tls_only(&self) -> Statement {
        Statement::deny()
            .sid("TlsOnly")
            .principal(Principal::anyone())
            .action("sns:Publish")
            .resource(self.arn())
            .condition("Bool", "aws:SecureTransport", "false")
    }
}
