//! Checks that secrets do not leak into folders, logs, replies to the window or the output of the command line.

mod log;
mod program;
mod replies;

use crate::harness::World;
use std::path::Path;

/// Prefixes of tokens and of kubeconfig keys, whatever their origin.
const BEGINNINGS: [&str; 7] = [
    "PRIVATE KEY",
    "eyJhbGciOi",
    "eyJ0eXAiOi",
    // "-----BEGIN PRIVATE", "-----BEGIN RSA PRIVATE" and "-----BEGIN EC PRIVATE" in base64.
    "LS0tLS1CRUdJTiBQUklWQVRF",
    "LS0tLS1CRUdJTiBSU0EgUFJJ",
    "LS0tLS1CRUdJTiBFQyBQUklW",
    "client-key-data",
];

/// Texts that must not appear anywhere.
pub struct Canary(Vec<String>);

impl Canary {
    /// The client secret, and the keys in the world's folder.
    pub fn of(world: &World) -> Self {
        let mut canary = Self(BEGINNINGS.map(str::to_owned).to_vec());
        canary.0.push(world.ready.client_secret.clone());
        canary.add_keys_in(world.folder.path());
        log::watch(&canary.0);
        canary
    }

    /// Adds a secret.
    pub fn add(&mut self, secret: &str) {
        self.0.push(secret.to_owned());
        log::watch(&self.0);
    }

    /// Adds the private keys in the files of a folder.
    pub fn add_keys_in(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
            let keys = text.split("-----BEGIN PRIVATE KEY-----").skip(1);
            self.0
                .extend(keys.filter_map(|key| key.lines().nth(1).map(str::to_owned)));
        }
        log::watch(&self.0);
    }

    pub fn secrets(&self) -> &[String] {
        &self.0
    }

    /// The place, if a text contains a secret; otherwise `None`.
    pub fn in_text(&self, place: &str, text: &str) -> Option<String> {
        let secret = self.0.iter().find(|secret| text.contains(secret.as_str()))?;
        let beginning: String = secret.chars().take(12).collect();
        Some(format!("{beginning}… is in {place}"))
    }

    /// The files below a folder that contain a secret.
    pub fn in_folder(&self, folder: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                found.extend(self.in_folder(&path));
            } else if let Ok(bytes) = std::fs::read(&path) {
                found.extend(self.in_text(&path.display().to_string(), &String::from_utf8_lossy(&bytes)));
            }
        }
        found
    }

    /// The log lines that contain a secret.
    pub fn logged(&self) -> Vec<String> {
        let lines = log::take(&self.0);
        lines
            .iter()
            .filter_map(|line| self.in_text("the log", line))
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logged_secret_is_found() {
    let world = World::stepped().await;
    let mut canary = Canary::of(&world);
    canary.add("CANARY-that-is-logged");
    tracing::trace!(target: "berth_app", "before CANARY-that-is-logged after");
    tracing::error!(target: "kube_client", "CANARY-that-is-logged");
    assert_eq!(canary.logged().len(), 1);
    assert_eq!(canary.logged(), Vec::<String>::new());
}
