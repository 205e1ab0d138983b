//! Reads bodies up to a limit.

use crate::{LARGE_BYTES, Room};
use reqwest::Response;

/// A body that grows chunk by chunk, up to a limit.
#[derive(Debug)]
pub struct Collected {
    bytes: Vec<u8>,
    limit: usize,
}

/// A body that is larger than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer is larger than {limit} bytes")]
pub struct TooLarge {
    /// The limit in bytes.
    pub limit: usize,
}

impl Collected {
    /// Creates an empty body with a limit of `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            limit,
        }
    }

    /// Appends a chunk.
    ///
    /// # Errors
    /// [`TooLarge`]. Earlier chunks stay.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), TooLarge> {
        if chunk.len() > self.limit - self.bytes.len() {
            return Err(TooLarge { limit: self.limit });
        }
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    /// Whether the body holds the room for large answers.
    pub fn is_large(&self) -> bool {
        self.bytes.len() > LARGE_BYTES
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Why a body was not read completely.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// It is larger than the limit; the rest was not read.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// It is large, and another large one is being read. Retry once there is room: waiting here would count against
    /// the time of the request.
    #[error("another large answer is being read")]
    NoRoom,
    #[error("the answer was cut off")]
    Broken(#[source] reqwest::Error),
}

/// Reads a body, and disconnects once it exceeds `limit` bytes. A large body takes up the room for large answers until
/// it has been parsed.
///
/// # Errors
/// [`BodyError`].
pub async fn read_limited(
    mut response: Response,
    limit: usize,
    room: &mut Room,
) -> Result<Vec<u8>, BodyError> {
    let announced = response.content_length().unwrap_or_default();
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Err(TooLarge { limit }.into());
    }
    if announced > LARGE_BYTES as u64 && !room.try_take() {
        return Err(BodyError::NoRoom);
    }
    let mut body = Collected::new(limit);
    while let Some(chunk) = response.chunk().await.map_err(BodyError::Broken)? {
        body.push(&chunk)?;
        if body.is_large() && !room.try_take() {
            return Err(BodyError::NoRoom);
        }
    }
    Ok(body.into_bytes())
}
