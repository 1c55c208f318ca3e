//! One process at a time, across processes: a lock file.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::Error;

const POLL: Duration = Duration::from_millis(200);

/// Held until the file is dropped, or its process ends. Calls `waiting` once when another has it.
pub(super) async fn exclusive(path: &Path, waiting: impl Fn()) -> Result<File, Error> {
    let file = File::create(path).map_err(Error::io("create", path))?;
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {
                if !told {
                    waiting();
                    told = true;
                }
                tokio::time::sleep(POLL).await;
            }
            Err(TryLockError::Error(source)) => return Err(Error::io("lock", path)(source)),
        }
    }
}
