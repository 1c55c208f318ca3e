//! What a local AWS does not host is left out, by name.

use cfn::intrinsics::{get_attribute, reference, sub};
use cfn::{Output, logs};
use constructs::{Bucket, GlueDatabase, LocalError, NamedQuery, Stack, Workgroup, local_variant};

fn stack() -> Stack {
    let mut stack = Stack::new("example", "");
    let results = Bucket::new("Results").add_to(&mut stack);
    let database = GlueDatabase::new("").add_to(&mut stack);
    let workgroup = Workgroup::new("", &results).add_to(&mut stack);
    let query = NamedQuery {
        name: "One",
        description: "One",
        sql: "SELECT 1 AS one",
    };
    query.add_to(&mut stack, &workgroup, &database);
    stack
}

#[test]
fn refused_types_are_left_out_and_named() {
    let whole = stack().synthesize().expect("the stack is sound");
    let (local, left_out) = local_variant(&whole).expect("nothing needs the query");
    let names: Vec<&str> = left_out
        .iter()
        .map(|each| each.logical_id.as_str())
        .collect();
    assert_eq!(names, ["OneQuery"]);
    assert_eq!(left_out[0].resource_type, "AWS::Athena::NamedQuery");
    let kept: Vec<&str> = local.resources().map(|(name, _)| name).collect();
    assert_eq!(
        kept,
        [
            "ResultsBucket",
            "ResultsBucketPolicy",
            "Database",
            "Workgroup"
        ]
    );
    assert_eq!(
        local.node().get("Parameters"),
        whole.node().get("Parameters")
    );
}

#[test]
fn a_template_that_is_hosted_whole_stays_as_it_is() {
    let mut stack = Stack::new("example", "");
    Bucket::new("Results").add_to(&mut stack);
    let whole = stack.synthesize().expect("the stack is sound");
    assert_eq!(local_variant(&whole), Ok((whole, Vec::new())));
}

#[test]
fn what_is_still_needed_is_not_left_out_in_silence() {
    let still_needed = |by: &str| {
        Err(LocalError::StillNeeded {
            logical_id: "OneQuery".into(),
            by: by.into(),
        })
    };
    let forms = [
        reference("OneQuery"),
        get_attribute("OneQuery", "NamedQueryId"),
        cfn::intrinsics::raw(sub("query ${OneQuery}").into_node()),
        cfn::intrinsics::raw(sub("query ${OneQuery.NamedQueryId}").into_node()),
    ];
    for form in forms {
        let mut stack = stack();
        let group = logs::LogGroup::new().log_group_name(form.clone());
        stack.template().add("Group", group);
        let template = stack.synthesize().expect("the stack is sound");
        assert_eq!(
            local_variant(&template).map(|_| ()),
            still_needed("Group"),
            "{form:?}"
        );
    }
    let mut stack = stack();
    stack
        .template()
        .output("Query", Output::new(reference("OneQuery")));
    let template = stack.synthesize().expect("the stack is sound");
    assert_eq!(local_variant(&template).map(|_| ()), still_needed("Query"));
}
