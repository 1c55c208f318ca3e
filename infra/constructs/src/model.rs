//! The model of a stack, as a template parameter.

use cfn::intrinsics::{join, select, split, sub, sub_with};
use cfn::{IntoValue as _, Parameter, ParameterRef, Value};
use shared::model::{Place, Resource, Target};

use crate::grants::{ModelGrant, ModelResource};
use crate::{Name, Stack};

/// Where a template is deployed, as `Fn::Sub` writes it.
const PLACE: Place<'static> = Place {
    partition: "${AWS::Partition}",
    region: "${AWS::Region}",
    account: "${AWS::AccountId}",
};

/// A parameter that holds the id of an inference profile, any one of the catalogue.
#[derive(Clone, Debug)]
pub struct ModelParameter {
    id: ParameterRef<String>,
    default: Target,
}

impl ModelParameter {
    /// Declares the parameter `<name>Id`; `default` is what is deployed unless the operator chooses another.
    ///
    /// Only inference profiles can be chosen: with an id such as `eu.anthropic.claude-...` the template itself can tell the
    /// model from the profile and grant both.
    #[track_caller]
    pub fn new(name: impl Into<Name>, default: Target, stack: &mut Stack) -> Self {
        let name = name.into();
        stack.check_name(&name);
        let choices: Vec<String> = Target::all()
            .filter(|target| target.profile.is_some())
            .map(|target| target.to_string())
            .collect();
        if !choices.contains(&default.to_string()) {
            stack.problem(format!(
                "model `{default}` cannot be the default of a parameter: choose one of `{}`",
                choices.join("`, `")
            ));
        }
        for choice in choices
            .iter()
            .filter(|choice| choice.split('.').count() != 3)
        {
            stack.problem(format!("model `{choice}` is not of the form profile.provider.model, by which the template tells them apart: extend `ModelParameter`"));
        }
        let parameter = Parameter::new()
            .description("Inference profile of the vision model")
            .default_value(default.to_string())
            .allowed_values(choices);
        let id = stack.template.parameter(name.logical_id("Id"), parameter);
        Self { id, default }
    }

    /// The profile's id.
    pub fn id(&self) -> Value<String> {
        self.id.value()
    }

    /// The model may be invoked through the profile.
    pub fn invoke(&self) -> ModelGrant {
        let resources = self.default.resources(&PLACE);
        ModelGrant {
            id: self.id(),
            resources: resources
                .iter()
                .map(|resource| self.generalised(resource))
                .collect(),
        }
    }

    /// The catalogue says what to grant for one target; the same holds for all that the parameter accepts, with the ids
    /// taken from the parameter.
    fn generalised(&self, resource: &Resource) -> ModelResource {
        ModelResource {
            arn: self.with_ids(&resource.arn),
            only_through: resource
                .only_through
                .as_deref()
                .map(|arn| self.with_ids(arn)),
        }
    }

    fn with_ids(&self, arn: &str) -> Value<String> {
        let by_parameter = arn.replace(
            &self.default.to_string(),
            &format!("${{{}}}", self.id.name()),
        );
        let text = by_parameter.replace(self.default.model.id, "${Model}");
        if text == by_parameter {
            return sub(text);
        }
        sub_with(text, [("Model", self.foundation_model())])
    }

    /// `eu.anthropic.claude-...` without the profile.
    fn foundation_model(&self) -> Value<String> {
        let part = |index| select(index, split(".", self.id()));
        let parts: [Value<String>; 2] = [part(1), part(2)];
        join(".", parts)
    }
}

/// A fixed model may be invoked.
pub fn invoke(target: Target) -> ModelGrant {
    let fixed = |resource: Resource| ModelResource {
        arn: sub(resource.arn),
        only_through: resource.only_through.map(sub),
    };
    ModelGrant {
        id: target.to_string().into_value(),
        resources: target.resources(&PLACE).into_iter().map(fixed).collect(),
    }
}
