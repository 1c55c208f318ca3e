//! Stacks that are reviewed together, and with what CloudFormation intends.

#![expect(clippy::unwrap_used, reason = "tests may panic")]

use review::{
    Agreement, IntendedAction, Intent, IntentDetail, IntentSource, Replacement, Review,
    SourceLines, StackSettings, Successor, Templates, deployment_order, review, review_together,
};
use serde_json::{Value, json};

fn exporting(name: Option<&str>, value: &str) -> Value {
    let mut output = json!({"Value": value});
    if let Some(name) = name {
        output["Export"] = json!({"Name": {"Fn::Sub": name}});
    }
    json!({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "Outputs": {"Topic": output}})
}

fn importing(name: Option<&str>) -> Value {
    let endpoint = name.map_or(
        json!("none"),
        |name| json!({"Fn::ImportValue": {"Fn::Sub": name}}),
    );
    json!({
        "Parameters": {"Shop": {"Type": "String", "Default": "shop"}},
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": endpoint}}},
    })
}

/// What is said of the output of the stack `shop`.
fn warning(shop: [&Value; 2], books: [&Value; 2]) -> Option<String> {
    let stacks = [("shop", shop), ("books", books)];
    let stacks = stacks.map(|(name, [old, new])| Templates { name, old, new });
    let reviews = review_together(&stacks);
    let section = reviews[0]
        .sections
        .iter()
        .find(|section| section.section == "Outputs");
    section.unwrap().warning.clone()
}

#[test]
fn an_export_that_goes_is_told_by_who_imports_it() {
    let exported = exporting(Some("${AWS::StackName}-topic"), "a");
    let gone = exporting(None, "a");
    let [imports, does_not] = [importing(Some("${Shop}-topic")), importing(None)];

    let still = warning([&exported, &gone], [&imports, &imports]).unwrap();
    assert_eq!(
        still,
        "its export `shop-topic` goes while imported by `books`: CloudFormation refuses that"
    );
    let no_more = warning([&exported, &gone], [&imports, &does_not]).unwrap();
    assert!(
        no_more.contains("was imported by `books`: deploy that first"),
        "{no_more}"
    );
    let never = warning([&exported, &gone], [&does_not, &does_not]).unwrap();
    assert!(
        never.contains("none of those reviewed here does"),
        "{never}"
    );

    let other = exporting(Some("${AWS::StackName}-topic"), "b");
    let value = warning([&exported, &other], [&imports, &imports]).unwrap();
    assert!(
        value.contains("gets another value while imported by `books`"),
        "{value}"
    );
    assert_eq!(warning([&gone, &exported], [&does_not, &imports]), None);
}

fn intent(id: &str, action: IntendedAction, replacement: Replacement) -> Intent {
    Intent {
        logical_id: id.to_owned(),
        resource_type: "AWS::S3::Bucket".to_owned(),
        action,
        replacement,
        deletes: action == IntendedAction::Remove,
        details: Vec::new(),
    }
}

/// A property that is replaced when it changes, if it does.
fn detail(name: &str, source: IntentSource) -> IntentDetail {
    IntentDetail {
        name: name.to_owned(),
        replacement: Replacement::Will,
        dynamic: !matches!(source, IntentSource::Direct | IntentSource::Parameter(_)),
        source,
    }
}

#[test]
fn references_to_what_stays_do_not_count() {
    let bucket = |name: Option<&str>, days: u8| {
        let mut properties = json!({"LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": days}]}});
        if let Some(name) = name {
            properties["BucketName"] = name.into();
        }
        json!({"Resources": {"Books": bucket(&properties, "Retain")}})
    };
    let [old, updated, replaced] = [bucket(None, 1), bucket(None, 2), bucket(Some("new"), 1)];
    let agreement = |new: &Value, source: IntentSource, replacement| {
        let mut books = intent("Books", IntendedAction::Modify, Replacement::Will);
        if new == &updated {
            books.replacement = Replacement::None;
        }
        let mut policy = intent("Policy", IntendedAction::Modify, Replacement::May);
        policy.details = vec![IntentDetail {
            replacement,
            ..detail("Bucket", source)
        }];
        let review = review("any", &old, new).with_intents(&[books, policy]);
        let found = review
            .intended
            .iter()
            .find(|found| found.logical_id == "Policy");
        found.unwrap().agreement
    };
    let reference = || IntentSource::Resource("Books".to_owned());
    let attribute = |name: &str| IntentSource::Attribute("Books".to_owned(), name.to_owned());
    let (stays, will) = (Replacement::None, Replacement::Will);

    assert_eq!(
        agreement(&updated, reference(), will),
        Agreement::AsReviewed
    );
    assert_eq!(
        agreement(&updated, attribute("Arn"), will),
        Agreement::AsReviewed
    );
    assert_eq!(
        agreement(&updated, attribute("Version"), stays),
        Agreement::AsReviewed
    );
    assert_eq!(
        agreement(&updated, attribute("Version"), will),
        Agreement::Unforeseen
    );
    assert_eq!(
        agreement(&replaced, reference(), will),
        Agreement::Unforeseen
    );
    assert_eq!(
        agreement(&updated, IntentSource::Direct, stays),
        Agreement::Unforeseen
    );
    assert_eq!(
        agreement(&updated, IntentSource::Parameter("Days".to_owned()), stays),
        Agreement::Unforeseen
    );
}

