//! Code and models arrive whole, and are found again.

use crate::azure::{Azure, MIB, count, hashed, noise, send, write, writes};
use berth_arm::resources::assets::codes::find_code;
use berth_arm::resources::assets::models::{get_model, get_model_version, list_model_versions, list_models};
use berth_arm::resources::assets::stores::{BLOB_STORE, StoreSecret, store_secret};
use berth_domain::bodies::assets::{code_version, model_version, store_uri};
use berth_upload::{Access, Container, Kind, Listing, Outcome, Progress, upload};
use std::collections::BTreeMap;
use std::sync::Mutex;

const HASH: &str = "a2bcd2284314aeed2267ebe582e4fd45d2ec119fa38f8aa851f960470a5bf392";

#[tokio::test(flavor = "multi_thread")]
async fn code_is_uploaded_once_and_found_by_its_hash() {
    let azure = Azure::start().await;
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("src");
    write(&source, &[(".hidden", b""), ("a.txt", b"a"), ("B/c.txt", b"bc")]);
    let content = hashed(&source, Kind::Code).await;
    assert_eq!((content.hash(), content.location().as_str()), (HASH, "src"));
    let look = async || {
        find_code(&azure.arm, &azure.workspace, "unused", HASH)
            .await
            .unwrap()
    };
    assert_eq!(look().await, None);

    let container = azure.container().await;
    let mut requests = azure.sandbox.requests();
    assert_eq!(send(&content, &container).await.unwrap(), Outcome::Uploaded);
    let sent = writes(&mut requests);
    assert_eq!(
        (count(&sent, "blob"), count(&sent, "metadata")),
        (3, 1),
        "{sent:?}"
    );
    assert_eq!(send(&content, &container).await.unwrap(), Outcome::AlreadyThere);
    assert_eq!(writes(&mut requests), Vec::<String>::new());

    let id = azure.new_code();
    let uri = format!("{}/{}", container.address(), content.location());
    assert_eq!(azure.put(&id, code_version(&uri, content.hash())).await, 201);
    assert_eq!(look().await, Some(id));
}

#[tokio::test(flavor = "multi_thread")]
async fn seventy_megabytes_and_odd_names_arrive_as_a_model() {
    let azure = Azure::start().await;
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("模型 v2");
    let large = noise(70 * MIB + 1);
    write(
        &source,
        &[
            ("weights.bin", &large),
            ("exact.bin", &large[..4 * MIB]),
            ("one more.bin", &large[..4 * MIB + 1]),
            ("data/50% + ü#?&.txt", b"x"),
            ("日本/空", b""),
        ],
    );
    let store = azure.store().await;
    let secret = store_secret(&azure.arm, &azure.workspace, BLOB_STORE)
        .await
        .unwrap();
    let Some(StoreSecret::Sas(sas)) = secret else {
        panic!("no signature")
    };
    // The account has a name below .localhost.
    assert!(store.address.contains(".blob.localhost:"), "{}", store.address);
    let container = Container::new(azure.arm.cloud(), &store.address, Access::Sas(sas)).unwrap();
    let seen = Mutex::new(Vec::<Progress>::new());
    let listing = Listing::of(&source, Kind::Model).await.unwrap();
    let content = listing.hashed(&|_| {}).await.unwrap();
    assert_eq!(
        content.location(),
        format!("LocalUpload/{}/model", content.hash())
    );
    let mut requests = azure.sandbox.requests();
    let mark = crate::azure::mark();
    let outcome = upload(&content, &container, &mark, &|progress| {
        seen.lock().unwrap().push(progress)
    })
    .await;
    assert_eq!(outcome.unwrap(), Outcome::Uploaded);
    let sent = writes(&mut requests);
    assert_eq!(
        (
            count(&sent, "block"),
            count(&sent, "blocklist"),
            count(&sent, "blob")
        ),
        (20, 2, 3)
    );

    let seen = seen.into_inner().unwrap();
    assert!(
        seen.is_sorted_by_key(|progress| progress.bytes_done),
        "it went back"
    );
    let last = seen.last().unwrap();
    assert_eq!((last.files_done, last.bytes_done), (5, last.bytes));
    assert_eq!(last.bytes, content.listing().bytes());

    let uri = store_uri(&azure.workspace, BLOB_STORE, &content.location()).unwrap();
    let model = format!("{}/models/churn", azure.workspace);
    assert_eq!(get_model(&azure.arm, &model).await.unwrap(), None);
    let body = model_version(&uri, "custom_model", &BTreeMap::new());
    assert_eq!(azure.put(&format!("{model}/versions/1"), body).await, 201);
    let found = get_model(&azure.arm, &model).await.unwrap().unwrap();
    assert_eq!(
        (found.latest.as_deref(), found.next.as_deref()),
        (Some("1"), Some("2"))
    );
    let version = get_model_version(&azure.arm, &format!("{model}/versions/1"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (version.uri, version.model_type.as_deref()),
        (Some(uri), Some("custom_model"))
    );
    assert_eq!(list_model_versions(&azure.arm, &model).await.unwrap().len(), 1);
    let models = list_models(&azure.arm, &azure.workspace).await.unwrap();
    assert!(models.iter().any(|model| model.name == "churn"));

    // What is stored is what is on disk.
    let ca = std::fs::read(&azure.sandbox.ready().ca_file).unwrap();
    let host = format!("{}.blob.localhost", store.account);
    let http = berth_http::client(berth_http::Settings {
        extra_ca_pem: Some(&ca),
        direct: true,
        timeout: std::time::Duration::from_secs(60),
        loopback: Some(&host),
    })
    .unwrap();
    let secret = store_secret(&azure.arm, &azure.workspace, BLOB_STORE)
        .await
        .unwrap();
    let Some(StoreSecret::Sas(sas)) = secret else {
        panic!("no signature")
    };
    let sas = secrecy::ExposeSecret::expose_secret(&sas).to_owned();
    for (name, expected) in [
        ("weights.bin", &large[..]),
        ("one%20more.bin", &large[..4 * MIB + 1]),
        ("data/50%25%20+%20%C3%BC%23%3F&.txt", b"x"),
    ] {
        let url = format!("{}/{}/{name}?{sas}", store.address, content.location());
        let answer = http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{name}");
        assert!(answer.bytes().await.unwrap() == expected, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn environments_are_listed_with_who_made_them() {
    use berth_arm::resources::assets::environments::{
        get_environment_version, list_environment_versions, list_environments,
    };
    let azure = Azure::start().await;
    let all = list_environments(&azure.arm, &azure.workspace).await.unwrap();
    let curated = all.iter().find(|one| one.name == "AzureML-sklearn-1.5").unwrap();
    let id = format!("{}/environments/{}", azure.workspace, curated.name);
    let version = curated.latest.as_deref().unwrap();
    let versions = list_environment_versions(&azure.arm, &id).await.unwrap();
    assert!(versions.iter().any(|one| one.version == version), "{versions:?}");
    let one = get_environment_version(&azure.arm, &format!("{id}/versions/{version}"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(one.curated, Some(true));
    let none = get_environment_version(&azure.arm, &format!("{id}/versions/0"))
        .await
        .unwrap();
    assert_eq!(none, None);
}
