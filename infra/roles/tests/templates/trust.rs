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
