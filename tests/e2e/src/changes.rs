//! Changes after the set-up: attaches an existing cluster, then changes it from its page.

use crate::walk;
use crate::window::{Outcome, RUN, SOON, Window};
use std::path::Path;

/// A cluster of the seed that is not attached.
pub const CLUSTER: &str = "aks-ml-prod";
/// The name of its compute.
pub const COMPUTE: &str = "prod-01";

/// Attaches that cluster on the classic route with a custom certificate, by pasting its resource id.
pub async fn attach(window: &Window, certificate: &Path, key: &Path) -> Outcome {
    window.click("set-up").await?;
    window.find("step-body-purpose").await?;
    window.click("choice-purpose-production").await?;
    window.click("choice-cluster-existing").await?;
    window.click("choice-route-classic").await?;
    walk::next(window, "purpose-existing", "place").await?;
    walk::workspace(window).await?;
    window.click("by-id").await?;
    window.fill("cluster-id", &cluster_id()).await?;
    window.find("found-cluster").await?;
    window.fill("field-place.computeName", COMPUTE).await?;
    walk::next(window, "place-existing", "network").await?;
    window.click("choice-network.loadBalancer-public").await?;
    walk::next(window, "network-existing", "tls").await?;
    window.click("choice-tls-own").await?;
    window.fill("field-tls.cname", "ml.contoso.com").await?;
    walk::take(window, &[certificate, key]).await?;
    window.scroll_to("certificate-checks").await?;
    walk::next(window, "tls-existing", "review").await?;
    walk::review(window).await?;
    walk::start(window).await?;
    walk::expect_success(window).await
}

/// Opens the page of the cluster from the list.
pub async fn open_cluster(window: &Window) -> Outcome {
    window.click("nav-clusters").await?;
    window.shot("clusters").await?;
    window.click(&format!("open-cluster-{CLUSTER}")).await?;
    window
        .wait_attribute("cluster-page", "aria-busy", &["false"], SOON)
        .await?;
    window.find("overview").await?;
    window.shot("cluster").await
}

/// Opens a change from the menu of an attachment.
pub async fn choose(window: &Window, compute: &str, change: &str) -> Outcome {
    window.click(&format!("menu-{compute}")).await?;
    window.click(&format!("do-{change}")).await?;
    window
        .wait_attribute("change-page", "data-kind", &[change], SOON)
        .await?;
    Ok(())
}

/// Starts the open change, confirms its interruptions, and waits for the end of its run.
pub async fn run_change(window: &Window, shot: &str) -> Outcome {
    start_change(window, shot).await?;
    let end = ["succeeded", "failed", "cancelled"];
    let state = window
        .wait_attribute("run-state", "data-state", &end, RUN)
        .await?;
    window.shot(&format!("{shot}-done")).await?;
    if state == "succeeded" {
        return Ok(());
    }
    Err(format!("the run is {state}. The page says:\n{}", window.text().await).into())
}

/// Starts the open change and confirms its interruptions.
pub async fn start_change(window: &Window, shot: &str) -> Outcome {
    window.find("check").await?;
    let until = tokio::time::Instant::now() + SOON;
    while !is_ready(window).await? {
        if window.has("know-interrupts").await && !is_ready(window).await? {
            window.click("know-interrupts").await?;
        }
        if tokio::time::Instant::now() > until {
            return Err(format!(
                "the change cannot be started. The page says:\n{}",
                window.text().await
            )
            .into());
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    window.shot(shot).await?;
    window.click("start-change").await?;
    window.find("run-page").await?;
    Ok(())
}

/// Whether the open change can be started.
pub async fn is_ready(window: &Window) -> Outcome<bool> {
    let ready = window.find("start-change").await?.attr("data-ready").await?;
    Ok(ready.as_deref() == Some("true"))
}

fn cluster_id() -> String {
    format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.ContainerService/managedClusters/{CLUSTER}",
        walk::SUBSCRIPTION,
        walk::GROUP
    )
}
