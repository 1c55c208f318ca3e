use shared::contracts::Unzip;
use shared::run::{Error, Run};

async fn misuse(ports: &Unzip<Run>) -> Result<(), Error> {
    ports.raw.get("key", 1).await.map(drop)
}

fn main() {}
