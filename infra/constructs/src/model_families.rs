//! Families of models, by what their ids start with.

use cfn::Value;
use cfn::intrinsics::sub;
use shared::batch::processor::PROCESSORS;

use crate::grants::ModelsGrant;

/// Models whose ids start in one of several ways, and the inference profiles that AWS defines for them.
///
/// ```
/// use constructs::ModelFamilies;
///
/// let models = ModelFamilies::of_batch().invoke();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFamilies {
    prefixes: Vec<String>,
}

impl ModelFamilies {
    /// Every model that the batch system knows how to speak with: those of [`PROCESSORS`].
    #[must_use]
    pub fn of_batch() -> Self {
        let prefixes = PROCESSORS.iter().flat_map(|processor| processor.models());
        Self::starting_with(prefixes.copied())
    }

    /// Models whose ids start in one of these ways: `["anthropic.claude-"]`.
    #[must_use]
    pub fn starting_with<'a>(prefixes: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            prefixes: prefixes.into_iter().map(str::to_owned).collect(),
        }
    }

    /// They may be invoked.
    #[must_use]
    pub fn invoke(&self) -> ModelsGrant {
        ModelsGrant(self.clone())
    }

    /// The models in every region, because a profile leads to several, and the profiles of this account and region. Whoever
    /// invokes a profile needs both. Source: Amazon Bedrock User Guide, "Prerequisites for inference profiles".
    pub(crate) fn arns(&self) -> Vec<Value<String>> {
        let models = self.prefixes.iter().map(|prefix| {
            sub(format!(
                "arn:${{AWS::Partition}}:bedrock:*::foundation-model/{prefix}*"
            ))
        });
        models.chain(self.profile_arns()).collect()
    }

    /// The profiles alone. What stands before the model's id is a geography: `eu.`, `us.`, `global.`.
    pub(crate) fn profile_arns(&self) -> Vec<Value<String>> {
        let arn = |prefix: &String| {
            sub(format!(
                "arn:${{AWS::Partition}}:bedrock:${{AWS::Region}}:${{AWS::AccountId}}:inference-profile/*.{prefix}*"
            ))
        };
        self.prefixes.iter().map(arn).collect()
    }

    /// What is wrong with them, if anything.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.prefixes.is_empty() {
            return Some("no family of models is named: use `ModelFamilies::of_batch`".to_owned());
        }
        let wrong = |prefix: &&String| !prefix.contains('.') || prefix.contains(['*', '?', '$']);
        let prefix = self.prefixes.iter().find(wrong)?;
        Some(format!(
            "`{prefix}` names no family of models: write provider and beginning of the id without wildcards, for example `anthropic.claude-`"
        ))
    }
}
