//! Lists that several processes may change at once: a folder with one file per entry, so that no process overwrites
//! what another adds.

use crate::json_file::{self, file_problem};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use serde::{Serialize, de::DeserializeOwned};
use std::io::ErrorKind;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

const LOCK: &str = ".lock";
/// Longest id, in bytes.
const MAX_ID_BYTES: usize = 80;

/// A list stored as one JSON file per entry.
pub struct Entries<T> {
    folder: PathBuf,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> Entries<T> {
    /// Opens the list in a folder. The folder is created when the first entry is added.
    pub fn of(folder: PathBuf) -> Self {
        Self {
            folder,
            of: PhantomData,
        }
    }

    /// Opens the list in a folder and migrates the entries that an earlier version stored in `<folder>.json`.
    ///
    /// # Errors
    /// `FileProblem`; `CorruptState` if that file cannot be parsed.
    pub fn migrating(folder: PathBuf, id_of: impl Fn(&T) -> String) -> Result<Self, Failure> {
        let entries = Self::of(folder);
        let old = entries.folder.with_extension("json");
        if old.exists() {
            let _lock = entries.lock()?;
            // Empty if another process migrated the file while this one waited for the lock.
            for entry in json_file::read::<Vec<T>>(&old)?.unwrap_or_default() {
                entries.add(&id_of(&entry), &entry)?;
            }
            json_file::remove(&old)?;
        }
        Ok(entries)
    }

    /// Reads all entries, in no particular order.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn all(&self) -> Result<Vec<T>, Failure> {
        let read = self.files()?.into_iter().map(|path| json_file::read(&path));
        // Skips entries removed in the meantime.
        read.filter_map(Result::transpose).collect()
    }

    /// Returns all readable entries, and a failure for each of the others.
    pub fn each(&self) -> (Vec<T>, Vec<Failure>) {
        match self.files() {
            Ok(files) => json_file::read_each(&files),
            Err(failure) => (Vec::new(), vec![failure]),
        }
    }

    /// Returns all readable entries and logs the others.
    pub fn readable(&self) -> Vec<T> {
        let (entries, unread) = self.each();
        for failure in unread {
            tracing::warn!(params = ?failure.params, detail = %failure.detail, "an entry cannot be read");
        }
        entries
    }

    /// Reads an entry; `None` if there is no entry with that id.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn get(&self, id: &str) -> Result<Option<T>, Failure> {
        match self.file(id) {
            Some(path) => json_file::read(&path),
            None => Ok(None),
        }
    }

    /// Adds an entry. Returns `false`, without changing it, if there already is an entry with that id.
    ///
    /// # Errors
    /// `NotFound` for an id that cannot name a file, `FileProblem`.
    pub fn add(&self, id: &str, entry: &T) -> Result<bool, Failure> {
        json_file::create(&self.named(id)?, entry)
    }

    /// Adds an entry or replaces the one with that id.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub fn put(&self, id: &str, entry: &T) -> Result<(), Failure> {
        json_file::write(&self.named(id)?, entry)
    }

    /// Changes the current entry under a lock and returns it; `None` if it does not exist.
    ///
    /// # Errors
    /// `FileProblem`, `CorruptState`.
    pub fn change(&self, id: &str, change: impl FnOnce(&mut T)) -> Result<Option<T>, Failure> {
        let path = self.named(id)?;
        if !path.exists() {
            return Ok(None);
        }
        let _lock = self.lock()?;
        let Some(mut entry) = json_file::read(&path)? else {
            return Ok(None);
        };
        change(&mut entry);
        json_file::write(&path, &entry)?;
        Ok(Some(entry))
    }

    /// Removes an entry; does nothing if it does not exist.
    ///
    /// # Errors
    /// `NotFound` for an id that cannot name a file, `FileProblem`.
    pub fn remove(&self, id: &str) -> Result<(), Failure> {
        let path = self.named(id)?;
        if !path.exists() {
            return Ok(());
        }
        // Locked so that a concurrent change cannot write it back.
        let _lock = self.lock()?;
        json_file::remove(&path)
    }

    fn lock(&self) -> Result<std::fs::File, Failure> {
        let path = self.folder.join(LOCK);
        berth_files::create_private_folder(&self.folder)
            .and_then(|()| berth_files::lock(&path))
            .map_err(|error| file_problem(&path, &error))
    }

    fn files(&self) -> Result<Vec<PathBuf>, Failure> {
        let problem = |error: std::io::Error| file_problem(&self.folder, &error);
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(problem(error)),
        };
        let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
        let mut paths = paths.map_err(problem)?;
        paths.retain(|path| is_entry(path));
        Ok(paths)
    }

    fn named(&self, id: &str) -> Result<PathBuf, Failure> {
        self.file(id).ok_or_else(|| {
            Failure::new(FailureCode::NotFound, Remedy::CorrectInput).with("what", format!("\"{id}\""))
        })
    }

    /// Returns the file of an entry. Ids are untrusted: `None` for one that could name a file outside the folder.
    fn file(&self, id: &str) -> Option<PathBuf> {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
        let fits = !id.is_empty() && id.len() <= MAX_ID_BYTES && id.chars().all(plain);
        fits.then(|| self.folder.join(format!("{id}.json")))
    }
}

