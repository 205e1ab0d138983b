//! A model from this computer, its versions, their traffic and keys.

mod canary;
mod classic;
mod clipboard;

use crate::reviews::azure::Azure;
use berth_e2e::changes;
use berth_e2e::deploying::{self, LocalFiles};
use berth_e2e::files::own_pair;
use berth_e2e::sandbox::SandboxProcess;
use berth_e2e::walk::{self, GROUP, Goal, SUBSCRIPTION};
use berth_e2e::window::{Outcome, SOON, Window};

const ENDPOINT: &str = "churn";

/// One long session: each part builds on the previous one.
#[tokio::test]
async fn a_local_model_is_deployed_called_and_moved_step_by_step() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (certificate, key) = own_pair(folder.path(), "ml.contoso.com")?;
    let sandbox = SandboxProcess::start(folder.path(), "workspace").await?;
    let azure = Azure::of(&sandbox).await?;
    let shots = std::env::var_os("BERTH_SHOTS").map(std::path::PathBuf::from);
    let home = folder.path().join("berth");
    let arguments = ["--sandbox", &sandbox.ready_file()];
    let window = Window::open(&home, shots.as_deref(), &arguments).await?;
    window.find("frame").await?;
    let goal = Goal::production(certificate, key);
    walk::fill_in(&window, &goal).await?;
    walk::start(&window).await?;
    walk::expect_success(&window).await?;

    let files = LocalFiles::write(folder.path())?;
    deploying::new_endpoint(&window, goal.name, ENDPOINT, "blue").await?;
    deploying::deploy(&window, &files).await?;
    deploying::expect_end(&window, "succeeded").await?;
    window
        .wait_attribute("check-score", "data-state", &["holds"], SOON)
        .await?;

    deploying::further_version(&window, ENDPOINT, "green", 10).await?;
    deploying::deploy(&window, &files).await?;
    deploying::expect_end(&window, "succeeded").await?;
    deploying::open_endpoint(&window, ENDPOINT).await?;
    for (version, share) in [("blue", "90"), ("green", "10")] {
        let row = format!("version-{version}");
        window.wait_text(&row, SOON, |text| text.contains(share)).await?;
    }
    let answer = deploying::call(&window).await?;
    assert!(answer.contains("4.5"), "{answer}");
    let copied = keys(&window, &azure).await?;

    canary::of_a_good_version(&window, &files).await?;
    canary::of_a_version_that_fails(&window, &files).await?;
    canary::of_a_version_that_begins_to_fail(&window, &files).await?;
    clipboard::expect_no_more(&copied).await?;

    files.crash()?;
    deploying::further_version(&window, ENDPOINT, "red", 0).await?;
    deploying::deploy(&window, &files).await?;
    deploying::expect_end(&window, "failed").await?;
    let page = window.text().await;
    assert!(page.contains("no weights"), "{page}");
    assert!(page.contains("The entry script failed"), "{page}");
    does_not_fit(&window, &files).await?;
    window.close().await
}

/// The review says in words why a version does not fit, and what would fit. It cannot be started.
async fn does_not_fit(window: &Window, files: &LocalFiles) -> Outcome {
    deploying::further_version(window, ENDPOINT, "wide", 0).await?;
    deploying::fill_in(window, files).await?;
    window.fill("field-resources.cpu", "16").await?;
    walk::next(window, "deploy-wide", "review").await?;
    for (finding, words) in [
        ("finding-DEP-22", "The nodes have room for 0 of 2 replicas"),
        ("finding-DEP-23.cpu", "No node has 16.01 vCPU free for a replica"),
        ("finding-DEP-24.cpu", "The replicas would fit with at most"),
    ] {
        window
            .wait_text(finding, SOON, |text| text.contains(words))
            .await?;
    }
    window
        .wait_attribute("start-run", "data-ready", &["false"], SOON)
        .await?;
    window.shot("does-not-fit").await
}

/// Copies a key and regenerates it. No key appears on a page. Returns the key that was copied.
async fn keys(window: &Window, azure: &Azure) -> Outcome<String> {
    let endpoint = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ml-prod/onlineEndpoints/{ENDPOINT}"
    );
    let (former, secondary) = azure.keys(&endpoint).await?;
    window.click("copy-primary").await?;
    window.find("copied").await?;
    assert_eq!(clipboard::text()?.as_ref(), Some(&former));
    window.holds_none(&[&former, &secondary]).await?;
    window.click("regenerate-primary").await?;
    changes::run_change(window, "regenerate").await?;
    let named = |text: &str| text.contains("Regenerate the primary key of churn");
    window.wait_text("run-step-regenerate_key", SOON, named).await?;
    let (present, other) = azure.keys(&endpoint).await?;
    assert_ne!(present, former, "the primary key is still the same");
    assert_eq!(other, secondary, "the secondary key is another");
    window.holds_none(&[&former, &present, &secondary]).await?;
    Ok(former)
}
