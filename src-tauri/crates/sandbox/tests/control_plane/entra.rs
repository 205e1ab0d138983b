//! Signing in, and being refused.

use crate::common::{Az, Seen, fast};
use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::{ClientOptions, Transport};
use azure_identity::{ClientSecretCredential, ClientSecretCredentialOptions};
use berth_sandbox::Sandbox;
use serde_json::{Value, json};
use std::sync::Arc;

const ARM: &str = "https://management.azure.com/.default";

async fn refused(az: &Az, tenant: &str, changes: &[(&str, &str)]) -> Seen {
    let ready = az.ready();
    let mut form = vec![
        ("client_id", ready.client_id.as_str()),
        ("client_secret", ready.client_secret.as_str()),
        ("grant_type", "client_credentials"),
        ("scope", ARM),
    ];
    for (name, value) in changes {
        form.retain(|(key, _)| key != name);
        if !value.is_empty() {
            form.push((name, value));
        }
    }
    az.token_form(tenant, &form).await
}

#[tokio::test]
async fn azure_identity_signs_in_and_its_token_opens_azure() {
    let az = Az::start().await;
    let ready = az.ready();
    let mut custom = CustomConfiguration::default();
    custom.authority_host = ready.authority.clone();
    let credential = ClientSecretCredential::new(
        &ready.tenant_id,
        ready.client_id.clone(),
        Secret::new(ready.client_secret.clone()),
        Some(ClientSecretCredentialOptions {
            client_options: ClientOptions {
                transport: Some(Transport::new(Arc::new(az.http.clone()))),
                cloud: Some(Arc::new(CloudConfiguration::Custom(custom))),
                ..ClientOptions::default()
            },
        }),
    )
    .unwrap();
    let token = credential.get_token(&[ARM], None).await.unwrap();
    let url = format!("{}/subscriptions?api-version=2022-12-01", ready.arm);
    let seen = crate::common::read(
        az.http
            .get(url)
            .bearer_auth(token.token.secret())
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert_eq!(seen.expect(200).items().len(), 2);
}

/// Tenant, changed form fields, then expected status, error and number.
type Refused<'a> = (&'a str, &'a [(&'a str, &'a str)], u16, &'a str, u64);

#[tokio::test]
async fn entra_refuses_in_its_own_words() {
    let az = Az::start().await;
    let tenant = az.ready().tenant_id.clone();
    let nobody = "00000000-0000-0000-0000-000000000001";
    let cases: [Refused<'_>; 8] = [
        (
            &tenant,
            &[("client_secret", "wrong")],
            401,
            "invalid_client",
            7_000_215,
        ),
        (
            &tenant,
            &[("client_secret", "")],
            401,
            "invalid_client",
            7_000_216,
        ),
        (
            &tenant,
            &[("client_id", nobody)],
            400,
            "unauthorized_client",
            700_016,
        ),
        (nobody, &[], 400, "invalid_request", 90_002),
        (&tenant, &[("grant_type", "")], 400, "invalid_request", 900_144),
        (
            &tenant,
            &[("grant_type", "password")],
            400,
            "unsupported_grant_type",
            70_003,
        ),
        (
            &tenant,
            &[("scope", "https://management.azure.com/user")],
            400,
            "invalid_scope",
            1_002_012,
        ),
        (
            &tenant,
            &[("scope", "https://elsewhere.example/.default")],
            400,
            "invalid_resource",
            500_011,
        ),
    ];
    for (tenant, changes, status, error, number) in cases {
        let seen = refused(&az, tenant, changes).await.expect(status);
        assert_eq!(seen.body["error"], error, "{}", seen.body);
        assert_eq!(seen.body["error_codes"], json!([number]));
        let description = seen.body["error_description"].as_str().unwrap();
        assert!(
            description.starts_with(&format!("AADSTS{number}: ")),
            "{description}"
        );
        assert!(
            description.contains("Trace ID: ") && description.contains("Timestamp: "),
            "{description}"
        );
    }
}

