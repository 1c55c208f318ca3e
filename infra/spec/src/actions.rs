//! The IAM actions of every service.

use std::fmt;

use crate::lines::skip_lines;
use crate::wildcard::matches_wildcard;

/// One line for each service and access level, `s3 Read GetBucketAcl GetObject ...`, sorted.
const TEXT: &str = include_str!("../actions.txt");

/// The table of all IAM actions.
///
/// A look-up searches the embedded text; nothing is parsed or copied beforehand.
#[derive(Clone, Copy, Debug)]
pub struct Actions(());

/// An IAM action, displayed as `s3:GetObject`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Action {
    /// The prefix of its service, such as `s3`.
    pub service: &'static str,
    /// Its name as AWS spells it, such as `GetObject`.
    pub name: &'static str,
    /// What it may do.
    pub access: Access,
}

/// The access level of an action, by AWS's service authorization reference.
///
/// AWS counts only what changes permissions as [`Access::PermissionsManagement`]: `iam:PassRole` and `iam:CreateAccessKey` are
/// [`Access::Write`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Names of resources.
    List,
    /// Contents of resources.
    Read,
    /// Tags only.
    Tagging,
    /// Creation, change and deletion.
    Write,
    /// Who may do what.
    PermissionsManagement,
}

impl Actions {
    /// The table compiled into this crate.
    pub const fn embedded() -> Self {
        Self(())
    }

    /// The prefixes of all services, sorted.
    pub fn services(self) -> impl Iterator<Item = &'static str> {
        let mut last = "";
        let services = TEXT.lines().map(service_of);
        services.filter(move |service| std::mem::replace(&mut last, service) != *service)
    }

    /// The actions of a service, by access level and name; none when the service is unknown.
    pub fn of(self, service: &str) -> impl Iterator<Item = Action> + use<> {
        section(&service.to_ascii_lowercase())
            .lines()
            .flat_map(actions)
    }

    /// An action by its full name in any case, such as `s3:getobject`; nothing when it is unknown.
    pub fn get(self, action: &str) -> Option<Action> {
        let (service, name) = action.split_once(':')?;
        self.of(service)
            .find(|action| action.name.eq_ignore_ascii_case(name))
    }

    /// The actions that a pattern of a policy stands for, such as `s3:Get*` or `*`; by service, access level and name.
    ///
    /// The rules are those of [`matches_wildcard`]. A pattern without wildcards finds its one action. `*` is the only pattern
    /// without a colon that finds any, as IAM takes no other.
    pub fn matching(self, pattern: &str) -> impl Iterator<Item = Action> + use<> {
        let pattern = if pattern == "*" { "*:*" } else { pattern };
        let (service, name) = pattern.split_once(':').unwrap_or_default();
        let (service, name) = (service.to_ascii_lowercase(), name.to_owned());
        let any_service = service.contains(['*', '?']);
        let text = if any_service { TEXT } else { section(&service) };
        text.lines()
            .filter(move |line| matches_wildcard(&service, service_of(line)))
            .flat_map(actions)
            .filter(move |action| matches_wildcard(&name, action.name))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.service, self.name)
    }
}

/// The lines of one service.
fn section(service: &str) -> &'static str {
    let start = skip_lines(TEXT, |line| service_of(line) < service);
    let rest = skip_lines(start, |line| service_of(line) <= service);
    &start[..start.len() - rest.len()]
}

/// The service that a line is about.
fn service_of(line: &str) -> &str {
    line.split(' ').next().unwrap_or_default()
}

/// The actions of one line.
fn actions(line: &'static str) -> impl Iterator<Item = Action> {
    let mut words = line.split(' ');
    let service = words.next().unwrap_or_default();
    let access = words.next().map_or(Access::Write, access);
    words.map(move |name| Action {
        service,
        name,
        access,
    })
}

/// The access level that a line names; a test knows that there is no other word.
fn access(word: &str) -> Access {
    match word {
        "List" => Access::List,
        "Read" => Access::Read,
        "Tagging" => Access::Tagging,
        "PermissionsManagement" => Access::PermissionsManagement,
        _ => Access::Write,
    }
}
