//! Plans for load balancer and TLS changes and for refreshing the classic front end.

use super::*;

pub(super) const PROTECTED: &str = "/properties/configurationProtectedSettings";
pub(super) const SETTINGS: &str = "/properties/configurationSettings";

/// Both protected settings, as placeholders.
pub(super) fn both() -> Value {
    json!({
        "scoringFe.sslCert": SecretPart::CertificateBase64.marker(),
        "scoringFe.sslKey": SecretPart::KeyBase64.marker(),
    })
}

pub(super) fn extension_path() -> String {
    format!("PATCH {}{EXTENSION_API}", beside(false).id)
}

fn proof(good: &Good) -> (String, String, LoadBalancer, bool) {
    let StepKind::Prove {
        compute_id,
        namespace,
        load_balancer,
        tls,
        ..
    } = step(good, "prove").kind
    else {
        panic!("a proof");
    };
    (compute_id, namespace, load_balancer, tls)
}

#[test]
fn changing_a_classic_load_balancer_omits_tls() {
    for (wanted, sent) in [
        (
            internal(Some("snet-ilb")),
            json!({ "clusterPurpose": "FastProd", "loadBalancerType": "InternalLoadBalancer", "loadBalancerSubnet": "snet-ilb" }),
        ),
        (
            internal(None),
            json!({ "clusterPurpose": "FastProd", "loadBalancerType": "InternalLoadBalancer" }),
        ),
        (
            LoadBalancer::Public,
            json!({ "clusterPurpose": "FastProd", "loadBalancerType": "PublicIp" }),
        ),
    ] {
        let good = classic(balance(classic_id(), wanted.clone()));
        assert_eq!(ids(&good), ["change_resource_load_balancer", "prove"]);
        assert_eq!(
            path(&good, "change_resource_load_balancer"),
            format!("PUT {}{COMPUTE_API}", classic_id())
        );
        let body = body(&good, "change_resource_load_balancer");
        assert_eq!(body["properties"]["properties"], sent);
        assert_eq!(body["properties"]["description"], "Fraud in production");
        assert_eq!(body["tags"], json!({ "team": "fraud" }));
        assert!(body["properties"].get("provisioningState").is_none());
        assert_eq!(proof(&good), (classic_id(), "default".into(), wanted, true));
        assert_eq!(planned(&good).pair, None);
    }
}

#[test]
fn every_update_of_the_extension_resends_its_certificate() {
    let good = extension(balance(new_id(), LoadBalancer::Public));
    assert_eq!(
        ids(&good),
        ["keep_certificate", "change_resource_load_balancer", "prove"]
    );
    let StepKind::KeepCertificate { namespace, .. } = step(&good, "keep_certificate").kind else {
        panic!("kept");
    };
    assert_eq!(namespace, "azureml");
    assert_eq!(path(&good, "change_resource_load_balancer"), extension_path());
    let sent = body(&good, "change_resource_load_balancer");
    assert_eq!(sent.pointer(PROTECTED), Some(&both()));
    let outward =
        json!({ "internalLoadBalancerProvider": "", "scoringFe.serviceType.internalLoadBalancer": "False" });
    assert_eq!(sent.pointer(SETTINGS), Some(&outward));
    assert_eq!(planned(&good).pair, Some(PairRef::Vault { id: "run-p-1".into() }));
    assert_eq!(
        proof(&good),
        (new_id(), "azureml".into(), LoadBalancer::Public, true)
    );
    let with = |name: &str, value: &str| {
        facing(&good, |facts| {
            let mut found = beside(false);
            found.settings.insert(name.into(), value.into());
            facts.extensions = Fact::Known(vec![found]);
        })
    };
    for free in [
        with("scoringFe.sslSecret", "ml-tls"),
        with("allowInsecureConnections", "True"),
    ] {
        assert_eq!(ids(&free), ["change_resource_load_balancer", "prove"]);
        let sent = body(&free, "change_resource_load_balancer");
        assert_eq!(sent.pointer(PROTECTED), None);
    }
    let inward = extension(balance(new_id(), internal(None)));
    let wanted = json!({ "internalLoadBalancerProvider": "azure", "scoringFe.serviceType.internalLoadBalancer": "True" });
    let sent = body(&inward, "change_resource_load_balancer");
    assert_eq!(sent.pointer(SETTINGS), Some(&wanted));
}

