//! What a person reviewed is what runs: where something has changed since, the window says what, and sends nothing.

mod azure;

use azure::Azure;
use berth_e2e::changes;
use berth_e2e::estate::Estate;
use berth_e2e::files::own_pair;
use berth_e2e::walk::{self, GROUP, Goal, SUBSCRIPTION};
use berth_e2e::window::{Outcome, SOON, Window};
use std::path::Path;

const EXTENSIONS: &str = "Microsoft.KubernetesConfiguration";

/// A window on an estate of its own, and somebody else who works there.
async fn open(folder: &Path) -> Outcome<(Estate, Azure, Window)> {
    let estate = Estate::start(folder, "workspace").await?;
    let azure = Azure::of(&estate).await?;
    let home = folder.join("berth");
    let window = Window::open(&home, None, &["--sandbox", &estate.ready_file()]).await?;
    window.find("frame").await?;
    Ok((estate, azure, window))
}

/// Waits until the window says that something is different, in these words, and has the focus there.
async fn says(window: &Window, words: &[&str]) -> Outcome {
    let holds = |text: &str| words.iter().all(|word| text.contains(word));
    window.wait_text("changed", SOON, holds).await?;
    let focus = window.driver().active_element().await?;
    assert_eq!(focus.attr("data-testid").await?.as_deref(), Some("changed"));
    Ok(())
}

/// How many runs there are, started by whatever was pressed.
async fn expect_runs(window: &Window, count: usize) -> Outcome {
    window.click("nav-activity").await?;
    window.wait_count("open-run-", count).await
}

#[tokio::test]
async fn the_wizard_says_what_changed_and_starts_the_new_review() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (certificate, key) = own_pair(folder.path(), "ml.contoso.com")?;
    let (_estate, azure, window) = open(folder.path()).await?;
    walk::fill_in(&window, &Goal::production(certificate, key)).await?;
    assert!(!window.source().await?.contains("plan-step-register_"));
    azure.unregister(SUBSCRIPTION, EXTENSIONS).await?;

    window.click("start-run").await?;
    says(&window, &["has changed since your review", EXTENSIONS]).await?;
    window.find("step-body-review").await?;
    window.find("plan-step-register_kubernetesconfiguration").await?;
    // It is there to be started, without being looked at once more.
    walk::review(&window).await?;
    walk::start(&window).await?;
    expect_runs(&window, 1).await?;
    window.close().await
}

#[tokio::test]
async fn a_change_says_what_changed_and_starts_the_new_review() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (_estate, azure, window) = open(folder.path()).await?;
    changes::open_cluster(&window).await?;
    window.click("scale-system").await?;
    window.fill_number("field-nodes", 4).await?;
    expect_ready(&window, "true").await?;
    azure.label(&pool_id(), "team", "b").await?;

    window.click("start-change").await?;
    says(&window, &["has changed since your review", "nodeLabels"]).await?;
    window.find("change-page").await?;
    changes::carry_out(&window, "scale").await?;
    expect_runs(&window, 1).await?;
    window.close().await
}

#[tokio::test]
async fn what_cannot_be_read_is_agreed_to_by_name() -> Outcome {
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
    // What would be done can be read before.
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
    changes::carry_out(&window, "stop").await?;
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
