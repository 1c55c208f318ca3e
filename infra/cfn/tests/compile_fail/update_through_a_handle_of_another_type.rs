use cfn::{Template, s3, sqs};

fn main() {
    let mut template = Template::new("");
    let queue = template.add("Queue", sqs::Queue::new());
    template.update(&queue, |bucket: s3::Bucket| bucket.bucket_name("a-name"));
}
