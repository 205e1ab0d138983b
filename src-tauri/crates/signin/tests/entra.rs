//! Signs in with a client secret at the sandbox's Entra ID, over real HTTPS.
#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]

use berth_arm::cloud::Cloud;
use berth_sandbox::{Options, Sandbox};
use secrecy::SecretString;

async fn token(sandbox: &Sandbox, tenant: &str, secret: &str) -> Result<String, String> {
    let ready = sandbox.ready();
    let ca = std::fs::read(&ready.ca_file).unwrap();
    let cloud = Cloud::custom("Sandbox", &ready.arm, &ready.authority, ca).unwrap();
    let credential = berth_signin::client_secret(
        &cloud,
        tenant,
        &ready.client_id,
        SecretString::from(secret.to_owned()),
    )
    .unwrap();
    let token = credential
        .get_token(&[&cloud.scope()], None)
        .await
        .map_err(|error| format!("{error:?}"))?;
    Ok(token.token.secret().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_gets_the_message_of_entra() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let (tenant, secret) = (
        sandbox.ready().tenant_id.clone(),
        sandbox.ready().client_secret.clone(),
    );
    assert_eq!(
        token(&sandbox, &tenant, &secret)
            .await
            .unwrap()
            .split('.')
            .count(),
        3,
        "a signed token"
    );
    let wrong = token(&sandbox, &tenant, "wrong").await.unwrap_err();
    assert!(wrong.contains("AADSTS7000215"), "{wrong}");
    let nowhere = token(&sandbox, "11111111-2222-3333-4444-555555555555", &secret)
        .await
        .unwrap_err();
    assert!(nowhere.contains("AADSTS90002"), "{nowhere}");
    sandbox.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_for_a_token_gets_a_new_one() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let ready = sandbox.ready();
    let ca = std::fs::read(&ready.ca_file).unwrap();
    let cloud = Cloud::custom("Sandbox", &ready.arm, &ready.authority, ca).unwrap();
    let secret = SecretString::from(ready.client_secret.clone());
    let credential = berth_signin::client_secret(&cloud, &ready.tenant_id, &ready.client_id, secret).unwrap();
    let token = async || {
        let token = credential.get_token(&[&cloud.scope()], None).await.unwrap();
        token.token.secret().to_owned()
    };
    assert_ne!(
        token().await,
        token().await,
        "one that Azure has refused must not come back"
    );
    sandbox.stop().await;
}
