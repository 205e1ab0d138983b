//! How far an upload is.

use std::sync::Mutex;

/// How far reading or uploading is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Files that are complete.
    pub files_done: usize,
    /// All files.
    pub files: usize,
    /// Bytes that are done; those that were already there count.
    pub bytes_done: u64,
    /// All bytes.
    pub bytes: u64,
}

/// Is told how far it is, from any thread, often.
pub type Watch<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Counts what is done, and tells.
pub(crate) struct Tally<'a> {
    so_far: Mutex<Progress>,
    watch: Watch<'a>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(files: usize, bytes: u64, watch: Watch<'a>) -> Self {
        let so_far = Progress {
            files,
            bytes,
            ..Progress::default()
        };
        watch(so_far);
        Self {
            so_far: Mutex::new(so_far),
            watch,
        }
    }

    pub(crate) fn add(&self, files: usize, bytes: u64) {
        let mut so_far = self
            .so_far
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        so_far.files_done += files;
        so_far.bytes_done += bytes;
        // Told while locked, so that nobody sees the count go back.
        (self.watch)(*so_far);
    }
}
