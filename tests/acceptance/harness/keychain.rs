//! A private keychain per test: a message bus and an unlocked Secret Service in a temporary folder.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long the keychain may take to start.
const SOON: Duration = Duration::from_secs(30);

/// A running keychain, stopped when dropped.
pub struct Keychain {
    folder: tempfile::TempDir,
    address: String,
    programs: Vec<Child>,
}

impl Keychain {
    /// Starts an empty, unlocked keychain.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .env("HOME", folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed: scripts/system-packages.sh");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        let mut keychain = Self {
            address: address.trim().to_owned(),
            programs: vec![bus],
            folder,
        };
        let mut command = Command::new("gnome-keyring-daemon");
        command
            .args(["--unlock", "--components=secrets", "--foreground"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        keychain.join(&mut command);
        let mut daemon = command
            .spawn()
            .expect("gnome-keyring is installed: scripts/system-packages.sh");
        daemon.stdin.take().unwrap().write_all(b"berth").unwrap();
        keychain.programs.push(daemon);
        let begun = Instant::now();
        while !keychain.is_there() {
            assert!(begun.elapsed() < SOON, "the keychain did not start");
            std::thread::yield_now();
        }
        keychain
    }

    /// Makes a program use this keychain.
    pub fn join(&self, command: &mut Command) {
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("HOME", self.folder.path());
        for name in [
            "XDG_DATA_HOME",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_RUNTIME_DIR",
        ] {
            command.env(name, self.folder.path());
        }
    }

    /// From now on it returns secrets but cannot store any: its file is not writable.
    pub fn take_nothing_more(&self) {
        let keyrings = self.folder.path().join("keyrings");
        std::fs::remove_dir_all(&keyrings).unwrap();
        std::fs::write(keyrings, "in the way").unwrap();
    }

    fn is_there(&self) -> bool {
        let mut command = Command::new("dbus-send");
        command.args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/org/freedesktop/DBus",
            "org.freedesktop.DBus.NameHasOwner",
            "string:org.freedesktop.secrets",
        ]);
        self.join(&mut command);
        let output = command.output().expect("dbus-send is installed");
        String::from_utf8_lossy(&output.stdout).contains("true")
    }
}

impl Drop for Keychain {
    fn drop(&mut self) {
        for program in self.programs.iter_mut().rev() {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}
