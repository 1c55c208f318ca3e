//! The Bedrock runtime and its batch jobs, simulated: the real wire protocol, so that the functions' own SDK talks to it unchanged.
//!
//! * `InvokeModel` takes the bodies of Anthropic, Nova, Titan's and Cohere's embeddings, `InvokeModelWithResponseStream`
//!   that of Anthropic; they validate as the service does. `Converse` and `ConverseStream` take any model.
//! * The default models are honest. Asked for fields, one reads the EAN-13 barcode in the pixels it was sent and answers
//!   from a [catalogue](crate::catalogue); an image without a readable barcode gets blanks and a low confidence. Asked for
//!   text, it says that it is simulated and repeats what it was asked. An embedding is made of the hash of its input: equal
//!   inputs have equal vectors, and nothing else is similar.
//! * A [`Scenario`] adds latency, throttling and faults, by rules without chance.
//! * An [`Upstream`] answers instead of the built-in model: any server that speaks the `OpenAI` chat protocol.
//! * Batch jobs run as the service's do: see [`BatchScenario`] for their clock and their faults.
//! * With an authorizer set, a caller needs `bedrock:InvokeModel` on the model as it does in the cloud.

mod answer;
mod authorize;
mod batch;
mod conversation;
mod converse;
mod embedding;
mod error;
mod faults;
mod fields;
mod messages;
mod model_id;
mod models;
mod record;
mod reply;
mod scenario;
mod server;
mod stream;
mod text;
mod throttle;
mod upstream;
mod vision;

pub use batch::{
    Account, AccountError, BatchScenario, Clock, Doing, JobFault, JobRule, JobWhen, MemoryAccount,
    Objects, Quotas, S3Uri, Status,
};
pub use record::Request;
pub use scenario::{ErrorCode, Fault, Rule, Scenario, ScenarioError, Throttle, When};
pub(crate) use server::ADDRESS;
pub use server::{Config, Simulator, listen, serve};
pub use upstream::Upstream;
