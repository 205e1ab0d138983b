//! Uploads as the official clients make them: whole blobs, blocks, resuming, lists, metadata.

use crate::common::{Az, fast};
use crate::container::{Container, block_id, escaped, told};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use berth_sandbox::{Options, Sandbox, StateKey};
use md5::{Digest as _, Md5};
use reqwest::Method;

const MIB: usize = 1 << 20;

#[tokio::test]
async fn a_file_is_uploaded_as_the_sdk_does_it() {
    let az = Az::start().await;
    let container = Container::for_code(&az).await;
    let other = Container::for_code(&az).await;
    assert_ne!(
        container.address, other.address,
        "each call gets a container of its own"
    );
    let missing = container.head("/src/score.py").await.expect(404);
    assert_eq!((missing.code(), missing.body.len()), ("BlobNotFound", 0));
    let body = b"def init():\n  pass\n".to_vec();
    let put = || {
        container
            .put("/src/score.py", body.clone())
            .header("if-none-match", "*")
            .header("content-md5", STANDARD.encode(Md5::digest(&body)))
    };
    let written = told(put()).await.expect(201);
    assert!(written.header("etag").starts_with("\"0x"), "{written:?}");
    assert_eq!(written.header("x-ms-version"), "2026-10-06");
    assert_eq!(told(put()).await.expect(409).code(), "BlobAlreadyExists");
    let mark = container
        .ask(Method::PUT, "/src/score.py", "comp=metadata&")
        .header("x-ms-meta-upload_status", "completed")
        .header("x-ms-meta-name", "n");
    told(mark).await.expect(200);
    let head = container.head("/src/score.py").await.expect(200);
    assert_eq!(head.header("x-ms-meta-upload_status"), "completed");
    assert_eq!(head.header("content-length"), body.len().to_string());
    assert_eq!(head.header("x-ms-blob-type"), "BlockBlob");
    let whole = container.get("/src/score.py").await.expect(200);
    assert_eq!(whole.body, body);
    let part = container
        .ask(Method::GET, "/src/score.py", "")
        .header("range", "bytes=4-7");
    let part = told(part).await.expect(206);
    assert_eq!(
        (part.text().as_str(), part.header("content-range")),
        ("init", "bytes 4-7/19")
    );
    let same = container
        .ask(Method::GET, "/src/score.py", "")
        .header("if-none-match", head.header("etag"));
    told(same).await.expect(304);
}

#[tokio::test]
async fn nine_mebibytes_in_blocks_resume_after_the_uncommitted_list() {
    let az = Az::start().await;
    let container = Container::for_code(&az).await;
    let file: Vec<u8> = (0..9 * MIB).map(|at| (at % 251) as u8).collect();
    let blocks: Vec<&[u8]> = file.chunks(4 * MIB).collect();
    for (index, block) in blocks.iter().enumerate().take(2) {
        container.put_block("/model.bin", index, block).await.expect(201);
    }
    // Not committed: the blob does not exist yet.
    assert_eq!(
        container.get("/model.bin").await.expect(404).code(),
        "BlobNotFound"
    );
    let list = || {
        told(container.ask(
            Method::GET,
            "/model.bin",
            "comp=blocklist&blocklisttype=uncommitted&",
        ))
    };
    let there = list().await.expect(200).text();
    assert_eq!(there.matches("<Block>").count(), 2, "{there}");
    for (index, block) in blocks.iter().enumerate() {
        let known = format!("<Name>{}</Name><Size>{}</Size>", block_id(index), block.len());
        if !there.contains(&known) {
            container.put_block("/model.bin", index, block).await.expect(201);
        }
    }
    let wrong = container.commit("/model.bin", 0..4).await.expect(400);
    assert_eq!(wrong.code(), "InvalidBlockList");
    container.commit("/model.bin", 0..3).await.expect(201);
    assert_eq!(container.get("/model.bin").await.expect(200).body, file);
    let all = told(container.ask(Method::GET, "/model.bin", "comp=blocklist&blocklisttype=all&"));
    let all = all.await.expect(200).text();
    assert_eq!(all.matches("<Block>").count(), 3, "{all}");
    assert!(
        all.ends_with("<UncommittedBlocks></UncommittedBlocks></BlockList>"),
        "{all}"
    );
}

