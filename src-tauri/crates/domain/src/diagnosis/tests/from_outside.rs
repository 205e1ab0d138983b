//! What callers would meet: Service, address, name, connection, certificate.

use super::*;

fn with_front_end(change: impl FnOnce(&mut FrontEndState)) -> Vec<String> {
    codes_after(|symptoms| change(&mut symptoms.front_ends[0]))
}

fn showing(change: impl FnOnce(&mut CertificateFacts)) -> Vec<String> {
    let mut shown = certificate();
    change(&mut shown);
    with_front_end(|front_end| {
        front_end.secret = Fact::Known(Some(shown.clone()));
        front_end.connection = Fact::Known(Connection::Tls(Box::new(shown)));
    })
}

#[test]
fn a_front_end_that_is_said_to_be_there_is_missed() {
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
fn an_address_may_keep_one_waiting() {
    let pending = |kind: &'static str| {
        codes_after(move |symptoms| {
            let mut service = symptoms.inside.services.known().expect("services")[0].clone();
            service.kind = kind.to_owned();
            service.address = None;
            symptoms.inside.services = Fact::Known(vec![service]);
        })
    };
    assert_eq!(pending("LoadBalancer"), ["address_pending"]);
    assert!(pending("ClusterIP").is_empty(), "such a service has none");
}

#[test]
fn a_front_end_with_nothing_behind_it_says_no_more_than_that() {
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
fn connections_that_fail() {
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
fn a_name_leads_to_the_front_end_or_it_is_said_where() {
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
        "a private zone is not seen from here"
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
fn a_certificate_that_callers_will_not_take() {
    let expired = showing(|facts| {
        facts.expired = true;
        facts.days_left = -12;
    });
    assert_eq!(expired, ["certificate_expired"]);
    assert_eq!(
        showing(|facts| facts.not_yet_valid = true),
        ["certificate_not_yet_valid"]
    );
    assert_eq!(
        showing(|facts| facts.covers = Some(false)),
        ["certificate_other_name"]
    );
    assert_eq!(showing(|facts| facts.days_left = 30), ["certificate_ends_soon"]);
    assert!(showing(|facts| facts.days_left = 31).is_empty());
    assert!(
        showing(|facts| facts.covers = None).is_empty(),
        "no name to compare with"
    );
}

#[test]
fn the_certificate_in_the_secret_counts_where_none_could_be_seen() {
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
fn another_certificate_than_the_one_in_the_secret_is_noticed() {
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
    assert!(same.is_empty(), "written in another case");
}

#[test]
fn a_secret_that_is_not_there_is_missed_where_tls_is_on() {
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
