//! Searches for secrets in a run's files, its snapshot and the log.

pub use crate::canary::Canary;

use crate::harness::World;
use berth_app::words;
use berth_contract::run::RunSnapshot;
use std::path::Path;

impl Canary {
    /// The places where a secret is found: the run's snapshot, its folder, the home beside the runs, or the log.
    pub fn found(&self, run: &RunSnapshot, home: &Path) -> Vec<String> {
        let snapshot = serde_json::to_string(run).unwrap();
        let mut found: Vec<String> = self.in_text("the snapshot", &snapshot).into_iter().collect();
        for failure in run.steps.iter().filter_map(|step| step.failure.as_ref()) {
            let (title, explanation) = words::failure(failure);
            found.extend(self.in_text("a failure", &format!("{title} {explanation} {failure:?}")));
        }
        let folder = home.join("runs").join(&run.summary.id);
        let written = std::fs::read_dir(&folder).unwrap().next();
        assert!(written.is_some(), "{} is empty", folder.display());
        found.extend(self.in_folder(&folder));
        for entry in std::fs::read_dir(home).unwrap().flatten() {
            if entry.file_name() != "runs" {
                found.extend(self.in_folder(&entry.path()));
            }
        }
        found.extend(self.logged());
        found
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_on_disk_is_found() {
    let world = World::stepped().await;
    let run = world.run(super::classic_with_files(&world)).await.unwrap();
    let canary = Canary::of(&world);
    let key = std::fs::read_to_string(world.folder.path().join("dev.contoso.com.key")).unwrap();
    let key = key.lines().nth(1).unwrap();
    assert!(
        canary.secrets().iter().any(|secret| secret == key),
        "the key in a file is not searched for"
    );
    let home = world.folder.path().join("berth");
    assert_eq!(canary.found(&run, &home), Vec::<String>::new());
    for secret in canary.secrets() {
        let leak = home.join("runs").join(&run.summary.id).join("leak");
        std::fs::write(&leak, format!("before {secret} after")).unwrap();
        assert_eq!(canary.found(&run, &home).len(), 1, "{secret}");
    }
}
