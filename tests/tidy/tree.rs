//! The files of the repository. A rule that finds nothing to check fails, because it would always pass.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::{Path, PathBuf};

/// Folders with source code.
pub(crate) const CODE: [&str; 4] = ["src-tauri/src", "src-tauri/crates", "tests", "ui/src"];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the repository")
}

pub(crate) fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files below a folder with one of the extensions, relative to the repository. Panics if there are none.
pub(crate) fn files_below(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(folder) = open.pop() {
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                open.push(path);
            } else if has_ending(&path, endings) {
                found.push(path.strip_prefix(root()).expect("inside").to_owned());
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no file that ends in {endings:?}");
    found.sort();
    found
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| endings.contains(&ending))
}

/// Returns the items, and panics if there are none.
pub(crate) fn non_empty<T>(what: &str, things: Vec<T>) -> Vec<T> {
    assert!(!things.is_empty(), "no {what} to check");
    things
}

/// Asserts that two sets are equal, and prints only the differences.
pub(crate) fn assert_same<T: Ord + Debug>(what: &str, found: &BTreeSet<T>, wanted: &BTreeSet<T>) {
    let missing: Vec<_> = wanted.difference(found).collect();
    let stray: Vec<_> = found.difference(wanted).collect();
    assert!(
        missing.is_empty() && stray.is_empty(),
        "{what}: missing {missing:?}, too many {stray:?}"
    );
}

/// The text between two marks.
pub(crate) fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("{start:?} not found"));
    let (inner, _) = rest
        .split_once(end)
        .unwrap_or_else(|| panic!("no {end:?} after {start:?}"));
    inner
}

#[test]
#[should_panic(expected = "No such file or directory")]
fn a_missing_folder_fails() {
    files_below("ui/src/no-such-folder", &["ts"]);
}

#[test]
#[should_panic(expected = "has no file that ends in")]
fn a_folder_without_matching_files_fails() {
    files_below("ui/src/features", &["rs"]);
}

#[test]
#[should_panic(expected = "no rules to check")]
fn an_empty_list_fails() {
    non_empty::<u8>("rules", Vec::new());
}

#[test]
#[should_panic(expected = "letters: missing ['b'], too many ['c']")]
fn different_sets_fail() {
    assert_same("letters", &['a', 'c'].into(), &['a', 'b'].into());
}
