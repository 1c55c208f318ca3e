//! The head and the total of an invoice.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::Record;

/// The head and the total of an invoice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct InvoiceSummary {
    /// Who issued the invoice
    pub supplier: String,
    /// Who is to pay it
    pub customer: String,
    /// Number of the invoice, as printed
    pub invoice_number: String,
    /// Day of issue, YYYY-MM-DD
    pub issued_on: String,
    /// Currency, ISO 4217 code
    pub currency: String,
    /// Amount to pay, taxes included
    pub total: Option<f64>,
    /// Number of line items
    #[schemars(range(min = 0))]
    pub line_items: Option<i64>,
    /// Whether it is marked as paid
    pub paid: Option<bool>,
    /// How well the invoice could be read, 0.0 to 1.0
    #[schemars(range(min = 0.0, max = 1.0))]
    pub confidence: Option<f64>,
}

impl Record for InvoiceSummary {
    const NAME: &'static str = "invoices";

    const TASK: &'static str = "The image shows an invoice. Read its head and its total from it.";

    const RULES: &'static [&'static str] = &[
        "`total`: a plain number with a point before the decimals, without currency sign or thousands separators.",
        "`currency`: the three-letter code, for example EUR where the invoice says €.",
        "`issued_on`: year, month and day as YYYY-MM-DD, whatever the order on the invoice.",
    ];

    fn normalize(&mut self) {
        self.currency.make_ascii_uppercase();
    }

    fn confidence(&self) -> Option<f64> {
        self.confidence
    }
}
