use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::Upload;
use crate::Error;

/// Bytes of a part. S3 takes parts of 5 MiB to 5 GiB, and 10,000 of them ("Amazon S3 multipart upload limits", AWS
/// documentation). The next upload finds the parts of one that broke off only as long as this does not change.
const PART: u64 = 8 << 20;
/// Bytes of the largest file that goes in one piece.
const IN_ONE_PIECE: u64 = 16 << 20;

/// An object on its way to the bucket.
#[derive(Debug)]
pub(super) struct Object {
    pub(super) path: PathBuf,
    pub(super) key: String,
    /// Bytes.
    pub(super) size: u64,
    pub(super) parts: Vec<Part>,
}

/// Where a part is in the file, and its SHA-256 as S3 writes it.
#[derive(Debug)]
pub(super) struct Part {
    /// From 1.
    pub(super) number: i32,
    pub(super) offset: u64,
    pub(super) length: u64,
    pub(super) checksum: String,
    hash: [u8; 32],
}

impl Object {
    /// Reads the file once, for its checksums.
    pub(super) async fn read(upload: &Upload) -> Result<Self, Error> {
        let Upload { path, key } = upload.clone();
        let hashed = tokio::task::spawn_blocking(move || {
            let parts = parts(&path);
            (path, parts)
        });
        let (path, parts) = hashed
            .await
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        let mut object = Self {
            path,
            key,
            size: 0,
            parts: Vec::new(),
        };
        object.parts = parts.map_err(|source| object.error(source))?;
        object.size = object.parts.iter().map(|part| part.length).sum();
        Ok(object)
    }

    /// The SHA-256 that S3 keeps of the object: of its bytes, or, when it came in parts, of the parts' hashes, with their number.
    pub(super) fn checksum(&self) -> String {
        if let [whole] = self.parts.as_slice() {
            return whole.checksum.clone();
        }
        let hashes: Vec<u8> = self.parts.iter().flat_map(|part| part.hash).collect();
        format!("{}-{}", checksum(&hashes), self.parts.len())
    }

    pub(super) fn error(&self, source: io::Error) -> Error {
        Error::Asset {
            path: self.path.clone(),
            source,
        }
    }
}

fn parts(path: &Path) -> io::Result<Vec<Part>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let longest = if size <= IN_ONE_PIECE { size } else { PART };
    let mut parts = Vec::new();
    let mut offset = 0;
    for number in 1.. {
        let length = longest.min(size - offset);
        let mut hasher = Sha256::new();
        if io::copy(&mut (&mut file).take(length), &mut hasher)? < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let hash: [u8; 32] = hasher.finalize().into();
        parts.push(Part {
            number,
            offset,
            length,
            checksum: aws_smithy_types::base64::encode(hash),
            hash,
        });
        offset += length;
        if offset == size {
            break;
        }
    }
    Ok(parts)
}

/// The SHA-256 as S3 writes it, in base64. S3 refuses an upload that does not match.
pub(crate) fn checksum(bytes: &[u8]) -> String {
    aws_smithy_types::base64::encode(Sha256::digest(bytes))
}
