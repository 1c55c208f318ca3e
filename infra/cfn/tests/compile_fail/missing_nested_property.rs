use cfn::s3;

fn main() {
    let configuration = s3::bucket::LambdaConfiguration::new().event("s3:ObjectCreated:*");
    let _ = s3::bucket::NotificationConfiguration::new().lambda_configurations([configuration]);
}
