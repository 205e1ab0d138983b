//! Walks a folder. Links are followed, as azure-ai-ml does, but not in circles, and only to files and folders. Nothing is
//! opened except the folders and the ignore file.

use crate::ListError;
use crate::ignoring::Rules;
use crate::kind::{DEEPEST, Kind, MOST_ENTRIES, MOST_FILES};
use crate::stop::Stopped;
use berth_domain::upload::{IgnoreFile, UploadFile};
use std::fs::{self, FileType, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file that counts, as it was when it was listed.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) file: UploadFile,
    /// Where it is on this computer.
    pub(crate) at: PathBuf,
    pub(crate) modified: Option<SystemTime>,
}

/// What was found in a folder.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) entries: Vec<Entry>,
    pub(crate) ignored: Vec<String>,
    pub(crate) ignored_by: Option<IgnoreFile>,
    pub(crate) rules: Rules,
    pub(crate) outside: Vec<String>,
    pub(crate) circles: Vec<String>,
}

pub(crate) struct Walk {
    root: PathBuf,
    kind: Kind,
    stopped: Stopped,
    looked_at: usize,
    bytes: u64,
    found: Found,
}

impl Walk {
    /// Lists a folder, given by its canonical path.
    pub(crate) fn folder(root: &Path, kind: Kind, stopped: Stopped) -> Result<Found, ListError> {
        let mut walk = Self::new(root, kind, stopped);
        walk.read_rules()?;
        walk.below(root, "", &mut vec![root.to_owned()])?;
        walk.found
            .entries
            .sort_by(|one, other| one.file.path.cmp(&other.file.path));
        Ok(walk.found)
    }

    /// Lists one file, given by its canonical path.
    pub(crate) fn file(at: &Path, name: &str, kind: Kind, stopped: Stopped) -> Result<Found, ListError> {
        let mut walk = Self::new(at, kind, stopped);
        let about = fs::metadata(at).map_err(|source| unreadable(name, source))?;
        walk.add(at, name, &about)?;
        Ok(walk.found)
    }

    fn new(root: &Path, kind: Kind, stopped: Stopped) -> Self {
        Self {
            root: root.to_owned(),
            kind,
            stopped,
            looked_at: 0,
            bytes: 0,
            found: Found::default(),
        }
    }

    fn read_rules(&mut self) -> Result<(), ListError> {
        let is_there = |file: &IgnoreFile| self.root.join(file.name()).is_file();
        let there = [IgnoreFile::Aml, IgnoreFile::Git].into_iter().filter(is_there);
        let Some(file) = IgnoreFile::of(there.map(IgnoreFile::name)) else {
            return Ok(());
        };
        let text = fs::read_to_string(self.root.join(file.name()));
        let text = text.map_err(|source| unreadable(file.name(), source))?;
        self.found.rules = Rules::parse(file, &text)?;
        self.found.ignored_by = Some(file);
        Ok(())
    }

    /// `above` has the canonical paths of the folder and of those that lead to it.
    fn below(&mut self, folder: &Path, prefix: &str, above: &mut Vec<PathBuf>) -> Result<(), ListError> {
        if above.len() > DEEPEST {
            return Err(ListError::TooDeep {
                path: prefix.trim_end_matches('/').to_owned(),
                most: DEEPEST,
            });
        }
        let shown = if prefix.is_empty() { "." } else { prefix };
        let children = fs::read_dir(folder).map_err(|source| unreadable(shown, source))?;
        for child in children {
            let child = child.map_err(|source| unreadable(shown, source))?;
            self.count()?;
            let name = child.file_name();
            let Some(name) = name.to_str() else {
                let path = format!("{prefix}{}", name.to_string_lossy());
                return Err(ListError::Name { path });
            };
            let kind = child.file_type().map_err(|source| unreadable(name, source))?;
            self.child(&folder.join(name), &format!("{prefix}{name}"), kind, above)?;
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), ListError> {
        self.looked_at += 1;
        if self.looked_at > MOST_ENTRIES || self.stopped.is_set() {
            return Err(ListError::TooMany { most: MOST_ENTRIES });
        }
        Ok(())
    }

    fn child(
        &mut self,
        at: &Path,
        path: &str,
        kind: FileType,
        above: &mut Vec<PathBuf>,
    ) -> Result<(), ListError> {
        // First, so that what is ignored does no harm.
        if (kind.is_dir() && self.found.rules.leave_out_all(path))
            || (!kind.is_dir() && self.found.rules.leave_out(path))
        {
            self.found.ignored.push(path.to_owned());
            return Ok(());
        }
        let about = fs::metadata(at).map_err(|source| missing_target(path, kind, source))?;
        if !about.is_dir() {
            if kind.is_symlink() {
                self.note_outside(&canonical(at, path)?, path);
            }
            return self.add(at, path, &about);
        }
        let target = canonical(at, path)?;
        if above.contains(&target) {
            self.found.circles.push(path.to_owned());
            return Ok(());
        }
        if kind.is_symlink() {
            self.note_outside(&target, path);
        }
        above.push(target);
        self.below(at, &format!("{path}/"), above)?;
        above.pop();
        Ok(())
    }

    fn note_outside(&mut self, target: &Path, path: &str) {
        if !target.starts_with(&self.root) {
            self.found.outside.push(path.to_owned());
        }
    }

    fn add(&mut self, at: &Path, path: &str, about: &Metadata) -> Result<(), ListError> {
        let path = path.to_owned();
        if let Some(what) = special(about.file_type()) {
            return Err(ListError::NotAFile { path, what });
        }
        let (bytes, most) = (about.len(), self.kind.most_bytes());
        if bytes > most {
            return Err(ListError::TooLarge { path, bytes, most });
        }
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.kind.most_bytes_together() {
            return Err(ListError::TooLargeTogether {
                bytes: self.bytes,
                most: self.kind.most_bytes_together(),
            });
        }
        if self.found.entries.len() >= MOST_FILES {
            return Err(ListError::TooMany { most: MOST_FILES });
        }
        self.found.entries.push(Entry {
            file: UploadFile { path, size: bytes },
            at: at.to_owned(),
            modified: about.modified().ok(),
        });
        Ok(())
    }
}

fn canonical(at: &Path, path: &str) -> Result<PathBuf, ListError> {
    fs::canonicalize(at).map_err(|source| unreadable(path, source))
}

pub(crate) fn unreadable(path: &str, cause: io::Error) -> ListError {
    ListError::Unreadable {
        path: path.to_owned(),
        cause,
    }
}

/// A link to nowhere is told from what cannot be read.
fn missing_target(path: &str, kind: FileType, source: io::Error) -> ListError {
    // What else can be wrong with a link has no stable name, except that reading is not permitted.
    if kind.is_symlink() && source.kind() != io::ErrorKind::PermissionDenied {
        let path = path.to_owned();
        return ListError::BrokenLink { path };
    }
    unreadable(path, source)
}

/// What it is if it is not a regular file.
fn special(kind: FileType) -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return Some("a pipe");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
        if kind.is_block_device() || kind.is_char_device() {
            return Some("a device");
        }
    }
    (!kind.is_file()).then_some("something special")
}
