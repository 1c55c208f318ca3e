use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_s3::config::SharedHttpClient;
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use aws_smithy_types::timeout::TimeoutConfig;

use crate::{Error, error::service};

/// Where to deploy, as far as it differs from the environment (`AWS_REGION`, `AWS_PROFILE`, `AWS_ENDPOINT_URL` ...).
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// Such as `eu-central-1`.
    pub region: Option<String>,
    /// Another endpoint than AWS, for all services.
    pub endpoint_url: Option<String>,
    /// Other credentials than the environment's.
    pub credentials: Option<Credentials>,
}

/// An account and region to deploy to.
#[derive(Debug, Clone)]
pub struct Target {
    config: SdkConfig,
    region: String,
    polling: Polling,
}

/// How often to ask whether an operation has ended: after `first`, then ever more rarely up to every `longest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Polling {
    /// The first pause.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
}

impl Polling {
    /// For AWS, which takes seconds at least and throttles those who ask too often.
    pub const CLOUD: Self = Self {
        first: Duration::from_secs(1),
        longest: Duration::from_secs(5),
    };
    /// For an emulator on this machine.
    pub const LOCAL: Self = Self {
        first: Duration::from_millis(100),
        longest: Duration::from_millis(500),
    };

    pub(crate) fn start(self) -> Pauses {
        Pauses {
            next: self.first,
            longest: self.longest,
        }
    }
}

/// The pauses of one wait.
pub(crate) struct Pauses {
    next: Duration,
    longest: Duration,
}

impl Pauses {
    pub(crate) async fn pause(&mut self) {
        tokio::time::sleep(self.next).await;
        self.next = (self.next * 3 / 2).min(self.longest);
    }
}

/// How long an answer may let wait for itself: a model takes longest. Without a limit a connection that died, as in a machine that
/// slept, is waited for until the operating system gives it up, which takes a quarter of an hour.
const ANSWER: Duration = Duration::from_mins(2);

/// The same of S3, where it begins with the upload of a part.
const TRANSFER: Duration = Duration::from_mins(10);

fn answering_within(time: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .read_timeout(time)
        .build()
}

/// The SDK's own default.
const CONNECT: Duration = Duration::from_millis(3100);

/// The HTTP client for AWS clients: rustls on ring.
pub fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
        .build_https()
}

impl Target {
    /// Reads the environment's configuration, with the connection's own values first.
    pub async fn connect(connection: Connection) -> Result<Self, Error> {
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http_client())
            .timeout_config(answering_within(ANSWER));
        if let Some(region) = connection.region {
            loader = loader.region(Region::new(region));
        }
        if let Some(url) = connection.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        if let Some(credentials) = connection.credentials {
            loader = loader.credentials_provider(SharedCredentialsProvider::new(credentials));
        }
        Self::from_config(loader.load().await)
    }

    /// A target from a configuration made elsewhere. It needs a region and an HTTP client.
    pub fn from_config(config: SdkConfig) -> Result<Self, Error> {
        let region = config.region().ok_or(Error::NoRegion)?.to_string();
        let polling = match config.endpoint_url() {
            Some(_) => Polling::LOCAL,
            None => Polling::CLOUD,
        };
        Ok(Self {
            config,
            region,
            polling,
        })
    }

    /// The same target, asked at another pace.
    #[must_use]
    pub fn with_polling(self, polling: Polling) -> Self {
        Self { polling, ..self }
    }

    /// The region deployed to.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The configuration, for clients of other services.
    pub fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The number of the account the credentials belong to.
    pub async fn account(&self) -> Result<String, Error> {
        let identity = aws_sdk_sts::Client::new(&self.config)
            .get_caller_identity()
            .send()
            .await
            .map_err(service("find out the account"))?;
        Ok(identity.account.unwrap_or_default())
    }

    pub(crate) fn polling(&self) -> Polling {
        self.polling
    }

    pub(crate) fn cloudformation(&self) -> aws_sdk_cloudformation::Client {
        aws_sdk_cloudformation::Client::new(&self.config)
    }

    /// A client for S3. Emulators do not answer to a host name per bucket, so other endpoints than AWS get the bucket in the path.
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.config)
            .force_path_style(self.config.endpoint_url().is_some())
            .timeout_config(answering_within(TRANSFER))
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }
}
