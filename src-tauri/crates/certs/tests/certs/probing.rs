//! Probes real servers on loopback: good ones, bad ones, and things that are no servers.

use crate::servers::{ANSWER, BOTH, NAME, ONLY_12, ONLY_13, answer, own, serve, tls_server};
use crate::{pair_of, today};
use berth_certs::front_end::FrontEnd;
use berth_certs::generate::{self, LEAF_DAYS};
use berth_certs::probe::{self, Distrust, Over, ProbeError, Roots, Stage, Trust};
use berth_domain::spec::KeyKind;
use jiff::Timestamp;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const LIMIT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_handshake_shows_the_certificate_over_tls_1_2() {
    let root = generate::authority("Local", KeyKind::EcdsaP256, 3652, Timestamp::now()).unwrap();
    for kind in [KeyKind::EcdsaP256, KeyKind::Rsa2048] {
        let pair = generate::issued_by(&root, &[NAME], kind, LEAF_DAYS, Timestamp::now()).unwrap();
        for versions in [ONLY_12, BOTH] {
            let addr = tls_server(&pair, &pair, versions).await;
            let roots = Some(Roots::Only(root.chain_der()));
            let shown = probe::handshake(addr, NAME, roots, LIMIT).await.unwrap();
            assert_eq!(shown.protocol, "TLSv1.2");
            assert!(shown.cipher.starts_with("TLS_ECDHE_"), "{}", shown.cipher);
            assert_eq!(shown.chain, pair.chain_der());
            assert_eq!(shown.leaf_sha256, pair.leaf_sha256());
            assert_eq!(shown.trust, Some(Trust::Trusted));
        }
    }
}

#[tokio::test]
async fn the_certificate_shown_is_compared_with_the_name() {
    let pair = own(&["*.contoso.com"]);
    let addr = tls_server(&pair, &pair, ONLY_12).await;
    for (name, covers) in [
        (Some(NAME), Some(true)),
        (Some("ml.fabrikam.com"), Some(false)),
        (None, None),
        (Some("*.contoso.com"), None),
    ] {
        let front_end = FrontEnd {
            at: addr,
            name: name.map(str::to_owned),
            tls: true,
        };
        let facts = front_end.certificate(Timestamp::now()).await.unwrap().unwrap();
        assert_eq!(facts.sha256, pair.leaf_sha256(), "{name:?}");
        assert_eq!(facts.covers, covers, "{name:?}");
    }
}

#[tokio::test]
async fn a_name_is_resolved_by_the_system_or_unknown() {
    let found = probe::addresses("localhost").await.unwrap();
    assert!(found.iter().all(std::net::IpAddr::is_loopback), "{found:?}");
    let unknown = probe::addresses("no-such-name.invalid").await.unwrap_err();
    assert!(
        unknown.to_string().starts_with("no-such-name.invalid"),
        "{unknown}"
    );
}

