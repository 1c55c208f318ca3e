//! What a zip on disk was made of, in a file beside it, so that the same is not made again.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Everything that a zip's bytes depend on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ingredients {
    /// The executable's SHA-256.
    pub(crate) executable: String,
    /// The archive's [`FORMAT`](crate::archive::FORMAT).
    pub(crate) format: u32,
    /// Of compression.
    pub(crate) level: i64,
    /// The lock file's SHA-256: another version of the compressor may write other bytes.
    pub(crate) lock: String,
}

#[derive(Serialize, Deserialize)]
struct Stamp {
    ingredients: Ingredients,
    zip: String,
}

/// The hash of the zip, if it was made of these ingredients and nobody has changed it since.
pub(crate) fn kept(zip: &Path, ingredients: &Ingredients) -> Option<String> {
    let stamp: Stamp = serde_json::from_slice(&fs::read(beside(zip)).ok()?).ok()?;
    let same = stamp.ingredients == *ingredients && stamp.zip == sha256(&fs::read(zip).ok()?);
    same.then_some(stamp.zip)
}

/// Remembers what the zip was made of.
pub(crate) fn write(zip: &Path, ingredients: Ingredients, sha256: &str) -> io::Result<()> {
    let zip_hash = sha256.to_owned();
    let stamp = Stamp {
        ingredients,
        zip: zip_hash,
    };
    fs::write(beside(zip), serde_json::to_vec(&stamp)?)
}

/// In lower-case hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

fn beside(zip: &Path) -> PathBuf {
    zip.with_extension("stamp.json")
}
