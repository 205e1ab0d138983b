//! Urgency, agreement and renewal, derived from observed certificates.

use crate::good;
use berth_domain::certificate::{CertificateFacts, ChainCertificate};
use berth_domain::inventory::*;
use berth_domain::spec::Route;
use jiff::{SignedDuration, Timestamp};

/// A certificate valid for 300 days, of which `days` have passed.
pub(crate) fn run_for(days: i64) -> CertificateFacts {
    let now = now();
    let from = now - SignedDuration::from_hours(24 * days);
    CertificateFacts {
        not_before: from.to_string(),
        not_after: (from + SignedDuration::from_hours(24 * 300)).to_string(),
        life_days: 300,
        ..good::certificate()
    }
}

pub(crate) fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().expect("a moment")
}

fn seen(place: PlaceKind, sha256: Option<&str>) -> PlaceSeen {
    PlaceSeen {
        place,
        certificate: sha256.map(|sha256| CertificateFacts {
            sha256: sha256.to_owned(),
            ..good::certificate()
        }),
        why: None,
    }
}

pub(crate) fn endpoint(certificate: CertificateFacts) -> EndpointCertificates {
    EndpointCertificates {
        compute_id: "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w/computes/churn"
            .to_owned(),
        also: vec![],
        cluster_id: "/c".to_owned(),
        route: Route::Classic,
        tls: TlsKind::Own,
        name: Some("ml.contoso.com".to_owned()),
        label: None,
        address: None,
        places: vec![PlaceSeen {
            place: PlaceKind::Wire,
            certificate: Some(certificate),
            why: None,
        }],
        agreement: Agreement::Alone,
        due: Due::Unknown,
        renew_at: None,
        renewal: Renewal::Bring,
    }
}

#[test]
fn urgency_grows_towards_expiry() {
    for (days, expected) in [
        (0, Due::Fine),
        (199, Due::Fine),
        (200, Due::Renew),
        (285, Due::Renew),
        (286, Due::Soon),
        (296, Due::Soon),
        (297, Due::Urgent),
        (300, Due::Urgent),
        (301, Due::Expired),
    ] {
        assert_eq!(due_of(&run_for(days), now()), expected, "after {days} days");
    }
    let unreadable = CertificateFacts {
        not_after: "soon".to_owned(),
        ..good::certificate()
    };
    assert_eq!(due_of(&unreadable, now()), Due::Unknown);
    assert!(Due::Expired > Due::Urgent && Due::Renew > Due::Fine && Due::Fine > Due::Unknown);
}

#[test]
fn renewal_is_due_after_two_thirds_of_the_lifetime() {
    let mark = renew_at(&run_for(0)).expect("a moment");
    assert_eq!(mark.duration_since(now()), SignedDuration::from_hours(24 * 200));
}

#[test]
fn long_lived_certificates_are_not_due_yet() {
    let long = CertificateFacts {
        not_before: "1975-01-01T00:00:00Z".to_owned(),
        not_after: "2035-01-01T00:00:00Z".to_owned(),
        ..good::certificate()
    };
    assert_eq!(due_of(&long, now()), Due::Fine);
    let mark = renew_at(&long).expect("a moment");
    assert_eq!(mark.to_string(), "2034-01-01T00:00:00Z");
}

#[test]
fn places_agree_or_differ() {
    let (wire, cluster) = (PlaceKind::Wire, PlaceKind::Cluster);
    for (places, expected) in [
        (vec![], Agreement::None),
        (vec![seen(wire, None), seen(cluster, None)], Agreement::None),
        (vec![seen(wire, Some("a")), seen(cluster, None)], Agreement::Alone),
        (
            vec![seen(wire, Some("a")), seen(cluster, Some("a"))],
            Agreement::Agree,
        ),
        (
            vec![
                seen(wire, Some("a")),
                seen(cluster, Some("a")),
                seen(PlaceKind::Applied, Some("b")),
            ],
            Agreement::Differ,
        ),
    ] {
        assert_eq!(agreement_of(&places), expected, "{places:?}");
    }
}

#[test]
fn a_certificate_that_does_not_cover_the_name_has_the_wrong_name() {
    for (covers, tls, expected) in [
        (Some(false), TlsKind::Own, true),
        (Some(true), TlsKind::Own, false),
        (None, TlsKind::Microsoft, false),
        (Some(false), TlsKind::Off, false),
    ] {
        let certificate = CertificateFacts {
            covers,
            ..good::certificate()
        };
        let one = EndpointCertificates {
            tls,
            ..endpoint(certificate)
        };
        assert_eq!(one.has_wrong_name(), expected, "{covers:?} {tls:?}");
    }
}

#[test]
fn the_served_certificate_takes_precedence() {
    let mut endpoint = endpoint(run_for(0));
    endpoint.places = vec![
        seen(PlaceKind::Applied, Some("a")),
        seen(PlaceKind::Cluster, Some("b")),
        seen(PlaceKind::Wire, Some("c")),
    ];
    let in_force = |endpoint: &EndpointCertificates| endpoint.in_force().map(|found| found.sha256.clone());
    assert_eq!(in_force(&endpoint).as_deref(), Some("c"));
    endpoint.places.pop();
    assert_eq!(in_force(&endpoint).as_deref(), Some("b"));
    endpoint.places.pop();
    assert_eq!(in_force(&endpoint).as_deref(), Some("a"));
}

#[test]
fn berth_renews_certificates_it_can_generate() {
    let own = |part: CertificateFacts| renewal_of(TlsKind::Own, Some(&part), Some("root"));
    let below = |root: &str| CertificateFacts {
        chain: vec![ChainCertificate {
            subject: String::new(),
            issuer: String::new(),
            not_before: String::new(),
            not_after: String::new(),
            days_left: 1,
            role: "root".to_owned(),
            signed_by_next: Some(true),
            problems: vec![],
            sha256: root.to_owned(),
        }],
        ..good::certificate()
    };
    let self_signed = CertificateFacts {
        self_signed: true,
        ..good::certificate()
    };
    assert_eq!(own(self_signed), Renewal::SelfSigned);
    assert_eq!(own(below("root")), Renewal::LocalAuthority);
    assert_eq!(own(below("another")), Renewal::Bring);
    // Without a local CA, no chain ends at it, not even one without a root.
    assert_eq!(
        renewal_of(TlsKind::Own, Some(&good::certificate()), None),
        Renewal::Bring
    );
    assert_eq!(renewal_of(TlsKind::Own, None, Some("root")), Renewal::Bring);
    assert_eq!(renewal_of(TlsKind::Microsoft, None, None), Renewal::Microsoft);
    assert_eq!(renewal_of(TlsKind::Off, None, None), Renewal::Nothing);
    assert!(Renewal::LocalAuthority.by_itself() && !Renewal::Microsoft.by_itself());
}

#[test]
fn saved_inventories_age() {
    let kept = Inventory {
        read_at: now().to_string(),
        subscription_id: "s".to_owned(),
        endpoints: vec![endpoint(run_for(0)), endpoint(run_for(100))],
        kept: vec![],
        problems: vec![],
    };
    let later = now() + SignedDuration::from_hours(24 * 199 + 1);
    let aged = aged(kept, later);
    let found: Vec<_> = aged
        .endpoints
        .iter()
        .map(|one| (one.due, one.in_force().map(|found| found.days_left)))
        .collect();
    assert_eq!(found, [(Due::Urgent, Some(0)), (Due::Fine, Some(100))]);
}
