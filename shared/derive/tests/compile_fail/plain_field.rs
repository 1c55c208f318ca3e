use shared::{Phase, Ports};

#[derive(Ports)]
struct Copy<P: Phase> {
    source: P::ReadObjects,
    limit: u32,
}

fn main() {}
