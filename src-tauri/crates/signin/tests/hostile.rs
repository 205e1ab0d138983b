//! A server or program in place of Entra ID or the Azure CLI can neither keep a secret nor block Berth.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]
#![allow(dead_code, unreachable_pub, reason = "the server is shared with other crates")]

#[path = "../../http/tests/http/server.rs"]
mod server;

use berth_arm::cloud::Cloud;
use berth_arm::{ArmError, Credential, CredentialTimedOut};
use berth_http::{Distrust, distrust};
use berth_signin::AzureCli;
use server::{Reply, Server};
use std::error::Error;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

const TENANT: &str = "11111111-2222-3333-4444-555555555555";
const SECRET: &str = "CANARY-CLIENT-SECRET";
const SCOPE: &str = "https://management.azure.com/.default";

fn credential(server: &Server) -> Credential {
    let ca = server.ca_pem.clone().into_bytes();
    let cloud = Cloud::custom("Test", &server.url, &server.url, ca).unwrap();
    berth_signin::client_secret(&cloud, TENANT, "client", SECRET.into()).unwrap()
}

async fn refusal(credential: &Credential) -> azure_core::Error {
    credential.get_token(&[SCOPE], None).await.unwrap_err()
}

fn cause<T: Error + 'static>(error: &azure_core::Error) -> Option<&T> {
    let first: &(dyn Error + 'static) = error;
    std::iter::successors(Some(first), |link| (*link).source()).find_map(|link| link.downcast_ref())
}

#[tokio::test]
async fn a_client_secret_follows_no_redirect() {
    let other = Server::start(|_| Reply::json(200, "", "{}")).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}/taken\r\n", other.url);
        let server = Server::start(move |_| Reply::json(status, &location, "")).await;
        let error = refusal(&credential(&server)).await;
        assert!(
            matches!(cause::<ArmError>(&error), Some(ArmError::Elsewhere { to, .. }) if *to == other.host()),
            "{error:?}"
        );
        assert!(!format!("{error:?}").contains(SECRET));
        assert_eq!(server.requests().len(), 1, "{status} was repeated");
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn an_oversized_answer_is_dropped_and_not_retried() {
    let server = Server::start(|_| Reply::Flood).await;
    let error = refusal(&credential(&server)).await;
    assert!(
        matches!(cause::<ArmError>(&error), Some(ArmError::TooLarge { .. })),
        "{error:?}"
    );
    assert!(server.flooded() < 17 * 1024 * 1024, "{}", server.flooded());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn permanent_errors_are_not_retried() {
    let refused = r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret","error_codes":[7000215]}"#;
    let server = Server::start(move |_| Reply::json(401, "", refused)).await;
    let error = refusal(&credential(&server)).await;
    assert!(error.to_string().contains("AADSTS7000215"), "{error:?}");
    assert_eq!(server.requests().len(), 1);

    for (year, expected) in [(2035, Distrust::Certificate), (2020, Distrust::Dates)] {
        let server = Server::until(year, |_| Reply::json(200, "", "{}")).await;
        let mut asked = Server::start(|_| Reply::json(200, "", "{}")).await;
        asked.url.clone_from(&server.url);
        if expected == Distrust::Dates {
            asked.ca_pem.clone_from(&server.ca_pem);
        }
        let error = refusal(&credential(&asked)).await;
        assert_eq!(distrust(&error), Some(expected), "{error:?}");
        assert_eq!(server.connections(), 1, "it was tried again");
    }

    let server = Server::start(|_| Reply::json(429, "retry-after: 4000000\r\n", "{}")).await;
    refusal(&credential(&server)).await;
    assert_eq!(server.requests().len(), 1, "it is asked again later, not now");
}

/// A script in place of the Azure CLI.
fn azure_cli(folder: &Path, script: &str, limit: Duration) -> Credential {
    let az = folder.join("az");
    std::fs::write(&az, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut path = folder.as_os_str().to_owned();
    path.push(":/usr/bin:/bin");
    let cli = AzureCli {
        limit,
        path: Some(path),
        ..AzureCli::default()
    };
    berth_signin::azure_cli(cli).unwrap()
}

#[tokio::test]
async fn a_hanging_azure_cli_is_killed_with_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let started = folder.path().join("started");
    // The hanging process is a child of the script, as Python is of the real one.
    let script = format!("sleep 1000 &\necho $! > {}\nwait", started.display());
    let credential = azure_cli(folder.path(), &script, Duration::from_secs(2));
    let error = refusal(&credential).await;
    let late = cause::<CredentialTimedOut>(&error).unwrap();
    assert_eq!((late.credential, late.seconds), ("Azure CLI", 2));
    let pid = std::fs::read_to_string(&started).unwrap();
    let status = format!("/proc/{}/stat", pid.trim());
    let ended = || match std::fs::read_to_string(&status) {
        Ok(stat) => stat.contains(") Z "),
        Err(_) => true,
    };
    while !ended() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn errors_of_the_azure_cli_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let limit = Duration::from_secs(30);
    let answer = r#"echo '{"accessToken":"t","expires_on":4000000000,"tokenType":"Bearer"}'"#;
    let token = azure_cli(folder.path(), answer, limit)
        .get_token(&[SCOPE], None)
        .await
        .unwrap();
    assert_eq!(token.token.secret(), "t");
    // It must not wait for a person who cannot see it.
    let asks = "read answer || { echo 'please run az login' >&2; exit 1; }";
    let error = refusal(&azure_cli(folder.path(), asks, limit)).await;
    assert!(error.to_string().contains("az login"), "{error:?}");
    let error = refusal(&azure_cli(folder.path(), "yes", limit)).await;
    assert!(error.to_string().contains("more than"), "{error:?}");
}
