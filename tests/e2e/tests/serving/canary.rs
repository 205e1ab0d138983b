//! Canaries from the page of the endpoint: one gets all traffic, one fails before it gets any, one while it has some.

use super::ENDPOINT;
use berth_e2e::changes;
use berth_e2e::deploying::{self, LocalFiles};
use berth_e2e::window::{Outcome, SOON, Window};
use std::time::Duration;

/// A canary makes two calls a second, and its shortest step takes a minute.
const CANARY: Duration = Duration::from_secs(900);

/// Moves all traffic from blue to green.
pub(super) async fn of_a_good_version(window: &Window, files: &LocalFiles) -> Outcome {
    start(window, files, "green", "100").await?;
    window
        .wait_attribute("canary", "data-stage", &["full"], CANARY)
        .await?;
    let pods = |text: &str| text.contains("Pods of the new version: 2 of 2 ready");
    window.wait_text("canary", SOON, pods).await?;
    window.click("open-front-end-log").await?;
    let router = |text: &str| text.contains("azureml-fe-v2 listening");
    window.wait_text("front-end-log-lines", SOON, router).await?;
    window.shot("canary-full").await?;
    expect_end(window, "succeeded").await?;
    expect_all_on(window, "green").await
}

/// Deploys a version that fails for half of all calls, and begins to move traffic to it.
pub(super) async fn of_a_version_that_fails(window: &Window, files: &LocalFiles) -> Outcome {
    files.fail_often()?;
    deploying::further_version(window, ENDPOINT, "amber", 0).await?;
    deploying::deploy(window, files).await?;
    deploying::expect_end(window, "succeeded").await?;
    start(window, files, "amber", "50, 100").await?;
    expect_end(window, "taken_back").await?;
    let page = window.text().await;
    assert!(page.contains("The previous traffic is back"), "{page}");
    assert!(page.contains("calls to it failed"), "{page}");
    expect_all_on(window, "green").await
}

/// Deploys a version that begins to fail once it has half of the traffic, which it then loses.
pub(super) async fn of_a_version_that_begins_to_fail(window: &Window, files: &LocalFiles) -> Outcome {
    files.wear_out()?;
    deploying::further_version(window, ENDPOINT, "brown", 0).await?;
    deploying::deploy(window, files).await?;
    deploying::expect_end(window, "succeeded").await?;
    start(window, files, "brown", "50, 100").await?;
    window
        .wait_attribute("canary", "data-stage", &["baking"], CANARY)
        .await?;
    let live = |text: &str| text.contains("Step 1 of 2: brown 50% · green 50%");
    window.wait_text("canary", SOON, live).await?;
    window.shot("canary-live").await?;
    expect_end(window, "taken_back").await?;
    let page = window.text().await;
    assert!(page.contains("The previous traffic is back"), "{page}");
    assert!(page.contains("calls to it failed"), "{page}");
    expect_all_on(window, "green").await
}

/// Opens a canary from the menu of a version, fills it in and starts it.
async fn start(window: &Window, files: &LocalFiles, version: &str, steps: &str) -> Outcome {
    deploying::open_endpoint(window, ENDPOINT).await?;
    window.click(&format!("menu-{version}")).await?;
    window.click("start-canary").await?;
    window
        .wait_attribute("change-page", "data-kind", &["canary"], SOON)
        .await?;
    window.fill("field-canary.steps", steps).await?;
    window.fill_number("field-canary.minutes", 1).await?;
    window.fill("field-sample", &files.sample()).await?;
    changes::start_change(window, &format!("canary-{version}")).await
}

async fn expect_end(window: &Window, wanted: &str) -> Outcome {
    let end = ["succeeded", "failed", "cancelled", "paused", "taken_back"];
    let state = window
        .wait_attribute("run-state", "data-state", &end, CANARY)
        .await?;
    window.shot(&format!("canary-{wanted}")).await?;
    if state == wanted {
        return Ok(());
    }
    Err(format!("the canary is {state}. The page says:\n{}", window.text().await).into())
}

/// All traffic goes to the version, says the page of the endpoint.
async fn expect_all_on(window: &Window, version: &str) -> Outcome {
    deploying::open_endpoint(window, ENDPOINT).await?;
    let row = format!("version-{version}");
    window.wait_text(&row, SOON, |text| text.contains("100")).await?;
    Ok(())
}