/// Returns an id for a free-form name, ignoring case.
pub fn id_of_name(name: &str) -> String {
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.to_lowercase().as_bytes()).to_string()
}

fn is_entry(path: &Path) -> bool {
    let hidden = |path: &Path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
    };
    path.extension().is_some_and(|end| end == "json") && !hidden(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(folder: &Path) -> Entries<String> {
        Entries::migrating(folder.join("list"), |entry: &String| id_of_name(entry)).unwrap()
    }

    fn sorted(entries: &Entries<String>) -> Vec<String> {
        let mut all = entries.all().unwrap();
        all.sort();
        all
    }

    #[test]
    fn concurrent_additions_are_all_stored() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for number in 0..25 {
                let folder = folder.path();
                scope.spawn(move || {
                    list(folder)
                        .add(&number.to_string(), &number.to_string())
                        .unwrap()
                });
            }
        });
        assert_eq!(list(folder.path()).all().unwrap().len(), 25);
    }

    #[test]
    fn concurrent_changes_of_an_entry_are_all_applied() {
        let folder = tempfile::tempdir().unwrap();
        list(folder.path()).add("a", &String::new()).unwrap();
        std::thread::scope(|scope| {
            for _ in 0..25 {
                scope.spawn(|| list(folder.path()).change("a", |text| text.push('x')).unwrap());
            }
        });
        assert_eq!(list(folder.path()).get("a").unwrap().unwrap().len(), 25);
    }

    #[test]
    fn an_entry_is_not_overwritten_by_add_or_recreated_by_change() {
        let folder = tempfile::tempdir().unwrap();
        let list = list(folder.path());
        let (one, two) = ("one".to_owned(), "two".to_owned());
        assert!(list.add("a", &one).unwrap());
        assert!(!list.add("a", &two).unwrap());
        assert_eq!(list.get("a").unwrap(), Some(one));
        list.remove("a").unwrap();
        assert_eq!(list.change("a", |text| text.push('x')).unwrap(), None);
        assert_eq!(list.all().unwrap(), Vec::<String>::new());
        for odd in ["", "../a", "a/b", "a.b"] {
            assert_eq!(list.add(odd, &two).unwrap_err().code, FailureCode::NotFound);
            assert_eq!(list.get(odd).unwrap(), None);
        }
    }

    #[test]
    fn an_earlier_versions_file_is_migrated_once() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("list.json");
        std::fs::write(&old, r#"["one", "two"]"#).unwrap();
        assert_eq!(sorted(&list(folder.path())), ["one", "two"]);
        assert!(!old.exists());
        list(folder.path()).remove(&id_of_name("one")).unwrap();
        assert_eq!(sorted(&list(folder.path())), ["two"]);
        std::fs::write(&old, "{").unwrap();
        let folder = folder.path().join("list");
        let failure = Entries::migrating(folder, |entry: &String| entry.clone())
            .err()
            .unwrap();
        assert_eq!(failure.code, FailureCode::CorruptState);
        assert!(old.exists(), "an unreadable file is not deleted");
    }

    #[test]
    fn an_unreadable_entry_is_reported_or_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let list = list(folder.path());
        list.add("a", &"one".to_owned()).unwrap();
        std::fs::write(folder.path().join("list/b.json"), "{").unwrap();
        let failure = list.all().unwrap_err();
        assert!(failure.params["path"].ends_with("b.json"), "{failure:?}");
        assert_eq!(list.readable(), ["one"]);
        let (entries, unread) = list.each();
        assert_eq!((entries, unread), (vec!["one".to_owned()], vec![failure]));
    }
}
