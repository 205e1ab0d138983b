//! The sandbox inside the program. Its state stays in Berth's folder, so that a run goes on after the program was
//! killed. One process serves a folder; another one that finds it served joins it as a client.

use crate::home::Home;
use crate::json_file;
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_sandbox::{Options, Ready, Sandbox, Seed};
use std::fs::File;
use std::path::Path;
use std::time::Duration;

/// A sandbox to talk to.
pub(crate) struct EmbeddedSandbox {
    ready: Ready,
    /// Held while this process serves it: the server, and the lock on the folder.
    _serving: Option<(Sandbox, File)>,
}

impl EmbeddedSandbox {
    /// Starts the sandbox of a folder, or joins the process that serves it already.
    pub(crate) async fn open(home: &Home, time_scale: f64) -> Result<Self, Failure> {
        let folder = home.sandbox();
        let ready_file = folder.join("ready.json");
        match lock(&folder)? {
            Some(lock) => {
                json_file::remove(&ready_file)?;
                let options = Options {
                    state_dir: Some(folder.clone()),
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
                    _serving: Some((sandbox, lock)),
                })
            }
            None => Ok(Self {
                ready: wait_for(&ready_file).await?,
                _serving: None,
            }),
        }
    }

    /// How to reach it.
    pub(crate) fn ready(&self) -> &Ready {
        &self.ready
    }
}

fn lock(folder: &Path) -> Result<Option<File>, Failure> {
    let problem = |error: &std::io::Error| {
        Failure::new(FailureCode::FileProblem, Remedy::CorrectInput)
            .with("path", folder.display())
            .because(error)
    };
    std::fs::create_dir_all(folder).map_err(|error| problem(&error))?;
    let file = File::create(folder.join("berth.lock")).map_err(|error| problem(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(problem(&error)),
    }
}

/// The other process removes the file before it starts and writes it once it answers.
async fn wait_for(ready_file: &Path) -> Result<Ready, Failure> {
    for _ in 0..100 {
        if let Some(ready) = json_file::read(ready_file)? {
            return Ok(ready);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err(Failure::new(FailureCode::AlreadyRunning, Remedy::TryAgain).with("path", ready_file.display()))
}