fn bucket(properties: &Value, policy: &str) -> Value {
    json!({"Type": "AWS::S3::Bucket", "DeletionPolicy": policy, "UpdateReplacePolicy": policy, "Properties": properties})
}

#[test]
fn what_cloudformation_intends_beyond_the_review_stands_out() {
    use IntendedAction::{Add, Import, Modify, Remove};
    let plain = json!({});
    let named = json!({"BucketName": "books"});
    let tagged = json!({"Tags": [{"Key": "a", "Value": "b"}]});
    let resources = |entries: &[(&str, &Value, &str)]| {
        let entries = entries.iter();
        let entries =
            entries.map(|(id, properties, policy)| ((*id).to_owned(), bucket(properties, policy)));
        json!({"Resources": entries.collect::<serde_json::Map<_, _>>()})
    };
    let old = resources(&[
        ("Kept", &plain, "Retain"),
        ("Named", &plain, "Retain"),
        ("Gone", &plain, "Retain"),
        ("Lost", &plain, "Delete"),
    ]);
    let new = resources(&[
        ("Kept", &tagged, "Retain"),
        ("Named", &named, "Retain"),
        ("New", &plain, "Retain"),
    ]);
    let verdict = |intents: &[Intent], id: &str| {
        let review = review("any", &old, &new).with_intents(intents);
        let found = review.intended.iter().find(|found| found.logical_id == id);
        found.unwrap().agreement
    };
    let one = |id: &str, action, replacement| verdict(&[intent(id, action, replacement)], id);

    assert_eq!(
        one("Kept", Modify, Replacement::None),
        Agreement::AsReviewed
    );
    assert_eq!(one("Kept", Modify, Replacement::May), Agreement::Unforeseen);
    assert_eq!(
        one("Kept", Modify, Replacement::Will),
        Agreement::Unforeseen
    );
    assert_eq!(
        one("Kept", Remove, Replacement::None),
        Agreement::Unforeseen
    );
    assert_eq!(
        one("Named", Modify, Replacement::Will),
        Agreement::AsReviewed
    );
    assert_eq!(
        one("Named", Modify, Replacement::None),
        Agreement::NotIntended
    );
    assert_eq!(one("New", Add, Replacement::None), Agreement::AsReviewed);
    assert_eq!(one("New", Import, Replacement::None), Agreement::Unforeseen);
    assert_eq!(
        one("Other", Modify, Replacement::None),
        Agreement::Unforeseen
    );
    // Its data is said to be lost; the data of the other is said to stay.
    assert_eq!(
        one("Lost", Remove, Replacement::None),
        Agreement::AsReviewed
    );
    assert_eq!(
        one("Gone", Remove, Replacement::None),
        Agreement::Unforeseen
    );
    assert_eq!(verdict(&[], "Kept"), Agreement::NotIntended);
}

#[test]
fn a_rename_is_two_entries_of_a_change_set() {
    let template =
        |id: &str| json!({"Resources": {id: bucket(&json!({"BucketName": "books"}), "Delete")}});
    let intents = [
        intent("Old", IntendedAction::Remove, Replacement::None),
        intent("New", IntendedAction::Add, Replacement::None),
    ];
    let review = review("any", &template("Old"), &template("New")).with_intents(&intents);
    let agree = review
        .intended
        .iter()
        .all(|found| found.agreement == Agreement::AsReviewed);
    assert!(
        agree && review.intended.len() == 2,
        "{:#?}",
        review.intended
    );
}

