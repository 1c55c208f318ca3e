//! Roles and policies of a stack: no others, and no more than the template says.

use std::collections::BTreeSet;

use roles::Error;
use serde_json::json;

use crate::{condition_of, resources_of, role, statements_of, written};

#[test]
fn roles_have_their_path_and_only_the_policies_of_the_template() {
    let managed =
        json!({"Path": "/shop/", "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]});
    let written = written(&json!({"Reader": role(&managed)})).unwrap();
    let own = BTreeSet::from([
        "arn:aws:iam::${AWS::AccountId}:role/shop/${StackName}-Reader-*".to_owned(),
    ]);
    for action in ["iam:CreateRole", "iam:AttachRolePolicy"] {
        assert_eq!(resources_of(&written, action), own, "{action}");
    }
    let attached = condition_of(&written, "iam:AttachRolePolicy", "ArnLike", "iam:PolicyARN");
    assert_eq!(
        attached,
        ["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()].into()
    );
}

/// Paths are part of an ARN, and a policy may be for several roles.
#[test]
fn policies_are_for_every_role_that_they_name() {
    let document = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]});
    let both = json!([{"Ref": "One"}, {"Ref": "Two"}]);
    let written = written(&json!({
        "One": role(&json!({"Path": "/shop/", "ManagedPolicyArns": [{"Ref": "Other"}]})),
        "Two": role(&json!({})),
        "Inline": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "inline", "PolicyDocument": document, "Roles": both}},
        "Managed": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document, "Roles": both}},
        "Other": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document, "Path": "/shop/"}},
    }))
    .unwrap();
    let roles = BTreeSet::from([
        "arn:aws:iam::${AWS::AccountId}:role/shop/${StackName}-One-*".to_owned(),
        "arn:aws:iam::${AWS::AccountId}:role/${StackName}-Two-*".to_owned(),
    ]);
    for action in ["iam:PutRolePolicy", "iam:AttachRolePolicy"] {
        assert_eq!(resources_of(&written, action), roles, "{action}");
    }
    let attached = condition_of(&written, "iam:AttachRolePolicy", "ArnLike", "iam:PolicyARN");
    let policies = BTreeSet::from([
        "arn:aws:iam::${AWS::AccountId}:policy/${StackName}-Managed-*".to_owned(),
        "arn:aws:iam::${AWS::AccountId}:policy/shop/${StackName}-Other-*".to_owned(),
    ]);
    assert_eq!(attached, policies);
}

#[test]
fn identities_of_others_are_refused() {
    let stage = |text: &str| json!({"RoleName": {"Fn::Sub": text}});
    for (properties, refused) in [
        (json!({"RoleName": {"Ref": "Name"}}), true),
        (stage("app-${Stage}"), true),
        (stage("${Stage}-${AWS::StackName}"), true),
        (stage("app-${AWS::Region}"), false),
        (stage("app-${AWS::StackName}-${Stage}"), false),
        (json!({"RoleName": "app"}), false),
    ] {
        let result = written(&json!({"Reader": role(&properties)}));
        let is_refused = matches!(result, Err(Error::Unbounded { .. }));
        assert_eq!(is_refused, refused, "{properties}: {result:?}");
    }
}

#[test]
fn policies_of_others_are_refused() {
    let own = "arn:aws:iam::${AWS::AccountId}:policy/";
    for (arn, refused) in [
        (json!({"Fn::ImportValue": "policy"}), true),
        (json!({"Fn::Sub": format!("{own}app-${{Stage}}")}), true),
        (
            json!({"Fn::Sub": "arn:aws:iam::${Account}:policy/app"}),
            true,
        ),
        (json!({"Fn::Sub": format!("{own}app")}), false),
        (
            json!({"Fn::Sub": format!("{own}${{AWS::StackName}}-${{Stage}}")}),
            false,
        ),
    ] {
        for properties in [
            json!({"ManagedPolicyArns": [arn]}),
            json!({"PermissionsBoundary": arn}),
        ] {
            let result = written(&json!({"Reader": role(&properties)}));
            let is_refused = matches!(result, Err(Error::ForeignPolicy { .. }));
            assert_eq!(is_refused, refused, "{properties}: {result:?}");
        }
    }
}

#[test]
fn roles_get_the_boundary_of_the_template_and_no_other() {
    let boundary = "arn:aws:iam::${AWS::AccountId}:policy/boundary";
    let always = json!({"Fn::Sub": boundary});
    let sometimes = json!({"Fn::If": ["Bounded", always, {"Ref": "AWS::NoValue"}]});
    let key = "iam:PermissionsBoundary";
    for (value, is_always) in [(always, true), (sometimes, false)] {
        let resources = json!({"Reader": role(&json!({"PermissionsBoundary": value}))});
        let written = written(&resources).unwrap();
        let put = condition_of(&written, "iam:PutRolePermissionsBoundary", "ArnLike", key);
        assert_eq!(put, [boundary.to_owned()].into());
        let created = &statements_of(&written, "iam:CreateRole")[0]["Condition"];
        assert_eq!(created["ArnLike"][key].is_object(), is_always, "{created}");
        let removal = statements_of(&written, "iam:DeleteRolePermissionsBoundary");
        assert!(removal.is_empty(), "{removal:?}");
    }
    let written = written(&json!({"Reader": role(&json!({}))})).unwrap();
    assert!(statements_of(&written, "iam:PutRolePermissionsBoundary").is_empty());
    assert!(statements_of(&written, "iam:CreateRole")[0]["Condition"].is_null());
}

#[test]
fn services_make_their_own_roles_only() {
    let written = written(
        &json!({"Jobs": {"Type": "AWS::DynamoDB::Table", "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        }}}),
    )
    .unwrap();
    let action = "iam:CreateServiceLinkedRole";
    let services = condition_of(&written, action, "StringLike", "iam:AWSServiceName");
    assert!(!services.is_empty());
    let is_dynamodb = |service: &String| service.ends_with(".dynamodb.amazonaws.com");
    assert!(services.iter().all(is_dynamodb), "{services:?}");
}
