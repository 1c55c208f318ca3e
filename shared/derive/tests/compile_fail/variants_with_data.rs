#[derive(Clone, Copy, shared::Variants)]
enum Outcome {
    Done,
    Failed(u32),
}

fn main() {}
