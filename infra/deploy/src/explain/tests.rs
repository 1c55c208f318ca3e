use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::{Failure, Phase};

/// Reasons as CloudFormation words them, with other names.
const REASONS: [&str; 22] = [
    r#"Resource handler returned message: "Resource of type 'AWS::S3::Bucket' with identifier 'vision-landing' already exists." (RequestToken: 2b638011-e623, HandlerErrorCode: AlreadyExists)"#,
    r#"Resource handler returned message: "User: arn:aws:iam::111122223333:user/ines is not authorized to perform: lambda:GetLayerVersion on resource: arn:aws:lambda:eu-west-1:444455556666:layer:images:3 because no resource-based policy allows the lambda:GetLayerVersion action (Service: Lambda, Status Code: 403, Request ID: 1f)" (RequestToken: 2b63, HandlerErrorCode: AccessDenied)"#,
    r#"Resource handler returned message: "Service returned error code AccessDeniedException (Service: Lambda, Status Code: 403, Request ID: c669)" (RequestToken: a477, HandlerErrorCode: GeneralServiceException)"#,
    r#"Resource handler returned message: "Exceeded attempts to wait" (RequestToken: 3489, HandlerErrorCode: NotStabilized)"#,
    r#"Resource handler returned message: "null" (RequestToken: 3489, HandlerErrorCode: ServiceLimitExceeded)"#,
    r#"Resource handler returned message: "Model validation failed (#: extraneous key [InputFormat] is not permitted)" (RequestToken: 3489, HandlerErrorCode: InvalidRequest)"#,
    r#"Resource handler returned message: "Rate exceeded (Service: Ssm, Status Code: 400, Request ID: 7a)" (RequestToken: 3489, HandlerErrorCode: Throttling)"#,
    r#"Resource handler returned message: "The operation cannot be performed at this time. An update is in progress for resource: vision-unzip (Service: Lambda, Status Code: 409, Request ID: 7a)" (RequestToken: 3489, HandlerErrorCode: ResourceConflict)"#,
    r#"Resource handler returned message: "He said "no" ("never")" (RequestToken: 3489, HandlerErrorCode: InvalidRequest)"#,
    "vision-landing already exists in stack arn:aws:cloudformation:eu-central-1:111122223333:stack/other/0001",
    "The requested bucket name is not available. (Service: AmazonS3; Status Code: 409; Error Code: BucketAlreadyExists; Request ID: 5199; S3 Extended Request ID: V35r=; Proxy: null)",
    "null (Service: AWSLambdaInternal; Status Code: 403; Error Code: AccessDeniedException; Request ID: 4312; Proxy: null)",
    "Parameter ScheduleExpression is not valid. (Service: AmazonCloudWatchEvents; Status Code: 400; Error Code: ValidationException; Request ID: f27f; Proxy: null)",
    "The bucket you tried to delete is not empty (Service: Amazon S3; Status Code: 409; Error Code: BucketNotEmpty; Request ID: 51; S3 Extended Request ID: V3=; Proxy: null)",
    "Properties validation failed for resource Unzip with message:\n#/Environment/Variables: expected type: JSONObject, found: String\n#/Timeout: 9000 is not less or equal to 900",
    "Resource template validation failed for resource Task as the template has invalid properties. Please refer to the resource documentation to fix the template. Properties validation failed for resource Task with message: #/ContainerDefinitions/0: extraneous key [Entrypoint] is not permitted",
    "The following hook(s) failed: [Acme::Buckets::Private]",
    "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.",
    "Export vision-landing cannot be deleted as it is in use by reports",
    "Embedded stack arn:aws:cloudformation:eu-central-1:111122223333:stack/inner/0001 was not successfully created: The following resource(s) failed to create: [Queue].",
    "Received FAILURE signal with UniqueId i-0123",
    "",
];

#[test]
fn reasons_are_taken_apart() {
    let failure = Failure {
        logical_id: "Landing".into(),
        resource_type: "AWS::S3::Bucket".into(),
        status: "CREATE_FAILED".into(),
        phase: Phase::Change,
        reason: String::new(),
    };
    let explained = REASONS.map(|reason| {
        let explanation = explain(reason);
        let advice = explanation.advice(&failure, "vision");
        format!("{reason}\n{explanation:#?}\n{advice:#?}")
    });
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/deploy");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| assert_snapshot!("explanations", explained.join("\n\n")));
}

proptest! {
    #[test]
    fn nothing_breaks_it(reason in any::<String>()) {
        explain(&reason);
    }

    #[test]
    fn what_is_made_of_its_own_parts_does_not_break_it(
        parts in prop::collection::vec(prop::sample::select(vec![
            "Resource handler returned message: \"", "\" (", "RequestToken: ", "HandlerErrorCode", ": ", ")", "(Service: ",
            "; Error Code: ", "validation failed", "#", "/", ":", "hook(s)", "failed:", "[", "]", ",", "null", " ", "ä",
            "returned error code ", "not authorized to perform: ",
        ]), 0..20),
    ) {
        explain(&parts.concat());
    }

    #[test]
    fn a_handlers_message_and_code_come_out_as_they_went_in(
        message in "[a-z\"'.:, ]{0,40}[a-z]",
        code in "[A-Z][a-z]{3,9}",
    ) {
        prop_assume!(message.trim() != "null" && !message.trim().is_empty());
        let reason = format!(
            "Resource handler returned message: \"{message}\" (RequestToken: 3489, HandlerErrorCode: {code})"
        );
        let explanation = explain(&reason);
        prop_assert_eq!(explanation.message, message.trim());
        if code != "Unknown" {
            prop_assert_eq!(explanation.code, Some(code));
        }
    }

    #[test]
    fn a_services_message_and_code_come_out_in_both_forms(
        message in "[a-z\"'.:, ]{0,40}[a-z]",
        code in "[A-Z][a-z]{3,9}",
        separator in prop::sample::select(vec![",", ";"]),
    ) {
        prop_assume!(message.trim() != "null");
        let reason = format!(
            "{message} (Service: AmazonS3{separator} Status Code: 409{separator} Error Code: {code}{separator} Request ID: 5199)"
        );
        let explanation = explain(&reason);
        prop_assert_eq!(explanation.message, message.trim());
        prop_assert_eq!(explanation.code, Some(code));
        prop_assert_eq!(explanation.service.as_deref(), Some("AmazonS3"));
    }

    #[test]
    fn a_wrong_property_is_named(path in "(/[A-Za-z0-9]{1,8}){1,4}", words in "[a-z ]{1,30}") {
        let reason = format!("Properties validation failed for resource Unzip with message:\n#{path}: {words}");
        prop_assert_eq!(explain(&reason).properties, vec![path]);
    }
}
