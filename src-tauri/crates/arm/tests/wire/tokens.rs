//! Which hosts receive a token, and how callers share a token request.

use super::{Counter, arm, connect, get};
use crate::server::{Reply, Server};
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use berth_arm::ArmError;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Semaphore;

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let server =
        Server::start(|_| Reply::json(401, "", r#"{"error":{"code":"ExpiredAuthenticationToken"}}"#)).await;
    let error = get(&arm(&server), "/subscriptions?a=b").await.unwrap_err();
    assert_eq!(error.status(), Some(401));
    assert!(!error.is_transient());
    let requests = server.requests();
    assert_eq!(requests.len(), 2, "{requests:?}");
    assert!(requests[0].contains("Bearer token-1") && requests[1].contains("Bearer token-2"));
}

#[tokio::test]
async fn data_planes_of_a_custom_cloud_are_limited_to_its_host() {
    let server = Server::start(|_| Reply::json(200, "", "{}")).await;
    let other = Server::start(|_| Reply::json(200, "", "{}")).await;
    let arm = arm(&server);
    assert!(arm.plane(&format!("{}/discovery", server.url), "/w").is_ok());
    assert!(arm.key_vault(&format!("{}/keyvault/a/", server.url)).is_ok());
    for address in [
        other.url.as_str(),
        "https://westeurope.api.azureml.ms/discovery",
        "https://contoso.vault.azure.net/",
        "https://localhost/",
        "not an address",
    ] {
        assert!(arm.plane(address, "/w").is_err(), "{address}");
        assert!(arm.key_vault(address).is_err(), "{address}");
    }
}

#[tokio::test]
async fn a_malformed_plane_url_is_an_error_of_its_response() {
    let server = Server::start(|_| Reply::json(200, "", "{}")).await;
    let arm = arm(&server);
    let here = |rest: &str| format!("{}{rest}", server.url);
    for address in [
        String::new(),
        "not an address".to_owned(),
        "/discovery".to_owned(),
        "https://[".to_owned(),
        here("/a/../b"),
        here("/a#b"),
        here("/a%2fb"),
    ] {
        let error = arm.plane(&address, "/workspaces/w?a=b").err().unwrap();
        assert!(
            matches!(&error, ArmError::BadAnswer { path, .. } if path == "/workspaces/w"),
            "{address}: {error:?}"
        );
    }
    let error = arm
        .plane("https://evil.example/discovery", "/workspaces/w")
        .err()
        .unwrap();
    assert!(
        matches!(&error, ArmError::Elsewhere { to, .. } if to == "evil.example"),
        "{error:?}"
    );
    assert!(server.requests().is_empty());
}

/// Waits for a permit before it issues a token; counts requests and cancelled requests.
#[derive(Debug)]
struct Slow {
    gate: Semaphore,
    counter: Counter,
    requested: AtomicUsize,
    cancelled: AtomicUsize,
}

struct CountIfCancelled<'a>(&'a AtomicUsize, bool);

impl Drop for CountIfCancelled<'_> {
    fn drop(&mut self) {
        if !self.1 {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[async_trait::async_trait]
impl TokenCredential for Slow {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.requested.fetch_add(1, Ordering::SeqCst);
        let mut cancelled = CountIfCancelled(&self.cancelled, false);
        self.gate.acquire().await.unwrap().forget();
        cancelled.1 = true;
        self.counter.get_token(scopes, options).await
    }
}

fn slow() -> Arc<Slow> {
    Arc::new(Slow {
        gate: Semaphore::new(0),
        counter: Counter::default(),
        requested: AtomicUsize::new(0),
        cancelled: AtomicUsize::new(0),
    })
}

#[tokio::test]
async fn concurrent_callers_share_one_token_request_even_if_one_gives_up() {
    let server = Server::start(|_| Reply::json(200, "", "{}")).await;
    let credential = slow();
    let arm = connect(&server, credential.clone());
    let mut leaves = Box::pin(get(&arm, "/a?b=c"));
    assert!(futures::poll!(&mut leaves).is_pending());
    let (mut first, mut second) = (Box::pin(get(&arm, "/a?b=c")), Box::pin(get(&arm, "/a?b=c")));
    assert!(futures::poll!(&mut first).is_pending() && futures::poll!(&mut second).is_pending());
    drop(leaves);
    credential.gate.add_permits(1);
    let (first, second) = tokio::join!(first, second);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(credential.requested.load(Ordering::SeqCst), 1);
    let requests = server.requests();
    assert!(
        requests.iter().all(|request| request.contains("Bearer token-1")),
        "{requests:?}"
    );
}

#[tokio::test]
async fn a_token_request_is_cancelled_when_the_last_caller_gives_up() {
    let server = Server::start(|_| Reply::json(200, "", "{}")).await;
    let credential = slow();
    let arm = connect(&server, credential.clone());
    let mut waits = Box::pin(get(&arm, "/a?b=c"));
    assert!(futures::poll!(&mut waits).is_pending());
    drop(waits);
    assert_eq!(credential.cancelled.load(Ordering::SeqCst), 1);
    credential.gate.add_permits(1);
    assert!(
        get(&arm, "/a?b=c").await.is_ok(),
        "the next call starts a new request"
    );
    assert_eq!(credential.requested.load(Ordering::SeqCst), 2);
}

#[derive(Debug)]
struct Refuses(AtomicUsize);

#[async_trait::async_trait]
impl TokenCredential for Refuses {
    async fn get_token(
        &self,
        _: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.0.fetch_add(1, Ordering::SeqCst);
        let kind = azure_core::error::ErrorKind::Credential;
        Err(azure_core::Error::with_message(
            kind,
            "AADSTS7000215: Invalid client secret",
        ))
    }
}

#[tokio::test]
async fn a_refused_sign_in_is_reported_at_once_and_not_cached() {
    let server = Server::start(|_| Reply::json(200, "", "{}")).await;
    let credential = Arc::new(Refuses(AtomicUsize::new(0)));
    let arm = connect(&server, credential.clone());
    for requests in 1..=2 {
        let error = get(&arm, "/a?b=c").await.unwrap_err();
        assert!(matches!(error, ArmError::NoToken { .. }) && error.chain().contains("AADSTS7000215"));
        assert_eq!(credential.0.load(Ordering::SeqCst), requests);
    }
    assert_eq!(server.connections(), 0);
}
