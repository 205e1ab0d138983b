//! Tests the client against real HTTPS servers.
#![allow(clippy::unwrap_used, reason = "a test reports by panicking")]
#![allow(dead_code, unreachable_pub, reason = "the server is shared with other crates")]

mod server;

use berth_http::{BodyError, Distrust, Room, SetUpError, Settings, client, distrust, read_limited};
use server::{Reply, Server};
use std::time::Duration;

fn connect(ca_pem: Option<&str>) -> reqwest::Client {
    client(Settings {
        extra_ca_pem: ca_pem.map(str::as_bytes),
        direct: true,
        timeout: Duration::from_secs(20),
        loopback: None,
    })
    .unwrap()
}

#[tokio::test]
async fn no_redirect_is_followed_and_nothing_goes_out_in_the_clear() {
    let other = Server::start(|_| Reply::json(200, "", "{}")).await;
    let to = format!("location: {}/taken\r\n", other.url);
    let server = Server::start(move |_| Reply::json(307, &to, "")).await;
    let http = connect(Some(&server.ca_pem));
    let answer = http.post(&server.url).body("secret").send().await.unwrap();
    assert_eq!(answer.status(), 307);
    assert_eq!(other.connections(), 0);
    let plain = server.url.replace("https://", "http://");
    assert!(http.get(plain).send().await.unwrap_err().is_builder());
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    let server = Server::start(|request| {
        if request.starts_with("GET /flood") {
            Reply::Flood
        } else if request.starts_with("GET /announced") {
            Reply::Text("HTTP/1.1 200 OK\r\ncontent-length: 4000000000\r\n\r\n".to_owned())
        } else {
            Reply::json(200, "", "12345")
        }
    })
    .await;
    let http = connect(Some(&server.ca_pem));
    let read = async |path: &str, limit| {
        let answer = http.get(format!("{}{path}", server.url)).send().await.unwrap();
        read_limited(answer, limit, &mut Room::none()).await
    };
    assert_eq!(read("/", 5).await.unwrap(), b"12345");
    assert!(matches!(read("/", 4).await, Err(BodyError::TooLarge(_))));
    assert!(matches!(
        read("/announced", 1000).await,
        Err(BodyError::TooLarge(_))
    ));
    assert!(matches!(
        read("/flood", 1_000_000).await,
        Err(BodyError::TooLarge(_))
    ));
}

#[tokio::test]
async fn nothing_is_decompressed() {
    let server = Server::start(|_| Reply::json(200, "content-encoding: gzip\r\n", "as it came")).await;
    let answer = connect(Some(&server.ca_pem))
        .get(&server.url)
        .send()
        .await
        .unwrap();
    assert_eq!(
        read_limited(answer, 100, &mut Room::none()).await.unwrap(),
        b"as it came"
    );
    let request = server.requests().remove(0).to_lowercase();
    assert!(!request.contains("accept-encoding"), "{request}");
    assert!(request.contains("user-agent: berth/"), "{request}");
}

#[tokio::test]
async fn an_untrusted_certificate_differs_from_an_expired_one() {
    let stranger = Server::start(|_| Reply::json(200, "", "{}")).await;
    let error = connect(None).get(&stranger.url).send().await.unwrap_err();
    assert_eq!(distrust(&error), Some(Distrust::Certificate), "{error:?}");
    let other_name = stranger.url.replace("localhost", "127.0.0.1");
    let error = connect(Some(&stranger.ca_pem))
        .get(other_name)
        .send()
        .await
        .unwrap_err();
    assert_eq!(distrust(&error), Some(Distrust::Certificate), "{error:?}");

    let expired = Server::until(2020, |_| Reply::json(200, "", "{}")).await;
    let error = connect(Some(&expired.ca_pem))
        .get(&expired.url)
        .send()
        .await
        .unwrap_err();
    assert_eq!(distrust(&error), Some(Distrust::Dates), "{error:?}");

    let nobody = connect(None)
        .get("https://127.0.0.1:1/")
        .send()
        .await
        .unwrap_err();
    assert_eq!(distrust(&nobody), None, "{nobody:?}");
}

#[test]
fn extra_certificates_must_be_certificates() {
    let set_up = |pem: &[u8]| {
        client(Settings {
            extra_ca_pem: Some(pem),
            direct: true,
            timeout: Duration::from_secs(20),
            loopback: None,
        })
    };
    assert!(matches!(set_up(b"no PEM"), Err(SetUpError::NoCertificate)));
    let rubbish = b"-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----\n";
    assert!(set_up(rubbish).is_err());
}
