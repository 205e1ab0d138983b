//! Irreversible changes start only after the name is typed.

use berth_e2e::changes;
use berth_e2e::walk::{self, GROUP, Goal, SUBSCRIPTION};
use berth_e2e::window::{Outcome, RUN, SOON, Window};
use thirtyfour::By;

const NEW_GROUP: &str = "rg-trial";

#[tokio::test]
async fn deletions_wait_for_the_typed_name() -> Outcome {
    let folder = tempfile::tempdir()?;
    let window = Window::open(&folder.path().join("berth"), None, &[]).await?;
    walk::sign_in(&window).await?;
    stop_in_the_middle(&window).await?;

    window.click("clear-up").await?;
    expect_change(&window, "clear_up").await?;
    let wrong = ["", "rg-tria", "RG-TRIAL", "aks-trial", GROUP];
    waits_for_name(&window, NEW_GROUP, &wrong).await?;
    // Without the group, the cluster is the largest resource to delete.
    choose(&window, &group_id()).await?;
    waits_for_name(&window, "aks-trial", &["", NEW_GROUP, "AKS-trial"]).await?;
    choose(&window, &group_id()).await?;
    waits_for_name(&window, NEW_GROUP, &["aks-trial"]).await?;
    run_change(&window).await?;

    changes::open_cluster(&window).await?;
    window.click("do-delete_cluster").await?;
    expect_change(&window, "delete_cluster").await?;
    let wrong = ["", "aks", "AKS-ML-PROD", GROUP];
    waits_for_name(&window, changes::CLUSTER, &wrong).await?;
    run_change(&window).await?;

    // The set-up, the clearing up and the deletion: a wrong name has not started anything.
    window.click("nav-activity").await?;
    window.wait_count("open-run-", 3).await?;
    window.close().await
}

fn group_id() -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{NEW_GROUP}")
}

/// A set-up in a new resource group, stopped while its cluster is being created.
async fn stop_in_the_middle(window: &Window) -> Outcome {
    let goal = Goal {
        new_group: Some(NEW_GROUP),
        ..Goal::dev_test()
    };
    walk::fill_in(window, &goal).await?;
    walk::start(window).await?;
    window
        .wait_attribute("run-step-create_cluster", "data-state", &["in_progress"], SOON)
        .await?;
    window.click("cancel-run").await?;
    window
        .wait_attribute("run-state", "data-state", &["cancelled"], RUN)
        .await?;
    Ok(())
}

async fn expect_change(window: &Window, kind: &str) -> Outcome {
    window
        .wait_attribute("change-page", "data-kind", &[kind], SOON)
        .await?;
    Ok(())
}

/// Toggles the selection of a resource.
async fn choose(window: &Window, id: &str) -> Outcome {
    window.find("going").await?;
    let label = format!("//*[@data-testid='going']//label[text()='{id}']");
    window.driver().find(By::XPath(label)).await?.click().await?;
    Ok(())
}

/// The button works only with the right name; pressed too early, it moves the focus to the field.
async fn waits_for_name(window: &Window, name: &str, wrong: &[&str]) -> Outcome {
    window
        .wait_attribute("field-confirm", "placeholder", &[name], SOON)
        .await?;
    // With the name nothing else blocks the start, so what follows depends on the name alone.
    window.fill("field-confirm", name).await?;
    window
        .wait_attribute("check", "aria-busy", &["false"], SOON)
        .await?;
    if window.has("know-interrupts").await && !changes::is_ready(window).await? {
        window.click("know-interrupts").await?;
    }
    expect_ready(window, "true").await?;
    for other in wrong {
        window.fill("field-confirm", other).await?;
        expect_ready(window, "false").await?;
        window.click("start-change").await?;
        let focus = window.driver().active_element().await?;
        assert_eq!(
            focus.attr("data-testid").await?.as_deref(),
            Some("field-confirm"),
            "{other:?} for {name}"
        );
        assert!(window.has("change-page").await, "{other:?} for {name}");
    }
    window.fill("field-confirm", name).await?;
    expect_ready(window, "true").await
}

async fn expect_ready(window: &Window, ready: &str) -> Outcome {
    window
        .wait_attribute("start-change", "data-ready", &[ready], SOON)
        .await?;
    Ok(())
}

async fn run_change(window: &Window) -> Outcome {
    window.click("start-change").await?;
    window.find("run-page").await?;
    let ends = ["succeeded", "failed", "cancelled"];
    let end = window
        .wait_attribute("run-state", "data-state", &ends, RUN)
        .await?;
    assert_eq!(end, "succeeded", "{}", window.text().await);
    Ok(())
}
