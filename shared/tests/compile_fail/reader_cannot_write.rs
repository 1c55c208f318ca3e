use shared::contracts::Unzip;
use shared::run::{Error, Run};

async fn misuse(ports: &Unzip<Run>) -> Result<(), Error> {
    ports.landing.put("key", Vec::new(), "image/jpeg").await
}

fn main() {}
