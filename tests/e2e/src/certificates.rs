//! The certificates page.

use crate::walk;
use crate::window::{Outcome, RUN, SOON, Window};
use std::path::Path;
use thirtyfour::{By, Key};

/// Opens the list and waits until it is loaded.
pub async fn open(window: &Window) -> Outcome {
    window.click("nav-certificates").await?;
    window.find("certificates-summary").await?;
    window
        .wait_attribute("certificates-page", "aria-busy", &["false"], SOON)
        .await?;
    Ok(())
}

/// Starts one of the ways to add a certificate.
pub async fn begin(window: &Window, way: &str) -> Outcome {
    window.click("nav-certificates").await?;
    window.click("new-certificate").await?;
    window.click(&format!("choice-way-{way}")).await
}

/// Imports files by path, for a host name.
pub async fn import(window: &Window, cname: &str, files: &[&Path]) -> Outcome {
    begin(window, "bring").await?;
    window.fill("field-tls.cname", cname).await?;
    walk::take(window, files).await
}

/// Enters a passphrase when asked for it.
pub async fn unlock(window: &Window, passphrase: &str) -> Outcome {
    let field = window.find("passphrase").await?;
    field.send_keys(passphrase).await?;
    window.click("open-with-passphrase").await
}

/// Waits until a certificate is complete and has its key.
pub async fn wait_until_complete(window: &Window) -> Outcome {
    window.find("landed").await?;
    for check in ["key", "chain", "name", "dates"] {
        let id = format!("check-{check}");
        window
            .wait_attribute(&id, "data-state", &["good", "warning"], SOON)
            .await?;
    }
    Ok(())
}

/// Copies a text by typing it into a field and copying it from there.
pub async fn copy(window: &Window, text: &str) -> Outcome {
    let field = window.find("certificate-paths").await?;
    window
        .driver()
        .execute(
            "const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set; \
             set.call(arguments[0], arguments[1]); \
             arguments[0].dispatchEvent(new Event('input', { bubbles: true }));",
            vec![field.to_json()?, text.into()],
        )
        .await?;
    field.click().await?;
    field.send_keys(Key::Control + "a").await?;
    field.send_keys(Key::Control + "c").await?;
    Ok(())
}

/// Selects the option whose value ends like this, reopening the list until the field shows it.
pub async fn pick_ending(window: &Window, path: &str, ending: &str) -> Outcome {
    let option = format!("[data-testid^=\"option-{path}-\"][data-testid$=\"{ending}\"]");
    let until = tokio::time::Instant::now() + SOON;
    loop {
        window.click(&format!("field-{path}")).await?;
        if let Ok(found) = window.driver().find(By::Css(&option)).await
            && found.click().await.is_ok()
        {
            return Ok(());
        }
        if tokio::time::Instant::now() > until {
            return Err(format!(
                "no option of {path} ends with {ending}. The page says:\n{}",
                window.text().await
            )
            .into());
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
}

/// Waits for the end of the run on the page.
pub async fn ended(window: &Window) -> Outcome<String> {
    window.find("run-page").await?;
    let ends = ["succeeded", "failed", "cancelled", "taken_back"];
    window.wait_attribute("run-state", "data-state", &ends, RUN).await
}
