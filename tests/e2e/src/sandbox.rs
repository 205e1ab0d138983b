//! A sandbox in a process of its own.

use crate::window::{Outcome, SOON, program};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The program `berth-sandbox`, stopped when dropped.
pub struct SandboxProcess {
    server: Child,
    ready: PathBuf,
}

impl SandboxProcess {
    /// Starts it on a seed (`workspace`, `fleet`) and waits until it is ready.
    pub async fn start(folder: &Path, seed: &str) -> Outcome<Self> {
        let ready = folder.join("ready.json");
        let server = Command::new(program("berth-sandbox")?)
            .args(["--listen", "127.0.0.1:0", "--seed", seed, "--time-scale", "600"])
            .arg("--ready-file")
            .arg(&ready)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let sandbox = Self { server, ready };
        let until = Instant::now() + SOON;
        while !std::fs::metadata(&sandbox.ready).is_ok_and(|file| file.len() > 0) {
            if Instant::now() > until {
                return Err("the sandbox did not write its ready file".into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(sandbox)
    }

    pub fn ready_file(&self) -> String {
        self.ready.display().to_string()
    }
}

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
