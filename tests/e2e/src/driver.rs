//! tauri-driver, and a session of it.

use crate::window::Outcome;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use thirtyfour::prelude::*;

/// How long one driver may take to open a session.
const ONE_DRIVER: Duration = Duration::from_secs(30);
/// How long all of them may take.
const ALL_DRIVERS: Duration = Duration::from_secs(150);

/// Starts a driver and opens a session. Where the driver or WebKit's own ended because somebody took its port meanwhile,
/// another is started on other ports.
pub(crate) async fn open(home: &Path, capabilities: &Capabilities) -> Outcome<(Child, WebDriver)> {
    let until = Instant::now() + ALL_DRIVERS;
    loop {
        let port = free_port()?;
        let mut server = start(home, port)?;
        match connect(&mut server, port, capabilities).await {
            Ok(driver) => return Ok((server, driver)),
            Err(error) => {
                end(&mut server);
                if Instant::now() > until {
                    return Err(format!("no session: {error}").into());
                }
            }
        }
    }
}

/// Ends a driver, and WebKit's with it.
pub(crate) fn end(server: &mut Child) {
    if matches!(server.try_wait(), Ok(Some(_))) {
        return;
    }
    let asked = Command::new("kill").arg(server.id().to_string()).status();
    if !asked.is_ok_and(|status| status.success()) {
        let _ = server.kill();
    }
    let _ = server.wait();
}

fn start(home: &Path, port: u16) -> Outcome<Child> {
    let native_port = free_port()?;
    let server = Command::new(tauri_driver())
        .args([
            "--port",
            &port.to_string(),
            "--native-port",
            &native_port.to_string(),
        ])
        .env("BERTH_HOME", home)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(server)
}

async fn connect(server: &mut Child, port: u16, capabilities: &Capabilities) -> Outcome<WebDriver> {
    let url = format!("http://127.0.0.1:{port}");
    let until = Instant::now() + ONE_DRIVER;
    loop {
        if let Some(status) = server.try_wait()? {
            return Err(format!("tauri-driver ended: {status}").into());
        }
        match WebDriver::new(&url, capabilities.clone()).await {
            Ok(driver) => return Ok(driver),
            Err(error) if Instant::now() > until => return Err(error.into()),
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
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
