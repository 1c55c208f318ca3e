use shared::contracts::{Unzip, UnzipReport};
use shared::events::sqs;
use shared::run::{Error, Run};

async fn handle(_ports: &Unzip<Run>, _event: sqs::Event) -> Result<UnzipReport, Error> {
    Ok(UnzipReport::default())
}

fn main() -> std::process::ExitCode {
    shared::run::main(handle)
}
