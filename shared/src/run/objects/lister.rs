//! Listing keys.

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;

use super::Location;
use crate::run::Error;

/// Lists the keys below the port's prefixes.
#[derive(Clone, Debug)]
pub struct ObjectLister {
    client: Client,
    location: Location,
}

/// One object in a listing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// When it was written, in seconds since 1970.
    pub modified: i64,
}

impl ObjectLister {
    pub(in crate::run) fn new(client: Client, location: Location) -> Self {
        Self { client, location }
    }

    /// Where this port lists.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Every object whose key begins with `prefix`, in the order of their keys.
    ///
    /// # Errors
    /// When `prefix` does not begin with one of the port's own, and what calls fail with.
    pub async fn list(&self, prefix: &str) -> Result<Vec<Entry>, Error> {
        let pages = self.pages(prefix, None).await?;
        let objects = pages
            .into_iter()
            .flat_map(|page| page.contents.unwrap_or_default());
        Ok(objects
            .filter_map(|object| {
                Some(Entry {
                    key: object.key?,
                    size: object.size.and_then(|size| u64::try_from(size).ok())?,
                    etag: object
                        .e_tag
                        .unwrap_or_default()
                        .trim_matches('"')
                        .to_owned(),
                    modified: object.last_modified.map_or(0, |time| time.secs()),
                })
            })
            .collect())
    }

    /// The "folders" directly below `prefix`: what keys begin with up to their next slash, slash included.
    ///
    /// # Errors
    /// When `prefix` does not begin with one of the port's own, and what calls fail with.
    pub async fn folders(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let pages = self.pages(prefix, Some("/")).await?;
        let folders = pages
            .into_iter()
            .flat_map(|page| page.common_prefixes.unwrap_or_default());
        Ok(folders.filter_map(|folder| folder.prefix).collect())
    }

    async fn pages(
        &self,
        prefix: &str,
        delimiter: Option<&str>,
    ) -> Result<Vec<ListObjectsV2Output>, Error> {
        const OPERATION: &str = "ListObjectsV2";
        // Unlike a key, the prefix of a whole-bucket listing may be empty.
        if !self.location.covers(prefix) {
            return Err(self.location.outside(OPERATION, prefix));
        }
        let mut pages = self
            .client
            .list_objects_v2()
            .bucket(self.location.bucket())
            .prefix(prefix)
            .set_delimiter(delimiter.map(str::to_owned))
            .into_paginator()
            .send();
        let mut all = Vec::new();
        while let Some(page) = pages.next().await {
            all.push(
                page.map_err(|error| Error::of_sdk(OPERATION, self.location.uri(prefix), &error))?,
            );
        }
        Ok(all)
    }
}
