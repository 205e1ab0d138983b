//! Resuming a deployment that failed: it goes on with the files that it uploaded, and says so.

use super::Deploying;
use crate::command_line::berth;
use serde_json::Value;

#[tokio::test(flavor = "multi_thread")]
async fn a_resumed_run_says_that_it_uses_what_it_uploaded() {
    let deploying = Deploying::new("deploy-resumed").await;
    let folder = deploying.world.folder.path();
    let (home, ready) = (
        folder.join("cli"),
        folder.join("ready.json").display().to_string(),
    );
    deploying.write(
        "src/score.py",
        "def init():\n    raise ValueError('no weights')\n\ndef run(raw):\n    return raw\n",
    );
    let spec = deploying.file("version.json");
    std::fs::write(&spec, serde_json::to_vec(&deploying.blue()).unwrap()).unwrap();
    let spec = spec.display().to_string();
    let failed = berth(&home, &["deploy", &spec, "--sandbox", &ready]);
    let printed = String::from_utf8_lossy(&failed.stdout).into_owned();
    assert_eq!(failed.status.code(), Some(1), "{failed:?}");
    assert!(
        printed.contains("Deploy again instead of resuming this run"),
        "{printed}"
    );
    assert!(!printed.contains("Change your choices"), "{printed}");

    let runs = berth(&home, &["runs", "--sandbox", &ready, "--json"]);
    let runs: Value = serde_json::from_slice(&runs.stdout).unwrap();
    let run = runs[0]["id"].as_str().unwrap().to_owned();
    deploying.write("src/score.py", super::SCRIPT);
    let resumed = berth(&home, &["runs", "resume", &run, "--sandbox", &ready]);
    let said = String::from_utf8_lossy(&resumed.stderr).into_owned();
    let code = deploying.path("src");
    assert!(
        said.contains(&format!("{code} has changed since this run uploaded it.")),
        "{said}"
    );
    let model = deploying.path("model");
    assert!(
        said.contains(&format!("The run uses {model} as it uploaded it.")),
        "{said}"
    );
}