#[tokio::test]
async fn any_certificate_is_accepted_and_judged_separately() {
    let now = Timestamp::now();
    let self_signed = own(&[NAME]);
    let expired = generate::self_signed(
        &[NAME],
        KeyKind::EcdsaP256,
        1,
        "2020-01-01T00:00:00Z".parse().unwrap(),
    )
    .unwrap();
    let authority = generate::authority("Local", KeyKind::EcdsaP256, 10, now).unwrap();
    let version_1 = pair_of(&["v1.pem", "server.key"]).unwrap();
    let weak_p521 = pair_of(&["p521.pem", "p521.key"]).unwrap();
    for (what, pair, name, roots, expected) in [
        ("no roots asked", &self_signed, NAME, None, None),
        (
            "itself a root",
            &self_signed,
            NAME,
            Some(Roots::Only(self_signed.chain_der())),
            Some(None),
        ),
        (
            "by address",
            &own(&["127.0.0.1"]),
            "127.0.0.1",
            Some(Roots::Platform),
            Some(Some(Distrust::UnknownIssuer)),
        ),
        (
            "platform",
            &self_signed,
            NAME,
            Some(Roots::Platform),
            Some(Some(Distrust::UnknownIssuer)),
        ),
        (
            "platform and it",
            &self_signed,
            NAME,
            Some(Roots::PlatformAnd(self_signed.chain_der())),
            Some(None),
        ),
        (
            "no roots at all",
            &self_signed,
            NAME,
            Some(Roots::Only(vec![])),
            Some(Some(Distrust::UnknownIssuer)),
        ),
        (
            "another name",
            &self_signed,
            "www.contoso.com",
            Some(Roots::Only(self_signed.chain_der())),
            Some(Some(Distrust::OtherName)),
        ),
        (
            "expired",
            &expired,
            NAME,
            Some(Roots::Only(expired.chain_der())),
            Some(Some(Distrust::Expired)),
        ),
        (
            "authority",
            &authority,
            NAME,
            Some(Roots::Only(authority.chain_der())),
            Some(Some(Distrust::OtherPurpose)),
        ),
        ("version 1", &version_1, NAME, None, None),
        ("P-521", &weak_p521, NAME, None, None),
    ] {
        let addr = tls_server(pair, pair, ONLY_12).await;
        let shown = probe::handshake(addr, name, roots, LIMIT)
            .await
            .unwrap_or_else(|error| panic!("{what}: {error:?}"));
        assert_eq!(shown.leaf_sha256, pair.leaf_sha256(), "{what}");
        let why = shown.trust.map(|trust| match trust {
            Trust::Trusted => None,
            Trust::Untrusted { why, .. } => Some(why),
        });
        assert_eq!(why, expected, "{what}");
    }
}

#[tokio::test]
async fn a_server_without_the_key_of_its_certificate_fails() {
    let (applied, other) = (own(&[NAME]), own(&[NAME]));
    let addr = tls_server(&applied, &other, ONLY_12).await;
    let error = probe::handshake(addr, NAME, None, LIMIT).await.unwrap_err();
    assert!(matches!(error, ProbeError::Handshake { .. }), "{error:?}");
}

#[tokio::test]
async fn http_works_with_and_without_tls() {
    let pair = own(&[NAME]);
    let over_tls = tls_server(&pair, &pair, ONLY_12).await;
    let plain = serve(|stream| answer(stream, ANSWER)).await;
    for (addr, over) in [(over_tls, Over::Tls { server_name: NAME }), (plain, Over::Plain)] {
        let got = probe::http_get(addr, over, "/", NAME, LIMIT).await.unwrap();
        assert_eq!(
            (got.status, got.server.as_deref(), got.body_start.as_str()),
            (200, Some("front"), "Healthy")
        );
        let shown = got.handshake.map(|shown| shown.leaf_sha256);
        assert_eq!(shown.as_deref(), (addr == over_tls).then(|| pair.leaf_sha256()));
    }
}

#[tokio::test]
async fn bodies_are_truncated_and_invalid_utf8_is_read() {
    let text = format!(
        "HTTP/1.1 404 Not Found\r\nContent-Length: 100000\r\n\r\n{}",
        "x".repeat(100_000)
    );
    let long = serve(move |stream| {
        let text = text.clone();
        async move { answer(stream, &text).await }
    })
    .await;
    let got = probe::http_get(long, Over::Plain, "/score?x=1", NAME, LIMIT)
        .await
        .unwrap();
    assert_eq!((got.status, got.body_start.len()), (404, probe::BODY_BYTES));
    let until_close = serve(|stream| answer(stream, "HTTP/1.0 200 OK\r\n\r\nv\u{e4}l")).await;
    let got = probe::http_get(until_close, Over::Plain, "/", NAME, LIMIT)
        .await
        .unwrap();
    assert_eq!(
        (got.status, got.server, got.body_start.as_str()),
        (200, None, "väl")
    );
}

