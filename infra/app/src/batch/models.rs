//! The models that runs can use.

use std::collections::BTreeMap;

use aws_sdk_bedrock::Client;
use deploy::service;
use serde::Serialize;
use shared::batch::cost::{price_on_demand, priced_models};
use shared::batch::limits::Limits;
use shared::batch::model_id::ModelId;
use shared::batch::processor::{Kind, PROCESSORS, Processor};
use shared::model::{MODELS, RETIRED, Target};

use super::BatchError;

/// A model, or all that share a beginning of their ids.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Family {
    /// Its id, or what the ids start with and a `*`.
    pub(crate) model: String,
    /// What people call the format of its records.
    pub(crate) format: &'static str,
    /// `text` or `embedding`.
    pub(crate) kind: &'static str,
    /// Records that a job must have. The default of accounts.
    pub(crate) minimum_records: u64,
    /// Records that a job may have. The default of accounts.
    pub(crate) maximum_records: u64,
    /// US dollars for a million tokens sent, on demand; none when it is not known here.
    pub(crate) input_price: Option<f64>,
    /// US dollars for a million tokens answered, on demand.
    pub(crate) output_price: Option<f64>,
    /// Ids of the inference profiles by which alone it can be named.
    pub(crate) profiles: Vec<String>,
    /// The model to use instead: jobs for this one would be refused.
    pub(crate) successor: Option<&'static str>,
    /// What the account says of it, when it was asked.
    pub(crate) available: Option<String>,
}

impl Family {
    /// What else there is to know, in a few words.
    pub(crate) fn note(&self) -> String {
        if let Some(successor) = self.successor {
            return format!("retired: use {successor}");
        }
        let prefix = |id: &String| id.split_once('.').map(|(prefix, _)| format!("{prefix}."));
        let prefixes: Vec<String> = self.profiles.iter().filter_map(prefix).collect();
        if prefixes.is_empty() {
            return String::new();
        }
        format!("name a profile: {}", prefixes.join(" "))
    }

    /// Whether it stands for all models whose ids begin so.
    pub(crate) fn is_general(&self) -> bool {
        self.model.ends_with('*')
    }
}

/// Every family, each followed by the models of it of which more is known here.
pub(crate) fn families() -> Vec<Family> {
    PROCESSORS
        .iter()
        .flat_map(|processor| {
            processor
                .models()
                .iter()
                .flat_map(|prefix| of_prefix(*processor, prefix))
        })
        .collect()
}

fn of_prefix(processor: &dyn Processor, prefix: &str) -> Vec<Family> {
    let general = Family {
        model: format!("{prefix}*"),
        ..family(processor, prefix)
    };
    let known = known_models().filter(|id| id.starts_with(prefix));
    let priced = priced_models().filter(|id| id.starts_with(prefix) && *id != prefix);
    let priced = priced.map(|id| Family {
        model: format!("{id}*"),
        ..family(processor, id)
    });
    std::iter::once(general)
        .chain(known.map(|id| family(processor, id)))
        .chain(priced)
        .collect()
}

/// The models of the catalogue, and those that are retired.
fn known_models() -> impl Iterator<Item = &'static str> {
    let retired = RETIRED.iter().map(|(id, _)| *id);
    MODELS.iter().map(|model| model.id).chain(retired)
}

fn family(processor: &dyn Processor, id: &str) -> Family {
    let model = id.parse::<ModelId>().ok();
    let limits = model.as_ref().map_or_else(Limits::default, Limits::of);
    let price = model.as_ref().and_then(price).or_else(|| catalogued(id));
    Family {
        model: id.to_owned(),
        format: processor.family(),
        kind: match processor.kind() {
            Kind::Text => "text",
            Kind::Embedding => "embedding",
        },
        minimum_records: limits.minimum_records,
        maximum_records: limits.maximum_records,
        input_price: price.map(|(input, _)| input),
        output_price: price.map(|(_, output)| output),
        profiles: ways(id),
        successor: RETIRED
            .iter()
            .find(|(retired, _)| *retired == id)
            .map(|(_, successor)| *successor),
        available: None,
    }
}

fn price(model: &ModelId) -> Option<(f64, f64)> {
    price_on_demand(model).map(|price| (price.input, price.output))
}

/// The price of a model that is only reached through profiles: that of the global one.
fn catalogued(id: &str) -> Option<(f64, f64)> {
    let model = MODELS.iter().find(|model| model.id == id)?;
    Some((model.price.input, model.price.output))
}

/// What an account offers, by the ids of foundation models.
#[derive(Clone, Debug, Default)]
pub(crate) struct Availability(BTreeMap<String, String>);

impl Availability {
    /// Asks the account. The service's list does not say which models take batch jobs: that is told by creating one.
    pub(crate) async fn ask(client: &Client) -> Result<Self, BatchError> {
        let listed = client
            .list_foundation_models()
            .send()
            .await
            .map_err(service("list the models of the account"))?;
        let models = listed.model_summaries().iter().map(|model| {
            let lifecycle = model
                .model_lifecycle()
                .map(|lifecycle| lifecycle.status().as_str());
            let ways: Vec<&str> = model
                .inference_types_supported()
                .iter()
                .map(aws_sdk_bedrock::types::InferenceType::as_str)
                .collect();
            let told = format!("{} ({})", lifecycle.unwrap_or("LISTED"), ways.join(", "));
            (model.model_id().to_owned(), told.to_lowercase())
        });
        Ok(Self(models.collect()))
    }

    /// Adds what the account says, and the models of supported families that are offered and not listed yet.
    pub(crate) fn join(&self, families: Vec<Family>) -> Vec<Family> {
        let known: Vec<String> = families.iter().map(|family| family.model.clone()).collect();
        let mut joined = Vec::new();
        for family in families {
            let Some(prefix) = family.model.strip_suffix('*') else {
                let told = self.0.get(&family.model);
                joined.push(Family {
                    available: Some(told.map_or("no", String::as_str).to_owned()),
                    ..family
                });
                continue;
            };
            let offered: Vec<_> = self
                .0
                .range(prefix.to_owned()..)
                .take_while(|(id, _)| id.starts_with(prefix))
                .collect();
            let others = offered.iter().filter(|(id, _)| !known.contains(id));
            let others: Vec<Family> = others
                .map(|(id, told)| Family {
                    model: (*id).clone(),
                    available: Some((*told).clone()),
                    ..family.clone()
                })
                .collect();
            joined.push(Family {
                available: Some(format!("{} offered", offered.len())),
                ..family
            });
            joined.extend(others);
        }
        joined
    }
}

/// The ids by which a model of the catalogue can be named.
fn ways(id: &str) -> Vec<String> {
    Target::all()
        .filter(|target| target.model.id == id)
        .map(|target| target.to_string())
        .collect()
}
