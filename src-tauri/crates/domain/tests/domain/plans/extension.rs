//! Plans of a set-up on a cluster that has the Azure ML extension already.

use super::step;
use crate::good::{self, Good};
use berth_domain::facts::{ExtensionFacts, Fact, OtherSoftware, PoolFacts};
use berth_domain::secrets::SecretPart;
use berth_domain::spec::{LoadBalancer, Route, Tls};
use serde_json::{Value, json};

/// Settings that no specification decides.
const FOREIGN: [(&str, &str); 6] = [
    ("enableTraining", "True"),
    ("nodeSelector.agentpool", "system"),
    ("installPromOp", "False"),
    ("installVolcano", "False"),
    ("nginxIngress.enabled", "false"),
    ("scoringFe.enableUpgrade", "true"),
];

/// An internal set-up with its own certificate, on a cluster with a pinned extension that somebody else has configured.
fn on_pinned(state: &str, spoil: impl FnOnce(&mut ExtensionFacts)) -> Good {
    let mut found = good::installed("azureml");
    for (name, value) in FOREIGN {
        found.settings.insert(name.into(), value.into());
    }
    found.provisioning_state = state.into();
    spoil(&mut found);
    found.whole = json!({
        "id": found.id,
        "identity": { "type": "SystemAssigned", "principalId": "p" },
        "properties": {
            "extensionType": "microsoft.azureml.kubernetes",
            "autoUpgradeMinorVersion": false,
            "releaseTrain": "preview",
            "version": "1.1.76",
            "currentVersion": "1.1.76",
            "scope": { "cluster": { "releaseNamespace": "azureml" } },
            "configurationSettings": found.settings,
            "configurationProtectedSettings": {},
            "provisioningState": state,
            "statuses": [],
            "futureMember": { "kept": true },
        }
    });
    good::existing(Route::Extension).with(|_, facts| facts.extensions = Fact::Known(vec![found]))
}

fn sent(good: &Good) -> (String, Value) {
    let request = step(good, "change_resource_extension")
        .request
        .expect("a request");
    (request.method, request.body.expect("a body"))
}

fn certificate() -> Value {
    json!({
        "scoringFe.sslCert": SecretPart::CertificateBase64.marker(),
        "scoringFe.sslKey": SecretPart::KeyBase64.marker(),
    })
}

#[test]
fn a_healthy_extension_gets_only_what_differs() {
    let (method, body) = sent(&on_pinned("Succeeded", |_| ()));
    assert_eq!(method, "PATCH");
    let only_certificate = json!({ "properties": { "configurationProtectedSettings": certificate() } });
    assert_eq!(body, only_certificate);
    let public = on_pinned("Succeeded", |found| {
        found.settings.remove("sslCname");
        found.settings.insert("SSLCname".into(), "old.contoso.com".into());
        found
            .settings
            .insert("scoringFe.sslSecret".into(), "theirs".into());
    })
    .with(|spec, _| spec.network.load_balancer = Some(LoadBalancer::Public));
    let (_, body) = sent(&public);
    assert_eq!(
        body,
        json!({ "properties": {
            "configurationSettings": {
                "internalLoadBalancerProvider": "",
                "scoringFe.serviceType.internalLoadBalancer": "False",
                "SSLCname": "ml.contoso.com",
                "scoringFe.sslSecret": "",
            },
            "configurationProtectedSettings": certificate(),
        } })
    );
}

#[test]
fn tls_is_turned_off_with_its_protected_settings() {
    let off = on_pinned("Succeeded", |_| ()).with(|spec, facts| {
        spec.tls = Some(Tls::None);
        facts.certificate = Fact::NotAsked;
    });
    let (method, body) = sent(&off);
    assert_eq!(method, "PATCH");
    assert_eq!(
        body,
        json!({ "properties": {
            "configurationSettings": { "allowInsecureConnections": "True", "sslCname": "" },
            "configurationProtectedSettings": {},
        } })
    );
}