#[test]
fn changing_classic_tls_replaces_the_previous_settings() {
    let sent = |tls: Tls| {
        let good = classic(secure(classic_id(), tls));
        assert_eq!(
            path(&good, "change_resource_tls"),
            format!("PUT {}{COMPUTE_API}", classic_id())
        );
        body(&good, "change_resource_tls")["properties"]["properties"].clone()
    };
    let own = json!({
        "clusterPurpose": "FastProd",
        "sslConfiguration": {
            "status": "Enabled", "cname": "ml.contoso.com",
            "cert": SecretPart::CertificatePem.marker(), "key": SecretPart::KeyPem.marker(),
        },
    });
    assert_eq!(sent(good::own()), own);
    assert_eq!(sent(good::generated()), own);
    assert_eq!(
        sent(Tls::None)["sslConfiguration"],
        json!({ "status": "Disabled" })
    );
    let label = Tls::Microsoft {
        leaf_domain_label: "contoso".into(),
        overwrite_existing_domain: true,
    };
    assert_eq!(
        sent(label)["sslConfiguration"],
        json!({ "status": "Auto", "leafDomainLabel": "contoso", "overwriteExistingDomain": true })
    );
    let renewed = classic(secure(classic_id(), good::own()));
    assert_eq!(
        ids(&renewed),
        ["keep_certificate", "change_resource_tls", "prove"]
    );
    assert_eq!(planned(&renewed).pair, good::own().pair().cloned());
    let tells_callers = |good: &Good| {
        let interrupts = step(good, "change_resource_tls").interrupts;
        interrupts.iter().any(|note| note.code == "interrupt.url")
    };
    assert!(!tells_callers(&renewed), "the host name is unchanged");
    assert!(tells_callers(&classic(secure(classic_id(), Tls::None))));
    assert_eq!(
        ids(&classic(secure(classic_id(), good::generated()))),
        [
            "keep_certificate",
            "make_certificate",
            "change_resource_tls",
            "prove"
        ]
    );
}

#[test]
fn changing_tls_of_the_extension_sends_all_its_settings() {
    let good = extension(secure(new_id(), good::own()));
    assert_eq!(ids(&good), ["keep_certificate", "change_resource_tls", "prove"]);
    assert_eq!(path(&good, "change_resource_tls"), extension_path());
    let sent = body(&good, "change_resource_tls");
    assert_eq!(sent.pointer(PROTECTED), Some(&both()));
    let settings = json!({ "allowInsecureConnections": "False", "sslCname": "ml.contoso.com", "sslSecret": "", "scoringFe.sslSecret": "" });
    assert_eq!(sent.pointer(SETTINGS), Some(&settings));
    let off = extension(secure(new_id(), Tls::None));
    let sent = body(&off, "change_resource_tls");
    assert_eq!(
        sent.pointer(PROTECTED),
        Some(&json!({})),
        "the former ones are removed"
    );
    assert_eq!(
        sent.pointer(&format!("{SETTINGS}/allowInsecureConnections")),
        Some(&json!("True"))
    );
    let label = Tls::Microsoft {
        leaf_domain_label: "contoso".into(),
        overwrite_existing_domain: false,
    };
    assert_eq!(
        refused(&extension(secure(new_id(), label))),
        PlanError::Contradiction("tls", "route")
    );
}

#[test]
fn renewing_a_label_keeps_its_name() {
    let good = labelled(&classic(renew()));
    let good = with_compute(
        &good,
        "/properties/properties/sslConfiguration",
        json!({ "status": "Auto", "leafDomainLabel": "contoso", "overwriteExistingDomain": true, "cert": null, "key": null }),
    );
    assert_eq!(ids(&good), ["change_resource_renew_label", "prove_renewed"]);
    assert_eq!(
        path(&good, "change_resource_renew_label"),
        format!("PUT {}{COMPUTE_API}", classic_id())
    );
    let sent = body(&good, "change_resource_renew_label");
    assert_eq!(
        sent["properties"]["properties"]["sslConfiguration"],
        json!({ "status": "Auto", "leafDomainLabel": "contoso", "overwriteExistingDomain": false, "renew": true }),
        "a renewal never overwrites the label"
    );
    let proof = step(&good, "prove_renewed");
    assert_eq!(proof.usual.to_seconds, 5 * 3600);
    let StepKind::Prove { shows, .. } = proof.kind else {
        panic!("a proof");
    };
    let former = Some(presented(40));
    assert_eq!(shows, ToShow::Renewed { former, name: None });
    assert_eq!(planned(&good).back, vec![]);
    assert_eq!(
        refused(&classic(renew())),
        PlanError::Contradiction("compute", "tls")
    );
}

