//! Reading items.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::Item;
use super::scalar::item;
use crate::run::Error;

/// Reads items of one table by their key, and does nothing else:
///
/// ```compile_fail,E0599
/// async fn misuse(rows: &shared::run::ItemReader, update: &shared::run::ItemUpdate) {
///     rows.update(update).await;
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ItemReader {
    client: Client,
    table: String,
}

impl ItemReader {
    pub(in crate::run) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The table's name.
    #[must_use]
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Reads the item of a key, given as attribute and value, with everything that was written before.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`](crate::ErrorKind::Invalid) for an item with attributes that are no [`Scalar`](super::Scalar),
    /// and what calls fail with.
    pub async fn get(&self, key: (&str, &str)) -> Result<Option<Item>, Error> {
        const OPERATION: &str = "GetItem";
        let (attribute, value) = key;
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(attribute, AttributeValue::S(value.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| Error::of_sdk(OPERATION, self.target(value), &error))?;
        answer
            .item
            .map(|attributes| item(OPERATION, &self.target(value), &attributes))
            .transpose()
    }

    fn target(&self, key: &str) -> String {
        format!("{}/{key}", self.table)
    }
}