#[test]
fn a_failed_extension_keeps_everything_that_is_not_berths() {
    let good = on_pinned("Failed", |found| {
        found.settings.insert("inferenceRouterHA".into(), "True".into());
        found
            .settings
            .insert("allowInsecureConnections".into(), "True".into());
        found.settings.insert("sslSecret".into(), "theirs".into());
    })
    .with(|_, facts| {
        let mut cluster = good::cluster();
        cluster.pools[0].count = 2;
        facts.cluster = Fact::Known(Some(cluster));
    });
    let (method, body) = sent(&good);
    assert_eq!(method, "PUT");
    let properties = &body["properties"];
    for (member, value) in [
        ("version", json!("1.1.76")),
        ("autoUpgradeMinorVersion", json!(false)),
        ("releaseTrain", json!("preview")),
        ("futureMember", json!({ "kept": true })),
        ("configurationProtectedSettings", certificate()),
    ] {
        assert_eq!(properties[member], value, "{member}");
    }
    for member in ["provisioningState", "statuses", "currentVersion"] {
        assert_eq!(properties[member], Value::Null, "{member}");
    }
    let settings = &properties["configurationSettings"];
    for (name, value) in FOREIGN {
        assert_eq!(settings[name], value, "{name}");
    }
    for (name, value) in [
        ("allowInsecureConnections", "False"),
        ("inferenceRouterHA", "False"),
        ("clusterPurpose", "DevTest"),
        ("location", "westeurope"),
        ("scoringFe.serviceType.internalLoadBalancer", "True"),
    ] {
        assert_eq!(settings[name], value, "{name}");
    }
    assert_eq!(settings["sslSecret"], Value::Null);
}

#[test]
fn a_failed_extension_gets_the_identity_that_it_lacks() {
    let good = on_pinned("Failed", |_| ()).with(|_, facts| {
        let Fact::Known(found) = &mut facts.extensions else {
            panic!("extensions");
        };
        found[0].whole["identity"] = Value::Null;
    });
    assert_eq!(sent(&good).1["identity"], json!({ "type": "SystemAssigned" }));
}

#[test]
fn a_healthy_instance_is_used_before_a_failed_one() {
    let good = on_pinned("Succeeded", |_| ()).with(|_, facts| {
        let mut failed = good::installed("a-first");
        failed.provisioning_state = "Failed".into();
        let Fact::Known(found) = &mut facts.extensions else {
            panic!("extensions");
        };
        found.insert(0, failed);
    });
    let request = step(&good, "change_resource_extension")
        .request
        .expect("a request");
    assert!(request.path.contains("/extensions/azureml?"), "{}", request.path);
}

#[test]
fn only_nodes_that_can_hold_a_router_count() {
    let ha = |spoil: fn(&mut PoolFacts)| {
        let good = good::existing(Route::Extension).with(|_, facts| {
            let mut other = good::pool(2);
            spoil(&mut other);
            let mut cluster = good::cluster();
            cluster.pools = vec![good::pool(2), other];
            facts.cluster = Fact::Known(Some(cluster));
        });
        let body = step(&good, "install_extension")
            .request
            .and_then(|request| request.body);
        body.expect("a body")["properties"]["configurationSettings"]["inferenceRouterHA"].clone()
    };
    assert_eq!(ha(|_| ()), "True");
    assert_eq!(ha(|pool| pool.os_type = "Windows".into()), "False");
    assert_eq!(ha(|pool| pool.power_state = "Stopped".into()), "False");
    assert_eq!(
        ha(|pool| pool.taints = vec!["gpu=true:NoSchedule".into()]),
        "False"
    );
    assert_eq!(
        ha(|pool| pool.taints = vec!["gpu=true:PreferNoSchedule".into()]),
        "True"
    );
    assert_eq!(ha(|pool| pool.min_count = Some(0)), "False");
    assert_eq!(ha(|pool| pool.vm_size = "Standard_D4ps_v5".into()), "False");
}

#[test]
fn software_that_the_cluster_has_is_left_out() {
    let both = || OtherSoftware {
        prometheus_operator: Some("monitoring/prometheus-operator".into()),
        ingress_nginx: Some("nginx".into()),
    };
    let fresh = good::existing(Route::Extension);
    let settings = |good: &Good, id: &str| {
        let body = step(good, id).request.and_then(|request| request.body);
        body.expect("a body")["properties"]["configurationSettings"].clone()
    };
    assert_eq!(
        settings(&fresh, "install_extension")["installPromOp"],
        Value::Null
    );
    let install = settings(
        &fresh.with(|_, facts| facts.software = Fact::Known(both())),
        "install_extension",
    );
    assert_eq!(install["installPromOp"], "False");
    assert_eq!(install["nginxIngress.controller"], "k8s.io/amlarc-ingress-nginx");
    let failed = on_pinned("Failed", |found| {
        found.settings.remove("installPromOp");
        found
            .settings
            .insert("nginxIngress.controller".into(), "k8s.io/theirs".into());
    })
    .with(|_, facts| facts.software = Fact::Known(both()));
    let repaired = settings(&failed, "change_resource_extension");
    assert_eq!(repaired["installPromOp"], "False");
    assert_eq!(repaired["nginxIngress.controller"], "k8s.io/theirs");
}
