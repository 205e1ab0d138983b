//! Drives the real window through the main workflow and takes a screenshot of each step.

use berth_e2e::files::own_pair;
use berth_e2e::walk::{self, Goal};
use berth_e2e::window::{Outcome, Window};
use berth_e2e::{certificates, changes};
use clap::Parser;
use std::path::PathBuf;

/// Drives Berth through the set-up of a cluster.
#[derive(Debug, Parser)]
struct Arguments {
    /// Folder for the screenshots.
    #[arg(long, value_name = "FOLDER")]
    screenshots: PathBuf,
}

#[tokio::main]
async fn main() -> Outcome {
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir()?;
    let (certificate, key) = own_pair(folder.path(), "ml.contoso.com")?;
    let home = folder.path().join("berth");
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
    window.close().await
}
