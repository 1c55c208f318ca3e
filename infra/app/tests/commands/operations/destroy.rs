//! `infra destroy`.

use crate::aws::{Aws, refused};

#[test]
fn a_stack_that_is_gone_already_is_success() {
    let aws = Aws::new(|_, _| refused("ValidationError", "Stack with id x does not exist"));
    let run = aws.run(&["destroy", "x", "--yes"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("there is no stack `x` here"),
        "{}",
        run.stderr
    );
    assert_eq!(run.asked, ["DescribeStacks"]);
}