#[test]
fn the_unforeseen_comes_first_in_every_format() {
    let template = json!({"Resources": {"Books": bucket(&json!({}), "Delete")}});
    let mut replaced = intent("Books", IntendedAction::Modify, Replacement::Will);
    replaced.details = vec![detail(
        "BucketName",
        IntentSource::Parameter("Name".to_owned()),
    )];
    let intents = [replaced];
    let review = Review::of([review("shop", &template, &template).with_intents(&intents)]);
    assert_eq!(review.summary.unforeseen, 1);
    let lines = SourceLines::new();
    let text = review.to_text(&lines, false);
    assert!(
        text.contains("CLOUDFORMATION INTENDS WHAT THIS REVIEW DOES NOT SHOW"),
        "{text}"
    );
    assert!(
        text.contains("because BucketName (parameter Name)"),
        "{text}"
    );
    let page = review.to_markdown(&lines);
    let open = page.split("<details>").next().unwrap();
    assert!(
        open.contains("> **CloudFormation intends what this review does not show.**"),
        "{page}"
    );
    assert!(open.contains("`Books`"), "{page}");
    assert_eq!(
        review.to_sarif(&lines)["runs"][0]["results"][0]["ruleId"],
        "unforeseen"
    );
}

/// A stack by its name and the templates that it has and gets.
fn successor<'a>((name, deployed, next): (&'a str, &'a Value, &'a Value)) -> Successor<'a> {
    Successor {
        name,
        deployed,
        next,
    }
}

#[test]
fn stacks_come_after_those_whose_exports_they_import() {
    let none = Value::Null;
    let shop = exporting(Some("${AWS::StackName}-topic"), "a");
    let books = importing(Some("${Shop}-topic"));
    let other = importing(Some("of-nobody-here"));
    let stacks = [
        ("books", &none, &books),
        ("other", &none, &other),
        ("shop", &none, &shop),
    ];
    let order = deployment_order(&stacks.map(successor));
    assert_eq!(order, Ok(vec![vec![1, 2], vec![0]]));

    let mut circle = importing(Some("books-queue"));
    circle["Outputs"] = shop["Outputs"].clone();
    let mut books = books;
    books["Outputs"] = json!({"Queue": {"Value": "a", "Export": {"Name": "books-queue"}}});
    let stacks = [
        ("books", &none, &books),
        ("other", &none, &other),
        ("shop", &none, &circle),
    ];
    assert_eq!(
        deployment_order(&stacks.map(successor)),
        Err(vec!["books".to_owned(), "shop".to_owned()])
    );
}

#[test]
fn an_export_goes_after_those_who_stop_importing_it() {
    let (exports, no_more) = (exporting(Some("topic"), "a"), exporting(None, "a"));
    let (imports, without) = (importing(Some("topic")), importing(None));
    let stacks = [("shop", &exports, &no_more), ("books", &imports, &without)];
    let order = deployment_order(&stacks.map(successor));
    assert_eq!(order, Ok(vec![vec![1], vec![0]]));
    // Who goes on importing it is in nobody's way: CloudFormation refuses that, in any order.
    let stacks = [("shop", &exports, &no_more), ("books", &imports, &imports)];
    let order = deployment_order(&stacks.map(successor));
    assert_eq!(order, Ok(vec![vec![0, 1]]));
}

#[test]
fn a_resource_takes_the_tags_of_the_stack_where_their_change_is_shown() {
    let template = json!({"Resources": {"Books": bucket(&json!({}), "Retain")}});
    let settings = |team: &str| StackSettings {
        tags: [("team".to_owned(), team.to_owned())].into(),
        ..StackSettings::default()
    };
    let mut tagged = intent("Books", IntendedAction::Modify, Replacement::None);
    tagged.details = vec![IntentDetail {
        replacement: Replacement::None,
        ..detail("Tags", IntentSource::Direct)
    }];
    let reviewed = |after: &str| {
        review("any", &template, &template)
            .with_settings(&settings("a"), &settings(after))
            .with_intents(std::slice::from_ref(&tagged))
    };

    let shown = reviewed("b");
    assert_eq!(shown.intended[0].agreement, Agreement::AsReviewed);
    assert_eq!(
        (&*shown.sections[0].section, &*shown.sections[0].name),
        ("Tags", "team")
    );
    let not_shown = reviewed("a");
    assert_eq!(not_shown.intended[0].agreement, Agreement::Unforeseen);
    assert!(not_shown.sections.is_empty());
}
