//! The name under which a stack is deployed goes into the names of its buckets and queues.

use cfn::Document;
use constructs::deployed_name::{DeployedNameError, check};
use constructs::{Bucket, GlueDatabase, Queue, Stack};

fn template(describe: impl FnOnce(&mut Stack)) -> Document {
    let mut stack = Stack::new("example", "");
    describe(&mut stack);
    stack.synthesize().expect("the stack is sound")
}

#[test]
fn bucket_names_bound_it() {
    let template = template(|stack| {
        Bucket::new("Processed").add_to(stack);
        Bucket::new("Raw").add_to(stack);
        Queue::new("Images").add_to(stack);
    });
    // 63 characters less `-processed-`, the account, a hyphen and the longest region.
    let longest = "a".repeat(63 - 11 - 12 - 1 - 14);
    assert_eq!(check(&template, &longest), Ok(()));
    let longer = format!("{longest}a");
    assert_eq!(
        check(&template, &longer),
        Err(DeployedNameError::Length {
            name: longer,
            longest: 25
        })
    );
}

#[test]
fn bucket_names_are_lower_case() {
    let template = template(|stack| {
        Bucket::new("Raw").add_to(stack);
    });
    for name in ["Vision", "1vision", "vision--eu", "vision-", ""] {
        assert_eq!(
            check(&template, name),
            Err(DeployedNameError::Characters { name: name.into() })
        );
    }
    assert_eq!(check(&template, "vision-eu-2"), Ok(()));
}

#[test]
fn a_stack_without_buckets_and_queues_takes_any_name() {
    let template = template(|stack| {
        GlueDatabase::new("").add_to(stack);
    });
    assert_eq!(check(&template, "Anything"), Ok(()));
}
