//! Treats every answer of a cluster as untrusted data: limited, and never quoted where it could be secret.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    unreachable_pub,
    missing_docs,
    reason = "tests report by panicking, and nobody reads their items from outside"
)]

mod front_end_logs;
mod server;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_cluster::{ClusterError, LookScope, SecretRef};
use berth_domain::cluster_object::{ClusterObject, ObjectKind};
use serde_json::{Value, json};
use server::{Server, absent, connect, flood, inside, ok, text};
use std::io::Write;
use std::sync::{Arc, Mutex};

/// Placed wherever a secret could be.
const MARKER: &str = "CANARY9f3k";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn listening() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let to = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || to.clone())
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

fn everything(error: &ClusterError) -> String {
    format!("{error} {error:?} {}", error.chain())
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let server = Server::answering(|_| flood("{\"items\":[")).await;
    let inside = server.inside();
    let list = inside.nodes().await.unwrap_err();
    assert!(
        matches!(list, ClusterError::TooLarge { most, .. } if most == 64 * 1024 * 1024),
        "{list:?}"
    );
    let secret = inside.front_end_certificate("default", "azuremlfessl").await;
    let secret = secret.unwrap_err();
    assert!(
        matches!(secret, ClusterError::TooLarge { most, .. } if most == 1024 * 1024),
        "{secret:?}"
    );
    assert!(!list.is_transient() && !secret.is_transient());
}

