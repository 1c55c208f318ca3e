use cfn::{Template, s3, sqs};

fn main() {
    let mut template = Template::new("");
    let queue = template.add("Queue", sqs::Queue::new());
    let _ = s3::BucketPolicy::new().bucket(queue.reference());
}
