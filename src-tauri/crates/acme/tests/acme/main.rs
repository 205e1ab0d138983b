//! Tests against Pebble, the test authority of Let's Encrypt (Debian: `pebble`), with a DNS server of its own.

#![expect(clippy::unwrap_used, reason = "in a test, what cannot be is a failure")]

mod astray;
mod hostile;
mod pebble;

use berth_acme::{Account, AcmeError, Directory, State};
use berth_certs::request;
use berth_domain::spec::KeyKind;
use berth_http::Distrust;
use jiff::Timestamp;
use pebble::Pebble;
use std::time::Duration;

const NAME: &str = "ml.contoso.example";
const WILDCARD: &str = "*.ml.contoso.example";
const NAMES: &[&str] = &[NAME, WILDCARD];
const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_certificate_is_ordered_proven_and_downloaded() {
    let pebble = Pebble::start().await;
    let directory = pebble.directory();
    let (_, stored) = Account::register(&directory, Some("owner@contoso.example"))
        .await
        .unwrap();
    // Each step opens the account again, as after a restart.
    let open = || Account::open(&directory, &stored);
    let placed = open().await.unwrap().order(&[NAME, WILDCARD]).await.unwrap();
    assert_eq!((placed.state, placed.records.len()), (State::Pending, 2));
    for record in &placed.records {
        assert_eq!(record.name, "_acme-challenge.ml.contoso.example");
        assert!(record.value.len() == 43 && !record.proven, "{record:?}");
        pebble.set_record(&record.name, &record.value).await;
    }
    let mut names: Vec<&str> = placed
        .records
        .iter()
        .map(|record| record.for_name.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, [WILDCARD, NAME]);
    let again = open().await.unwrap().look(&placed.url, NAMES).await.unwrap();
    assert_eq!(again.records.len(), 2);

    open()
        .await
        .unwrap()
        .go_on(&placed.url, NAMES, LIMIT)
        .await
        .unwrap();
    let ready = open().await.unwrap().look(&placed.url, NAMES).await.unwrap();
    assert_eq!(ready.state, State::Ready);
    assert!(ready.records.iter().all(|record| record.proven));

    let made = request::make(&[NAME, WILDCARD], KeyKind::EcdsaP256).unwrap();
    let account = open().await.unwrap();
    let chain = account.finish(&placed.url, &made.der, LIMIT).await.unwrap();
    let pair = made.waiting.answered(&[("authority", chain.as_bytes())]).unwrap();
    let facts = pair.inspect(Some("resnet.ml.contoso.example"), Timestamp::now());
    assert_eq!((facts.covers, facts.key_matches), (Some(true), true));
    assert!(facts.complete && facts.signed_in_order && facts.in_order);
    // A certificate whose answer was lost is downloaded again.
    let again = open()
        .await
        .unwrap()
        .finish(&placed.url, &made.der, LIMIT)
        .await
        .unwrap();
    assert_eq!(again, chain);
}

#[tokio::test]
async fn a_missing_record_is_reported_with_its_name() {
    let pebble = Pebble::start().await;
    let (account, _) = Account::register(&pebble.directory(), None).await.unwrap();
    let placed = account.order(&[NAME]).await.unwrap();
    let error = account.go_on(&placed.url, &[NAME], LIMIT).await.unwrap_err();
    assert!(
        matches!(&error, AcmeError::NotProven { name, said, .. } if name == NAME && !said.is_empty()),
        "{error:?}"
    );
    assert_eq!(
        account.look(&placed.url, &[NAME]).await.unwrap().state,
        State::Invalid
    );
    // A wrong value is no better than none.
    let placed = account.order(&[NAME]).await.unwrap();
    pebble.set_record(&placed.records[0].name, "not the one").await;
    let error = account.go_on(&placed.url, &[NAME], LIMIT).await.unwrap_err();
    assert!(matches!(error, AcmeError::NotProven { .. }), "{error:?}");
}

#[tokio::test]
async fn refusals_keep_the_message_of_the_authority() {
    let pebble = Pebble::start().await;
    let (account, _) = Account::register(&pebble.directory(), None).await.unwrap();
    let error = account.order(&["10.0.0.4"]).await.unwrap_err();
    assert!(
        matches!(&error, AcmeError::Refused { said, .. } if !said.is_empty()),
        "{error:?}"
    );
    // A request for other names than were ordered.
    let placed = account.order(&[NAME]).await.unwrap();
    pebble
        .set_record(&placed.records[0].name, &placed.records[0].value)
        .await;
    account.go_on(&placed.url, &[NAME], LIMIT).await.unwrap();
    let other = request::make(&["other.contoso.example"], KeyKind::EcdsaP256).unwrap();
    let error = account.finish(&placed.url, &other.der, LIMIT).await.unwrap_err();
    assert!(matches!(error, AcmeError::Refused { .. }), "{error:?}");
    let error = account
        .look(&format!("{}-gone", placed.url), &[NAME])
        .await
        .unwrap_err();
    assert!(
        matches!(error, AcmeError::Refused { .. } | AcmeError::Protocol { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_untrusted_or_unreachable_authority_is_reported() {
    let nobody = Directory {
        url: "https://127.0.0.1:1/dir".parse().unwrap(),
        extra_roots: None,
    };
    let error = Account::register(&nobody, None).await.unwrap_err();
    assert!(matches!(error, AcmeError::Unreachable { .. }), "{error:?}");
    let plain = Directory {
        url: "http://127.0.0.1:1/dir".parse().unwrap(),
        extra_roots: None,
    };
    let error = Account::register(&plain, None).await.unwrap_err();
    assert!(matches!(error, AcmeError::Address { .. }), "{error:?}");
    let rubbish = Directory {
        extra_roots: Some(b"-----BEGIN CERTIFICATE-----\nMII*\n-----END CERTIFICATE-----\n".to_vec()),
        ..nobody.clone()
    };
    let error = Account::register(&rubbish, None).await.unwrap_err();
    assert!(matches!(error, AcmeError::Roots { .. }), "{error:?}");
    let error = Account::open(&nobody, &"{}".into()).await.unwrap_err();
    assert!(matches!(error, AcmeError::StoredAccount(_)), "{error:?}");
    let pebble = Pebble::start().await;
    let stranger = Directory {
        extra_roots: None,
        ..pebble.directory()
    };
    let error = Account::register(&stranger, None).await.unwrap_err();
    assert!(matches!(error, AcmeError::Unreachable { .. }), "{error:?}");
    assert_eq!(error.distrust(), Some(Distrust::Certificate));
}
