//! The vision system.

use std::collections::BTreeSet;

use infra::stacks;
use infra::synthesis::{self, Synthesized};
use serde_json::Value;

use crate::permissions::{matrix, resources_of};

fn synthesized() -> Synthesized {
    let definition = stacks::find("vision").expect("the stack is listed");
    synthesis::synthesize(definition).expect("the stack is sound")
}

fn template() -> Value {
    serde_json::from_str(&synthesized().document.to_json()).expect("a template is JSON")
}

fn assert_reviewed(name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/vision");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

#[test]
fn the_template_is_what_was_reviewed() {
    let document = synthesized().document;
    assert_reviewed("template.yaml", &document.to_yaml());
    assert_reviewed("template.json", &document.to_json());
}

#[test]
fn the_template_is_the_same_every_time() {
    assert_eq!(
        synthesized().document.to_json(),
        synthesized().document.to_json()
    );
}

#[test]
fn validation_has_nothing_to_say() {
    let warnings: Vec<String> = synthesized()
        .warnings
        .iter()
        .map(|finding| format!("{finding:?}"))
        .collect();
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn permissions_are_what_was_reviewed() {
    assert_reviewed("permissions", &matrix(&template()));
}

#[test]
fn no_role_may_do_everything_or_has_policies_of_others() {
    let template = template();
    for (name, role) in resources_of(&template, "AWS::IAM::Role") {
        assert!(
            role["Properties"]["ManagedPolicyArns"].is_null(),
            "{name} has a managed policy"
        );
    }
    for line in matrix(&template).lines().skip(1) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        assert!(!cells[2].contains('*'), "an action with a wildcard: {line}");
        assert_ne!(cells[3], "*", "every resource: {line}");
    }
}

#[test]
fn tables_are_what_was_reviewed() {
    let template = template();
    let tables =
        resources_of(&template, "AWS::Glue::Table").map(|(name, table)| shown_table(name, table));
    let views = stacks::vision::views()
        .into_iter()
        .map(|view| format!("{}:\n{}", view.name(), view.sql()));
    assert_reviewed(
        "tables",
        &tables.chain(views).collect::<Vec<_>>().join("\n\n"),
    );
}

fn shown_table(name: &str, table: &Value) -> String {
    let input = &table["Properties"]["TableInput"];
    let columns = input["StorageDescriptor"]["Columns"]
        .as_array()
        .into_iter()
        .flatten();
    let partitions = input["PartitionKeys"].as_array().into_iter().flatten();
    let columns = columns.chain(partitions).map(|column| {
        let cell = |key: &str| column[key].as_str().unwrap_or_default();
        let line = format!(
            "  {:<18} {:<8} {}",
            cell("Name"),
            cell("Type"),
            cell("Comment")
        );
        line.trim_end().to_owned()
    });
    let parameters = input["Parameters"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| {
            let text = value["Fn::Sub"]
                .as_str()
                .or(value.as_str())
                .unwrap_or_default();
            format!("  {key} = {text}")
        });
    let cell = |key: &str| input[key].as_str().unwrap_or_default();
    let title = format!("{name}: {} {}", cell("TableType"), cell("Name"));
    std::iter::once(title)
        .chain(columns)
        .chain(parameters)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn saved_queries_are_what_was_reviewed() {
    let template = template();
    let kinds = ["AWS::Athena::NamedQuery", "AWS::Logs::QueryDefinition"];
    let queries = kinds
        .into_iter()
        .flat_map(|kind| resources_of(&template, kind));
    let shown = queries.map(|(name, query)| {
        let cell = |key: &str| query["Properties"][key].as_str().unwrap_or_default();
        format!(
            "-- {name}: {}\n{}",
            cell("Description"),
            cell("QueryString")
        )
    });
    assert_reviewed("queries", &shown.collect::<Vec<_>>().join("\n\n"));
}

#[test]
fn the_dashboard_is_what_was_reviewed() {
    let template = template();
    let (_, dashboard) = resources_of(&template, "AWS::CloudWatch::Dashboard")
        .next()
        .expect("a dashboard");
    let body = dashboard["Properties"]["DashboardBody"]["Fn::Sub"]
        .as_str()
        .expect("text for `Fn::Sub`");
    let body: Value = serde_json::from_str(body).expect("the body is JSON");
    assert_reviewed(
        "dashboard",
        &serde_json::to_string_pretty(&body).expect("JSON"),
    );
}

/// What tools ask of the stack by name.
#[test]
fn outputs_and_parameters_are_there() {
    let template = template();
    let names = |section: &str| -> BTreeSet<String> {
        template[section]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    };
    let outputs = [
        "Database",
        "FailuresQueueUrl",
        "ImagesQueueUrl",
        "LandingBucket",
        "ProcessedBucket",
        "RawBucket",
        "ReviewQueueUrl",
        "Workgroup",
    ];
    assert_eq!(names("Outputs"), outputs.map(str::to_owned).into());
    let definition = stacks::find("vision").expect("the stack is listed");
    for name in definition.local_parameters().keys() {
        assert!(names("Parameters").contains(name), "{name}");
    }
    for function in definition.functions {
        assert!(
            names("Parameters").contains(&constructs::assets::code_key_parameter(function)),
            "{function}"
        );
    }
}

/// Nothing that data is lost with is left out for a local AWS.
#[test]
fn the_local_variant_lacks_only_what_people_look_at() {
    let definition = stacks::find("vision").expect("the stack is listed");
    let local =
        synthesis::local(definition, &synthesized()).expect("nothing needs what is left out");
    let kinds: BTreeSet<&str> = local
        .left_out
        .iter()
        .map(|each| each.resource_type.as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "AWS::Athena::NamedQuery",
            "AWS::Glue::Table",
            "AWS::Logs::QueryDefinition"
        ]
        .into()
    );
    assert_eq!(
        local.resources + local.left_out.len(),
        synthesized().document.resources().count()
    );
}
