//! Paged lists.

use super::{ALONE, arm, get};
use crate::server::{Reply, Server};
use berth_arm::ArmError;
use berth_http::Room;
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};

fn page(next: &str) -> Reply {
    Reply::json(200, "", &format!(r#"{{"value":[1],"nextLink":"{next}"}}"#))
}

#[tokio::test]
async fn an_endless_list_is_an_error() {
    let number = AtomicUsize::new(0);
    let server =
        Server::start(move |_| page(&format!("/list?page={}", number.fetch_add(1, Ordering::SeqCst)))).await;
    let error = arm(&server).list::<Value>("/list?a=b").await.unwrap_err();
    assert!(
        matches!(error, ArmError::EndlessList { pages: 200, .. }),
        "{error:?}"
    );
    assert_eq!(server.requests().len(), 200);
}

#[tokio::test]
async fn a_repeated_page_is_an_error() {
    let server = Server::start(|_| page("/list?page=2")).await;
    let error = arm(&server).list::<Value>("/list?a=b").await.unwrap_err();
    assert!(
        matches!(error, ArmError::EndlessList { pages: 2, .. }),
        "{error:?}"
    );
    assert!(!error.is_transient());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn an_empty_next_link_ends_the_list() {
    let server = Server::start(|request| {
        if request.starts_with("GET /list?page=2 ") {
            Reply::json(200, "", r#"{"value":[2],"nextLink":""}"#)
        } else {
            page("/list?page=2")
        }
    })
    .await;
    let all: Vec<u8> = arm(&server).list("/list?a=b").await.unwrap();
    assert_eq!(all, [1, 2]);
}

#[tokio::test]
async fn all_pages_of_a_list_share_one_size_limit() {
    let _alone = ALONE.lock().await;
    let filler = "x".repeat(8 * 1024 * 1024);
    let number = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let next = number.fetch_add(1, Ordering::SeqCst);
        Reply::json(
            200,
            "",
            &format!(r#"{{"value":["{filler}"],"nextLink":"/list?page={next}"}}"#),
        )
    })
    .await;
    let error = arm(&server).list::<Value>("/list?a=b").await.unwrap_err();
    assert!(matches!(error, ArmError::BadAnswer { .. }), "{error:?}");
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_large_response_waits_for_room_and_is_then_requested_again() {
    let _alone = ALONE.lock().await;
    let filler = "x".repeat(2 * 1024 * 1024);
    let server = Server::start(move |_| Reply::json(200, "", &format!(r#"{{"value":["{filler}"]}}"#))).await;
    let arm = arm(&server);
    let mut taken = Room::none();
    taken.take().await;
    let list = tokio::spawn(async move { arm.list::<Value>("/list?a=b").await.map(|all| all.len()) });
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(
        !list.is_finished(),
        "it read while another response was being read"
    );
    drop(taken);
    assert_eq!(list.await.unwrap().unwrap(), 1);
}

#[tokio::test]
async fn a_link_to_another_host_gets_no_token() {
    let other = Server::start(|_| Reply::json(200, "", r#"{"value":[]}"#)).await;
    let link = format!("{}/list?sig=1", other.url);
    let by_user = link.replace("https://", "https://localhost@");
    for link in [link, by_user] {
        let to = link.clone();
        let server = Server::start(move |_| page(&to)).await;
        let error = arm(&server).list::<Value>("/list?a=b").await.unwrap_err();
        assert!(
            matches!(&error, ArmError::Elsewhere { to, .. } if *to == other.host()),
            "{error:?}"
        );
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_link_with_dot_segments_is_not_followed() {
    let server = Server::start(|_| page("/subscriptions/1/../2?a=b")).await;
    let error = arm(&server).list::<Value>("/list?a=b").await.unwrap_err();
    assert!(matches!(error, ArmError::BadAnswer { .. }), "{error:?}");
    assert_eq!(server.requests().len(), 1);
    assert!(get(&arm(&server), "/list?a=b").await.is_ok());
}

#[tokio::test]
async fn a_link_to_another_host_in_any_notation_is_rejected() {
    for (link, host) in [
        ("//evil.example:1234/x", "evil.example"),
        ("/\\\\evil.example/x", "evil.example"),
        ("\\\\\\\\evil.example/x", "evil.example"),
        ("http://evil.example/x", "evil.example"),
        ("mailto:a@evil.example", ""),
    ] {
        let server = Server::start(move |_| page(link)).await;
        let error = arm(&server).list::<Value>("/list?a=b").await.unwrap_err();
        assert!(
            matches!(&error, ArmError::Elsewhere { to, .. } if to.starts_with(host)),
            "{link}: {error:?}"
        );
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_malformed_link_is_a_bad_response() {
    for link in ["list", "?page=2", "/a#b", "/a%2fb", "https://[", "//"] {
        let server = Server::start(move |_| page(link)).await;
        let error = arm(&server).list::<Value>("/list?a=b").await.unwrap_err();
        assert!(matches!(error, ArmError::BadAnswer { .. }), "{link}: {error:?}");
        assert_eq!(server.requests().len(), 1);
    }
}
