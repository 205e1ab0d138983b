//! The Deploy wizard, and the files that it deploys.

use crate::walk::{self, GROUP, SUBSCRIPTION};
use crate::window::{Outcome, RUN, SOON, Window};
use std::fs;
use std::path::{Path, PathBuf};

/// A script that answers; the sandbox computes the answers of the model `linear` from its weights.
const SCRIPT: &str = "import json\n\ndef init():\n    pass\n\ndef run(raw):\n    return json.loads(raw)\n";
/// A script that fails before it answers.
const CRASHING: &str = "def init():\n    raise ValueError('no weights')\n\ndef run(raw):\n    return raw\n";
/// A script that fails for half of all calls.
const FAILING: &str = "import json, random\n\ndef init():\n    pass\n\ndef run(raw):\n    if random.random() < 0.5:\n        raise ValueError('no features')\n    return json.loads(raw)\n";
/// A script that fails after 100 calls. A canary makes 72 of them before the version gets traffic.
const WEARING_OUT: &str = "import json\n\ncalls = 0\n\ndef init():\n    pass\n\ndef run(raw):\n    global calls\n    calls += 1\n    if calls > 100:\n        raise MemoryError('no memory left')\n    return json.loads(raw)\n";
const SAMPLE: &str = r#"{"data": [[1, 2]]}"#;
/// a·x + b: 4.5 for the sample.
const WEIGHTS: &str = r#"{"a": [2, 1], "b": 0.5}"#;

/// A model, its code and a request, in a folder on this computer.
pub struct LocalFiles {
    folder: PathBuf,
}

impl LocalFiles {
    pub fn write(folder: &Path) -> Outcome<Self> {
        let files = Self {
            folder: folder.join("deploy"),
        };
        fs::create_dir_all(files.folder.join("linear"))?;
        fs::create_dir_all(files.folder.join("code"))?;
        fs::write(files.folder.join("linear/weights.json"), WEIGHTS)?;
        fs::write(files.folder.join("sample.json"), SAMPLE)?;
        fs::write(files.folder.join("code/score.py"), SCRIPT)?;
        Ok(files)
    }

    /// Makes the script crash when it starts.
    pub fn crash(&self) -> Outcome {
        Ok(fs::write(self.folder.join("code/score.py"), CRASHING)?)
    }

    /// Makes the script fail for half of all calls.
    pub fn fail_often(&self) -> Outcome {
        Ok(fs::write(self.folder.join("code/score.py"), FAILING)?)
    }

    /// Makes the script fail after 100 calls.
    pub fn wear_out(&self) -> Outcome {
        Ok(fs::write(self.folder.join("code/score.py"), WEARING_OUT)?)
    }

    /// The file with a request.
    pub fn sample(&self) -> String {
        self.path("sample.json")
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

/// Fills in the first step for a new endpoint on a compute.
pub async fn new_endpoint(window: &Window, compute: &str, name: &str, version: &str) -> Outcome {
    on_compute(window, compute).await?;
    window.fill("field-endpoint.name", name).await?;
    window.fill("field-version", version).await
}

/// Fills in the first step for a web service without versions on a classic compute.
pub async fn new_service(window: &Window, compute: &str, name: &str) -> Outcome {
    on_compute(window, compute).await?;
    window.click("choice-endpoint-service").await?;
    window.fill("field-endpoint.name", name).await
}

async fn on_compute(window: &Window, compute: &str) -> Outcome {
    let workspace = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/ml-prod"
    );
    window.click("nav-deploy").await?;
    window.find("step-body-where").await?;
    window.pick("workspace.subscriptionId", SUBSCRIPTION).await?;
    window.pick("workspace", &workspace).await?;
    window.pick("compute", compute).await
}

/// Adds a version from the page of an endpoint, with a share of its traffic.
pub async fn further_version(window: &Window, endpoint: &str, version: &str, share: u32) -> Outcome {
    open_endpoint(window, endpoint).await?;
    window.click("add-version").await?;
    window.find("step-body-where").await?;
    window.fill("field-version", version).await?;
    window.fill_number("field-traffic", share).await
}

/// Goes from the first step to the review, and starts the run.
pub async fn deploy(window: &Window, files: &LocalFiles) -> Outcome {
    fill_in(window, files).await?;
    walk::next(window, "deploy-size", "review").await?;
    walk::review(window).await?;
    window.click("start-run").await?;
    window.find("run-page").await?;
    Ok(())
}

/// Goes from the first step to the size, for two replicas.
pub async fn fill_in(window: &Window, files: &LocalFiles) -> Outcome {
    walk::next(window, "deploy-where", "model").await?;
    window.click("choice-models-local").await?;
    window.fill("field-models.path", &files.path("linear")).await?;
    walk::next(window, "deploy-model", "code").await?;
    window.fill("field-serving.folder", &files.path("code")).await?;
    window.find("code-files").await?;
    window.click("choice-serving.environment-curated").await?;
    window
        .pick("serving.environment.name", "AzureML-sklearn-1.5")
        .await?;
    window.fill("field-sample", &files.sample()).await?;
    walk::next(window, "deploy-code", "size").await?;
    window.fill_number("field-scale.replicas", 2).await
}

/// Waits for the end of the run.
pub async fn expect_end(window: &Window, wanted: &str) -> Outcome {
    let end = ["succeeded", "failed", "cancelled"];
    let state = window
        .wait_attribute("run-state", "data-state", &end, RUN)
        .await?;
    window.shot(&format!("deploy-{wanted}")).await?;
    if state == wanted {
        return Ok(());
    }
    Err(format!("the run is {state}. The page says:\n{}", window.text().await).into())
}

/// Opens the page of an endpoint from the list.
pub async fn open_endpoint(window: &Window, name: &str) -> Outcome {
    window.click("nav-endpoints").await?;
    window
        .wait_attribute("endpoints-page", "aria-busy", &["false"], SOON)
        .await?;
    window.click(&format!("open-endpoint-{name}")).await?;
    window.find("facts").await?;
    Ok(())
}

/// Calls an endpoint or one of its versions with the example request, and returns the body of the answer.
pub async fn call(window: &Window) -> Outcome<String> {
    window.click("send").await?;
    window
        .wait_text("answer-body", SOON, |text| !text.is_empty())
        .await
}
