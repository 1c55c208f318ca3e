//! The AWS clients of a process: built once, shared by the ports, only those that a contract uses.

use std::cell::OnceCell;
use std::time::Duration;

use aws_config::environment::{
    EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider,
};
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{HttpClient as _, SharedHttpClient, http_client_fn};

/// A connection that takes longer is not going to come.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Until the answer begins; bodies are watched by the SDK's stalled-stream protection.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);
/// A model may think for long. Three attempts and their pauses stay below the five minutes of the functions.
const MODEL_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(75);
/// First call and two more.
const ATTEMPTS: u32 = 3;
/// Longest wait between two attempts at a throttled model. Quotas are a few tens of requests per minute, so a slot comes
/// free every second or two; beyond that the queue in front of the function waits better, and unpaid.
const MODEL_BACKOFF: Duration = Duration::from_secs(3);

/// The clients of this process.
///
/// Region, credentials and endpoints (`AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_S3`, ...) come from the environment.
#[derive(Debug)]
pub struct Clients {
    config: SdkConfig,
    path_style: bool,
    s3: OnceCell<aws_sdk_s3::Client>,
    bedrock: OnceCell<aws_sdk_bedrockruntime::Client>,
    sqs: OnceCell<aws_sdk_sqs::Client>,
    bedrock_jobs: OnceCell<aws_sdk_bedrock::Client>,
    dynamodb: OnceCell<aws_sdk_dynamodb::Client>,
    step_functions: OnceCell<aws_sdk_sfn::Client>,
    secrets: OnceCell<aws_sdk_secretsmanager::Client>,
}

/// The client of a service whose answers come within seconds and whose throttling passes as quickly.
macro_rules! standard_client {
    ($cell:expr, $config:expr, $sdk:ident) => {
        $cell
            .get_or_init(|| {
                let config = $sdk::config::Builder::from($config)
                    .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
                    .timeout_config(timeouts(ATTEMPT_TIMEOUT));
                $sdk::Client::from_conf(config.build())
            })
            .clone()
    };
}

impl Clients {
    /// Reads the configuration from the environment. No call is made and no file is needed: credentials and region are
    /// in Lambda's variables, and looking for them anywhere else would only delay a clear error.
    pub async fn from_environment() -> Self {
        let config = aws_config::defaults(BehaviorVersion::latest())
            .credentials_provider(EnvironmentVariableCredentialsProvider::new())
            .region(EnvironmentVariableRegionProvider::new())
            .http_client(http_client())
            .load()
            .await;
        let s3_endpoint = std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
        Self::new(config, s3_endpoint)
    }

    /// Clients over a given configuration, for tests: give it an HTTP client or an endpoint of your own.
    #[must_use]
    pub fn from_config(config: SdkConfig) -> Self {
        Self::new(config, false)
    }

    /// An endpoint that is not AWS's own seldom has a host name per bucket: buckets go into the path there.
    fn new(config: SdkConfig, s3_endpoint: bool) -> Self {
        Self {
            path_style: s3_endpoint || config.endpoint_url().is_some(),
            config,
            s3: OnceCell::new(),
            bedrock: OnceCell::new(),
            sqs: OnceCell::new(),
            bedrock_jobs: OnceCell::new(),
            dynamodb: OnceCell::new(),
            step_functions: OnceCell::new(),
            secrets: OnceCell::new(),
        }
    }

    pub(super) fn s3(&self) -> aws_sdk_s3::Client {
        let build = || {
            let config = aws_sdk_s3::config::Builder::from(&self.config)
                .force_path_style(self.path_style)
                .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
                .timeout_config(timeouts(ATTEMPT_TIMEOUT));
            aws_sdk_s3::Client::from_conf(config.build())
        };
        self.s3.get_or_init(build).clone()
    }

    /// Adaptive retry slows this client down while the model is throttled; it works because the client outlives the
    /// invocations.
    pub(super) fn bedrock(&self) -> aws_sdk_bedrockruntime::Client {
        let build = || {
            let config = aws_sdk_bedrockruntime::config::Builder::from(&self.config)
                .retry_config(
                    RetryConfig::adaptive()
                        .with_max_attempts(ATTEMPTS)
                        .with_max_backoff(MODEL_BACKOFF),
                )
                .timeout_config(timeouts(MODEL_ATTEMPT_TIMEOUT));
            aws_sdk_bedrockruntime::Client::from_conf(config.build())
        };
        self.bedrock.get_or_init(build).clone()
    }

    pub(super) fn sqs(&self) -> aws_sdk_sqs::Client {
        standard_client!(self.sqs, &self.config, aws_sdk_sqs)
    }

    /// Of the control plane, where batch jobs are.
    pub(super) fn bedrock_jobs(&self) -> aws_sdk_bedrock::Client {
        standard_client!(self.bedrock_jobs, &self.config, aws_sdk_bedrock)
    }

    pub(super) fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        standard_client!(self.dynamodb, &self.config, aws_sdk_dynamodb)
    }

    pub(super) fn step_functions(&self) -> aws_sdk_sfn::Client {
        standard_client!(self.step_functions, &self.config, aws_sdk_sfn)
    }

    pub(super) fn secrets(&self) -> aws_sdk_secretsmanager::Client {
        standard_client!(self.secrets, &self.config, aws_sdk_secretsmanager)
    }
}

/// An HTTP client that reads the root certificates with the first call. The SDK's own reads them while the clients are
/// built, which is half of the time until a function asks for its first event (2 of 4 ms, measured), and is never needed
/// where an emulator is spoken to over plain HTTP.
fn http_client() -> SharedHttpClient {
    let client = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    http_client_fn(move |settings, components| client.http_connector(settings, components))
}

fn timeouts(attempt: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(attempt)
        .build()
}
