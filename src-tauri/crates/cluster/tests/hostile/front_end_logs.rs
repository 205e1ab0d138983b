//! Logs of front ends are limited, scrubbed and read one by one.

use super::server::{Server, flood, ok, text};
use serde_json::{Value, json};

fn pod(name: &str, containers: &[&str]) -> Value {
    let running = |name: &&str| json!({ "name": name, "image": "i", "imageID": "", "ready": true, "restartCount": 0, "state": { "running": {} } });
    let containers: Vec<Value> = containers.iter().map(running).collect();
    json!({ "metadata": { "name": name, "namespace": "azureml" }, "status": { "phase": "Running", "containerStatuses": containers } })
}

fn namespaces() -> [String; 2] {
    ["azureml", "default"].map(str::to_owned)
}

#[tokio::test]
async fn each_log_has_its_own_result() {
    let server = Server::answering(|path| match path {
        _ if path.starts_with("/api/v1/namespaces/azureml/pods?") => ok(&json!({ "items": [
            pod("azureml-fe-v2-good", &["azureml-fe"]),
            pod("azureml-fe-v2-refused", &["azureml-fe"]),
            pod("azureml-fe-v2-endless", &["azureml-fe"]),
            pod("churn-blue-1", &["inference-server"]),
        ] })),
        _ if path.contains("good/log?") => text(200, "\u{1b}[2Ja\npassword=hunter2\nGET /score 200"),
        _ if path.contains("endless/log?") => flood("x"),
        _ if path.contains("/log?") => text(
            403,
            r#"{"kind":"Status","reason":"Forbidden","message":"no","details":{"name":"x"}}"#,
        ),
        _ => ok(&json!({ "items": [] })),
    })
    .await;
    let found = server.inside().front_end_logs(&namespaces(), 50).await.unwrap();
    assert_eq!((found.logs.len(), found.left_out), (3, 0), "{found:?}");
    let lines = found.logs[0].lines.as_ref().unwrap();
    assert_eq!(lines, &["\\u001b[2Ja", "password=[removed]", "GET /score 200"]);
    assert_eq!(found.logs[0].pod, "azureml/azureml-fe-v2-good");
    for (log, why) in [(1, "Forbidden"), (2, "larger than 4194304 bytes")] {
        let error = found.logs[log].lines.as_ref().unwrap_err().chain();
        assert!(error.contains(why), "{error}");
    }
    let asked = server.seen();
    assert!(
        asked.iter().any(|path| path.contains("tailLines=50")),
        "{asked:?}"
    );
    assert!(
        !asked.iter().any(|path| path.contains("churn-blue-1")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn a_few_of_many_logs_are_read() {
    let server = Server::answering(|path| {
        if path.contains("/log?") {
            return text(200, "a");
        }
        let pods: Vec<Value> = (0..5)
            .map(|at| pod(&format!("azureml-fe-v2-{at}"), &["azureml-fe", "sidecar"]))
            .collect();
        ok(&json!({ "items": if path.contains("azureml") { pods } else { Vec::new() } }))
    })
    .await;
    let found = server.inside().front_end_logs(&namespaces(), 50).await.unwrap();
    assert_eq!((found.logs.len(), found.left_out), (6, 4), "{found:?}");
}

#[tokio::test]
async fn pods_that_cannot_be_listed_are_an_error() {
    let server = Server::answering(|_| text(403, "no")).await;
    assert!(server.inside().front_end_logs(&namespaces(), 50).await.is_err());
    let odd = Server::answering(|_| {
        ok(&json!({ "items": [{ "metadata": { "name": "azureml-fe/../x" }, "status": null }] }))
    })
    .await;
    let found = odd.inside().front_end_logs(&namespaces(), 50).await.unwrap();
    assert!(found.logs.is_empty(), "{found:?}");
    assert!(
        !odd.seen().iter().any(|path| path.contains("..")),
        "{:?}",
        odd.seen()
    );
}
