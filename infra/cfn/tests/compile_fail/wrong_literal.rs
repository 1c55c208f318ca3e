use cfn::lambda;

fn main() {
    let _ = lambda::Function::new().memory_size("256 MB");
}
