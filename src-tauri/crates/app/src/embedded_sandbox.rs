//! The sandbox inside the program. Its state is stored in Berth's folder, so that a run can be resumed after the
//! program was killed; private keys in the state are encrypted with a key from the keychain. One process runs the
//! sandbox of a folder; other processes connect to it as clients.

use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_home::Home;
use berth_home::json_file::{self, file_problem};
use berth_sandbox::{Options, Ready, Sandbox, Seed, StateKey};
use berth_vault::{Storage, Vault};
use secrecy::{ExposeSecret as _, SecretString};
use std::fs::File;
use std::path::Path;
use std::time::Duration;

/// Keychain entry of the key that encrypts the state.
const STATE_KEY: &str = "sandbox-state-key";

/// The sandbox of a folder, run by this process or another.
pub(crate) struct EmbeddedSandbox {
    ready: Ready,
    /// The server and the lock on the folder, if this process runs it.
    _server: Option<(Sandbox, File)>,
}

impl EmbeddedSandbox {
    /// Starts the sandbox of a folder, or connects to the process that already runs it.
    pub(crate) async fn open(home: &Home, vault: &Vault, time_scale: f64) -> Result<Self, Failure> {
        let folder = home.sandbox();
        let ready_file = folder.join("ready.json");
        match lock(&folder)? {
            Some(lock) => {
                json_file::remove(&ready_file)?;
                let options = Options {
                    state_dir: Some(folder.clone()),
                    state_key: state_key(vault).await,
                    seed: Seed::Workspace,
                    time_scale,
                    ..Options::default()
                };
                let sandbox = Sandbox::start(options).await.map_err(|error| {
                    Failure::new(FailureCode::Internal, Remedy::ReportBug).because(&error)
                })?;
                let ready = sandbox.ready().clone();
                json_file::write(&ready_file, &ready)?;
                Ok(Self {
                    ready,
                    _server: Some((sandbox, lock)),
                })
            }
            None => Ok(Self {
                ready: wait_for(&ready_file).await?,
                _server: None,
            }),
        }
    }

    /// Returns its addresses and credentials.
    pub(crate) fn ready(&self) -> &Ready {
        &self.ready
    }
}

/// Returns the key that encrypts private keys in the state. `None` without a keychain: they are then lost when the
/// program ends.
async fn state_key(vault: &Vault) -> Option<StateKey> {
    if vault.storage().await != Storage::Keychain {
        return None;
    }
    let new = SecretString::from(StateKey::generate().to_text());
    let stored = vault.put_first(STATE_KEY, &new).await.ok()?;
    StateKey::from_text(stored.expose_secret())
}

fn lock(folder: &Path) -> Result<Option<File>, Failure> {
    let problem = |error: &std::io::Error| file_problem(folder, error);
    berth_files::create_private_folder(folder).map_err(|error| problem(&error))?;
    let file = berth_files::mark(&folder.join("berth.lock")).map_err(|error| problem(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(problem(&error)),
    }
}

/// Waits for the ready file. The other process removes it before it starts and writes it when it is ready.
async fn wait_for(ready_file: &Path) -> Result<Ready, Failure> {
    for _ in 0..100 {
        if let Some(ready) = json_file::read(ready_file)? {
            return Ok(ready);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(Failure::new(FailureCode::AlreadyRunning, Remedy::TryAgain).with("path", ready_file.display()))
}
