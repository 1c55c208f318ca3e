//! Who assumes the two roles.

use serde_json::json;

use crate::written;

#[test]
fn only_one_branch_tag_or_environment_signs_in() {
    let roles = written(&json!({"Work": {"Type": "AWS::SQS::Queue"}})).unwrap();
    let pattern = roles["Parameters"]["GitHubSubject"]["AllowedPattern"]
        .as_str()
        .unwrap();
    let pattern = fancy_regex::Regex::new(pattern).unwrap();
    for (subject, accepted) in [
        ("repo:octo-org/octo.repo:ref:refs/heads/main", true),
        ("repo:octo-org/octo-repo:ref:refs/tags/v1.2", true),
        ("repo:octo-org/octo-repo:environment:production", true),
        (
            "repo:octocat@123456/my-repo@456789:ref:refs/heads/main",
            true,
        ),
        (
            "repo:octocat@123456/my-repo@456789:environment:production",
            true,
        ),
        ("repo:octocat@123456/my-repo:ref:refs/heads/main", false),
        ("repo:octocat/my-repo@456789:ref:refs/heads/main", false),
        ("repo:octocat@/my-repo@:ref:refs/heads/main", false),
        ("repo:octocat@me/my-repo@1:ref:refs/heads/main", false),
        ("repo:octocat@*/my-repo@*:ref:refs/heads/main", false),
        ("repo:octocat@1@2/my-repo@3:ref:refs/heads/main", false),
        ("repo:*", false),
        ("*", false),
        ("", false),
        ("repo:octo-org/*", false),
        ("repo:octo-org/octo-repo:*", false),
        ("repo:octo-org/octo-repo:ref:refs/heads/*", false),
        ("repo:octo-org/octo-repo:ref:refs/heads/mai?", false),
        ("repo:octo-org/octo-repo:pull_request", false),
        (
            "repo:octo-org/octo-repo:environment:production\nrepo:*",
            false,
        ),
        ("x repo:octo-org/octo-repo:ref:refs/heads/main", false),
    ] {
        assert_eq!(pattern.is_match(subject).unwrap(), accepted, "{subject:?}");
    }
    let trust = &roles["Resources"]["PipelineRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        [0];
    let condition = json!({"StringEquals": {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": {"Ref": "GitHubSubject"},
    }});
    assert_eq!(trust["Condition"], condition);
}

/// What a second stack of the account has to be given, as there is one provider.
#[test]
fn the_identity_provider_is_told_to_others() {
    let roles = written(&json!({"Work": {"Type": "AWS::SQS::Queue"}})).unwrap();
    let told = &roles["Outputs"]["IdentityProviderArn"]["Value"];
    let trust = &roles["Resources"]["PipelineRole"]["Properties"]["AssumeRolePolicyDocument"];
    assert_eq!(*told, trust["Statement"][0]["Principal"]["Federated"][0]);
    assert_eq!(told["Fn::If"][2], json!({"Ref": "OidcProviderArn"}));
}

/// CloudFormation is not known to say for which stack it assumes a role.
#[test]
fn cloudformation_assumes_its_role_without_conditions() {
    let roles = written(&json!({"Work": {"Type": "AWS::SQS::Queue"}})).unwrap();
    let trust = &roles["Resources"]["ExecutionRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        [0];
    let service = json!({"Service": ["cloudformation.amazonaws.com"]});
    assert_eq!(trust["Principal"], service);
    assert!(trust["Condition"].is_null(), "{trust}");
}
