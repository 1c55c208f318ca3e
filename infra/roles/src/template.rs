//! The template of the roles.

use cfn::iam::role::Policy;
use cfn::intrinsics::{if_, sub};
use cfn::{
    Arn, Condition, DeletionPolicy, Document, Output, Parameter, ParameterRef, PolicyDocument,
    Principal, Statement, Template, Test, Value, iam, pseudo,
};

use crate::Error;
use crate::names::STACK;
use crate::statements::Allowed;

/// Whose tokens GitHub's workflows present ("Configuring `OpenID` Connect in Amazon Web Services", GitHub documentation).
const ISSUER: &str = "token.actions.githubusercontent.com";

/// The audience that `aws-actions/configure-aws-credentials` asks for.
const AUDIENCE: &str = "sts.amazonaws.com";

/// A branch, tag or environment of one repository, which is named with or without the ids of its owner and itself ("Immutable
/// subject claims", "`OpenID` Connect reference", GitHub documentation). Neither `*` nor `?`.
const SUBJECT: &str = concat!(
    "^repo:([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+|[A-Za-z0-9_.-]+@[0-9]+/[A-Za-z0-9_.-]+@[0-9]+)",
    ":(ref:refs/(heads|tags)/[A-Za-z0-9_./-]+|environment:[A-Za-z0-9_.-]+)$"
);

/// Names that buckets can be named after, as deployment checks them too.
const STACK_NAME: &str = "^[a-z]([a-z0-9]|-[a-z0-9])*$";

/// What the template is made of.
pub(crate) struct Roles<'a> {
    pub(crate) stack: &'a str,
    pub(crate) longest_stack_name: usize,
    /// The policies of the execution role.
    pub(crate) execution: Vec<Vec<Allowed>>,
    /// What the pipeline calls itself.
    pub(crate) pipeline: Vec<Statement>,
}

struct Settings {
    boundary: ParameterRef<String>,
    has_boundary: Condition,
    subject: ParameterRef<String>,
    provider: ParameterRef<String>,
    makes_provider: Condition,
}

