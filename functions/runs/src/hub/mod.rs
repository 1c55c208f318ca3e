//! Datasets of the Hugging Face Hub, through the Parquet files that the Hub makes of every dataset it can read.
//!
//! `GET /api/datasets/{id}/parquet` answers with the addresses of the files by configuration and split, in one answer:
//! `{"default": {"train": ["https://huggingface.co/api/datasets/{id}/parquet/default/train/0.parquet"]}}`. An address
//! redirects to a storage that answers to ranges and needs no token. What is wrong is told by the status and by the header
//! `X-Error-Code` (`GatedRepo`, `RepoNotFound`).

mod file;
mod http;

use std::collections::BTreeMap;

use shared::contracts::batch::RunFailure;

use self::http::{Answer, Http};
use crate::error::StoreError;

pub use self::file::HubFile;
pub use self::http::Patience;

/// Files by configuration and split.
type Listing = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// Most bytes of a listing: some hundred thousand files.
const LISTING_BYTES: u64 = 64 << 20;

/// The configuration that is read when none is named and there are several.
const DEFAULT_CONFIG: &str = "default";

/// What the Hub calls a split of which it made Parquet of the first gigabytes only.
const PARTIAL: &str = "partial-";

/// A client of the Hub. Copies share its connections.
#[derive(Clone, Debug)]
pub struct Hub(Http);

/// A split of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Split<'a> {
    /// `owner/name`, or `name`.
    pub dataset: &'a str,
    /// The configuration, where it is named.
    pub config: Option<&'a str>,
    /// For example `train`.
    pub split: &'a str,
}

impl Hub {
    /// A client of the Hub at `base`, for example `https://huggingface.co`. The token is sent there and nowhere else.
    ///
    /// # Errors
    /// When `base` is not the address of a server, or the token is none.
    pub fn new(base: &str, token: Option<&str>, patience: Patience) -> Result<Self, StoreError> {
        Http::new(base, token, patience).map(Self)
    }

    /// The files of a split, in their order.
    ///
    /// # Errors
    /// When there is no such dataset, configuration or split, the messages with those there are; when it may not be read, or
    /// the Hub made no Parquet of it; and when the Hub is busy or out of reach.
    pub fn files(&self, split: &Split<'_>) -> Result<Vec<HubFile>, StoreError> {
        let listing = self.listing(split.dataset)?;
        let addresses = choose(&listing, split)?;
        let name = |place| format!("{}/{}/{place:04}.parquet", split.dataset, split.split);
        let files = (0..).zip(addresses);
        Ok(files
            .map(|(place, address)| HubFile::new(&self.0, name(place), address.clone()))
            .collect())
    }

    fn listing(&self, dataset: &str) -> Result<Listing, StoreError> {
        let address = self.0.address(&format!("/api/datasets/{dataset}/parquet"));
        let answer = self.0.get(&address, None, LISTING_BYTES)?;
        if answer.status != 200 {
            return Err(self.refusal(dataset, &answer));
        }
        serde_json::from_slice(&answer.body).map_err(|error| {
            let message = format!(
                "the Hub's list of the files of `{dataset}` cannot be understood ({error}): check the base address of the Hub in the deployment"
            );
            StoreError::new(RunFailure::Broken, message)
        })
    }

    /// What to do about an answer that is no listing.
    fn refusal(&self, dataset: &str, answer: &Answer) -> StoreError {
        let page = self.0.address(&format!("/datasets/{dataset}"));
        let invalid = |message: String| StoreError::new(RunFailure::InvalidRequest, message);
        let gated = answer.error_code.as_deref() == Some("GatedRepo");
        match (answer.status, self.0.has_token()) {
            (401 | 403, true) if gated => invalid(format!(
                "the dataset `{dataset}` is gated: accept its conditions at {page} with the account whose token the deployment has, and start the run again"
            )),
            (401 | 403, false) if gated => invalid(format!(
                "the dataset `{dataset}` is gated: accept its conditions at {page}, and name a secret with a token of that account when deploying"
            )),
            (401, true) => StoreError::new(
                RunFailure::Broken,
                format!(
                    "the Hub does not accept the token of the deployment, or knows no dataset `{dataset}`: check the id at {page}, or store a token that may read in the secret"
                ),
            ),
            (401 | 403, false) => invalid(format!(
                "the Hub shows no dataset `{dataset}` to the public: check the id at {page}, or for a private one name a secret with a token when deploying"
            )),
            (403, true) => invalid(format!(
                "the token of the deployment may not read the dataset `{dataset}`: give its account access at {page}, or store another token in the secret"
            )),
            (404, _) if answer.error_code.as_deref() == Some("RepoNotFound") => invalid(format!(
                "there is no dataset `{dataset}` on the Hub: check the id at {page}"
            )),
            (404 | 422 | 501, _) => invalid(no_parquet(dataset)),
            (status, _) => StoreError::new(
                RunFailure::Broken,
                format!(
                    "the Hub answered with the status {status} to the question for the files of `{dataset}`: look at {page}, and check the base address of the Hub in the deployment"
                ),
            ),
        }
    }
}

/// The addresses of a split's files.
fn choose<'a>(listing: &'a Listing, wanted: &Split<'_>) -> Result<&'a [String], StoreError> {
    let Split { dataset, split, .. } = *wanted;
    let invalid = |message: String| Err(StoreError::new(RunFailure::InvalidRequest, message));
    let configs = listing.keys().cloned().collect::<Vec<_>>().join(", ");
    let only = || listing.keys().next().filter(|_| listing.len() == 1);
    let config = match wanted.config {
        Some(config) => config,
        None if listing.contains_key(DEFAULT_CONFIG) => DEFAULT_CONFIG,
        None => match only() {
            Some(config) => config,
            None if listing.is_empty() => return invalid(no_parquet(dataset)),
            None => {
                return invalid(format!(
                    "the dataset `{dataset}` has several configurations: give one as `dataset_config`, of {configs}"
                ));
            }
        },
    };
    let Some(splits) = listing.get(config) else {
        return invalid(format!(
            "the dataset `{dataset}` has no configuration `{config}`: use one of {configs}"
        ));
    };
    let available = splits.keys().cloned().collect::<Vec<_>>().join(", ");
    let whole = split.strip_prefix(PARTIAL).unwrap_or(split);
    let Some(addresses) = splits.get(split).or_else(|| splits.get(whole)) else {
        return invalid(format!(
            "the dataset `{dataset}` has no split `{split}` in its configuration `{config}`: use one of {available}"
        ));
    };
    if addresses.is_empty() {
        return invalid(no_parquet(dataset));
    }
    let partial = format!("/{PARTIAL}");
    let cut = addresses.iter().any(|address| address.contains(&partial));
    if cut && whole == split {
        return invalid(format!(
            "the Hub made Parquet of the first part of `{split}` only, because `{dataset}` is large: give `{PARTIAL}{split}` as the split to take that part, or put the whole dataset in a bucket and give its `s3_uri`"
        ));
    }
    Ok(addresses)
}

fn no_parquet(dataset: &str) -> String {
    format!(
        "the Hub made no Parquet of the dataset `{dataset}`, or not yet: try again later, or save the dataset as Parquet in a bucket and give its `s3_uri`"
    )
}
