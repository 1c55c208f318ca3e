//! The model, as code sees it that waits for its answers.

use std::time::Instant;

use shared::run::Error;

/// A model that answers one record at a time. Calls are begun by one thread, which then waits for all of them at once.
#[expect(
    async_fn_in_trait,
    reason = "one thread begins all calls and waits for them, so futures need not be `Send`"
)]
pub trait Model {
    /// The time.
    fn now(&self) -> Instant;
    /// Sends a body in the format of the model; gives the body of the answer.
    async fn invoke(&self, model_id: &str, body: Vec<u8>) -> Result<Vec<u8>, Error>;
    /// Waits for calls.
    fn wait<T>(&self, calls: impl Future<Output = T>) -> T;
}
