//! What is asked of a stack.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::types::ResourceToImport;

use crate::{AssetBucket, Settings};

/// The value of a template parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// This one.
    Given(String),
    /// The one that the deployed stack has, whatever it is: CloudFormation does not tell that of secrets.
    Previous,
}

/// A stack as it should be.
#[derive(Debug, Clone)]
pub struct StackRequest {
    pub(crate) stack: String,
    pub(crate) template: String,
    pub(crate) parameters: BTreeMap<String, ParameterValue>,
    pub(crate) settings: Settings,
    pub(crate) asset_bucket: Option<AssetBucket>,
    /// What an import takes in; none in other requests.
    pub(crate) imports: Vec<ResourceToImport>,
}

impl StackRequest {
    /// A stack by name, with its template in JSON.
    pub fn new(stack: impl Into<String>, template: impl Into<String>) -> Self {
        Self {
            stack: stack.into(),
            template: template.into(),
            parameters: BTreeMap::new(),
            settings: Settings::default(),
            asset_bucket: None,
            imports: Vec::new(),
        }
    }

    /// Sets a template parameter; those not set have the template's default.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let value = ParameterValue::Given(value.into());
        self.parameters.insert(name.into(), value);
        self
    }

    /// Sets template parameters, or keeps what they are; those not named have the template's default.
    #[must_use]
    pub fn parameters(
        mut self,
        values: impl IntoIterator<Item = (String, ParameterValue)>,
    ) -> Self {
        self.parameters.extend(values);
        self
    }

    /// Adds a tag to the stack and its resources.
    #[must_use]
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.tags.insert(key.into(), value.into());
        self
    }

    /// The bucket by which a template over [`INLINE_LIMIT`](crate::INLINE_LIMIT) reaches CloudFormation.
    #[must_use]
    pub fn asset_bucket(mut self, bucket: AssetBucket) -> Self {
        self.asset_bucket = Some(bucket);
        self
    }

    /// What the stack has beside template and parameters.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }
}
