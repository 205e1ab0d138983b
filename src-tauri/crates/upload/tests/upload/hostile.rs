//! A server in place of Blob Storage can neither get data elsewhere nor block an upload.

use crate::azure::{hashed, send, write};
use crate::server::{Reply, Server};
use berth_arm::ArmError;
use berth_arm::cloud::Cloud;
use berth_upload::{Access, Container, Content, Kind, UploadError};

const SAS: &str = "sv=2023-11-03&sp=rcwl&sig=CANARY%3D";

fn cloud(server: &Server) -> Cloud {
    let ca = server.ca_pem.clone().into_bytes();
    Cloud::custom("Test", &server.url, &server.url, ca).unwrap()
}

fn container(server: &Server) -> Container {
    let address = format!("{}/sta1/c", server.url);
    Container::new(&cloud(server), &address, Access::Sas(SAS.to_owned().into())).unwrap()
}

async fn content() -> (tempfile::TempDir, Content) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("a.bin", &[7; 5 << 20])]);
    let content = hashed(folder.path(), Kind::Code).await;
    (folder, content)
}

/// Answers by method and query, with headers.
fn reply(status: u16, code: &str, body: &str) -> Reply {
    Reply::json(status, &format!("x-ms-error-code: {code}\r\n"), body)
}

async fn failure(server: &Server) -> UploadError {
    let (_folder, content) = content().await;
    let error = send(&content, &container(server)).await.unwrap_err();
    let shown = format!("{error:?} {error} {}", berth_domain::causes::chain(&error));
    assert!(!shown.contains("CANARY"), "{shown}");
    error
}

#[tokio::test]
async fn no_data_goes_to_another_host() {
    let other = Server::start(|_| Reply::json(200, "", "")).await;
    for status in [301, 302, 307, 308] {
        let location = format!("location: {}/taken\r\n", other.url);
        let server = Server::start(move |_| Reply::json(status, &location, "")).await;
        let error = failure(&server).await;
        let elsewhere =
            matches!(&error, UploadError::Azure(ArmError::Elsewhere { to, .. }) if *to == other.host());
        assert!(elsewhere, "{error:?}");
        assert_eq!(server.requests().len(), 1);
    }
    assert_eq!(other.connections(), 0);
    let here = Server::start(|_| Reply::json(200, "", "")).await;
    for address in [
        "https://sta1.blob.core.windows.net/c",
        "http://localhost/c",
        &format!("{}/", here.url),
        &format!("{}/c", other.url),
        "https:///c",
        "c",
    ] {
        let access = Access::Sas(SAS.to_owned().into());
        let error = Container::new(&cloud(&here), address, access).unwrap_err();
        assert!(
            matches!(error, UploadError::Elsewhere { .. }),
            "{address}: {error:?}"
        );
    }
    assert_eq!(here.connections() + other.connections(), 0);
}

#[tokio::test]
async fn another_content_under_the_same_name_is_an_error() {
    let there = |request: &str| match request.split(' ').next() {
        Some("HEAD") => Reply::Text("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n".to_owned()),
        _ => reply(409, "BlobAlreadyExists", ""),
    };
    let server = Server::start(there).await;
    let error = failure(&server).await;
    assert!(
        matches!(&error, UploadError::Different { path } if path == "a.bin"),
        "{error:?}"
    );
}

#[tokio::test]
async fn odd_lists_of_blocks_are_errors() {
    for list in [
        "",
        "{}",
        "<BlockList><UncommittedBlocks><Block><Name>AA",
        "<BlockList><UncommittedBlocks><Block><Name>*</Name><Size>x</Size></Block></UncommittedBlocks></BlockList>",
    ] {
        let server = Server::start(move |request| match request.split(' ').next() {
            Some("HEAD") => reply(404, "BlobNotFound", ""),
            Some("GET") => Reply::json(200, "", list),
            _ => reply(400, "InvalidInput", ""),
        })
        .await;
        failure(&server).await;
    }
}

#[tokio::test]
async fn an_endless_answer_is_dropped() {
    let server = Server::start(|request| match request.split(' ').next() {
        Some("HEAD") => reply(404, "BlobNotFound", ""),
        _ => Reply::Flood,
    })
    .await;
    let error = failure(&server).await;
    assert!(
        matches!(error, UploadError::Azure(ArmError::TooLarge { .. })),
        "{error:?}"
    );
    assert_eq!(
        server
            .requests()
            .iter()
            .filter(|text| text.starts_with("GET"))
            .count(),
        1
    );
}

#[tokio::test]
async fn an_echoed_signature_is_not_shown() {
    let echo = |request: &str| {
        let line = request.lines().next().unwrap_or_default().replace('&', "&amp;");
        let body = format!("<?xml version=\"1.0\"?><Error><Code>X</Code><Message>{line}</Message></Error>");
        reply(400, "InvalidQueryParameterValue", &body)
    };
    let server = Server::start(echo).await;
    let error = failure(&server).await;
    assert!(
        matches!(&error, UploadError::Azure(ArmError::Refused { status: 400, .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_trusted_gets_nothing() {
    let server = Server::until(2020, |_| Reply::json(200, "", "")).await;
    let error = failure(&server).await;
    assert!(
        matches!(error, UploadError::Azure(ArmError::Untrusted { .. })),
        "{error:?}"
    );
    assert_eq!((server.requests().len(), server.connections()), (0, 1));
}
