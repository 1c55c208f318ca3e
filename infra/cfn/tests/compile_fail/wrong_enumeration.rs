use cfn::lambda;

fn main() {
    let _ = lambda::Function::new().runtime(lambda::function::Architecture::Arm64);
}
