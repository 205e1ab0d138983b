//! The key that seals the secrets in a state folder. It is never stored in that folder: an embedding program
//! takes it from a keychain, the standalone program keeps one per user elsewhere, and the default lives as
//! long as the process.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand::Rng as _;
use std::fmt;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::sync::OnceLock;

const BYTES: usize = 32;

/// A key for AES-256-GCM. `Debug` does not reveal it.
#[derive(Clone)]
pub struct StateKey([u8; BYTES]);

impl fmt::Debug for StateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StateKey(..)")
    }
}

impl StateKey {
    /// Generates a random key.
    pub fn generate() -> Self {
        Self(rand::rng().random())
    }

    /// The key of this process: a sandbox restarted in the same process finds its secrets, another process
    /// does not.
    pub fn for_process() -> Self {
        static KEY: OnceLock<StateKey> = OnceLock::new();
        KEY.get_or_init(Self::generate).clone()
    }

    /// Reads the key from a file, which is created for its owner only if it does not exist.
    ///
    /// # Errors
    /// When the file cannot be created or read, or its content is not a key.
    pub fn in_file(path: &Path) -> io::Result<Self> {
        let read = || {
            let text = std::fs::read_to_string(path)?;
            Self::from_text(&text).ok_or_else(|| io::Error::from(ErrorKind::InvalidData))
        };
        match read() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                make(path, &Self::generate().to_text())?;
                read()
            }
            other => other,
        }
    }

    /// The key as text, for a keychain.
    pub fn to_text(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Parses the result of [`Self::to_text`]; `None` if it is invalid.
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        bytes.try_into().ok().map(Self)
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.0).ok().map(LessSafeKey::new)
    }

    /// Seals bytes, bound to a name; `None` if the cipher fails.
    pub(crate) fn seal(&self, name: &str, mut bytes: Vec<u8>) -> Option<String> {
        let nonce: [u8; NONCE_LEN] = rand::rng().random();
        let sealed = self.cipher()?.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(name.as_bytes()),
            &mut bytes,
        );
        sealed.ok()?;
        Some(STANDARD.encode([&nonce[..], &bytes].concat()))
    }

    /// Opens bytes sealed with this key and name; `None` otherwise.
    pub(crate) fn open(&self, name: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, rest) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut rest = rest.to_vec();
        let open = self.cipher()?;
        let opened = open.open_in_place(nonce, Aad::from(name.as_bytes()), &mut rest);
        opened.ok().map(|opened| opened.to_vec())
    }
}

/// Creates a file atomically for its owner only; keeps one that another process created meanwhile.
fn make(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        crate::store::private_folder(folder)?;
    }
    let draft = path.with_extension(uuid::Uuid::new_v4().to_string());
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = || -> io::Result<()> {
        let mut file = options.open(&draft)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        match std::fs::hard_link(&draft, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    };
    let made = made();
    let _ = std::fs::remove_file(&draft);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_bytes_open_only_with_the_same_key_and_name() {
        let key = StateKey::generate();
        let sealed = key.seal("world", b"a private key".to_vec()).unwrap();
        assert!(!sealed.contains("private"));
        assert_ne!(sealed, key.seal("world", b"a private key".to_vec()).unwrap());
        assert_eq!(key.open("world", &sealed).unwrap(), b"a private key");
        assert_eq!(key.open("identity", &sealed), None);
        assert_eq!(StateKey::generate().open("world", &sealed), None);
        assert_eq!(key.open("world", "AAAA"), None);
        let again = StateKey::from_text(&key.to_text()).unwrap();
        assert_eq!(again.open("world", &sealed).unwrap(), b"a private key");
        assert!(!format!("{key:?}").contains(&key.to_text()));
    }

    #[test]
    fn a_key_file_keeps_its_first_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/key");
        let keys: Vec<String> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| StateKey::in_file(&path).unwrap().to_text()))
                .collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]), "{keys:?}");
        assert_eq!(std::fs::read_dir(folder.path().join("new")).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "nothing").unwrap();
        assert!(StateKey::in_file(&path).is_err());
    }
}