#[test]
fn an_incomplete_tls_choice_makes_no_plan() {
    let own = |cname: &str, pair| Tls::Own {
        cname: cname.into(),
        pair,
    };
    let pair = Some(PairRef::Vault { id: "pair-1".into() });
    assert_eq!(
        refused(&classic(secure(classic_id(), own("a.b", None)))),
        PlanError::Missing("tls.pair")
    );
    assert_eq!(
        refused(&classic(secure(classic_id(), own("", pair)))),
        PlanError::Missing("tls.cname")
    );
}

#[test]
fn the_certificate_is_backed_up_before_detaching() {
    let good = classic(refresh());
    assert_eq!(
        ids(&good),
        [
            "keep_certificate",
            "detach",
            "remove_leftovers",
            "attach_compute",
            "prove"
        ]
    );
    let kept = StepKind::KeepCertificate {
        cluster_id: good::cluster().id,
        namespace: "default".into(),
        secret: "azuremlfessl".into(),
    };
    assert_eq!(step(&good, "keep_certificate").kind, kept);
    assert_eq!(
        path(&good, "detach"),
        format!(
            "DELETE {}{COMPUTE_API}&underlyingResourceAction=Detach",
            classic_id()
        )
    );
    assert_eq!(
        path(&good, "attach_compute"),
        format!("PUT {}{COMPUTE_API}", classic_id())
    );
    let wanted = json!({
        "location": "westeurope",
        "tags": { "berth-plan": "p-1", "team": "fraud" },
        "properties": {
            "computeType": "AKS",
            "description": "Fraud in production",
            "resourceId": good::cluster().id,
            "properties": {
                "clusterPurpose": "FastProd",
                "loadBalancerType": "PublicIp",
                "sslConfiguration": {
                    "status": "Enabled", "cname": "ml.contoso.com",
                    "cert": SecretPart::CertificatePem.marker(), "key": SecretPart::KeyPem.marker(),
                },
            },
        },
    });
    assert_eq!(body(&good, "attach_compute"), wanted);
    assert_eq!(planned(&good).pair, Some(PairRef::Vault { id: "run-p-1".into() }));
    let StepKind::RemoveLeftovers { objects, .. } = step(&good, "remove_leftovers").kind else {
        panic!("leftovers");
    };
    assert_eq!(
        objects.len(),
        7,
        "if none were read, all possible ones except the secret, which attaching rewrites"
    );
}

#[test]
fn a_refreshed_front_end_keeps_its_settings() {
    let own = json!({ "clusterPurpose": "DenseProd", "loadBalancerType": "InternalLoadBalancer", "loadBalancerSubnet": "snet-ilb" });
    let dense = with_compute(&classic(refresh()), "/properties/properties", own.clone());
    assert_eq!(
        ids(&dense),
        ["detach", "remove_leftovers", "attach_compute", "prove"],
        "no certificate to back up"
    );
    assert_eq!(body(&dense, "attach_compute")["properties"]["properties"], own);
    assert_eq!(planned(&dense).pair, None);
    let properties = json!({ "computeType": "AKS", "resourceId": good::cluster().id, "description": "mine",
        "disableLocalAuth": true, "provisioningState": "Succeeded", "properties": own });
    let set = with_compute(&classic(refresh()), "/properties", properties);
    let kept = &body(&set, "attach_compute")["properties"];
    assert_eq!(
        (&kept["disableLocalAuth"], &kept["description"]),
        (&json!(true), &json!("mine"))
    );
    assert_eq!(
        kept.get("provisioningState"),
        None,
        "read-only members are not sent"
    );
    let labelled = labelled(&classic(refresh()));
    assert_eq!(
        body(&labelled, "attach_compute")["properties"]["properties"]["sslConfiguration"],
        json!({ "status": "Auto", "leafDomainLabel": "contoso", "overwriteExistingDomain": true })
    );
    let of_extension = facing(&classic(refresh()), |facts| {
        facts.change.compute = Fact::Known(Some(raw_new()))
    });
    assert_eq!(
        refused(&of_extension),
        PlanError::Contradiction("compute", "route")
    );
}

#[test]
fn plans_contain_no_secrets() {
    let mut markers = 0;
    for good in many() {
        for step in planned(&good).steps {
            let Some(body) = step.request.and_then(|request| request.body) else {
                continue;
            };
            markers += body.to_string().matches("{{secret:").count();
            let shown = berth_domain::plan::describe::masked(&body).to_string();
            assert!(
                !shown.contains("{{secret:") && !shown.contains("BEGIN"),
                "{shown}"
            );
        }
    }
    assert!(markers > 10, "only {markers} placeholders");
}
