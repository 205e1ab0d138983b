//! Extensions that are installed already.

use super::*;

fn installed(
    name: &'static str,
    spoil: impl FnOnce(&mut ExtensionFacts),
) -> impl FnOnce(&mut Spec, &mut Facts) {
    move |_, facts| {
        let mut found = good::installed(name);
        spoil(&mut found);
        facts.extensions = Fact::Known(vec![found]);
    }
}

fn with_operator(_: &mut Spec, facts: &mut Facts) {
    facts.software = Fact::Known(OtherSoftware {
        prometheus_operator: Some("monitoring/prometheus-operator".into()),
        ..OtherSoftware::default()
    });
}

pub(super) fn rows() -> Vec<Row> {
    let good = good::existing(Route::Extension);
    vec![
        row("EXT-05", Blocking, good.clone(), installed("aml-ext", |_| ())),
        row("EXT-08", Information, good.clone(), with_operator),
        row("EXT-09", Information, good.clone(), |_, facts| {
            facts.software = Fact::Known(OtherSoftware {
                ingress_nginx: Some("nginx".into()),
                ..OtherSoftware::default()
            });
        }),
        row("EXT-05.unread", Blocking, good.clone(), |_, facts| {
            facts.extensions = Fact::Unknown("403".into());
        }),
        row(
            "ATT-37",
            Warning,
            good::existing(Route::Classic),
            installed("azureml", |_| ()),
        ),
        row(
            "EXT-06",
            Blocking,
            good.clone(),
            installed("azureml", |found| found.provisioning_state = "Deleting".into()),
        ),
        row(
            "ATT-12",
            Information,
            good.clone(),
            installed("azureml", |found| {
                found.provisioning_state = "Failed".into();
                found.error = Some("HelmInstallFailed".into());
            }),
        ),
        row(
            "ATT-12.unexplained",
            Information,
            good.clone(),
            installed("azureml", |found| found.provisioning_state = "Failed".into()),
        ),
        row(
            "ATT-12.busy",
            Blocking,
            good.clone(),
            installed("azureml", |found| found.provisioning_state = "Creating".into()),
        ),
        row(
            "TLX-09",
            Warning,
            good.clone(),
            installed("azureml", |found| drop(found.settings.remove("sslCname"))),
        ),
        row(
            "TLX-09.certificate",
            Warning,
            good.clone(),
            installed("azureml", |_| ()),
        ),
        row(
            "TLX-13",
            Blocking,
            good.clone(),
            installed("azureml", |found| {
                found
                    .settings
                    .insert("azure_log_analytics.enabled".into(), "true".into());
            }),
        ),
        row(
            "TLX-13",
            Blocking,
            good.clone(),
            installed("azureml", |found| {
                found.whole = serde_json::json!({ "properties": {
                    "configurationProtectedSettings": { "scoringFe.sslKey": "", "theirs": "" } } });
            }),
        ),
        row(
            "TLX-13.waived",
            Warning,
            good.clone(),
            |spec: &mut Spec, facts: &mut Facts| {
                spec.waived.push("TLX-13".into());
                installed("azureml", |found| {
                    found.settings.insert("servicebus.enabled".into(), "true".into());
                })(spec, facts);
            },
        ),
        row("EXT-13", Warning, good, |_, facts| {
            let mut failed = good::installed("a-first");
            failed.provisioning_state = "Failed".into();
            facts.extensions = Fact::Known(vec![failed, good::installed("azureml")]);
        }),
    ]
}

#[test]
fn an_extension_with_another_name_is_accepted_if_it_serves_as_specified() {
    let good = good::existing(Route::Extension).with(|spec, facts| {
        spec.tls = Some(Tls::None);
        facts.certificate = Fact::NotAsked;
        let mut found = good::installed("aml-ext");
        found
            .settings
            .insert("allowInsecureConnections".into(), "True".into());
        found.settings.remove("sslCname");
        facts.extensions = Fact::Known(vec![found]);
    });
    let found = crate::rules::findings(&good);
    assert!(
        found.iter().all(|finding| finding.severity != Blocking),
        "{found:#?}"
    );
}