impl Roles<'_> {
    pub(crate) fn document(self) -> Result<Document, Error> {
        let mut template = Template::new(format!(
            "Who deploys {}: the role that CloudFormation works under, and the role of the pipeline",
            self.stack
        ));
        template.tag("Project", "colophon");
        template.tag("Stack", self.stack);
        let settings = self.settings(&mut template);
        let execution = self.execution_role(&mut template, &settings);
        let provider = provider(&mut template, &settings);
        let pipeline = self.pipeline_role(&mut template, &settings, &execution, provider.clone());
        let outputs = [
            (
                "ExecutionRoleArn",
                "Role that CloudFormation works under",
                execution.arn(),
            ),
            (
                "PipelineRoleArn",
                "Role that the pipeline signs in as",
                pipeline.arn(),
            ),
        ];
        for (name, description, arn) in outputs {
            template.output(name, Output::new(arn).description(description));
        }
        let provider = Output::new(provider).description("For the other stacks' OidcProviderArn");
        template.output("IdentityProviderArn", provider);
        Ok(template.synthesize()?)
    }

    fn settings(&self, template: &mut Template) -> Settings {
        let longest = u32::try_from(self.longest_stack_name).unwrap_or(u32::MAX);
        let name = Parameter::<String>::new()
            .description("Name under which the stack is deployed")
            .default_value(self.stack)
            .allowed_pattern(STACK_NAME)
            .length(1, longest);
        let subject = Parameter::new()
            .description("Whose tokens sign in, whole: repo:OWNER/NAME:ref:refs/heads/main, or :environment:NAME; with immutable subjects repo:OWNER@ID/NAME@ID:...")
            .allowed_pattern(SUBJECT)
            .constraint_description("one branch, tag or environment of one repository, without wildcards");
        let provider = Parameter::new()
            .description(format!(
                "ARN of the account's identity provider for {ISSUER}; empty to make it, which works once in an account"
            ))
            .default_value("")
            .allowed_pattern(format!(
                "^(arn:[a-z-]+:iam::[0-9]{{12}}:oidc-provider/{ISSUER})?$"
            ));
        let boundary = Parameter::new()
            .description("ARN of a policy that bounds these two roles, not those of the stack; empty for none")
            .default_value("")
            .allowed_pattern("^(arn:[a-z-]+:iam::([0-9]{12}|aws):policy/.+)?$");
        template.parameter("StackName", name);
        let subject = template.parameter("GitHubSubject", subject);
        let provider = template.parameter("OidcProviderArn", provider);
        let boundary = template.parameter("PermissionsBoundaryArn", boundary);
        let makes_provider = Test::equals(&provider, "");
        let has_boundary = Test::equals(&boundary, "").negate();
        Settings {
            makes_provider: template.condition("MakesOidcProvider", makes_provider),
            has_boundary: template.condition("HasPermissionsBoundary", has_boundary),
            boundary,
            subject,
            provider,
        }
    }

    fn execution_role(&self, template: &mut Template, settings: &Settings) -> iam::RoleRef {
        let mut arns: Vec<Value<Arn<iam::ManagedPolicy>>> = Vec::new();
        for (index, policy) in self.execution.iter().enumerate() {
            let statements = policy.iter().map(Allowed::statement);
            let document = PolicyDocument::new().statements(statements);
            let policy = iam::ManagedPolicy::new().policy_document(document);
            let policy = template.add(format!("ExecutionPolicy{}", index + 1), policy);
            arns.push(policy.reference());
        }
        let role = iam::Role::new()
            .description(sub(format!("CloudFormation, for stack {STACK}")))
            .assume_role_policy_document(PolicyDocument::new().statement(execution_trust()))
            .managed_policy_arns(arns)
            .permissions_boundary(settings.boundary());
        template.add("ExecutionRole", role)
    }

    fn pipeline_role(
        &self,
        template: &mut Template,
        settings: &Settings,
        execution: &iam::RoleRef,
        provider: Value<String>,
    ) -> iam::RoleRef {
        let pass = Statement::allow()
            .action("iam:PassRole")
            .resource(execution.arn())
            .condition(
                "StringEquals",
                "iam:PassedToService",
                "cloudformation.amazonaws.com",
            );
        let statements = self.pipeline.iter().cloned().chain([pass]);
        let policy = Policy::new()
            .policy_name("deploy")
            .policy_document(PolicyDocument::new().statements(statements));
        let trust = Statement::allow()
            .principal(Principal::federated(provider))
            .action("sts:AssumeRoleWithWebIdentity")
            .condition("StringEquals", format!("{ISSUER}:aud"), AUDIENCE)
            .condition("StringEquals", format!("{ISSUER}:sub"), &settings.subject);
        let role = iam::Role::new()
            .description(sub(format!("The pipeline that deploys stack {STACK}")))
            .assume_role_policy_document(PolicyDocument::new().statement(trust))
            .policies([policy])
            .permissions_boundary(settings.boundary());
        template.add("PipelineRole", role)
    }
}

impl Settings {
    fn boundary(&self) -> Value<Arn<iam::ManagedPolicy>> {
        let arn = self.boundary.value().assume_arn().of();
        if_(&self.has_boundary, arn, pseudo::no_value())
    }
}

/// Only CloudFormation, without conditions: that it sends `aws:SourceArn` and `aws:SourceAccount` is documented for extensions and
/// stack sets ("Cross-service confused deputy prevention", its user guide), not for a stack's role ("CloudFormation service role"),
/// and a role that cannot be assumed deploys nothing. For whom it is assumed is decided by `iam:PassRole`.
fn execution_trust() -> Statement {
    Statement::allow()
        .principal(Principal::service("cloudformation.amazonaws.com"))
        .action("sts:AssumeRole")
}

/// The account's identity provider, made where none is given. It stays when the stack goes: an account has one, and other
/// pipelines may have come to use it.
fn provider(template: &mut Template, settings: &Settings) -> Value<String> {
    let provider = iam::OIDCProvider::new()
        .url(format!("https://{ISSUER}"))
        .client_id_list([AUDIENCE]);
    let provider = template.add("OidcProvider", provider);
    template.configure(&provider, |entry| {
        entry
            .condition(&settings.makes_provider)
            .deletion_policy(DeletionPolicy::Retain)
            .update_replace_policy(DeletionPolicy::Retain)
    });
    if_(
        &settings.makes_provider,
        provider.arn(),
        settings.provider.value(),
    )
}
