//! Writes certificates and keys to files. Keys are readable only by their owner, and existing files are not replaced.

use berth_certs::Pair;
use berth_contract::failure::Failure;
use berth_files::Readers;
use berth_home::json_file::file_problem;
use secrecy::ExposeSecret as _;
use std::path::{Path, PathBuf};

/// Writes `<name>.pem` with the chain and `<name>.key` into a folder, creating it if needed. Returns the paths, chain
/// first.
///
/// # Errors
/// `FileProblem`, also when one of the files exists already.
pub(crate) fn write(folder: &Path, name: &str, pair: &Pair) -> Result<Vec<PathBuf>, Failure> {
    berth_files::create_private_folder(folder).map_err(|error| file_problem(folder, &error))?;
    let name = file_name(name);
    let (chain, key) = (
        folder.join(format!("{name}.pem")),
        folder.join(format!("{name}.key")),
    );
    // The key first, so that a failure does not leave a certificate without its key.
    new_file(&key, pair.key_pem().expose_secret(), Readers::Owner)?;
    if let Err(failure) = new_file(&chain, &pair.chain_pem(), Readers::Everyone) {
        // A leftover key would make the next attempt fail.
        let _ = berth_files::remove(&key);
        return Err(failure);
    }
    Ok(vec![chain, key])
}

/// Writes a new file that everyone may read.
///
/// # Errors
/// `FileProblem`, also when the file exists already.
pub(crate) fn write_public(path: &Path, text: &str) -> Result<(), Failure> {
    new_file(path, text, Readers::Everyone)
}

/// Writes a file that everyone may read, replacing an existing one: the person chose the path in a dialog.
///
/// # Errors
/// `FileProblem`.
pub fn replace_public_file(path: &Path, text: &str) -> Result<(), Failure> {
    berth_files::write_atomic_for(Readers::Everyone, path, text.as_bytes())
        .map_err(|error| file_problem(path, &error))
}

fn new_file(path: &Path, text: &str, readers: Readers) -> Result<(), Failure> {
    berth_files::create_new(readers, path, text.as_bytes()).map_err(|error| file_problem(path, &error))
}

/// Turns a certificate's name into a file name.
fn file_name(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
    let name: String = name
        .trim()
        .replace('*', "wildcard")
        .chars()
        .map(|letter| if plain(letter) { letter } else { '_' })
        .collect();
    let name = name.trim_matches('.');
    if name.is_empty() {
        "certificate".to_owned()
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use berth_certs::generate;
    use berth_contract::failure::FailureCode;
    use berth_domain::spec::KeyKind;

    #[test]
    fn a_key_is_readable_only_by_its_owner_and_nothing_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("new");
        let now = jiff::Timestamp::now();
        let pair = generate::self_signed(&["*.contoso.com"], KeyKind::EcdsaP256, 1, now).unwrap();
        let paths = write(&place, "*.contoso.com", &pair).unwrap();
        assert_eq!(
            paths,
            [
                place.join("wildcard.contoso.com.pem"),
                place.join("wildcard.contoso.com.key")
            ]
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&paths[1]).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let read: Vec<(String, Vec<u8>)> = paths
            .iter()
            .map(|path| (path.display().to_string(), std::fs::read(path).unwrap()))
            .collect();
        assert_eq!(Pair::from_files(&read).unwrap().leaf_sha256(), pair.leaf_sha256());
        let failure = write(&place, "*.contoso.com", &pair).unwrap_err();
        assert_eq!(failure.code, FailureCode::FileProblem);
    }

    #[test]
    fn a_failed_write_leaves_no_files_behind() {
        let folder = tempfile::tempdir().unwrap();
        let now = jiff::Timestamp::now();
        let pair = generate::self_signed(&["a.contoso.com"], KeyKind::EcdsaP256, 1, now).unwrap();
        let chain = folder.path().join("a.contoso.com.pem");
        std::fs::write(&chain, "theirs").unwrap();
        write(folder.path(), "a.contoso.com", &pair).unwrap_err();
        assert_eq!(std::fs::read(&chain).unwrap(), b"theirs");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        std::fs::remove_file(&chain).unwrap();
        write(folder.path(), "a.contoso.com", &pair).unwrap();
    }

    #[test]
    fn a_name_cannot_escape_its_folder() {
        for (name, expected) in [
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", "certificate"),
            (" ", "certificate"),
            ("ml.contoso.com", "ml.contoso.com"),
        ] {
            assert_eq!(file_name(name), expected);
        }
    }
}
