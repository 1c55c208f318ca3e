use shared::{Phase, Ports};

#[derive(Ports)]
enum Copy<P: Phase> {
    Source(P::ReadObjects),
}

fn main() {}
