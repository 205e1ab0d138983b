//! The classic route: each file goes to an address of its own, and code as one archive.

use crate::azure::{Azure, MIB, hashed, noise, write};
use berth_arm::resources::assets::artifacts::{Artifact, artifact_service, create_artifacts};
use berth_upload::{Content, Kind, ListError, UploadError, upload_artifacts};
use flate2::read::GzDecoder;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

async fn slots(azure: &Azure, container: &str, content: &Content) -> Vec<Artifact> {
    let service = artifact_service(&azure.arm, &azure.workspace, None)
        .await
        .unwrap();
    let paths = content.artifact_paths();
    create_artifacts(&service, &azure.workspace, container, &paths)
        .await
        .unwrap()
}

fn addresses(artifacts: &[Artifact]) -> Vec<SecretString> {
    artifacts
        .iter()
        .map(|artifact| artifact.address.clone())
        .collect()
}

fn unpacked(at: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = tar::Archive::new(GzDecoder::new(std::fs::File::open(at).unwrap()));
    let mut files = BTreeMap::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_str().unwrap().to_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        files.insert(path, content);
    }
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn more_artifacts_than_one_request_creates_arrive_at_their_addresses() {
    let azure = Azure::start().await;
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("model");
    let large = noise(5 * MIB);
    write(&source, &[("large.bin", &large), ("ü/empty", b"")]);
    for number in 0..60 {
        write(
            &source,
            &[(&format!("{number}.txt"), number.to_string().as_bytes())],
        );
    }
    let content = hashed(&source, Kind::Model).await;
    let artifacts = slots(&azure, "c1", &content).await;
    assert_eq!(artifacts.len(), 62);
    assert!(
        artifacts
            .iter()
            .any(|one| one.id == "LocalUpload/c1/model/ü/empty")
    );
    let cloud = azure.arm.cloud();
    upload_artifacts(&content, cloud, &addresses(&artifacts), &|_| {})
        .await
        .unwrap();
    // Once more: all are there.
    let seen = std::sync::Mutex::new(Vec::new());
    let watch = |progress: berth_upload::Progress| seen.lock().unwrap().push(progress);
    upload_artifacts(&content, cloud, &addresses(&artifacts), &watch)
        .await
        .unwrap();
    let last = *seen.into_inner().unwrap().last().unwrap();
    assert_eq!(
        (last.files_done, last.bytes_done),
        (62, content.listing().bytes())
    );

    let mut elsewhere = addresses(&artifacts);
    elsewhere[61] = "https://sta1.blob.core.windows.net/c/a?sig=x".to_owned().into();
    let error = upload_artifacts(&content, cloud, &elsewhere, &|_| {})
        .await
        .unwrap_err();
    assert!(matches!(error, UploadError::Elsewhere { .. }), "{error:?}");
    let mut unsigned = addresses(&artifacts);
    unsigned[0] = secrecy::ExposeSecret::expose_secret(&unsigned[0])
        .replace("sig=", "sig=A")
        .into();
    let error = upload_artifacts(&content, cloud, &unsigned, &|_| {})
        .await
        .unwrap_err();
    assert!(error.needs_fresh_container(), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn code_is_packed_without_what_is_ignored_and_uploaded_as_one_file() {
    let azure = Azure::start().await;
    let folder = tempfile::tempdir().unwrap();
    let (source, archive) = (folder.path().join("src"), folder.path().join("code.tar.gz"));
    let long = format!("{}/x.py", ["a_long_name_of_a_folder"; 8].join("/"));
    write(
        &source,
        &[
            (".amlignore", b"*.pyc"),
            ("a.pyc", b"x"),
            ("score.py", b"code"),
            (&long, b"1"),
            ("ü", b""),
        ],
    );
    let content = hashed(&source, Kind::Code).await;
    content.pack("code", &archive).await.unwrap();
    let files = unpacked(&archive);
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    let long = format!("code/{long}");
    assert_eq!(paths, ["code/.amlignore", &long, "code/score.py", "code/ü"]);
    assert_eq!(files["code/score.py"], b"code");
    let first = std::fs::read(&archive).unwrap();
    content.pack("code", &archive).await.unwrap();
    assert_eq!(
        std::fs::read(&archive).unwrap(),
        first,
        "the same files give the same bytes"
    );

    let packed = hashed(&archive, Kind::Model).await;
    let artifacts = slots(&azure, "c2", &packed).await;
    assert_eq!(artifacts[0].id, "LocalUpload/c2/code.tar.gz");
    upload_artifacts(&packed, azure.arm.cloud(), &addresses(&artifacts), &|_| {})
        .await
        .unwrap();

    write(&source, &[("score.py", b"edoc")]);
    let error = content.pack("code", &archive).await.unwrap_err();
    assert!(
        matches!(&error, ListError::Changed { path } if path == "score.py"),
        "{error}"
    );
}
