//! Splits secrets that are larger than an entry may be. The head names a generation, the number of its parts, their
//! length and hash. The parts of a new generation are written before the head, and the old ones removed after it, so
//! that the head always leads to a complete secret, old or new.

use crate::store::{Store, StoreError};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Maximum size of an entry in bytes: the limit of Windows Credential Manager (CRED_MAX_CREDENTIAL_BLOB_SIZE, 5 *
/// 512).
pub(crate) const ENTRY_BYTES: usize = 2560;
/// Windows stores UTF-16, so each of our characters takes two bytes there.
const PART_CHARS: usize = ENTRY_BYTES / 2 - 16;
/// Prefix of a head. No secret begins like this: PEM begins with dashes, and client secrets have no control
/// characters.
const HEAD: &str = "\u{1}berth-parts";

/// Maximum number of bytes to allocate before a part has been read.
const MOST_ROOM: usize = 256 * 1024;
const MISSING: &str = "a part is missing";

struct Head {
    generation: String,
    parts: usize,
    bytes: usize,
    sha256: String,
}

pub(crate) fn put(store: &dyn Store, key: &str, secret: &str) -> Result<(), StoreError> {
    let old = head(store, key)?;
    if secret.encode_utf16().count() * 2 <= ENTRY_BYTES && !secret.starts_with(HEAD) {
        store.put(key, secret)?;
    } else {
        let head = Head {
            generation: uuid::Uuid::new_v4().simple().to_string(),
            parts: 0,
            bytes: secret.len(),
            sha256: hash(secret),
        };
        let parts = split(secret);
        for (number, part) in parts.iter().enumerate() {
            store.put(&part_key(key, &head.generation, number), part)?;
        }
        store.put(
            key,
            &Head {
                parts: parts.len(),
                ..head
            }
            .to_text(),
        )?;
    }
    forget_parts(store, key, old)
}

pub(crate) fn get(store: &dyn Store, key: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
    let mut found = attempt(store, key);
    // Another program may have replaced the secret between reading the head and the parts. Then there is a new head.
    for _ in 0..2 {
        if !matches!(found, Err(StoreError::Damaged { what: MISSING, .. })) {
            break;
        }
        found = attempt(store, key);
    }
    found
}

fn attempt(store: &dyn Store, key: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
    let Some(entry) = store.get(key)? else {
        return Ok(None);
    };
    let Some(head) = Head::parse(&entry) else {
        return Ok(Some(entry));
    };
    let damaged = |what| StoreError::Damaged {
        key: key.to_owned(),
        what,
    };
    // Allocated at once, so that no shorter copy stays in memory. The length in the head is not trusted.
    let room = head.bytes.min(MOST_ROOM);
    let mut whole = Zeroizing::new(String::with_capacity(room));
    for number in 0..head.parts {
        let part = store
            .get(&part_key(key, &head.generation, number))?
            .ok_or_else(|| damaged(MISSING))?;
        whole.push_str(&part);
    }
    if whole.len() != head.bytes {
        return Err(damaged("its length is not what was stored"));
    }
    if hash(&whole) != head.sha256 {
        return Err(damaged("its hash is not what was stored"));
    }
    Ok(Some(whole))
}

pub(crate) fn delete(store: &dyn Store, key: &str) -> Result<(), StoreError> {
    let old = head(store, key)?;
    store.delete(key)?;
    forget_parts(store, key, old)
}

fn head(store: &dyn Store, key: &str) -> Result<Option<Head>, StoreError> {
    Ok(store.get(key)?.and_then(|entry| Head::parse(&entry)))
}

fn forget_parts(store: &dyn Store, key: &str, head: Option<Head>) -> Result<(), StoreError> {
    let Some(head) = head else { return Ok(()) };
    (0..head.parts).try_for_each(|number| store.delete(&part_key(key, &head.generation, number)))
}

fn part_key(key: &str, generation: &str, number: usize) -> String {
    format!("{key}#{generation}.{number}")
}

fn split(secret: &str) -> Vec<Zeroizing<String>> {
    let part = || Zeroizing::new(String::with_capacity(3 * PART_CHARS));
    let mut parts = vec![part()];
    let mut room = PART_CHARS;
    for letter in secret.chars() {
        if room < letter.len_utf16() {
            parts.push(part());
            room = PART_CHARS;
        }
        room -= letter.len_utf16();
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}

fn hash(secret: &str) -> String {
    Sha256::digest(secret.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Head {
    fn to_text(&self) -> String {
        format!(
            "{HEAD} {} {} {} {}",
            self.generation, self.parts, self.bytes, self.sha256
        )
    }

    fn parse(entry: &str) -> Option<Self> {
        let mut words = entry.strip_prefix(HEAD)?.split_whitespace();
        Some(Self {
            generation: words.next()?.to_owned(),
            parts: words.next()?.parse().ok()?,
            bytes: words.next()?.parse().ok()?,
            sha256: words.next()?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Memory;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn secret(bytes: usize) -> String {
        "abcdefghij".chars().cycle().take(bytes).collect()
    }

    /// Refuses entries over the Windows limit, and fails after a number of writes.
    struct Strict {
        inner: Memory,
        writes_left: AtomicUsize,
    }

    impl Strict {
        fn new(writes: usize) -> Self {
            Self {
                inner: Memory::default(),
                writes_left: AtomicUsize::new(writes),
            }
        }

        fn write(&self) -> Result<(), StoreError> {
            let left = self
                .writes_left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            left.map(drop).map_err(|_| StoreError::Unavailable {
                source: "power cut".into(),
            })
        }
    }

    impl Store for Strict {
        fn put(&self, key: &str, secret: &str) -> Result<(), StoreError> {
            assert!(
                secret.encode_utf16().count() * 2 <= ENTRY_BYTES,
                "{key} is too large for Windows"
            );
            self.write()?;
            self.inner.put(key, secret)
        }

        fn get(&self, key: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
            self.inner.get(key)
        }

        fn delete(&self, key: &str) -> Result<(), StoreError> {
            self.write()?;
            self.inner.delete(key)
        }
    }

    #[test]
    fn secrets_around_the_limit_are_read_back_complete() {
        let store = Strict::new(usize::MAX);
        for bytes in [0, 1, 1279, 1280, 1281, 2559, 2560, 2561, 8192] {
            put(&store, "k", &secret(bytes)).unwrap();
            assert_eq!(
                get(&store, "k").unwrap().unwrap().as_str(),
                secret(bytes),
                "{bytes} bytes"
            );
        }
        let beyond: String = "å🚢".chars().cycle().take(3000).collect();
        put(&store, "k", &beyond).unwrap();
        assert_eq!(get(&store, "k").unwrap().unwrap().as_str(), beyond);
        delete(&store, "k").unwrap();
        assert!(get(&store, "k").unwrap().is_none());
    }

    #[test]
    fn an_interrupted_write_leaves_the_old_or_the_new_secret() {
        let (old, new) = (secret(4000), secret(6000).replace('a', "A"));
        for writes in 0..14 {
            let store = Strict::new(usize::MAX);
            put(&store, "k", &old).unwrap();
            store.writes_left.store(writes, Ordering::SeqCst);
            let ended = put(&store, "k", &new);
            store.writes_left.store(usize::MAX, Ordering::SeqCst);
            let found = get(&store, "k").unwrap().unwrap();
            assert!(*found == old || *found == new, "cut after {writes} writes");
            assert!(ended.is_err() || *found == new);
        }
    }

    #[test]
    fn a_large_secret_stores_its_length_and_hash() {
        let store = Strict::new(usize::MAX);
        for (bytes, parts) in [(2559, 3), (2560, 3), (2561, 3), (8192, 7)] {
            put(&store, "k", &secret(bytes)).unwrap();
            let head = head(&store, "k").unwrap().unwrap();
            assert_eq!(
                (head.parts, head.bytes, head.sha256),
                (parts, bytes, hash(&secret(bytes))),
                "{bytes} bytes"
            );
        }
        put(&store, "k", "small").unwrap();
        assert!(head(&store, "k").unwrap().is_none());
        let left: Vec<String> = store.inner.keys();
        assert_eq!(left, ["k"], "the parts of former generations are gone");
    }

    #[test]
    fn a_head_with_a_wrong_length_is_not_trusted() {
        let store = Strict::new(usize::MAX);
        put(&store, "k", &secret(4000)).unwrap();
        let head = head(&store, "k").unwrap().unwrap();
        for (parts, bytes, hash) in [
            (head.parts, usize::MAX, head.sha256.as_str()),
            (head.parts - 1, head.bytes, &head.sha256),
            (usize::MAX, usize::MAX, &head.sha256),
            (head.parts, head.bytes, "00"),
        ] {
            let lie = format!("{HEAD} {} {parts} {bytes} {hash}", head.generation);
            store.put("k", &lie).unwrap();
            assert!(
                matches!(get(&store, "k"), Err(StoreError::Damaged { .. })),
                "{lie}"
            );
        }
    }

    /// Replaces the secret once, between reading its head and its parts.
    struct Meanwhile {
        inner: Memory,
        new: std::sync::Mutex<Option<String>>,
    }

    impl Store for Meanwhile {
        fn put(&self, key: &str, secret: &str) -> Result<(), StoreError> {
            self.inner.put(key, secret)
        }

        fn get(&self, key: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
            if key.contains('#')
                && let Some(new) = self.new.lock().unwrap().take()
            {
                put(&self.inner, "k", &new)?;
            }
            self.inner.get(key)
        }

        fn delete(&self, key: &str) -> Result<(), StoreError> {
            self.inner.delete(key)
        }
    }

    #[test]
    fn a_secret_replaced_while_being_read_is_read_again() {
        let store = Meanwhile {
            inner: Memory::default(),
            new: std::sync::Mutex::default(),
        };
        put(&store, "k", &secret(4000)).unwrap();
        let new = secret(5000).replace('a', "A");
        *store.new.lock().unwrap() = Some(new.clone());
        assert_eq!(*get(&store, "k").unwrap().unwrap(), new);
    }

    #[test]
    fn a_damaged_secret_is_reported() {
        let store = Strict::new(usize::MAX);
        put(&store, "k", &secret(4000)).unwrap();
        let head = head(&store, "k").unwrap().unwrap();
        store.put(&part_key("k", &head.generation, 1), "changed").unwrap();
        assert!(matches!(get(&store, "k"), Err(StoreError::Damaged { .. })));
        store.delete(&part_key("k", &head.generation, 1)).unwrap();
        assert!(matches!(
            get(&store, "k"),
            Err(StoreError::Damaged {
                what: "a part is missing",
                ..
            })
        ));
    }
}
