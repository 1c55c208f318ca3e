//! Why there are no roles for a template.

/// Why the roles of a template cannot be said.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// What the handlers of a type need is not known.
    #[error(
        "`{logical_id}`: the specification says no permissions of {resource_type}; add the type to infra/spec/types.txt, or say in roles::corrections that it needs none"
    )]
    UnknownType {
        /// The resource.
        logical_id: String,
        /// Its type.
        resource_type: String,
    },
    /// The specification of a type cannot be read.
    #[error(transparent)]
    Specification(#[from] spec::Error),
    /// A service is given a role that is not in the template.
    #[error(
        "`{logical_id}` is given the role {role}, which is not in the template: passing it cannot be limited; add the role to the stack, or write its ARN as text"
    )]
    ForeignRole {
        /// The resource that is given the role.
        logical_id: String,
        /// What the template says instead.
        role: String,
    },
    /// A role is given a policy that is not in the template.
    #[error(
        "`{logical_id}` is given the policy {policy}, which is not in the template: {action} cannot be limited to it; add the policy to the stack, or write its ARN as text"
    )]
    ForeignPolicy {
        /// The role.
        logical_id: String,
        /// What the template says of the policy, as far as it is known.
        policy: String,
        /// The action that gives it.
        action: String,
    },
    /// An action that changes identities would be allowed on those of others.
    #[error(
        "`{logical_id}` needs {action}, and its name is open before it says anything of the stack: the action would be allowed on identities of others; name it after `AWS::StackName`, or leave the name to CloudFormation"
    )]
    Unbounded {
        /// The resource.
        logical_id: String,
        /// The action.
        action: String,
    },
    /// A name would be cut where a policy expects it whole.
    #[error(
        "the name that CloudFormation makes up for `{logical_id}` has at most {limit} characters, too few for stacks named like `{stack}`: shorten the logical id or set the name"
    )]
    NameTooLong {
        /// The resource.
        logical_id: String,
        /// The longest name.
        limit: usize,
        /// The stack.
        stack: String,
    },
    /// More than a role can hold.
    #[error(
        "what CloudFormation has to be allowed takes {policies} managed policies, and a role has room for {most}: split the stack"
    )]
    TooLarge {
        /// As many as it takes.
        policies: usize,
        /// As many as fit.
        most: usize,
    },
    /// The builders refused the template of the roles.
    #[error("the template of the roles is not sound: {0}")]
    Template(#[from] cfn::Errors),
}
