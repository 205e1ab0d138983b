//! Drives the real window through the main workflow and takes a screenshot of each step.

use berth_e2e::files::own_pair;
use berth_e2e::walk::{self, Goal};
use berth_e2e::window::{Outcome, Window};
use berth_e2e::{certificates, changes};
use clap::Parser;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

/// Drives Berth through the set-up of a cluster.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folder for the screenshots.
    #[arg(long, value_name = "FOLDER")]
    screenshots: PathBuf,
    /// Language of the window.
    #[arg(long, default_value = "en")]
    language: String,
    /// `light` or `dark`.
    #[arg(long, default_value = "light")]
    theme: String,
}

#[tokio::main]
async fn main() -> Outcome {
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir()?;
    let (certificate, key) = own_pair(folder.path(), "ml.contoso.com")?;
    let home = folder.path().join("berth");
    save_settings(&home, &arguments)?;
    let window = Window::open(&home, Some(&arguments.screenshots), &[]).await?;
    walk::sign_in(&window).await?;
    walk::fill_in(&window, &Goal::production(certificate, key)).await?;
    walk::start(&window).await?;
    window.shot("run").await?;
    walk::expect_success(&window).await?;
    changes::open_cluster(&window).await?;
    window.click("scale-system").await?;
    window.fill_number("field-nodes", 4).await?;
    changes::run_change(&window, "scale").await?;
    certificates::open(&window).await?;
    window.shot("certificates").await?;
    window.click("open-endpoint-fraud").await?;
    window.find("place-wire").await?;
    window.shot("certificate").await?;
    certificates::begin(&window, "bring").await?;
    window.shot("new-certificate").await?;
    window.click("nav-endpoints").await?;
    window.find("endpoints-page").await?;
    window.shot("endpoints").await?;
    window.close().await
}

/// Saves language and theme where the window reads them when it opens.
fn save_settings(home: &Path, arguments: &Arguments) -> Outcome {
    fs::create_dir_all(home)?;
    let settings = json!({ "language": arguments.language, "theme": arguments.theme });
    Ok(fs::write(home.join("settings.json"), settings.to_string())?)
}
