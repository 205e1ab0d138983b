//! Without a keychain the window says so wherever a secret would be stored, and writes no secret anywhere.

use berth_e2e::certificates;
use berth_e2e::files::{own_pair, written};
use berth_e2e::walk;
use berth_e2e::window::{Outcome, SOON, Window};
use std::path::Path;

/// Without a bus there is no Secret Service.
const NO_BUS: [(&str, &str); 1] = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")];

async fn open(home: &Path) -> Outcome<Window> {
    let window = Window::open_in(home, None, &["--sandbox-time-scale", "240"], &NO_BUS).await?;
    walk::sign_in(&window).await?;
    Ok(window)
}

#[tokio::test]
async fn without_a_keychain_the_window_warns_that_keys_are_lost_when_it_closes() -> Outcome {
    let folder = tempfile::tempdir()?;
    let home = folder.path().join("berth");
    let (chain, key) = own_pair(folder.path(), "ml.contoso.com")?;
    let secret = std::fs::read_to_string(&key)?;
    let line = secret.lines().nth(1).unwrap_or_default().to_owned();

    let window = open(&home).await?;
    window.click("nav-settings").await?;
    window
        .wait_text("keychain", SOON, |text| text.contains("There is no keychain"))
        .await?;
    for way in ["make", "request", "order", "bring"] {
        certificates::begin(&window, way).await?;
        window
            .wait_text("no-keychain", SOON, |text| {
                text.contains("gone when Berth closes")
            })
            .await?;
    }
    certificates::import(&window, "ml.contoso.com", &[&chain, &key]).await?;
    window
        .wait_text("landed", SOON, |text| {
            text.contains("in memory until Berth closes")
        })
        .await?;
    window.holds_none(&[&line]).await?;
    window.close().await?;
    let all = written(&home)?;
    assert!(!all.contains(&line), "the key is on disk");

    // Certificates kept in memory are lost, and the list no longer offers them.
    let window = open(&home).await?;
    certificates::open(&window).await?;
    window.click("view-kept").await?;
    window.wait_count("open-kept-", 0).await?;
    window.close().await
}
