//! What the function needs of the world, without a word of AWS in it.

use std::time::SystemTime;

use shared::contracts::{Failure, ParseMode, ReviewPolicy};
use shared::run::{Error, Invocation};
use uuid::Uuid;

use crate::place::Claim;

/// Where images come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// The bucket.
    pub bucket: &'a str,
    /// What keys begin with.
    pub prefix: &'a str,
}

/// An image as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredImage {
    /// Its content.
    pub bytes: Vec<u8>,
    /// Its entity tag.
    pub etag: String,
}

/// The services around the function. Keys of records and claims are without the prefix of their port.
#[expect(
    async_fn_in_trait,
    reason = "one invocation runs on one thread, so futures need not be `Send`"
)]
pub trait Services {
    /// The time.
    fn now(&self) -> SystemTime;
    /// Where images come from.
    fn source(&self) -> Source<'_>;
    /// The model or inference profile.
    fn model(&self) -> &str;
    /// How strictly answers are read.
    fn parse_mode(&self) -> ParseMode;
    /// Which records are reviewed.
    fn review_policy(&self) -> &ReviewPolicy;
    /// Reads an image.
    async fn image(&self, key: &str) -> Result<StoredImage, Error>;
    /// Makes a claim, unless there is one; returns the one that holds.
    async fn claim(&self, id: Uuid, claim: &Claim) -> Result<Claim, Error>;
    /// Replaces a claim.
    async fn settle(&self, id: Uuid, claim: &Claim) -> Result<(), Error>;
    /// Asks the model.
    async fn ask(&self, body: Vec<u8>) -> Result<Invocation, Error>;
    /// Writes a record; returns its full key.
    async fn store(&self, key: &str, file: Vec<u8>) -> Result<String, Error>;
    /// Sends an input to the failure queue.
    async fn give_up(&self, failure: &Failure) -> Result<(), Error>;
    /// Sends a message to the review queue.
    async fn review(&self, message: String) -> Result<(), Error>;
}
