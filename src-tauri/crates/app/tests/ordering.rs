//! Certificates from other authorities, from the order to the pair in the keychain: by ACME against a real server, and
//! by certificate request in a file.

#![expect(clippy::unwrap_used, reason = "a test fails on an unexpected value")]

#[path = "../../acme/tests/acme/hostile.rs"]
mod hostile;
#[path = "../../acme/tests/acme/pebble.rs"]
mod pebble;

use berth_acme::Directory;
use berth_app::Home;
use berth_app::{Berth, Options, words};
use berth_contract::failure::FailureCode;
use berth_contract::model::{AcmeOrderArgs, CertificateOrder, CertificateQuestion, CertificateRequestOrder};
use berth_domain::dns::{DnsKind, DnsRecord};
use berth_domain::spec::{KeyKind, Recipe, RecipeIssuer};
use hostile::Answers;
use pebble::Pebble;
use std::path::Path;
use std::process::Command;

const NAME: &str = "ml.contoso.example";

fn berth(folder: &Path) -> Berth {
    with_nameserver(folder, None)
}

/// Opens Berth with its own DNS server.
fn with_nameserver(folder: &Path, nameserver: Option<std::net::SocketAddr>) -> Berth {
    let options = Options {
        memory_only: true,
        nameserver,
        ..Options::new(Home::at(folder))
    };
    Berth::open(options).unwrap()
}

fn args(folder: &Path, pebble: &Pebble) -> AcmeOrderArgs {
    args_at(folder, pebble.directory())
}

fn args_at(folder: &Path, directory: Directory) -> AcmeOrderArgs {
    let roots = folder.join("authority.pem");
    std::fs::write(&roots, directory.extra_roots.unwrap()).unwrap();
    AcmeOrderArgs {
        directory: directory.url.to_string(),
        extra_roots: Some(roots.display().to_string()),
        mail: None,
        agreed: true,
        names: vec![NAME.to_owned()],
        key: KeyKind::Rsa2048,
    }
}

#[tokio::test]
async fn a_name_that_was_not_ordered_is_reported() {
    for stranger in ["victim.example", "$(id)\u{1b}[31m.victim.example"] {
        let folder = tempfile::tempdir().unwrap();
        let directory = hostile::serve(Answers::about(&[(stranger, false)])).await;
        let failure = berth(folder.path())
            .certificates()
            .order(&args_at(folder.path(), directory))
            .await
            .unwrap_err();
        let (title, explanation) = words::failure(&failure);
        assert_eq!(
            (failure.code, failure.params["value"].as_str()),
            (FailureCode::AuthorityRefused, stranger)
        );
        assert_eq!(title, "The certificate authority refused the request");
        let expected = format!(
            "The response from 127.0.0.1 cannot be used: it contains “{stranger}”, which was not ordered. Do not create any record it asks for; report this to the certificate authority."
        );
        assert_eq!(explanation, expected);
    }
}

#[tokio::test]
async fn a_finished_order_stores_its_pair_in_the_keychain() {
    let pebble = Pebble::start().await;
    let folder = tempfile::tempdir().unwrap();
    let berth = berth(folder.path());
    let args = args(folder.path(), &pebble);
    // The first attempt comes before its record exists, so the order becomes invalid, and that is stored.
    let early = berth.certificates().order(&args).await.unwrap();
    let failure = berth.certificates().finish_order(&early.id).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::NameNotProven, "{failure:?}");
    assert_eq!(failure.params["name"], NAME);
    assert!(berth.certificates().orders().unwrap()[0].failed);
    berth.certificates().drop_order(&early.id).await.unwrap();
    assert!(berth.certificates().requests().unwrap().is_empty());

    let order = berth.certificates().order(&args).await.unwrap();
    assert_eq!(order.records[0].name, format!("_acme-challenge.{NAME}"));
    pebble
        .set_record(&order.records[0].name, &order.records[0].value)
        .await;
    assert!(
        !berth
            .certificates()
            .refresh_order(&order.id)
            .await
            .unwrap()
            .failed
    );
    let report = berth.certificates().finish_order(&order.id).await.unwrap();
    assert_eq!(
        (report.facts.covers, report.facts.key_matches),
        (Some(true), true)
    );
    let question = CertificateQuestion {
        pair: report.pair,
        cname: NAME.to_owned(),
    };
    let stored = berth.certificates().check(&question).await.unwrap();
    assert_eq!(stored.facts.sha256, report.facts.sha256);
    assert!(berth.certificates().orders().unwrap().is_empty());
    assert!(berth.certificates().requests().unwrap().is_empty());
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(
                !text.contains("PRIVATE KEY") && !text.contains("key_pkcs8"),
                "{}",
                path.display()
            );
        }
    }
}

