use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use crate::{
    Architecture, Error, Profile, archive, executable, flags,
    stamp::{self, Ingredients, sha256},
    toolmarks,
};

/// Bytes of a package after unzipping that Lambda takes at most, layers included ("Lambda quotas", AWS documentation).
pub const UNZIPPED_LIMIT: u64 = 262_144_000;
/// Bytes of a zip that can be uploaded to Lambda directly; above, it has to come from S3, which is how we deploy.
pub const ZIPPED_CONSOLE_LIMIT: u64 = 52_428_800;
/// Bytes of a zip that a function may have unless its crate says otherwise. A zip is downloaded at every cold start.
pub const DEFAULT_BUDGET: u64 = 6_000_000;

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
    /// Bytes of the executable in it.
    pub unzipped_size: u64,
    /// The processor the executable was checked to be for.
    pub architecture: Architecture,
    /// Bytes that the zip should not exceed: `zipped-budget` of `[package.metadata.infra]` in the function's `Cargo.toml`, or
    /// [`DEFAULT_BUDGET`]. None for a quick build, which is large on purpose.
    pub budget: Option<u64>,
    /// A folder of this machine that the executable names, so that it has other bytes on other machines. It happens when flags for
    /// the target in a configuration of Cargo (`target.*.rustflags`) replace those that leave such names out. None for a quick build,
    /// which does not leave them out.
    pub named_folder: Option<PathBuf>,
}

impl Asset {
    /// The budget, where the zip is larger.
    pub fn exceeded_budget(&self) -> Option<u64> {
        self.budget.filter(|budget| self.zipped_size > *budget)
    }

    /// Whether the zip is too large to be uploaded in the Lambda console; deploying through S3 is not affected.
    pub fn exceeds_console_limit(&self) -> bool {
        self.zipped_size > ZIPPED_CONSOLE_LIMIT
    }
}

/// What the keys of a function's packages in the asset bucket begin with.
pub fn key_prefix(function: &str) -> String {
    format!("assets/{function}/")
}

/// What becomes an asset.
pub(crate) struct Parts<'a> {
    pub(crate) function: &'a str,
    pub(crate) executable: &'a Path,
    pub(crate) folder: &'a Path,
    /// The machine's folders, which executables should not name.
    pub(crate) folders: &'a [(PathBuf, String)],
    pub(crate) architecture: Architecture,
    pub(crate) profile: Profile,
    /// The SHA-256 of the workspace's lock file.
    pub(crate) lock: &'a str,
    /// Bytes, for the deployed profile.
    pub(crate) budget: u64,
}

/// Whether there was anything to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Zipped,
    Kept,
}

impl Parts<'_> {
    /// The executable, if it would start.
    pub(crate) fn checked(&self) -> Result<Vec<u8>, Error> {
        let bytes = fs::read(self.executable).map_err(file_error("read", self.executable))?;
        executable::check(&bytes, self.architecture)
            .map_err(|fault| self.would_not_start(fault))?;
        require_size(self.function, bytes.len() as u64)?;
        Ok(bytes)
    }

    /// Checks the executable and writes its zip, without the names of compilers and linkers, unless it is there.
    pub(crate) fn write(&self) -> Result<(Asset, Work), Error> {
        let bytes =
            toolmarks::removed(&self.checked()?).map_err(|fault| self.would_not_start(fault))?;
        let zip_path = self.folder.join(format!("{}.zip", self.function));
        let ingredients = Ingredients {
            executable: sha256(&bytes),
            format: archive::FORMAT,
            level: compression_level(self.profile),
            lock: self.lock.to_owned(),
        };
        let (sha256, work) = match stamp::kept(&zip_path, &ingredients) {
            Some(sha256) => (sha256, Work::Kept),
            None => (zip(&bytes, ingredients, &zip_path)?, Work::Zipped),
        };
        let zipped_size = fs::metadata(&zip_path)
            .map_err(file_error("read", &zip_path))?
            .len();
        let is_deployed = self.profile == Profile::Deployed;
        let asset = Asset {
            key: format!("{}{sha256}.zip", key_prefix(self.function)),
            function: self.function.to_owned(),
            zip_path,
            sha256,
            zipped_size,
            unzipped_size: bytes.len() as u64,
            architecture: self.architecture,
            budget: is_deployed.then_some(self.budget),
            named_folder: is_deployed
                .then(|| flags::named_folder(&bytes, self.folders))
                .flatten(),
        };
        Ok((asset, work))
    }

    fn would_not_start(&self, source: executable::Fault) -> Error {
        Error::Executable {
            function: self.function.to_owned(),
            source,
        }
    }
}

/// Writes the zip and returns its hash.
fn zip(executable: &[u8], ingredients: Ingredients, path: &Path) -> Result<String, Error> {
    let bytes = archive::bootstrap(executable, ingredients.level)
        .map_err(|error| file_error("make", path)(error.into()))?;
    let hash = sha256(&bytes);
    replace(path, &bytes)
        .and_then(|()| stamp::write(path, ingredients, &hash))
        .map_err(file_error("write", path))?;
    Ok(hash)
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

pub(crate) fn file_error(
    action: &'static str,
    path: &Path,
) -> impl FnOnce(std::io::Error) -> Error {
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
