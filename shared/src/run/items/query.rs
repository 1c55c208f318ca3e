//! Querying an index.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::Item;
use super::scalar::item;
use crate::run::Error;

/// Queries one index of a table.
#[derive(Clone, Debug)]
pub struct ItemQuery {
    client: Client,
    table: String,
    index: String,
}

impl ItemQuery {
    pub(in crate::run) fn new(client: Client, table: String, index: String) -> Self {
        Self {
            client,
            table,
            index,
        }
    }

    /// The name of the table.
    #[must_use]
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The name of the index.
    #[must_use]
    pub fn index(&self) -> &str {
        &self.index
    }

    /// Every item of the index with this key, given as attribute and value, in the index's order. An index lags behind its
    /// table, mostly by less than a second: it may miss what was just written and show what was just removed.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for an item with attributes that are no [`Scalar`](super::Scalar),
    /// and what calls fail with.
    pub async fn query(&self, key: (&str, &str)) -> Result<Vec<Item>, Error> {
        const OPERATION: &str = "Query";
        let (attribute, value) = key;
        let target = format!("{}/{}", self.table, self.index);
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(&self.index)
            .key_condition_expression("#key = :key")
            .expression_attribute_names("#key", attribute)
            .expression_attribute_values(":key", AttributeValue::S(value.to_owned()))
            .into_paginator()
            .send();
        let mut items = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Error::of_sdk(OPERATION, &target, &error))?;
            for attributes in page.items() {
                items.push(item(OPERATION, &target, attributes)?);
            }
        }
        Ok(items)
    }
}
