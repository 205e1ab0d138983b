//! Load balancer and TLS changes, and refreshing the classic front end.

use super::*;
use berth_domain::certificate::CertificateFacts;
use berth_domain::facts::Presented;

pub(super) fn rows() -> Vec<Row> {
    let anew = classic(refresh());
    let inward = classic(balance(classic_id(), internal(None)));
    let secures = classic(secure(classic_id(), good::own()));
    let outward = extension(balance(new_id(), LoadBalancer::Public));
    let kept = |good: &Good, kept: Option<CertificateFacts>| {
        facing(good, |facts| facts.change.kept = Fact::Known(kept))
    };
    let stranger = || CertificateFacts {
        key_matches: false,
        ..good::certificate()
    };
    let of_other_route = facing(&anew, |facts| facts.change.compute = Fact::Known(Some(raw_new())));
    let made = with_compute(&anew, "/properties/isAttachedCompute", false.into());
    let no_extension = |good: &Good| facing(good, |facts| facts.extensions = Fact::Known(vec![]));
    let other_name = Tls::Own {
        cname: "new.contoso.com".into(),
        pair: Some(PairRef::Vault { id: "pair-1".into() }),
    };
    let from_nothing = with_compute(
        &secures,
        "/properties/properties/sslConfiguration",
        serde_json::Value::Null,
    );
    let renews = labelled(&classic(renew()));
    let shown =
        |presented: Fact<Option<Presented>>| facing(&renews, |facts| facts.change.presented = presented);
    let new_secures = extension(secure(new_id(), good::own()));
    let logs = |good: &Good| {
        facing(good, |facts| {
            let mut found = beside(false);
            found
                .settings
                .insert("azure_log_analytics.enabled".into(), "True".into());
            facts.extensions = Fact::Known(vec![found]);
        })
    };
    let twice = |good: &Good| {
        facing(good, |facts| {
            let mut failed = good::installed("a-first");
            failed.provisioning_state = "Failed".into();
            facts.extensions = Fact::Known(vec![failed, beside(false)]);
        })
    };
    vec![
        told("REF-01", Blocking, anew.clone(), of_other_route),
        told("TLX-13", Blocking, new_secures.clone(), logs(&new_secures)),
        told("TLX-13", Blocking, outward.clone(), logs(&outward)),
        told("TLX-13", Blocking, moving(finish()), logs(&moving(finish()))),
        told(
            "ATT-22.look",
            Warning,
            renews.clone(),
            facing(&renews, |facts| {
                facts.cluster_rights = Fact::Known(vec![Rights {
                    actions: vec!["*".into()],
                    not_actions: vec!["*/listClusterAdminCredential/action".into()],
                }]);
            }),
        ),
        told("EXT-13", Warning, new_secures.clone(), twice(&new_secures)),
        told(
            "TLS-30",
            Information,
            classic(balance(classic_id(), LoadBalancer::Public)),
            inward.clone(),
        ),
        told("REF-02", Blocking, anew.clone(), made),
        told("REF-03", Blocking, anew.clone(), kept(&anew, None)),
        told("REF-03", Blocking, anew.clone(), kept(&anew, Some(stranger()))),
        told("REF-03", Blocking, outward.clone(), kept(&outward, None)),
        told(
            "REF-03",
            Blocking,
            classic(begin()),
            kept(&classic(begin()), None),
        ),
        told(
            "REF-03",
            Blocking,
            moving(finish()),
            kept(&moving(finish()), None),
        ),
        told(
            "REF-03.expired",
            Warning,
            anew.clone(),
            kept(&anew, Some(expired())),
        ),
        told("REF-03.found", Information, labelled(&anew), anew.clone()),
        told("REF-04", Warning, anew.clone(), labelled(&anew)),
        told(
            "EXS-01",
            Blocking,
            new_secures.clone(),
            no_extension(&new_secures),
        ),
        told("EXS-01", Blocking, outward.clone(), no_extension(&outward)),
        told(
            "EXS-01.untold",
            Blocking,
            outward.clone(),
            with_extension(&outward, |found| found.settings.clear()),
        ),
        told(
            "EXT-06",
            Blocking,
            outward.clone(),
            with_extension(&outward, |found| found.provisioning_state = "Deleting".into()),
        ),
        told(
            "ATT-12.busy",
            Blocking,
            new_secures.clone(),
            with_extension(&new_secures, |found| found.provisioning_state = "Updating".into()),
        ),
        told(
            "ATT-12.failed",
            Warning,
            outward.clone(),
            with_extension(&outward, |found| found.provisioning_state = "Failed".into()),
        ),
        told(
            "EXS-02",
            Blocking,
            outward.clone(),
            extension(balance(new_id(), internal(Some("snet-ilb")))),
        ),
        told("TLS-08", Blocking, renews.clone(), classic(renew())),
        told("TLS-09.due", Information, classic(renew()), renews.clone()),
        told(
            "TLS-09.not_due",
            Warning,
            renews.clone(),
            shown(Fact::Known(Some(presented(71)))),
        ),
        told("TLS-09.none", Warning, renews.clone(), shown(Fact::Known(None))),
        told(
            "TLS-09.unseen",
            Warning,
            renews.clone(),
            shown(Fact::Unknown("no way in".into())),
        ),
        told(
            "TLX-14",
            Information,
            new_secures.clone(),
            extension(secure(new_id(), Tls::None)),
        ),
        told("TLS-29", Warning, secures.clone(), kept(&secures, None)),
        told(
            "TLS-29",
            Warning,
            secures.clone(),
            kept(&secures, Some(stranger())),
        ),
        told(
            "TLS-29",
            Warning,
            new_secures.clone(),
            facing(&new_secures, |facts| {
                facts.change.kept = Fact::Unknown("no way in".into());
            }),
        ),
        told("TLS-05", Blocking, inward.clone(), labelled(&inward)),
        told(
            "TLS-28",
            Warning,
            secures.clone(),
            classic(secure(classic_id(), other_name)),
        ),
        told(
            "TLS-28",
            Warning,
            secures.clone(),
            classic(secure(classic_id(), Tls::None)),
        ),
        told("TLS-28", Warning, secures, from_nothing),
        told(
            "LBR-12",
            Warning,
            classic(balance(classic_id(), LoadBalancer::Public)),
            inward,
        ),
    ]
}

