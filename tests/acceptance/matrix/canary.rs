//! What is secret in a world, and the places where none of it may be: what a run leaves on disk, and what it says.

use crate::harness::World;
use berth_contract::run::RunSnapshot;
use std::path::Path;

/// How tokens and the keys of a kubeconfig begin, wherever they come from.
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

/// Texts that may be nowhere.
pub struct Canary(Vec<String>);

impl Canary {
    /// The client secret, and the keys in files of the world.
    pub fn of(world: &World) -> Self {
        let mut secrets = vec![world.ready.client_secret.clone()];
        for entry in std::fs::read_dir(world.folder.path()).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
            let lines = text.split("-----BEGIN PRIVATE KEY-----").skip(1);
            secrets.extend(lines.filter_map(|key| key.lines().nth(1).map(str::to_owned)));
        }
        secrets.extend(BEGINNINGS.map(str::to_owned));
        Self(secrets)
    }

    /// Where a secret is in what a run says and in the folder it wrote; empty when it is nowhere.
    pub fn found(&self, run: &RunSnapshot, home: &Path) -> Vec<String> {
        let said = serde_json::to_string(run).unwrap();
        let mut found = Vec::new();
        found.extend(self.in_text("the snapshot", &said));
        let folder = home.join("runs").join(&run.summary.id);
        let files: Vec<_> = std::fs::read_dir(&folder).unwrap().flatten().collect();
        assert!(!files.is_empty(), "{} is empty", folder.display());
        for file in files {
            let text = String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).into_owned();
            found.extend(self.in_text(&file.file_name().to_string_lossy(), &text));
        }
        found
    }

    fn in_text(&self, place: &str, text: &str) -> Option<String> {
        let secret = self.0.iter().find(|secret| text.contains(secret.as_str()))?;
        let beginning: String = secret.chars().take(12).collect();
        Some(format!("{beginning}… is in {place}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_on_disk_is_found() {
    let world = World::stepped().await;
    let run = world.run(super::classic_with_files(&world)).await.unwrap();
    let canary = Canary::of(&world);
    assert!(
        canary.0.len() > BEGINNINGS.len() + 1,
        "the key in a file is no canary"
    );
    let home = world.folder.path().join("berth");
    assert_eq!(canary.found(&run, &home), Vec::<String>::new());
    for secret in &canary.0 {
        let leak = home.join("runs").join(&run.summary.id).join("leak");
        std::fs::write(&leak, format!("before {secret} after")).unwrap();
        assert_eq!(canary.found(&run, &home).len(), 1, "{secret}");
    }
}
