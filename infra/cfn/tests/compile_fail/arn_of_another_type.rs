use cfn::{Template, lambda, sqs};

fn main() {
    let mut template = Template::new("");
    let queue = template.add("Queue", sqs::Queue::new());
    let _ = lambda::Function::new().role(queue.arn());
}
