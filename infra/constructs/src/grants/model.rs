//! Grants on models.

use cfn::{IntoValue as _, Statement, Value};
use shared::capability;

use super::{ANYWHERE, Grant, of};
use crate::ModelFamilies;

/// One model may be invoked.
#[derive(Clone, Debug)]
pub struct ModelGrant {
    pub(crate) id: Value<String>,
    pub(crate) resources: Vec<ModelResource>,
}

/// A resource of a [`ModelGrant`].
#[derive(Clone, Debug)]
pub(crate) struct ModelResource {
    pub(crate) arn: Value<String>,
    pub(crate) only_through: Option<Value<String>>,
}

impl Grant for ModelGrant {
    fn environment(&self) -> Value<String> {
        self.id.clone()
    }

    fn statements(&self) -> Vec<(&'static str, Statement)> {
        self.resources
            .iter()
            .map(ModelResource::statement)
            .collect()
    }

    fn problem(&self) -> Option<String> {
        None
    }
}

impl ModelResource {
    fn statement(&self) -> (&'static str, Statement) {
        let statement = of(capability::INVOKE_MODEL).resource(self.arn.clone());
        match &self.only_through {
            Some(profile) => {
                let key = "bedrock:InferenceProfileArn";
                ("Behind", statement.condition("StringEquals", key, profile))
            }
            None => ("", statement),
        }
    }
}

/// Any model of some families may be invoked, directly or through an inference profile.
#[derive(Clone, Debug)]
pub struct ModelsGrant(pub(crate) ModelFamilies);

impl Grant for ModelsGrant {
    fn environment(&self) -> Value<String> {
        ANYWHERE.into_value()
    }

    fn statements(&self) -> Vec<(&'static str, Statement)> {
        let statement = of(capability::INVOKE_MODEL).resources(self.0.arns());
        vec![("", statement)]
    }

    fn problem(&self) -> Option<String> {
        self.0.problem()
    }
}