#[tokio::test]
async fn a_record_is_seen_as_soon_as_it_exists() {
    let pebble = Pebble::start().await;
    let folder = tempfile::tempdir().unwrap();
    let berth = with_nameserver(folder.path(), Some(pebble.nameserver));
    let address = DnsRecord {
        name: NAME.to_owned(),
        kind: DnsKind::A,
        value: "20.1.2.3".to_owned(),
    };
    let proof = DnsRecord {
        name: format!("_acme-challenge.{NAME}."),
        kind: DnsKind::Txt,
        value: "LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo".to_owned(),
    };
    for record in [&address, &proof] {
        let seen = berth.look_up_dns(record).await.unwrap();
        assert!(!seen.agrees && seen.values.is_empty(), "{seen:?}");
    }
    pebble.set_address(NAME, "20.9.9.9").await;
    let elsewhere = berth.look_up_dns(&address).await.unwrap();
    assert_eq!(
        (elsewhere.agrees, elsewhere.values.as_slice()),
        (false, &["20.9.9.9".to_owned()][..])
    );
    assert!(elsewhere.ttl_seconds.is_some());
    pebble.set_address(NAME, "20.1.2.3").await;
    pebble
        .set_record(proof.name.trim_end_matches('.'), &proof.value)
        .await;
    for record in [&address, &proof] {
        let seen = berth.look_up_dns(record).await.unwrap();
        assert!(seen.agrees, "{seen:?}");
    }
    // A server that does not answer is reported as a problem, not as a missing record.
    let silent = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let berth = with_nameserver(&folder.path().join("silent"), silent.local_addr().ok());
    let seen = berth.look_up_dns(&address).await.unwrap();
    assert!(!seen.agrees && seen.problem.is_some(), "{seen:?}");
    let nameless = DnsRecord {
        name: format!("{}.com", "a".repeat(70)),
        ..address
    };
    let failure = berth.look_up_dns(&nameless).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::BadInput);
}

#[tokio::test]
async fn certificate_files_answer_a_request_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let berth = berth(&place("home"));
    let order = CertificateRequestOrder {
        names: vec![NAME.to_owned()],
        key: KeyKind::EcdsaP384,
    };
    let other = berth.certificates().request(&order).await.unwrap();
    let request = berth.certificates().request(&order).await.unwrap();
    berth
        .certificates()
        .write_request(&request, &place("it.csr"))
        .unwrap();
    for command in [
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -subj /CN=CA",
        "x509 -req -in it.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 -copy_extensions copyall -out it.pem",
    ] {
        let output = Command::new("openssl")
            .args(command.split(' '))
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
    }
    let failure = berth
        .certificates()
        .answer_request_files(&[&place("ca.pem")])
        .await
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::NotFound);
    let (found, report) = berth
        .certificates()
        .answer_request_files(&[&place("ca.pem"), &place("it.pem")])
        .await
        .unwrap();
    assert_eq!((found.id, report.facts.covers), (request.id, Some(true)));
    assert_eq!(berth.certificates().requests().unwrap(), [other]);
    let written = berth
        .certificates()
        .export(&report.pair, NAME, &place("out"))
        .await
        .unwrap();
    assert_eq!(written.len(), 2);
}

#[tokio::test]
async fn the_exported_root_is_the_one_that_signs() {
    let folder = tempfile::tempdir().unwrap();
    let berth = berth(&folder.path().join("home"));
    let file = folder.path().join("root.pem");
    let root = berth.certificates().write_authority_root(&file).await.unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), root.pem);
    let order = CertificateOrder {
        cname: NAME.to_owned(),
        recipe: Recipe {
            issuer: RecipeIssuer::LocalCa,
            ..Recipe::default()
        },
    };
    let (report, files) = berth
        .certificates()
        .make_files(&order, &folder.path().join("made"))
        .await
        .unwrap();
    assert_eq!(report.facts.chain.last().unwrap().sha256, root.sha256);
    assert!(std::fs::read_to_string(&files[0]).unwrap().ends_with(&root.pem));
    let failure = berth
        .certificates()
        .write_authority_root(&file)
        .await
        .unwrap_err();
    assert_eq!(failure.code, FailureCode::FileProblem);
}
