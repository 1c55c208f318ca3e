//! The task token of a waiting state, written on the job as tags.
//!
//! Tags are given when a job is created, so job and token come into being together: no event can arrive before the
//! token is stored, and a job without the tags is somebody else's. A tag holds 256 characters and a token has up to
//! 2,048, so it is cut.

/// Characters that the value of a tag can have.
const TAG_LENGTH: usize = 256;

/// Characters that a task token can have, by the API of Step Functions.
const TOKEN_LENGTH: usize = 2048;

/// What the keys of our tags start with: `TaskToken:0`, `TaskToken:1`, ... and `TaskToken:Length`, which tells whether a
/// part is missing.
const PREFIX: &str = "TaskToken:";

/// The tags of a token, as pairs of key and value.
///
/// # Errors
/// When it is empty, too long, or has a character that tags cannot hold.
pub fn to_tags(token: &str) -> Result<Vec<(String, String)>, TaskTokenError> {
    if token.is_empty() || token.len() > TOKEN_LENGTH {
        return Err(TaskTokenError::Length(token.len()));
    }
    let plain = |letter: &char| letter.is_ascii_alphanumeric() || " _.:/=+-@".contains(*letter);
    if let Some(letter) = token.chars().find(|letter| !plain(letter)) {
        return Err(TaskTokenError::Character(letter));
    }
    // All characters are ASCII by now.
    let parts = token.as_bytes().chunks(TAG_LENGTH).enumerate();
    let mut tags: Vec<_> = parts
        .map(|(index, part)| {
            let part = part.iter().copied().map(char::from).collect();
            (format!("{PREFIX}{index}"), part)
        })
        .collect();
    tags.push((format!("{PREFIX}Length"), token.len().to_string()));
    Ok(tags)
}

/// The token in the tags of a job, which may be in any order and among others; nothing for a job that is not ours.
///
/// # Errors
/// When part of it is missing.
pub fn from_tags<'a>(
    tags: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Option<String>, TaskTokenError> {
    let mut length = None;
    let mut parts = Vec::new();
    for (name, value) in tags {
        match name.strip_prefix(PREFIX) {
            None => {}
            Some("Length") => length = Some(value),
            Some(index) => {
                let index: usize = index
                    .parse()
                    .map_err(|_| TaskTokenError::Tag(name.to_owned()))?;
                parts.push((index, value));
            }
        }
    }
    if length.is_none() && parts.is_empty() {
        return Ok(None);
    }
    parts.sort_unstable();
    let token: String = parts.into_iter().map(|(_, part)| part).collect();
    match length {
        Some(length) if *length == token.len().to_string() => Ok(Some(token)),
        _ => Err(TaskTokenError::Incomplete),
    }
}

/// Why a token could not be written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaskTokenError {
    /// Not the length of a token.
    #[error(
        "a task token has 1 to {TOKEN_LENGTH} characters, this one {0}: pass `$states.context.Task.Token` unchanged"
    )]
    Length(usize),
    /// Tags cannot hold it.
    #[error(
        "the task token has the character {0:?}, which tags cannot hold: keep the token in the table of jobs instead"
    )]
    Character(char),
    /// A tag of ours that is not ours.
    #[error("the tag `{0}` is no part of a task token: remove it from the job")]
    Tag(String),
    /// Tags were taken away.
    #[error(
        "part of the task token is missing from the job's tags: look the token up in the table of jobs"
    )]
    Incomplete,
}
