//! What a bucket tells when an object is created in it.
//!
//! S3 checks when the notification is configured that it may call the function or send to the queue. So the permission comes
//! first and names the bucket by its future ARN, and the bucket waits for the permission.

use cfn::s3::bucket as properties;
use cfn::{Arn, Handle, Principal, Statement, Value, lambda, pseudo, sqs};
use shared::Contract;
use shared::events::s3::Notification;

use super::BucketHandle;
use crate::{FunctionHandle, QueueHandle, Stack};

const OBJECT_CREATED: &str = "s3:ObjectCreated:*";

/// S3 takes no more notifications per bucket.
const MOST_NOTIFICATIONS: usize = 100;

/// Endings of keys. S3 compares them letter by letter, so each stands for its common spellings: `.zip`, `.ZIP`, `.Zip`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suffixes(Vec<String>);

/// Keys with one of these endings, in any of their common spellings: `suffixes([".jpg", ".jpeg"])`.
pub fn suffixes<'a>(endings: impl IntoIterator<Item = &'a str>) -> Suffixes {
    let spellings = |ending: &str| {
        let lower = ending.to_ascii_lowercase();
        let upper = ending.to_ascii_uppercase();
        [lower.clone(), upper, capitalised(&lower)]
    };
    let mut all: Vec<String> = endings.into_iter().flat_map(spellings).collect();
    all.sort();
    all.dedup();
    Suffixes(all)
}

fn capitalised(lower: &str) -> String {
    let first = lower
        .find(|letter: char| letter.is_ascii_alphabetic())
        .unwrap_or(0);
    let mut text = lower.to_owned();
    if let Some(letter) = text.get_mut(first..=first) {
        letter.make_ascii_uppercase();
    }
    text
}

/// The notifications of a bucket so far.
#[derive(Debug, Default)]
pub(crate) struct Notifications {
    functions: Vec<(String, Value<Arn<lambda::Function>>)>,
    queues: Vec<(String, Value<Arn<sqs::Queue>>)>,
}

impl Notifications {
    fn property(&self, event_bridge: bool) -> properties::NotificationConfiguration {
        let functions = self.functions.iter().map(|(suffix, function)| {
            properties::LambdaConfiguration::new()
                .event(OBJECT_CREATED)
                .filter(filter(suffix))
                .function(function)
        });
        let queues = self.queues.iter().map(|(suffix, queue)| {
            properties::QueueConfiguration::new()
                .event(OBJECT_CREATED)
                .filter(filter(suffix))
                .queue(queue)
        });
        let mut all = if event_bridge {
            none_but_event_bridge()
        } else {
            properties::NotificationConfiguration::new()
        };
        if !self.functions.is_empty() {
            all = all.lambda_configurations(functions.collect::<Vec<_>>());
        }
        if !self.queues.is_empty() {
            all = all.queue_configurations(queues.collect::<Vec<_>>());
        }
        all
    }
}

fn filter(suffix: &str) -> properties::NotificationFilter {
    let rule = properties::FilterRule::new().name("suffix").value(suffix);
    properties::NotificationFilter::new().s3_key(properties::S3KeyFilter::new().rules([rule]))
}

pub(super) fn none_but_event_bridge() -> properties::NotificationConfiguration {
    let event_bridge = properties::EventBridgeConfiguration::new().event_bridge_enabled(true);
    properties::NotificationConfiguration::new().event_bridge_configuration(event_bridge)
}

impl BucketHandle {
    /// Invokes a function for every object that is created with one of these endings. The function's contract says that it
    /// takes such events.
    #[track_caller]
    pub fn on_created<C: Contract<Event = Notification>>(
        &self,
        stack: &mut Stack,
        suffixes: &Suffixes,
        function: &FunctionHandle<C>,
    ) {
        let permission = lambda::Permission::new()
            .action("lambda:InvokeFunction")
            .function_name(function.resource().arn())
            .principal("s3.amazonaws.com")
            .source_account(pseudo::account_id())
            .source_arn(self.arn().assume_arn());
        let id = format!("{}From{}Permission", function.name(), self.name);
        let permission = stack.template.add(id, permission);
        let arn = function.resource().arn();
        self.notify(stack, suffixes, &permission, |all, suffix| {
            all.functions.push((suffix, arn.clone()));
        });
    }

    /// Sends a message to a queue for every object that is created with one of these endings.
    #[track_caller]
    pub fn send_created(&self, stack: &mut Stack, suffixes: &Suffixes, queue: &QueueHandle) {
        let statement = Statement::allow()
            .sid(format!("From{}", self.name))
            .principal(Principal::service("s3.amazonaws.com"))
            .action("sqs:SendMessage")
            .resource(queue.arn())
            .condition("StringEquals", "aws:SourceAccount", pseudo::account_id())
            .condition("ArnEquals", "aws:SourceArn", self.arn());
        let policy = queue.permit(stack, statement);
        let arn = queue.arn();
        self.notify(stack, suffixes, &policy, |all, suffix| {
            all.queues.push((suffix, arn.clone()));
        });
    }

    #[track_caller]
    fn notify(
        &self,
        stack: &mut Stack,
        suffixes: &Suffixes,
        permission: &impl Handle,
        mut add: impl FnMut(&mut Notifications, String),
    ) {
        let all = stack.notifications.entry(self.name.clone()).or_default();
        for suffix in &suffixes.0 {
            add(all, suffix.clone());
        }
        let count = all.functions.len() + all.queues.len();
        let property = all.property(self.tells_event_bridge);
        if count > MOST_NOTIFICATIONS {
            let bucket = &self.name;
            stack.problem(format!(
                "bucket `{bucket}` has {count} notifications, S3 takes {MOST_NOTIFICATIONS}: name fewer endings, or use `notify_event_bridge` and a rule"
            ));
        }
        stack.template.update(&self.resource, |bucket| {
            bucket.notification_configuration(property)
        });
        stack
            .template
            .configure(&self.resource, |entry| entry.depends_on(permission));
    }
}

#[cfg(test)]
mod tests {
    use super::{Suffixes, suffixes};

    #[test]
    fn spellings() {
        let expected = [".JPG", ".Jpg", ".ZIP", ".Zip", ".jpg", ".zip"];
        assert_eq!(
            suffixes([".zip", ".JPG"]),
            Suffixes(expected.map(str::to_owned).to_vec())
        );
    }
}
