//! What a run will be billed, estimated before it is.

use serde::{Deserialize, Serialize};

use super::model_id::ModelId;
use crate::model::{Price, Target};

/// What a batch job costs, over the same records on demand. Bedrock's price page: half, for the models it lists.
pub const BATCH_FACTOR: f64 = 0.5;

/// Prices on demand of models that are not in [`crate::model`], by what their ids start with; they serve estimates only.
///
/// As price tables of public projects had them in 2026 (several each, all agreeing), for regions in the United States; other
/// regions differ, and some are cheaper. AWS's own price page could not be read. Embeddings have no output.
const PRICES: [(&str, Price); 7] = [
    ("amazon.nova-micro-v1:", price(0.035, 0.14)),
    ("amazon.nova-lite-v1:", price(0.06, 0.24)),
    ("amazon.nova-pro-v1:", price(0.8, 3.2)),
    ("amazon.nova-premier-v1:", price(2.5, 12.5)),
    ("amazon.titan-embed-text-v2:", price(0.02, 0.0)),
    ("cohere.embed-english-v3", price(0.1, 0.0)),
    ("cohere.embed-multilingual-v3", price(0.1, 0.0)),
];

const fn price(input: f64, output: f64) -> Price {
    Price { input, output }
}

/// What the ids of the models start with whose prices are known and not those of the catalogue.
pub fn priced_models() -> impl Iterator<Item = &'static str> {
    PRICES.iter().map(|(prefix, _)| *prefix)
}

/// The price of a model on demand, in US dollars per million tokens; nothing when it is not known.
#[must_use]
pub fn price_on_demand(model: &ModelId) -> Option<Price> {
    if let Ok(target) = Target::parse(model.name()) {
        return Some(price(target.cost(1_000_000, 0), target.cost(0, 1_000_000)));
    }
    let known = PRICES
        .iter()
        .find(|(prefix, _)| model.foundation().starts_with(prefix));
    known.map(|(_, price)| *price)
}

/// Records, and the tokens they took or will take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Number of records.
    pub records: u64,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens answered.
    pub output_tokens: u64,
}

impl Usage {
    /// What `records` records will take if these are like them, rounded up; nothing when these are none.
    #[must_use]
    pub fn scaled_to(&self, records: u64) -> Option<Self> {
        let scaled = |tokens: u64| {
            let tokens = u128::from(tokens) * u128::from(records);
            let per_record = u128::from(self.records);
            (per_record > 0).then(|| u64::try_from(tokens.div_ceil(per_record)).ok())?
        };
        Some(Self {
            records,
            input_tokens: scaled(self.input_tokens)?,
            output_tokens: scaled(self.output_tokens)?,
        })
    }

    /// The bill.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "an estimate does not need the tokens beyond 2^53"
    )]
    pub fn cost(&self, on_demand: Price) -> Cost {
        let Price { input, output } = on_demand;
        let millionths = self.input_tokens as f64 * input + self.output_tokens as f64 * output;
        let on_demand = millionths / 1e6;
        Cost {
            on_demand,
            batch: on_demand * BATCH_FACTOR,
        }
    }
}

/// A bill in US dollars, either way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Record by record.
    pub on_demand: f64,
    /// As batch jobs.
    pub batch: f64,
}
