//! Files from this computer become a web service, and versions of an endpoint, on the classic route.

use berth_e2e::changes::{self, COMPUTE};
use berth_e2e::deploying::{self, LocalFiles};
use berth_e2e::files::own_pair;
use berth_e2e::sandbox::SandboxProcess;
use berth_e2e::window::{Outcome, SOON, Window};

const SERVICE: &str = "prices";
const ENDPOINT: &str = "churn";

/// One long session: each part builds on the previous one.
#[tokio::test]
async fn local_files_become_a_service_and_versions_that_answer() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (certificate, key) = own_pair(folder.path(), "ml.contoso.com")?;
    let sandbox = SandboxProcess::start(folder.path(), "workspace").await?;
    let shots = std::env::var_os("BERTH_SHOTS").map(std::path::PathBuf::from);
    let home = folder.path().join("berth");
    let arguments = ["--sandbox", &sandbox.ready_file()];
    let window = Window::open(&home, shots.as_deref(), &arguments).await?;
    window.find("frame").await?;
    changes::attach(&window, &certificate, &key).await?;

    let files = LocalFiles::write(folder.path())?;
    deploying::new_service(&window, COMPUTE, SERVICE).await?;
    succeed(&window, &files).await?;
    deploying::open_endpoint(&window, SERVICE).await?;
    let answer = deploying::call(&window).await?;
    assert!(answer.contains("4.5"), "{answer}");

    deploying::new_endpoint(&window, COMPUTE, ENDPOINT, "blue").await?;
    succeed(&window, &files).await?;
    deploying::further_version(&window, ENDPOINT, "green", 10).await?;
    succeed(&window, &files).await?;
    deploying::open_endpoint(&window, ENDPOINT).await?;
    for (version, share) in [("blue", "90"), ("green", "10")] {
        let row = format!("version-{version}");
        window.wait_text(&row, SOON, |text| text.contains(share)).await?;
    }
    window.close().await
}

/// Deploys the files, and expects an answer to the request in them.
async fn succeed(window: &Window, files: &LocalFiles) -> Outcome {
    deploying::deploy(window, files).await?;
    deploying::expect_end(window, "succeeded").await?;
    window
        .wait_attribute("check-score", "data-state", &["holds"], SOON)
        .await?;
    Ok(())
}