#[tokio::test]
async fn discovery_leads_to_the_token_endpoint_and_the_keys() {
    let az = Az::start().await;
    let tenant = &az.ready().tenant_id;
    let seen = az
        .get(&format!("/{tenant}/v2.0/.well-known/openid-configuration"))
        .await
        .expect(200);
    let base = &az.ready().authority;
    assert_eq!(
        seen.body["token_endpoint"],
        format!("{base}/{tenant}/oauth2/v2.0/token")
    );
    assert_eq!(seen.body["issuer"], format!("{base}/{tenant}/v2.0"));
    let keys = az.get(seen.body["jwks_uri"].as_str().unwrap()).await.expect(200);
    let key = &keys.body["keys"][0];
    assert_eq!((&key["kty"], &key["use"]), (&json!("RSA"), &json!("sig")));
    assert!(
        key["n"].as_str().unwrap().len() > 300 && key["kid"].is_string(),
        "{key}"
    );
    let instance = az.get("/common/discovery/instance").await.expect(200);
    assert!(
        instance.body["tenant_discovery_endpoint"]
            .as_str()
            .unwrap()
            .starts_with(base.as_str())
    );
    // AD FS, by which clients bypass Microsoft's instance discovery.
    let adfs = az.get("/adfs/.well-known/openid-configuration").await.expect(200);
    assert_eq!(adfs.body["token_endpoint"], format!("{base}/adfs/oauth2/token"));
}

#[tokio::test]
async fn azure_refuses_missing_and_foreign_tokens() {
    let mut az = Az::start().await;
    let path = "/subscriptions?api-version=2022-12-01";
    let bare = crate::common::read(
        az.http
            .get(format!("{}{path}", az.ready().arm))
            .send()
            .await
            .unwrap(),
    )
    .await
    .expect(401);
    assert_eq!(bare.code(), "AuthenticationFailed");
    assert!(
        bare.header("www-authenticate").contains("authorization_uri="),
        "{:?}",
        bare.headers
    );
    az.token = "not.a.token".to_string();
    assert_eq!(
        az.get(path).await.expect(401).code(),
        "InvalidAuthenticationToken"
    );
    let other = az.ask_token("https://ml.azure.com/.default").await.expect(200);
    az.token = other.body["access_token"].as_str().unwrap().to_string();
    assert_eq!(
        az.get(path).await.expect(401).code(),
        "InvalidAuthenticationTokenAudience"
    );
    let classic = az
        .ask_token("https://management.azure.com//.default")
        .await
        .expect(200);
    az.token = classic.body["access_token"].as_str().unwrap().to_string();
    az.get(path).await.expect(200);
}

#[tokio::test]
async fn a_token_of_another_sandbox_is_refused() {
    let one = Az::start().await;
    let mut other = Az::start().await;
    other.token = one.token.clone();
    assert_eq!(
        other
            .get("/tenants?api-version=2022-12-01")
            .await
            .expect(401)
            .code(),
        "InvalidAuthenticationToken"
    );
}

#[tokio::test]
async fn tokens_expire_when_a_fault_says_so_and_new_ones_work() {
    let mut az = Az::start().await;
    let path = "/subscriptions?api-version=2022-12-01";
    az.fault(json!({"match": {"path": "/subscriptions"}, "do": {"expire_tokens": true}}))
        .await;
    let seen = az.get(path).await.expect(401);
    assert_eq!(seen.code(), "ExpiredAuthenticationToken");
    assert!(
        seen.header("www-authenticate")
            .contains("error=\"invalid_token\"")
    );
    az.sign_in().await;
    az.get(path).await.expect(200);
}

#[tokio::test]
async fn secrets_differ_from_one_sandbox_to_the_next_and_hide_from_debug() {
    let one = Sandbox::start(fast()).await.unwrap();
    let other = Sandbox::start(fast()).await.unwrap();
    assert_ne!(one.ready().client_secret, other.ready().client_secret);
    assert!(!format!("{one:?}").contains(&one.ready().client_secret));
    let json: Value = serde_json::to_value(one.ready()).unwrap();
    assert_eq!(json["client_secret"], one.ready().client_secret.as_str());
}