#[tokio::test]
async fn refused_and_silent_ports_are_distinguished() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let error = probe::tcp(closed, LIMIT).await.unwrap_err();
    assert!(matches!(error, ProbeError::Refused { .. }), "{error:?}");
    let silent = serve(|stream| async move {
        let _held = stream;
        std::future::pending::<()>().await;
    })
    .await;
    assert!(probe::tcp(silent, LIMIT).await.unwrap() < LIMIT);
    let short = Duration::from_millis(200);
    let error = probe::handshake(silent, NAME, None, short).await.unwrap_err();
    assert!(
        matches!(
            error,
            ProbeError::TimedOut {
                stage: Stage::Handshake,
                ..
            }
        ),
        "{error:?}"
    );
    let error = probe::http_get(silent, Over::Plain, "/", NAME, short)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            ProbeError::TimedOut {
                stage: Stage::Http,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn closed_connections_are_reported() {
    let hangs_up = serve(|mut stream| async move {
        let _ = stream.read(&mut [0; 64]).await;
    })
    .await;
    let resets = serve(|mut stream| async move {
        let _ = stream.read(&mut [0; 8]).await;
        stream.set_zero_linger().unwrap();
    })
    .await;
    for addr in [hangs_up, resets] {
        let error = probe::handshake(addr, NAME, None, LIMIT).await.unwrap_err();
        assert!(
            matches!(
                error,
                ProbeError::Reset {
                    stage: Stage::Handshake,
                    ..
                }
            ),
            "{error:?}"
        );
        let error = probe::http_get(addr, Over::Plain, "/", NAME, LIMIT)
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                ProbeError::Reset {
                    stage: Stage::Http,
                    ..
                }
            ),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn plain_http_is_not_tls_and_the_other_way_round() {
    let plain = serve(|mut stream| async move {
        let _ = stream.read(&mut [0; 1024]).await;
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    })
    .await;
    let error = probe::handshake(plain, NAME, None, LIMIT).await.unwrap_err();
    assert!(matches!(error, ProbeError::NotTls { .. }), "{error:?}");
    let prose = serve(|mut stream| async move {
        let _ = stream.read(&mut [0; 1024]).await;
        let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n").await;
    })
    .await;
    let error = probe::http_get(prose, Over::Plain, "/", NAME, LIMIT)
        .await
        .unwrap_err();
    assert!(matches!(error, ProbeError::NotHttp { .. }), "{error:?}");
}

#[tokio::test]
async fn alerts_keep_their_names() {
    let pair = own(&[NAME]);
    let addr = tls_server(&pair, &pair, ONLY_13).await;
    let error = probe::handshake(addr, NAME, None, LIMIT).await.unwrap_err();
    assert!(
        matches!(&error, ProbeError::Alert { alert, .. } if alert == "protocol_version"),
        "{error:?}"
    );
    // Fatal alert 112, as from a server that does not know the name.
    let picky = serve(|mut stream| async move {
        let _ = stream.read(&mut [0; 1024]).await;
        let _ = stream.write_all(&[21, 3, 3, 0, 2, 2, 112]).await;
    })
    .await;
    let error = probe::handshake(picky, NAME, None, LIMIT).await.unwrap_err();
    assert!(
        matches!(&error, ProbeError::Alert { alert, .. } if alert == "unrecognized_name"),
        "{error:?}"
    );
}

#[tokio::test]
async fn invalid_names_and_paths_are_refused_before_sending() {
    let nobody: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let error = probe::handshake(nobody, "*.contoso.com", None, LIMIT)
        .await
        .unwrap_err();
    assert!(matches!(error, ProbeError::ServerName { .. }), "{error:?}");
    for (path, host) in [("/ with blanks", NAME), ("/", "a\r\nb")] {
        let error = probe::http_get(nobody, Over::Plain, path, host, LIMIT)
            .await
            .unwrap_err();
        assert!(matches!(error, ProbeError::Request { .. }), "{error:?}");
    }
    assert!(
        pair_of(&["server.pem", "server.key"])
            .unwrap()
            .inspect(Some(NAME), today())
            .key_matches
    );
}
