//! Waits that a server asks for (`Retry-After`).

use super::{arm, get, put};
use crate::server::{Reply, Server};
use berth_arm::poll::{Ask, LONGEST_POLL};
use berth_arm::{ArmError, Bookmark, Poll};
use berth_http::LONGEST_ASKED;

const HUGE: [&str; 4] = [
    "retry-after: 4000000\r\n",
    "retry-after: 99999999999999999999999999\r\n",
    "retry-after: Fri, 31 Dec 9999 23:59:59 GMT\r\n",
    "x-ms-retry-after-ms: 18446744073709551615\r\n",
];

#[tokio::test]
async fn a_long_wait_is_capped_and_left_to_the_caller() {
    for headers in HUGE {
        let server = Server::start(move |_| Reply::json(429, headers, "{}")).await;
        for error in [
            get(&arm(&server), "/a?b=c").await.unwrap_err(),
            arm(&server).send(&put("/a?b=c")).await.unwrap_err(),
        ] {
            assert!(
                matches!(error, ArmError::Refused { retry_after: Some(wait), .. } if wait == LONGEST_ASKED),
                "{headers}: {error:?}"
            );
        }
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_refused_write_is_not_retried_by_the_connection() {
    for (status, headers) in [
        (429, "retry-after: 0\r\n"),
        (429, "retry-after: 20\r\n"),
        (503, "retry-after: 1\r\n"),
        (500, ""),
        (502, ""),
        (504, ""),
        (408, ""),
    ] {
        let server = Server::start(move |_| Reply::json(status, headers, "{}")).await;
        let error = arm(&server).send(&put("/a?b=c")).await.unwrap_err();
        assert_eq!(error.status(), Some(status), "{error:?}");
        assert_eq!(server.requests().len(), 1, "{status} {headers}");
    }
}

#[tokio::test]
async fn polls_and_bookmarks_wait_a_minute_at_most() {
    for headers in HUGE {
        let accepted = format!("location: /operations/1\r\n{headers}");
        let server = Server::start(move |_| Reply::json(202, &accepted, "")).await;
        let arm = arm(&server);
        let sent = arm.send(&put("/a?b=c")).await.unwrap();
        let bookmark = sent.bookmark.unwrap();
        assert_eq!(bookmark.retry_after_ms, Some(60_000), "{headers}");
        // An earlier version of Berth may have written such a bookmark.
        let bookmark = Bookmark {
            retry_after_ms: Some(u64::MAX),
            ..bookmark
        };
        let poll = arm.poll(&bookmark).await.unwrap();
        assert!(
            matches!(poll, Poll::InProgress { wait, .. } if wait == LONGEST_POLL),
            "{poll:?}"
        );
    }
}

#[tokio::test]
async fn an_operation_url_at_another_host_is_not_polled() {
    let other = Server::start(|_| Reply::json(200, "", r#"{"status":"Succeeded"}"#)).await;
    let server = Server::start(|_| Reply::json(200, "", "{}")).await;
    for url in [
        format!("{}/operations/1", other.url),
        format!("{}/operations/../subscriptions", server.url),
    ] {
        for ask in [
            Ask::Operation { url: url.clone() },
            Ask::Location { url: url.clone() },
        ] {
            let bookmark = Bookmark {
                ask,
                resource: "/a?b=c".to_owned(),
                retry_after_ms: None,
            };
            assert_eq!(arm(&server).poll(&bookmark).await.unwrap(), Poll::Gone);
        }
    }
    assert_eq!((other.connections(), server.connections()), (0, 0));
}
