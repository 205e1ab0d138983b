//! The real window and keychain, with the sandbox embedded in the program.

mod reviews;
mod security;

use berth_e2e::changes::{self, COMPUTE};
use berth_e2e::files::{own_pair, written};
use berth_e2e::walk::{self, Goal};
use berth_e2e::window::{Outcome, SOON, Window};

/// An Azure minute passes in a quarter of a second, for tests that need not catch an intermediate state.
const FAST: [&str; 2] = ["--sandbox-time-scale", "240"];

/// A folder for Berth and the test's files.
fn folder() -> Outcome<tempfile::TempDir> {
    Ok(tempfile::tempdir()?)
}

#[tokio::test]
async fn production_on_the_extension_route() -> Outcome {
    let folder = folder()?;
    let home = folder.path().join("berth");
    let (certificate, key) = own_pair(folder.path(), "ml.contoso.com")?;
    let secret = std::fs::read_to_string(&key)?;
    let line = secret.lines().nth(1).unwrap_or_default().to_owned();
    let window = Window::open(&home, None, &FAST).await?;
    walk::sign_in(&window).await?;
    window.click("nav-settings").await?;
    window
        .wait_text("keychain", SOON, |text| text.contains("are kept in the keychain"))
        .await?;
    window.click("nav-home").await?;
    walk::fill_in(&window, &Goal::production(certificate, key)).await?;
    assert!(!window.source().await?.contains(&line), "the key is on the page");
    walk::start(&window).await?;
    walk::expect_success(&window).await?;
    let record = window
        .wait_text("dns-record", SOON, |text| text.contains("ml.contoso.com"))
        .await?;
    assert!(record.contains('A'), "{record}");
    assert!(!window.source().await?.contains(&line), "the key is on the page");
    window.close().await?;
    assert!(!written(&home)?.contains(&line), "the key is on disk");
    Ok(())
}

#[tokio::test]
async fn dev_test_on_the_classic_route() -> Outcome {
    let folder = folder()?;
    let home = folder.path().join("berth");
    let window = Window::open(&home, None, &FAST).await?;
    walk::sign_in(&window).await?;
    walk::fill_in(&window, &Goal::dev_test()).await?;
    walk::start(&window).await?;
    walk::expect_success(&window).await?;
    window.close().await
}

#[tokio::test]
async fn a_killed_run_resumes() -> Outcome {
    let folder = folder()?;
    let home = folder.path().join("berth");
    let (certificate, key) = own_pair(folder.path(), "ml.contoso.com")?;
    let window = Window::open(&home, None, &[]).await?;
    walk::sign_in(&window).await?;
    walk::fill_in(&window, &Goal::production(certificate, key)).await?;
    walk::start(&window).await?;
    window
        .wait_attribute("run-step-create_cluster", "data-state", &["in_progress"], SOON)
        .await?;
    window.kill().await?;

    let window = Window::open(&home, None, &[]).await?;
    walk::sign_in(&window).await?;
    window.click("nav-activity").await?;
    window.click_first("open-run-").await?;
    walk::expect_success(&window).await?;
    window.close().await
}

/// One long session: each change builds on the previous one.
#[tokio::test]
async fn an_attachment_is_scaled_refreshed_moved_and_detached() -> Outcome {
    let folder = folder()?;
    let home = folder.path().join("berth");
    let (certificate, key) = own_pair(folder.path(), "ml.contoso.com")?;
    let secret = std::fs::read_to_string(&key)?;
    let line = secret.lines().nth(1).unwrap_or_default().to_owned();
    let window = Window::open(&home, None, &FAST).await?;
    walk::sign_in(&window).await?;
    changes::attach(&window, &certificate, &key).await?;

    changes::open_cluster(&window).await?;
    window.click("scale-system").await?;
    window.fill_number("field-nodes", 4).await?;
    changes::run_change(&window, "scale").await?;
    window
        .wait_attribute("check-nodes", "data-state", &["holds"], SOON)
        .await?;

    changes::open_cluster(&window).await?;
    changes::choose(&window, COMPUTE, "refresh").await?;
    changes::run_change(&window, "refresh").await?;
    window
        .wait_attribute("check-tls", "data-state", &["holds"], SOON)
        .await?;

    changes::open_cluster(&window).await?;
    changes::choose(&window, COMPUTE, "move").await?;
    window.fill("field-place.computeName", "moved").await?;
    window.fill("field-place.namespace", "models").await?;
    changes::run_change(&window, "move").await?;
    window
        .wait_attribute("check-same", "data-state", &["holds"], SOON)
        .await?;

    changes::open_cluster(&window).await?;
    changes::choose(&window, COMPUTE, "move_back").await?;
    changes::run_change(&window, "move-back").await?;

    changes::open_cluster(&window).await?;
    changes::choose(&window, COMPUTE, "detach").await?;
    window.find("cluster-stays").await?;
    changes::run_change(&window, "detach").await?;
    for check in ["gone", "there"] {
        let id = format!("check-{check}");
        window.wait_attribute(&id, "data-state", &["holds"], SOON).await?;
    }
    assert!(!window.source().await?.contains(&line), "the key is on the page");
    window.close().await?;
    assert!(!written(&home)?.contains(&line), "the key is on disk");
    Ok(())
}
