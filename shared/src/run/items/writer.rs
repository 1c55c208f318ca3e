//! Writing items.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;

use super::ItemUpdate;
use crate::run::Error;

/// Writes items of one table.
#[derive(Clone, Debug)]
pub struct ItemWriter {
    client: Client,
    table: String,
}

impl ItemWriter {
    pub(in crate::run) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// The table's name.
    #[must_use]
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Updates an item; false if a condition did not hold, and nothing was changed by this request.
    ///
    /// When the answer to a request is lost, it is sent again. An update whose conditions it makes untrue itself is then
    /// false although it was made: who has to know reads the item.
    ///
    /// # Errors
    /// What calls fail with.
    pub async fn update(&self, update: &ItemUpdate) -> Result<bool, Error> {
        let expressions = update.expressions();
        let key = AttributeValue::S(update.key().to_owned());
        let updated = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(update.key_attribute(), key)
            .set_update_expression(expressions.update)
            .set_condition_expression(expressions.condition)
            .set_expression_attribute_names(expressions.names)
            .set_expression_attribute_values(expressions.values)
            .send()
            .await;
        match updated {
            Ok(_) => Ok(true),
            Err(error) => {
                let target = format!("{}/{}", self.table, update.key());
                let error = Error::of_sdk("UpdateItem", target, &error);
                match error.code.as_str() {
                    "ConditionalCheckFailedException" => Ok(false),
                    _ => Err(error),
                }
            }
        }
    }
}
