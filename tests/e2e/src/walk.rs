//! The main job, as a person does it: from the welcome screen to the proof.

use crate::window::{Outcome, RUN, SOON, Window};
use std::path::{Path, PathBuf};

/// Subscription of the seed's production workspaces.
pub const SUBSCRIPTION: &str = "b1f0a3c2-7d54-4e6a-8c19-2f5d7e9a0b41";
/// Group of the seed's main workspace.
pub const GROUP: &str = "rg-ml-prod";
/// The seed's main workspace.
const WORKSPACE: &str = "ml-prod";
/// Its location.
const LOCATION: &str = "westeurope";

/// Where TLS comes from.
#[derive(Debug, Clone)]
pub enum Tls {
    /// Certificate chain and key in files.
    Files(PathBuf, PathBuf),
    /// Made by Berth.
    Made,
}

/// What is wished for.
#[derive(Debug, Clone)]
pub struct Goal {
    /// `production` or `dev_test`.
    pub purpose: &'static str,
    /// `extension` or `classic`.
    pub route: &'static str,
    /// Name of the compute; the cluster is `aks-` and this.
    pub name: &'static str,
    /// A resource group to make; without it the cluster comes into the seed's main one.
    pub new_group: Option<&'static str>,
    /// `public` or `internal`.
    pub load_balancer: &'static str,
    /// Name callers use.
    pub cname: &'static str,
    /// Certificate.
    pub tls: Tls,
}

impl Goal {
    /// Production, extension, own certificate, public.
    pub fn production(certificate: PathBuf, key: PathBuf) -> Self {
        Self {
            purpose: "production",
            route: "extension",
            name: "fraud",
            new_group: None,
            load_balancer: "public",
            cname: "ml.contoso.com",
            tls: Tls::Files(certificate, key),
        }
    }

    /// Dev-test, classic, generated certificate, internal load balancer.
    pub fn dev_test() -> Self {
        Self {
            purpose: "dev_test",
            route: "classic",
            name: "trial",
            new_group: None,
            load_balancer: "internal",
            cname: "dev.contoso.com",
            tls: Tls::Made,
        }
    }
}

/// Signs in to the sandbox and opens the wizard.
pub async fn sign_in(window: &Window) -> Outcome {
    window.find("sign-in-sandbox").await?;
    window.shot("welcome").await?;
    window.click("sign-in-sandbox").await?;
    window.find("frame").await?;
    Ok(())
}

/// From the home page through every step of the wizard to the review, ready to start.
pub async fn fill_in(window: &Window, goal: &Goal) -> Outcome {
    window.click("set-up").await?;
    purpose(window, goal).await?;
    place(window, goal).await?;
    version(window).await?;
    size(window, goal).await?;
    network(window, goal).await?;
    tls(window, goal).await?;
    review(window).await
}

/// Starts the run and opens its page.
pub async fn start(window: &Window) -> Outcome {
    window.click("start-run").await?;
    window.find("run-page").await?;
    window
        .wait_attribute("run-state", "data-state", &["running", "succeeded"], SOON)
        .await?;
    Ok(())
}

/// Waits for the end of the run and looks at its proof.
pub async fn proven(window: &Window) -> Outcome {
    let end = ["succeeded", "failed", "cancelled"];
    let state = window
        .wait_attribute("run-state", "data-state", &end, RUN)
        .await?;
    window.shot("proof").await?;
    if state != "succeeded" {
        return Err(format!("the run is {state}. The page says:\n{}", window.text().await).into());
    }
    for rung in ["address", "tcp", "tls", "answer"] {
        let id = format!("rung-{rung}");
        window.wait_attribute(&id, "data-state", &["holds"], SOON).await?;
    }
    window.find("endpoint-url").await?;
    Ok(())
}

/// Leaves a step once what was entered is checked and kept.
pub async fn next(window: &Window, shot: &str, coming: &str) -> Outcome {
    window
        .wait_attribute("summary", "aria-busy", &["false"], SOON)
        .await?;
    window
        .wait_attribute("saving", "data-state", &["saved"], SOON)
        .await?;
    window.shot(shot).await?;
    window.click("next").await?;
    window.find(&format!("step-body-{coming}")).await?;
    Ok(())
}

async fn purpose(window: &Window, goal: &Goal) -> Outcome {
    window.find("step-body-purpose").await?;
    window.click(&format!("choice-purpose-{}", goal.purpose)).await?;
    window.click("choice-cluster-create").await?;
    window.click(&format!("choice-route-{}", goal.route)).await?;
    next(window, "purpose", "place").await
}

async fn place(window: &Window, goal: &Goal) -> Outcome {
    workspace(window).await?;
    match goal.new_group {
        None => window.pick("place.resourceGroup", GROUP).await?,
        Some(name) => window.pick_new("place.resourceGroup", name).await?,
    }
    window.pick("place.location", LOCATION).await?;
    let cluster = format!("aks-{}", goal.name);
    window.fill("field-place.clusterName", &cluster).await?;
    window.fill("field-place.computeName", goal.name).await?;
    next(window, "place", "version").await
}

/// Chooses the seed's main workspace.
pub async fn workspace(window: &Window) -> Outcome {
    let workspace = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/{WORKSPACE}"
    );
    window.pick("place.subscriptionId", SUBSCRIPTION).await?;
    window.pick("place.workspace", &workspace).await
}

async fn version(window: &Window) -> Outcome {
    window.click("choice-version-1.35").await?;
    next(window, "version", "size").await
}

async fn size(window: &Window, goal: &Goal) -> Outcome {
    // The best of three is taken by itself as soon as they are known.
    window.find("size-meter").await?;
    if goal.purpose == "dev_test" {
        window.fill("field-size.needVcpus", "4").await?;
    }
    next(window, "size", "network").await
}

async fn network(window: &Window, goal: &Goal) -> Outcome {
    window
        .click(&format!("choice-network.loadBalancer-{}", goal.load_balancer))
        .await?;
    next(window, "network", "tls").await
}

async fn tls(window: &Window, goal: &Goal) -> Outcome {
    match &goal.tls {
        Tls::Files(certificate, key) => {
            window.click("choice-tls-own").await?;
            window.fill("field-tls.cname", goal.cname).await?;
            take(window, &[certificate, key]).await?;
        }
        Tls::Made => {
            window.click("choice-tls-generated").await?;
            window.fill("field-tls.cname", goal.cname).await?;
            window.click("make-certificate").await?;
        }
    }
    window.scroll_to("certificate-ladder").await?;
    next(window, "tls", "review").await
}

/// Gives files to the step as if they had been dropped.
pub async fn take(window: &Window, files: &[&Path]) -> Outcome {
    let paths: Vec<String> = files.iter().map(|path| path.display().to_string()).collect();
    window.fill("certificate-paths", &paths.join(";")).await?;
    window.click("take-certificate").await
}

/// Waits until everything is checked and the plan is there.
pub async fn review(window: &Window) -> Outcome {
    window
        .wait_attribute("start-run", "data-ready", &["true"], SOON)
        .await?;
    window.shot("review").await
}
