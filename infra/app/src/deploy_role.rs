//! The roles that deploy a stack, as a template of their own.

use cfn::intrinsics::sub;
use cfn::{Document, Statement};
use constructs::assets;
use deploy::{ASSET_BUCKET, PERMISSIONS, Permission, Subject};
use roles::{Options, STACK};

use crate::CommandError;
use crate::stacks::Definition;
use crate::synthesis::{Synthesized, check, json};

/// What the template of a stack's roles is called: the stack's name with this ending.
pub const SUFFIX: &str = "-deploy-role";

/// The roles for exactly this template of a stack, checked like the stack itself.
///
/// # Errors
/// When the roles cannot be limited to the stack, or their template would be refused.
pub fn deploy_role(
    definition: &Definition,
    synthesized: &Synthesized,
) -> Result<Document, CommandError> {
    let template = json(definition, &synthesized.document)?;
    let options = Options::new(definition.name)
        .parameter(assets::BUCKET_PARAMETER, ASSET_BUCKET)
        .pipeline(
            PERMISSIONS
                .iter()
                .map(|permission| statement(definition, permission)),
        );
    let options = definition
        .functions
        .iter()
        .fold(options, |options, function| {
            options.parameter(assets::code_key_parameter(function), package_keys(function))
        });
    let document = roles::roles(&template, options).map_err(|error| CommandError::Synth {
        stack: format!("{}{SUFFIX}", definition.name),
        message: error.to_string(),
    })?;
    check(definition, &document, &validate::Sources::default())?;
    Ok(document)
}

/// The keys of a function's packages.
fn package_keys(function: &str) -> String {
    format!("{}*", package::key_prefix(function))
}

fn statement(definition: &Definition, permission: &Permission) -> Statement {
    let stack = |name: &str| {
        format!(
            "arn:${{AWS::Partition}}:cloudformation:${{AWS::Region}}:${{AWS::AccountId}}:stack/{name}/*"
        )
    };
    let bucket = format!("arn:${{AWS::Partition}}:s3:::{ASSET_BUCKET}");
    let statement = Statement::allow().actions(permission.actions.iter().copied());
    match permission.on {
        Subject::Anything => statement.resource("*"),
        Subject::Stack => statement.resource(sub(stack(STACK))),
        Subject::AssetStack(name) => statement.resource(sub(stack(name))),
        Subject::AssetBucket => statement.resource(sub(bucket)),
        Subject::Assets => {
            let packages = definition
                .functions
                .iter()
                .map(|function| package_keys(function));
            let keys = packages.chain([format!("templates/{STACK}/*")]);
            statement.resources(
                keys.map(|key| sub(format!("{bucket}/{key}")))
                    .collect::<Vec<_>>(),
            )
        }
    }
}
