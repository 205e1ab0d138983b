//! The reviewed plan is the plan that runs: if something has changed since, the window shows what, and sends nothing.

pub(crate) mod azure;

use azure::Azure;
use berth_e2e::changes;
use berth_e2e::files::own_pair;
use berth_e2e::sandbox::SandboxProcess;
use berth_e2e::walk::{self, GROUP, Goal, SUBSCRIPTION};
use berth_e2e::window::{Outcome, SOON, Window};
use std::path::Path;

const EXTENSIONS: &str = "Microsoft.KubernetesConfiguration";

/// Opens a window on a sandbox of its own, and a second client.
async fn open(folder: &Path) -> Outcome<(SandboxProcess, Azure, Window)> {
    let sandbox = SandboxProcess::start(folder, "workspace").await?;
    let azure = Azure::of(&sandbox).await?;
    let home = folder.join("berth");
    let window = Window::open(&home, None, &["--sandbox", &sandbox.ready_file()]).await?;
    window.find("frame").await?;
    Ok((sandbox, azure, window))
}

/// Waits until the window shows the differences with these words, and focuses them.
async fn expect_differences(window: &Window, words: &[&str]) -> Outcome {
    let holds = |text: &str| words.iter().all(|word| text.contains(word));
    window.wait_text("changed", SOON, holds).await?;
    let focus = window.driver().active_element().await?;
    assert_eq!(focus.attr("data-testid").await?.as_deref(), Some("changed"));
    Ok(())
}

/// Checks the number of runs.
async fn expect_runs(window: &Window, count: usize) -> Outcome {
    window.click("nav-activity").await?;
    window.wait_count("open-run-", count).await
}

#[tokio::test]
async fn the_wizard_shows_what_changed_and_starts_the_new_review() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (certificate, key) = own_pair(folder.path(), "ml.contoso.com")?;
    let (_estate, azure, window) = open(folder.path()).await?;
    walk::fill_in(&window, &Goal::production(certificate, key)).await?;
    assert!(!window.source().await?.contains("plan-step-register_"));
    azure.unregister(SUBSCRIPTION, EXTENSIONS).await?;

    window.click("start-run").await?;
    expect_differences(&window, &["has changed since your review", EXTENSIONS]).await?;
    window.find("step-body-review").await?;
    window.find("plan-step-register_kubernetesconfiguration").await?;
    // It can be started without another review.
    walk::review(&window).await?;
    walk::start(&window).await?;
    expect_runs(&window, 1).await?;
    window.close().await
}

#[tokio::test]
async fn a_change_shows_what_changed_and_starts_the_new_review() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (_estate, azure, window) = open(folder.path()).await?;
    changes::open_cluster(&window).await?;
    window.click("scale-system").await?;
    window.fill_number("field-nodes", 4).await?;
    expect_ready(&window, "true").await?;
    azure.label(&pool_id(), "team", "b").await?;

    window.click("start-change").await?;
    expect_differences(&window, &["has changed since your review", "nodeLabels"]).await?;
    window.find("change-page").await?;
    changes::run_change(&window, "scale").await?;
    expect_runs(&window, 1).await?;
    window.close().await
}

#[tokio::test]
async fn unreadable_users_need_consent_by_name() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (_estate, azure, window) = open(folder.path()).await?;
    azure.refuse("*workspaces/ml-lab/computes?*").await?;
    changes::open_cluster(&window).await?;
    window.click("do-power").await?;
    window
        .wait_text("findings-blocking", SOON, |text| {
            text.contains("Continue without checking ml-lab")
        })
        .await?;
    window
        .wait_attribute("check", "aria-busy", &["false"], SOON)
        .await?;
    // The plan can be read before confirming.
    window.find("plan").await?;
    if window.has("know-interrupts").await {
        window.click("know-interrupts").await?;
    }
    expect_ready(&window, "false").await?;
    window.click("start-change").await?;
    let focus = window.driver().active_element().await?;
    let focused = focus.attr("data-testid").await?.unwrap_or_default();
    assert!(
        focused.starts_with("waive-USE-01:") && focused.ends_with("/workspaces/ml-lab"),
        "{focused}"
    );
    assert!(window.has("change-page").await);

    window.click(&focused).await?;
    expect_ready(&window, "true").await?;
    window
        .wait_attribute("nothing-blocks", "data-unread", &["1"], SOON)
        .await?;
    changes::run_change(&window, "stop").await?;
    expect_runs(&window, 1).await?;
    window.close().await
}

fn pool_id() -> String {
    let cluster = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.ContainerService/managedClusters/{}",
        changes::CLUSTER
    );
    format!("{cluster}/agentPools/system")
}

async fn expect_ready(window: &Window, ready: &str) -> Outcome {
    window
        .wait_attribute("start-change", "data-ready", &[ready], SOON)
        .await?;
    Ok(())
}
