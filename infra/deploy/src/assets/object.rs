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
    /// Reads the file once, for its checksums. A file with other bytes than its key says is an error: under this key they would be
    /// deployed as what they are not.
    pub(super) async fn read(upload: &Upload) -> Result<Self, Error> {
        let Upload { path, key } = upload.clone();
        let hashed = tokio::task::spawn_blocking(move || {
            let read = parts(&path);
            (path, read)
        });
        let (path, read) = hashed
            .await
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        let mut object = Self {
            path,
            key,
            size: 0,
            parts: Vec::new(),
        };
        let (parts, hash) = read.map_err(|source| object.error(source))?;
        if named_hash(&object.key).is_some_and(|named| !named.eq_ignore_ascii_case(&hash)) {
            let reason = format!("it is not what was packaged as {}", object.key);
            return Err(object.error(io::Error::new(io::ErrorKind::InvalidData, reason)));
        }
        object.parts = parts;
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

/// The SHA-256 in keys such as `assets/<function>/<sha256>.zip`; other keys say nothing of the bytes.
fn named_hash(key: &str) -> Option<&str> {
    let stem = Path::new(key).file_stem()?.to_str()?;
    let is_hash = stem.len() == 64 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some(stem)
}

/// The parts of a file, and the SHA-256 of the whole in lower-case hexadecimal.
fn parts(path: &Path) -> io::Result<(Vec<Part>, String)> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let longest = if size <= IN_ONE_PIECE { size } else { PART };
    let mut parts = Vec::new();
    let mut whole = Sha256::new();
    let mut offset = 0;
    for number in 1.. {
        let length = longest.min(size - offset);
        let mut bytes = Vec::new();
        if ((&mut file).take(length).read_to_end(&mut bytes)? as u64) < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        whole.update(&bytes);
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
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
    Ok((parts, format!("{:x}", whole.finalize())))
}

/// The SHA-256 as S3 writes it, in base64. S3 refuses an upload that does not match.
pub(crate) fn checksum(bytes: &[u8]) -> String {
    aws_smithy_types::base64::encode(Sha256::digest(bytes))
}
