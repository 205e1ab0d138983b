//! Interactive sign-in: the authorize page with PKCE, device codes, refresh tokens.

use crate::common::{Az, Seen, read};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Url};
use sha2::{Digest as _, Sha256};

const CLI: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const SCOPE: &str = "https://management.azure.com/.default offline_access openid profile";
const ADA: &str = "5be0c1d7-93a2-4f68-b7c4-1d20e8f3a96b";
const REDIRECT: &str = "http://localhost:4711";

/// A browser that does not follow redirects, because they lead to the program on loopback.
fn browser(az: &Az) -> Client {
    let ca = Certificate::from_pem(&std::fs::read(&az.ready().ca_file).unwrap()).unwrap();
    Client::builder()
        .tls_certs_only([ca])
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// Signs in on the page and returns the address that the browser is redirected to.
async fn sign_in(az: &Az, person: &str, challenge: &str, redirect: &str) -> (u16, String, String) {
    let url = format!("{}/common/oauth2/v2.0/authorize", az.ready().authority);
    let asked = [
        ("client_id", CLI),
        ("response_type", "code"),
        ("redirect_uri", redirect),
        ("scope", SCOPE),
        ("state", "s-1"),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256"),
    ];
    let browser = browser(az);
    let page = browser
        .get(Url::parse_with_params(&url, asked).unwrap())
        .send()
        .await
        .unwrap();
    if page.status() != 200 {
        return (page.status().as_u16(), page.text().await.unwrap(), String::new());
    }
    let html = page.text().await.unwrap();
    assert!(
        html.contains("Ada Lindqvist") && html.contains("Microsoft Azure CLI"),
        "{html}"
    );
    let mut form = asked.to_vec();
    form.push(("person", person));
    let refused = browser.post(&url).form(&form).send().await.unwrap();
    assert_eq!(refused.status(), 403, "nobody is chosen without the token");
    form.push(("control_token", &az.ready().control_token));
    let back = browser.post(url).form(&form).send().await.unwrap();
    let location = back.headers()["location"].to_str().unwrap().to_owned();
    (back.status().as_u16(), html, location)
}

fn pair(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

fn query(location: &str, name: &str) -> String {
    let url = Url::parse(location).unwrap();
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

async fn redeem(az: &Az, code: &str, verifier: &str) -> Seen {
    let form = [
        ("client_id", CLI),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", verifier),
        ("scope", SCOPE),
    ];
    az.token_form("common", &form).await
}

#[tokio::test]
async fn a_code_works_once_and_only_with_its_verifier() {
    let mut az = Az::start().await;
    let (status, _, location) = sign_in(
        &az,
        ADA,
        &pair("verifier-of-forty-three-letters-and-more-of"),
        REDIRECT,
    )
    .await;
    assert_eq!((status, query(&location, "state").as_str()), (302, "s-1"));
    let wrong = redeem(&az, &query(&location, "code"), "another")
        .await
        .expect(400);
    assert_eq!(
        (
            wrong.body["error"].as_str(),
            wrong.body["error_codes"][0].as_u64()
        ),
        (Some("invalid_grant"), Some(501_481))
    );
    let verifier = "verifier-of-forty-three-letters-and-more-of";
    let (_, _, location) = sign_in(&az, ADA, &pair(verifier), REDIRECT).await;
    let code = query(&location, "code");
    let tokens = redeem(&az, &code, verifier).await.expect(200).body;
    assert!(tokens["id_token"].is_string() && tokens["client_info"].is_string());
    assert_eq!(
        redeem(&az, &code, verifier).await.expect(400).body["error"],
        "invalid_grant"
    );
    az.token = tokens["access_token"].as_str().unwrap().to_owned();
    assert_eq!(
        az.get("/subscriptions?api-version=2022-12-01")
            .await
            .expect(200)
            .items()
            .len(),
        2
    );
}

#[tokio::test]
async fn a_refresh_token_is_replaced_at_each_use() {
    let az = Az::start().await;
    let (_, _, location) = sign_in(&az, ADA, &pair("v"), REDIRECT).await;
    let first = redeem(&az, &query(&location, "code"), "v").await.expect(200).body["refresh_token"].clone();
    let refresh = async |token: &str, claims: &str| {
        let form = [
            ("client_id", CLI),
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("claims", claims),
        ];
        az.token_form(&az.ready().tenant_id, &form).await
    };
    let second = refresh(first.as_str().unwrap(), "").await.expect(200).body["refresh_token"].clone();
    assert_ne!(first, second);
    let used = refresh(first.as_str().unwrap(), "").await.expect(400);
    assert!(
        used.body["error_description"]
            .as_str()
            .unwrap()
            .starts_with("AADSTS50173"),
        "{}",
        used.body
    );
    let more = r#"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#;
    let more = refresh(second.as_str().unwrap(), more).await.expect(400);
    assert_eq!(more.body["error"], "interaction_required");
}

#[tokio::test]
async fn the_page_declines_and_refuses() {
    let az = Az::start().await;
    let (status, _, location) = sign_in(&az, "", &pair("v"), REDIRECT).await;
    assert_eq!(
        (status, query(&location, "error").as_str()),
        (302, "access_denied")
    );
    let (status, said, _) = sign_in(&az, ADA, &pair("v"), "https://evil.example").await;
    assert!(status == 400 && said.contains("AADSTS50011"), "{said}");
}

#[tokio::test]
async fn a_device_polls_until_somebody_answers() {
    let az = Az::start().await;
    let base = az.ready().authority.clone();
    let start = async || {
        let url = format!("{base}/common/oauth2/v2.0/devicecode");
        let sent = az
            .http
            .post(url)
            .form(&[("client_id", CLI), ("scope", SCOPE)])
            .send()
            .await
            .unwrap();
        read(sent).await.expect(200).body
    };
    let ask = async |code: &str| {
        let grant = "urn:ietf:params:oauth:grant-type:device_code";
        az.token_form(
            "common",
            &[("client_id", CLI), ("grant_type", grant), ("device_code", code)],
        )
        .await
    };
    let answer = async |code: &str, person: &str| {
        let form = [
            ("user_code", code),
            ("person", person),
            ("control_token", &az.ready().control_token),
        ];
        az.http
            .post(format!("{base}/devicelogin"))
            .form(&form)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    };
    let device = start().await;
    let (code, user) = (
        device["device_code"].as_str().unwrap(),
        device["user_code"].as_str().unwrap(),
    );
    assert_eq!(ask(code).await.expect(400).body["error"], "authorization_pending");
    assert_eq!(ask(code).await.expect(400).body["error"], "slow_down");
    assert!(answer("NOPE", ADA).await.contains("unknown"));
    assert!(answer(&user.to_lowercase(), ADA).await.contains("Signed in"));
    assert!(ask(code).await.expect(200).body["access_token"].is_string());
    let declined = start().await;
    answer(declined["user_code"].as_str().unwrap(), "").await;
    assert_eq!(
        ask(declined["device_code"].as_str().unwrap())
            .await
            .expect(400)
            .body["error"],
        "authorization_declined"
    );
    assert_eq!(
        ask("nothing").await.expect(400).body["error"],
        "bad_verification_code"
    );
}
