//! Puts secrets on the clipboard. Clipboard histories and synchronization leave them out where the system supports that, and they
//! are removed after a minute unless something else was copied since.

use arboard::{Clipboard, Error};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, Manager as _};

/// How long a secret stays.
const STAYS: Duration = Duration::from_secs(60);

/// The secret that was copied last; none once it was removed.
#[derive(Default)]
pub(crate) struct SecretClipboard(Mutex<Copied>);

#[derive(Default)]
struct Copied {
    text: Option<SecretString>,
    /// Counts the secrets that were copied.
    number: u64,
}

/// Copies a secret, and removes it after a minute.
///
/// # Errors
/// `BadInput` if the system refuses.
pub(crate) fn copy(app: &AppHandle, secret: SecretString) -> Result<(), Failure> {
    let number = app.state::<SecretClipboard>().put(secret).map_err(|error| {
        Failure::new(FailureCode::BadInput, Remedy::TryAgain)
            .with("what", "clipboard")
            .with("why", &error)
            .because(&error)
    })?;
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(STAYS).await;
        app.state::<SecretClipboard>().remove(Some(number));
    });
    Ok(())
}

/// The clipboard of a command. On some systems a text is gone as soon as the program that copied it ends, so the command waits.
pub(crate) struct CommandClipboard {
    secrets: SecretClipboard,
    _open: Clipboard,
}

impl CommandClipboard {
    /// Opens the clipboard.
    ///
    /// # Errors
    /// The system's, if there is no clipboard.
    pub(crate) fn open() -> Result<Self, Error> {
        Ok(Self {
            secrets: SecretClipboard::default(),
            _open: Clipboard::new()?,
        })
    }

    /// Copies a secret.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn put(&self, secret: SecretString) -> Result<(), Error> {
        self.secrets.put(secret).map(drop)
    }

    /// Removes the secret after a minute, or when the person presses Ctrl+C.
    pub(crate) async fn remove_in_time(self) {
        let _ = tokio::time::timeout(STAYS, tokio::signal::ctrl_c()).await;
        self.secrets.remove(None);
    }
}

impl SecretClipboard {
    fn put(&self, secret: SecretString) -> Result<u64, Error> {
        let mut copied = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        put_concealed(secret.expose_secret())?;
        copied.number += 1;
        copied.text = Some(secret);
        Ok(copied.number)
    }

    /// Removes the secret if it is still on the clipboard and, with a number, no other was copied since.
    pub(crate) fn remove(&self, number: Option<u64>) {
        let mut copied = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if number.is_some_and(|number| number != copied.number) {
            return;
        }
        let Some(ours) = copied.text.take() else { return };
        let removed = Clipboard::new().and_then(|mut clipboard| match clipboard.get_text() {
            Ok(now) if now == ours.expose_secret() => clipboard.clear(),
            _ => Ok(()),
        });
        if let Err(error) = removed {
            tracing::warn!(%error, "a secret may still be on the clipboard");
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn put_concealed(text: &str) -> Result<(), Error> {
    #[cfg(target_os = "macos")]
    use arboard::SetExtApple as _;
    #[cfg(target_os = "linux")]
    use arboard::SetExtLinux as _;
    Clipboard::new()?.set().exclude_from_history().text(text)
}

#[cfg(windows)]
fn put_concealed(text: &str) -> Result<(), Error> {
    use arboard::SetExtWindows as _;
    let mut clipboard = Clipboard::new()?;
    let set = clipboard.set().exclude_from_monitoring();
    set.exclude_from_cloud().exclude_from_history().text(text)
}
