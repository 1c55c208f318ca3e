use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use crate::{Architecture, Error, Profile, archive, executable};

/// Bytes of a package after unzipping that Lambda takes at most, layers included ("Lambda quotas", AWS documentation).
pub const UNZIPPED_LIMIT: u64 = 262_144_000;
/// Bytes of a zip that can be uploaded to Lambda directly; above, it has to come from S3, which is how we deploy.
pub const ZIPPED_CONSOLE_LIMIT: u64 = 52_428_800;

/// A function's deployment package on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// The function crate's name.
    pub function: String,
    /// Where the zip is.
    pub zip_path: PathBuf,
    /// Of the zip's bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Where the zip belongs in the asset bucket: `assets/<function>/<sha256>.zip`.
    pub key: String,
    /// Bytes.
    pub zipped_size: u64,
    /// Bytes of the executable.
    pub unzipped_size: u64,
    /// The processor the executable was checked to be for.
    pub architecture: Architecture,
}

impl Asset {
    /// Whether the zip is too large to be uploaded in the Lambda console; deploying through S3 is not affected.
    pub fn exceeds_console_limit(&self) -> bool {
        self.zipped_size > ZIPPED_CONSOLE_LIMIT
    }
}

/// What becomes an asset.
pub(crate) struct Parts<'a> {
    pub(crate) function: &'a str,
    pub(crate) executable: &'a Path,
    pub(crate) folder: &'a Path,
    pub(crate) architecture: Architecture,
    pub(crate) profile: Profile,
}

/// Checks the executable and writes its zip.
pub(crate) fn write(parts: &Parts<'_>) -> Result<Asset, Error> {
    let bytes = fs::read(parts.executable).map_err(file_error("read", parts.executable))?;
    executable::check(&bytes, parts.architecture).map_err(|source| Error::Executable {
        function: parts.function.to_owned(),
        source,
    })?;
    let unzipped_size = bytes.len() as u64;
    require_size(parts.function, unzipped_size)?;

    let zip_path = parts.folder.join(format!("{}.zip", parts.function));
    let zip = archive::bootstrap(&bytes, compression_level(parts.profile))
        .map_err(|error| file_error("make", &zip_path)(error.into()))?;
    replace(&zip_path, &zip).map_err(file_error("write", &zip_path))?;

    let sha256 = format!("{:x}", Sha256::digest(&zip));
    Ok(Asset {
        key: format!("assets/{}/{sha256}.zip", parts.function),
        function: parts.function.to_owned(),
        zip_path,
        sha256,
        zipped_size: zip.len() as u64,
        unzipped_size,
        architecture: parts.architecture,
    })
}

fn require_size(function: &str, size: u64) -> Result<(), Error> {
    if size <= UNZIPPED_LIMIT {
        return Ok(());
    }
    let function = function.to_owned();
    Err(Error::TooLarge { function, size })
}

/// A demonstration starts sooner with the fastest level; what is deployed is downloaded at every cold start.
fn compression_level(profile: Profile) -> i64 {
    match profile {
        Profile::Deployed => 9,
        Profile::Quick => 1,
    }
}

/// Writes beside the file and renames, so that a reader never meets half a zip.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

fn file_error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::File {
        action,
        path,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_lambdas_own() {
        assert!(require_size("large", 250 * 1024 * 1024).is_ok());
        let error = require_size("larger", 250 * 1024 * 1024 + 1)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("function `larger` is 262144001 bytes and Lambda takes 262144000"),
            "{error}"
        );
    }
}
