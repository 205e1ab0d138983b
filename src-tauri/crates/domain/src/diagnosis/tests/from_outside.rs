//! What clients see: Service, address, DNS name, connection, certificate.

use super::*;

fn with_front_end(change: impl FnOnce(&mut FrontEndState)) -> Vec<String> {
    codes_after(|symptoms| change(&mut symptoms.front_ends[0]))
}

fn with_certificate(change: impl FnOnce(&mut CertificateFacts)) -> Vec<String> {
    let mut shown = certificate();
    change(&mut shown);
    with_front_end(|front_end| {
        front_end.secret = Fact::Known(Some(shown.clone()));
        front_end.connection = Fact::Known(Connection::Tls(Box::new(shown)));
    })
}

#[test]
fn an_installed_front_end_without_a_service_is_missing() {
    let without = |installed: bool| {
        codes_after(move |symptoms| {
            symptoms.inside.services = Fact::Known(Vec::new());
            symptoms.front_ends[0].installed = installed;
        })
    };
    assert_eq!(without(true), ["front_end_missing"]);
    assert!(without(false).is_empty());
    let unknown = codes_after(|symptoms| symptoms.inside.services = Fact::Unknown("Forbidden".to_owned()));
    assert!(unknown.is_empty());
}

#[test]
fn a_load_balancer_without_an_address_is_pending() {
    let pending = |kind: &'static str| {
        codes_after(move |symptoms| {
            let mut service = symptoms.inside.services.known().expect("services")[0].clone();
            service.kind = kind.to_owned();
            service.address = None;
            symptoms.inside.services = Fact::Known(vec![service]);
        })
    };
    assert_eq!(pending("LoadBalancer"), ["address_pending"]);
    assert!(
        pending("ClusterIP").is_empty(),
        "a ClusterIP service has no external address"
    );
}

#[test]
fn missing_endpoints_explain_a_silent_front_end() {
    let codes = codes_after(|symptoms| {
        symptoms.inside.endpoints = Fact::Known(vec![EndpointFacts {
            namespace: "azureml".to_owned(),
            service: "azureml-fe".to_owned(),
            ready: 0,
            not_ready: 3,
        }]);
        symptoms.front_ends[0].connection = Fact::Known(Connection::Silent("refused".to_owned()));
    });
    assert_eq!(codes, ["no_backends"]);
}

#[test]
fn failed_connections_are_reported() {
    let silent = Connection::Silent("timed out".to_owned());
    assert_eq!(
        with_front_end(|front_end| front_end.connection = Fact::Known(silent)),
        ["front_end_silent"]
    );
    let broken = Connection::NoTls("alert".to_owned());
    assert_eq!(
        with_front_end(|front_end| front_end.connection = Fact::Known(broken)),
        ["tls_fails"]
    );
    assert!(with_front_end(|front_end| front_end.connection = Fact::Known(Connection::Plain)).is_empty());
    assert!(
        with_front_end(|front_end| front_end.connection = Fact::Unknown("internal".to_owned())).is_empty()
    );
}

#[test]
fn a_name_that_does_not_resolve_to_the_front_end_is_reported() {
    let to = |addresses: &[&str]| Fact::Known(addresses.iter().map(|&one| one.to_owned()).collect());
    assert_eq!(
        with_front_end(|front_end| front_end.addresses = to(&["1.2.3.4"])),
        ["name_elsewhere"]
    );
    assert!(with_front_end(|front_end| front_end.addresses = to(&["1.2.3.4", "20.1.2.3"])).is_empty());
    let found = diagnosis_after(|symptoms| symptoms.front_ends[0].addresses = to(&[]));
    assert_eq!(
        (found.causes[0].code.as_str(), found.causes[0].severity),
        ("name_missing", Severity::Blocking)
    );
    let internal = diagnosis_after(|symptoms| {
        symptoms.front_ends[0].addresses = to(&[]);
        symptoms.front_ends[0].internal = true;
    });
    assert_eq!(
        internal.causes[0].severity,
        Severity::Warning,
        "this computer may not see the private zone"
    );
    let of_azure = with_front_end(|front_end| {
        front_end.addresses = to(&[]);
        front_end.name_of_azure = true;
    });
    assert!(of_azure.is_empty());
    let unnamed = with_front_end(|front_end| {
        front_end.name = None;
        front_end.addresses = to(&[]);
    });
    assert!(unnamed.is_empty());
}

#[test]
fn certificates_that_clients_reject_are_reported() {
    let expired = with_certificate(|facts| {
        facts.expired = true;
        facts.days_left = -12;
    });
    assert_eq!(expired, ["certificate_expired"]);
    assert_eq!(
        with_certificate(|facts| facts.not_yet_valid = true),
        ["certificate_not_yet_valid"]
    );
    assert_eq!(
        with_certificate(|facts| facts.covers = Some(false)),
        ["certificate_other_name"]
    );
    assert_eq!(
        with_certificate(|facts| facts.days_left = 30),
        ["certificate_ends_soon"]
    );
    assert!(with_certificate(|facts| facts.days_left = 31).is_empty());
    assert!(
        with_certificate(|facts| facts.covers = None).is_empty(),
        "no name to compare with"
    );
}

#[test]
fn the_certificate_in_the_secret_is_judged_if_none_was_presented() {
    let codes = with_front_end(|front_end| {
        front_end.connection = Fact::Unknown("internal".to_owned());
        front_end.secret = Fact::Known(Some(CertificateFacts {
            expired: true,
            ..certificate()
        }));
    });
    assert_eq!(codes, ["certificate_expired"]);
}

#[test]
fn a_presented_certificate_that_differs_from_the_secret_is_reported() {
    let codes = with_front_end(|front_end| {
        front_end.secret = Fact::Known(Some(CertificateFacts {
            sha256: "BB".to_owned(),
            ..certificate()
        }));
    });
    assert_eq!(codes, ["certificate_not_applied"]);
    let same = with_front_end(|front_end| {
        front_end.secret = Fact::Known(Some(CertificateFacts {
            sha256: "AA".to_owned(),
            ..certificate()
        }));
    });
    assert!(same.is_empty(), "the fingerprint differs only in case");
}

#[test]
fn a_missing_secret_is_reported_if_tls_is_on() {
    let missing = |tls: bool| {
        with_front_end(move |front_end| {
            front_end.tls = tls;
            front_end.secret = Fact::Known(None);
            front_end.connection = Fact::NotAsked;
        })
    };
    assert_eq!(missing(true), ["certificate_missing"]);
    assert!(missing(false).is_empty());
}
