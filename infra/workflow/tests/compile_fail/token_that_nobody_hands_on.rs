//! A table hands no token on, so nobody could ever answer.

include!("contracts.inc");

use std::time::Duration;

use workflow::integration::DYNAMODB_PUT_ITEM;
use workflow::{Machine, perform_and_wait};

fn main() {
    let _ = Machine::<Job, Plan>::new("Batch", |flow, _| {
        let put = perform_and_wait(
            DYNAMODB_PUT_ITEM,
            "arn:table",
            Duration::from_hours(1),
            |scope, token| scope.members([("Item", token.untyped())]),
            **flow,
        );
        flow.run("Put", put)
    });
}
