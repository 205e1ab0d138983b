//! A hostile or broken server causes an error, and soon; nothing worse.
#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]
#![allow(dead_code, unreachable_pub, reason = "the server is shared with other crates")]

mod clusters;
mod endpoints;
mod identity;
mod lists;
#[path = "../../../http/tests/http/server.rs"]
mod server;
mod tokens;
mod waits;

use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::time::{Duration as Span, OffsetDateTime};
use berth_arm::cloud::Cloud;
use berth_arm::{Arm, ArmError, ArmOptions, Credential, Outgoing};
use berth_http::{Distrust, LIST_BYTES, SMALL_BYTES};
use http::Method;
use serde_json::Value;
use server::{Reply, Server};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Held by tests with large responses that count requests or bytes: a process has room for one such response at a time.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Issues `token-1`, `token-2` and so on, each valid for an hour.
#[derive(Debug, Default)]
struct Counter(AtomicUsize);

#[async_trait::async_trait]
impl TokenCredential for Counter {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        let end = OffsetDateTime::now_utc() + Span::hours(1);
        Ok(AccessToken::new(format!("token-{number}"), end))
    }
}

fn connect(server: &Server, credential: Credential) -> Arm {
    let ca = server.ca_pem.clone().into_bytes();
    let cloud = Cloud::custom("Test", &server.url, &server.url, ca).unwrap();
    let options = ArmOptions {
        min_poll: Duration::from_millis(1),
        request_timeout: Duration::from_secs(20),
        first_retry: Duration::from_millis(1),
    };
    Arm::new(cloud, credential, options).unwrap()
}

fn arm(server: &Server) -> Arm {
    connect(server, Arc::new(Counter::default()))
}

fn put(path: &str) -> Outgoing {
    Outgoing {
        method: Method::PUT,
        path_and_query: path.to_owned(),
        body: Some(serde_json::json!({ "location": "x" })),
        client_request_id: uuid::Uuid::new_v4(),
        if_match: None,
        if_none_match: None,
    }
}

async fn get(arm: &Arm, path: &str) -> Result<Value, ArmError> {
    arm.get(path).await
}

