//! Reads a file that was listed, and notices when it is no longer the same.

use crate::ListError;
use crate::walk::{Entry, unreadable};
use std::fs::{File, OpenOptions};
use std::io::{self, Read};

/// An open file, of which a part has been read.
#[derive(Debug)]
pub(crate) struct Reading {
    file: File,
    path: String,
    left: u64,
}

impl Reading {
    /// Opens a file if it is as it was when it was listed.
    pub(crate) fn open(entry: &Entry) -> Result<Self, ListError> {
        let path = entry.file.path.clone();
        let mut options = OpenOptions::new();
        options.read(true);
        // What has become a pipe must not block.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
        let file = match options.open(&entry.at) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(ListError::Changed { path }),
            Err(source) => return Err(unreadable(&path, source)),
        };
        let about = file.metadata().map_err(|source| unreadable(&path, source))?;
        if !about.is_file() || about.len() != entry.file.size || about.modified().ok() != entry.modified {
            return Err(ListError::Changed { path });
        }
        let left = entry.file.size;
        Ok(Self { file, path, left })
    }

    /// Reads the next part, up to `most` bytes; `None` at the end.
    pub(crate) fn next_part(&mut self, most: usize) -> Result<Option<Vec<u8>>, ListError> {
        let wanted = usize::try_from(self.left).unwrap_or(most).min(most);
        if wanted == 0 {
            return self.check_end().map(|()| None);
        }
        let mut part = vec![0; wanted];
        match self.file.read_exact(&mut part) {
            Ok(()) => {
                self.left -= wanted as u64;
                Ok(Some(part))
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(self.changed()),
            Err(source) => Err(unreadable(&self.path, source)),
        }
    }

    /// Notices a file that has become longer.
    fn check_end(&mut self) -> Result<(), ListError> {
        let more = self
            .file
            .read(&mut [0])
            .map_err(|source| unreadable(&self.path, source))?;
        if more > 0 { Err(self.changed()) } else { Ok(()) }
    }

    pub(crate) fn changed(&self) -> ListError {
        ListError::Changed {
            path: self.path.clone(),
        }
    }
}
