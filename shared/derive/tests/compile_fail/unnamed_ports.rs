use shared::{Phase, Ports};

#[derive(Ports)]
struct Copy<P: Phase>(P::ReadObjects, P::WriteObjects);

fn main() {}
