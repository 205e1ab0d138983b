use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn front_end(address: &str, public: bool, subnet: Option<&str>) -> FrontEndAddress {
    FrontEndAddress {
        address: address.to_owned(),
        public,
        name: "fe".to_owned(),
        subnet: subnet.map(str::to_owned),
    }
}

#[test]
fn a_name_holds_when_it_resolves_to_the_address() {
    let at = ip("20.1.2.3");
    let (check, record) = name("ml.contoso.com", at, false, &[ip("20.1.2.3")]);
    assert_eq!((check.state, record), (ProofCheckState::Holds, None));
    let (check, record) = name("ml.contoso.com", at, false, &[]);
    assert_eq!(
        (check.state, check.code.as_str()),
        (ProofCheckState::ToDo, "name.missing")
    );
    let record = record.expect("the record is written out");
    assert_eq!(
        (record.name.as_str(), record.kind.as_str(), record.value.as_str()),
        ("ml.contoso.com", "A", "20.1.2.3")
    );
    let (check, record) = name("ml.contoso.com", at, false, &[ip("20.9.9.9"), ip("20.9.9.8")]);
    assert_eq!(
        (check.code.as_str(), check.params["found"].as_str()),
        ("name.elsewhere", "20.9.9.9, 20.9.9.8")
    );
    assert!(record.is_some());
    let (check, record) = name("x1.westeurope.cloudapp.azure.com", at, true, &[]);
    assert_eq!(
        (check.state, record),
        (ProofCheckState::NotFromHere, None),
        "Azure makes that record"
    );
    let (_, record) = name("ml.contoso.com", ip("2a01::1"), false, &[]);
    assert_eq!(record.map(|record| record.kind.as_str()), Some("AAAA"));
}

#[test]
fn an_address_of_the_other_kind_fails() {
    let at = ip("20.1.2.3");
    let public = || {
        Ok(vec![
            front_end("20.9.9.9", true, None),
            front_end("20.1.2.3", true, None),
        ])
    };
    let private = |subnet| Ok(vec![front_end("20.1.2.3", false, subnet)]);
    for (check, state, code) in [
        (
            address(at, false, false, public()),
            ProofCheckState::Holds,
            "address.public",
        ),
        (
            address(at, true, true, private(Some("aks"))),
            ProofCheckState::Holds,
            "address.in_subnet",
        ),
        (
            address(at, true, true, private(None)),
            ProofCheckState::Holds,
            "address.internal",
        ),
        (
            address(at, true, true, public()),
            ProofCheckState::Fails,
            "address.not_internal",
        ),
        (
            address(at, true, false, private(None)),
            ProofCheckState::Fails,
            "address.not_internal",
        ),
        (
            address(at, false, false, private(None)),
            ProofCheckState::Fails,
            "address.not_public",
        ),
        (
            address(at, false, true, public()),
            ProofCheckState::Fails,
            "address.not_public",
        ),
        (
            address(at, false, false, Ok(vec![])),
            ProofCheckState::Fails,
            "address.unknown",
        ),
        (
            address(at, false, false, Err("no".to_owned())),
            ProofCheckState::NotFromHere,
            "address.unconfirmed",
        ),
    ] {
        assert_eq!((check.state, check.code.as_str()), (state, code));
    }
}

#[test]
fn another_certificate_than_the_applied_one_fails() {
    let shown = Handshake {
        protocol: "TLSv1.2".to_owned(),
        cipher: "C".to_owned(),
        chain: Vec::new(),
        leaf_sha256: "ab".to_owned(),
        trust: None,
        took: Duration::ZERO,
    };
    for (check, state, code) in [
        (applied(&shown, "AB"), ProofCheckState::Holds, "tls.same"),
        (applied(&shown, "cd"), ProofCheckState::Fails, "tls.other"),
        (
            former_again(&shown, "AB"),
            ProofCheckState::Holds,
            "tls.former_again",
        ),
        (
            former_again(&shown, "cd"),
            ProofCheckState::Fails,
            "tls.not_former",
        ),
    ] {
        assert_eq!((check.state, check.code.as_str()), (state, code));
    }
    let names = |covers| Some((vec!["a.b".to_owned()], covers));
    assert_eq!(covered(&shown, "a.b", names(true)).state, ProofCheckState::Holds);
    assert_eq!(covered(&shown, "c.d", names(false)).code, "tls.other_name");
    assert_eq!(covered(&shown, "c.d", None).state, ProofCheckState::Fails);
}

#[test]
fn a_due_renewal_is_waited_for() {
    let shown = |sha256: &str| Handshake {
        protocol: "TLSv1.2".to_owned(),
        cipher: "C".to_owned(),
        chain: Vec::new(),
        leaf_sha256: sha256.to_owned(),
        trust: None,
        took: Duration::ZERO,
    };
    let good_for = |sha256: &str, days_left: i32| Presented {
        sha256: sha256.to_owned(),
        not_after: format!("20{days_left}-01-01T00:00:00Z"),
        days_left,
    };
    let seen = |now: &str, days, former: Option<(&str, i32)>| {
        let former = former.map(|(sha256, days)| good_for(sha256, days));
        let now = good_for(now, days);
        let check = renewed(&shown(&now.sha256), "a.b", Some(now.clone()), former.as_ref());
        (check.state, check.code)
    };
    let of = |state, code: &str| (state, code.to_owned());
    let waits = of(ProofCheckState::Waits, "tls.not_renewed");
    let holds = of(ProofCheckState::Holds, "tls.renewed");
    assert_eq!(seen("aa", 20, Some(("aa", 20))), waits);
    assert_eq!(seen("bb", 90, Some(("aa", 20))), holds);
    assert_eq!(seen("bb", 19, Some(("aa", 20))), waits, "another, and no newer");
    assert_eq!(
        seen("aa", 71, Some(("aa", 71))),
        of(ProofCheckState::NotAsked, "tls.not_due")
    );
    // The former certificate was never seen.
    assert_eq!(seen("aa", 90, None), holds);
    assert_eq!(seen("aa", 20, None), waits);
    assert_eq!(renewed(&shown("aa"), "c.d", None, None).code, "tls.other_name");
}

#[test]
fn urls_omit_the_default_port() {
    let at = ip("20.1.2.3");
    assert_eq!(
        url(true, Some("ml.contoso.com"), at, 443),
        "https://ml.contoso.com/"
    );
    assert_eq!(url(true, None, at, 8443), "https://20.1.2.3:8443/");
    assert_eq!(url(false, None, ip("2a01::1"), 80), "http://[2a01::1]/");
}

#[test]
fn an_unreachable_internal_address_does_not_fail() {
    let at = "10.0.0.7:443".parse().unwrap();
    let checks = not_from_here(at, true);
    assert!(
        checks
            .iter()
            .all(|check| check.state == ProofCheckState::NotFromHere)
    );
    let plain = not_from_here(at, false);
    assert_eq!(plain[1].state, ProofCheckState::NotAsked);
}
