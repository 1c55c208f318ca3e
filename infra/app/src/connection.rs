//! From `--local`, `--endpoint-url` and `--region` to a deployment target.

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use deploy::{Connection, Target};
use local::aws::detached::{self, State};

use crate::CommandError;
use crate::cli::TargetArguments;
use crate::intent::Planner;
use crate::workspace;

/// The environment variable by which the SDKs are told of another Bedrock. They do not look at it beside an endpoint for all
/// services.
const BEDROCK: &str = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME";

impl TargetArguments {
    /// Connects to the local AWS, to another endpoint or to AWS itself.
    pub(crate) async fn connect(&self) -> Result<Target, CommandError> {
        if self.local {
            let state = running().await?;
            return local_target(&state.aws.endpoint, &state.region).await;
        }
        let connection = Connection {
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            credentials: None,
        };
        Ok(Target::connect(connection).await?)
    }

    /// Who works out change sets there.
    pub(crate) fn planner(&self) -> Planner {
        if self.local {
            Planner::Local
        } else {
            Planner::Aws
        }
    }

    /// The configuration of clients of Bedrock, which beside the local AWS is a server of its own, as it may be beside
    /// another endpoint.
    pub(crate) async fn bedrock(&self) -> Result<SdkConfig, CommandError> {
        let target = self.connect().await?;
        let endpoint = if self.local {
            Some(running().await?.bedrock.endpoint)
        } else {
            let other = self.endpoint_url.as_ref();
            other.and_then(|_| std::env::var(BEDROCK).ok())
        };
        Ok(match endpoint {
            Some(endpoint) => target.config().to_builder().endpoint_url(endpoint).build(),
            None => target.config().clone(),
        })
    }
}

/// What `infra local up` has started.
async fn running() -> Result<State, CommandError> {
    let status = detached::status(&workspace::target_directory())
        .await?
        .filter(|status| status.aws_answers);
    Ok(status.ok_or(CommandError::NotRunning)?.state)
}

/// The local AWS as its account's root user.
///
/// # Errors
/// When the endpoint is no URL.
pub(crate) async fn local_target(endpoint: &str, region: &str) -> Result<Target, CommandError> {
    let root = local::aws::ROOT;
    let credentials = Credentials::new(
        root.access_key_id,
        root.secret_access_key,
        None,
        None,
        "local AWS",
    );
    let connection = Connection {
        region: Some(region.to_owned()),
        endpoint_url: Some(endpoint.to_owned()),
        credentials: Some(credentials),
    };
    Ok(Target::connect(connection).await?)
}
