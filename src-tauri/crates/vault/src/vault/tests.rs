//! Tests the vault on keychains that work, hang, fail or are slow.

use super::*;
use std::sync::mpsc;
use zeroize::Zeroizing;

fn text(secret: Option<SecretString>) -> Option<String> {
    secret.map(|secret| secret.expose_secret().to_owned())
}

#[tokio::test]
async fn a_secret_is_stored_until_it_is_deleted() {
    let vault = Vault::memory();
    assert!(matches!(vault.storage().await, Storage::Memory { .. }));
    vault.put("a", &SecretString::from("one")).await.unwrap();
    vault.put("a", &SecretString::from("two")).await.unwrap();
    assert_eq!(text(vault.get("a").await.unwrap()).as_deref(), Some("two"));
    vault.delete("a").await.unwrap();
    assert_eq!(text(vault.get("a").await.unwrap()), None);
}

struct Locked;

impl Store for Locked {
    fn put(&self, _: &str, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Unavailable {
            source: "locked".into(),
        })
    }

    fn get(&self, _: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        Err(StoreError::Unavailable {
            source: "locked".into(),
        })
    }

    fn delete(&self, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Unavailable {
            source: "locked".into(),
        })
    }
}

#[tokio::test]
async fn a_locked_keychain_falls_back_to_memory_with_a_reason() {
    let vault = Vault::on(Arc::new(Locked), LIMIT);
    let Storage::Memory { why } = vault.storage().await else {
        panic!("memory it is")
    };
    assert!(why.contains("locked"), "{why}");
    vault.put("a", &SecretString::from("one")).await.unwrap();
    assert_eq!(text(vault.get("a").await.unwrap()).as_deref(), Some("one"));
}

struct Hanging(Mutex<mpsc::Receiver<()>>);

