use shared::{Phase, Ports};

#[derive(Ports)]
struct Copy<P: Phase> {
    source: P::ReadObjects,
    target: P::ScanItems,
}

fn main() {}
