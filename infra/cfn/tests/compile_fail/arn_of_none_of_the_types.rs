use cfn::{Template, lambda, s3};

fn main() {
    let mut template = Template::new("");
    let bucket = template.add("Bucket", s3::Bucket::new());
    let _ = lambda::EventSourceMapping::new().event_source_arn(bucket.arn());
}
