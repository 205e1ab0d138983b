//! What allows an upload: signatures that hold, that ended or are too weak, keys, and accounts.

use crate::azure::{Azure, MIB, hashed, noise, refusal, send, write};
use berth_arm::resources::assets::codes::start_pending_upload;
use berth_arm::resources::assets::stores::{BLOB_STORE, StoreSecret, store_secret};
use berth_upload::{Access, Container, Content, Kind, Outcome, UploadError, sas_of_key};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use std::time::SystemTime;

async fn content(size: usize) -> (tempfile::TempDir, Content) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[("a.bin", &noise(size))]);
    let content = hashed(folder.path(), Kind::Code).await;
    (folder, content)
}

/// Nothing that is shown about an error may contain the signature.
fn assert_ended(error: &UploadError, signature: &str) {
    assert!(error.needs_fresh_container(), "{error:?}");
    let shown = format!("{error:?} {error} {}", berth_domain::causes::chain(error));
    assert!(!signature.is_empty() && !shown.contains(signature), "{shown}");
    assert!(!shown.contains("sig="), "{shown}");
}

fn signature(sas: &str) -> String {
    sas.split('&')
        .find_map(|pair| pair.strip_prefix("sig="))
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_does_not_hold_asks_for_a_fresh_container() {
    let azure = Azure::start().await;
    let (_folder, content) = content(10).await;
    let pending = start_pending_upload(&azure.arm, &azure.new_code()).await.unwrap();
    let sas = pending
        .sas_uri
        .expose_secret()
        .split_once('?')
        .unwrap()
        .1
        .to_owned();
    assert!(!format!("{pending:?}").contains("sig="));
    for (from, to) in [("sp=rcwl", "sp=racwdl"), ("sig=", "sig=A"), ("se=20", "se=30")] {
        let tampered = sas.replace(from, to);
        assert_ne!(tampered, sas);
        let access = Access::Sas(tampered.clone().into());
        let container = Container::new(azure.arm.cloud(), &pending.blob_uri, access).unwrap();
        assert!(!format!("{container:?}").contains("sig="));
        assert_ended(
            &send(&content, &container).await.unwrap_err(),
            &signature(&tampered),
        );
    }
    // That of another container.
    let other = azure.container().await;
    let access = Access::Sas(sas.clone().into());
    let foreign = Container::new(azure.arm.cloud(), other.address(), access).unwrap();
    assert_ended(&send(&content, &foreign).await.unwrap_err(), &signature(&sas));
    // A container that is gone.
    let gone = pending.sas_uri.expose_secret().replace("?", "x?");
    let gone = Container::signed(azure.arm.cloud(), &gone.into()).unwrap();
    assert_ended(&send(&content, &gone).await.unwrap_err(), &signature(&sas));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_ends_or_only_reads_asks_for_a_fresh_container() {
    let azure = Azure::start().await;
    let (_folder, content) = content(14 * MIB).await;
    let container = azure.container().await;
    let mut ends = refusal("PUT", "comp=block&", 403, "AuthorizationFailure");
    ends["skip"] = json!(2);
    azure.fault(ends);
    let error = send(&content, &container).await.unwrap_err();
    assert!(
        matches!(&error, UploadError::Ended { code, .. } if code == "AuthorizationFailure"),
        "{error:?}"
    );
    azure.sandbox.clear_faults();
    assert_eq!(
        send(&content, &azure.container().await).await.unwrap(),
        Outcome::Uploaded
    );

    let container = azure.container().await;
    azure.fault(refusal("PUT", "", 403, "AuthorizationPermissionMismatch"));
    assert!(
        send(&content, &container)
            .await
            .unwrap_err()
            .needs_fresh_container()
    );
    azure.sandbox.clear_faults();
    // A new container does not help where keys are switched off.
    azure.fault(refusal("HEAD", "", 403, "KeyBasedAuthenticationNotPermitted"));
    let error = send(&content, &container).await.unwrap_err();
    assert!(matches!(error, UploadError::Azure(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_a_signature_of_an_hour() {
    let azure = Azure::start().await;
    let (_folder, content) = content(10).await;
    let store = azure.store().await;
    let path = format!("{}/datastores/{BLOB_STORE}/listSecrets", azure.workspace);
    let found: Value = azure.arm.post(&azure.arm.path(&path), &json!({})).await.unwrap();
    let key: SecretString = found["key"].as_str().unwrap().to_owned().into();
    let now = jiff::Timestamp::try_from(SystemTime::now()).unwrap();
    let at = |now| {
        let sas = sas_of_key(&store.account, &store.container, &key, now).unwrap();
        Container::new(azure.arm.cloud(), &store.address, Access::Sas(sas)).unwrap()
    };
    let old = now - jiff::SignedDuration::from_mins(61);
    assert!(
        send(&content, &at(old))
            .await
            .unwrap_err()
            .needs_fresh_container()
    );
    assert_eq!(send(&content, &at(now)).await.unwrap(), Outcome::Uploaded);
    assert!(sas_of_key("a", "b", &"no key!".to_owned().into(), now).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_needs_a_data_role() {
    let azure = Azure::start().await;
    let (_folder, content) = content(10).await;
    let store = azure.store().await;
    let access = Access::Entra(azure.arm.storage_credential());
    let container = Container::new(azure.arm.cloud(), &store.address, access).unwrap();
    let error = send(&content, &container).await.unwrap_err();
    assert!(matches!(error, UploadError::Azure(_)), "{error:?}");
    let secret = store_secret(&azure.arm, &azure.workspace, BLOB_STORE)
        .await
        .unwrap();
    assert!(matches!(secret, Some(StoreSecret::Sas(_))));
    let other = azure.arm.storage_credential();
    let refused = other
        .get_token(&["https://management.azure.com/.default"], None)
        .await;
    assert!(refused.is_err(), "it gives tokens for storage only");
}
