use cfn::intrinsics::sub;
use cfn::lambda;

fn main() {
    let _ = lambda::Function::new().role(sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/reader"));
}
