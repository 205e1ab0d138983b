//! Tests modes, links and concurrent writers. On Windows files inherit the permissions of their folder.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]

use super::*;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

fn mode(path: &Path) -> u32 {
    std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

/// Runs in a process of its own, because the umask is per process.
#[test]
fn modes_do_not_depend_on_the_umask() {
    const INSIDE: &str = "BERTH_FILES_UMASK_TEST";
    if std::env::var_os(INSIDE).is_none() {
        let status = std::process::Command::new("sh")
            .args(["-c", "umask 000; exec \"$0\" \"$@\""])
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", "tests::modes_do_not_depend_on_the_umask"])
            .env(INSIDE, "1")
            .status()
            .unwrap();
        assert!(status.success());
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let deep = home.path().join("a/b");
    create_private_folder(&deep).unwrap();
    assert_eq!((mode(&home.path().join("a")), mode(&deep)), (0o700, 0o700));
    let file = |name: &str| deep.join(name);
    write_atomic(&file("replaced"), b"1").unwrap();
    create_new(Readers::Owner, &file("new"), b"1").unwrap();
    append(&file("appended")).unwrap();
    drop(lock(&file("lock")).unwrap());
    for path in entries(&deep) {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    create_new(Readers::Everyone, &file("public"), b"1").unwrap();
    assert_eq!(mode(&file("public")), 0o644);
}

#[test]
fn a_file_is_replaced_atomically_and_kept_private() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("file");
    std::fs::write(&path, "old").unwrap();
    set_mode(&path, 0o644);
    write_atomic(&path, b"new").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"new");
    assert_eq!(mode(&path), 0o600);
    assert_eq!(entries(home.path()), [path]);
}

#[test]
fn a_new_file_replaces_nothing_and_follows_no_link() {
    let home = tempfile::tempdir().unwrap();
    let (path, link) = (home.path().join("file"), home.path().join("link"));
    std::fs::write(&path, "old").unwrap();
    symlink("nowhere", &link).unwrap();
    for taken in [&path, &link] {
        let refused = create_new(Readers::Owner, taken, b"new").unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
    }
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(entries(home.path()).len(), 2, "nothing else is left behind");
}

#[test]
fn only_one_of_many_concurrent_creators_succeeds() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("file");
    let made = std::thread::scope(|scope| {
        let makers: Vec<_> = (0..16)
            .map(|number: u8| {
                let path = &path;
                scope.spawn(move || create_new(Readers::Owner, path, &[number]).is_ok())
            })
            .collect();
        makers
            .into_iter()
            .map(|maker| maker.join().unwrap())
            .filter(|made| *made)
            .count()
    });
    assert_eq!(made, 1);
}

#[test]
fn open_permissions_are_tightened_without_following_links() {
    let (home, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let foreign = outside.path().join("foreign");
    std::fs::write(&foreign, "theirs").unwrap();
    set_mode(&foreign, 0o644);
    let folder = home.path().join("logs");
    std::fs::create_dir(&folder).unwrap();
    set_mode(&folder, 0o755);
    let log = folder.join("berth.log");
    std::fs::write(&log, "ours").unwrap();
    set_mode(&log, 0o666);
    symlink(&foreign, folder.join("link")).unwrap();
    symlink(outside.path(), folder.join("linked")).unwrap();
    assert!(tighten(&folder).is_empty());
    assert_eq!((mode(&folder), mode(&log), mode(&foreign)), (0o700, 0o600, 0o644));
    assert!(tighten(&home.path().join("absent")).is_empty());
}

#[test]
fn our_folder_is_made_private_and_a_shared_one_refused() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("berth");
    std::fs::create_dir(&folder).unwrap();
    set_mode(&folder, 0o755);
    own_folder(&folder).unwrap();
    assert_eq!(mode(&folder), 0o700);
    set_mode(&folder, 0o1777);
    let refused = own_folder(&folder).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
    assert_eq!(mode(&folder), 0o777, "it stays as it was");
}

#[test]
fn a_folder_of_another_user_is_refused() {
    let folder = Path::new("/proc/1");
    let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(folder).unwrap());
    if owner != rustix::process::geteuid().as_raw() {
        let refused = own_folder(folder).unwrap_err();
        assert!(refused.to_string().contains("another user"), "{refused}");
        return;
    }
    // Only root can change the owner of a folder.
    let home = tempfile::tempdir().unwrap();
    std::os::unix::fs::chown(home.path(), Some(12345), None).unwrap();
    let refused = own_folder(home.path()).unwrap_err();
    assert!(refused.to_string().contains("another user"), "{refused}");
}
