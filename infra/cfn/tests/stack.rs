//! The stack of a bucket that invokes a function, as JSON and as YAML.

use cfn::intrinsics::{import_value, sub};
use cfn::{PolicyDocument, Principal, Statement, Template, iam, lambda, s3};

fn trust(service: &str) -> PolicyDocument {
    PolicyDocument::new().statement(
        Statement::allow()
            .principal(Principal::service(service))
            .action("sts:AssumeRole"),
    )
}

fn stack() -> Template {
    let mut template = Template::new("A bucket that invokes a function");
    let role = template.add(
        "FnRole",
        iam::Role::new()
            .assume_role_policy_document(trust("lambda.amazonaws.com"))
            .managed_policy_arns([cfn::arn::aws_managed_policy(
                "service-role/AWSLambdaBasicExecutionRole",
            )]),
    );
    let function = template.add(
        "Fn",
        lambda::Function::new()
            .code(
                lambda::function::Code::new()
                    .s3_bucket(import_value("artifacts"))
                    .s3_key("fn.zip"),
            )
            .role(role.arn())
            .runtime(lambda::function::Runtime::ProvidedAl2023)
            .handler("bootstrap")
            .memory_size(256)
            .timeout(30)
            .architectures([lambda::function::Architecture::Arm64])
            .environment(lambda::function::Environment::new().variables([("LOG", "info")])),
    );
    let name = sub("in-${AWS::AccountId}");
    let permission = template.add(
        "Invoke",
        lambda::Permission::new()
            .action("lambda:InvokeFunction")
            .function_name(function.arn())
            .principal("s3.amazonaws.com")
            .source_arn(sub("arn:${AWS::Partition}:s3:::in-${AWS::AccountId}").assume_arn()),
    );
    let bucket = template.add(
        "In",
        s3::Bucket::new()
            .bucket_name(name)
            .versioning_configuration(
                s3::bucket::VersioningConfiguration::new()
                    .status(s3::bucket::VersioningConfigurationStatus::Enabled),
            )
            .notification_configuration(
                s3::bucket::NotificationConfiguration::new().lambda_configurations([
                    s3::bucket::LambdaConfiguration::new()
                        .event("s3:ObjectCreated:*")
                        .function(function.arn()),
                ]),
            ),
    );
    // S3 tries the notification when it is configured: the permission must be there by then.
    template.configure(&bucket, |entry| entry.depends_on(&permission));
    template
}

#[test]
fn bucket_function_role_and_permission() {
    let document = stack().synthesize().expect("the stack is valid");
    insta::with_settings!({ snapshot_path => "../../../snapshots/cfn", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("stack.json", document.to_json());
        insta::assert_snapshot!("stack.yaml", document.to_yaml());
    });
}

#[test]
fn synthesis_is_deterministic_and_reads_back() {
    let document = stack().synthesize().expect("the stack is valid");
    assert_eq!(
        document.to_json(),
        stack().synthesize().expect("the stack is valid").to_json()
    );
    assert_eq!(
        cfn::Document::parse_json(&document.to_json()).expect("it is JSON"),
        document
    );
}