#[tokio::test]
async fn blobs_are_listed_in_pages_and_folders() {
    let az = Az::start().await;
    let container = Container::for_code(&az).await;
    container
        .upload(&[
            ("src/a.py", "1"),
            ("src/b/c.py", "22"),
            ("src/b/d%20e.py", ""),
            ("z.py", ""),
        ])
        .await;
    let list = async |query: &str| {
        let query = format!("restype=container&comp=list&{query}");
        told(container.ask(Method::GET, "", &query))
            .await
            .expect(200)
            .text()
    };
    let all = list("prefix=src/&").await;
    assert_eq!(all.matches("<Blob>").count(), 3, "{all}");
    assert!(all.contains("<Name>src/b/d e.py</Name>") && all.contains("<Content-Length>2</Content-Length>"));
    let folders = list("prefix=src/&delimiter=/&").await;
    assert!(
        folders.contains("<BlobPrefix><Name>src/b/</Name></BlobPrefix>"),
        "{folders}"
    );
    assert_eq!(folders.matches("<Blob>").count(), 1, "{folders}");
    let first = list("maxresults=3&").await;
    assert!(first.contains("<NextMarker>z.py</NextMarker>"), "{first}");
    assert_eq!(list("marker=z.py&").await.matches("<Blob>").count(), 1);
    let gone = told(container.ask(Method::DELETE, "/z.py", "")).await.expect(403);
    assert_eq!(gone.code(), "AuthorizationPermissionMismatch");
}

#[tokio::test]
async fn an_account_is_reached_by_a_host_of_its_own() {
    let az = Az::start().await;
    let container = Container::for_code(&az).await;
    container.upload(&[("a", "b")]).await;
    let (_, rest) = container.address.split_once("://").unwrap();
    let mut parts = rest.split('/');
    let (local, account, name) = (
        parts.next().unwrap(),
        parts.next().unwrap(),
        parts.next().unwrap(),
    );
    let port = local.rsplit_once(':').unwrap().1;
    let host = format!("{account}.blob.localhost");
    let ca = std::fs::read(&az.ready().ca_file).unwrap();
    let http = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(&ca).unwrap()])
        .no_proxy()
        .resolve(&host, format!("127.0.0.1:{port}").parse().unwrap())
        .build()
        .unwrap();
    let url = format!("https://{host}:{port}/{name}/a?{}", container.sas);
    assert_eq!(told(http.get(url)).await.expect(200).text(), "b");
}

#[tokio::test]
async fn blobs_survive_a_restart_and_are_private() {
    let folder = tempfile::tempdir().unwrap();
    let key = StateKey::generate();
    let options = || Options {
        state_dir: Some(folder.path().to_path_buf()),
        state_key: Some(key.clone()),
        ..fast()
    };
    let az = Az::with(options()).await;
    let container = Container::for_code(&az).await;
    container.upload(&[("src/score.py", "a marker")]).await;
    container.put_block("/big", 0, b"half").await.expect(201);
    let signature = container.sas.rsplit_once("sig=").unwrap().1.to_owned();
    let arm = az.ready().arm.clone();
    az.sandbox.stop().await;
    for entry in std::fs::read_dir(folder.path().join("blobs")).unwrap() {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = entry.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
    let state = std::fs::read_to_string(folder.path().join("world.json")).unwrap();
    assert!(!state.contains(&signature) && !state.contains("a marker"));
    assert!(state.contains("\"key1\":\"\""), "the keys are sealed");
    let sandbox = Sandbox::start(options()).await.unwrap();
    assert_eq!(sandbox.ready().arm, arm);
    let container = Container {
        http: crate::common::client(sandbox.ready()),
        ..container
    };
    assert_eq!(
        container.get("/src/score.py").await.expect(200).text(),
        "a marker"
    );
    container.commit("/big", 0..1).await.expect(201);
    assert_eq!(container.get("/big").await.expect(200).text(), "half");
    let escaped_id = escaped(&block_id(7));
    assert!(!escaped_id.contains('='));
}

#[tokio::test]
async fn a_snapshot_brings_contents_back() {
    let az = Az::start().await;
    let container = Container::for_code(&az).await;
    container.upload(&[("a", "before")]).await;
    let snapshot = az.sandbox.snapshot();
    container.upload(&[("a", "after")]).await;
    az.sandbox.restore(&snapshot).await.unwrap();
    assert_eq!(container.get("/a").await.expect(200).text(), "before");
}
