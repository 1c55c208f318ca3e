use cfn::lambda;

fn main() {
    let _ = lambda::Function::new().runtime("provided.al2023");
}
