//! Grants on the items of a table.

use cfn::{Statement, Value};
use shared::capability::{self, Capability};

use super::{Grant, of};

/// A table, as its grants know it.
#[derive(Clone, Debug)]
pub(crate) struct Items {
    pub(crate) name: Value<String>,
    pub(crate) arn: Value<String>,
}

macro_rules! item_grants {
    ($($(#[$doc:meta])* $grant:ident: $capability:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $grant(pub(crate) Items);

        impl Grant for $grant {
            fn environment(&self) -> Value<String> {
                self.0.name.clone()
            }

            fn statements(&self) -> Vec<(&'static str, Statement)> {
                let capability: Capability = $capability;
                vec![("", of(capability).resource(self.0.arn.clone()))]
            }

            fn problem(&self) -> Option<String> {
                None
            }
        }
    )*};
}

item_grants! {
    /// Items of a table may be read by their key.
    ReadItemsGrant: capability::READ_ITEMS;
    /// Items of a table may be written.
    WriteItemsGrant: capability::WRITE_ITEMS;
}

/// An index of a table may be queried.
#[derive(Clone, Debug)]
pub struct QueryItemsGrant {
    pub(crate) items: Items,
    pub(crate) index: String,
    /// The indexes that the table has.
    pub(crate) indexes: Vec<String>,
}

impl Grant for QueryItemsGrant {
    fn environment(&self) -> Value<String> {
        self.items
            .name
            .clone()
            .with_suffix(&format!("/{}", self.index))
    }

    fn statements(&self) -> Vec<(&'static str, Statement)> {
        let arn = self
            .items
            .arn
            .clone()
            .with_suffix(&format!("/index/{}", self.index));
        vec![("", of(capability::QUERY_ITEMS).resource(arn))]
    }

    fn problem(&self) -> Option<String> {
        let known = self.indexes.contains(&self.index);
        (!known).then(|| {
            format!(
                "the table has no index `{}`, its indexes are [{}]",
                self.index,
                self.indexes.join(", ")
            )
        })
    }
}