#[tokio::test]
async fn an_endless_refusal_is_cut_off() {
    let server = Server::answering(|_| {
        let mut response = flood("{\"message\":\"");
        *response.status_mut() = http::StatusCode::FORBIDDEN;
        response
    })
    .await;
    let error = server.inside().nodes().await.unwrap_err();
    assert!(
        matches!(error, ClusterError::Refused { status: 403, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn pages_are_joined_and_endless_lists_refused() {
    let page = |names: &[&str], next: Option<&str>| {
        let items: Vec<Value> = names
            .iter()
            .map(|name| json!({ "metadata": { "name": name } }))
            .collect();
        ok(
            &json!({ "kind": "NamespaceList", "metadata": { "continue": next.unwrap_or_default() }, "items": items }),
        )
    };
    let server = Server::answering(move |path| {
        if path.contains("continue=two") {
            page(&["c"], None)
        } else {
            page(&["a", "b"], Some("two"))
        }
    })
    .await;
    assert_eq!(server.inside().namespaces().await.unwrap(), ["a", "b", "c"]);
    assert!(server.seen()[0].contains("limit=500"), "{:?}", server.seen());

    let same = Server::answering(move |_| page(&["a"], Some("again"))).await;
    let error = same.inside().namespaces().await.unwrap_err();
    assert!(matches!(error, ClusterError::Endless { .. }), "{error:?}");
    assert_eq!(same.seen().len(), 2);

    let count = Mutex::new(0);
    let always_new = Server::answering(move |_| {
        let mut count = count.lock().unwrap();
        *count += 1;
        page(&["a"], Some(&format!("mark-{count}")))
    })
    .await;
    let error = always_new.inside().namespaces().await.unwrap_err();
    assert!(matches!(error, ClusterError::Endless { .. }), "{error:?}");
    assert_eq!(always_new.seen().len(), 100);
}

#[tokio::test]
async fn a_small_answer_with_too_many_values_is_refused() {
    let dense = [
        format!("{{\"items\":[{}{{}}]}}", "{},".repeat(200_000)),
        format!("{{\"items\":[{}{{}}]}}", "{},".repeat(600_000)),
        format!(
            "{{\"items\":[{{\"spec\":{{\"containers\":[{}{{}}]}}}}]}}",
            "{},".repeat(50_000)
        ),
    ];
    for body in dense {
        let sent = body.clone();
        let server = Server::answering(move |_| text(200, sent.clone())).await;
        let inside = server.inside();
        let errors = [
            inside.nodes().await.unwrap_err(),
            inside.front_end("default").await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error, ClusterError::TooManyValues { .. }), "{error:?}");
            assert!(!error.is_transient());
        }
    }
}

#[tokio::test]
async fn an_invalid_answer_is_never_quoted() {
    let odd = [
        json!({ "metadata": { "creationTimestamp": MARKER }, "data": { "key.pem": MARKER } }).to_string(),
        json!({ "data": MARKER }).to_string(),
        json!({ "items": MARKER, "metadata": MARKER, "data": { "cert.pem": [MARKER] } }).to_string(),
        json!({ "items": [{ "metadata": { "name": [MARKER] } }], "spec": MARKER, "data": [MARKER] })
            .to_string(),
        format!("{{\"data\":{{\"cert.pem\":\"{MARKER}\",\"key.pem\":\"{MARKER}"),
        format!("{MARKER}{{"),
    ];
    for body in odd {
        let (log, guard) = listening();
        let sent = body.clone();
        let server = Server::answering(move |_| text(200, sent.clone())).await;
        let inside = server.inside();
        let mut said = String::new();
        let errors = [
            inside.nodes().await.err(),
            inside.namespaces().await.err(),
            inside.front_end("default").await.err(),
            inside.health_check().await.err(),
            inside.front_end_certificate("default", "tls").await.err(),
            inside.front_end_pair("default", "tls").await.err(),
        ];
        for error in errors.iter().flatten() {
            assert!(matches!(error, ClusterError::BadAnswer { .. }), "{error:?}");
            said.push_str(&everything(error));
        }
        assert!(!said.is_empty(), "nothing stumbled over {body}");
        drop(guard);
        let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
        assert!(!said.contains(MARKER), "{said}");
        assert!(!log.contains(MARKER), "{log}");
    }
}

#[tokio::test]
async fn the_message_of_a_refusal_is_scrubbed() {
    let server = Server::answering(|_| {
        text(
            403,
            json!({ "kind": "Status", "reason": "Forbidden", "message": format!("nodes is forbidden: token={MARKER}") })
                .to_string(),
        )
    })
    .await;
    let error = server.inside().nodes().await.unwrap_err();
    let said = everything(&error);
    assert!(said.contains("Forbidden: nodes is forbidden"), "{said}");
    assert!(!said.contains(MARKER), "{said}");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn redirects_to_another_host_are_not_followed() {
    let other = Server::answering(|_| ok(&json!({ "items": [] }))).await;
    let target = format!("{}/api/v1/nodes", other.address);
    let server = Server::answering(move |_| {
        let mut response = text(307, "");
        response.headers_mut().insert("location", target.parse().unwrap());
        response
    })
    .await;
    let error = server.inside().nodes().await.unwrap_err();
    assert!(
        matches!(error, ClusterError::Refused { status: 307, .. }),
        "{error:?}"
    );
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn an_untrusted_server_is_reported() {
    let (right, wrong) = tokio::join!(
        Server::answering(|_| ok(&json!({ "items": [] }))),
        Server::answering(|_| ok(&json!({ "items": [] })))
    );
    let mut kubeconfig = right.kubeconfig();
    kubeconfig["clusters"][0]["cluster"]["server"] = json!(wrong.address);
    let error = inside(&kubeconfig).nodes().await.unwrap_err();
    assert!(matches!(error, ClusterError::Untrusted { .. }), "{error:?}");
    assert!(!error.is_transient());
    assert!(wrong.seen().is_empty(), "the token stayed here");
}

#[tokio::test]
async fn invalid_certificates_are_reported_without_quoting_them() {
    let server = Server::answering(|_| ok(&json!({}))).await;
    let pem = |kind: &str| {
        let inner = STANDARD.encode(format!("{MARKER}{MARKER}"));
        STANDARD.encode(format!("-----BEGIN {kind}-----\n{inner}\n-----END {kind}-----\n"))
    };
    let mut authority = server.kubeconfig();
    authority["clusters"][0]["cluster"]["certificate-authority-data"] = json!(pem("CERTIFICATE"));
    let mut pair = server.kubeconfig();
    pair["users"][0]["user"] =
        json!({ "client-certificate-data": pem("CERTIFICATE"), "client-key-data": pem("PRIVATE KEY") });
    for (kubeconfig, member) in [
        (authority, "certificate-authority-data"),
        (pair, "client-certificate-data"),
    ] {
        let error = connect(&kubeconfig).err().expect("it is none");
        let said = everything(&error);
        assert!(said.contains(member), "{said}");
        assert!(!said.contains(MARKER), "{said}");
    }
}

#[tokio::test]
async fn a_name_cannot_change_the_path() {
    let server = Server::answering(|_| ok(&json!({}))).await;
    let inside = server.inside();
    for name in ["..", "a/../b", "x?y", "x#y", "x%2fy", "", "A", "a b", "x\n"] {
        for error in [
            inside.front_end(name).await.err(),
            inside.front_end_certificate(name, "tls").await.err(),
            inside.ensure_namespace(name).await.err(),
        ] {
            assert!(
                matches!(error, Some(ClusterError::Name { .. })),
                "{name:?}: {error:?}"
            );
        }
        let objects = [ClusterObject::in_default(ObjectKind::Secret, name)];
        assert!(inside.remove_leftovers(&objects).await.is_err(), "{name:?}");
    }
    assert!(server.seen().is_empty(), "{:?}", server.seen());
}

fn secret() -> Value {
    json!({ "data": { "cert.pem": STANDARD.encode("certificate"), "key.pem": STANDARD.encode("key") } })
}

#[tokio::test]
async fn the_deployment_names_the_secret_and_secrets_are_never_listed() {
    let server = Server::answering(|path| match path {
        "/apis/apps/v1/namespaces/azureml/deployments/azureml-fe-v2" => ok(&json!({
            "metadata": {}, "spec": { "selector": {}, "template": { "spec": { "containers": [], "volumes": [
                { "name": "a", "configMap": { "name": "x" } },
                { "name": "b", "secret": { "secretName": "other" } },
                { "name": "c", "projected": { "sources": [{ "secret": { "name": "serving" } }] } },
            ] } } },
        })),
        "/api/v1/namespaces/azureml/secrets/other" => ok(&json!({ "data": { "x": "eA==" } })),
        "/api/v1/namespaces/azureml/secrets/serving" => ok(&secret()),
        path => absent(path),
    })
    .await;
    let inside = server.inside();
    let found = inside.front_end_certificate("azureml", "").await.unwrap();
    assert_eq!(found.as_deref(), Some("certificate"));
    let pair = inside.front_end_pair("azureml", "").await.unwrap().unwrap();
    assert_eq!(pair.certificate, "certificate");
    assert_eq!(inside.front_end_certificate("default", "").await.unwrap(), None);
    for path in server.seen() {
        let (before, _) = path.split_once('?').unwrap_or((&path, ""));
        assert!(!before.ends_with("/secrets"), "{path}");
    }
}

#[tokio::test]
async fn a_front_end_without_a_named_secret_is_reported() {
    let server = Server::answering(|path| {
        if path.ends_with("/deployments/azureml-fe") {
            ok(&json!({ "metadata": {}, "spec": { "selector": {}, "template": { "spec": { "containers": [] } } } }))
        } else {
            absent(path)
        }
    })
    .await;
    let found = server.inside().front_end_certificate("default", "").await;
    assert!(matches!(found, Err(ClusterError::NoSecretName)), "{found:?}");
}

#[tokio::test]
async fn logs_are_limited() {
    let server = Server::answering(|path| {
        if path.contains("/log?") {
            return flood("x");
        }
        if path.starts_with("/api/v1/namespaces/default/pods") {
            let state = json!({ "waiting": { "reason": "CrashLoopBackOff" } });
            let before = json!({ "terminated": { "exitCode": 1, "reason": "Error" } });
            let container = json!({ "name": "c", "image": "i", "imageID": "", "ready": false, "restartCount": 3, "state": state, "lastState": before });
            let pod = json!({ "metadata": { "name": "p", "namespace": "default" }, "status": { "phase": "Running", "containerStatuses": [container] } });
            return ok(&json!({ "items": [pod] }));
        }
        ok(&json!({ "items": [] }))
    })
    .await;
    let scope = LookScope {
        namespaces: vec!["default".to_owned()],
        secrets: vec![SecretRef {
            namespace: "default".to_owned(),
            name: "tls".to_owned(),
        }],
    };
    let look = server.inside().look(&scope).await.unwrap();
    assert_eq!(look.inside.pods.known().map(Vec::len), Some(1));
    let why = look.inside.logs.why_unknown();
    let why = why.unwrap_or_else(|| panic!("{look:#?} {:?}", server.seen()));
    assert!(why.contains("larger than 16384 bytes"), "{why}");
    let asked: Vec<String> = server
        .seen()
        .into_iter()
        .filter(|path| path.contains("/log?"))
        .collect();
    assert!(
        asked[0].contains("limitBytes=16384") && asked[0].contains("tailLines=20"),
        "{asked:?}"
    );
}