fn with_extension(good: &Good, spoil: fn(&mut ExtensionFacts)) -> Good {
    facing(good, |facts| {
        let Fact::Known(all) = &mut facts.extensions else {
            panic!("extensions");
        };
        all.iter_mut().for_each(spoil);
    })
}

/// A router that only nodes reach has no load balancer, so a public one is a change.
#[test]
fn a_router_without_a_load_balancer_is_not_public_already() {
    let public = extension(balance(new_id(), LoadBalancer::Public));
    let reached = |kind: &'static str| {
        facing(&public, |facts| {
            let Fact::Known(all) = &mut facts.extensions else {
                panic!("extensions");
            };
            let settings = &mut all[0].settings;
            settings.remove("internalLoadBalancerProvider");
            settings.insert(
                "scoringFe.serviceType.internalLoadBalancer".into(),
                "False".into(),
            );
            settings.insert("inferenceRouterServiceType".into(), kind.into());
        })
    };
    let with_balancer = codes(&reached("loadBalancer"));
    assert!(with_balancer.contains("CHG-02") && !with_balancer.contains("LBR-12"));
    for kind in ["nodePort", "clusterIP"] {
        let found = codes(&reached(kind));
        assert!(!found.contains("CHG-02") && found.contains("LBR-12"), "{kind}");
    }
}

#[test]
fn a_certificate_is_backed_up_only_if_the_change_needs_it() {
    let nothing = |good: &Good| facing(good, |facts| facts.change.kept = Fact::Known(None));
    let inward = classic(balance(classic_id(), internal(None)));
    assert!(
        !codes(&nothing(&inward)).contains("REF-03"),
        "a PUT without TLS does not change it"
    );
    let named = facing(&extension(balance(new_id(), LoadBalancer::Public)), |facts| {
        let mut found = beside(false);
        found.settings.insert("sslSecret".into(), "ml-tls".into());
        facts.extensions = Fact::Known(vec![found]);
    });
    assert!(!codes(&nothing(&named)).contains("REF-03"));
    assert!(!codes(&nothing(&labelled(&classic(refresh())))).contains("REF-03"));
}

#[test]
fn tls_rules_apply_to_tls_changes() {
    let label = |overwrite| Tls::Microsoft {
        leaf_domain_label: "contoso".into(),
        overwrite_existing_domain: overwrite,
    };
    let found = findings(&classic(secure(classic_id(), label(true))));
    let of = |code: &str| found.iter().find(|finding| finding.code == code);
    assert!(of("TLS-07").is_some() && of("TLS-10").is_some());
    let address = of("TLS-06").expect("TLS-06");
    assert_eq!(address.params["location"], "westeurope");
    let inside = with_compute(
        &classic(secure(classic_id(), label(false))),
        "/properties/properties/loadBalancerType",
        "InternalLoadBalancer".into(),
    );
    assert!(codes(&inside).contains("TLS-04"));
    assert!(codes(&extension(secure(new_id(), label(false)))).contains("TLX-12"));
    let bad = facing(&classic(secure(classic_id(), good::own())), |facts| {
        facts.certificate = Fact::Known(Ok(CertificateFacts {
            covers: Some(false),
            ..good::certificate()
        }));
    });
    assert!(codes(&bad).contains("TLS-14"));
}