#[tokio::test]
async fn a_redirect_is_an_error_and_is_not_followed() {
    let other = Server::start(|_| Reply::json(200, "", "{}")).await;
    for status in [300, 301, 302, 303, 304, 307, 308] {
        let location = format!("location: {}/taken?sig=signed\r\n", other.url);
        let server = Server::start(move |_| Reply::json(status, &location, r#"{"value":[]}"#)).await;
        let arm = arm(&server);
        let errors = [
            get(&arm, "/subscriptions?a=b").await.unwrap_err(),
            arm.list::<Value>("/subscriptions?a=b").await.unwrap_err(),
            arm.send(&put("/subscriptions/1?a=b")).await.unwrap_err(),
        ];
        for error in errors {
            let ArmError::Elsewhere { to, .. } = &error else {
                panic!("{status}: {error:?}");
            };
            assert_eq!(*to, other.host());
            assert!(
                !error.is_transient() && !error.chain().contains("signed"),
                "{error:?}"
            );
        }
        assert_eq!(server.requests().len(), 3, "{status} was repeated");
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn an_endless_response_is_aborted() {
    let _alone = ALONE.lock().await;
    let server = Server::start(|_| Reply::Flood).await;
    let arm = arm(&server);
    let error = get(&arm, "/subscriptions?a=b").await.unwrap_err();
    assert!(
        matches!(
            error,
            ArmError::TooLarge {
                limit: LIST_BYTES,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(!error.is_transient());
    // Socket buffers add to the limit.
    assert!(
        server.flooded() < LIST_BYTES + 16 * 1024 * 1024,
        "{}",
        server.flooded()
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_endless_secret_is_aborted_at_a_lower_limit() {
    let server = Server::start(|_| Reply::Flood).await;
    let secret = format!("{}/keyvault/a/secrets/b", server.url);
    let found = berth_arm::resources::key_vaults::get_secret(&arm(&server), &secret).await;
    let error = found.err().unwrap();
    assert!(
        matches!(
            error,
            ArmError::TooLarge {
                limit: SMALL_BYTES,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_status_counts_for_an_endless_refusal_and_for_a_write() {
    let announced = "HTTP/1.1 403 X\r\ncontent-length: 9999999999\r\n\r\n";
    let server = Server::start(move |_| Reply::Text(announced.to_owned())).await;
    let error = get(&arm(&server), "/subscriptions?a=b").await.unwrap_err();
    assert_eq!(error.status(), Some(403), "{error:?}");

    let accepted = "HTTP/1.1 202 X\r\nlocation: /operations/1\r\ncontent-length: 9999999999\r\n\r\n";
    let server = Server::start(move |_| Reply::Text(accepted.to_owned())).await;
    let sent = arm(&server).send(&put("/subscriptions/1?a=b")).await.unwrap();
    assert_eq!((sent.status, sent.body), (202, None));
    assert!(sent.bookmark.is_some());
}

#[tokio::test]
async fn a_truncated_read_is_retried_and_a_write_is_not() {
    let cut = "HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\n{\"value\":";
    let server = Server::start(move |_| Reply::Cut(cut.to_owned())).await;
    let arm = arm(&server);
    let error = get(&arm, "/subscriptions?a=b").await.unwrap_err();
    assert!(
        matches!(error, ArmError::CutOff { .. }) && error.is_transient(),
        "{error:?}"
    );
    let reads = server.requests().len();
    assert!(reads > 1);
    arm.send(&put("/subscriptions/1?a=b")).await.unwrap();
    assert_eq!(server.requests().len(), reads + 1);
}

#[tokio::test]
async fn an_error_about_malformed_json_quotes_nothing_of_it() {
    let deep = "[".repeat(200_000);
    let canary = r#"{"value":"CANARY-KEY-DATA"}"#.to_owned();
    for body in [
        deep,
        canary,
        "{}".to_owned(),
        "\u{1f}\u{8b}gzip".to_owned(),
        "<html>".to_owned(),
    ] {
        let server = Server::start(move |_| Reply::json(200, "content-encoding: gzip\r\n", &body)).await;
        let error = arm(&server)
            .list::<Value>("/subscriptions?a=b")
            .await
            .unwrap_err();
        assert!(matches!(error, ArmError::BadAnswer { .. }), "{error:?}");
        let text = format!("{error:?} {}", error.chain());
        assert!(!text.contains("CANARY"), "{text}");
    }
}

#[tokio::test]
async fn an_untrusted_server_is_reported_without_a_retry() {
    for (year, expected) in [(2035, Distrust::Certificate), (2020, Distrust::Dates)] {
        let server = Server::until(year, |_| Reply::json(200, "", "{}")).await;
        let mut trusted = Server::start(|_| Reply::json(200, "", "{}")).await;
        trusted.url.clone_from(&server.url);
        if year < 2026 {
            trusted.ca_pem.clone_from(&server.ca_pem);
        }
        for error in [
            get(&arm(&trusted), "/subscriptions?a=b").await.unwrap_err(),
            arm(&trusted)
                .send(&put("/subscriptions/1?a=b"))
                .await
                .unwrap_err(),
        ] {
            assert!(
                matches!(&error, ArmError::Untrusted { distrust, .. } if *distrust == expected),
                "{error:?}"
            );
            assert!(!error.is_transient());
        }
        assert_eq!(server.connections(), 2, "it was retried");
        assert!(server.requests().is_empty());
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_path_that_would_be_normalized() {
    let server = Server::start(|_| Reply::json(200, "", "{}")).await;
    let arm = arm(&server);
    for path in [
        "/a/computes/..?x=1",
        "/a/%2e%2e/b?x=1",
        "/a\\..\\b?x=1",
        "/a?b?x=1",
        "/a#b?x=1",
    ] {
        assert!(
            matches!(arm.send(&put(path)).await, Err(ArmError::BadPath { .. })),
            "{path}"
        );
        assert!(
            matches!(get(&arm, path).await, Err(ArmError::BadPath { .. })),
            "{path}"
        );
    }
    assert_eq!(server.connections(), 0);
}
