use shared::{Phase, Ports};

#[derive(Ports)]
struct Copy<P: Phase> {
    limit: P::Setting,
}

fn main() {}
