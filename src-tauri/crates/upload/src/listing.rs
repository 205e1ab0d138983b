//! The files that are uploaded.

use crate::ListError;
use crate::content::{self, Content};
use crate::kind::Kind;
use crate::progress::Watch;
use crate::stop::Stop;
use crate::walk::{Entry, Found, Walk, unreadable};
use berth_domain::upload::{IgnoreFile, ListingProblem, UploadFile, problems};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The files that are uploaded, in the order of their paths, and what is left out.
#[derive(Debug)]
pub struct Listing {
    pub(crate) kind: Kind,
    pub(crate) entries: Vec<Entry>,
    /// Name of the folder or file.
    pub(crate) name: String,
    /// Whether it is a folder.
    pub(crate) is_folder: bool,
    root: PathBuf,
    found: Found,
}

impl Listing {
    /// Lists a folder, or a model that is one file. Reads no file except the ignore file.
    ///
    /// # Errors
    /// [`ListError`].
    pub async fn of(path: &Path, kind: Kind) -> Result<Self, ListError> {
        let (path, stop) = (path.to_owned(), Stop::default());
        let stopped = stop.seen_by_thread();
        let listed = tokio::task::spawn_blocking(move || {
            let (root, about) = look(&path)?;
            let name = safe_name(&root, kind);
            let is_folder = about.is_dir();
            let mut found = match (is_folder, kind) {
                (true, _) => Walk::folder(&root, kind, stopped)?,
                (false, Kind::Model) => Walk::file(&root, &name, kind, stopped)?,
                (false, Kind::Code) => {
                    let path = path.display().to_string();
                    return Err(ListError::NotAFolder { path });
                }
            };
            Ok(Self {
                kind,
                entries: std::mem::take(&mut found.entries),
                name,
                is_folder,
                root,
                found,
            })
        });
        let listed = listed
            .await
            .map_err(|ended| unreadable("", io::Error::other(ended)))?;
        drop(stop);
        listed
    }

    /// The files, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = &UploadFile> {
        self.entries.iter().map(|entry| &entry.file)
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files().map(|file| file.size).sum()
    }

    /// Files and whole folders that the ignore file leaves out.
    pub fn ignored(&self) -> &[String] {
        &self.found.ignored
    }

    /// The ignore file that counts.
    pub fn ignored_by(&self) -> Option<IgnoreFile> {
        self.found.ignored_by
    }

    /// Links to files and folders outside the folder. What they lead to is uploaded.
    pub fn outside(&self) -> &[String] {
        &self.found.outside
    }

    /// Links that lead back to a folder above them. They are not followed.
    pub fn circles(&self) -> &[String] {
        &self.found.circles
    }

    /// What prevents an upload, for code with its scoring script.
    pub fn problems(&self, script: Option<&str>) -> Vec<ListingProblem> {
        let files: Vec<UploadFile> = self.files().cloned().collect();
        let mut ignored = self.found.ignored.clone();
        // Of a folder that is left out, the files are not known.
        let plain = script.map(|script| script.strip_prefix("./").unwrap_or(script));
        if let Some(script) = plain.filter(|script| self.is_left_out(script)) {
            ignored.push(script.to_owned());
        }
        problems(&files, &ignored, self.found.ignored_by, script)
    }

    fn is_left_out(&self, script: &str) -> bool {
        !self.found.ignored.iter().any(|path| path == script)
            && self.found.rules.leave_out(script)
            && self.root.join(script).is_file()
    }

    /// Reads all files and computes their hash.
    ///
    /// # Errors
    /// [`ListError::Changed`] or [`ListError::Unreadable`].
    pub async fn hashed(self, watch: Watch<'_>) -> Result<Content, ListError> {
        content::hashed(self, watch).await
    }
}

/// The canonical path, with links resolved.
fn look(path: &Path) -> Result<(PathBuf, fs::Metadata), ListError> {
    let shown = || path.display().to_string();
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => ListError::Missing { path: shown() },
        _ => unreadable(&shown(), source),
    };
    let root = fs::canonicalize(path).map_err(failed)?;
    let about = fs::metadata(&root).map_err(failed)?;
    Ok((root, about))
}

/// The name of the file or folder if it needs no escapes anywhere, otherwise a fixed one.
fn safe_name(root: &Path, kind: Kind) -> String {
    let name = root.file_name().and_then(|name| name.to_str());
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let is_safe = |name: &&str| {
        name.len() <= 100 && name.chars().all(plain) && !name.starts_with('.') && !name.ends_with('.')
    };
    name.filter(is_safe).unwrap_or(kind.fallback_name()).to_owned()
}
