//! The rollback steps of TLS changes.

use super::serving::{PROTECTED, SETTINGS, both, extension_path};
use super::*;

/// The rollback request.
fn rollback(good: &Good) -> (String, Value) {
    let back = planned(good).back;
    let ids: Vec<&str> = back.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(ids, ["change_resource_former_tls", "prove_former"]);
    let request = back[0].request.clone().expect("a request");
    (
        format!("{} {}", request.method, request.path),
        request.body.expect("a body"),
    )
}

/// Certificate, host name and TLS that the rollback's proof expects.
fn expected_after_rollback(good: &Good) -> (Option<String>, Option<String>, bool) {
    let StepKind::Prove {
        shows: ToShow::Former { sha256 },
        cname,
        tls,
        ..
    } = planned(good).back[1].kind.clone()
    else {
        panic!("a proof of the former certificate");
    };
    (sha256, cname, tls)
}

#[test]
fn a_tls_change_of_a_classic_compute_has_rollback_steps() {
    let own = classic(secure(classic_id(), good::generated()));
    let former = PairRef::Vault {
        id: "run-p-1-former".into(),
    };
    assert_eq!(planned(&own).former, Some(former.clone()));
    assert_ne!(planned(&own).pair, Some(former));
    let (path, body) = rollback(&own);
    assert_eq!(path, format!("PUT {}{COMPUTE_API}", classic_id()));
    let ssl = |body: &Value| body["properties"]["properties"]["sslConfiguration"].clone();
    assert_eq!(ssl(&body)["cname"], "ml.contoso.com");
    assert_eq!(ssl(&body)["key"], SecretPart::KeyPem.marker());
    let sha256 = good::certificate().sha256;
    assert_eq!(
        expected_after_rollback(&own),
        (Some(sha256), Some("ml.contoso.com".into()), true)
    );

    let label = labelled(&own);
    assert_eq!(
        ids(&label),
        ["make_certificate", "change_resource_tls", "prove"],
        "no certificate to back up"
    );
    let again = json!({ "status": "Auto", "leafDomainLabel": "contoso", "overwriteExistingDomain": false });
    assert_eq!(ssl(&rollback(&label).1), again, "the label is unchanged");
    assert_eq!(expected_after_rollback(&label), (None, None, true));

    let off = with_compute(&own, "/properties/properties/sslConfiguration", Value::Null);
    assert_eq!(ssl(&rollback(&off).1), json!({ "status": "Disabled" }));
    assert!(!expected_after_rollback(&off).2);

    let lost = facing(&own, |facts| {
        facts.change.kept = Fact::Unknown("no way in".into())
    });
    assert_eq!(ids(&lost), ["make_certificate", "change_resource_tls", "prove"]);
    assert_eq!((planned(&lost).former, planned(&lost).back), (None, vec![]));
}

#[test]
fn rolling_back_tls_restores_the_extensions_settings() {
    let inline = extension(secure(new_id(), good::own()));
    let (path, body) = rollback(&inline);
    assert_eq!(path, extension_path());
    assert_eq!(body.pointer(PROTECTED), Some(&both()));
    let named = facing(&inline, |facts| {
        let mut found = beside(false);
        found
            .settings
            .insert("scoringFe.sslSecret".into(), "ml-tls".into());
        facts.extensions = Fact::Known(vec![found]);
    });
    assert_eq!(
        ids(&named),
        ["change_resource_tls", "prove"],
        "its secret is not changed"
    );
    let (_, body) = rollback(&named);
    assert_eq!(body.pointer(PROTECTED), Some(&json!({})));
    let settings = body.pointer(SETTINGS).expect("settings");
    assert_eq!(settings["scoringFe.sslSecret"], "ml-tls");
    assert_eq!(settings["sslCname"], "ml.contoso.com");
    assert_eq!(
        expected_after_rollback(&named).0,
        Some(good::certificate().sha256)
    );
    let off = facing(&inline, |facts| {
        let mut found = beside(false);
        found
            .settings
            .insert("allowInsecureConnections".into(), "True".into());
        facts.extensions = Fact::Known(vec![found]);
    });
    let (_, body) = rollback(&off);
    assert_eq!(
        body.pointer(&format!("{SETTINGS}/allowInsecureConnections")),
        Some(&json!("True"))
    );
    let unread = facing(&inline, |facts| facts.extensions = Fact::Unknown("403".into()));
    assert_eq!(planned(&unread).back, vec![]);
}
