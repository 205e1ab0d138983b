//! Logs of the scoring front end: read from the cluster on both routes, without secrets; unknown where they cannot be read.

use super::*;
use berth_contract::model::{FrontEndLogQuestion, FrontEndLogs};

fn question(id: &str, lines: u32) -> FrontEndLogQuestion {
    FrontEndLogQuestion {
        account: RUNNING_SANDBOX.to_owned(),
        endpoint_id: id.to_owned(),
        lines,
    }
}

impl Serving {
    async fn front_end(&self, id: &str) -> FrontEndLogs {
        let question = question(id, 50);
        self.world().berth.read_front_end_logs(&question).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_of_the_front_end_is_read_on_both_routes() {
    let serving = Serving::new("front-end-logs").await;
    for (id, namespace) in [
        (serving.online("scores"), "azureml/"),
        (serving.service("churn"), "default/"),
    ] {
        let found = serving.front_end(&id).await;
        assert!(found.unread.is_none() && !found.logs.is_empty(), "{found:#?}");
        for log in &found.logs {
            assert!(
                log.pod.starts_with(&format!("{namespace}azureml-fe")),
                "{found:#?}"
            );
            assert!(log.lines.iter().any(|line| line.ends_with("ready")), "{found:#?}");
        }
    }
    let scores = serving.online("scores");
    let last = question(&scores, 1);
    let last = serving.world().berth.read_front_end_logs(&last).await.unwrap();
    assert!(
        last.logs.iter().all(|log| log.lines.len() == 1 && log.cut),
        "{last:#?}"
    );
    let (stdout, _) = serving.text(&["logs", &scores, "--front-end", "--search", "READY"], 0);
    assert!(
        stdout
            .lines()
            .all(|line| line.starts_with("azureml/azureml-fe") && line.ends_with("ready"))
            && !stdout.is_empty(),
        "{stdout}"
    );
    let printed: FrontEndLogs = serving.json(&["logs", &scores, "--front-end", "--search", "nothing"]);
    assert!(
        printed.logs.iter().all(|log| log.lines.is_empty()),
        "{printed:#?}"
    );
    serving.text(&["logs", &scores, "--front-end", "--version", "blue"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_be_read_is_unknown() {
    let serving = Serving::new("front-end-logs-odd").await;
    let scores = serving.online("scores");
    for (id, lines, code) in [
        (&scores, 0, FailureCode::BadInput),
        (&scores, 5001, FailureCode::BadInput),
        (&serving.online("nothing"), 10, FailureCode::NotFound),
        (&serving.fleet.workspace(ONLINE.0), 10, FailureCode::BadInput),
    ] {
        let asked = question(id, lines);
        let failure = serving
            .world()
            .berth
            .read_front_end_logs(&asked)
            .await
            .unwrap_err();
        assert_eq!(failure.code, code, "{id} {lines}: {failure:?}");
    }
    let refuse = |method: &str, path: &str| json!({ "match": { "method": method, "path": path }, "do": { "status": 403 }, "times": 99 });
    serving.world().fault(refuse("GET", "*/pods/*/log?*")).await;
    let found = serving.front_end(&scores).await;
    assert!(found.unread.is_none() && !found.logs.is_empty(), "{found:#?}");
    assert!(
        found
            .logs
            .iter()
            .all(|log| log.unread.is_some() && log.lines.is_empty()),
        "{found:#?}"
    );
    for path in ["*/listClusterAdminCredential?*", "*/listClusterUserCredential?*"] {
        serving.world().fault(refuse("POST", path)).await;
    }
    let found = serving.front_end(&scores).await;
    assert!(found.unread.is_some() && found.logs.is_empty(), "{found:#?}");
    let (_, stderr) = serving.text(&["logs", &scores, "--front-end"], 1);
    assert!(stderr.contains("Not read: front end: "), "{stderr}");
}
