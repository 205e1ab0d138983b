//! tauri-driver and its session. It is restarted on other ports if it exits or provides no session.

use crate::window::{Outcome, end_all, pids_of, program};
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

/// How long a session may take, over all attempts.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long one attempt may take before the next.
const ONE_START: Duration = Duration::from_secs(40);
/// Pause between polls and between attempts.
const BETWEEN: Duration = Duration::from_millis(200);
/// How long a driver may take to exit when asked to.
const LEAVING: Duration = Duration::from_secs(5);

/// How Berth is started.
pub(crate) struct Start<'a> {
    pub(crate) home: &'a Path,
    pub(crate) arguments: &'a [&'a str],
    /// Environment variables beyond those of this process.
    pub(crate) environment: &'a [(&'a str, &'a str)],
}

/// A running tauri-driver, stopped when dropped.
pub(crate) struct Server {
    child: Child,
    url: String,
    errors: File,
}

impl Start<'_> {
    /// Starts a driver and, through it, Berth.
    pub(crate) async fn session(&self) -> Outcome<(Server, WebDriver)> {
        let until = Instant::now() + PATIENCE;
        loop {
            let mut server = self.server()?;
            let limit = until.min(Instant::now() + ONE_START);
            let problem = match self.connect(&mut server, limit).await {
                Ok(driver) => return Ok((server, driver)),
                Err(problem) => problem,
            };
            // A second Berth would only activate the window that the failed attempt left behind.
            end_all(&pids_of(&program("berth")?, self.home));
            if Instant::now() >= until {
                return Err(format!("no session within {PATIENCE:?}: {problem}").into());
            }
            tokio::time::sleep(BETWEEN).await;
        }
    }

    fn server(&self) -> Outcome<Server> {
        let (port, native_port) = (free_port()?, free_port()?);
        let errors = tempfile::tempfile()?;
        let child = Command::new(tauri_driver())
            .args([
                "--port",
                &port.to_string(),
                "--native-port",
                &native_port.to_string(),
            ])
            .env("BERTH_HOME", self.home)
            .envs(self.environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(errors.try_clone()?)
            .spawn()?;
        Ok(Server {
            child,
            url: format!("http://127.0.0.1:{port}"),
            errors,
        })
    }

    async fn connect(&self, server: &mut Server, until: Instant) -> Outcome<WebDriver> {
        let mut capabilities = Capabilities::new();
        let options = serde_json::json!({ "application": program("berth")?, "args": self.arguments });
        capabilities.set("tauri:options", options)?;
        capabilities.set("browserName", "wry")?;
        loop {
            if let Some(status) = server.child.try_wait()? {
                return Err(format!("tauri-driver ended with {status}: {}", server.stderr_end()).into());
            }
            let connecting = WebDriver::new(server.url.as_str(), capabilities.clone());
            let problem = match tokio::time::timeout_at(until.into(), connecting).await {
                Ok(Ok(driver)) => return Ok(driver),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "tauri-driver does not respond".to_owned(),
            };
            if Instant::now() >= until {
                return Err(format!("{problem} {}", server.stderr_end()).into());
            }
            tokio::time::sleep(BETWEEN).await;
        }
    }
}

impl Server {
    /// The end of its standard error.
    fn stderr_end(&mut self) -> String {
        let mut text = Vec::new();
        let read = self
            .errors
            .rewind()
            .and_then(|()| self.errors.read_to_end(&mut text));
        if let Err(error) = read {
            return error.to_string();
        }
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

impl Drop for Server {
    /// Asks it to exit, because only then does it stop WebKit's driver too; kills it if it does not.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        }
        let until = Instant::now() + LEAVING;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn tauri_driver() -> PathBuf {
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let installed = cargo_home
        .map(|home| home.join("bin/tauri-driver"))
        .filter(|path| path.is_file());
    installed.unwrap_or_else(|| PathBuf::from("tauri-driver"))
}
