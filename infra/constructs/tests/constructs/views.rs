//! Views: what they show, how Athena stores them, and how they travel with a query.

use base64::Engine as _;
use constructs::{Bucket, GlueDatabase, GlueTable, Stack, View, with_views};
use shared::record::row_columns;
use shared::records::InvoiceSummary;

fn view(stack: &mut Stack) -> View {
    let bucket = Bucket::new("Processed").add_to(stack);
    let database = GlueDatabase::new("").add_to(stack);
    let table = |name: &str, prefix: &str| {
        GlueTable::<InvoiceSummary>::in_bucket(&bucket, prefix).named(name)
    };
    let live = table("invoices_live", "processed/").add_to(stack, &database);
    let compacted = table("invoices_compacted", "compacted/")
        .years(2026..=2027)
        .add_to(stack, &database);
    let view = View::newest_rows("invoices", "id", "processed_at", &[&compacted, &live]);
    view.add_to(stack, &database);
    view
}

#[test]
fn another_record_brings_its_own_tables_and_view() {
    let mut stack = Stack::new("invoices", "Invoices in, SQL out");
    let _ = view(&mut stack);
    let template = stack.synthesize().expect("the stack is sound");
    crate::support::assert_reviewed("invoices", &template.to_yaml());
}

/// Athena finds a view's definition in base64 within a comment; the database's name is known at deployment only.
#[test]
fn the_stored_definition_is_the_query_and_its_columns() {
    let mut stack = Stack::new("invoices", "");
    let view = view(&mut stack);
    let template = crate::support::json(&stack.synthesize().expect("the stack is sound"));
    let parts = &template["Resources"]["InvoicesView"]["Properties"]["TableInput"]["ViewOriginalText"]
        ["Fn::Join"][1];
    assert_eq!(parts[0], "/* Presto View: ");
    assert_eq!(parts[2], " */");
    let definition = parts[1]["Fn::Base64"]["Fn::Sub"][0]
        .as_str()
        .expect("text for `Fn::Sub`");
    assert_eq!(
        definition.matches("${").count(),
        1,
        "only the database is filled in"
    );
    let stored = definition.replace("${Database}", "invoices");
    let stored = base64::prelude::BASE64_STANDARD.encode(stored);
    let read = base64::prelude::BASE64_STANDARD
        .decode(stored)
        .expect("base64");
    let definition: serde_json::Value = serde_json::from_slice(&read).expect("JSON");
    assert_eq!(definition["originalSql"], view.sql());
    assert_eq!(definition["schema"], "invoices");
    let columns = definition["columns"].as_array().expect("columns");
    assert_eq!(columns.len(), row_columns::<InvoiceSummary>().len() + 3);
}

#[test]
fn views_travel_with_queries() {
    let mut stack = Stack::new("invoices", "");
    let views = [view(&mut stack)];
    let plain = with_views("SELECT count(*) AS n FROM invoices", &views);
    assert!(plain.starts_with("WITH invoices AS (\nSELECT "), "{plain}");
    assert!(
        plain.ends_with("\n)\nSELECT count(*) AS n FROM invoices"),
        "{plain}"
    );
    let own = with_views("  with x as (SELECT 1 AS one) SELECT one FROM x ", &views);
    assert!(
        own.ends_with("\n), x as (SELECT 1 AS one) SELECT one FROM x"),
        "{own}"
    );
    let not_a_clause = with_views("withdrawals", &views);
    assert!(not_a_clause.ends_with("\n)\nwithdrawals"), "{not_a_clause}");
}
