use shared::Phase;
use shared::run::{Error, Run};
use shared_derive::Ports;

#[derive(Ports)]
struct Unpack<P: Phase> {
    landing: P::ReadObjects,
    raw: P::WriteObjects,
}

async fn misuse(ports: &Unpack<Run>) -> Result<(), Error> {
    ports.model.invoke(Vec::new()).await.map(drop)
}

fn main() {}
