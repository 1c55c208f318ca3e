//! Model ids as clients write them: a foundation model, an inference profile, or the ARN of either.

use super::error::ServiceError;
use crate::aws::ACCOUNT_ID;

/// The model a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ModelId {
    /// As the client wrote it.
    pub(super) given: String,
    /// The foundation model: `anthropic.claude-haiku-4-5-20251001-v1:0`.
    pub(super) foundation: String,
    /// `eu`, `us`, `apac`, `global` ... when the client named an inference profile.
    pub(super) profile: Option<String>,
    /// The account in the ARN of an inference profile.
    account: Option<String>,
}

/// Prefixes of the system's cross-region inference profiles.
const GEOGRAPHIES: [&str; 9] = [
    "us", "us-gov", "eu", "apac", "jp", "au", "ca", "sa", "global",
];
/// Families that the service offers through inference profiles only.
const PROFILE_ONLY: [&str; 4] = [
    "claude-3-7-",
    "claude-haiku-4",
    "claude-sonnet-4",
    "claude-opus-4",
];

impl ModelId {
    /// Refuses what the service refuses: a malformed id, and a bare id of a model that is offered by profile only.
    pub(super) fn parse(given: &str) -> Result<Self, ServiceError> {
        let invalid = || ServiceError::validation("The provided model identifier is invalid.");
        let (name, account) = match given.strip_prefix("arn:") {
            None => (given, None),
            Some(rest) => {
                let parts: Vec<&str> = rest.splitn(5, ':').collect();
                let [_partition, "bedrock", _region, account, resource] = parts[..] else {
                    return Err(invalid());
                };
                let (kind, name) = resource.split_once('/').ok_or_else(invalid)?;
                if !matches!(kind, "foundation-model" | "inference-profile") {
                    return Err(invalid());
                }
                (
                    name,
                    Some(account.to_owned()).filter(|account| !account.is_empty()),
                )
            }
        };
        let (profile, foundation) = match name.split_once('.') {
            Some((geography, model)) if GEOGRAPHIES.contains(&geography) => {
                (Some(geography.to_owned()), model)
            }
            _ => (None, name),
        };
        let well_formed = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-:._".contains(&byte))
        };
        let (provider, model) = foundation.split_once('.').ok_or_else(invalid)?;
        if !well_formed(provider) || !well_formed(model) {
            return Err(invalid());
        }
        if profile.is_none() && PROFILE_ONLY.iter().any(|family| model.starts_with(family)) {
            return Err(ServiceError::validation(format!(
                "Invocation of model ID {foundation} with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model."
            )));
        }
        Ok(Self {
            given: given.to_owned(),
            foundation: foundation.to_owned(),
            profile,
            account,
        })
    }

    /// Whether the body of `InvokeModel` is the Anthropic Messages format.
    pub(super) fn is_anthropic(&self) -> bool {
        self.foundation.starts_with("anthropic.")
    }

    /// Whether the body of `InvokeModel` is that of `Converse`.
    pub(super) fn is_nova(&self) -> bool {
        self.foundation.starts_with("amazon.nova-")
    }

    /// The ARN of the profile, or of the model alone, in an account of ours.
    pub(super) fn arn(&self, region: &str) -> String {
        self.resources(region, ACCOUNT_ID).swap_remove(0)
    }

    /// The resources that a caller needs a grant for: the profile and the model behind it, or the model alone.
    ///
    /// The service checks the model in every region that the profile may send the request to; here it is checked in
    /// the caller's own, which is always one of them (a global profile: without a region).
    pub(super) fn resources(&self, region: &str, account: &str) -> Vec<String> {
        let model = format!(
            "arn:aws:bedrock:{region}::foundation-model/{}",
            self.foundation
        );
        let Some(geography) = &self.profile else {
            return vec![model];
        };
        let account = self.account.as_deref().unwrap_or(account);
        vec![
            format!(
                "arn:aws:bedrock:{region}:{account}:inference-profile/{geography}.{}",
                self.foundation
            ),
            model,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_and_arns_lead_to_the_model() {
        for given in [
            "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
            "arn:aws:bedrock:eu-west-1:000000000000:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        ] {
            let model = ModelId::parse(given).unwrap();
            assert_eq!(model.foundation, "anthropic.claude-haiku-4-5-20251001-v1:0");
            assert_eq!(
                model.resources("eu-west-1", "000000000000"),
                [
                    "arn:aws:bedrock:eu-west-1:000000000000:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0",
                    "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-haiku-4-5-20251001-v1:0",
                ]
            );
        }
    }

    #[test]
    fn what_the_service_refuses_is_refused() {
        for given in [
            "",
            "claude",
            "anthropic.",
            "arn:aws:s3:::bucket",
            "arn:aws:bedrock:eu-west-1::guardrail/x",
            "anthropic.cl aude",
        ] {
            assert_eq!(
                ModelId::parse(given).unwrap_err().message,
                "The provided model identifier is invalid.",
                "{given}"
            );
        }
        let bare = ModelId::parse("anthropic.claude-haiku-4-5-20251001-v1:0").unwrap_err();
        assert!(
            bare.message
                .contains("on-demand throughput isn’t supported")
        );
        assert!(ModelId::parse("anthropic.claude-3-haiku-20240307-v1:0").is_ok());
    }
}