impl Store for Hanging {
    fn put(&self, _: &str, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    fn get(&self, _: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        // Blocks for as long as the test lives.
        let _ = self.0.lock().map(|gate| gate.recv());
        Ok(None)
    }

    fn delete(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_hanging_keychain_blocks_nobody() {
    let (_held, gate) = mpsc::channel();
    let vault = Vault::on(Arc::new(Hanging(Mutex::new(gate))), Duration::from_millis(20));
    let Storage::Memory { why } = vault.storage().await else {
        panic!("memory it is")
    };
    assert!(why.contains("did not answer"), "{why}");
    vault.put("a", &SecretString::from("one")).await.unwrap();
    assert_eq!(text(vault.get("a").await.unwrap()).as_deref(), Some("one"));
}

/// A keychain that can be locked or made to hang during a session.
#[derive(Default)]
struct Moody {
    inner: Memory,
    locked: std::sync::atomic::AtomicBool,
    /// Held by the test: writes hang until it is released.
    gate: Mutex<()>,
}

impl Moody {
    fn answer(&self) -> Result<(), StoreError> {
        if self.locked.load(std::sync::atomic::Ordering::SeqCst) {
            return Err(StoreError::Unavailable {
                source: "locked".into(),
            });
        }
        Ok(())
    }
}

impl Store for Moody {
    fn put(&self, key: &str, secret: &str) -> Result<(), StoreError> {
        self.answer()?;
        drop(self.gate.lock());
        self.inner.put(key, secret)
    }

    fn get(&self, key: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        self.answer()?;
        self.inner.get(key)
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.answer()?;
        self.inner.delete(key)
    }
}

#[tokio::test]
async fn a_keychain_locked_later_is_reported_without_a_fallback() {
    let store = Arc::new(Moody::default());
    let vault = Vault::on(Arc::clone(&store) as Arc<dyn Store>, LIMIT);
    let large = SecretString::from("0123456789abcdef".repeat(512));
    vault.put("a", &large).await.unwrap();
    store.locked.store(true, std::sync::atomic::Ordering::SeqCst);
    assert!(matches!(vault.get("a").await, Err(VaultError::Read { .. })));
    assert!(matches!(
        vault.put("a", &SecretString::from("new")).await,
        Err(VaultError::Store { .. })
    ));
    assert!(matches!(vault.delete("a").await, Err(VaultError::Remove { .. })));
    assert_eq!(vault.storage().await, Storage::Keychain);
    store.locked.store(false, std::sync::atomic::Ordering::SeqCst);
    let found = text(vault.get("a").await.unwrap()).unwrap();
    assert_eq!(found, large.expose_secret());
}

#[tokio::test]
#[expect(
    clippy::await_holding_lock,
    reason = "the gate is what the other thread hangs on"
)]
async fn a_write_that_hangs_ends_in_time_and_is_not_overtaken() {
    let limit = Duration::from_millis(20);
    let store = Arc::new(Moody::default());
    let vault = Vault::on(Arc::clone(&store) as Arc<dyn Store>, limit);
    vault.put("a", &SecretString::from("first")).await.unwrap();
    let hanging = store.gate.lock().unwrap();
    let begun = std::time::Instant::now();
    for word in ["second", "third"] {
        let refused = vault.put("a", &SecretString::from(word)).await;
        assert!(
            matches!(
                refused,
                Err(VaultError::Store {
                    source: StoreError::Silent { .. },
                    ..
                })
            ),
            "{refused:?}"
        );
    }
    assert!(begun.elapsed() < limit * BUSY * 10, "{:?}", begun.elapsed());
    // Reads still work.
    assert_eq!(text(vault.get("a").await.unwrap()).as_deref(), Some("first"));
    drop(hanging);
    // The write that hung may still arrive, but not the one that was refused while waiting for it.
    vault.put("b", &SecretString::from("after")).await.unwrap();
    assert_eq!(text(vault.get("a").await.unwrap()).as_deref(), Some("second"));
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_writers_leave_one_complete_secret() {
    let store = Arc::new(Moody::default());
    let vault = Vault::on(Arc::clone(&store) as Arc<dyn Store>, LIMIT);
    let writers: Vec<_> = (0..8u8)
        .map(|number| {
            let vault = vault.clone();
            tokio::spawn(async move {
                let secret = SecretString::from(char::from(b'a' + number).to_string().repeat(8000));
                vault.put("k", &secret).await
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    let found = text(vault.get("k").await.unwrap()).unwrap();
    let first = found.chars().next().unwrap();
    assert!(found.len() == 8000 && found.chars().all(|letter| letter == first));
    assert_eq!(store.inner.keys().len(), 8, "a head and its seven parts");
}

#[tokio::test]
async fn secrets_around_the_limit_of_windows_are_read_back() {
    let vault = Vault::on(Arc::new(Moody::default()), LIMIT);
    for bytes in [2559, 2560, 2561, 8192] {
        let secret = SecretString::from("k".repeat(bytes));
        vault.put("a", &secret).await.unwrap();
        let found = text(vault.get("a").await.unwrap()).unwrap();
        assert_eq!(found.len(), bytes);
    }
    assert!(vault.get("absent").await.unwrap().is_none());
}

/// A keychain that counts concurrent calls.
#[derive(Default)]
struct Counting {
    inner: Memory,
    inside: std::sync::atomic::AtomicUsize,
    most: std::sync::atomic::AtomicUsize,
}

impl Counting {
    fn visit<T>(&self, work: impl FnOnce() -> T) -> T {
        use std::sync::atomic::Ordering::SeqCst;
        let now = self.inside.fetch_add(1, SeqCst) + 1;
        self.most.fetch_max(now, SeqCst);
        // Long enough for another call to overlap without the lock.
        std::thread::yield_now();
        let done = work();
        self.inside.fetch_sub(1, SeqCst);
        done
    }
}

impl Store for Counting {
    fn put(&self, key: &str, secret: &str) -> Result<(), StoreError> {
        self.visit(|| self.inner.put(key, secret))
    }

    fn get(&self, key: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        self.visit(|| self.inner.get(key))
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.visit(|| self.inner.delete(key))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_share_a_keychain_take_turns() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Counting::default());
    let programs: Vec<_> = (0..16)
        .map(|number| {
            let turns = folder.path().join("keychain.lock");
            let vault = Vault::with(Some(Arc::clone(&store) as Arc<dyn Store>), LIMIT, Some(turns));
            tokio::spawn(async move {
                let secret = SecretString::from("secret");
                vault.put(&format!("k{number}"), &secret).await
            })
        })
        .collect();
    for program in programs {
        program.await.unwrap().unwrap();
    }
    assert_eq!(store.most.load(std::sync::atomic::Ordering::SeqCst), 1);
    assert_eq!(store.inner.keys().len(), 16);
}

#[tokio::test]
async fn a_hanging_call_releases_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let turns = folder.path().join("keychain.lock");
    let (_held, gate) = mpsc::channel();
    let hanging = Arc::new(Hanging(Mutex::new(gate)));
    let vault =
        |store: Arc<dyn Store>| Vault::with(Some(store), Duration::from_millis(50), Some(turns.clone()));
    assert!(matches!(vault(hanging).storage().await, Storage::Memory { .. }));
    let other = vault(Arc::new(Moody::default()));
    assert_eq!(other.storage().await, Storage::Keychain);
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_makers_of_a_secret_all_get_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Moody::default());
    let programs: Vec<_> = (0..16)
        .map(|number| {
            let turns = folder.path().join("keychain.lock");
            let vault = Vault::with(Some(Arc::clone(&store) as Arc<dyn Store>), LIMIT, Some(turns));
            tokio::spawn(async move {
                let made = SecretString::from(format!("secret {number}"));
                text(Some(vault.put_first("k", &made).await.unwrap()))
            })
        })
        .collect();
    let mut got = std::collections::BTreeSet::new();
    for program in programs {
        got.insert(program.await.unwrap());
    }
    let kept = Vault::on(store, LIMIT).get("k").await.unwrap();
    assert_eq!(got.into_iter().collect::<Vec<_>>(), [text(kept)]);
}

/// A slow keychain: its first answer comes when it is asked again, and a write ends when the test allows it.
struct Busy {
    inner: Memory,
    asked: (Mutex<usize>, std::sync::Condvar),
    may_write: Mutex<mpsc::Receiver<()>>,
}

impl Store for Busy {
    fn put(&self, key: &str, secret: &str) -> Result<(), StoreError> {
        self.may_write.lock().unwrap().recv().unwrap();
        self.inner.put(key, secret)
    }

    fn get(&self, key: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        let (count, more) = &self.asked;
        let mut asked = count.lock().unwrap();
        *asked += 1;
        more.notify_all();
        drop(more.wait_while(asked, |asked| *asked < 2));
        self.inner.get(key)
    }

    fn delete(&self, key: &str) -> Result<(), StoreError> {
        self.inner.delete(key)
    }
}

#[tokio::test]
async fn a_busy_keychain_is_retried_and_gets_time_to_write() {
    let limit = Duration::from_millis(100);
    let (go_on, may_write) = mpsc::channel();
    let vault = Vault::on(
        Arc::new(Busy {
            inner: Memory::default(),
            asked: Default::default(),
            may_write: Mutex::new(may_write),
        }),
        limit,
    );
    assert_eq!(vault.storage().await, Storage::Keychain);
    let secret = SecretString::from("one");
    let write = vault.put("a", &secret);
    tokio::pin!(write);
    let at_the_limit = tokio::time::timeout(limit * 2, &mut write).await;
    assert!(
        at_the_limit.is_err(),
        "a write is given more time than the first look"
    );
    go_on.send(()).unwrap();
    write.await.unwrap();
    assert_eq!(text(vault.get("a").await.unwrap()).as_deref(), Some("one"));
}
