#[derive(Clone, Copy, shared::Variants)]
struct Outcome {
    done: bool,
}

fn main() {}
