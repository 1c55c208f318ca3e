//! What the function needs of the world, without a word of AWS in it.

use shared::run::Error;

/// The files of a run.
#[expect(
    async_fn_in_trait,
    reason = "one invocation runs on one thread, so futures need not be `Send`"
)]
pub trait Services {
    /// The bucket of the files.
    fn bucket(&self) -> &str;
    /// The keys that begin with `prefix`.
    async fn keys(&self, prefix: &str) -> Result<Vec<String>, Error>;
    /// Reads a file.
    async fn read(&self, key: &str) -> Result<Vec<u8>, Error>;
    /// Writes a file of JSON, replacing one of the same key.
    async fn write(&self, key: &str, json: Vec<u8>) -> Result<(), Error>;
}
