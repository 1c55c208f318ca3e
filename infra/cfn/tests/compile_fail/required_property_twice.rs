use cfn::lambda;

fn main() {
    let _ = lambda::Permission::new().action("lambda:InvokeFunction").action("lambda:GetFunction");
}
