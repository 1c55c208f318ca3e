//! The resources that IAM actions are about.

use crate::lines::skip_lines;

/// One line for each service and kind of resource, `s3 bucket arn:${Partition}:s3:::${BucketName} CreateBucket ...`, sorted.
const TEXT: &str = include_str!("../resources.txt");

/// The kinds of resources that a policy's statement about an action can name.
///
/// It has the actions that the handlers of our types need ([`ResourceType::permissions`](crate::ResourceType::permissions)) and
/// no others.
#[derive(Clone, Copy, Debug)]
pub struct Resources(());

/// A kind of resource in policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceKind {
    /// The prefix of its service, such as `s3`.
    pub service: &'static str,
    /// Its name in AWS's service authorization reference, such as `bucket`; hyphens stand for spaces.
    pub name: &'static str,
    /// The form of its ARNs, such as `arn:${Partition}:s3:::${BucketName}`.
    pub arn: &'static str,
}

impl Resources {
    /// The table compiled into this crate.
    pub const fn embedded() -> Self {
        Self(())
    }

    /// The kinds that an action, such as `s3:PutObject`, is about. None when it is about no resource, so that a statement has to
    /// say `*`.
    ///
    /// ```
    /// let kinds = spec::Resources::embedded().of("sqs:CreateQueue");
    /// assert_eq!(kinds.map(|kind| kind.name).collect::<Vec<_>>(), ["queue"]);
    /// ```
    pub fn of(self, action: &str) -> impl Iterator<Item = ResourceKind> {
        let (service, name) = action.split_once(':').unwrap_or_default();
        let service = service.to_ascii_lowercase();
        let start = skip_lines(TEXT, |line| service_of(line) < service.as_str());
        let lines = start.lines();
        lines
            .take_while(move |line| service_of(line) == service)
            .filter_map(|line| about(line, name))
    }
}

fn service_of(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

/// The kind of a line, when it has the action.
fn about(line: &'static str, action: &str) -> Option<ResourceKind> {
    let mut words = line.split(' ');
    let (service, name, arn) = (words.next()?, words.next()?, words.next()?);
    words
        .any(|word| word.eq_ignore_ascii_case(action))
        .then_some(ResourceKind { service, name, arn })
}
